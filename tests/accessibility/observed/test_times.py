"""Observed times in place of planned ones: none changed is the timetable to the byte, a known shift is that shift, and random
days are those of a hand-written loop."""

import random
from collections.abc import Callable, Sequence
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from accessibility.observed.matching import match_trips
from accessibility.observed.times import (
    AS_TIMETABLED,
    CANCELLED,
    DROPPED,
    WAYS,
    ObservedTimes,
    times_of_delays,
    times_of_match,
)
from accessibility.timetable.timetable import Timetable, build_timetable
from tests.accessibility.scenarios.plain import TUESDAY, Plain, feed_of, random_trips
from tests.support.feeds import feed_text, spoken, timetable_on, trip
from tests.support.oracle import Call, trips_of

FEEDS = (("feed",), ("feed",))
NETWORKS = 12


def networks(number: int) -> dict[str, list[Plain]]:
    rng = random.Random(number)
    return {name: random_trips(rng, name) for name in (f"N{n:03d}" for n in range(NETWORKS))}


def observed_as(planned: Timetable, observed: Timetable) -> ObservedTimes:
    every = np.ones(len(planned.trip_id), bool)
    return times_of_match(planned, observed, match_trips(planned, observed, FEEDS), every, FEEDS)


def same(one: Timetable, other: Timetable) -> None:
    """Whether two timetables are equal to the byte."""
    for field in fields(Timetable):
        ours, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(ours, np.ndarray):
            assert ours.dtype == theirs.dtype and np.array_equal(ours, theirs), field.name
        elif isinstance(ours, pd.DataFrame):
            pd.testing.assert_frame_equal(ours, theirs)
        elif field.name in {"headway_runs", "joints"}:
            assert all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("way", WAYS)
def test_no_delay_is_the_timetable_to_the_byte(number: int, way: str) -> None:
    planned = build_timetable(feed_of(networks(number)), TUESDAY)
    none = np.zeros(len(planned.arrival_s), np.int64)
    every = np.ones(len(planned.trip_id), bool)
    some = np.random.default_rng(number).random(len(none)) < 0.5
    for found in (
        observed_as(planned, planned),
        times_of_delays(planned, none, some | True, every),
        times_of_delays(planned, none, some, every) if way == AS_TIMETABLED else observed_as(planned, planned),
    ):
        for one in found.pair(way):
            same(one, planned)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("shift_s", [-240, 95])
def test_a_shift_of_all_trips_is_that_shift(way: str, shift_s: int) -> None:
    trips = unheaded(1)
    later = {name: [shifted(one, shift_s) for one in plain] for name, plain in trips.items()}
    planned, ran = (build_timetable(feed_of(one), TUESDAY) for one in (trips, later))
    delays = np.full(len(planned.arrival_s), shift_s)
    by_table = times_of_delays(planned, delays, delays != 0, np.ones(len(planned.trip_id), bool))
    for found in (observed_as(planned, ran), by_table):
        assert said(found.pair(way)[1]) == sorted(
            [
                tuple(c._replace(arrival_s=c.arrival_s + shift_s, departure_s=c.departure_s + shift_s) for c in one)
                for one in trips_of(planned)
            ]
        )
        assert said(found.pair(way)[0]) == said(planned)


def shifted(one: Plain, by_s: int) -> Plain:
    calls = tuple(c._replace(arrival_s=c.arrival_s + by_s, departure_s=c.departure_s + by_s) for c in one.calls)
    return one._replace(calls=calls)


def every_ten_minutes(prefix: str, later_min: int) -> Timetable:
    starts = range(later_min, 60 + later_min, 10)
    return timetable_on(feed_text(*(trip(f"{prefix}{n}", f"A 08:{n:02d} | B 09:{n:02d}") for n in starts if n < 60)))


def test_a_shift_is_found_without_ids_where_it_is_less_than_half_the_headway() -> None:
    planned, ran = every_ten_minutes("p", 0), every_ten_minutes("o", 4)
    assert said(observed_as(planned, ran).pair(AS_TIMETABLED)[1]) == said(ran)


def said(timetable: Timetable) -> list[tuple[Call, ...]]:
    return sorted(tuple(one) for one in trips_of(timetable))


# -- random days, by hand ------------------------------------------------------------------------------------------------


def unheaded(number: int) -> dict[str, list[Plain]]:
    """Networks of timed trips only."""
    return {name: [one._replace(every=()) for one in plain] for name, plain in networks(number).items()}


def ran_of(rng: random.Random, one: Plain) -> Plain | None:
    """What was seen of a trip: nothing, or later and later (or earlier) calls of which some are missing."""
    if rng.random() < 0.25:
        return None
    late, clock, calls = rng.choice((-60, 0, 45, 300)), -(10**6), []
    for call in one.calls:
        late += rng.choice((-40, 0, 0, 17, 60))
        arrival = max(clock, call.arrival_s + late)
        clock = max(arrival, call.departure_s + late)
        calls.append(call._replace(arrival_s=arrival, departure_s=clock))
    kept = [call for call in calls if rng.random() < 0.7]
    return one._replace(calls=tuple(kept)) if len(kept) >= 2 else None


