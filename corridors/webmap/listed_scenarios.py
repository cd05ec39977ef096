"""The scenarios that a run's configuration lists as indicators of its map: minutes saved and lost by each."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd

from corridors.results import ListedScenarios
from maps import Indicator, scale_for

SAVED = "saved_by_"  # before a scenario's id: columns of minutes saved
GROUP = "What would change it"
_NOTE = (
    "With the scenario alone: {}. To the last centre needed, at the median departure and the middle of the timetables tried. "
    "Less than a minute counts as no change; losses are hatched. Status, as its file states it: {}."
)


def with_scenarios(
    zones: gpd.GeoDataFrame, listed: ListedScenarios | None
) -> tuple[gpd.GeoDataFrame, tuple[Indicator, ...]]:
    """The zones with a column for each scenario, and its indicator; all share one scale, so that they can be compared."""
    if listed is None:
        return zones, ()
    columns, indicators = {}, []
    for row in listed.scenarios[listed.scenarios["edits"] > 0].itertuples():
        column = f"{SAVED}{row.scenario_id}"
        columns[column] = minutes_saved(zones, listed, str(row.scenario_id))
        note = _NOTE.format(row.title, row.status)
        indicators.append(Indicator(column, f"Minutes saved and lost: {row.title}", "change", "min", GROUP, note=note))
    if not columns:
        return zones, ()
    scale = scale_for(pd.concat(list(columns.values())), "change", "min")
    return zones.assign(**columns), tuple(replace(one, scale=scale) for one in indicators)


def minutes_saved(zones: gpd.GeoDataFrame, listed: ListedScenarios, scenario: str) -> "pd.Series[float]":
    """Minutes saved by zone with a scenario, below 0 where lost; 0 for zones that do not gain or lose a minute."""
    moved = listed.scenario_zones
    of = moved[(moved["scenario_id"] == scenario) & moved["change"].isin(["gains", "loses"])]
    saved: pd.Series[float] = of.set_index("zone_id")["minutes_saved"].reindex(zones.index).fillna(0.0)
    return saved
