"""Finds overlapping registrations: a line's service of a day that stands in the feeds twice, minutes apart.

An operator that changes a timetable registers it anew. Where a feed holds the old and the new registration for the same
dates, each is a full timetable, so everything runs twice, and since times differ by a minute or three, no trip repeats
another exactly. The larger registration is kept, because nobody can say from the feed which one runs.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.compressed_rows import ranges
from accessibility.feed import Feed
from accessibility.globe import positions_in_space_m
from accessibility.gtfs.dropped_calls import joined, lost_calls
from accessibility.gtfs.stop_times import trip_offset
from accessibility.repair_log import RepairLog
from accessibility.timetable.service_calendar import service_days

Bool = npt.NDArray[np.bool_]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float = npt.NDArray[np.float64]

MATCH_S = 180  # departures this close may be one and the same
SAME_PLACE_M = 400.0  # a terminal's stands
_MATCHED_SHARE = 0.75  # of a registration's departures, for it to be a copy
# Of the larger one's departures: extras for schools or in summer are far fewer than the service itself.
_LEAST_SHARE = 0.5
_LEAST_MATCHED, _LEAST_OF_KNOWN_COPIES = 4, 2
_SHARED_STOPS = 0.5  # of a copy's stops; a line's other way round serves the other side of the street
# Of the time between two departures: trips of a denser service lie halfway between those of its other calendar (0.5).
_LARGEST_OFFSET = 0.4
_CODES = {True: "overlapping_registrations", False: "overlapping_registrations_kept"}


class Overlaps(NamedTuple):
    """The smaller ones of a day's overlapping registrations."""

    trips: Bool  # (n_trips,) of the feed; those of their services on that line, on whatever day they run
    running: int  # trips of the feed on the day
    left: int  # of them without `trips`
    lines: tuple[str, ...]  # in text order: "74 (Operator)"


@dataclass(frozen=True)
class _Registration:
    """The trips of one line, direction and service, in order of departure; all columns (n,)."""

    trip: Int64
    departure_s: Int64
    gap_s: Float  # since the departure before from the same place; NaN for the first
    first_m: Float  # (n, 3) position of the first stop
    last_m: Float
    places: frozenset[int]  # all stops


class Registrations:
    """The registrations of a feed, compared once for all days. Departures known only by their headway are left out."""

    def __init__(self, feed: Feed) -> None:
        self._feed, self._services = feed, service_days(feed)
        self._service = self._services.of_trip
        self._of_line = _trips_by_line(feed, self._service)
        self._shapes = _Shapes(feed)
        self._made: dict[int, _Registration] = {}  # by first trip
        self._copies: dict[bytes, Bool] = {}

    def on(self, date: datetime.date) -> Overlaps:
        """The overlaps of a day."""
        runs = self._services.running(np.array([date], dtype="datetime64[D]"))[0]
        running = runs[self._service]
        copies = self._copies_among(runs)
        rows = np.flatnonzero(copies & running)
        return Overlaps(copies, int(running.sum()), int((running & ~copies).sum()), _line_names(self._feed, rows))

    def trips_left(self, days: npt.NDArray[np.datetime64]) -> Int64:
        """(n_days, n_feeds) trips of each day once the smaller ones of overlapping registrations are left out."""
        feeds, of_feed = len(self._feed.names), self._feed.trips["feed"].to_numpy(np.int64)
        kept = [
            np.bincount(of_feed[runs[self._service] & ~self._copies_among(runs)], minlength=feeds)
            for runs in self._services.running(days)
        ]
        return np.array(kept, np.int64).reshape(len(days), feeds)

    def _copies_among(self, runs: Bool) -> Bool:
        """(n_trips,) trips of copies where these services (n_services,) run."""
        key = runs.tobytes()
        if key not in self._copies:
            found = np.zeros(len(self._feed.trips), bool)
            for of_service in self._of_line:
                running = [trips for service, trips in of_service.items() if runs[service]]
                if len(running) > 1:
                    for copy in _copies([self._registration(trips) for trips in running], self._feed):
                        found[copy.trip] = True
            self._copies[key] = found
        return self._copies[key]

    def _registration(self, trips: Int64) -> _Registration:
        first = int(trips[0])
        if first not in self._made:
            self._made[first] = self._shapes.registration(trips)
        return self._made[first]


def without_overlaps(feed: Feed, date: datetime.date) -> Feed:
    """The feed without the smaller ones of the registrations that overlap on `date`; told in `Feed.repairs`.

    The same feed where nothing overlaps.
    """
    return _told(feed, date, dropped=True)


def with_overlaps_told(feed: Feed, date: datetime.date) -> Feed:
    """The feed as it is, with the registrations that overlap on `date` told in `Feed.repairs`."""
    return _told(feed, date, dropped=False)


