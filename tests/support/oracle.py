"""The slow, obvious twin of the engine: earliest arrival of every departure, ride by ride, in plain Python."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from accessibility.legs import LegTable
from accessibility.timetable import Timetable
from accessibility.travel_times import SearchSpec


class Call(NamedTuple):
    """A trip at a stop."""

    stop: int
    arrival_s: int
    departure_s: int
    can_board: bool
    can_alight: bool


def trips_of(timetable: Timetable) -> list[list[Call]]:
    """Every trip as its calls, read straight off the timetable's arrays."""
    trips = []
    for p in range(len(timetable.pattern_route)):
        positions = range(timetable.pattern_position_offset[p], timetable.pattern_position_offset[p + 1])
        for k in range(timetable.pattern_trip_offset[p + 1] - timetable.pattern_trip_offset[p]):
            event = timetable.pattern_event_offset[p] + k * len(positions)
            trips.append(
                [
                    Call(
                        int(timetable.position_stop[position]),
                        int(timetable.arrival_s[event + j]),
                        int(timetable.departure_s[event + j]),
                        bool(timetable.position_can_board[position]),
                        bool(timetable.position_can_alight[position]),
                    )
                    for j, position in enumerate(positions)
                ]
            )
    return trips


def rows(legs: LegTable) -> list[dict[int, int]]:
    """A leg table as one {target: seconds} per row."""
    return [
        {int(legs.target[i]): int(legs.seconds[i]) for i in range(legs.offset[row], legs.offset[row + 1])}
        for row in range(len(legs.offset) - 1)
    ]


def earliest_arrival(
    trips: list[list[Call]],
    departure_s: int,
    access: Mapping[int, int],
    transfers: list[dict[int, int]],
    egress: Mapping[int, int],
    slack_s: int = 0,
    max_rides: int | None = None,
) -> float:
    """Earliest arrival by at least one ride, infinity if there is none.

    `ready[stop]` is when one can stand at a stop, having ridden so far at most as often as rounds have passed; each
    round rides every trip once from wherever it can be boarded, then walks on from wherever it can be left.
    """
    ready = {stop: departure_s + walk_s for stop, walk_s in access.items()}
    best, rides = math.inf, 0
    while max_rides is None or rides < max_rides:
        rides += 1
        alighted: dict[int, int] = {}
        for calls in trips:
            aboard = False
            for call in calls:
                if aboard and call.can_alight:
                    alighted[call.stop] = min(call.arrival_s, alighted.get(call.stop, call.arrival_s))
                if call.can_board and ready.get(call.stop, math.inf) + slack_s <= call.departure_s:
                    aboard = True
        improved = dict(ready)
        for stop, arrival_s in alighted.items():
            best = min(best, arrival_s + egress.get(stop, math.inf))
            for other, walk_s in transfers[stop].items():
                improved[other] = min(improved.get(other, math.inf), arrival_s + walk_s)
        if improved == ready:
            break
        ready = improved
    return best


def all_durations(
    timetable: Timetable,
    access: LegTable,
    transfers: LegTable,
    egress: LegTable,
    direct: LegTable,
    spec: SearchSpec,
) -> list[list[list[float]]]:
    """[origin][destination][departure] door-to-door seconds, infinity beyond the longest; legs as `search` takes them.

    `egress` is destination -> stops and `direct` destination -> origins.
    """
    trips = trips_of(timetable)
    transfer_rows, egress_rows, direct_rows = rows(transfers), rows(egress), rows(direct)
    departures = range(spec.window_start_s, spec.window_end_s, spec.step_s)

    def duration(origin: int, walks: dict[int, int], destination: int, departure_s: int) -> float:
        arrival_s = earliest_arrival(
            trips, departure_s, walks, transfer_rows, egress_rows[destination], spec.board_slack_s, spec.max_rides
        )
        seconds = min(arrival_s - departure_s, direct_rows[destination].get(origin, math.inf))
        return seconds if seconds <= spec.max_duration_s else math.inf

    return [
        [
            [duration(origin, walks, destination, departure_s) for departure_s in departures]
            for destination in range(len(egress_rows))
        ]
        for origin, walks in enumerate(rows(access))
    ]


def nearest_rank(durations: list[float], percentile: float) -> float:
    """The smallest duration that at least `percentile` % of departures do not exceed."""
    ordered = sorted(durations)
    return next(d for i, d in enumerate(ordered, start=1) if i / len(ordered) >= percentile / 100 - 1e-12)
