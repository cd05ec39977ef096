"""The headline under other technical choices: how people walk and board, and where a centre is taken to lie.

Each choice is searched again, since it changes the network or the walks to and from it.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd

from accessibility import (
    JoinedNetwork,
    Points,
    Profiles,
    SearchSpec,
    backward_passes,
    join_points,
    journey_profiles,
    prepare_search,
    profiles_side_by_side,
)
from corridors.access.centre_access import Access, Bool, Float, Int, place_points
from corridors.inputs.read import Context, Network
from corridors.inputs.timetables import OtherTimetable
from layers import WGS84

_BOARDING_S = (0, 60, 120, 180)
_WALK_LIMITS_MIN = (10, 15)
_LONGEST_WALK_MIN = 240  # of one leg, as the engine takes it
_SPEED_KMH, _DETOUR, _RADIUS_M = 0.3, 0.1, 100.0  # more and less than the run's own
_SPEEDS_KMH, _DETOURS = (1.0, 20.0), (1.0, 5.0)  # that are varied to: nobody walks slower, and the engine takes no more
_SHIFT_M, _OTHER_SHIFTS_M = 200.0, (100.0, 300.0)
_DIRECTIONS = {"north": (0, 1), "east": (1, 0), "south": (0, -1), "west": (-1, 0)}


Value = TypeVar("Value", Float, Bool, Int)


class TechnicalChoice(NamedTuple):
    """Journeys to centres under one other choice."""

    id: str
    changes: str  # a key of `corridors.catalogue.headline_variants.CHANGES`
    name: str
    profiles: Profiles  # from the zones' points, or from finer ones, over the windows of the headline and its variants
    finer: pd.DataFrame | None = None  # where from finer points: their `row` of the zones and `share` of its people
    drawn: bool = (
        True  # whether it counts in the uncertainty of ranks: one choice tried thrice would count as three there
    )

    def by_zone(self, values: Value) -> Value | Float:
        """`values` of the points as the zones' own: the mean over a zone's finer points, weighted by people, (n_zones,)."""
        if self.finer is None:
            return values
        row, share = self.finer["row"].to_numpy(), self.finer["share"].to_numpy(float)
        return np.asarray(np.bincount(row, weights=share * values), float)


def searched_choices(access: Access, context: Context, network: Network) -> Iterator[TechnicalChoice]:
    """Journeys under each other choice, all else as in the headline: one search, or one join of points, each."""
    own, own_centres = access.passes.spec, place_points(context.centres, access.radius_m)
    yield from _of_walking(access, network, own_centres)
    for ident, changes, name, spec in (*_of_boarding(own), *_of_pace(own, along_streets=network.streets is not None)):
        networks = prepare_search(network.timetable, network.streets, spec)
        joined = join_points(networks, network.streets, access.origins, own_centres, spec)
        yield TechnicalChoice(ident, changes, name, journey_profiles(backward_passes(joined, spec)))
    drawn = (*_of_radius(access, context), *_of_shift(access, context, _SHIFT_M), *_of_position(access, context))
    others = [one for metres in _OTHER_SHIFTS_M for one in _of_shift(access, context, metres)]
    moved = (*drawn, *others)
    beside = [_joined(access, network, own, access.origins, centres) for *_, centres in moved]
    for place, kept in enumerate(profiles_side_by_side(beside, own)):
        ident, changes, name, _ = moved[place]
        yield TechnicalChoice(ident, changes, name, kept, drawn=place < len(drawn))
    if (finer := context.finer) is not None:
        name = f"people at {len(finer):,} finer points instead of {len(context.zones):,}"
        passes = backward_passes(_joined(access, network, own, place_points(finer), own_centres), own)
        kept = journey_profiles(passes)
        yield TechnicalChoice("finer_points", "origins", name, kept, finer)
    yield from (_of_timetable(access, network, other, own_centres) for other in network.other_timetables)


def _of_timetable(access: Access, network: Network, other: OtherTimetable, centres: Points) -> TechnicalChoice:
    """Another choice about the feeds. It is not drawn: to count a line twice is a fault of a feed, not a view of it."""
    own = access.passes.spec
    networks = prepare_search(other.timetable, network.streets, own)
    joined = join_points(networks, network.streets, access.origins, centres, own)
    return TechnicalChoice(
        other.id, other.changes, other.name, journey_profiles(backward_passes(joined, own)), drawn=False
    )


def _of_walking(access: Access, network: Network, centres: Points) -> Iterator[TechnicalChoice]:
    """Other limits on the walk to the first stop and from the last; transfers between stops stay as they are."""
    longest_min = min(math.ceil(access.kpi_cutoff_s / 60), _LONGEST_WALK_MIN)
    for limit_min in (*(limit for limit in _WALK_LIMITS_MIN if limit < longest_min), longest_min):
        free = limit_min * 60 >= access.kpi_cutoff_s  # who walks longer than the cutoff has missed it
        name = (
            "no limit on walking to the first stop and from the last" if free else f"walks of at most {limit_min} min"
        )
        ident = "walk_unlimited" if free else f"walk_{limit_min}"
        yield TechnicalChoice(ident, "walk", name, _walking(access, network, centres, 60 * limit_min))


def _walking(access: Access, network: Network, centres: Points, longest_s: int) -> Profiles:
    own = access.passes.spec
    between_rides_s = own.walk_between_rides.max_s
    spec = replace(own, walk=replace(own.walk, max_s=longest_s), transfer_max_s=between_rides_s)
    if longest_s <= own.walk.max_s:
        return journey_profiles(backward_passes(access.passes.joined.with_walks_within(longest_s), spec))
    return journey_profiles(backward_passes(_joined(access, network, spec, access.origins, centres), spec))


def _of_boarding(own: SearchSpec) -> Iterator[tuple[str, str, str, SearchSpec]]:
    for slack_s in _BOARDING_S:
        if slack_s != own.board_slack_s:
            name = f"{slack_s} s between reaching a stop and boarding" if slack_s else "no time kept for boarding"
            yield f"board_{slack_s}", "boarding", name, replace(own, board_slack_s=slack_s)


def _of_pace(own: SearchSpec, *, along_streets: bool) -> Iterator[tuple[str, str, str, SearchSpec]]:
    for speed_kmh in (own.walk.speed_kmh - _SPEED_KMH, own.walk.speed_kmh + _SPEED_KMH):
        if _SPEEDS_KMH[0] <= speed_kmh <= _SPEEDS_KMH[1]:
            speed = f"{speed_kmh:.3g}"
            walk = replace(own.walk, speed_kmh=float(speed))
            yield f"speed_{speed}", "speed", f"walking at {speed} km/h", replace(own, walk=walk)
    for detour in () if along_streets else (own.walk.detour - _DETOUR, own.walk.detour + _DETOUR):
        if _DETOURS[0] <= detour <= _DETOURS[1]:
            factor = f"{detour:.3g}"
            walk = replace(own.walk, detour=float(factor))
            yield f"detour_{factor}", "detour", f"walks {factor} times the straight line", replace(own, walk=walk)


def _of_radius(access: Access, context: Context) -> Iterator[tuple[str, str, str, Points]]:
    for radius_m in (access.radius_m - _RADIUS_M, access.radius_m + _RADIUS_M):
        if radius_m >= 0:
            centres = place_points(context.centres, radius_m)
            yield f"radius_{radius_m:g}", "radius", f"centres reached within {radius_m:g} m of their points", centres


def _of_shift(access: Access, context: Context, metres: float) -> Iterator[tuple[str, str, str, Points]]:
    """All centres moved together: their points are a choice, and often one of several hundred metres."""
    for direction, centres in moved_points(context.centres, metres, access.radius_m):
        yield f"shift_{direction}_{metres:g}", "position", f"all centres {metres:g} m further {direction}", centres


def _of_position(access: Access, context: Context) -> Iterator[tuple[str, str, str, Points]]:
    """Each centre that the configuration gives another point, there."""
    places, default = context.centres[["lon", "lat"]], context.centres["default"]
    for ident, centre in context.centres[default & context.centres["other_lat"].notna()].iterrows():
        moved = places.copy()
        moved.loc[ident] = centre["other_lon"], centre["other_lat"]
        name = f"{centre['name']} at its other point, {centre['other_lat']:.4f}, {centre['other_lon']:.4f}"
        yield f"place_{ident}", "position", name, place_points(moved, access.radius_m)


def moved_points(places: gpd.GeoDataFrame, metres: float | Float, radius_m: float) -> Iterator[tuple[str, Points]]:
    """(direction, the places moved that way); `metres` of all, or of each place (n_places,)."""
    for direction, (east, north) in _DIRECTIONS.items():
        x, y = places.geometry.x + east * metres, places.geometry.y + north * metres
        there = gpd.GeoSeries(gpd.points_from_xy(x, y, crs=places.crs).to_crs(WGS84), index=places.index)
        yield direction, place_points(pd.DataFrame({"lon": there.x, "lat": there.y}), radius_m)


def _joined(access: Access, network: Network, spec: SearchSpec, origins: Points, centres: Points) -> JoinedNetwork:
    """The network of the headline, whose transfers and boarding stay as they are, joined to other points."""
    return join_points(access.passes.joined.networks, network.streets, origins, centres, spec)
