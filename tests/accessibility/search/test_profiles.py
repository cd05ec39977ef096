"""Kept profiles: windows, waits, shares reached at once and single departures equal the slow twin's on random networks."""

import math
from dataclasses import replace

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from accessibility.kernels.arrays import Profiles
from accessibility.kernels.simd import LANES
from accessibility.search.joining import join
from accessibility.search.passes import backward_passes
from accessibility.search.preparation import prepare
from accessibility.search.profiles import (
    departures_taking,
    fastest_times,
    journey_profiles,
    profiles_side_by_side,
    shares_reaching,
    times_at,
    window_times,
)
from accessibility.search.spec import UNREACHED, SearchSpec
from tests.support.networks import legs, line, timetable_of
from tests.support.oracle import all_durations, arrivals, instant_durations, rows
from tests.support.random_networks import (
    END_S,
    MAX_S,
    N_DESTINATIONS,
    N_POINTS,
    START_S,
    Case,
    assert_equal,
    case_of,
    cases,
    joined_to,
    networks_to_try,
    spans,
    specs,
)

ANY_STEP = specs(steps_s=(0, 1, 7, 20))


def kept(case: Case, spec: SearchSpec, wider_s: tuple[int, int] = (0, 0)) -> Profiles:
    """Profiles of a span that is wider than the window at either end."""
    wider = replace(spec, window_start_s=spec.window_start_s - wider_s[0], window_end_s=spec.window_end_s + wider_s[1])
    return journey_profiles(backward_passes(joined_to(case, wider), wider))


def expected_durations(case: Case, spec: SearchSpec) -> list[list[list[float]]]:
    """Of every moment: [origin][destination][moment]; where every instant departs, those just after each second."""
    of = all_durations if spec.step_s else instant_durations
    return of(case.timetable, case.walks, spec)


@networks_to_try(200)
@given(cases(), ANY_STEP, spans)
def test_the_times_of_a_window_equal_the_oracles(case: Case, spec: SearchSpec, wider_s: tuple[int, int]) -> None:
    assert_equal(window_times(kept(case, spec, wider_s), spec), expected_durations(case, spec), spec)


@networks_to_try(100)
@given(cases(), ANY_STEP, st.lists(st.integers(0, 60), min_size=1, max_size=2 * LANES))
def test_networks_side_by_side_have_the_profiles_of_each_alone(
    case: Case, spec: SearchSpec, longest_s: list[int]
) -> None:
    """The same destinations with shorter and shorter walks to them, in groups that fill one block, several or a part."""
    joined = joined_to(case, spec)
    others = [replace(joined, egress=joined.egress.within(s), direct=joined.direct.within(s)) for s in longest_s]
    found = profiles_side_by_side(others, spec)
    for other, profiles in zip(others, found, strict=True):
        expected, times = (
            window_times(one, spec) for one in (journey_profiles(backward_passes(other, spec)), profiles)
        )
        np.testing.assert_array_equal(times.seconds_or_unreached, expected.seconds_or_unreached)
        np.testing.assert_array_equal(times.departures_within, expected.departures_within)


@networks_to_try(200)
@given(cases(), ANY_STEP, spans, st.integers(10, 60))
def test_the_share_that_reaches_several_at_once_equals_the_oracles(
    case: Case, spec: SearchSpec, wider_s: tuple[int, int], cutoff_s: int
) -> None:
    """Counted moment by moment from a forward search; not from the shares of single destinations."""
    expected = expected_durations(case, spec)
    counted = np.arange(N_DESTINATIONS) != 1
    found = shares_reaching(kept(case, spec, wider_s), spec, cutoff_s, counted)
    assert found.shape == (N_POINTS, N_DESTINATIONS)
    for origin in range(N_POINTS):
        reached = np.array([expected[origin][d] for d in np.flatnonzero(counted)]) <= cutoff_s
        at_once = reached.sum(axis=0)
        assert found[origin].tolist() == [(at_once >= n).mean() for n in range(N_DESTINATIONS)]


@networks_to_try(200)
@given(cases(), ANY_STEP, spans)
def test_the_fastest_departure_equals_the_oracles(case: Case, spec: SearchSpec, wider_s: tuple[int, int]) -> None:
    found = fastest_times(kept(case, spec, wider_s), spec)
    later = replace(spec, step_s=1, window_start_s=spec.window_start_s + 1, window_end_s=spec.window_end_s + 1)
    expected = np.array(all_durations(case.timetable, case.walks, spec if spec.step_s else later)).min(axis=-1)
    assert np.where(found == UNREACHED, np.inf, found).tolist() == expected.tolist()


@networks_to_try(200)
@given(cases(), specs(), spans)
def test_every_departure_takes_as_long_as_the_oracle_says(
    case: Case, spec: SearchSpec, wider_s: tuple[int, int]
) -> None:
    departures_s = np.arange(spec.window_start_s, spec.window_end_s, spec.step_s, dtype=np.int32)
    found = times_at(kept(case, spec, wider_s), departures_s, spec.max_duration_s)
    assert np.where(found == UNREACHED, np.inf, found).tolist() == all_durations(case.timetable, case.walks, spec)


