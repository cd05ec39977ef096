"""The journeys behind travel times: walks, waits and rides leg by leg, by a second pass over the labels of a search.

The search keeps no parent pointers. None are needed: sitting in a connection whose label is the arrival, the next step is
whichever of getting out, staying in or changing has that same label.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from accessibility.kernels import journey_profiles
from accessibility.kernels.simd import LANES, NEVER
from accessibility.legs import Int32
from accessibility.search.passes import Backward, lanes_of

Kind = Literal["walk", "wait", "ride"]
Step = tuple[int, int]  # connection, number of the label table that holds its label
NOWHERE = -1  # the stop at the origin's or the destination's end of a walk; the route of a leg that is no ride


class Leg(NamedTuple):
    """A part of a journey that takes time."""

    kind: Kind
    from_stop: int  # stop numbers, NOWHERE at the origin and the destination
    to_stop: int
    route: int  # route number of a ride
    start_s: int  # seconds after midnight
    end_s: int

    @property
    def seconds(self) -> int:
        """How long it takes."""
        return self.end_s - self.start_s


Itinerary = tuple[Leg, ...]  # in order of travel, without gaps; empty where there is no journey


def itineraries(passes: Backward, asked: Sequence[tuple[int, int, int]]) -> list[Itinerary]:
    """The best journey of each (origin, destination, departure in seconds after midnight), as legs.

    Of journeys that arrive equally soon, a walk all the way is taken first, then the ride that can be left for latest, then
    staying in a vehicle before changing. The legs add up to the travel time exactly; there are none where the destination
    is not reached within the search's longest duration. Departures must lie in the window of `passes`.
    """
    n_stops = len(passes.network.calls.offset) - 1
    found: list[Itinerary] = [()] * len(asked)
    for number, reached in enumerate(passes.blocks()):
        block = _Block(passes, number, lanes_of(passes.joined.egress, reached.column, n_stops), reached.walk_s)
        for i, (origin, destination, departure_s) in enumerate(asked):
            if destination // LANES == number:
                found[i] = block.itinerary(origin, destination % LANES, departure_s)
    return found


@dataclass(frozen=True)
class _Block:
    """The journeys to one block of destinations."""

    passes: Backward
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
        boarded = int(np.flatnonzero(arrivals == best_s)[-1])
        access_s = departure_s + int(self._departs_s(connections[boarded])) - spec.board_slack_s - int(leave_s[boarded])
        path = self._path((int(connections[boarded]), len(self.tables) - 1), lane, best_s)
        return _timed(self._legs(path, departure_s, access_s, best_s))

    def _departs_s(self, connection: int) -> int:
        return int(self.passes.network.connections.departure_s[connection])

    def _path(self, first: Step, lane: int, arrival_s: int) -> list[Step]:
        """Connections from `first` to one that can be left for the destination, all with the label `arrival_s`.

        Hops that take no time may lead round in circles of one label; steps already taken are not taken again.
        """
        path, ahead, seen = [first], [self._onward(first, lane, arrival_s)], {first}
        while path:
            step = next(ahead[-1], None)
            if step is None:
                path.pop()
                ahead.pop()
            elif step == path[-1]:
                return path
            elif step not in seen:
                seen.add(step)
                path.append(step)
                ahead.append(self._onward(step, lane, arrival_s))
        raise AssertionError("a label without a journey behind it")

    def _onward(self, step: Step, lane: int, arrival_s: int) -> Iterator[Step]:
        """What to do next in order of preference: the step itself for walking to the destination, staying in, changing."""
        connection, rides = step
        connections, transfers = self.passes.network.connections, self.passes.network.transfers
        stop = connections.alight_stop[connection]
        if stop >= 0 and connections.arrival_s[connection] + self.egress_s[stop, lane] == arrival_s:
            yield step
        following = int(connections.following[connection])
        if self.tables[rides][following, lane] == arrival_s:
            yield following, rides
        fewer = rides if self.passes.spec.max_rides is None else rides - 1
        if stop < 0 or fewer < 0:
            return
        for change in transfers.connection[transfers.offset[connection] : transfers.offset[connection + 1]]:
            if self.tables[fewer][change, lane] == arrival_s:
                yield int(change), fewer

    def _legs(self, path: list[Step], departure_s: int, access_s: int, arrival_s: int) -> Iterator[Leg]:
        """The legs of a path, those that take no time among them; `access_s` is when the first stop is reached."""
        connections, timetable = self.passes.network.connections, self.passes.network.timetable
        position_stop, pattern_of = timetable.position_stop, self.passes.network.calls.pattern
        at_stop, now_s = NOWHERE, departure_s
        for ride in _rides(path, connections.following):
            first, last = ride[0], ride[-1]
            position = connections.position[first]
            stop = int(position_stop[position])
            reached_s = access_s if at_stop == NOWHERE else now_s + self._change_s(at_stop, stop)
            yield Leg("walk", at_stop, stop, NOWHERE, now_s, reached_s)
            departs_s, alight = self._departs_s(first), int(connections.alight_stop[last])
            yield Leg("wait", stop, stop, NOWHERE, reached_s, departs_s)
            now_s = int(connections.arrival_s[last])
            yield Leg("ride", stop, alight, int(timetable.pattern_route[pattern_of[position]]), departs_s, now_s)
            at_stop = alight
        yield Leg("walk", at_stop, NOWHERE, NOWHERE, now_s, arrival_s)

    def _change_s(self, stop: int, other: int) -> int:
        legs = self.passes.network.changes
        row = slice(legs.offset[stop], legs.offset[stop + 1])
        return int(legs.seconds[row][np.searchsorted(legs.target[row], other)])


def _rides(path: list[Step], following: Int32) -> Iterator[list[int]]:
    """The path cut into rides: a connection belongs to the ride before it when it is that trip's next."""
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
