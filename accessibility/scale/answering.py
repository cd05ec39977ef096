"""Answers the blocks of a plan: those that are not answered yet, by the engine that is asked for, and then the manifest.

Every engine answers a block by `answer_block`, in one thread, and so by the same writer: which engine, how many workers
and in which order never changes a byte of a shard.
"""

import json
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from accessibility.scale.array_store import write_whole
from accessibility.scale.plan import ARRAYS, BlockPlan, open_plan
from accessibility.scale.private_memory import private_bytes
from accessibility.scale.shards import BlockRecord, record_of, shard_table, write_shard
from accessibility.search.percentiles import joined_travel_times
from accessibility.threads import alone, cores

MANIFEST = "_manifest.json"
Told = Callable[[int, int], None]  # blocks answered, of how many
Answered = Callable[[BlockRecord], None]
Engine = Callable[[BlockPlan, Sequence[int], Answered], None]  # answers the blocks of these numbers


def answer_block(folder: str, identity: str, number: int) -> BlockRecord:
    """Answer one block of the plan in `folder`, unless it is answered already, and write its shard."""
    plan = open_plan(Path(folder), identity)
    block = plan.blocks[number]
    if done := record_of(plan.folder, block):
        return done
    start_s = time.thread_time()
    with alone():
        joined = plan.joined(block)
        times = joined_travel_times(joined, plan.question.spec, plan.running(block, joined))
        table = shard_table(times, plan.question, plan.destinations(block))
    return write_shard(plan, block, table, time.thread_time() - start_s, private_bytes() / 2**20)


def answer_in_threads(plan: BlockPlan, numbers: Sequence[int], answered: Answered) -> None:
    """The engine that is this process: a block for each of its cores at a time."""
    with ThreadPoolExecutor(cores()) as pool:
        tasks = [pool.submit(answer_block, str(plan.folder), plan.identity, number) for number in numbers]
        try:
            for task in as_completed(tasks):
                answered(task.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def answer_blocks(
    plan: BlockPlan, engine: Engine = answer_in_threads, told: Told | None = None
) -> tuple[BlockRecord, ...]:
    """Answer the blocks that are not answered yet, write the manifest, and remove the shared arrays.

    The records are in order of the blocks. Raises `ScaleError` where the engine can't go on: the shards that are written
    stay, and the same question asked again goes on from there.
    """
    n = len(plan.blocks)
    records = {number: record for number in range(n) if (record := record_of(plan.folder, plan.blocks[number]))}
    numbers = {block.file: number for number, block in enumerate(plan.blocks)}

    def answered(record: BlockRecord) -> None:
        records[numbers[record.file]] = record
        if told:
            told(len(records), n)

    if left := [number for number in range(n) if number not in records]:
        engine(plan, left, answered)
    ordered = tuple(records[number] for number in range(n))
    _write_manifest(plan, ordered)
    shutil.rmtree(plan.folder / ARRAYS, ignore_errors=True)
    return ordered


def _write_manifest(plan: BlockPlan, records: Sequence[BlockRecord]) -> None:
    total = {
        "question": plan.identity,
        "origins": len(plan.question.origin_ids),
        "destinations": len(plan.question.destination_ids),
        "rows": sum(record.rows for record in records),
        "cpu_s": round(sum(record.cpu_s for record in records), 3),
        "most_private_mb": max((record.private_mb for record in records), default=0.0),
        "blocks": [record._asdict() for record in records],
    }
    write_whole(plan.folder / MANIFEST, (json.dumps(total, indent=1) + "\n").encode())
