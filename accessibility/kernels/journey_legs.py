"""Search kernel that tells the journeys behind labels leg by leg: walks, waits and rides."""

from typing import NamedTuple

import numpy as np

from accessibility.kernels.arrays import Boardings, Candidates, Connections, Stays, Transfers
from accessibility.kernels.jit import compiled, inner
from accessibility.kernels.journey_paths import path_of_fewest_rides
from accessibility.kernels.transfers import first_boarding
from accessibility.legs import Int32, Int64, LegTable

WALK, WAIT, RIDE = 0, 1, 2  # kinds of legs
NOWHERE = -1  # the stop at the origin's or destination's end of a walk; the route of a walk or wait
_LONGEST_LEAD_S = 1 << 20  # more than any walk to a first stop takes
_FIELDS = 7  # kind, from stop, to stop, route, start, end, whether people stayed aboard


class Ridden(NamedTuple):
    """The network that journeys ride."""

    connections: Connections
    transfers: Transfers
    stays: Stays
    boardings: Boardings
    candidates: Candidates
    transfer_legs: LegTable
    position_stop: Int32  # (n_positions,)
    position_pattern: Int32  # (n_positions,)
    pattern_route: Int32  # (n_patterns,)


class Labels(NamedTuple):
    """The labels of one block of destinations."""

    tables: Int32  # (n_tables, n_connections + 1, LANES); with a limit on rides one table for at most 1, 2, ... rides
    limited: bool  # whether there is such a limit
    egress_s: Int32  # (n_stops, LANES) walks to the destinations, NEVER where there is none
    direct_s: Int32  # (n_points, LANES) walks all the way


class LegRows(NamedTuple):
    """Legs as rows of kind, from stop, to stop, route, start, end, whether people stayed aboard; room behind `n` of them."""

    rows: Int32  # (room, 7)
    n: int


@compiled
def legs_of_journeys(
    queries: Int64, slack_s: int, longest_s: int, ridden: Ridden, labels: Labels, before: Int64
) -> tuple[Int64, Int32]:
    """(offset (n_queries + 1,), rows (n_legs, 7)): the best journey of each query (origin, lane, departure in seconds).

    No legs where the destination takes longer than `longest_s`. `before` is scratch, see `path_of_fewest_rides`.
    """
    offset, legs = np.zeros(len(queries) + 1, np.int64), LegRows(np.empty((1024, _FIELDS), np.int32), 0)
    for number in range(len(queries)):
        origin, lane, departure_s = queries[number, 0], queries[number, 1], queries[number, 2]
        latest_s = departure_s + longest_s
        arrival_s, leave_s, boarded = _best_boardings(origin, lane, departure_s, latest_s, slack_s, ridden, labels)
        on_foot_s = departure_s + labels.direct_s[origin, lane]
        if on_foot_s <= min(arrival_s, latest_s):
            legs = _with_leg(legs, WALK, NOWHERE, NOWHERE, NOWHERE, departure_s, on_foot_s, 0)
        elif arrival_s <= latest_s:
            path = path_of_fewest_rides(
                boarded,
                lane,
                arrival_s,
                labels.tables,
                labels.limited,
                ridden.connections,
                ridden.transfers,
                ridden.stays,
                labels.egress_s,
                before,
            )
            if not len(path):
                raise AssertionError("a label without a journey behind it")
            first = 0
            while boarded[first] != path[0]:
                first += 1
            at_stop_s = ridden.connections.departure_s[path[0]] - slack_s
            access_s = departure_s + at_stop_s - leave_s[first]
            legs = _with_journey(legs, path, departure_s, access_s, arrival_s, ridden)
        offset[number + 1] = legs.n
    return offset, legs.rows[: legs.n].copy()


@inner
def _best_boardings(  # noqa: PLR0913, PLR0917  # kernel: compiled code takes its arrays one by one
    origin: int, lane: int, departure_s: int, latest_s: int, slack_s: int, ridden: Ridden, labels: Labels
) -> tuple[int, Int32, Int32]:
    """(earliest arrival, when to leave and connection of each boarding that leads to it); those left for latest first.

    Of those left for at the same second, the one with the shortest walk comes first.
    The arrival is after `latest_s` where no boarding leads there by then. Of boardings that are left for at or after
    `latest_s` only the first of each position counts.
    """
    boardings, candidates, best_s, n = ridden.boardings, ridden.candidates, latest_s + 1, 0
    leave_s, lead_s, connection = np.empty(64, np.int32), np.empty(64, np.int32), np.empty(64, np.int32)
    for i in range(candidates.offset[origin], candidates.offset[origin + 1]):
        position, before_s = candidates.position[i], candidates.walk_s[i] + slack_s
        high = boardings.offset[position + 1]
        b = first_boarding(boardings.departure_s, boardings.offset[position], high, departure_s + before_s)
        while b < high:
            arrival_s, leaves_s = labels.tables[-1, boardings.connection[b], lane], boardings.departure_s[b] - before_s
            if arrival_s < best_s:
                best_s, n = arrival_s, 0
            if arrival_s == best_s and arrival_s <= latest_s:
                if n == len(leave_s):
                    leave_s = np.concatenate((leave_s, np.empty_like(leave_s)))
                    lead_s = np.concatenate((lead_s, np.empty_like(lead_s)))
                    connection = np.concatenate((connection, np.empty_like(connection)))
                leave_s[n], lead_s[n], connection[n], n = leaves_s, before_s, boardings.connection[b], n + 1
            if leaves_s >= latest_s:
                break
            b += 1
    latest_first = np.argsort(lead_s[:n] - _LONGEST_LEAD_S * leave_s[:n].astype(np.int64), kind="mergesort")
    return best_s, leave_s[latest_first], connection[latest_first]


