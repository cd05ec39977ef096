"""`corridors fetch west_midlands` against every publisher on loopback, and what a run makes of it."""

import datetime as dt
import errno
import json
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pandas as pd
import pytest
from filelock import FileLock

from accessibility import day_to_type, read_streets
from corridors.config.run_config import load_config
from corridors.fetch.http.downloader import Session
from corridors.fetch.registry import (
    DatedFile,
    FileAt,
    GovUkAttachment,
    neighbouring_districts,
    read_sources_registry,
)
from corridors.fetch.west_midlands import bundled_config
from corridors.inputs.files import named_files
from corridors.inputs.read import read_context, read_network
from tests.support.cli import Ran, corridors, no_pictures
from tests.support.feeds import write_zip
from tests.support.publishers import (
    NOMIS_HOST,
    Publishers,
    Reply,
    file_of,
    json_reply,
    nomis_server,
    redirect,
    web_page,
)
from tests.support.small_west_midlands import (
    TOWNS,
    ZONES,
    near_rows,
    output_areas,
    publish,
    rail_timetable,
    small_registry,
    timetable,
)

REGISTRY = {source.id: source for source in read_sources_registry()}
WANTED = {ident for ident, source in REGISTRY.items() if not source.optional}
BODS = "https://data.bus-data.dft.gov.uk/timetable/download/gtfs-file/west_midlands/"
PLACES = {"centres.csv", "corridors.csv", "corridors_facts.csv", "pilots.csv", "sites.csv"}


class Fetching(NamedTuple):
    """The publishers, and the folder that CORRIDORS_DATA names."""

    publishers: Publishers
    folder: Path

    def __call__(self, *words: object) -> Ran:
        return corridors("fetch", "west_midlands", *words)

    def lock(self) -> dict[str, dict[str, object]]:
        """The lock's entries."""
        entries: dict[str, dict[str, object]] = json.loads((self.folder / "sources.lock.json").read_text())["sources"]
        return entries

    def timetable_section(self) -> dict[str, object]:
        """What the laid out configuration says of the timetable."""
        section: dict[str, object] = tomllib.loads((self.folder / "config.toml").read_text(encoding="utf-8"))[
            "timetable"
        ]
        return section


@pytest.fixture(scope="module")
def fetched_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which everything was fetched; copy it, never write to it."""
    folder = tmp_path_factory.mktemp("fetched")
    with pytest.MonkeyPatch.context() as patch:
        for ready in _fetching(folder, patch):
            ran = ready()
            assert ran.code == 0, ran.err
    return folder / "data"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fetching]:
    """Publishers at work and an empty folder."""
    yield from _fetching(tmp_path, monkeypatch)


@pytest.fixture
def full(empty: Fetching, fetched_once: Path) -> Fetching:
    """Publishers at work and a folder where everything has been fetched."""
    shutil.copytree(fetched_once, empty.folder)
    return empty


def _fetching(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Fetching]:
    registry = small_registry(folder)
    patch.setattr("corridors.fetch.registry.bundled_data", lambda: registry)
    patch.setenv("CORRIDORS_DATA", str(folder / "data"))
    with Publishers() as publishers:
        publish(publishers, folder)

        def session(_clock: object = None, _transport: httpx.BaseTransport | None = None, **_: object) -> Session:
            return publishers.session()

        patch.setattr("corridors.fetch.command.open_session", session)
        yield Fetching(publishers, folder / "data")


def pin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str, line: str) -> None:
    """Another line after `file = ...` in the small registry."""
    path = tmp_path / "sources.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(f'file = "{file}"', f'file = "{file}"\n{line}'), encoding="utf-8"
    )


def archive_of(day: str) -> str:
    """Address of the timetable archived on a day."""
    ask = REGISTRY["bods_gtfs_archive"].ask
    assert isinstance(ask, DatedFile)
    return dt.date.fromisoformat(day).strftime(ask.url)


def downloads(fetching: Fetching) -> list[str]:
    """Files on their way or left behind, the lock of the folder aside."""
    return [path.name for path in (fetching.folder / "downloads").iterdir() if path.name != ".lock"]


# --- the whole ---


def test_everything_the_configuration_needs_arrives(full: Fetching) -> None:
    config = load_config(full.folder / "config.toml")
    assert [str(path) for _, path in named_files(config) if not path.exists()] == []
    assert full.lock()["lsoa21_bgc"]["rows"] == ZONES
    assert {entry["by_hand"] for entry in full.lock().values()} == {False}


def test_jobs_of_neighbouring_districts_arrive_at_their_points_within_ten_kilometres(full: Fetching) -> None:
    """Each has one area of 50 jobs; the last one's lies 30 km east."""
    jobs = pd.read_csv(full.folder / "jobs_outside.csv").set_index("lsoa21_code")
    near = {code: (lon, lat) for code, _, lon, lat in near_rows()}
    away = list(near)[-1]
    assert set(jobs.index) == set(near) - {away}
    assert set(jobs["jobs"]) == {50}
    first = next(iter(near))
    assert jobs.loc[first, ["lon", "lat"]].tolist() == pytest.approx(near[first], abs=1e-9)
    assert full.lock()["bres_lsoa21_near"]["notes"] == [
        "of 12 areas of neighbouring districts 0 have no point and 1 lie more than 10 km from the region; left out"
    ]
    asked = set(pd.read_csv(full.folder / "lsoa21_lad_near.csv")["lad_code"])
    assert asked == set(neighbouring_districts())
    assert asked.isdisjoint(TOWNS)


