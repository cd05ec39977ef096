"""The travel times of a matrix block by block: to a folder of shards, or put together to one table."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from accessibility import (
    BlockPlan,
    BlockQuestion,
    BlockRecord,
    EngineName,
    Points,
    ScenarioDay,
    SearchSpec,
    StreetNetwork,
    Timetable,
    TravelTimes,
    UnpreparedDay,
    answer_blocks,
    assembled_times,
    engine_named,
    join_points,
    plan_blocks,
    plan_parts,
    prepare_search,
    spatial_order,
    travel_times,
    walked_network,
)
from corridors.config.limits import MOST_PARTS
from corridors.errors import ConfigError, OutputError

SCENARIO = "base"
MOST_PAIRS = 200_000_000  # of one table in memory, where each takes some 20 bytes
_PLAN = "_plan.json"


@dataclass(frozen=True)
class Answering:
    """Who answers, in how many parts the network is prepared, and who is told how far they are."""

    engine: EngineName = "local"
    address: str | None = None
    parts: int = 1
    counted: Callable[[int, int], None] = lambda _done, _of: None
    tell: Callable[[str], None] = lambda _line: None

    def check(self) -> None:
        """Raise `ConfigError` for an unknown engine, an address without Dask, and no parts; `ScaleError` where Dask lacks."""
        if self.engine not in {"local", "dask"}:
            raise ConfigError(f"--engine {self.engine!r} can't be used; give local or dask")
        if self.address and self.engine != "dask":
            raise ConfigError("--address is that of a Dask scheduler: give --engine dask too")
        if not 1 <= self.parts <= MOST_PARTS:
            raise ConfigError(f"--parts {self.parts} can't be used; give a number from 1 to {MOST_PARTS:,}")
        engine_named(self.engine, self.address, self.tell)

    @property
    def at_once(self) -> bool:
        """Whether all pairs are searched in the memory of this process."""
        return self.engine == "local" and self.parts == 1


@dataclass(frozen=True)
class Asked:
    """The network, the points and the parameters of a matrix."""

    timetable: Timetable
    streets: StreetNetwork | None
    origins: Points
    destinations: Points
    spec: SearchSpec

    @property
    def n_pairs(self) -> int:
        """The number of pairs of points."""
        return len(self.origins.ids) * len(self.destinations.ids)


def is_dataset(out: Path) -> bool:
    """Whether `--out` names a folder: it has no suffix."""
    return not out.suffix


def require_dataset_room(out: Path) -> None:
    """Raise `OutputError` where `out` is a file, or a folder with anything but shards of a matrix."""
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; name a folder for the shards, or a table that ends in .parquet or .csv")
    if out.is_dir() and any(out.iterdir()) and not (out / _PLAN).is_file() and not (out / "_arrays").is_dir():
        raise OutputError(f"{out} is there already and holds no shards of a matrix; choose another --out")


def write_dataset(asked: Asked, out: Path, answering: Answering) -> int:
    """Write the matrix to the folder `out` as one shard for each block, in whole minutes; returns the pairs reached.

    What is answered already, from an earlier command that ended, stays. Raises `ScaleError` where that was another question.
    """
    _, records = _answered(asked, out, answering, "min")
    return sum(record.rows for record in records)


def times_of(asked: Asked, out: Path, answering: Answering) -> TravelTimes:
    """The times of all pairs in memory, for the table `out`.

    With Dask or in parts they come by way of shards in a folder beside the table, from which a command that ended goes on.
    """
    if answering.at_once:
        return travel_times(asked.timetable, asked.streets, asked.origins, asked.destinations, asked.spec)
    if asked.n_pairs > MOST_PAIRS:
        raise ConfigError(
            f"{asked.n_pairs:,} pairs are too many for one table ({MOST_PAIRS:,}): give --out a folder, without a suffix"
        )
    require_dataset_room(_beside(out))
    plan, _ = _answered(asked, _beside(out), answering, "s")
    return assembled_times(plan)


def remove_shards_beside(out: Path) -> None:
    """Remove the folder of shards beside a table that is written."""
    if (_beside(out) / _PLAN).is_file():
        shutil.rmtree(_beside(out))


def _beside(out: Path) -> Path:
    return out.with_name(f"{out.name}.shards")


def _answered(
    asked: Asked, folder: Path, answering: Answering, unit: Literal["min", "s"]
) -> tuple[BlockPlan, tuple[BlockRecord, ...]]:
    engine = engine_named(answering.engine, answering.address, answering.tell)
    plan = _plan_of(asked, folder, answering, unit)
    return plan, answer_blocks(plan, engine, answering.counted)


def _plan_of(asked: Asked, folder: Path, answering: Answering, unit: Literal["min", "s"]) -> BlockPlan:
    """The plan in its folder, from where the arrays are mapped: none is held any more."""
    points = asked.origins, asked.destinations
    question = BlockQuestion(points[0].ids, points[1].ids, asked.spec, unit, spatial_order(points[1]))
    if answering.parts > 1:
        network = walked_network(asked.timetable, asked.streets, *points, asked.spec)
        days = [UnpreparedDay(SCENARIO, asked.timetable.date, network)]
        return plan_parts(folder, question, days, answering.parts, answering.counted)
    networks = prepare_search(asked.timetable, asked.streets, asked.spec)
    joined = join_points(networks, asked.streets, *points, asked.spec)
    return plan_blocks(folder, question, [ScenarioDay(SCENARIO, asked.timetable.date, joined)])
