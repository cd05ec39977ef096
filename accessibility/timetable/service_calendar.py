"""The days of each service, from calendars and their exceptions, and a check that a date is a good one to ask about."""

import datetime
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.errors import ServiceDateError
from accessibility.feed import Feed
from accessibility.gtfs.calendars import WEEKDAYS
from accessibility.repair_log import RepairLog

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Days = npt.NDArray[np.datetime64]  # datetime64[D]

_ONE_DAY = np.timedelta64(1, "D")
_TUESDAY = 1
# Days weighed when a better date is looked for: enough for ten years, few enough for a calendar that never ends.
_MOST_DAYS = 3_660
# A day with fewer trips than this share of the same weekday's median is called thin: a holiday, a strike, a ragged end.
_THIN_SHARE = 0.75


@dataclass(frozen=True)
class ServiceDays:
    """The calendars of a feed as arrays; exceptions stand beside the weekly pattern."""

    service_ids: pd.Index  # (n_services,)
    weekdays: Bool  # (n_services, 7), Monday first
    start: Days  # (n_services,) first day of the weekly pattern, NaT without one
    end: Days  # (n_services,) last day, inclusive
    exception_service: Int64  # (n_exceptions,)
    exception_day: Days  # (n_exceptions,)
    exception_added: Bool  # (n_exceptions,) True: runs, False: does not run

    def running(self, days: Days) -> Bool:
        """(n_days, n_services) whether each service runs on each of `days` (ascending)."""
        in_range = (self.start <= days[:, None]) & (days[:, None] <= self.end)
        runs: Bool = in_range & self.weekdays[:, weekday(days)].T
        place = np.minimum(np.searchsorted(days, self.exception_day), max(len(days) - 1, 0))
        in_days = days[place] == self.exception_day if len(days) else np.zeros(len(place), dtype=bool)
        runs[place[in_days], self.exception_service[in_days]] = self.exception_added[in_days]
        return runs


def service_days(feed: Feed) -> ServiceDays:
    """The feed's calendars; services that only trips name are there too, and never run."""
    ids = pd.Index(feed.trips["service_id"]).union(feed.calendar["service_id"]).union(feed.calendar_dates["service_id"])
    ids = ids.unique()
    row = ids.get_indexer(feed.calendar["service_id"])
    weekdays = np.zeros((len(ids), 7), dtype=bool)
    weekdays[row] = feed.calendar[list(WEEKDAYS)].to_numpy(dtype=bool)
    start, end = (np.full(len(ids), np.datetime64("NaT"), dtype="datetime64[D]") for _ in range(2))
    start[row], end[row] = _days(feed.calendar["start_date"]), _days(feed.calendar["end_date"])
    return ServiceDays(
        ids,
        weekdays,
        start,
        end,
        ids.get_indexer(feed.calendar_dates["service_id"]).astype(np.int64),
        _days(feed.calendar_dates["date"]),
        feed.calendar_dates["added"].to_numpy(dtype=bool),
    )


def _days(dates: pd.Series) -> Days:
    return dates.to_numpy(dtype="datetime64[D]")