def test_streets_of_the_neighbouring_counties_arrive_as_far_as_they_are_near(full: Fetching) -> None:
    config = load_config(full.folder / "config.toml")
    assert len(config.streets.beyond) == 3
    assert full.lock()["osm_geofabrik_warwickshire"]["notes"] == [
        "of 2 walkable ways 1 lie more than 10 km away; left out"
    ]
    assert config.streets.file is not None
    alone, joined = read_streets(config.streets.file), read_streets(config.streets.file, *config.streets.beyond)
    # Each of the three has the same street past the eleven areas near Coventry.
    assert len(joined.segment_m) - len(alone.segment_m) == len(list(near_rows())) - 2  # the last area lies far away


def test_output_areas_arrive_at_their_points_with_their_residents(full: Fetching) -> None:
    people = pd.read_csv(full.folder / "oa21_points.csv").set_index("oa21_code")
    spots = {code: spot for code, _, *spot in output_areas()}
    assert set(people.index) == set(spots)
    first = next(iter(spots))
    assert people.loc[first, ["lon", "lat", "people"]].tolist() == pytest.approx([*spots[first], 300], abs=1e-9)
    context = read_context(load_config(full.folder / "config.toml"))
    assert context.finer is not None
    assert context.finer["share"].tolist() == pytest.approx([0.75, 0.25] * ZONES)
    assert {one.code for one in context.warnings}.isdisjoint({"finer_points_outside", "means_of_finer_points_used"})


def test_points_of_output_areas_are_asked_for_after_their_residents(empty: Fetching) -> None:
    assert "the region's output areas are not known yet: fetch c21_ts001_oa first" in empty("--only", "oa21_pwc").err


def test_jobs_of_neighbours_without_their_points_say_what_to_fetch_first(empty: Fetching) -> None:
    ran = empty("--only", "bres_lsoa21_near")
    assert ran.code == 2
    assert "the points of the neighbours' zones are not known yet: fetch lsoa21_pwc_near first (or too)" in ran.err
    assert "the neighbours' zones are not known yet: fetch lsoa21_lad_near" in empty("--only", "lsoa21_pwc_near").err


def test_nothing_is_left_on_its_way(full: Fetching) -> None:
    assert downloads(full) == []
    assert [path.name for path in full.folder.iterdir() if "part" in path.name] == []


