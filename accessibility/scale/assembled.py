"""Puts the shards of one scenario and day together to the times of all pairs in memory, as a search in memory gives them."""

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from accessibility.errors import ScaleError
from accessibility.scale.plan import Block, BlockPlan
from accessibility.scale.shards import column_of, id_texts
from accessibility.search.spec import UNREACHED, TravelTimes


def assembled_times(plan: BlockPlan, scenario_day: int = 0) -> TravelTimes:
    """`TravelTimes` of the plan's first scenario and day, or that of another number, from shards in seconds.

    Raises `ScaleError` for shards in minutes, which do not hold the seconds.
    """
    if plan.question.unit != "s":
        raise ScaleError(
            "the shards hold whole minutes: only shards in seconds can be put together to a search's times"
        )
    spec, shape = plan.question.spec, (len(plan.question.origin_ids), len(plan.question.destination_ids))
    seconds = np.full((len(spec.percentiles), *shape), UNREACHED, np.int32)
    within = np.zeros((1, *shape), np.int32)
    n_departures = plan.n_departures
    for block in plan.blocks:
        if block.scenario_day == scenario_day:
            _fill(plan, block, seconds, within)
    cutoffs_s = (spec.max_duration_s,)
    return TravelTimes(
        seconds,
        within,
        n_departures,
        spec.percentiles,
        cutoffs_s,
        plan.question.origin_ids,
        plan.question.destination_ids,
    )


def _fill(plan: BlockPlan, block: Block, seconds: np.ndarray, within: np.ndarray) -> None:
    table = pq.read_table(plan.folder / block.file, partitioning=None)
    question = plan.question
    here = question.destination_ids[block.first : block.last]
    origin, to = (
        pc.index_in(table[name].combine_chunks(), value_set=id_texts(ids)).to_numpy(zero_copy_only=False)
        for name, ids in (("from_id", question.origin_ids), ("to_id", here))
    )
    to = to + block.first
    for place, percentile in enumerate(question.spec.percentiles):
        column = table[column_of(percentile, "s")].cast("int32").fill_null(UNREACHED)
        seconds[place, origin, to] = column.to_numpy()
    within[0, origin, to] = np.rint(table["reach_share"].to_numpy().astype(float) * plan.n_departures)
