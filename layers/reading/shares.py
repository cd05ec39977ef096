"""Converts rates (fractions, percentages or counts) to shares 0-1."""

import pandas as pd

from layers.errors import LayerError
from layers.findings import Finding, findings_of, first_few

UNITS = ("fraction", "percent", "count")
_ENOUGH = 10  # fewer values than this may all be below 1 % without a mistake in the unit


def detected_unit(values: pd.Series) -> str:
    """The likely unit of a column of rates: "fraction" (none above 1), "percent" (none above 100) or "count"."""
    highest = values.max()
    return "fraction" if highest <= 1 else "percent" if highest <= 100 else "count"


def to_share(values: pd.Series, unit: str, base: pd.Series | None = None) -> pd.Series:
    """Rates as shares 0-1, from `unit` "fraction", "percent", or "count" with the `base` of people who are counted.

    Raises LayerError if the values can't be of that unit: negative values, a fraction above 1, a percentage above 100,
    percentages all below 1, counts without a base or above it.
    """
    statement = f"{values.name} is said to be in unit {unit!r}"
    if unit not in UNITS:
        raise LayerError(f"{statement}; expected one of {', '.join(UNITS)}.")
    if (values < 0).any():
        raise LayerError(f"{statement} but is negative in {first_few(values.index[values < 0])}.")
    if unit == "count":
        return _share_of_base(values, base, statement)
    looks = detected_unit(values)
    few = unit == "percent" and values.notna().sum() < _ENOUGH
    if values.notna().any() and looks != unit and not (few and looks == "fraction"):
        raise LayerError(f"{statement} but looks like a {looks} (highest value {values.max():g}). Mend `unit`.")
    return values / (100.0 if unit == "percent" else 1.0)


def doubtful_unit(values: pd.Series, unit: str, where: str) -> tuple[Finding, ...]:
    """A finding for percentages of a few areas that are all below 1, so that they may be fractions; `values` as in the file."""
    if unit != "percent" or not values.gt(0).any() or detected_unit(values) != "fraction":
        return ()
    effect = (
        f"{where}: none of these is above 1 %. If they are shares from 0 to 1, and so a hundred times as large, write unit = "
        '"fraction".'
    )
    return findings_of("percentages_below_one", values.index[values.notna()], len(values), effect)


def _share_of_base(values: pd.Series, base: pd.Series | None, statement: str) -> pd.Series:
    if base is None:
        raise LayerError(f"{statement}; give `base`, the column of people it is counted among.")
    share: pd.Series = values / base.where(base > 0)
    share.name = values.name
    above = share.index[share > 1]
    if len(above):
        raise LayerError(
            f"{statement} but is above the people it is counted among in {len(above):,} areas ({first_few(above)})."
        )
    return share
