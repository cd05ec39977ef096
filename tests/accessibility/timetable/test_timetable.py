"""The timetable of a day: which trips are in it, how they are grouped, and that row order never matters."""

import datetime as dt
import random
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.errors import FeedError, ServiceDateError
from accessibility.feed import Feed, read_feed
from accessibility.gtfs.dropped_calls import LostCalls
from accessibility.repair_log import RepairLog
from accessibility.timetable.joints import Joints
from accessibility.timetable.service_calendar import service_days
from accessibility.timetable.timetable import Timetable, build_timetable
from accessibility.timetable.trips import HeadwayRuns, runs_on
from tests.support.feeds import (
    TUESDAY,
    FeedText,
    Trip,
    clock,
    feed_text,
    read,
    repairs_of,
    service,
    spoken,
    stop,
    timetable_on,
    trip,
)

SHARED = Path("../shared/data")
WEST_MIDLANDS = SHARED / "west_midlands/timetable/synthetic"
needs_west_midlands = pytest.mark.skipif(not WEST_MIDLANDS.is_dir(), reason="../shared/data/west_midlands is not here")
needs_porto_alegre = pytest.mark.skipif(
    not (SHARED / "porto_alegre").is_dir(), reason="../shared/data/porto_alegre is not here"
)
needs_newport = pytest.mark.skipif(not (SHARED / "newport").is_dir(), reason="../shared/data/newport is not here")


def assert_same(one: Timetable, other: Timetable) -> None:
    """Every array and frame equal, value by value."""
    for field in fields(Timetable):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, pd.DataFrame):
            pd.testing.assert_frame_equal(a, b)
        elif isinstance(a, np.ndarray):
            assert a.dtype == b.dtype
            assert np.array_equal(a, b), field.name
        elif isinstance(a, HeadwayRuns | LostCalls | Joints):
            assert all(map(np.array_equal, a, b)), field.name
        else:
            assert a == b, field.name


def assert_lawful(timetable: Timetable) -> None:
    """What the docstring of `Timetable` promises."""
    positions, trips = np.diff(timetable.pattern_position_offset), np.diff(timetable.pattern_trip_offset)
    assert np.array_equal(np.diff(timetable.pattern_event_offset), positions * trips)
    assert len(timetable.arrival_s) == len(timetable.departure_s) == timetable.pattern_event_offset[-1]
    assert len(timetable.trip_id) == len(timetable.trip_wheelchair) == timetable.pattern_trip_offset[-1]
    assert len(timetable.position_stop) == timetable.pattern_position_offset[-1]
    assert (positions >= 2).all()
    assert (trips >= 1).all()
    assert set(timetable.position_stop) == set(timetable.stops.index)
    assert set(timetable.pattern_route) == set(timetable.routes.index)
    assert not timetable.position_can_board[timetable.pattern_position_offset[1:] - 1].any()
    assert not timetable.position_can_alight[timetable.pattern_position_offset[:-1]].any()
    for p in range(len(positions)):
        events = slice(timetable.pattern_event_offset[p], timetable.pattern_event_offset[p + 1])
        arrival, departure = (
            column[events].reshape(-1, positions[p]) for column in (timetable.arrival_s, timetable.departure_s)
        )
        assert (departure >= arrival).all()
        assert (arrival[:, 1:] >= departure[:, :-1]).all()
        assert (np.diff(arrival, axis=0) >= 0).all()
        assert (np.diff(departure, axis=0) >= 0).all()


# Patterns.


def test_trips_of_one_route_and_stop_sequence_are_one_pattern_in_order_of_departure() -> None:
    timetable = timetable_on(
        feed_text(
            trip("LATE", "A 09:00 | B 09:10 | C 09:25"),
            trip("EARLY", "A 08:00 | B 08:10 | C 08:25"),
            trip("BACK", "C 08:00 | B 08:10 | A 08:25"),
        )
    )
    assert spoken(timetable) == [
        "EARLY: A 08:00 | B 08:10 | C 08:25",
        "LATE: A 09:00 | B 09:10 | C 09:25",
        "BACK: C 08:00 | B 08:10 | A 08:25",
    ]
    assert list(timetable.pattern_trip_offset) == [0, 2, 3]
    assert list(timetable.pattern_position_offset) == [0, 3, 6]
    assert list(timetable.pattern_event_offset) == [0, 6, 9]
    assert timetable.arrival_s.dtype == timetable.departure_s.dtype == timetable.position_stop.dtype == np.int32
    assert timetable.arrival_s.flags.c_contiguous


