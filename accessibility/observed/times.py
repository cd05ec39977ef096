"""What ran on a day, as times of the day's timetable: trips that were matched, and those that were not in three ways."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.compressed_rows import offsets_of, row_numbers
from accessibility.legs import Int32, Int64
from accessibility.observed.matching import Match, line_names, plain_ids
from accessibility.timetable.patterns import RunCalls
from accessibility.timetable.regrouping import calls_by_trip, regrouped
from accessibility.timetable.timetable import Timetable

Bool = npt.NDArray[np.bool_]

# What is made of trips of the timetable that were not matched.
DROPPED, AS_TIMETABLED, CANCELLED = "dropped", "as_timetabled", "cancelled"
WAYS = (AS_TIMETABLED, CANCELLED, DROPPED)
_APART_S = 2**40  # more than any times of one trip


class Extra(NamedTuple):
    """Trips that were observed and are not in the timetable."""

    timetable: Timetable  # of the day, with these trips among others
    trips: Int64  # (n,) their numbers
    feeds: tuple[str, ...]  # names of the feeds that it is of


@dataclass(frozen=True)
class ObservedTimes:
    """The trips of a day's timetable at the times at which they ran; what was not observed stands at its planned time."""

    planned: Timetable
    arrival_s: Int32  # (n_events,) of the timetable's events
    departure_s: Int32  # (n_events,)
    matched: Bool  # (n_trips,) trips that were observed
    called: Bool  # (n_events,) calls that were observed
    covered: Bool  # (n_trips,) trips of modes that the observations cover; others run as timetabled
    whole_trips: bool  # whether a matched trip made all its calls, as averages of delays can't tell
    extra: Extra | None = None
    feeds: tuple[str, ...] = ()  # names of the feeds of the timetable

    def pair(self, way: str) -> tuple[Timetable, Timetable]:
        """(the timetable, what ran) to be compared, with trips that were not matched in one of the `WAYS`.

        Dropped: neither has them. As timetabled: both have them, at their planned times. Cancelled: the timetable has them,
        and they did not run; what ran is what was observed, with trips that no timetable has.
        """
        calls, route = calls_by_trip(self.planned)
        ran = calls._replace(arrival_s=self.arrival_s, departure_s=self.departure_s)
        kept = np.flatnonzero(self.matched | ~self.covered)
        every = np.arange(len(self.matched))
        if way == DROPPED:
            return regrouped(self.planned, calls, route, kept), regrouped(self.planned, ran, route, kept)
        if way == AS_TIMETABLED:
            return self.planned, regrouped(self.planned, ran, route, every)
        if way == CANCELLED:
            made = ran if self.whole_trips else self._calls_made(ran)
            return self.planned, self._with_extra(made, route, kept)
        raise ValueError(f"{way!r} is not one of {', '.join(WAYS)}")

    def _calls_made(self, ran: RunCalls) -> RunCalls:
        """The calls without those of matched trips that were not observed."""
        trip = row_numbers(ran.offset)
        made = self.called | ~self.matched[trip]
        n_calls = np.bincount(trip[made], minlength=len(ran.offset) - 1)
        calls = RunCalls._make([offsets_of(n_calls), *(column[made] for column in ran[1:])])
        board, alight = calls.can_board.copy(), calls.can_alight.copy()
        board[calls.offset[1:] - 1] = False
        alight[calls.offset[:-1]] = False
        return calls._replace(can_board=board, can_alight=alight)

    def _with_extra(self, ran: RunCalls, route: Int32, kept: Int64) -> Timetable:
        if self.extra is None or not len(self.extra.trips):
            return regrouped(self.planned, ran, route, kept)
        whole, added, added_route = _joined(self.planned, self.feeds, self.extra)
        together = RunCalls(
            np.concatenate([ran.offset, ran.offset[-1] + added.offset[1:]]),
            *(np.concatenate(columns) for columns in zip(ran[1:], added[1:], strict=True)),
        )
        rows = np.concatenate([kept, len(route) + np.arange(len(added_route))])
        return regrouped(whole, together, np.concatenate([route, added_route]), rows)


def _joined(planned: Timetable, feeds: Collection[str], extra: Extra) -> tuple[Timetable, RunCalls, Int32]:
    """The timetable with the stops, lines and ids of the extra trips after its own; their calls, and their routes."""
    calls, route = calls_by_trip(extra.timetable)
    calls, route = calls.take(extra.trips), route[extra.trips]
    observed = extra.timetable
    stops, stop_number = _added(
        (planned.stops, observed.stops),
        (plain_ids(planned.stops["stop_id"], feeds), plain_ids(observed.stops["stop_id"], extra.feeds)),
    )
    routes, route_number = _added(
        (planned.routes, observed.routes), (line_names(planned, feeds), line_names(observed, extra.feeds))
    )
    whole = replace(
        planned,
        stops=stops,
        routes=routes,
        trip_id=np.concatenate([planned.trip_id, extra.timetable.trip_id[extra.trips]]),
        trip_wheelchair=np.concatenate([planned.trip_wheelchair, extra.timetable.trip_wheelchair[extra.trips]]),
    )
    return whole, calls._replace(stop=stop_number[calls.stop]), route_number[route]


