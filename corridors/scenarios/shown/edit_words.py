"""Edits in words: what each changes, as a planner would say it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from accessibility import (
    AddStop,
    AddTrips,
    ChangeTime,
    Divert,
    Dwell,
    Extend,
    Feed,
    Headway,
    Interchange,
    LandUse,
    NewLine,
    OpenStation,
    Period,
    Place,
    Range,
    ReplaceFeed,
    RunTime,
    Selection,
    SkipStop,
    StreetClose,
    StreetLink,
    ThroughRun,
    Truncate,
    Withdraw,
    clock_text,
)
from corridors.scenarios.files.read import ScenarioEdit, ScenarioSet
from corridors.scenarios.land import HOMES, JOBS, residents_of

_NEAR_M = 400.0  # a stop found by its place alone lies within this of it
_METRES_PER_DEGREE = 111_200.0
_MOST_STOPS = 40  # of a line named one by one


class StopNames:
    """Names of the stops that edits name, from the timetable before the edits."""

    def __init__(self, feed: Feed, edits: Sequence[ScenarioEdit] = ()) -> None:
        """Take the names and positions of a feed's stops, and the names of stops that edits make."""
        stops = feed.stops
        made = {place.stop_id: place.name for one in edits for place in _places(one) if place.name}
        named = {str(ident): str(name) for ident, name in zip(stops["stop_id"], stops["name"], strict=True)}
        self._names = made | named
        self._lon_lat = stops[["lon", "lat"]].to_numpy(np.float64)
        self._in_order = stops["name"].astype(str).tolist()

    def of(self, place: Place) -> str:
        """The name of a place: as given, else of the stop with its id, else of the nearest stop, else its position."""
        return place.name or self._names.get(place.stop_id) or place.stop_id or self._nearest(place.at)

    def _nearest(self, at: tuple[float, float] | None) -> str:
        if at is None:
            return "a stop"
        if len(self._in_order):
            east, north = (self._lon_lat - (at[1], at[0])).T
            metres = _METRES_PER_DEGREE * np.hypot(east * np.cos(np.radians(at[0])), north)
            nearest = int(np.argmin(np.where(np.isnan(metres), np.inf, metres)))
            if metres[nearest] <= _NEAR_M:
                return self._in_order[nearest]
        return _position(at)


def _places(one: ScenarioEdit) -> Iterator[Place]:
    for value in vars(one.edit).values():
        yield from (part for part in (value if isinstance(value, tuple) else (value,)) if isinstance(part, Place))


def words_of(one: ScenarioEdit, names: StopNames) -> str:
    """A sentence or two that say what the edit changes."""
    if isinstance(one.edit, LandUse):
        return _land_use(one, one.edit)
    return _WORDS[type(one.edit)](one.edit, names)


def _new_line(edit: NewLine, names: StopNames) -> str:
    stops = [names.of(stop) for stop in edit.stops]
    ways = "both ways" if edit.both_ways else "one way"
    return (
        f"A new {edit.mode} line {_called(edit.number, edit.operator)} runs {ways} along {len(stops)} stops: "
        f"{_along(stops)}. It runs {_runs(edit.service, edit.departures)}, {_hops(edit)}.{_layover(edit.layover_s)}"
    )


def _extend(edit: Extend, names: StopNames) -> str:
    stops = _along([names.of(stop) for stop in edit.stops])
    return f"{_line(edit.line)} goes on from {names.of(edit.at)} to {stops}, {_hops(edit)}."


def _truncate(edit: Truncate, names: StopNames) -> str:
    part = "ends" if edit.keep == "before" else "starts"
    return f"{_line(edit.line)} {part} at {names.of(edit.at)}; the rest of its way is not served."


def _divert(edit: Divert, names: StopNames) -> str:
    via = _along([names.of(stop) for stop in edit.via]) or "no stop"
    return f"{_line(edit.line)} runs {_between(edit.between, names)} by way of {via}, {_hops(edit)}."


