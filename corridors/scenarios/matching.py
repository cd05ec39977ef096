"""What each edit of a scenario matches: trips, calls, vehicle-minutes, vehicles, and one trip before and after."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accessibility import (
    Edit,
    Effect,
    Feed,
    NewLine,
    Problem,
    ScenarioError,
    Selection,
    Trip,
    apply,
    clock_text,
    day_of,
    matched,
)
from corridors.scenarios.files.read import ScenarioEdit, ScenarioSet
from corridors.scenarios.worlds import Base, World

_MOST_EXAMPLES = 30  # edits: for each the ones before it are applied once more


@dataclass(frozen=True)
class Matching:
    """One edit, what it changed, and one of its trips before and after in words; "" where it has none."""

    edit: ScenarioEdit
    effect: Effect
    before: str
    after: str


def matchings(base: Base, chosen: ScenarioSet, world: World) -> list[Matching]:
    """What every edit matches; `world` is the region after all of them."""
    feeds = _feeds(base, chosen) if len(chosen.edits) <= _MOST_EXAMPLES else []
    found = []
    for number, (one, effect) in enumerate(zip(chosen.edits, world.edited.effects, strict=True)):
        before, after = ("", "")
        if feeds:
            before, after = _example(base, one.edit, feeds[number], feeds[number + 1])
        found.append(Matching(one, effect, before, after))
    return found


def _feeds(base: Base, chosen: ScenarioSet) -> list[Feed]:
    """The feed before the first edit, then after each of them."""
    date, edits = base.config.timetable.date, [one.edit for one in chosen.edits]
    after = [apply(base.feed, edits[:n], date=date, scenario=chosen.id).feed for n in range(1, len(edits) + 1)]
    return [base.feed, *after]


def _example(base: Base, edit: Edit, before: Feed, after: Feed) -> tuple[str, str]:
    """One trip of the edit's line before and after it, in words."""
    if isinstance(edit, NewLine):
        made = _trips(base, after, Selection(edit.number, edit.operator))
        return "", _words(after, made[0]) if made else ""
    line = getattr(edit, "line", None) or getattr(edit, "first", None)
    if not isinstance(line, Selection):
        return "", ""
    old = _trips(base, before, line)
    if not old:
        return "", ""
    whole = Selection(line.number, line.operator)
    known = {trip.trip_id for trip in _trips(base, before, whole)}
    new = _trips(base, after, whole)
    example = old[len(old) // 2]
    return _words(before, example), _words(after, _successor(example, new, known))


def _successor(example: Trip, new: Sequence[Trip], known: set[str]) -> Trip | None:
    """The trip with the id of the example, else the made one of its direction that leaves nearest to it; None if gone."""
    same = next((trip for trip in new if trip.trip_id == example.trip_id), None)
    made = [trip for trip in new if trip.trip_id not in known and trip.direction == example.direction]
    nearest = min(made, key=lambda trip: min(abs(start - example.start_s) for start in trip.starts()), default=None)
    return same or nearest


def _trips(base: Base, feed: Feed, line: Selection) -> list[Trip]:
    try:
        return list(matched(day_of(feed, base.config.timetable.date), line, "example").inside)
    except (Problem, ScenarioError):  # the edit withdrew the line's last trip, or renamed it
        return []


def _words(feed: Feed, trip: Trip | None) -> str:
    if trip is None:
        return "does not run"
    names = dict(zip(feed.stops["stop_id"], feed.stops["name"], strict=True))
    first, last = trip.calls[0], trip.calls[-1]
    often = f", every {trip.frequencies[0].headway_s / 60:g} min, when within them not known" if _unknown(trip) else ""
    return (
        f"{clock_text(first.departure_s)} {names[first.stop_id]} to {clock_text(last.arrival_s)} {names[last.stop_id]}, "
        f"{len(trip.calls)} stops, {trip.duration_s / 60:.1f} min{often}"
    )


def _unknown(trip: Trip) -> bool:
    return any(not row.exact for row in trip.frequencies)


def described(one: Matching) -> Iterator[str]:
    """The lines that say what an edit does."""
    edit, effect = one.edit, one.effect
    basis = f"; basis {edit.basis}" if edit.basis else ""
    yield f"{edit.id} ({edit.kind}, {edit.file} line {edit.line}{basis})"
    yield from (f"  selects {words}" for words in effect.selected)
    yield from (f"  {words}" for words in effect.stops)
    if edit.kind in {"street_link", "street_close", "land_use"}:
        yield "  changes no trip"
    else:
        yield (
            f"  departures: {effect.trips_changed:,} changed, {effect.trips_added:,} added, {effect.trips_withdrawn:,} "
            f"withdrawn; calls: {effect.calls_added:,} added, {effect.calls_removed:,} removed"
        )
        yield (
            f"  vehicle-minutes a day: {effect.vehicle_minutes_before:,.0f} before, {effect.vehicle_minutes_after:,.0f} after; "
            f"most vehicles at once: {effect.peak_vehicles_before:,} before, {effect.peak_vehicles_after:,} after"
        )
    for need in effect.needs:
        yield (
            f"  {clock_text(need.from_s)} to {clock_text(need.to_s)}, every {need.headway_s / 60:g} min: {need.vehicles} "
            f"vehicles (there and back {need.round_trip_s / 60:.1f} min, layover {need.layover_s / 60:g} min)"
        )
    if one.before or one.after:
        yield f"  example before: {one.before or 'none'}"
        yield f"  example after:  {one.after or 'none'}"
    yield from (f"  note: {note}" for note in effect.notes)
