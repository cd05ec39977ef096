"""`python -m benchmarks.nation`: a simulated Great Britain, read, prepared and answered block by block, at three sizes.

Each step is a process of its own. Prints what was found, processor seconds (which other work on the machine hardly changes),
seconds on the clock and the most memory held; `--out FILE` keeps the figures as JSON, from which `benchmarks.nation_page` writes.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.dataset

from accessibility.feed import read_feed
from accessibility.legs import Points, points
from accessibility.scale.answering import answer_blocks
from accessibility.scale.engines import engine_named
from accessibility.scale.locality import spatial_order
from accessibility.scale.plan import BlockPlan, BlockQuestion, ScenarioDay, open_plan, plan_blocks
from accessibility.scale.private_memory import private_bytes
from accessibility.search.door_to_door import prepare_search, travel_times
from accessibility.search.joining import join_points
from accessibility.search.spec import SearchSpec
from accessibility.timetable.timetable import build_timetable
from benchmarks.made_feed import DATE
from benchmarks.made_nation import CENTRES, LSOAS, SHARES, Nation, degrees, write_nation
from benchmarks.peers.measuring import Stopwatch, peak_mb
from benchmarks.shared import PROJECT
from corridors.inputs.timetables import MARGIN_KM

SPEC = SearchSpec(
    percentiles=(50.0,), cutoffs_s=()
)  # 07:00 to 09:00 by the minute: 120 departures, at most two hours each
RADIUS_M = 400.0
SQUARE_KM = 40  # of the region whose own answer is compared
Found = dict[str, Any]


def write(feed: Path, share: float) -> Found:
    """Write the feed."""
    return {**write_nation(feed, share)._asdict(), "megabytes": round(feed.stat().st_size / 2**20)}


def read_and_prepare(feed: Path, folder: Path, share: float, n_destinations: int) -> Found:
    """Read the feed, lay out its Tuesday, prepare the search, and write the plan of blocks with the shared arrays."""
    found: Found = {}
    with _measured(found, "read"):
        read = read_feed(feed)
    with _measured(found, "lay_out"):
        timetable = build_timetable(read, DATE)
    found["calls_of_day"], found["patterns"] = len(timetable.arrival_s), len(timetable.pattern_route)
    del read
    with _measured(found, "prepare"):
        networks = prepare_search(timetable, None, SPEC)
    origins, destinations = places(share, n_destinations)
    with _measured(found, "join"):
        joined = join_points(networks, None, origins, destinations, SPEC)
    network = networks[0]
    found["connections"], found["transfers"] = len(network.connections.trip), len(network.transfers.connection)
    found["origins"] = len(origins.ids)
    with _measured(found, "share"):
        question = BlockQuestion(origins.ids, destinations.ids, SPEC, order=spatial_order(destinations))
        plan = plan_blocks(folder, question, [ScenarioDay("base", DATE, joined)])
    return {**found, "identity": plan.identity, "blocks": len(plan.blocks)}


def answer(folder: Path, identity: str, workers: int) -> Found:
    """Answer the blocks: in threads (0 workers), or by so many Dask workers of one thread each."""
    plan = open_plan(folder, identity)
    kept = folder.with_name(f"{folder.name}.kept")
    shutil.copytree(folder / "_arrays", kept, copy_function=_link)
    found: Found = {"n_destinations": len(plan.question.destination_ids)}
    with _measured(found, "answer"):
        records = answer_blocks(plan) if not workers else _on_workers(plan, workers)
    kept.rename(folder / "_arrays")
    found["blocks_cpu_s"] = [record.cpu_s for record in records]
    found["block_cpu_s"] = round(sum(record.cpu_s for record in records), 2)
    found["rows"] = sum(record.rows for record in records)
    found["most_private_mb"] = max(record.private_mb for record in records)
    found["shards_mb"] = round(sum((folder / record.file).stat().st_size for record in records) / 2**20, 1)
    return found


def compare_region(feed: Path, folder: Path, share: float, n_destinations: int, side_km: int) -> Found:
    """Answer a square in the middle of the nation by itself, from the trips that call in it or near, and compare every pair.

    `folder` has the shards of the nation. Of the national pairs between a zone and a centre of the square, all are compared;
    `every_1000th` are those of them whose rows in the dataset are multiples of 1,000.
    """
    origins, destinations = places(share, n_destinations)
    west, south, east, north = box = _square(share, side_km)
    rows, columns = (
        np.flatnonzero((west <= one.lon) & (one.lon <= east) & (south <= one.lat) & (one.lat <= north))
        for one in (origins, destinations)
    )
    margin = MARGIN_KM / 67.0
    read = read_feed(feed, within=(box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin))
    timetable = build_timetable(read, DATE)
    here, there = (
        Points(one.ids[which], one.lon[which], one.lat[which], one.radius_m)
        for one, which in ((origins, rows), (destinations, columns))
    )
    times = travel_times(timetable, None, here, there, SPEC)
    table = pyarrow.dataset.dataset(folder, format="parquet").to_table(columns=["from_id", "to_id", "p50_min"])
    national = table.to_pandas()
    national["row"] = np.arange(len(national))
    national = national[national["from_id"].isin(here.ids) & national["to_id"].isin(there.ids)]
    regional = np.ceil(times.percentile_s(50.0) / 60)
    own = regional[
        pd.Index(here.ids).get_indexer(national["from_id"]), pd.Index(there.ids).get_indexer(national["to_id"])
    ]
    same = (own == national["p50_min"]) | (np.isnan(own) & national["p50_min"].isna())
    missed = int((~np.isnan(regional)).sum()) - int(national["p50_min"].notna().sum())
    thousandth = national["row"] % 1000 == 0
    return {
        "zones": len(rows),
        "centres": len(columns),
        "pairs": len(national),
        "different": int((~same).sum()),
        "nation_faster": int((own > national["p50_min"]).sum()),  # by trips that the region does not read
        "only_regional": missed,
        "every_1000th": int(thousandth.sum()),
        "different_of_them": int((~same & thousandth).sum()),
    }


def _square(share: float, side_km: int) -> tuple[float, float, float, float]:
    """West, south, east and north of a square round the largest town."""
    x, y = Nation(share).towns_km[0]
    (west, east), (south, north) = degrees(
        np.array([[x - side_km / 2, y - side_km / 2], [x + side_km / 2, y + side_km / 2]])
    )
    return west, south, east, north


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def _on_workers(plan: BlockPlan, workers: int) -> Any:
    import distributed

    with distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
        return answer_blocks(plan, engine_named("dask", cluster.scheduler_address, lambda _: None))


@contextmanager
def _measured(found: Found, name: str) -> Iterator[None]:
    watch = Stopwatch()
    yield
    spent = watch.spent()
    found[f"{name}_cpu_s"], found[f"{name}_wall_s"] = round(spent.cpu_s, 2), round(spent.wall_s, 2)
    found[f"{name}_peak_mb"], found[f"{name}_held_mb"] = round(peak_mb()), round(private_bytes() / 2**20)


def places(share: float, n_destinations: int) -> tuple[Points, Points]:
    """The zones, and centres of that many towns, in order of size."""
    nation = Nation(share)
    lon, lat = nation.zones(round(LSOAS * share))
    origins = points([f"E{number:08d}" for number in range(len(lon))], lon, lat)
    chosen = np.linspace(0, nation.n_towns - 1, n_destinations).round().astype(int)
    lon, lat = nation.centres()
    return origins, points([f"C{number}" for number in chosen], lon[chosen], lat[chosen], RADIUS_M)


STEPS: Mapping[str, Callable[..., Found]] = {
    step.__name__: step for step in (write, read_and_prepare, answer, compare_region)
}


def in_process(step: str, *words: object) -> Found:
    """What a step found, from a process of its own."""
    command = [sys.executable, "-m", "benchmarks.nation", "--step", step, *map(str, words)]
    done = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True)
    found: Found = json.loads(done.stdout)
    print(f"{step:16}", ", ".join(f"{name} {value}" for name, value in found.items()), flush=True)
    return found


def _step(name: str, words: list[str]) -> None:
    kinds: dict[str, tuple[Callable[[str], Any], ...]] = {
        "write": (Path, float),
        "read_and_prepare": (Path, Path, float, int),
        "answer": (Path, str, int),
        "compare_region": (Path, Path, float, int, int),
    }
    print(json.dumps(STEPS[name](*(kind(word) for kind, word in zip(kinds[name], words, strict=True)))))


def measure(share: float, home: Path, destinations: list[int], workers: list[int]) -> list[Found]:
    """The figures of one size: for each number of destinations and of workers."""
    feed, found = home / "nation.zip", list[Found]()
    written = in_process("write", feed, share) if not feed.exists() else {}
    for n_destinations in destinations:
        folder = home / f"to_{n_destinations}"
        shutil.rmtree(folder, ignore_errors=True)
        prepared = in_process("read_and_prepare", feed, folder, share, n_destinations)
        for n_workers in workers if n_destinations == destinations[-1] else [0]:
            for shards in folder.glob("scenario=*"):
                shutil.rmtree(shards)
            answered = in_process("answer", folder, prepared["identity"], n_workers)
            if n_workers == 0 and share < 1 and n_destinations == destinations[-1]:
                in_process("compare_region", feed, folder, share, n_destinations, SQUARE_KM)
            found.append({"share": share, "workers": n_workers, **written, **prepared, **answered})
        shutil.rmtree(folder)
    return found


def main() -> None:
    """Write, read, prepare and answer every size that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=list(SHARES), choices=list(SHARES))
    parser.add_argument(
        "--destinations", nargs="+", type=int, help=f"default: a quarter, half and all of {CENTRES} x size"
    )
    parser.add_argument("--workers", nargs="+", type=int, default=[0], help="0: threads of one process")
    parser.add_argument("--feeds", type=Path, help="folder to keep the feeds in")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        _step(given.step[0], given.step[1:])
        return
    found = list[Found]()
    with tempfile.TemporaryDirectory() as scratch:
        for size in given.sizes:
            home = (given.feeds or Path(scratch)) / size
            home.mkdir(parents=True, exist_ok=True)
            n = Nation(SHARES[size]).n_towns
            found += measure(SHARES[size], home, given.destinations or [n], given.workers)
            if given.out:
                given.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
