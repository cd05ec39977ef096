"""Draws timetables in which trips known only by their headway have random offsets within it.

For trips of `frequencies.txt` without `exact_times` only the headway is known. The effort for the exact distribution of
travel times grows with the product of the headways of all lines, so offsets are drawn. The draws of each line are spread
evenly over its headway (a Latin hypercube; McKay, Beckman and Conover, 1979): for journeys with one such line few draws
give almost exact results; journeys with several lines have the error of a random sample.
"""

import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from accessibility.legs import Float, Int32
from accessibility.timetable.patterns import RunCalls
from accessibility.timetable.regrouping import calls_by_trip, regrouped
from accessibility.timetable.timetable import Timetable
from accessibility.timetable.trips import NO_HEADWAY_RUNS


def timetable_draws(timetable: Timetable, n_draws: int, seed: int, span_s: tuple[int, int]) -> list[Timetable]:
    """`n_draws` timetables of the trips that run within `span_s` (seconds), with random offsets within the headways.

    All runs of one trip of the feed are shifted by the same share of their headway. A run that would start after the
    end of its headway's period is left out. Stops and routes keep their numbers. The offsets of a trip are those of its id
    and the seed: trips that an edit adds or takes away do not move the others.
    """
    runs = timetable.headway_runs
    _, first, trip_number = np.unique(runs.feed_trip, return_index=True, return_inverse=True)
    trip_ids = [str(run_id).rsplit("@", 1)[0] for run_id in timetable.trip_id[runs.trip[first]]]
    calls, route = calls_by_trip(timetable)
    return [
        _with_delays(timetable, calls, route, shares[trip_number], span_s)
        for shares in headway_shares(trip_ids, n_draws, seed)
    ]


def headway_shares(trip_ids: Sequence[str], n_draws: int, seed: int) -> Float:
    """(n_draws, n_trips) random shares of a headway, 0-1; a trip has one share in each n-th of 0-1, in random order.

    The shares of a trip depend on its id and the seed only, not on the other trips.
    """
    sources = [np.random.default_rng((seed, zlib.crc32(trip_id.encode()))) for trip_id in trip_ids]
    shares = [(random.permutation(n_draws) + random.random(n_draws)) / n_draws for random in sources]
    return np.array(shares, np.float64).reshape(len(trip_ids), n_draws).T


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
    drawn = regrouped(timetable, delayed, route, np.flatnonzero(kept).astype(np.int64))
    return replace(drawn, headway_runs=NO_HEADWAY_RUNS)
