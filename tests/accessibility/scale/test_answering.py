"""Blocks answered in any order, by threads, resumed or not, give the bytes and the numbers of one search in memory."""

import contextlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.dataset
import pytest

from accessibility.errors import ScaleError
from accessibility.scale import answering
from accessibility.scale.answering import MANIFEST, answer_block, answer_blocks
from accessibility.scale.assembled import assembled_times
from accessibility.scale.plan import ARRAYS, BlockPlan, plan_blocks
from accessibility.scale.shards import record_of
from accessibility.search.percentiles import joined_travel_times
from accessibility.search.spec import UNREACHED, SearchSpec
from accessibility.threads import alone, cores
from tests.accessibility.scale.city import DAYS, N_DESTINATIONS, N_ORIGINS, SPEC, asked, joined, worlds


def plan_in(folder: Path) -> BlockPlan:
    return plan_blocks(folder, asked(), worlds())


def shards(folder: Path) -> dict[str, bytes]:
    """Every shard of a dataset, by its name in it."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.glob("scenario=*/**/*.parquet"))}


@pytest.mark.parametrize(
    "spec",
    [SPEC, replace(SPEC, step_s=0), replace(SPEC, arrive_by=True), replace(SPEC, max_rides=1)],
    ids=["by the minute", "every instant", "deadlines", "one ride"],
)
def test_the_shards_hold_the_answer_of_one_search(tmp_path: Path, spec: SearchSpec) -> None:
    """The slow twin: all pairs at once in memory, then minutes of every pair that is reached, one by one."""
    records = answer_blocks(plan_blocks(tmp_path, asked(spec), worlds(spec)))
    one_by_one = {}
    for scenario, day, seed in (("base", DAYS[0], 1), ("base", DAYS[1], 2), ("more_buses", DAYS[0], 3)):
        times = joined_travel_times(joined(seed, spec), spec)
        for i in range(N_ORIGINS):
            for j in range(N_DESTINATIONS):
                if times.departures_within[-1, i, j]:
                    minutes = [-(-s // 60) if s != UNREACHED else None for s in times.seconds_or_unreached[:, i, j]]
                    share = times.departures_within[-1, i, j] / times.n_departures
                    key = scenario, day.isoformat(), f"home {i}", f"shop {j}"
                    one_by_one[key] = (*minutes, np.float32(share))
    table = pyarrow.dataset.dataset(tmp_path, partitioning="hive").to_table().to_pylist()
    found = {
        (str(row["scenario"]), str(row["day"]), row["from_id"], row["to_id"]): (
            row["p25_min"],
            row["p50_min"],
            np.float32(row["reach_share"]),
        )
        for row in table
    }
    assert found == one_by_one
    assert 0 < len(found) == sum(record.rows for record in records) < 3 * N_ORIGINS * N_DESTINATIONS


def test_minutes_are_one_byte_and_shards_are_sorted_by_destination(tmp_path: Path) -> None:
    answer_blocks(plan_in(tmp_path))
    schema = pyarrow.dataset.dataset(tmp_path).schema
    assert [str(schema.field(name).type) for name in ("p25_min", "reach_share")] == ["uint8", "float"]
    first = pd.read_parquet(next((tmp_path / "scenario=base").glob(f"day={DAYS[0]}/to-000064*.parquet")))
    numbers = first["to_id"].str.split(" ").str[1].astype(int)
    assert numbers.is_monotonic_increasing and numbers.between(64, 127).all()


def test_what_is_answered_is_not_answered_again(tmp_path: Path) -> None:
    whole, resumed = tmp_path / "whole", tmp_path / "resumed"
    answer_blocks(plan_in(whole))
    plan = plan_in(resumed)
    for number in (7, 2):
        answer_block(str(plan.folder), plan.identity, number)
    kept = (resumed / plan.blocks[2].file).stat().st_mtime_ns
    # A shard cut short (a full disk), one whose record was not written, and one changed later are answered anew.
    for number, damage in ((1, b""), (4, None), (7, b"changed")):
        answer_block(str(plan.folder), plan.identity, number)
        if damage is None:
            (resumed / "_blocks" / f"{Path(plan.blocks[number].file).stem}.json").unlink()
        else:
            (resumed / plan.blocks[number].file).write_bytes(damage)
    asked_of: list[int] = []

    def engine(plan: BlockPlan, numbers: list[int], answered: answering.Answered) -> None:
        asked_of.extend(numbers)
        answering.answer_in_threads(plan, numbers, answered)

    told: list[tuple[int, int]] = []
    answer_blocks(plan_in(resumed), engine, lambda done, of: told.append((done, of)))
    assert asked_of == [0, 1, 3, 4, 5, 6, 7, 8]
    assert told[-1] == (9, 9) and [done for done, _ in told] == list(range(2, 10))
    assert (resumed / plan.blocks[2].file).stat().st_mtime_ns == kept
    assert shards(resumed) == shards(whole)


def test_shards_in_seconds_put_together_are_the_search_in_memory(tmp_path: Path) -> None:
    plan = plan_blocks(tmp_path, asked(unit="s"), worlds())
    answer_blocks(plan)
    for number, seed in enumerate((1, 2, 3)):
        together, at_once = assembled_times(plan, number), joined_travel_times(joined(seed), SPEC)
        assert np.array_equal(together.seconds_or_unreached, at_once.seconds_or_unreached)
        assert np.array_equal(together.departures_within, at_once.departures_within)
        assert together[2:5] == at_once[2:5]
    minutes = plan_blocks(tmp_path / "minutes", asked(), worlds())
    with pytest.raises(ScaleError, match="only shards in seconds"):
        assembled_times(minutes)


def test_other_programs_read_the_dataset(tmp_path: Path) -> None:
    """pyarrow in the first test; here duckdb and Dask's frames, where they are installed."""
    n = sum(record.rows for record in answer_blocks(plan_in(tmp_path)))
    found = []
    with contextlib.suppress(ImportError):
        import duckdb

        read = f"read_parquet('{tmp_path}/*/*/*.parquet', hive_partitioning = true)"
        found += [duckdb.sql(f"select count(*) from {read} where scenario in ('base', 'more_buses')").fetchall()[0][0]]
    with contextlib.suppress(ImportError):
        import dask.dataframe

        found += [len(dask.dataframe.read_parquet(tmp_path))]
    found += [len(pd.read_parquet(tmp_path))]
    assert set(found) == {n}


