"""`corridors schema` prints or writes what editors read, and replaces nothing but a schema."""

import json
from pathlib import Path

from corridors.config.schema import FIRST_LINE, config_schema
from corridors.demo.cached import demo_config
from corridors.scenarios.files.schema import scenario_schema
from tests.support.cli import corridors


def test_it_is_printed_whole() -> None:
    assert json.loads(corridors("schema").out) == json.loads(json.dumps(config_schema()))
    assert json.loads(corridors("schema", "--scenario").out) == json.loads(json.dumps(scenario_schema()))


def test_it_replaces_an_earlier_schema_and_no_other_file(tmp_path: Path) -> None:
    out = tmp_path / "corridors.schema.json"
    for words in ((), ("--scenario",)):
        assert corridors("schema", *words, "--out", out).code == 0
    assert json.loads(out.read_text(encoding="utf-8"))["title"] == "Scenario of corridors"
    for other in ("notes", "[1]", '{"$schema": "mine"}'):
        out.write_text(other, encoding="utf-8")
        ran = corridors("schema", "--out", out)
        assert (ran.code, out.read_text(encoding="utf-8")) == (2, other)
        assert "is no schema of this tool" in ran.err


def test_configurations_that_we_write_name_it_first() -> None:
    config = demo_config()
    assert config.read_text(encoding="utf-8").startswith(FIRST_LINE)
    assert (config.parent / FIRST_LINE.strip().rpartition("/")[2]).is_file()
