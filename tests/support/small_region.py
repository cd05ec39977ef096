"""A region small enough to check by hand: one line of six stops, twelve zones, three centres.

Stops A to F lie 1.1 km apart going north. A bus leaves A for F every ten minutes from 06:00, and F for A likewise, five
minutes a hop. Zone `ZA0` is the square round stop A, `ZA1` the one east of it, 1 km away; centres stand at A, C and F.
From the stop A itself to F the ride is 25 min, a minute goes on boarding, and the wait is 0 to 10 min, evenly: 31 at the median.
"""

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import shapely

from tests.support.feeds import FIRST_LAT, LON, STEP_DEG, TUESDAY, FeedText, Trip, clock, feed_text, service, trip

STOPS = "ABCDEF"
HOP_MIN, HEADWAY_MIN = 5, 10
FIRST_MIN, LAST_MIN = 6 * 60, 11 * 60
HALF_SIDE_M = 500.0
MINUTES_A_TO_F = 31.0
SAMPLED_MINUTES_A_TO_F = 29.0  # of a matrix, which samples a departure a minute and boards at once: 25 to 34 minutes

CONFIG = """\
[region]
name = "Line"
slug = "line"
illustrative = true
note = "two invented districts"
[region.districts]
D1 = "South"
D2 = "North"

[timetable]
feeds = ["feed.zip"]
date = {date}
synthetic = true
source = "made for a test"
licence = "MIT"
vintage = "2026"

[zones]
file = "zones.gpkg"
id = "code"
name = "name"
geography = "squares"
source = "made for a test"
licence = "MIT"
vintage = "2026"
district = {{ column = "district" }}
points = {{ file = "points.csv", id = "code" }}

[[layers]]
id = "people"
title = "People"
file = "people.csv"
key = "code"
geography = "squares"
vintage = "2026"
source = "made for a test"
licence = "MIT"
fields.population = {{ column = "population", kind = "count", unit = "people" }}
fields.jobs = {{ column = "jobs", kind = "count", unit = "jobs" }}
fields.imd_decile = {{ column = "decile", kind = "decile" }}
fields.income_rate = {{ column = "income", kind = "rate", unit = "fraction" }}
fields.level4_share = {{ column = "level4", kind = "rate", unit = "fraction" }}

[centres]
file = "centres.csv"

[corridors]
file = "corridors.csv"

[pilots]
file = "pilots.csv"

[sites]
file = "sites.csv"

[outputs]
papers = false
"""