def test_a_run_on_what_was_fetched_ends_in_a_report(full: Fetching, tmp_path: Path) -> None:
    """Two commands, and the real configuration has its report.

    From the zone south of Birmingham's centre (500 m of streets, 6.25 min) the bus to Solihull leaves every ten minutes and
    takes 15. Whoever boards is there a minute before, and then waits up to ten minutes, five at the median: in all 27.25.
    """
    with no_pictures():
        ran = corridors("run", "west_midlands", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    manifest = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert (manifest["illustrative"], manifest["synthetic_timetable"]) == (False, False)
    assert set(manifest["kpi"]["districts"]) == set(TOWNS)
    assert 0 < manifest["kpi"]["share"] <= 1
    assert {item["licence"] for item in manifest["inputs"]} >= {"OGL v3.0"}
    assert {item["id"]: item["rows"] for item in manifest["inputs"]}["jobs_outside"] == 11
    variants = pd.read_csv(tmp_path / "out" / "tables" / "kpi_by_place.csv")
    assert "finer_points" in set(variants["variant"])
    choices = pd.read_csv(tmp_path / "out" / "tables" / "rank_choices.csv")
    assert set(choices.loc[choices["choice"] == "deprivation", "level"]) == {"deprivation of 2019"}
    zones = pd.read_csv(tmp_path / "out" / "tables" / "zones.csv", index_col="zone_id")
    assert zones.loc["E01250001", "minutes_to_SOL"] == pytest.approx(6.25 + 1 + 5 + 15, abs=1.5 / 60)
    assert (tmp_path / "out" / "maps" / "index.html").exists()
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Bus Open Data Service" in report
    assert "The timetables hold no rail service, while" in report
    assert "fetch west_midlands --only rail_gb_transit" in report
    assert "hold no tram service" not in report


def test_the_fetched_configuration_passes_its_check(full: Fetching) -> None:
    ran = corridors("check", "west_midlands")
    assert (ran.code, ran.err) == (0, "")


def test_the_notice_holds_every_attribution(full: Fetching) -> None:
    notice = (full.folder / "NOTICE").read_text(encoding="utf-8")
    for name in full.lock():
        assert REGISTRY[name].attribution in notice
    assert "OpenStreetMap contributors" in notice
    assert REGISTRY["rail_gtfs"].attribution not in notice


def test_no_address_and_no_signature_is_written_anywhere(full: Fetching) -> None:
    """Terrain comes through a signed redirect; the lock says what came, never from which link."""
    for path in full.folder.glob("*"):
        if path.suffix in {".json", ".toml", ".csv", ""} and path.is_file():
            text = path.read_text(encoding="utf-8")
            assert "s3cret" not in text and "https://" not in text, path.name


def test_a_key_in_the_environment_reaches_nomis_and_no_file(empty: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRIDORS_NOMIS_UID", "0xs3cret")
    ran = empty("--only", "mye_lsoa21")
    assert any(asked.query.get("uid") == "0xs3cret" for asked in empty.publishers.asked)
    assert "s3cret" not in ran.out + ran.err + (empty.folder / "sources.lock.json").read_text()


# --- again, offline, in part ---


def test_what_is_there_is_not_asked_for_again(full: Fetching) -> None:
    before = (full.folder / "sources.lock.json").read_bytes()
    ran = full()
    assert ran.code == 0, ran.err
    assert full.publishers.asked == []
    assert (full.folder / "sources.lock.json").read_bytes() == before
    assert ran.out.count(" present ") == len(full.lock())


def test_refreshing_asks_again_and_keeps_what_has_not_changed(full: Fetching) -> None:
    ran = full("--refresh", "--only", "iod2025_file7", "--only", "bods_gtfs_wm")
    assert ran.code == 0, ran.err
    assert ran.out.count(" unchanged ") == 2
    assert all(asked.headers.get("if-none-match") for asked in full.publishers.asked if "api/content" not in asked.path)


def test_offline_nobody_is_asked_and_everything_missing_is_named(full: Fetching) -> None:
    for name in ("iod2019.csv", "population.csv"):
        (full.folder / name).unlink()
    ran = full("--offline")
    assert ran.code == 2
    assert full.publishers.asked == []
    assert [line.split(":")[1].strip() for line in ran.err.splitlines()] == ["iod2019_file7", "mye_lsoa21"]
    assert "or the publisher's file as downloads/File_7_IoD2019.csv" in ran.err
    assert "Place it by hand with the columns lsoa21_code, population, age_0_15, age_16_64" in ran.err


def test_offline_with_everything_there_is_fine(full: Fetching) -> None:
    assert full("--offline").code == 0


def test_one_source_can_be_fetched_alone(empty: Fetching) -> None:
    assert empty("--only", "lsoa21_ward_lad", "--quiet").code == 0
    assert set(empty.lock()) == {"lsoa21_ward_lad"}
    assert {asked.host for asked in empty.publishers.asked} == {"services1.arcgis.com"}


def test_another_folder_can_be_named(empty: Fetching, tmp_path: Path) -> None:
    ran = empty("--only", "bank_holidays", "--to", tmp_path / "else where")
    assert (tmp_path / "else where" / "bank_holidays.csv").exists()
    assert f"corridors run {tmp_path / 'else where' / 'config.toml'}" in ran.out
    assert not empty.folder.exists()


@pytest.mark.parametrize("name", ["lsoa21_bgc", "lsoa21_pwc"])
def test_boundaries_without_the_lookup_say_what_to_fetch_first(empty: Fetching, name: str) -> None:
    ran = empty("--only", name)
    assert ran.code == 2
    assert f"error: {name}: the region's zones are not known yet: fetch lsoa21_ward_lad first" in ran.err


def test_an_unknown_source_is_named_beside_those_there_are(empty: Fetching) -> None:
    ran = empty("--only", "census")
    assert ran.code == 2
    assert "no source is called census; the sources are lsoa21_ward_lad, lsoa21_bgc" in ran.err


def test_another_region_is_refused(empty: Fetching) -> None:
    ran = corridors("fetch", "london")
    assert (ran.code, ran.err.strip()) == (2, "corridors: only west_midlands can be fetched, not 'london'")


# --- failures ---


def test_one_publisher_out_of_order_does_not_stop_the_others(empty: Fetching) -> None:
    """The next fetch asks only the one that is missing."""
    empty.publishers.on(BODS, web_page())
    ran = empty()
    assert ran.code == 2
    assert "error: bods_gtfs_wm:" in ran.err and "a web page instead of the file" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert empty.lock().keys() == WANTED - {"bods_gtfs_wm"}
    empty.publishers.on(BODS, file_of(timetable()))
    empty.publishers.asked.clear()
    assert empty().code == 0
    assert [asked.host for asked in empty.publishers.asked] == ["data.bus-data.dft.gov.uk"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (redirect("https://["), "redirects to what can't be read as an address"),
        (redirect("https://xn--a/"), "redirects to what can't be read as an address"),
        (Reply(b"damaged", headers={"Content-Encoding": "gzip"}), "sends it packed (gzip)"),
        (Reply(b"", 503, {"Retry-After": "\xc2\xb2"}), "it answers 503 Service Unavailable"),
        (Reply(b"", 404, reason="[/red] \x1b[2J Gone"), "answers 404 [/red] \ufffd[2J Gone"),
        (Reply(b"", 304), "it answers 304 Not Modified, which is no answer to what was asked"),
        (Reply(b"PK", 206, {"Content-Range": "bytes 0-1/99"}), "it answers 206 Partial Content"),
    ],
)
def test_an_odd_answer_stops_its_own_source_only(empty: Fetching, reply: Reply, words: str) -> None:
    empty.publishers.on(BODS, reply)
    ran = empty()
    assert ran.code == 2
    assert ran.err.startswith("error: bods_gtfs_wm: ") and words in ran.err
    assert len(ran.err.splitlines()) == 1
    assert empty.lock().keys() == WANTED - {"bods_gtfs_wm"}


def test_odd_answers_to_every_source_are_one_message_each(empty: Fetching) -> None:
    """Half letters, markup and commands for the terminal in a publisher's own words."""
    said = json_reply({"error": {"code": 400, "message": "\ud800 [/red] \x1b[2J"}})
    empty.publishers.forget()
    for host in {host for source in REGISTRY.values() for host in source.hosts}:
        empty.publishers.on_all_of(host, "/", lambda _: said)
    ran = empty()
    assert ran.code == 2
    assert len(ran.err.splitlines()) == len(WANTED)
    assert all(line.startswith("error: ") for line in ran.err.splitlines())
    assert "\x1b" not in ran.err + ran.out
    assert "(400 \ufffd [/red] \ufffd[2J)" in ran.err


def test_a_title_with_half_a_letter_is_kept_with_a_sign_in_its_place(empty: Fetching) -> None:
    days = [{"title": "May \ud800 Day [/red]", "date": f"2026-05-{day:02d}"} for day in range(1, 20)]
    ask = REGISTRY["bank_holidays"].ask
    assert isinstance(ask, FileAt)
    empty.publishers.on(ask.url, json_reply({"england-and-wales": {"events": days}}))
    assert empty("--only", "bank_holidays").code == 0
    assert "May \ufffd Day [/red]" in (empty.folder / "bank_holidays.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>maintenance</html>", "a web page instead of the file"),
        (b"LSOA code (2021),Income Score (rate)\nE01000001,0.1\n", "expected one column beginning with"),
        (b"a,b\n1,2,3\n", "iod2025"),
    ],
)
def test_a_worse_file_never_takes_the_place_of_a_good_one(full: Fetching, content: bytes, words: str) -> None:
    before, entry = (full.folder / "iod2025.csv").read_bytes(), full.lock()["iod2025_file7"]
    ask = REGISTRY["iod2025_file7"].ask
    assert isinstance(ask, GovUkAttachment)
    full.publishers.on(ask.pinned, file_of(content, "text/csv"))
    ran = full("--refresh", "--only", "iod2025_file7")
    assert ran.code == 2
    assert "error: iod2025_file7:" in ran.err and words in ran.err
    assert (full.folder / "iod2025.csv").read_bytes() == before
    assert full.lock()["iod2025_file7"] == entry
    assert downloads(full) == []