def test_an_express_that_overtakes_gets_a_pattern_of_its_own() -> None:
    timetable = timetable_on(
        feed_text(
            trip("SLOW", "A 08:00 | B 08:20 | C 08:40"),
            trip("FAST", "A 08:05 | B 08:10 | C 08:15"),
            trip("NEXT", "A 08:30 | B 08:50 | C 09:10"),
        )
    )
    assert list(timetable.pattern_trip_offset) == [0, 2, 3]
    assert [line.split(":")[0] for line in spoken(timetable)] == ["SLOW", "NEXT", "FAST"]


def test_a_trip_that_overtakes_between_two_stops_only_is_split_off_too() -> None:
    timetable = timetable_on(
        feed_text(trip("T1", "A 08:00 | B 08:20-08:30 | C 08:40"), trip("T2", "A 08:05 | B 08:15-08:35 | C 08:50"))
    )
    assert list(timetable.pattern_trip_offset) == [0, 1, 2]


def test_trips_that_meet_but_do_not_overtake_stay_together() -> None:
    timetable = timetable_on(
        feed_text(trip("T1", "A 08:00 | B 08:20 | C 08:40"), trip("T2", "A 08:10 | B 08:20 | C 08:40"))
    )
    assert list(timetable.pattern_trip_offset) == [0, 2]


def test_the_same_stops_on_another_route_or_with_other_flags_are_another_pattern() -> None:
    timetable = timetable_on(
        feed_text(
            trip("T1", "A 08:00 | B 08:10 | C 08:20"),
            trip("T2", "A 09:00 | B 09:10 no-board | C 09:20"),
            trip("T3", "A 09:30 | B 09:40 no-alight | C 09:50"),
            trip("T4", "A 10:00 | B 10:10 | C 10:20", route="R2"),
        )
    )
    assert list(timetable.pattern_route) == [0, 0, 0, 1]
    middle = [1, 4, 7, 10]
    assert list(zip(timetable.position_can_board[middle], timetable.position_can_alight[middle], strict=True)) == [
        (False, True),
        (True, False),
        (True, True),
        (True, True),
    ]


def test_boarding_at_the_last_stop_and_alighting_at_the_first_never_split_patterns() -> None:
    timetable = timetable_on(
        feed_text(trip("T1", "A 08:00 | B 08:10"), trip("T2", "A 09:00 no-alight | B 09:10 no-board"))
    )
    assert len(timetable.pattern_route) == 1


def test_a_loop_calls_at_its_first_stop_again() -> None:
    timetable = timetable_on(feed_text(trip("T1", "A 08:00 | B 08:10 | A 08:20 | C 08:30")))
    assert list(timetable.position_stop) == [0, 1, 0, 2]


def test_only_stops_and_routes_in_use_are_numbered() -> None:
    text = feed_text(trip("T1", "B 08:00 | D 08:10", route="R5"), trip("T2", "A 08:00 | C 08:10", service="SA"),
                     calendar=[service("WK", "1111100"), service("SA", "0000010")])  # fmt: skip
    timetable = timetable_on(text)
    assert list(timetable.stops["stop_id"]) == ["B", "D"]
    assert list(timetable.stops.columns) == ["stop_id", "name", "lon", "lat", "wheelchair", "station"]
    assert list(timetable.routes["route_id"]) == ["R5"]
    assert timetable.trip_wheelchair.dtype == np.int8


# Days, and the nights around them.


def test_trips_past_midnight_of_the_day_before_and_early_trips_of_the_day_after_belong_to_the_day() -> None:
    timetable = timetable_on(
        feed_text(
            trip("DAY", "A 08:00 | B 08:10"),
            trip("NIGHT", "A 23:50 | B 24:20"),
            trip("EARLY", "A 05:59 | B 06:30"),
            trip("SIX", "A 06:00 | B 06:31"),
        )
    )
    assert spoken(timetable) == [
        "NIGHT: A -00:10 | B 00:20",
        "EARLY: A 05:59 | B 06:30",
        "SIX: A 06:00 | B 06:31",
        "DAY: A 08:00 | B 08:10",
        "NIGHT: A 23:50 | B 24:20",
        "EARLY: A 29:59 | B 30:30",
    ]


