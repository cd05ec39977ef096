"""Selects the trips of a line that an edit changes: by number, operator, direction, variant and time of departure."""

import datetime
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.feed import Feed
from accessibility.gtfs.times import clock_text
from accessibility.memo import Recent
from accessibility.scenarios.places import StopTable
from accessibility.scenarios.problems import Problem, listed, near_spellings
from accessibility.scenarios.trips import Frequency, Trip, trips_at
from accessibility.timetable.service_calendar import service_days

Int64 = npt.NDArray[np.int64]
_STOPS: Recent[StopTable] = Recent(4)  # a scenario's edits are applied to one feed again and again


@dataclass(frozen=True)
class Selection:
    """Trips of the line `number` of `operator` that run on the scenario's date; nothing else is ever changed.

    `direction` is GTFS's ("0" or "1"). `variant` is a headsign, or a number from 1: the stop sequences of each direction
    on that day, the one with the most trips first. Departures from the first stop are from `from_s` to before `to_s`
    (seconds). `expect_trips` is how many departures should match; another number is an error.
    """

    number: str
    operator: str = ""
    direction: str | None = None
    variant: int | str | None = None
    from_s: int | None = None
    to_s: int | None = None
    expect_trips: int | None = None

    def __str__(self) -> str:
        return f"line {self.number!r}" + (f" of {self.operator!r}" if self.operator else "")


@dataclass(frozen=True)
class Day:
    """A feed on the scenario's date."""

    feed: Feed
    date: datetime.date
    services: frozenset[str]  # ids of those that run
    stops: StopTable


def day_of(feed: Feed, date: datetime.date, before: Day | None = None) -> Day:
    """The feed on a date; what it shares with the day `before` an edit is not worked out again."""
    stops = _STOPS.get("stops", (feed.stops,), lambda: StopTable(feed.stops))
    if before and before.feed.calendar is feed.calendar and before.feed.calendar_dates is feed.calendar_dates:
        return Day(feed, date, before.services, stops)
    days = service_days(feed)
    running = days.running(np.array([date], dtype="datetime64[D]"))[0]
    return Day(feed, date, frozenset(days.service_ids[running]), stops)


class Matched(NamedTuple):
    """The trips that an edit changes. Where a trip's frequencies are only partly inside the times, it is parted in two."""

    rows: Int64  # (n,) of Feed.trips
    inside: list[Trip]  # (n,) what the edit changes
    outside: list[Trip | None]  # (n,) the trip's departures at other times, which stay as they are


def matched(day: Day, selection: Selection, scope: str) -> Matched:
    """The trips that `selection` means; parted trips get ids that begin with `scope`.

    Raises `Problem` if there is no such line, direction, variant or trip, if several operators have the line, or if the
    number of departures is not the expected one.
    """
    rows = line_rows(day, selection)
    trips = trips_at(day.feed, rows)
    wanted = _wanted(trips, selection)
    parts = [_parted(trips[i], selection, f"{scope}/{trips[i].trip_id}") for i in wanted]
    chosen = [(i, inside, outside) for i, (inside, outside) in zip(wanted, parts, strict=True) if inside is not None]
    inside = [part for _, part, _ in chosen]
    _check_number(selection, trips, wanted, inside)
    return Matched(rows[np.array([i for i, _, _ in chosen], np.int64)], inside, [outside for _, _, outside in chosen])


def line_rows(day: Day, selection: Selection) -> Int64:
    """Rows of `Feed.trips` of the line's trips that run on the day, in order. Raises `Problem` as `matched`."""
    routes, trips = day.feed.routes, day.feed.trips
    number = selection.number.strip().casefold()
    named = _is(routes["short_name"], number) | _is(routes["long_name"], number)
    if not named.any():
        near = near_spellings(selection.number, [*routes["short_name"], *routes["long_name"]])
        raise Problem(f"the feed has no line {selection.number!r}{near}", selection.number)
    operators = sorted(set(routes["agency"][named]))
    if selection.operator:
        named &= of_operator(routes, selection.operator)
        if not named.any():
            raise Problem(f"no {selection}; line {selection.number!r} is of {listed(operators)}")
    elif len(operators) > 1:
        raise Problem(f"several operators have a line {selection.number!r}: {listed(operators)}; name the operator")
    of_line = np.flatnonzero(trips["route_id"].isin(routes["route_id"][named]))
    runs = np.array([service in day.services for service in trips["service_id"].array[of_line]], bool)
    if not runs.any():
        raise Problem(f"no trip of {selection} runs on {day.date.isoformat()}")
    rows: Int64 = of_line[runs].astype(np.int64)
    return rows


def described(selection: Selection, found: Matched, name_of: Callable[[str], str]) -> tuple[str, ...]:
    """What matched, a sentence for each direction and variant: departures, times, first and last stop."""
    groups: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for trip in found.inside:
        groups.setdefault((trip.direction, trip.stop_ids), []).extend(trip.starts())
    return tuple(
        f"{selection}, direction {direction or '-'}, {name_of(stops[0])} to {name_of(stops[-1])} ({len(stops)} stops): "
        f"{len(starts):,} departures, {clock_text(min(starts))} to {clock_text(max(starts))}"
        for (direction, stops), starts in sorted(
            groups.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1])
        )
    )


