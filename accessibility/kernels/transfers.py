"""Preparation kernels: the connections of a timetable, their useful boarding positions, and the useful transfers.

A transfer or boarding is dropped only if another is at least as good for every destination and every departure, so a
search over the rest gives the same results as the full search. Each rule states its reason. Computing the transfers
between trips once, and pruning them, is the idea of Trip-Based Routing (Witt, 2015).
"""

import numpy as np

from accessibility.kernels.arrays import Boardings, Bool, Calls, Candidates, Chains, Connections, Riding
from accessibility.kernels.csr import sort_first, with_room
from accessibility.kernels.jit import compiled, inner
from accessibility.kernels.simd import NEVER
from accessibility.legs import Int32, Int64, LegTable

_WALK_BITS = 32  # of a number that orders boarding positions: the lower half is the walk
_WALK = 2**_WALK_BITS - 1
_TRIP_S = 2**32  # more than any arrival: arrivals of trips that follow each other are kept apart by it


@compiled
def cut_connections(  # noqa: PLR0913, PLR0917  # kernel: compiled code takes its arrays one by one
    pattern_position_offset: Int32,
    pattern_trip_offset: Int32,
    pattern_event_offset: Int64,
    arrival_s: Int32,
    departure_s: Int32,
    span_start_s: int,
    span_end_s: int,
) -> tuple[Int32, Int32, Int32, Int32, Int32]:
    """The connections that depart at or after `span_start_s` and arrive by `span_end_s`, trip by trip.

    Returns (position, trip in pattern, departure, arrival, row of the same trip's next connection or -1).
    """
    n_patterns = len(pattern_position_offset) - 1
    total = 0
    for filling in range(2):
        if filling:
            position = np.empty(total, np.int32)
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
                        position[total], trip[total] = first + j, k
                        start[total], end[total], following[total] = leaves, reaches, -1
                        if before >= 0:
                            following[before] = total
                        before = total
                    total += 1
    return position, trip, start, end, following


@compiled
def slowest_hops(
    pattern_position_offset: Int32,
    pattern_trip_offset: Int32,
    pattern_event_offset: Int64,
    departure_s: Int32,
    span_start_s: int,
    span_end_s: int,
) -> Int32:
    """(n_positions,) longest time in seconds between the departures from a position and from the next, within the span.

    A connection that begins before the span and ends inside it counts too: its trip can be boarded at the later position.
    """
    slowest = np.zeros(pattern_position_offset[-1], np.int32)
    for p in range(len(pattern_position_offset) - 1):
        first = pattern_position_offset[p]
        n_stops = pattern_position_offset[p + 1] - first
        for k in range(pattern_trip_offset[p + 1] - pattern_trip_offset[p]):
            event = pattern_event_offset[p] + k * n_stops
            for j in range(n_stops - 1):
                leaves, leaves_next = departure_s[event + j], departure_s[event + j + 1]
                if leaves_next >= span_start_s and leaves <= span_end_s:
                    slowest[first + j] = max(slowest[first + j], leaves_next - leaves)
    return slowest


@compiled
def boarding_candidates(
    point_from: int, point_to: int, legs: LegTable, calls: Calls, boarding_offset: Int32
) -> tuple[Int64, Int32, Int32]:
    """(counts, positions, walks in seconds) of the useful boarding positions of the points `point_from:point_to`.

    A position is dropped if the same pattern can be boarded upstream with so much less walking that every trip that can
    be caught here can be caught there (walk' + slowest ride <= walk): it is the same trip, boarded earlier.
    """
    leg_offset, leg_stop, leg_s = legs.offset, legs.target, legs.seconds
    call_offset, call_position, pattern_of, ride_s = calls.offset, calls.position, calls.pattern, calls.ride_s
    counts, found = np.zeros(point_to - point_from, np.int64), np.empty(1024, np.int64)
    out_position, out_walk = np.empty(65536, np.int32), np.empty(65536, np.int32)
    filled = 0
    for point in range(point_from, point_to):
        n = np.int64(0)  # numba would compile for a constant 0 too
        for leg in range(leg_offset[point], leg_offset[point + 1]):
            stop = leg_stop[leg]
            for i in range(call_offset[stop], call_offset[stop + 1]):
                position = call_position[i]
                if boarding_offset[position] != boarding_offset[position + 1]:
                    found = with_room(found, n + 1)
                    found[n] = np.int64(position) << _WALK_BITS | leg_s[leg]
                    n += 1
        out_position, out_walk = with_room(out_position, filled + n), with_room(out_walk, filled + n)
        sort_first(found, n)
        pattern, least = -1, NEVER
        for i in range(n):
            position, walk = found[i] >> _WALK_BITS, found[i] & _WALK
            if pattern_of[position] != pattern:
                pattern, least = pattern_of[position], NEVER
            if least + ride_s[position] > walk:
                out_position[filled], out_walk[filled] = position, walk
                filled += 1
                counts[point - point_from] += 1
                least = min(least, walk - ride_s[position])
    return counts, out_position[:filled], out_walk[:filled]