def test_trips_that_begin_after_midnight_of_their_service_day_run_on_the_next_calendar_day() -> None:
    calendar = [service("MO", "1000000"), service("WK", "0100000")]
    text = feed_text(trip("T1", "A 25:00 | B 25:10", service="MO"), trip("T2", "A 12:00 | B 12:10"), calendar=calendar)
    assert spoken(timetable_on(text)) == ["T1: A 01:00 | B 01:10", "T2: A 12:00 | B 12:10"]


def test_trips_of_two_days_before_that_run_past_48_hours_are_there() -> None:
    calendar = [service("SU", "0000001"), service("WK", "0100000")]
    text = feed_text(
        trip("LONG", "A 40:00 | B 49:30", service="SU"), trip("T2", "A 12:00 | B 12:10"), calendar=calendar
    )
    assert spoken(timetable_on(text)) == ["LONG: A -08:00 | B 01:30", "T2: A 12:00 | B 12:10"]


def test_a_trip_that_ended_before_midnight_is_not_there_twice() -> None:
    assert spoken(timetable_on(feed_text(trip("T1", "A 23:00 | B 24:00")))) == ["T1: A 23:00 | B 24:00"]


def test_the_night_before_a_monday_is_the_sundays() -> None:
    calendar = [service("WK", "1111100"), service("SU", "0000001")]
    text = feed_text(
        trip("SUN", "A 24:30 | B 24:40", service="SU"), trip("WEEK", "A 24:30 | B 24:45"), calendar=calendar
    )
    monday = build_timetable(read(text), dt.date(2026, 3, 23))
    assert spoken(monday) == ["SUN: A 00:30 | B 00:40", "WEEK: A 24:30 | B 24:45"]


def test_a_date_without_service_is_an_error() -> None:
    with pytest.raises(ServiceDateError, match="A good date: Tuesday 2026-03-31"):
        timetable_on(feed_text(trip("T1", "A 08:00 | B 08:10")), dt.date(2026, 3, 29))


def test_an_edited_feed_whose_times_run_backwards_is_an_error() -> None:
    feed = read(feed_text(trip("T1", "A 08:00 | B 08:10")))
    times = feed.stop_times._replace(arrival_s=feed.stop_times.arrival_s[::-1].copy())
    with pytest.raises(FeedError, match="1 trips arrive before they have left the stop before, first 'T1'"):
        build_timetable(replace(feed, stop_times=times), TUESDAY)


# Frequencies.


def _frequency(start: str, end: str, headway: int, exact: str = "", trip_id: str = "T1") -> dict[str, object]:
    return {"trip_id": trip_id, "start_time": start, "end_time": end, "headway_secs": headway, "exact_times": exact}


HOURLY = feed_text(trip("T1", "A 00:00 | B 00:10-00:11 | C 00:20"))


def test_frequencies_are_laid_out_from_the_start_every_headway_up_to_but_not_at_the_end() -> None:
    timetable = timetable_on(HOURLY.adding("frequencies.txt", _frequency("08:00:00", "09:00:00", 1200, exact="1")))
    assert spoken(timetable) == [
        "T1@08:00:00: A 08:00 | B 08:10-08:11 | C 08:20",
        "T1@08:20:00: A 08:20 | B 08:30-08:31 | C 08:40",
        "T1@08:40:00: A 08:40 | B 08:50-08:51 | C 09:00",
    ]
    assert timetable.repairs == ()


def test_an_end_one_second_later_lets_one_more_depart() -> None:
    timetable = timetable_on(HOURLY.adding("frequencies.txt", _frequency("08:00:00", "09:00:01", 1200, exact="1")))
    assert list(timetable.trip_id)[-1] == "T1@09:00:00"


def test_frequencies_move_the_trip_so_that_its_first_departure_is_the_start() -> None:
    late = feed_text(trip("T1", "A 06:58-07:00 | B 07:10"))
    timetable = timetable_on(late.adding("frequencies.txt", _frequency("08:00:00", "08:01:00", 600, exact="1")))
    assert spoken(timetable) == ["T1@08:00:00: A 07:58-08:00 | B 08:10"]


def test_headways_without_exact_times_say_that_the_phase_is_assumed() -> None:
    timetable = timetable_on(HOURLY.adding("frequencies.txt", _frequency("08:00:00", "09:00:00", 1200)))
    assert len(timetable.trip_id) == 3
    repair = repairs_of(timetable)["frequency_phase_assumed"]
    assert (repair.count, repair.total, repair.sample) == (3, 3, ("T1",))


