"""`corridors scenario run`: what it writes, prints and refuses."""

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from accessibility import read_feed
from corridors.runtime.own_files import listed_files
from corridors.scenario_results import ScenarioTables
from layers import read_layer_text
from tests.support.cli import Ran, corridors
from tests.support.scenario_text import write_scenario
from tests.support.small_region import SmallRegion

LATER = '[[edit]]\nid = "gone"\nkind = "withdraw"\nbasis = "proposed"\nline.number = "north"\n'
KEPT = 'base = { feeds = { "feed.zip" = "sha256:' + "0" * 64 + '" } }'


@pytest.fixture(scope="module")
def done(small: SmallRegion, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """The folder that a scenario was written to, beside its edited feed, and what was printed."""
    home = tmp_path_factory.mktemp("run")
    write_scenario(home / "s.toml", LATER)
    words = ["--out", home / "out", "--export-gtfs", home / "edited.zip"]
    return home, corridors("scenario", "run", home / "s.toml", small.config, *words)


def test_the_folder_holds_every_table_the_layers_and_a_sealed_manifest(done: tuple[Path, Ran]) -> None:
    home, ran = done
    assert ran.code == 0
    out = home / "out"
    names = {path.stem for path in (out / "tables").iterdir()}
    assert names == {*ScenarioTables.__annotations__, "zones", "data_dictionary"}
    assert set(listed_files(out, "scenario.json")) == {
        "scenario.json",
        *("report.html", "board_note.html", "map.html"),  # the small region asks for no papers
        *(f"layers/{name}" for name in ("scenario.gpkg", "scenario.qgs", "scenario_zones.parquet")),
        *(f"tables/{name}.csv" for name in names),
    }
    content = json.loads((out / "scenario.json").read_text(encoding="utf-8"))
    assert content["base"]["people_within"] == 1000
    assert content["scenario"]["people_within"] == 300
    assert content["kpi"]["base"] == content["base"] and content["kpi"]["scenario"] == content["scenario"]
    region = pd.read_csv(out / "tables" / "by_place.csv").iloc[0]
    assert (content["kpi"]["entering"], content["kpi"]["leaving"]) == (
        region["people_entering"],
        region["people_leaving"],
    )
    assert content["kpi"]["range"] == {"low": 300, "high": 300, "timetables": 1}
    assert content["variants"][0]["people_within"] == 300 and content["places"][0]["people_leaving"] == 700
    assert set(content["digests"]) == {one["id"] for one in content["inputs"]}
    assert content["edits"][0] | {"line": 8} == content["edits"][0]
    assert content["range"]["name"] == "range over unknown timetables"
    assert str(home) not in json.dumps(content)
    measures = list(pd.read_csv(out / "tables" / "gainers_losers.csv")["measure"])
    assert [row["measure"] for row in content["gainers_losers"]] == measures and "jobs_within_45" in measures


def test_the_pages_say_what_the_manifest_says(done: tuple[Path, Ran]) -> None:
    out = done[0] / "out"
    content = json.loads((out / "scenario.json").read_text(encoding="utf-8"))
    before, after = (f"{100 * content[side]['share']:.1f} %" for side in ("base", "scenario"))
    report, note, page = (
        (out / name).read_text(encoding="utf-8") for name in ("report.html", "board_note.html", "map.html")
    )
    assert f"{before} → {after}" in report
    assert f"{before} → {after}" in note
    assert f"{before} of residents can reach" in page
    assert content["edits"][0]["what"] in report
    for one in content["inputs"]:
        assert f"{one['file']} ({one['sha256'][:12]})" in report
    assert "proposed by this scenario" in report
    assert str(done[0]) not in report + note + page


def test_the_layer_has_what_was_before_after_and_the_difference(done: tuple[Path, Ran]) -> None:
    zones = gpd.read_file(done[0] / "out" / "layers" / "scenario.gpkg", layer="scenario_zones").set_index("zone_id")
    column = zones.loc["ZA0"]
    assert column["minutes_to_needed_base"] == pytest.approx(31, abs=0.02)
    assert pd.isna(column["minutes_to_needed"])  # unreachable
    assert column["centres_within_45_change"] == column["centres_within_45"] - column["centres_within_45_base"] < 0
    assert column["change"] == "loses"


def test_gis_programs_find_the_differences_and_their_styles(done: tuple[Path, Ran]) -> None:
    layers = done[0] / "out" / "layers"
    package, parquet = (
        gpd.read_file(layers / "scenario.gpkg", layer="scenario_zones"),
        gpd.read_parquet(layers / "scenario_zones.parquet"),
    )
    assert set(package) == set(parquet)
    assert package["minutes_saved"].tolist() == pytest.approx(parquet["minutes_saved"].tolist())
    styles = read_layer_text(layers / "scenario.gpkg", "scenario_zones").styles
    names = [style.name for style in styles]
    assert names[0] == "Minutes saved and lost to the last centre needed"
    assert {f"Strategic centres within 45 minutes, {when}" for when in ("before", "after")} <= set(names)
    assert "Loss over" in styles[0].qml
    assert "inf" not in styles[0].qml
    assert "scenario_zones" in (layers / "scenario.qgs").read_text(encoding="utf-8")


def test_the_terminal_says_who_gains_and_loses(done: tuple[Path, Ran]) -> None:
    text = done[1].out
    assert "83.3% of residents reach 3 or more centres within 45 minutes before, 25.0% after: -700 people." in text
    assert "0 people enter the test and 700 leave it." in text
    assert "0 people gain, 800 lose, 400 have no change." in text
    assert "No demand, crowding or fares" in text


def test_the_edited_feed_is_written_and_read_back(done: tuple[Path, Ran]) -> None:
    feed = read_feed(done[0] / "edited.zip")
    assert len(feed.trips) == 30
    assert feed.repairs == ()


def test_a_second_run_replaces_its_own_files_and_nobody_elses(
    done: tuple[Path, Ran], small: SmallRegion, tmp_path: Path
) -> None:
    home, _ = done
    words = ["scenario", "run", home / "s.toml", small.config, "--out", home / "out", "--quiet"]
    before = listed_files(home / "out", "scenario.json")
    assert corridors(*words).code == 0
    after = listed_files(home / "out", "scenario.json")
    assert {name: after[name] for name in after if name != "scenario.json"} == {
        name: before[name] for name in before if name != "scenario.json"
    }
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "mine.csv").write_text("a\n", encoding="utf-8")
    refused = corridors(*words[:-2], tmp_path)
    assert refused.code == 2
    assert "holds 1 file(s) where results would go" in refused.err
    again = corridors(*words[:-2], tmp_path / "new", "--export-gtfs", home / "edited.zip")
    assert (again.code, "is there already" in again.err) == (2, True)


def test_another_feed_is_refused_before_anything_is_written(small: SmallRegion, tmp_path: Path) -> None:
    write_scenario(tmp_path / "s.toml", LATER, more=KEPT)
    words = ["scenario", "run", tmp_path / "s.toml", small.config, "--out", tmp_path / "out"]
    refused = corridors(*words)
    assert refused.code == 2
    assert "the feed 'feed.zip' is another one" in refused.err
    assert not (tmp_path / "out").exists()
    assert corridors(*words, "--rebase", "--quiet").code == 0
    content = json.loads((tmp_path / "out" / "scenario.json").read_text(encoding="utf-8"))
    assert len(content["differences_from_the_inputs_it_was_written_for"]) == 1


def test_a_configuration_alone_is_no_scenario(small: SmallRegion, tmp_path: Path) -> None:
    refused = corridors("scenario", "check", small.config)
    assert refused.code == 2
    assert "is no scenario file" in refused.err