def _run_time(edit: RunTime, names: StopNames) -> str:
    if edit.factor is not None:
        change = f"takes {_number(edit.factor)} times as long"
    else:
        change = f"takes {_number(edit.saved_s)} seconds less" if edit.saved_s is not None else "takes as long as now"
    where = _between(edit.between, names) if edit.between else "on its whole way"
    freed = "stay idle" if edit.released == "idle" else "run the line more often"
    return f"{_line(edit.line)} {change} {where}. The vehicles that this frees {freed}."


def _dwell(edit: Dwell, names: StopNames) -> str:
    where = _along([names.of(stop) for stop in edit.at]) or "each stop but its first and last"
    return f"{_line(edit.line)} stays {edit.dwell_s} s at {where}."


def _headway(edit: Headway, _: StopNames) -> str:
    if edit.every_s is not None:
        return f"{_line(edit.line)} runs every {_minutes(edit.every_s)} instead of at the times it has now."
    return f"{_line(edit.line)} has headways {edit.factor:g} times as long as now."


def _add_trips(edit: AddTrips, _: StopNames) -> str:
    return f"{_line(edit.line)} has more departures: {_runs(edit.service, edit.departures)}."


def _change_time(edit: ChangeTime, _: StopNames) -> str:
    return f"{_line(edit.line)} runs {_minutes(abs(edit.later_s))} {'later' if edit.later_s >= 0 else 'earlier'}."


def _withdraw(edit: Withdraw, _: StopNames) -> str:
    return f"{_line(edit.line)} does not run."


def _skip_stop(edit: SkipStop, names: StopNames) -> str:
    stops = _along([names.of(stop) for stop in edit.stops])
    return f"{_line(edit.line)} does not call at {stops}, and saves {edit.saves_s} s at each."


def _add_stop(edit: AddStop, names: StopNames) -> str:
    return f"{_line(edit.line)} calls at {_inserted(edit, names)}."


def _open_station(edit: OpenStation, names: StopNames) -> str:
    lines = " and ".join(_line(line) for line in edit.lines)
    return f"{lines}: trips call at {_inserted(edit, names)}."


def _inserted(edit: AddStop | OpenStation, names: StopNames) -> str:
    return f"{names.of(edit.stop)} {_between(edit.between, names)}, which takes {edit.adds_s + edit.dwell_s} s"


def _through_run(edit: ThroughRun, names: StopNames) -> str:
    return (
        f"Trips of {_line(edit.first, capital=False)} that end at {names.of(edit.at)} go on as the next trip of "
        f"{_line(edit.second, capital=False)}, where that leaves within {_minutes(edit.max_wait_s)}."
    )


def _interchange(edit: Interchange, names: StopNames) -> str:
    places = " and ".join(names.of(place) for place in edit.places)
    return f"Changing between any two of {places} takes {_minutes(edit.seconds)}, the walk included."


def _street_link(edit: StreetLink, _: StopNames) -> str:
    metres = f", {edit.metres:,.0f} m" if edit.metres is not None else ", in a straight line"
    ways = "" if edit.both_ways else ", one way"
    return f"People can walk from {_position(edit.start)} to {_position(edit.end)}{metres}{ways}."


def _street_close(edit: StreetClose, _: StopNames) -> str:
    ends = f"from {_position(edit.start)} to {_position(edit.end)}"
    return f"Nobody walks on streets within {edit.radius_m:g} m of the line {ends}."


def _land_use(one: ScenarioEdit, edit: LandUse) -> str:
    where, more = _position(edit.at), "more" if edit.count >= 0 else "fewer"
    if edit.kind == HOMES:
        return (
            f"{abs(edit.count):,.0f} {more} homes at {where}, with {one.people_per_home or 0:g} people in each: "
            f"{abs(residents_of(one, edit)):,.0f} {more} residents."
        )
    if edit.kind == JOBS:
        return f"{abs(edit.count):,.0f} {more} jobs at {where}."
    return f"A new place of the kind {edit.kind}{f' ({edit.name})' if edit.name else ''} at {where}."


def _replace_feed(edit: ReplaceFeed, _: StopNames) -> str:
    return f"Another timetable, with {len(edit.feed.trips):,} trips, takes the place of the one that there is."


