"""Employment land and jobs: sites with their status and claims, and what of them is within reach."""

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.errors import LayerError, raise_together
from layers.findings import named
from layers.geometries import BRITISH_NATIONAL_GRID
from layers.reading.places import read_point_places
from layers.tables.number_cells import to_numbers

# How much of a hectare counts towards employment land in reach (docs: scoring); housing is no employment land.
STATUS_WEIGHTS: Mapping[str, float] = {"open": 1.0, "permitted": 0.7, "allocated": 0.4, "housing": 0.0}
MAX_HA = 100_000.0  # of one site: more than any city covers
CLAIM_COLUMNS = ("claimed_jobs", "claimed_by", "claim_date", "note")


def read_sites(path: Path | str, crs: str = BRITISH_NATIONAL_GRID) -> gpd.GeoDataFrame:
    """Sites: index id; name, ha (NaN = not given), status, claimed_jobs, claimed_by, claim_date, basis, note (text).

    Claims stay words ("up to 2,700"): they are promoters' and are never added up. Raises LayerError for duplicate ids,
    unknown status words and hectares that are no numbers.
    """
    name = Path(path).name
    sites = read_point_places(path, crs)
    given = sites["ha"] if "ha" in sites.columns else pd.Series("", index=sites.index, name="ha")
    ha, _, problems = to_numbers(given, name)
    odd = ha.index[(ha < 0) | (ha > MAX_HA)]
    if len(odd):
        problems.append(f"ha must be hectares from 0 to {MAX_HA:,.0f} ({named(odd)})")
    status = sites["status"].str.lower() if "status" in sites.columns else pd.Series("", index=sites.index)
    unknown = status[~status.isin(STATUS_WEIGHTS.keys())]
    if len(unknown):
        words = ", ".join(STATUS_WEIGHTS)
        problems.append(f"status must be one of {words} ({named(unknown.index + ': ' + unknown.map(repr))})")
    raise_together(name, problems)
    claims = {column: sites[column] if column in sites.columns else "" for column in CLAIM_COLUMNS}
    return sites.assign(ha=ha, status=status, **claims)


def weighted_hectares(sites: gpd.GeoDataFrame) -> pd.Series:
    """Hectares of employment land that count, by site: hectares x status weight; 0 where no hectares are given."""
    if sites.index.has_duplicates:
        raise LayerError(f"sites listed twice would count twice ({named(sites.index[sites.index.duplicated()])}).")
    weight = sites["status"].map(STATUS_WEIGHTS).to_numpy()
    return pd.Series(sites["ha"].fillna(0.0).to_numpy() * weight, index=sites.index, name="weighted_ha")


def within_reach(
    minutes: npt.NDArray[np.floating], amounts: npt.NDArray[np.floating], cutoff_min: float
) -> npt.NDArray[np.float64]:
    """Amount (jobs or hectares) within `cutoff_min` of each origin.

    `minutes` is (n_origins, n_destinations), NaN = unreachable; `amounts` is (n_destinations,), NaN counts as 0.
    """
    reached = minutes <= cutoff_min  # NaN compares as False: unreachable is out of reach
    return np.asarray(reached.astype("float64") @ np.nan_to_num(amounts.astype("float64")))
