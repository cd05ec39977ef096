"""Divides a question into blocks of destinations, scenario by scenario and day by day, and writes what they share to a folder.

Enters: joined networks (one for each scenario and day, or several from `parts`), points, a `SearchSpec`. Leaves: a
`BlockPlan` and, in its folder, `_plan.json` and the arrays, from which any process on any machine that sees the folder can
answer any block.
"""

import datetime as dt
import hashlib
import json
import re
import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, cast

import numpy as np

from accessibility.errors import ScaleError
from accessibility.kernels.arrays import Bool
from accessibility.kernels.simd import LANES
from accessibility.legs import Int64, LegTable
from accessibility.scale.array_store import ArrayStore, Reference, write_whole
from accessibility.scale.locality import least_legs, needed_connections
from accessibility.search.frames import Ids
from accessibility.search.joining import JoinedNetwork
from accessibility.search.spec import SearchSpec

Unit = Literal["min", "s"]
BLOCK = 4 * LANES  # destinations of a block: what does not depend on them is computed once for four passes
_FORMAT = 1  # of shards: another number makes every shard anew
UNPREPARED: Reference = {"value": None}  # in place of a network whose blocks are all answered
_PLAN, ARRAYS = "_plan.json", "_arrays"  # readers of a dataset leave out names that begin with an underscore


class ScenarioDay(NamedTuple):
    """One scenario on one day, with the walks of the origins and the destinations."""

    scenario: str  # names a folder: letters, digits, "_", "-" and "."
    date: dt.date
    joined: JoinedNetwork


class BlockQuestion(NamedTuple):
    """What is asked of every scenario and day."""

    origin_ids: Ids  # (n_origins,)
    destination_ids: Ids  # (n_destinations,)
    spec: SearchSpec
    unit: Unit = "min"  # of the shards' travel times
    order: Int64 | None = None  # (n_destinations,) in which they are put into blocks; neighbours together cost least


class Block(NamedTuple):
    """Some destinations of one scenario and day, answered by one task and written to one shard."""

    scenario_day: int  # its number
    network: int  # number of the network that answers it
    first: int  # destination, counted in the question's order
    last: int  # destination after the last
    file: str  # of the shard, relative to the folder; named by a digest of all that the answer depends on


@dataclass(frozen=True)
class BlockPlan:
    """A question divided into blocks. What is shared is mapped from the folder when it is first asked for."""

    folder: Path
    identity: str  # a digest of the question
    blocks: tuple[Block, ...]
    references: tuple[Reference, ...]  # of the question, then of each network with its least legs
    n_draws: int = 1  # of headways, whose departures count together

    @cached_property
    def question(self) -> BlockQuestion:
        """Ids, specification and unit."""
        return BlockQuestion(*ArrayStore(self.folder / ARRAYS).get(self.references[0]))

    @property
    def n_departures(self) -> int:
        """The number of departures of each pair: those of the window, times the draws of headways."""
        return self.n_draws * self.question.spec.n_departures

    def destinations(self, block: Block) -> Int64:
        """(n,) numbers of a block's destinations."""
        return _rows(self.question, block.first, block.last)

    def joined(self, block: Block) -> JoinedNetwork:
        """The joined network that answers a block, with the walks to the block's destinations only."""
        whole, _ = self._mapped(block)
        some = self.destinations(block)
        egress, direct = whole.egress.of_sources(some), whole.direct.of_sources(some)
        return JoinedNetwork(whole.networks, whole.candidates, whole.access, egress, direct)

    def running(self, block: Block, joined: JoinedNetwork) -> Bool | None:
        """(n_connections,) the connections that the block can need; None where headways are drawn: all of them."""
        _, legs = self._mapped(block)
        if legs is None:
            return None
        return needed_connections(joined.networks[0], legs, joined.egress, self.question.spec)

    def _mapped(self, block: Block) -> tuple[JoinedNetwork, LegTable | None]:
        return _mapped(self.folder / ARRAYS, json.dumps(self.references[1 + block.network]))


def plan_blocks(folder: Path, question: BlockQuestion, days: Iterable[ScenarioDay]) -> BlockPlan:
    """Write the plan and the shared arrays; they are taken one by one, so that one is in memory at a time.

    Raises `ScaleError` where the folder has Parquet files that are no shards of this question, and for a scenario or a
    unit that can't be used.
    """
    writing = PlanWriting(folder, question)
    for day in days:
        writing.check_scenario(day.scenario)
        reference = writing.put_network(day.joined)
        fields = reference["items"][0]["fields"]
        drawn = [network["fields"] for network in fields["networks"]["items"]]
        depends = [*(one["timetable"] for one in drawn), drawn[0]["transfer_legs"], fields["access"]]
        walks = day.joined.egress, day.joined.direct
        writing.add(writing.blocks_of((day.scenario, day.date), walks, depends), reference, len(drawn))
        writing.end_day()
    return writing.finish()


