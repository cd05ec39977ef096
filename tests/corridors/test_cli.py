"""The command line as a user meets it: good runs, wrong input on the main paths, exit codes, and nothing half-written."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from corridors.cli import USER_ERRORS
from corridors.demo.cached import demo_config
from corridors.errors import OutputError
from tests.support.cli import ROOT, Ran, corridors, corridors_process
from tests.support.feeds import csv_text, feed_text
from tests.support.small_region import MINUTES_A_TO_F, SAMPLED_MINUTES_A_TO_F, SmallRegion, good_zones, people, saturday

pytestmark = pytest.mark.usefixtures("no_pictures")

GRID = "EPSG:27700"


# ---- the bundled region, through the real command line ----


def test_a_run_without_a_configuration_ends_well_and_says_so(
    demo_process: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    out, process = demo_process
    assert process.returncode == 0, process.stderr
    assert "ILLUSTRATIVE" in process.stdout and "SYNTHETIC TIMETABLE" in process.stdout
    assert str(out / "report.html") in process.stdout


def test_the_output_folder_is_the_one_of_the_contract(demo_run: Path) -> None:
    assert {item.name for item in demo_run.iterdir()} >= {"layers", "maps", "report.html", "run.json", "tables"}
    assert not [item.name for item in demo_run.iterdir() if item.name.startswith(".")]
    for name in ("report.html", "maps/index.html", "layers/west_midlands_demo.gpkg", "layers/zones.parquet"):
        assert (demo_run / name).stat().st_size > 10_000, name
    for name in ("kpi", "kpi_variants", "corridors", "pilots", "zones", "distribution", "warnings", "data_dictionary"):
        assert (demo_run / "tables" / f"{name}.csv").is_file(), name
    assert (demo_run / "layers" / "minutes_to_BHM.tif").is_file()
    assert (demo_run / "layers" / "centres_within_45.tif").is_file()


def test_the_manifest_agrees_with_the_tables_and_holds_no_path_of_the_machine(demo_run: Path) -> None:
    text = (demo_run / "run.json").read_text(encoding="utf-8")
    run = json.loads(text)
    zones = pd.read_csv(demo_run / "tables" / "zones.csv")
    assert run["schema_version"] == 1 and run["illustrative"] and run["synthetic_timetable"]
    assert run["kpi"]["people_total"] == pytest.approx(zones["population"].sum())
    assert run["kpi"]["people_within"] == pytest.approx(zones["population"][zones["meets_kpi"]].sum())
    assert {corridor["id"] for corridor in run["corridors"]} == set(
        pd.read_csv(demo_run / "tables" / "corridors.csv")["id"]
    )
    assert all(re.fullmatch(r"[0-9a-f]{64}", item["sha256"]) for item in run["inputs"])
    assert str(Path.home()) not in text and str(ROOT) not in text


def test_the_json_log_has_each_step_and_verbose_says_how_long_it_took(
    demo_process: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    out, process = demo_process
    events = [json.loads(line) for line in (out.parent / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    steps = [event["name"] for event in events if event["event"] == "stage"]
    assert steps[0] == "building the demonstration region" and "the headline and its variants" in steps
    assert all(f"{step}: " in process.stderr for step in steps)


def test_check_finds_nothing_wrong_with_the_bundled_region() -> None:
    ran = corridors("check", demo_config())
    assert ran.code == 0, ran.err
    assert "0 error(s)" in ran.out


@pytest.mark.parametrize("file_format", ["gpkg", "parquet", "fgb", "geojson", "csv"])
def test_a_layer_of_a_finished_run_is_exported_in_each_format(demo_run: Path, tmp_path: Path, file_format: str) -> None:
    out = tmp_path / f"corridors.{file_format}"
    ran = corridors("export", demo_run, "--layer", "corridors", "--format", file_format, "--out", out)
    assert ran.code == 0, ran.err
    read = {"csv": pd.read_csv, "parquet": gpd.read_parquet}.get(file_format, gpd.read_file)
    assert len(read(out)) == len(pd.read_csv(demo_run / "tables" / "corridors.csv"))


def test_sources_are_listed_with_their_licence() -> None:
    ran = corridors("sources")
    assert ran.code == 0, ran.err
    assert "Open Government Licence" in ran.out or "OGL" in ran.out


def test_the_version_is_printed() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\s*", corridors("--version").out)


# ---- the small region ----


def test_a_small_run_gives_the_answer_worked_out_by_hand(region: SmallRegion, tmp_path: Path) -> None:
    ran = corridors("run", region.config, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    zones = pd.read_csv(tmp_path / "out" / "tables" / "zones.csv", index_col="zone_id")
    assert zones["minutes_to_F"]["ZA0"] == MINUTES_A_TO_F
    assert zones["minutes_to_A"]["ZF0"] == MINUTES_A_TO_F


def test_quiet_says_nothing_at_all(region: SmallRegion) -> None:
    assert corridors("check", region.config, "--quiet") == Ran(0, "", "")


def test_a_matrix_of_two_points_has_the_seconds_worked_out_by_hand(region: SmallRegion, tmp_path: Path) -> None:
    ran = corridors("matrix", *matrix_words(region, tmp_path / "m.csv"))
    assert ran.code == 0, ran.err
    row = pd.read_csv(tmp_path / "m.csv").set_index(["from_id", "to_id"]).loc[("A", "F")]
    assert (row["p25_s"], row["p50_s"], row["p75_s"]) == (60 * 27, 60 * SAMPLED_MINUTES_A_TO_F, 60 * 32)
    assert row["reach_share"] == 1.0


# ---- wrong input on the main paths: one clear error each, exit 2, nothing half-written ----


def two_zones_of_one_id(region: SmallRegion) -> None:
    zones = good_zones()
    region.zones(zones.assign(code=zones["code"].replace("ZF1", "ZA0")))


def zones_in_degrees_called_metres(region: SmallRegion) -> None:
    region.zones(good_zones().to_crs("EPSG:4326").set_crs(GRID, allow_override=True))


def zones_without_crs(region: SmallRegion) -> None:
    region.path("zones.gpkg").unlink()
    good_zones().set_crs(None, allow_override=True).to_file(region.path("zones.geojson"), driver="GeoJSON")
    frame = good_zones().set_crs(None, allow_override=True)
    frame.to_file(region.path("zones.shp"))
    region.replace("config.toml", 'file = "zones.gpkg"', 'file = "zones.shp"')


WRONG: dict[str, tuple[Callable[[SmallRegion], object], list[str]]] = {
    "a file that is not there": (
        lambda region: region.path("people.csv").unlink(),
        ["layers.people.file", "people.csv"],
    ),
    "zones without a coordinate reference system": (
        zones_without_crs,
        ["zones.shp", "no coordinate reference system", GRID],
    ),
    "zones in degrees labelled as metres": (
        zones_in_degrees_called_metres,
        ["zones.gpkg", GRID, "look like degrees", "EPSG:4326"],
    ),
    "a date outside the timetable": (
        lambda region: region.replace("config.toml", "2026-03-24", "2031-03-25"),
        ["Tuesday 2031-03-25", "2026-01-01 to 2026-12-31", "A good date: Thursday 2026-12-31"],
    ),
    "a day on which nothing runs": (
        lambda region: region.replace("config.toml", "2026-03-24", saturday().isoformat()),
        ["Saturday 2026-03-28", "no service runs that day", "A good date: Thursday 2026-03-26"],
    ),
    "a feed without a trip": (
        lambda region: region.feed(feed_text()),
        ["feed.zip", "stops.txt", "trips.txt", "empty"],
    ),
    "a key nobody knows": (
        lambda region: region.replace("config.toml", "illustrative = true", "illustrative = true\nilustrative = 1"),
        ["config.toml", "region.ilustrative", "unknown key", "is 'illustrative' meant?"],
    ),
    "a column that is not there": (
        lambda region: region.replace("people.csv", "population", "pop"),
        ["people.csv", "no column 'population'", "it has code, pop, jobs"],
    ),
    "two zones of one id": (
        two_zones_of_one_id,
        ["zones.gpkg", "column code", "1 ids more than once", "ZA0"],
    ),
    "two rows for one zone": (
        lambda region: region.table("people.csv", [*people(), people()[0]]),
        ["people.csv", "column code", "more than once", "ZA0"],
    ),
    "a configuration that is not TOML": (
        lambda region: region.replace("config.toml", "[zones]", "[zones"),
        ["config.toml", "not valid TOML", "line"],
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_run_on_wrong_input_ends_with_one_clear_message_and_no_output(
    region: SmallRegion, tmp_path: Path, what: str
) -> None:
    damage, words = WRONG[what]
    damage(region)
    ran = corridors("run", region.config, "--out", tmp_path / "out")
    assert ran.code == 2
    assert all(word in ran.err for word in words), ran.err
    assert ran.err.startswith("corridors: ") and "Traceback" not in ran.err and not ran.out
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("what", WRONG)
def test_check_reports_the_same_problem(region: SmallRegion, what: str) -> None:
    damage, words = WRONG[what]
    damage(region)
    ran = corridors("check", region.config)
    assert ran.code == 2
    assert all(word in ran.err for word in words), ran.err


def test_check_prints_every_problem_at_once(region: SmallRegion) -> None:
    two_zones_of_one_id(region)
    region.feed(feed_text())
    ran = corridors("check", region.config)
    assert ran.code == 2
    assert "ZA0" in ran.err and "feed.zip" in ran.err
    assert "2 error(s)" in ran.out


@pytest.mark.parametrize("damage", [WRONG["two zones of one id"][0], WRONG["a feed without a trip"][0]])
def test_a_failed_run_leaves_the_results_of_an_earlier_one_as_they_were(
    region: SmallRegion, tmp_path: Path, damage: Callable[[SmallRegion], object]
) -> None:
    out = tmp_path / "out"
    assert corridors("run", region.config, "--out", out).code == 0
    before = content(out)
    damage(region)
    assert corridors("run", region.config, "--out", out).code == 2
    assert content(out) == before


@pytest.mark.parametrize("out", ["a-file", "a-file/out", "/proc/out"])
def test_an_output_folder_that_cannot_be_written_is_one_clear_message(
    region: SmallRegion, tmp_path: Path, out: str
) -> None:
    (tmp_path / "a-file").write_text("kept", encoding="utf-8")
    ran = corridors("run", region.config, "--out", tmp_path / out)
    assert ran.code == 2
    assert "can't be written" in ran.err and "--out" in ran.err and Path(out).name in ran.err
    assert (tmp_path / "a-file").read_text(encoding="utf-8") == "kept"


def test_a_log_that_cannot_be_written_is_one_clear_message(region: SmallRegion, tmp_path: Path) -> None:
    ran = corridors("check", region.config, "--log-json", tmp_path / "nowhere" / "log.jsonl")
    assert ran.code == 2
    assert "log.jsonl can't be written" in ran.err and "--log-json" in ran.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--date", "24/03/2026"], ["--date '24/03/2026' is not a date", "YYYY-MM-DD"]),
        (["--date", "2031-03-25"], ["2026-01-01 to 2026-12-31", "A good date"]),
        (["--window", "9-7"], ["'9' is not a time of day", "HH:MM"]),
        (["--window", "09:00-07:00"], ["ends before it starts"]),
        (["--percentiles", "50,x"], ["--percentiles '50,x' can't be used", "25,50,75"]),
        (["--percentiles", "0"], ["--percentiles '0'", "above 0"]),
        (["--out", "matrix.xls"], ["matrix.xls must end in .parquet or .csv"]),
        (["--gtfs", "nowhere.zip"], ["nowhere.zip: no such file or folder"]),
        (["--origins", "nowhere.csv"], ["nowhere.csv is not there"]),
        (["--elevation", "heights.tif"], ["--osm"]),
        (["--walk-kmh", "0"], ["--walk-kmh 0", "0.1 to 20 km/h"]),
    ],
)
def test_a_matrix_asked_for_wrongly_is_one_clear_message(
    region: SmallRegion, tmp_path: Path, words: list[str], expected: list[str]
) -> None:
    ran = corridors("matrix", *matrix_words(region, tmp_path / "m.csv"), *words)
    assert ran.code == 2
    assert all(word in ran.err for word in expected), ran.err
    assert not (tmp_path / "m.csv").exists()


def test_a_matrix_that_cannot_be_written_ends_before_anything_is_read(region: SmallRegion, tmp_path: Path) -> None:
    words = matrix_words(region, tmp_path / "m.csv")
    (tmp_path / "from.csv").unlink()
    (tmp_path / "folder.csv").mkdir()
    for out, why in (
        (tmp_path / "nowhere" / "m.csv", "No such file or directory"),
        (tmp_path / "folder.csv", "it is a folder"),
    ):
        ran = corridors("matrix", *words, "--out", out)
        assert ran.code == 2
        assert f"{out} can't be written in {out.parent}: {why}" in ran.err
    assert sorted(item.name for item in tmp_path.iterdir() if item.name.startswith(".")) == []


def test_a_matrix_replaces_its_own_earlier_file_whatever_the_case_of_the_suffix(
    region: SmallRegion, tmp_path: Path
) -> None:
    out = tmp_path / "M.CSV"
    for _ in range(2):
        assert corridors("matrix", *matrix_words(region, out)).code == 0
    assert len(pd.read_csv(out)) == 1


def test_matrix_points_of_one_id_or_without_coordinates_are_named(region: SmallRegion, tmp_path: Path) -> None:
    words = matrix_words(region, tmp_path / "m.csv")
    (tmp_path / "from.csv").write_text("id,lon,lat\nP1,-1.9,52.4\nP1,-1.9,52.5\nP2,west,52.5\n", encoding="utf-8")
    ran = corridors("matrix", *words)
    assert ran.code == 2
    assert "from.csv" in ran.err and "more than once (P1)" in ran.err and "not numbers ('west')" in ran.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--layer", "roads"], ["no layer 'roads'", "zones"]),
        (["--layer", "zones", "--format", "dwg"], ["'dwg' is not a format", "gpkg"]),
        (["--layer", "zones", "--format", "csv", "--out", "zones.gpkg"], ["zones.gpkg must end in .csv"]),
        (["--layer", "zones", "--out", "/nowhere/zones.gpkg"], ["zones.gpkg can't be written in /nowhere"]),
    ],
)
def test_an_export_asked_for_wrongly_is_one_clear_message(
    demo_run: Path, words: list[str], expected: list[str]
) -> None:
    ran = corridors("export", demo_run, *words)
    assert ran.code == 2
    assert all(word in ran.err for word in expected), ran.err


def test_an_export_from_a_folder_without_a_run_says_how_to_make_one(tmp_path: Path) -> None:
    ran = corridors("export", tmp_path, "--layer", "zones")
    assert ran.code == 2
    assert "no finished run" in ran.err and "corridors run --out" in ran.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["walk"], "there is no command 'walk'; corridors --help lists what there is"),
        (["--verson"], "there is no option --verson; did you mean --version?; corridors --help lists what there is"),
        (["run", "--speed"], "there is no option --speed; corridors run --help lists what there is"),
        (["run", "-z"], "there is no option -z; corridors run --help lists what there is"),
        (["run", "a", "b"], "there are more words than it takes: b; corridors run --help lists what there is"),
        (["check"], "missing argument 'config'; corridors check --help lists what there is"),
        (["export", "out"], "missing option '--layer'; corridors export --help lists what there is"),
        (["run", "--out"], "option '--out' needs a value after it"),
        (["run", "--quiet=1"], "option '--quiet' does not take a value"),
    ],
)
def test_a_mistyped_command_line_is_one_line_in_our_words(words: list[str], expected: str) -> None:
    ended = corridors(*words)
    assert (ended.code, ended.out, ended.err) == (2, "", f"corridors: {expected}\n")


def test_an_option_s_value_of_another_type_is_named_with_its_option(region: SmallRegion, tmp_path: Path) -> None:
    ended = corridors("matrix", *matrix_words(region, tmp_path / "m.csv"), "--step", "often")
    assert ended.code == 2
    assert ended.err.startswith("corridors: invalid value for '--step'") and ended.err.count("\n") == 1


def test_a_command_with_nothing_after_it_shows_its_help() -> None:
    ended = corridors("cache")
    assert ended.code == 2
    assert "clear" in ended.out and not ended.err


def test_a_bug_keeps_its_traceback() -> None:
    """Only what a user can mend is dressed up as a message."""
    assert all(issubclass(error, Exception) and error is not Exception for error in USER_ERRORS)
    assert issubclass(OutputError, USER_ERRORS)


def test_interrupting_a_run_ends_with_130_and_nothing_half_written(region: SmallRegion, tmp_path: Path) -> None:
    out, log = tmp_path / "out", tmp_path / "log.jsonl"
    command = [sys.executable, "-m", "corridors", "run", str(region.config), "--out", str(out), "--log-json", str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_for(lambda: log.exists() and "reading zones and layers" in log.read_text(encoding="utf-8"))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in err and "Traceback" not in err
    assert not out.exists() or not list(out.iterdir())


def test_the_command_line_works_as_a_process_with_a_user_error(tmp_path: Path) -> None:
    process = corridors_process("run", tmp_path / "nothing.toml")
    assert process.returncode == 2
    assert process.stderr.startswith("corridors: there is no configuration at") and process.stderr.count("\n") == 1


# ---- ----


def matrix_words(region: SmallRegion, out: Path) -> list[str]:
    """A good request from stop A to stop F."""
    row = {"A": {"id": "A", "lon": -1.9, "lat": 52.4}, "F": {"id": "F", "lon": -1.9, "lat": 52.45}}
    for name, stop in (("from.csv", "A"), ("to.csv", "F")):
        (out.parent / name).write_text(csv_text([row[stop]]), encoding="utf-8")
    options = {
        "--gtfs": region.path("feed.zip"),
        "--origins": out.parent / "from.csv",
        "--destinations": out.parent / "to.csv",
        "--date": "2026-03-24",
        "--window": "07:00-09:00",
        "--out": out,
    }
    return [str(word) for pair in options.items() for word in pair]


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def wait_for(ready: Callable[[], bool], limit_s: float = 60.0) -> None:
    """Until something is so."""
    end = time.monotonic() + limit_s
    while not ready():
        assert time.monotonic() < end, "waited in vain"
        os.sched_yield()
        time.sleep(0.01)


def test_an_unknown_command_is_not_taken_for_another() -> None:
    """ "effort" is four letters away from "export", and something else altogether."""
    ended = corridors("effort", "out")
    assert ended.code == 2
    assert "effort" in ended.err
    assert "export" not in ended.err
