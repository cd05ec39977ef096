"""Landmarks of the web map near its zones: place names, stations, tram stops and tram lines, bundled or of the timetable."""

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS
from shapely import LineString, Polygon

from corridors.bundled import bundled_data
from layers import WGS84
from maps import BaseMap

AROUND_M = 1500.0  # a station just over the boundary still helps
SAME_PLACE_M, SAME_NAME_M = 300.0, 2000.0  # listed positions are recalled: some are hundreds of metres off
RAIL_MODES, TRAM_MODES = ("rail",), ("tram", "metro")


def base_layers(
    zones: gpd.GeoDataFrame, stops: gpd.GeoDataFrame, base_map: BaseMap | None = None
) -> dict[str, gpd.GeoDataFrame]:
    """Places, stations, tram stops and tram lines at or near `zones`, in their CRS, and what the base map draws of land.

    Stations and tram stops are those of the timetable (`stops`: name, mode, points in any CRS), then bundled ones that it
    lacks. Places come largest first, for names stand in that order where there is no room for all; those of the
    base map follow, largest first too. Where no landmark is bundled, only what the timetable and the base map have is found.
    """
    area = shapely.geometrycollections(zones.geometry.to_numpy()).convex_hull.buffer(AROUND_M)
    near = {name: _within(frame, area, zones.crs) for name, frame in _bundled_layers().items()}
    for name, modes in (("tramstops", TRAM_MODES), ("stations", RAIL_MODES)):
        near[name] = _completed(_called_at(stops, modes, area, zones.crs), near[name])
    if base_map is None:
        return near
    places = base_map.of_shape("point").assign(basis="the base map")[["name", "basis", "geometry"]]
    near["places"] = _completed(near["places"], _within(places, area, zones.crs))
    ground = base_map.frame[base_map.frame["kind"] != "place"]
    return {**near, "base_map": ground} if len(ground) else near


@cache
def _bundled_layers() -> dict[str, gpd.GeoDataFrame]:
    """The bundled landmarks that `data/landmarks.toml` lists, by its names, in WGS84."""
    data = bundled_data()
    listed = tomllib.loads((data / "landmarks.toml").read_text(encoding="utf-8"))
    tram = listed.pop("tram")
    lines = _tram_lines(_rows(data / tram["stops"]), _rows(data / tram["services"]))
    return {"tram": lines, **{name: _points(data, **facts) for name, facts in listed.items()}}


def _rows(path: Path) -> pd.DataFrame:
    """The rows of a table of landmarks that are open: no stop or service that is only planned."""
    table = pd.read_csv(path, keep_default_na=False)
    return table[table["stage"] == "open"] if "stage" in table else table


def _points(data: Path, files: Collection[str], largest_first: str = "") -> gpd.GeoDataFrame:
    table = pd.concat([_rows(data / name) for name in files])
    if largest_first:
        table = table.sort_values(largest_first, ascending=False, kind="stable")
    points = gpd.points_from_xy(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table[["name", "basis"]], geometry=points, crs=WGS84)


def _called_at(stops: gpd.GeoDataFrame, modes: Collection[str], area: Polygon, crs: CRS) -> gpd.GeoDataFrame:
    """The places where vehicles of the modes call: platforms that share a name and lie close together are one."""
    own = stops[stops["mode"].isin(modes)] if "mode" in stops else stops.iloc[:0]
    if own.empty:
        return gpd.GeoDataFrame({"name": [], "basis": []}, geometry=[], crs=crs)
    near = _within(own[["name", "geometry"]], area, crs)
    cell = (near.geometry.x // SAME_PLACE_M, near.geometry.y // SAME_PLACE_M)
    return near.groupby(["name", *cell], sort=False).head(1).assign(basis="the timetable").reset_index(drop=True)


def _completed(called_at: gpd.GeoDataFrame, listed: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Those of the timetable, then those listed that are none of them: neither close by nor of a name close enough."""
    near = called_at.geometry.union_all().buffer(SAME_PLACE_M)
    around = called_at.geometry.union_all().buffer(SAME_NAME_M)
    known = listed.within(near) | (listed["name"].isin(called_at["name"]) & listed.within(around))
    return pd.concat([called_at, listed[~known]], ignore_index=True)


def _tram_lines(stops: pd.DataFrame, services: pd.DataFrame) -> gpd.GeoDataFrame:
    """A line through the stops of each service."""
    stops = stops.sort_values(["line", "order"])
    lines = []
    for service in services.itertuples():
        skipped = str(service.not_calling_at).split(" > ")
        calls = stops[(stops["line"] == service.line) & ~stops["name"].isin(skipped)]
        lines.append(LineString(zip(calls["lon"], calls["lat"], strict=True)))
    return gpd.GeoDataFrame({"name": services["name"] + ", stop to stop"}, geometry=lines, crs=WGS84)


def _within(frame: gpd.GeoDataFrame, area: Polygon, crs: CRS) -> gpd.GeoDataFrame:
    placed = frame.to_crs(crs)
    return placed[placed.intersects(area)].reset_index(drop=True)
