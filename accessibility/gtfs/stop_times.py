"""Reads stop_times.txt of a GTFS feed: sorted, repaired, with every blank time filled in."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.compressed_rows import offsets_of
from accessibility.gtfs.archive import Archive
from accessibility.gtfs.blank_times import times_between
from accessibility.gtfs.dropped_calls import LostCalls, joined, lost_calls, trips_beyond, trips_only_on_demand
from accessibility.gtfs.ids import IdColumn, as_known, note_decimal_ids
from accessibility.gtfs.implausible_hops import Calls, misplaced_stops, note_still_times
from accessibility.gtfs.tables import Coded, TableSpec, read_coded_table
from accessibility.gtfs.times import NO_TIME, clock_seconds
from accessibility.repair_log import RepairLog

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
UInt8 = npt.NDArray[np.uint8]

_TIME_COLUMNS = ("arrival_time", "departure_time")
_FLAG_COLUMNS = ("pickup_type", "drop_off_type")
# How a call by arrangement is arranged, for boarding and for alighting; `StopTimes.arranged` adds these up.
BOOKED, ASKED = (1, 4), (2, 8)  # types 2 (by telephone or the like) and 3 (with the driver)
# Of services on demand: an area or a group of stops in place of a stop, a span of time in place of a time (GTFS-Flex).
_ON_DEMAND_COLUMNS = ("location_id", "location_group_id", "start_pickup_drop_off_window")
STOP_TIMES = TableSpec(
    "stop_times.txt",
    ("trip_id", *_TIME_COLUMNS, "stop_id", "stop_sequence"),
    (*_FLAG_COLUMNS, *_ON_DEMAND_COLUMNS),
    whole_numbers=_FLAG_COLUMNS,
    clocks=_TIME_COLUMNS,
)
_TRIP_IDS = IdColumn("trip_id", STOP_TIMES.name, "trips.txt")
_STOP_IDS = IdColumn("stop_id", STOP_TIMES.name, "stops.txt")


class StopTimes(NamedTuple):
    """Calls of trips at stops, sorted by trip and then by order along it; all columns (n,)."""

    trip: Int32  # row of Feed.trips, ascending
    stop: Int32  # row of Feed.stops
    arrival_s: Int32  # seconds after midnight of the service day, may exceed 86,400
    departure_s: Int32
    can_board: Bool
    can_alight: Bool
    arranged: UInt8  # of `BOOKED` and `ASKED`, 0 = nothing: by whom boarding or alighting there has to be arranged

    def take(self, rows: npt.NDArray[np.integer] | Bool) -> "StopTimes":
        """The stop times at `rows` (positions or mask)."""
        return StopTimes._make(column[rows] for column in self)


class _Calls(NamedTuple):
    """Stop times before repair: `NO_TIME` where blank."""

    times: StopTimes
    sequence: Int64
    strays: LostCalls  # calls of unknown trips
    apart: Bool  # (n_trips,) trips that call nowhere near, or only on demand; their calls are left out


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
    calls = _usable_calls(read_coded_table(archive, STOP_TIMES, log), trips, stops, near, log)
    strays, apart, stop_times = calls.strays, calls.apart, _sorted_once(calls, trips, log)
    del calls  # so that no stop time is held twice from here on
    before_drops = stop_times = _without_half_times(stop_times, trips, log)
    misplaced = misplaced_stops(Calls(*stop_times[:4]), stops, log)
    stops = stops.assign(lon=stops["lon"].mask(misplaced), lat=stops["lat"].mask(misplaced))
    placed = stops["lon"].notna().to_numpy()
    _note_unplaced_calls(stop_times, placed, trips, log)
    stop_times = _take_masked(stop_times, placed[stop_times.stop] | (stop_times.arrival_s != NO_TIME))
    open_ended = _trips_with(_open_ended(stop_times), stop_times, len(trips))
    stop_times = _with_times_between(_without_trips(stop_times, open_ended), stops, trips, log)
    backward = _trips_with(backward_calls(stop_times), stop_times, len(trips))
    stop_times = _without_trips(stop_times, backward)
    stop_times = _take_masked(stop_times, placed[stop_times.stop])
    short = (np.bincount(stop_times.trip, minlength=len(trips)) < 2) & ~open_ended & ~backward & ~apart
    _note_dropped_trips(open_ended, backward, short, trips, log)
    stop_times = _without_trips(stop_times, short)
    note_still_times(Calls(*stop_times[:4]), stops, trips, log)
    lost = before_drops.take((open_ended | backward | short)[before_drops.trip])
    return stop_times, joined([strays, _lost(lost, trips, stops)])


def _words_of(ids: Coded, rows: Bool) -> pd.Index:
    """The distinct ids of these rows."""
    return ids.words[np.unique(ids.codes[rows])]


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


def _usable_calls(
    columns: dict[str, Coded], trips: pd.DataFrame, stops: pd.DataFrame, near: Bool | None, log: RepairLog
) -> _Calls:
    trip = _numbers(columns["trip_id"], trips["trip_id"], _TRIP_IDS, log)
    stop = _numbers(columns["stop_id"], stops["stop_id"], _STOP_IDS, log)
    sequence, ordered = _sequence(columns["stop_sequence"])
    on_demand = _on_demand(columns)
    known = (trip >= 0) & (stop >= 0) & ordered & ~on_demand
    _note_unusable(columns, trip, stop, ordered, on_demand, log)
    apart = trips_only_on_demand(trip, known, on_demand, trips, log)
    apart |= trips_beyond(trip[known], stop[known], near, trips, log)
    if apart.any():
        known &= ~apart[trip]
    arrival, departure = (_times(columns[name]) for name in _TIME_COLUMNS)
    board, alight = (_allowed(columns.get(name), len(trip)) for name in _FLAG_COLUMNS)
    _note_unclear_values(columns, log)
    stray = (trip < 0) & (stop >= 0)
    stray_ids = columns["trip_id"].words.to_numpy(dtype=object)[columns["trip_id"].codes[stray]]
    strays = lost_calls(stray_ids, np.full(len(stray_ids), "", object), stop[stray], departure[stray], stops)
    times = StopTimes(trip, stop, arrival, departure, board, alight, _arranged(columns, len(trip)))
    return _Calls(times if known.all() else times.take(known), sequence[known], strays, apart)


def _on_demand(columns: dict[str, Coded]) -> Bool:
    """(n,) whether a stop time is of a service on demand."""
    given = [name for name in _ON_DEMAND_COLUMNS if name in columns]
    found = np.zeros(len(columns["trip_id"].codes), bool)
    for name in given:
        found |= np.asarray(columns[name].words != "")[columns[name].codes]
    return found


def _numbers(ids: Coded, known_ids: pd.Series, where: IdColumn, log: RepairLog) -> Int32:
    """(n,) row of each id in `known_ids`, -1 if it is not there."""
    words = as_known(ids.words, pd.Index(known_ids))
    changed = np.asarray(words != ids.words)
    if changed.any():
        note_decimal_ids(int(changed[ids.codes].sum()), len(ids.codes), ids.words[changed], where, log)
    row: Int32 = pd.Index(known_ids).get_indexer(words).astype(np.int32)
    return row[ids.codes]


def _sequence(texts: Coded) -> tuple[Int64, Bool]:
    numbers = pd.to_numeric(pd.Series(texts.words), errors="coerce").to_numpy(dtype=np.float64)
    whole = (np.abs(numbers) < 2**31) & (numbers == np.floor(numbers))  # False for NaN
    return np.where(whole, numbers, 0).astype(np.int64)[texts.codes], whole[texts.codes]


def _note_unusable(
    columns: dict[str, Coded], trip: Int32, stop: Int32, ordered: Bool, on_demand: Bool, log: RepairLog
) -> None:
    nameless = np.asarray(columns["stop_id"].words == "")[columns["stop_id"].codes]
    for code, column, bad, reason in (
        ("stop_times_of_unknown_trips", "trip_id", trip < 0, "of trips that are not in trips.txt (or were dropped)"),
        (
            "stop_times_at_unknown_stops",
            "stop_id",
            (stop < 0) & ~nameless & ~on_demand,
            "at stops that are not in stops.txt",
        ),
        ("stop_times_without_stop", "trip_id", nameless & ~on_demand, "that name no stop"),
        ("stop_times_without_sequence", "trip_id", ~ordered, "without a number in stop_sequence"),
    ):
        names, touched = (_words_of(columns[ids], bad) for ids in (column, "trip_id"))
        effect = f"{int(bad.sum()):,} stop times {reason} were dropped"
        log.add(code, int(bad.sum()), len(trip), names, effect, touched)


def _times(texts: Coded) -> Int32:
    return clock_seconds(texts.words)[texts.codes]


def _allowed(kinds: Coded | None, n: int) -> Bool:
    """(n,) whether boarding (or alighting) is allowed: for all types except 1."""
    return np.ones(n, dtype=bool) if kinds is None else np.asarray(kinds.words != "1")[kinds.codes]


def _arranged(columns: dict[str, Coded], n: int) -> UInt8:
    """(n,) `StopTimes.arranged`."""
    found = np.zeros(n, np.uint8)
    for name, booked, asked in zip(_FLAG_COLUMNS, BOOKED, ASKED, strict=True):
        if name in columns:
            words = columns[name].words
            found |= np.select([words == "2", words == "3"], [booked, asked], 0).astype(np.uint8)[columns[name].codes]
    return found


def _note_unclear_values(columns: dict[str, Coded], log: RepairLog) -> None:
    """Count unreadable times, and boarding or alighting by arrangement or of unknown type."""
    unreadable = {
        name: (clock_seconds(columns[name].words) == NO_TIME) & np.asarray(columns[name].words != "")
        for name in _TIME_COLUMNS
    }
    flags = [name for name in _FLAG_COLUMNS if name in columns]
    arranged = {name: columns[name].words.isin(["2", "3"]) for name in flags}
    unknown = {name: ~columns[name].words.isin(["", "0", "1", "2", "3"]) for name in flags}
    for code, odd, effect in (
        ("unreadable_times", unreadable, "times that are not clock times (such as 24:60:00) were taken as blank"),
        (
            "arranged_boarding_allowed",
            arranged,
            "calls by arrangement with operator or driver were taken as always open",
        ),
        (
            "boarding_unknown",
            unknown,
            "values of pickup_type or drop_off_type are none of 0, 1, 2, 3; the calls were taken as always open",
        ),
    ):
        count = sum(int(mask[columns[name].codes].sum()) for name, mask in odd.items() if mask.any())
        total = sum(len(columns[name].codes) for name in odd)
        words = [word for name, mask in odd.items() for word in columns[name].words[mask]]
        log.add(code, count, total, words, f"{count:,} {effect}")


def _sorted_once(calls: _Calls, trips: pd.DataFrame, log: RepairLog) -> StopTimes:
    """Stop times sorted by trip and sequence; of calls with the same sequence number only the earliest stays."""
    times, sequence = calls.times, calls.sequence
    key = (times.trip.astype(np.int64) << 32) + sequence
    if (key[1:] > key[:-1]).all():
        return times
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
    return times.take(~repeated)


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
    change = np.diff(times.trip, prepend=-1, append=-1) != 0  # before each call, and after the last
    ends: Bool = (change[:-1] | change[1:]) & (times.arrival_s == NO_TIME)
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
    return _take_masked(times, ~dropped[times.trip])


def _take_masked(times: StopTimes, kept: Bool) -> StopTimes:
    return times if kept.all() else times.take(kept)


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
    blank, seconds = times_between(Calls(*times[:4]), stops)
    if not len(blank):
        return times
    arrival, departure = times.arrival_s.copy(), times.departure_s.copy()
    arrival[blank] = departure[blank] = seconds
    effect = f"{len(blank):,} blank stop times were filled in by distance along the stops"
    log.add_trips("blank_times_interpolated", len(blank), len(arrival), _trip_ids(trips, times.trip[blank]), effect)
    return times._replace(arrival_s=arrival, departure_s=departure)
