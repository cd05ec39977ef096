"""The summarising kernels: percentiles, and departures within cutoffs, of the times from points to destinations.

Where departures (or deadlines) are sampled, their durations are sorted. Where they are all instants of the window, the
time a journey takes is a saw-tooth in the time of leaving, and the share of the window in which it takes at most T is a
sum of lengths, in whole seconds.
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
    """Sort each lane of `rows` (n, LANES) ascending: Batcher's odd-even merge sort (1968), the same steps for all lanes."""
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
    """One point's durations `seconds` (n, LANES), which come out sorted, to the destinations from `column` on."""
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
    """The durations `seconds` (points from `first_point` on, n, LANES) of the points in `rows[0]:rows[1]` of them."""
    for row in range(rows[0], rows[1]):
        summarise_point(first_point + row, column, seconds[row], summary)


# One kernel for each kind of window, so that nobody waits for the compiler's work on a kind that is not asked for.


@compiled
def summarise_departures(
    points: tuple[int, int],
    block: Block,
    boardings: Boardings,
    candidates: Candidates,
    window: Window,
    summary: Summary,
) -> None:
    """All departures of the window, from the points `points[0]:points[1]` to one block of destinations."""
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
    """The `n` journeys with time running backward, so that deadlines can be counted as departures are."""
    leave_s[:n], arrive_s[:n] = -arrive_s[:n][::-1], -leave_s[:n][::-1]


@compiled
def seconds_within(n: int, leave_s: Int32, arrive_s: Int32, start_s: int, end_s: int, most_s: int) -> int:
    """Seconds of the window in which somebody ready to leave arrives after at most `most_s`.

    The i-th journey (latest first) is taken by whoever is ready after the next earlier one left; it takes them at most
    `most_s` if they are ready `most_s` before it arrives, or later.
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
    """As `summarise_departures`, with every instant of the window a departure or, by `window.arrive_by`, a deadline.

    Counts are seconds of the window; a percentile is the least whole second within which enough of the window falls.
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
                met = window.n_departures
                if walk_s > most_s:
                    met = seconds_within(n, leave_s, arrive_s, start_s, end_s, most_s)
                within[i, point, block.column + lane] = met
            for r in range(len(ranks)):
                low, high = 0, min(walk_s, window.max_duration_s + 1)
                while low < high:
                    middle = (low + high) >> 1
                    if seconds_within(n, leave_s, arrive_s, start_s, end_s, middle) >= ranks[r]:
                        high = middle
                    else:
                        low = middle + 1
                percentile_s[r, point, block.column + lane] = low if low <= window.max_duration_s else NEVER
