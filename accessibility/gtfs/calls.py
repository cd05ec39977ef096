"""Reads the rows of stop_times.txt part by part: calls of trips as numbers, and which of them can be used."""

from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.compressed_rows import ranges
from accessibility.gtfs.archive import Archive
from accessibility.gtfs.dropped_calls import (
    LostCalls,
    joined,
    lost_calls,
    sorted_calls,
    trips_beyond,
    trips_only_on_demand,
)
from accessibility.gtfs.ids import IdColumn, KnownIds, note_decimal_ids
from accessibility.gtfs.tables import Coded, Part, TableSpec, read_in_parts
from accessibility.gtfs.times import Clocks
from accessibility.repair_log import RepairLog
from accessibility.threads import in_threads

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

    def where(self, kept: Bool) -> "StopTimes":
        """The stop times that are `kept` (n,); the same, not a copy, if all are."""
        return self if kept.all() else StopTimes._make(column[kept] for column in self)


class _Odd(NamedTuple):
    """Values or rows of one kind that are odd."""

    n: int
    names: Iterable[object]
    trips: Iterable[object] = ()


class _Calls(NamedTuple):
    """The usable stop times of a part, before repair, with `NO_TIME` where blank; and what can't be used of it."""

    times: StopTimes
    sequence: Int32
    on_demand: Int32  # trips with calls on demand
    strays: LostCalls  # calls of unknown trips
    n_rows: int
    n_flags: int  # columns of pickup_type and drop_off_type
    odd: dict[str, _Odd]  # by the code of the repair


class UsableCalls(NamedTuple):
    """The stop times that can be used, with `NO_TIME` where blank: in the order of the file, or sorted by trip and
    sequence where the calls of every trip stand together in the file and in order."""

    times: StopTimes
    sequence: Int32
    strays: LostCalls  # calls of unknown trips
    apart: Bool  # (n_trips,) trips that call nowhere near, or only on demand; their calls are left out


def read_usable_calls(
    archive: Archive, trips: pd.DataFrame, stops: pd.DataFrame, near: Bool | None, log: RepairLog
) -> UsableCalls:
    """The `UsableCalls` of stop_times.txt; what can't be used is counted in `log`."""
    trip_ids, stop_ids = KnownIds(trips["trip_id"]), KnownIds(stops["stop_id"])
    parts = read_in_parts(archive, STOP_TIMES, partial(_usable_calls, trip_ids, stop_ids, stops), log)
    _note_odd(parts, log)
    strays = sorted_calls(joined([part.strays for part in parts]))
    on_demand = np.concatenate([part.on_demand for part in parts])
    columns = [list(column) for column in zip(*((part.sequence, *part.times) for part in parts), strict=True)]
    del parts  # so that each column is held twice only while it is put together
    order = _order_of_whole_trips(np.concatenate(columns[1]), np.concatenate(columns[0]))
    sequence, *joined_times = in_threads(lambda one: _put_together(columns[one[0]], order), len(columns), 1)
    times = StopTimes._make(joined_times)
    apart = trips_only_on_demand(times.trip, on_demand, trips, log)
    apart |= trips_beyond(times.trip, times.stop, near, trips, log)
    if apart.any():
        kept = ~apart[times.trip]
        times, sequence = times.where(kept), sequence[kept]
    return UsableCalls(times, sequence, strays, apart)


def _put_together(parts: list[npt.NDArray[Any]], order: Int64 | None) -> npt.NDArray[Any]:
    whole = np.concatenate(parts)
    parts.clear()
    return whole if order is None else whole.take(order)


def _order_of_whole_trips(trip: Int32, sequence: Int32) -> Int64 | None:
    """(n,) order of stop times by trip and sequence, where all of each trip stand together and in order, as in most feeds.

    None where they do not, or where they are in that order.
    """
    begins = np.concatenate([[True], trip[1:] != trip[:-1]])[: len(trip)]
    if not (begins[1:] | (sequence[1:] > sequence[:-1])).all():
        return None
    first = np.flatnonzero(begins)
    by_trip = np.argsort(trip[first], kind="stable")
    if (np.diff(by_trip) == 1).all() or (np.diff(trip[first][by_trip]) == 0).any():
        return None
    return ranges(first[by_trip], np.diff(first, append=len(trip))[by_trip])


def _usable_calls(trip_ids: KnownIds, stop_ids: KnownIds, stops: pd.DataFrame, part: Part) -> _Calls:
    """The stop times of `part` whose trip and stop are known, that have a place in their trip and are not on demand."""
    texts, n_rows = part.texts, part.n_rows
    trip, decimal_trips = _numbers(texts["trip_id"], trip_ids)
    stop, decimal_stops = _numbers(texts["stop_id"], stop_ids)
    sequence, ordered = _sequence(texts["stop_sequence"])
    on_demand = _on_demand(part)
    arrival, departure = (part.clocks[name] for name in _TIME_COLUMNS)
    flags = [texts.get(name) for name in _FLAG_COLUMNS]
    board, alight = (_allowed(kinds, n_rows) for kinds in flags)
    odd = {"decimal_trips": decimal_trips, "decimal_stops": decimal_stops}
    odd |= _unusable(texts, trip, stop, ordered, on_demand)
    odd |= _unclear([arrival, departure], [kinds for kinds in flags if kinds])
    stray = (trip < 0) & (stop >= 0)
    stray_ids = texts["trip_id"].words.to_numpy(dtype=object)[texts["trip_id"].codes[stray]]
    strays = lost_calls(stray_ids, np.full(len(stray_ids), "", object), stop[stray], departure.seconds[stray], stops)
    times = StopTimes(trip, stop, arrival.seconds, departure.seconds, board, alight, _arranged(flags, n_rows))
    known = (trip >= 0) & (stop >= 0) & ordered & ~on_demand
    asked = np.unique(trip[on_demand & (trip >= 0)])
    n_flags = len(flags) - flags.count(None)
    return _Calls(times.where(known), sequence[known], asked, strays, n_rows, n_flags, odd)


