"""Detects hops between neighbouring calls that no vehicle can make: misplaced stops, and long hops that take no time."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.globe import positions_in_space_m
from accessibility.gtfs.times import NO_TIME
from accessibility.repair_log import RepairLog

Int32 = npt.NDArray[np.int32]
Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

# A hop longer than this and faster than any train of Great Britain, even with a minute for rounding, has a misplaced stop.
_FASTEST_M_S, _FAR_M, _ROUNDING_S = 300 / 3.6, 10_000.0, 60
# In feeds of whole minutes, stops a few hundred metres apart may have the same minute, but not stops a kilometre apart.
_STILL_M = 1_000.0
_ROWS_AT_A_TIME = 2_000_000  # a hop needs some 150 bytes of memory here, and feeds have 20 million


class Calls(NamedTuple):
    """Calls sorted by trip and order along it; all columns (n,)."""

    trip: Int32
    stop: Int32
    arrival_s: Int32
    departure_s: Int32


def misplaced_stops(calls: Calls, stops: pd.DataFrame, log: RepairLog) -> Bool:
    """(n_stops,) whether a stop is misplaced: most hops from and to it are impossible. Misplaced stops are counted in `log`.

    The calls there must be left out: a misplaced stop would give its service to the people of another place.
    """
    impossible, hops = np.zeros(len(stops), np.int64), np.zeros(len(stops), np.int64)
    for start, end, seconds, metres in _hops(calls, stops):
        wrong = (metres > _FAR_M) & (metres > _FASTEST_M_S * (seconds + _ROUNDING_S))
        for stop in (start, end):
            hops += np.bincount(stop, minlength=len(stops))
            impossible += np.bincount(stop[wrong], minlength=len(stops))
    misplaced: Bool = 2 * impossible > hops
    effect = (
        f"{int(misplaced.sum()):,} stops lie where no vehicle could have come from their neighbours (over 10 km at more "
        "than 300 km/h); they were treated as stops without coordinates"
    )
    log.add("misplaced_stops", int(misplaced.sum()), len(stops), stops["stop_id"][misplaced], effect)
    return misplaced


def note_still_times(calls: Calls, stops: pd.DataFrame, trips: pd.DataFrame, log: RepairLog) -> None:
    """Count in `log` the hops of over a kilometre that take no time. They are kept, because the true time is unknown."""
    n, count, longest_m = 0, 0, 0.0
    touched = np.zeros(len(trips), dtype=bool)
    for rows in _blocks(calls):
        still = rows[calls.arrival_s[rows + 1] == calls.departure_s[rows]]
        metres = _metres(stops, calls.stop[still], calls.stop[still + 1])
        far = metres > _STILL_M
        n, count = n + len(rows), count + int(far.sum())
        longest_m = max(longest_m, float(metres.max(initial=0.0)))
        touched[calls.trip[still[far]]] = True
    effect = (
        f"{count:,} hops of {int(touched.sum()):,} trips cover over a kilometre in no time at all (the longest "
        f"{longest_m / 1000:,.1f} km); they were kept as given, so journeys over them look too short"
    )
    log.add_trips("still_times_over_kilometres", count, n, trips["trip_id"][touched], effect)


def _hops(calls: Calls, stops: pd.DataFrame) -> Iterator[tuple[Int32, Int32, Int32, Float]]:
    """(from stop, to stop, seconds, metres) of hops between calls with coordinates and times, block by block."""
    placed = stops["lon"].notna().to_numpy()
    for rows in _blocks(calls):
        timed = (calls.departure_s[rows] != NO_TIME) & (calls.arrival_s[rows + 1] != NO_TIME)
        known = rows[timed & placed[calls.stop[rows]] & placed[calls.stop[rows + 1]]]
        start, end = calls.stop[known], calls.stop[known + 1]
        yield start, end, calls.arrival_s[known + 1] - calls.departure_s[known], _metres(stops, start, end)


def _blocks(calls: Calls) -> Iterator[npt.NDArray[np.int64]]:
    """Blocks of rows of calls that are followed by another call of the same trip."""
    for first in range(0, len(calls.trip) - 1, _ROWS_AT_A_TIME):
        rows = np.arange(first, min(first + _ROWS_AT_A_TIME, len(calls.trip) - 1))
        yield rows[calls.trip[rows] == calls.trip[rows + 1]]


def _metres(stops: pd.DataFrame, start: Int32, end: Int32) -> Float:
    place = positions_in_space_m(stops["lon"].to_numpy(np.float64), stops["lat"].to_numpy(np.float64))
    away: Float = np.sqrt(((place[start] - place[end]) ** 2).sum(axis=1))
    return away
