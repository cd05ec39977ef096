"""Which configuration a finished run was made from."""

import json
from pathlib import Path

import pytest

from corridors.demo.cached import demo_config
from corridors.errors import InputMissingError
from corridors.runs.configuration import configuration_of, configuration_words
from corridors.runs.finished import FinishedRun


def run_of(folder: Path, manifest: dict[str, object]) -> FinishedRun:
    return FinishedRun(folder, manifest, folder / "layers" / "small.gpkg")


def test_a_file_is_named_by_its_way_from_the_run(tmp_path: Path) -> None:
    config, folder = tmp_path / "inputs" / "small.toml", tmp_path / "results" / "out"
    folder.mkdir(parents=True)
    config.parent.mkdir()
    config.write_text("", encoding="utf-8")
    told = configuration_words(config, config, folder)
    assert told == {"configuration": {"file": "../../inputs/small.toml"}}
    assert configuration_of(run_of(folder, told)) == config
    assert tmp_path.name not in json.dumps(told)
    moved = tmp_path.rename(tmp_path.with_name(f"{tmp_path.name}_moved"))  # both together
    assert configuration_of(run_of(moved / "results" / "out", told)) == moved / "inputs" / "small.toml"
    (moved / "inputs" / "small.toml").unlink()
    with pytest.raises(InputMissingError, match=r"small\.toml, which is not there"):
        configuration_of(run_of(moved / "results" / "out", told))


def test_what_is_bundled_or_fetched_is_named_by_its_name(tmp_path: Path) -> None:
    told = configuration_words(None, demo_config(), tmp_path)
    assert configuration_of(run_of(tmp_path, told)) == demo_config()
    told = configuration_words(Path("west_midlands"), tmp_path / "data" / "west_midlands.toml", tmp_path)
    assert told == {"configuration": {"bundled": "west_midlands"}}


@pytest.mark.parametrize("told", [{}, {"configuration": {}}, {"configuration": "small.toml"}])
def test_a_run_that_does_not_say_is_refused(tmp_path: Path, told: dict[str, object]) -> None:
    with pytest.raises(InputMissingError, match="name that"):
        configuration_of(run_of(tmp_path, told))
