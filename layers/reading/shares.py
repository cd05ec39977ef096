"""Shares: rates that arrive as fractions, percentages or counts, and leave as 0-1."""

import pandas as pd

from layers.errors import LayerError
from layers.findings import named

UNITS = ("fraction", "percent", "count")
_ENOUGH = 10  # fewer values than this may honestly all be below 1 %


def detected_unit(values: pd.Series) -> str:
    """What a column of rates looks like: "fraction" (none above 1), "percent" (none above 100) or "count"."""
    highest = values.max()
    return "fraction" if highest <= 1 else "percent" if highest <= 100 else "count"


def to_share(values: pd.Series, unit: str, base: pd.Series | None = None) -> pd.Series:
    """Rates as shares 0-1, from `unit` fraction, percent, or count with the `base` of people it is counted among.

    Raises LayerError when the values can't be of that unit: negative, a fraction above 1, a percentage above 100,
    percentages that all stay under 1, counts without a base or above it.
    """
    said = f"{values.name} is said to be in unit {unit!r}"
    if unit not in UNITS:
        raise LayerError(f"{said}; expected one of {', '.join(UNITS)}.")
    if (values < 0).any():
        raise LayerError(f"{said} but is negative in {named(values.index[values < 0])}.")
    if unit == "count":
        return _share_of_base(values, base, said)
    looks = detected_unit(values)
    few = unit == "percent" and values.notna().sum() < _ENOUGH
    if values.notna().any() and looks != unit and not (few and looks == "fraction"):
        raise LayerError(f"{said} but looks like a {looks} (highest value {values.max():g}). Mend `unit`.")
    return values / (100.0 if unit == "percent" else 1.0)


def _share_of_base(values: pd.Series, base: pd.Series | None, said: str) -> pd.Series:
    if base is None:
        raise LayerError(f"{said}; give `base`, the column of people it is counted among.")
    share: pd.Series = values / base.where(base > 0)
    share.name = values.name
    above = share.index[share > 1]
    if len(above):
        raise LayerError(
            f"{said} but is above the people it is counted among in {len(above):,} areas ({named(above)})."
        )
    return share
