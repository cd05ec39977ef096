"""Converts the operating profile of a TransXChange journey to the weekdays and single days on which it runs."""

import datetime as dt
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from accessibility.transxchange.bank_holidays import holiday_dates, is_holiday_name
from accessibility.transxchange.xml import UnreadableError, day, required_day

ALL_WEEK = frozenset(range(7))
MAX_DAYS = 1_000  # entries of one list, which is processed for every journey
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
    """Days given as names of holidays and as spans of dates (both ends included)."""

    holidays: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


class Rule(NamedTuple):
    """Days on which a journey runs, and days on which it does not run, whatever the weekday."""

    runs: Days
    rests: Days


class OrganisationDays(NamedTuple):
    """The working days or the holidays of an organisation that a journey serves, such as a school."""

    organisation: str
    working: bool


class Serving(NamedTuple):
    """Days of organisations: a journey runs only on days of `runs`, if there are any, and never on days of `rests`."""

    runs: tuple[OrganisationDays, ...] = ()
    rests: tuple[OrganisationDays, ...] = ()


class Organisation(NamedTuple):
    """The working days and holidays of a ServicedOrganisation, as far as the document gives them."""

    working: tuple[Span, ...]
    holidays: tuple[Span, ...]


class Profile(NamedTuple):
    """An OperatingProfile: weekdays, holidays, special days and days of organisations."""

    weekdays: frozenset[int] | None = None  # 0 Monday ... 6 Sunday; None if the profile names none
    holidays: Rule | None = None
    special: Rule | None = None
    serving: Serving = Serving()
    ignored: frozenset[str] = frozenset()  # parts that are ignored: weeks of the month, unknown holidays


class Calendar(NamedTuple):
    """The days of a journey in the form of GTFS: weekdays in a period, and days added and removed."""

    weekdays: frozenset[int]
    start: dt.date
    end: dt.date  # inclusive
    added: tuple[dt.date, ...]
    removed: tuple[dt.date, ...]

    @property
    def ever_run(self) -> bool:
        """Whether the journey runs on any day."""
        days, removed = _every_day(self.start, self.end), set(self.removed)
        return bool(self.added) or any(date.weekday() in self.weekdays and date not in removed for date in days)


def read_profile(owner: ET.Element) -> Profile | None:
    """The OperatingProfile of a Service, JourneyPattern or VehicleJourney; None if it has none.

    Raises `UnreadableError` for unknown weekdays, bad dates and lists that are too long.
    """
    element = owner.find("OperatingProfile")
    if element is None or not len(element):
        return None
    weekdays = _weekdays(element)
    holidays = _rule(element.find("BankHolidayOperation"))
    serving = Serving(_organisation_days(element, "DaysOfOperation"), _organisation_days(element, "DaysOfNonOperation"))
    if element.find("RegularDayType/HolidaysOnly") is not None and holidays is None and not serving.runs:
        holidays = Rule(Days((ALL_HOLIDAYS,)), Days())
    parts = {name for name in ("PeriodicDayType",) if element.find(name) is not None}
    unknown = {child.tag for child in element.iterfind("BankHolidayOperation/*/*") if not _is_known(child.tag)}
    special = _rule(element.find("SpecialDaysOperation"))
    return Profile(weekdays, holidays, special, serving, frozenset(parts | unknown))


def _organisation_days(element: ET.Element, which: str) -> tuple[OrganisationDays, ...]:
    path = f"ServicedOrganisationDayType/{which}"
    days = [
        OrganisationDays(" ".join((reference.text or "").split()), kind == "WorkingDays")
        for kind in ("WorkingDays", "Holidays")
        for reference in element.iterfind(f"{path}/{kind}/ServicedOrganisationRef")
    ]
    if len(days) > MAX_DAYS:
        raise UnreadableError(f"it names {len(days):,} serviced organisations; at most {MAX_DAYS:,} are read")
    return tuple(days)


def read_organisation(element: ET.Element) -> Organisation:
    """The working days and holidays of a ServicedOrganisation. Raises `UnreadableError` for bad dates."""
    return Organisation(_ranges(element, "WorkingDays"), _ranges(element, "Holidays"))


