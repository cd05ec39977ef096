"""Computes the dates of bank holidays, by their names in TransXChange, by rule for any year."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import cache

import pandas as pd

_MONDAY, _SATURDAY, _SUNDAY = 0, 5, 6
_FIXED = {
    "NewYearsDay": (1, 1),
    "Jan2ndScotland": (1, 2),
    "StAndrewsDay": (11, 30),
    "ChristmasEve": (12, 24),
    "ChristmasDay": (12, 25),
    "BoxingDay": (12, 26),
    "NewYearsEve": (12, 31),
}
# Years in which the government moved a holiday for one year, from https://www.gov.uk/bank-holidays.
_MOVED = {
    ("MayDay", 2020): dt.date(2020, 5, 8),
    ("SpringBank", 2012): dt.date(2012, 6, 4),
    ("SpringBank", 2022): dt.date(2022, 6, 2),
}
# Holidays of one year only. They have no name in TransXChange, but belong to its groups of bank holidays.
_ONCE = (
    dt.date(2011, 4, 29), dt.date(2012, 6, 5), dt.date(2022, 6, 3), dt.date(2022, 9, 19), dt.date(2023, 5, 8),
)  # fmt: skip
_DISPLACED = ("NewYearsDayHoliday", "ChristmasDayHoliday", "BoxingDayHoliday")
_CHRISTMAS = ("ChristmasDay", "BoxingDay", "ChristmasDayHoliday", "BoxingDayHoliday")
_MONDAYS = ("EasterMonday", "MayDay", "SpringBank", "LateSummerBankHolidayNotScotland")
_OTHERS = ("NewYearsDay", "NewYearsDayHoliday", "GoodFriday", *_MONDAYS)
_GROUPS = {
    "AllBankHolidays": (*_CHRISTMAS, *_OTHERS),
    "AllHolidaysExceptChristmas": _OTHERS,
    "Christmas": _CHRISTMAS,
    "DisplacementHolidays": _DISPLACED,
    "EarlyRunOffDays": ("ChristmasEve", "NewYearsEve"),
    "HolidayMondays": _MONDAYS,
}
_WITH_ONCE = ("AllBankHolidays", "AllHolidaysExceptChristmas")


def is_holiday_name(name: str) -> bool:
    """Whether this is the name of a holiday or group of holidays in TransXChange."""
    return name in _GROUPS or name in _FIXED or name in _RULES


def holiday_dates(names: Iterable[str], start: dt.date, end: dt.date) -> frozenset[dt.date]:
    """The dates from `start` to `end` (inclusive) of the named holidays; groups are those of England and Wales.

    A group has both the day itself and its substitute day: Saturday 25 and Monday 27 December 2027.
    """
    days = (day for name in names for year in range(start.year, end.year + 1) for day in _in_year(name, year))
    return frozenset(day for day in days if start <= day <= end)


@cache
def _in_year(name: str, year: int) -> tuple[dt.date, ...]:
    if name in _GROUPS:
        once = [day for day in _ONCE if day.year == year and name in _WITH_ONCE]
        return (*(day for member in _GROUPS[name] for day in _in_year(member, year)), *once)
    if name in _FIXED:
        return (dt.date(year, *_FIXED[name]),)
    day = _MOVED.get((name, year)) or _RULES[name](year)
    return () if day is None else (day,)


def _easter(year: int) -> dt.date:
    return (pd.Timestamp(year, 1, 1) + pd.offsets.Easter()).date()


def _monday_from(day: dt.date) -> dt.date:
    """The first Monday on or after a day."""
    return day + dt.timedelta(days=(_MONDAY - day.weekday()) % 7)


def _substitute(month: int, day: int, *, days_after: int | None = None) -> Callable[[int], dt.date | None]:
    """The rule for the substitute day of a fixed holiday at a weekend: `days_after` it, or the Monday after it."""

    def rule(year: int) -> dt.date | None:
        fixed = dt.date(year, month, day)
        if fixed.weekday() not in (_SATURDAY, _SUNDAY):
            return None
        return _monday_from(fixed) if days_after is None else fixed + dt.timedelta(days=days_after)

    return rule


_RULES: Mapping[str, Callable[[int], dt.date | None]] = {
    "GoodFriday": lambda year: _easter(year) - dt.timedelta(days=2),
    "EasterMonday": lambda year: _easter(year) + dt.timedelta(days=1),
    "MayDay": lambda year: _monday_from(dt.date(year, 5, 1)),
    "SpringBank": lambda year: _monday_from(dt.date(year, 5, 25)),
    "AugustBankHolidayScotland": lambda year: _monday_from(dt.date(year, 8, 1)),
    "LateSummerBankHolidayNotScotland": lambda year: _monday_from(dt.date(year, 8, 25)),
    "NewYearsDayHoliday": _substitute(1, 1),
    # The substitute days of Christmas Day and Boxing Day are both two days later: the 27th and the 28th.
    "ChristmasDayHoliday": _substitute(12, 25, days_after=2),
    "BoxingDayHoliday": _substitute(12, 26, days_after=2),
    "Jan2ndScotlandHoliday": _substitute(1, 2, days_after=2),
    "StAndrewsDayHoliday": _substitute(11, 30),
}