def _on_demand(part: Part) -> Bool:
    """(n,) whether a stop time is of a service on demand."""
    found = np.zeros(part.n_rows, bool)
    for name in _ON_DEMAND_COLUMNS:
        if name in part.texts:
            found |= part.texts[name].where(part.texts[name].words != "")
    return found


def _numbers(ids: Coded, known: KnownIds) -> tuple[Int32, _Odd]:
    """(n,) row of each id in the table that defines it, -1 if it is not there; and the ids that differ by a decimal end."""
    row, changed = known.rows(ids.words.tolist())
    return row[ids.codes], _Odd(int(ids.where(changed).sum()), ids.words[changed])


def _sequence(texts: Coded) -> tuple[Int32, Bool]:
    numbers = pd.to_numeric(pd.Series(texts.words), errors="coerce").to_numpy(dtype=np.float64)
    whole = (np.abs(numbers) < 2**31) & (numbers == np.floor(numbers))  # False for NaN
    return np.where(whole, numbers, 0).astype(np.int32)[texts.codes], ~texts.where(~whole)


def _unusable(texts: dict[str, Coded], trip: Int32, stop: Int32, ordered: Bool, on_demand: Bool) -> dict[str, _Odd]:
    """The stop times that are dropped, by the code of the repair."""
    nameless = texts["stop_id"].where(texts["stop_id"].words == "") & ~on_demand
    return {
        code: _Odd(int(bad.sum()), *(texts[ids].words_at(bad) for ids in (column, "trip_id")))
        for code, column, bad in (
            ("stop_times_of_unknown_trips", "trip_id", trip < 0),
            ("stop_times_at_unknown_stops", "stop_id", (stop < 0) & ~nameless & ~on_demand),
            ("stop_times_without_stop", "trip_id", nameless),
            ("stop_times_without_sequence", "trip_id", ~ordered),
        )
    }


def _unclear(clocks: list[Clocks], flags: list[Coded]) -> dict[str, _Odd]:
    """Unreadable times, and boarding or alighting by arrangement or of unknown type, by the code of the repair."""
    found = {
        "unreadable_times": _Odd(
            sum(column.n_unreadable for column in clocks), [text for column in clocks for text in column.unreadable]
        )
    }
    for code, kinds_meant, outside in (
        ("arranged_boarding_allowed", ["2", "3"], False),
        ("boarding_unknown", ["", "0", "1", "2", "3"], True),
    ):
        marked = [(kinds, kinds.words.isin(kinds_meant) != outside) for kinds in flags]
        names = [word for kinds, odd in marked for word in kinds.words[odd]]
        found[code] = _Odd(sum(int(kinds.where(odd).sum()) for kinds, odd in marked), names)
    return found


def _allowed(kinds: Coded | None, n: int) -> Bool:
    """(n,) whether boarding (or alighting) is allowed: for all types except 1."""
    return np.ones(n, dtype=bool) if kinds is None else ~kinds.where(kinds.words == "1")


def _arranged(flags: list[Coded | None], n: int) -> UInt8:
    """(n,) `StopTimes.arranged`."""
    found = np.zeros(n, np.uint8)
    for kinds, booked, asked in zip(flags, BOOKED, ASKED, strict=True):
        if kinds:
            for word, value in (("2", booked), ("3", asked)):
                found[kinds.where(kinds.words == word)] |= value
    return found


def _note_odd(parts: list[_Calls], log: RepairLog) -> None:
    """Count what is odd in all parts."""
    n_rows = sum(part.n_rows for part in parts)
    n_flags = sum(part.n_rows * part.n_flags for part in parts)
    for code, where in (("decimal_trips", _TRIP_IDS), ("decimal_stops", _STOP_IDS)):
        odd = _joined_odd(parts, code)
        note_decimal_ids(odd.n, n_rows, odd.names, where, log)
    for code, reason in (
        ("stop_times_of_unknown_trips", "of trips that are not in trips.txt (or were dropped)"),
        ("stop_times_at_unknown_stops", "at stops that are not in stops.txt"),
        ("stop_times_without_stop", "that name no stop"),
        ("stop_times_without_sequence", "without a number in stop_sequence"),
    ):
        odd = _joined_odd(parts, code)
        log.add(code, odd.n, n_rows, odd.names, f"{odd.n:,} stop times {reason} were dropped", odd.trips)
    for code, total, effect in (
        ("unreadable_times", 2 * n_rows, "times that are not clock times (such as 24:60:00) were taken as blank"),
        (
            "arranged_boarding_allowed",
            n_flags,
            "calls by arrangement with operator or driver were taken as always open",
        ),
        (
            "boarding_unknown",
            n_flags,
            "values of pickup_type or drop_off_type are none of 0, 1, 2, 3; the calls were taken as always open",
        ),
    ):
        odd = _joined_odd(parts, code)
        log.add(code, odd.n, total, odd.names, f"{odd.n:,} {effect}")


def _joined_odd(parts: list[_Calls], code: str) -> _Odd:
    found = [part.odd[code] for part in parts]
    return _Odd(
        sum(odd.n for odd in found),
        {name for odd in found for name in odd.names},
        {trip for odd in found for trip in odd.trips},
    )
