"""Edits that change how often a line runs: headways replaced or scaled, trips added, and the phases that are unknown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil

from accessibility.gtfs.times import clock_text
from accessibility.scenarios.change import Change, Context, Phase, VehicleNeed, changed_trips, rounded
from accessibility.scenarios.edits import AddTrips, Headway, Period, Withdraw
from accessibility.scenarios.problems import Problem, listed
from accessibility.scenarios.selection import Matched, by_direction, median_trip, variants_of
from accessibility.scenarios.trips import Frequency, Trip


def vehicles(round_trip_s: int, layover_s: int, headway_s: int) -> int:
    """The vehicles of a headway service: (round trip + layover) / headway, rounded up."""
    return ceil((round_trip_s + layover_s) / headway_s)


def withdraw(edit: Withdraw, context: Context) -> Change:
    """The change that takes trips away."""
    found = context.matched(edit.line)
    return changed_trips(found, [()] * len(found.inside))


def headway(edit: Headway, context: Context) -> Change:
    """The change of headways: scaled, each kind of departure staying what it is, or replaced by a headway service."""
    found = context.matched(edit.line)
    if edit.factor is not None:
        ratios = {trip.direction: edit.factor for trip in found.inside}
        return changed_trips(found, resampled(found.inside, ratios, context.scope))
    return _replaced(edit, found, context)


def _replaced(edit: Headway, found: Matched, context: Context) -> Change:
    every_s, templates, periods = edit.every_s or 0, {}, {}
    for direction, trips in by_direction(found.inside).items():
        _check_one_variant(trips, direction)
        starts = [start for trip in trips for start in trip.starts()]
        from_s = min(starts) if edit.line.from_s is None else edit.line.from_s
        to_s = max(max(starts) + 1, min(starts) + every_s) if edit.line.to_s is None else edit.line.to_s
        templates[direction] = median_trip(trips)._replace(service_id=_usual_service(trips))
        periods[direction] = (Period(from_s, to_s, every_s),)
    service = headway_service(templates, periods, context, edit.layover_s)
    gone = changed_trips(found, [()] * len(found.inside))
    exact = sum(1 for trip in found.inside for _ in trip.starts() if not trip.frequencies)
    note = f"{exact:,} exact departures become a headway service, whose departures within the headway are unknown"
    notes = (note,) if exact else ()
    return replace(service, removed=gone.removed, before=gone.before, outside=gone.outside, notes=notes)


def _usual_service(trips: Sequence[Trip]) -> str:
    """The service days of most departures, of equals the first by id."""
    counts: Counter[str] = Counter()
    for trip in trips:
        counts[trip.service_id] += len(trip.starts())
    return min(counts, key=lambda service: (-counts[service], service))


def _check_one_variant(trips: list[Trip], direction: str) -> None:
    numbers = variants_of(trips)
    if len(numbers) > 1:
        ways = (f"{key[1][0]} to {key[1][-1]} ({len(key[1])} stops)" for key in numbers)
        raise Problem(
            f"the trips selected of direction {direction!r} run {len(numbers)} ways: {listed(ways)}; select one by `variant`, so "
            "that no other one vanishes"
        )


def headway_service(
    templates: Mapping[str, Trip], periods: Mapping[str, Sequence[Period]], context: Context, layover_s: int
) -> Change:
    """New trips by headway, one for each direction, that run as its template; their offset is that of their phase."""
    round_trip_s = sum(trip.duration_s for trip in templates.values())
    after, phases, needs = [], [], []
    for direction, template in templates.items():
        phase = Phase(
            f"{context.edit.id}:{direction or '0'}", max(period.every_s or 0 for period in periods[direction])
        )
        offset_s = context.phases.get(phase.id, 0)
        if not 0 <= offset_s < phase.headway_s:
            raise Problem(
                f"the phase {phase.id} is {offset_s} s; it must be from 0 to before its headway, {phase.headway_s} s"
            )
        rows = [_departures(period, offset_s, phase.headway_s) for period in periods[direction]]
        trip_id = f"{context.scope}/{direction or '0'}"
        after.append(template.starting_at(rows[0].start_s, trip_id)._replace(frequencies=tuple(rows)))
        phases.append(phase)
    for period in next(iter(periods.values())):
        need = vehicles(round_trip_s, layover_s, period.every_s or 1)
        needs.append(VehicleNeed(period.from_s, period.to_s, period.every_s or 0, round_trip_s, layover_s, need))
    return Change(after=after, phases=tuple(phases), needs=tuple(needs))


def _departures(period: Period, offset_s: int, longest_s: int) -> Frequency:
    """The departures of a period, later by the same share of its headway as `offset_s` is of the longest."""
    every_s = period.every_s or 0
    if period.to_s - period.from_s < every_s:
        raise Problem(
            f"the period from {clock_text(period.from_s)} to {clock_text(period.to_s)} is shorter than its headway of "
            f"{every_s} s; give departures"
        )
    return Frequency(period.from_s + offset_s * every_s // longest_s, period.to_s, every_s, False)


def add_trips(edit: AddTrips, context: Context) -> Change:
    """The change that adds trips to a line."""
    trips = context.matched(edit.line).inside
    directions = by_direction(trips)
    if edit.service:
        for direction, group in directions.items():
            _check_one_variant(group, direction)
        templates = {direction: _nearest(group, edit.service[0].from_s) for direction, group in directions.items()}
        return headway_service(templates, dict.fromkeys(directions, edit.service), context, edit.layover_s)
    if len(directions) > 1:
        raise Problem("departures are of one direction; select it by `direction`")
    added = [
        _nearest(trips, start_s).starting_at(start_s, f"{context.scope}/{clock_text(start_s)}")
        for start_s in edit.departures
    ]
    return Change(after=added)


def _nearest(trips: Sequence[Trip], start_s: int) -> Trip:
    """The trip with the departure nearest to a time, the first of equals by id."""
    return min(trips, key=lambda trip: (min(abs(start - start_s) for start in trip.starts()), trip.trip_id))


def resampled(trips: Sequence[Trip], ratios: Mapping[str, float], scope: str) -> list[list[Trip]]:
    """What stands for each trip when the headways of its direction take `ratios[direction]` (1 if not there) of what they are.

    Each variant by itself. Of n exact departures, the one at position i * ratio stays for every whole i; for a position
    between two, a copy of the earlier one leaves in between, in proportion. Frequencies get another headway.
    """
    news: dict[str, list[Trip]] = {trip.trip_id: [] for trip in trips}
    groups: dict[object, list[Trip]] = {}
    for trip in trips:
        if trip.frequencies:
            news[trip.trip_id] = [_with_headway(trip, ratios.get(trip.direction, 1.0))]
        else:
            groups.setdefault((trip.direction, trip.stop_ids), []).append(trip)
    for group in groups.values():
        ordered = sorted(group, key=lambda trip: (trip.start_s, trip.trip_id))
        for trip, new in _at_positions(ordered, ratios.get(ordered[0].direction, 1.0), scope):
            news[trip.trip_id].append(new)
    return [news[trip.trip_id] for trip in trips]


def _with_headway(trip: Trip, ratio: float) -> Trip:
    rows = [row._replace(headway_s=max(1, rounded(row.headway_s * ratio))) for row in trip.frequencies]
    return trip._replace(frequencies=tuple(rows))


def _at_positions(ordered: Sequence[Trip], ratio: float, scope: str) -> list[tuple[Trip, Trip]]:
    """(trip, what leaves at a position from it to before the next) for each multiple of `ratio` up to the last trip."""
    found: list[tuple[Trip, Trip]] = []
    count = 0
    while (place := count * ratio) <= len(ordered) - 1 + 1e-9:
        before = ordered[int(place + 1e-9)]
        share = place - int(place + 1e-9)
        if share < 1e-9:
            found.append((before, before))
        else:
            following = ordered[int(place) + 1]
            start_s = rounded(before.start_s + share * (following.start_s - before.start_s))
            found.append((before, before.starting_at(start_s, f"{scope}/{before.trip_id}+{count}")))
        count += 1
    return found
