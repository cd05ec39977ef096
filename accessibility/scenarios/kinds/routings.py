"""Edits that change where trips of a line run: extended, cut short, diverted, with stops skipped or added."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from accessibility.scenarios.change import (
    Change,
    Context,
    Group,
    calls_along,
    each_trip,
    hop_seconds,
    position,
    rounded,
    section,
)
from accessibility.scenarios.edits import AddStop, Divert, Extend, OpenStation, SkipStop, Truncate
from accessibility.scenarios.places import Place
from accessibility.scenarios.problems import Problem, listed
from accessibility.scenarios.trips import Call, Trip


def extend(edit: Extend, context: Context) -> Change:
    """The change that lengthens trips beyond their end, or before their start, at a stop."""
    at = context.finder.group(edit.at)
    stops = [at[0], *context.stops(edit.stops)]
    hops = hop_seconds(context, stops, edit.speed_kmh, edit.run_s)

    def edited(trip: Trip) -> Trip | None:
        starts, ends = trip.stop_ids[0] in at, trip.stop_ids[-1] in at
        if starts and ends and edit.at.visit is None:
            raise Problem(f"trip {trip.trip_id!r} starts and ends at {edit.at}; say which by visit = 1 or 2")
        if ends and (edit.at.visit or 2) > 1:
            return _going_on(trip, stops, hops, edit.dwell_s)
        return _coming_from(trip, stops, hops, edit.dwell_s) if starts else None

    found = context.matched(edit.line)
    ends = listed(sorted({stop for trip in found.inside for stop in (trip.stop_ids[0], trip.stop_ids[-1])}))
    return each_trip(found, edited, f"no trip of {edit.line} selected starts or ends at {edit.at}; they do at {ends}")


def _going_on(trip: Trip, stops: Sequence[str], hops_s: Sequence[float], dwell_s: int) -> Trip:
    last = trip.calls[-1]
    leaves_s = max(last.departure_s, last.arrival_s + dwell_s)
    _, *more = calls_along(stops, hops_s, dwell_s, leaves_s - dwell_s)
    more[-1] = more[-1]._replace(departure_s=more[-1].arrival_s)
    return trip.with_calls([*trip.calls[:-1], last._replace(departure_s=leaves_s, can_board=True), *more])


def _coming_from(trip: Trip, stops: Sequence[str], hops_s: Sequence[float], dwell_s: int) -> Trip:
    """The mirror image of `_going_on`: the clock runs backwards from the departure there is now."""
    first = trip.calls[0]
    arrives_s = min(first.arrival_s, first.departure_s - dwell_s)
    _, *mirrored = calls_along(stops, hops_s, dwell_s, -arrives_s - dwell_s)
    more = [Call(call.stop_id, -call.departure_s, -call.arrival_s) for call in reversed(mirrored)]
    more[0] = more[0]._replace(arrival_s=more[0].departure_s)
    return trip.with_calls([*more, first._replace(arrival_s=arrives_s, can_alight=True), *trip.calls[1:]])


def truncate(edit: Truncate, context: Context) -> Change:
    """The change that cuts trips short at a stop."""
    at = context.finder.group(edit.at)

    def edited(trip: Trip) -> Trip | None:
        place = position(trip, at, edit.at)
        if place is None:
            return None
        calls = trip.calls[: place + 1] if edit.keep == "before" else trip.calls[place:]
        return _of_calls(trip, calls)

    return each_trip(context.matched(edit.line), edited, f"no trip of {edit.line} selected calls at {edit.at}")


def _of_calls(trip: Trip, calls: Sequence[Call]) -> Trip:
    if len(calls) < 2:
        raise Problem(f"of trip {trip.trip_id!r} {len(calls)} call would be left; withdraw it instead")
    return trip.with_calls(calls)


def divert(edit: Divert, context: Context) -> Change:
    """The change that takes trips along other stops between two of theirs."""
    ends, via = context.groups(edit.between), context.stops(edit.via)
    stops = [ends[0][0], *via, ends[1][0]]
    hops = hop_seconds(context, stops, edit.speed_kmh, edit.run_s)
    anchor = context.finder.group(edit.anchor) if edit.anchor else ()

    def edited(trip: Trip) -> Trip | None:
        part = section(trip, ends, edit.between)
        if part is None:
            return None
        first, last, onward = part
        turn = 1 if onward else -1
        dwell_s = edit.dwell_s
        new = calls_along(stops[::turn], hops[::turn], dwell_s, trip.calls[first].departure_s - dwell_s)
        by_s = new[-1].arrival_s - trip.calls[last].arrival_s
        calls = [*trip.calls[: first + 1], *new[1:-1], *(call.later(by_s) for call in trip.calls[last:])]
        return _anchored(trip, trip.with_calls(calls), anchor, edit.anchor)

    where = f"{edit.between[0]} and {edit.between[1]}"
    return each_trip(context.matched(edit.line), edited, f"no trip of {edit.line} selected calls at both {where}")


def _anchored(trip: Trip, new: Trip, anchor: Group, place: Place | None) -> Trip:
    """The new trip, shifted so that it arrives at a stop as the old one did; as it is if one of them does not call there."""
    if place is None:
        return new
    old_place, new_place = position(trip, anchor, place), position(new, anchor, place)
    if old_place is None or new_place is None:
        return new
    return new.later(trip.calls[old_place].arrival_s - new.calls[new_place].arrival_s)


def skip_stop(edit: SkipStop, context: Context) -> Change:
    """The change that leaves out calls."""
    groups = context.groups(edit.stops)

    def edited(trip: Trip) -> Trip | None:
        found = [position(trip, group, place) for group, place in zip(groups, edit.stops, strict=True)]
        skipped = sorted({place for place in found if place is not None})
        if not skipped:
            return None
        calls, saved_s = [], 0
        for i, call in enumerate(trip.calls):
            if i in skipped:
                saved_s += edit.saves_s if i else 0
            else:
                calls.append(call.later(-saved_s))
        return _of_calls(trip, calls)

    named = ", ".join(map(str, edit.stops))
    return each_trip(context.matched(edit.line), edited, f"no trip of {edit.line} selected calls at {named}")


def add_stop(edit: AddStop, context: Context) -> Change:
    """The change that adds a call between two neighbouring ones."""
    stop, ends = context.finder.stop(edit.stop), context.groups(edit.between)
    return each_trip(
        context.matched(edit.line),
        lambda trip: _calling_at(trip, stop, ends, edit, context),
        f"no trip of {edit.line} selected calls at {edit.between[0]} and {edit.between[1]} one after the other",
    )


def open_station(edit: OpenStation, context: Context) -> Change:
    """The change that adds calls of several lines at a new stop."""
    stop, ends = context.finder.stop(edit.stop), context.groups(edit.between)
    parts = [
        each_trip(
            context.matched(line),
            lambda trip: _calling_at(trip, stop, ends, edit, context),
            f"no trip of {line} selected calls at {edit.between[0]} and {edit.between[1]} one after the other",
        )
        for line in edit.lines
    ]
    removed = np.concatenate([part.removed for part in parts])
    if len(np.unique(removed)) < len(removed):
        raise Problem("two of the lines select the same trips; name each line once")
    before, after, outside, notes = (
        [one for part in parts for one in getattr(part, name)] for name in ("before", "after", "outside", "notes")
    )
    return replace(Change(removed, before, after, outside), notes=tuple(notes))


def _calling_at(
    trip: Trip, stop: str, ends: Sequence[Group], edit: AddStop | OpenStation, context: Context
) -> Trip | None:
    """The trip with a call at `stop` between the neighbouring calls `ends`, in either order; None if it has no such two."""
    first, last = ends
    pairs = enumerate(itertools.pairwise(trip.stop_ids))
    found = [i for i, (a, b) in pairs if (a in first and b in last) or (a in last and b in first)]
    visit = edit.between[0].visit
    if len(found) > 1 and visit is None:
        raise Problem(
            f"trip {trip.trip_id!r} runs between the two stops {len(found)} times; say which by visit = 1, 2, ..."
        )
    if not found or (visit or 1) > len(found):
        return None
    i = found[(visit or 1) - 1]
    before, after = trip.calls[i], trip.calls[i + 1]
    run_s = after.arrival_s - before.departure_s + edit.adds_s
    there, onward = (context.finder.metres(*hop) for hop in ((before.stop_id, stop), (stop, after.stop_id)))
    share = there / (there + onward) if there + onward else 0.5
    arrival_s = before.departure_s + rounded(run_s * share)
    call = Call(stop, arrival_s, arrival_s + edit.dwell_s)
    later = [one.later(edit.adds_s + edit.dwell_s) for one in trip.calls[i + 1 :]]
    return trip.with_calls([*trip.calls[: i + 1], call, *later])
