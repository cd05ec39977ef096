"""Reads shards back: pair by pair, or put together to the times of all pairs, as a search in memory gives them."""

from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from accessibility.errors import ScaleError
from accessibility.legs import Float, Int64
from accessibility.scale.plan import Block, BlockPlan
from accessibility.scale.shards import column_of, id_texts
from accessibility.search.spec import UNREACHED, TravelTimes


class ShardPairs(NamedTuple):
    """The pairs of one shard, in its order: destination by destination."""

    origin: Int64  # (n,) number of the origin
    destination: Int64  # (n,) number of the destination, of all of the question
    times: Float  # (n_percentiles, n) minutes or seconds, as the question's unit says; NaN where not reached in time
    reach_share: Float  # (n,) of departures, 0-1


def shard_pairs(plan: BlockPlan, block: Block) -> ShardPairs:
    """The pairs of an answered block."""
    question = plan.question
    table = pq.read_table(plan.folder / block.file, partitioning=None)
    rows = plan.destinations(block)
    origin, destination = (
        pc.index_in(table[name].combine_chunks(), value_set=id_texts(ids))
        .to_numpy(zero_copy_only=False)
        .astype(np.int64)
        for name, ids in (("from_id", question.origin_ids), ("to_id", question.destination_ids[rows]))
    )
    columns = [table[column_of(one, question.unit)].cast("float64").to_numpy() for one in question.spec.percentiles]
    times = np.stack(columns) if columns else np.empty((0, len(origin)))
    return ShardPairs(origin, rows[destination], times, table["reach_share"].to_numpy().astype(float))


def assembled_times(plan: BlockPlan, scenario_day: int = 0) -> TravelTimes:
    """`TravelTimes` of the plan's first scenario and day, or that of another number, from shards in seconds.

    Raises `ScaleError` for shards in minutes, which do not hold the seconds.
    """
    question = plan.question
    if question.unit != "s":
        raise ScaleError(
            "the shards hold whole minutes: only shards in seconds can be put together to a search's times"
        )
    spec, shape = question.spec, (len(question.origin_ids), len(question.destination_ids))
    seconds = np.full((len(spec.percentiles), *shape), UNREACHED, np.int32)
    within = np.zeros((1, *shape), np.int32)
    for block in plan.blocks:
        if block.scenario_day == scenario_day:
            pairs = shard_pairs(plan, block)
            at = pairs.origin, pairs.destination
            seconds[:, *at] = np.where(np.isnan(pairs.times), UNREACHED, pairs.times)
            within[0, *at] = np.rint(pairs.reach_share * plan.n_departures)
    return TravelTimes(
        seconds,
        within,
        plan.n_departures,
        spec.percentiles,
        (spec.max_duration_s,),
        question.origin_ids,
        question.destination_ids,
    )
