"""Who meets the headline's test on observed days: by the timetable and as observed, with the trips that were matched."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from accessibility import Timetable, join_points, joined_travel_times, prepare_search
from corridors.access.centre_access import Access, Bool, Int, place_points
from corridors.catalogue.observed import AS_TIMETABLED, CANCELLED, DROPPED, WAYS, days_column
from corridors.inputs.observed_days import ObservedDay
from corridors.inputs.read import Context, Network


class BothSides(NamedTuple):
    """Who meets the headline's test: each (n_zones,)."""

    timetabled: Bool
    observed: Bool


class Coverage(NamedTuple):
    """The trips in the headline's hours, of modes that were observed; each (n_trips,) of the day's timetable."""

    trips: Bool
    matched: Bool


@dataclass(frozen=True)
class ObservedFound:
    """What was found on the observed days; zones as in `Context.zones`."""

    days: tuple[ObservedDay, ...]
    meets: Mapping[tuple[dt.date, str], BothSides]  # by day and one of `WAYS`
    coverage: Mapping[dt.date, Coverage]
    window_s: tuple[int, int]  # the headline's hours: first departure, last arrival within the cutoff
    zones: pd.DataFrame  # index zone_id; shares of the days on which the test is met


def answer_observed(context: Context, network: Network, access: Access) -> ObservedFound:
    """The answers of every observed day, by the headline's search, with unmatched trips in each of the `WAYS`."""
    span = access.spec.window_start_s, access.spec.window_end_s + access.kpi_cutoff_s
    meets: dict[tuple[dt.date, str], BothSides] = {}
    for day in network.observed:
        planned = _meets(context, network, access, day.times.planned)
        for way in (AS_TIMETABLED, CANCELLED):
            meets[day.date, way] = BothSides(planned, _meets(context, network, access, day.times.pair(way)[1]))
        kept = (_meets(context, network, access, one) for one in day.times.pair(DROPPED))
        meets[day.date, DROPPED] = BothSides(*kept)
    coverage = {day.date: coverage_of(day, span) for day in network.observed}
    columns = {
        days_column(way, timetabled=side == 0): np.mean(
            [meets[day.date, way][side] for day in network.observed], axis=0
        )
        for way in WAYS
        for side in (0, 1)
        if not (way == CANCELLED and side == 0)  # the timetable is that of the first way
    }
    return ObservedFound(network.observed, meets, coverage, span, pd.DataFrame(columns, index=context.zones.index))


def coverage_of(day: ObservedDay, span_s: tuple[int, int]) -> Coverage:
    """The day's trips that run within a span of seconds after midnight, of modes that were observed."""
    ends = day.times.planned.trip_ends()
    trips = day.times.covered & (ends.departs_s < span_s[1]) & (ends.arrives_s >= span_s[0])
    return Coverage(trips, trips & day.times.matched)


def delays_s(day: ObservedDay, trips: Bool) -> Int:
    """(n,) seconds by which the observed calls of some trips left late (at the last stop: arrived), early below 0."""
    times, calls = day.times, day.times.planned.calls()
    last = day.times.planned.end_positions()[1][calls.trip] == calls.position
    late = np.where(last, times.arrival_s - times.planned.arrival_s, times.departure_s - times.planned.departure_s)
    found: Int = late[times.called & trips[calls.trip]].astype(np.int64)
    return found


def _meets(context: Context, network: Network, access: Access, timetable: Timetable) -> Bool:
    """(n_zones,) who meets the headline's test under a timetable."""
    if timetable is network.timetable:
        return access.centres_within() >= access.centres_at_least
    spec = replace(access.spec, percentiles=(50.0,), cutoffs_s=())
    centres = place_points(context.centres, access.radius_m)
    joined = join_points(
        prepare_search(timetable, network.streets, spec), network.streets, access.origins, centres, spec
    )
    return access.centres_within(times=joined_travel_times(joined, spec)) >= access.centres_at_least
