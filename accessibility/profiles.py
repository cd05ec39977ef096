"""The kernels: exact travel times from many origins to few destinations by one backward pass over the timetable.

Arrays in, arrays out; nothing here knows files, names or units other than seconds and row numbers.

A *connection* is one hop of one trip, from a position of its pattern to the next. Going backward through the
connections in order of departure, the label of a connection is the earliest arrival at a destination for somebody
sitting in it: stay in, get out and walk to the destination, or get out and walk to another connection. Labels of
`LANES` destinations are computed side by side. This is the profile variant of the Connection Scan Algorithm
(Dibbelt, Pajor, Strasser and Wagner, 2018) on the transfer graph of Trip-Based Routing (Witt, 2015), with both
turned round: many origins, few destinations.

Which connections can be boarded from where is settled once per timetable (`boarding_candidates`, `link_transfers`).
A candidate is dropped only if another is at least as good for every destination, so the answers are those of the
full search; each rule says why.

All kernels release the GIL and touch only their own rows, so the number of threads changes nothing but the speed.
"""

from typing import NamedTuple

import numba
import numpy as np

from accessibility.legs import Int32, Int64

LANES = 16  # destinations per pass: one 64-byte cache line of int32 labels
NEVER = np.int32(2**30)  # later than any arrival, small enough that adding a walk can't overflow

_jit = numba.njit(nogil=True, cache=True, boundscheck=False)


class Connections(NamedTuple):
    """Hops of all trips inside a span, ascending by departure; `n` is their number, and the row that means "none"."""

    departure_s: Int32  # (n,)
    arrival_s: Int32  # (n,)
    following: Int32  # (n,) the same trip's next connection, n if it ends here
    alight_stop: Int32  # (n,) the stop reached, -1 where nobody may get out
    trip: Int32  # (n,) trip number inside its pattern
    position: Int32  # (n,) position departed from
    zero_run: (
        Int32  # (n,) >= 0 where the hop takes 0 s: the first of the run of such hops with the same departure; else -1
    )


class Boardings(NamedTuple):
    """Connections that can be boarded, by position: those of `p` are `offset[p]:offset[p + 1]`, ascending by departure."""

    offset: Int32  # (n_positions + 1,)
    departure_s: Int32  # (n_boardings,)
    connection: Int32  # (n_boardings,)


class Calls(NamedTuple):
    """Where patterns call: the positions of stop `s` are `position[offset[s]:offset[s + 1]]`."""

    offset: Int32  # (n_stops + 1,)
    position: Int32  # (n_positions,)
    pattern: Int32  # (n_positions,) pattern of each position, by position number
    ride_s: Int32  # (n_positions,) running sum of the slowest hops between departures along each pattern


class Candidates(NamedTuple):
    """Positions worth walking to: those of point `i` are `offset[i]:offset[i + 1]`, ascending by position."""

    offset: Int64  # (n_points + 1,)
    position: Int32
    walk_s: Int32


class Chains(NamedTuple):
    """Trips as connections in riding order: those of trip `t` are `connection[offset[t]:offset[t + 1]]`."""

    offset: Int64  # (n_trips + 1,)
    connection: Int32


class Transfers(NamedTuple):
    """Connections worth changing to after connection `c`: `connection[offset[c]:offset[c + 1]]`."""

    offset: Int64  # (n_connections + 1,)
    connection: Int32


@_jit
def cut_connections(
    pattern_position_offset, pattern_trip_offset, pattern_event_offset, arrival_s, departure_s, span_start_s, span_end_s
):
    """Hops that depart at or after `span_start_s` and arrive by `span_end_s`.

    Returns (position, pattern, trip in pattern, departure, arrival, index of the same trip's next hop or -1), unsorted.
    """
    n_patterns = len(pattern_position_offset) - 1
    total = 0
    for filling in range(2):
        if filling:
            position = np.empty(total, np.int32)
            pattern = np.empty(total, np.int32)
            trip = np.empty(total, np.int32)
            start = np.empty(total, np.int32)
            end = np.empty(total, np.int32)
            following = np.empty(total, np.int32)
        total = 0
        for p in range(n_patterns):
            first = pattern_position_offset[p]
            n_stops = pattern_position_offset[p + 1] - first
            for k in range(pattern_trip_offset[p + 1] - pattern_trip_offset[p]):
                event = pattern_event_offset[p] + k * n_stops
                before = -1
                for j in range(n_stops - 1):
                    leaves, reaches = departure_s[event + j], arrival_s[event + j + 1]
                    if leaves < span_start_s or reaches > span_end_s:
                        continue
                    if filling:
                        position[total], pattern[total], trip[total] = first + j, p, k
                        start[total], end[total], following[total] = leaves, reaches, -1
                        if before >= 0:
                            following[before] = total
                        before = total
                    total += 1
    return position, pattern, trip, start, end, following