def of_operator(routes: pd.DataFrame, operator: str) -> npt.NDArray[np.bool_]:
    """(n_routes,) whether the operator runs a route; it is called by its name, its id in the feed or its operator code (NOC)."""
    word = operator.strip().casefold()
    found: npt.NDArray[np.bool_] = np.any(
        [_is(routes[name], word) for name in ("agency", "agency_id", "agency_noc")], axis=0
    )
    return found


def _is(texts: pd.Series, word: str) -> npt.NDArray[np.bool_]:
    return np.array([text.casefold() == word for text in texts.tolist()], bool)


def variants_of(trips: list[Trip]) -> dict[tuple[str, tuple[str, ...]], int]:
    """(direction, stops) of each variant -> its number in its direction, 1 for the one with the most departures."""
    counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for trip in trips:
        counts[trip.direction, trip.stop_ids] += len(trip.starts())
    numbers: dict[tuple[str, tuple[str, ...]], int] = {}
    for direction in sorted({direction for direction, _ in counts}):
        of_direction = [key for key in counts if key[0] == direction]
        ordered = sorted(of_direction, key=lambda key: (-counts[key], key))
        numbers |= {key: place for place, key in enumerate(ordered, start=1)}
    return numbers


def _wanted(trips: list[Trip], selection: Selection) -> list[int]:
    """Positions of the trips of the direction and the variant."""
    found = list(range(len(trips)))
    if selection.direction is not None:
        found = [i for i in found if trips[i].direction == selection.direction]
        if not found:
            known = sorted({trip.direction for trip in trips})
            raise Problem(f"{selection} has no direction {selection.direction!r}, only {listed(known)}")
    if selection.variant is None:
        return found
    if isinstance(selection.variant, str):
        found = [i for i in found if trips[i].headsign.casefold() == selection.variant.casefold()]
        known = sorted({trip.headsign for trip in trips})
    else:
        numbers = variants_of(trips)
        found = [i for i in found if numbers[trips[i].direction, trips[i].stop_ids] == selection.variant]
        known = [str(number) for number in sorted(set(numbers.values()))]
    if not found:
        raise Problem(f"{selection} has no variant {selection.variant!r}, only {listed(known)}")
    return found


def _parted(trip: Trip, selection: Selection, part_id: str) -> tuple[Trip | None, Trip | None]:
    """The part of a trip whose departures are inside the times, and the part outside; None for an empty part."""
    if not trip.frequencies:
        within = (selection.from_s is None or trip.start_s >= selection.from_s) and (
            selection.to_s is None or trip.start_s < selection.to_s
        )
        return (trip, None) if within else (None, trip)
    inside: list[Frequency] = []
    outside: list[Frequency] = []
    for row in trip.frequencies:
        inside += _cut(row, selection.from_s, selection.to_s)
        outside += _cut(row, None, selection.from_s) if selection.from_s is not None else []
        outside += _cut(row, selection.to_s, None) if selection.to_s is not None else []
    if not inside or not outside:
        return (trip, None) if inside else (None, trip)
    return trip._replace(trip_id=part_id, frequencies=tuple(inside)), trip._replace(frequencies=tuple(outside))


def _cut(row: Frequency, from_s: int | None, to_s: int | None) -> list[Frequency]:
    """The departures of a frequency that are from `from_s` to before `to_s`, none of them moved."""
    starts = row.starts()
    first = 0 if from_s is None else max(0, -((row.start_s - from_s) // row.headway_s))
    last = len(starts) if to_s is None else min(len(starts), max(0, -((row.start_s - to_s) // row.headway_s)))
    if first >= last:
        return []
    end_s = row.end_s if last == len(starts) else row.start_s + last * row.headway_s
    return [row._replace(start_s=starts[first], end_s=end_s)]


def _check_number(selection: Selection, trips: list[Trip], wanted: list[int], inside: list[Trip]) -> None:
    departures = sum(len(trip.starts()) for trip in inside)
    if not departures:
        starts = [start for i in wanted for start in trips[i].starts()]
        raise Problem(
            f"no trip of {selection} leaves its first stop in the times given; those of the day leave from "
            f"{clock_text(min(starts))} to {clock_text(max(starts))}"
        )
    if selection.expect_trips is not None and departures != selection.expect_trips:
        raise Problem(
            f"{departures:,} departures of {selection} match and {selection.expect_trips:,} were expected: check the "
            "selection, or correct expect_trips"
        )


def median_trip(trips: list[Trip]) -> Trip:
    """The trip of middling duration; of equals the one that leaves first."""
    ordered = sorted(trips, key=lambda trip: (trip.duration_s, trip.start_s, trip.trip_id))
    return ordered[(len(ordered) - 1) // 2]


def by_direction(trips: list[Trip]) -> dict[str, list[Trip]]:
    """The trips of each direction, in order of departure."""
    found: dict[str, list[Trip]] = {}
    for trip in sorted(trips, key=lambda trip: (trip.direction, trip.start_s, trip.trip_id)):
        found.setdefault(trip.direction, []).append(trip)
    return found
