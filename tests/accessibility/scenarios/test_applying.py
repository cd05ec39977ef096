"""Worked examples of the edits: which trips run after them, and what each says that it changed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from accessibility.feed import Feed, read_feed
from accessibility.legs import Walk
from accessibility.scenarios.applying import Edited, apply
from accessibility.scenarios.edits import (
    AddStop,
    AddTrips,
    Divert,
    Dwell,
    Edit,
    Extend,
    Headway,
    Interchange,
    LandUse,
    NewLine,
    OpenStation,
    Period,
    Range,
    ReplaceFeed,
    RunTime,
    RunTimes,
    SkipStop,
    StreetLink,
    ThroughRun,
    Truncate,
    Withdraw,
)
from accessibility.scenarios.kinds.beside_lines import InterchangeTime
from accessibility.scenarios.kinds.headways import vehicles
from accessibility.scenarios.places import Place
from accessibility.scenarios.selection import Selection
from accessibility.search.links.walks import transfer_legs
from accessibility.timetable.timetable import build_timetable
from tests.support.feeds import FIRST_LAT, LON, STEP_DEG, TUESDAY, feed_of, feed_text, read, service, spoken, stop, trip
from tests.support.oracle import rows

SEVEN, EIGHT = 7 * 3600, 8 * 3600
A, B, C, D = (Place(name) for name in "ABCD")
L1, L2 = Selection("R1"), Selection("R2")


def trips_of(feed: Feed) -> list[str]:
    """The trips of the day in words."""
    return sorted(spoken(build_timetable(feed, TUESDAY)))


def edited(feed: Feed, *edits: Edit, phases: dict[str, int] | None = None, run_times: RunTimes = "central") -> Edited:
    return apply(feed, edits, date=TUESDAY, scenario="s", phases=phases, run_times=run_times)


def after(feed: Feed, *edits: Edit) -> list[str]:
    return trips_of(edited(feed, *edits).feed)


def loop() -> Feed:
    return feed_of(trip("T", "A 07:00 | B 07:05 | C 07:10 | B 07:15 | A 07:20"))


# -- where trips run ------------------------------------------------------------------------------------------------------


def test_a_visit_says_which_call_of_a_stop_is_meant() -> None:
    """The first B of a loop is skipped, then the second; a third visit is not there."""
    assert after(loop(), SkipStop("e", L1, (Place("B", visit=1),))) == ["T: A 07:00 | C 07:10 | B 07:15 | A 07:20"]
    assert after(loop(), SkipStop("e", L1, (Place("B", visit=2),))) == ["T: A 07:00 | B 07:05 | C 07:10 | A 07:20"]
    with pytest.raises(ValueError, match=r"no trip of line 'R1' selected calls at 'B'"):
        after(loop(), SkipStop("e", L1, (Place("B", visit=3),)))


def test_a_visit_says_which_of_two_equal_hops_gets_a_stop_and_which_end_of_a_loop_goes_on() -> None:
    there = AddStop("e", L1, Place("x", at=(FIRST_LAT + STEP_DEG / 2, LON)), (Place("A", visit=2), B))
    assert after(loop(), there) == ["T: A 07:00 | B 07:05 | C 07:10 | B 07:15 | s/e/x 07:17:30 | A 07:20"]
    back = Extend("e", L1, Place("A", visit=1), (C,), run_s=(120,))
    assert after(loop(), back) == ["T: C 06:58 | A 07:00 | B 07:05 | C 07:10 | B 07:15 | A 07:20"]
    on = Extend("e", L1, Place("A", visit=2), (C,), run_s=(120,), dwell_s=60)
    assert after(loop(), on) == ["T: A 07:00 | B 07:05 | C 07:10 | B 07:15 | A 07:20-07:21 | C 07:23"]


def two_sides() -> Feed:
    """A line there on one side of the street and back on the other: stops of one name, 20 m apart."""
    names = {"Ash": 0.0, "Bell": STEP_DEG, "Corn": 2 * STEP_DEG}
    stops = [
        stop(f"{name[0]}{side}", FIRST_LAT + north, LON + 0.0003 * side, stop_name=name)
        for name, north in names.items()
        for side in (1, 2)
    ]
    there = trip("T", "A1 07:00 | B1 07:10 | C1 07:20", direction_id=0)
    return feed_of(there, trip("U", "C2 08:00 | B2 08:10 | A2 08:20", direction_id=1), stops=stops)


def test_a_name_means_the_stops_on_both_sides_of_the_street() -> None:
    """The run time, the stop skipped, the stop added and the extension concern both directions; an id one only."""
    ash, bell, corn = (Place(name=name) for name in ("Ash", "Bell", "Corn"))
    there, back = "T: A1 07:00 | B1 07:10 | C1 07:20", "U: C2 08:00 | B2 08:10 | A2 08:20"
    assert after(two_sides(), RunTime("e", L1, (ash, bell), factor=0.5)) == [
        "T: A1 07:00 | B1 07:05 | C1 07:15",
        "U: C2 08:00 | B2 08:10 | A2 08:15",
    ]
    assert after(two_sides(), SkipStop("e", L1, (bell,))) == ["T: A1 07:00 | C1 07:20", "U: C2 08:00 | A2 08:20"]
    assert after(two_sides(), SkipStop("e", L1, (Place("B1"),))) == ["T: A1 07:00 | C1 07:20", back]
    half = Place("x", at=(FIRST_LAT + STEP_DEG / 2, LON + 0.00045))
    assert after(two_sides(), AddStop("e", L1, half, (ash, bell))) == [
        "T: A1 07:00 | s/e/x 07:05 | B1 07:10 | C1 07:20",
        "U: C2 08:00 | B2 08:10 | s/e/x 08:15 | A2 08:20",
    ]
    assert after(two_sides(), Extend("e", L1, corn, (Place("B1"),), run_s=(60,))) == [
        there + " | B1 07:21",
        f"U: B1 07:59 | {back[3:]}",
    ]
    assert after(two_sides(), Truncate("e", L1, bell, "before")) == ["T: A1 07:00 | B1 07:10", "U: C2 08:00 | B2 08:10"]


def test_the_id_of_a_station_means_its_stops() -> None:
    stops = [
        stop("S", FIRST_LAT, LON, location_type=1),
        *(stop(name, FIRST_LAT, LON, parent_station="S") for name in ("P1", "P2")),
    ]
    feed = feed_of(trip("T", "A 07:00 | P1 07:10 | B 07:20"), trip("U", "B 08:00 | P2 08:10 | A 08:20"), stops=stops)
    assert after(feed, SkipStop("e", L1, (Place("S"),))) == ["T: A 07:00 | B 07:20", "U: B 08:00 | A 08:20"]


def test_each_edit_tells_what_matched() -> None:
    found = edited(two_sides(), SkipStop("e", replace(L1, operator="The Agency"), (Place("B1"),)))
    assert found.effects[0].selected == (
        "line 'R1' of 'The Agency', direction 0, Ash to Corn (3 stops): 1 departures, 07:00:00 to 07:00:00",
        "line 'R1' of 'The Agency', direction 1, Corn to Ash (3 stops): 1 departures, 08:00:00 to 08:00:00",
    )
    assert found.effects[0].notes == ("1 of 2 trips selected do not call there and stay as they are",)
    by_name = edited(two_sides(), SkipStop("e", L1, (Place(name="bell", at=(FIRST_LAT + STEP_DEG, LON)),)))
    assert by_name.effects[0].stops == ("'bell' is stop 'B1', 'B2'",)


def test_an_extension_keeps_every_time_there_is_and_lets_people_board_and_alight_at_the_old_end() -> None:
    feed = feed_of(
        trip("T", "A 07:00 | B 07:10 no-board", direction_id=0), trip("U", "B 08:00 no-alight | A 08:10", direction_id=1),
        trip("V", "C 09:00 | A 09:10"),
    )  # fmt: skip
    assert after(feed, Extend("e", L1, B, (C,), run_s=(300,), dwell_s=30)) == [
        "T: A 07:00 | B 07:10-07:10:30 | C 07:15:30",
        "U: C 07:54:30 | B 07:59:30-08:00 | A 08:10",
        "V: C 09:00 | A 09:10",
    ]
    timetable = build_timetable(edited(feed, Extend("e", L1, B, (C,), run_s=(300,))).feed, TUESDAY)
    calls = zip(timetable.position_stop, timetable.position_can_board, timetable.position_can_alight, strict=True)
    assert [(board, alight) for stop, board, alight in calls if stop == 1] == [(True, True), (True, True)]


def test_headways_move_with_the_first_stop_so_that_times_stay_where_a_line_was() -> None:
    """Departures from B at 07:00 and 07:20 stay; the line comes from A, 4 minutes away, now, or starts at C only."""
    text = feed_text(trip("T", "B 07:00 | C 07:06 | D 07:09"), stops=[stop("A", FIRST_LAT - STEP_DEG, LON)])
    row = {"trip_id": "T", "start_time": "07:00:00", "end_time": "07:40:00", "headway_secs": 1200, "exact_times": 1}
    feed = read(text.adding("frequencies.txt", row))
    assert after(feed, Extend("e", L1, B, (A,), run_s=(240,))) == [
        "T@06:56:00: A 06:56 | B 07:00 | C 07:06 | D 07:09",
        "T@07:16:00: A 07:16 | B 07:20 | C 07:26 | D 07:29",
    ]
    assert after(feed, Truncate("e", L1, C, "after")) == [
        "T@07:06:00: C 07:06 | D 07:09",
        "T@07:26:00: C 07:26 | D 07:29",
    ]


def test_times_of_departure_part_a_headway_and_leave_the_rest_of_it() -> None:
    text = feed_text(trip("T", "A 07:00 | B 07:10"))
    row = {"trip_id": "T", "start_time": "07:00:00", "end_time": "08:00:00", "headway_secs": 900, "exact_times": 1}
    feed = read(text.adding("frequencies.txt", row))
    part = replace(L1, from_s=SEVEN + 900, to_s=SEVEN + 2700)
    assert after(feed, Withdraw("e", part)) == ["T@07:00:00: A 07:00 | B 07:10", "T@07:45:00: A 07:45 | B 07:55"]
    assert after(feed, RunTime("e", part, factor=0.5)) == [
        "T@07:00:00: A 07:00 | B 07:10",
        "T@07:45:00: A 07:45 | B 07:55",
        "s/e/T@07:15:00: A 07:15 | B 07:20",
        "s/e/T@07:30:00: A 07:30 | B 07:35",
    ]
    effect = edited(feed, RunTime("e", part, factor=0.5)).effects[0]
    assert (effect.trips_changed, effect.trips_added, effect.trips_withdrawn) == (2, 0, 0)
    assert (effect.vehicle_minutes_before, effect.vehicle_minutes_after) == (20.0, 10.0)


def test_a_diversion_turns_with_the_direction_and_an_anchor_keeps_its_time() -> None:
    feed = feed_of(
        trip("T", "A 07:00 | B 07:05 | D 07:20", direction_id=0),
        trip("U", "D 08:00 | B 08:10 | A 08:15", direction_id=1),
        stops=[stop("C", FIRST_LAT + 3 * STEP_DEG, LON)],
    )
    along = Divert("e", L1, (B, D), (C,), run_s=(60, 120), dwell_s=30)
    assert after(feed, along) == [
        "T: A 07:00 | B 07:05 | C 07:06-07:06:30 | D 07:08:30",
        "U: D 08:00 | C 08:02-08:02:30 | B 08:03:30 | A 08:08:30",
    ]  # fmt: skip
    assert after(feed, replace(along, line=replace(L1, direction="0"), anchor=D)) == [
        "T: A 07:11:30 | B 07:16:30 | C 07:17:30-07:18 | D 07:20",
        "U: D 08:00 | B 08:10 | A 08:15",
    ]


def test_a_station_opens_for_several_lines_a_third_of_the_way() -> None:
    """P is 0.0033 degrees north of A and 0.0067 south of B; the hop takes a minute longer and the call half of one."""
    feed = feed_of(
        trip("T", "A 07:00 | B 07:05 | C 07:10"),
        trip("U", "B 08:00 | A 08:05", "R2"),
        trip("V", "A 09:00 | C 09:10", "R2"),
    )
    place = Place("P", "Park", at=(FIRST_LAT + STEP_DEG / 3, LON))
    found = edited(feed, OpenStation("e", (L1, L2), place, (A, B), adds_s=60, dwell_s=30))
    assert trips_of(found.feed) == [
        "T: A 07:00 | s/e/P 07:02-07:02:30 | B 07:06:30 | C 07:11:30",
        "U: B 08:00 | s/e/P 08:04-08:04:30 | A 08:06:30",
        "V: A 09:00 | C 09:10",
    ]
    row = found.feed.stops.set_index("stop_id").loc["s/e/P"]
    assert (row["name"], row["lat"], row["lon"]) == ("Park", FIRST_LAT + STEP_DEG / 3, LON)
    assert found.effects[0].stops == ("'P' is a new stop, 's/e/P'",)
    assert found.effects[0].notes == ("1 of 2 trips selected do not call there and stay as they are",)


def test_two_lines_become_one_where_the_next_trip_leaves() -> None:
    feed = feed_of(
        trip("T", "A 07:00 | B 07:10 no-board"), trip("T2", "A 08:00 | B 08:10"),
        trip("U", "B 07:12 | C 07:20", "R2"), trip("U2", "B 07:05 | C 07:13", "R2"),
    )  # fmt: skip
    found = edited(feed, ThroughRun("e", L1, L2, B))
    assert trips_of(found.feed) == [
        "T2: A 08:00 | B 08:10",
        "T: A 07:00 | B 07:10-07:12 | C 07:20",
        "U2: B 07:05 | C 07:13",
    ]
    effect = found.effects[0]
    assert (effect.trips_changed, effect.trips_withdrawn, effect.calls_added, effect.calls_removed) == (1, 1, 1, 2)
    assert effect.notes == ("1 trips of line 'R1' end at 'B' as before: no trip to go on as",)


# -- when trips run -------------------------------------------------------------------------------------------------------


def test_seconds_cumulate_before_they_are_rounded_at_stops() -> None:
    """Hops of 61 s at half take 30.5 s each: 30.5, 61, 91.5 and 122 s from A, halves rounded up."""
    feed = feed_of(trip("T", "A 07:00 | B 07:01:01 | C 07:02:02 | D 07:03:03 | E 07:04:04"))
    assert after(feed, RunTime("e", L1, factor=0.5)) == [
        "T: A 07:00 | B 07:00:31 | C 07:01:01 | D 07:01:32 | E 07:02:02"
    ]


def test_an_anchor_keeps_its_time_and_what_is_before_it_moves() -> None:
    feed = feed_of(trip("T", "A 07:00 | B 07:10-07:11 | C 07:21 | D 07:31"))
    assert after(feed, RunTime("e", L1, (A, C), saved_s=300, anchor=C)) == [
        "T: A 07:05 | B 07:12:30-07:13:30 | C 07:21 | D 07:31"
    ]
    assert after(feed, Dwell("e", L1, 0, anchor=D)) == ["T: A 07:01 | B 07:11 | C 07:21 | D 07:31"]
    assert after(feed, Dwell("e", L1, 90, (C,))) == ["T: A 07:00 | B 07:10-07:11 | C 07:21-07:22:30 | D 07:32:30"]


@pytest.mark.parametrize(
    ("released", "starts"),
    [
        ("idle", ["07:00", "07:30", "08:00", "08:30"]),
        ("headway", ["07:00", "07:18", "07:36", "07:54", "08:12", "08:30"]),
    ],
)
def test_freed_vehicles_stay_idle_or_run_more_often_and_both_are_told(
    released: Literal["idle", "headway"], starts: list[str]
) -> None:
    """A trip of an hour takes half of one: with a layover of 15 minutes a vehicle is away 45 minutes instead of 75, so the
    departures every half an hour come every 18 minutes."""
    clocks = ["7:00", "7:30", "8:00", "8:30", "9:00", "9:30"]
    feed = feed_of(*(trip(f"T{i}", f"A {clocks[i]} | B {clocks[i + 2]}") for i in range(4)))
    found = edited(feed, RunTime("e", L1, factor=0.5, layover_s=900, released=released))
    assert sorted(one.split("A ")[1][:5] for one in trips_of(found.feed)) == starts
    assert found.effects[0].notes == (
        "direction -: a vehicle is away for 60.0% of the time: 40.0% of the vehicles are free to stay idle, or the same number "
        "runs at 60.0% of the headway",
    )


def test_low_run_times_are_those_of_the_low_factor_and_of_the_high_speed() -> None:
    feed = feed_of(trip("T", "A 07:00 | B 07:10"))
    slower = RunTime("e", L1, factor=Range(0.5, 0.7, 0.9))
    for run_times, minutes in (("low", "07:05"), ("central", "07:07"), ("high", "07:09")):
        assert trips_of(edited(feed, slower, run_times=run_times).feed) == [f"T: A 07:00 | B {minutes}"]
    # A to B is 0.01 degrees north along the ellipsoid, 1,112.75 m: 100.15 s at 40 km/h, 133.53 at 30 and 200.3 at 20.
    line = NewLine("n", "N", (A, B), departures=(SEVEN,), both_ways=False, speed_kmh=Range(20, 30, 40))
    for run_times, clock in (("low", "07:01:40"), ("central", "07:02:14"), ("high", "07:03:20")):
        assert f"s/n/0/07:00:00: A 07:00 | B {clock}" in trips_of(edited(feed, line, run_times=run_times).feed)


# -- how often ------------------------------------------------------------------------------------------------------------


def test_vehicles_are_the_time_away_over_the_headway_rounded_up() -> None:
    assert vehicles(3600, 0, 600) == 6
    assert vehicles(3600, 1, 600) == 7
    assert vehicles(60, 0, 3600) == 1


def test_a_new_line_says_what_it_takes_and_which_phases_are_unknown() -> None:
    """22 minutes there, stops included, and back, and 10 of layover: 54 minutes away; every 6 minutes 9 vehicles, every 12
    minutes 5. Nine vehicles give 6 minutes."""
    feed = feed_of(trip("T", "A 07:00 | B 07:10 | C 07:20"))
    service = (Period(6 * 3600, 19 * 3600, 360), Period(19 * 3600, 23 * 3600, 720))
    line = NewLine("m", "Line 2", (A, B, C), "WMM", "tram", service, run_s=(600, 690), dwell_s=30, layover_s=600)
    found = edited(feed, line)
    assert [tuple(need) for need in found.effects[0].needs] == [
        (6 * 3600, 19 * 3600, 360, 2640, 600, 9),
        (19 * 3600, 23 * 3600, 720, 2640, 600, 5),
    ]
    assert [tuple(phase) for phase in found.phases] == [("m:0", 720), ("m:1", 720)]
    departures = 13 * 10 + 4 * 5
    effect = found.effects[0]
    assert (effect.trips_added, effect.calls_added) == (2 * departures, 2 * 3 * departures)
    assert effect.vehicle_minutes_after == 2 * departures * 22
    assert effect.vehicle_km_after == pytest.approx(2 * departures * 2.2255, rel=1e-4)
    assert effect.peak_vehicles_after == 8  # 22 minutes each way without layover, every 6: 3 or 4 under way each way
    by_vehicles = replace(line, service=(Period(6 * 3600, 19 * 3600, vehicles=9), service[1]))
    assert edited(feed, by_vehicles).feed.frequencies.equals(found.feed.frequencies)
    assert found.feed.routes.set_index("route_id").loc["s/m"].tolist() == [
        "Line 2",
        "",
        "tram",
        "WMM",
        "WMM",
        "",
        "Europe/London",
    ]


def test_a_phase_is_the_same_share_of_each_headway() -> None:
    """240 of 720 s is a third: 06:02 of every 6 minutes, 19:04 of every 12."""
    feed = feed_of(trip("T", "A 07:00 | B 07:10"))
    service = (Period(6 * 3600, 19 * 3600, 360), Period(19 * 3600, 23 * 3600, 720))
    line = NewLine("m", "N", (A, B), service=service, run_s=(300,), both_ways=False)
    found = edited(feed, line, phases={"m:0": 240}).feed.frequencies
    assert found["start_s"].tolist() == [6 * 3600 + 120, 19 * 3600 + 240]
    assert found["end_s"].tolist() == [19 * 3600, 23 * 3600] and not found["exact"].any()


def test_a_new_line_runs_on_weekdays_like_the_date_as_long_as_the_calendar_reaches_or_on_the_days_it_says() -> None:
    feed = feed_of(trip("T", "A 07:00 | B 07:10"), calendar=[service("WK", "1111111", "20260301", "20260430")])
    line = NewLine("m", "N", (A, B), departures=(SEVEN,), run_s=(300,))
    row = edited(feed, line).feed.calendar.set_index("service_id").loc["s/m"].tolist()
    assert row[:7] == [True] * 5 + [False] * 2
    assert [f"{day:%Y%m%d}" for day in row[7:]] == ["20260301", "20260430"]
    own = edited(feed, replace(line, days=("saturday", "tuesday"))).feed.calendar.set_index("service_id").loc["s/m"]
    assert own.index[own == True].tolist() == ["tuesday", "saturday"]  # noqa: E712  # a column of mixed types


def test_exact_departures_stay_exact_and_only_a_replaced_headway_says_that_they_are_not() -> None:
    feed = feed_of(*(trip(f"T{i}", f"A 7:{i}0 | B 7:{i}8") for i in (0, 2, 4)))
    assert edited(feed, Headway("e", L1, factor=0.5)).feed.frequencies.empty
    found = edited(feed, Headway("e", L1, every_s=600, layover_s=240))
    assert found.phases == (("e:0", 600),)
    assert found.effects[0].notes == (
        "3 exact departures become a headway service, whose departures within the headway are unknown",
    )
    assert found.effects[0].needs[0].vehicles == vehicles(480, 240, 600) == 2
    assert [one.split(":", 1)[0] for one in trips_of(found.feed)] == ["s/e/0@07"] * 5


def test_added_trips_run_as_the_one_nearest_in_time_and_added_headways_as_the_one_nearest_to_their_start() -> None:
    feed = feed_of(trip("T", "A 07:00 | B 07:10"), trip("U", "A 12:00 | B 12:20"))
    assert after(feed, AddTrips("e", L1, (EIGHT, 11 * 3600)))[2:] == [
        "s/e/08:00:00: A 08:00 | B 08:10",
        "s/e/11:00:00: A 11:00 | B 11:20",
    ]
    found = edited(feed, AddTrips("e", L1, service=(Period(11 * 3600, 12 * 3600, 1800),)))
    assert trips_of(found.feed)[2:] == ["s/e/0@11:00:00: A 11:00 | B 11:20", "s/e/0@11:30:00: A 11:30 | B 11:50"]
    assert found.phases == (("e:0", 1800),)


# -- order, other edits, other feeds --------------------------------------------------------------------------------------


def test_later_edits_see_what_earlier_ones_made() -> None:
    """A line to a new stop, then more trips of it, a stop skipped on all of them, and the old line extended to the stop."""
    feed = feed_of(trip("T", "A 07:00 | B 07:10 | C 07:20"))
    new = Place("x", at=(FIRST_LAT + 3 * STEP_DEG, LON))
    edits: Sequence[Edit] = (
        NewLine("n", "N", (A, B, new), departures=(SEVEN,), run_s=(60, 60), both_ways=False),
        AddTrips("more", Selection("N"), (EIGHT,)),
        SkipStop("skip", Selection("N"), (B,)),
        Extend("on", L1, C, (Place("x"),), run_s=(120,)),
    )
    assert after(feed, *edits) == [
        "T: A 07:00 | B 07:10 | C 07:20 | s/n/x 07:22",
        "s/more/08:00:00: A 08:00 | s/n/x 08:02",
        "s/n/0/07:00:00: A 07:00 | s/n/x 07:02",
    ]
    with pytest.raises(ValueError, match="no line 'N'"):
        after(feed, *edits[::-1])


def test_variants_are_numbered_by_their_departures_and_chosen_by_number_or_headsign() -> None:
    feed = feed_of(
        trip("T", "A 07:00 | B 07:10 | C 07:20", trip_headsign="Long"), trip("U", "A 08:00 | B 08:10", trip_headsign="Short"),
        trip("V", "A 09:00 | B 09:10", trip_headsign="Short"),
    )  # fmt: skip
    assert after(feed, Withdraw("e", replace(L1, variant=1))) == ["T: A 07:00 | B 07:10 | C 07:20"]
    for variant in (2, "long"):
        assert after(feed, Withdraw("e", replace(L1, variant=variant))) == [
            "U: A 08:00 | B 08:10",
            "V: A 09:00 | B 09:10",
        ]


def test_minutes_to_change_become_rules_of_the_feed_and_are_told() -> None:
    """From A to B, 1.1 km, in 2 minutes either way; from B to A it took 9 minutes by a rule."""
    text = feed_text(trip("T", "A 07:00 | B 07:10"))
    feed = read(
        text.adding(
            "transfers.txt", {"from_stop_id": "B", "to_stop_id": "A", "transfer_type": 2, "min_transfer_time": 540}
        )
    )
    found = edited(feed, Interchange("e", (A, B), 120))
    assert found.interchanges == (InterchangeTime("e", "A", "B", 120), InterchangeTime("e", "B", "A", 120))
    legs = transfer_legs(build_timetable(found.feed, TUESDAY), None, Walk(max_s=60))
    assert rows(legs) == [{0: 0, 1: 120}, {0: 120, 1: 0}]
    with pytest.raises(ValueError, match="changes nothing"):
        edited(found.feed, Interchange("e", (A, B), 120))


def test_the_minutes_of_a_station_hold_at_its_stops() -> None:
    stops = [
        stop("A", 52.4, -1.9, parent_station="ST"),
        stop("B", 52.41, -1.9, parent_station="ST"),
        stop("ST", 52.4, -1.9, location_type=1),
    ]
    feed = feed_of(trip("T", "A 07:00 | B 07:10"), stops=stops)
    found = edited(feed, Interchange("e", (Place("ST"),), 90))
    legs = transfer_legs(build_timetable(found.feed, TUESDAY), None, Walk(max_s=60))
    assert rows(legs) == [{0: 90, 1: 90}, {0: 90, 1: 90}]


def test_streets_and_land_are_carried_for_the_caller_and_leave_the_feed() -> None:
    feed = feed_of(trip("T", "A 07:00 | B 07:10"))
    link, homes = StreetLink("l", (52.4, -1.9), (52.41, -1.9)), LandUse("h", "homes", (52.4, -1.9), 900)
    found = edited(feed, link, homes)
    assert (found.street_edits, found.land_edits) == ((link,), (homes,))
    assert found.feed is feed
    assert [effect.edit_id for effect in found.effects] == ["l", "h"]


def test_another_feed_replaces_the_one_there_is_and_later_edits_are_of_it() -> None:
    feed, other = (
        feed_of(trip("T", "A 07:00 | B 07:10")),
        feed_of(trip("T", "A 07:00 | B 07:09"), trip("U", "A 08:00 | B 08:09")),
    )
    found = edited(feed, ReplaceFeed("r", other), Withdraw("w", replace(L1, from_s=EIGHT)))
    assert trips_of(found.feed) == ["T: A 07:00 | B 07:09"]
    assert (found.effects[0].trips_changed, found.effects[0].trips_added, found.effects[0].trips_withdrawn) == (1, 1, 0)


def test_ids_of_merged_feeds_may_lack_their_prefix_and_stops_are_found_by_name_and_place(tmp_path: Path) -> None:
    texts = {"bus": feed_text(trip("T", "A 07:00 | B 07:10")), "rail": feed_text(trip("U", "B 07:00 | C 07:10", "R2"))}
    feed = read_feed([text.zip(tmp_path / f"{name}.zip") for name, text in texts.items()])
    nearby = Place(name="stop  c", at=(FIRST_LAT + STEP_DEG + 0.001, LON))
    assert (
        after(feed, Extend("e", L1, Place("bus:B"), (nearby,), run_s=(60,)))[0]
        == "bus:T: bus:A 07:00 | bus:B 07:10 | rail:C 07:11"
    )
    with pytest.raises(
        ValueError, match=r"stop 'B' is in several feeds: 'bus:B', 'rail:B'; write the id with its feed's name"
    ):
        after(feed, Extend("e", L1, B, (nearby,), run_s=(60,)))
    with pytest.raises(
        ValueError, match=r"2 stops are called 'Stop B', up to 1,113 m apart: 'bus:B', 'rail:B'; give an id"
    ):
        after(feed, Extend("e", L1, Place(name="Stop B"), (nearby,), run_s=(60,)))
    assert (
        after(feed, Extend("e", L2, Place("C"), (Place("A"),), run_s=(60,)))[1]
        == "rail:U: rail:B 07:00 | rail:C 07:10 | bus:A 07:11"
    )


def test_a_scenario_is_not_applied_to_what_it_made() -> None:
    feed = feed_of(trip("T", "A 07:00 | B 07:10"))
    edit = AddTrips("e", L1, (EIGHT,))
    with pytest.raises(ValueError, match=r"has a trip 's/e/08:00:00' already, of an edit of this name"):
        edited(edited(feed, edit).feed, edit)
    assert len(trips_of(edited(feed, edit, replace(edit, id="f", departures=(EIGHT + 60,))).feed)) == 3


def test_a_replaced_headway_runs_on_the_days_of_most_departures_it_replaces() -> None:
    weekdays = [trip(f"T{i}", f"A 7:{i}0 | B 7:{i}8") for i in (0, 2, 4)]
    feed = feed_of(
        *weekdays,
        trip("U", "A 7:50 | B 7:58", service="TU"),
        calendar=[service("WK", "1111100"), service("TU", "0100000")],
    )
    found = edited(feed, Headway("e", L1, every_s=600)).feed
    assert found.trips["service_id"].tolist() == ["WK"]


def test_a_line_may_be_new_in_a_feed_without_a_weekly_calendar() -> None:
    text = feed_text(trip("T", "A 07:00 | B 07:10"), calendar=[service("WK", "1111100")]).without("calendar.txt")
    feed = read(text.setting("calendar_dates.txt", {"service_id": "WK", "date": "20260324", "exception_type": 1}))
    found = edited(feed, NewLine("m", "N", (A, B), departures=(EIGHT,), run_s=(300,), both_ways=False)).feed
    assert trips_of(found) == ["T: A 07:00 | B 07:10", "s/m/0/08:00:00: A 08:00 | B 08:05"]
    assert found.calendar.iloc[0, -2:].astype(str).tolist() == ["2026-03-24", "2026-03-24"]


def test_only_trips_of_the_same_service_days_become_one() -> None:
    """U runs on Tuesdays only, so T goes on as U2, which runs whenever T does."""
    days = [service("WK", "1111100"), service("TU", "0100000")]
    onward = (trip("U", "B 07:11 | C 07:20", "R2", "TU"), trip("U2", "B 07:13 | C 07:22", "R2"))
    feed = feed_of(trip("T", "A 07:00 | B 07:10"), *onward, calendar=days)
    assert after(feed, ThroughRun("e", L1, L2, B)) == ["T: A 07:00 | B 07:10-07:13 | C 07:22", "U: B 07:11 | C 07:20"]
