"""Writes the answers of one block to a Parquet file, the shard, with a record of its cost beside it.

A shard holds the pairs that at least one departure joins within the longest duration, destination by destination:
from_id, to_id, a column for each percentile (null where that one is not reached in time) and reach_share.
"""

import hashlib
import json
import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from accessibility.legs import Int64
from accessibility.scale.array_store import write_whole
from accessibility.scale.plan import Block, BlockPlan, BlockQuestion, Unit
from accessibility.search.frames import Ids
from accessibility.search.spec import UNREACHED, SearchSpec, TravelTimes

_RECORDS = "_blocks"


class BlockRecord(NamedTuple):
    """What one block cost, and the digest of its shard's bytes."""

    file: str
    sha256: str
    rows: int
    cpu_s: float
    private_mb: float  # memory of the process that is no page of a file, when the block was answered


def column_of(percentile: float, unit: Unit) -> str:
    """The name of a percentile's column: `p50_min`, or `p50_s` in seconds."""
    return f"p{percentile:g}_{unit}"


def shard_schema(spec: SearchSpec, unit: Unit) -> pa.Schema:
    """The columns of a shard. Travel times are of the smallest unsigned integer that holds the longest duration."""
    longest = spec.max_duration_s if unit == "s" else math.ceil(spec.max_duration_s / 60)
    number = pa.uint8() if longest <= 255 else pa.uint16() if longest <= 65_535 else pa.uint32()
    percentiles = [(column_of(percentile, unit), number) for percentile in spec.percentiles]
    return pa.schema([("from_id", pa.string()), ("to_id", pa.string()), *percentiles, ("reach_share", pa.float32())])


def shard_table(times: TravelTimes, question: BlockQuestion, destinations: Int64) -> pa.Table:
    """The rows of a block, from the times of all origins to its destinations, whose numbers are (n,) `destinations`.

    Minutes are whole ones rounded up: at most 45 min is the same as at most 2,700 s.
    """
    schema = shard_schema(question.spec, question.unit)
    reached = times.departures_within[-1].T  # (n_destinations, n_origins)
    to, origin = np.nonzero(reached)
    columns = [
        id_texts(question.origin_ids).take(pa.array(origin)),
        id_texts(question.destination_ids[destinations]).take(pa.array(to)),
    ]
    for place, seconds in enumerate(times.seconds_or_unreached):
        chosen = seconds.T[to, origin]
        values = chosen if question.unit == "s" else -(-chosen // 60)
        columns.append(pa.array(values, mask=chosen == UNREACHED).cast(schema.types[2 + place], safe=False))
    columns.append(pa.array(reached[to, origin] / times.n_departures, pa.float32()))
    return pa.table(columns, schema=schema)


def id_texts(ids: Ids) -> pa.Array:
    """(n,) ids of points as texts."""
    return pa.array([str(ident) for ident in ids], pa.string())


def write_shard(plan: BlockPlan, block: Block, table: pa.Table, cpu_s: float, private_mb: float) -> BlockRecord:
    """Write the shard, then its record: only a block with both is taken as answered."""
    file = plan.folder / block.file
    file.parent.mkdir(parents=True, exist_ok=True)
    stream = pa.BufferOutputStream()
    pq.write_table(table, stream, compression="zstd")
    content = memoryview(stream.getvalue())
    write_whole(file, content)
    record = BlockRecord(
        block.file, hashlib.sha256(content).hexdigest(), table.num_rows, round(cpu_s, 3), round(private_mb, 1)
    )
    target = _record_file(plan.folder, block)
    target.parent.mkdir(exist_ok=True)
    write_whole(target, (json.dumps(record._asdict()) + "\n").encode())
    return record


def record_of(folder: Path, block: Block) -> BlockRecord | None:
    """The record of a block that is answered: its shard is there, byte for byte as it was written. Else None."""
    try:
        record = BlockRecord(**json.loads(_record_file(folder, block).read_bytes()))
        content = (folder / block.file).read_bytes()
    except (OSError, ValueError, TypeError):
        return None
    return record if hashlib.sha256(content).hexdigest() == record.sha256 else None


def _record_file(folder: Path, block: Block) -> Path:
    return folder / _RECORDS / f"{Path(block.file).stem}.json"
