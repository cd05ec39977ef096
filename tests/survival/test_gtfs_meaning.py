"""Cases 13 to 41: timetables that are readable and yet not what they seem."""

import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path

import networkx as nx
import osmnx
import pytest

from accessibility.feed import read_feed
from accessibility.timetable.timetable import Timetable, build_timetable
from tests.support.asking import answer, refused, warnings_of
from tests.support.case_table import CaseTable
from tests.support.cli import corridors
from tests.support.feeds import (
    FIRST_LAT,
    LON,
    STEP_DEG,
    TUESDAY,
    FeedText,
    Row,
    feed_text,
    repairs_of,
    route,
    service,
    spoken,
    stop,
    timetable_on,
    trip,
)
from tests.support.small_region import (
    FIRST_MIN,
    HEADWAY_MIN,
    LAST_MIN,
    SAMPLED_MINUTES_A_TO_F,
    STOPS,
    SmallRegion,
    calls,
    good_feed,
    good_trips,
    good_zones,
    position,
)

GOOD = trip("good", "A 08:00 | B 08:10 | C 08:20")
AS_GOOD = "good: A 08:00 | B 08:10 | C 08:20"


def counted(found: Timetable, code: str) -> str:
    """The counted warning of that code as a user reads it."""
    repair = repairs_of(found)[code]
    return f"{repair.count:,} ({repair.share:.1%}). {repair.effect}"


def line(*trips: str) -> FeedText:
    """The good trip and others, written `name: calls`."""
    return feed_text(GOOD, *(trip(*words.split(": ", 1)) for words in trips))


# ---- times ----


def test_times_past_24_and_48_hours_run_on_the_days_after(case: CaseTable) -> None:
    found = spoken(timetable_on(line("night: A 25:10 | B 25:20", "late: A 47:50 | B 49:00")))
    yesterdays, todays = ["night: A 01:10 | B 01:20", "late: A 23:50 | B 25:00"], ["night: A 25:10 | B 25:20"]
    assert sorted(found) == sorted([*yesterdays, *todays, "late: A 47:50 | B 49:00", AS_GOOD])
    case.as_meant(
        13, "times past 24:00 and 48:00", "they run on the days after; those of the days before are part of today"
    )


def test_short_and_minute_times_are_read(case: CaseTable) -> None:
    assert (
        spoken(timetable_on(line("short: A 7:05:00 | B 07:15 | C 7:25:30")))[0]
        == "short: A 07:05 | B 07:15 | C 07:25:30"
    )
    case.as_meant(14, "`7:05:00` and `07:05`", "hours may have one digit, seconds may be left out")


@pytest.mark.parametrize("odd", ["24:60:00", "noon", "8.10"])
def test_times_that_are_none_are_filled_in_and_counted(case: CaseTable, odd: str) -> None:
    found = timetable_on(line(f"odd: A 09:00 | B {odd} | C 09:20"))
    assert "odd: A 09:00 | B 09:10 | C 09:20" in spoken(found)
    words = counted(found, "unreadable_times")
    assert "2 (16.7%)" in words and "are not clock times" in words
    assert repairs_of(found)["blank_times_interpolated"].sample == ("odd",)
    case.warning(14, "`24:60:00` and other words for times", words)


def test_missing_middle_times_are_filled_by_distance(case: CaseTable) -> None:
    near = [stop("A", 52.40, LON), stop("B", 52.41, LON), stop("C", 52.44, LON)]
    found = timetable_on(feed_text(trip("gap", "A 08:00 | B ? | C 08:20"), stops=near))
    assert spoken(found) == ["gap: A 08:00 | B 08:05 | C 08:20"]  # B is a quarter of the way
    words = counted(found, "blank_times_interpolated")
    assert "1 blank stop times were filled in by distance along the stops" in words
    case.warning(15, "missing middle times", words)


