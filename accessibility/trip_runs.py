"""Which trips run on a day, and when: services, frequencies, and the trips of the days before and after."""

import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.errors import FeedError
from accessibility.feed import Feed
from accessibility.gtfs_times import DAY_S, clock_text
from accessibility.repair_log import RepairLog
from accessibility.service_days import ServiceDays
from accessibility.stop_times import trip_offset

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

NOT_LAID_OUT = np.int32(-1)
# Tomorrow's trips that start before this belong to today's timetable, for journeys that run into the night.
_TOMORROW_UNTIL_S = 6 * 3600
# Stop times that frequencies may lay out; a headway of seconds over days would fill the memory.
_MOST_STOP_TIMES = 100_000_000


class HeadwayRuns(NamedTuple):
    """Runs of a timetable known only by a headway; where in it they come is assumed. All columns (n_headway_runs,)."""

    trip: Int32  # trip number of the timetable, ascending
    source: Int32  # number of the feed's trip: its runs keep step with each other
    headway_s: Int32
    room_s: Int32  # the period of the headway ends so long after the start assumed


NO_HEADWAY_RUNS = HeadwayRuns(*(np.empty(0, np.int32) for _ in HeadwayRuns._fields))


class Runs(NamedTuple):
    """Trips as they run: each is a trip of the feed moved by `shift_s`; all columns (n_runs,)."""

    trip: Int32  # row of Feed.trips
    shift_s: Int32  # added to the trip's stop times
    laid_out_s: Int32  # start given by frequencies.txt, `NOT_LAID_OUT` for trips with times of their own
    frequency: Int32  # row of Feed.frequencies, `NOT_LAID_OUT` for trips with times of their own

    def take(self, rows: npt.NDArray[np.integer] | Bool) -> "Runs":
        """These runs only (positions or mask)."""
        return Runs._make(column[rows] for column in self)


