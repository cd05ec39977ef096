"""Asks a configuration's question of every zone and every centre, block by block, and adds up what each zone reaches."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from accessibility import (
    BlockPlan,
    BlockQuestion,
    BlockRecord,
    ScenarioDay,
    UnpreparedDay,
    answer_blocks,
    engine_named,
    join_points,
    plan_blocks,
    plan_parts,
    prepare_search,
    shard_pairs,
    spatial_order,
    walked_network,
)
from corridors.access.centre_access import place_points
from corridors.config.run_config import RunConfig
from corridors.config.scale import ScaleSection
from corridors.inputs.read import Context, Network
from corridors.nation.regions import Regions
from corridors.runtime.progress import Progress
from corridors.scenarios.answers import headline_centres, headline_spec

Int = npt.NDArray[np.int64]
Float = npt.NDArray[np.float64]
BASE = "base"
NOWHERE = -1


@dataclass(frozen=True)
class Reach:
    """What the zones reach in one scenario, at the median departure; all (n_zones,)."""

    own_within: Int  # centres of the zone's own region within the cutoff
    within: Int  # centres of any region within the cutoff
    nearest_own_min: Float  # minutes to the nearest centre of the own region, NaN where none is reached
    nearest_min: Float  # minutes to the nearest centre of any region
    nearest: Int  # its number, `NOWHERE` where none is reached; of several as near the first


@dataclass(frozen=True)
class NationAnswer:
    """The answer of every scenario, the base first, and what it cost."""

    reaches: dict[str, Reach]
    records: tuple[BlockRecord, ...]
    shards: Path


def answer_nation(
    config: RunConfig,
    context: Context,
    regions: Regions,
    networks: Iterable[tuple[str, Network]],
    shards: Path,
    progress: Progress,
) -> NationAnswer:
    """Answer the networks (scenario, network), taken one by one, by way of the folder `shards`.

    Raises `ScaleError` where that folder has shards of another question, or the engine can't go on.
    """
    scale = config.scale or ScaleSection()
    engine = engine_named(scale.engine, scale.address, progress.tell)
    origins, centres, spec = place_points(context.points), headline_centres(config, context), headline_spec(config)
    whole = (60 * config.kpi.cutoff_min) % 60 == 0
    question = BlockQuestion(origins.ids, centres.ids, spec, "min" if whole else "s", spatial_order(centres))
    with progress.stage("preparing the networks"):
        if scale.parts > 1:
            days = _unprepared_days(config, context, networks)
            plan = plan_parts(shards, question, days, scale.parts, progress.counted)
        else:
            plan = plan_blocks(shards, question, _days(config, context, networks))
    with progress.stage("travel times to centres"):
        records = answer_blocks(plan, engine, progress.counted)
    names = list(dict.fromkeys(Path(block.file).parts[0].removeprefix("scenario=") for block in plan.blocks))
    with progress.stage("what zones reach"):
        reaches = {name: _reach(plan, number, regions, config.kpi.cutoff_min) for number, name in enumerate(names)}
    return NationAnswer(reaches, records, shards)


def _days(config: RunConfig, context: Context, networks: Iterable[tuple[str, Network]]) -> Iterator[ScenarioDay]:
    origins, centres, spec = place_points(context.points), headline_centres(config, context), headline_spec(config)
    for scenario, network in networks:
        prepared = prepare_search(network.timetable, network.streets, spec)
        joined = join_points(prepared, network.streets, origins, centres, spec)
        yield ScenarioDay(scenario, config.timetable.date, joined)


def _unprepared_days(
    config: RunConfig, context: Context, networks: Iterable[tuple[str, Network]]
) -> Iterator[UnpreparedDay]:
    origins, centres, spec = place_points(context.points), headline_centres(config, context), headline_spec(config)
    for scenario, network in networks:
        walked = walked_network(network.timetable, network.streets, origins, centres, spec)
        yield UnpreparedDay(scenario, config.timetable.date, walked)


def _reach(plan: BlockPlan, number: int, regions: Regions, cutoff_min: float) -> Reach:
    """What the zones reach in the scenario of this number, shard by shard."""
    n = len(regions.of_zone)
    own_within, within, nearest = np.zeros(n, np.int64), np.zeros(n, np.int64), np.full(n, NOWHERE)
    nearest_own_min, nearest_min = np.full(n, np.inf), np.full(n, np.inf)
    per_minute = 60 if plan.question.unit == "s" else 1
    for block in (block for block in plan.blocks if block.scenario_day == number):
        pairs = shard_pairs(plan, block)
        minutes = pairs.times[0] / per_minute
        own = regions.of_centre[pairs.destination] == regions.of_zone[pairs.origin]
        near = minutes <= cutoff_min  # False where the median departure does not arrive
        within += np.bincount(pairs.origin[near], minlength=n)
        own_within += np.bincount(pairs.origin[near & own], minlength=n)
        timed = ~np.isnan(minutes)
        np.minimum.at(nearest_own_min, pairs.origin[timed & own], minutes[timed & own])
        order = np.lexsort((pairs.destination, minutes))  # NaN sorts last
        zone, first = np.unique(pairs.origin[order], return_index=True)
        found_min, found = minutes[order[first]], pairs.destination[order[first]]
        nearer = (found_min < nearest_min[zone]) | ((found_min == nearest_min[zone]) & (found < nearest[zone]))
        zone, first = zone[nearer], order[first[nearer]]
        nearest_min[zone], nearest[zone] = minutes[first], pairs.destination[first]
    nearest_own_min[np.isinf(nearest_own_min)] = np.nan
    nearest_min[np.isinf(nearest_min)] = np.nan
    return Reach(own_within, within, nearest_own_min, nearest_min, nearest)
