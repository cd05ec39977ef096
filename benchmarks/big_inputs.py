"""`python -m benchmarks.big_inputs`: a feed of 20 million stop times and a national boundary file, read as a run reads them.

The feed comes twice: as it should be, and damaged so that the careful reader has to take it. Each file is written and read by
a process of its own. Prints what was written, what was read, the time and the most memory held; exit code 1 where the numbers
differ or more than `MOST_MB` was held.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from accessibility.feed import read_feed
from accessibility.timetable.timetable import build_timetable
from benchmarks.made_feed import DATE, write_feed
from benchmarks.made_zones import DISTRICTS, LAYER, write_zones
from benchmarks.peers.measuring import Stopwatch, peak_mb
from benchmarks.shared import PROJECT
from layers.reading.origins import zone_points
from layers.reading.zones import assign_district, read_zones

MOST_MB = 6 * 1024.0
Counts = dict[str, int]


def made_feed(path: Path, calls: int, damaged: int) -> Counts:
    """Write the feed, with (1) or without (0) damage."""
    return write_feed(path, calls, bool(damaged))._asdict()


def read_timetable(path: Path) -> Counts:
    """The feed, then its day."""
    feed = read_feed(path)
    routes, trips, calls = len(feed.routes), len(feed.trips), len(feed.stop_times.trip)
    timetable = build_timetable(feed, DATE)
    return {
        "routes": routes,
        "trips": trips,
        "calls": calls,
        "trips_of_day": len(timetable.trip_id),
        "calls_of_day": len(timetable.arrival_s),
        "patterns": len(timetable.pattern_route),
        "repairs": sum(repair.count for repair in timetable.repairs),
    }


def made_zones(path: Path, zones: int, vertices: int) -> Counts:
    """Write the boundaries."""
    return {"vertices": write_zones(path, zones, vertices), "zones": min(zones, sum(DISTRICTS.values()))}


def read_region(path: Path) -> Counts:
    """The zones of the seven districts, each with its point."""
    every = read_zones(
        path, id_column="LSOA21CD", name_column="LSOA21NM", geography="LSOA 2021", crs="EPSG:27700", layer=LAYER
    )
    zones = assign_district(every, every.attributes["LAD22CD"], {code: code for code in DISTRICTS})
    repairs = sum(finding.count for finding in zones.findings if finding.code != "zones_outside_region")
    return {"zones": len(zone_points(zones).frame), "repairs": repairs}


STEPS: Mapping[str, Callable[..., Counts]] = {
    step.__name__: step for step in (made_feed, read_timetable, made_zones, read_region)
}


def measured(step: str, path: Path, *numbers: int) -> dict[str, float]:
    """What a step counted, its seconds and its megabytes, from a process of its own."""
    words = [sys.executable, "-m", "benchmarks.big_inputs", "--step", step, str(path), *map(str, numbers)]
    done = subprocess.run(words, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True)
    answer: dict[str, float] = json.loads(done.stdout)
    print(f"{step:14}", ", ".join(f"{name} {value:,.0f}" for name, value in answer.items()), flush=True)
    return answer


def _step(name: str, path: str, *numbers: str) -> None:
    watch = Stopwatch()
    counts = STEPS[name](Path(path), *map(int, numbers))
    spent = watch.spent()
    print(json.dumps({**counts, "wall_s": spent.wall_s, "cpu_s": spent.cpu_s, "peak_mb": peak_mb()}))


def _agree(made: Mapping[str, float], read: Mapping[str, float]) -> bool:
    own = {"wall_s", "cpu_s", "peak_mb"}
    return read["peak_mb"] <= MOST_MB and all(made[name] == read[name] for name in made.keys() & read.keys() - own)


def main() -> None:
    """Write, read, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stop-times", type=int, default=20_000_000)
    parser.add_argument("--zones", type=int, default=35_672, help="England and Wales have so many LSOAs (2021)")
    parser.add_argument("--vertices", type=int, default=500, help="of each zone")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        _step(*given.step)
        return
    with tempfile.TemporaryDirectory() as folder:
        well, damaged, zones = Path(folder, "feed.zip"), Path(folder, "damaged.zip"), Path(folder, "zones.gpkg")
        agree = [
            _agree(measured("made_feed", well, given.stop_times, 0), measured("read_timetable", well)),
            _agree(measured("made_feed", damaged, given.stop_times, 1), measured("read_timetable", damaged)),
            _agree(measured("made_zones", zones, given.zones, given.vertices), measured("read_region", zones)),
        ]
    if not all(agree):
        sys.exit(f"what was read is not what was written, or more than {MOST_MB:,.0f} MB was held")


if __name__ == "__main__":
    main()