@_jit
def slowest_hops(position, departure_s, following, n_positions):
    """Longest time between departing a position and departing the next, over all connections; (n_positions,) int32."""
    slowest = np.zeros(n_positions, np.int32)
    n = len(position)
    for c in range(n):
        f = following[c]
        if f < n:
            slowest[position[c]] = max(slowest[position[c]], departure_s[f] - departure_s[c])
    return slowest


@_jit
def boarding_candidates(point_from, point_to, legs, calls, boarding_offset):
    """Positions worth walking to from points `point_from:point_to`; returns (counts, positions, walks).

    A position is dropped if the same pattern can be boarded upstream with so much less walking that every trip that
    could be caught here could be caught there (walk' + slowest ride <= walk): the same trip, boarded earlier.
    """
    counts = np.zeros(point_to - point_from, np.int64)
    found_position = np.empty(1024, np.int32)
    found_walk = np.empty(1024, np.int32)
    out_position = np.empty(65536, np.int32)
    out_walk = np.empty(65536, np.int32)
    filled = 0
    for point in range(point_from, point_to):
        n = 0
        for leg in range(legs.offset[point], legs.offset[point + 1]):
            stop = legs.target[leg]
            for i in range(calls.offset[stop], calls.offset[stop + 1]):
                position = calls.position[i]
                if boarding_offset[position] == boarding_offset[position + 1]:
                    continue
                if n == len(found_position):
                    found_position = np.concatenate((found_position, np.empty(n, np.int32)))
                    found_walk = np.concatenate((found_walk, np.empty(n, np.int32)))
                found_position[n], found_walk[n] = position, legs.seconds[leg]
                n += 1
        if filled + n > len(out_position):
            grow = max(len(out_position), n)
            out_position = np.concatenate((out_position, np.empty(grow, np.int32)))
            out_walk = np.concatenate((out_walk, np.empty(grow, np.int32)))
        order = np.argsort(found_position[:n])
        pattern, least = -1, 0
        for i in order:
            position, walk = found_position[i], found_walk[i]
            if calls.pattern[position] != pattern:
                pattern, least = calls.pattern[position], NEVER
            if least + calls.ride_s[position] > walk:
                out_position[filled], out_walk[filled] = position, walk
                filled += 1
                counts[point - point_from] += 1
                least = min(least, walk - calls.ride_s[position])
    return counts, out_position[:filled].copy(), out_walk[:filled].copy()


@_jit
def _first_boarding(departure_s, low, high, ready_s):
    """First boarding in `low:high` that leaves at or after `ready_s` (`high` if none)."""
    while low < high:
        middle = (low + high) >> 1
        if departure_s[middle] < ready_s:
            low = middle + 1
        else:
            high = middle
    return low


@_jit
def link_transfers(
    chain_from, chain_to, chains, connections, boardings, candidates, position_pattern, boardable, same_stop_s, slack_s
):
    """Changes worth making after each connection of the trips `chain_from:chain_to`.

    `boardable` (n + 1,) says whether a connection may be boarded; `same_stop_s` (n_stops,) is the time to change at one
    stop, NEVER where that is forbidden.
    Returns (connection of each row, number of changes of each row, the changes). Candidates of one connection are
    dropped, with the trip scanned from its end, if
    (a) they board this or a later trip of the own pattern further along: staying in is at least as good;
    (b) an earlier or equal trip of the same pattern is boarded further upstream after the same hop;
    (c) the same holds for a change made after a later hop of this trip, which is reached by staying in;
    (d) their first hop ends where this trip also calls no later, and from there the rest of that ride can be
        boarded too (or ends): everything it leads to is reached by staying in.
    """
    n_connections = len(connections.departure_s)
    n_patterns = position_pattern[-1] + 1 if len(position_pattern) else 0
    front_stamp = np.full(n_patterns, -1, np.int32)
    front_trip = np.empty(n_patterns, np.int32)
    front_position = np.empty(n_patterns, np.int32)
    call_stamp = np.full(len(same_stop_s), -1, np.int32)
    call_s = np.empty(len(same_stop_s), np.int32)
    n_rows = chains.offset[chain_to] - chains.offset[chain_from]
    rows = np.empty(n_rows, np.int32)
    counts = np.zeros(n_rows, np.int32)
    out = np.empty(65536, np.int32)
    filled, row = 0, 0
    for chain in range(chain_from, chain_to):
        for member in range(chains.offset[chain + 1] - 1, chains.offset[chain] - 1, -1):
            c = chains.connection[member]
            rows[row] = c
            stop = connections.alight_stop[c]
            if stop < 0:
                row += 1
                continue
            own_pattern = position_pattern[connections.position[c]]
            n = candidates.offset[stop + 1] - candidates.offset[stop]
            if filled + n > len(out):
                out = np.concatenate((out, np.empty(max(len(out), n), np.int32)))
            pattern, earliest = -1, NEVER
            for i in range(candidates.offset[stop], candidates.offset[stop + 1]):
                position = candidates.position[i]
                if position_pattern[position] != pattern:
                    pattern, earliest = position_pattern[position], NEVER
                ready_s = connections.arrival_s[c] + candidates.walk_s[i] + slack_s
                high = boardings.offset[position + 1]
                b = _first_boarding(boardings.departure_s, boardings.offset[position], high, ready_s)
                if b == high:
                    continue
                k = boardings.connection[b]
                trip = connections.trip[k]
                if trip >= earliest:
                    continue  # (b)
                earliest = trip
                if pattern == own_pattern and position > connections.position[c] and trip >= connections.trip[c]:
                    continue  # (a)
                if (
                    front_stamp[pattern] == chain
                    and front_trip[pattern] <= trip
                    and front_position[pattern] <= position
                ):
                    continue  # (c)
                reached = connections.alight_stop[k]
                onward = connections.following[k]
                if reached >= 0 and call_stamp[reached] == chain and call_s[reached] <= connections.arrival_s[k]:
                    change_s = call_s[reached] + same_stop_s[reached] + slack_s
                    if onward == n_connections or (boardable[onward] and change_s <= connections.departure_s[onward]):
                        continue  # (d)
                out[filled] = k
                filled += 1
                counts[row] += 1
                front_stamp[pattern], front_trip[pattern], front_position[pattern] = chain, trip, position
            call_stamp[stop], call_s[stop] = chain, connections.arrival_s[c]
            row += 1
    return rows, counts, out[:filled].copy()