def _told(feed: Feed, date: datetime.date, *, dropped: bool) -> Feed:
    overlaps = Registrations(feed).on(date)
    if not overlaps.lines:
        return feed
    n = overlaps.running - overlaps.left
    lines = f"{len(overlaps.lines):,} line{'s' if len(overlaps.lines) > 1 else ''}"
    what = "the larger one was kept, and the other left out" if dropped else "both were kept, so they count twice"
    effect = (
        f"{n:,} of the day's {overlaps.running:,} trips belong to registrations of {lines} that overlap with a larger one of "
        f"the same line, most departures within {MATCH_S // 60} minutes of one of its own; {what}"
    )
    ids = feed.trips["trip_id"].to_numpy(object)[overlaps.trips]
    log = RepairLog("", feed.repairs)
    log.add(_CODES[dropped], n, overlaps.running, overlaps.lines, effect, ids)
    repaired = replace(feed, repairs=log.repairs())
    return _without(repaired, overlaps.trips) if dropped else repaired


def _without(feed: Feed, dropped: Bool) -> Feed:
    """The feed without some trips; their calls are lost ones."""
    times, gone = feed.stop_times, dropped[feed.stop_times.trip]
    ids, services = (feed.trips[name].to_numpy(object)[times.trip[gone]] for name in ("trip_id", "service_id"))
    lost = lost_calls(ids, services, times.stop[gone], times.departure_s[gone], feed.stops)
    number = np.cumsum(~dropped, dtype=np.int32) - 1
    left = times.take(~gone)
    return replace(
        feed,
        trips=feed.trips[~dropped].reset_index(drop=True),
        stop_times=left._replace(trip=number[left.trip]),
        lost=joined([feed.lost, lost]),
    )


def _line_names(feed: Feed, trips: Int64) -> tuple[str, ...]:
    routes = feed.routes.set_index("route_id").loc[feed.trips["route_id"].iloc[trips].unique()]
    names = routes["short_name"].where(routes["short_name"] != "", routes["long_name"])
    return tuple(sorted({f"{name} ({agency})" for name, agency in zip(names, routes["agency"], strict=True)}))


def _trips_by_line(feed: Feed, service: Int32) -> list[dict[int, Int64]]:
    """For every operator, mode, name and direction that has several services: service -> rows of its trips.

    A line without any name is only itself.
    """
    routes = feed.routes
    names = routes["short_name"].where(routes["short_name"] != "", routes["long_name"])
    names = names.where(names != "", routes["route_id"])
    line = routes.assign(line=names).groupby(["agency", "mode", "line"]).ngroup().to_numpy()
    of_trip = line[feed.route_of_trip]
    table = pd.DataFrame({"line": of_trip, "direction": feed.trips["direction"].to_numpy(), "service": service})
    table = table[~feed.trips["trip_id"].isin(feed.frequencies["trip_id"]).to_numpy()]
    several = table.groupby(["line", "direction"])["service"].transform("nunique") > 1
    table = table[several.to_numpy()]
    of_line, of_service = table.groupby(["line", "direction"]).ngroup().to_numpy(), table["service"].to_numpy()
    order, rows = np.lexsort((of_service, of_line)), table.index.to_numpy(np.int64)
    begins = np.flatnonzero(np.diff(of_line[order]) | np.diff(of_service[order])) + 1
    found: dict[int, dict[int, Int64]] = {}
    for part in np.split(order, begins) if len(order) else ():
        found.setdefault(int(of_line[part[0]]), {})[int(of_service[part[0]])] = rows[part]
    return list(found.values())


class _Shapes:
    """Where the trips of a feed begin, end and call, to make registrations of them."""

    def __init__(self, feed: Feed) -> None:
        self._times, self._offset = feed.stop_times, trip_offset(feed.stop_times, len(feed.trips))
        self._position_m = positions_in_space_m(feed.stops["lon"].to_numpy(float), feed.stops["lat"].to_numpy(float))
        # A number for each stop, equal for stops of any feed within the same few metres.
        self._place = np.unique(np.round(self._position_m / 10), axis=0, return_inverse=True)[1].reshape(-1)

    def registration(self, trips: Int64) -> _Registration:
        """The registration of these trips (rows of `Feed.trips`)."""
        rows = trips[np.lexsort((trips, self._times.departure_s[self._offset[trips]]))]
        first, last = self._times.stop[self._offset[rows]], self._times.stop[self._offset[rows + 1] - 1]
        departure_s = self._times.departure_s[self._offset[rows]].astype(np.int64)
        begins = self._place[first]
        by_place = np.lexsort((departure_s, begins))
        gap_s = np.full(len(rows), np.nan)
        same = begins[by_place][1:] == begins[by_place][:-1]
        gap_s[by_place[1:][same]] = np.diff(departure_s[by_place])[same]
        calls = ranges(self._offset[rows], np.diff(self._offset)[rows])
        places = frozenset(np.unique(self._place[self._times.stop[calls]]).tolist())
        return _Registration(rows, departure_s, gap_s, self._position_m[first], self._position_m[last], places)


