"""The social baseline: cells by hand, reasons for what is missing, sealing, and comparisons that keep causes apart."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from corridors.catalogue.baseline_columns import CELL_COLUMNS
from corridors.catalogue.measures import baseline_measures
from corridors.config.run_config import load_config
from corridors.errors import BaselineError, InputMissingError, OutputError
from corridors.outputs.baseline_file import NAME, BaselineFile, baseline_text, freeze, read_baseline
from corridors.pipeline import run
from corridors.results import Results
from corridors.runs.baseline_comparison import BOTH, DATA, DEFINITION, compare
from tests.support.cli import corridors
from tests.support.small_region import SmallRegion, write_small_region


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(load_config(write_small_region(tmp_path_factory.mktemp("baseline") / "region").config))


@pytest.fixture(scope="module")
def cells(results: Results) -> pd.DataFrame:
    return results.tables.baseline.set_index(["place_kind", "place_id", "item"])


def folder_of(results: Results, folder: Path) -> Path:
    """A folder that holds the results' baseline as a finished run does."""
    (folder / NAME).parent.mkdir(parents=True)
    (folder / NAME).write_text(baseline_text(results), encoding="utf-8")
    return folder


def ran(region: SmallRegion, name: str) -> BaselineFile:
    return read_baseline(folder_of(run(load_config(region.config)), region.folder.parent / name))


def change(region: SmallRegion, name: str, old: str, new: str) -> None:
    """Change every occurrence of a passage in one of the region's files."""
    text = region.path(name).read_text(encoding="utf-8")
    assert old in text
    region.path(name).write_text(text.replace(old, new), encoding="utf-8")


def test_every_place_has_every_item(results: Results, cells: pd.DataFrame) -> None:
    assert len(cells) == len(baseline_measures(results.measures, 45.0)) * (
        1 + 2 + 1 + 1
    )  # region, districts, corridor, pilot


def test_counts_add_up_over_districts(cells: pd.DataFrame) -> None:
    population = cells.xs("population", level="item")["value"]
    assert population["region", "region"] == 1200
    assert population.xs("district").sum() == 1200


def test_a_share_keeps_its_numerator_and_denominator(cells: pd.DataFrame) -> None:
    row = cells.loc["region", "region", "kpi_share"]
    assert row["value"] == row["numerator"] / row["denominator"]
    assert row["denominator"] == 1200


def test_a_missing_cell_says_why_and_is_never_zero(cells: pd.DataFrame) -> None:
    missing = cells[cells["status"] == "missing"]
    assert missing["value"].isna().all()
    assert (missing["reason"] != "").all()
    assert (
        cells.loc[("region", "region", "disability_share"), "reason"] == "no layer of this run gives disability share"
    )


def test_a_small_places_counts_stand_and_its_rates_are_withheld(cells: pd.DataFrame) -> None:
    pilot = cells.xs(("pilot", "B"), level=("place_kind", "place_id"))
    assert pilot.loc["population", "value"] > 0
    assert pilot.loc["income_rate", "status"] == "suppressed"
    assert pd.isna(pilot.loc["income_rate", "value"])


def test_every_cell_with_a_value_has_source_and_vintage(cells: pd.DataFrame) -> None:
    known = cells[cells["value"].notna()]
    assert (known["source"] != "").all()
    assert (known["vintage"] != "").all()
    assert (cells.loc["region", "region", "kpi_share"]["vintage"]) == "2026-03-24"


def test_invented_values_are_marked_so(cells: pd.DataFrame) -> None:
    assert set(cells["status"]) <= {"illustrative", "missing", "suppressed"}


def test_a_corridor_stands_beside_its_district_and_the_region(cells: pd.DataFrame) -> None:
    """Districts of six zones have no rates of their own to stand beside."""
    row = cells.loc["corridor", "line", "income_rate"]
    assert row["district"] == ""  # five of its squares lie in either district, so neither holds more
    assert cells.loc[("pilot", "B", "income_rate"), "district"] == "South"
    assert pd.isna(row["district_value"])
    assert row["region_value"] == cells.loc[("region", "region", "income_rate"), "value"]


def test_counts_of_larger_places_stand_beside_nothing(cells: pd.DataFrame) -> None:
    assert cells.xs("population", level="item")["region_value"].isna().all()


def test_england_is_compared_only_for_the_same_source_and_year(cells: pd.DataFrame) -> None:
    """The test's layer says 2026, which is no edition of the indices and no census."""
    assert cells["england_value"].isna().all()


def test_equal_runs_give_equal_baselines(region: SmallRegion) -> None:
    one, other = (baseline_text(run(load_config(region.config))) for _ in range(2))
    assert one == other


def test_a_sealed_baseline_is_dated_read_only_and_never_overwritten(results: Results, tmp_path: Path) -> None:
    finished = folder_of(results, tmp_path / "run")
    sealed = freeze(finished, tmp_path / "kept")
    assert sealed.name == "baseline_line_2026-03-24.json"
    assert not sealed.stat().st_mode & 0o222
    with pytest.raises(OutputError, match="never overwritten"):
        freeze(finished, tmp_path / "kept")
    assert freeze(finished, tmp_path / "kept", "2027-01-31").name == "baseline_line_2027-01-31.json"


def test_a_sealed_baseline_that_was_edited_is_refused(results: Results, tmp_path: Path) -> None:
    sealed = freeze(folder_of(results, tmp_path / "run"), tmp_path)
    sealed.chmod(0o644)
    sealed.write_text(sealed.read_text(encoding="utf-8").replace("1200", "1300"), encoding="utf-8")
    with pytest.raises(BaselineError, match="changed after it was sealed"):
        read_baseline(sealed)


