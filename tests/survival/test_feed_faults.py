"""Cases 70 to 79: feeds that people published and the planner misread. Worked examples: buses on a line of stops, A at 08:00."""

import datetime as dt
import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from accessibility.errors import FeedError
from accessibility.feed import Feed, read_feed
from accessibility.gtfs.lines import mended_lines
from accessibility.legs import Walk
from accessibility.repairs import Repair
from accessibility.search.links.walks import transfer_legs
from accessibility.timetable.timetable import Timetable, build_timetable
from tests.support import transxchange
from tests.support.asking import refused as refused_by_matrix
from tests.support.case_table import CaseTable
from tests.support.feeds import (
    TUESDAY,
    FeedText,
    feed_text,
    read,
    repairs_of,
    route,
    service,
    spoken,
    stop,
    timetable_on,
    trip,
    write_folder,
    write_zip,
)
from tests.support.small_region import SmallRegion

ON_FOOT = Walk(max_s=0)
TWO = feed_text(trip("t1", "A 08:10 | B 08:20"), trip("t2", "B 08:30 | C 08:40"))


def said(repair: Repair) -> str:
    """A counted warning as a user reads it."""
    return f"{repair.count:,} ({repair.share:.1%}). {repair.effect}"


def read_texts(folder: Path, texts: Mapping[str, str], **changed: str) -> Feed:
    """The feed of these tables; `changed` are others by their name without .txt."""
    return read_feed(
        write_folder(folder / "feed", {**texts, **{f"{name}.txt": text for name, text in changed.items()}})
    )


def changes_at(timetable: Timetable, stop_id: str) -> list[int]:
    """Seconds it takes to change at a stop; none where it is forbidden."""
    number = int(np.flatnonzero(timetable.stops["stop_id"] == stop_id)[0])
    legs = transfer_legs(timetable, None, ON_FOOT)
    row = slice(legs.offset[number], legs.offset[number + 1])
    return legs.seconds[row][legs.target[row] == number].tolist()


# ---- codes and ids written as decimals ----


def as_decimals(text: FeedText, columns: tuple[str, ...]) -> FeedText:
    """The feed as a table library writes it: whole numbers of these columns with a decimal end."""
    for table, rows in text.tables.items():
        made = [
            {name: f"{value}.0" if name in columns and str(value) != "" else value for name, value in row.items()}
            for row in rows
        ]
        text = text.setting(table, *made)
    return text