def test_a_trip_whose_headway_is_nought_runs_once_and_is_counted() -> None:
    timetable = timetable_on(HOURLY.adding("frequencies.txt", _frequency("08:00:00", "09:00:00", 0)))
    assert spoken(timetable)[0] == "T1: A 00:00 | B 00:10-00:11 | C 00:20"
    assert repairs_of(timetable)["frequencies_unusable"].count == 1


def test_frequencies_past_midnight_run_into_the_next_day() -> None:
    timetable = timetable_on(HOURLY.adding("frequencies.txt", _frequency("23:30:00", "25:00:00", 3600, exact="1")))
    assert [line.partition(": ")[2] for line in spoken(timetable)] == [
        "A 00:30 | B 00:40-00:41 | C 00:50",  # last night's 24:30
        "A 23:30 | B 23:40-23:41 | C 23:50",
        "A 24:30 | B 24:40-24:41 | C 24:50",
    ]


def test_overlapping_frequencies_are_both_laid_out_equal_departures_once_and_counted() -> None:
    rows = [_frequency("08:00:00", "09:00:00", 1800, "1"), _frequency("08:30:00", "09:30:00", 1800, "1")]
    timetable = timetable_on(HOURLY.adding("frequencies.txt", *rows))
    assert list(timetable.trip_id) == ["T1@08:00:00", "T1@08:30:00", "T1@09:00:00"]
    assert repairs_of(timetable)["frequencies_overlap"].count == 1
    assert repairs_of(timetable)["duplicate_trips"].count == 1


def test_headways_that_would_fill_the_memory_are_refused() -> None:
    rows = [_frequency("00:00:00", "999:00:00", 1, trip_id="T1") | {"start_time": f"00:{i:02d}:00"} for i in range(30)]
    with pytest.raises(FeedError, match=r"lays out \d+,\d+,\d+ departures, most of them for trip 'T1'.*headway_secs"):
        timetable_on(HOURLY.adding("frequencies.txt", *rows))


# Duplicates.


def test_trips_that_repeat_another_exactly_are_dropped_and_counted() -> None:
    timetable = timetable_on(
        feed_text(
            trip("T1", "A 08:00 | B 08:10"),
            trip("T2", "A 08:00 | B 08:10"),
            trip("OTHER_TIME", "A 08:00 | B 08:11"),
            trip("OTHER_ROUTE", "A 08:00 | B 08:10", route="R2"),
            trip("OTHER_FLAGS", "A 08:00 | C 08:05 | B 08:10"),
            trip("OTHER_FLAGS2", "A 08:00 | C 08:05 no-board | B 08:10"),
            trip("STEP_FREE", "A 08:00 | B 08:10", wheelchair_accessible="1"),
        )
    )
    assert sorted(set(timetable.trip_id)) == [
        "OTHER_FLAGS",
        "OTHER_FLAGS2",
        "OTHER_ROUTE",
        "OTHER_TIME",
        "STEP_FREE",
        "T1",
    ]
    repair = repairs_of(timetable)["duplicate_trips"]
    assert (repair.count, repair.total, repair.sample) == (1, 7, ("T2",))


def test_trips_on_different_days_are_not_duplicates() -> None:
    text = feed_text(trip("T1", "A 08:00 | B 08:10"), trip("T2", "A 08:00 | B 08:10", service="SA"),
                     calendar=[service("WK", "1111100"), service("SA", "0000010")])  # fmt: skip
    assert timetable_on(text).repairs == ()


def test_the_same_trip_in_two_overlapping_feeds_runs_once(tmp_path: Path) -> None:
    east = feed_text(trip("T1", "A 08:00 | B 08:10"), trip("T2", "A 09:00 | B 09:10"))
    west = feed_text(trip("X1", "A 08:00 | B 08:10"), trip("X2", "A 10:00 | B 10:10"))
    feed = read_feed([west.zip(tmp_path / "west.zip"), east.zip(tmp_path / "east.zip")])
    timetable = build_timetable(feed, TUESDAY)
    assert list(timetable.trip_id) == ["east:T1", "east:T2", "west:X2"]
    assert repairs_of(timetable)["duplicate_trips"].sample == ("west:X1",)