def test_a_baseline_read_back_is_the_one_written(results: Results, tmp_path: Path) -> None:
    found = read_baseline(folder_of(results, tmp_path / "run"))
    expected = results.tables.baseline
    pd.testing.assert_frame_equal(found.cells, expected.reset_index(drop=True), check_dtype=False)


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "can't be read"), ("[]", "not a social baseline"), ('{"kind": "other"}', "not a social")],
)
def test_what_is_no_baseline_is_said_to_be_none(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BaselineError, match=said):
        read_baseline(path)


def test_a_folder_without_a_run_is_missing_its_baseline(tmp_path: Path) -> None:
    with pytest.raises(InputMissingError, match="no baseline"):
        read_baseline(tmp_path)


def test_nothing_changes_between_equal_runs(results: Results, tmp_path: Path) -> None:
    one = read_baseline(folder_of(results, tmp_path / "a"))
    found = compare(one, one)
    assert set(found.counts()) <= {"unchanged", "missing in both"}
    assert found.aspects.empty


def test_other_data_under_the_same_definition_is_change_because_of_data(region: SmallRegion) -> None:
    before = ran(region, "before")
    change(region, "people.csv", ",100,", ",110,")
    found = compare(before, ran(region, "after"))
    row = found.cells.set_index(["place_kind", "item"]).loc[("region", "population")]
    assert row[["value_first", "value_second", "because", "differs"]].tolist() == [1200, 1320, DATA, "people"]
    assert DEFINITION not in found.counts()


def test_another_buffer_is_change_because_of_definition_for_the_corridor_alone(region: SmallRegion) -> None:
    before = ran(region, "before")
    region.replace("config.toml", "[corridors]", "[corridors]\nbuffer_m = 800\nbuffers_beside_m = [1200, 2000]")
    found = compare(before, ran(region, "after"))
    changed = found.cells[~found.cells["because"].isin(["unchanged", "missing in both"])]
    assert set(changed["place_kind"]) == {"corridor"}
    assert set(changed["because"]) <= {DEFINITION, "now missing"}
    assert found.aspects["aspect"].tolist() == ["place"]
    assert "1200 m" in found.aspects.loc[0, "first"] and "800 m" in found.aspects.loc[0, "second"]


def test_another_cutoff_changes_the_definition_of_access_and_nothing_else(region: SmallRegion) -> None:
    before = ran(region, "before")
    region.replace("config.toml", "[sites]", "[kpi]\ncutoff_min = 40\n[sites]")
    found = compare(before, ran(region, "after"))
    changed = found.cells[~found.cells["because"].isin(["unchanged", "missing in both"])]
    assert set(changed["domain"]) <= {"access"}
    assert set(changed["because"]) <= {DEFINITION}
    assert "cutoff_min" in set(found.aspects["aspect"])


def test_minutes_of_other_residents_are_no_change() -> None:
    """The mean of those who reach a hospital falls from 40 to 30 minutes because those of 60 reach none any more."""
    cell = dict.fromkeys(CELL_COLUMNS, "x") | {"place_id": "r", "unit": "min", "item": "minutes_to_hospital"}
    before, fewer, same = (
        BaselineFile("a", {}, pd.DataFrame([cell | {"value": value, "known_share": share}]), {}, {})
        for value, share in ((40.0, 1.0), (30.0, 0.75), (30.0, 1.0))
    )
    found = compare(before, fewer).cells.iloc[0]
    assert (found["because"], np.isnan(found["change"])) == ("other residents", True)
    assert compare(before, same).cells.iloc[0]["change"] == -10


def test_when_both_differ_they_are_not_told_apart(region: SmallRegion) -> None:
    before = ran(region, "before")
    change(region, "people.csv", ",100,", ",110,")
    region.replace("config.toml", "[corridors]", "[corridors]\nbuffer_m = 2000\nbuffers_beside_m = [800, 1200]")
    found = compare(before, ran(region, "after"))
    because = found.cells.set_index(["place_kind", "item"])["because"]
    assert because["corridor", "population"] == BOTH
    assert because["region", "population"] == DATA


def test_the_command_line_seals_and_compares(results: Results, tmp_path: Path) -> None:
    finished = folder_of(results, tmp_path / "run")
    sealed = corridors("baseline", finished, "--out", tmp_path / "kept")
    assert (sealed.code, "baseline_line_2026-03-24.json" in sealed.out) == (0, True)
    again = corridors("baseline", finished, "--out", tmp_path / "kept")
    assert (again.code, "never overwritten" in again.err) == (2, True)
    compared = corridors(
        "compare", tmp_path / "kept" / "baseline_line_2026-03-24.json", finished, "--out", tmp_path / "c"
    )
    assert compared.code == 0
    assert "unchanged" in compared.out
    assert (tmp_path / "c" / "comparison.csv").is_file()
    assert corridors("compare", finished, tmp_path / "nowhere").code == 2


def test_the_manifest_of_a_sealed_baseline_carries_its_caution(results: Results, tmp_path: Path) -> None:
    content = json.loads(freeze(folder_of(results, tmp_path / "run"), tmp_path).read_text(encoding="utf-8"))
    assert content["caution"].startswith("ILLUSTRATIVE")
    assert content["as_of"] == "2026-03-24"
