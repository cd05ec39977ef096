"""No word of any output claims a cutoff, a count, a period, a nation or a strategy that the configuration did not give."""

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio

from corridors.catalogue.cutoff_names import inside_name, outside_name
from corridors.config.run_config import load_config
from corridors.errors import ConfigError
from corridors.inputs.read import read_context
from corridors.outputs.baseline_file import read_baseline
from corridors.outputs.run_folder import publish
from corridors.pipeline import run
from corridors.report import view_board_note, view_report
from corridors.report.blocks.view import Figure, Report, Section
from corridors.report.terminal import print_summary
from corridors.results import Results
from corridors.runs.baseline_comparison import compare
from corridors.runs.compare_map import render_comparison
from corridors.runs.export import export_layer
from corridors.runs.finished import finished_run
from tests.corridors.report.report_text import texts_of
from tests.support.cli import no_pictures
from tests.support.feeds import clock, feed_text, trip
from tests.support.small_region import HEADWAY_MIN, STOPS, calls, write_small_region

# What only one configuration may say; each false in every run below.
USUAL_CUTOFF = r"within_45|within.{0,20}?\b45 min|\b45[ -]minute|Over 30 to 45|40 and 50 minutes"
USUAL_COUNT = r"\b3 or more|[Aa]t least three|three nearest|third-nearest"
ELSEWHERE = r"West Midlands|WMCA|HM Government|41 ?%|0\.41\b|combined authority|[Tt]he strategy|Transforming Cities"
# Titles of the columns that hold England's values where there are any; the nation is their subject.
SYSTEMS_AREA = "onshore Great Britain (England, Wales and Scotland)"  # where EPSG:27700 is used, in its own definition
COLUMNS_ABOUT_ENGLAND = {"england_value", "england_source"}


@dataclass(frozen=True)
class Asked:
    """One configuration, and what it makes false."""

    cutoff_min: float
    at_least: int
    window: str
    district_codes: tuple[str, str]
    false: str
    true: tuple[str, ...]  # to be found in the report