def test_two_feeds_that_merely_share_ids_lose_nothing(tmp_path: Path) -> None:
    here = feed_text(trip("T1", "A 08:00 | B 08:10"))
    there = feed_text(trip("T1", "A 08:00 | B 08:10"), stops=[stop("A", 40, 2), stop("B", 40.01, 2)])
    timetable = build_timetable(
        read_feed([here.zip(tmp_path / "here.zip"), there.zip(tmp_path / "there.zip")]), TUESDAY
    )
    assert list(timetable.trip_id) == ["here:T1", "there:T1"]


# Transfer rules.


def test_transfer_rules_of_a_station_hold_at_its_stops_unless_they_have_their_own() -> None:
    text = feed_text(
        trip("T1", "A1 08:00 | B 08:10"),
        trip("T2", "A2 08:00 | B 08:12"),
        stops=[
            stop("A1", 52.40, -1.9, parent_station="A"),
            stop("A2", 52.40, -1.9, parent_station="A"),
            stop("A", 52.40, -1.9, location_type=1),
            stop("UNSERVED", 52.41, -1.9),
        ],
    ).adding(
        "transfers.txt",
        {"from_stop_id": "A", "to_stop_id": "A", "transfer_type": "2", "min_transfer_time": "300"},
        {"from_stop_id": "A1", "to_stop_id": "A2", "transfer_type": "3", "min_transfer_time": ""},
        {"from_stop_id": "UNSERVED", "to_stop_id": "B", "transfer_type": "0", "min_transfer_time": ""},
    )
    timetable = timetable_on(text)
    names = timetable.stops["stop_id"]
    rules = [(names[start], names[end], *rest) for start, end, *rest in timetable.transfer_rules.to_numpy().tolist()]
    assert rules == [("A1", "A1", 2, 300), ("A1", "A2", 3, -1), ("A2", "A1", 2, 300), ("A2", "A2", 2, 300)]


def test_without_transfers_there_are_no_rules_but_the_columns() -> None:
    rules = timetable_on(HOURLY).transfer_rules
    assert rules.empty
    assert list(rules.columns) == ["from_stop", "to_stop", "transfer_type", "min_transfer_s"]


# Order and chance.


def _shuffled(text: FeedText, seed: int) -> FeedText:
    order = random.Random(seed)
    tables = {name: tuple(order.sample(rows, len(rows))) for name, rows in text.tables.items()}
    return FeedText(dict(order.sample(list(tables.items()), len(tables))))


@st.composite
def _feeds(draw: st.DrawFn) -> FeedText:
    """Small feeds with overtaking, loops, flags, repeats, nights, frequencies and several services and routes."""
    trips: list[Trip] = []
    for number in range(draw(st.integers(1, 7))):
        stops = draw(st.lists(st.sampled_from("ABCD"), min_size=2, max_size=4))
        seconds = draw(st.integers(0, 26 * 3600))
        calls = []
        for place in stops:
            departs = seconds + draw(st.sampled_from([0, 0, 60]))
            flags = draw(st.sampled_from(["", "", "", " no-board", " no-alight"]))
            calls.append(f"{place} {_hms(seconds)}-{_hms(departs)}{flags}")
            seconds = departs + draw(st.sampled_from([0, 300, 300, 1200]))
        trips.append(
            trip(
                f"T{number}",
                " | ".join(calls),
                route=draw(st.sampled_from(["R1", "R2"])),
                service=draw(st.sampled_from(["WK", "DAILY"])),
                wheelchair_accessible=draw(st.sampled_from(["", "1", "2"])),
            )
        )
    text = feed_text(*trips, calendar=[service("WK", "1111100"), service("DAILY", "1111111")])
    if draw(st.booleans()):
        text = text.adding(
            "frequencies.txt", _frequency("07:00:00", "08:00:00", draw(st.sampled_from([900, 1700])), trip_id="T0")
        )
    return text


def _hms(seconds: int) -> str:
    text = clock(seconds)
    return text if text.count(":") == 2 else f"{text}:00"


