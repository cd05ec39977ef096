"""Edits that make a line, and that join two lines into one."""

import datetime
import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.feed import Feed
from accessibility.gtfs.calendars import WEEKDAYS
from accessibility.gtfs.times import clock_text
from accessibility.scenarios.change import Change, Context, calls_along, hop_seconds
from accessibility.scenarios.edits import NewLine, Period, ThroughRun
from accessibility.scenarios.kinds.headways import headway_service
from accessibility.scenarios.problems import Problem, listed
from accessibility.scenarios.selection import of_operator
from accessibility.scenarios.trips import Trip
from accessibility.text import cleaned


def new_line(edit: NewLine, context: Context) -> Change:
    """The change that adds a line, with its route and its service days."""
    stops = context.stops(edit.stops)
    _check_moves(stops)
    _check_free(edit, context.feed)
    hops = hop_seconds(context, stops, edit.speed_kmh, edit.run_s)
    ways = {"0": _trip(edit, context, "0", stops, hops)}
    if edit.both_ways:
        ways["1"] = _trip(edit, context, "1", stops[::-1], hops[::-1])
    if edit.service:
        round_trip_s = sum(trip.duration_s for trip in ways.values())
        periods = [_with_headway(period, round_trip_s + edit.layover_s) for period in edit.service]
        change = headway_service(ways, dict.fromkeys(ways, periods), context, edit.layover_s)
    else:
        change = Change(after=_departing(edit, context, ways))
    return replace(change, routes=[_route(edit, context)], services=[_service(edit, context)])


def _check_moves(stops: Sequence[str]) -> None:
    if len(set(stops)) < 2:
        raise Problem("the line never moves: it needs two stops or more, at different places")
    twice = [stop for stop, following in itertools.pairwise(stops) if stop == following]
    if twice:
        raise Problem(f"the line calls at {twice[0]!r} twice in a row; name it once")


def _check_free(edit: NewLine, feed: Feed) -> None:
    routes = feed.routes
    same = (routes["short_name"].str.casefold() == edit.number.casefold()) & _of_its_operator(routes, edit)
    if same.any():
        raise Problem(
            f"{edit.operator or 'an operator without a name'} has a line {edit.number!r} already; add trips to it, extend it, or "
            "give the new line another number"
        )


def _trip(edit: NewLine, context: Context, direction: str, stops: Sequence[str], hops_s: Sequence[float]) -> Trip:
    """A run along the stops that leaves the first at 0 s."""
    calls = calls_along(stops, hops_s, edit.dwell_s, -float(edit.dwell_s))
    calls[0] = calls[0]._replace(arrival_s=calls[0].departure_s)
    calls[-1] = calls[-1]._replace(departure_s=calls[-1].arrival_s)
    headsign = context.finder.name_of(stops[-1])
    ids = (context.scope,) * 3
    return Trip(*ids, headsign, direction, edit.wheelchair, _feed_number(context.feed), tuple(calls))


def _feed_number(feed: Feed) -> int:
    """The feed with the most trips: a new line counts as one of its."""
    return int(np.bincount(feed.trips["feed"], minlength=1).argmax())


def _departing(edit: NewLine, context: Context, ways: dict[str, Trip]) -> list[Trip]:
    starts = {"0": edit.departures, "1": edit.departures_back or edit.departures}
    return [
        trip.starting_at(start_s, f"{context.scope}/{direction}/{clock_text(start_s)}")
        for direction, trip in ways.items()
        for start_s in sorted(set(starts[direction]))
    ]


