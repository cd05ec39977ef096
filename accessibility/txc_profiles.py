"""Which days a TransXChange journey runs: its operating profile becomes weekdays and single days."""

import datetime as dt
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from accessibility.bank_holidays import holiday_dates, is_holiday_name
from accessibility.txc_elements import UnreadableError, day, required_day

ALL_WEEK = frozenset(range(7))
MAX_DAYS = 1_000  # entries of one list; every journey may come back to it
ALL_HOLIDAYS = "AllBankHolidays"
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = {
    **{name: frozenset({number}) for number, name in enumerate(_NAMES)},
    **{f"not{name}": ALL_WEEK - {number} for number, name in enumerate(_NAMES)},
    "mondaytofriday": frozenset(range(5)),
    "mondaytosaturday": frozenset(range(6)),
    "mondaytosunday": ALL_WEEK,
    "weekend": frozenset({5, 6}),
}
_OWN_DATES = "OtherPublicHoliday"
Span = tuple[dt.date, dt.date]


class Days(NamedTuple):
    """Days named one way or the other: holidays by name, spans of dates (both ends included)."""

    holidays: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


class Rule(NamedTuple):
    """Days on which a journey runs, and days on which it doesn't, whatever the weekday."""

    runs: Days
    rests: Days


class Profile(NamedTuple):
    """An OperatingProfile; None where it is silent and the next one (pattern's, then service's) speaks."""

    weekdays: frozenset[int] | None = None  # 0 Monday ... 6 Sunday
    holidays: Rule | None = None
    special: Rule | None = None
    ignored: frozenset[str] = frozenset()  # parts that are read past: school days, weeks of the month, unknown holidays


class Calendar(NamedTuple):
    """The days of a journey as GTFS writes them."""

    weekdays: frozenset[int]
    start: dt.date
    end: dt.date  # inclusive
    added: tuple[dt.date, ...]
    removed: tuple[dt.date, ...]


def read_profile(owner: ET.Element) -> Profile | None:
    """The OperatingProfile of a Service, JourneyPattern or VehicleJourney; None where it has none."""
    element = owner.find("OperatingProfile")
    if element is None:
        return None
    weekdays = _weekdays(element)
    holidays = _rule(element.find("BankHolidayOperation"))
    if element.find("RegularDayType/HolidaysOnly") is not None and holidays is None:
        holidays = Rule(Days((ALL_HOLIDAYS,)), Days())
    parts = {name for name in ("ServicedOrganisationDayType", "PeriodicDayType") if element.find(name) is not None}
    unknown = {child.tag for child in element.iterfind("BankHolidayOperation/*/*") if not _is_known(child.tag)}
    return Profile(weekdays, holidays, _rule(element.find("SpecialDaysOperation")), frozenset(parts | unknown))


def _is_known(holiday: str) -> bool:
    return holiday == _OWN_DATES or is_holiday_name(holiday)


def _weekdays(element: ET.Element) -> frozenset[int] | None:
    regular = element.find("RegularDayType")
    if regular is None:
        return None
    if regular.find("HolidaysOnly") is not None:
        return frozenset()
    named = [child.tag for child in regular.iterfind("DaysOfWeek/*")]
    unknown = [name for name in named if name.lower() not in _WEEKDAYS]
    if unknown:
        raise UnreadableError(f"DaysOfWeek has the unknown day <{unknown[0][:40]}>")
    if named and all(name.lower().startswith("not") for name in named):
        return ALL_WEEK.intersection(*(_WEEKDAYS[name.lower()] for name in named))
    return frozenset().union(*(_WEEKDAYS[name.lower()] for name in named)) if named else ALL_WEEK


def _rule(element: ET.Element | None) -> Rule | None:
    if element is None:
        return None
    return Rule(_days(element.find("DaysOfOperation")), _days(element.find("DaysOfNonOperation")))


def _days(element: ET.Element | None) -> Days:
    if element is None:
        return Days()
    if len(element) > MAX_DAYS:
        raise UnreadableError(f"{element.tag} names {len(element):,} days; at most {MAX_DAYS:,} are read")
    names, spans = [], []
    for child in element:
        if child.tag == _OWN_DATES:
            spans.append(_span(child, "Date", "Date"))
        elif child.tag == "DateRange":
            spans.append(_span(child, "StartDate", "EndDate"))
        elif is_holiday_name(child.tag):
            names.append(child.tag)
    return Days(tuple(names), tuple(spans))


def _span(element: ET.Element, first: str, last: str) -> Span:
    start, end = required_day(element, first), day(element, last)
    return start, start if end is None else end


def combined(profiles: Iterable[Profile | None]) -> Profile:
    """One profile of several, the most particular first: each part is the first that anyone says."""
    said = [profile for profile in profiles if profile is not None]
    return Profile(
        next((profile.weekdays for profile in said if profile.weekdays is not None), None),
        next((profile.holidays for profile in said if profile.holidays is not None), None),
        next((profile.special for profile in said if profile.special is not None), None),
        next((profile.ignored for profile in said if profile.ignored), frozenset()),
    )


def calendar(profile: Profile, start: dt.date, end: dt.date) -> Calendar:
    """The days from `start` to `end` on which a journey of this profile runs.

    Dates written out win over holidays by name, those over weekdays; of running and resting alike, resting wins.
    A profile that says no weekdays means all seven.
    """
    weekdays = ALL_WEEK if profile.weekdays is None else profile.weekdays
    runs: dict[dt.date, bool] = {}
    for rule in (profile.holidays, profile.special):
        if rule is not None:
            runs.update(dict.fromkeys(_dates(rule.runs, start, end), True))
            runs.update(dict.fromkeys(_dates(rule.rests, start, end), False))
    exceptions = sorted(date for date, running in runs.items() if running != (date.weekday() in weekdays))
    added = tuple(date for date in exceptions if runs[date])
    return Calendar(weekdays, start, end, added, tuple(date for date in exceptions if not runs[date]))


def _dates(days: Days, start: dt.date, end: dt.date) -> Iterator[dt.date]:
    yield from holiday_dates(days.holidays, start, end)
    for first, last in days.spans:
        begin, finish = max(first, start), min(last, end)
        yield from (begin + dt.timedelta(days=step) for step in range((finish - begin).days + 1))
