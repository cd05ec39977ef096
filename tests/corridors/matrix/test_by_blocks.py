"""`corridors matrix` to a folder and on a cluster: the same answers as the table of one machine."""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from accessibility.scale import plan
from corridors.matrix import by_blocks
from tests.support.cli import Ran, corridors
from tests.support.feeds import csv_text
from tests.support.small_region import SmallRegion, position


def asked(region: SmallRegion, out: Path, *words: object) -> Ran:
    """How the matrix from every stop to every stop ended."""
    stops = out.parent / "stops.csv"
    rows = [{"id": stop, "lon": position(stop)[0], "lat": position(stop)[1]} for stop in "ABCDEF"]
    stops.write_text(csv_text(rows), encoding="utf-8")
    files = ("--gtfs", region.path("feed.zip"), "--origins", stops, "--destinations", stops, "--out", out)
    return corridors("matrix", *files, "--date", "2026-03-24", "--window", "07:00-09:00", "--max-min", "12", *words)


@pytest.fixture
def address() -> Iterator[str]:
    """A Dask scheduler with a worker, both in this process."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


def test_a_folder_holds_the_table_in_whole_minutes(region: SmallRegion, tmp_path: Path) -> None:
    assert asked(region, tmp_path / "m.parquet").code == 0
    ran = asked(region, tmp_path / "m")
    assert ran.code == 0 and "36 pairs" in ran.out, ran.err
    table = pd.read_parquet(tmp_path / "m.parquet").set_index(["from_id", "to_id"])
    shards = pd.read_parquet(tmp_path / "m").set_index(["from_id", "to_id"])
    reached = table[table["reach_share"] > 0]
    assert 0 < len(reached) < len(table)
    assert set(shards.index) == set(reached.index)
    for pair, row in reached.iterrows():
        minutes = [math.ceil(row[f"p{p}_s"] / 60) if pd.notna(row[f"p{p}_s"]) else None for p in (25, 50, 75)]
        found = [shards.loc[pair, f"p{p}_min"] for p in (25, 50, 75)]
        assert [None if pd.isna(value) else value for value in found] == minutes
        assert shards.loc[pair, "reach_share"] == np.float32(row["reach_share"])


def test_a_cluster_writes_the_same_table_and_leaves_no_shards(
    region: SmallRegion, tmp_path: Path, address: str
) -> None:
    assert asked(region, tmp_path / "local.parquet").code == 0
    ran = asked(region, tmp_path / "dask.parquet", "--engine", "dask", "--address", address)
    assert ran.code == 0, ran.err
    assert "1 block(s) on" in ran.err and "dashboard" in ran.err
    assert (tmp_path / "dask.parquet").read_bytes() == (tmp_path / "local.parquet").read_bytes()
    assert {file.name for file in tmp_path.iterdir()} == {"dask.parquet", "local.parquet", "stops.csv", "region"}


def test_parts_give_the_same_table_and_the_same_shards(
    region: SmallRegion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With blocks of two destinations, that three parts are three."""
    monkeypatch.setattr(plan, "BLOCK", 2)
    for name, words in (("whole", ()), ("parts", ("--parts", 3))):
        for out in (tmp_path / f"{name}.parquet", tmp_path / name):
            ran = asked(region, out, *words)
            assert ran.code == 0, ran.err
    assert (tmp_path / "parts.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    whole, parts = (
        {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.parquet")}
        for folder in (tmp_path / "whole", tmp_path / "parts")
    )
    assert parts == whole and len(whole) == 3
    assert not (tmp_path / "parts.parquet.shards").exists()


def test_the_same_command_again_answers_nothing_again(region: SmallRegion, tmp_path: Path) -> None:
    assert asked(region, tmp_path / "m").code == 0
    (shard,) = (tmp_path / "m").rglob("*.parquet")
    before = shard.stat().st_mtime_ns
    assert asked(region, tmp_path / "m").code == 0
    assert shard.stat().st_mtime_ns == before
    ran = asked(region, tmp_path / "m", "--board-slack", "60")
    assert ran.code == 2 and "are no answers to this question" in ran.err
    assert shard.stat().st_mtime_ns == before


def test_what_can_not_be_used_is_told_before_anything_is_read(region: SmallRegion, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine")
    for out, words, said in (
        (tmp_path / "m.parquet", ("--engine", "spark"), "give local or dask"),
        (tmp_path / "m.parquet", ("--address", "tcp://a:1"), "give --engine dask too"),
        (tmp_path / "m.parquet", ("--parts", "0"), "give a number from 1 to 1,000"),
        (mine, (), "holds no shards of a matrix"),
        (tmp_path / "m.xlsx", (), "or be a folder"),
    ):
        ran = asked(region, out, *words)
        assert ran.code == 2 and said in ran.err
    assert [file.name for file in mine.iterdir()] == ["notes.txt"]


def test_a_table_that_no_memory_holds_is_refused(
    region: SmallRegion, tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_blocks, "MOST_PAIRS", 35)
    ran = asked(region, tmp_path / "m.csv", "--engine", "dask", "--address", address)
    assert ran.code == 2 and "36 pairs are too many for one table (35): give --out a folder" in ran.err
