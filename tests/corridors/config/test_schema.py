"""The JSON Schemas say of a file what the readers say: files that are read fit, and what they refuse by its shape does not."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from corridors.bundled import bundled_data
from corridors.config.schema import config_schema
from corridors.scenarios.files.kinds import KINDS
from corridors.scenarios.files.schema import scenario_schema
from tests.support.json_schema import problems
from tests.support.small_region import SmallRegion

CONFIG, SCENARIO = config_schema(), scenario_schema()


def content(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["demo", "west_midlands"])
def test_bundled_configurations_fit(name: str) -> None:
    assert list(problems(content(bundled_data() / name / "config.toml"), CONFIG)) == []


@pytest.mark.parametrize("path", sorted((bundled_data() / "scenarios").glob("*.toml")), ids=lambda path: path.stem)
def test_bundled_scenarios_fit(path: Path) -> None:
    assert list(problems(content(path), SCENARIO)) == []


@pytest.mark.parametrize(
    ("section", "key", "value", "said"),
    [
        ("search", "step_s", -1, "out of bounds"),
        ("search", "stepp_s", 1, "unknown stepp_s"),
        ("search", "wheelchair", "yes", "not one of"),
        ("timetable", "feeds", "feed.zip", "no array"),
        ("region", "illustrative", "no", "no boolean"),
        ("zones", "district", {"columm": "d"}, "fits none"),
    ],
)
def test_what_the_reader_refuses_by_its_shape_does_not_fit(
    region: SmallRegion, section: str, key: str, value: object, said: str
) -> None:
    given = content(region.config)
    assert list(problems(given, CONFIG)) == []
    given[section] = {**given.get(section, {}), key: value}
    assert said in "; ".join(problems(given, CONFIG))


def edit(kind: str, **keys: object) -> dict[str, Any]:
    head = {"id": "x", "title": "X", "status": "proposed", "as_of": "2026", "source": "us"}
    return {"scenario": head, "edit": [{"id": "e", "kind": kind, "line": {"number": "1"}, **keys}]}


def test_numbers_of_a_scenario_may_be_ranges_and_carry_their_basis() -> None:
    claimed = {"value": 0.8, "basis": "claimed"}
    for factor in (0.8, claimed, {"low": 0.7, "central": 0.8, "high": 0.9, "basis": "claimed"}):
        assert list(problems(edit("run_time", factor=factor), SCENARIO)) == []
    assert list(problems(edit("change_time", later={"value": "2 min", "basis": "claimed"}), SCENARIO)) == []
    assert list(problems(edit("run_time", factor={"value": 0.8, "basis": "guessed"}), SCENARIO))
    assert list(problems(edit("run_tyme", factor=0.8), SCENARIO))
    assert list(problems(edit("truncate", at="stop", keep="middle"), SCENARIO))


def test_every_kind_of_edit_has_its_table() -> None:
    kinds = {SCENARIO["definitions"][one["$ref"].rpartition("/")[2]]["properties"]["kind"]["const"]
             for one in SCENARIO["properties"]["edit"]["items"]["anyOf"]}  # fmt: skip
    assert kinds == set(KINDS)


@pytest.mark.parametrize("schema", [CONFIG, SCENARIO], ids=["configuration", "scenario"])
def test_every_key_says_what_it_means(schema: dict[str, Any]) -> None:
    for part in (schema, *schema["definitions"].values()):
        for key, value in part.get("properties", {}).items():
            assert value["description"].endswith((".", "both.")), key
