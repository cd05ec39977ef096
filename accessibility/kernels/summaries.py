"""Summary kernels: percentiles of durations from points to destinations, and numbers of departures within cutoffs.

If departures (or deadlines) are sampled, their durations are sorted. If they are all instants of the window, the duration
is a saw-tooth function of the leaving time, and the part of the window in which it is at most T is a sum of lengths in
whole seconds.
"""

import numpy as np

from accessibility.kernels.arrays import Block, Boardings, Candidates, Summary, Window
from accessibility.kernels.jit import compiled
from accessibility.kernels.journey_profiles import (
    durations_of_departures,
    durations_to_deadlines,
    reachable_boardings,
    useful_journeys,
)
from accessibility.kernels.simd import LANES, NEVER, count_row, order_rows
from accessibility.legs import Int32


@compiled
def sort_lanes(rows: Int32) -> None:
    """Sort each lane of `rows` (n, LANES) ascending by Batcher's odd-even merge sort (1968): the same steps for all lanes."""
    n = len(rows)
    p, shift = 1, 1  # 2 p = 2 ** shift: rows of one group of 2 p share their number shifted by it
    while p < n:
        k = p
        while k >= 1:
            for j in range(k & (p - 1), n - k, 2 * k):
                for i in range(j, min(j + k, n - k)):
                    if i >> shift == (i + k) >> shift:
                        order_rows(rows, i, rows, i + k)
            k >>= 1
        p, shift = 2 * p, shift + 1


@compiled
def summarise_point(point: int, column: int, seconds: Int32, summary: Summary) -> None:
    """Fill `summary` for one point and the destinations from `column` on, from durations `seconds` (n, LANES).

    `seconds` is sorted in place.
    """
    lanes = min(LANES, summary.percentile_s.shape[2] - column)
    counts = np.empty((1, LANES), np.int32)
    for cutoff in range(len(summary.cutoffs_s)):
        counts[:] = 0
        for k in range(len(seconds)):
            count_row(counts, 0, seconds, k, summary.cutoffs_s[cutoff])
        summary.within[cutoff, point, column : column + lanes] = counts[0, :lanes]
    sort_lanes(seconds)
    for r in range(len(summary.ranks)):
        summary.percentile_s[r, point, column : column + lanes] = seconds[summary.ranks[r] - 1, :lanes]


@compiled
def summarise_rows(rows: tuple[int, int], first_point: int, column: int, seconds: Int32, summary: Summary) -> None:
    """Fill `summary` for the points `rows[0]:rows[1]` of `seconds` (points from `first_point` on, n, LANES)."""
    for row in range(rows[0], rows[1]):
        summarise_point(first_point + row, column, seconds[row], summary)


# There is one kernel for each kind of window, so that only the kind needed is compiled.


@compiled
def summarise_departures(
    points: tuple[int, int],
    block: Block,
    boardings: Boardings,
    candidates: Candidates,
    window: Window,
    summary: Summary,
) -> None:
    """Fill `summary` for all departures of the window from `points[0]:points[1]` to one block of destinations."""
    seconds = np.empty((window.n_departures, LANES), np.int32)
    for point in range(points[0], points[1]):
        durations_of_departures(point, block, boardings, candidates, window, seconds)
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
        durations_to_deadlines(point, block, boardings, candidates, window, seconds)
        summarise_point(point, block.column, seconds, summary)


@compiled
def reverse_time(n: int, leave_s: Int32, arrive_s: Int32) -> None:
    """Reverse the `n` journeys in time, in place, so that deadlines can be counted in the same way as departures."""
    leave_s[:n], arrive_s[:n] = -arrive_s[:n][::-1], -leave_s[:n][::-1]


@compiled
def seconds_within(n: int, leave_s: Int32, arrive_s: Int32, start_s: int, end_s: int, most_s: int) -> int:
    """The number of seconds of the window at which people ready to leave arrive within `most_s`.

    The i-th journey (latest first) is taken by people who are ready after the next earlier one has left. It takes them at
    most `most_s` if they are ready at most `most_s` before it arrives.
    """
    total = 0
    for i in range(n):
        first = max(start_s, arrive_s[i] - most_s)
        if i + 1 < n:
            first = max(first, leave_s[i + 1])
        total += max(0, min(leave_s[i], end_s) - first)
    return total


@compiled
def summarise_instants(
    points: tuple[int, int],
    block: Block,
    boardings: Boardings,
    candidates: Candidates,
    window: Window,
    summary: Summary,
) -> None:
    """As `summarise_departures`, for every instant of the window as a departure or, with `window.arrive_by`, a deadline.

    Counts are seconds of the window; a percentile is the least whole second within which enough of the window arrives.
    """
    ranks, cutoffs_s, percentile_s, within = summary
    start_s, end_s = window.start_s, window.start_s + window.n_departures
    back_s = window.max_duration_s if window.arrive_by else 0
    if window.arrive_by:
        start_s, end_s = -end_s, -start_s
    for point in range(points[0], points[1]):
        boarding_leave_s, connection = reachable_boardings(
            point, window.start_s - back_s, window.start_s + window.n_departures, window.slack_s, boardings, candidates
        )
        leave_s = np.empty(len(connection), np.int32)
        arrive_s = np.empty(len(connection), np.int32)
        for lane in range(min(LANES, percentile_s.shape[2] - block.column)):
            n = useful_journeys(boarding_leave_s, connection, block.labels, lane, leave_s, arrive_s)
            if window.arrive_by:
                reverse_time(n, leave_s, arrive_s)
            walk_s = block.walk_s[point, lane]
            for i in range(len(cutoffs_s)):
                most_s = min(cutoffs_s[i], window.max_duration_s)
                seconds_met = window.n_departures
                if walk_s > most_s:
                    seconds_met = seconds_within(n, leave_s, arrive_s, start_s, end_s, most_s)
                within[i, point, block.column + lane] = seconds_met
            for r in range(len(ranks)):
                low, high = 0, min(walk_s, window.max_duration_s + 1)
                while low < high:
                    middle = (low + high) >> 1
                    if seconds_within(n, leave_s, arrive_s, start_s, end_s, middle) >= ranks[r]:
                        high = middle
                    else:
                        low = middle + 1
                percentile_s[r, point, block.column + lane] = low if low <= window.max_duration_s else NEVER