@dataclass(frozen=True)
class SmallRegion:
    """The region's folder; its files are written over to damage it."""

    folder: Path

    @property
    def config(self) -> Path:
        """The run's .toml file."""
        return self.folder / "config.toml"

    def path(self, name: str) -> Path:
        """One of the region's files."""
        return self.folder / name

    def replace(self, name: str, old: str, new: str) -> None:
        """Change a passage of a text file; it must be there."""
        text = self.path(name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.path(name).write_text(text.replace(old, new), encoding="utf-8")

    def feed(self, text: FeedText) -> None:
        """Put another feed in place of the good one."""
        text.zip(self.path("feed.zip"))

    def zones(self, frame: gpd.GeoDataFrame) -> None:
        """Put other zones in place of the good ones."""
        self.path("zones.gpkg").unlink()
        frame.to_file(self.path("zones.gpkg"))

    def move(self, crs: str, lon: float, lat: float) -> None:
        """Put the whole region elsewhere, in another working CRS: stop A at `lon`, `lat`, north still north."""
        east, north = lon - LON, lat - FIRST_LAT
        for name in ("points.csv", "centres.csv", "sites.csv", "pilots.csv", "corridors.csv"):
            with self.path(name).open(encoding="utf-8", newline="") as stream:
                rows = list(csv.DictReader(stream))
            self.table(name, [_moved(row, "lon", "lat", east, north) for row in rows])
        stops = good_feed().tables["stops.txt"]
        moved = [_moved(row, "stop_lon", "stop_lat", east, north) for row in stops]
        self.feed(good_feed().setting("stops.txt", *moved))
        degrees = good_zones().to_crs("EPSG:4326")
        self.zones(degrees.set_geometry(degrees.translate(east, north)).to_crs(crs))
        self.replace("config.toml", "illustrative", f'crs = "{crs}"\nillustrative')

    def table(self, name: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Write a table."""
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self.path(name).write_text(out.getvalue(), encoding="utf-8")


def _moved(row: Mapping[str, object], lon: str, lat: str, east: float, north: float) -> dict[str, object]:
    wrapped = (float(str(row[lon])) + east + 180) % 360 - 180
    return {**row, lon: wrapped, lat: float(str(row[lat])) + north}


def write_small_region(folder: Path) -> SmallRegion:
    """The whole region in `folder`."""
    folder.mkdir(parents=True)
    region = SmallRegion(folder)
    region.config.write_text(CONFIG.format(date=TUESDAY.isoformat()), encoding="utf-8")
    region.feed(good_feed())
    good_zones().to_file(region.path("zones.gpkg"))
    region.table("points.csv", zone_points())
    region.table("people.csv", people())
    region.table("centres.csv", [place(stop, f"Centre {stop}") for stop in "ACF"])
    region.table("sites.csv", [{**place("D", "Site D"), "ha": 10, "status": "open"}])
    region.table("pilots.csv", [{**place("B", "Pilot B"), "radius_m": 800}])
    region.table("corridors.csv", [{**place(stop, "Line"), "id": "line", "order": i} for i, stop in enumerate("BE")])
    return region


def good_feed() -> FeedText:
    """Both directions of the line."""
    return feed_text(*good_trips())


def feed_registered_twice() -> tuple[FeedText, int]:
    """Both directions a second time, two minutes later, but for the first departures; and how many trips that is."""
    starts = range(FIRST_MIN + HEADWAY_MIN + 2, LAST_MIN, HEADWAY_MIN)
    ways = {"north": STOPS, "south": STOPS[::-1]}
    again = [
        trip(f"again {way} {clock(60 * start)}", calls(stops, start), route=way, service="AGAIN")
        for way, stops in ways.items()
        for start in starts
    ]
    text = good_feed()
    text = text.adding("trips.txt", *(one.row for one in again))
    text = text.adding("stop_times.txt", *(call for one in again for call in one.calls))
    return text.adding("calendar.txt", service("AGAIN", "1111000")), len(again)


def good_trips() -> list[Trip]:
    """N06:00, N06:10 ... from A to F, and S06:00 ... from F to A."""
    starts = range(FIRST_MIN, LAST_MIN, HEADWAY_MIN)
    north = [trip(f"N{clock(60 * start)}", calls(STOPS, start), route="north") for start in starts]
    south = [trip(f"S{clock(60 * start)}", calls(STOPS[::-1], start), route="south") for start in starts]
    return north + south


def calls(stops: str, start_min: int) -> str:
    """Calls along `stops` in the words of `tests.support.feeds.trip`."""
    return " | ".join(f"{stop} {clock(60 * (start_min + HOP_MIN * i))}" for i, stop in enumerate(stops))


def position(stop: str) -> tuple[float, float]:
    """(lon, lat) of a stop."""
    return LON, round(FIRST_LAT + STOPS.index(stop) * STEP_DEG, 6)


def place(stop: str, name: str) -> dict[str, object]:
    """A row of a places file at a stop; its id is the stop's letter."""
    lon, lat = position(stop)
    return {"id": stop, "name": name, "lat": lat, "lon": lon, "basis": "proposed"}


def good_zones() -> gpd.GeoDataFrame:
    """Twelve squares: code, name, district, geometry."""
    spots = gpd.points_from_xy(*zip(*map(position, STOPS), strict=True), crs="EPSG:4326").to_crs("EPSG:27700")
    rows, shapes = [], []
    for stop, spot in zip(STOPS, spots, strict=True):
        for column in (0, 1):
            x = spot.x + 2 * HALF_SIDE_M * column
            rows.append({"code": f"Z{stop}{column}", "name": f"Square {stop}{column}", "district": _district(stop)})
            shapes.append(shapely.box(x - HALF_SIDE_M, spot.y - HALF_SIDE_M, x + HALF_SIDE_M, spot.y + HALF_SIDE_M))
    return gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:27700")


def zone_points() -> list[dict[str, object]]:
    """Where the people of each zone are: at the stop itself in the western squares, in the middle of the eastern ones."""
    zones = good_zones()
    middles = zones.set_index("code").centroid.to_crs("EPSG:4326")
    spots = {f"Z{stop}0": position(stop) for stop in STOPS}
    return [
        {"code": code, "lon": lon, "lat": lat}
        for code in zones["code"]
        for lon, lat in [spots.get(code, (middles[code].x, middles[code].y))]
    ]


def _district(stop: str) -> str:
    return "D1" if stop in "ABC" else "D2"


def people() -> list[dict[str, object]]:
    """100 people and 10 jobs in every zone; the north is the poorer end."""
    return [
        {
            "code": f"Z{stop}{column}",
            "population": 100,
            "jobs": 10,
            "decile": 6 - i,
            "income": 0.1 + i / 50,
            "level4": 0.5 - i / 20,
        }
        for i, stop in enumerate(STOPS)
        for column in (0, 1)
    ]


def saturday() -> dt.date:
    """A date inside the calendar on which nothing runs."""
    return TUESDAY + dt.timedelta(days=4)