@pytest.mark.parametrize("calls", ["A ? | B 09:10 | C 09:20", "A 09:00 | B 09:10 | C ?"])
def test_a_trip_without_its_first_or_last_time_is_dropped(case: CaseTable, calls: str) -> None:
    found = timetable_on(line(f"open: {calls}"))
    assert spoken(found) == [AS_GOOD]
    words = counted(found, "first_or_last_time_missing")
    assert "1 (50.0%)" in words and "were dropped" in words
    case.warning(16, "missing first or last time", words)


def test_a_trip_that_arrives_before_it_left_is_dropped(case: CaseTable) -> None:
    found = timetable_on(line("back: A 09:00 | B 08:59 | C 09:20"))
    assert spoken(found) == [AS_GOOD]
    words = counted(found, "times_run_backwards")
    assert "1 trips that arrive before they have left the stop before were dropped" in words
    case.warning(17, "arrival before the previous departure", words)


def test_hops_of_kilometres_in_no_time_are_counted_and_kept(case: CaseTable) -> None:
    found = timetable_on(line("still: A 09:00 | B 09:00 | C 09:00 | D 09:10"))
    assert "still: A 09:00 | B 09:00 | C 09:00 | D 09:10" in spoken(found)
    words = counted(found, "still_times_over_kilometres")
    assert "2 hops of 1 trips cover over a kilometre in no time at all (the longest 1.1 km)" in words
    assert repairs_of(found)["still_times_over_kilometres"].sample == ("still",)
    case.warning(18, "zero-time hops over kilometres", words)


def test_neighbouring_stops_that_share_a_minute_are_no_matter() -> None:
    near = [stop("A", 52.400, LON), stop("B", 52.403, LON)]
    found = timetable_on(feed_text(trip("city", "A 08:00 | B 08:00"), stops=near))
    assert not found.repairs


# ---- places ----


def test_a_stop_that_no_vehicle_could_come_from_is_passed_by(region: SmallRegion, case: CaseTable) -> None:
    # C lies in Kent by its coordinates: a bus through it would carry the people of Kent to F in 15 minutes.
    astray = stop("C", 51.30, 1.10)
    region.feed(feed_text(*good_trips(), stops=[astray]))
    found = answer(region)
    assert found.minutes == SAMPLED_MINUTES_A_TO_F  # the ride from A to F is as long as it was
    assert answer(region, start="C", end="F").minutes > 20  # on foot to B or D: nobody boards at C
    words = found.warnings["misplaced_stops"]
    assert "1 stops lie where no vehicle could have come from their neighbours" in words
    case.warning(19, "teleporting stop", words)


def test_exchanged_coordinates_of_single_stops_are_put_right(region: SmallRegion, case: CaseTable) -> None:
    region.feed(feed_text(*good_trips(), stops=[stop("F", LON, 52.45)]))
    found = answer(region)
    assert found.minutes == SAMPLED_MINUTES_A_TO_F
    words = found.warnings["coordinates_exchanged"]
    assert "1 stops had latitude and longitude in each other's place; they were put right" in words
    case.warning(20, "latitude and longitude exchanged at single stops", words)


def test_a_whole_feed_with_exchanged_coordinates_is_refused_by_its_place(region: SmallRegion, case: CaseTable) -> None:
    exchanged = [stop(name, LON, position(name)[1]) for name in STOPS]
    region.feed(feed_text(*good_trips(), stops=exchanged))
    words = refused(region)
    assert "no stop" in words and "latitude and longitude" in words
    case.error(20, "latitude and longitude exchanged in a whole feed", words)


@pytest.mark.parametrize("lat, lon", [("", ""), (0, 0)])
def test_a_platform_without_a_place_lies_at_its_station(case: CaseTable, lat: object, lon: object) -> None:
    """The whole trip was lost, or passed by there, though the station says where it is."""
    found = timetable_on(
        feed_text(
            trip("t", "A 08:00 | B 08:10 | C 08:20"),
            stops=[
                stop("B", lat, lon, parent_station="S"),
                stop("S", 52.43, LON, location_type=1),
                stop("C", "", "", parent_station="P", location_type=4),
                stop("P", "", "", parent_station="T"),
                stop("T", 52.44, LON, location_type=1),
                stop("A", 52.40, LON),
            ],
        )
    )
    assert spoken(found) == ["t: A 08:00 | B 08:10 | C 08:20"]
    assert dict(zip(found.stops["stop_id"], found.stops["lat"], strict=True)) == {"A": 52.40, "B": 52.43, "C": 52.44}
    words = counted(found, "stops_placed_by_station")
    assert words.startswith("3 (50.0%)")
    case.warning(20, "platforms without coordinates in stations that have them", words)


