"""Scenarios that a configuration lists: answered beside the run as `corridors scenario run` answers them, and shown in short."""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from corridors.catalogue.columns import meaning_of
from corridors.catalogue.scenario_columns import SCENARIO_MEANINGS
from corridors.config.question import OutputsSection
from corridors.config.run_config import load_config
from corridors.errors import ConfigError, ScenarioFileError
from corridors.outputs.csv_tables import tables
from corridors.outputs.layers import published_layers
from corridors.outputs.run_folder import publish
from corridors.report import view_board_note, view_report
from corridors.results import Results
from corridors.runs.read_back import results_of
from corridors.scenarios.differences import GAINS
from corridors.scenarios.shown.listed import run
from corridors.webmap.build import render_map
from tests.corridors.report.report_text import texts_of
from tests.corridors.scenarios.conftest import Answered
from tests.corridors.scenarios.test_answers import EXPRESS, NORTH_OFTEN, WITHDRAWN
from tests.corridors.webmap.test_build import payload_of
from tests.support.cli import corridors
from tests.support.scenario_text import write_scenario
from tests.support.small_region import SmallRegion, write_small_region

EDITS = {"often": NORTH_OFTEN, "gone": WITHDRAWN, "x1": EXPRESS, "later": ""}


def listing(region: SmallRegion, *names: str) -> None:
    """Let the region's configuration list scenario files."""
    text = region.config.read_text(encoding="utf-8")
    region.config.write_text(f"scenarios = [{', '.join(map(repr, names))}]\n{text}", encoding="utf-8")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> SmallRegion:
    made = write_small_region(tmp_path_factory.mktemp("listed") / "region")
    for name, edits in EDITS.items():
        write_scenario(made.folder / f"{name}.toml", edits, ident=name)
    listing(made, *(f"{name}.toml" for name in EDITS))
    return made


@pytest.fixture(scope="module")
def found(region: SmallRegion) -> Results:
    return run(load_config(region.config))


def test_the_figures_are_those_of_the_whole_answer(found: Results, answered: Answered) -> None:
    assert found.listed is not None
    rows = found.listed.scenarios.set_index("scenario_id")
    for name in ("often", "gone", "x1"):
        whole, row = answered(EDITS[name]), rows.loc[name]
        of_region = whole.tables.by_place.query("place_kind == 'region'").iloc[0]
        for column in GAINS:
            assert row[column] == pytest.approx(of_region[column]), column
        assert (row["share_base"], row["share"]) == pytest.approx((whole.base.share, whole.scenario.share))
        assert row["share_base"] == pytest.approx(found.kpi.share)
        assert row["people_within_lowest"] == whole.spread["people_within_lowest"]
        assert row["people_within_highest"] == whole.spread["people_within_highest"]
        day = whole.tables.resources.set_index("edit_id").loc["all edits"]
        assert row["vehicle_hours_change"] == pytest.approx(day["vehicle_hours_change"])
        moved = whole.zones["change"].isin(["gains", "loses"]) | whole.zones["enters_test"] | whole.zones["leaves_test"]
        zones = found.listed.scenario_zones.query("scenario_id == @name").set_index("zone_id")
        assert set(zones.index) == set(whole.zones.index[moved])
        places = found.listed.scenario_places.query("scenario_id == @name").set_index(["place_kind", "place_id"])
        same = whole.tables.by_place.set_index(["place_kind", "place_id"]).loc[places.index]
        assert places["share"].tolist() == pytest.approx(same["kpi_share"].tolist(), nan_ok=True)
        assert places.loc[("region", "region"), "share"] == pytest.approx(whole.scenario.share)


def test_a_scenario_without_edits_is_listed_and_changes_nothing(found: Results) -> None:
    assert found.listed is not None
    row = found.listed.scenarios.set_index("scenario_id").loc["later"]
    assert row["edits"] == 0
    assert row["people_within"] == row["people_within_base"]
    assert (row["people_gaining"], row["people_losing"]) == (0, 0)


def test_the_report_has_a_chapter_and_the_inputs_name_the_files(found: Results) -> None:
    words = texts_of(view_report(found))
    assert "What would change it" in words
    assert "83.3 %" in words
    assert any("Listed and not modelled" in text for text in words)
    assert any("runs every 5 min instead of at the times it has now." in text for text in words)
    assert {"scenario_often", "scenario_later"} <= {one.id for one in found.provenance}
    assert not any(text in {"nan", "None", "not computed in this run"} for text in words)


def test_the_map_has_an_indicator_of_each_scenario_on_one_scale_and_the_lines(found: Results) -> None:
    payload = payload_of(render_map(found))
    ours = [one for one in payload["indicators"] if one["group"] == "What would change it"]
    assert [one["column"] for one in ours] == ["saved_by_often", "saved_by_gone", "saved_by_x1"]
    assert len({tuple(item["label"] for item in one["classes"]) for one in ours}) == 1
    assert found.listed is not None
    gone = found.listed.scenario_zones.query("scenario_id == 'gone'")
    counts = {item["label"]: item["count"] for item in ours[1]["classes"]}
    assert counts["No change"] == len(found.zones) - gone["change"].isin(["gains", "loses"]).sum()
    layers = {layer["id"]: layer for layer in payload["layers"]}
    assert len(layers["scenario_lines"]["shapes"]) == 1
    assert len(layers["scenario_stops"]["shapes"]) == 2