CODES = (
    "pickup_type", "drop_off_type", "transfer_type", "exact_times", "exception_type", "location_type", "direction_id",
    "wheelchair_boarding", "wheelchair_accessible", "route_type", "stop_sequence", "headway_secs", "min_transfer_time",
    "start_date", "end_date", "date", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
CODED = (
    feed_text(
        trip("t1", "A 08:10 pickup=1 | B 08:20 dropoff=0 | C 08:30 dropoff=1 | D 08:40", wheelchair_accessible=2, direction_id=1),
        trip("t2", "A 09:00 pickup=0 | B 09:10", service="OFF"),
        trip("often", "A 10:00 | B 10:10"),
        stops=[stop("S", 52.4, -1.9, location_type=1, wheelchair_boarding=1)],
        routes=[route("R1", 700)],
        calendar=[service("WK", "0100000"), service("OFF", "0100000")],
    )
    .adding("calendar_dates.txt", {"service_id": "OFF", "date": "20260324", "exception_type": 2})
    .adding("transfers.txt", {"from_stop_id": "B", "to_stop_id": "B", "transfer_type": 3, "min_transfer_time": ""})
    .adding("transfers.txt", {"from_stop_id": "A", "to_stop_id": "A", "transfer_type": 2, "min_transfer_time": 90})
    .adding(
        "frequencies.txt",
        {"trip_id": "often", "start_time": "10:00:00", "end_time": "10:20:00", "headway_secs": 600, "exact_times": 1},
    )
)  # fmt: skip


def test_codes_written_as_decimals_mean_the_same(case: CaseTable) -> None:
    plain, decimal = timetable_on(CODED), timetable_on(as_decimals(CODED, CODES))
    assert spoken(decimal) == spoken(plain)
    assert "t1: A 08:10 | B 08:20 | C 08:30 | D 08:40" in spoken(plain) and len(spoken(plain)) == 3  # t2 is off
    assert decimal.position_can_board.tolist() == plain.position_can_board.tolist()
    assert decimal.position_can_alight.tolist() == plain.position_can_alight.tolist()
    assert (~plain.position_can_board).sum() == 3  # t1 at A, and the last stops
    assert (~plain.position_can_alight).sum() == 3  # t1 at C, and the first stops
    for one in (plain, decimal):
        assert (changes_at(one, "A"), changes_at(one, "B"), changes_at(one, "C")) == ([90], [], [0])
        assert one.routes["mode"].tolist() == ["bus"] and one.trip_wheelchair.max() == 2
        assert len(one.headway_runs.trip) == 0  # the headway is exact
    assert decimal.repairs == plain.repairs
    case.as_meant(70, "codes and dates written 1.0 and 20260324.0", "1 and 20260324")


IDS = ("route_id", "service_id", "trip_id", "stop_id", "parent_station", "from_stop_id", "to_stop_id", "agency_id")
NUMBERED = feed_text(
    trip("1", "10 08:10 | 20 08:20", route="7", service="3"),
    trip("2", "20 08:30 | 30 08:40", route="7", service="3"),
    stops=[stop("5", 52.4, -1.9, location_type=1), stop("20", 52.41, -1.9, parent_station=5)],
).adding("transfers.txt", {"from_stop_id": 20, "to_stop_id": 20, "transfer_type": 3})


@pytest.mark.parametrize(
    "table", ["stops.txt", "routes.txt", "trips.txt", "stop_times.txt", "calendar.txt", "transfers.txt"]
)
def test_ids_of_one_table_written_as_decimals_are_those_of_the_others(case: CaseTable, table: str) -> None:
    mended = NUMBERED.setting(table, *as_decimals(NUMBERED, IDS).tables[table])
    found = timetable_on(mended)
    assert [words.split(": ")[1].replace(".0 ", " ") for words in spoken(found)] == [
        "10 08:10 | 20 08:20",
        "20 08:30 | 30 08:40",
    ]
    stop_id = "20.0" if table == "stops.txt" else "20"
    assert changes_at(found, stop_id) == []
    words = [said(repair) for repair in found.repairs if repair.code == "ids_as_decimals"]
    assert words and {repair.code for repair in found.repairs} == {"ids_as_decimals"}
    case.warning(70, f"ids of {table} written 7.0 that are 7 elsewhere", words[0])


def test_ids_that_differ_by_more_than_a_decimal_end_stay_apart() -> None:
    text = feed_text(trip("1", "A 08:10 | B 08:20"), trip("1.0", "A 09:10 | B 09:20"), trip("1.5", "A 10:00 | B 10:10"))
    assert len(spoken(timetable_on(text))) == 3 and not read(text).repairs


def test_codes_that_gtfs_does_not_know_are_counted() -> None:
    text = (
        feed_text(trip("t", "A 08:00 pickup=7 | B 08:10", wheelchair_accessible="yes"), calendar=[service("WK", "x100000")])
        .adding("stops.txt", stop("Z", 52.4, -1.9, location_type=9, wheelchair_boarding="no"))
        .adding("transfers.txt", {"from_stop_id": "A", "to_stop_id": "A", "transfer_type": "never"})
        .adding("frequencies.txt", {"trip_id": "t", "start_time": "08:00", "end_time": "09:00", "headway_secs": 600,
                                    "exact_times": "maybe"})
    )  # fmt: skip
    repairs = repairs_of(read(text))
    assert set(repairs) == {
        "boarding_unknown", "wheelchair_accessible_unknown", "calendar_days_unclear", "location_type_unknown",
        "wheelchair_boarding_unknown", "transfers_of_unknown_type", "exact_times_unknown",
    }  # fmt: skip
    assert "1 days of calendar.txt are neither 1 (runs) nor 0 but 'x'" in repairs["calendar_days_unclear"].effect


# ---- rows that end early, quotation marks that are never closed ----


def test_rows_that_end_early_are_filled_with_blank_cells(case: CaseTable, tmp_path: Path) -> None:
    texts = TWO.texts()
    short = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n" + "".join(
        f"{row['trip_id']},{row['arrival_time']},{row['departure_time']},{row['stop_id']},{row['stop_sequence']}\n"
        for row in TWO.tables["stop_times.txt"]
    )
    feed = read_texts(tmp_path, texts, stop_times=short)
    assert spoken(build_timetable(feed, TUESDAY)) == ["t1: A 08:10 | B 08:20", "t2: B 08:30 | C 08:40"]
    case.warning(71, "rows that end after their last filled cell", said(repairs_of(feed)["rows_ended_early"]))


