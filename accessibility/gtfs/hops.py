"""Hops between neighbouring calls: times filled in along them, and those that no vehicle can make in the time given."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.globe import positions_in_space_m
from accessibility.gtfs.calls import StopTimes
from accessibility.gtfs.times import NO_TIME
from accessibility.repair_log import RepairLog
from accessibility.threads import in_threads

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

# A hop longer than this and faster than any train of Great Britain, even with a minute for rounding, has a misplaced stop.
_FASTEST_M_S, _FAR_M, _ROUNDING_S = 300 / 3.6, 10_000.0, 60
# In feeds of whole minutes, stops a few hundred metres apart may have the same minute, but not stops a kilometre apart.
_STILL_M = 1_000.0
_ROWS_AT_A_TIME = 250_000  # few enough for their places to stay in a processor's cache
# Times are cut to whole seconds; without this, float noise just below a whole second would cut a second.
_FLOOR_TOLERANCE_S = 1e-6


def misplaced_stops(calls: StopTimes, stops: pd.DataFrame, log: RepairLog) -> Bool:
    """(n_stops,) whether a stop is misplaced: most hops from and to it are impossible. Misplaced stops are counted in `log`.

    `calls` are sorted by trip and order along it. The calls at such a stop must be left out: it would give its service to
    the people of another place.
    """
    row = _far_hops(calls, stops)
    row = row[_timed(calls, row)]
    seconds = calls.arrival_s[row + 1] - calls.departure_s[row]
    row = row[_metres(stops, calls.stop[row], calls.stop[row + 1]) > _FASTEST_M_S * (seconds + _ROUNDING_S)]
    misplaced = np.zeros(len(stops), bool)
    if len(row):
        misplaced = 2 * _hops_of_stops(calls, row, len(stops)) > _hops_of_stops(
            calls, _known_hops(calls, stops), len(stops)
        )
    effect = (
        f"{int(misplaced.sum()):,} stops lie where no vehicle could have come from their neighbours (over 10 km at more "
        "than 300 km/h); they were treated as stops without coordinates"
    )
    log.add("misplaced_stops", int(misplaced.sum()), len(stops), stops["stop_id"][misplaced], effect)
    return misplaced


def note_still_times(calls: StopTimes, stops: pd.DataFrame, trips: pd.DataFrame, log: RepairLog) -> None:
    """Count in `log` the hops of over a kilometre that take no time. They are kept, because the true time is unknown."""
    same_trip = calls.trip[1:] == calls.trip[:-1]
    row = np.flatnonzero(same_trip & (calls.arrival_s[1:] == calls.departure_s[:-1]))
    metres = _metres(stops, calls.stop[row], calls.stop[row + 1])
    far = row[metres > _STILL_M]
    touched = np.zeros(len(trips), dtype=bool)
    touched[calls.trip[far]] = True
    longest_m = float(np.fmax.reduce(metres, initial=0.0))
    effect = (
        f"{len(far):,} hops of {int(touched.sum()):,} trips cover over a kilometre in no time at all (the longest "
        f"{longest_m / 1000:,.1f} km); they were kept as given, so journeys over them look too short"
    )
    log.add_trips("still_times_over_kilometres", len(far), int(same_trip.sum()), trips["trip_id"][touched], effect)


def _far_hops(calls: StopTimes, stops: pd.DataFrame) -> Int64:
    """(n,) the calls from which it is far to the next call of their trip, as a straight line between known places."""
    place = positions_in_space_m(stops["lon"].to_numpy(np.float64), stops["lat"].to_numpy(np.float64))
    axes = [np.ascontiguousarray(axis) for axis in place.T]

    def far_in(rows: tuple[int, int]) -> Int64:
        first, last = rows
        stop, trip = calls.stop[first : last + 1], calls.trip[first : last + 1]
        squares = sum(np.diff(axis[stop]) ** 2 for axis in axes)  # NaN, never larger, where a place is not known
        return first + np.flatnonzero((squares > _FAR_M**2) & (trip[1:] == trip[:-1]))

    found = in_threads(far_in, max(len(calls.trip) - 1, 0), _ROWS_AT_A_TIME)
    return np.concatenate([np.empty(0, np.int64), *found])


def _known_hops(calls: StopTimes, stops: pd.DataFrame) -> Int64:
    """(n,) the calls from which there is a hop to the next call of their trip, with both places and times known."""
    placed = stops["lon"].notna().to_numpy()[calls.stop]
    row = np.flatnonzero((calls.trip[1:] == calls.trip[:-1]) & placed[1:] & placed[:-1])
    return row[_timed(calls, row)]


def _timed(calls: StopTimes, row: Int64) -> Bool:
    timed: Bool = (calls.departure_s[row] != NO_TIME) & (calls.arrival_s[row + 1] != NO_TIME)
    return timed


def _hops_of_stops(calls: StopTimes, row: Int64, n_stops: int) -> Int64:
    """(n_stops,) how many of the hops from the calls `row` begin or end at each stop."""
    return np.bincount(calls.stop[row], minlength=n_stops) + np.bincount(calls.stop[row + 1], minlength=n_stops)


def _metres(stops: pd.DataFrame, start: Int32, end: Int32) -> Float:
    place = positions_in_space_m(stops["lon"].to_numpy(np.float64), stops["lat"].to_numpy(np.float64))
    away: Float = np.sqrt(((place[start] - place[end]) ** 2).sum(axis=1))
    return away


def times_between(calls: StopTimes, stops: pd.DataFrame) -> tuple[Int64, Int32]:
    """(n,) rows of the calls without a time, and seconds for them, in proportion to great-circle distance along the stops.

    Times are spread evenly if all stops of a gap are at the same coordinates or one of them has none, and cut to whole
    seconds. The times of the public Porto Alegre feed follow the same rule (cut, not rounded). Every trip begins and ends
    with a timed call.
    """
    blank = np.flatnonzero(calls.arrival_s == NO_TIME)
    if not len(blank):
        return blank, np.empty(0, np.int32)
    timed = np.flatnonzero(calls.arrival_s != NO_TIME)
    after = np.searchsorted(timed, blank)
    before, after = timed[after - 1], timed[after]
    start, end = calls.departure_s[before].astype(np.int64), calls.arrival_s[after].astype(np.int64)
    share = _share_of_gap(calls, stops, before, blank, after)
    return blank, np.floor(start + share * (end - start) + _FLOOR_TOLERANCE_S).astype(np.int32)


def _share_of_gap(calls: StopTimes, stops: pd.DataFrame, before: Int64, blank: Int64, after: Int64) -> Float:
    """(n_blank,) share of the gap, 0-1, that lies before each blank call: from the timed call before to that after."""
    hop = _hop_angles(stops["lon"].to_numpy()[calls.stop], stops["lat"].to_numpy()[calls.stop])
    along, unknown = np.cumsum(np.nan_to_num(hop)), np.cumsum(np.isnan(hop))
    gap = along[after] - along[before]
    by_distance = (gap > 0) & (unknown[after] == unknown[before])
    evenly = (blank - before) / (after - before)
    return np.where(by_distance, (along[blank] - along[before]) / np.where(by_distance, gap, 1.0), evenly)


def _hop_angles(lon: Float, lat: Float) -> Float:
    """(n,) great-circle angle from the previous call (haversine; only proportions matter); the first is 0."""
    lon, lat = np.radians(lon), np.radians(lat)
    chord = np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[1:]) * np.cos(lat[:-1]) * np.sin(np.diff(lon) / 2) ** 2
    return np.concatenate([[0.0], 2 * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))])