@pytest.mark.parametrize(
    ("what", "lat", "lon"),
    [("(0, 0)", 0, 0), ("blank", "", ""), ("out of range", 152.4, LON), ("words", "north", "west")],
)
def test_stops_without_a_place_are_passed_by(
    region: SmallRegion, case: CaseTable, what: str, lat: object, lon: object
) -> None:
    region.feed(feed_text(*good_trips(), stops=[stop("C", lat, lon)]))
    found = answer(region)
    assert found.minutes == SAMPLED_MINUTES_A_TO_F
    assert answer(region, start="C", end="F").minutes > 20
    words = found.warnings["stops_without_place"]
    assert "1 stops with no usable coordinates (blank, 0,0 or out of range) were left out" in words
    assert "60 trips pass by" in found.warnings["stop_times_at_stops_without_place"]
    case.warning(20, f"stops at {what} coordinates", words)


# ---- keys ----


def test_a_stop_id_that_stands_twice_is_kept_once(case: CaseTable) -> None:
    found = timetable_on(line().adding("stops.txt", stop("A", 52.4, LON, stop_desc="again")))
    assert spoken(found) == [AS_GOOD]
    case.warning(21, "duplicate stop_id", counted(found, "stop_id_repeated"))


def test_a_trip_id_that_stands_twice_runs_once(case: CaseTable) -> None:
    found = timetable_on(line().adding("trips.txt", {**GOOD.row, "trip_headsign": "again"}))
    assert spoken(found) == [AS_GOOD]
    case.warning(21, "duplicate trip_id", counted(found, "trip_id_repeated"))


def test_a_service_id_that_stands_twice_is_kept_once(case: CaseTable) -> None:
    found = timetable_on(line().adding("calendar.txt", service("WK", "1111111", end="20270101")))
    assert spoken(found) == [AS_GOOD]
    case.warning(21, "duplicate service_id", counted(found, "service_id_repeated"))


def late_call(trip_id: str, stop_id: str) -> Row:
    """A row of stop_times.txt at 08:25."""
    times = dict.fromkeys(("arrival_time", "departure_time"), "08:25")
    return {"trip_id": trip_id, "stop_id": stop_id, **times, "stop_sequence": 9}


@pytest.mark.parametrize(
    ("what", "code", "rows"),
    [
        ("stop", "stop_times_at_unknown_stops", {"stop_times.txt": late_call("good", "X")}),
        ("trip", "stop_times_of_unknown_trips", {"stop_times.txt": late_call("X", "A")}),
        ("route", "trips_of_unknown_route", {"trips.txt": {"trip_id": "T", "route_id": "X", "service_id": "WK"}}),
        ("service", "trips_of_unknown_service", {"trips.txt": {"trip_id": "good2", "route_id": "R1", "service_id": "X"}}),
        ("parent station", "unknown_parent_station", {"stops.txt": stop("Z", 52.5, LON, parent_station="X")}),
    ],
)  # fmt: skip
def test_keys_that_point_nowhere_are_dropped(case: CaseTable, what: str, code: str, rows: dict[str, Row]) -> None:
    text = line()
    for table, row in rows.items():
        text = text.adding(table, row)
    found = timetable_on(text)
    assert spoken(found) == [AS_GOOD]
    case.warning(22, f"dangling {what}", counted(found, code))


# ---- order ----


def test_unsorted_and_gapped_sequences_are_put_in_order(case: CaseTable) -> None:
    found = timetable_on(feed_text(trip("good", "C 08:20 #900 | A 08:00 #3 | B 08:10 #40")))
    assert spoken(found) == [AS_GOOD]
    case.as_meant(23, "unsorted or gapped stop_sequence", "calls are in order of their numbers, whatever rows and gaps")