def test_blank_cells_past_the_header_are_no_cells(tmp_path: Path) -> None:
    texts = {name: text.replace("\n", ",,\n").replace(",,\n", "\n", 1) for name, text in TWO.texts().items()}
    feed = read_texts(tmp_path, texts)
    assert spoken(build_timetable(feed, TUESDAY)) == ["t1: A 08:10 | B 08:20", "t2: B 08:30 | C 08:40"]
    assert not feed.repairs


HEADER = "stop_id,stop_name,stop_lat,stop_lon\n"
PLACES = [("A", "52.40"), ("B", "52.41"), ("C", "52.42"), ("D", "52.43")]


@pytest.mark.parametrize("opened", ["B", "BD", "BC", "ABCD", "D"])
def test_a_quotation_mark_that_is_never_closed_swallows_no_row(case: CaseTable, tmp_path: Path, opened: str) -> None:
    rows = [f"{name},{chr(34) if name in opened else ''}Stop {name},{lat},-1.9\n" for name, lat in PLACES]
    feed = read_texts(tmp_path, TWO.texts(), stops=HEADER + "".join(rows))
    assert list(zip(feed.stops["stop_id"], feed.stops["lat"], strict=True)) == [
        (name, float(lat)) for name, lat in PLACES
    ]
    assert list(feed.stops["name"]) == [f"Stop {name}" for name, _ in PLACES]
    assert repairs_of(feed)["quotes_never_closed"].count == len(opened)
    names = " and ".join(opened)
    case.warning(72, f"the names of {names} open a quotation mark", said(repairs_of(feed)["quotes_never_closed"]))


@pytest.mark.parametrize("table", ["stops", "routes", "trips", "stop_times", "calendar", "calendar_dates", "transfers"])
def test_a_mark_never_closed_is_found_in_every_table(tmp_path: Path, table: str) -> None:
    text = TWO.adding("calendar_dates.txt", {"service_id": "WK", "date": "20260325", "exception_type": 2})
    text = text.adding("transfers.txt", {"from_stop_id": "B", "to_stop_id": "B", "transfer_type": 0})
    texts = {name: words.replace("\n", ",\n").replace(",\n", ",note\n", 1) for name, words in text.texts().items()}
    rows = texts[f"{table}.txt"].splitlines()
    changed = "\n".join([rows[0], *(f'{row}"see' for row in rows[1:]), ""])
    feed = read_texts(tmp_path, {**texts, "agency.txt": text.texts()["agency.txt"]}, **{table: changed})
    assert spoken(build_timetable(feed, TUESDAY)) == ["t1: A 08:10 | B 08:20", "t2: B 08:30 | C 08:40"]
    if len(rows) > 2:  # in the only row there is no other to swallow
        assert repairs_of(feed)["quotes_never_closed"].count == len(rows) - 1


@pytest.mark.parametrize(
    "name",
    ['"two\nlines"', '"two ""good""\nlines"', '"a,\nb,\nc"', '"The "Old" Mill"', 'Spini "Casa', '"\n\nblank lines"'],
)  # fmt: skip
def test_names_with_marks_that_pair_stay_one_cell(tmp_path: Path, name: str) -> None:
    rows = [f"{stop_id},{name if stop_id == 'B' else 'x'},{lat},-1.9\n" for stop_id, lat in PLACES]
    feed = read_texts(tmp_path, TWO.texts(), stops=HEADER + "".join(rows))
    assert list(zip(feed.stops["stop_id"], feed.stops["lat"], strict=True)) == [
        (one, float(lat)) for one, lat in PLACES
    ]
    assert not feed.repairs


def test_rows_in_quotation_marks_that_end_early_are_filled_too() -> None:
    mended = mended_lines(b'a,b,c\n"1, or one",2\n1\n', 1, 3)
    assert mended.raw == b'"1, or one",2\n1,,\n' and mended.n_ended_early == 1  # the first is filled after parsing


