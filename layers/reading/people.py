"""People and households: parts checked to be no larger than their whole, and the share of households without a car."""

from collections.abc import Mapping

import pandas as pd

from layers.errors import LayerError
from layers.findings import Finding, found, named

# part -> whole, among the field names the planner knows
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
    """Parts above their wholes, counted; frame is on zone_id with any of the known fields.

    A few zones over by the size of disclosure control are usable. Raises LayerError when a part exceeds its whole in
    more than 5 % of zones: columns are swapped or of different tables.
    """
    findings: tuple[Finding, ...] = ()
    for part, whole in PARTS.items():
        if part not in frame.columns or whole not in frame.columns:
            continue
        over = frame.index[frame[part] > frame[whole] + _PERTURBED]
        if len(over) > _MAX_BROKEN_SHARE * len(frame):
            raise LayerError(
                f"{where}: {part} is larger than {whole} in {len(over):,} of {len(frame):,} zones ({named(over)}); the "
                "columns are swapped or belong to different tables."
            )
        findings += found(
            "part_above_whole", over, len(frame), f"{where}: {part} is larger than {whole} in these zones."
        )
    return findings


def no_car_share(households_no_car: pd.Series, households: pd.Series) -> pd.Series:
    """Share (0-1) of households without a car or van; NaN where no household was counted."""
    return (households_no_car / households.where(households > 0)).clip(upper=1.0).rename("no_car_share")
