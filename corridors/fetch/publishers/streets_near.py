"""Streets of a neighbouring county: those near the region, so that its people can walk and ride beyond its boundary."""

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import shapely

from accessibility import clip_osm
from corridors.fetch.publishers.outside_jobs import FURTHEST_M
from layers import WGS84


class StreetsNear(NamedTuple):
    """Number of walkable ways kept, and notes on what was left out."""

    ways: int
    notes: tuple[str, ...]


def write_streets_near(download: Path, target: Path, zones: gpd.GeoDataFrame) -> StreetsNear:
    """Write into `target` the walkable ways, whole and with their nodes, of an OpenStreetMap extract that come near.

    Near is a rectangle around the region's zones and `FURTHEST_M` more. Raises `StreetsError` for a damaged extract.
    """
    edge = gpd.GeoSeries([shapely.box(*zones.total_bounds).buffer(FURTHEST_M)], crs=zones.crs).to_crs(WGS84)
    west, south, east, north = (float(bound) for bound in edge.total_bounds)
    walkable, kept = clip_osm(download, target, (west, south, east, north))
    note = f"of {walkable:,} walkable ways {walkable - kept:,} lie more than {FURTHEST_M / 1000:g} km away; left out"
    return StreetsNear(kept, (note,))
