"""Reconstructs the journeys behind travel times (walks, waits and rides) from the labels of a search.

The search stores no parent pointers. They are not needed: the label of a connection is the arrival time, and the next
step of the journey (alighting, staying in or a transfer) is the one that leads to the same label.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from accessibility.kernels import journey_profiles
from accessibility.kernels.simd import LANES, NEVER
from accessibility.legs import Int32
from accessibility.search.passes import BackwardPasses, lanes_of

Kind = Literal["walk", "wait", "ride"]
Step = tuple[int, int]  # connection, number of the label table that holds its label
NOWHERE = -1  # the stop at the origin's or destination's end of a walk; the route of a walk or wait


class Leg(NamedTuple):
    """A walk, wait or ride of a journey."""

    kind: Kind
    from_stop: int  # stop numbers, NOWHERE at the origin and the destination
    to_stop: int
    route: int  # route number of a ride
    start_s: int  # seconds after midnight
    end_s: int

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

    @property
    def tables(self) -> tuple[Int32, ...]:
        return self.passes.labels[self.number]

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
        path = self._path([(int(c), len(self.tables) - 1) for c in connections[latest_first]], lane, best_s)
        boarded = latest_first[list(connections[latest_first]).index(path[0][0])]
        access_s = departure_s + int(self._departs_s(connections[boarded])) - spec.board_slack_s - int(leave_s[boarded])
        return _timed(self._legs(path, departure_s, access_s, best_s))

    def _departs_s(self, connection: int) -> int:
        return int(self.passes.network.connections.departure_s[connection])

    def _path(self, boardings: Sequence[Step], lane: int, arrival_s: int) -> list[Step]:
        """Steps of fewest rides from one of the `boardings` to a connection from which people walk to the destination.

        All have the label `arrival_s`. Of equally many rides, those from the boarding that stands first. Rides are tried
        one more at a time (breadth first), so that no step is taken twice, though connections of 0 s can form a cycle.
        """
        before: dict[Step, Step | None] = {}
        boarded: list[tuple[Step, Step | None]] = [(step, None) for step in boardings]
        while boarded:
            transfers: list[tuple[Step, Step | None]] = []
            for first, changed_from in boarded:
                step, earlier = first, changed_from
                while step not in before:
                    before[step] = earlier
                    if self._arrives(step, lane, arrival_s):
                        return _steps_to(step, before)
                    transfers += [(one, step) for one in self._transfers(step, lane, arrival_s)]
                    following = int(self.passes.network.connections.following[step[0]])
                    if self.tables[step[1]][following, lane] != arrival_s:
                        break
                    step, earlier = (following, step[1]), step
            boarded = transfers
        raise AssertionError("a label without a journey behind it")

    def _arrives(self, step: Step, lane: int, arrival_s: int) -> bool:
        """Whether people who get out here and walk are at the destination at `arrival_s`."""
        connections = self.passes.network.connections
        stop = connections.alight_stop[step[0]]
        return bool(stop >= 0 and connections.arrival_s[step[0]] + self.egress_s[stop, lane] == arrival_s)

    def _transfers(self, step: Step, lane: int, arrival_s: int) -> Iterator[Step]:
        """Connections that people can change to here and still arrive at `arrival_s`."""
        connection, rides = step
        fewer = rides if self.passes.spec.max_rides is None else rides - 1
        if self.passes.network.connections.alight_stop[connection] < 0 or fewer < 0:
            return
        transfers = self.passes.network.transfers
        for boarded in transfers.connection[transfers.offset[connection] : transfers.offset[connection + 1]]:
            if self.tables[fewer][boarded, lane] == arrival_s:
                yield int(boarded), fewer

    def _legs(self, path: list[Step], departure_s: int, access_s: int, arrival_s: int) -> Iterator[Leg]:
        """The legs of a path, including those of 0 s; the first stop is reached at `access_s`."""
        connections, timetable = self.passes.network.connections, self.passes.network.timetable
        position_stop, pattern_of = timetable.position_stop, self.passes.network.calls.pattern
        at_stop, now_s = NOWHERE, departure_s
        for ride in _rides(path, connections.following):
            first, last = ride[0], ride[-1]
            position = connections.position[first]
            stop = int(position_stop[position])
            reached_s = access_s if at_stop == NOWHERE else now_s + self._transfer_s(at_stop, stop)
            yield Leg("walk", at_stop, stop, NOWHERE, now_s, reached_s)
            departs_s, alight = self._departs_s(first), int(connections.alight_stop[last])
            yield Leg("wait", stop, stop, NOWHERE, reached_s, departs_s)
            now_s = int(connections.arrival_s[last])
            yield Leg("ride", stop, alight, int(timetable.pattern_route[pattern_of[position]]), departs_s, now_s)
            at_stop = alight
        yield Leg("walk", at_stop, NOWHERE, NOWHERE, now_s, arrival_s)

    def _transfer_s(self, stop: int, other: int) -> int:
        legs = self.passes.network.transfer_legs
        row = slice(legs.offset[stop], legs.offset[stop + 1])
        return int(legs.seconds[row][np.searchsorted(legs.target[row], other)])


def _steps_to(last: Step, before: Mapping[Step, Step | None]) -> list[Step]:
    steps, step = [], before[last]
    while step is not None:
        steps.append(step)
        step = before[step]
    return [*reversed(steps), last]


def _rides(path: list[Step], following: Int32) -> Iterator[list[int]]:
    """The connections of each ride of a path: a ride goes on while the next connection is of the same trip."""
    ride = [path[0][0]]
    for (before, _), (connection, _) in pairwise(path):
        if following[before] == connection:
            ride.append(connection)
        else:
            yield ride
            ride = [connection]
    yield ride


def _timed(legs: Sequence[Leg] | Iterator[Leg]) -> Itinerary:
    return tuple(leg for leg in legs if leg.seconds or leg.kind == "ride")
