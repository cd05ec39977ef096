"""Which days are good ones to ask about, and what is said of a date that is none."""

import datetime
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from accessibility.errors import ServiceDateError
from accessibility.feed import Feed
from accessibility.gtfs.calendars import WEEKDAYS
from accessibility.repair_log import RepairLog
from accessibility.timetable.overlaps import Registrations
from accessibility.timetable.service_calendar import Days, ServiceDays, service_days, weekday
from accessibility.transxchange.bank_holidays import holiday_dates

Int64 = npt.NDArray[np.int64]

WEEKS_ROUND = 4  # before and after the day asked about
_ONE_DAY = np.timedelta64(1, "D")
_MIDWEEK = (1, 2, 3)  # Tuesday to Thursday
USUAL_SHARE = 0.95  # of the median of the same weekday's trips
# Days weighed at most: enough for ten years, few enough for a calendar that never ends.
_MOST_DAYS = 3_660
# A day with fewer trips than this share of the same weekday's median is called thin: a holiday, a strike, a ragged end.
_THIN_SHARE = 0.75


class GoodDay(NamedTuple):
    """A day to ask about, and its trips once lines registered twice run once."""

    date: datetime.date
    trips: int

    @property
    def words(self) -> str:
        """ "Tuesday 2026-03-03 (1,234 trips)"."""
        return f"{day_to_type(self.date)} ({self.trips:,} trips)"


def day_range(feed: Feed, services: ServiceDays, feed_number: int) -> tuple[np.datetime64, np.datetime64] | None:
    """First and last day of one feed's services that have trips; None when it never runs.

    The range is that of the calendars, widened by days added; a day inside it may still have no trip.
    """
    counts = _trips_of_services(feed, services)[feed_number]
    has_trips = counts > 0
    dated = has_trips & ~np.isnat(services.start)
    added = services.exception_added & has_trips[services.exception_service]
    days = np.concatenate([services.start[dated], services.end[dated], services.exception_day[added]])
    return (days.min(), days.max()) if len(days) else None


def check_service_date(feed: Feed, services: ServiceDays, date: datetime.date, log: RepairLog | None) -> None:
    """Raise `ServiceDateError` when no trip of any feed runs on `date`, naming the feeds' ranges and a good Tuesday.

    Notes in `log` every feed that has no trip on the date while others have, and a date with far fewer trips than
    its weekday usually has.
    """
    of_feeds = _trips_of_services(feed, services)
    day = np.array([date], dtype="datetime64[D]")
    trips = of_feeds @ services.running(day)[0]
    if not trips.any():
        raise ServiceDateError(_no_service_message(feed, services, date))
    if log is None:
        return
    _note_silent_feeds(feed, services, trips, date, log)
    _note_thin_day(feed, services, int(trips.sum()), date, log)
    _note_outside_stated(feed, date, log)


def _trips_of_services(feed: Feed, services: ServiceDays) -> Int64:
    """(n_feeds, n_services) how many trips each feed has on each service."""
    cell = feed.trips["feed"].to_numpy(dtype=np.int64) * len(services.service_ids) + services.of_trip
    counts = np.bincount(cell, minlength=len(feed.names) * len(services.service_ids))
    return counts.reshape(len(feed.names), -1).astype(np.int64)


def _ranges(feed: Feed, services: ServiceDays) -> dict[str, tuple[np.datetime64, np.datetime64] | None]:
    return {name: day_range(feed, services, number) for number, name in enumerate(feed.names)}


def _no_service_message(feed: Feed, services: ServiceDays, date: datetime.date) -> str:
    ranges = _ranges(feed, services)
    known = [days for days in ranges.values() if days]
    if not known:
        return f"no trip runs on {day_to_type(date)}, nor on any other day: no service of {', '.join(feed.names)} has a date"
    first, last = min(days[0] for days in known), max(days[1] for days in known)
    inside = first <= np.datetime64(date) <= last
    why = "no service runs that day" if inside else "the date is outside the timetable"
    advice = _advice(feed, date)
    ranges_by_feed = "; ".join(f"{name}: {_range_text(days)}" for name, days in ranges.items())
    return f"no trip runs on {day_to_type(date)}: {why}, which covers {first} to {last} ({ranges_by_feed}). {advice}"