def test_a_repeated_sequence_keeps_the_earliest_call(case: CaseTable) -> None:
    found = timetable_on(feed_text(trip("good", "A 08:00 #1 | B 08:10 #2 | D 08:15 #2 | C 08:20 #3")))
    assert spoken(found) == [AS_GOOD]
    case.warning(23, "duplicate stop_sequence", counted(found, "stop_sequence_repeated"))


def test_trips_of_one_stop_are_dropped(case: CaseTable) -> None:
    found = timetable_on(line("lonely: A 09:00"))
    assert spoken(found) == [AS_GOOD]
    case.warning(24, "one-stop trips", counted(found, "trips_of_fewer_than_two_stops"))


def test_an_overtaking_trip_is_caught_by_who_waits_for_it(region: SmallRegion, case: CaseTable) -> None:
    # The express leaves A 5 minutes after the 08:00 and is at F before it: at 08:04 it takes 1 + 10 minutes.
    region.feed(feed_text(*good_trips(), trip("express", "A 08:05 | F 08:15", route="north")))
    assert answer(region, window="08:04-08:05").minutes == 11
    assert answer(region, window="08:00-08:01").minutes == 15  # wait for it rather than take the 08:00
    case.as_meant(25, "overtaking trips", "patterns are split so that none overtakes; the earliest arrival is found")


def test_the_same_trips_in_two_feeds_run_once(tmp_path: Path, case: CaseTable) -> None:
    feeds = [line().zip(tmp_path / "bus.zip"), feed_text(GOOD).zip(tmp_path / "region.zip")]
    found = build_timetable(read_feed(feeds), TUESDAY)
    assert len(found.trip_id) == 1
    case.warning(26, "the same trips in two feeds", counted(found, "duplicate_trips"))


# ---- frequencies ----


def frequency(start: str, end: str, headway: object) -> Row:
    """A row of frequencies.txt for the good trip."""
    return {"trip_id": "good", "start_time": start, "end_time": end, "headway_secs": headway, "exact_times": 1}


@pytest.mark.parametrize(
    ("what", "row"),
    [("headway_secs=0", frequency("07:00:00", "09:00:00", 0)), ("empty end_time", frequency("07:00:00", "", 600))],
)
def test_frequencies_that_say_nothing_leave_the_trip_as_written(case: CaseTable, what: str, row: Row) -> None:
    found = timetable_on(line().setting("frequencies.txt", row))
    assert spoken(found) == [AS_GOOD]
    case.warning(27, what, counted(found, "frequencies_unusable"))


def test_overlapping_frequencies_are_both_laid_out_and_counted(case: CaseTable) -> None:
    rows = frequency("07:00:00", "07:30:00", 900), frequency("07:15:00", "07:45:00", 900)
    found = timetable_on(line().setting("frequencies.txt", *rows))
    assert [words.split(" | ")[0].split(": ")[1] for words in spoken(found)] == ["A 07:00", "A 07:15", "A 07:30"]
    case.warning(27, "overlapping frequencies", counted(found, "frequencies_overlap"))


def test_frequencies_past_24_hours_run_into_the_next_day(case: CaseTable) -> None:
    found = timetable_on(line().setting("frequencies.txt", frequency("24:00:00", "25:00:00", 1800)))
    starts = [words.split(" | ")[0].split(": ")[1] for words in spoken(found)]
    assert starts == ["A 00:00", "A 00:30", "A 24:00", "A 24:30"]
    case.as_meant(
        27, "frequencies past 24:00", "laid out in the night after; those of the day before are part of today"
    )


# ---- days ----


@pytest.mark.parametrize(
    ("what", "date"),
    [("expired feed", "2031-03-25"), ("future feed", "2019-03-26"), ("day out of service", "2026-03-28")],
)
def test_a_date_without_service_names_the_range_and_a_good_date(
    region: SmallRegion, case: CaseTable, what: str, date: str
) -> None:
    words = refused(region, date=date)
    assert date in words and "2026-01-01 to 2026-12-31" in words and "A good date: T" in words
    case.error(28, what, words)


