"""Catchments of corridors and pilots: the zones that belong to them, by straight distance and by walking along streets."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility import StreetNetwork, Walk, points, street_legs
from corridors.config.run_config import RunConfig
from corridors.config.sections import PilotsSection
from corridors.errors import ConfigError
from corridors.inputs.read import Context
from corridors.places.places import MIN_ZONES, Places, shared_places
from corridors.scoring.scores import Float
from layers import WGS84, catchments, members, pilot_catchments

STRAIGHT, ALONG_STREETS = "straight", "along streets"
MEMBER_COLUMNS = ["corridor_id", "kind", "buffer_m", "catchment", "zone_id"]
_LONGEST_WALK_S = 14_400  # of one leg, as the engine takes it
_LINE_POINT_M = 100.0  # between the points that stand for a corridor's line: an error of at most 50 m along it


def corridor_areas(config: RunConfig, corridors: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Straight-line catchments of the corridors at every buffer: corridor_id, buffer_m, geometry."""
    section = config.corridors
    return catchments(corridors, sorted({section.buffer_m, *section.buffers_beside_m}))


def corridor_members(
    config: RunConfig, context: Context, areas: gpd.GeoDataFrame, streets: StreetNetwork | None
) -> pd.DataFrame:
    """Zones of each corridor and catchment, by the zones' points: corridor_id, kind, buffer_m, catchment (words), zone_id."""
    straight = members(context.points, areas).assign(kind=STRAIGHT)
    parts = [straight] if streets is None else [straight, _along_streets(config, context, streets)]
    table = pd.concat(parts, ignore_index=True)
    table["catchment"] = catchment_words(table["buffer_m"], table["kind"])
    return table[MEMBER_COLUMNS].sort_values(MEMBER_COLUMNS, ignore_index=True)


def catchment_words(buffer_m: pd.Series, kind: pd.Series) -> pd.Series:
    """The catchment in words, "1.2 km straight", for each distance in metres and kind; index of `buffer_m`."""
    words = [f"{metres / 1000:g} km {how}" for metres, how in zip(buffer_m, kind, strict=True)]
    return pd.Series(words, index=buffer_m.index, dtype=object)  # text also where there is no row


def main_catchment(config: RunConfig) -> str:
    """The main catchment, to which the run's figures belong, in words."""
    return f"{config.corridors.buffer_m / 1000:g} km {STRAIGHT}"


def main_members(config: RunConfig, membership: pd.DataFrame) -> pd.DataFrame:
    """The rows of `membership` that belong to the main catchment."""
    return membership[(membership["buffer_m"] == config.corridors.buffer_m) & (membership["kind"] == STRAIGHT)]


def _along_streets(config: RunConfig, context: Context, streets: StreetNetwork) -> pd.DataFrame:
    """Membership by walking: the walk along streets from a zone's point to the line is no longer than the buffer."""
    section = config.corridors
    buffers_m = sorted({section.buffer_m, *section.buffers_beside_m})
    rows = []
    for corridor, line in context.corridors.geometry.items():
        along = np.arange(0, line.length + _LINE_POINT_M, _LINE_POINT_M)
        line_points = gpd.GeoSeries([line.interpolate(metres) for metres in along], crs=context.corridors.crs)
        metres = walked_m(config, context.points, line_points, streets, buffers_m[-1])
        for buffer_m in buffers_m:
            ids = context.points.index[metres <= buffer_m]
            rows += [(corridor, ALONG_STREETS, buffer_m, zone) for zone in ids]
    return pd.DataFrame(rows, columns=["corridor_id", "kind", "buffer_m", "zone_id"])


