"""Warnings of a day on which England travels unusually: bank holidays by rule, school holidays by custom."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator

from accessibility import day_to_type, holiday_dates
from corridors.results import RunWarning

_ENGLISH = re.compile(r"E\d{8}")
_FRIDAY_OF_WEEK = dt.timedelta(days=4)
_ADVICE = "Timetables and travel differ then; choose an ordinary day in term for figures that others can compare."


def holiday_warnings(date: dt.date) -> tuple[RunWarning, ...]:
    """A warning for a bank holiday of England, else for a day in the usual school holidays; none for an ordinary day.

    One-off bank holidays of future years, strikes and councils' own term dates are not known here.
    """
    day = day_to_type(date)
    if holiday_dates(["AllBankHolidays"], date, date):
        return (_warning("date_is_bank_holiday", date, f"{day} is a bank holiday in England. {_ADVICE}"),)
    if any(start <= date <= end for start, end in _school_holidays(date.year)):
        effect = f"{day} is in the usual school holidays of England (councils differ: check theirs). {_ADVICE}"
        return (_warning("date_in_school_holidays", date, effect),)
    return ()


def is_usual_working_day(date: dt.date) -> bool:
    """Whether a day is no bank holiday of England and in term, as most councils set it."""
    return not holiday_warnings(date)


def is_english(districts: Iterable[str]) -> bool:
    """Whether districts, by their GSS codes, are England's, whose bank and school holidays are known here."""
    return any(_ENGLISH.fullmatch(code) for code in districts)


def unusual_days(districts: Iterable[str]) -> Callable[[dt.date], bool] | None:
    """What tells the days on which people of the districts travel unusually; None where their holidays are not known here."""
    return (lambda day: not is_usual_working_day(day)) if is_english(districts) else None


def _warning(code: str, date: dt.date, effect: str) -> RunWarning:
    return RunWarning(code, 1, 1.0, (date.isoformat(),), effect)


def _school_holidays(year: int) -> Iterator[tuple[dt.date, dt.date]]:
    """(first, last day) of school holidays as most councils of England set them; recalled, as no list of all is published."""
    (good_friday,) = holiday_dates(["GoodFriday"], dt.date(year, 1, 1), dt.date(year, 12, 31))
    yield dt.date(year, 1, 1), dt.date(year, 1, 2)
    yield _week_of(dt.date(year, 2, 18))
    yield good_friday - dt.timedelta(days=4), good_friday + dt.timedelta(days=7)  # the weeks before and after Easter
    yield _week_of(dt.date(year, 5, 31))
    yield dt.date(year, 7, 22), dt.date(year, 8, 31)
    yield _week_of(dt.date(year, 10, 31))
    yield dt.date(year, 12, 21), dt.date(year, 12, 31)


def _week_of(latest: dt.date) -> tuple[dt.date, dt.date]:
    """Monday to Friday, from the last Monday up to `latest`."""
    monday = latest - dt.timedelta(days=latest.weekday())
    return monday, monday + _FRIDAY_OF_WEEK