def _with_headway(period: Period, away_s: int) -> Period:
    """The period with the headway that its vehicles allow."""
    return period if period.vehicles is None else replace(period, every_s=-(-away_s // period.vehicles))


def _route(edit: NewLine, context: Context) -> tuple[object, ...]:
    routes = context.feed.routes
    zones, own = routes["timezone"], routes[_of_its_operator(routes, edit)]
    zone = zones[zones != ""].mode()
    row = {
        "route_id": context.scope,
        "short_name": cleaned(edit.number),
        "long_name": "",
        "mode": edit.mode,
        "agency": own["agency"].iloc[0] if len(own) else cleaned(edit.operator),
        "agency_id": own["agency_id"].iloc[0] if len(own) else cleaned(edit.operator),
        "agency_noc": own["agency_noc"].iloc[0] if len(own) else "",
        "timezone": zone.iloc[0] if len(zone) else "",
    }
    return tuple(row[column] for column in context.feed.routes.columns)


def _of_its_operator(routes: pd.DataFrame, edit: NewLine) -> npt.NDArray[np.bool_]:
    """(n_routes,) whether a route is run by the line's operator; where the line names none, whether it has none either."""
    return of_operator(routes, edit.operator) if edit.operator else (routes["agency"] == "").to_numpy(bool)


def _service(edit: NewLine, context: Context) -> tuple[object, ...]:
    """A row of the calendar: the weekdays of the line, as long as the feed's calendars reach."""
    days = edit.days or _usual_days(context.date)
    calendar, dates = context.feed.calendar, context.feed.calendar_dates
    today = pd.Timestamp(context.date)
    first = min([today, *calendar["start_date"], *dates["date"]])
    last = max([today, *calendar["end_date"], *dates["date"]])
    row = {"service_id": context.scope, **{day: day in days for day in WEEKDAYS}, "start_date": first, "end_date": last}
    return tuple(row[column] for column in calendar.columns)


def _usual_days(date: datetime.date) -> tuple[str, ...]:
    """Monday to Friday if the date is one of them, else its weekday."""
    return WEEKDAYS[:5] if date.weekday() < 5 else (WEEKDAYS[date.weekday()],)


def through_run(edit: ThroughRun, context: Context) -> Change:
    """The change that joins trips of two lines: the trip of the first goes on, that of the second is part of it."""
    at = context.finder.group(edit.at)
    second_at = context.finder.group(edit.second_at) if edit.second_at else at
    first, second = context.matched(edit.first), context.matched(edit.second)
    arriving = [i for i, trip in enumerate(first.inside) if trip.stop_ids[-1] in at]
    leaving = [i for i, trip in enumerate(second.inside) if trip.stop_ids[0] in second_at]
    for found, line, way in (
        (arriving, edit.first, f"ends at {edit.at}"),
        (leaving, edit.second, f"starts at {edit.at}"),
    ):
        if not found:
            raise Problem(f"no trip of {line} selected {way}")
    pairs = _pairs([first.inside[i] for i in arriving], [second.inside[i] for i in leaving], edit.max_wait_s)
    if not pairs:
        raise Problem(
            f"no trip of {edit.second} leaves within {edit.max_wait_s} s of one of {edit.first} that arrives on the same service "
            "days; raise max_wait_s, or change times first"
        )
    before = [*(a for a, _ in pairs), *(b for _, b in pairs)]
    if any(trip.frequencies for trip in before):
        raise Problem(
            f"trips known by headways can't be joined one by one: {listed(t.trip_id for t in before if t.frequencies)}"
        )
    row = dict(zip([t.trip_id for t in (*first.inside, *second.inside)], [*first.rows, *second.rows], strict=True))
    removed = np.array([row[trip.trip_id] for trip in before], np.int64)
    left = len(arriving) - len(pairs)
    notes = (f"{left:,} trips of {edit.first} end at {edit.at} as before: no trip to go on as",) * (left > 0)
    return Change(removed, before, [_joined(a, b) for a, b in pairs], notes=notes)


def _pairs(arriving: Sequence[Trip], leaving: Sequence[Trip], max_wait_s: int) -> list[tuple[Trip, Trip]]:
    """Each arriving trip with the next one that leaves on the same service days; first come, first served."""
    free = sorted(leaving, key=lambda trip: (trip.start_s, trip.trip_id))
    found = []
    for trip in sorted(arriving, key=lambda trip: (trip.calls[-1].arrival_s, trip.trip_id)):
        ready_s = trip.calls[-1].arrival_s
        onward = next(
            (o for o in free if o.service_id == trip.service_id and ready_s <= o.start_s <= ready_s + max_wait_s), None
        )
        if onward is not None and onward.trip_id != trip.trip_id:
            free.remove(onward)
            found.append((trip, onward))
    return found


def _joined(trip: Trip, onward: Trip) -> Trip:
    """The trip, going on as the other one; one call where both meet at one stop."""
    last, first = trip.calls[-1], onward.calls[0]
    if last.stop_id != first.stop_id:
        return trip._replace(calls=trip.calls + onward.calls, headsign=onward.headsign)
    meeting = last._replace(departure_s=first.departure_s, can_board=first.can_board)
    return trip._replace(calls=(*trip.calls[:-1], meeting, *onward.calls[1:]), headsign=onward.headsign)
