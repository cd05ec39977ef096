"""The slow, obvious twin of the engine: earliest arrival of every departure, ride by ride, in plain Python."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from accessibility.legs import LegTable
from accessibility.search.spec import SearchSpec
from accessibility.timetable.timetable import Timetable


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


def joined_trips_of(timetable: Timetable) -> list[list[Call]]:
    """Every trip as its calls, and where its vehicle goes on as another trip, the two (three, ...) as one, in all ways.

    Nobody boards a trip at its last stop or leaves one at its first, so nobody does where one becomes the other.
    """
    trips, joints = trips_of(timetable), timetable.joints
    begins, ends = (dict(zip(joints.trip.tolist(), keys.tolist(), strict=True)) for keys in joints[1:])

    def becomes(a: int, b: int) -> bool:
        stand_s = trips[b][0].departure_s - trips[a][-1].arrival_s
        at_once = trips[a][0].departure_s == trips[b][0].departure_s == trips[b][-1].arrival_s
        meet = ends.get(a, 0) > 0 or trips[a][-1].stop == trips[b][0].stop
        return ends.get(a, 0) == begins.get(b, 0) != 0 and 0 <= stand_s <= 3600 and not at_once and meet

    def ways_on(a: int) -> list[list[Call]]:
        others = [b for b in begins if becomes(a, b)]
        if not others:
            return [trips[a]]
        left = [*trips[a][:-1], trips[a][-1]._replace(can_board=False)]
        return [[*left, on[0]._replace(can_alight=False), *on[1:]] for b in others for on in ways_on(b)]

    return [way for a in range(len(trips)) for way in ways_on(a)]


def rows(legs: LegTable) -> list[dict[int, int]]:
    """A leg table as one {target: seconds} per row."""
    return [
        {int(legs.target[i]): int(legs.seconds[i]) for i in range(legs.offset[row], legs.offset[row + 1])}
        for row in range(len(legs.offset) - 1)
    ]


def earliest_alightings(
    trips: list[list[Call]],
    departure_s: int,
    access: Mapping[int, int],
    transfers: list[dict[int, int]],
    slack_s: int = 0,
    max_rides: int | None = None,
) -> dict[int, int]:
    """stop -> when one can get out there at the earliest, having left at `departure_s` and ridden at least once.

    `ready[stop]` is when one can stand at a stop, having ridden so far at most as often as rounds have passed; each
    round rides every trip once from wherever it can be boarded, then walks on from wherever it can be left.
    """
    ready = {stop: departure_s + walk_s for stop, walk_s in access.items()}
    best: dict[int, int] = {}
    rides = 0
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
            best[stop] = min(arrival_s, best.get(stop, arrival_s))
            for other, walk_s in transfers[stop].items():
                improved[other] = min(improved.get(other, math.inf), arrival_s + walk_s)
        if improved == ready:
            break
        ready = improved
    return best


class Walks(NamedTuple):
    """The legs of a search: `egress` is destination -> stops and `direct` destination -> origins."""

    access: LegTable
    transfers: LegTable
    egress: LegTable
    direct: LegTable


def arrivals(
    timetable: Timetable | list[list[Call]], walks: Walks, spec: SearchSpec, departures_s: Sequence[int]
) -> list[list[list[float]]]:
    """[origin][destination][departure] earliest arrival by at least one ride, infinity if there is none."""
    trips = joined_trips_of(timetable) if isinstance(timetable, Timetable) else timetable
    transfers, egress = rows(walks.transfers), rows(walks.egress)
    found: list[list[list[float]]] = []
    for access in rows(walks.access):
        reached = [
            earliest_alightings(trips, departure_s, access, transfers, spec.board_slack_s, spec.max_rides)
            for departure_s in departures_s
        ]
        found.append(
            [
                [
                    min((s + legs[stop] for stop, s in alighted.items() if stop in legs), default=math.inf)
                    for alighted in reached
                ]
                for legs in egress
            ]
        )
    return found


def all_durations(timetable: Timetable | list[list[Call]], walks: Walks, spec: SearchSpec) -> list[list[list[float]]]:
    """[origin][destination][departure or deadline] door-to-door seconds, infinity beyond the longest."""
    asked = range(spec.window_start_s, spec.window_end_s, spec.step_s)
    if spec.arrive_by:
        leaving = range(spec.window_start_s - spec.max_duration_s, spec.window_end_s)
        found = arrivals(timetable, walks, spec, leaving)
        riding = [[[_last_leaving(row, leaving, by_s) for by_s in asked] for row in origin] for origin in found]
    else:
        found = arrivals(timetable, walks, spec, asked)
        riding = [
            [[arrival_s - t for arrival_s, t in zip(row, asked, strict=True)] for row in origin] for origin in found
        ]
    direct = rows(walks.direct)
    return [
        [[_limited(min(seconds, direct[d].get(o, math.inf)), spec) for seconds in row] for d, row in enumerate(origin)]
        for o, origin in enumerate(riding)
    ]


def instant_durations(timetable: Timetable, walks: Walks, spec: SearchSpec) -> list[list[list[float]]]:
    """[origin][destination][second] the longest it takes at any instant of each second of the window (its first one's,
    or its last one's for deadlines), infinity beyond the longest duration.

    All times are whole seconds, so whether a journey takes at most a whole number of seconds does not change inside a
    second: the share of seconds is the share of instants. Whoever leaves inside the second after n takes the journey of
    whoever leaves at n + 1; whoever must be there inside it takes that of whoever must be there at n.
    """
    later = 0 if spec.arrive_by else 1
    at_seconds = replace(
        spec, step_s=1, window_start_s=spec.window_start_s + later, window_end_s=spec.window_end_s + later
    )
    direct = rows(walks.direct)
    return [
        [
            [_limited(min(seconds + 1, direct[d].get(o, math.inf)), spec) for seconds in row]
            for d, row in enumerate(origin)
        ]
        for o, origin in enumerate(all_durations(timetable, walks._replace(direct=_none(walks.direct)), at_seconds))
    ]


def _last_leaving(row: list[float], leaving_s: range, by_s: int) -> float:
    """Seconds from the last departure that arrives in time to the deadline."""
    return min((by_s - t for arrival_s, t in zip(row, leaving_s, strict=True) if arrival_s <= by_s), default=math.inf)


def _limited(seconds: float, spec: SearchSpec) -> float:
    return seconds if seconds <= spec.max_duration_s else math.inf


def _none(legs: LegTable) -> LegTable:
    return LegTable(np.zeros_like(legs.offset), legs.target[:0], legs.seconds[:0])


def nearest_rank(durations: list[float], percentile: float) -> float:
    """The smallest duration that at least `percentile` % of departures do not exceed."""
    ordered = sorted(durations)
    return next(d for i, d in enumerate(ordered, start=1) if i / len(ordered) >= percentile / 100 - 1e-12)