def weekday(days: Days) -> Int64:
    """0 (Monday) to 6 of each day."""
    return (days.astype("datetime64[D]").astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday


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


def check_service_date(feed: Feed, services: ServiceDays, date: datetime.date, log: RepairLog) -> None:
    """Raise `ServiceDateError` when no trip of any feed runs on `date`, naming the feeds' ranges and a good Tuesday.

    Notes in `log` every feed that has no trip on the date while others have, and a date with far fewer trips than
    its weekday usually has.
    """
    of_feeds = _trips_of_services(feed, services)
    day = np.array([date], dtype="datetime64[D]")
    trips = of_feeds @ services.running(day)[0]
    if not trips.any():
        raise ServiceDateError(_no_service_message(feed, services, date))
    _note_silent_feeds(feed, services, trips, date, log)
    _note_thin_day(feed, services, int(trips.sum()), date, log)


def _trips_of_services(feed: Feed, services: ServiceDays) -> Int64:
    """(n_feeds, n_services) how many trips each feed has on each service."""
    service = services.service_ids.get_indexer(pd.Index(feed.trips["service_id"]))
    cell = feed.trips["feed"].to_numpy(dtype=np.int64) * len(services.service_ids) + service
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
    advice = _advice(feed, services, date)
    ranges_by_feed = "; ".join(f"{name}: {_range_text(days)}" for name, days in ranges.items())
    return f"no trip runs on {day_to_type(date)}: {why}, which covers {first} to {last} ({ranges_by_feed}). {advice}"


def _range_text(days: tuple[np.datetime64, np.datetime64] | None) -> str:
    return f"{days[0]} to {days[1]}" if days else "never runs"


def day_to_type(date: datetime.date) -> str:
    """ "Tuesday 2026-03-03", for messages that ask for another day: the way a configuration writes it."""
    return f"{WEEKDAYS[date.weekday()].capitalize()} {date.isoformat()}"


def _advice(feed: Feed, services: ServiceDays, date: datetime.date) -> str:
    good = good_date(feed, services, date)
    if good is None:
        return "No other day has trips either"
    day, trips = good
    return f"A good date: {day_to_type(day)} ({trips:,} trips)"


def good_date(feed: Feed, services: ServiceDays, near: datetime.date) -> tuple[datetime.date, int] | None:
    """The Tuesday on which the most feeds, and then the most trips, run; the nearest to `near` of equals.

    Any weekday where no Tuesday has a trip; None where no day has. Returns the day and its trips.
    """
    days = _days_to_weigh(feed, services, near)
    trips = services.running(days) @ _trips_of_services(feed, services).T  # (n_days, n_feeds)
    total = trips.sum(axis=1)
    candidates = np.flatnonzero((total > 0) & (weekday(days) == _TUESDAY))
    if not len(candidates):
        candidates = np.flatnonzero(total > 0)
    if not len(candidates):
        return None
    distance = np.abs((days - np.datetime64(near)).astype(np.int64))
    order = np.lexsort((distance[candidates], -total[candidates], -(trips[candidates] > 0).sum(axis=1)))
    best = candidates[order[0]]
    return days[best].item(), int(total[best])


def _days_to_weigh(feed: Feed, services: ServiceDays, near: datetime.date) -> Days:
    """All days of the feeds' range, at most `_MOST_DAYS` of them, those nearest to `near`."""
    known = [days for days in _ranges(feed, services).values() if days]
    if not known:
        return np.empty(0, dtype="datetime64[D]")
    first, last = min(days[0] for days in known), max(days[1] for days in known)
    middle = np.clip(np.datetime64(near), first, last)
    half = np.timedelta64(_MOST_DAYS // 2, "D")
    return np.arange(max(first, middle - half), min(last, middle + half) + _ONE_DAY)


def _note_silent_feeds(feed: Feed, services: ServiceDays, trips: Int64, date: datetime.date, log: RepairLog) -> None:
    silent = [name for name, count in zip(feed.names, trips, strict=True) if not count]
    ranges = _ranges(feed, services)
    named = ", ".join(f"{name} ({_range_text(ranges[name])})" for name in silent)
    effect = (
        f"WARNING: {len(silent)} of {len(feed.names)} timetable feeds have no service on {day_to_type(date)}: {named}. "
        f"Everything they run is missing from the results. {_advice(feed, services, date) if silent else ''}"
    )
    log.add("feed_without_service_on_date", len(silent), len(feed.names), silent, effect)


def _note_thin_day(feed: Feed, services: ServiceDays, trips: int, date: datetime.date, log: RepairLog) -> None:
    days = _days_to_weigh(feed, services, date)
    same_weekday = days[weekday(days) == date.weekday()]
    per_day = services.running(same_weekday) @ _trips_of_services(feed, services).sum(axis=0)
    usual = int(np.median(per_day[per_day > 0]))
    short = usual - trips if trips < _THIN_SHARE * usual else 0
    effect = (
        f"WARNING: {trips:,} trips run on {day_to_type(date)}, where {usual:,} are usual on that weekday: a holiday, a "
        f"strike or a gap in the feed. {_advice(feed, services, date) if short else ''}"
    )
    log.add("few_trips_on_date", short, usual, [date.isoformat()], effect)
