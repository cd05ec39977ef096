"""Small timetables made from trips, without any file: what the engine is given in tests of the kernel."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pandas as pd

from accessibility.legs import LegTable, legs_from_triples
from accessibility.timetable.timetable import Timetable
from tests.support.oracle import Call

NO_RULES = pd.DataFrame({"from_stop": [], "to_stop": [], "transfer_type": [], "min_transfer_s": []}, dtype=int)


def _never_overtaking(trips: list[list[Call]]) -> list[list[list[Call]]]:
    """Trips of one stop sequence, split into patterns in which no trip overtakes another (first fit)."""

    def follows(later: list[Call], earlier: list[Call]) -> bool:
        return all(
            a.arrival_s >= b.arrival_s and a.departure_s >= b.departure_s for a, b in zip(later, earlier, strict=True)
        )

    patterns: list[list[list[Call]]] = []
    for trip in sorted(trips, key=lambda calls: [(call.departure_s, call.arrival_s) for call in calls]):
        home = next((pattern for pattern in patterns if follows(trip, pattern[-1])), None)
        if home is None:
            patterns.append([trip])
        else:
            home.append(trip)
    return patterns


def timetable_of(n_stops: int, trips: Sequence[list[Call]], modes: Sequence[str] = ("bus",)) -> Timetable:
    """A timetable of the given trips; trip `i` is of mode `modes[i % len(modes)]`; stops are 1 km apart on a line."""
    same: dict[tuple[object, ...], list[list[Call]]] = defaultdict(list)
    for i, calls in enumerate(trips):
        key = (i % len(modes), *((call.stop, call.can_board, call.can_alight) for call in calls))
        same[key].append(list(calls))
    patterns = [(key[0], pattern) for key, group in same.items() for pattern in _never_overtaking(group)]
    lengths = [len(pattern[0]) for _, pattern in patterns]
    counts = [len(pattern) for _, pattern in patterns]
    positions = [call for _, pattern in patterns for call in pattern[0]]
    events = [call for _, pattern in patterns for trip in pattern for call in trip]
    return Timetable(
        date=dt.date(2026, 3, 24),
        stops=pd.DataFrame(
            {
                "stop_id": [f"S{i}" for i in range(n_stops)],
                "name": [f"Stop {i}" for i in range(n_stops)],
                "lon": np.arange(n_stops) * 0.0147,
                "lat": np.zeros(n_stops),
                "wheelchair": np.zeros(n_stops, np.int8),
                "station": [""] * n_stops,
            }
        ),
        routes=pd.DataFrame(
            {
                "route_id": list(modes),
                "short_name": list(modes),
                "long_name": list(modes),
                "mode": list(modes),
                "agency": "",
            }
        ),
        pattern_position_offset=np.cumsum([0, *lengths], dtype=np.int32),
        position_stop=np.array([call.stop for call in positions], np.int32),
        position_can_board=np.array([call.can_board for call in positions], bool),
        position_can_alight=np.array([call.can_alight for call in positions], bool),
        pattern_route=np.array([route for route, _ in patterns], np.int32),
        pattern_trip_offset=np.cumsum([0, *counts], dtype=np.int32),
        pattern_event_offset=np.cumsum([0, *np.multiply(lengths, counts)], dtype=np.int64),
        arrival_s=np.array([call.arrival_s for call in events], np.int32),
        departure_s=np.array([call.departure_s for call in events], np.int32),
        trip_id=np.array([f"T{i}" for i in range(sum(counts))], object),
        trip_wheelchair=np.zeros(sum(counts), np.int8),
        transfer_rules=NO_RULES,
        repairs=(),
    )


def legs(n_from: int, triples: Sequence[tuple[int, int, int]]) -> LegTable:
    """A leg table from (from, to, seconds)."""
    source, target, seconds = (list(column) for column in zip(*triples, strict=True)) if triples else ([], [], [])
    return legs_from_triples(n_from, np.array(source, int), np.array(target, int), np.array(seconds, int))


def line(*calls: tuple[int, int], start_s: int = 0) -> list[Call]:
    """A trip from (stop, seconds after `start_s`) pairs, boarding and alighting allowed everywhere."""
    return [Call(stop, start_s + s, start_s + s, True, True) for stop, s in calls]