@settings(max_examples=60, deadline=None)
@given(text=_feeds(), seed=st.integers(0, 2**16))
def test_any_feed_gives_a_lawful_timetable_whatever_the_order_of_its_rows(text: FeedText, seed: int) -> None:
    """And every trip of the feed is in it with its own times, of which the first arrival and the last departure serve nobody:
    one that differs there alone is a copy."""
    timetable = timetable_on(text)
    assert_lawful(timetable)
    assert_same(timetable, timetable_on(_shuffled(text, seed)))
    expected = {
        _used(_said(row, text)) for row in text.tables["trips.txt"] if not _has_frequency(text, str(row["trip_id"]))
    }
    assert expected <= {_used(line.partition(": ")[2]) for line in spoken(timetable)}


def _has_frequency(text: FeedText, trip_id: str) -> bool:
    return any(row["trip_id"] == trip_id for row in text.tables.get("frequencies.txt", ()))


def _used(said: str) -> str:
    """The calls of a trip without its first arrival and its last departure: "A 8:00-8:01 | B 8:10" becomes "A 8:01 | B 8:10"."""
    first, *between, last = said.split(" | ")
    stop, _, times = first.rpartition(" ")
    return " | ".join([f"{stop} {times.rpartition('-')[2]}", *between, last.partition("-")[0]])


def _said(row: object, text: FeedText) -> str:
    calls = [call for call in text.tables["stop_times.txt"] if call["trip_id"] == row["trip_id"]]  # type: ignore[index]
    times = [
        dict.fromkeys(str(call[name]).removesuffix(":00") for name in ("arrival_time", "departure_time"))
        for call in calls
    ]
    return " | ".join(f"{call['stop_id']} {'-'.join(both)}" for call, both in zip(calls, times, strict=True))


def test_the_order_in_which_feeds_are_named_does_not_matter(tmp_path: Path) -> None:
    paths = [
        feed_text(trip("T1", f"A {hour}:00 | B {hour}:10", route=name)).zip(tmp_path / f"{name}.zip")
        for name, hour in (("tram", 8), ("bus", 9), ("rail", 10))
    ]
    assert_same(build_timetable(read_feed(paths), TUESDAY), build_timetable(read_feed(paths[::-1]), TUESDAY))


# Real feeds.


@needs_porto_alegre
def test_porto_alegres_blank_times_are_filled_as_in_its_filled_feed_to_the_second() -> None:
    raw, filled = (read_feed(SHARED / f"porto_alegre/{name}.zip") for name in ("poa_eptc", "poa_eptc_filled"))
    assert raw.trips.equals(filled.trips)
    assert len(raw.stop_times.trip) == 130_019
    assert all(np.array_equal(a, b) for a, b in zip(raw.stop_times, filled.stop_times, strict=True))
    blank = repairs_of(raw)["blank_times_interpolated"]
    assert (blank.count, round(blank.share, 2)) == (125_271, 0.96)
    assert filled.repairs == ()
    timetables = [replace(build_timetable(feed, dt.date(2019, 5, 13)), repairs=()) for feed in (raw, filled)]
    assert_same(*timetables)
    assert_lawful(timetables[0])


@needs_porto_alegre
def test_trensurbs_padded_headers_are_read() -> None:
    timetable = build_timetable(read_feed(SHARED / "porto_alegre/poa_trensurb.zip"), dt.date(2019, 5, 13))
    assert list(timetable.routes["agency"]) == ["TRENSURB", "TRENSURB"]
    assert_lawful(timetable)


@needs_newport
def test_a_newport_bus_reads_as_in_the_file() -> None:
    """Row by row from stop_times.txt: the first trip of the file, its first three calls."""
    timetable = build_timetable(read_feed(SHARED / "newport/newport-20230613_gtfs.zip"), dt.date(2023, 6, 13))
    line = next(line for line in spoken(timetable) if line.startswith("VJbedb4cfd0673348e017d42435abbdff3ddacbf82"))
    assert line.split(": ")[1].split(" | ")[:3] == [
        "5540AWB33073 20:10",
        "5540AWB33074 20:10:48",
        "5540AWA17063 20:11:22",
    ]
    assert set(timetable.routes["mode"]) == {"bus", "coach"}
    assert_lawful(timetable)


@pytest.mark.skipif(not (SHARED / "sao_paulo").is_dir(), reason="../shared/data/sao_paulo is not here")
def test_sao_paulos_headways_are_laid_out() -> None:
    """CPTM L07-0: every 720 s from 04:00:00 to 04:59:00 (5 departures), then every 360 s from 05:00:00 (10)."""
    timetable = build_timetable(read_feed(SHARED / "sao_paulo/spo.zip"), dt.date(2019, 5, 14))
    starts = sorted({name.partition("@")[2] for name in timetable.trip_id if name.startswith("CPTM L07-0@")})
    assert starts[:7] == ["04:00:00", "04:12:00", "04:24:00", "04:36:00", "04:48:00", "05:00:00", "05:06:00"]
    assert sum(start.startswith("05") for start in starts) == 10
    assert "frequency_phase_assumed" in repairs_of(timetable)
    assert_lawful(timetable)


