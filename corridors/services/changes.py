"""Two timetables compared line by line: which lines came, went and changed, on a weekday, a Saturday and a Sunday."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from accessibility import Feed, ServiceDateError, Timetable, build_timetable, good_days, read_feed, without_overlaps
from corridors.errors import InputMissingError
from corridors.services.lines import lines_of, trips_of

CAME, WENT, CHANGED, SAME = "came", "went", "changed", "same"
_FIGURES = ("trips", "first", "last", "headway_min", "run_min", "stops")
_LATER_DAYS = {"weekday": 0, "Saturday": 4, "Sunday": 5}  # days after a Tuesday
_WEEKDAYS = {"weekday": tuple(range(5)), "Saturday": (5,), "Sunday": (6,)}
_ALIKE = 0.5  # share of stops that lines of one number under two operators have in common if they are one line
_TUESDAY = 1
Key = tuple[str, str]


@dataclass(frozen=True)
class Side:
    """One of the two timetables."""

    name: str
    feed: Feed
    days: Mapping[str, datetime.date]  # weekday, Saturday, Sunday -> the date compared


@dataclass(frozen=True)
class LineOfDay:
    """A line on one day."""

    operator: str
    mode: str
    trips: int
    first: str
    last: str
    # the median time between two departures from the stop at which most trips start; None for a single departure
    headway_min: float | None
    run_min: float  # the median time from first to last stop
    stops: frozenset[str]
    times: tuple[tuple[int, int], ...]  # of its trips: when each starts, and how long it takes


def side_of(path: Path, near: datetime.date | None, stop_locations: Path | None = None) -> Side:
    """A timetable from a feed, or a folder of feeds; its days are of the week of the usual Tuesday nearest to `near`.

    Without `near` it is the first one. Of a timetable without Tuesdays a weekday, a Saturday and a Sunday with the usual
    trips are taken. Days after its last one are not compared. Raises `InputMissingError` for a folder without feeds,
    `FeedError` for faulty files, `ServiceDateError` where no trip ever runs.
    """
    feed = read_feed(feeds_in(path), stop_locations)
    near = near or datetime.date.min
    usual = good_days(feed, near)
    if not usual:
        raise ServiceDateError(f"{path}: no trip runs on any day")
    tuesday = next((one.date for one in usual if one.date.weekday() == _TUESDAY), None)
    days = _days_without_tuesday(feed, near) if tuesday is None else _days_of_week(tuesday)
    first, last = _first_and_last_day(feed)
    return Side(path.name, feed, {name: days[name] for name in _LATER_DAYS if first <= days[name] <= last})


def _days_of_week(tuesday: datetime.date) -> dict[str, datetime.date]:
    return {name: tuesday + datetime.timedelta(days=later) for name, later in _LATER_DAYS.items()}


def _days_without_tuesday(feed: Feed, near: datetime.date) -> dict[str, datetime.date]:
    """A day of each kind with the usual trips; where none of a kind has trips, that of the week of the first of the others."""
    usual = {name: good_days(feed, near, weekdays=days) for name, days in _WEEKDAYS.items()}
    found = {name: days[0].date for name, days in usual.items() if days}
    some = min(found.values())
    tuesday = some + datetime.timedelta(days=_TUESDAY - some.weekday())
    return _days_of_week(tuesday) | found


def _first_and_last_day(feed: Feed) -> tuple[datetime.date, datetime.date]:
    added = feed.calendar_dates["date"][feed.calendar_dates["added"]]
    days = pd.concat([feed.calendar["start_date"], feed.calendar["end_date"], added])
    return days.min().date(), days.max().date()


def feeds_in(path: Path) -> list[Path]:
    """The feed at a path; of a folder that is no feed itself, every feed in it. Raises `InputMissingError` for none."""
    if not path.is_dir() or (path / "stops.txt").exists():
        return [path]
    found = sorted(one for one in path.iterdir() if one.suffix.lower() in {".zip", ".xml"})
    if not found:
        raise InputMissingError(f"{path} is a folder without a timetable: no stops.txt, no .zip and no .xml in it")
    return found


def compared_lines(before: Side, after: Side) -> pd.DataFrame:
    """day, line, change, operator_a, operator_b, mode, each of trips, first, last, headway_min, run_min and stops as x_a and
    x_b, stops_only_a, stops_only_b; sorted by day, then what came, went and changed.

    Raises `ServiceDateError` where one has weekdays only and the other none.
    """
    if not before.days.keys() & after.days.keys():
        words = " and ".join(f"{side.name} holds for a {' and a '.join(side.days)} only" for side in (before, after))
        raise ServiceDateError(f"{words}: they have no kind of day in common")
    rows = [
        row
        for day in _LATER_DAYS
        if day in before.days and day in after.days
        for row in _rows(day, _lines(before, day), _lines(after, day))
    ]
    table = pd.DataFrame(rows)
    if not len(table):
        return table
    order = {name: place for place, name in enumerate((CAME, WENT, CHANGED, SAME))}
    days = {name: place for place, name in enumerate(_LATER_DAYS)}
    keys = table.assign(d=table["day"].map(days), c=table["change"].map(order)).sort_values(
        ["d", "c", "line"], kind="stable"
    )
    return table.loc[keys.index].reset_index(drop=True)


def _rows(day: str, before: Mapping[Key, LineOfDay], after: Mapping[Key, LineOfDay]) -> Iterator[dict[str, object]]:
    partner = _partners(before, after)
    for key, old in before.items():
        new = after.get(partner.get(key, ("", "")))
        yield _row(day, key[0], old, new)
    taken = set(partner.values())
    for key, new in after.items():
        if key not in taken:
            yield _row(day, key[0], None, new)


def _partners(before: Mapping[Key, LineOfDay], after: Mapping[Key, LineOfDay]) -> dict[Key, Key]:
    """Line of the first -> the same line of the second: of the same operator, else of the same number and mostly the same
    stops."""
    found = {key: key for key in before if key in after}
    free = [key for key in after if key not in found]
    for key, old in before.items():
        if key in found:
            continue
        alike = [(_shared(old, after[other]), other) for other in free if other[0] == key[0]]
        best = max(alike, default=(0.0, key))
        if best[0] >= _ALIKE:
            found[key] = best[1]
            free.remove(best[1])
    return found


def _shared(one: LineOfDay, other: LineOfDay) -> float:
    return len(one.stops & other.stops) / len(one.stops | other.stops)


def _row(day: str, number: str, old: LineOfDay | None, new: LineOfDay | None) -> dict[str, object]:
    known = old or new
    mode = known.mode if known else ""
    change = CAME if old is None else WENT if new is None else SAME if old == new else CHANGED
    row: dict[str, object] = {"day": day, "line": number, "change": change, "mode": mode}
    for suffix, one in (("a", old), ("b", new)):
        row[f"operator_{suffix}"] = one.operator if one else ""
        for figure in _FIGURES:
            value = getattr(one, figure) if one else None
            row[f"{figure}_{suffix}"] = len(value) if isinstance(value, frozenset) else value
    if old and new:
        row |= {"stops_only_a": len(old.stops - new.stops), "stops_only_b": len(new.stops - old.stops)}
    return row


def _lines(side: Side, day: str) -> dict[Key, LineOfDay]:
    """The lines of one day by number and operator, those registered twice once; none where no trip runs on it."""
    try:
        timetable = build_timetable(without_overlaps(side.feed, side.days[day]), side.days[day])
    except ServiceDateError:
        return {}
    lines, trips = lines_of(timetable), trips_of(timetable)
    trips["pattern"] = timetable.trip_patterns()
    ids = _stop_ids(timetable, len(side.feed.names) > 1)
    found = {}
    for row, patterns in zip(lines.table.to_dict("records"), lines.patterns, strict=True):
        own = trips[patterns[trips["pattern"].to_numpy()] & trips["on_day"].to_numpy()]
        found[str(row["line"]), str(row["operator"])] = LineOfDay(
            operator=str(row["operator"]),
            mode=str(row["mode"]),
            trips=int(row["trips"]),
            first=str(row["first"]),
            last=str(row["last"]),
            headway_min=_headway_min(own),
            run_min=float(own["takes_s"].median()) / 60,
            stops=_stops(timetable, np.flatnonzero(patterns), ids),
            times=tuple(sorted(zip(own["starts_s"], own["takes_s"], strict=True))),
        )
    return found


def _stop_ids(timetable: Timetable, prefixed: bool) -> list[str]:
    ids: Sequence[str] = timetable.stops["stop_id"].tolist()
    return [one.split(":", 1)[-1] if prefixed else one for one in ids]


def _stops(timetable: Timetable, patterns: np.ndarray, ids: Sequence[str]) -> frozenset[str]:
    offset = timetable.pattern_position_offset
    return frozenset(ids[stop] for p in patterns for stop in timetable.position_stop[offset[p] : offset[p + 1]])


def _headway_min(trips: pd.DataFrame) -> float | None:
    """Of the departures from the stop at which most trips start; two at one time count once."""
    of_stop = trips[trips["from_stop"] == trips["from_stop"].mode().iloc[0]]
    starts = np.unique(of_stop["starts_s"])
    return float(np.median(np.diff(starts))) / 60 if len(starts) > 1 else None