@_jit
def _improve(labels, c, source, transfers, arrival_s, stop, reaches, egress_s):
    """Lower the labels of `c` by getting out: to the destinations, or to a change whose labels stand in `source`."""
    if reaches[stop]:
        for lane in range(LANES):
            labels[c, lane] = min(labels[c, lane], np.int32(arrival_s + egress_s[stop, lane]))
    for t in range(transfers.offset[c], transfers.offset[c + 1]):
        k = transfers.connection[t]
        for lane in range(LANES):
            labels[c, lane] = min(labels[c, lane], source[k, lane])


@_jit
def backward_labels(first, last, connections, transfers, reaches, egress_s, labels):
    """Earliest arrivals at `LANES` destinations for somebody sitting in each connection of `first:last`; any number of rides.

    `egress_s` (n_stops, LANES) are the walks from stops to destinations, NEVER where there is none; `reaches` (n_stops,)
    says whether a stop has any. `labels` (n + 1, LANES) is filled.
    A change always leads to a connection that departs no earlier than this one arrives, so it is done already; only
    hops of 0 s can lead to each other, and they are repeated until nothing changes.
    """
    labels[last:] = NEVER
    c = last - 1
    while c >= first:
        run = connections.zero_run[c]
        if run < 0:
            follower = connections.following[c]
            for lane in range(LANES):
                labels[c, lane] = labels[follower, lane]
            stop = connections.alight_stop[c]
            if stop >= 0:
                _improve(labels, c, labels, transfers, connections.arrival_s[c], stop, reaches, egress_s)
            c -= 1
            continue
        run = max(run, first)
        labels[run : c + 1] = NEVER
        changed = True
        while changed:
            changed = False
            for z in range(c, run - 1, -1):
                before = labels[z].copy()
                follower = connections.following[z]
                for lane in range(LANES):
                    labels[z, lane] = min(labels[z, lane], labels[follower, lane])
                stop = connections.alight_stop[z]
                if stop >= 0:
                    _improve(labels, z, labels, transfers, connections.arrival_s[z], stop, reaches, egress_s)
                changed = changed or (before != labels[z]).any()
        c = run - 1


@_jit
def backward_labels_one_more_ride(first, last, connections, transfers, reaches, egress_s, fewer, labels):
    """As `backward_labels`, with at most one ride more than the labels `fewer` (n + 1, LANES) allow."""
    labels[last:] = NEVER
    for c in range(last - 1, first - 1, -1):
        follower = connections.following[c]
        for lane in range(LANES):
            labels[c, lane] = labels[follower, lane]
        stop = connections.alight_stop[c]
        if stop >= 0:
            _improve(labels, c, fewer, transfers, connections.arrival_s[c], stop, reaches, egress_s)


