"""Summary kernels: percentiles of durations from points to destinations, and numbers of departures within cutoffs.

If departures (or deadlines) are sampled, their durations are counted. If they are all instants of the window, the duration
is a saw-tooth function of the leaving time, and the part of the window in which it is at most T is a sum of lengths in
whole seconds.
"""

import numpy as np

from accessibility.kernels.arrays import Block, Boardings, ByDeparture, Candidates, Leaving, Summary, Window
from accessibility.kernels.jit import compiled, inner
from accessibility.kernels.journey_profiles import (
    durations_of_departures,
    durations_to_deadlines,
    useful_journeys,
)
from accessibility.kernels.kept_profiles import summarise_journeys
from accessibility.kernels.simd import LANES, NEVER, count_rows, ranked_row
from accessibility.legs import Int32


@inner
def summarise_point(point: int, column: int, seconds: Int32, summary: Summary) -> None:
    """Fill `summary` for one point and the destinations from `column` on, from durations `seconds` (n, LANES)."""
    lanes = min(LANES, summary.percentile_s.shape[2] - column)
    row = np.empty((1, LANES), np.int32)
    for cutoff in range(len(summary.cutoffs_s)):
        count_rows(row, 0, seconds, summary.cutoffs_s[cutoff])
        for lane in range(lanes):  # slices of other lengths would need a message, which takes long to compile
            summary.within[cutoff, point, column + lane] = row[0, lane]
    longest_s, bits = summary.cutoffs_s[-1], 0
    while longest_s + 1 >> bits:
        bits += 1
    for r in range(len(summary.ranks)):
        ranked_row(row, 0, seconds, summary.ranks[r], bits)
        for lane in range(lanes):
            summary.percentile_s[r, point, column + lane] = row[0, lane] if row[0, lane] <= longest_s else NEVER


@compiled
def summarise_rows(rows: tuple[int, int], first_point: int, column: int, seconds: Int32, summary: Summary) -> None:
    """Fill `summary` for the points `rows[0]:rows[1]` of `seconds` (points from `first_point` on, n, LANES)."""
    for row in range(rows[0], rows[1]):
        summarise_point(first_point + row, column, seconds[row], summary)


# There is one kernel for each kind of window, so that only the kind needed is compiled.


@compiled
def summarise_departures(
    points: tuple[int, int], block: Block, leaving: ByDeparture, window: Window, summary: Summary
) -> None:
    """Fill `summary` for all departures of the window from `points[0]:points[1]` to one block of destinations."""
    seconds = np.empty((window.n_departures, LANES), np.int32)
    for point in range(points[0], points[1]):
        if not block.asked[point]:
            continue
        durations_of_departures(point, block, leaving, window, seconds)
        summarise_point(point, block.column, seconds, summary)


@compiled
def summarise_deadlines(
    points: tuple[int, int],
    block: Block,
    boardings: Boardings,
    candidates: Candidates,
    window: Window,
    summary: Summary,
) -> None:
    """As `summarise_departures`, for deadlines instead of departures."""
    seconds = np.empty((window.n_departures, LANES), np.int32)
    for point in range(points[0], points[1]):
        if not block.asked[point]:
            continue
        durations_to_deadlines(point, block, boardings, candidates, window, seconds)
        summarise_point(point, block.column, seconds, summary)


@compiled
def summarise_instants(
    points: tuple[int, int], block: Block, leaving: Leaving, window: Window, summary: Summary
) -> None:
    """As `summarise_departures`, for every instant of the window as a departure or, with `window.arrive_by`, a deadline.

    `leaving` are all boardings for leaving in the window and the first after it; with deadlines, also those as long before
    as a journey may last. Counts are seconds of the window; a percentile is the least whole second within which enough of the
    window arrives.
    """
    # Deadlines are departures with time running backward.
    start_s = -window.start_s - window.n_departures if window.arrive_by else window.start_s
    moments = Window(start_s, 0, window.n_departures, window.slack_s, window.max_duration_s, window.arrive_by)
    counts, longest_s = np.empty(LANES, np.int32), window.max_duration_s
    for point in range(points[0], points[1]):
        if not block.asked[point]:
            continue
        rows = leaving.offset[point - leaving.first], leaving.offset[point - leaving.first + 1]
        leaves_s, connection = leaving.leave_s[rows[0] : rows[1]], leaving.connection[rows[0] : rows[1]]
        shape = (LANES, len(connection))
        latest_s, arrival_s = np.empty(shape, np.int32), np.empty(shape, np.int32)
        useful_journeys(leaves_s, connection, block.labels, block.asked[point], longest_s, latest_s, arrival_s, counts)
        for lane in range(min(LANES, summary.percentile_s.shape[2] - block.column)):
            if not block.asked[point] >> lane & 1:
                continue
            n = counts[lane]
            if window.arrive_by:
                leave_s, arrive_s = -arrival_s[lane, :n], -latest_s[lane, :n]
            else:
                leave_s, arrive_s = latest_s[lane, :n][::-1].copy(), arrival_s[lane, :n][::-1].copy()
            walk_s = block.walk_s[point, lane]
            summarise_journeys((0, n), leave_s, arrive_s, walk_s, moments, True, point, block.column + lane, summary)
