"""The small region's line of six stops, anywhere in the world and in any working CRS: files that configurations share.

Each base is a folder with a feed (07:00 to 09:00 only), zones, their points, people, streets, a people grid and a table
of districts; the tables of places are written beside each configuration.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio.transform import from_origin

from tests.support.feeds import feed_text, stop, trip
from tests.support.scenario_text import write_scenario
from tests.support.small_region import STOPS, calls, people

PLACES = {  # working CRS -> (lon, lat) of stop A, where that CRS measures true metres
    "EPSG:27700": (-1.90, 52.40),
    "EPSG:2154": (4.85, 45.75),
    "EPSG:31982": (-51.20, -30.05),
}
_STEP_DEG, _HALF_SIDE_M, _CELL_M = 0.01, 500.0, 250.0
_HALVED = """
[[edit]]
id = "often"
kind = "headway"
basis = "assumed"
line = { number = "north" }
factor = 0.5
"""
Row = Mapping[str, object]


@dataclass(frozen=True)
class TinyRegion:
    """A base: its folder, and where it lies."""

    folder: Path
    lon: float
    lat: float

    def position(self, place: float, east: float = 0.0) -> tuple[float, float]:
        """(lon, lat) `place` stops north of A and `east` steps of a stop's distance to the east."""
        return round(self.lon + east * _STEP_DEG, 6), round(self.lat + place * _STEP_DEG, 6)


def write_tiny_region(folder: Path, crs: str, place: tuple[float, float]) -> TinyRegion:
    """The files of a base in `folder`, its zones in `crs`."""
    folder.mkdir(parents=True)
    region = TinyRegion(folder, *place)
    spots = [region.position(number) for number in range(len(STOPS))]
    zones = _zones(spots, crs)
    zones.to_file(folder / "zones.gpkg")
    middles = zones.geometry.centroid.to_crs("EPSG:4326")
    write_rows(
        folder / "points.csv",
        [{"code": code, "lon": p.x, "lat": p.y} for code, p in zip(zones["code"], middles, strict=True)],
    )
    spots_beyond = [region.position(2, -1), region.position(8)]
    write_rows(
        folder / "beyond.csv",
        [{"id": f"J{n}", "lon": lon, "lat": lat, "jobs": 30} for n, (lon, lat) in enumerate(spots_beyond)],
    )
    write_rows(folder / "people.csv", [{**row, "households": 40, "no_car": 10} for row in people()])
    write_rows(folder / "districts.csv", zones[["code", "district"]].to_dict("records"))
    write_rows(folder / "facts.csv", [{"id": "K0", "topic": "history", "fact": "a fact", "basis": "recalled"}])
    late = [(line, name, hour) for line in ("north", "south") for name in STOPS[:3] for hour in (7, 8)]
    write_rows(
        folder / "delays.csv", [{"line": line, "stop": name, "hour": hour, "delay_s": 90} for line, name, hour in late]
    )
    write_scenario(folder / "halved.toml", _HALVED, "halved")
    _feed(spots).zip(folder / "feed.zip")
    (folder / "streets.osm").write_text(_streets(spots), encoding="utf-8")
    _people_grid(folder / "people.tif", zones)
    return region


def write_rows(path: Path, rows: Sequence[Row], columns: Sequence[str] = ()) -> None:
    """A CSV of rows; of its header alone where there are none."""
    out = io.StringIO()
    names = dict.fromkeys(
        [*columns, *(name for row in rows for name in row)]
    )  # a row may have a cell that no other has
    writer = csv.DictWriter(out, list(names), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")


def _zones(spots: Sequence[tuple[float, float]], crs: str) -> gpd.GeoDataFrame:
    """Twelve squares of a kilometre, two at each stop."""
    placed = gpd.points_from_xy(*zip(*spots, strict=True), crs="EPSG:4326").to_crs(crs)
    rows, shapes = [], []
    for name, spot in zip(STOPS, placed, strict=True):
        for column in (0, 1):
            x, district = spot.x + 2 * _HALF_SIDE_M * column, "D1" if name in "ABC" else "D2"
            rows.append({"code": f"Z{name}{column}", "name": f"Square {name}{column}", "district": district})
            shapes.append(shapely.box(x - _HALF_SIDE_M, spot.y - _HALF_SIDE_M, x + _HALF_SIDE_M, spot.y + _HALF_SIDE_M))
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=crs)


def _feed(spots: Sequence[tuple[float, float]]):  # type: ignore[no-untyped-def]
    starts = range(6 * 60 + 30, 10 * 60, 10)
    north = [trip(f"N{start}", calls(STOPS, start), route="north") for start in starts]
    south = [trip(f"S{start}", calls(STOPS[::-1], start), route="south") for start in starts]
    return feed_text(
        *north, *south, stops=[stop(name, lat, lon) for name, (lon, lat) in zip(STOPS, spots, strict=True)]
    )


def _streets(spots: Sequence[tuple[float, float]]) -> str:
    """One street along the stops, as OSM XML."""
    nodes = "".join(f'<node id="{n}" lat="{lat}" lon="{lon}"/>' for n, (lon, lat) in enumerate(spots, start=1))
    refs = "".join(f'<nd ref="{n}"/>' for n in range(1, len(spots) + 1))
    return f'<osm version="0.6">{nodes}<way id="10" version="1">{refs}<tag k="highway" v="residential"/></way></osm>'


def _people_grid(path: Path, zones: gpd.GeoDataFrame) -> None:
    west, south, east, north = zones.total_bounds
    width, height = (int(side // _CELL_M) + 1 for side in (east - west, north - south))
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=1, dtype="float32", crs=zones.crs,
        transform=from_origin(west, north, _CELL_M, _CELL_M),
    ) as raster:  # fmt: skip
        raster.write(np.ones((1, height, width), np.float32))
