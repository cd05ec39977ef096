"""Reconstructs the journeys behind travel times (walks, waits and rides) from the labels of a search.

The search stores no parent pointers. They are not needed: the label of a connection is the arrival time, and the next
step of the journey (alighting, staying in or a transfer) is the one that leads to the same label.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from accessibility.kernels.arrays import Block
from accessibility.kernels.journey_legs import RIDE, WAIT, WALK, Labels, Ridden, legs_of_journeys
from accessibility.kernels.journey_paths import UNSEEN
from accessibility.kernels.simd import LANES
from accessibility.legs import Int64
from accessibility.search.passes import BackwardPasses, lanes_of
from accessibility.threads import in_threads

Kind = Literal["walk", "wait", "ride"]
_KINDS: dict[int, Kind] = {WALK: "walk", WAIT: "wait", RIDE: "ride"}
_QUERIES_PER_TASK = 1024


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
    can leave latest, then the shortest walk to it. The durations of the legs add up to the travel time exactly; there are no
    legs if the destination is not reached within the search's longest duration. Departures must lie in the window of
    `passes`.
    """
    asked = np.array(queries, np.int64).reshape(-1, 3)
    journeys: list[Itinerary] = [()] * len(asked)
    of_block, asked[:, 1] = np.divmod(asked[:, 1], LANES)
    for number, block in enumerate(passes.blocks()):
        rows = np.flatnonzero(of_block == number)
        for row, journey in zip(rows, _of_block(passes, number, block, asked[rows]), strict=True):
            journeys[row] = journey
    return journeys


def _of_block(passes: BackwardPasses, number: int, block: Block, queries: Int64) -> list[Itinerary]:
    """The journeys to one block of destinations; `queries` are rows of origin, lane and departure."""
    network, spec, n_stops = passes.network, passes.spec, len(passes.network.calls.offset) - 1
    tables = passes.labels[number]
    stacked = tables[0][None] if len(tables) == 1 else np.stack(tables)
    labels = Labels(
        stacked, spec.max_rides is not None, lanes_of(passes.joined.egress, block.column, n_stops), block.walk_s
    )
    ridden = Ridden(
        network.connections,
        network.transfers,
        network.stays,
        network.boardings,
        passes.candidates,
        network.transfer_legs,
        network.timetable.position_stop,
        network.calls.pattern,
        network.timetable.pattern_route,
    )

    def journeys(bounds: tuple[int, int]) -> list[Itinerary]:
        scratch = np.full(stacked.shape[0] * stacked.shape[1], UNSEEN, np.int64)
        some = queries[slice(*bounds)]
        offset, rows = legs_of_journeys(some, spec.board_slack_s, spec.max_duration_s, ridden, labels, scratch)
        legs = [
            Leg(_KINDS[kind], from_stop, to_stop, route, start_s, end_s, bool(aboard))
            for kind, from_stop, to_stop, route, start_s, end_s, aboard in rows.tolist()
        ]
        return [tuple(legs[first:last]) for first, last in pairwise(offset)]

    return _joined(in_threads(journeys, len(queries), _QUERIES_PER_TASK))


def _joined(parts: Iterable[list[Itinerary]]) -> list[Itinerary]:
    return [journey for part in parts for journey in part]
