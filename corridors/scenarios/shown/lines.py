"""The lines that scenarios make, and their stops, as layers."""

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd
import shapely

from accessibility import NewLine, Problem, Selection, Trip, day_of, matched
from corridors.scenarios.files.read import ScenarioSet
from corridors.scenarios.worlds import Base, World
from layers import WGS84


def new_lines(base: Base, chosen: ScenarioSet, world: World) -> gpd.GeoDataFrame:
    """The lines that the scenarios make, one row a direction, straight from stop to stop (`ScenarioResults.lines`)."""
    stops = world.edited.feed.stops.set_index("stop_id")[["lon", "lat"]]
    rows, shapes = [], []
    for one, trip in _trips(base, chosen, world):
        rows.append((*one, trip.direction))
        shapes.append(shapely.LineString(stops.loc[list(trip.stop_ids)].to_numpy()))
    columns = ["edit_id", "number", "operator", "mode", "direction"]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=shapes, crs=WGS84)
    return frame.to_crs(base.context.zones.crs)


def scenario_stops(base: Base, chosen: ScenarioSet, world: World) -> gpd.GeoDataFrame:
    """The stops of the lines that the scenarios make, and every other new stop (`ScenarioResults.stops`)."""
    stops = world.edited.feed.stops.set_index("stop_id")
    known = set(base.feed.stops["stop_id"])
    lines: dict[str, dict[str, None]] = {ident: {} for ident in stops.index if ident not in known}
    for (_, number, *_), trip in _trips(base, chosen, world):
        for ident in trip.stop_ids:
            lines.setdefault(ident, {})[number] = None
    rows = [(ident, stops.at[ident, "name"], ", ".join(of), ident not in known) for ident, of in lines.items()]
    places = stops.loc[list(lines), ["lon", "lat"]].to_numpy(float)
    frame = gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=["stop_id", "name", "lines", "new"]),
        geometry=gpd.points_from_xy(places[:, 0], places[:, 1]),
        crs=WGS84,
    )
    return frame.to_crs(base.context.zones.crs)


def _trips(base: Base, chosen: ScenarioSet, world: World) -> Iterator[tuple[tuple[str, str, str, str], Trip]]:
    """((edit id, number, operator, mode), a trip) of each direction of each line that is made."""
    day = day_of(world.edited.feed, base.config.timetable.date)
    for one in chosen.edits:
        if not isinstance(one.edit, NewLine):
            continue
        edit = one.edit
        try:
            trips = matched(day, Selection(edit.number, edit.operator), "shown").inside
        except Problem:  # a later edit withdraws it
            continue
        for direction in sorted({trip.direction for trip in trips}):
            first = next(trip for trip in trips if trip.direction == direction)
            yield (one.id, edit.number, edit.operator, edit.mode), first
