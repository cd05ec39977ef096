"""Brownfield land: the register's points summed to zones, with what was left out and why."""

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from layers import WGS84, read_text, require_columns

LARGEST_HA = 500.0  # larger entries are square metres, or another mistake: no brownfield site of England comes near
_POINT = r"^\s*POINT\s*Z?\s*\(\s*(?P<lon>-?[\d.]+)\s+(?P<lat>-?[\d.]+)"


class Brownfield(NamedTuple):
    """Columns lsoa21_code, brownfield_ha, brownfield_sites, every zone once; and what was left out."""

    table: pd.DataFrame
    notes: tuple[str, ...]


def brownfield_table(path: Path, zones: gpd.GeoDataFrame) -> Brownfield:
    """Hectares and sites of the register (WGS84 points) by zone; `zones` has lsoa21_code and polygons.

    A site counts where its point lies. Ended entries, those without a point or with an impossible size are left out.
    """
    rows = read_text(path).rows
    require_columns(path.name, rows.columns, ["point", "hectares", "end-date"])
    current = rows["end-date"] == ""
    places = rows["point"].str.extract(_POINT).apply(pd.to_numeric, errors="coerce")
    hectares = pd.to_numeric(rows["hectares"], errors="coerce")
    placed, sized = places.notna().all(axis=1), (hectares > 0) & (hectares <= LARGEST_HA)
    kept = current & placed & sized
    points = gpd.GeoDataFrame(
        {"ha": hectares[kept]}, geometry=gpd.points_from_xy(places["lon"][kept], places["lat"][kept]), crs=WGS84
    )
    inside = points.to_crs(zones.crs).sjoin(zones[["lsoa21_code", "geometry"]], predicate="within")
    inside = inside[~inside.index.duplicated()]  # a point on a shared border belongs to one of the two
    totals = inside.groupby("lsoa21_code")["ha"].agg(["sum", "size"]).reindex(zones["lsoa21_code"], fill_value=0)
    table = totals.set_axis(["brownfield_ha", "brownfield_sites"], axis="columns").reset_index()
    ended, lost = int((~current).sum()), int((current & ~placed).sum())
    odd = int((current & placed & ~sized).sum())
    note = f"of {len(rows):,} entries of England {ended:,} ended, {lost:,} had no point, {odd:,} no credible size; left out"
    return Brownfield(table.round({"brownfield_ha": 3}), (note,))
