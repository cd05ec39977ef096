"""The headline under other technical choices: how people walk and board, and where a centre is taken to lie.

Each choice is searched again, since it changes the network or the walks to and from it.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from accessibility import (
    Points,
    SearchSpec,
    TravelTimes,
    join_points,
    joined_travel_times,
    prepare_search,
)
from corridors.access.centre_access import Access, place_points
from corridors.inputs.read import Context, Network
from layers import WGS84

_BOARDING_S = (0, 60, 120, 180)
_WALK_LIMITS_MIN = (10, 15)
_LONGEST_WALK_MIN = 240  # of one leg, as the engine takes it
_SPEED_KMH, _DETOUR, _RADIUS_M = 0.3, 0.1, 100.0  # more and less than the run's own
_SPEEDS_KMH, _DETOURS = (1.0, 20.0), (1.0, 5.0)  # that are varied to: nobody walks slower, and the engine takes no more
_SHIFT_M = 200.0
_SHIFTS = {"north": (0, 1), "east": (1, 0), "south": (0, -1), "west": (-1, 0)}


class TechnicalChoice(NamedTuple):
    """Times to centres under one other choice."""

    id: str
    changes: str  # a key of `corridors.results.CHANGES`
    name: str
    times: TravelTimes  # the median only


def searched_choices(access: Access, context: Context, network: Network) -> Iterator[TechnicalChoice]:
    """Times under each other choice, all else as in the headline: one search, or one join of points, each."""
    yield from _of_walking(access, context, network)
    own = _median_only(access.spec)
    for ident, changes, name, spec in (*_of_boarding(own), *_of_pace(own, along_streets=network.streets is not None)):
        yield TechnicalChoice(ident, changes, name, _searched(access, network, spec, _own_centres(access, context)))
    for ident, changes, name, centres in (*_of_radius(access, context), *_of_position(access, context)):
        yield TechnicalChoice(ident, changes, name, _joined(access, network, own, centres))


def _of_walking(access: Access, context: Context, network: Network) -> Iterator[TechnicalChoice]:
    """Other limits on the walk to the first stop and from the last; transfers between stops stay as they are."""
    longest_min = min(math.ceil(access.kpi_cutoff_s / 60), _LONGEST_WALK_MIN)
    for limit_min in (*(limit for limit in _WALK_LIMITS_MIN if limit < longest_min), longest_min):
        free = limit_min * 60 >= access.kpi_cutoff_s  # who walks longer than the cutoff has missed it
        name = (
            "no limit on walking to the first stop and from the last" if free else f"walks of at most {limit_min} min"
        )
        times = _times_walking(access, context, network, 60 * limit_min)
        yield TechnicalChoice("walk_unlimited" if free else f"walk_{limit_min}", "walk", name, times)


def _times_walking(access: Access, context: Context, network: Network, longest_s: int) -> TravelTimes:
    between_rides_s = access.spec.walk_between_rides.max_s
    walk = replace(access.spec.walk, max_s=longest_s)
    spec = replace(_median_only(access.spec), walk=walk, transfer_max_s=between_rides_s)
    if longest_s <= access.spec.walk.max_s:
        return joined_travel_times(access.passes.joined.with_walks_within(longest_s), spec)
    return _joined(access, network, spec, _own_centres(access, context))


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


def _of_position(access: Access, context: Context) -> Iterator[tuple[str, str, str, Points]]:
    """All centres moved together: their points are a choice, and often one of several hundred metres."""
    for direction, (east, north) in _SHIFTS.items():
        moved = context.centres.geometry.translate(east * _SHIFT_M, north * _SHIFT_M)
        there = gpd.GeoSeries(moved, crs=context.centres.crs).to_crs(WGS84)
        centres = place_points(
            pd.DataFrame({"lon": there.x, "lat": there.y}, index=context.centres.index), access.radius_m
        )
        yield f"shift_{direction}", "position", f"all centres {_SHIFT_M:g} m further {direction}", centres


def _own_centres(access: Access, context: Context) -> Points:
    return place_points(context.centres, access.radius_m)


def _median_only(spec: SearchSpec) -> SearchSpec:
    return replace(spec, percentiles=(50.0,), cutoffs_s=())


def _searched(access: Access, network: Network, spec: SearchSpec, centres: Points) -> TravelTimes:
    networks = prepare_search(network.timetable, network.streets, spec)
    return joined_travel_times(join_points(networks, network.streets, access.origins, centres, spec), spec)


def _joined(access: Access, network: Network, spec: SearchSpec, centres: Points) -> TravelTimes:
    """On the network of the headline, whose transfers and boarding stay as they are."""
    networks = access.passes.joined.networks
    return joined_travel_times(join_points(networks, network.streets, access.origins, centres, spec), spec)
