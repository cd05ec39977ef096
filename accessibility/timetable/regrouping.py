"""A timetable of some trips of another one, or of the same trips at other times, in patterns of its own."""

from dataclasses import replace

import numpy as np

from accessibility.compressed_rows import offsets_of, ranges
from accessibility.gtfs.dropped_calls import NOTHING_LOST
from accessibility.legs import Int32, Int64
from accessibility.timetable.patterns import RunCalls, patterns_of
from accessibility.timetable.timetable import Timetable
from accessibility.timetable.trips import HeadwayRuns


def calls_by_trip(timetable: Timetable) -> tuple[RunCalls, Int32]:
    """The calls of all trips, and (n_trips,) their route numbers."""
    pattern, position = timetable.trip_patterns(), timetable.calls().position
    calls = RunCalls(
        offsets_of(np.diff(timetable.pattern_position_offset)[pattern]),
        timetable.position_stop[position],
        timetable.arrival_s,
        timetable.departure_s,
        timetable.position_can_board[position],
        timetable.position_can_alight[position],
    )
    return calls, timetable.pattern_route[pattern]


def regrouped(timetable: Timetable, calls: RunCalls, route: Int32, kept: Int64) -> Timetable:
    """The timetable with only the trips `kept`, at the times of `calls`, grouped into patterns again.

    `calls` and `route` are of all trips of the timetable. Stops and routes keep their numbers. With all trips at their own
    times it is the timetable as it was.
    """
    patterns = patterns_of(calls.take(kept), route[kept])
    trip = kept[patterns.run]
    calls = calls.take(trip)
    first = patterns.run_offset[:-1]
    positions = calls.take(first)
    return replace(
        timetable,
        pattern_position_offset=positions.offset.astype(np.int32),
        position_stop=positions.stop,
        position_can_board=positions.can_board,
        position_can_alight=positions.can_alight,
        pattern_route=route[trip][first],
        pattern_trip_offset=patterns.run_offset.astype(np.int32),
        pattern_event_offset=calls.offset[patterns.run_offset],
        arrival_s=calls.arrival_s,
        departure_s=calls.departure_s,
        trip_id=timetable.trip_id[trip],
        trip_wheelchair=timetable.trip_wheelchair[trip],
        headway_runs=_headway_runs_of(timetable.headway_runs, trip),
        joints=timetable.joints.of_trips(trip),
    )


def part_of(timetable: Timetable, trips: Int64) -> tuple[Timetable, Int64]:
    """The timetable of the `trips` (ascending) alone, with only their patterns and stops, and the numbers its stops had.

    Patterns, trips and stops keep their order; routes keep their numbers. The part has no transfer rules, pathways, entrances,
    repairs or lost calls: walks between its stops are those of the whole.
    """
    trip_pattern = timetable.trip_patterns()[trips]
    offset, trip_offset = (
        of.astype(np.int64) for of in (timetable.pattern_position_offset, timetable.pattern_trip_offset)
    )
    length = np.diff(offset)
    place = trips - trip_offset[trip_pattern]
    calls = ranges(timetable.pattern_event_offset[trip_pattern] + place * length[trip_pattern], length[trip_pattern])
    pattern, n_trips = np.unique(trip_pattern, return_counts=True)
    positions = ranges(offset[pattern], length[pattern])
    stops, position_stop = np.unique(timetable.position_stop[positions], return_inverse=True)
    part = replace(
        timetable,
        stops=timetable.stops.iloc[stops].reset_index(drop=True),
        pattern_position_offset=offsets_of(length[pattern]).astype(np.int32),
        position_stop=position_stop.astype(np.int32),
        position_can_board=timetable.position_can_board[positions],
        position_can_alight=timetable.position_can_alight[positions],
        pattern_route=timetable.pattern_route[pattern],
        pattern_trip_offset=offsets_of(n_trips).astype(np.int32),
        pattern_event_offset=offsets_of(n_trips * length[pattern]),
        arrival_s=timetable.arrival_s[calls],
        departure_s=timetable.departure_s[calls],
        trip_id=timetable.trip_id[trips],
        trip_wheelchair=timetable.trip_wheelchair[trips],
        headway_runs=_headway_runs_of(timetable.headway_runs, trips),
        joints=timetable.joints.of_trips(trips),
        **{name: getattr(timetable, name).iloc[:0] for name in ("transfer_rules", "pathways", "entrances")},
        repairs=(),
        lost=NOTHING_LOST,
    )
    return part, stops.astype(np.int64)


def _headway_runs_of(runs: HeadwayRuns, trip: Int64) -> HeadwayRuns:
    """The headway runs of a timetable whose trip `i` is the trip `trip[i]` of this one."""
    row = np.full(max(int(trip.max(initial=-1)), int(runs.trip.max(initial=-1))) + 1, -1, np.int64)
    row[runs.trip] = np.arange(len(runs.trip))
    number = np.flatnonzero(row[trip] >= 0)
    return HeadwayRuns(number.astype(np.int32), *(column[row[trip[number]]] for column in runs[1:]))