def test_deleted_transxchange_journeys_do_not_run(case: CaseTable, tmp_path: Path) -> None:
    kept = transxchange.journey("J1", "08:00:00")
    gone = transxchange.journey("J2", "09:00:00").replace("<VehicleJourney>", '<VehicleJourney Modification="delete">')
    text = transxchange.document(transxchange.links("A 5 B"), kept, gone)
    found = build_timetable(read_feed(transxchange.written(tmp_path / "feed.xml", text)), dt.date(2025, 3, 25))
    assert spoken(found) == ["J1: A 08:00 | B 08:05"]
    case.warning(79, "TransXChange journeys marked as deleted", said(repairs_of(found)["txc_records_withdrawn"]))


# ---- time zones ----


def in_zone(text: FeedText, zone: str) -> FeedText:
    return text.setting("agency.txt", {"agency_id": "AG", "agency_name": "The Agency", "agency_timezone": zone})


def test_feeds_of_two_time_zones_share_one_clock(case: CaseTable, tmp_path: Path) -> None:
    bus = feed_text(trip("t1", "A 08:10 | B 08:20"), trip("t3", "A 09:10 | B 09:20"))
    coach = in_zone(feed_text(trip("c1", "B 09:30 | C 09:40")), "Europe/Paris")
    found = build_timetable(read_feed([bus.zip(tmp_path / "bus.zip"), coach.zip(tmp_path / "coach.zip")]), TUESDAY)
    assert "coach:c1: coach:B 08:30 | coach:C 08:40" in spoken(found)
    case.warning(73, "feeds of two time zones", said(repairs_of(found)["time_zones_differ"]))


def test_agencies_of_two_time_zones_each_keep_their_own(tmp_path: Path) -> None:
    text = feed_text(
        trip("t1", "A 08:10 | B 08:20"),
        trip("t3", "A 09:10 | B 09:20"),
        trip("c1", "A 00:30 | B 00:40", route="PAR"),
        routes=[route("R1", agency_id="L"), route("PAR", agency_id="P")],
    ).setting(
        "agency.txt",
        {"agency_id": "L", "agency_name": "London", "agency_timezone": "Europe/London"},
        {"agency_id": "P", "agency_name": "Paris", "agency_timezone": "Europe/Paris"},
    )
    # Half past midnight in Paris is half past eleven of the evening before; tomorrow's is this evening's.
    assert [words for words in spoken(timetable_on(text)) if words.startswith("c1")] == [
        "c1: A -00:30 | B -00:20",
        "c1: A 23:30 | B 23:40",
    ]


def test_clock_changes_are_kept_where_feeds_differ_in_their_zone(tmp_path: Path) -> None:
    bus = feed_text(trip("t1", "A 08:10 | B 08:20", service="SA"), trip("n", "A 26:30 | B 26:40", service="SA"),
                    calendar=[service("SA", "0000011")])  # fmt: skip
    coach = in_zone(
        feed_text(trip("c1", "B 09:30 | C 09:40", service="SU"), calendar=[service("SU", "0000001")]), "Europe/Paris"
    )
    feed = read_feed([bus.zip(tmp_path / "bus.zip"), coach.zip(tmp_path / "coach.zip")])
    found = build_timetable(feed, TUESDAY.replace(day=29))  # clocks go forward in both zones that night
    assert "bus:n: bus:A 03:30 | bus:B 03:40" in spoken(found)  # 02:30 of the night does not exist
    assert {"clocks_change", "time_zones_differ"} <= set(repairs_of(found))


# ---- transfers ----


@pytest.mark.parametrize("time", ["", "-1", "5 min", "nan", "-inf"])
def test_a_minimum_without_a_usable_time_leaves_the_change_open(case: CaseTable, time: str) -> None:
    rule = {"from_stop_id": "B", "to_stop_id": "B", "transfer_type": 2, "min_transfer_time": time}
    found = timetable_on(TWO.adding("transfers.txt", rule))
    assert changes_at(found, "B") == [0]
    words = said(repairs_of(found)["transfers_without_time"])
    case.warning(74, f"a transfer of type 2 with the time '{time}'", words)


def test_a_minimum_longer_than_any_day_forbids_the_change_and_overflows_nothing() -> None:
    rule = {"from_stop_id": "B", "to_stop_id": "B", "transfer_type": 2, "min_transfer_time": "1e12"}
    assert changes_at(timetable_on(TWO.adding("transfers.txt", rule)), "B") == [7 * 86_400]


