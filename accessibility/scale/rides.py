"""The rides of a timetable from stop to stop, a piece of it at a time, so that no table of all its calls is made."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from accessibility.compressed_rows import offsets_of, ranges
from accessibility.legs import Int32, Int64, LegTable, legs_from_triples
from accessibility.scale.locality import in_time
from accessibility.search.spec import SearchSpec
from accessibility.timetable.timetable import Timetable

_CALLS_AT_ONCE = 2_000_000
_NO_RIDE_S = np.iinfo(np.int32).max


class Rides(NamedTuple):
    """Rides from one call of a trip to its next; all columns (n_rides,)."""

    trip: Int64  # of the timetable, ascending
    position: Int64  # of the call that they leave from
    departure_s: Int32
    arrival_s: Int32


def rides_within(timetable: Timetable, spec: SearchSpec) -> Iterator[Rides]:
    """The rides that a search of `spec` may use, piece by piece: those within its span.

    Where headways are drawn, rides are as early as they can be, and count where any draw could put them into the span.
    """
    first_s, last_s = spec.span_s
    pattern = timetable.trip_patterns()
    length = np.diff(timetable.pattern_position_offset)[pattern]
    calls_before = offsets_of(length)
    late_s = np.zeros(len(pattern), np.int32)
    if spec.frequency_draws:
        late_s[timetable.headway_runs.trip] = timetable.headway_runs.headway_s
    for first, last in _pieces(calls_before):
        calls = slice(calls_before[first], calls_before[last])
        trip = np.repeat(np.arange(first, last), length[first:last])
        position = ranges(timetable.pattern_position_offset[pattern[first:last]], length[first:last])
        departure_s, arrival_s = timetable.departure_s[calls][:-1], timetable.arrival_s[calls][1:]
        within = (trip[1:] == trip[:-1]) & (departure_s + late_s[trip[:-1]] >= first_s) & (arrival_s <= last_s)
        yield Rides(trip[:-1][within], position[:-1][within], departure_s[within], arrival_s[within])


def trips_within(timetable: Timetable, spec: SearchSpec) -> Int64:
    """(n,) numbers of the trips that have a ride within the span of `spec`, ascending."""
    return _one_after_another([np.unique(rides.trip) for rides in rides_within(timetable, spec)])


def trips_needed(timetable: Timetable, least_s: npt.NDArray[np.float64], spec: SearchSpec) -> Int64:
    """(n,) numbers of the trips with a ride after which there is time for the `least_s` (n_stops,) from where it ends.

    Without the other trips every answer of `spec` is the same (see `locality.needed_connections`).
    """
    found = []
    for rides in rides_within(timetable, spec):
        to_go_s = least_s[timetable.position_stop[rides.position + 1]]
        needed = in_time(rides.departure_s, rides.arrival_s, to_go_s, spec)
        found.append(np.unique(rides.trip[needed]))
    return _one_after_another(found)


def least_legs_of(timetable: Timetable, transfers: LegTable, spec: SearchSpec) -> LegTable:
    """As `locality.least_legs`, of a timetable that is not prepared, with the walks `transfers` between its stops."""
    ride_s = np.full(len(timetable.position_stop), _NO_RIDE_S, np.int32)
    for rides in rides_within(timetable, spec):
        np.minimum.at(ride_s, rides.position, rides.arrival_s - rides.departure_s)
    ridden = np.flatnonzero(ride_s < _NO_RIDE_S)
    one, other = timetable.continuations()
    ends, stop = timetable.trip_ends(), timetable.position_stop
    return legs_from_triples(
        len(timetable.stops),
        np.concatenate([stop[ridden + 1], ends.first_stop[other], transfers.target]),
        np.concatenate([stop[ridden], ends.last_stop[one], transfers.sources().astype(np.int32)]),
        np.concatenate([ride_s[ridden], np.zeros(len(one), np.int32), transfers.seconds]),
    )


def _pieces(calls_before: Int64) -> Iterator[tuple[int, int]]:
    """First trip and the one after the last of pieces of some `_CALLS_AT_ONCE` calls."""
    n_trips, n_calls = len(calls_before) - 1, int(calls_before[-1])
    starts = np.searchsorted(calls_before, np.arange(0, n_calls, _CALLS_AT_ONCE), side="right") - 1
    bounds = [*np.unique(starts).tolist(), n_trips]
    return ((first, last) for first, last in pairwise(bounds) if first < last)


def _one_after_another(parts: list[Int64]) -> Int64:
    return np.concatenate([np.empty(0, np.int64), *parts])