def test_the_order_of_destinations_changes_no_answer(tmp_path: Path) -> None:
    order = np.random.default_rng(2).permutation(N_DESTINATIONS)
    plans = [
        plan_blocks(tmp_path / name, asked(unit="s")._replace(order=one), worlds()[:1])
        for name, one in (("as given", None), ("mixed", order))
    ]
    times = [(answer_blocks(plan), assembled_times(plan))[1] for plan in plans]
    assert np.array_equal(times[0].seconds_or_unreached, times[1].seconds_or_unreached)
    assert np.array_equal(times[0].departures_within, times[1].departures_within)


def test_the_manifest_says_what_each_block_cost(tmp_path: Path) -> None:
    records = answer_blocks(plan_in(tmp_path))
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    assert [block["file"] for block in manifest["blocks"]] == [record.file for record in records]
    assert manifest["rows"] == sum(record.rows for record in records)
    assert manifest["cpu_s"] >= 0 and manifest["most_private_mb"] > 10
    assert not (tmp_path / ARRAYS).exists()  # nobody needs them any more
    assert shards(tmp_path).keys() == {record.file for record in records}


def test_one_folder_holds_one_question(tmp_path: Path) -> None:
    answer_blocks(plan_in(tmp_path))
    before = shards(tmp_path)
    with pytest.raises(ScaleError, match=r"holds 9 Parquet file\(s\) that are no answers to this question"):
        plan_blocks(tmp_path, asked(replace(SPEC, max_rides=2)), worlds())
    assert shards(tmp_path) == before
    assert not list((tmp_path / ARRAYS).glob("*"))
    with pytest.raises(ScaleError, match="can't name a folder"):
        plan_blocks(tmp_path / "other", asked(), [worlds()[0]._replace(scenario="../up")])


def test_a_block_is_answered_from_the_folder_alone(tmp_path: Path) -> None:
    plan = plan_in(tmp_path)
    with pytest.raises(ScaleError, match="on a disk that every machine sees"):
        answer_block(str(tmp_path / "elsewhere"), plan.identity, 0)
    next((tmp_path / ARRAYS).glob("*.npy")).unlink()
    with pytest.raises(ScaleError, match=r"is missing|can't be read"):
        answer_blocks(plan)
    assert record_of(plan.folder, plan.blocks[0]) is None


def test_who_works_alone_starts_no_threads() -> None:
    with alone():
        assert cores() == 1
        with alone():
            pass
        assert cores() == 1
    assert cores() >= 1
