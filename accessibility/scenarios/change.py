"""What one edit does to a feed: the trips it takes away and those it puts in their place, with their stops and services."""

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.feed import Feed
from accessibility.gtfs.times import clock_text
from accessibility.scenarios.edits import Edit, Number, RunTimes, speed_of
from accessibility.scenarios.places import Place, StopFinder
from accessibility.scenarios.problems import Problem
from accessibility.scenarios.selection import Day, Matched, Selection, described, matched
from accessibility.scenarios.trips import Call, Trip, with_rows, with_stops, with_trips

Int64 = npt.NDArray[np.int64]
Row = tuple[object, ...]
Group = tuple[str, ...]  # ids of the stops that a place means

FASTEST_KMH = 300.0  # no train of Great Britain is faster; also the reader's limit (gtfs/hops.py)
_ROUNDING_S = 1.0  # two times rounded to whole seconds
_TOLERANCE_S = 1e-6  # float noise below a half second


class Phase(NamedTuple):
    """A headway service whose departures within the headway are unknown: its offset is from 0 to before `headway_s`."""

    id: str  # edit and direction: "metro:0"
    headway_s: int  # the longest of its periods; in each, the offset is the same share of the headway


class VehicleNeed(NamedTuple):
    """What a headway service needs in one period."""

    from_s: int
    to_s: int
    headway_s: int
    round_trip_s: int
    layover_s: int
    vehicles: int


@dataclass
class Context:
    """The feed that an edit meets, and what the scenario says of it."""

    day: Day
    scenario: str
    run_times: RunTimes
    phases: Mapping[str, int]
    edit: Edit
    made: Mapping[str, str]  # id of each new stop as written -> its id in the feed

    def __post_init__(self) -> None:
        self.feed, self.date = self.day.feed, self.day.date
        self.selected: tuple[str, ...] = ()
        self.finder = StopFinder(self.day.stops, len(self.feed.names) > 1, self.scope, dict(self.made))

    @property
    def scope(self) -> str:
        """What stands before the ids of everything that the edit makes."""
        return f"{self.scenario}/{self.edit.id}"

    def matched(self, selection: Selection) -> Matched:
        """The trips that the selection means. Raises `Problem`."""
        found = matched(self.day, selection, self.scope)
        self.selected += described(selection, found, self.finder.name_of)
        return found

    def stops(self, places: Iterable[Place]) -> list[str]:
        """One stop for each place. Raises `Problem`."""
        return [self.finder.stop(place) for place in places]

    def groups(self, places: Iterable[Place]) -> list[Group]:
        """All stops that each place means. Raises `Problem`."""
        return [self.finder.group(place) for place in places]


@dataclass(frozen=True)
class Change:
    """The trips in rows `removed` are `before` and `outside` (at other times, unchanged); `after` stands for `before`."""

    removed: Int64 = field(default_factory=lambda: np.empty(0, np.int64))
    before: Sequence[Trip] = ()
    after: Sequence[Trip] = ()
    outside: Sequence[Trip] = ()
    routes: Sequence[Row] = ()  # of Feed.routes
    services: Sequence[Row] = ()  # of Feed.calendar
    transfers: pd.DataFrame | None = None
    phases: tuple[Phase, ...] = ()
    needs: tuple[VehicleNeed, ...] = ()
    notes: tuple[str, ...] = ()


def changed_trips(found: Matched, news: Sequence[Sequence[Trip] | None]) -> Change:
    """The change that puts `news[i]` in place of the i-th trip found, and leaves it as it is where that is None."""
    touched = [i for i, new in enumerate(news) if new is not None and list(new) != [found.inside[i]]]
    return Change(
        removed=found.rows[np.array(touched, np.int64)],
        before=[found.inside[i] for i in touched],
        after=[trip for i in touched for trip in news[i] or ()],
        outside=[rest for i in touched if (rest := found.outside[i]) is not None],
    )


def each_trip(found: Matched, edited: Callable[[Trip], Trip | None], nothing: str) -> Change:
    """The change of every trip by `edited`, which gives None for those it does not concern. Raises `Problem(nothing)`
    if it concerns none."""
    news = [edited(trip) for trip in found.inside]
    if all(new is None for new in news):
        raise Problem(nothing)
    untouched = sum(new is None for new in news)
    change = changed_trips(found, [None if new is None else [new] for new in news])
    if not untouched:
        return change
    return replace(
        change, notes=(f"{untouched:,} of {len(news):,} trips selected do not call there and stay as they are",)
    )


def applied(context: Context, change: Change) -> Feed:
    """The feed after a change."""
    feed = with_stops(context.feed, context.finder.rows())
    feed = replace(
        feed,
        routes=with_rows(feed.routes, change.routes, "route_id"),
        calendar=with_rows(feed.calendar, change.services, "service_id"),
    )
    if change.transfers is not None:
        feed = replace(feed, transfers=change.transfers)
    return with_trips(feed, change.removed, [*change.outside, *change.after])


def position(trip: Trip, group: Group, place: Place) -> int | None:
    """The position at which a trip calls at a place, at any of its stops; None where it does not.

    Raises `Problem` where it calls there more than once and the place names no visit, or a visit that is not there.
    """
    calls = [i for i, call in enumerate(trip.calls) if call.stop_id in group]
    if place.visit is not None:
        return calls[place.visit - 1] if 1 <= place.visit <= len(calls) else None
    if len(calls) > 1:
        raise Problem(f"trip {trip.trip_id!r} calls at {place} {len(calls)} times; say which call by visit = 1, 2, ...")
    return calls[0] if calls else None


