"""Bank holidays by the names TransXChange gives them, worked out by rule for any year, without a download."""

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
# Holidays of one year only; they have no name in TransXChange but are bank holidays all the same.
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
    """Whether TransXChange knows this holiday or group of holidays."""
    return name in _GROUPS or name in _FIXED or name in _RULES


def holiday_dates(names: Iterable[str], start: dt.date, end: dt.date) -> frozenset[dt.date]:
    """The days from `start` to `end` (inclusive) that the names mean; groups are those of England and Wales.

    A group holds the day itself and the day kept in its place: Saturday 25 and Monday 27 December 2027 alike.
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
    found = _MOVED.get((name, year)) or _RULES[name](year)
    return () if found is None else (found,)


def _easter(year: int) -> dt.date:
    return (pd.Timestamp(year, 1, 1) + pd.offsets.Easter()).date()


def _monday_from(day: dt.date) -> dt.date:
    """The first Monday on or after a day."""
    return day + dt.timedelta(days=(_MONDAY - day.weekday()) % 7)


def _kept_instead(month: int, day: int, *, days_after: int | None = None) -> Callable[[int], dt.date | None]:
    """The day kept instead of a fixed one at a weekend: so many days after it, or else the Monday after it."""

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
    "NewYearsDayHoliday": _kept_instead(1, 1),
    # Christmas and Boxing Day at a weekend are both kept two days later: on the 27th and the 28th.
    "ChristmasDayHoliday": _kept_instead(12, 25, days_after=2),
    "BoxingDayHoliday": _kept_instead(12, 26, days_after=2),
    "Jan2ndScotlandHoliday": _kept_instead(1, 2, days_after=2),
    "StAndrewsDayHoliday": _kept_instead(11, 30),
}