@pytest.mark.parametrize(
    ("what", "date", "expected"),
    [
        ("bank holiday", "2026-05-25", "Monday 2026-05-25 is a bank holiday in England"),
        ("school holidays", "2026-08-11", "Tuesday 2026-08-11 is in the usual school holidays of England"),
        ("neither", "2026-03-24", ""),
    ],
)
def test_a_holiday_is_warned_about(region: SmallRegion, case: CaseTable, what: str, date: str, expected: str) -> None:
    region.replace("config.toml", "2026-03-24", date)
    region.replace("config.toml", "D1 =", "E08000025 =")
    zones = good_zones()
    region.zones(zones.assign(district=zones["district"].replace("D1", "E08000025")))
    found = warnings_of(corridors("check", region.config))
    words = found.get("date_is_bank_holiday", found.get("date_in_school_holidays", ""))
    assert expected in words
    if words:
        case.warning(29, what, words)
    else:
        case.as_meant(29, "ordinary day in term", "no warning")


def test_a_day_with_few_trips_is_warned_about(case: CaseTable) -> None:
    text = feed_text(
        GOOD, *(trip(f"T{hour}", f"A {hour}:00 | B {hour}:10", service="NOSTRIKE") for hour in (10, 11, 12))
    )
    removed = {"service_id": "NOSTRIKE", "date": "20260324", "exception_type": "2"}
    found = timetable_on(text.setting("calendar_dates.txt", removed))
    assert spoken(found) == [AS_GOOD]
    words = counted(found, "few_trips_on_date")
    assert "1 trips run on Tuesday 2026-03-24, where 4 are usual" in words and "A good date" in words
    case.warning(29, "strike, or any day with far fewer trips", words)


def test_services_only_in_calendar_dates_run(case: CaseTable) -> None:
    text = line().without("calendar.txt")
    found = timetable_on(
        text.setting("calendar_dates.txt", {"service_id": "WK", "date": "20260324", "exception_type": "1"})
    )
    assert spoken(found) == [AS_GOOD]
    case.as_meant(30, "services only in calendar_dates", "the days added are the days of the service")


def test_a_service_of_no_weekday_runs_on_added_days_only(case: CaseTable) -> None:
    text = feed_text(GOOD, calendar=[service("WK", "0000000")])
    added = {"service_id": "WK", "date": "20260324", "exception_type": "1"}
    assert spoken(timetable_on(text.setting("calendar_dates.txt", added))) == [AS_GOOD]
    case.as_meant(31, "all-zero weekdays", "the service runs on the days added to it and on no other")


def test_a_day_both_added_and_removed_is_removed(case: CaseTable) -> None:
    text = feed_text(GOOD, trip("odd", "A 09:00 | B 09:10", service="ODD"))
    days = [{"service_id": "ODD", "date": "20260324", "exception_type": kind} for kind in (1, 2)]
    found = timetable_on(text.setting("calendar_dates.txt", *days))
    assert spoken(found) == [AS_GOOD]
    case.warning(32, "added and removed on one day", counted(found, "service_added_and_removed"))


# ---- the rest ----


@pytest.mark.parametrize("points", [[], [(52.42, 3), (52.41, 2), (52.40, 1)]])
def test_missing_or_reversed_shapes_change_nothing(case: CaseTable, points: Sequence[tuple[float, int]]) -> None:
    shape = [{"shape_id": "S", "shape_pt_lat": lat, "shape_pt_lon": LON, "shape_pt_sequence": n} for lat, n in points]
    text = feed_text(trip("good", "A 08:00 | B ? | C 08:20", shape_id="S"))
    found = timetable_on(text.setting("shapes.txt", *shape) if shape else text)
    assert spoken(found) == [AS_GOOD]
    case.as_meant(33, "missing or reversed shapes", "shapes are not used: distances are those between the stops")


@pytest.mark.parametrize(
    ("route_type", "mode"), [(200, "coach"), (700, "bus"), (100, "rail"), (900, "tram"), (401, "metro")]
)
def test_extended_route_types_have_modes(case: CaseTable, route_type: int, mode: str) -> None:
    found = timetable_on(feed_text(GOOD, routes=[route("R1", route_type)]))
    assert found.routes["mode"].tolist() == [mode]
    case.as_meant(34, f"extended route type {route_type}", f"mode {mode}")


