"""The region that the live page shows: its base, its places, and what the page is told of them once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from accessibility import PreparedNetwork, Timetable, turned_network
from corridors.access.centre_access import Float
from corridors.config.values import NOT_STATED
from corridors.dates import day_words, time_words
from corridors.inputs.base_map import BaseMapRead, read_base_map_of
from corridors.inputs.read import Context
from corridors.pipeline import region_of
from corridors.places.near_names import known_names
from corridors.places.places import Places
from corridors.scenarios.answers import CentreMinutes, centre_minutes, headline_spec, people_of
from corridors.scenarios.shown.base_places import places_and_groups
from corridors.scenarios.worlds import Base
from corridors.services.lines import lines_of
from layers import WGS84

_SIMPLER_M = 40.0  # outlines on the live page; the run's own map has finer ones
_WAYS = 2  # patterns of a line that the page shows: those with the most trips


@dataclass(frozen=True)
class LiveRegion:
    """The base of a live page, with the places and groups whose gains it tells."""

    base: Base
    places: Places
    groups: Sequence[tuple[str, Float]]  # (group, its people by zone)
    ground: BaseMapRead  # its places give zones the names that people know

    @cached_property
    def before(self) -> CentreMinutes:
        """What decides the headline in the base."""
        return centre_minutes(self.base.config, self.base.searched.times)

    @cached_property
    def turned(self) -> PreparedNetwork:
        """The base's network with time turned round."""
        network = self.base.prepared[0]
        return turned_network(network.timetable, network.transfer_legs, headline_spec(self.base.config))

    @cached_property
    def told(self) -> dict[str, Any]:
        """Everything of the base that the page shows, as JSON takes it."""
        config, context = self.base.config, self.base.context
        spec, kpi, about = config.search.spec(config.streets.detour), config.kpi, region_of(config)
        return {
            "region": about.name,
            "note": about.note,
            "caution": about.caution,
            "day": day_words(config.timetable.date),
            "window": f"{time_words(spec.window_start_s)}-{time_words(spec.window_end_s)}",
            "cutoff_min": kpi.cutoff_min,
            "at_least": kpi.centres_at_least,
            "radius_m": config.centres.radius_m,
            "longest_min": spec.max_duration_s / 60,
            "zones": _zones(context, known_names(context.zones, context.points, self.ground.base_map)),
            "needed_min": rounded(self.before.needed_min),
            "within": self.before.within.tolist(),
            "centres": _points(context.centres, extra={"counts": context.centres["default"].tolist()}),
            "corridors": _lines(context.corridors),
            "stops": _stops(self.base.network.timetable),
            "lines": _lines_of_day(self.base.network.timetable),
            "modes": sorted(set(self.base.network.timetable.routes["mode"])),
            "destinations": [{"id": kind.id, "title": kind.title} for kind in config.kinds_of_destination],
            "attributions": sorted(
                {
                    f"{one.source} ({one.licence})"
                    for one in context.provenance + self.base.network.provenance + self.ground.provenance
                    if one.source != NOT_STATED
                }
            ),
        }


def live_region(base: Base) -> LiveRegion:
    """The region of a base that has been read."""
    places, groups = places_and_groups(base)
    return LiveRegion(base, places, groups, read_base_map_of(base.config, base.context.zones))


def rounded(values: Float, digits: int = 2) -> list[float | None]:
    """Numbers for JSON: NaN as null."""
    return [None if np.isnan(one) else round(float(one), digits) for one in values]


def _zones(context: Context, names: pd.Series) -> dict[str, Any]:
    zones, points = context.zones, context.points
    shapes = zones.geometry.to_crs("EPSG:3857").simplify(_SIMPLER_M).to_crs(WGS84)
    return {
        "ids": [str(ident) for ident in zones.index],
        "names": names.tolist(),
        "districts": zones["district_name"].astype(str).tolist(),
        "people": people_of(context).tolist(),
        "points": [[round(lat, 5), round(lon, 5)] for lat, lon in zip(points["lat"], points["lon"], strict=True)],
        "outlines": [_rings(shape) for shape in shapes],
    }


def _rings(shape: Any) -> list[list[list[list[float]]]]:
    """Polygons of an outline as Leaflet takes them: [polygon][ring][point](lat, lon)."""
    parts = getattr(shape, "geoms", [shape])
    return [
        [[[round(lat, 5), round(lon, 5)] for lon, lat, *_ in ring.coords] for ring in (one.exterior, *one.interiors)]
        for one in parts
        if one.geom_type == "Polygon"
    ]


def _points(places: pd.DataFrame, extra: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    rows = zip(places.index, places["name"], places["lat"], places["lon"], *extra.values(), strict=True)
    names = ("id", "name", "lat", "lon", *extra)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _lines(corridors: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    shapes = corridors.geometry.to_crs(WGS84)
    return [
        {
            "id": str(ident),
            "name": str(name),
            "paths": [
                [[round(lat, 5), round(lon, 5)] for lon, lat, *_ in part.coords]
                for part in getattr(shape, "geoms", [shape])
                if part.geom_type == "LineString"
            ],
        }
        for ident, name, shape in zip(corridors.index, corridors["name"], shapes, strict=True)
    ]


def _stops(timetable: Timetable) -> dict[str, list[Any]]:
    stops = timetable.stops
    return {
        "ids": stops["stop_id"].astype(str).tolist(),
        "names": stops["name"].astype(str).tolist(),
        "lat": stops["lat"].round(5).tolist(),
        "lon": stops["lon"].round(5).tolist(),
    }


def _lines_of_day(timetable: Timetable) -> list[dict[str, Any]]:
    """The lines of the day by number and operator, each with the stops of its most frequent ways."""
    lines, trips = lines_of(timetable), np.diff(timetable.pattern_trip_offset)
    offset = timetable.pattern_position_offset
    found = []
    for row, patterns in zip(lines.table.to_dict("records"), lines.patterns, strict=True):
        of_line = np.flatnonzero(patterns)
        usual = of_line[np.argsort(-trips[of_line], kind="stable")][:_WAYS]
        ways = [timetable.position_stop[offset[one] : offset[one + 1]].tolist() for one in usual if trips[one]]
        found.append(
            {
                "number": str(row["line"]),
                "operator": str(row["operator"]),
                "mode": str(row["mode"]),
                "trips": int(row["trips"]),
                "ways": ways,
            }
        )
    return found
