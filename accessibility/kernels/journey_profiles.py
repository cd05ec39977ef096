"""Search kernels for single departures and deadlines, from the useful journeys between a point and a destination.

A journey is useful if no other leaves as late and arrives as early. Useful journeys sorted by leaving time are also
sorted by arrival time. People who are ready at t take the first one that leaves at or after t; people with a deadline t
take the last one that arrives by t.
"""

import numpy as np

from accessibility.kernels.arrays import Block, Boardings, ByDeparture, Candidates, Window
from accessibility.kernels.csr import with_room
from accessibility.kernels.jit import compiled, inner
from accessibility.kernels.simd import LANES, NEVER, copy_row, lower_lanes, lower_row_by, to_durations
from accessibility.kernels.transfers import first_boarding
from accessibility.legs import Int32, Int64

_EVERY_LANE = 2**LANES - 1


@inner
def reachable_boardings(
    point: int, earliest_s: int, latest_s: int, slack_s: int, boardings: Boardings, candidates: Candidates
) -> tuple[Int32, Int32]:
    """(latest time to leave, connection) of all boardings for people who leave `point` at or after `earliest_s`, ascending.

    Of the boardings with a time to leave at or after `latest_s`, only the first of each position is returned.
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
def leaving_points(
    points: tuple[int, int], earliest_s: int, latest_s: int, slack_s: int, boardings: Boardings, candidates: Candidates
) -> tuple[Int64, Int32, Int32]:
    """`reachable_boardings` of the points `points[0]:points[1]`, one after the other: (numbers, when to leave, connection)."""
    counts = np.empty(points[1] - points[0], np.int64)
    leaves_s, connections, n = np.empty(4096, np.int32), np.empty(4096, np.int32), 0
    for point in range(points[0], points[1]):
        leave_s, connection = reachable_boardings(point, earliest_s, latest_s, slack_s, boardings, candidates)
        found = len(leave_s)
        if n + found > len(leaves_s):
            more = np.empty(max(len(leaves_s), found), np.int32)
            leaves_s, connections = np.concatenate((leaves_s, more)), np.concatenate((connections, more))
        leaves_s[n : n + found], connections[n : n + found] = leave_s, connection
        counts[point - points[0]] = found
        n += found
    return counts, leaves_s[:n].copy(), connections[:n].copy()


@inner
def useful_journeys(  # noqa: PLR0913, PLR0917  # kernel: compiled code takes its arrays one by one
    boarding_leave_s: Int32,
    connection: Int32,
    labels: Int32,
    asked: int,
    longest_s: int,
    leave_s: Int32,
    arrive_s: Int32,
    counts: Int32,
) -> None:
    """Fill `leave_s` and `arrive_s` (LANES, n_boardings) with the useful journeys to each destination, latest first.

    `counts` (LANES,) are their numbers, 0 for destinations that are not `asked` (one bit each). Journeys longer than
    `longest_s` are left out, also where nobody waits for them: all that they rule out are longer still.
    """
    best = np.full((1, LANES), NEVER, np.int32)
    for lane in range(LANES):
        counts[lane] = 0
        if not asked >> lane & 1:
            best[0, lane] = -NEVER
    for i in range(len(connection) - 1, -1, -1):
        # Most boardings lead to no destination sooner than later ones do: one comparison tells it for all destinations.
        lanes = lower_lanes(labels, connection[i], best, 0, boarding_leave_s[i] + longest_s)
        lane = 0
        while lanes >> lane:
            if lanes >> lane & 1:
                best[0, lane] = labels[connection[i], lane]
                if counts[lane] == 0 or leave_s[lane, counts[lane] - 1] > boarding_leave_s[i]:
                    counts[lane] += 1
                leave_s[lane, counts[lane] - 1], arrive_s[lane, counts[lane] - 1] = boarding_leave_s[i], best[0, lane]
            lane += 1


@inner
def durations_to_deadlines(
    point: int, block: Block, boardings: Boardings, candidates: Candidates, window: Window, seconds: Int32
) -> None:
    """Fill `seconds` (n_departures, LANES) with the durations from one point for every deadline of the window.

    A duration is counted from the latest possible leaving time to the deadline, not to the arrival before it.
    """
    end_s = window.start_s + window.n_departures * window.step_s
    boarding_leave_s, connection = reachable_boardings(
        point, window.start_s - window.max_duration_s, end_s, window.slack_s, boardings, candidates
    )
    shape = (LANES, len(connection))
    leave_s, arrive_s, counts = np.empty(shape, np.int32), np.empty(shape, np.int32), np.empty(LANES, np.int32)
    longest_s = window.max_duration_s
    useful_journeys(boarding_leave_s, connection, block.labels, _EVERY_LANE, longest_s, leave_s, arrive_s, counts)
    for lane in range(LANES):
        i = 0
        for k in range(window.n_departures - 1, -1, -1):
            deadline_s = window.start_s + k * window.step_s
            while i < counts[lane] and arrive_s[lane, i] > deadline_s:
                i += 1
            duration_s = block.walk_s[point, lane]
            if i < counts[lane]:
                duration_s = min(duration_s, deadline_s - leave_s[lane, i])
            seconds[k, lane] = duration_s if duration_s <= window.max_duration_s else NEVER


@compiled
def boardings_by_departure(
    points: tuple[int, int], boardings: Boardings, candidates: Candidates, window: Window
) -> tuple[Int64, Int32]:
    """(offset, connections): the boardings of each of the points `points[0]:points[1]` for each departure of the window.

    Those of point `points[0] + i` at departure `k` are `offset[i * n + k]:offset[i * n + k + 1]`, with `n` departures. A
    boarding can be used by all departures that reach it in time, and is listed for the last of these. Trips of a pattern do not
    overtake each other, so the first boarding that the last departure can use is the last one needed of a position.
    """
    n, last = window.n_departures, window.n_departures - 1
    first_point, positions, walk_s = candidates.offset, candidates.position, candidates.walk_s
    offset_of, departs_s, boarded = boardings.offset, boardings.departure_s, boardings.connection
    # The 0.5 s below keep a whole number of steps from being rounded down. Multiplying is ten times as fast as dividing.
    steps_per_s = 1.0 / window.step_s
    offset, filled = np.zeros((points[1] - points[0]) * n + 1, np.int64), np.int64(0)
    connections = np.empty(4096, np.int32)
    departure, connection = np.empty(256, np.int32), np.empty(256, np.int32)
    for point in range(points[0], points[1]):
        found, row = 0, (point - points[0]) * n
        for i in range(first_point[point], first_point[point + 1]):
            lead_s, high = window.start_s + walk_s[i] + window.slack_s, offset_of[positions[i] + 1]
            b = first_boarding(departs_s, offset_of[positions[i]], high, lead_s)
            departure, connection = with_room(departure, found + high - b), with_room(connection, found + high - b)
            k = -1
            while b < high and k != last:
                k = min(int((departs_s[b] - lead_s + 0.5) * steps_per_s), last)
                departure[found], connection[found] = k, boarded[b]
                offset[row + k + 1] += 1
                found, b = found + 1, b + 1
        free = np.empty(n, np.int64)
        for k in range(n):
            free[k] = filled
            filled += offset[row + k + 1]
            offset[row + k + 1] = filled
        connections = with_room(connections, filled)
        for j in range(found):
            connections[free[departure[j]]] = connection[j]
            free[departure[j]] += 1
    return offset, connections[:filled].copy()


@inner
def durations_of_departures(point: int, block: Block, leaving: ByDeparture, window: Window, seconds: Int32) -> None:
    """Fill `seconds` (n_departures, LANES) with the durations from one point for every departure of the window.

    The earliest arrival of a departure is the least of its own boardings and of those of all later departures.
    """
    labels, offset, connections, walk_s = block.labels, leaving.offset, leaving.connection, block.walk_s
    n, first, best = window.n_departures, leaving.first, np.empty((1, LANES), np.int32)
    best[:] = NEVER
    for k in range(n - 1, -1, -1):
        row = (point - first) * n + k
        lower_row_by(best, 0, labels, connections, offset[row], offset[row + 1])
        copy_row(seconds, k, best, 0)
        to_durations(seconds, k, walk_s, point, window.start_s + k * window.step_s, window.max_duration_s)


@compiled
def durations_of_points(  # noqa: PLR0913, PLR0917  # kernel: compiled code takes its arrays one by one
    points: tuple[int, int],
    block: Block,
    boardings: Boardings,
    candidates: Candidates,
    window: Window,
    first_row: int,
    rows: Int32,
) -> None:
    """Fill `rows` with the durations from points `points[0]:points[1]` for every departure or deadline of the window.

    `rows` is (n_points, rows per point, LANES); each point's durations begin at its row `first_row`. Durations longer
    than the longest allowed are NEVER.
    """
    first, last = points
    if not window.arrive_by:
        leaving = ByDeparture(first, *boardings_by_departure(points, boardings, candidates, window))
    for point in range(first, last):
        seconds = rows[point - first, first_row : first_row + window.n_departures]
        if window.arrive_by:
            durations_to_deadlines(point, block, boardings, candidates, window, seconds)
        else:
            durations_of_departures(point, block, leaving, window, seconds)