def section(trip: Trip, ends: Sequence[Group], places: Sequence[Place]) -> tuple[int, int, bool] | None:
    """(first, last position, whether in the order given) of the part between two places; None unless the trip calls at both."""
    first, last = (position(trip, group, place) for group, place in zip(ends, places, strict=True))
    if first is None or last is None or first == last:
        return None
    return min(first, last), max(first, last), first < last


def rounded(seconds: float) -> int:
    """Whole seconds, halves up."""
    return math.floor(seconds + 0.5 + _TOLERANCE_S)


def hop_seconds(context: Context, stops: Sequence[str], speed_kmh: Number | None, run_s: Sequence[int]) -> list[float]:
    """The seconds of each hop along the stops: as given, or by speed along straight lines. Raises `Problem`."""
    if run_s:
        if len(run_s) != len(stops) - 1:
            raise Problem(f"run_s has {len(run_s)} hops; there are {len(stops) - 1} between the {len(stops)} stops")
        return [float(seconds) for seconds in run_s]
    if speed_kmh is None:
        raise Problem("give a speed (speed_kmh) or the seconds of each hop (run_s)")
    metres_s = speed_of(speed_kmh, context.run_times) / 3.6
    return [context.finder.metres(*hop) / metres_s for hop in itertools.pairwise(stops)]


def calls_along(stops: Sequence[str], hops_s: Sequence[float], dwell_s: int, start_s: float) -> list[Call]:
    """Calls at stops from an arrival at the first at `start_s`, with a dwell at each of them; rounded call by call."""
    calls, clock = [], start_s
    for stop, hop_s in zip(stops, [*hops_s, 0.0], strict=True):
        calls.append(Call(stop, rounded(clock), rounded(clock + dwell_s)))
        clock += dwell_s + hop_s
    return calls


def retimed(trip: Trip, hops_s: Sequence[float], dwells_s: Sequence[float], anchor: int) -> Trip:
    """The trip with other hops and dwells, cumulated as they are and rounded call by call; the call `anchor` keeps its
    arrival."""
    arrives = [0.0]
    for hop_s, dwell_s in zip(hops_s, dwells_s[:-1], strict=True):
        arrives.append(arrives[-1] + dwell_s + hop_s)
    zero = trip.calls[anchor].arrival_s - arrives[anchor]
    return trip.with_calls(
        [
            call._replace(arrival_s=rounded(zero + arrival), departure_s=rounded(zero + arrival + dwell_s))
            for call, arrival, dwell_s in zip(trip.calls, arrives, dwells_s, strict=True)
        ]
    )


def hops_of(trip: Trip) -> list[float]:
    """The seconds between each departure and the next arrival."""
    return [float(b.arrival_s - a.departure_s) for a, b in itertools.pairwise(trip.calls)]


def dwells_of(trip: Trip) -> list[float]:
    """The seconds at each stop."""
    return [float(call.departure_s - call.arrival_s) for call in trip.calls]


def check_trips(context: Context, change: Change) -> None:
    """Raises `Problem` for a new trip that leaves before it arrives, runs faster than any train or before midnight, or has the
    id of another."""
    _check_ids(context, change)
    known = {hop for trip in change.before for hop in _hops(trip)}
    seen: set[tuple[str, str, int]] = set()
    for trip in change.after:
        if min(trip.calls[0].arrival_s, *(row.start_s for row in trip.frequencies), trip.start_s) < 0:
            raise Problem(f"trip {trip.trip_id!r} would start before the midnight of its service day; run it later")
        for call in trip.calls:
            if call.departure_s < call.arrival_s:
                raise Problem(
                    f"trip {trip.trip_id!r} would leave {call.stop_id!r} {call.arrival_s - call.departure_s} s before it arrives"
                )
        for hop in _hops(trip):
            if hop not in known and hop not in seen:
                _check_hop(context.finder, trip, hop)
                seen.add(hop)


def _check_ids(context: Context, change: Change) -> None:
    """Raises `Problem` for a new trip with the id of one that stays: the feed was edited by this scenario before."""
    new = {trip.trip_id for trip in change.after} - {trip.trip_id for trip in (*change.before, *change.outside)}
    known = context.feed.trips["trip_id"].isin(new) if new else np.zeros(0, bool)
    if known.any():
        raise Problem(
            f"the feed has a trip {min(new)!r} already, of an edit of this name: give the scenario another name, or edit the "
            "feed that it was written for"
        )


def _hops(trip: Trip) -> list[tuple[str, str, int]]:
    return [(a.stop_id, b.stop_id, b.arrival_s - a.departure_s) for a, b in itertools.pairwise(trip.calls)]


def _check_hop(finder: StopFinder, trip: Trip, hop: tuple[str, str, int]) -> None:
    start, end, seconds = hop
    if seconds < 0:
        raise Problem(
            f"the hop from {start!r} to {end!r} of trip {trip.trip_id!r} ({clock_text(trip.start_s)}) would take {seconds} s; "
            "save less time there"
        )
    metres = finder.metres(start, end)
    if metres > FASTEST_KMH / 3.6 * (seconds + _ROUNDING_S):
        raise Problem(
            f"the hop from {start!r} to {end!r} of trip {trip.trip_id!r} would cover {metres:,.0f} m in {seconds} s, at over "
            f"{FASTEST_KMH:g} km/h; check its time, its speed and the places of both stops"
        )