ASKED = (
    Asked(
        60, 2, "19:00-21:00", ("W06000001", "W06000002"),
        rf"{USUAL_CUTOFF}|{USUAL_COUNT}|morning|[Pp]eak\b|England|07:00",
        ("within 60 minutes", "at least two strategic centres", "between 19:00 and 21:00", "small areas in Wales"),
    ),
    Asked(
        30, 1, "06:30-08:00", ("S12000001", "S12000002"),
        rf"{USUAL_CUTOFF}|{USUAL_COUNT}|two or more|at least two|morning|[Pp]eak\b|England|07:00",
        ("within 30 minutes", "at least one strategic centre can", "between 06:30 and 08:00", "small areas in Scotland"),
    ),
    Asked(
        24.5, 3, "07:00-09:00", ("D1", "D2"),
        rf"{USUAL_CUTOFF}|morning|[Pp]eak\b|England",
        ("within 24.5 minutes", "at least three strategic centres", "small areas in the nation"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Ran:
    """A finished run with what it was asked."""

    asked: Asked
    results: Results
    folder: Path


def configured(folder: Path, asked: Asked, extra: str = "") -> Path:
    """The small region with another question and buses all day; returns its configuration."""
    region = write_small_region(folder)
    low, high = asked.cutoff_min - 5, asked.cutoff_min + 5
    lines = f"""[search]
window = "{asked.window}"
percentiles = [10, 50, 90]
cutoffs_min = [{low}, {asked.cutoff_min}, {high}]
[kpi]
cutoff_min = {asked.cutoff_min}
centres_at_least = {asked.at_least}
{extra}
[sites]"""
    region.replace("config.toml", "[sites]", lines)
    for old, new in zip(("D1", "D2"), asked.district_codes, strict=True):
        region.replace("config.toml", f"{old} =", f"{new} =")
    zones = pyogrio.read_dataframe(region.path("zones.gpkg"))
    zones["district"] = zones["district"].map(dict(zip(("D1", "D2"), asked.district_codes, strict=True)))
    region.zones(zones)
    starts = range(5 * 60, 23 * 60, HEADWAY_MIN)
    trips = [
        trip(f"{way}{clock(60 * start)}", calls(stops, start), route=way)
        for way, stops in (("north", STOPS), ("south", STOPS[::-1]))
        for start in starts
    ]
    region.feed(feed_text(*trips))
    return region.config


@pytest.fixture(scope="module", params=ASKED, ids=lambda asked: f"{asked.cutoff_min:g} min, {asked.at_least}")
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    asked: Asked = request.param
    place = tmp_path_factory.mktemp("asked")
    results = run(load_config(configured(place / "region", asked)), command="corridors run config.toml")
    with no_pictures():  # what stands in the pictures is asked of the report's view
        publish(results, place / "out", dict, load_config(place / "region" / "config.toml").outputs)
    return Ran(asked, results, place / "out")


def clean(ran: Ran, texts: Iterator[str] | list[str]) -> None:
    """No text says what this run makes false, or what only the strategy's region may say."""
    every = [text.replace(SYSTEMS_AREA, "") for text in texts]
    assert every
    found = [
        text[max(0, match.start() - 60) : match.end() + 40]
        for text in every
        for match in re.finditer(f"{ran.asked.false}|{ELSEWHERE}|the cutoff within the cutoff", text)
    ]
    assert not found, found[:5]


def figures_of(report: Report) -> Iterator[str]:
    def within(section: Section) -> Iterator[str]:
        for block in section.blocks:
            if isinstance(block, Figure):
                yield block.picture.alt
                if block.picture.media_type == "image/svg+xml":
                    yield " ".join(re.findall(r"<!--(.*?)-->", block.picture.content.decode(), flags=re.DOTALL))
        for inner in section.sections:
            yield from within(inner)

    for section in report.sections:
        yield from within(section)


def test_the_report_the_board_note_and_their_pictures_say_what_was_asked(ran: Ran) -> None:
    report, note = view_report(ran.results), view_board_note(ran.results)
    texts = [*texts_of(report), *texts_of(note)]
    clean(ran, [*texts, *figures_of(report), *figures_of(note)])
    for words in ran.asked.true:
        assert any(words in text for text in texts), words
    for name in ("report.html", "board_note.html"):
        clean(ran, [re.sub(r"data:[^\"']+|<style>.*?</style>", "", (ran.folder / name).read_text(), flags=re.S)])
    assert {"conflicts", "framework"}.isdisjoint(section.id for section in report.sections)
    assert "Corridors overlap" not in " ".join(texts)  # there is one
    assert not [text for text in texts if re.search(r"\bone corridors|(?<![-\d])1 zones\b|\bone nearest centres", text)]


def test_tables_and_their_dictionary_say_what_was_asked(ran: Ran) -> None:
    for path in sorted((ran.folder / "tables").glob("*.csv")):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if path.stem == "data_dictionary":
            table = table[~table["column"].isin(COLUMNS_ABOUT_ENGLAND)]
            titles = table.set_index(["table", "column"])["title"]
            minutes = f"{ran.asked.cutoff_min:g}"
            column = f"jobs_within_{minutes.replace('.', '_')}"
            assert f"within {minutes} minutes" in titles["zones", column]
        clean(ran, [path.stem, *table.columns, *(text for column in table for text in table[column].unique())])
        assert not any("_within_cutoff" in text for column in table for text in [column, *table[column]]), path.stem


def test_layers_and_styles_say_what_was_asked(ran: Ran) -> None:
    package = next((ran.folder / "layers").glob("*.gpkg"))
    with sqlite3.connect(package) as database:
        texts = [
            str(cell)
            for query in (
                "SELECT identifier, description FROM gpkg_contents",
                "SELECT column_name, name, title, description FROM gpkg_data_columns",
                "SELECT styleName, styleQML, styleSLD FROM layer_styles",
                "SELECT metadata FROM gpkg_metadata",
                "SELECT sql FROM sqlite_master WHERE type = 'table'",
            )
            for row in database.execute(query)
            for cell in row
        ]
        hours = [text for text in texts if "leaving between" in text]
    database.close()
    clean(ran, texts)
    assert any(" and ".join(ran.asked.window.split("-")) in text for text in hours)
    clean(ran, [path.read_text() for path in (ran.folder / "layers").glob("*.qgs")])
    assert f"{ran.asked.at_least} (meets the test)" in " ".join(texts)
    assert f"{ran.asked.at_least - 1} (meets the test)" not in " ".join(texts)


def test_rasters_are_named_and_tagged_by_the_cutoff(ran: Ran) -> None:
    minutes = f"{ran.asked.cutoff_min:g}".replace(".", "_")
    named = {path.stem for path in (ran.folder / "layers").glob("centres_within*.tif")}
    assert named == {f"centres_within_{minutes}"}
    for path in (ran.folder / "layers").glob("*.tif"):
        with rasterio.open(path) as raster:
            said = [*map(str, raster.tags().values()), *map(str, raster.descriptions), str(raster.tags(1))]
        clean(ran, [path.stem, *said])


def test_the_map_and_the_manifest_say_what_was_asked(ran: Ran) -> None:
    html = (ran.folder / "maps" / "index.html").read_text(encoding="utf-8")
    payload = re.search(r'<script id="planner-data" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert payload
    clean(ran, [payload[1], re.sub(r"<script.*?</script>|<style.*?</style>", "", html, flags=re.S)])
    minutes = f"{ran.asked.cutoff_min:g}"
    found = {one["column"]: one for one in json.loads(payload[1])["indicators"]}
    assert (
        found[f"centres_within_{minutes.replace('.', '_')}"]["title"] == f"Strategic centres within {minutes} minutes"
    )
    labels = [item["label"] for item in found["minutes_to_nearest"]["classes"]]
    assert labels[2].endswith(f" to {minutes}")  # the last of the blue classes
    run_json = (ran.folder / "run.json").read_text()
    clean(ran, [run_json])
    assert json.loads(run_json)["kpi"]["published"] is None
    assert f"jobs_within_{minutes.replace('.', '_')}" in json.loads(run_json)["corridors"][0]


def test_the_terminal_says_what_was_asked(ran: Ran, capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(ran.results, ran.folder / "report.html")
    said = capsys.readouterr().out
    clean(ran, [said])
    assert f"{ran.asked.at_least} or more strategic centres within {ran.asked.cutoff_min:g} minutes" in said


def test_finished_runs_are_read_back_whatever_their_cutoff(ran: Ran, tmp_path: Path) -> None:
    """The comparison of a run with itself keeps its minutes; an exported layer has the published names."""
    minutes = f"{ran.asked.cutoff_min:g}".replace(".", "_")
    package = finished_run(ran.folder)
    assert "centres_within_cutoff" in package.layer("zones", "zone_id").columns
    html = render_comparison(package, package)
    assert f'"change_jobs_within_{minutes}"' in html and "_within_cutoff" not in html
    exported = export_layer(ran.folder, "zones", "csv", tmp_path / "zones.csv")
    assert f"jobs_within_{minutes}" in pd.read_csv(exported).columns
    items = set(read_baseline(ran.folder).cells["item"])
    assert "jobs_within_cutoff" in items
    same = compare(read_baseline(ran.folder), read_baseline(ran.folder)).cells
    assert f"jobs_within_{minutes}" in set(same["item"])


def test_two_cutoffs_meet_in_one_item_and_no_map_of_both_names_one(tmp_path: Path) -> None:
    folders = []
    for asked in ASKED[1:]:
        place = tmp_path / f"{asked.cutoff_min:g}"
        config = load_config(configured(place / "region", asked))
        with no_pictures():
            publish(run(config), place / "out", dict, config.outputs)
        folders.append(place / "out")
    cells = compare(*map(read_baseline, folders)).cells.set_index(["place_kind", "item"])
    jobs = cells.loc[("region", "jobs_within_cutoff")]
    assert "definition" in jobs["because"] and np.isfinite(jobs["change"])
    html = render_comparison(*map(finished_run, folders))
    payload = re.search(r'<script id="planner-data" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert payload
    shown = {one["column"]: one for one in json.loads(payload[1])["indicators"]}
    assert shown["change_jobs_within_cutoff"]["title"] == "Change in jobs within the cutoff"
    assert not any("meets" in item["label"] for item in shown["centres_within_cutoff"]["classes"])


@pytest.mark.parametrize(
    ("inside", "cutoff_min", "outside"),
    [
        ("jobs_within_cutoff", "45", "jobs_within_45"),
        ("employment_ha_within_cutoff", "42.5", "employment_ha_within_42_5"),
        ("mean of centres_within_cutoff by population", "60", "mean of centres_within_60 by population"),
        ("change_people_within_cutoff__second", "45", "change_people_within_45__second"),
        ("people_within", "45", "people_within"),
        ("within the cutoff", "45", "within the cutoff"),
    ],
)
def test_a_name_carries_the_minutes_outside_and_loses_them_inside(inside: str, cutoff_min: str, outside: str) -> None:
    assert outside_name(inside, cutoff_min) == outside
    assert inside_name(outside) == inside
    assert outside_name(inside, "") == inside


def test_a_scored_indicator_may_carry_the_runs_own_minutes_and_no_others(tmp_path: Path) -> None:
    opportunity = '[scoring.indicators]\nopportunity = ["jobs_within_{}"]\n'
    for number, name in enumerate(("cutoff", "60")):
        load_config(configured(tmp_path / str(number), ASKED[0], opportunity.format(name)))
    with pytest.raises(ConfigError, match=r"'jobs_within_45' names another cutoff than kpi\.cutoff_min 60"):
        load_config(configured(tmp_path / "false", ASKED[0], opportunity.format("45")))


def test_an_unknown_strategy_is_named_with_those_that_are_known(tmp_path: Path) -> None:
    config = configured(tmp_path / "region", ASKED[0])
    config.write_text(config.read_text().replace("[region]\n", '[region]\nstrategy = "mine"\n'))
    with pytest.raises(ConfigError, match="'mine' is not a strategy; those known are west_midlands_lis"):
        load_config(config)


def test_a_zone_that_reaches_nothing_names_no_centre_and_is_counted_apart(tmp_path: Path) -> None:
    """The point of the eastern square at B is put 3.7 km east of the line: every centre is equally out of reach."""
    region = write_small_region(tmp_path / "region")
    points = pd.read_csv(region.path("points.csv")).set_index("code")
    points.loc["ZB1", "lon"] += 0.04  # about 2.7 km
    region.table("points.csv", points.reset_index().to_dict("records"))
    results = run(load_config(region.config))
    zone = results.zones.loc["ZB1"]
    told = re.fullmatch(
        r"No centre is reached within 120 minutes; the zone's point lies ([\d,]+) m from the nearest stop\.",
        zone["explanation"],
    )
    assert told and 3500 < float(told[1].replace(",", "")) < 4000
    assert zone["needed_centre"] == "" and not zone["near_but_disconnected"]
    (counted,) = [one for one in results.warnings if one.code == "zones_reach_no_centre"]
    assert counted.count == 1 and counted.sample[0].startswith("ZB1") and "100 residents" in counted.effect


def test_zones_without_points_of_their_own_are_counted(tmp_path: Path) -> None:
    region = write_small_region(tmp_path / "region")
    region.replace("config.toml", 'points = { file = "points.csv", id = "code" }\n', "")
    (found,) = [one for one in read_context(load_config(region.config)).warnings if "representative" in one.code]
    assert (found.count, found.share) == (12, 1.0) and "population-weighted points" in found.effect
