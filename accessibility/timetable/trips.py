"""Selects the trips of a feed that run on a day, with trips made from frequencies and trips of neighbouring days."""

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.compressed_rows import offsets_of, ranges, row_numbers
from accessibility.errors import FeedError
from accessibility.feed import Feed
from accessibility.gtfs.ids import row_of_each
from accessibility.gtfs.stop_times import trip_offset
from accessibility.gtfs.times import DAY_S, clock_text
from accessibility.repair_log import RepairLog
from accessibility.timetable.service_calendar import ServiceDays

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

# Years 2 to 9998: time zones need the days around a day, and Python's calendar begins with year 1 and ends with 9999.
_FIRST_DAY, _LAST_DAY = datetime.date(2, 1, 1).toordinal(), datetime.date(9998, 12, 31).toordinal()
NO_FREQUENCY = np.int32(-1)
# Tomorrow's trips that start before this belong to today's timetable, for journeys that run into the night.
_TOMORROW_UNTIL_S = 6 * 3600
# The most stop times and trips that frequencies may make; a headway of seconds over days would fill the memory.
_MOST_STOP_TIMES = 100_000_000
_MOST_FREQUENCY_TRIPS = 1_000_000


class HeadwayRuns(NamedTuple):
    """Runs of which only the headway is known; their offset within it is assumed. All columns (n_headway_runs,)."""

    trip: Int32  # trip number of the timetable, ascending
    feed_trip: Int32  # row of Feed.trips; all runs of one row have the same offset
    headway_s: Int32
    until_end_s: Int32  # seconds from the assumed start to the end of the period in which the headway holds


NO_HEADWAY_RUNS = HeadwayRuns(*(np.empty(0, np.int32) for _ in HeadwayRuns._fields))


class Runs(NamedTuple):
    """Runs of the feed's trips: each is one trip with its times shifted by `shift_s`; all columns (n_runs,)."""

    trip: Int32  # row of Feed.trips
    shift_s: Int32  # added to the trip's stop times
    frequency_start_s: Int32  # start from frequencies.txt, `NO_FREQUENCY` for trips that run as in stop_times.txt
    frequency: Int32  # row of Feed.frequencies, `NO_FREQUENCY` likewise

    def take(self, rows: npt.NDArray[np.integer] | Bool) -> "Runs":
        """The runs at `rows` (positions or mask)."""
        return Runs._make(column[rows] for column in self)