@inner
def first_boarding(departure_s: Int32, low: int, high: int, ready_s: int) -> int:
    """The first boarding in `low:high` that departs at or after `ready_s`; `high` if there is none."""
    while low < high:
        middle = (low + high) >> 1
        if departure_s[middle] < ready_s:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def link_transfers(  # noqa: C901, PLR0913, PLR0915, PLR0917  # kernel: one loop, its arrays one by one
    chain_from: int,
    chain_to: int,
    chains: Chains,
    connections: Connections,
    boardings: Boardings,
    candidates: Candidates,
    position_pattern: Int32,
    boardable: Bool,
    goes_on: Bool,
    same_stop_s: Int32,
    slack_s: int,
) -> tuple[Int32, Int32, Int32]:
    """The useful transfers after each connection of the trips `chain_from:chain_to`.

    `boardable` (n + 1,) says whether a connection may be boarded, `goes_on` (n,) whether people may stay aboard after it,
    the last of its trip, while the trip (or a later one of its pattern) becomes another; `same_stop_s` (n_stops,) is the
    transfer time at one stop, NEVER if a transfer is forbidden there.
    Returns (connection of each row, number of transfers of each row, the connections transferred to). Each trip is scanned
    from its end; a candidate is dropped if
    (a) they board this or a later trip of the own pattern further along: staying in is at least as good (not for those
        who stayed aboard from another trip: whoever boards may board the later trip that becomes a third one);
    (b) an earlier or equal trip of the same pattern is boarded further upstream after the same hop;
    (c) the same holds for a transfer made after a later hop of this trip, which is reached by staying in;
    (d) their first hop ends where this trip also calls no later, and from there the rest of that ride can be
        boarded too (or ends): everything it leads to is reached by staying in.
    """
    # Taken out of their tuples once: inside the loops each would be counted as used and released again.
    departs_s, arrives_s, following = connections.departure_s, connections.arrival_s, connections.following
    alight_stop, trips, positions = connections.alight_stop, connections.trip, connections.position
    boarding_offset, boarding_s, boarding = boardings.offset, boardings.departure_s, boardings.connection
    candidate_offset, candidate_position, candidate_s = candidates.offset, candidates.position, candidates.walk_s
    chain_offset, members, stayed = chains.offset, chains.connection, connections.stayed
    n_connections = len(departs_s)
    n_patterns = position_pattern[-1] + 1 if len(position_pattern) else 0
    front_stamp = np.full(n_patterns, -1, np.int32)
    front_trip = np.empty(n_patterns, np.int32)
    front_position = np.empty(n_patterns, np.int32)
    call_stamp = np.full(len(same_stop_s), -1, np.int32)
    call_s = np.empty(len(same_stop_s), np.int32)
    n_rows = chain_offset[chain_to] - chain_offset[chain_from]
    rows = np.empty(n_rows, np.int32)
    counts = np.zeros(n_rows, np.int32)
    out = np.empty(65536, np.int32)
    filled, row = 0, -1
    for chain in range(chain_from, chain_to):
        for member in range(chain_offset[chain + 1] - 1, chain_offset[chain] - 1, -1):
            c, row = members[member], row + 1
            rows[row] = c
            stop = alight_stop[c]
            if stop < 0:
                continue
            own_pattern = position_pattern[positions[c]]
            n = candidate_offset[stop + 1] - candidate_offset[stop]
            out = with_room(out, filled + n)
            pattern, earliest = -1, NEVER
            for i in range(candidate_offset[stop], candidate_offset[stop + 1]):
                position = candidate_position[i]
                if position_pattern[position] != pattern:
                    pattern, earliest = position_pattern[position], NEVER
                ready_s = arrives_s[c] + candidate_s[i] + slack_s
                high = boarding_offset[position + 1]
                b = first_boarding(boarding_s, boarding_offset[position], high, ready_s)
                if b == high:
                    continue
                k = boarding[b]
                trip = trips[k]
                if trip >= earliest:
                    continue  # (b)
                earliest = trip
                if pattern == own_pattern and position > positions[c] and trip >= trips[c] and not stayed[c]:
                    continue  # (a)
                as_early = front_stamp[pattern] == chain and front_trip[pattern] <= trip
                if as_early and front_position[pattern] <= position:
                    continue  # (c)
                reached = alight_stop[k]
                onward = following[k]
                if reached >= 0 and call_stamp[reached] == chain and call_s[reached] <= arrives_s[k]:
                    change_s = call_s[reached] + same_stop_s[reached] + slack_s
                    ends = onward == n_connections and not goes_on[k]
                    if ends or (boardable[onward] and change_s <= departs_s[onward]):
                        continue  # (d)
                out[filled] = k
                filled += 1
                counts[row] += 1
                front_stamp[pattern], front_trip[pattern], front_position[pattern] = chain, trip, position
            call_stamp[stop], call_s[stop] = chain, arrives_s[c]
    return rows, counts, out[:filled].copy()