@inner
def _with_journey(
    legs: LegRows, path: Int64, departure_s: int, access_s: int, arrival_s: int, ridden: Ridden
) -> LegRows:
    """The legs, and those of the connections of `path`; people are at the first stop at `access_s`."""
    rides = _rides(path, ridden.connections)
    _ride_in_trips_that_go_on(rides, ridden)
    at_stop, now_s = NOWHERE, departure_s
    for ride in range(len(rides)):
        first, last, aboard = rides[ride, 0], rides[ride, 1], rides[ride, 3]
        position = ridden.connections.position[first]
        stop = ridden.position_stop[position]
        alight = ridden.position_stop[ridden.connections.position[last] + 1]
        departs_s = now_s
        if not aboard:
            departs_s = ridden.connections.departure_s[first]
            reached_s = access_s if at_stop == NOWHERE else now_s + _transfer_s(at_stop, stop, ridden.transfer_legs)
            legs = _with_leg(legs, WALK, at_stop, stop, NOWHERE, now_s, reached_s, 0)
            legs = _with_leg(legs, WAIT, stop, stop, NOWHERE, reached_s, departs_s, 0)
        now_s, route = ridden.connections.arrival_s[last], ridden.pattern_route[ridden.position_pattern[position]]
        legs = _with_leg(legs, RIDE, stop, alight, route, departs_s, now_s, aboard)
        at_stop = alight
    every: LegRows = _with_leg(legs, WALK, at_stop, NOWHERE, NOWHERE, now_s, arrival_s, 0)
    return every


@inner
def _rides(path: Int64, connections: Connections) -> Int64:
    """(n_rides, 4): first connection, last one, how many, whether people stayed aboard from the ride before.

    A ride goes on while the next connection is of the same trip.
    """
    rides, n, start = np.empty((len(path), 4), np.int64), 0, 0
    for i in range(len(path)):
        if i + 1 == len(path) or connections.following[path[i]] != path[i + 1]:
            rides[n, 0], rides[n, 1], rides[n, 2] = path[start], path[i], i + 1 - start
            rides[n, 3] = 1 if connections.stayed[path[start]] else 0
            n, start = n + 1, i + 1
    return rides[:n]


@inner
def _ride_in_trips_that_go_on(rides: Int64, ridden: Ridden) -> None:
    """Put each ride that people stay aboard after into the trip that becomes the next one.

    That may be a later one of the same pattern than the search followed: it calls at the same stops.
    """
    connections, stays, boardings = ridden.connections, ridden.stays, ridden.boardings
    for ride in range(len(rides) - 1):
        if not rides[ride + 1, 3]:
            continue
        stay = np.searchsorted(stays.row, rides[ride, 1])
        while stays.row[stay] != rides[ride, 1] or stays.connection[stay] != rides[ride + 1, 0]:
            stay += 1
        if stays.source[stay] == rides[ride, 1]:
            continue
        trip = connections.trip[stays.source[stay]]
        b = boardings.offset[connections.position[rides[ride, 0]]]
        while connections.trip[boardings.connection[b]] != trip:
            b += 1
        rides[ride, 0] = rides[ride, 1] = boardings.connection[b]
        for _ in range(rides[ride, 2] - 1):
            rides[ride, 1] = connections.following[rides[ride, 1]]


@inner
def _transfer_s(stop: int, other: int, legs: LegTable) -> int:
    """Seconds to change from one stop to the other; the legs of a stop ascend by target."""
    row = legs.offset[stop] + np.searchsorted(legs.target[legs.offset[stop] : legs.offset[stop + 1]], other)
    seconds: int = legs.seconds[row]
    return seconds


@inner
def _with_leg(  # noqa: PLR0913, PLR0917  # kernel: the fields of a row one by one
    legs: LegRows, kind: int, from_stop: int, to_stop: int, route: int, start_s: int, end_s: int, aboard: int
) -> LegRows:
    """The legs with one more, unless it is a walk or wait of 0 s."""
    if start_s == end_s and kind != RIDE:
        return legs
    rows, n = legs.rows, legs.n
    if n == len(rows):
        rows = np.concatenate((rows, np.empty_like(rows)))
    rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3] = kind, from_stop, to_stop, route
    rows[n, 4], rows[n, 5], rows[n, 6] = start_s, end_s, aboard
    return LegRows(rows, n + 1)