def runs_on(feed: Feed, services: ServiceDays, date: datetime.date, log: RepairLog) -> Runs:
    """Every run with a call on `date`, times as seconds after its midnight: the day's own trips, trips of the days
    before that run past midnight (earlier, shifted back), and tomorrow's that start before 06:00 (shifted on)."""
    every = _laid_out(feed)
    first, last = _first_and_last(feed)
    start, end = first[every.trip] + every.shift_s, last[every.trip] + every.shift_s
    days_back = int(end.max(initial=0)) // DAY_S
    days = np.datetime64(date) - np.arange(-1, days_back + 1)
    running = services.running(days[::-1])[::-1]
    service = services.service_ids.get_indexer(pd.Index(feed.trips["service_id"]))[every.trip]
    parts = []
    for back, runs_that_day in zip(range(-1, days_back + 1), running[:, service], strict=True):
        shift = _day_shift_s(feed.timezone, date, back)
        touches = (back == 0) | (end + shift > 0) if back >= 0 else start + shift < DAY_S + _TOMORROW_UNTIL_S
        day = every.take(np.flatnonzero(runs_that_day & touches))
        parts.append(day._replace(shift_s=day.shift_s + np.int32(shift)))
    runs = Runs(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    _note_assumed_phase(feed, runs, log)
    _note_changed_clocks(feed, [len(part.trip) for part in parts], date, log)
    return runs


def _day_shift_s(timezone: str, date: datetime.date, back: int) -> int:
    """Seconds from the start of `date` to that of the service day `back` days before it.

    A service day starts twelve hours before noon, so it is an hour off midnight on the day on which clocks change.
    """
    if not timezone:
        return -back * DAY_S
    noon, noon_then = (
        datetime.datetime.combine(day, datetime.time(12), ZoneInfo(timezone)).astimezone(datetime.UTC)
        for day in (date, date - datetime.timedelta(days=back))
    )
    return round((noon_then - noon).total_seconds())


def _note_changed_clocks(feed: Feed, runs_of_days: list[int], date: datetime.date, log: RepairLog) -> None:
    days = range(-1, len(runs_of_days) - 1)
    moved = [
        n for back, n in zip(days, runs_of_days, strict=True) if _day_shift_s(feed.timezone, date, back) + back * DAY_S
    ]
    effect = (
        f"clocks change in a night that touches {date.isoformat()}: {sum(moved):,} trips of the days beside it were placed by "
        "the time that passes, an hour from where days of 24 hours would have them"
    )
    log.add("clocks_change", sum(moved), sum(runs_of_days), [date.isoformat()], effect)


def run_ids(feed: Feed, runs: Runs) -> npt.NDArray[np.object_]:
    """(n_runs,) trip id of each run; `@HH:MM:SS` is added to those laid out from frequencies."""
    ids = feed.trips["trip_id"].to_numpy(dtype=object)[runs.trip]
    for place in np.flatnonzero(runs.laid_out_s != NOT_LAID_OUT):
        ids[place] = f"{ids[place]}@{clock_text(int(runs.laid_out_s[place]))}"
    return ids


def _laid_out(feed: Feed) -> Runs:
    """Every trip of the feed once, those with frequencies once for each start in [start, end) every headway instead."""
    frequencies = feed.frequencies
    n_trips = len(feed.trips)
    if not len(frequencies):
        none = np.full(n_trips, NOT_LAID_OUT)
        return Runs(np.arange(n_trips, dtype=np.int32), np.zeros(n_trips, np.int32), none, none)
    trip = pd.Index(feed.trips["trip_id"]).get_indexer(frequencies["trip_id"]).astype(np.int32)
    start, end, headway = (frequencies[name].to_numpy(dtype=np.int64) for name in ("start_s", "end_s", "headway_s"))
    copies = -((start - end) // headway)  # rounded up: the end is exclusive
    _check_size(feed, trip, copies)
    which = np.repeat(np.arange(len(frequencies)), copies)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(copies) - copies, copies)
    starts = (start[which] + nth * headway[which]).astype(np.int32)
    first, _ = _first_and_last(feed)
    timed = np.setdiff1d(np.arange(n_trips, dtype=np.int32), trip)
    return Runs(
        np.concatenate([timed, trip[which]]),
        np.concatenate([np.zeros(len(timed), np.int32), starts - first[trip[which]]]),
        np.concatenate([np.full(len(timed), NOT_LAID_OUT), starts]),
        np.concatenate([np.full(len(timed), NOT_LAID_OUT), which.astype(np.int32)]),
    )


def _check_size(feed: Feed, trip: Int32, copies: Int64) -> None:
    calls = np.bincount(feed.stop_times.trip, minlength=len(feed.trips))
    laid_out = calls[trip] * copies
    if laid_out.sum() > _MOST_STOP_TIMES:
        worst = feed.trips["trip_id"].iloc[trip[int(laid_out.argmax())]]
        raise FeedError(
            f"frequencies.txt lays out {laid_out.sum():,} stop times, most of them for trip {worst!r}; at most "
            f"{_MOST_STOP_TIMES:,} are read: check headway_secs (it is in seconds)"
        )


def _first_and_last(feed: Feed) -> tuple[Int32, Int32]:
    """(n_trips,) first departure and last arrival of each trip."""
    offset = trip_offset(feed.stop_times, len(feed.trips))
    return feed.stop_times.departure_s[offset[:-1]], feed.stop_times.arrival_s[offset[1:] - 1]


def headway_runs(feed: Feed, runs: Runs) -> HeadwayRuns:
    """Those of the runs that are laid out from a headway without exact times."""
    exact = np.append(feed.frequencies["exact"].to_numpy(dtype=bool), True)  # NOT_LAID_OUT takes the last
    trip = np.flatnonzero(~exact[runs.frequency]).astype(np.int32)
    rows = feed.frequencies.iloc[runs.frequency[trip]]
    return HeadwayRuns(
        trip,
        runs.trip[trip],
        rows["headway_s"].to_numpy(dtype=np.int32),
        (rows["end_s"].to_numpy() - runs.laid_out_s[trip]).astype(np.int32),
    )


def _note_assumed_phase(feed: Feed, runs: Runs, log: RepairLog) -> None:
    assumed = np.zeros(len(runs.trip), bool)
    assumed[headway_runs(feed, runs).trip] = True
    effect = (
        f"{int(assumed.sum()):,} departures known only by their headway were laid out from the start time given; real "
        "vehicles may come at any point of the headway"
    )
    names = feed.trips["trip_id"].to_numpy(dtype=object)[np.unique(runs.trip[assumed])]
    log.add_trips("frequency_phase_assumed", int(assumed.sum()), len(runs.trip), names, effect)
