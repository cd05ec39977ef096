"""The searching kernels for what a sample of departures can't answer: every instant of the window, and arrival deadlines.

Between a point and a destination only some journeys are worth making: no other leaves as late and arrives as early. In
order of leaving they are also in order of arriving, and they answer everything: whoever is ready at t takes the first that
leaves at or after t, whoever has to be there by t the last that arrives by t. So the time a journey takes is a saw-tooth
in t, and the share of the window in which it takes at most T is a sum of lengths, in whole seconds.
"""

import numpy as np

from accessibility.kernels.arrays import Block, Boardings, Candidates, Window
from accessibility.kernels.connection_scan import earliest_arrivals, sort_lanes
from accessibility.kernels.jit import compiled
from accessibility.kernels.simd import LANES, NEVER, count_row, to_durations
from accessibility.kernels.transfers import first_boarding
from accessibility.legs import Int32


@compiled
def reachable_boardings(
    point: int, earliest_s: int, latest_s: int, slack_s: int, boardings: Boardings, candidates: Candidates
) -> tuple[Int32, Int32]:
    """Boardings for whoever leaves `point` at or after `earliest_s`: (when to leave at the latest, connection), ascending.

    Of those left for at or after `latest_s`, each position gives only the first.
    """
    leave_s = np.empty(256, np.int32)
    connection = np.empty(256, np.int32)
    n = 0
    for i in range(candidates.offset[point], candidates.offset[point + 1]):
        position, lead_s = candidates.position[i], candidates.walk_s[i] + slack_s
        high = boardings.offset[position + 1]
        b = first_boarding(boardings.departure_s, boardings.offset[position], high, earliest_s + lead_s)
        while b < high:
            if n == len(leave_s):
                leave_s = np.concatenate((leave_s, np.empty(n, np.int32)))
                connection = np.concatenate((connection, np.empty(n, np.int32)))
            leave_s[n], connection[n] = boardings.departure_s[b] - lead_s, boardings.connection[b]
            n += 1
            if leave_s[n - 1] >= latest_s:
                break
            b += 1
    order = np.argsort(leave_s[:n])
    return leave_s[order], connection[order]


@compiled
def useful_journeys(
    boarding_leave_s: Int32, connection: Int32, labels: Int32, lane: int, leave_s: Int32, arrive_s: Int32
) -> int:
    """Fill `leave_s` and `arrive_s` with the journeys worth making to the destination `lane`, latest first; their number."""
    n, best = 0, NEVER
    for i in range(len(connection) - 1, -1, -1):
        arrival = labels[connection[i], lane]
        if arrival < best:
            best = arrival
            if n == 0 or leave_s[n - 1] > boarding_leave_s[i]:
                n += 1
            leave_s[n - 1], arrive_s[n - 1] = boarding_leave_s[i], arrival
    return n


@compiled
def turn_round(n: int, leave_s: Int32, arrive_s: Int32) -> None:
    """The `n` journeys with time running backward: whoever is awaited takes the part of whoever waits."""
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
def summarise_instants(  # noqa: PLR0913, PLR0917  # kernel: compiled code takes its arrays one by one
    point_from: int,
    point_to: int,
    block: Block,
    boardings: Boardings,
    candidates: Candidates,
    window: Window,
    ranks: Int32,
    cutoffs_s: Int32,
    percentile_s: Int32,
    within: Int32,
) -> None:
    """As `profiles.summarise_points`, with every instant of the window a departure or, by `window.arrive_by`, a deadline.

    Counts are seconds of the window; a percentile is the least whole second within which enough of the window falls.
    """
    start_s, end_s = window.start_s, window.start_s + window.n_departures
    back_s = window.max_duration_s if window.arrive_by else 0
    if window.arrive_by:
        start_s, end_s = -end_s, -start_s
    for point in range(point_from, point_to):
        boarding_leave_s, connection = reachable_boardings(
            point, window.start_s - back_s, window.start_s + window.n_departures, window.slack_s, boardings, candidates
        )
        leave_s = np.empty(len(connection), np.int32)
        arrive_s = np.empty(len(connection), np.int32)
        for lane in range(min(LANES, percentile_s.shape[2] - block.column)):
            n = useful_journeys(boarding_leave_s, connection, block.labels, lane, leave_s, arrive_s)
            if window.arrive_by:
                turn_round(n, leave_s, arrive_s)
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