_WORDS: Mapping[type, Callable[[Any, StopNames], str]] = {
    NewLine: _new_line,
    Extend: _extend,
    Truncate: _truncate,
    Divert: _divert,
    RunTime: _run_time,
    Dwell: _dwell,
    Headway: _headway,
    AddTrips: _add_trips,
    ChangeTime: _change_time,
    Withdraw: _withdraw,
    SkipStop: _skip_stop,
    AddStop: _add_stop,
    OpenStation: _open_station,
    ThroughRun: _through_run,
    Interchange: _interchange,
    StreetLink: _street_link,
    StreetClose: _street_close,
    ReplaceFeed: _replace_feed,
}


def _called(number: str, operator: str) -> str:
    return f"{number} ({operator})" if operator else number


def _line(line: Selection, *, capital: bool = True) -> str:
    """The selected trips: "Line 51 (NXB), departures from 06:30 to before 09:30"."""
    parts = [
        f"direction {line.direction}" if line.direction is not None else "",
        f"variant {line.variant}" if line.variant is not None else "",
        _times(line),
    ]
    words = ", ".join(["ine " + _called(line.number, line.operator), *(part for part in parts if part)])
    return f"{'L' if capital else 'l'}{words}{',' if any(parts) else ''}"


def _times(line: Selection) -> str:
    if line.from_s is None and line.to_s is None:
        return ""
    start = f" from {_clock(line.from_s)}" if line.from_s is not None else ""
    return f"departures{start}" + (f" to before {_clock(line.to_s)}" if line.to_s is not None else "")


def _runs(service: Sequence[Period], departures: Sequence[int]) -> str:
    if not service:
        return "at " + ", ".join(map(_clock, departures))
    return " and ".join(f"{_often(one)} from {_clock(one.from_s)} to {_clock(one.to_s)}" for one in service)


def _often(period: Period) -> str:
    if period.every_s is not None:
        return f"every {_minutes(period.every_s)}"
    return f"as often as {period.vehicles} vehicle{'' if period.vehicles == 1 else 's'} can"


def _hops(edit: NewLine | Extend | Divert) -> str:
    if edit.speed_kmh is not None:
        return f"at {_number(edit.speed_kmh)} km/h along straight lines from stop to stop"
    return f"with {_minutes(sum(edit.run_s))} of riding"


def _layover(seconds: int) -> str:
    return f" Each round trip has a layover of {_minutes(seconds)}." if seconds else ""


def _number(value: float | Range) -> str:
    """A number; one that is not known with its ends."""
    if isinstance(value, Range):
        return f"{value.central:g} ({value.low:g} to {value.high:g})"
    return f"{value:g}"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g} min" if seconds % 6 == 0 else f"{seconds:g} s"


def _clock(seconds: int) -> str:
    text = clock_text(seconds)
    return text[:-3] if text.endswith(":00") else text


def _between(stops: tuple[Place, Place], names: StopNames) -> str:
    return f"between {names.of(stops[0])} and {names.of(stops[1])}"


def _along(stops: Sequence[str]) -> str:
    shown = list(stops[:_MOST_STOPS])
    return ", ".join(shown) + (f" and {len(stops) - len(shown)} more" if len(stops) > len(shown) else "")


def _position(at: tuple[float, float]) -> str:
    return f"{at[0]:.4f}, {at[1]:.4f}"


def edits_table(chosen: ScenarioSet, feed: Feed) -> pd.DataFrame:
    """The edits in their order (`ScenarioTables.edits`); stops are named as `feed` has them, the one before the edits."""
    columns = ["edit_id", "scenario", "kind", "what", "file", "line", "basis", "source", "note"]
    names = StopNames(feed, chosen.edits)
    rows = [
        (one.id, of.head.id, one.kind, words_of(one, names), one.file, one.line, one.basis, one.source, one.note)
        for of in chosen.scenarios
        for one in of.edits
    ]
    return pd.DataFrame(rows, columns=columns)


def numbers_table(chosen: ScenarioSet) -> pd.DataFrame:
    """The numbers of the edits with the basis of each (`ScenarioTables.numbers`)."""
    rows = [(edit.id, *vars(one).values()) for edit in chosen.edits for one in edit.numbers]
    return pd.DataFrame(rows, columns=["edit_id", "key", "value", "basis"])
