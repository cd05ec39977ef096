"""Matches the trips that ran on a day to those of the day's timetable: by their ids, and else by line, stops and times."""

import itertools
from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.legs import Int64
from accessibility.timetable.timetable import Timetable

Bool = npt.NDArray[np.bool_]
Float = npt.NDArray[np.float64]

MOST_APART_OF_ONE_ID_S = 7200  # a trip that runs two hours off is another one that got the same id
MOST_APART_S = 1200  # of trips without a common id, at the median of the stops they share
LEAST_CALLS = 2  # that a planned and an observed trip share
_NEVER = 1e9  # cost of a pair that can't be matched


class Match(NamedTuple):
    """Pairs of a planned and an observed trip, and of their calls at the same stops."""

    trip: Int64  # (n_matched,) trip of the timetable, ascending
    other: Int64  # (n_matched,) the observed trip that it was
    event: Int64  # (n_calls,) event of the timetable, ascending
    other_event: Int64  # (n_calls,) the observed event


class Common(NamedTuple):
    """Where the trips of a planned and of an observed pattern call at the same stops, in order."""

    position: Int64  # (n,) place along the planned trip
    other: Int64  # (n,) place along the observed trip


def plain_ids(ids: npt.NDArray[np.object_] | pd.Series, feeds: Collection[str]) -> npt.NDArray[np.object_]:
    """(n,) ids without the names that they got as prefixes where several `feeds` were read as one."""
    texts = pd.Series(ids, dtype=object).reset_index(drop=True).astype(str)
    if len(feeds) > 1:
        parts = texts.str.partition(":")
        texts = texts.where(~parts[0].isin(list(feeds)), parts[2])
    return texts.to_numpy(object)


def line_names(timetable: Timetable, feeds: Collection[str]) -> npt.NDArray[np.object_]:
    """(n_routes,) what the public calls each line, in small letters: its number, else its name, else its id."""
    routes = timetable.routes
    ids = pd.Series(plain_ids(routes["route_id"], feeds), index=routes.index)
    names = routes["short_name"].where(routes["short_name"] != "", routes["long_name"])
    return names.where(names != "", ids).str.strip().str.casefold().to_numpy(object)


def match_trips(planned: Timetable, observed: Timetable, feeds: tuple[Collection[str], Collection[str]]) -> Match:
    """Which trips of a day's timetable were observed, and at which stops; each trip of either side is in one pair at most.

    `feeds` are the names of the feeds of both sides (`Feed.names`). Trips of one line and one id are a pair where they share
    two calls and are less than two hours apart. The others of a line are paired so that as many as possible find another
    within 20 minutes, and the sum of minutes apart is least (Kuhn 1955, by scipy). Apart are two trips by the median
    difference of the times at the stops that they share.
    """
    sides = _Side(planned, feeds[0]), _Side(observed, feeds[1])
    finder = _Finder(*sides)
    pairs = _by_id(finder)
    taken, taken_other = ({pair[side] for pair in pairs} for side in (0, 1))
    for line in np.intersect1d(sides[0].line, sides[1].line):
        trips = [int(t) for t in np.flatnonzero(sides[0].line == line) if t not in taken]
        others = [int(t) for t in np.flatnonzero(sides[1].line == line) if t not in taken_other]
        pairs += _nearest(finder, trips, others)
    pairs.sort()
    return _with_calls(finder, pairs)


class _Side:
    """One of the two timetables with what is compared: lines, stops and ids in words that both share."""

    def __init__(self, timetable: Timetable, feeds: Collection[str]) -> None:
        self.pattern = timetable.trip_patterns()
        self.offset = timetable.pattern_position_offset.astype(np.int64)
        self.n_positions = np.diff(self.offset)
        rank = np.arange(len(self.pattern)) - timetable.pattern_trip_offset.astype(np.int64)[self.pattern]
        self.first_event = timetable.pattern_event_offset[self.pattern] + rank * self.n_positions[self.pattern]
        self.arrival_s, self.departure_s = timetable.arrival_s, timetable.departure_s
        self.line = line_names(timetable, feeds)[timetable.pattern_route][self.pattern].astype(str)
        self.ids = plain_ids(timetable.trip_id, feeds)
        self._stops = plain_ids(timetable.stops["stop_id"], feeds)[timetable.position_stop]

    def stops_of(self, pattern: int) -> npt.NDArray[np.object_]:
        """(n_positions,) of a pattern, its stops in order."""
        return self._stops[self.offset[pattern] : self.offset[pattern + 1]]

    def times_s(self, trip: Int64, position: Int64) -> Int64:
        """(n_trips, n) departures of trips of one pattern at these places, at the last place arrivals."""
        event = self.first_event[trip][:, None] + position
        last = position == self.n_positions[self.pattern[trip[0]]] - 1
        return np.where(last, self.arrival_s[event], self.departure_s[event]).astype(np.int64)