@compiled
def durations_to_deadlines(
    point: int, block: Block, boardings: Boardings, candidates: Candidates, window: Window, seconds: Int32
) -> None:
    """Durations from one point for every deadline of the window, into `seconds` (n_departures, LANES).

    They run from leaving as late as possible to the deadline, not to the arrival before it.
    """
    end_s = window.start_s + window.n_departures * window.step_s
    boarding_leave_s, connection = reachable_boardings(
        point, window.start_s - window.max_duration_s, end_s, window.slack_s, boardings, candidates
    )
    leave_s = np.empty(len(connection), np.int32)
    arrive_s = np.empty(len(connection), np.int32)
    for lane in range(LANES):
        n = useful_journeys(boarding_leave_s, connection, block.labels, lane, leave_s, arrive_s)
        i = 0
        for k in range(window.n_departures - 1, -1, -1):
            deadline_s = window.start_s + k * window.step_s
            while i < n and arrive_s[i] > deadline_s:
                i += 1
            lasting = block.walk_s[point, lane]
            if i < n:
                lasting = min(lasting, deadline_s - leave_s[i])
            seconds[k, lane] = lasting if lasting <= window.max_duration_s else NEVER


@compiled
def durations_of_point(
    point: int, block: Block, boardings: Boardings, candidates: Candidates, window: Window, seconds: Int32
) -> None:
    """Durations from one point for every departure or deadline of the window, into `seconds` (n_departures, LANES)."""
    if window.arrive_by:
        durations_to_deadlines(point, block, boardings, candidates, window, seconds)
        return
    earliest_arrivals(point, block.labels, boardings, candidates, window, seconds)
    for k in range(window.n_departures):
        departure_s = window.start_s + k * window.step_s
        to_durations(seconds, k, block.walk_s, point, departure_s, window.max_duration_s)


@compiled
def durations_of_points(  # noqa: PLR0913, PLR0917  # kernel: compiled code takes its arrays one by one
    point_from: int,
    point_to: int,
    block: Block,
    boardings: Boardings,
    candidates: Candidates,
    window: Window,
    first: int,
    rows: Int32,
) -> None:
    """Durations from points into `rows` (points, rows of a point, LANES), from row `first` of each point on."""
    for point in range(point_from, point_to):
        seconds = rows[point - point_from, first : first + window.n_departures]
        durations_of_point(point, block, boardings, candidates, window, seconds)


@compiled
def summarise_rows(  # noqa: PLR0913, PLR0917  # kernel: compiled code takes its arrays one by one
    row_from: int,
    row_to: int,
    first_point: int,
    column: int,
    ranks: Int32,
    cutoffs_s: Int32,
    rows: Int32,
    percentile_s: Int32,
    within: Int32,
) -> None:
    """Percentiles and counts of the durations `rows` (points from `first_point` on, n, LANES); see `summarise_points`."""
    for row in range(row_from, row_to):
        _summarise(first_point + row, column, ranks, cutoffs_s, rows[row], percentile_s, within)


@compiled
def _summarise(  # noqa: PLR0913, PLR0917  # kernel: compiled code takes its arrays one by one
    point: int, column: int, ranks: Int32, cutoffs_s: Int32, seconds: Int32, percentile_s: Int32, within: Int32
) -> None:
    """Percentiles and counts of one point's durations `seconds` (n, LANES), which come out sorted."""
    lanes = min(LANES, percentile_s.shape[2] - column)
    counts = np.empty((1, LANES), np.int32)
    for cutoff in range(len(cutoffs_s)):
        counts[:] = 0
        for k in range(len(seconds)):
            count_row(counts, 0, seconds, k, cutoffs_s[cutoff])
        within[cutoff, point, column : column + lanes] = counts[0, :lanes]
    sort_lanes(seconds)
    for r in range(len(ranks)):
        percentile_s[r, point, column : column + lanes] = seconds[ranks[r] - 1, :lanes]


@compiled
def summarise_deadlines(  # noqa: PLR0913, PLR0917  # kernel: compiled code takes its arrays one by one
    point_from: int,
    point_to: int,
    block: Block,
    boardings: Boardings,
    candidates: Candidates,
    window: Window,
    ranks: Int32,
    cutoffs_s: Int32,
    percentile_s: Int32,
    within: Int32,
) -> None:
    """As `profiles.summarise_points`, for deadlines instead of departures."""
    seconds = np.empty((window.n_departures, LANES), np.int32)
    for point in range(point_from, point_to):
        durations_to_deadlines(point, block, boardings, candidates, window, seconds)
        _summarise(point, block.column, ranks, cutoffs_s, seconds, percentile_s, within)
