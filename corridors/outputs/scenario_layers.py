"""Layers of the scenarios that a run lists: the zones that they move, the lines that they make, and their stops."""

import geopandas as gpd
import pandas as pd

from corridors.catalogue.columns import meaning_of
from corridors.catalogue.scenario_columns import SCENARIO_LINES, SCENARIO_STOPS
from corridors.outputs.styles import minutes_saved_styles
from corridors.results import ListedScenarios
from corridors.webmap.listed_scenarios import SAVED, minutes_saved
from layers import ColumnNote, Notes, Style

CHANGES = "scenario_changes"
_TEST = "test_by_"  # before a scenario's id, as `SAVED`: columns of the changes


def scenario_frames(listed: ListedScenarios, zones: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Layer -> frame, of the layers that have features.

    The changes hold the zones that any scenario moves: index zone_id; name, people, then for every scenario `saved_by_ID`
    (minutes to the last centre needed, below 0 where lost, 0 below a minute) and `test_by_ID` ("enters", "leaves" or "").
    """
    frames = {CHANGES: _changes(listed, zones), SCENARIO_LINES: listed.lines, SCENARIO_STOPS: listed.stops}
    return {name: frame for name, frame in frames.items() if len(frame)}


def _changes(listed: ListedScenarios, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    moved = listed.scenario_zones
    found = zones.loc[zones.index.isin(moved["zone_id"]), ["name", "population", "geometry"]]
    columns: dict[str, pd.Series] = {}
    for scenario, of in moved.groupby("scenario_id", sort=False):
        columns[f"{SAVED}{scenario}"] = minutes_saved(found, listed, str(scenario))
        words = of.set_index("zone_id").apply(_test_word, axis=1)
        columns[f"{_TEST}{scenario}"] = words.reindex(found.index).fillna("")
    return gpd.GeoDataFrame(found.rename(columns={"population": "people"}).assign(**columns))


def _test_word(row: pd.Series) -> str:
    return "enters" if row["enters_test"] else "leaves" if row["leaves_test"] else ""


def changes_styles(listed: ListedScenarios, changes: gpd.GeoDataFrame) -> tuple[Style, ...]:
    """The styles of the changes, one for each scenario, in the same classes, so that they can be compared."""
    titles = {f"{SAVED}{scenario}": f"Minutes saved and lost: {title}" for scenario, title in _titles(listed).items()}
    return minutes_saved_styles(changes, {column: title for column, title in titles.items() if column in changes})


def scenario_notes(layer: str, listed: ListedScenarios, frame: gpd.GeoDataFrame) -> Notes:
    """The notes of the columns of one of these layers."""
    own = {}
    for scenario, title in _titles(listed).items():
        own[f"{SAVED}{scenario}"] = ColumnNote(f"Minutes saved to the last centre needed with {title} alone", "min")
        own[f"{_TEST}{scenario}"] = ColumnNote(f"Enters or leaves the headline's test with {title} alone", "text")
    return {**notes_of_columns(layer, frame), **own}


def notes_of_columns(layer: str, frame: gpd.GeoDataFrame) -> Notes:
    """The notes of a layer's index and columns, as the catalogue has them."""
    names = [str(name) for name in (frame.index.name, *frame.columns) if name not in {None, "geometry"}]
    return {name: ColumnNote(*meaning_of(name, table=layer)) for name in names}


def _titles(listed: ListedScenarios) -> dict[str, str]:
    return dict(zip(listed.scenarios["scenario_id"].astype(str), listed.scenarios["title"].astype(str), strict=True))
