"""Edits that change when trips of a line run and not where: run times, dwells, shifts."""

from collections.abc import Sequence
from dataclasses import replace

from accessibility.scenarios.change import (
    Change,
    Context,
    changed_trips,
    dwells_of,
    each_trip,
    hops_of,
    position,
    retimed,
    section,
)
from accessibility.scenarios.edits import ChangeTime, Dwell, RunTime, central
from accessibility.scenarios.kinds.headways import resampled
from accessibility.scenarios.places import Place
from accessibility.scenarios.problems import Problem
from accessibility.scenarios.selection import by_direction, median_trip
from accessibility.scenarios.trips import Trip


def change_time(edit: ChangeTime, context: Context) -> Change:
    """The change that shifts trips."""
    return each_trip(context.matched(edit.line), lambda trip: trip.later(edit.later_s), "no trip is shifted")


def dwell(edit: Dwell, context: Context) -> Change:
    """The change of the time trips stay at stops."""
    groups = context.groups(edit.at)

    def edited(trip: Trip) -> Trip | None:
        found = [position(trip, group, place) for group, place in zip(groups, edit.at, strict=True)]
        places = {place for place in found if place is not None} if edit.at else set(range(1, len(trip.calls) - 1))
        if not places:
            return None
        dwells = [float(edit.dwell_s) if i in places else kept for i, kept in enumerate(dwells_of(trip))]
        return retimed(trip, hops_of(trip), dwells, _anchor(trip, edit.anchor, context))

    named = ", ".join(map(str, edit.at)) or "any stop between its first and last"
    return each_trip(context.matched(edit.line), edited, f"no trip of {edit.line} selected calls at {named}")


def run_time(edit: RunTime, context: Context) -> Change:
    """The change of the time that hops take, and of the headway if the vehicles freed run."""
    found = context.matched(edit.line)
    ends = context.groups(edit.between) if edit.between else []

    def edited(trip: Trip) -> Trip | None:
        part = section(trip, ends, edit.between) if edit.between else (0, len(trip.calls) - 1, True)
        if part is None:
            return None
        hops = _faster(trip, hops_of(trip), part[:2], edit, context)
        return retimed(trip, hops, dwells_of(trip), _anchor(trip, edit.anchor, context))

    where = " and ".join(map(str, edit.between or ()))
    change = each_trip(found, edited, f"no trip of {edit.line} selected calls at both {where}")
    ratios = _ratios(change, edit.layover_s)
    notes = (*change.notes, *_released(ratios))
    if edit.released == "idle":
        return replace(change, notes=notes)
    new = {trip.trip_id: trip for trip in change.after}
    faster = [new.get(trip.trip_id, trip) for trip in found.inside]
    return replace(changed_trips(found, resampled(faster, ratios, context.scope)), notes=notes)


def _faster(trip: Trip, hops: Sequence[float], part: tuple[int, int], edit: RunTime, context: Context) -> list[float]:
    """The hops of a trip, those of the part changed."""
    first, last = part
    total = sum(hops[first:last])
    if edit.factor is not None:
        factor = central(edit.factor, context.run_times)
    else:
        saved_s = central(edit.saved_s or 0, context.run_times)
        if saved_s > total:
            raise Problem(
                f"trip {trip.trip_id!r} takes {total:g} s from {trip.stop_ids[first]!r} to {trip.stop_ids[last]!r}, stops left "
                f"out; {saved_s:g} s can't be saved there: the hop from {trip.stop_ids[first]!r} would take less than nothing"
            )
        factor = 1 - saved_s / total if total else 1.0
    return [hop * factor if first <= i < last else hop for i, hop in enumerate(hops)]


def _anchor(trip: Trip, anchor: Place | None, context: Context) -> int:
    """The position of the call that keeps its time: the first, where the trip does not call at the place."""
    return (position(trip, context.finder.group(anchor), anchor) or 0) if anchor else 0


def _ratios(change: Change, layover_s: int) -> dict[str, float]:
    """The time that a vehicle is away on a trip, after and before, by direction."""
    before, after = by_direction(list(change.before)), by_direction(list(change.after))
    return {
        direction: (median_trip(after[direction]).duration_s + layover_s)
        / max(1, median_trip(trips).duration_s + layover_s)
        for direction, trips in before.items()
    }


def _released(ratios: dict[str, float]) -> tuple[str, ...]:
    return tuple(
        f"direction {direction or '-'}: a vehicle is away for {ratio:.1%} of the time: {1 - ratio:.1%} of the vehicles are free "
        f"to stay idle, or the same number runs at {ratio:.1%} of the headway"
        for direction, ratio in sorted(ratios.items())
    )
