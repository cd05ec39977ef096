"""Journeys leg by leg: they add up to the travel time to the second, and every leg could really be travelled."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given

from accessibility.kernels.journey_legs import NOWHERE
from accessibility.search.itinerary import Itinerary, Leg, itineraries
from accessibility.search.joining import join
from accessibility.search.passes import BackwardPasses, backward_passes
from accessibility.search.preparation import prepare
from accessibility.search.profiles import journey_profiles, times_at
from accessibility.search.spec import UNREACHED, SearchSpec
from accessibility.timetable.timetable import Timetable
from tests.support.networks import legs, line, timetable_of
from tests.support.oracle import Walks, all_durations, joined_trips_of, rows
from tests.support.random_networks import N_DESTINATIONS, N_POINTS, Case, cases, joined_cases, networks_to_try, specs

SEVEN = 7 * 3600


def passes_of(timetable: Timetable, walks: Walks, spec: SearchSpec) -> BackwardPasses:
    network = prepare(timetable, walks.transfers, spec)
    return backward_passes(join([network], walks.access, walks.egress, walks.direct), spec)


def all_asked(spec: SearchSpec) -> list[tuple[int, int, int]]:
    departures = range(spec.window_start_s, spec.window_end_s, spec.step_s)
    return [(o, d, t) for o in range(N_POINTS) for d in range(N_DESTINATIONS) for t in departures]


@networks_to_try(300)
@given(cases(), specs())
def test_legs_add_up_to_the_travel_time_exactly(case: Case, spec: SearchSpec) -> None:
    passes = passes_of(case.timetable, case.walks, spec)
    departures_s = np.arange(spec.window_start_s, spec.window_end_s, spec.step_s, dtype=np.int32)
    seconds = times_at(journey_profiles(passes), departures_s, spec.max_duration_s)
    for (origin, destination, departure_s), journey in zip(
        all_asked(spec), itineraries(passes, all_asked(spec)), strict=True
    ):
        took_s = seconds[origin, destination, np.searchsorted(departures_s, departure_s)]
        if took_s == UNREACHED:
            assert journey == ()
            continue
        assert sum(leg.seconds for leg in journey) == took_s
        if journey:
            assert journey[0].start_s == departure_s
            assert all(before.end_s == after.start_s for before, after in pairwise(journey))


@networks_to_try(300)
@given(cases(), specs())
def test_every_leg_can_be_travelled(case: Case, spec: SearchSpec) -> None:
    passes = passes_of(case.timetable, case.walks, spec)
    for (origin, destination, _), journey in zip(all_asked(spec), itineraries(passes, all_asked(spec)), strict=True):
        assert_travelled(case, spec, origin, destination, journey)


@networks_to_try(300)
@given(joined_cases(), specs())
def test_journeys_in_which_people_stay_aboard_take_as_long_and_can_be_travelled(case: Case, spec: SearchSpec) -> None:
    passes = passes_of(case.timetable, case.walks, spec)
    best = all_durations(case.timetable, case.walks, spec)
    for (origin, destination, departure_s), journey in zip(
        all_asked(spec), itineraries(passes, all_asked(spec)), strict=True
    ):
        took_s = best[origin][destination][(departure_s - spec.window_start_s) // spec.step_s]
        assert sum(leg.seconds for leg in journey) == (0 if math.isinf(took_s) else took_s)
        assert all(before.end_s == after.start_s for before, after in pairwise(journey))
        assert spec.max_rides is None or sum(leg.kind == "ride" and not leg.aboard for leg in journey) <= spec.max_rides
        assert_travelled(case, spec, origin, destination, journey)


@networks_to_try(200)
@given(cases(), specs())
def test_no_journey_has_a_ride_more_than_its_arrival_needs(case: Case, spec: SearchSpec) -> None:
    """The slow twin finds the fewest: it searches with a limit of one ride, of two, ..., until the arrival is as early."""
    best = all_durations(case.timetable, case.walks, spec)
    limited = [all_durations(case.timetable, case.walks, replace(spec, max_rides=n)) for n in range(1, 9)]
    passes = passes_of(case.timetable, case.walks, spec)
    for (origin, destination, departure_s), journey in zip(
        all_asked(spec), itineraries(passes, all_asked(spec)), strict=True
    ):
        rides = sum(leg.kind == "ride" for leg in journey)
        if rides > 1:
            k = (departure_s - spec.window_start_s) // spec.step_s
            took = best[origin][destination][k]
            assert all(limited[n - 1][origin][destination][k] > took for n in range(1, min(rides, 9)))


def assert_travelled(case: Case, spec: SearchSpec, origin: int, destination: int, journey: Itinerary) -> None:
    """Walks are those of the tables, rides those of one trip each, and nobody boards sooner than the slack allows."""
    rides = in_one_vehicle([leg for leg in journey if leg.kind == "ride"])
    if not rides:
        assert not journey or [leg.seconds for leg in journey] == [rows(case.walks.direct)[destination][origin]]
        return
    assert spec.max_rides is None or len(rides) <= spec.max_rides
    reached_s = (journey[0].start_s if journey else 0) + rows(case.walks.access)[origin][rides[0].from_stop]
    for ride, after in zip(rides, [*rides[1:], None], strict=True):
        assert ride.start_s >= reached_s + spec.board_slack_s
        assert any(is_ride(trip, ride) for trip in joined_trips_of(case.timetable))
        if after is not None:
            reached_s = ride.end_s + rows(case.walks.transfers)[ride.to_stop][after.from_stop]
    assert journey[-1].end_s == rides[-1].end_s + rows(case.walks.egress)[destination][rides[-1].to_stop]


def in_one_vehicle(rides: list[Leg]) -> list[Leg]:
    """The rides, those between which people stay aboard as one."""
    found: list[Leg] = []
    for ride in rides:
        assert found or not ride.aboard
        on = found.pop() if ride.aboard else ride
        found.append(on._replace(to_stop=ride.to_stop, end_s=ride.end_s))
    return found


def is_ride(calls: list, ride: Leg) -> bool:  # type: ignore[type-arg]
    """Whether a trip departs the ride's stop then, and later reaches its other stop then, both allowed."""
    boards = [
        i for i, c in enumerate(calls) if (c.stop, c.departure_s, c.can_board) == (ride.from_stop, ride.start_s, True)
    ]
    return any(
        (c.stop, c.arrival_s, c.can_alight) == (ride.to_stop, ride.end_s, True) for i in boards for c in calls[i + 1 :]
    )