def test_a_route_type_nobody_knows_is_counted(case: CaseTable) -> None:
    found = timetable_on(feed_text(GOOD, routes=[route("R1", 9999)]))
    assert spoken(found) == [AS_GOOD]
    case.warning(34, "route type that GTFS does not know", counted(found, "unknown_route_type"))


@pytest.mark.parametrize("odd", ["007", "NA", "1e5", "Ünïcode", "null", "1.0", "TRUE"])
def test_ids_are_text_whatever_they_look_like(case: CaseTable, odd: str) -> None:
    found = timetable_on(feed_text(trip(odd, f"{odd} 08:00 | B 08:10", route=odd, service=odd)))
    assert spoken(found) == [f"{odd}: {odd} 08:00 | B 08:10"]
    assert not found.repairs
    case.as_meant(35, f"the id `{odd}`", "ids are text")


def test_two_feeds_that_share_ids_stay_apart(tmp_path: Path, case: CaseTable) -> None:
    elsewhere = [stop("A", 53.40, LON), stop("B", 53.41, LON), stop("C", 53.42, LON)]
    feeds = [feed_text(GOOD).zip(tmp_path / "a.zip"), feed_text(GOOD, stops=elsewhere).zip(tmp_path / "b.zip")]
    found = build_timetable(read_feed(feeds), TUESDAY)
    assert sorted(words.split(" | ")[0] for words in spoken(found)) == ["a:good: a:A 08:00", "b:good: b:A 08:00"]
    case.as_meant(36, "two feeds that share ids", "ids carry the name of their feed")


@pytest.mark.parametrize(
    ("date", "night"),
    [
        (dt.date(2026, 3, 29), "A 02:30 | B 02:40"),  # 01:00 becomes 02:00: 25:30 of the day before is an hour later
        (dt.date(2026, 10, 25), "A 00:30 | B 00:40"),  # 02:00 becomes 01:00
        (dt.date(2026, 3, 22), "A 01:30 | B 01:40"),  # an ordinary Sunday
    ],
)
def test_the_night_in_which_clocks_change_goes_by_the_time_that_passes(
    case: CaseTable, date: dt.date, night: str
) -> None:
    daily = [service("WK", "1111111")]
    found = timetable_on(feed_text(GOOD, trip("night", "A 25:30 | B 25:40"), calendar=daily), date)
    assert f"night: {night}" in spoken(found)
    assert ("clocks_change" in repairs_of(found)) == (date != dt.date(2026, 3, 22))
    if date == dt.date(2026, 3, 29):
        case.warning(37, "clock-change night", counted(found, "clocks_change"))
    else:
        case.as_meant(37, "other nights", "days of 24 hours")


def test_loops_and_lollipops_are_ridden_all_round(region: SmallRegion, case: CaseTable) -> None:
    # Out along the stick to C, round D, and back: from B to A takes the long way unless one boards on the way back.
    loop = trip("loop", "A 08:00 | B 08:05 | C 08:10 | D 08:15 | C 08:20 | B 08:25 | A 08:30")
    region.feed(feed_text(loop))
    assert answer(region, start="B", end="A", window="08:05-08:06").minutes < 25.1  # stay on: 08:30
    assert answer(region, start="C", end="A", window="08:16-08:17").minutes == 14  # the second call at C
    case.as_meant(38, "loops and lollipops", "a stop may be called at twice; both calls can be used")


def test_forbidden_boarding_and_alighting_are_kept(region: SmallRegion, case: CaseTable) -> None:
    limited = trip("T", "A 08:00 | B 08:02 | C 08:05 no-alight | D 08:10 no-board | E 08:15 | F 08:20")
    region.feed(feed_text(limited))
    assert answer(region, window="08:00-08:01").minutes == 20
    assert math.isnan(answer(region, start="D", end="F", window="08:10-08:11").minutes)  # no boarding at D
    assert answer(region, start="A", end="C", window="08:00-08:01").minutes > 19  # off at B, and on foot
    case.as_meant(39, "pickup or drop-off forbidden", "nobody boards or alights there")


