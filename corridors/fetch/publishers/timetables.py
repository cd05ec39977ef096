"""Timetables as they arrive: whether they run at all, on which day to ask about them, and what is odd about them."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from accessibility import Feed, RepairLog, check_service_date, good_date, read_feed, service_days
from corridors.fetch.errors import FetchError
from corridors.fetch.region import Region
from corridors.fetch.registry import DatedFile, FromUser, Source
from layers import read_text

_METRO = {"tram", "metro"}
_HOLIDAYS = "bank_holidays.csv"


class Timetable(NamedTuple):
    """Trips in it, the day to ask about (YYYY-MM-DD), and what a planner should know of it."""

    trips: int
    day: str
    notes: tuple[str, ...]


def look_into(source: Source, path: Path, region: Region) -> Timetable:
    """Read a timetable whole. The day is the user's for an archived one, else the feed's good Tuesday nearest to it.

    Raises `FetchError` for one in which nothing ever runs, `AccessibilityError` for what is no feed or not of that day.
    """
    feed = read_feed(path)
    if isinstance(source.ask, DatedFile):
        check_service_date(feed, service_days(feed), region.day, RepairLog())
        day = region.day
    else:
        day = _good_day(feed, path, region)
    notes = () if isinstance(source.ask, FromUser) else (*_without_metro(feed), *_holiday(day, region))
    return Timetable(len(feed.trips), day.isoformat(), notes)


def _good_day(feed: Feed, path: Path, region: Region) -> dt.date:
    good = good_date(feed, service_days(feed), region.day)
    if good is None:
        raise FetchError(f"{path.name}: a timetable in which no trip runs on any day")
    return good[0]


def _without_metro(feed: Feed) -> Iterator[str]:
    """The region's feed should hold the Metro; where it does not, every figure is too low, and nothing else says so."""
    if not _METRO & set(feed.routes["mode"]):
        yield "WARNING: no tram or metro in it, so the Metro is missing from every figure"


def _holiday(day: dt.date, region: Region) -> Iterator[str]:
    path = region.folder / _HOLIDAYS
    if path.exists():
        rows = read_text(path).rows
        for title in rows.loc[rows["date"] == day.isoformat(), "title"]:
            yield f"WARNING: {day.isoformat()} is a bank holiday ({title}), not a working day's timetable"
