"""Trips of a feed as plain values, one by one, and back into the feed's tables; all other rows stay as they are."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.compressed_rows import ranges
from accessibility.feed import Feed
from accessibility.gtfs.calls import StopTimes
from accessibility.gtfs.stop_times import trip_offset

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

_TRIP_COLUMNS = ("trip_id", "route_id", "service_id", "headsign", "direction", "wheelchair", "feed")


class Call(NamedTuple):
    """A trip at a stop; times in seconds after midnight of the service day."""

    stop_id: str
    arrival_s: int
    departure_s: int
    can_board: bool = True
    can_alight: bool = True
    arranged: int = 0  # as `StopTimes.arranged`

    def later(self, seconds: int) -> "Call":
        """The call `seconds` later (earlier if below 0)."""
        return self._replace(arrival_s=self.arrival_s + seconds, departure_s=self.departure_s + seconds)


class Frequency(NamedTuple):
    """A trip departs at `start_s`, `start_s + headway_s`, ... before `end_s`; without `exact` only the headway is known."""

    start_s: int
    end_s: int
    headway_s: int
    exact: bool

    def starts(self) -> range:
        """The departures from the first stop, in seconds after midnight of the service day."""
        return range(self.start_s, self.end_s, self.headway_s)


class Trip(NamedTuple):
    """One row of the feed's trips, its calls, and its frequencies if it has any (its calls then have one run's times)."""

    trip_id: str
    route_id: str
    service_id: str
    headsign: str
    direction: str
    wheelchair: int
    feed: int
    calls: tuple[Call, ...]
    frequencies: tuple[Frequency, ...] = ()

    @property
    def stop_ids(self) -> tuple[str, ...]:
        """The stops in order."""
        return tuple(call.stop_id for call in self.calls)

    @property
    def start_s(self) -> int:
        """The departure from the first stop."""
        return self.calls[0].departure_s

    @property
    def duration_s(self) -> int:
        """Seconds from the first departure to the last arrival."""
        return self.calls[-1].arrival_s - self.start_s

    def starts(self) -> list[int]:
        """The departures of all runs from the first stop."""
        return [start for row in self.frequencies for start in row.starts()] or [self.start_s]

    def with_calls(self, calls: Sequence[Call]) -> "Trip":
        """The trip with other calls. Its runs keep their clock: if the first departure moves, frequencies move with it."""
        by_s = calls[0].departure_s - self.start_s
        return self._replace(calls=tuple(calls), frequencies=_moved(self.frequencies, by_s))

    def later(self, seconds: int) -> "Trip":
        """The trip, with all its runs, `seconds` later."""
        return self.with_calls([call.later(seconds) for call in self.calls])

    def starting_at(self, start_s: int, trip_id: str) -> "Trip":
        """A single run of this trip that leaves the first stop at `start_s`."""
        return self._replace(trip_id=trip_id, frequencies=()).later(start_s - self.start_s)


def _moved(frequencies: Iterable[Frequency], seconds: int) -> tuple[Frequency, ...]:
    return tuple(row._replace(start_s=row.start_s + seconds, end_s=row.end_s + seconds) for row in frequencies)


def trips_at(feed: Feed, rows: Int64) -> list[Trip]:
    """The trips in `rows` of `Feed.trips`, in this order."""
    offset = trip_offset(feed.stop_times, len(feed.trips))
    length = offset[rows + 1] - offset[rows]
    times = feed.stop_times.take(ranges(offset[rows], length))
    stop_ids = feed.stops["stop_id"].array[times.stop].tolist()
    calls = iter([Call(*values) for values in zip(stop_ids, *(column.tolist() for column in times[2:]), strict=True)])
    records = zip(*(feed.trips[name].array[rows].tolist() for name in _TRIP_COLUMNS), strict=True)
    frequencies = _frequencies_of(feed, rows)
    return [
        Trip._make((*record, tuple(itertools.islice(calls, n)), frequencies.get(record[0], ())))
        for record, n in zip(records, length.tolist(), strict=True)
    ]


def _frequencies_of(feed: Feed, rows: Int64) -> dict[str, tuple[Frequency, ...]]:
    """The frequencies of the trips in `rows` that have any."""
    asked = set(feed.trips["trip_id"].array[rows].tolist())
    having = [row for row, trip_id in enumerate(feed.frequencies["trip_id"].tolist()) if trip_id in asked]
    found: dict[str, tuple[Frequency, ...]] = {}
    for trip_id, *values in feed.frequencies.iloc[having].itertuples(index=False, name=None) if having else ():
        found[trip_id] = (*found.get(trip_id, ()), Frequency(*values))
    return found


def with_trips(feed: Feed, removed: Int64, added: Sequence[Trip]) -> Feed:
    """The feed without the trips in rows `removed`, and with the trips `added`, of known stops, routes and services.

    A trip with the id of a removed one takes its row. All other rows keep their values and their order.
    """
    if not len(removed) and not added:
        return feed
    kept = np.ones(len(feed.trips), bool)
    kept[removed] = False
    old = list(zip(*(feed.trips[name].array[removed].tolist() for name in _TRIP_COLUMNS), strict=True))
    new = [trip[: len(_TRIP_COLUMNS)] for trip in added]
    if old == new:  # other calls of the same trips
        trips, order = feed.trips, _places(kept, removed)
    else:
        rows = _with_blocks(_like(feed.trips[list(_TRIP_COLUMNS)], new), feed.trips.iloc[removed])
        order = _order(feed.trips["trip_id"], kept, rows["trip_id"])
        trips = pd.concat([feed.trips[kept], rows], ignore_index=True).iloc[order].reset_index(drop=True)
    return replace(
        feed,
        trips=trips,
        stop_times=_stop_times(feed, kept, added, order),
        frequencies=_frequencies(feed, {trip[0] for trip in old}, added),
        stays=_between_known(feed.stays, trips["trip_id"]),
    )


def _between_known(stays: pd.DataFrame, trip_ids: pd.Series) -> pd.DataFrame:
    """The rows of `Feed.stays` whose two trips there still are."""
    if stays.empty:
        return stays
    known = stays[["from_trip_id", "to_trip_id"]].isin(set(trip_ids)).all(axis=1)
    return stays[known].reset_index(drop=True)


def _with_blocks(rows: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    """Trips with the block (the day's trips of one vehicle) of the old trip of the same id; a new trip is in none."""
    block_of = dict(zip(old["trip_id"], old["block"], strict=True))
    blocks = [block_of.get(trip_id, "") for trip_id in rows["trip_id"]]
    return rows.assign(block=pd.Series(blocks, index=rows.index, dtype=old["block"].dtype))


def _places(kept: Bool, removed: Int64) -> Int64:
    """The order in which the rows kept, then those removed, stand where they stood."""
    return np.argsort(np.concatenate([np.flatnonzero(kept), removed]), kind="stable").astype(np.int64)


def _order(ids: pd.Series, kept: Bool, new_ids: pd.Series) -> Int64:
    """The order of the rows kept, then the new ones: by id if the feed's are, else each in its old place or at the end."""
    every = pd.concat([ids[kept], new_ids], ignore_index=True)
    if ids.is_monotonic_increasing:
        return np.argsort(every.to_numpy(dtype=object), kind="stable").astype(np.int64)
    place = pd.Index(ids).get_indexer(pd.Index(every))
    return np.argsort(np.where(place < 0, len(ids), place), kind="stable").astype(np.int64)


def _stop_times(feed: Feed, kept: Bool, added: Sequence[Trip], order: Int64) -> StopTimes:
    """The stop times of the trips in the new `order`, which counts the trips kept and then the trips added."""
    old = feed.stop_times.take(kept[feed.stop_times.trip])
    calls = [call for trip in added for call in trip.calls]
    stop = pd.Index(feed.stops["stop_id"]).get_indexer(pd.Index([call.stop_id for call in calls], dtype=object))
    columns = zip(*(call[1:] for call in calls), strict=True) if calls else ((),) * 5
    lengths = np.bincount(feed.stop_times.trip, minlength=len(kept))[kept]
    length = np.concatenate([lengths, np.array([len(trip.calls) for trip in added], np.int64)])
    old_columns: tuple[npt.NDArray[Any], ...] = old[1:]  # after `trip`, in the order of a `Call`
    stacked = [
        np.concatenate([column, np.array(new, column.dtype)])
        for column, new in zip(old_columns, (stop, *columns), strict=True)
    ]
    first = np.cumsum(length) - length
    rows = ranges(first[order], length[order])
    trip = np.repeat(np.arange(len(order), dtype=np.int32), length[order])
    return StopTimes(trip, *(column[rows] for column in stacked))


def _frequencies(feed: Feed, removed: set[str], added: Sequence[Trip]) -> pd.DataFrame:
    base = feed.frequencies
    rows = [(trip.trip_id, *row) for trip in added for row in trip.frequencies]
    ids = base["trip_id"].tolist()
    if removed.isdisjoint(ids) and not rows:
        return base
    kept = [row for row in base.itertuples(index=False, name=None) if row[0] not in removed]
    every = [*kept, *rows]
    return _like(base, sorted(every) if base["trip_id"].is_monotonic_increasing else every)


def _like(frame: pd.DataFrame, rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Rows as a table with the columns of `frame`, and their types."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(frame.columns)
    return pd.DataFrame(
        {name: pd.Series(values, dtype=frame[name].dtype) for name, values in zip(frame.columns, columns, strict=True)}
    )


def with_rows(frame: pd.DataFrame, rows: Sequence[tuple[object, ...]], key: str) -> pd.DataFrame:
    """A table with more rows (values of all its columns), sorted by `key` if it was."""
    if not rows:
        return frame
    every = pd.concat([frame, _like(frame, rows)], ignore_index=True)
    if frame[key].is_monotonic_increasing:
        return every.sort_values(key, kind="stable", ignore_index=True)
    return every


def with_stops(feed: Feed, rows: Sequence[tuple[object, ...]]) -> Feed:
    """The feed with more stops (values of all columns of `Feed.stops`); stop times are renumbered."""
    if not rows:
        return feed
    stops = with_rows(feed.stops, rows, "stop_id")
    number = pd.Index(stops["stop_id"]).get_indexer(feed.stops["stop_id"]).astype(np.int32)
    return replace(feed, stops=stops, stop_times=feed.stop_times._replace(stop=number[feed.stop_times.stop]))
