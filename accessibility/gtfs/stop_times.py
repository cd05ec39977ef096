"""Reads stop_times.txt of a GTFS feed: sorted, repaired, with every blank time filled in."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.compressed_rows import offsets_of
from accessibility.gtfs.archive import Archive
from accessibility.gtfs.calls import StopTimes, UsableCalls, read_usable_calls
from accessibility.gtfs.dropped_calls import LostCalls, joined, lost_calls
from accessibility.gtfs.hops import misplaced_stops, note_still_times, times_between
from accessibility.gtfs.times import NO_TIME
from accessibility.repair_log import RepairLog

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


def read_stop_times(
    archive: Archive, trips: pd.DataFrame, stops: pd.DataFrame, log: RepairLog, near: Bool | None = None
) -> tuple[StopTimes, LostCalls]:
    """Stop times from stop_times.txt, sorted, every time known and never decreasing along a trip; and the lost calls.

    Ids become row numbers of `trips` and `stops`. Unusable records are dropped and counted in `log`: calls of unknown
    trips or at unknown stops, trips without a first or last time, trips with times that run backwards, and trips with
    fewer than two calls. Services on demand are kept apart and counted: a trip that also has two fixed calls runs between
    those. Calls at stops without coordinates, or with wrong ones, are removed from their trips. The lost
    calls are those of the trips dropped. Of trips that call at no stop that is `near` (n_stops,) nothing is read, unless
    that is all of them.
    """
    calls = read_usable_calls(archive, trips, stops, near, log)
    strays, apart, stop_times = calls.strays, calls.apart, _sorted_once(calls, trips, log)
    del calls  # so that no stop time is held twice from here on
    before_drops = stop_times = _without_half_times(stop_times, trips, log)
    misplaced = misplaced_stops(stop_times, stops, log)
    stops = stops.assign(lon=stops["lon"].mask(misplaced), lat=stops["lat"].mask(misplaced))
    placed = stops["lon"].notna().to_numpy()
    _note_unplaced_calls(stop_times, placed, trips, log)
    stop_times = stop_times.where(placed[stop_times.stop] | (stop_times.arrival_s != NO_TIME))
    open_ended = _trips_with(_open_ended(stop_times), stop_times, len(trips))
    stop_times = _with_times_between(_without_trips(stop_times, open_ended), stops, trips, log)
    backward = _trips_with(backward_calls(stop_times), stop_times, len(trips))
    stop_times = _without_trips(stop_times, backward)
    stop_times = stop_times.where(placed[stop_times.stop])
    short = (np.bincount(stop_times.trip, minlength=len(trips)) < 2) & ~open_ended & ~backward & ~apart
    _note_dropped_trips(open_ended, backward, short, trips, log)
    stop_times = _without_trips(stop_times, short)
    note_still_times(stop_times, stops, trips, log)
    lost = before_drops.where((open_ended | backward | short)[before_drops.trip])
    return stop_times, joined([strays, _lost(lost, trips, stops)])


def _lost(times: StopTimes, trips: pd.DataFrame, stops: pd.DataFrame) -> LostCalls:
    ids, services = (trips[name].to_numpy(dtype=object)[times.trip] for name in ("trip_id", "service_id"))
    return lost_calls(ids, services, times.stop, times.departure_s, stops)


def trip_offset(stop_times: StopTimes, n_trips: int) -> Int64:
    """(n_trips + 1,) offsets: the stop times of trip `t` are rows `offset[t]:offset[t + 1]`."""
    return offsets_of(np.bincount(stop_times.trip, minlength=n_trips))


def backward_calls(stop_times: StopTimes) -> Bool:
    """(n,) whether a call departs before it arrives, or arrives before the trip leaves its previous stop."""
    backward = stop_times.departure_s < stop_times.arrival_s
    same_trip = stop_times.trip[1:] == stop_times.trip[:-1]
    backward[1:] |= same_trip & (stop_times.arrival_s[1:] < stop_times.departure_s[:-1])
    return backward


def _sorted_once(calls: UsableCalls, trips: pd.DataFrame, log: RepairLog) -> StopTimes:
    """Stop times sorted by trip and sequence; of calls with the same sequence number only the earliest stays."""
    times, sequence = calls.times, calls.sequence
    same_trip = times.trip[1:] == times.trip[:-1]
    if ((times.trip[1:] > times.trip[:-1]) | (same_trip & (sequence[1:] > sequence[:-1]))).all():
        return times
    key = (times.trip.astype(np.int64) << 32) + sequence
    order = np.argsort(key, kind="stable")
    times, key = times.take(order), key[order]
    if (key[1:] > key[:-1]).all():
        return times
    order = np.lexsort((times.can_alight, times.can_board, times.stop, times.departure_s, times.arrival_s, key))
    times, key = times.take(order), key[order]
    repeated = np.concatenate([[False], key[1:] == key[:-1]])
    count = int(repeated.sum())
    effect = f"{count:,} stop times that repeat a stop_sequence of their trip were dropped; the earliest was kept"
    log.add_trips("stop_sequence_repeated", count, len(key), _trip_ids(trips, times.trip[repeated]), effect)
    return times.where(~repeated)


def _trip_ids(trips: pd.DataFrame, numbers: Int32) -> npt.NDArray[np.object_]:
    return trips["trip_id"].to_numpy(dtype=object)[np.unique(numbers)]


def _without_half_times(times: StopTimes, trips: pd.DataFrame, log: RepairLog) -> StopTimes:
    """Stop times with the arrival copied to a missing departure, and the departure to a missing arrival."""
    arrival, departure = times.arrival_s, times.departure_s
    half = (arrival == NO_TIME) != (departure == NO_TIME)
    if not half.any():
        return times
    effect = f"{int(half.sum()):,} stop times give only an arrival or only a departure; it was taken for both"
    log.add_trips("half_given_times", int(half.sum()), len(half), _trip_ids(trips, times.trip[half]), effect)
    later = np.maximum(arrival, departure)  # NO_TIME is the least int32
    return times._replace(arrival_s=np.where(half, later, arrival), departure_s=np.where(half, later, departure))


def _open_ended(times: StopTimes) -> Bool:
    """(n,) whether a call is the first or last of its trip and has no time."""
    blank: Bool = times.arrival_s == NO_TIME
    if not blank.any():
        return blank
    change = np.diff(times.trip, prepend=-1, append=-1) != 0  # before each call, and after the last
    ends: Bool = (change[:-1] | change[1:]) & blank
    return ends


def _note_unplaced_calls(times: StopTimes, placed: Bool, trips: pd.DataFrame, log: RepairLog) -> None:
    if placed.all():
        return
    lost = ~placed[times.stop]
    names = _trip_ids(trips, times.trip[lost])
    effect = (
        f"{int(lost.sum()):,} stop times at stops without usable coordinates were dropped: {len(names):,} trips pass "
        "by or end short of there"
    )
    log.add_trips("stop_times_at_stops_without_place", int(lost.sum()), len(lost), names, effect)


def _trips_with(calls: Bool, times: StopTimes, n_trips: int) -> Bool:
    """(n_trips,) whether a trip has any of the calls marked."""
    return np.bincount(times.trip[calls], minlength=n_trips) > 0


def _without_trips(times: StopTimes, dropped: Bool) -> StopTimes:
    return times.where(~dropped[times.trip])


def _note_dropped_trips(open_ended: Bool, backward: Bool, short: Bool, trips: pd.DataFrame, log: RepairLog) -> None:
    for code, dropped, reason in (
        ("first_or_last_time_missing", open_ended, "without a time at their first or last stop were dropped"),
        ("times_run_backwards", backward, "that arrive before they have left the stop before were dropped"),
        ("trips_of_fewer_than_two_stops", short, "with fewer than two usable stop times were dropped"),
    ):
        count = int(dropped.sum())
        log.add_trips(code, count, len(trips), trips["trip_id"][dropped], f"{count:,} trips {reason}")


def _with_times_between(times: StopTimes, stops: pd.DataFrame, trips: pd.DataFrame, log: RepairLog) -> StopTimes:
    """Stop times with blank times filled in by distance along the stops."""
    blank, seconds = times_between(times, stops)
    if not len(blank):
        return times
    arrival, departure = times.arrival_s.copy(), times.departure_s.copy()
    arrival[blank] = departure[blank] = seconds
    effect = f"{len(blank):,} blank stop times were filled in by distance along the stops"
    log.add_trips("blank_times_interpolated", len(blank), len(arrival), _trip_ids(trips, times.trip[blank]), effect)
    return times._replace(arrival_s=arrival, departure_s=departure)
