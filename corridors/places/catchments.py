"""Which zones belong to corridors and pilots: by straight lines, and by walking along streets where they are given."""

import geopandas as gpd
import numpy as np
import pandas as pd

from accessibility import StreetNetwork, Walk, points, street_legs
from corridors.config.run_config import RunConfig
from corridors.config.sections import PilotsSection
from corridors.errors import ConfigError
from corridors.inputs.read import Context
from corridors.places.places import MIN_ZONES, Places, shared_places
from corridors.scoring.scores import Float
from layers import WGS84, catchments, members, pilot_catchments, read_zone_points

STRAIGHT, ALONG_STREETS = "straight", "along streets"
MEMBER_COLUMNS = ["corridor_id", "kind", "buffer_m", "catchment", "zone_id"]
_LONGEST_WALK_S = 14_400  # of one leg, as the engine takes it
_LINE_POINT_M = 100.0  # a corridor's line is reached at points this far apart: at most 50 m of error along it


def corridor_areas(config: RunConfig, corridors: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Straight-line catchments of every buffer: corridor_id, buffer_m, geometry."""
    section = config.corridors
    return catchments(corridors, sorted({section.buffer_m, *section.buffers_beside_m}))


def corridor_members(
    config: RunConfig, context: Context, areas: gpd.GeoDataFrame, streets: StreetNetwork | None
) -> pd.DataFrame:
    """Which zones belong to which corridor, by the zones' points: corridor_id, kind, buffer_m, catchment (words), zone_id."""
    straight = members(context.points, areas).assign(kind=STRAIGHT)
    parts = [straight] if streets is None else [straight, _along_streets(config, context, streets)]
    table = pd.concat(parts, ignore_index=True)
    table["catchment"] = catchment_words(table["buffer_m"], table["kind"])
    return table[MEMBER_COLUMNS].sort_values(MEMBER_COLUMNS, ignore_index=True)


def catchment_words(buffer_m: pd.Series, kind: pd.Series) -> pd.Series:
    """ "1.2 km straight" of distances and kinds."""
    words = [f"{metres / 1000:g} km {one}" for metres, one in zip(buffer_m, kind, strict=True)]
    return pd.Series(words, index=buffer_m.index, dtype=object)  # text also where there is no row


def main_catchment(config: RunConfig) -> str:
    """The catchment that the run's figures are for, in words."""
    return f"{config.corridors.buffer_m / 1000:g} km {STRAIGHT}"


def main_members(config: RunConfig, membership: pd.DataFrame) -> pd.DataFrame:
    """The rows of the catchment that the run's figures are for."""
    return membership[(membership["buffer_m"] == config.corridors.buffer_m) & (membership["kind"] == STRAIGHT)]


def _along_streets(config: RunConfig, context: Context, streets: StreetNetwork) -> pd.DataFrame:
    """A zone belongs when a walk along the streets from its point to the line is no longer than the buffer."""
    section = config.corridors
    buffers_m = sorted({section.buffer_m, *section.buffers_beside_m})
    rows = []
    for corridor, line in context.corridors.geometry.items():
        along = np.arange(0, line.length + _LINE_POINT_M, _LINE_POINT_M)
        spots = gpd.GeoSeries([line.interpolate(metres) for metres in along], crs=context.corridors.crs)
        metres = walked_m(config, context.points, spots, streets, buffers_m[-1])
        for buffer_m in buffers_m:
            ids = context.points.index[metres <= buffer_m]
            rows += [(corridor, ALONG_STREETS, buffer_m, zone) for zone in ids]
    return pd.DataFrame(rows, columns=["corridor_id", "kind", "buffer_m", "zone_id"])


def walked_m(
    config: RunConfig, start: pd.DataFrame, places: gpd.GeoSeries, streets: StreetNetwork, longest_m: float
) -> Float:
    """(n_start,) metres along streets from points (lon, lat) to the nearest of `places`; infinity beyond `longest_m`.

    Metres are walking time at the speed on the flat: where streets climb, the catchment shrinks. Slow walkers are taken
    as fast as needed for one leg to be as long: the metres are the same.
    """
    walk_kmh = max(config.search.walk_kmh, 3.6 * longest_m / _LONGEST_WALK_S)
    walk = Walk(walk_kmh, min(int(np.ceil(longest_m / (walk_kmh / 3.6))), _LONGEST_WALK_S))
    there = places.to_crs(WGS84)
    numbers = [str(number) for number in range(len(places))]
    legs = street_legs(
        streets,
        points(start.index, start["lon"], start["lat"]),
        points(numbers, there.x.to_numpy(), there.y.to_numpy()),
        walk,
    )
    metres = np.full(len(start), np.inf)
    np.minimum.at(metres, legs.sources(), legs.seconds * walk.speed_m_s)
    return metres


def chosen_pilots(section: PilotsSection | None, pilots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The pilots to report on: the default rows, those of `instead` in the place of what they stand for.

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
    """Pilots as shares of zones: by straight line, or along streets where they are given; `kind`, `catchment` say which.

    A pilot that holds fewer than ten zones is counted by fine points where the configuration gives them: each zone's
    people are shared equally over its fine points, and what is known of a zone is taken for all of them.
    """
    kind = STRAIGHT if streets is None else ALONG_STREETS
    shares = _shares(config, context.points.assign(zone=context.points.index), pilots, zones, streets)
    parts, units = (shares > 0).sum(axis=1), np.full(len(pilots), "zones", object)
    fine = fine_points(config, context)
    if fine is not None:
        few, fine_shares = parts < MIN_ZONES, _shares(config, fine, pilots, zones, streets)
        points_of = fine["zone"].value_counts().reindex(zones.index, fill_value=0).to_numpy()
        parts = np.where(few, np.rint(fine_shares @ points_of), parts).astype(int)
        shares, units = np.where(few[:, None], fine_shares, shares), np.where(few, "output areas", units)
    places = shared_places("pilot", pilots["name"], shares, list(parts), zones, "zones")
    words = catchment_words(pilots["radius_m"], pd.Series(kind, index=pilots.index)).to_numpy()
    return Places(places.frame.assign(unit=units, kind=kind, catchment=words), places.shares)


def _shares(
    config: RunConfig,
    spots: pd.DataFrame,
    pilots: gpd.GeoDataFrame,
    zones: pd.DataFrame,
    streets: StreetNetwork | None,
) -> Float:
    """(n_pilots, n_zones) share of each zone's points inside; `spots` has lon, lat, x, y, zone."""
    each = (1 / spots.groupby("zone")["zone"].transform("size")).to_numpy()
    place = pd.Series(np.arange(len(zones)), index=zones.index)[spots["zone"]].to_numpy()
    shares = np.zeros((len(pilots), len(zones)))
    inside = members(spots.drop(columns="zone"), pilot_catchments(pilots))
    for row, (ident, radius_m) in zip(shares, pilots["radius_m"].items(), strict=True):
        if streets is None:
            hit = spots.index.isin(inside.loc[inside["pilot_id"] == ident, "zone_id"])
        else:
            hit = walked_m(config, spots, pilots.geometry[[ident]], streets, float(radius_m)) <= radius_m
        np.add.at(row, place[hit], each[hit])
    return shares


def fine_points(config: RunConfig, context: Context) -> pd.DataFrame | None:
    """Points finer than zones: index their id; lon, lat, x, y, zone (the one they lie in). None where none are given.

    A zone without any such point keeps its own.
    """
    table = config.pilots.fine_points if config.pilots else None
    if table is None:
        return None
    given = read_zone_points(table.file, id_column=table.id, lon_column=table.lon, lat_column=table.lat)
    placed = gpd.GeoSeries.from_xy(given["lon"], given["lat"], index=given.index, crs=WGS84).to_crs(context.zones.crs)
    zone, point = placed.sindex.query(context.zones.geometry, predicate="intersects")
    first = pd.Series(zone, index=point)[lambda pairs: ~pairs.index.duplicated()].sort_index()
    fine = given.iloc[first.index].assign(
        x=placed.x.iloc[first.index], y=placed.y.iloc[first.index], zone=context.zones.index[first.to_numpy()]
    )
    bare = context.points[~context.points.index.isin(fine["zone"])]
    own = bare.assign(zone=bare.index)[["lon", "lat", "x", "y", "zone"]]
    return pd.concat([fine[["lon", "lat", "x", "y", "zone"]], own])
