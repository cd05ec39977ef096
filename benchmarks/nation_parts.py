"""`python -m benchmarks.nation_parts`: the simulated nation prepared at once and part by part, and the bytes of its shards.

Each step is a process of its own. The day's timetable is read and laid out once and mapped by the steps that prepare, so that
their memory is that of preparing: the most that a process held, without the pages of mapped files where Linux tells.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from accessibility.feed import read_feed
from accessibility.scale.answering import answer_blocks
from accessibility.scale.array_store import ArrayStore
from accessibility.scale.locality import spatial_order
from accessibility.scale.parts import UnpreparedDay, plan_parts, walked_network
from accessibility.scale.plan import BlockQuestion, ScenarioDay, open_plan, plan_blocks
from accessibility.search.door_to_door import prepare_search
from accessibility.search.joining import join_points
from accessibility.search.spec import SearchSpec
from accessibility.timetable.timetable import build_timetable
from benchmarks.made_feed import DATE
from benchmarks.made_nation import SHARES, Nation, write_nation
from benchmarks.nation import SPEC, places
from benchmarks.peers.measuring import Stopwatch, peak_mb
from benchmarks.shared import PROJECT

Found = dict[str, Any]


def lay_out(home: Path) -> Found:
    """Read the feed and lay out its Tuesday."""
    watch = Stopwatch()
    timetable = build_timetable(read_feed(home / "nation.zip"), DATE)
    spent, most_mb = watch.spent(), peak_mb()
    reference = ArrayStore(home / "timetable").put(timetable)
    (home / "timetable.json").write_text(json.dumps(reference), encoding="utf-8")
    return {"cpu_s": round(spent.cpu_s, 1), "peak_mb": round(most_mb), "calls_of_day": len(timetable.arrival_s)}


def prepare(home: Path, size: str, longest_min: int, last_hour: int, n_parts: int) -> Found:
    """Prepare and write the plan of blocks, at once (0 parts) or in parts."""
    timetable = ArrayStore(home / "timetable").get(json.loads((home / "timetable.json").read_bytes()))
    spec = _spec(longest_min, last_hour)
    origins, destinations = places(SHARES[size], Nation(SHARES[size]).n_towns)
    question = BlockQuestion(origins.ids, destinations.ids, spec, order=spatial_order(destinations))
    folder, before_mb, watch = home / f"in_{n_parts}", peak_mb(), Stopwatch()
    if n_parts:
        day = UnpreparedDay("base", DATE, walked_network(timetable, None, origins, destinations, spec))
        walked_mb = peak_mb()
        plan = plan_parts(folder, question, [day], n_parts)
    else:
        networks = prepare_search(timetable, None, spec)
        walked_mb = 0.0
        joined = join_points(networks, None, origins, destinations, spec)
        plan = plan_blocks(folder, question, [ScenarioDay("base", DATE, joined)])
    spent, most_mb = watch.spent(), peak_mb()
    sizes = [file.stat().st_size for file in (folder / "_arrays").iterdir()]
    networks = [plan.joined(block).networks[0] for block in plan.blocks]
    return {
        "cpu_s": round(spent.cpu_s, 1),
        "wall_s": round(spent.wall_s, 1),
        "before_mb": round(before_mb),
        "walked_mb": round(walked_mb),
        "peak_mb": round(most_mb),
        "arrays_mb": round(sum(sizes) / 2**20),
        "connections": max(len(one.connections.trip) for one in networks),
        "transfers": max(len(one.transfers.connection) for one in networks),
        "identity": plan.identity,
    }


def answer(home: Path, n_parts: int, identity: str) -> Found:
    """Answer the blocks; the digest of all shards, with their names."""
    folder = home / f"in_{n_parts}"
    records = answer_blocks(open_plan(folder, identity))
    digest = hashlib.sha256(json.dumps([(record.file, record.sha256) for record in records]).encode()).hexdigest()
    return {"cpu_s": round(sum(record.cpu_s for record in records), 1), "blocks": len(records), "shards": digest[:16]}


def _spec(longest_min: int, last_hour: int) -> SearchSpec:
    return replace(SPEC, max_duration_s=60 * longest_min, window_end_s=3600 * last_hour)


def _in_process(step: str, *words: object) -> Found:
    command = [sys.executable, "-m", "benchmarks.nation_parts", "--step", step, *map(str, words)]
    done = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True)
    found: Found = json.loads(done.stdout)
    print(f"{step:8}", *words[1:], ", ".join(f"{name} {value}" for name, value in found.items()), flush=True)
    return found


def _step(name: str, words: list[str]) -> None:
    home = Path(words[0])
    if name == "lay_out":
        found = lay_out(home)
    elif name == "prepare":
        found = prepare(home, words[1], *map(int, words[2:]))
    else:
        found = answer(home, int(words[1]), words[2])
    print(json.dumps(found))


def main() -> None:
    """Write and read one size, then prepare and answer it at once and in each number of parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="quarter", choices=list(SHARES))
    parser.add_argument("--parts", nargs="+", type=int, default=[0, 4], help="0: at once")
    parser.add_argument("--longest-min", type=int, default=120, help="longest journey, minutes")
    parser.add_argument("--last-hour", type=int, default=9, help="the window is from 07:00 to this hour")
    parser.add_argument("--feeds", type=Path, help="folder to keep the feed in")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        _step(given.step[0], given.step[1:])
        return
    with tempfile.TemporaryDirectory() as scratch:
        home = (given.feeds or Path(scratch)) / given.size
        home.mkdir(parents=True, exist_ok=True)
        if not (home / "nation.zip").exists():
            write_nation(home / "nation.zip", SHARES[given.size])
        if not (home / "timetable.json").exists():
            _in_process("lay_out", home)
        for n_parts in given.parts:
            shutil.rmtree(home / f"in_{n_parts}", ignore_errors=True)
            prepared = _in_process("prepare", home, given.size, given.longest_min, given.last_hour, n_parts)
            _in_process("answer", home, n_parts, prepared["identity"])
            shutil.rmtree(home / f"in_{n_parts}")


if __name__ == "__main__":
    main()