def walked_m(
    config: RunConfig, start: pd.DataFrame, places: gpd.GeoSeries, streets: StreetNetwork, longest_m: float
) -> Float:
    """Metres along streets from each of `start` (lon, lat) to the nearest of `places`, (n_start,); infinity beyond `longest_m`.

    Metres are walking time times the speed on the flat, so that slopes make a catchment smaller. The speed is at least the
    one at which a single walk can be `longest_m` long; it does not change the metres.
    """
    walk_kmh = max(config.search.walk_kmh, 3.6 * longest_m / _LONGEST_WALK_S)
    walk = Walk(walk_kmh, min(int(np.ceil(longest_m / (walk_kmh / 3.6))), _LONGEST_WALK_S))
    targets = places.to_crs(WGS84)
    numbers = [str(number) for number in range(len(places))]
    legs = street_legs(
        streets,
        points(start.index, start["lon"], start["lat"]),
        points(numbers, targets.x.to_numpy(), targets.y.to_numpy()),
        walk,
    )
    metres = np.full(len(start), np.inf)
    np.minimum.at(metres, legs.sources(), legs.seconds * walk.speed_m_s)
    return metres


def chosen_pilots(section: PilotsSection | None, pilots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The pilots to report on: those of the default set, with the replacements of the setting `instead`.

    Raises `ConfigError` for an id that is not among the pilots.
    """
    if "default" not in pilots:
        return pilots
    instead = section.instead if section else {}
    unknown = [ident for ident in (*instead, *instead.values()) if ident not in pilots.index]
    if unknown:
        raise ConfigError(f"pilots.instead names {', '.join(unknown)}; the pilots are {', '.join(pilots.index)}")
    chosen = dict.fromkeys(instead.get(ident, ident) for ident in pilots.index[pilots["default"]])
    return pilots.loc[list(chosen)]


def pilot_places(
    config: RunConfig,
    context: Context,
    pilots: gpd.GeoDataFrame,
    zones: pd.DataFrame,
    streets: StreetNetwork | None = None,
) -> Places:
    """Pilots as shares of zones, by straight distance, or along `streets` where given; columns `kind`, `catchment` say which.

    A pilot with fewer than `MIN_ZONES` zones is counted by finer points where the configuration gives them: each zone's
    people are shared out among its finer points, all of which have the zone's values.
    """
    kind = STRAIGHT if streets is None else ALONG_STREETS
    own_points = context.points.assign(row=np.arange(len(zones)), share=1.0)
    shares = _shares(config, own_points, pilots, zones, streets)
    parts, units = (shares > 0).sum(axis=1), np.full(len(pilots), "zones", object)
    finer, table = context.finer, config.zones.finer
    if finer is not None and table is not None:
        few, fine_shares = parts < MIN_ZONES, _shares(config, finer, pilots, zones, streets)
        parts = np.where(few, _points_inside(config, finer, pilots, streets).sum(axis=1), parts)
        shares, units = np.where(few[:, None], fine_shares, shares), np.where(few, table.geography, units)
    places = shared_places("pilot", pilots["name"], shares, list(parts), zones, "zones")
    words = catchment_words(pilots["radius_m"], pd.Series(kind, index=pilots.index)).to_numpy()
    return Places(places.frame.assign(unit=units, kind=kind, catchment=words), places.shares)


def _shares(
    config: RunConfig,
    zone_points: pd.DataFrame,
    pilots: gpd.GeoDataFrame,
    zones: pd.DataFrame,
    streets: StreetNetwork | None,
) -> Float:
    """Share of each zone's people in each pilot, (n_pilots, n_zones); `zone_points` has lon, lat, x, y, row, share."""
    inside = _points_inside(config, zone_points, pilots, streets)
    row, share = zone_points["row"].to_numpy(), zone_points["share"].to_numpy(float)
    shares = [np.bincount(row, weights=share * points, minlength=len(zones)) for points in inside]
    return np.reshape(shares, (len(pilots), len(zones)))


def _points_inside(
    config: RunConfig, zone_points: pd.DataFrame, pilots: gpd.GeoDataFrame, streets: StreetNetwork | None
) -> npt.NDArray[np.bool_]:
    """Whether each pilot holds each point, (n_pilots, n_points)."""
    if streets is None:
        within = members(zone_points, pilot_catchments(pilots))
        held = [zone_points.index.isin(within.loc[within["pilot_id"] == ident, "zone_id"]) for ident in pilots.index]
    else:
        held = [
            walked_m(config, zone_points, pilots.geometry[[ident]], streets, float(radius_m)) <= radius_m
            for ident, radius_m in pilots["radius_m"].items()
        ]
    return np.reshape(held, (len(pilots), len(zone_points))).astype(bool)
