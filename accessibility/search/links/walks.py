"""Computes the walking legs of a search: access, egress, transfer and direct walks, with a cache of the recent ones."""

import numpy as np
import pandas as pd

from accessibility.legs import (
    LegTable,
    Points,
    Walk,
    legs_from_triples,
    place_key,
    require_few_legs,
    straight_line_legs,
)
from accessibility.memo import Recent
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


def transfer_legs(timetable: Timetable, streets: StreetNetwork | None, walk: Walk) -> LegTable:
    """Legs from stop to stop for transfers, under the feed's transfer rules; a transfer within one stop takes 0 s.

    A minimum transfer time (GTFS type 2) replaces the walk between its two stops; a forbidden transfer (type 3) removes
    it. Recommended and timed transfers (0 and 1), and type 2 without a time, change nothing.
    """
    stops = stop_points(timetable)
    n = len(stops.ids)
    legs = walking_legs(streets, stops, stops, walk)
    source = np.concatenate([legs.sources(), np.arange(n)])
    target = np.concatenate([legs.target, np.arange(n)])
    seconds = np.concatenate([legs.seconds, np.zeros(n, np.int32)])
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