def test_a_station_used_as_a_stop_is_kept_and_counted(case: CaseTable) -> None:
    found = timetable_on(feed_text(GOOD, stops=[stop("B", 52.41, LON, location_type=1)]))
    assert spoken(found) == [AS_GOOD]
    case.warning(40, "a station or entrance used as a stop", counted(found, "station_used_as_stop"))


# ---- streets ----


def streets_beside(region: SmallRegion, stops: str, island: str = "") -> Path:
    """Streets along the line past these stops, a node every 20 m; round a stop of `island` a street of its own, 60 m."""
    graph = nx.MultiDiGraph(crs="epsg:4326")
    first, last = position(stops[0])[1], position(stops[-1])[1]
    lats = [first + i * 0.00018 for i in range(int((last - first) / 0.00018) + 1)]
    rows = [[(lat, LON) for lat in lats]]
    rows += [[(position(name)[1] + i * 0.00018, LON) for i in range(4)] for name in island]
    for row in rows:
        start = len(graph)
        for i, (lat, lon) in enumerate(row):
            graph.add_node(start + i, y=lat, x=lon)
        for i in range(start, start + len(row) - 1):
            graph.add_edge(i, i + 1, length=20.0, highway="footway")
            graph.add_edge(i + 1, i, length=20.0, highway="footway")
    path = region.path("streets.graphml")
    osmnx.save_graphml(graph, path)
    return path


def test_stops_far_from_every_street_are_counted(region: SmallRegion, case: CaseTable) -> None:
    found = answer(region, end="E", osm=streets_beside(region, "ABCDE"))
    assert found.minutes == 24  # 20 on the bus, 4 for it
    words = found.warnings["points_without_street"]
    assert "1 stops are farther than 500 m from every street: nobody can walk to or from them" in words
    case.warning(41, "stops far from any street", words)


def test_stops_on_an_island_of_the_streets_are_counted(region: SmallRegion, case: CaseTable) -> None:
    found = answer(region, end="E", osm=streets_beside(region, "ABCDE", island="F"))
    assert found.minutes == 24
    assert "street_islands" in found.warnings
    words = found.warnings["points_on_islands"]
    assert "1 stops are nearest to a piece of street with fewer than 100 nodes" in words
    case.warning(41, "stops on an island of the street network", words)


def test_the_small_region_needs_no_repair(region: SmallRegion) -> None:
    region.feed(good_feed())
    assert answer(region).warnings == {}
    assert STEP_DEG > 0 and FIRST_LAT > 0


def test_a_line_registered_twice_runs_once_and_is_counted(region: SmallRegion, case: CaseTable) -> None:
    again = [
        trip(f"again{start}", calls(STOPS, start + 2), route="north", service="AGAIN")
        for start in range(FIRST_MIN + HEADWAY_MIN, LAST_MIN, HEADWAY_MIN)
    ]
    text = good_feed().adding("trips.txt", *(one.row for one in again))
    text = text.adding("stop_times.txt", *(call for one in again for call in one.calls))
    region.feed(text.adding("calendar.txt", service("AGAIN", "1111000")))
    words = warnings_of(corridors("check", region.config))["overlapping_registrations"]
    assert "29 of the day's 89 trips" in words and "the larger one was kept" in words
    case.warning(137, "a line registered twice, minutes apart", words)


def test_a_date_outside_feed_info_is_warned_about(region: SmallRegion, case: CaseTable) -> None:
    info = {"feed_publisher_name": "P", "feed_start_date": "20260401", "feed_end_date": "20260630"}
    region.feed(good_feed().adding("feed_info.txt", info))
    words = warnings_of(corridors("check", region.config))["date_outside_feed_info"]
    assert "feed (2026-04-01 to 2026-06-30)" in words and "A good date: Wednesday 2026-04-01" in words
    case.warning(137, "a date outside what feed_info.txt says", words)
