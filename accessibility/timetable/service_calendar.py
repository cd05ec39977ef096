"""The days of each service, from calendars and their exceptions."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.feed import Feed
from accessibility.gtfs.calendars import WEEKDAYS
from accessibility.gtfs.ids import row_of_each

Bool = npt.NDArray[np.bool_]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Days = npt.NDArray[np.datetime64]  # datetime64[D]


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
    of_trip: Int32  # (n_trips,) the service of each trip, as its row in `service_ids`

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
    named = [frame["service_id"].drop_duplicates() for frame in (feed.trips, feed.calendar, feed.calendar_dates)]
    ids = pd.Index(pd.concat(named).drop_duplicates().sort_values())
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
        row_of_each(feed.trips["service_id"], ids),
    )


def _days(dates: pd.Series) -> Days:
    return dates.to_numpy(dtype="datetime64[D]")


def weekday(days: Days) -> Int64:
    """0 (Monday) to 6 of each day."""
    return (days.astype("datetime64[D]").astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
