"""Check of a fetched timetable: number of trips, the service day to use, and notes on what is odd."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from accessibility import Feed, RepairLog, check_service_date, good_date, read_feed, service_days
from corridors.fetch.errors import FetchError
from corridors.fetch.region import Region
from corridors.fetch.registry import DatedFile, FromUser, Source
from layers import read_text

_HOLIDAYS = "bank_holidays.csv"


class Timetable(NamedTuple):
    """Number of a timetable's trips, the service day to use (YYYY-MM-DD), and notes for the planner."""

    trips: int
    day: str
    notes: tuple[str, ...]


def check_timetable(source: Source, path: Path, region: Region) -> Timetable:
    """Trips, day and notes of a timetable, read as a whole.

    The day is the user's for an archived timetable, else the feed's usual Tuesday nearest to the user's day. Raises
    `FetchError` where no trip ever runs, `AccessibilityError` where the file is no feed or has no service on that day.
    """
    feed = read_feed(path)
    if isinstance(source.ask, DatedFile):
        check_service_date(feed, service_days(feed), region.day, RepairLog())
        day = region.day
    else:
        day = _good_day(feed, path, region)
    notes = () if isinstance(source.ask, FromUser) else (*_missing_modes(source, feed), *_holiday(day, region))
    return Timetable(len(feed.trips), day.isoformat(), notes)


def _good_day(feed: Feed, path: Path, region: Region) -> dt.date:
    good = good_date(feed, service_days(feed), region.day)
    if good is None:
        raise FetchError(f"{path.name}: a timetable in which no trip runs on any day")
    return good[0]


def _missing_modes(source: Source, feed: Feed) -> Iterator[str]:
    """A warning where the feed has none of the modes that the registry expects in it."""
    if source.modes and not set(source.modes).intersection(feed.routes["mode"]):
        yield f"WARNING: no {' or '.join(source.modes)} in it, so every figure is without them and too low"


def _holiday(day: dt.date, region: Region) -> Iterator[str]:
    path = region.folder / _HOLIDAYS
    if path.exists():
        rows = read_text(path).rows
        for title in rows.loc[rows["date"] == day.isoformat(), "title"]:
            yield f"WARNING: {day.isoformat()} is a bank holiday ({title}), not a working day's timetable"
