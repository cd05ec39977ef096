"""Draws timetables in which trips known only by their headway have random offsets within it.

For trips of `frequencies.txt` without `exact_times` only the headway is known. The effort for the exact distribution of
travel times grows with the product of the headways of all lines, so offsets are drawn. The draws of each line are spread
evenly over its headway (a Latin hypercube; McKay, Beckman and Conover, 1979): for journeys with one such line few draws
give almost exact results; journeys with several lines have the error of a random sample.
"""

from dataclasses import replace

import numpy as np

from accessibility.compressed_rows import offsets_of
from accessibility.legs import Float, Int32, Int64
from accessibility.timetable.patterns import RunCalls, patterns_of
from accessibility.timetable.timetable import Timetable
from accessibility.timetable.trips import NO_HEADWAY_RUNS


def timetable_draws(timetable: Timetable, n_draws: int, seed: int, span_s: tuple[int, int]) -> list[Timetable]:
    """`n_draws` timetables of the trips that run within `span_s` (seconds), with random offsets within the headways.

    All runs of one trip of the feed are shifted by the same share of their headway. A run that would start after the
    end of its headway's period is left out. Stops and routes keep their numbers.
    """
    feed_trips, trip_number = np.unique(timetable.headway_runs.feed_trip, return_inverse=True)
    calls, route = _calls(timetable)
    return [
        _with_delays(timetable, calls, route, shares[trip_number], span_s)
        for shares in headway_shares(len(feed_trips), n_draws, seed)
    ]


def headway_shares(n_trips: int, n_draws: int, seed: int) -> Float:
    """(n_draws, n_trips) random shares of a headway, 0-1; a trip has one share in each n-th of 0-1, in random order."""
    random = np.random.default_rng(seed)
    strata = random.permuted(np.tile(np.arange(n_draws), (n_trips, 1)), axis=1)
    return ((strata + random.random((n_trips, n_draws))) / n_draws).T


def _with_delays(
    timetable: Timetable, calls: RunCalls, route: Int32, shares: Float, span_s: tuple[int, int]
) -> Timetable:
    runs = timetable.headway_runs
    delay_s = np.zeros(len(route), np.int32)
    delay_s[runs.trip] = (shares * runs.headway_s).astype(np.int32)
    kept = np.ones(len(route), bool)
    kept[runs.trip] = delay_s[runs.trip] < runs.until_end_s
    kept &= calls.departure_s[calls.offset[:-1]] + delay_s <= span_s[1]
    kept &= calls.arrival_s[calls.offset[1:] - 1] + delay_s >= span_s[0]
    call_delay_s = np.repeat(delay_s, np.diff(calls.offset))
    delayed = calls._replace(arrival_s=calls.arrival_s + call_delay_s, departure_s=calls.departure_s + call_delay_s)
    return _regrouped(timetable, delayed, route, np.flatnonzero(kept).astype(np.int64))


def _calls(timetable: Timetable) -> tuple[RunCalls, Int32]:
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


def _regrouped(timetable: Timetable, calls: RunCalls, route: Int32, kept: Int64) -> Timetable:
    """The timetable with only the trips `kept`, grouped into patterns again."""
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
        headway_runs=NO_HEADWAY_RUNS,
    )
