"""Computes travel times and first waits for every single departure of a window, from the backward passes of a search.

The window may be any inside that of the passes. All percentiles and shares follow from the `DepartureTimes` without
another search.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from accessibility.kernels import journey_profiles
from accessibility.kernels.arrays import Block
from accessibility.kernels.simd import LANES
from accessibility.legs import Int32
from accessibility.search.passes import BackwardPasses, search_window
from accessibility.search.spec import SearchSpec, TravelTimes, require_few_departures
from accessibility.threads import in_threads

_POINTS_PER_TASK = 64


class DepartureTimes(NamedTuple):
    """Door-to-door travel times of every departure of a window."""

    departures_s: Int32  # (n_departures,) seconds after midnight
    seconds: Int32  # (n_origins, n_destinations, n_departures), UNREACHED if longer than the longest duration


def departure_times(passes: BackwardPasses, spec: SearchSpec) -> DepartureTimes:
    """Door-to-door seconds of every departure of `spec`, whose window lies inside that of `passes`.

    Raises `SearchSpecError` if the window has more than `MOST_DEPARTURES` departures.
    """
    require_few_departures(spec)
    joined, window = passes.joined, search_window(spec)
    seconds = np.empty((joined.n_origins, joined.n_destinations, spec.n_departures), np.int32)

    def of_slice(points: tuple[int, int], block: Block) -> None:
        rows = np.empty((points[1] - points[0], spec.n_departures, LANES), np.int32)
        boardings, candidates = passes.network.boardings, passes.candidates
        journey_profiles.durations_of_points(points, block, boardings, candidates, window, 0, rows)
        block_seconds = seconds[slice(*points), block.column : block.column + LANES]
        block_seconds[:] = rows.transpose(0, 2, 1)[:, : block_seconds.shape[1]]

    _over_blocks(of_slice, passes)
    return DepartureTimes(np.arange(spec.window_start_s, spec.window_end_s, spec.step_s, dtype=np.int32), seconds)


def first_waits(passes: BackwardPasses, times: DepartureTimes, spec: SearchSpec) -> Int32:
    """(n_origins, n_destinations, n_departures) seconds of the first wait: by how much a later start arrives as early.

    It is exact to the second for any step between departures, and 0 for direct walks that are at least as fast as a
    ride, and for unreached destinations. The duration minus the first wait is the travel time of people who know the
    timetable.
    """
    # The latest useful boarding leaves no later than the latest arrival.
    span_s = spec.window_start_s, spec.window_end_s + spec.max_duration_s
    waits = np.zeros_like(times.seconds)

    def of_slice(points: tuple[int, int], block: Block) -> None:
        lanes = min(LANES, passes.joined.n_destinations - block.column)
        for point in range(*points):
            leave_s, rides = journey_profiles.reachable_boardings(
                point, *span_s, spec.board_slack_s, passes.network.boardings, passes.candidates
            )
            journeys = np.empty((2, len(rides)), np.int32)  # leaving and arrival times, latest first
            for lane in range(lanes):
                n = journey_profiles.useful_journeys(leave_s, rides, block.labels, lane, *journeys)
                pair = point, block.column + lane
                waits[pair] = _waits(journeys[:, :n][:, ::-1], times.seconds[pair], times.departures_s)

    _over_blocks(of_slice, passes)
    return waits


def _over_blocks(of_slice: Callable[[tuple[int, int], Block], None], passes: BackwardPasses) -> None:
    for block in passes.blocks():

        def task(points: tuple[int, int], block: Block = block) -> None:
            of_slice(points, block)

        in_threads(task, passes.joined.n_origins, _POINTS_PER_TASK)


def _waits(journeys: Int32, seconds: Int32, departs_s: Int32) -> Int32:
    """(n_departures,) first waits for one pair, from its journeys (2, n): leaving and arrival times, earliest first."""
    n = journeys.shape[1]
    if not n:
        return np.zeros_like(departs_s)
    taken = np.searchsorted(journeys[0], departs_s)
    leave_s, arrive_s = journeys[:, np.minimum(taken, n - 1)]
    riding = (taken < n) & (seconds == arrive_s - departs_s)  # else a walk is faster, or the destination is unreached
    return np.where(riding, leave_s - departs_s, 0)


def travel_times_of_departures(times: DepartureTimes, spec: SearchSpec) -> TravelTimes:
    """The `TravelTimes` for `spec`, as `travel_times` returns them, from the times of its departures."""
    seconds = np.sort(times.seconds, axis=-1)
    cutoffs_s = (*spec.cutoffs_s, spec.max_duration_s)
    within = np.stack([(seconds <= cutoff).sum(axis=-1, dtype=np.int32) for cutoff in cutoffs_s])
    percentiles = np.moveaxis(seconds[..., spec.ranks - 1], -1, 0)
    return TravelTimes(np.ascontiguousarray(percentiles), within, spec.n_departures, spec.percentiles, cutoffs_s)