class PlanWriting:
    """A plan while it is written: networks are added one by one, with the blocks that each answers, day by day."""

    def __init__(self, folder: Path, question: BlockQuestion) -> None:
        self.folder, self.question = folder, question
        self.store = ArrayStore(folder / ARRAYS)
        self._references, self._blocks = [self.store.put(tuple(question))], list[Block]()
        self._n_days, self._n_draws = 0, 1

    @staticmethod
    def check_scenario(name: str) -> None:
        """Raise `ScaleError` for a name that can't name a folder."""
        if not re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", name):
            raise ScaleError(f"scenario {name!r} can't name a folder; use letters, digits, _, - and .")

    def destinations(self, block: Block) -> Int64:
        """(n,) numbers of a block's destinations."""
        return _rows(self.question, block.first, block.last)

    def put_network(self, joined: JoinedNetwork) -> Reference:
        """Write a joined network, with the least legs by which its blocks leave out connections."""
        networks = joined.networks
        return self.store.put((joined, least_legs(networks[0]) if len(networks) == 1 else None))

    def blocks_of(
        self, day: tuple[str, dt.date], walks: tuple[LegTable, LegTable], depends: Sequence[Reference]
    ) -> Iterator[Block]:
        """The blocks of the next scenario and day, with the `walks` to all destinations from stops and from origins.

        `depends` are the timetables, the walks between stops and those from the origins. What is made of them names no shard:
        an answer has the same name however the network is prepared.
        """
        asked = [self._references[0]["items"][place] for place in (0, 2, 3)]  # origins, specification and unit
        common = hashlib.sha256(json.dumps([_FORMAT, list(depends), asked]).encode())
        folder = f"scenario={day[0]}/day={day[1].isoformat()}"
        n = len(self.question.destination_ids)
        for first in range(0, n, BLOCK):
            last = min(first + BLOCK, n)
            digest, some = common.copy(), _rows(self.question, first, last)
            digest.update("\0".join(map(str, self.question.destination_ids[some])).encode())
            for legs in walks:
                for array in legs.of_sources(some):
                    digest.update(b"\0\0" + array.tobytes())
            file = f"{folder}/to-{first:06d}-{digest.hexdigest()[:16]}.parquet"
            yield Block(self._n_days, len(self._references) - 1, first, last, file)

    def add(self, blocks: Iterable[Block], network: Reference, n_draws: int = 1) -> None:
        """Add blocks and the network that answers them, in which each departure counts once for each draw."""
        self._blocks += [block._replace(network=len(self._references) - 1) for block in blocks]
        self._references.append(network)
        self._n_draws = max(self._n_draws, n_draws)

    def end_day(self) -> None:
        """The blocks that are asked for from now on are those of another scenario or day."""
        self._n_days += 1

    def finish(self) -> BlockPlan:
        """The plan, written. Raises `ScaleError` where the folder has other Parquet files than its shards."""
        try:
            _require_no_strangers(self.folder, self._blocks)
        except ScaleError:
            self.store.undo()
            raise
        parts = {"references": self._references, "blocks": self._blocks, "draws": self._n_draws}
        identity = hashlib.sha256(json.dumps([_FORMAT, *parts.values()]).encode()).hexdigest()
        write_whole(self.folder / _PLAN, (json.dumps({"identity": identity, **parts}) + "\n").encode())
        return BlockPlan(self.folder, identity, tuple(self._blocks), tuple(self._references), self._n_draws)


@lru_cache(maxsize=4)
def open_plan(folder: Path, identity: str) -> BlockPlan:
    """The plan in a folder, in a process that did not write it.

    Raises `ScaleError` where the folder can't be seen from this machine or holds another plan.
    """
    try:
        content = json.loads((folder / _PLAN).read_bytes())
    except OSError as error:
        raise ScaleError(
            f"{folder} can't be seen from {socket.gethostname()}: name a folder on a disk that every machine sees"
        ) from error
    if content["identity"] != identity:
        raise ScaleError(f"{folder} holds another question by now; start the command again")
    blocks = tuple(Block(*block) for block in content["blocks"])
    return BlockPlan(folder, identity, blocks, tuple(content["references"]), content["draws"])


@lru_cache(maxsize=4)
def _mapped(arrays: Path, reference: str) -> tuple[JoinedNetwork, LegTable | None]:
    return cast(tuple[JoinedNetwork, LegTable | None], ArrayStore(arrays).get(json.loads(reference)))


def _rows(question: BlockQuestion, first: int, last: int) -> Int64:
    return np.arange(first, last) if question.order is None else question.order[first:last]


def _require_no_strangers(folder: Path, blocks: Sequence[Block]) -> None:
    ours = {folder / block.file for block in blocks}
    strangers = sorted(file for file in folder.rglob("*.parquet") if not _is_hidden(file, folder) and file not in ours)
    if strangers:
        raise ScaleError(
            f"{folder} holds {len(strangers):,} Parquet file(s) that are no answers to this question (points, timetable or "
            f"options differ), first {strangers[0].relative_to(folder)}: name another folder, or remove them"
        )


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(("_", ".")) for part in file.relative_to(folder).parts)