def _ranges(element: ET.Element, kind: str) -> tuple[Span, ...]:
    ranges = element.findall(f"{kind}/DateRange")
    if len(ranges) > MAX_DAYS:
        raise UnreadableError(f"{kind} names {len(ranges):,} spans of days; at most {MAX_DAYS:,} are read")
    return tuple(_span(one, "StartDate", "EndDate") for one in ranges)


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


def most_specific_profile(profiles: Iterable[Profile | None]) -> Profile | None:
    """The first profile that is given: of a journey, else of its pattern, else of its service; None if none is.

    Days missing in it are not taken from the other profiles: the profile of one journey is meant to be complete (Passenger
    and bustimes.org read it so). Only weekdays, which the schema requires, come from the next profile if it has none.
    """
    given_profiles = [profile for profile in profiles if profile is not None]
    if not given_profiles:
        return None
    weekdays = next((profile.weekdays for profile in given_profiles if profile.weekdays is not None), None)
    return given_profiles[0]._replace(weekdays=weekdays)


def unknown_organisations(profile: Profile, organisations: Mapping[str, Organisation]) -> list[str]:
    """The organisations named by a profile for which the document gives no day, sorted."""
    named = {days.organisation for days in (*profile.serving.runs, *profile.serving.rests)}
    return sorted(name for name in named if not any(organisations.get(name, Organisation((), ()))))


def calendar(profile: Profile, organisations: Mapping[str, Organisation], start: dt.date, end: dt.date) -> Calendar:
    """The `Calendar` from `start` to `end` (inclusive) of a journey with this profile.

    Dates override named holidays, which override the days of organisations, which override weekdays; a day both of
    running and of resting is a day of rest. A profile without weekdays runs on all seven; a profile with HolidaysOnly
    that runs on days of an organisation runs on each of these days.
    """
    weekdays = ALL_WEEK if profile.weekdays is None else profile.weekdays
    serving = _known(profile.serving, organisations)
    runs: dict[dt.date, bool] = {}
    for one in serving.rests:
        runs.update(dict.fromkeys(_organisation_dates(organisations, one, start, end), False))
    first, last = start, end
    if serving.runs:
        served = sorted(set().union(*(_organisation_dates(organisations, one, start, end) for one in serving.runs)))
        first, last = (served[0], served[-1]) if served else (start, start)
        runs = {date: False for date in _every_day(first, last) if date not in set(served)} | runs
        runs = {date: True for date in served if date.weekday() in (weekdays or ALL_WEEK)} | runs
    for rule in (profile.holidays, profile.special):
        if rule is not None:
            runs.update(dict.fromkeys(_dates(rule.runs, start, end), True))
            runs.update(dict.fromkeys(_dates(rule.rests, start, end), False))

    def regular(date: dt.date) -> bool:
        return first <= date <= last and date.weekday() in weekdays

    added = sorted(date for date, running in runs.items() if running and not regular(date))
    removed = sorted(date for date, running in runs.items() if regular(date) and not running)
    return Calendar(weekdays, first, last, tuple(added), tuple(removed))


def _known(serving: Serving, organisations: Mapping[str, Organisation]) -> Serving:
    """`serving` without the organisations for which the document gives no day."""
    known = {name for name, days in organisations.items() if any(days)}
    return Serving(*(tuple(one for one in days if one.organisation in known) for days in serving))


def _every_day(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    return (start + dt.timedelta(days=step) for step in range((end - start).days + 1))


def _organisation_dates(
    organisations: Mapping[str, Organisation], days: OrganisationDays, start: dt.date, end: dt.date
) -> set[dt.date]:
    """The working days (or holidays) of an organisation; if only its holidays (or working days) are given, all others."""
    organisation = organisations[days.organisation]
    spans, opposite = organisation.working, organisation.holidays
    if not days.working:
        spans, opposite = opposite, spans
    dates = set(_dates(Days(spans=spans or opposite), start, end))
    return dates if spans else set(_every_day(start, end)) - dates


def _dates(days: Days, start: dt.date, end: dt.date) -> Iterator[dt.date]:
    yield from holiday_dates(days.holidays, start, end)
    for first, last in days.spans:
        begin, finish = max(first, start), min(last, end)
        yield from _every_day(begin, finish)
