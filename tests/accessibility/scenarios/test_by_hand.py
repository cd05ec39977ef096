"""Edits and GTFS files edited by hand in their text give the same trips and the same seconds."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from accessibility.feed import Feed, read_feed
from accessibility.legs import Points, Walk
from accessibility.scenarios.applying import apply
from accessibility.scenarios.edits import AddTrips, Edit, Headway, NewLine, RunTime, Withdraw
from accessibility.scenarios.places import Place
from accessibility.scenarios.selection import Selection
from accessibility.scenarios.write import write_gtfs
from accessibility.search.door_to_door import travel_times
from accessibility.search.spec import SearchSpec
from accessibility.timetable.timetable import build_timetable
from tests.accessibility.scenarios.plain import FRAMES
from tests.support.feeds import (
    FIRST_LAT,
    LON,
    STEP_DEG,
    TUESDAY,
    FeedText,
    Row,
    feed_of,
    feed_text,
    read,
    service,
    spoken,
    trip,
)

SPEC = SearchSpec(
    window_start_s=7 * 3600,
    window_end_s=9 * 3600,
    step_s=60,
    walk=Walk(max_s=600),
    max_duration_s=7200,
    percentiles=tuple(range(1, 101)),
    cutoffs_s=(1800,),
)


def base() -> FeedText:
    """Line R1 along A-B-C every half an hour with a quicker trip, R2 from C to E by headway, R3 a late bus of one day."""
    text = feed_text(
        *(
            trip(f"a{h}{m:02d}", f"A {h}:{m:02d} | B {h}:{m + 6:02d} | C {h}:{m + 15:02d}")
            for h in (7, 8, 9)
            for m in (0, 30)
        ),
        *(trip(f"b{h}", f"C {h}:20 | B {h}:30 | A {h}:35", direction_id=1) for h in (7, 8, 9)),
        trip("h", "C 07:00 | D 07:05-07:06 | E 07:12", route="R2"),
        trip("late", "E 23:00 | A 23:30", route="R3"),
    )
    row = {"trip_id": "h", "start_time": "07:00:00", "end_time": "11:00:00", "headway_secs": 1200, "exact_times": 0}
    return text.adding("frequencies.txt", row)


def seconds(feed: Feed) -> np.ndarray:
    """Every percentile and share between doors near all stops."""
    lat = FIRST_LAT + STEP_DEG * np.arange(5) + 0.0005
    doors = Points(np.array(list("abcde"), object), np.full(5, LON), lat)
    times = travel_times(build_timetable(feed, TUESDAY), None, doors, doors, SPEC)
    return np.concatenate([times.seconds_or_unreached, times.departures_within])


@cache
def before() -> np.ndarray:
    return seconds(read(base()))


def on_rows(table: str, change: Callable[[Row], Row | None]) -> Callable[[FeedText], FeedText]:
    """An edit of a feed's text, row by row; None leaves a row out."""
    return lambda text: text.setting(table, *(new for row in text.tables[table] if (new := change(row)) is not None))


def line_added(text: FeedText) -> FeedText:
    """Four trips each way from A over D to E, typed in."""
    trips = [
        *(trip(f"n{h}", f"A {h}:10 | D {h}:20-{h}:21 | E {h}:25", "N") for h in (7, 8, 9, 10)),
        *(trip(f"m{h}", f"E {h}:10 | D {h}:14-{h}:15 | A {h}:25", "N", direction_id=1) for h in (7, 8, 9, 10)),
    ]
    text = text.adding("routes.txt", {"route_id": "N", "route_type": 0, "route_short_name": "N"})
    text = text.adding("trips.txt", *(one.row for one in trips))
    return text.adding("stop_times.txt", *(call for one in trips for call in one.calls))


def line_withdrawn(text: FeedText) -> FeedText:
    text = text.setting("trips.txt", *(row for row in text.tables["trips.txt"] if row["route_id"] != "R1"))
    kept = {row["trip_id"] for row in text.tables["trips.txt"]}
    return text.setting("stop_times.txt", *(row for row in text.tables["stop_times.txt"] if row["trip_id"] in kept))


def trips_between(text: FeedText) -> FeedText:
    """A trip a quarter of an hour after each of R1's from A but the last."""
    trips = [
        trip(f"x{h}{m}", f"A {h}:{m} | B {h}:{m + 6} | C {h if m < 45 else h + 1}:{(m + 15) % 60:02d}")
        for h, m in ((7, 15), (7, 45), (8, 15), (8, 45), (9, 15))
    ]
    text = text.adding("trips.txt", *(one.row for one in trips))
    return text.adding("stop_times.txt", *(call for one in trips for call in one.calls))


