"""Several versions of a day's timetable as one: every pattern stands there once, and each version says which of them run.

A search of one version leaves out the connections of the patterns that it does not run; nothing is prepared anew
(`search.changes.versions`).
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.compressed_rows import offsets_of, ranges
from accessibility.feed import Feed
from accessibility.timetable.joints import Joints
from accessibility.timetable.timetable import Timetable, transfer_rules_of
from accessibility.timetable.trips import NO_HEADWAY_RUNS

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]


class Versions(NamedTuple):
    """Versions of a timetable. Its stops, routes and trips are those of all of them."""

    timetable: Timetable
    runs: Bool  # (n_versions, n_patterns) whether a version runs a pattern; the first version is the base

    def version(self, number: int) -> Timetable:
        """The timetable of one version: its trips, in the patterns and stops of all."""
        return self.timetable.only_patterns(self.runs[number])


def versions_of(
    base: Timetable, changed: Collection[str], others: Sequence[Timetable | None], transfers: Feed
) -> Versions:
    """The base and other versions of it, of the same day, which differ from it in the routes `changed` (ids) only.

    Each of `others` has all trips of its version on these routes, and on routes that the base lacks; None is a version
    without such trips. Transfer rules are those of the feed `transfers`, in all versions.
    """
    parts = [base, *(one for one in others if one is not None)]
    stops, stop_numbers = _together([one.stops for one in parts])
    routes, route_numbers = _together([one.routes for one in parts])
    same = ~base.routes["route_id"].isin(list(changed)).to_numpy()[base.pattern_route]
    keys = [_keys(*one) for one in zip(parts, stop_numbers, route_numbers, strict=True)]
    known = {key: n for n, key in enumerate(keys[0])}  # digest of a pattern -> its number in the whole
    chosen = [np.arange(len(same))]
    for of_part in keys[1:]:
        new = {key: n for n, key in enumerate(of_part) if key not in known}
        chosen.append(np.array(list(new.values()), np.int64))
        known |= {key: len(known) + n for n, key in enumerate(new)}
    runs = np.zeros((1 + len(others), len(known)), bool)
    runs[:, : len(same)] = same
    own = iter([[known[key] for key in of_part] for of_part in keys])
    runs[0, next(own)] = True
    for row, one in enumerate(others, start=1):
        if one is not None:
            runs[row, next(own)] = True
    whole = _stacked(parts, chosen, stop_numbers, route_numbers)
    rules = transfer_rules_of(transfers, stops)
    return Versions(replace(whole, stops=stops, routes=routes, transfer_rules=rules), runs)


def patterns_changed(one: Timetable, other: Timetable) -> tuple[Bool, Bool]:
    """(n_patterns,) of each of two timetables of a day: the patterns that the other does not have with the same trips."""
    parts = (one, other)
    _, stop_numbers = _together([part.stops for part in parts])
    _, route_numbers = _together([part.routes for part in parts])
    keys = [_keys(*part) for part in zip(parts, stop_numbers, route_numbers, strict=True)]
    both = set(keys[0]) & set(keys[1])
    first, second = (np.array([key not in both for key in of_part], bool) for of_part in keys)
    return first, second


def _together(frames: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, list[Int64]]:
    """The different rows of all frames, those of the first as they are, and the number of each frame's rows among them."""
    every = pd.concat(frames, ignore_index=True)
    number = every.groupby(list(every.columns), sort=False, dropna=False).ngroup().to_numpy(np.int64)
    _, first = np.unique(number, return_index=True)
    ends = np.cumsum([len(frame) for frame in frames])[:-1]
    return every.iloc[first].reset_index(drop=True), np.split(number, ends)


def _keys(one: Timetable, stops: Int64, routes: Int64) -> list[bytes]:
    """A digest of each pattern: of all that a search sees of it."""
    position, trip, event = one.pattern_position_offset, one.pattern_trip_offset, one.pattern_event_offset
    route, stop = routes[one.pattern_route], stops[one.position_stop]
    by_position, by_event = (stop, one.position_can_board, one.position_can_alight), (one.arrival_s, one.departure_s)
    joined, joint = one.joints, np.searchsorted(one.joints.trip, trip)
    found = []
    for n in range(len(route)):
        columns = (
            route[n : n + 1],
            *(column[position[n] : position[n + 1]] for column in by_position),
            *(column[event[n] : event[n + 1]] for column in by_event),
            one.trip_wheelchair[trip[n] : trip[n + 1]],
            joined.trip[joint[n] : joint[n + 1]] - trip[n],
            *(keys[joint[n] : joint[n + 1]] for keys in (joined.begins, joined.ends)),
        )
        digest = hashlib.blake2b(np.array([len(column) for column in columns], np.int64).tobytes(), digest_size=16)
        for column in columns:
            digest.update(column.tobytes())
        found.append(digest.digest())
    return found


def _stacked(
    parts: Sequence[Timetable], chosen: Sequence[Int64], stops: Sequence[Int64], routes: Sequence[Int64]
) -> Timetable:
    """The patterns `chosen` of each part, one part after the other, with stops and routes in their common numbers."""
    columns: dict[str, list[npt.NDArray[Any]]] = {}
    joints: list[Joints] = []
    n_trips = 0

    def add(**given: npt.NDArray[Any]) -> None:
        for name, column in given.items():
            columns.setdefault(name, []).append(column)

    for one, patterns, stop, route in zip(parts, chosen, stops, routes, strict=True):
        lengths, trips, events = (
            np.diff(offset)[patterns]
            for offset in (one.pattern_position_offset, one.pattern_trip_offset, one.pattern_event_offset)
        )
        positions = ranges(one.pattern_position_offset[patterns], lengths)
        trip_rows = ranges(one.pattern_trip_offset[patterns], trips)
        event_rows = ranges(one.pattern_event_offset[patterns], events)
        add(lengths=lengths, trips=trips, events=events)
        add(position_stop=stop[one.position_stop[positions]].astype(np.int32))
        add(
            position_can_board=one.position_can_board[positions], position_can_alight=one.position_can_alight[positions]
        )
        add(pattern_route=route[one.pattern_route[patterns]].astype(np.int32))
        add(arrival_s=one.arrival_s[event_rows], departure_s=one.departure_s[event_rows])
        add(trip_id=one.trip_id[trip_rows], trip_wheelchair=one.trip_wheelchair[trip_rows])
        joined = one.joints.of_trips(trip_rows)
        joints.append(joined._replace(trip=joined.trip + np.int32(n_trips)))
        n_trips += len(trip_rows)
    whole: dict[str, Any] = {name: np.concatenate(column) for name, column in columns.items()}
    return replace(
        parts[0],
        pattern_position_offset=offsets_of(whole.pop("lengths")).astype(np.int32),
        pattern_trip_offset=offsets_of(whole.pop("trips")).astype(np.int32),
        pattern_event_offset=offsets_of(whole.pop("events")),
        headway_runs=NO_HEADWAY_RUNS,
        joints=Joints._make(np.concatenate(column) for column in zip(*joints, strict=True)),
        **whole,
    )
