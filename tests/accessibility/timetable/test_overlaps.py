"""Overlapping registrations: found where a line stands in a feed twice, and nowhere else.

Line 74 runs every ten minutes from A to C, 08:00 to 11:50; its second registration leaves a minute or three away.
"""

import datetime as dt

import numpy as np
import pytest

from accessibility.timetable.overlaps import Registrations, with_overlaps_told, without_overlaps
from accessibility.timetable.timetable import build_timetable
from benchmarks.overlapping_registrations import counts
from tests.support.feeds import TUESDAY, FeedText, Trip, clock, feed_text, read, repairs_of, route, service, stop, trip

STARTS = range(8 * 60, 12 * 60, 10)
CALENDAR = [service("MF", "1111100"), service("MT", "1111000"), service("FR", "0000100")]
FRIDAY = TUESDAY + dt.timedelta(days=3)


def ride(start: int, of: str, stops: str = "ABC", line: str = "74", way: str = "0") -> Trip:
    """A trip along `stops`, ten minutes a hop."""
    calls = " | ".join(f"{one} {clock(60 * (start + 10 * i))}" for i, one in enumerate(stops))
    return trip(f"{of}{line}{way}{stops}{start}", calls, route=line, service=of, direction_id=way)


def feed(*trips: Trip, **described: object) -> FeedText:
    """A feed of these trips, whose services are those of `CALENDAR`."""
    return feed_text(*trips, calendar=CALENDAR, **described)  # type: ignore[arg-type]


def first() -> list[Trip]:
    return [ride(start, "MF") for start in STARTS]


def second(late: tuple[int, ...] = (1, -2, 3, 0)) -> list[Trip]:
    """Without the first departure, the others up to three minutes away."""
    return [ride(start + late[n % len(late)], "MT") for n, start in enumerate(STARTS) if n]


def left_out(text: FeedText, date: dt.date = TUESDAY) -> set[str]:
    """Services of which trips are left out."""
    found = read(text)
    return set(found.trips["service_id"][Registrations(found).on(date).trips])


def test_the_smaller_registration_is_left_out_and_counted_with_line_and_trips() -> None:
    whole = read(feed(*first(), *second()))
    found = without_overlaps(whole, TUESDAY)
    assert set(found.trips["service_id"]) == {"MF"}
    assert len(build_timetable(found, TUESDAY).trip_id) == len(STARTS)
    repair = repairs_of(found)["overlapping_registrations"]
    assert (repair.count, repair.total, repair.sample) == (len(STARTS) - 1, 2 * len(STARTS) - 1, ("74 (The Agency)",))
    assert set(repair.trips) == {one for one in whole.trips["trip_id"] if one.startswith("MT")}
    assert set(found.lost.trip_id) == set(repair.trips)  # so that their effect on places can be told
    assert len(found.lost.trip_id) == 3 * (len(STARTS) - 1)


def test_both_can_be_kept_and_are_told_all_the_same() -> None:
    whole = read(feed(*first(), *second()))
    found = with_overlaps_told(whole, TUESDAY)
    assert found.trips is whole.trips
    assert "both were kept, so they count twice" in repairs_of(found)["overlapping_registrations_kept"].effect


def test_a_feed_without_overlaps_is_the_same_feed() -> None:
    whole = read(feed(*first()))
    assert without_overlaps(whole, TUESDAY) is whole and with_overlaps_told(whole, TUESDAY) is whole


def test_registrations_that_run_on_different_days_do_not_overlap() -> None:
    friday = [ride(start + 1, "FR") for start in STARTS]
    thursday = [ride(start, "MT") for start in STARTS]
    assert left_out(feed(*thursday, *friday)) == set()
    assert left_out(feed(*first(), *friday[1:]), FRIDAY) == {"FR"}


@pytest.mark.parametrize("headway", [5, 6, 7, 8])
def test_a_dense_service_in_two_calendars_is_never_thinned(headway: int) -> None:
    starts = range(8 * 60, 12 * 60, headway)
    assert left_out(feed(*(ride(start, ("MF", "MT")[n % 2]) for n, start in enumerate(starts)))) == set()


