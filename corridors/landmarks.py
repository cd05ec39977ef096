"""Bundled landmarks, by which people know where they are: place names, stations, tram stops and tram lines."""

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import LineString

from corridors.bundled import bundled_data
from layers import WGS84


@cache
def bundled_landmarks() -> dict[str, gpd.GeoDataFrame]:
    """The landmarks that `data/landmarks.toml` lists, by its names, in WGS84: name, basis, geometry. None may be changed."""
    data = bundled_data()
    listed = tomllib.loads((data / "landmarks.toml").read_text(encoding="utf-8"))
    tram = listed.pop("tram")
    lines = _tram_lines(_rows(data / tram["stops"]), _rows(data / tram["services"]))
    return {"tram": lines, **{name: _points(data, **facts) for name, facts in listed.items()}}


def known_name(name: str, near: str) -> str:
    """The name of a zone, with the place `near` it where the name is a code: "012B (near Northfield)"."""
    return f"{name} (near {near})" if near else name


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


def _tram_lines(stops: pd.DataFrame, services: pd.DataFrame) -> gpd.GeoDataFrame:
    """A line through the stops of each service."""
    stops = stops.sort_values(["line", "order"])
    lines = []
    for service in services.itertuples():
        skipped = str(service.not_calling_at).split(" > ")
        calls = stops[(stops["line"] == service.line) & ~stops["name"].isin(skipped)]
        lines.append(LineString(zip(calls["lon"], calls["lat"], strict=True)))
    return gpd.GeoDataFrame({"name": services["name"] + ", stop to stop"}, geometry=lines, crs=WGS84)