def faster_to_c(row: Row) -> Row:
    """B to C in 6 minutes instead of 9, for the trips that leave A."""
    if row["stop_id"] == "C" and str(row["trip_id"]).startswith("a"):
        hour, minute = str(row["arrival_time"]).split(":")
        clock = f"{hour}:{int(minute) - 3:02d}"
        return {**row, "arrival_time": clock, "departure_time": clock}
    return row


R1, R2 = Selection("R1"), Selection("R2", "The Agency")
A_D_E = (Place("A"), Place("D"), Place("E"))
CASES: dict[str, tuple[list[Edit], Callable[[FeedText], FeedText]]] = {
    "a line added": (
        [
            NewLine(
                "n",
                "N",
                A_D_E,
                mode="tram",
                departures=tuple(range(25_800, 40_000, 3600)),
                run_s=(600, 240),
                dwell_s=60,
            )
        ],
        line_added,
    ),
    "a line withdrawn": ([Withdraw("w", R1)], line_withdrawn),
    "a headway halved": (
        [Headway("h", R2, factor=0.5)],
        on_rows("frequencies.txt", lambda row: {**row, "headway_secs": 600}),
    ),
    "a headway replaced": (
        [Headway("h", replace(R2, from_s=7 * 3600, to_s=11 * 3600), every_s=480)],
        on_rows("frequencies.txt", lambda row: {**row, "headway_secs": 480}),
    ),
    "exact departures twice as often": ([Headway("h", replace(R1, direction=""), factor=0.5)], trips_between),
    "a run time cut": (
        [RunTime("r", replace(R1, direction=""), (Place("B"), Place("C")), saved_s=180)],
        on_rows("stop_times.txt", faster_to_c),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_edits_and_files_edited_by_hand_give_the_same_seconds(case: str, tmp_path: Path) -> None:
    edits, by_hand = CASES[case]
    edited = apply(read(base()), edits, date=TUESDAY).feed
    expected = seconds(read(by_hand(base())))
    assert (seconds(edited) == expected).all()
    assert (seconds(read_feed(write_gtfs(edited, tmp_path / "edited.zip"))) == expected).all()
    assert (before() != expected).any()


def test_withdrawing_trips_and_adding_the_same_ones_is_the_base() -> None:
    feed = read(base())
    first, rest = Selection("R1", direction="", to_s=27_000), Selection("R1", direction="", from_s=27_000)
    starts = tuple(range(27_000, 36_000, 1800))
    without = apply(feed, [Withdraw("w", rest)], date=TUESDAY).feed
    assert (seconds(without) != seconds(feed)).any()
    again = apply(without, [AddTrips("a", first, starts)], date=TUESDAY).feed
    assert (seconds(again) == seconds(feed)).all()
    calls = [line.split(": ", 1)[1] for line in spoken(build_timetable(again, TUESDAY))]
    assert sorted(calls) == sorted(line.split(": ", 1)[1] for line in spoken(build_timetable(feed, TUESDAY)))


def test_no_edit_leaves_the_feed_itself() -> None:
    feed = read(base())
    assert apply(feed, [], date=TUESDAY).feed is feed


def test_what_no_edit_selects_stays_row_by_row() -> None:
    """Two trips of R1 run faster; every other row of every table is the one it was."""
    feed = read(base())
    edited = apply(feed, [RunTime("r", replace(R1, direction="", to_s=27_000), factor=0.5)], date=TUESDAY).feed
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(edited, name), getattr(feed, name))
    touched = np.isin(feed.trips["trip_id"].to_numpy(object)[feed.stop_times.trip], ["a700"])
    assert touched.sum() == 3
    for new, old in zip(edited.stop_times, feed.stop_times, strict=True):
        assert new.dtype == old.dtype
        assert new[~touched].tolist() == old[~touched].tolist()
    assert edited.stop_times.arrival_s[touched].tolist() == [25_200, 25_380, 25_650]


def test_trips_that_run_on_other_days_too_change_on_all_of_them_and_others_on_none() -> None:
    text = [trip("t", "A 07:00 | B 07:10"), trip("s", "A 07:00 | B 07:10", service="SU")]
    feed = feed_of(*text, calendar=[service("WK", "1111100"), service("SU", "0000001")])
    edited = apply(feed, [RunTime("r", Selection("R1"), factor=0.5)], date=TUESDAY)
    assert edited.effects[0].trips_changed == 1
    assert edited.feed.stop_times.arrival_s.tolist() == [25_200, 25_800, 25_200, 25_500]  # "s", then "t"
