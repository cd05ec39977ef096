"""The grid city: travel times, percentiles and shares against closed forms."""

import math
from dataclasses import replace

import numpy as np
import pytest

from accessibility.legs import Walk
from accessibility.search.door_to_door import travel_times
from accessibility.search.spec import UNREACHED, SearchSpec
from accessibility.timetable.timetable import Timetable
from accessibility.timetable.trips import HeadwayRuns
from tests.support.grid_city import grid_city, places, rows_and_columns, two_ride_seconds

N, HEADWAY_S, HOP_S = 4, 900, 130
START_S, END_S = 7 * 3600, 8 * 3600  # four headways
SPEC = SearchSpec(
    window_start_s=START_S,
    window_end_s=END_S,
    walk=Walk(max_s=300),
    max_rides=2,
    percentiles=(1.0, 25.0, 50.0, 90.0, 100.0),
    cutoffs_s=(600, 1000, 1500),
)
CITY = grid_city(N, rows_and_columns(N), HEADWAY_S, HOP_S, last_s=11 * 3600)


def stop(x: int, y: int) -> int:
    return y * N + x


PAIRS = [
    ((x0, y0), (x1, y1)) for x0 in range(N) for y0 in range(N) for x1 in range(x0, N) for y1 in range(y0, N)
]  # lines run east and north only


def test_every_pair_and_percentile_equals_the_closed_form() -> None:
    times = travel_times(CITY, None, places(N), places(N), SPEC)
    for start, end in PAIRS:
        took = sorted(two_ride_seconds(start, end, t, HEADWAY_S, HOP_S) for t in range(START_S, END_S, 60))
        ranks = [took[math.ceil(p / 100 * 60) - 1] for p in SPEC.percentiles]
        assert times.seconds_or_unreached[:, stop(*start), stop(*end)].tolist() == ranks
        within = [sum(s <= cutoff for s in took) / 60 for cutoff in SPEC.cutoffs_s]
        assert [times.share_within(c)[stop(*start), stop(*end)] for c in SPEC.cutoffs_s] == pytest.approx(within)


def test_nothing_runs_west_or_south() -> None:
    times = travel_times(CITY, None, places(N), places(N), SPEC)
    against = [(start, end) for start, end in PAIRS if start != end]
    assert all(
        times.seconds_or_unreached[:, stop(*end), stop(*start)].tolist() == [UNREACHED] * 5 for start, end in against
    )


def test_over_all_instants_the_wait_for_a_line_is_uniform_over_its_headway() -> None:
    times = travel_times(CITY, None, places(N), places(N), replace(SPEC, step_s=0))
    for hops in range(1, N):
        here, there = stop(0, 1), stop(hops, 1)
        riding_s = hops * HOP_S
        for cutoff_s in SPEC.cutoffs_s:
            share = min(max((cutoff_s - riding_s) / HEADWAY_S, 0), 1)
            assert times.share_within(cutoff_s)[here, there] == share
        uniform = [riding_s + math.ceil(p / 100 * HEADWAY_S) for p in SPEC.percentiles]
        assert times.seconds_or_unreached[:, here, there].tolist() == uniform


def test_over_all_instants_a_change_between_lines_that_keep_step_adds_a_constant() -> None:
    # East from (1, 0) to (2, 0), north to (2, 2), the other way round: at (2, 0) the northbound is 2 hops ahead of the
    # eastbound, so one waits for a headway less 2 hops; north first, the eastbound at (1, 2) is 1 hop ahead.
    times = travel_times(CITY, None, places(N), places(N), replace(SPEC, step_s=0))
    east_first, north_first = HEADWAY_S - 2 * HOP_S, HEADWAY_S - HOP_S
    # Both first vehicles leave (1, 0) at different times: the northbound at multiples of the headway, the eastbound 1 hop
    # later. In the last hop of time before the eastbound, only it is left of this round; else the northbound competes.
    took = []
    for ready_s in range(1, HEADWAY_S + 1):  # inside the second before: the longest it takes there
        took.append(1 + min((HOP_S - ready_s) % HEADWAY_S + east_first, -ready_s % HEADWAY_S + north_first) + 3 * HOP_S)
    for cutoff_s in SPEC.cutoffs_s:
        assert times.share_within(cutoff_s)[stop(1, 0), stop(2, 2)] == np.mean([s <= cutoff_s for s in took])


def by_headway(timetable: Timetable) -> Timetable:
    """The same, each line known only by its headway."""
    n_trips = len(timetable.trip_id)
    pattern = timetable.trip_patterns()
    full = [np.full(n_trips, value, np.int32) for value in (HEADWAY_S, HEADWAY_S)]
    return replace(
        timetable, headway_runs=HeadwayRuns(np.arange(n_trips, dtype=np.int32), pattern.astype(np.int32), *full)
    )


def test_drawn_offsets_of_one_line_give_its_uniform_wait() -> None:
    spec = replace(SPEC, frequency_draws=30, seed=5)
    times = travel_times(by_headway(CITY), None, places(N), places(N), spec)
    for cutoff_s in (600, 1000):
        share = (cutoff_s - HOP_S) / HEADWAY_S
        # One draw in each thirtieth of the headway, 60 departures: no worse than a thirtieth.
        assert times.share_within(cutoff_s)[stop(0, 0), stop(1, 0)] == pytest.approx(min(share, 1), abs=1 / 30)
    assert times.n_departures == 30 * 60


def test_drawn_offsets_of_two_lines_give_the_sum_of_two_uniform_waits() -> None:
    # The only way is east, then north along the last column: two independent waits. P(sum <= s) = s^2 / 2 for s <= 1.
    only = replace(SPEC, frequency_draws=200, seed=5, cutoffs_s=(750, 1020, 1200))
    first_row, last_column = rows_and_columns(N)[0], rows_and_columns(N)[-1]
    city = by_headway(grid_city(N, [first_row, last_column], HEADWAY_S, HOP_S, last_s=11 * 3600))
    times = travel_times(city, None, places(N), places(N), only)
    for cutoff_s in only.cutoffs_s:
        waits = (cutoff_s - 4 * HOP_S) / HEADWAY_S
        assert 0 < waits < 1
        assert times.share_within(cutoff_s)[stop(0, 0), stop(3, 1)] == pytest.approx(waits**2 / 2, abs=0.02)
