"""Reads employment sites with their status and claims, and jobs at points; computes the hectares and jobs within reach."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.errors import LayerError, raise_together
from layers.findings import Finding, findings_of, first_few
from layers.geometries import BRITISH_NATIONAL_GRID, WGS84
from layers.reading.places import read_point_places
from layers.reading.zones import Zones
from layers.tables.coordinates import degree_problems
from layers.tables.number_cells import to_numbers
from layers.tables.read import read_table

# The share of a hectare that counts as employment land, by status; housing does not count.
STATUS_WEIGHTS: Mapping[str, float] = {"open": 1.0, "permitted": 0.7, "allocated": 0.4, "housing": 0.0}
MAX_HA = 100_000.0  # of one site: more than any city covers
CLAIM_COLUMNS = ("claimed_jobs", "claimed_by", "claim_date", "note")


class JobsOutside(NamedTuple):
    """Jobs at points beyond the zones: index id; jobs, lon, lat (WGS84 degrees), x, y and geometry (the zones' CRS)."""

    frame: gpd.GeoDataFrame
    findings: tuple[Finding, ...]


def read_sites(path: Path | str, crs: str = BRITISH_NATIONAL_GRID) -> gpd.GeoDataFrame:
    """Sites from a file: index id; name, ha (NaN = not given), status, claimed_jobs, claimed_by, claim_date, basis, note.

    Claims stay text ("up to 2,700"), because they are made by promoters and must not be added up. Raises LayerError for
    duplicate ids, an unknown status, and hectares that are not numbers or out of range.
    """
    name = Path(path).name
    sites = read_point_places(path, crs)
    hectares = sites["ha"] if "ha" in sites.columns else pd.Series("", index=sites.index, name="ha")
    ha, _, problems = to_numbers(hectares, name)
    odd = ha.index[(ha < 0) | (ha > MAX_HA)]
    if len(odd):
        problems.append(f"ha must be hectares from 0 to {MAX_HA:,.0f} ({first_few(odd)})")
    status = sites["status"].str.lower() if "status" in sites.columns else pd.Series("", index=sites.index)
    unknown = status[~status.isin(STATUS_WEIGHTS.keys())]
    if len(unknown):
        words = ", ".join(STATUS_WEIGHTS)
        problems.append(f"status must be one of {words} ({first_few(unknown.index + ': ' + unknown.map(repr))})")
    raise_together(name, problems)
    claims = {column: sites[column] if column in sites.columns else "" for column in CLAIM_COLUMNS}
    return sites.assign(ha=ha, status=status, **claims)


def read_jobs_outside(  # keyword-only
    path: Path | str, *, id_column: str, lon_column: str, lat_column: str, jobs_column: str, zones: Zones
) -> JobsOutside:
    """Jobs at points beyond the zones, from a CSV of points in WGS84 degrees.

    Rows without a point or without a number of jobs are left out, and so are points inside a zone, whose jobs the zone's
    own hold already; both are counted. Raises LayerError for cells that are no numbers, degrees that are none and jobs
    below 0.
    """
    name, numbers = Path(path).name, [lon_column, lat_column, jobs_column]
    rows, findings = read_table(path, key=id_column, numbers=numbers)
    lon, lat, jobs = (rows[column] for column in numbers)
    below = jobs.index[jobs < 0]
    negative = [f"column {jobs_column} holds jobs below 0 ({first_few(below)})"] if len(below) else []
    raise_together(name, degree_problems(lon, lat, blank_allowed=True) + negative)
    points = gpd.GeoSeries.from_xy(lon, lat, index=rows.index, crs=WGS84).to_crs(zones.frame.crs)
    placed = np.isfinite(points.x) & np.isfinite(points.y)  # a point on the other side of the world has no place here
    inside = pd.Series(False, index=rows.index)
    inside.iloc[zones.frame.sindex.query(points, predicate="intersects")[0]] = True
    effect = f"{name}: these rows give no point or no number of jobs; their jobs count nowhere."
    findings += findings_of("jobs_outside_unusable", rows.index[~placed | jobs.isna()], len(rows), effect)
    effect = f"{name}: these points lie inside a zone, which has jobs of its own; they are left out, or they would count twice."
    findings += findings_of("jobs_outside_in_a_zone", rows.index[inside], len(rows), effect)
    frame = gpd.GeoDataFrame({"jobs": jobs, "lon": lon, "lat": lat, "x": points.x, "y": points.y}, geometry=points)
    return JobsOutside(frame[placed & jobs.notna() & ~inside], findings)


def size_unknown(sites: gpd.GeoDataFrame) -> pd.Series:
    """Whether each site is employment land of unknown size, (n_sites,)."""
    unknown: pd.Series = sites["ha"].isna() & sites["status"].map(STATUS_WEIGHTS).gt(0)
    return unknown


def with_assumed_sizes(sites: gpd.GeoDataFrame, quantile: float | None) -> gpd.GeoDataFrame:
    """The sites, those of unknown size with a quantile (0-1) of the known sizes of employment land; None for no size."""
    unknown = size_unknown(sites)
    known = sites.loc[~unknown & sites["status"].map(STATUS_WEIGHTS).gt(0), "ha"]
    size = float(known.quantile(quantile)) if quantile is not None and len(known) else 0.0
    return sites.assign(ha=sites["ha"].mask(unknown, size))


def weighted_hectares(sites: gpd.GeoDataFrame) -> pd.Series:
    """Weighted hectares of employment land by site: hectares x weight of the status; 0 where no hectares are given.

    Raises LayerError for sites listed twice.
    """
    if sites.index.has_duplicates:
        raise LayerError(f"sites listed twice would count twice ({first_few(sites.index[sites.index.duplicated()])}).")
    weight = sites["status"].map(STATUS_WEIGHTS).to_numpy()
    return pd.Series(sites["ha"].fillna(0.0).to_numpy() * weight, index=sites.index, name="weighted_ha")


def within_reach(
    minutes: npt.NDArray[np.floating], amounts: npt.NDArray[np.floating], cutoff_min: float
) -> npt.NDArray[np.float64]:
    """(n_origins,) amount (jobs or hectares) within `cutoff_min` minutes of each origin.

    `minutes` is (n_origins, n_destinations), NaN = unreachable; `amounts` is (n_destinations,), NaN counts as 0.
    """
    reached = minutes <= cutoff_min  # the comparison is False for NaN
    return np.asarray(reached.astype("float64") @ np.nan_to_num(amounts.astype("float64")))
