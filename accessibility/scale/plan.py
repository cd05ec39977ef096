"""Divides a question into blocks of destinations, scenario by scenario and day by day, and writes what they share to a folder.

Enters: joined networks (one for each scenario and day), points, a `SearchSpec`. Leaves: a `BlockPlan` and, in its folder,
`_plan.json` and the arrays, from which any process on any machine that sees the folder can answer any block.
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
    first: int  # destination, counted in the question's order
    last: int  # destination after the last
    file: str  # of the shard, relative to the folder; named by a digest of all that the answer depends on


@dataclass(frozen=True)
class BlockPlan:
    """A question divided into blocks. What is shared is mapped from the folder when it is first asked for."""

    folder: Path
    identity: str  # a digest of the question
    blocks: tuple[Block, ...]
    references: tuple[Reference, ...]  # of the question, then of each scenario and day with its least legs

    @cached_property
    def question(self) -> BlockQuestion:
        """Ids, specification and unit."""
        return BlockQuestion(*ArrayStore(self.folder / ARRAYS).get(self.references[0]))

    @property
    def n_departures(self) -> int:
        """The number of departures of each pair: those of the window, times the draws of headways."""
        days = [day["items"][0]["fields"]["networks"]["items"] for day in self.references[1:]]
        return max(map(len, days), default=1) * self.question.spec.n_departures

    def destinations(self, block: Block) -> Int64:
        """(n,) numbers of a block's destinations."""
        return _rows(self.question, block.first, block.last)

    def joined(self, block: Block) -> JoinedNetwork:
        """The joined network of a block's scenario and day, with the walks to the block's destinations only."""
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
        return _mapped(self.folder / ARRAYS, json.dumps(self.references[1 + block.scenario_day]))


def plan_blocks(folder: Path, question: BlockQuestion, days: Iterable[ScenarioDay]) -> BlockPlan:
    """Write the plan and the shared arrays; they are taken one by one, so that one is in memory at a time.

    Raises `ScaleError` where the folder has Parquet files that are no shards of this question, and for a scenario or a
    unit that can't be used.
    """
    store = ArrayStore(folder / ARRAYS)
    references, blocks = [store.put(tuple(question))], list[Block]()
    for number, day in enumerate(days):
        _check_scenario(day.scenario)
        networks = day.joined.networks
        references.append(store.put((day.joined, least_legs(networks[0]) if len(networks) == 1 else None)))
        blocks += _blocks(number, day, references, question)
    identity = hashlib.sha256(json.dumps([_FORMAT, references, blocks]).encode()).hexdigest()
    try:
        _require_no_strangers(folder, blocks)
    except ScaleError:
        store.undo()
        raise
    content = {"identity": identity, "references": references, "blocks": blocks}
    write_whole(folder / _PLAN, (json.dumps(content) + "\n").encode())
    return BlockPlan(folder, identity, tuple(blocks), tuple(references))


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
    return BlockPlan(
        folder, identity, tuple(Block(*block) for block in content["blocks"]), tuple(content["references"])
    )


@lru_cache(maxsize=4)
def _mapped(arrays: Path, reference: str) -> tuple[JoinedNetwork, LegTable | None]:
    return cast(tuple[JoinedNetwork, LegTable | None], ArrayStore(arrays).get(json.loads(reference)))


def _rows(question: BlockQuestion, first: int, last: int) -> Int64:
    return np.arange(first, last) if question.order is None else question.order[first:last]


def _blocks(number: int, day: ScenarioDay, references: list[Reference], question: BlockQuestion) -> Iterator[Block]:
    n = len(question.destination_ids)
    fields = references[-1]["items"][0]["fields"]
    shared = {name: part for name, part in fields.items() if name not in {"egress", "direct"}}
    spec_and_origins = [references[0]["items"][place] for place in (0, 2, 3)]
    common = hashlib.sha256(json.dumps([_FORMAT, shared, spec_and_origins]).encode())
    folder = f"scenario={day.scenario}/day={day.date.isoformat()}"
    for first in range(0, n, BLOCK):
        last = min(first + BLOCK, n)
        digest, some = common.copy(), _rows(question, first, last)
        digest.update("\0".join(map(str, question.destination_ids[some])).encode())
        for legs in (day.joined.egress, day.joined.direct):
            for array in legs.of_sources(some):
                digest.update(b"\0\0" + array.tobytes())
        yield Block(number, first, last, f"{folder}/to-{first:06d}-{digest.hexdigest()[:16]}.parquet")


def _check_scenario(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", name):
        raise ScaleError(f"scenario {name!r} can't name a folder; use letters, digits, _, - and .")


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