@compiled
def needed_transfers(
    trips: tuple[int, int], riding: Riding, members: Int32, offset: Int64, transfers: Int32, needed: Bool
) -> None:
    """Set `needed` (n_transfers,) for the transfers after the connections of the trips `trips[0]:trips[1]`.

    A transfer is needed if its ride leads to a stop earlier than all that can be taken instead (reduction of transfers: Witt
    2015): whoever alights there no later can walk to the same destinations and board the same trips. The rides taken instead
    have no more changes, so labels for at most so many rides are the same too. Unlike the rules of `link_transfers`, this one
    compares rides of all patterns: it holds only where all connections run.
    `members` are the connections by place. A trip is gone through from its end: who is aboard can stay until a later stop.
    """
    # Taken out of their tuple once: inside the loops each would be counted as used and released again.
    trip_offset, place, end = riding.offset, riding.place, riding.end
    stops, arrival_s, kept = riding.stop, riding.arrival_s, riding.kept
    entered = np.full(len(members), -1, np.int32)
    # Arrivals by this trip are less than all by trips before it. The last is of places where nobody may alight.
    reached_s = np.full(riding.n_stops + 1, np.iinfo(np.int64).max, np.int64)
    reached_s[riding.n_stops] = np.iinfo(np.int64).min
    for trip in range(trips[0], trips[1]):
        before_s = trip * _TRIP_S
        for own in range(trip_offset[trip + 1] - 1, trip_offset[trip] - 1, -1):
            reached_s[stops[own]] = min(reached_s[stops[own]], arrival_s[own] - before_s)
            for t in range(offset[members[own]], offset[members[own] + 1]):
                first = place[transfers[t]]
                earlier = kept[first]
                for ridden in range(first, end[first]):
                    if entered[ridden] == trip:
                        break  # from here on all has been entered
                    entered[ridden] = trip
                    if arrival_s[ridden] - before_s < reached_s[stops[ridden]]:
                        reached_s[stops[ridden]] = arrival_s[ridden] - before_s
                        earlier = True
                needed[t] = earlier


@compiled
def merged_transfers(  # noqa: PLR0913, PLR0917  # kernel: compiled code takes its arrays one by one
    n: int, row_of: Int32, offset: Int64, connection: Int32, rows: Int32, first: Int64, more: Int32
) -> tuple[Int64, Int32]:
    """(offset, connection) of `n` connections: the transfers there are, in new numbers, each row's followed by more.

    `offset` and `connection` are the transfers there are; `row_of` gives their connections new numbers. More transfers of
    the connection `rows[i]` (a new number) are `more[first[i]:first[i + 1]]`.
    """
    counts = np.zeros(n + 1, np.int64)
    for old in range(len(offset) - 1):
        counts[row_of[old] + 1] = offset[old + 1] - offset[old]
    for i in range(len(rows)):
        counts[rows[i] + 1] += first[i + 1] - first[i]
    starts = np.cumsum(counts)
    out = np.empty(starts[n], np.int32)
    free = starts[:n].copy()
    for old in range(len(offset) - 1):
        row = row_of[old]
        for t in range(offset[old], offset[old + 1]):
            out[free[row]] = row_of[connection[t]]
            free[row] += 1
    for i in range(len(rows)):
        for t in range(first[i], first[i + 1]):
            out[free[rows[i]]] = more[t]
            free[rows[i]] += 1
    return starts, out
