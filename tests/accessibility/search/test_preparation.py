"""Preparing a network drops only what can't matter: the awkward cases by hand."""

from accessibility.search.joining import join
from accessibility.search.percentiles import joined_travel_times
from accessibility.search.preparation import prepare
from accessibility.search.spec import SearchSpec, TravelTimes
from tests.support.networks import legs, line, timetable_of
from tests.support.oracle import Call

START_S = 1000


def fastest_s(times: TravelTimes) -> int:
    return int(times.seconds_or_unreached[0, 0, 0])


def one_departure(
    trips: list[list[Call]], access: list[tuple[int, int, int]], egress_stop: int, n_stops: int = 4
) -> TravelTimes:
    """The departure at START_S from one point to one destination at a stop."""
    spec = SearchSpec(
        window_start_s=START_S, window_end_s=START_S + 1, max_duration_s=600, percentiles=(50.0,), cutoffs_s=()
    )
    same_stop = legs(n_stops, [(stop, stop, 0) for stop in range(n_stops)])
    network = prepare(timetable_of(n_stops, trips), same_stop, spec)
    return joined_travel_times(join([network], legs(1, access), legs(1, [(0, egress_stop, 0)]), legs(1, [])), spec)


def test_a_trip_that_left_upstream_before_the_window_can_still_be_caught_further_along() -> None:
    # The early trip takes 120 s from stop 0 to stop 1, the later one 60 s. At 1000 the early trip has left stop 0 (at 940)
    # but not stop 1 (at 1060), 60 s away on foot: it must not be thought that stop 0, at the door, is as good.
    early = line((0, 0), (1, 120), (2, 180), start_s=940)
    later = line((0, 0), (1, 60), (2, 120), start_s=1300)
    times = one_departure([early, later], [(0, 0, 0), (0, 1, 60)], egress_stop=2)
    assert fastest_s(times) == 940 + 180 - START_S


def test_a_loop_can_be_beaten_on_foot_to_catch_the_bus_in_front() -> None:
    # Line 0-1-2-3 with a long way round from 1 to 2. From stop 1, walking 30 s to stop 2 catches the trip ahead, which
    # left stop 1 before: a change to an earlier trip of the own pattern further along is worth making.
    ahead = line((0, 0), (1, 10), (2, 300), (3, 310), start_s=900)
    behind = line((0, 0), (1, 10), (2, 300), (3, 310), start_s=1050)
    changes = legs(4, [*((stop, stop, 0) for stop in range(4)), (1, 2, 30)])
    spec = SearchSpec(
        window_start_s=START_S, window_end_s=START_S + 1, max_duration_s=600, percentiles=(50.0,), cutoffs_s=()
    )
    network = prepare(timetable_of(4, [ahead, behind]), changes, spec)
    times = joined_travel_times(join([network], legs(1, [(0, 0, 0)]), legs(1, [(0, 3, 0)]), legs(1, [])), spec)
    # Board the second trip at 1050, alight at 1060, walk to stop 2 by 1090, take the first trip there at 1200.
    assert fastest_s(times) == 900 + 310 - START_S
