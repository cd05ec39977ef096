"""Computes the walking legs of a search: access, egress, transfer and direct walks, with a cache of the recent ones."""

import numpy as np
import pandas as pd

from accessibility.legs import (
    Float,
    Int32,
    Int64,
    LegTable,
    Points,
    Walk,
    legs_from_triples,
    place_key,
    require_few_legs,
    straight_line_legs,
)
from accessibility.memo import Recent
from accessibility.search.links.doors import doors_of
from accessibility.streets.read import StreetNetwork, street_legs
from accessibility.timetable.timetable import Timetable

_TRANSFER_FORBIDDEN = 3
_TRANSFER_MINIMUM = 2
# Most searches of a run have the same points and differ in windows, percentiles and cutoffs, so legs are cached.
_RECENT: Recent[LegTable] = Recent(16)


def walking_legs(streets: StreetNetwork | None, start: Points, end: Points, walk: Walk) -> LegTable:
    """Legs from `start` to `end` along the streets, or over straight lines times the detour factor if `streets` is None.

    Recent results are cached, so their arrays must not be changed. Raises `SearchSpecError` for too many legs.
    """

    def walked() -> LegTable:
        require_few_legs(start, end, walk)
        return straight_line_legs(start, end, walk) if streets is None else street_legs(streets, start, end, walk)

    return _RECENT.get(("out", place_key(start), place_key(end), walk), (streets,), walked)


def arriving_legs(streets: StreetNetwork | None, start: Points, destinations: Points, walk: Walk) -> LegTable:
    """The legs of `walking_legs`, listed by destination: destination -> points of `start`."""

    def turned() -> LegTable:
        return walking_legs(streets, start, destinations, walk).transposed(len(destinations.ids))

    return _RECENT.get(("in", place_key(start), place_key(destinations), walk), (streets,), turned)


def stop_points(timetable: Timetable) -> Points:
    """The stops of a timetable as `Points`, in order of stop number."""
    stops = timetable.stops
    return Points(stops["stop_id"].to_numpy(object), stops["lon"].to_numpy(float), stops["lat"].to_numpy(float))


def legs_to_stops(
    streets: StreetNetwork | None, origins: Points, timetable: Timetable, walk: Walk, *, wheelchair: bool = False
) -> LegTable:
    """Legs from `origins` to the stops of a timetable: to a door of each, and from there to the platform."""
    doors = doors_of(timetable, walk, wheelchair=wheelchair)
    if doors is None:
        return walking_legs(streets, origins, stop_points(timetable), walk)
    legs = walking_legs(streets, origins, doors.points, walk)
    return _RECENT.get(("to stops",), (doors, legs), lambda: _through(legs, doors.stop, doors.enter_s, walk))


def legs_from_stops(
    streets: StreetNetwork | None, timetable: Timetable, destinations: Points, walk: Walk, *, wheelchair: bool = False
) -> LegTable:
    """The legs from the stops of a timetable, by a door of each, listed by destination."""
    doors = doors_of(timetable, walk, wheelchair=wheelchair)
    if doors is None:
        return arriving_legs(streets, stop_points(timetable), destinations, walk)
    legs = arriving_legs(streets, doors.points, destinations, walk)
    return _RECENT.get(("from stops",), (doors, legs), lambda: _through(legs, doors.stop, doors.leave_s, walk))


def _through(legs: LegTable, stop: Int64, door_s: Float, walk: Walk) -> LegTable:
    """Legs to (or from) doors as legs to the stops behind them, of at most `walk.max_s` in all."""
    seconds = legs.seconds + door_s[legs.target]
    short = seconds <= walk.max_s
    target = stop[legs.target[short]]
    return legs_from_triples(len(legs.offset) - 1, legs.sources()[short], target, seconds[short].astype(np.int32))


def _between_stops(
    timetable: Timetable, streets: StreetNetwork | None, walk: Walk, *, wheelchair: bool
) -> tuple[Int64, Int32, Int32]:
    """(n_legs,) stop, other stop and seconds of all walks from stop to stop, inside stations by their pathways."""
    doors = doors_of(timetable, walk, wheelchair=wheelchair)
    if doors is None:
        stops = stop_points(timetable)
        legs = walking_legs(streets, stops, stops, walk)
        return legs.sources(), legs.target, legs.seconds
    legs = walking_legs(streets, doors.points, doors.points, walk)
    seconds = doors.leave_s[legs.sources()] + legs.seconds + doors.enter_s[legs.target]
    one, other, inside_s = doors.inside
    source = np.concatenate([doors.stop[legs.sources()], one])
    target = np.concatenate([doors.stop[legs.target], other])
    seconds = np.concatenate([seconds, inside_s])
    walked = (seconds <= walk.max_s) & (source != target)
    return source[walked], target[walked].astype(np.int32), seconds[walked].astype(np.int32)


def transfer_legs(
    timetable: Timetable, streets: StreetNetwork | None, walk: Walk, *, wheelchair: bool = False
) -> LegTable:
    """Legs from stop to stop for transfers, under the feed's transfer rules; a transfer within one stop takes 0 s.

    Inside a station with pathways people walk along them, and leave and come in by its entrances.
    A minimum transfer time (GTFS type 2) replaces the walk between its two stops; a forbidden transfer (type 3) removes
    it. Recommended and timed transfers (0 and 1), and type 2 without a time, change nothing.
    """
    n = len(timetable.stops)
    one, other, walked_s = _between_stops(timetable, streets, walk, wheelchair=wheelchair)
    source = np.concatenate([one, np.arange(n)])
    target = np.concatenate([other, np.arange(n)])
    seconds = np.concatenate([walked_s, np.zeros(n, np.int32)])
    rules = timetable.transfer_rules
    timed = rules[(rules["transfer_type"] == _TRANSFER_MINIMUM) & (rules["min_transfer_s"] >= 0)]
    rules = pd.concat([timed, rules[rules["transfer_type"] == _TRANSFER_FORBIDDEN]])
    free = ~np.isin(source * n + target, rules["from_stop"] * n + rules["to_stop"])
    return legs_from_triples(
        n,
        np.concatenate([source[free], timed["from_stop"]]),
        np.concatenate([target[free], timed["to_stop"]]),
        np.concatenate([seconds[free], timed["min_transfer_s"]]),
    )
