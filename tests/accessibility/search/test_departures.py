"""Departure by departure: times and first waits equal the slow twin's, and summaries equal the search's."""

import math

import numpy as np
from hypothesis import given

from accessibility.legs import Int32
from accessibility.search.departures import DepartureTimes, departure_times, first_waits, travel_times_of_departures
from accessibility.search.joining import join
from accessibility.search.passes import backward_passes
from accessibility.search.preparation import prepare
from accessibility.search.spec import UNREACHED, SearchSpec
from tests.support.networks import legs, line, timetable_of
from tests.support.oracle import all_durations, arrivals, rows
from tests.support.random_networks import Case, cases, joined_to, networks_to_try, searched, specs


def departures_of(case: Case, spec: SearchSpec) -> tuple[DepartureTimes, Int32]:
    passes = backward_passes(joined_to(case, spec), spec)
    times = departure_times(passes, spec)
    return times, first_waits(passes, times, spec)


@networks_to_try(150)
@given(cases(), specs())
def test_every_departure_takes_as_long_as_the_oracle_says(case: Case, spec: SearchSpec) -> None:
    found, _ = departures_of(case, spec)
    expected = all_durations(case.timetable, case.walks, spec)
    assert np.where(found.seconds == UNREACHED, np.inf, found.seconds).tolist() == expected


@networks_to_try(150)
@given(cases(), specs())
def test_the_first_wait_is_how_much_later_one_could_leave_and_arrive_as_early(case: Case, spec: SearchSpec) -> None:
    found, waits = departures_of(case, spec)
    leaving = range(spec.window_start_s, spec.window_end_s + spec.max_duration_s)
    riding = arrivals(case.timetable, case.walks, spec, leaving)
    for origin, destination, k in np.ndindex(found.seconds.shape):
        departure_s, took_s = int(found.departures_s[k]), int(found.seconds[origin, destination, k])
        walk_s = rows(case.walks.direct)[destination].get(origin, math.inf)
        arrives_s = riding[origin][destination]
        soonest_s = arrives_s[departure_s - leaving.start]
        expected = 0
        if took_s != UNREACHED and soonest_s - departure_s <= walk_s:
            as_early = [t for t, s in zip(leaving, arrives_s, strict=True) if t >= departure_s and s == soonest_s]
            expected = max(as_early) - departure_s
        assert waits[origin, destination, k] == expected


@networks_to_try(150)
@given(cases(), specs())
def test_a_summary_of_departures_equals_the_search(case: Case, spec: SearchSpec) -> None:
    found = travel_times_of_departures(departures_of(case, spec)[0], spec)
    expected = searched(case, spec)
    assert (found.seconds_or_unreached == expected.seconds_or_unreached).all()
    assert (found.departures_within == expected.departures_within).all()


def test_waiting_for_the_bus_is_told_from_riding_it() -> None:
    """A walk of 60 s to the stop, buses at 08:00 and 08:10 that take 300 s: leaving at 07:50 means waiting 9 minutes."""
    eight = 8 * 3600
    timetable = timetable_of(2, [line((0, 0), (1, 300), start_s=eight), line((0, 0), (1, 300), start_s=eight + 600)])
    spec = SearchSpec(window_start_s=eight - 600, window_end_s=eight, step_s=270, max_duration_s=3600)
    network = prepare(timetable, legs(2, [(0, 0, 0), (1, 1, 0)]), spec)
    passes = backward_passes(join([network], legs(1, [(0, 0, 60)]), legs(1, [(0, 1, 0)]), legs(1, [])), spec)
    found = departure_times(passes, spec)
    waits = first_waits(passes, found, spec)
    assert found.departures_s.tolist() == [eight - 600, eight - 330, eight - 60]
    assert found.seconds[0, 0].tolist() == [900, 630, 360]
    assert waits[0, 0].tolist() == [540, 270, 0]