class _Finder:
    """Tells how far planned and observed trips are apart; stops are compared once for each pair of patterns."""

    def __init__(self, planned: _Side, observed: _Side) -> None:
        self.planned, self.observed = planned, observed
        self._common: dict[tuple[int, int], Common] = {}

    def common(self, trip: int, other: int) -> Common:
        """The calls that a planned and an observed trip share."""
        key = int(self.planned.pattern[trip]), int(self.observed.pattern[other])
        if key not in self._common:
            self._common[key] = common_calls(self.planned.stops_of(key[0]), self.observed.stops_of(key[1]))
        return self._common[key]

    def apart_s(self, trips: Int64, others: Int64) -> Float:
        """(n_trips, n_others) seconds apart of trips that are each of one pattern; `_NEVER` where they share too few calls."""
        shared = self.common(int(trips[0]), int(others[0]))
        if len(shared.position) < LEAST_CALLS:
            return np.full((len(trips), len(others)), _NEVER)
        planned = self.planned.times_s(trips, shared.position)
        observed = self.observed.times_s(others, shared.other)
        apart: Float = np.abs(np.median(observed[None, :, :] - planned[:, None, :], axis=2))
        return apart


def common_calls(stops: npt.NDArray[np.object_], others: npt.NDArray[np.object_]) -> Common:
    """The most calls at the same stops that two sequences of stops hold in the same order.

    The n-th visit of a stop is compared with the n-th.
    """
    keys, other_keys = _visits(stops), _visits(others)
    place = {key: number for number, key in enumerate(other_keys)}
    pairs = [(number, place[key]) for number, key in enumerate(keys) if key in place]
    chosen = _longest_rising([other for _, other in pairs])
    return Common(*(np.array([pairs[n][side] for n in chosen], np.int64) for side in (0, 1)))


def _visits(stops: npt.NDArray[np.object_]) -> list[tuple[object, int]]:
    """Each call as its stop and how many calls there were before at the same stop."""
    seen: dict[object, int] = {}
    found = []
    for stop in stops:
        found.append((stop, seen.get(stop, 0)))
        seen[stop] = seen.get(stop, 0) + 1
    return found


def _longest_rising(numbers: list[int]) -> list[int]:
    """Places of a longest rising subsequence of distinct numbers, in order."""
    if all(one < other for one, other in itertools.pairwise(numbers)):
        return list(range(len(numbers)))
    ends: list[int] = []  # place of the smallest last number of a rising subsequence of each length
    before: list[int] = []
    for number, value in enumerate(numbers):
        length = int(np.searchsorted([numbers[end] for end in ends], value))
        before.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [number]
    found, at = [], ends[-1]
    while at >= 0:
        found.append(at)
        at = before[at]
    return found[::-1]


def _by_id(finder: _Finder) -> list[tuple[int, int]]:
    """Pairs of one id and one line, the least apart first where an id stands there several times."""
    frames = [
        pd.DataFrame({"id": side.ids, "line": side.line, "trip": np.arange(len(side.ids))})
        for side in (finder.planned, finder.observed)
    ]
    same = frames[0].merge(frames[1], on=["id", "line"], suffixes=("", "_other"))
    found = []
    for trip, other in zip(same["trip"].tolist(), same["trip_other"].tolist(), strict=True):
        apart_s = float(finder.apart_s(np.array([trip]), np.array([other]))[0, 0])
        if apart_s <= MOST_APART_OF_ONE_ID_S:
            found.append((apart_s, trip, other))
    return list(_each_once(sorted(found)))


def _each_once(candidates: list[tuple[float, int, int]]) -> Iterator[tuple[int, int]]:
    taken: set[int] = set()
    taken_other: set[int] = set()
    for _, trip, other in candidates:
        if trip not in taken and other not in taken_other:
            taken.add(trip)
            taken_other.add(other)
            yield trip, other


def _nearest(finder: _Finder, trips: list[int], others: list[int]) -> list[tuple[int, int]]:
    """As many pairs of trips of one line as possible, with the least sum of seconds apart."""
    from scipy.optimize import linear_sum_assignment  # takes half a second to import, and most regions observe no day

    if not trips or not others:
        return []
    apart_s = np.full((len(trips), len(others)), _NEVER)
    rows = _by_pattern(np.array(trips), finder.planned)
    columns = _by_pattern(np.array(others), finder.observed)
    for row in rows:
        for column in columns:
            of_pair = finder.apart_s(np.array(trips)[row], np.array(others)[column])
            apart_s[np.ix_(row, column)] = np.where(of_pair <= MOST_APART_S, of_pair, _NEVER)
    chosen, chosen_other = linear_sum_assignment(apart_s)
    near = apart_s[chosen, chosen_other] < _NEVER
    return [(trips[t], others[o]) for t, o in zip(chosen[near], chosen_other[near], strict=True)]


def _by_pattern(trips: Int64, side: _Side) -> list[Int64]:
    """Places of the trips of each pattern."""
    pattern = side.pattern[trips]
    return [np.flatnonzero(pattern == one) for one in np.unique(pattern)]


def _with_calls(finder: _Finder, pairs: list[tuple[int, int]]) -> Match:
    events, other_events = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for trip, other in pairs:
        shared = finder.common(trip, other)
        events.append(finder.planned.first_event[trip] + shared.position)
        other_events.append(finder.observed.first_event[other] + shared.other)
    trips = np.array(pairs, np.int64).reshape(len(pairs), 2)
    return Match(trips[:, 0], trips[:, 1], np.concatenate(events), np.concatenate(other_events))