def _added(
    frames: tuple[pd.DataFrame, pd.DataFrame], names: tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]
) -> tuple[pd.DataFrame, Int32]:
    """The first frame with the rows of the second whose names it lacks; (n_second,) the number of each row of the second."""
    first = pd.Series(np.arange(len(names[0])), index=names[0])
    known = first[~first.index.duplicated()]
    number = known.reindex(names[1]).to_numpy(float, copy=True)
    new = np.isnan(number)
    number[new] = len(frames[0]) + np.arange(new.sum())
    return pd.concat([frames[0], frames[1][new]], ignore_index=True), number.astype(np.int32)


def times_of_match(
    planned: Timetable, observed: Timetable, match: Match, covered: Bool, feeds: tuple[Collection[str], Collection[str]]
) -> ObservedTimes:
    """The planned trips at the times of the observed ones.

    Between two calls that were observed a trip keeps its pace as timetabled, as it does where a feed leaves times blank;
    before the first and after the last it is as late as there.
    """
    arrival, departure = planned.arrival_s.astype(np.int64), planned.departure_s.astype(np.int64)
    arrival[match.event] = observed.arrival_s[match.other_event]
    departure[match.event] = observed.departure_s[match.other_event]
    called = np.zeros(len(arrival), bool)
    called[match.event] = True
    matched = np.zeros(len(planned.trip_id), bool)
    matched[match.trip] = True
    times = _filled(planned, arrival, departure, called)
    others = np.setdiff1d(np.arange(len(observed.trip_id)), match.other)
    extra = Extra(observed, others, tuple(feeds[1]))
    return ObservedTimes(planned, *times, matched, called, covered | matched, False, extra, tuple(feeds[0]))


def times_of_delays(planned: Timetable, delay_s: Int64, known: Bool, covered: Bool) -> ObservedTimes:
    """The planned trips later by the delay of each of their calls; a trip with a delay at any call is matched.

    `delay_s` and `known` are (n_events,), in seconds, early below 0. A call without a delay is between those beside it, as in
    `times_of_match`. Where delays would make a trip leave before it has arrived, it waits.
    """
    trip = planned.calls().trip
    arrival, departure = (column.astype(np.int64) for column in (planned.arrival_s, planned.departure_s))
    rows = np.flatnonzero(known)
    both = (np.column_stack([arrival[rows], departure[rows]]) + delay_s[rows, None]).reshape(-1)
    base = np.repeat(trip[rows], 2) * _APART_S
    rising = (np.maximum.accumulate(both + base) - base).reshape(-1, 2)
    arrival[rows], departure[rows] = rising[:, 0], rising[:, 1]
    matched: Bool = np.bincount(trip[rows], minlength=len(planned.trip_id)) > 0
    times = _filled(planned, arrival, departure, known)
    return ObservedTimes(planned, *times, matched, known, covered | matched, True)


def _filled(planned: Timetable, arrival: Int64, departure: Int64, known: Bool) -> tuple[Int32, Int32]:
    """Times of all events where those that are `known` stand at `arrival` and `departure`; others of their trips in between."""
    trip = planned.calls().trip
    number = np.arange(len(trip))
    before = np.maximum.accumulate(np.where(known, number, -1))
    after = np.minimum.accumulate(np.where(known, number, len(number))[::-1])[::-1]
    has_before = (before >= 0) & (trip[before] == trip)
    has_after = (after < len(number)) & (trip[np.minimum(after, len(number) - 1)] == trip)
    before, after = np.where(has_before, before, 0), np.where(has_after, after, 0)
    found = []
    for ran, plan in ((arrival, planned.arrival_s), (departure, planned.departure_s)):
        at = plan.astype(np.int64)
        start, start_ran = planned.departure_s.astype(np.int64)[before], departure[before]
        end, end_ran = planned.arrival_s.astype(np.int64)[after], arrival[after]
        span = np.maximum(end - start, 1)
        between = start_ran + np.where(end > start, (at - start) * (end_ran - start_ran) // span, 0)
        one_side = at + np.where(has_before, start_ran - start, end_ran - end)
        times = np.where(has_before & has_after, between, np.where(has_before | has_after, one_side, at))
        found.append(np.where(known, ran, times).astype(np.int32))
    return found[0], found[1]
