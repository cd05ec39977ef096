"""Layers of the scenarios that a run lists: the zones that they move, the lines that they make, and their stops."""

import geopandas as gpd
import pandas as pd

from corridors.outputs.styles import PLAIN, minutes_saved_styles
from corridors.results import ListedScenarios
from layers import ColumnNote, Notes, Style

CHANGES, LINES, STOPS = "scenario_changes", "scenario_lines", "scenario_stops"
_SAVED, _TEST = "saved_by_", "test_by_"  # before a scenario's id: columns of the changes
_NOTES: Notes = {
    "scenario_id": ColumnNote("Scenario", "text"),
    "scenario": ColumnNote("Title of the scenario", "text"),
    "status": ColumnNote("Status, as the file's author states it", "text"),
    "number": ColumnNote("Number of the line", "text"),
    "operator": ColumnNote("Operator", "text"),
    "mode": ColumnNote("Mode", "text"),
    "direction": ColumnNote("Direction", "text"),
    "stop_id": ColumnNote("Stop", "text"),
    "name": ColumnNote("Name", "text"),
    "lines": ColumnNote("Lines of the scenario that call", "text"),
    "new": ColumnNote("Whether the timetable has no such stop", "true/false"),
    "edit_id": ColumnNote("Edit that makes it", "text"),
    "zone_id": ColumnNote("Zone code", "text"),
    "people": ColumnNote("Residents", "people"),
}


def scenario_frames(listed: ListedScenarios | None, zones: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Layer -> frame, of the layers that have features.

    The changes hold the zones that any scenario moves: index zone_id; name, people, then for every scenario `saved_by_ID`
    (minutes to the last centre needed, below 0 where lost, 0 below a minute) and `test_by_ID` ("enters", "leaves" or "").
    """
    if listed is None:
        return {}
    frames = {CHANGES: _changes(listed, zones), LINES: listed.lines, STOPS: listed.stops}
    return {name: frame for name, frame in frames.items() if len(frame)}


def _changes(listed: ListedScenarios, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    moved = listed.scenario_zones
    columns: dict[str, pd.Series] = {}
    for scenario, of in moved.groupby("scenario_id", sort=False):
        rows = of.set_index("zone_id")
        columns[f"{_SAVED}{scenario}"] = rows["minutes_saved"].where(rows["change"].isin(["gains", "loses"]), 0.0)
        columns[f"{_TEST}{scenario}"] = rows.apply(_test_word, axis=1)
    inside = zones.index.isin(moved["zone_id"])
    found: gpd.GeoDataFrame = zones.loc[inside, ["name", "population", "geometry"]].rename(
        columns={"population": "people"}
    )
    filled = {
        name: column.reindex(found.index).fillna(0.0 if name.startswith(_SAVED) else "")
        for name, column in columns.items()
    }
    return gpd.GeoDataFrame(found.assign(**filled))


def _test_word(row: pd.Series) -> str:
    return "enters" if row["enters_test"] else "leaves" if row["leaves_test"] else ""


def scenario_styles(layer: str, listed: ListedScenarios, frame: gpd.GeoDataFrame) -> tuple[Style, ...]:
    """The styles of one of these layers; those of the changes share their classes, so that scenarios can be compared."""
    if layer != CHANGES:
        return (PLAIN[layer],)
    titles = _titles(listed)
    saved = {f"{_SAVED}{scenario}": f"Minutes saved and lost: {title}" for scenario, title in titles.items()}
    return minutes_saved_styles(frame, {column: title for column, title in saved.items() if column in frame})


def scenario_notes(layer: str, listed: ListedScenarios) -> Notes:
    """The notes of the columns of one of these layers."""
    if layer != CHANGES:
        return _NOTES
    own = {}
    for scenario, title in _titles(listed).items():
        own[f"{_SAVED}{scenario}"] = ColumnNote(f"Minutes saved to the last centre needed with {title} alone", "min")
        own[f"{_TEST}{scenario}"] = ColumnNote(f"Enters or leaves the headline's test with {title} alone", "text")
    return {**_NOTES, **own}


def _titles(listed: ListedScenarios) -> dict[str, str]:
    return dict(zip(listed.scenarios["scenario_id"].astype(str), listed.scenarios["title"].astype(str), strict=True))
