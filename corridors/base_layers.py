"""What helps a reader to find their way on the map without online tiles: place names, stations and the tram line."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import LineString

from corridors.bundled import bundled_data

DEGREES = "EPSG:4326"
AROUND_M = 1500.0  # a station just over the boundary still helps
LINE_NAME = "West Midlands Metro, stop to stop"


def base_layers(zones: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """The bundled places, stations, tramstops and tram lines at or near `zones`, in their CRS.

    Places come largest first, for names stand in that order where there is no room for all. Elsewhere than in the West
    Midlands every layer is empty.
    """
    data = bundled_data()
    stops = pd.read_csv(data / "places" / "metro_stops.csv").query("stage == 'open'").sort_values(["line", "order"])
    towns = pd.read_csv(data / "demo" / "towns.csv").sort_values("people_k", ascending=False, kind="stable")
    found = {
        "tram": _tram_lines(stops, data),
        "tramstops": _points(stops),
        "stations": _points(pd.read_csv(data / "places" / "stations.csv")),
        "places": _points(towns),
    }
    return {name: _near(frame, zones) for name, frame in found.items()}


def _points(table: pd.DataFrame) -> gpd.GeoDataFrame:
    points = gpd.points_from_xy(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table[["name", "basis"]], geometry=points, crs=DEGREES)


def _tram_lines(stops: pd.DataFrame, data: Path) -> gpd.GeoDataFrame:
    """A line through the stops of each service that runs today."""
    services = pd.read_csv(data / "demo" / "metro_services.csv", keep_default_na=False).query("stage == 'open'")
    lines = []
    for service in services.itertuples():
        skipped = str(service.not_calling_at).split(" > ")
        calls = stops[(stops["line"] == service.line) & ~stops["name"].isin(skipped)]
        lines.append(LineString(zip(calls["lon"], calls["lat"], strict=True)))
    return gpd.GeoDataFrame({"name": LINE_NAME}, index=range(len(lines)), geometry=lines, crs=DEGREES)


def _near(frame: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    area = zones.geometry.union_all().convex_hull.buffer(AROUND_M)
    placed = frame.to_crs(zones.crs)
    return placed[placed.intersects(area)].reset_index(drop=True)
