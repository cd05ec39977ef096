"""Made vehicle positions, and a corrected feed made from them, as tools make one from a public vehicle feed. SYNTHETIC.

A vehicle says where it is every half minute along the straight line between its stops. The corrected feed has it leave a stop
between the two reports on either side of it: to the second, where it leaves on a half minute.
"""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from tests.support.feeds import FeedText, Trip, clock, feed_text, service

EVERY_S = 30
NEAR_M = 60.0  # of a stop, for a vehicle to be at it
_M_A_DEGREE = 111_195.0


class Position(NamedTuple):
    """One report of a vehicle."""

    vehicle: str
    line: str
    time_s: int
    lon: float
    lat: float


class Plan(NamedTuple):
    """A trip as planned: its id, its line, and its calls as (stop, seconds after midnight)."""

    id: str
    line: str
    calls: tuple[tuple[str, int], ...]


def positions_of(
    plans: Sequence[Plan], places: dict[str, tuple[float, float]], late_s: Callable[[Plan, str], int]
) -> list[Position]:
    """What vehicles report that run the trips later by `late_s` at each stop; `places` are (lon, lat) of the stops."""
    found = []
    for plan in plans:
        times = np.array([time + late_s(plan, stop) for stop, time in plan.calls], float)
        lons, lats = (np.array([places[stop][axis] for stop, _ in plan.calls]) for axis in (0, 1))
        at = np.arange(times[0], times[-1] + EVERY_S, EVERY_S)
        for time, lon, lat in zip(at, np.interp(at, times, lons), np.interp(at, times, lats), strict=True):
            found.append(Position(f"bus of {plan.id}", plan.line, int(time), float(lon), float(lat)))
    return found


def corrected_feed(positions: Sequence[Position], places: dict[str, tuple[float, float]], date: dt.date) -> FeedText:
    """The feed of a day from what its vehicles reported; trips get ids of the tool's own."""
    trips = []
    for vehicle in sorted({one.vehicle for one in positions}):
        reports = sorted((one for one in positions if one.vehicle == vehicle), key=lambda one: one.time_s)
        seen = [(time, stop) for stop, place in places.items() if (time := _time_at(reports, place)) is not None]
        rows = tuple(
            {
                "trip_id": f"seen {vehicle}",
                "stop_id": stop,
                "arrival_time": clock(time),
                "departure_time": clock(time),
                "stop_sequence": number,
            }
            for number, (time, stop) in enumerate(sorted(seen))
        )
        if len(rows) > 1:
            trips.append(Trip({"route_id": reports[0].line, "service_id": "SEEN", "trip_id": f"seen {vehicle}"}, rows))
    day = date.strftime("%Y%m%d")
    days = "".join(str(int(number == date.weekday())) for number in range(7))
    return feed_text(*trips, calendar=(service("SEEN", days, day, day),))


def _time_at(reports: Sequence[Position], place: tuple[float, float]) -> int | None:
    """When a vehicle was at a place: between the reports round it, in seconds; None where it never came near."""
    away = [_metres(one, place) for one in reports]
    nearest = int(np.argmin(away))
    best: tuple[float, float] | None = None
    for first in (nearest - 1, nearest):
        if 0 <= first < len(reports) - 1:
            span = away[first] + away[first + 1]
            length = _metres(reports[first], (reports[first + 1].lon, reports[first + 1].lat))
            off = span - length  # 0 where the place lies on the line between the two
            part = away[first] / span if span else 0.0
            time = reports[first].time_s + part * (reports[first + 1].time_s - reports[first].time_s)
            best = min(best or (math.inf, 0.0), (off, time))
    if best is None or (best[0] > NEAR_M and away[nearest] > NEAR_M):
        return None
    return round(best[1])


def _metres(one: Position, place: tuple[float, float]) -> float:
    east = (one.lon - place[0]) * math.cos(math.radians(place[1]))
    return math.hypot(east, one.lat - place[1]) * _M_A_DEGREE
