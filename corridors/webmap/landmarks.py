"""Landmarks of the web map near its zones, bundled, of the timetable or of the base map."""

from collections.abc import Collection

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS
from shapely import Polygon

from corridors.landmarks import bundled_landmarks
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
    near = {name: _within(frame, area, zones.crs) for name, frame in bundled_landmarks().items()}
    for name, modes in (("tramstops", TRAM_MODES), ("stations", RAIL_MODES)):
        near[name] = _completed(_called_at(stops, modes, area, zones.crs), near[name])
    if base_map is None:
        return near
    places = base_map.of_shape("point").assign(basis="the base map")[["name", "basis", "geometry"]]
    near["places"] = _completed(near["places"], _within(places, area, zones.crs))
    ground = base_map.frame[base_map.frame["kind"] != "place"]
    return {**near, "base_map": ground} if len(ground) else near


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


def _within(frame: gpd.GeoDataFrame, area: Polygon, crs: CRS) -> gpd.GeoDataFrame:
    placed = frame.to_crs(crs)
    return placed[placed.intersects(area)].reset_index(drop=True)
