"""Edits of the land: homes, jobs and places added to the zone that holds their point, and to nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from accessibility import LandUse
from corridors.inputs.read import Context
from corridors.scenarios.files.read import ScenarioEdit
from layers import WGS84

HOMES, JOBS = "homes", "jobs"
_FIELDS: Mapping[str, str] = {HOMES: "population", JOBS: "jobs"}


def with_land(context: Context, edits: Sequence[ScenarioEdit]) -> tuple[Context, list[str]]:
    """(the region after the edits of its land, problems). What is added counts once, in one zone; other edits are ignored."""
    problems: list[str] = []
    for one in edits:
        if isinstance(one.edit, LandUse):
            problem = _problem(context, one, one.edit)
            if problem:
                problems.append(f"edit {one.id!r}: {problem}")
            elif one.edit.kind in _FIELDS:
                context = _with_count(context, one, one.edit)
            else:
                context = _with_place(context, one.edit)
    return context, problems


def residents_of(one: ScenarioEdit, edit: LandUse) -> float:
    """People who live in the homes of an edit, or jobs."""
    return edit.count * (one.people_per_home or 0.0) if edit.kind == HOMES else edit.count


def _problem(context: Context, one: ScenarioEdit, edit: LandUse) -> str:
    """What is wrong with an edit of the land, "" if nothing is."""
    known = [HOMES, JOBS, *context.destinations]
    if edit.kind not in known:
        return f"the run knows no use {edit.kind!r}; known are {', '.join(known)} (kinds of destination of the configuration)"
    if edit.kind not in _FIELDS:
        return "" if edit.count == 1 else f"a place of kind {edit.kind!r} is one place: leave out its count"
    if edit.kind == HOMES and one.people_per_home is None:
        return "give people_per_home: the tool does not guess how many people a home holds"
    return _count_problem(context, one, edit, _FIELDS[edit.kind])


def _count_problem(context: Context, one: ScenarioEdit, edit: LandUse, name: str) -> str:
    if name not in context.values:
        return f"no layer of the configuration has the field {name!r}"
    zone = zone_at(context, edit.at)
    if zone is None:
        return f"{edit.at[0]}, {edit.at[1]} lies in no zone of the region"
    held = _held(context, zone, name)
    if held + residents_of(one, edit) < 0:
        return f"it takes away {-residents_of(one, edit):,.0f} where there are {held:,.0f} (zone {zone})"
    return ""


def zone_at(context: Context, at: tuple[float, float]) -> str | None:
    """The id of the zone that holds a place (latitude, longitude); of several the first. None where there is none."""
    spot = gpd.GeoSeries(gpd.points_from_xy([at[1]], [at[0]], crs=WGS84)).to_crs(context.zones.crs).iloc[0]
    inside = np.flatnonzero(context.zones.intersects(spot).to_numpy())
    return str(context.zones.index[inside[0]]) if len(inside) else None


def _with_count(context: Context, one: ScenarioEdit, edit: LandUse) -> Context:
    zone, name = zone_at(context, edit.at) or "", _FIELDS[edit.kind]
    counts = context.values[name].astype(float).copy()
    counts[zone] = _held(context, zone, name) + residents_of(one, edit)
    return replace(context, values=context.values.assign(**{name: counts}))


def _held(context: Context, zone: str, name: str) -> float:
    """The value of a field in a zone; unknown counts as none."""
    return float(context.values[name].astype(float).fillna(0.0)[zone])


def _with_place(context: Context, edit: LandUse) -> Context:
    places = context.destinations[edit.kind]
    spot = gpd.GeoSeries(gpd.points_from_xy([edit.at[1]], [edit.at[0]], crs=WGS84)).to_crs(places.crs)
    row = gpd.GeoDataFrame(
        {"name": [edit.name or edit.id], "lon": [edit.at[1]], "lat": [edit.at[0]]}, geometry=spot.array, crs=places.crs
    ).set_axis([f"scenario:{edit.id}"])
    every = pd.concat([places, row])
    return replace(context, destinations={**context.destinations, edit.kind: gpd.GeoDataFrame(every, crs=places.crs)})
