"""The report of one corridor or pilot says what the run's tables say of it, on two to four pages, with figures to publish."""

import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pypdf
import pytest
from PIL import Image

from corridors.errors import ConfigError
from corridors.report import view_place
from corridors.report.blocks.view import KeyFigures, Paragraph, Report, Table
from corridors.report.places.place_map import attribution
from corridors.results import Results
from corridors.runs.place_report import NAMES
from corridors.runs.read_back import results_of
from tests.support.cli import corridors

CORRIDOR, PILOT = "sandwell_dudley", "bilston"


@pytest.fixture(scope="module")
def results(demo_run: Path) -> Results:
    return results_of(demo_run)


def figures(report: Report) -> list[tuple[str, str]]:
    return [
        (one.value, one.label)
        for block in report.sections[0].blocks
        if isinstance(block, KeyFigures)
        for one in block.figures
    ]


def tables(report: Report, section: str) -> list[Table]:
    (found,) = (one for one in report.sections if one.id == section)
    return [block for block in found.blocks if isinstance(block, Table)]


def test_its_six_figures_are_those_of_the_runs_table(results: Results, demo_run: Path) -> None:
    row = pd.read_csv(demo_run / "tables" / "corridors.csv").set_index("id").loc[CORRIDOR]
    assert figures(view_place(results, "corridor", CORRIDOR)) == [
        (f"{100 * row['kpi_share']:.1f} %", "of residents meet the headline test"),
        (f"{row['people'] - row['people_within']:,.0f}", "residents miss the headline test"),
        (f"{row['minutes_to_needed']:,.0f}", "minutes to the last centre needed, mean of residents who reach it"),
        (f"{row['jobs_within_45']:,.0f}", "jobs within 45 minutes, on average"),
        (f"{row['imd_decile1_zones']:,.0f}", "zones in the most deprived tenth"),
        (f"{100 * row['no_car_share']:.1f} %", "of households have no car"),
    ]


def test_a_pilot_of_few_zones_shows_no_rate(results: Results) -> None:
    report = view_place(results, "pilot", PILOT)
    assert bool(results.pilots.loc[PILOT, "suppressed"])
    assert len(figures(report)) == 6
    assert not any("%" in value for value, _ in figures(report))


def test_areas_that_miss_out_lie_in_it_and_the_most_peopled_come_first(results: Results) -> None:
    (listed,) = tables(view_place(results, "corridor", CORRIDOR), "misses-out")
    zones = results.zones[results.zones["corridor_ids"].str.split(r"[;, ]+").map(lambda ids: CORRIDOR in ids)]
    missing = zones[~zones["meets_kpi"].astype(bool)].sort_values("population", ascending=False, kind="stable")
    assert [row.cells[0].text for row in listed.rows] == missing["name"].head(8).tolist()


def test_schemes_that_move_somebody_are_told_and_the_others_named(results: Results, demo_run: Path) -> None:
    report = view_place(results, "corridor", CORRIDOR)
    (told,) = tables(report, "schemes")
    places = pd.read_csv(demo_run / "tables" / "scenario_places.csv")
    own = places[(places["place_kind"] == "corridor") & (places["place_id"] == CORRIDOR)]
    assert [row.cells[2].text for row in told.rows] == [f"{people:,}" for people in own["people_gaining"]]
    every = pd.read_csv(demo_run / "tables" / "scenarios.csv").query("edits > 0").set_index("scenario_id")["title"]
    (section,) = (one for one in report.sections if one.id == "schemes")
    named = [block.text for block in section.blocks if isinstance(block, Paragraph) and block.text.startswith("Nobody")]
    still = every[~every.index.isin(own["scenario_id"])]
    assert named == ([f"Nobody here gains or loses a minute or more by: {'; '.join(still)}."] if len(still) else [])


def test_an_unknown_place_is_named_with_those_there_are(results: Results) -> None:
    with pytest.raises(ConfigError, match=f"no pilot 'nowhere'; it has {PILOT}, "):
        view_place(results, "pilot", "nowhere")
    ran = corridors("report", "out", "--corridor", "a", "--pilot", "b")
    assert (ran.code, "give one of --corridor and --pilot" in ran.err) == (2, True)


def test_what_is_written_is_whole_and_fit_to_print(results: Results, demo_run: Path, tmp_path: Path) -> None:
    out = tmp_path / "board"
    ran = corridors("report", demo_run, "--corridor", CORRIDOR, "--to", out)
    assert ran.code == 0, ran.err
    assert {path.name for path in out.iterdir()} == set(NAMES)
    assert 2 <= len(pypdf.PdfReader(out / "report.pdf").pages) <= 4
    picture = Image.open(io.BytesIO((out / "figures" / "map.png").read_bytes()))
    assert picture.size[0] == 7 * 300
    svg = ElementTree.parse(out / "figures" / "map.svg").getroot()
    assert "centres reached within 45 minutes" in svg.get("aria-label", "")
    for one in results.provenance:
        assert one.id != "zones" or one.source in attribution(results)
    assert json.loads((out / "place.json").read_text(encoding="utf-8"))["id"] == CORRIDOR
    assert corridors("report", demo_run, "--corridor", CORRIDOR, "--to", out).code == 0, "its own files are replaced"
    (out / "report.html").write_text("mine", encoding="utf-8")
    again = corridors("report", demo_run, "--corridor", CORRIDOR, "--to", out)
    assert (again.code, (out / "report.html").read_text(encoding="utf-8")) == (2, "mine")
