"""What helps a reader to find their way on the map without online tiles: place names, stations and the tram line."""

from collections.abc import Collection
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import LineString

from corridors.bundled import bundled_data
from layers import WGS84

AROUND_M = 1500.0  # a station just over the boundary still helps
SAME_PLACE_M, SAME_NAME_M = 300.0, 2000.0  # listed positions are recalled: some are hundreds of metres off
RAIL_MODES, TRAM_MODES = ("rail",), ("tram", "metro")
STATIONS = ("places/stations.csv", "demo/more_stations.csv")


def base_layers(zones: gpd.GeoDataFrame, stops: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Places, stations, tram stops and tram lines at or near `zones`, in their CRS.

    Stations and tram stops are those of the timetable (`stops`: name, mode, points in any CRS), then bundled ones that it
    lacks. Places come largest first, for names stand in that order where there is no room for all. Elsewhere than in the West
    Midlands only what the timetable has is found.
    """
    data = bundled_data()
    tram = pd.read_csv(data / "places" / "metro_stops.csv").query("stage == 'open'").sort_values(["line", "order"])
    towns = pd.read_csv(data / "demo" / "towns.csv").sort_values("people_k", ascending=False, kind="stable")
    stations = pd.concat(pd.read_csv(data / name) for name in STATIONS)
    listed = {"tram": _tram_lines(tram, data), "places": _points(towns)}
    found = {name: _near(frame, zones) for name, frame in listed.items()}
    for name, table, modes in (("tramstops", tram, TRAM_MODES), ("stations", stations, RAIL_MODES)):
        found[name] = _completed(_called_at(stops, modes, zones), _near(_points(table), zones))
    return found


def _points(table: pd.DataFrame) -> gpd.GeoDataFrame:
    points = gpd.points_from_xy(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table[["name", "basis"]], geometry=points, crs=WGS84)


def _called_at(stops: gpd.GeoDataFrame, modes: Collection[str], zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The places where vehicles of the modes call: platforms that share a name and lie close together are one."""
    own = stops[stops["mode"].isin(modes)] if "mode" in stops else stops.iloc[:0]
    if own.empty:
        return gpd.GeoDataFrame({"name": [], "basis": []}, geometry=[], crs=zones.crs)
    near = _near(own[["name", "geometry"]], zones)
    cell = (near.geometry.x // SAME_PLACE_M, near.geometry.y // SAME_PLACE_M)
    return near.groupby(["name", *cell], sort=False).head(1).assign(basis="the timetable").reset_index(drop=True)


def _completed(called_at: gpd.GeoDataFrame, listed: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Those of the timetable, then those listed that are none of them: neither close by nor of a name close enough."""
    near = called_at.geometry.union_all().buffer(SAME_PLACE_M)
    around = called_at.geometry.union_all().buffer(SAME_NAME_M)
    known = listed.within(near) | (listed["name"].isin(called_at["name"]) & listed.within(around))
    return pd.concat([called_at, listed[~known]], ignore_index=True)


def _tram_lines(stops: pd.DataFrame, data: Path) -> gpd.GeoDataFrame:
    """A line through the stops of each service that runs today."""
    services = pd.read_csv(data / "demo" / "metro_services.csv", keep_default_na=False).query("stage == 'open'")
    lines = []
    for service in services.itertuples():
        skipped = str(service.not_calling_at).split(" > ")
        calls = stops[(stops["line"] == service.line) & ~stops["name"].isin(skipped)]
        lines.append(LineString(zip(calls["lon"], calls["lat"], strict=True)))
    return gpd.GeoDataFrame({"name": services["name"] + ", stop to stop"}, geometry=lines, crs=WGS84)


def _near(frame: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    area = zones.geometry.union_all().convex_hull.buffer(AROUND_M)
    placed = frame.to_crs(zones.crs)
    return placed[placed.intersects(area)].reset_index(drop=True)