@networks_to_try(200)
@given(cases(), ANY_STEP, spans, st.integers(1, 60))
def test_the_departure_that_takes_a_time_is_the_first_that_comes_nearest(
    case: Case, spec: SearchSpec, wider_s: tuple[int, int], wanted_s: int
) -> None:
    by_second = replace(spec, step_s=spec.step_s or 1)
    expected = np.array(all_durations(case.timetable, case.walks, by_second))
    destination = np.arange(N_POINTS, dtype=np.int32) % N_DESTINATIONS
    found = departures_taking(kept(case, spec, wider_s), spec, destination, np.full(N_POINTS, wanted_s, np.int32))
    for origin in range(N_POINTS):
        lasting = expected[origin, destination[origin]]
        below = np.where(lasting <= wanted_s, lasting, -1)
        first = spec.window_start_s + int(below.argmax()) * by_second.step_s
        assert found[origin] == (first if below.max() >= 0 else -1)


@example(
    case_of(3097085, 2),
    SearchSpec(window_start_s=START_S, window_end_s=END_S, step_s=0, max_duration_s=MAX_S, cutoffs_s=(20, 45)),
)
@networks_to_try(200)
@given(cases(), ANY_STEP)
def test_without_the_first_wait_a_journey_takes_from_leaving_to_arriving(case: Case, spec: SearchSpec) -> None:
    found = window_times(kept(case, spec), spec, first_wait=False)
    moments = spec.n_departures
    leaving = range(spec.window_start_s, spec.window_end_s + spec.max_duration_s)
    soonest = arrivals(case.timetable, case.walks, spec, leaving)
    expected = expected_durations(case, spec)
    for origin, destination in np.ndindex(N_POINTS, N_DESTINATIONS):
        walk_s = rows(case.walks.direct)[destination].get(origin, math.inf)
        arrives_s = soonest[origin][destination]
        lasting = []
        for moment in range(moments):
            ready_s = spec.window_start_s + (moment * spec.step_s if spec.step_s else moment + 1)
            soon_s = arrives_s[ready_s - leaving.start]
            latest_s = max(t for t, s in zip(leaving, arrives_s, strict=True) if t >= ready_s and s == soon_s)
            in_time = soon_s - (ready_s - (spec.step_s == 0)) <= spec.max_duration_s
            ride_s = soon_s - latest_s if in_time else math.inf
            lasting.append(min(ride_s, walk_s if walk_s <= spec.max_duration_s else math.inf))
        assert found.departures_within[0, origin, destination] == sum(one <= spec.cutoffs_s[0] for one in lasting)
        assert max(lasting) <= max(expected[origin][destination])


def test_waiting_for_the_bus_is_told_from_riding_it() -> None:
    """A walk of 60 s to the stop, buses at 08:00 and 08:10 that take 300 s: leaving at 07:50 means waiting 9 minutes."""
    eight = 8 * 3600
    timetable = timetable_of(2, [line((0, 0), (1, 300), start_s=eight), line((0, 0), (1, 300), start_s=eight + 600)])
    spec = SearchSpec(
        window_start_s=eight - 600, window_end_s=eight, step_s=0, max_duration_s=3600, percentiles=(50.0,)
    )
    network = prepare(timetable, legs(2, [(0, 0, 0), (1, 1, 0)]), spec)
    found = journey_profiles(
        backward_passes(join([network], legs(1, [(0, 0, 60)]), legs(1, [(0, 1, 0)]), legs(1, [])), spec)
    )
    assert times_at(found, np.array([eight - 600, eight - 330, eight - 60], np.int32), 3600)[0, 0].tolist() == [
        900,
        630,
        360,
    ]
    # Whoever is ready by 07:59 arrives at 08:05, so T - 360 of the 600 seconds take at most T, up to 900 s.
    assert window_times(found, spec).percentile_s(50.0).tolist() == [[660]]
    assert window_times(found, spec, first_wait=False).percentile_s(50.0).tolist() == [[360]]
    assert fastest_times(found, spec).tolist() == [[360]]


def test_two_centres_by_turns_are_never_reached_at_once() -> None:
    """A stop between two lines: within 60 s of one bus or of the other, for half of the window each, and never both."""
    noon = 12 * 3600
    timetable = timetable_of(
        3, [line((0, 0), (1, 10), start_s=noon + 50), line((0, 0), (2, 10), start_s=noon + 100)]
    )  # fmt: skip
    spec = SearchSpec(window_start_s=noon, window_end_s=noon + 100, step_s=0, max_duration_s=3600)
    network = prepare(timetable, legs(3, [(0, 0, 0), (1, 1, 0), (2, 2, 0)]), spec)
    joined = join([network], legs(1, [(0, 0, 0)]), legs(2, [(0, 1, 0), (1, 2, 0)]), legs(2, []))
    shares = shares_reaching(journey_profiles(backward_passes(joined, spec)), spec, 60, np.array([True, True]))
    assert shares.tolist() == [[1.0, 1.0, 0.0]]
