"""A whole fetch and a run against publishers at their worst, whose headline is that of the clean region."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from corridors.config.run_config import load_config
from corridors.fetch.http.downloader import Session
from corridors.pipeline import run
from tests.support.cli import corridors, no_pictures
from tests.support.odd_west_midlands import STARTS, publish_oddly
from tests.support.publishers import Publishers
from tests.support.small_west_midlands import ZONES, small_registry, timetable


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The data folder, with publishers at work."""
    registry = small_registry(tmp_path)
    monkeypatch.setattr("corridors.fetch.registry.bundled_data", lambda: registry)
    monkeypatch.setenv("CORRIDORS_DATA", str(tmp_path / "data"))
    with Publishers() as publishers:
        publish_oddly(publishers, tmp_path)

        def session(_clock: object = None, _transport: httpx.BaseTransport | None = None, **_: object) -> Session:
            return publishers.session()

        monkeypatch.setattr("corridors.fetch.command.open_session", session)
        yield tmp_path / "data"


def test_the_headline_of_a_fetch_full_of_faults_is_that_of_the_clean_region(data: Path) -> None:
    """The bus runs once though it is registered twice; whoever kept both would see the headline of denser buses."""
    fetched = corridors("fetch", "west_midlands")
    assert fetched.code == 0, fetched.err
    lock = json.loads((data / "sources.lock.json").read_text(encoding="utf-8"))["sources"]
    assert lock["lsoa21_bgc"]["rows"] == ZONES
    assert "newer services were passed over (LSOA21_WD26_LAD26_EW_LU_v1" in str(lock["lsoa21_ward_lad"]["notes"])
    assert lock["lsoa11_lsoa21_exact"]["service"] == "LSOA11_LSOA21_LAD22_EW_LU_V5"
    assert lock["oa21_pwc"]["service"] == "OA_December_2021_EW_PWC_V4"  # not the map of a newer name
    assert "all areas were asked for" in str(lock["bres_lsoa21"]["notes"])
    assert "1 stops out of use and 1 without a place left out; 1 lines that can't be read" in str(
        lock["naptan_430"]["notes"]
    )
    assert "1 had no point, 0 no credible size; left out, and 1 lines" in str(lock["pd_brownfield_land"]["notes"])
    text, short = (data / "config.toml").read_text(encoding="utf-8"), data / "short.toml"
    short.write_text(text.replace("[kpi]\n", "[kpi]\ntechnical_choices = false\n"), encoding="utf-8")
    odd = run(load_config(short))
    counts = {one.code: one.count for one in odd.warnings}
    assert counts["overlapping_registrations"] == 2 * (len(STARTS) - 1)
    assert counts["duplicate_trips"] == 6
    assert counts["trips_beyond_region"] == 2
    (data / "bus_metro_gtfs.zip").write_bytes(timetable())
    clean = run(load_config(short))
    assert "overlapping_registrations" not in {one.code for one in clean.warnings}
    assert odd.kpi.share == clean.kpi.share and odd.kpi.districts == clean.kpi.districts
    assert (odd.zones["minutes_to_needed"].fillna(-1) == clean.zones["minutes_to_needed"].fillna(-1)).all()


def test_a_run_on_it_ends_in_a_report_that_tells_the_headline_both_ways(data: Path, tmp_path: Path) -> None:
    assert corridors("fetch", "west_midlands").code == 0
    for name in (
        "brownfield.csv",
        "iod2019.csv",
        "oa21_points.csv",
        "jobs_outside.csv",
        "streets_warwickshire.osm.pbf",
    ):
        (data / name).unlink()
    with no_pictures():
        ran = corridors("run", "west_midlands", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    note = (tmp_path / "out" / "board_note.html").read_text(encoding="utf-8")
    for page in (report, note):
        assert "registrations of 1 line that overlap" in page.replace("\n", " ")
        assert "where only the larger one runs," in page and "where both run." in page
    left_out = (
        "Brownfield land registers",
        "Indices of Deprivation 2019",
        "Streets of Warwickshire",
        "within 10 km of the region",
    )
    for title in left_out:
        assert title in report
    assert "(not fetched)" in report


def test_every_test_that_the_table_of_faults_names_is_there() -> None:
    tests = Path(__file__).parents[2]
    table = (tests.parent / "docs" / "real-feeds.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\btest_\w+", table))
    files = list(tests.rglob("test_*.py"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    there = {path.stem for path in files} | {
        name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.M)
    }
    assert len(named) > 20
    assert named - there == set()
