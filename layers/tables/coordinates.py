"""Checks longitudes and latitudes from tables: finds blanks and numbers that can't be degrees."""

import pandas as pd

from layers.tables.number_cells import rows_named


def degree_problems(lon: pd.Series, lat: pd.Series, *, blank_allowed: bool = False) -> list[str]:
    """Descriptions of the problems of coordinates (WGS84 degrees, NaN = blank) on a common index of lines or ids.

    Blanks are a problem unless `blank_allowed`.
    """
    blank = lon.isna() | lat.isna()
    beyond = ~blank & ~(lon.between(-180, 180) & lat.between(-90, 90))
    problems = []
    if blank.any() and not blank_allowed:
        where = rows_named(lon.index[blank])
        problems.append(f"{blank.sum():,} points have no {lon.name} or no {lat.name} ({where})")
    if beyond.any():
        first = f"{lon.name} {lon[beyond].iloc[0]:g}, {lat.name} {lat[beyond].iloc[0]:g}"
        problems.append(
            f"{beyond.sum():,} points have no longitude and latitude in WGS84 degrees ({rows_named(lon.index[beyond])}; the "
            f"first has {first}). They may be metres of a grid, or in each other's place"
        )
    return problems
