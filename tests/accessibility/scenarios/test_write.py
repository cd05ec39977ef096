"""A feed that is written and read again is the same feed, with nothing to repair."""

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from accessibility.errors import ScenarioError
from accessibility.feed import Feed, read_feed
from accessibility.scenarios.applying import apply
from accessibility.scenarios.edits import Headway, Interchange, NewLine, Period, Withdraw
from accessibility.scenarios.places import Place
from accessibility.scenarios.selection import Selection
from accessibility.scenarios.write import write_gtfs
from accessibility.timetable.timetable import build_timetable
from tests.accessibility.scenarios.plain import FRAMES
from tests.accessibility.scenarios.random_edits import ANY
from tests.accessibility.scenarios.test_against_oracle import Batch, searched
from tests.support.feeds import TUESDAY, feed_text, read, route, service, spoken, stop, trip

NEWPORT = Path("../shared/data/newport/newport-20230613_gtfs.zip")


def assert_same(found: Feed, expected: Feed, *, types: bool = True) -> None:
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name), check_dtype=types)
    for column, wanted in zip(found.stop_times, expected.stop_times, strict=True):
        assert column.dtype == wanted.dtype and column.tolist() == wanted.tolist()


def awkward() -> Feed:
    """Commas, quotation marks and line ends in names; two time zones of one agency, an agency without a name; times after
    midnight; forbidden boarding; stations; exceptions of the calendar; both kinds of headways; rules of transfers; a block,
    and trips that become another."""
    text = feed_text(
        trip(
            "T1",
            "A 23:50 | B 24:10-24:12 no-board | C 25:00",
            route="R1",
            trip_headsign='the "Bell", Dudley',
            direction_id="1",
        ),
        trip("T2", "C 07:00 | B 07:10 no-alight | A 07:20", route="R2", service="SA", wheelchair_accessible=1),
        trip("T3", "A 08:00 | C 08:30", route="R3"),
        trip("T4", "C 08:30 | A 09:00", route="R2", block_id="7"),
        stops=[
            stop("A", 52.4, -1.9, parent_station="ST", wheelchair_boarding=2),
            stop("B", 52.41, -1.9, stop_name="Bell, corner\nof High Street"),
            stop("C", 52.42, -1.900000001),
            stop("ST", 52.4, -1.9, location_type=1, wheelchair_boarding=1),
        ],
        routes=[route("R1", 3, agency_id="X"), route("R2", 900, agency_id="Y"), route("R3", 1100, agency_id="Z")],
        calendar=[service("WK", "1111100"), service("SA", "0000010")],
    )
    agency = {"agency_url": "", "agency_timezone": "Europe/London"}
    text = text.setting(
        "agency.txt",
        {"agency_id": "X", "agency_name": "One, Two", **agency},
        {"agency_id": "Y", "agency_name": "One, Two", **agency, "agency_timezone": "Europe/Paris"},
        {"agency_id": "Z", "agency_name": "", **agency},
    )
    text = text.adding("calendar_dates.txt", {"service_id": "WK", "date": "20260325", "exception_type": 2})
    rows = [{"trip_id": "T3", "start_time": f"{h:02d}:00:00", "end_time": f"{h + 1}:00:00"} for h in (8, 9)]
    text = text.adding(
        "frequencies.txt", *({**row, "headway_secs": 600, "exact_times": i} for i, row in enumerate(rows))
    )
    rule = {"from_stop_id": "A", "to_stop_id": "B"}
    return read(
        text.adding(
            "transfers.txt",
            {**rule, "transfer_type": 2, "min_transfer_time": 90},
            {**rule, "to_stop_id": "C", "transfer_type": 3, "min_transfer_time": ""},
            {"transfer_type": 4, "from_trip_id": "T1", "to_trip_id": "T4"},
        )
    )


def test_a_feed_comes_back_as_it_was_written_without_a_repair(tmp_path: Path) -> None:
    feed = awkward()
    assert feed.repairs == ()
    again = read_feed(write_gtfs(feed, tmp_path / "feed.zip"))
    assert again.repairs == ()
    assert_same(again, feed)