def test_layers_for_gis_hold_the_zones_that_move_the_lines_and_the_stops(found: Results, tmp_path: Path) -> None:
    layers = published_layers(found)
    assert found.listed is not None
    changes, moved = layers["scenario_changes"], found.listed.scenario_zones
    assert set(changes.frame.index) == set(moved["zone_id"])
    for scenario, of in moved.groupby("scenario_id"):
        saved = changes.frame[f"saved_by_{scenario}"]
        assert saved.abs().gt(0).sum() == of["change"].isin(["gains", "loses"]).sum()
        assert saved[of["zone_id"]].to_numpy() == pytest.approx(
            of["minutes_saved"].where(of["change"].isin(["gains", "loses"]), 0.0).to_numpy()
        )
        tested = changes.frame[f"test_by_{scenario}"]
        assert (tested == "enters").sum() == of["enters_test"].sum()
        assert (tested == "leaves").sum() == of["leaves_test"].sum()
    assert (changes.frame["test_by_gone"] == "leaves").any()
    assert [one.column for one in changes.styles] == ["saved_by_often", "saved_by_gone", "saved_by_x1"]
    assert len({one.classes for one in changes.styles}) == 1
    assert (len(layers["scenario_lines"].frame), len(layers["scenario_stops"].frame)) == (2, 2)
    for name in ("scenario_changes", "scenario_lines", "scenario_stops"):
        columns = set(layers[name].frame.columns) - {"geometry"}
        assert columns <= set(layers[name].notes), name
    package = (
        publish(found, tmp_path / "out", outputs=OutputsSection(papers=False)).parent
        / "layers"
        / f"{found.region.slug}.gpkg"
    )
    assert {"scenario_changes", "scenario_lines", "scenario_stops"} <= {
        name for name, _ in pyogrio.list_layers(package)
    }
    again = results_of(tmp_path / "out")
    assert again.listed is not None
    assert again.listed.lines["number"].tolist() == found.listed.lines["number"].tolist()


def test_a_run_without_scenarios_has_no_such_layers(region: SmallRegion) -> None:
    layers = published_layers(run(load_config(region.config), with_scenarios=False))
    assert "zones" in layers
    assert not any(name.startswith("scenario") for name in layers)


def test_every_column_of_its_tables_is_explained(found: Results) -> None:
    named = dict(tables(found))
    ours = {name: table for name, table in named.items() if name.startswith("scenario")}
    assert set(ours) == {"scenarios", "scenario_places", "scenario_zones", "scenario_edits"}
    readable = {"zone_id", "place_kind", "place_id", "place", "suppressed"}  # as in every table
    for name, table in ours.items():
        for column in set(table.columns) - readable:
            assert (name, column) in SCENARIO_MEANINGS, (name, column)
    assert meaning_of("place").title


def test_without_a_list_or_when_not_asked_for_there_is_no_chapter(region: SmallRegion, small: SmallRegion) -> None:
    config = load_config(region.config)
    plain = run(config, with_scenarios=False)
    assert plain.listed is None
    assert "What would change it" not in texts_of(view_report(plain))
    assert load_config(small.config).scenarios == []


def test_faulty_scenarios_end_the_run_and_are_named_by_check(tmp_path: Path) -> None:
    made = write_small_region(tmp_path / "region")
    write_scenario(made.folder / "odd.toml", WITHDRAWN.replace("north", "nowhere"), ident="odd")
    listing(made, "odd.toml")
    with pytest.raises(ScenarioFileError, match="nowhere"):
        run(load_config(made.config), stage=lambda _: nullcontext())
    checked = corridors("check", made.config)
    assert checked.code == 2
    assert "odd.toml" in checked.err + checked.out
    assert "nowhere" in checked.err + checked.out


def test_a_missing_file_and_a_wrong_list_are_one_clear_error(tmp_path: Path) -> None:
    made = write_small_region(tmp_path / "region")
    listing(made, "gone.toml")
    assert "scenarios[0]" in corridors("check", made.config).err
    made.replace("config.toml", "'gone.toml'", ", ".join(["'s.toml'"] * 30))
    with pytest.raises(ConfigError, match="scenarios"):
        load_config(made.config)


def test_places_in_which_nobody_moves_are_left_out(found: Results) -> None:
    assert found.listed is not None
    moved = found.listed.scenario_places[["people_gaining", "people_losing", "people_entering", "people_leaving"]]
    assert (moved.sum(axis=1) > 0).all()
    assert isinstance(found.listed.scenario_places, pd.DataFrame)


def test_the_boards_note_names_the_one_that_changes_most(found: Results) -> None:
    """Without the line north 300 of 1,200 people meet the test; before it was 1,000."""
    text = " ".join(texts_of(view_board_note(found)))
    assert "Of 3 scenarios in the report" in text
    assert "changes this most: 25.0 % instead of 83.3 %." in text
    assert "scenarios in the report" not in " ".join(texts_of(view_board_note(replace(found, listed=None))))