def runs_on(feed: Feed, services: ServiceDays, date: datetime.date, log: RepairLog) -> Runs:
    """All runs with a call on `date`, shifted so that times are seconds after its midnight.

    These are the trips of the day, trips of days before that run past midnight, and trips of the next day that start
    before 06:00. Midnight is that of the time zone of most trips; trips of other time zones are shifted to it.
    """
    every = _all_runs(feed)
    first, last = _first_and_last(feed)
    start, end = first[every.trip] + every.shift_s, last[every.trip] + every.shift_s
    zones = _zones(feed, log)
    zone = zones.of_trip[every.trip]
    margin = 0 if len(zones.names) == 1 else 1  # in another time zone the same instant may be on a neighbouring day
    most_days_back = int(end.max(initial=0)) // DAY_S + margin
    days_back = np.arange(-1 - margin, most_days_back + 1)
    shifts = _day_shifts_s(zones.names, date, days_back)
    running = services.running((np.datetime64(date) - days_back)[::-1])[::-1]
    service = services.of_trip[every.trip]
    parts = []
    for back, shift, runs_that_day in zip(days_back, shifts[:, zone], running[:, service], strict=True):
        touches = (back == 0) | (end + shift > 0) if back >= 0 else start + shift < DAY_S + _TOMORROW_UNTIL_S
        rows = np.flatnonzero(runs_that_day & touches)
        parts.append(every.take(rows)._replace(shift_s=every.shift_s[rows] + shift[rows]))
    runs = Runs(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    _note_assumed_phase(feed, runs, log)
    changed = shifts + days_back[:, None] * DAY_S != shifts[days_back == 0]
    moved = sum(int(changed[day, zones.of_trip[part.trip]].sum()) for day, part in enumerate(parts))
    _note_changed_clocks(moved, len(runs.trip), date, log)
    return runs


class _Zones(NamedTuple):
    """The time zones of the trips' times."""

    names: tuple[str, ...]  # the zone of most trips first; only "" if no zone is known
    of_trip: Int32  # (n_trips,) number of the trip's zone; the first for trips without a known zone


def _zones(feed: Feed, log: RepairLog) -> _Zones:
    route = feed.route_of_trip
    counts: Counter[str] = Counter()
    for name, n_trips in zip(feed.routes["timezone"], np.bincount(route, minlength=len(feed.routes)), strict=True):
        counts[name] += int(n_trips)
    names = sorted((name for name in counts if name and counts[name]), key=lambda name: (-counts[name], name)) or [""]
    number = np.maximum(row_of_each(feed.routes["timezone"], names), 0)[route]
    others = number > 0
    effect = (
        f"{int(others.sum()):,} trips are timed in another time zone ({', '.join(names[1:])}) than most ({names[0]}); their "
        f"times were moved into that of {names[0]}, which is also that of the departure window"
    )
    log.add_trips("time_zones_differ", int(others.sum()), len(number), feed.trips["trip_id"][others], effect)
    return _Zones(tuple(names), number)


def _day_shifts_s(timezones: Sequence[str], date: datetime.date, days_back: Int64) -> Int32:
    """(n_days, n_zones) seconds from the start of `date` in the first time zone to the start of the service day
    `days_back[i]` days before in each time zone.

    A service day starts twelve hours before noon, which is an hour off midnight on the day on which clocks change.
    """
    today = date.toordinal()
    noons = [[_noon_s(timezone, today - int(back)) for timezone in timezones] for back in days_back]
    shifts: Int32 = (np.array(noons, np.int64) - _noon_s(timezones[0], today)).astype(np.int32)
    return shifts


def _noon_s(timezone: str, ordinal: int) -> int:
    """Noon of a day (`date.toordinal`) in a time zone, in seconds from an instant that is the same for all zones.

    Clocks never change in the zone "", and on days outside of Python's calendar.
    """
    noon_s = ordinal * DAY_S
    if not timezone or not _FIRST_DAY <= ordinal <= _LAST_DAY:
        return noon_s
    day = datetime.date.fromordinal(ordinal)
    offset = datetime.datetime.combine(day, datetime.time(12), ZoneInfo(timezone)).utcoffset()
    return noon_s - round(offset.total_seconds()) if offset else noon_s


def _note_changed_clocks(moved: int, total: int, date: datetime.date, log: RepairLog) -> None:
    effect = (
        f"clocks change in a night that touches {date.isoformat()}: {moved:,} trips of the days beside it were placed by "
        "the time that passes, an hour from where days of 24 hours would have them"
    )
    log.add("clocks_change", moved, total, [date.isoformat()], effect)


def run_ids(feed: Feed, runs: Runs) -> npt.NDArray[np.object_]:
    """(n_runs,) trip id of each run, with `@HH:MM:SS` added if it comes from frequencies.txt."""
    ids = feed.trips["trip_id"].to_numpy(dtype=object)[runs.trip]
    for run in np.flatnonzero(runs.frequency_start_s != NO_FREQUENCY):
        ids[run] = f"{ids[run]}@{clock_text(int(runs.frequency_start_s[run]))}"
    return ids


def _all_runs(feed: Feed) -> Runs:
    """One run for each trip of the feed; for a trip with frequencies, one for every headway in [start, end)."""
    frequencies = feed.frequencies
    n_trips = len(feed.trips)
    if not len(frequencies):
        none = np.full(n_trips, NO_FREQUENCY)
        return Runs(np.arange(n_trips, dtype=np.int32), np.zeros(n_trips, np.int32), none, none)
    trip = pd.Index(feed.trips["trip_id"]).get_indexer(frequencies["trip_id"]).astype(np.int32)
    start, end, headway = (frequencies[name].to_numpy(dtype=np.int64) for name in ("start_s", "end_s", "headway_s"))
    copies = -((start - end) // headway)  # rounded up: the end is exclusive
    _check_size(feed, trip, copies)
    row = row_numbers(offsets_of(copies))
    nth = ranges(np.zeros_like(copies), copies)
    starts = (start[row] + nth * headway[row]).astype(np.int32)
    first, _ = _first_and_last(feed)
    timed = np.setdiff1d(np.arange(n_trips, dtype=np.int32), trip)
    return Runs(
        np.concatenate([timed, trip[row]]),
        np.concatenate([np.zeros(len(timed), np.int32), starts - first[trip[row]]]),
        np.concatenate([np.full(len(timed), NO_FREQUENCY), starts]),
        np.concatenate([np.full(len(timed), NO_FREQUENCY), row.astype(np.int32)]),
    )


def _check_size(feed: Feed, trip: Int32, copies: Int64) -> None:
    calls = np.bincount(feed.stop_times.trip, minlength=len(feed.trips))
    stop_times = calls[trip] * copies
    if copies.sum() > _MOST_FREQUENCY_TRIPS:
        row = int(copies.argmax())
        raise FeedError(
            f"frequencies.txt lays out {copies.sum():,} departures, most of them for trip "
            f"{feed.trips['trip_id'].iloc[trip[row]]!r}, every {feed.frequencies['headway_s'].iloc[row]:,} s; at most "
            f"{_MOST_FREQUENCY_TRIPS:,} are read: check headway_secs (it is in seconds)"
        )
    if stop_times.sum() > _MOST_STOP_TIMES:
        worst = feed.trips["trip_id"].iloc[trip[int(stop_times.argmax())]]
        raise FeedError(
            f"frequencies.txt lays out {stop_times.sum():,} stop times, most of them for trip {worst!r}; at most "
            f"{_MOST_STOP_TIMES:,} are read: check headway_secs (it is in seconds)"
        )


def _first_and_last(feed: Feed) -> tuple[Int32, Int32]:
    """(n_trips,) first departure and (n_trips,) last arrival of each trip, in seconds."""
    offset = trip_offset(feed.stop_times, len(feed.trips))
    return feed.stop_times.departure_s[offset[:-1]], feed.stop_times.arrival_s[offset[1:] - 1]


def headway_runs(feed: Feed, runs: Runs) -> HeadwayRuns:
    """The `HeadwayRuns` among `runs`: those made from frequencies without exact times."""
    exact = np.append(feed.frequencies["exact"].to_numpy(dtype=bool), True)  # the last is for NO_FREQUENCY, which is -1
    trip = np.flatnonzero(~exact[runs.frequency]).astype(np.int32)
    rows = feed.frequencies.iloc[runs.frequency[trip]]
    return HeadwayRuns(
        trip,
        runs.trip[trip],
        rows["headway_s"].to_numpy(dtype=np.int32),
        (rows["end_s"].to_numpy() - runs.frequency_start_s[trip]).astype(np.int32),
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
