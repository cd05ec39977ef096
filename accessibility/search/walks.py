"""Where people walk in a search: to stops, from stops, between stops and all the way; the last few walks are kept."""

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
# Windows, percentiles and cutoffs change from question to question; where people walk from and to seldom does.
_RECENT: Recent[LegTable] = Recent(16)


def walking_legs(streets: StreetNetwork | None, start: Points, end: Points, walk: Walk) -> LegTable:
    """Legs along the streets, or straight lines times the detour factor where there are none.

    The last few are kept: treat their arrays as read-only.
    """

    def walked() -> LegTable:
        require_few_legs(start, end, walk)
        return straight_line_legs(start, end, walk) if streets is None else street_legs(streets, start, end, walk)

    return _RECENT.get(("out", place_key(start), place_key(end), walk), (streets,), walked)


def arriving_legs(streets: StreetNetwork | None, start: Points, destinations: Points, walk: Walk) -> LegTable:
    """As `walking_legs`, listed by destination: destination -> points."""

    def turned() -> LegTable:
        return walking_legs(streets, start, destinations, walk).transposed(len(destinations.ids))

    return _RECENT.get(("in", place_key(start), place_key(destinations), walk), (streets,), turned)


def stop_points(timetable: Timetable) -> Points:
    """The timetable's stops as points, in stop-number order."""
    stops = timetable.stops
    return Points(stops["stop_id"].to_numpy(object), stops["lon"].to_numpy(float), stops["lat"].to_numpy(float))


def transfer_legs(timetable: Timetable, streets: StreetNetwork | None, walk: Walk) -> LegTable:
    """Walks from stop to stop for changing, waiting at the same stop (0 s) included, under the feed's transfer rules.

    A minimum transfer time (GTFS type 2) replaces the walk between its two stops; a forbidden transfer (type 3)
    removes it; recommended and timed ones (0 and 1), and type 2 without a time, add nothing to what walking allows.
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
