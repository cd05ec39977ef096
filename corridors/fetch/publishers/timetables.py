"""Check of a fetched timetable: number of trips, the service day to use, and notes on what is odd."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from accessibility import Feed, RepairLog, check_service_date, good_days, read_feed, service_days
from corridors.fetch.errors import FetchError
from corridors.fetch.region import Region
from corridors.fetch.registry import DatedFile, FromUser, Source
from corridors.inputs.school_days import is_usual_working_day
from layers import read_text

DAY_NOTE = "day "  # how the note on the day begins
_HOLIDAYS = "bank_holidays.csv"


class Timetable(NamedTuple):
    """Number of a timetable's trips, the service day to use (YYYY-MM-DD), and notes for the planner."""

    trips: int
    day: str
    notes: tuple[str, ...]


def check_timetable(source: Source, path: Path, region: Region) -> Timetable:
    """Trips, day and notes of a timetable, read as a whole.

    The day is the user's for an archived timetable, else that of `chosen_day`. Raises
    `FetchError` where no trip ever runs, `AccessibilityError` where the file is no feed or has no service on that day.
    """
    feed = read_feed(path)
    others: tuple[str, ...] = ()
    if isinstance(source.ask, DatedFile):
        check_service_date(feed, service_days(feed), region.day, RepairLog())
        day = region.day
    else:
        day, others = chosen_day(feed, region, path.name)
    notes = () if isinstance(source.ask, FromUser) else (*_missing_modes(source, feed), *_holiday(day, region))
    return Timetable(len(feed.trips), day.isoformat(), (*notes, *others))


def chosen_day(feed: Feed, region: Region, name: str) -> tuple[dt.date, tuple[str, ...]]:
    """The usual working day in term nearest to the region's day, and a note on it and on the others, with their trips.

    Raises `FetchError` where no trip ever runs; `name` is that of the timetable.
    """
    holidays = _holidays(region)
    good = good_days(feed, region.day, lambda day: not is_usual_working_day(day) or day.isoformat() in holidays)
    if not good:
        raise FetchError(f"{name}: a timetable in which no trip runs on any day")
    others = ", ".join(one.words for one in sorted(good[1:])) or "no other"
    return good[0].date, (f"{DAY_NOTE}{good[0].words}; as good: {others}",)


def _missing_modes(source: Source, feed: Feed) -> Iterator[str]:
    """A warning where the feed has none of the modes that the registry expects in it."""
    if source.modes and not set(source.modes).intersection(feed.routes["mode"]):
        yield f"WARNING: no {' or '.join(source.modes)} in it, so every figure is without them and too low"


def _holiday(day: dt.date, region: Region) -> Iterator[str]:
    title = _holidays(region).get(day.isoformat())
    if title is not None:
        yield f"WARNING: {day.isoformat()} is a bank holiday ({title}), not a working day's timetable"


def _holidays(region: Region) -> dict[str, str]:
    """Day -> title of the bank holidays that were fetched; none where they were not."""
    path = region.folder / _HOLIDAYS
    rows = read_text(path).rows if path.exists() else None
    return {} if rows is None else dict(zip(rows["date"], rows["title"], strict=True))