def test_a_journey_with_a_change_is_told_leg_by_leg() -> None:
    """07:00 leave, 2 min to stop 0, bus at 07:05 to stop 1 (07:15), walk 1 min to stop 2, tram at 07:20 to stop 3
    (07:30), walk 3 min: 33 minutes in all."""
    trips = [line((0, 300), (1, 900), start_s=SEVEN), line((2, 1200), (3, 1800), start_s=SEVEN)]
    timetable = timetable_of(4, trips, modes=("bus", "tram"))
    waiting = [(stop, stop, 0) for stop in range(4)]
    walks = Walks(legs(1, [(0, 0, 120)]), legs(4, [*waiting, (1, 2, 60)]), legs(1, [(0, 3, 180)]), legs(1, []))
    spec = SearchSpec(window_start_s=SEVEN, window_end_s=SEVEN + 60)
    (journey,) = itineraries(passes_of(timetable, walks, spec), [(0, 0, SEVEN)])
    told = [(leg.kind, leg.from_stop, leg.to_stop, leg.seconds // 60) for leg in journey]
    assert told == [
        ("walk", NOWHERE, 0, 2),
        ("wait", 0, 0, 3),
        ("ride", 0, 1, 10),
        ("walk", 1, 2, 1),
        ("wait", 2, 2, 4),
        ("ride", 2, 3, 10),
        ("walk", 3, NOWHERE, 3),
    ]
    assert [timetable.routes["mode"][leg.route] for leg in journey if leg.kind == "ride"] == ["bus", "tram"]


def test_a_walk_all_the_way_is_one_leg_and_no_way_is_none() -> None:
    timetable = timetable_of(2, [line((0, 0), (1, 600), start_s=SEVEN)])
    walks = Walks(legs(2, [(0, 0, 60)]), legs(2, [(0, 0, 0)]), legs(1, []), legs(1, [(0, 0, 500)]))
    spec = SearchSpec(window_start_s=SEVEN, window_end_s=SEVEN + 60)
    walked, nothing = itineraries(passes_of(timetable, walks, spec), [(0, 0, SEVEN), (1, 0, SEVEN)])
    assert walked == (Leg("walk", NOWHERE, NOWHERE, NOWHERE, SEVEN, SEVEN + 500),)
    assert nothing == ()


def test_of_equal_arrivals_the_vehicle_that_can_be_left_for_latest_is_taken_and_nobody_changes_for_nothing() -> None:
    """Both trips reach stop 2 at 07:20; the second leaves stop 0 five minutes later."""
    trips = [line((0, 300), (1, 600), (2, 1200), start_s=SEVEN), line((0, 600), (1, 900), (2, 1200), start_s=SEVEN)]
    timetable = timetable_of(3, trips)
    waiting = [(stop, stop, 0) for stop in range(3)]
    walks = Walks(legs(1, [(0, 0, 0)]), legs(3, waiting), legs(1, [(0, 2, 0)]), legs(1, []))
    spec = SearchSpec(window_start_s=SEVEN, window_end_s=SEVEN + 60)
    (journey,) = itineraries(passes_of(timetable, walks, spec), [(0, 0, SEVEN)])
    assert [(leg.kind, leg.seconds) for leg in journey] == [("wait", 600), ("ride", 600)]


def test_of_boardings_left_for_at_the_same_second_the_nearest_stop_is_walked_to() -> None:
    """The trip passes stop 0 at 07:05 and stop 1 at 07:10; stop 1 lies five minutes further than stop 0."""
    timetable = timetable_of(3, [line((0, 0), (1, 300), (2, 900), start_s=SEVEN + 300)])
    waiting = [(stop, stop, 0) for stop in range(3)]
    walks = Walks(legs(1, [(0, 0, 60), (0, 1, 360)]), legs(3, waiting), legs(1, [(0, 2, 0)]), legs(1, []))
    spec = SearchSpec(window_start_s=SEVEN, window_end_s=SEVEN + 60)
    (journey,) = itineraries(passes_of(timetable, walks, spec), [(0, 0, SEVEN)])
    assert [(leg.kind, leg.to_stop, leg.seconds) for leg in journey] == [
        ("walk", 0, 60),
        ("wait", 0, 240),
        ("ride", 2, 900),
    ]