def test_trips_halfway_between_those_of_the_other_calendar_stay_however_close() -> None:
    """A bus every three minutes, in two calendars in turn: within three minutes of each other, and no copies."""
    starts = range(8 * 60, 12 * 60, 3)
    assert left_out(feed(*(ride(start, ("MF", "MT")[n % 2]) for n, start in enumerate(starts)))) == set()


def test_extras_stay() -> None:
    assert left_out(feed(*first(), *(ride(start + 2, "MT") for start in STARTS[:4]))) == set()


def test_other_ends_other_stops_another_line_or_direction_are_no_copies() -> None:
    far = [stop("D", 52.6, -1.9), stop("E", 52.7, -1.9), stop("F", 52.65, -1.9)]
    others = {
        "ends": [ride(start + 1, "MT", "ABD") for start in STARTS],
        "way between": [ride(start + 1, "MT", "AEFDC") for start in STARTS],
        "line": [ride(start + 1, "MT", line="75") for start in STARTS],
        "direction": [ride(start + 1, "MT", way="1") for start in STARTS],
    }
    found = {what: left_out(feed(*first(), *trips, stops=far)) for what, trips in others.items()}
    assert found == {"ends": set(), "way between": set(), "line": set(), "direction": set()}


def test_the_same_line_as_two_routes_and_from_another_stand_is_a_copy() -> None:
    routes = [route("old", route_short_name="74"), route("new", route_short_name="74")]
    stand = [stop("A2", 52.4, -1.9005)]
    old = [ride(start, "MF", line="old") for start in STARTS]
    new = [
        trip(f"n{start}", f"A2 {clock(60 * (start + 2))} | B {clock(60 * (start + 12))} | C {clock(60 * (start + 22))}",
             route="new", service="MT", direction_id="0")
        for start in STARTS[1:]
    ]  # fmt: skip
    assert left_out(feed(*old, *new, routes=routes, stops=stand)) == {"MT"}


def test_a_registration_spread_over_two_services_is_left_out_whole() -> None:
    parts = [ride(start + 1, "MT" if n % 3 else "SOME") for n, start in enumerate(STARTS)]
    text = feed_text(*first(), *parts, calendar=[*CALENDAR, service("SOME", "1111000")])
    assert left_out(text) == {"MT", "SOME"}


def test_exact_copies_are_left_to_the_timetable_which_counts_them() -> None:
    text = feed(*first(), *(ride(start, "MT") for start in STARTS))
    assert left_out(text) == set()
    timetable = build_timetable(read(text), TUESDAY)
    assert repairs_of(timetable)["duplicate_trips"].count == len(STARTS)


def test_copies_that_differ_where_nobody_is_aboard_are_exact_copies() -> None:
    """The arrival at the first stop and the departure from the last are nobody's."""
    text = feed_text(
        trip("T1", "A 08:00 | B 08:10 | C 08:20"),
        trip("T2", "A 07:58-08:00 | B 08:10 | C 08:20-08:25"),
        trip("T3", "A 08:00 | B 08:09-08:10 | C 08:20"),
    )
    timetable = build_timetable(read(text), TUESDAY)
    assert sorted(timetable.trip_id) == ["T1", "T3"]
    assert repairs_of(timetable)["duplicate_trips"].sample == ("T2",)


def test_trips_left_on_many_days_are_those_of_each_day_by_itself() -> None:
    friday = [ride(start + 1, "FR") for start in STARTS[1:]]
    whole = read(feed(*first(), *second(), *friday))
    days = np.array([TUESDAY, FRIDAY, FRIDAY + dt.timedelta(days=1)], dtype="datetime64[D]")
    registrations = Registrations(whole)
    assert registrations.trips_left(days).sum(axis=1).tolist() == [len(STARTS), len(STARTS), 0]
    assert [registrations.on(day.item()).left for day in days] == [len(STARTS), len(STARTS), 0]


def test_precision_and_recall_on_made_feeds() -> None:
    """Twins of one to three minutes, whole, split or from another stand; dense services, extras for schools and in summer.

    `python -m benchmarks.overlapping_registrations` prints both over more feeds.
    """
    found = counts(3, lines=3) + counts(4, lines=3)
    assert found["right"] >= 0.97 * found["out"] > 0
    assert found["right"] >= 0.97 * found["wanted"] > 0
    assert {name for name in found if name.startswith("out of")} == {"out of twin", "out of split", "out of stand"}
