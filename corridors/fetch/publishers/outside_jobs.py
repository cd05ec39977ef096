"""Jobs of neighbouring districts at their areas' points, as far as a journey from the region may end there."""

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from layers import WGS84

FURTHEST_M = 10_000.0  # from the region's areas


class OutsideJobs(NamedTuple):
    """Table of areas beyond the region (lsoa21_code, lon, lat, jobs), and notes on what was left out."""

    table: pd.DataFrame
    notes: tuple[str, ...]


def jobs_near(jobs: pd.DataFrame, points: pd.DataFrame, zones: gpd.GeoDataFrame) -> OutsideJobs:
    """The jobs of areas whose point lies within `FURTHEST_M` of the region.

    `jobs` has lsoa21_code and jobs (NaN = withheld), `points` lsoa21_code, lon and lat (WGS84 degrees, as text), `zones`
    the region's polygons.
    """
    placed = jobs.merge(points, on="lsoa21_code").astype({"lon": float, "lat": float})
    at = gpd.GeoSeries.from_xy(placed["lon"], placed["lat"], crs=WGS84).to_crs(zones.crs)
    near = zones.sindex.query(at, predicate="dwithin", distance=FURTHEST_M)[0]
    table = placed.loc[placed.index.isin(near), ["lsoa21_code", "lon", "lat", "jobs"]]
    note = (
        f"of {len(jobs):,} areas of neighbouring districts {len(jobs) - len(placed):,} have no point and "
        f"{len(placed) - len(table):,} lie more than {FURTHEST_M / 1000:g} km from the region; left out"
    )
    return OutsideJobs(table, (note,))
