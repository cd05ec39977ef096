"""Active NaPTAN stops, placed by easting and northing because longitude and latitude are often empty."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd
from pyproj import Transformer

from layers import BRITISH_NATIONAL_GRID, RAGGED, WGS84, read_text, require_columns

_COLUMNS = {"atco_code": "ATCOCode", "name": "CommonName", "locality": "LocalityName", "stop_type": "StopType"}


class Stops(NamedTuple):
    """Table of stops (atco_code, name, locality, stop_type, lon, lat in WGS84), and notes on what was left out."""

    table: pd.DataFrame
    notes: tuple[str, ...]


def stops_table(path: Path) -> Stops:
    """The active stops of a NaPTAN file that have a grid reference. Raises LayersError where a column is missing."""
    rows, findings = read_text(path, drop_ragged=True)
    require_columns(path.name, rows.columns, [*_COLUMNS.values(), "Easting", "Northing", "Status"])
    active = rows["Status"].str.lower() == "active"
    east = pd.to_numeric(rows["Easting"], errors="coerce")
    north = pd.to_numeric(rows["Northing"], errors="coerce")
    placed = (east > 0) & (north > 0)
    usable = active & placed
    lon, lat = Transformer.from_crs(BRITISH_NATIONAL_GRID, WGS84, always_xy=True).transform(
        east[usable].to_numpy(), north[usable].to_numpy()
    )
    table = rows.loc[usable, list(_COLUMNS.values())].set_axis(list(_COLUMNS), axis="columns").reset_index(drop=True)
    table["lon"], table["lat"] = lon.round(6), lat.round(6)
    ragged = sum(one.count for one in findings if one.code == RAGGED)
    note = f"{int((~active).sum()):,} stops out of use and {int((active & ~placed).sum()):,} without a place left out"
    note += f"; {ragged:,} lines that can't be read" if ragged else ""
    return Stops(table, (note,))
