"""`python -m benchmarks.bounds`: what a run costs at the bounds of a configuration, and what is refused above them.

Each line is the small region of the tests with one thing made large, run by `corridors run` in a process of its own: wall and
processor seconds and the most memory held, or the message of the refusal.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import shapely

from benchmarks.shared import PROJECT
from tests.support.feeds import feed_text
from tests.support.small_region import SmallRegion, good_trips, good_zones, place, position, write_small_region

Change = Callable[[SmallRegion], None]


def option(section: str, line: str) -> Change:
    """One line more in a section."""

    def change(region: SmallRegion) -> None:
        text, heading = region.config.read_text(encoding="utf-8"), f"[{section}]\n"
        text = text.replace(heading, f"{heading}{line}\n") if heading in text else f"{text}\n{heading}{line}\n"
        region.config.write_text(text, encoding="utf-8")

    return change


def corridors(count: int) -> Change:
    """So many corridors from B to E."""
    rows = [
        {**place(stop, f"Line {n}"), "id": f"k{n}", "order": i} for n in range(count) for i, stop in enumerate("BE")
    ]
    return lambda region: region.table("corridors.csv", rows)


def pilots(count: int) -> Change:
    """So many pilots about B."""
    rows = [{**place("B", f"Pilot {n}"), "id": f"p{n}", "radius_m": 800} for n in range(count)]
    return lambda region: region.table("pilots.csv", rows)


def sites(count: int) -> Change:
    """So many sites along the line."""
    rows = [{**place("ABCDEF"[n % 6], f"Site {n}"), "id": f"s{n}", "ha": 1, "status": "open"} for n in range(count)]
    return lambda region: region.table("sites.csv", rows)


def vertices(count: int) -> Change:
    """One zone with so many vertices."""

    def change(region: SmallRegion) -> None:
        zones = good_zones()
        rounded = shapely.buffer(shapely.centroid(zones.geometry[0]), 400, quad_segs=count // 4)
        region.zones(zones.set_geometry(gpd.GeoSeries([rounded, *zones.geometry[1:]], crs=zones.crs)))

    return change


def headways(trips: int, headway_s: int) -> Change:
    """Trips that are repeated at a headway for two days."""
    usual = {"start_time": "00:00:00", "end_time": "48:00:00", "headway_secs": headway_s, "exact_times": 1}
    rows = [{"trip_id": row.row["trip_id"], **usual} for row in good_trips()[:trips]]
    return lambda region: region.feed(feed_text(*good_trips()).setting("frequencies.txt", *rows))


def far_walks(stops: int) -> Change:
    """So many stops about the line, and walks of four hours at 20 km/h."""

    def change(region: SmallRegion) -> None:
        lon, lat = position("C")
        side = round(stops**0.5)
        more = [
            {
                "stop_id": f"x{i}",
                "stop_name": f"X{i}",
                "stop_lat": lat + (i // side) / 5000,
                "stop_lon": lon + (i % side) / 5000,
            }
            for i in range(stops)
        ]
        feed = feed_text(*good_trips())
        region.feed(feed.setting("stops.txt", *feed.tables["stops.txt"], *more))
        option("search", "max_walk_min = 240\nwalk_kmh = 20")(region)

    return change


CASES: Mapping[str, Change] = {
    "as it is": lambda _: None,
    "step 1 s over 22 h": option("search", 'window = "00:00-22:00"\nstep_s = 1'),
    "step 6 s over 22 h": option("search", 'window = "00:00-22:00"\nstep_s = 6'),
    "80,000 percentiles": option(
        "search", f"percentiles = {[50, *(n / 1000 for n in range(1000, 81_000) if n != 50_000)]}"
    ),
    "100 percentiles": option("search", f"percentiles = {list(range(1, 101))}"),
    "100,000 cutoffs": option("search", f"cutoffs_min = {[n / 1000 for n in range(1000, 101_000)]}"),
    "100 cutoffs": option("search", f"cutoffs_min = {list(range(1, 101))}"),
    "2,000 buffers": option("corridors", f"buffers_beside_m = {list(range(1, 2001))}"),
    "20 buffers": option("corridors", f"buffers_beside_m = {list(range(100, 2100, 100))}"),
    "1,000,000 draws": option("scoring", "draws = 1_000_000"),
    "20 corridors": corridors(20),
    "100 corridors": corridors(100),
    "101 corridors": corridors(101),
    "300 pilots": pilots(300),
    "301 pilots": pilots(301),
    "3,000 sites": sites(3000),
    "5,001 sites": sites(5001),
    "a zone of 1,000,000 vertices": vertices(1_000_000),
    "a headway of 1 s over 48 h, 1 trip": headways(1, 1),
    "a headway of 1 s over 48 h, 10 trips": headways(10, 1),
    "walks of 240 min at 20 km/h, 2,000 stops": far_walks(2000),
    "walks of 240 min at 20 km/h, 10,000 stops": far_walks(10_000),
}


def measured(config: Path, out: Path) -> str:
    """Wall s, processor s and GB of a run, or its refusal."""
    words = [sys.executable, "-m", "corridors", "run", str(config), "--out", str(out), "--quiet"]
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(words, cwd=PROJECT, stderr=said, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        said.seek(0)
        message = " ".join(said.read().split())
    wall_s, cpu_s = time.monotonic() - begun, used.ru_utime + used.ru_stime
    figures = f"{wall_s:.0f} / {cpu_s:.0f} / {used.ru_maxrss / 1e6:.2f}"
    code = os.waitstatus_to_exitcode(status)
    return figures if code == 0 else f"{figures}; exit {code}: {message[:160]}"


def main() -> None:
    """Print a table of every case."""
    print("| input | wall s / processor s / GB |\n|---|---|", flush=True)
    for name, change in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            region = write_small_region(Path(folder) / "region")
            change(region)
            print(f"| {name} | {measured(region.config, Path(folder) / 'out')} |", flush=True)


if __name__ == "__main__":
    main()