@pytest.fixture(scope="module")
def west_midlands() -> Feed:
    return read_feed(sorted(WEST_MIDLANDS.glob("*_gtfs.zip")))


@needs_west_midlands
def test_the_west_midlands_feeds_hold_what_their_check_file_says(west_midlands: Feed) -> None:
    assert west_midlands.names == ("bus_synthetic_gtfs", "metro_gtfs", "rail_synthetic_gtfs")
    counts = west_midlands.trips["service_id"].value_counts().to_dict()
    assert counts == {
        "bus_synthetic_gtfs:WK": 22_586, "bus_synthetic_gtfs:SA": 18_789, "bus_synthetic_gtfs:SU": 10_416,
        "rail_synthetic_gtfs:WK": 1_599, "rail_synthetic_gtfs:SA": 1_506, "rail_synthetic_gtfs:SU": 966,
        "rail_synthetic_gtfs:WKN": 73, "rail_synthetic_gtfs:SAN": 71, "rail_synthetic_gtfs:SUN": 32,
        "metro_gtfs:Sa": 258, "metro_gtfs:Mo_Tu_We_Th_Fr": 257, "metro_gtfs:Su": 170,
        "metro_gtfs:Tu_We_Th_Fr_Sa": 6, "metro_gtfs:Mo": 2,
    }  # fmt: skip
    assert len(west_midlands.stop_times.trip) == 1_799_515 + 36_185 + 20_882
    assert west_midlands.repairs == ()


@needs_west_midlands
@pytest.mark.parametrize(
    ("date", "bus", "rail", "metro"),
    [(dt.date(2026, 3, 10), 22_586, 1_599, 263), (dt.date(2026, 3, 24), 22_586, 1_599 + 73, 263)],
)
def test_the_west_midlands_trips_of_a_tuesday(
    west_midlands: Feed, date: dt.date, bus: int, rail: int, metro: int
) -> None:
    runs = runs_on(west_midlands, service_days(west_midlands), date, RepairLog())
    own = west_midlands.trips["feed"].to_numpy()[runs.trip[runs.shift_s == 0]]
    assert list(np.bincount(own)) == [bus, metro, rail]


@needs_west_midlands
def test_the_west_midlands_timetable_is_lawful_and_names_its_one_repeated_trip(west_midlands: Feed) -> None:
    timetable = build_timetable(west_midlands, dt.date(2026, 3, 24))
    assert_lawful(timetable)
    assert repairs_of(timetable)["duplicate_trips"].sample == ("rail_synthetic_gtfs:RWK002087",)
    assert len(timetable.repairs) == 1
    assert _modes(timetable) == {"bus", "rail", "tram"}
    # check.txt: connections departing 07:00-09:45 on 2026-03-10 (no night trip is under way then).
    march_10 = build_timetable(west_midlands, dt.date(2026, 3, 10))
    assert _departures(march_10, 7 * 3600, 9 * 3600 + 45 * 60) == 143_585 - _calls_dropped_in_the_window(march_10)


def _modes(timetable: Timetable) -> set[str]:
    return set(timetable.routes["mode"])


def _departures(timetable: Timetable, first_s: int, last_s: int) -> int:
    """Connections (a trip from one stop to the next) that depart in the window, ends included."""
    last_calls = np.concatenate(
        [
            np.arange(start + length - 1, end, length)
            for start, end, length in zip(
                timetable.pattern_event_offset[:-1],
                timetable.pattern_event_offset[1:],
                np.diff(timetable.pattern_position_offset),
                strict=True,
            )
        ]
    )
    departs = np.delete(timetable.departure_s, last_calls)
    return int(((departs >= first_s) & (departs <= last_s)).sum())


def _calls_dropped_in_the_window(timetable: Timetable) -> int:
    """RWK002087 leaves New Street at 09:16, Coseley at 09:30 and Wolverhampton at 09:37: three connections."""
    return 3 * repairs_of(timetable)["duplicate_trips"].count