def _copies(running: list[_Registration], feed: Feed) -> list[_Registration]:
    """The registrations of one line and direction that a larger one repeats, the larger kept."""
    kept: list[tuple[_Registration, set[int]]] = []  # and its departures that a copy has matched
    found: list[_Registration] = []
    for one in sorted(running, key=lambda each: (-len(each.trip), *feed.trips["trip_id"].iloc[each.trip[:1]])):
        for larger, matched in kept:
            pairs = _pairs(larger, one, matched)
            if _is_copy(larger, one, pairs, part_of_known=bool(matched), line_is_known=bool(found)):
                if not _all_exact(feed, larger, one, pairs):
                    found.append(one)
                    matched.update(i for i, _ in pairs)
                break
        else:
            kept.append((one, set()))
    return found


def _pairs(larger: _Registration, other: _Registration, taken: set[int]) -> list[tuple[int, int]]:
    """Departures of the two that may be one and the same, one to one, the nearest in time of each: their positions."""
    used, pairs = set(taken), []
    starts = np.searchsorted(larger.departure_s, other.departure_s - MATCH_S)
    ends = np.searchsorted(larger.departure_s, other.departure_s + MATCH_S, side="right")
    for j, (start, end) in enumerate(zip(starts, ends, strict=True)):
        near = [i for i in range(start, end) if i not in used and _same_ends(larger, i, other, j)]
        if near:
            nearest = min(near, key=lambda i: abs(larger.departure_s[i] - other.departure_s[j]))
            used.add(nearest)
            pairs.append((nearest, j))
    return pairs


def _same_ends(one: _Registration, i: int, other: _Registration, j: int) -> bool:
    return bool(
        np.abs(one.first_m[i] - other.first_m[j]).max() <= SAME_PLACE_M
        and np.abs(one.last_m[i] - other.last_m[j]).max() <= SAME_PLACE_M
    )


def _is_copy(
    larger: _Registration,
    other: _Registration,
    pairs: Sequence[tuple[int, int]],
    *,
    part_of_known: bool,
    line_is_known: bool,
) -> bool:
    """Whether most of `other` is matched by the larger one.

    A registration may be spread over several services: `part_of_known` is whether the larger one has a copy already, of
    which `other` may be a smaller part, as far as it is matched by departures that no copy has matched.
    """
    size, least = len(other.trip), _LEAST_OF_KNOWN_COPIES if line_is_known else _LEAST_MATCHED
    enough = len(pairs) >= max(least, _MATCHED_SHARE * size)
    if not enough or (size < _LEAST_SHARE * len(larger.trip) and not part_of_known):
        return False
    if len(larger.places & other.places) < _SHARED_STOPS * len(other.places):
        return False
    mine, theirs = (np.array(side) for side in zip(*pairs, strict=True))
    gaps_s = larger.gap_s[mine]
    usual_s = float(np.median(gaps_s[~np.isnan(gaps_s)])) if not np.isnan(gaps_s).all() else np.inf
    offsets_s = np.abs(larger.departure_s[mine] - other.departure_s[theirs])
    return float(offsets_s.mean()) <= _LARGEST_OFFSET * usual_s


def _all_exact(feed: Feed, larger: _Registration, other: _Registration, pairs: Sequence[tuple[int, int]]) -> bool:
    """Whether every trip repeats its pair exactly: `build_timetable` drops and counts those by itself."""
    if len(pairs) < len(other.trip):
        return False
    return all(_content(feed, larger.trip[i]) == _content(feed, other.trip[j]) for i, j in pairs)


def _content(feed: Feed, trip: int) -> tuple[object, ...]:
    first, last = np.searchsorted(feed.stop_times.trip, [trip, trip + 1])
    calls = feed.stop_times.take(np.arange(first, last))
    places = feed.stops[["lon", "lat"]].to_numpy()[calls.stop]
    row = feed.trips.iloc[trip]
    long_name = feed.routes.loc[feed.routes["route_id"] == row["route_id"], "long_name"].iloc[0]
    columns = (places, calls.arrival_s[1:], calls.departure_s[:-1], calls.can_board[:-1], calls.can_alight[1:])
    return (long_name, int(row["wheelchair"]), *(column.tobytes() for column in columns))
