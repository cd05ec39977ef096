"""Reconstructs the journeys behind travel times (walks, waits and rides) from the labels of a search.

The search stores no parent pointers. They are not needed: the label of a connection is the arrival time, and the next
step of the journey (alighting, staying in or a transfer) is the one that leads to the same label.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from accessibility.kernels import journey_paths, journey_profiles
from accessibility.kernels.simd import LANES, NEVER
from accessibility.legs import Int32, Int64
from accessibility.search.passes import BackwardPasses, lanes_of

Kind = Literal["walk", "wait", "ride"]
NOWHERE = -1  # the stop at the origin's or destination's end of a walk; the route of a walk or wait


class Leg(NamedTuple):
    """A walk, wait or ride of a journey."""

    kind: Kind
    from_stop: int  # stop numbers, NOWHERE at the origin and the destination
    to_stop: int
    route: int  # route number of a ride
    start_s: int  # seconds after midnight
    end_s: int
    aboard: bool = False  # a ride in the vehicle of the ride before, which has become another trip; its wait included

    @property
    def seconds(self) -> int:
        """The duration of the leg in seconds."""
        return self.end_s - self.start_s


Itinerary = tuple[Leg, ...]  # in order of travel, without gaps; empty if there is no journey


def itineraries(passes: BackwardPasses, queries: Sequence[tuple[int, int, int]]) -> list[Itinerary]:
    """The best journey of each query (origin, destination, departure in seconds after midnight), as legs.

    Of journeys with the same arrival time, a direct walk is preferred, then the fewest rides, then the ride for which people
    can leave latest. The durations of the legs add up to the travel time exactly; there are no
    legs if the destination is not reached within the search's longest duration. Departures must lie in the window of
    `passes`.
    """
    n_stops = len(passes.network.calls.offset) - 1
    journeys: list[Itinerary] = [()] * len(queries)
    for number, reached in enumerate(passes.blocks()):
        block = _Block(passes, number, lanes_of(passes.joined.egress, reached.column, n_stops), reached.walk_s)
        for i, (origin, destination, departure_s) in enumerate(queries):
            if destination // LANES == number:
                journeys[i] = block.itinerary(origin, destination % LANES, departure_s)
    return journeys


@dataclass(frozen=True)
class _Block:
    """The journeys to one block of destinations."""

    passes: BackwardPasses
    number: int
    egress_s: Int32  # (n_stops, LANES)
    direct_s: Int32  # (n_points, LANES)

    @cached_property
    def tables(self) -> Int32:
        """(n_tables, n_connections + 1, LANES) labels; with a limit on rides one table for at most 1, 2, ... rides."""
        tables = self.passes.labels[self.number]
        return tables[0][None] if len(tables) == 1 else np.stack(tables)

    @cached_property
    def before(self) -> Int64:
        """Where the kernel notes its steps."""
        return np.full(self.tables.shape[0] * self.tables.shape[1], journey_paths.UNSEEN, np.int64)

    def itinerary(self, origin: int, lane: int, departure_s: int) -> Itinerary:
        spec, boardings = self.passes.spec, self.passes.network.boardings
        latest_s = departure_s + spec.max_duration_s
        leave_s, connections = journey_profiles.reachable_boardings(
            origin, departure_s, latest_s, spec.board_slack_s, boardings, self.passes.candidates
        )
        arrivals = self.tables[-1][connections, lane]
        best_s = int(arrivals.min()) if len(arrivals) else int(NEVER)
        walk_s = int(self.direct_s[origin, lane])
        if min(best_s, departure_s + walk_s) > latest_s:
            return ()
        if departure_s + walk_s <= best_s:
            return _timed([Leg("walk", NOWHERE, NOWHERE, NOWHERE, departure_s, departure_s + walk_s)])
        latest_first = np.flatnonzero(arrivals == best_s)[::-1]
        path = self._path(connections[latest_first], lane, best_s)
        boarded = latest_first[np.flatnonzero(connections[latest_first] == path[0])[0]]
        access_s = departure_s + int(self._departs_s(connections[boarded])) - spec.board_slack_s - int(leave_s[boarded])
        rides = list(_rides(path, self.passes.network.connections.following))
        return _timed(self._legs(self._in_trips_stayed_in(rides), departure_s, access_s, best_s))

    def _departs_s(self, connection: int) -> int:
        return int(self.passes.network.connections.departure_s[connection])

    def _path(self, boardings: Int32, lane: int, arrival_s: int) -> list[int]:
        """Connections of fewest rides from one of the `boardings`, which have the label `arrival_s`, to the destination."""
        network = self.passes.network
        path = journey_paths.path_of_fewest_rides(
            boardings,
            lane,
            arrival_s,
            self.tables,
            self.passes.spec.max_rides is not None,
            network.connections,
            network.transfers,
            network.stays,
            self.egress_s,
            self.before,
        )
        if not len(path):
            raise AssertionError("a label without a journey behind it")
        connections: list[int] = path.tolist()
        return connections

    def _in_trips_stayed_in(self, rides: list[list[int]]) -> list[tuple[list[int], bool]]:
        """The rides, and whether people stayed aboard from the ride before; in the trip that becomes the next one, which may
        be a later one of the same pattern than the search followed."""
        stays, known = self.passes.network.stays, self.passes.network.connections
        found = [(ride, bool(known.stayed[ride[0]])) for ride in rides]
        for number, (ride, (into, aboard)) in enumerate(zip(rides, found[1:], strict=False)):
            if not aboard:
                continue
            rows = np.flatnonzero((stays.row == ride[-1]) & (stays.connection == into[0]))
            if stays.source[rows[0]] != ride[-1]:
                found[number] = (self._same_ride(ride, int(known.trip[stays.source[rows[0]]])), found[number][1])
        return found

    def _same_ride(self, ride: list[int], trip: int) -> list[int]:
        """A ride between the same stops in another trip of the same pattern."""
        connections, boardings = self.passes.network.connections, self.passes.network.boardings
        position = connections.position[ride[0]]
        boarded = boardings.connection[boardings.offset[position] : boardings.offset[position + 1]]
        same = [int(boarded[np.searchsorted(connections.trip[boarded], trip)])]
        while len(same) < len(ride):
            same.append(int(connections.following[same[-1]]))
        return same

    def _legs(
        self, rides: list[tuple[list[int], bool]], departure_s: int, access_s: int, arrival_s: int
    ) -> Iterator[Leg]:
        """The legs of a journey, including those of 0 s; the first stop is reached at `access_s`."""
        connections, timetable = self.passes.network.connections, self.passes.network.timetable
        position_stop, pattern_of = timetable.position_stop, self.passes.network.calls.pattern
        at_stop, now_s = NOWHERE, departure_s
        for ride, aboard in rides:
            first, last = ride[0], ride[-1]
            position = connections.position[first]
            stop, alight = int(position_stop[position]), int(position_stop[connections.position[last] + 1])
            departs_s = now_s if aboard else self._departs_s(first)
            if not aboard:
                reached_s = access_s if at_stop == NOWHERE else now_s + self._transfer_s(at_stop, stop)
                yield Leg("walk", at_stop, stop, NOWHERE, now_s, reached_s)
                yield Leg("wait", stop, stop, NOWHERE, reached_s, departs_s)
            now_s, route = int(connections.arrival_s[last]), int(timetable.pattern_route[pattern_of[position]])
            yield Leg("ride", stop, alight, route, departs_s, now_s, aboard)
            at_stop = alight
        yield Leg("walk", at_stop, NOWHERE, NOWHERE, now_s, arrival_s)

    def _transfer_s(self, stop: int, other: int) -> int:
        legs = self.passes.network.transfer_legs
        row = slice(legs.offset[stop], legs.offset[stop + 1])
        return int(legs.seconds[row][np.searchsorted(legs.target[row], other)])


def _rides(path: list[int], following: Int32) -> Iterator[list[int]]:
    """The connections of each ride of a path: a ride goes on while the next connection is of the same trip."""
    ride = [path[0]]
    for before, connection in pairwise(path):
        if following[before] == connection:
            ride.append(connection)
        else:
            yield ride
            ride = [connection]
    yield ride


def _timed(legs: Sequence[Leg] | Iterator[Leg]) -> Itinerary:
    return tuple(leg for leg in legs if leg.seconds or leg.kind == "ride")