def test_an_answer_with_too_few_rows_never_takes_the_place_of_a_whole_one(full: Fetching) -> None:
    before = (full.folder / "population.csv").read_bytes()
    header = '"GEOGRAPHY_CODE","C_AGE","C_AGE_NAME","OBS_VALUE","RECORD_COUNT"\r\n'
    rows = "".join(f'"E01250000",{code},"Aged {code}",5,3\r\n' for code in (200, 201, 203))
    full.publishers.on_all_of(NOMIS_HOST, "/api/v01/dataset", nomis_server({}))
    full.publishers.on(f"https://{NOMIS_HOST}/api/v01/dataset/NM_2014_1.data.csv", Reply((header + rows).encode()))
    ran = full("--refresh", "--only", "mye_lsoa21")
    assert ran.code == 2
    assert f"population.csv: {ZONES} rows expected, 1 arrived" in ran.err
    assert (full.folder / "population.csv").read_bytes() == before


def test_a_checksum_other_than_the_pinned_one_is_refused_and_the_old_file_kept(
    full: Fetching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(monkeypatch, tmp_path, "bus_metro_gtfs.zip", f'sha256 = "{"0" * 64}"')
    before = (full.folder / "bus_metro_gtfs.zip").read_bytes()
    full.publishers.on(BODS, file_of(timetable() + b"\0"))
    ran = full("--refresh", "--only", "bods_gtfs_wm")
    assert ran.code == 2
    assert "where the registry says 0000" in ran.err
    assert (full.folder / "bus_metro_gtfs.zip").read_bytes() == before


def test_a_timetable_that_never_runs_is_refused(empty: Fetching, tmp_path: Path) -> None:
    shutil.copyfile(Path(__file__), tmp_path / "not_a_feed.txt")
    with_other_things = shutil.make_archive(str(tmp_path / "odd"), "zip", tmp_path, "not_a_feed.txt")
    empty.publishers.on(BODS, file_of(Path(with_other_things).read_bytes()))
    ran = empty("--only", "bods_gtfs_wm")
    assert ran.code == 2
    assert "bus_metro_gtfs.zip is not what bods_gtfs_wm should give" in ran.err
    assert "no stops.txt" in ran.err


def test_a_redirect_to_an_unknown_host_is_refused_until_it_is_allowed(empty: Fetching) -> None:
    empty.publishers.on(BODS, redirect("https://bucket.example.org/itm.zip?signature=s3cret"))
    empty.publishers.on("https://bucket.example.org/itm.zip", file_of(timetable()))
    ran = empty("--only", "bods_gtfs_wm")
    assert ran.code == 2
    assert "--allow-host bucket.example.org" in ran.err
    assert "s3cret" not in ran.err
    assert empty("--only", "bods_gtfs_wm", "--allow-host", "bucket.example.org").code == 0


@pytest.mark.parametrize(
    "host", ["https://example.org", "*.example.org", "example", "file:///", "a b.org", "169.254.169.254"]
)
def test_only_plain_hosts_can_be_allowed(empty: Fetching, host: str) -> None:
    ran = empty("--allow-host", host)
    assert ran.code == 2
    assert "--allow-host takes a host name" in ran.err


def test_a_folder_that_is_a_file_is_one_clear_error(empty: Fetching, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    ran = empty("--to", tmp_path / "file")
    assert ran.code == 2
    assert "can't be written" in ran.err and "--to" in ran.err


def test_two_fetches_into_one_folder_do_not_mix(full: Fetching) -> None:
    with FileLock(full.folder / "downloads" / ".lock"):
        ran = full("--offline")
    assert ran.code == 2
    assert f"another `corridors fetch` is at work in {full.folder}" in ran.err
    assert full("--offline").code == 0


def test_a_full_disk_is_one_clear_error(full: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("corridors.fetch.job.write_lock", no_space)
    ran = full("--refresh", "--only", "mye_lsoa21")
    assert ran.code == 2
    assert f"{full.folder} can't be written: No space left on device" in ran.err


def test_a_damaged_lock_says_what_to_do(full: Fetching) -> None:
    (full.folder / "sources.lock.json").write_text("{")
    ran = full()
    assert ran.code == 2
    assert "sources.lock.json is damaged: remove it" in ran.err
    (full.folder / "sources.lock.json").unlink()
    assert full("--offline").code == 0
    assert {entry["by_hand"] for entry in full.lock().values()} == {True}


# --- by hand ---


def test_a_file_placed_by_hand_is_accepted_if_it_fits(empty: Fetching, fetched_once: Path) -> None:
    empty.folder.mkdir()
    shutil.copyfile(fetched_once / "population.csv", empty.folder / "population.csv")
    ran = empty("--only", "mye_lsoa21", "--offline")
    assert ran.code == 0, ran.err
    assert empty.lock()["mye_lsoa21"]["by_hand"] is True
    assert empty.publishers.asked == []


def test_refreshing_leaves_alone_what_was_placed_by_hand(empty: Fetching, fetched_once: Path) -> None:
    empty.folder.mkdir()
    shutil.copyfile(fetched_once / "population.csv", empty.folder / "population.csv")
    empty("--only", "mye_lsoa21")
    assert "placed by hand" in empty("--only", "mye_lsoa21", "--refresh").out
    assert empty.publishers.asked == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("population", "people", r"no column population; it has lsoa21_code, people"),
        ("E01250003", "E01250002", "1 rows repeat a lsoa21_code, first E01250002"),
        ("E01250003,", "E01250003,\nnonsense,", "42 rows expected, 43 arrived"),
    ],
)
def test_a_file_placed_by_hand_that_does_not_fit_is_refused(
    empty: Fetching, fetched_once: Path, old: str, new: str, words: str
) -> None:
    empty.folder.mkdir()
    text = (fetched_once / "population.csv").read_text(encoding="utf-8")
    if new.startswith("E01250003"):
        line = next(line for line in text.splitlines() if line.startswith(old))
        old, new = line, line + "\n" + line.replace("E01250003", "E01250099")
    (empty.folder / "population.csv").write_text(text.replace(old, new), encoding="utf-8")
    ran = empty("--only", "mye_lsoa21")
    assert ran.code == 2
    assert words in ran.err
    assert "placed or changed by hand: mend it, or remove it and fetch" in ran.err
    assert empty.publishers.asked == []


def test_a_publishers_file_placed_by_hand_is_made_into_ours(empty: Fetching) -> None:
    content = '{"england-and-wales": {"events": [{"title": "a", "date": "2026-01-01"}, {"title": "b", "date": "2026-12-25"}]}}'
    (empty.folder / "downloads").mkdir(parents=True)
    (empty.folder / "downloads" / "bank-holidays.json").write_text(content)
    assert empty("--only", "bank_holidays", "--offline").code == 0
    assert (empty.folder / "bank_holidays.csv").read_text() == "date,title\n2026-01-01,a\n2026-12-25,b\n"
    assert (empty.folder / "downloads" / "bank-holidays.json").exists()


# --- the configuration laid out ---


def test_files_that_change_carry_the_day_they_were_fetched(full: Fetching) -> None:
    day = str(full.lock()["osm_geofabrik_wm"]["retrieved_at"])[:10]
    config = load_config(full.folder / "config.toml")
    vintages = {layer.id: layer.vintage for layer in config.layers}
    assert config.streets.vintage == vintages["brownfield"] == f"retrieved {day}"
    assert vintages["people"] == f"latest on {day} (mid-2024 when written)"
    assert vintages["imd2025"] == "2025"


def test_a_run_writes_nothing_into_a_folder_that_is_up_to_date(full: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, _text: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("corridors.fetch.lockfile.write_whole", refuse)
    assert corridors("check", "west_midlands").code == 0
    (full.folder / "config.toml").unlink()
    ran = corridors("check", "west_midlands")
    assert ran.code == 2
    assert "can't be written: Permission denied; name another in CORRIDORS_DATA" in ran.err


def test_what_the_user_changed_in_the_data_folder_stays_and_that_is_said(full: Fetching) -> None:
    config = full.folder / "config.toml"
    edited = config.read_text(encoding="utf-8").replace('name = "West Midlands"', 'name = "Mine"')
    config.write_text(edited + "# my remark\n", encoding="utf-8")
    (full.folder / "NOTICE").write_text("my notice", encoding="utf-8")
    (full.folder / "pilots.csv").unlink()
    ran = full("--offline")
    assert ran.code == 0 and ran.err.count("kept as they are") == 2
    assert "NOTICE in" in ran.err and "config.toml in" in ran.err and "Move them away" in ran.err
    assert config.read_text(encoding="utf-8").endswith("# my remark\n")
    assert (full.folder / "NOTICE").read_text(encoding="utf-8") == "my notice"
    assert (full.folder / "pilots.csv").exists()
    assert "config.toml in" in corridors("check", "west_midlands").err


def test_files_of_ours_that_nobody_changed_follow_what_is_fetched(full: Fetching) -> None:
    before = (full.folder / "config.toml").read_bytes()
    assert full("--date", "2026-10-06").code == 0
    assert (full.folder / "config.toml").read_bytes() != before


# --- timetables ---


def test_without_a_date_the_day_is_a_usual_working_day_and_others_are_listed(full: Fetching) -> None:
    section = full.timetable_section()
    assert section["feeds"] == ["bus_metro_gtfs.zip"]
    day = section["date"]
    assert isinstance(day, dt.date) and day.weekday() in {1, 2, 3}
    (note,) = full.lock()["bods_gtfs_wm"]["notes"]  # type: ignore[misc]
    assert str(note).startswith(f"day {day_to_type(day)} (96 trips); as good: ")
    assert all(word in str(note) for word in ("Tuesday", "Wednesday", "Thursday"))
    assert "bus and Metro only" in str(section["vintage"])


def test_a_date_pins_the_run_to_the_archive_of_that_day(full: Fetching) -> None:
    ran = full("--date", "2026-10-06")
    assert ran.code == 0, ran.err
    section = full.timetable_section()
    assert section["feeds"] == ["bus_metro_gtfs_archive.zip"]
    assert section["date"] == dt.date(2026, 10, 6)
    assert "National Data Library" in str(section["source"])
    assert [asked.path for asked in full.publishers.asked] == [
        "/transport/BODS-ARCHIVE/timetables/2026/10/06/itm_west_midlands_gtfs_20261006.zip"
    ]


def test_an_older_day_is_taken_out_of_the_zip_of_all_files_of_that_day(full: Fetching, tmp_path: Path) -> None:
    ask = REGISTRY["bods_gtfs_archive"].ask
    assert isinstance(ask, DatedFile)
    inner = {
        "timetables/itm_west_midlands_gtfs_20260414.zip": timetable(),
        "timetables/itm_wales_gtfs_20260414.zip": b"x",
    }
    bundle = write_zip(tmp_path / "bundle.zip", inner)
    full.publishers.on(dt.date(2026, 4, 14).strftime(ask.bundle), file_of(bundle.read_bytes()))
    ran = full("--date", "2026-04-14")
    assert ran.code == 0, ran.err
    assert full.timetable_section()["date"] == dt.date(2026, 4, 14)
    assert downloads(full) == []
    full.publishers.on(
        dt.date(2026, 4, 15).strftime(ask.bundle), file_of(write_zip(bundle, {"a.zip": b"x"}).read_bytes())
    )
    assert "expected one file named like" in full("--date", "2026-04-15").err


def test_a_day_of_which_nothing_was_kept_names_the_gap(full: Fetching) -> None:
    ran = full("--date", "2026-08-04")
    assert ran.code == 2
    assert "no timetable was kept from 2026-07-28 to 2026-08-27: choose another day than 2026-08-04" in ran.err


def test_a_live_timetable_that_never_arrives_whole_suggests_the_archive(empty: Fetching) -> None:
    content = timetable()
    empty.publishers.on(BODS, Reply(content, chunked=True, cut_at=len(content) // 2))
    ran = empty("--only", "bods_gtfs_wm")
    assert ran.code == 2
    assert "after 5 attempts. What arrived so far is kept: try later, by the same command" in ran.err
    assert "--date YYYY-MM-DD" in ran.err


def test_another_number_of_rows_can_be_accepted(empty: Fetching, tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    text = path.read_text(encoding="utf-8")
    before, mark, after = text.partition('id = "mye_lsoa21"')
    path.write_text(before + mark + after.replace(f"rows = {ZONES}", f"rows = {ZONES + 1}", 1), encoding="utf-8")
    ran = empty("--only", "mye_lsoa21", "--only", "lsoa21_ward_lad")
    assert ran.code == 2
    assert "43 rows expected, 42 arrived: a new edition, or is a part of it missing?" in ran.err
    assert "say --accept-rows mye_lsoa21" in ran.err
    assert empty("--only", "mye_lsoa21", "--accept-rows", "mye_lsoa21").code == 0
    assert "no source is called nothing" in empty("--accept-rows", "nothing").err


def test_another_date_is_another_archive(full: Fetching) -> None:
    full("--date", "2026-10-06")
    ran = full("--date", "2026-10-13")
    assert ran.code == 2
    assert "bods_gtfs_archive: https://data.datalibrary.uk/" in ran.err and "20261013.zip" in ran.err
    assert full.timetable_section()["date"] == dt.date(2026, 10, 6)


def test_an_archived_timetable_that_does_not_run_on_its_day_is_refused(full: Fetching) -> None:
    """10 October 2026 is a Saturday, and this feed runs from Monday to Friday."""
    full.publishers.on(archive_of("2026-10-10"), file_of(timetable()))
    ran = full("--date", "2026-10-10")
    assert ran.code == 2
    assert "no trip runs on Saturday 2026-10-10" in ran.err and "A good date: Thursday 2026-10-08" in ran.err


def test_a_bank_holiday_is_warned_of(full: Fetching) -> None:
    full.publishers.on(archive_of("2026-12-25"), file_of(timetable()))
    assert full("--date", "2026-12-25").code == 0
    assert full.lock()["bods_gtfs_archive"]["notes"] == [
        "WARNING: 2026-12-25 is a bank holiday (Christmas Day), not a working day's timetable"
    ]


def test_a_timetable_without_the_metro_is_warned_of(empty: Fetching) -> None:
    empty.publishers.on(BODS, file_of(timetable(tram_type=3)))
    assert empty("--only", "bods_gtfs_wm").code == 0
    notes = empty.lock()["bods_gtfs_wm"]["notes"]
    assert isinstance(notes, list)
    assert notes[0] == "WARNING: no tram or metro in it, so every figure is without them and too low"


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "06/10/2026"])
def test_a_date_that_is_none_is_refused(empty: Fetching, text: str) -> None:
    ran = empty("--date", text)
    assert ran.code == 2
    assert f"--date {text!r} is not a day; write YYYY-MM-DD" in ran.err


def test_the_archive_without_a_date_asks_for_one(empty: Fetching) -> None:
    ran = empty("--only", "bods_gtfs_archive")
    assert ran.code == 2
    assert "say which with --date" in ran.err


def test_rail_is_a_hint_until_the_user_has_a_file(full: Fetching, tmp_path: Path) -> None:
    assert "Rail is not in the bus feed" in full("--offline").out
    (full.folder / "rail_gtfs.zip").write_bytes(timetable())
    ran = full("--offline")
    assert ran.code == 0, ran.err
    section = full.timetable_section()
    assert section["feeds"] == ["bus_metro_gtfs.zip", "rail_gtfs.zip"]
    assert "Rail Delivery Group" in str(section["source"])
    assert "National Rail terms" in str(section["licence"])
    assert REGISTRY["rail_gtfs"].attribution in (full.folder / "NOTICE").read_text(encoding="utf-8")


def test_rail_of_gb_transit_is_asked_for_by_name_and_its_terms_are_shown_first(full: Fetching, tmp_path: Path) -> None:
    """The day is one inside what the rail feed says of itself, and the run reads what calls in the region."""
    ran = full("--only", "rail_gb_transit")
    assert ran.code == 0, ran.err
    assert ran.err.startswith(
        "corridors: terms of rail_gb_transit: The timetable data belong to the Rail Delivery Group"
    )
    assert [asked.host for asked in full.publishers.asked] == [
        "github.com", "github.com", "release-assets.githubusercontent.com"
    ]  # fmt: skip
    section = full.timetable_section()
    assert section["feeds"] == ["bus_metro_gtfs.zip", "rail_gb_transit.zip"]
    day = section["date"]
    assert isinstance(day, dt.date) and dt.date(2026, 10, 1) <= day <= dt.date(2026, 12, 31)
    assert "(107 trips)" in str(full.lock()["bods_gtfs_wm"]["notes"])  # 96 of bus and tram, 11 of rail
    assert REGISTRY["rail_gb_transit"].attribution in (full.folder / "NOTICE").read_text(encoding="utf-8")
    assert "terms of" not in full("--only", "rail_gb_transit").err
    config = load_config(full.folder / "config.toml")
    network = read_network(config, read_context(config).surroundings)
    counts = {one.code: one.count for one in network.warnings}
    assert (counts["trips_beyond_region"], counts["stops_without_place"]) == (1, 1)
    modes = dict(zip(network.timetable.routes["short_name"], network.timetable.routes["mode"], strict=True))
    assert modes == {"BUS": "bus", "TRAM": "tram", "WM": "rail", "RRB": "bus"}
    assert network.timetable.transfer_rules["min_transfer_s"].tolist() == [300]
    trips = network.timetable.trip_id
    pairs = [
        (str(trips[one]), str(trips[other])) for one, other in zip(*network.timetable.continuations(), strict=True)
    ]
    assert pairs == [("rail_gb_transit:T360", "rail_gb_transit:T390")]  # people stay aboard: transfer type 4
    assert "date_outside_feed_info" not in counts


def test_the_users_own_rail_file_goes_before_that_of_gb_transit(full: Fetching) -> None:
    full("--only", "rail_gb_transit")
    (full.folder / "rail_gtfs.zip").write_bytes(rail_timetable())
    assert full("--offline").code == 0
    assert full.timetable_section()["feeds"] == ["bus_metro_gtfs.zip", "rail_gtfs.zip"]


def test_a_rail_file_that_is_no_feed_is_refused(full: Fetching) -> None:
    (full.folder / "rail_gtfs.zip").write_bytes(b"PK\x03\x04 cut short")
    ran = full("--offline")
    assert ran.code == 2
    assert "error: rail_gtfs: rail_gtfs.zip is not what rail_gtfs should give" in ran.err


# --- before anything is fetched ---


def test_a_run_before_any_fetch_says_what_to_do(empty: Fetching, tmp_path: Path) -> None:
    ran = corridors("run", "west_midlands", "--out", tmp_path / "out")
    assert ran.code == 2
    assert "nothing has been fetched for west_midlands yet" in ran.err
    assert "run `corridors fetch west_midlands` first" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_run_with_files_missing_names_their_sources(full: Fetching, tmp_path: Path) -> None:
    (full.folder / "jobs.csv").unlink()
    (full.folder / "terrain50.tif").unlink()
    ran = corridors("run", "west_midlands", "--out", tmp_path / "out")
    assert ran.code == 2
    assert "2 file(s) of west_midlands are not in" in ran.err
    assert "jobs.csv (bres_lsoa21)" in ran.err and "terrain50.tif (os_terrain50)" in ran.err


# --- probing ---


def test_a_probe_puts_one_question_to_each_source_and_tells_what_it_said(empty: Fetching) -> None:
    ran = corridors("sources", "--probe")
    assert ran.code == 0
    asked = [source for source in REGISTRY.values() if source.hosts]
    redirected = 3  # Terrain 50 leads on to its store, rail to its release and on to the store
    assert len(empty.publishers.asked) == len(asked) + redirected
    rows = [line for line in ran.out.splitlines() if "│" in line]
    assert any("osm_geofabrik_wm" in row and " yes " in row for row in rows)
    assert any("bods_gtfs_archive" in row and " no " in row for row in rows)  # not archived on that day
    assert any("rail_gtfs" in row and "not asked" in row for row in rows)
    assert not empty.folder.exists()


def test_a_probe_shows_what_a_publisher_says_and_does_not_obey_it(empty: Fetching) -> None:
    headers = {"Content-Type": "[/red]text/\x1b[2Jcsv", "Last-Modified": "[bold]today\x9b2J"}
    empty.publishers.on(BODS, Reply(b"x", 206, headers))
    ran = corridors("sources", "--probe")
    assert ran.code == 0
    assert "206, [/red]text/\ufffd[2Jcsv, [bold]today\ufffd2J" in " ".join(ran.out.split())


@pytest.mark.parametrize("status", [304, 416])
def test_an_answer_to_another_question_is_no_answer_to_a_probe(empty: Fetching, status: int) -> None:
    empty.publishers.on(BODS, Reply(b"", status))
    rows = [row for row in corridors("sources", "--probe").out.splitlines() if "bods_gtfs_wm" in row]
    assert " no " in rows[0]


# --- the bundled configuration ---


def test_every_file_of_the_bundled_configuration_has_a_source() -> None:
    files = {path.name for _, path in named_files(load_config(bundled_config()))}
    assert files - PLACES <= {source.file for source in REGISTRY.values()}


def test_the_configuration_and_the_registry_agree_on_licences() -> None:
    of_file = {source.file: source for source in REGISTRY.values()}
    config = load_config(bundled_config())
    named = [(layer.file, layer.licence, layer.source) for layer in config.layers]
    for file, licence, publisher in [*named, (config.zones.file, config.zones.licence, config.zones.source)]:
        source = of_file[file.name]
        assert (licence, publisher) == (source.licence, source.publisher)


def test_the_configuration_reads_columns_that_its_sources_have() -> None:
    of_file = {source.file: source for source in REGISTRY.values()}
    for layer in load_config(bundled_config()).layers:
        used = {layer.key, *(field.column for field in layer.fields.values())}
        used |= {field.base for field in layer.fields.values() if field.base}
        assert used <= set(of_file[layer.file.name].columns)


def test_the_live_timetable_is_the_registrys() -> None:
    ask = REGISTRY["bods_gtfs_wm"].ask
    assert isinstance(ask, FileAt) and ask.url == BODS