def between(plan: Sequence[Call], ran: dict[int, Call]) -> list[Call]:
    """All calls of a trip of which some were seen: the others keep the pace of the timetable between those."""

    def at(place: int, time_s: int) -> int:
        before = max((i for i in ran if i < place), default=None)
        after = min((i for i in ran if i > place), default=None)
        if before is None and after is not None:
            return time_s + ran[after].arrival_s - plan[after].arrival_s
        if after is None and before is not None:
            return time_s + ran[before].departure_s - plan[before].departure_s
        assert before is not None and after is not None
        start, end = plan[before].departure_s, plan[after].arrival_s
        start_ran, end_ran = ran[before].departure_s, ran[after].arrival_s
        return start_ran + ((time_s - start) * (end_ran - start_ran) // (end - start) if end > start else 0)

    return [
        ran.get(i, call._replace(arrival_s=at(i, call.arrival_s), departure_s=at(i, call.departure_s)))
        for i, call in enumerate(plan)
    ]


def flagged(calls: Sequence[Call]) -> tuple[Call, ...]:
    last = len(calls) - 1
    return tuple(
        call._replace(can_board=call.can_board and i < last, can_alight=call.can_alight and i > 0)
        for i, call in enumerate(calls)
    )


Day = Callable[[Plain, Plain | None], tuple[Sequence[Call] | None, Sequence[Call] | None]]
BY_HAND: dict[str, Day] = {
    DROPPED: lambda plan, ran: (plan.calls, whole(plan, ran)) if ran else (None, None),
    AS_TIMETABLED: lambda plan, ran: (plan.calls, whole(plan, ran) if ran else plan.calls),
    CANCELLED: lambda plan, ran: (plan.calls, ran.calls if ran else None),
}


def whole(plan: Plain, ran: Plain | None) -> list[Call]:
    assert ran
    stops = [call.stop for call in plan.calls]
    return between(plan.calls, {stops.index(call.stop): call for call in ran.calls})


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("way", WAYS)
def test_a_random_day_is_that_of_a_loop_over_its_trips(number: int, way: str) -> None:
    rng, plans = random.Random(number), unheaded(number)
    pairs = [(plan, ran_of(rng, plan)) for trips in plans.values() for plan in trips]
    seen: dict[str, list[Plain]] = {name: [] for name in plans}
    for plan, ran in pairs:
        if ran:
            seen[plan.number.partition(".")[0]].append(ran)
    planned, observed = (build_timetable(feed_of(one), TUESDAY) for one in (plans, seen))
    found = observed_as(planned, observed)
    kept = [  # of trips that are the same to the second one alone stands in a timetable
        (plan, ran if plan.id in observed.trip_id else None) for plan, ran in pairs if plan.id in planned.trip_id
    ]
    by_hand = [BY_HAND[way](plan, ran) for plan, ran in kept]
    for side, timetable in enumerate(found.pair(way)):
        expected = [(plan.id, one[side]) for (plan, _), one in zip(kept, by_hand, strict=True)]
        assert runs_by_id(timetable) == {ident: flagged(calls) for ident, calls in expected if calls is not None}


def runs_by_id(timetable: Timetable) -> dict[str, tuple[Call, ...]]:
    """Calls of each trip; stops by their number within their network."""
    stops = [int(stop.partition("S")[2]) for stop in timetable.stops["stop_id"]]
    return {
        str(ident): tuple(call._replace(stop=stops[call.stop]) for call in calls)
        for ident, calls in zip(timetable.trip_id, trips_of(timetable), strict=True)
    }


# -- what no timetable has, and averages ---------------------------------------------------------------------------------


def test_a_trip_that_no_timetable_has_runs_only_where_what_was_not_seen_is_cancelled() -> None:
    planned = timetable_on(feed_text(trip("P", "A 08:00 | B 08:10"), trip("Q", "A 09:00 | B 09:10")))
    ran = timetable_on(
        feed_text(
            trip("P", "A 08:02 | B 08:13"),
            trip("relief", "A 08:30 | B 08:50 | Z 08:59"),
            trip("X", "B 08:00 | Z 08:30", "R9"),
        )
    )
    found = observed_as(planned, ran)
    assert spoken(found.pair(DROPPED)[0]) == ["P: A 08:00 | B 08:10"]
    assert spoken(found.pair(DROPPED)[1]) == ["P: A 08:02 | B 08:13"]
    assert spoken(found.pair(AS_TIMETABLED)[1]) == ["P: A 08:02 | B 08:13", "Q: A 09:00 | B 09:10"]
    cancelled = found.pair(CANCELLED)[1]
    assert sorted(spoken(cancelled)) == [
        "P: A 08:02 | B 08:13", "X: B 08:00 | Z 08:30", "relief: A 08:30 | B 08:50 | Z 08:59",
    ]  # fmt: skip
    assert list(cancelled.stops["stop_id"]) == ["A", "B", "Z"]
    assert list(cancelled.routes["route_id"]) == ["R1", "R9"]


def test_modes_that_are_not_observed_run_as_timetabled_in_every_way() -> None:
    planned = timetable_on(feed_text(trip("P", "A 08:00 | B 08:10"), trip("T", "A 09:00 | B 09:10", "R2")))
    ran = timetable_on(feed_text(trip("P", "A 08:02 | B 08:12")))
    covered = planned.trip_id == "P"
    found = times_of_match(planned, ran, match_trips(planned, ran, FEEDS), covered, FEEDS)
    for way in WAYS:
        assert "T: A 09:00 | B 09:10" in spoken(found.pair(way)[1])


def test_a_trip_waits_where_averages_would_have_it_leave_before_it_arrives() -> None:
    planned = timetable_on(feed_text(trip("P", "A 08:00 | B 08:02 | C 08:04 | D 08:20")))
    delays = np.array([600, 0, 0, -60])
    found = times_of_delays(planned, delays, np.array([True, True, False, True]), np.ones(1, bool))
    assert spoken(found.pair(AS_TIMETABLED)[1]) == ["P: A 08:10 | B 08:10 | C 08:11 | D 08:19"]


def test_an_unknown_way_is_refused() -> None:
    planned = timetable_on(feed_text(trip("P", "A 08:00 | B 08:10")))
    with pytest.raises(ValueError, match="'skipped' is not one of as_timetabled, cancelled, dropped"):
        observed_as(planned, planned).pair("skipped")