@_jit
def earliest_arrivals(point, labels, boardings, candidates, window_start_s, step_s, slack_s, arrivals):
    """Earliest arrivals from one point for every departure of the window, into `arrivals` (n_departures, LANES).

    A boarding serves every departure that still reaches it, so it is entered at the last of these, and the minimum is
    then swept backward over the window. Trips of a pattern do not overtake: the first boarding that serves the last
    departure ends the list.
    """
    n_departures = len(arrivals)
    arrivals[:] = NEVER
    for i in range(candidates.offset[point], candidates.offset[point + 1]):
        position, lead_s = candidates.position[i], candidates.walk_s[i] + slack_s
        high = boardings.offset[position + 1]
        b = _first_boarding(boardings.departure_s, boardings.offset[position], high, window_start_s + lead_s)
        while b < high:
            k = min((boardings.departure_s[b] - lead_s - window_start_s) // step_s, n_departures - 1)
            c = boardings.connection[b]
            for lane in range(LANES):
                arrivals[k, lane] = min(arrivals[k, lane], labels[c, lane])
            if k == n_departures - 1:
                break
            b += 1
    for k in range(n_departures - 2, -1, -1):
        for lane in range(LANES):
            arrivals[k, lane] = min(arrivals[k, lane], arrivals[k + 1, lane])


@_jit
def durations(arrivals, direct_s, window_start_s, step_s, max_duration_s):
    """Turn arrivals into door-to-door seconds in place: the direct walk where it is shorter, NEVER beyond the maximum."""
    for k in range(len(arrivals)):
        departure_s = window_start_s + k * step_s
        for lane in range(LANES):
            seconds = min(arrivals[k, lane] - departure_s, direct_s[lane])
            arrivals[k, lane] = seconds if seconds <= max_duration_s else NEVER


@_jit
def nearest_rank(seconds, rank, max_duration_s, low, high):
    """The `rank`-th smallest (1 = smallest) of each lane of `seconds` (n_departures, LANES), NEVER if beyond the maximum.

    Bisection on the answer, all lanes at once; `low` and `high` (LANES,) are scratch, `high` leaves with the result.
    """
    low[:] = 0
    high[:] = max_duration_s + 1
    count = np.zeros(LANES, np.int32)
    middle = np.empty(LANES, np.int32)
    width = max_duration_s + 1
    while width > 0:
        for lane in range(LANES):
            middle[lane] = (low[lane] + high[lane]) >> 1
            count[lane] = 0
        for k in range(len(seconds)):
            for lane in range(LANES):
                count[lane] += seconds[k, lane] <= middle[lane]
        for lane in range(LANES):
            if low[lane] < high[lane]:
                if count[lane] >= rank:
                    high[lane] = middle[lane]
                else:
                    low[lane] = middle[lane] + 1
        width >>= 1
    for lane in range(LANES):
        if high[lane] > max_duration_s:
            high[lane] = NEVER


@_jit
def count_within(seconds, cutoff_s, count):
    """Number of departures of each lane that take at most `cutoff_s`, into `count` (LANES,)."""
    count[:] = 0
    for k in range(len(seconds)):
        for lane in range(LANES):
            count[lane] += seconds[k, lane] <= cutoff_s


@_jit
def summarise_points(
    point_from,
    point_to,
    labels,
    boardings,
    candidates,
    direct_s,
    window,
    ranks,
    cutoffs_s,
    column,
    percentile_s,
    within,
):
    """Percentile durations and departures within each cutoff for points `point_from:point_to`, one block of destinations.

    `window` is (start_s, step_s, n_departures, slack_s, max_duration_s); `direct_s` (n_points, LANES), NEVER where too
    far to walk. Fills columns `column`, `column + 1`, ... (at most LANES) of `percentile_s` (n_ranks, n_points,
    n_destinations) and of the counts `within` (n_cutoffs, n_points, n_destinations).
    """
    start_s, step_s, n_departures, slack_s, max_duration_s = window
    n_lanes = min(LANES, percentile_s.shape[2] - column)
    seconds = np.empty((n_departures, LANES), np.int32)
    low = np.empty(LANES, np.int32)
    high = np.empty(LANES, np.int32)
    for point in range(point_from, point_to):
        earliest_arrivals(point, labels, boardings, candidates, start_s, step_s, slack_s, seconds)
        durations(seconds, direct_s[point], start_s, step_s, max_duration_s)
        for r in range(len(ranks)):
            nearest_rank(seconds, ranks[r], max_duration_s, low, high)
            percentile_s[r, point, column : column + n_lanes] = high[:n_lanes]
        for r in range(len(cutoffs_s)):
            count_within(seconds, cutoffs_s[r], low)
            within[r, point, column : column + n_lanes] = low[:n_lanes]


@_jit
def fill_lanes(column, offset, target, seconds, table):
    """Legs of the destinations `column`, `column + 1`, ... into the lanes of `table` (n_points, LANES), NEVER elsewhere."""
    table[:] = NEVER
    for destination in range(column, min(column + LANES, len(offset) - 1)):
        for leg in range(offset[destination], offset[destination + 1]):
            table[target[leg], destination - column] = seconds[leg]
