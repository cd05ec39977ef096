"""Checks that numbers of people and households do not exceed their wholes, and computes the share without a car."""

from collections.abc import Mapping

import pandas as pd

from layers.errors import LayerError
from layers.findings import Finding, findings_of, first_few

# part -> whole, by field name
PARTS: Mapping[str, str] = {
    "population_16plus": "population",
    "working_age": "population",
    "age_0_14": "population",
    "age_65plus": "population",
    "economically_active": "population",
    "unemployed": "economically_active",
    "households": "population",
    "households_no_car": "households",
}
_PERTURBED = (
    10  # Census counts are swapped and perturbed a little so that nobody can be singled out; tables differ by this
)
_MAX_BROKEN_SHARE = 0.05


def check_people(frame: pd.DataFrame, where: str) -> tuple[Finding, ...]:
    """Findings that count zones in which a part exceeds its whole; `frame` has any of the known fields on zone_id.

    Differences as small as those of disclosure control are ignored. Raises LayerError if a part exceeds its whole in more
    than 5 % of zones, because columns are swapped or of different tables.
    """
    findings: tuple[Finding, ...] = ()
    for part, whole in PARTS.items():
        if part not in frame.columns or whole not in frame.columns:
            continue
        over = frame.index[frame[part] > frame[whole] + _PERTURBED]
        if len(over) > _MAX_BROKEN_SHARE * len(frame):
            raise LayerError(
                f"{where}: {part} is larger than {whole} in {len(over):,} of {len(frame):,} zones ({first_few(over)}); the "
                "columns are swapped or belong to different tables."
            )
        findings += findings_of(
            "part_above_whole", over, len(frame), f"{where}: {part} is larger than {whole} in these zones."
        )
    return findings


def no_car_share(households_no_car: pd.Series, households: pd.Series) -> pd.Series:
    """The share (0-1) of households without a car or van, by zone; NaN where there are no households."""
    return (households_no_car / households.where(households > 0)).clip(upper=1.0).rename("no_car_share")