def _range_text(days: tuple[np.datetime64, np.datetime64] | None) -> str:
    return f"{days[0]} to {days[1]}" if days else "never runs"


def day_to_type(date: datetime.date) -> str:
    """ "Tuesday 2026-03-03", for messages that ask for another day: the way a configuration writes it."""
    return f"{WEEKDAYS[date.weekday()].capitalize()} {date.isoformat()}"


def _advice(feed: Feed, date: datetime.date) -> str:
    good = good_date(feed, date)
    return "No other day has trips either" if good is None else f"A good date: {good.words}"


def good_days(
    feed: Feed,
    near: datetime.date,
    unusual: Callable[[datetime.date], bool] | None = None,
    weekdays: Sequence[int] | None = None,
) -> list[GoodDay]:
    """The days to ask about, the nearest to `near` first: working Tuesdays to Thursdays with a usual number of trips.

    With `weekdays` (0 = Monday) such days alone are looked at, whichever they are.

    Usual is 95 % or more of the median of the same weekday, over 28 days before and after `near` (or the nearest day with
    service), once lines registered twice run once. Every feed that runs in these weeks has to run, and each feed's
    feed_info.txt has to hold that day. Days that are `unusual` are left out: by default bank holidays of England, where
    that is the time zone. Where no such day is left, the fullest day alone is given; nothing where no trip ever runs.
    """
    services, registrations = service_days(feed), Registrations(feed)
    span = _span(feed, services)
    if span is None:
        return []
    middle = np.clip(np.datetime64(near), *span)
    days = _among(_days_round(middle, span, np.timedelta64(7 * WEEKS_ROUND, "D")), weekdays)
    trips = registrations.trips_left(days)
    found = _usual(days, trips, unusual or _holidays_of(feed), _MIDWEEK if weekdays is None else weekdays)
    if not len(found):
        days = _among(_days_round(middle, span, np.timedelta64(_MOST_DAYS // 2, "D")), weekdays)
        trips = registrations.trips_left(days)
        found = _fullest(days, trips, near)
    distance = np.abs((days[found] - np.datetime64(near)).astype(np.int64))
    ordered = found[np.argsort(distance, kind="stable")]
    return [GoodDay(days[row].item(), int(trips[row].sum())) for row in ordered]


def good_date(feed: Feed, near: datetime.date) -> GoodDay | None:
    """The first of `good_days`; None where no trip ever runs."""
    return next(iter(good_days(feed, near)), None)


def trips_of_date(feed: Feed, date: datetime.date) -> GoodDay:
    """A date with its trips, counted as those of `good_days` are."""
    return GoodDay(date, int(Registrations(feed).trips_left(np.array([date], dtype="datetime64[D]")).sum()))


def _among(days: Days, weekdays: Sequence[int] | None) -> Days:
    return days if weekdays is None else days[np.isin(weekday(days), weekdays)]


def _usual(days: Days, trips: Int64, unusual: Callable[[datetime.date], bool], chosen_weekdays: Sequence[int]) -> Int64:
    """Rows of the chosen weekdays that are usual ones, with a usual number of trips; all feeds run that run at all."""
    total, weekdays = trips.sum(axis=1), weekday(days)
    all_run = (trips > 0).sum(axis=1) == (trips > 0).any(axis=0).sum()
    ordinary = np.array([not unusual(day.item()) for day in days], bool) & all_run & (total > 0)
    chosen = [
        np.flatnonzero(same & (total >= USUAL_SHARE * np.median(total[same])))
        for same in (ordinary & (weekdays == number) for number in chosen_weekdays)
        if same.any()
    ]
    return np.sort(np.concatenate([np.empty(0, np.int64), *chosen])).astype(np.int64)


def _fullest(days: Days, trips: Int64, near: datetime.date) -> Int64:
    """The row of the day on which the most feeds and then the most trips run, the nearest of equals."""
    total = trips.sum(axis=1)
    distance = np.abs((days - np.datetime64(near)).astype(np.int64))
    order = np.lexsort((distance, -total, -(trips > 0).sum(axis=1)))
    return order[:1] if len(order) and total[order[0]] else np.empty(0, np.int64)


def _span(feed: Feed, services: ServiceDays) -> tuple[np.datetime64, np.datetime64] | None:
    """First and last day on which all feeds have services, inside what each states of itself; of any feed where none is."""
    known = [days for days in _ranges(feed, services).values() if days]
    if not known:
        return None
    starts = [*(days[0] for days in known), *(np.datetime64(start) for start, _ in feed.stated if start)]
    ends = [*(days[1] for days in known), *(np.datetime64(end) for _, end in feed.stated if end)]
    inside = max(starts) <= min(ends)
    return (max(starts), min(ends)) if inside else (min(days[0] for days in known), max(days[1] for days in known))


def _days_round(middle: np.datetime64, span: tuple[np.datetime64, np.datetime64], half: np.timedelta64) -> Days:
    return np.arange(max(span[0], middle - half), min(span[1], middle + half) + _ONE_DAY)


def _holidays_of(feed: Feed) -> Callable[[datetime.date], bool]:
    zones = feed.routes["timezone"]
    british = bool((zones == "Europe/London").any())
    return lambda day: british and bool(holiday_dates(["AllBankHolidays"], day, day))


def _note_outside_stated(feed: Feed, date: datetime.date, log: RepairLog) -> None:
    outside = [
        f"{name} ({start or 'no start'} to {end or 'no end'})"
        for name, (start, end) in zip(feed.names, feed.stated, strict=False)
        if (start and date < start) or (end and date > end)
    ]
    effect = (
        f"WARNING: {day_to_type(date)} is outside the days for which {len(outside)} of {len(feed.names)} timetable feeds say "
        f"they hold (feed_info.txt): {', '.join(outside)}. Services are thinned there, whatever their calendars say. "
        f"{_advice(feed, date) if outside else ''}"
    )
    log.add("date_outside_feed_info", len(outside), len(feed.names), outside, effect)


def _note_silent_feeds(feed: Feed, services: ServiceDays, trips: Int64, date: datetime.date, log: RepairLog) -> None:
    silent = [name for name, count in zip(feed.names, trips, strict=True) if not count]
    ranges = _ranges(feed, services)
    named = ", ".join(f"{name} ({_range_text(ranges[name])})" for name in silent)
    effect = (
        f"WARNING: {len(silent)} of {len(feed.names)} timetable feeds have no service on {day_to_type(date)}: {named}. "
        f"Everything they run is missing from the results. {_advice(feed, date) if silent else ''}"
    )
    log.add("feed_without_service_on_date", len(silent), len(feed.names), silent, effect)


def _note_thin_day(feed: Feed, services: ServiceDays, trips: int, date: datetime.date, log: RepairLog) -> None:
    known = [days for days in _ranges(feed, services).values() if days]
    span = min(days[0] for days in known), max(days[1] for days in known)
    days = _days_round(np.clip(np.datetime64(date), *span), span, np.timedelta64(_MOST_DAYS // 2, "D"))
    same_weekday = days[weekday(days) == date.weekday()]
    per_day = services.running(same_weekday) @ _trips_of_services(feed, services).sum(axis=0)
    usual = int(np.median(per_day[per_day > 0]))
    short = usual - trips if trips < _THIN_SHARE * usual else 0
    effect = (
        f"WARNING: {trips:,} trips run on {day_to_type(date)}, where {usual:,} are usual on that weekday: a holiday, a "
        f"strike or a gap in the feed. {_advice(feed, date) if short else ''}"
    )
    log.add("few_trips_on_date", short, usual, [date.isoformat()], effect)