def test_an_operator_keeps_its_id_and_its_code_and_is_selected_by_each(tmp_path: Path) -> None:
    text = feed_text(
        trip("T1", "A 08:00 | B 08:10", route="X"),
        trip("T2", "A 09:00 | B 09:10", route="Y"),
        routes=[route("X", agency_id="OP1", route_short_name="1"), route("Y", agency_id="OP2", route_short_name="1")],
    )
    agency = {"agency_url": "", "agency_timezone": "Europe/London"}
    feed = read(
        text.setting(
            "agency.txt",
            {"agency_id": "OP1", "agency_name": "Buses of One", "agency_noc": "BOON", **agency},
            {"agency_id": "OP2", "agency_name": "Buses of Two", "agency_noc": "BOTW", **agency},
        )
    )
    again = read_feed(write_gtfs(feed, tmp_path / "feed.zip"))
    assert again.routes[["agency_id", "agency_noc"]].to_numpy().tolist() == [["OP1", "BOON"], ["OP2", "BOTW"]]
    for operator in ("Buses of Two", "OP2", "botw"):
        left = apply(again, [Withdraw("w", Selection("1", operator))], date=TUESDAY).feed
        assert left.trips["trip_id"].tolist() == ["T1"]
    with pytest.raises(ScenarioError, match="BOON has a line '1' already"):
        stops = (Place("A"), Place("B"))
        apply(again, [NewLine("n", "1", stops, "BOON", departures=(30_000,), run_s=(600,))], date=TUESDAY)


def test_the_same_feed_makes_the_same_bytes(tmp_path: Path) -> None:
    one, two = (write_gtfs(awkward(), tmp_path / name).read_bytes() for name in ("one.zip", "two.zip"))
    assert one == two
    assert sorted(file.name for file in tmp_path.iterdir()) == ["one.zip", "two.zip"]


def test_an_edited_feed_comes_back_as_it_was_written(tmp_path: Path) -> None:
    feed = awkward()
    stops = (Place("A"), Place("new", "New, Stop", (52.43, -1.91)), Place("C"))
    edits = [
        NewLine(
            "l",
            "9",
            stops,
            "Op",
            "tram",
            (Period(21_600, 30_000, 720), Period(30_000, 60_000, 900)),
            speed_kmh=27,
            dwell_s=30,
        ),
        Interchange("i", (Place("A"), Place("C")), 120),
        Headway("h", Selection("R3", from_s=30_000, to_s=34_000), factor=0.5),
        Withdraw("w", Selection("R1")),
    ]
    edited = apply(feed, edits, date=TUESDAY, phases={"l:0": 100, "l:1": 650}).feed
    again = read_feed(write_gtfs(edited, tmp_path / "edited.zip"))
    assert again.repairs == ()
    assert_same(again, edited)
    assert spoken(build_timetable(again, TUESDAY)) == spoken(build_timetable(edited, TUESDAY))


def test_feeds_that_were_merged_come_back_as_one_with_the_same_trips(tmp_path: Path) -> None:
    names = [write_gtfs(awkward(), tmp_path / f"{name}.zip") for name in ("bus", "rail")]
    merged = read_feed(names)
    again = read_feed(write_gtfs(merged, tmp_path / "all.zip"))
    assert again.repairs == ()
    assert_same(again, dataclasses.replace(merged, trips=merged.trips.assign(feed=again.trips["feed"])))


def test_random_networks_with_an_edit_each_come_back_as_they_were_written(tmp_path: Path) -> None:
    batch = Batch(0, ANY)
    edited = batch.edited(batch.expected).feed
    again = read_feed(write_gtfs(edited, tmp_path / "edited.zip"))
    assert again.repairs == ()
    assert_same(again, edited, types=False)  # texts put together by hand have another type
    assert (searched(again, len(batch.networks)) == searched(edited, len(batch.networks))).all()


def test_a_real_feed_comes_back_with_no_repair_that_it_has_not_had(tmp_path: Path) -> None:
    if not NEWPORT.exists():
        pytest.skip(f"{NEWPORT} is not here")
    feed = read_feed(NEWPORT)
    again = read_feed(write_gtfs(feed, tmp_path / "again.zip"))
    assert_same(again, feed)
    assert {repair.code for repair in again.repairs} <= {repair.code for repair in feed.repairs}
