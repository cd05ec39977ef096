"""Brownfield land of zones, added up from the register's points, with notes on what was left out."""

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from layers import RAGGED, WGS84, read_text, require_columns

LARGEST_HA = 500.0  # larger entries are in square metres, or another mistake: no brownfield site in England is so large
_POINT = r"^\s*POINT\s*Z?\s*\(\s*(?P<lon>-?[\d.]+)\s+(?P<lat>-?[\d.]+)"


class Brownfield(NamedTuple):
    """Table of zones (lsoa21_code, brownfield_ha, brownfield_sites), and notes on what was left out."""

    table: pd.DataFrame
    notes: tuple[str, ...]


def brownfield_table(path: Path, zones: gpd.GeoDataFrame) -> Brownfield:
    """Hectares and number of sites by zone, from the register's WGS84 points; `zones` has lsoa21_code and polygons.

    A site counts in the zone of its point. Ended entries, and those without a point or with an impossible size, are left out.
    """
    rows, findings = read_text(path, drop_ragged=True)
    ragged = sum(one.count for one in findings if one.code == RAGGED)
    require_columns(path.name, rows.columns, ["point", "hectares", "end-date"])
    current = rows["end-date"] == ""
    places = rows["point"].str.extract(_POINT).apply(pd.to_numeric, errors="coerce")
    hectares = pd.to_numeric(rows["hectares"], errors="coerce")
    placed, sized = places.notna().all(axis=1), (hectares > 0) & (hectares <= LARGEST_HA)
    usable = current & placed & sized
    points = gpd.GeoDataFrame(
        {"ha": hectares[usable]}, geometry=gpd.points_from_xy(places["lon"][usable], places["lat"][usable]), crs=WGS84
    )
    inside = points.to_crs(zones.crs).sjoin(zones[["lsoa21_code", "geometry"]], predicate="within")
    inside = inside[~inside.index.duplicated()]  # a point on a shared border belongs to one of the two
    totals = inside.groupby("lsoa21_code")["ha"].agg(["sum", "size"]).reindex(zones["lsoa21_code"], fill_value=0)
    table = totals.set_axis(["brownfield_ha", "brownfield_sites"], axis="columns").reset_index()
    ended, without_point = int((~current).sum()), int((current & ~placed).sum())
    without_size = int((current & placed & ~sized).sum())
    note = (
        f"of {len(rows):,} entries of England {ended:,} ended, {without_point:,} had no point, {without_size:,} no credible "
        "size; left out"
    ) + (f", and {ragged:,} lines that can't be read" if ragged else "")
    return Brownfield(table.round({"brownfield_ha": 3}), (note,))
