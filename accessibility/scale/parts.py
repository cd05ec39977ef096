"""Plans blocks over a network that is prepared part by part, for when preparing all of it at once takes too much memory.

Enters: a day's timetable and all walks, not prepared. Leaves: a `BlockPlan` whose blocks are answered by one network for each
part of the destinations. A part holds the trips, stops and walks that a journey to its destinations could use; parts overlap.

Why no answer differs: let d(s) be the least time from stop s to the part's destinations if every vehicle left at once, by the
shortest ride of each hop that any trip of the span gives, by walks between stops, and staying aboard. It can't exceed what
any journey takes from s. So who rides to s, with less than d(s) left on arrival, comes too late, and who walks to where d is
beyond the longest duration does too: journeys in time use nothing that is left out. The part is a subset of the whole, so it
has no journeys of its own either. Both have the same journeys in time, and so the same durations, shares and bytes.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from accessibility.compressed_rows import offsets_of
from accessibility.kernels.arrays import Bool
from accessibility.legs import Int32, Int64, LegTable, Points
from accessibility.scale.locality import least_seconds
from accessibility.scale.plan import UNPREPARED, Block, BlockPlan, BlockQuestion, PlanWriting
from accessibility.scale.rides import least_legs_of, trips_needed, trips_within
from accessibility.scale.shards import record_of
from accessibility.search.door_to_door import prepare_with_walks, walks_between_rides
from accessibility.search.joining import JoinedNetwork, walks_of_points
from accessibility.search.preparation import boarding_candidates
from accessibility.search.spec import SearchSpec
from accessibility.search.usable_service import usable_timetable
from accessibility.streets.read import StreetNetwork
from accessibility.timetable.regrouping import part_of
from accessibility.timetable.timetable import Timetable

Told = Callable[[int, int], None]  # parts prepared, of how many


class WalkedNetwork(NamedTuple):
    """A timetable that is not prepared for a search, with all walks of a question."""

    timetable: Timetable
    transfers: LegTable  # stop -> stop
    access: LegTable  # origin -> stops
    egress: LegTable  # destination -> stops
    direct: LegTable  # destination -> origins


class UnpreparedDay(NamedTuple):
    """One scenario on one day, as `ScenarioDay`, to be prepared in parts."""

    scenario: str  # names a folder: letters, digits, "_", "-" and "."
    date: dt.date
    network: WalkedNetwork


def walked_network(
    timetable: Timetable, streets: StreetNetwork | None, origins: Points, destinations: Points, spec: SearchSpec
) -> WalkedNetwork:
    """The walks of `spec` between stops and to the points, with the timetable of the service that people can use."""
    transfers = walks_between_rides(timetable, streets, spec)
    walks = walks_of_points(timetable, streets, origins, destinations, spec)
    return WalkedNetwork(usable_timetable(timetable, spec.modes, spec.wheelchair), transfers, *walks)


def plan_parts(
    folder: Path,
    question: BlockQuestion,
    days: Iterable[UnpreparedDay],
    n_parts: int,
    told: Told = lambda _done, _of: None,
) -> BlockPlan:
    """As `plan_blocks`, with each day's network prepared in `n_parts`, one in memory at a time; fewer where blocks are fewer.

    The shards have the names and bytes of `plan_blocks` (other names only where headways are drawn). A part whose blocks are
    all answered is not prepared. Raises `ScaleError` as `plan_blocks` does.
    """
    writing, spec = PlanWriting(folder, question), question.spec
    for day in days:
        writing.check_scenario(day.scenario)
        network = day.network
        depends = [writing.store.put(one) for one in (network.timetable, network.transfers, network.access)]
        blocks = list(writing.blocks_of((day.scenario, day.date), (network.egress, network.direct), depends))
        cutting, parts = Cutting(network, spec), _divided(blocks, n_parts)
        n_draws = max(1, spec.frequency_draws) if len(network.timetable.headway_runs.trip) else 1
        for number, some in enumerate(parts):
            if all(record_of(folder, block) for block in some):
                writing.add(some, UNPREPARED, n_draws)
                continue
            rows = np.concatenate([writing.destinations(block) for block in some])
            writing.add(some, writing.put_network(cutting.part(rows)), n_draws)
            told(number + 1, len(parts))
        writing.end_day()
    return writing.finish()


class Cutting:
    """What parts are cut from: the trips within the span, and the least times from stop to stop."""

    def __init__(self, network: WalkedNetwork, spec: SearchSpec) -> None:
        self._spec = spec
        every = np.ones(len(network.timetable.stops), bool)
        self._network = _cut(network, trips_within(network.timetable, spec), every)
        self._legs = least_legs_of(self._network.timetable, self._network.transfers, spec)

    def part(self, destinations: Int64) -> JoinedNetwork:
        """The network of some destinations, prepared; the walks to and from all other destinations are left out."""
        network, longest_s = self._network, self._spec.max_duration_s
        chosen = np.zeros(len(network.egress.offset) - 1, bool)
        chosen[destinations] = True
        egress, direct = (_only(legs, chosen[legs.sources()]) for legs in (network.egress, network.direct))
        least_s = least_seconds(self._legs, egress, longest_s)
        in_time = network.access.seconds + least_s[network.access.target] <= longest_s
        own = network._replace(egress=egress, direct=direct, access=_only(network.access, in_time))
        return _prepared(
            _cut(own, trips_needed(network.timetable, least_s, self._spec), np.isfinite(least_s)), self._spec
        )


def _prepared(part: WalkedNetwork, spec: SearchSpec) -> JoinedNetwork:
    """The part, prepared and joined; unlike `join` this keeps nothing in a cache."""
    networks = prepare_with_walks(part.timetable, part.transfers, spec)
    candidates = [boarding_candidates(one.calls, one.boardings, part.access) for one in networks]
    return JoinedNetwork(networks, candidates, part.access, part.egress, part.direct)


def _cut(network: WalkedNetwork, trips: Int64, useful: Bool) -> WalkedNetwork:
    """The network of the `trips` alone; nobody boards, alights or walks at stops that are not `useful` (n_stops,)."""
    timetable, stops = part_of(network.timetable, trips)
    kept = useful[stops]
    number = np.full(len(useful), -1, np.int32)
    number[stops[kept]] = np.flatnonzero(kept)
    open_here = kept[timetable.position_stop]
    transfers = network.transfers.of_sources(stops)
    return WalkedNetwork(
        replace(
            timetable,
            position_can_board=timetable.position_can_board & open_here,
            position_can_alight=timetable.position_can_alight & open_here,
        ),
        _renumbered(_only(transfers, kept[transfers.sources()]), number),
        _renumbered(network.access, number),
        _renumbered(network.egress, number),
        network.direct,
    )


def _only(legs: LegTable, chosen: npt.NDArray[np.bool_]) -> LegTable:
    counts = np.bincount(legs.sources()[chosen], minlength=len(legs.offset) - 1)
    return LegTable(offsets_of(counts), legs.target[chosen], legs.seconds[chosen])


def _renumbered(legs: LegTable, number: Int32) -> LegTable:
    """The legs to the stops that have a new `number` (-1: none), which keeps their order."""
    kept = _only(legs, number[legs.target] >= 0)
    return kept._replace(target=number[kept.target])


def _divided(blocks: Sequence[Block], n_parts: int) -> list[list[Block]]:
    """The blocks in order, in at most `n_parts` parts of nearly the same number."""
    bounds = np.linspace(0, len(blocks), max(1, min(n_parts, len(blocks))) + 1).round().astype(int)
    return [list(blocks[first:last]) for first, last in pairwise(bounds)]