def test_transfers_of_trips_need_no_stops(case: CaseTable) -> None:
    found = timetable_on(TWO.adding("transfers.txt", {"from_trip_id": "t1", "to_trip_id": "t2", "transfer_type": 4}))
    assert changes_at(found, "B") == [0]
    assert "transfers_of_unknown_trips" not in repairs_of(found)
    case.as_meant(74, "transfers without stop columns", "people stay aboard from one trip to the other")


# ---- packing ----


def test_a_method_of_packing_that_cannot_be_read_is_named(case: CaseTable, tmp_path: Path) -> None:
    path = TWO.zip(tmp_path / "feed.zip")
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = raw.find(mark)
        while place >= 0:
            raw[place + offset : place + offset + 2] = struct.pack("<H", 9)
            place = raw.find(mark, place + 4)
    path.write_bytes(raw)
    with pytest.raises(FeedError, match="packed by the method Deflate64") as refused:
        read_feed(path)
    case.error(75, "a zip packed by Deflate64", str(refused.value))


# ---- searches without end ----


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("a step of 1 second over a day", {"step": 1, "window": "00:00-24:00"}),
        ("any number of rides in writing", {"max-rides": 2_000_000}),
    ],
)
def test_a_search_without_end_is_refused(
    region: SmallRegion, case: CaseTable, words: str, options: dict[str, object]
) -> None:
    found = refused_by_matrix(region, **options)
    assert f"--{next(iter(options))}" in found
    case.error(79, words, found)


# ---- TransXChange ----

ABC = transxchange.links("A 5 B 7 C")
J2 = transxchange.journey("J2", "09:00:00")


def txc_on_tuesday(folder: Path, *journeys: str, service: str = "") -> Timetable:
    text = transxchange.document(ABC, *journeys, service=service, start="2026-01-01", end="2026-12-31")
    return build_timetable(read_feed(transxchange.written(folder / "lines.xml", text)), TUESDAY)


def test_a_journeys_own_profile_is_not_mixed_with_its_services(case: CaseTable, tmp_path: Path) -> None:
    closed = "<DateRange><StartDate>2026-03-24</StartDate><EndDate>2026-03-24</EndDate></DateRange>"
    closed = f"<SpecialDaysOperation><DaysOfNonOperation>{closed}</DaysOfNonOperation></SpecialDaysOperation>"
    service = f"<OperatingProfile>{transxchange.WEEKDAYS}{closed}</OperatingProfile>"
    silent = transxchange.journey("J3", "10:00:00", "")
    found = spoken(txc_on_tuesday(tmp_path, J2, silent, service=service))
    assert found == ["J2: A 09:00 | B 09:05 | C 09:12"]
    case.as_meant(
        76, "a journey with an OperatingProfile of its own", "it stands alone; a closed day of the service is not its"
    )


def test_school_journeys_without_days_are_said_to_run_on_none(case: CaseTable, tmp_path: Path) -> None:
    days = "<WorkingDays><ServicedOrganisationRef>SCH</ServicedOrganisationRef></WorkingDays>"
    school = (
        "<RegularDayType><HolidaysOnly/></RegularDayType><ServicedOrganisationDayType>"
        f"<DaysOfOperation>{days}</DaysOfOperation></ServicedOrganisationDayType>"
    )
    found = txc_on_tuesday(tmp_path, transxchange.journey("J1", "08:00:00", school), J2)
    assert len(spoken(found)) == 1
    words = said(repairs_of(found)["txc_journeys_never_run"])
    case.warning(77, "HolidaysOnly for a school that gives no days", words)


def test_a_file_without_journeys_is_counted(case: CaseTable, tmp_path: Path) -> None:
    period = {"start": "2026-01-01", "end": "2026-12-31"}
    texts = {
        "a.xml": transxchange.document(ABC, **period).replace(">S<", ">T<"),
        "b.xml": transxchange.document(ABC, J2, **period),
    }
    found = build_timetable(read_feed(write_zip(tmp_path / "lines.zip", texts)), TUESDAY)
    assert len(spoken(found)) == 1
    case.warning(78, "one TransXChange file without journeys", said(repairs_of(found)["txc_files_without_journeys"]))
