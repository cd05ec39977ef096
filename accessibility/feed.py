"""Reads timetable feeds (GTFS or TransXChange) into one `Feed` of typed, cleaned tables; every repair is counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.divided_stops import DividedFeed, divide_stops
from accessibility.errors import FeedError, FeedFileNotFoundError
from accessibility.gtfs.archive import Archive, open_archive
from accessibility.gtfs.calendars import (
    CALENDAR,
    CALENDAR_DATES,
    FEED_INFO,
    FREQUENCIES,
    StatedDays,
    read_calendar,
    read_calendar_dates,
    read_frequencies,
    read_stated_days,
)
from accessibility.gtfs.calls import STOP_TIMES, StopTimes
from accessibility.gtfs.dropped_calls import NOTHING_LOST, LostCalls, joined, lost_calls, prefixed
from accessibility.gtfs.ids import row_of_each
from accessibility.gtfs.pathways import no_pathways, read_pathways
from accessibility.gtfs.routes import AGENCIES, ROUTES, TRIPS, read_routes, read_trips
from accessibility.gtfs.stop_times import read_stop_times
from accessibility.gtfs.stops import STOP_AREAS, STOPS, note_stations_used, note_stop_areas, read_stops
from accessibility.gtfs.tables import table_problems
from accessibility.gtfs.transfers import TRANSFERS, no_stays, read_transfers
from accessibility.repair_log import RepairLog
from accessibility.repairs import Repair
from accessibility.text import cleaned
from accessibility.threads import in_threads
from accessibility.transxchange.convert import convert_transxchange
from accessibility.transxchange.xml import is_transxchange

Int32 = npt.NDArray[np.int32]
Box = tuple[float, float, float, float]  # west, south, east, north in WGS84 degrees
Item = TypeVar("Item")
Value = TypeVar("Value")

_CALENDARS = f"{CALENDAR.name} and {CALENDAR_DATES.name}"
_TABLES = (
    STOPS,
    ROUTES,
    TRIPS,
    STOP_TIMES,
    CALENDAR,
    CALENDAR_DATES,
    FREQUENCIES,
    TRANSFERS,
    AGENCIES,
    FEED_INFO,
    STOP_AREAS,
)
# Columns of ids: they get a prefix when several feeds are merged, so that equal ids of two feeds stay apart.
_ID_COLUMNS = (
    "stop_id", "station", "route_id", "trip_id", "service_id", "block",
    "from_stop_id", "to_stop_id", "from_trip_id", "to_trip_id",
)  # fmt: skip


@dataclass(frozen=True)
class Feed:
    """The cleaned tables of one or several timetable feeds.

    Frames have a RangeIndex and are sorted by id. Times are whole seconds after midnight of the service day (exactly:
    after noon minus 12 hours), may exceed 86,400, and never decrease along a trip. Every trip has two or more stop
    times. To edit a feed, make a new one with `dataclasses.replace`.
    """

    stops: pd.DataFrame  # stop_id, name, lon, lat, location_type, wheelchair (0 unknown/1/2), station (parent id or "")
    # route_id, short_name, long_name, mode, agency (its name), agency_id, agency_noc (its National Operator Code),
    # timezone (of its times, such as "Europe/London"; "" where not known)
    routes: pd.DataFrame
    # trip_id, route_id, service_id, headsign, direction, wheelchair, block (of one vehicle; "" none), feed (position in `names`)
    trips: pd.DataFrame
    stop_times: StopTimes  # numbers are rows of `trips` and `stops`
    calendar: pd.DataFrame  # service_id, monday .. sunday (bool), start_date, end_date (inclusive)
    calendar_dates: pd.DataFrame  # service_id, date, added (False: removed)
    frequencies: pd.DataFrame  # trip_id, start_s, end_s (exclusive), headway_s, exact
    transfers: pd.DataFrame  # from_stop_id, to_stop_id, transfer_type (0-3), min_transfer_s (-1 none)
    names: tuple[str, ...]  # of each feed: its file or folder name without ending
    repairs: tuple[Repair, ...]
    lost: LostCalls = NOTHING_LOST  # calls of trips that could not be used
    stated: tuple[
        StatedDays, ...
    ] = ()  # of each feed: first and last day for which feed_info.txt says it holds, or None
    stays: pd.DataFrame = field(default_factory=no_stays)  # from_trip_id, to_trip_id, allowed (staying aboard)
    # ways inside stations, each in one direction: from_stop_id, to_stop_id, fixed_s, metres (walked besides), step_free
    pathways: pd.DataFrame = field(default_factory=no_pathways)

    @cached_property
    def route_of_trip(self) -> Int32:
        """(n_trips,) the row of `routes` of each trip."""
        return row_of_each(self.trips["route_id"], self.routes["route_id"])


def read_feed(
    paths: Sequence[Path | str] | Path | str, stop_locations: Path | None = None, within: Box | None = None
) -> Feed:
    """One `Feed` from one or several GTFS zips or folders, TransXChange files, or zips of TransXChange files.

    `stop_locations` is a CSV of stops and coordinates, such as NaPTAN, for TransXChange files without coordinates.
    Of a feed larger than `within` (west, south, east, north in degrees) only the trips that call inside it are read, whole.
    If there are several paths, every id gets the prefix "<file name>:"; the order of the paths does not matter.
    Raises `FeedFileNotFoundError` or `FeedError` for files that can't be read, and names all missing tables and columns
    at once. Suspicious rows are repaired or dropped, and counted in `Feed.repairs`.
    """
    files = sorted({Path(path) for path in ([paths] if isinstance(paths, Path | str) else paths)})
    if not files:
        raise FeedError("no timetable feed was named; expected at least one GTFS zip or folder")
    archives = _read_all(files, lambda path: _open(path, stop_locations))
    _read_all(archives, _check_tables)
    names = _names(files)
    feeds = in_threads(lambda one: _read_one(archives[one[0]], names[one[0]], within), len(files), 1)
    return feeds[0] if len(feeds) == 1 else _merged(feeds)


def _read_all(items: Sequence[Item], read: Callable[[Item], Value]) -> list[Value]:
    """`read(item)` for every item; the errors of all items are raised as one."""
    values, problems = [], []
    for item in items:
        try:
            values.append(read(item))
        except FeedError as error:
            problems.append(error)
    if problems:
        missing = all(isinstance(problem, FeedFileNotFoundError) for problem in problems)
        raise (FeedFileNotFoundError if missing else FeedError)("\n".join(str(problem) for problem in problems))
    return values


def _open(path: Path, stop_locations: Path | None) -> Archive:
    return convert_transxchange(path, stop_locations) if is_transxchange(path) else open_archive(path)


def _check_tables(archive: Archive) -> None:
    problems = [problem for spec in _TABLES for problem in table_problems(archive, spec)]
    if not archive.has(CALENDAR.name) and not archive.has(CALENDAR_DATES.name):
        problems.append(f"{CALENDAR.name} and {CALENDAR_DATES.name} are both missing; one is needed")
    if problems:
        raise FeedError(f"{archive.path}: not a complete GTFS feed: {'; '.join(problems)}")


def _names(files: Sequence[Path]) -> list[str]:
    """File names without ending and without forbidden characters; repeated names get a number."""
    stems = [cleaned(file.stem if file.is_file() else file.resolve().name) for file in files]
    return [
        stem if stems.count(stem) == 1 else f"{stem}-{stems[: position + 1].count(stem)}"
        for position, stem in enumerate(stems)
    ]


def _read_one(archive: Archive, name: str, within: Box | None) -> Feed:
    log = RepairLog(name, archive.repairs)
    stops, routes = read_stops(archive, log), read_routes(archive, log)
    calendar = read_calendar(archive, log)
    calendar_dates = read_calendar_dates(archive, calendar, log)
    services = pd.concat([calendar["service_id"], calendar_dates["service_id"]])
    trips = read_trips(archive, routes, services, log)
    all_trips, pathways = trips, read_pathways(archive, stops, log)
    _check_filled(archive, {STOPS.name: stops, ROUTES.name: routes, TRIPS.name: trips, _CALENDARS: services}, log)
    _note_unknown_services(trips, services, log)
    stop_times, lost = read_stop_times(archive, trips, stops, log, None if within is None else _inside(stops, within))
    calling = np.bincount(stop_times.trip, minlength=len(trips)) > 0
    not_read = frozenset(trips["trip_id"][~calling]) if within else frozenset()
    never_run = ~trips["service_id"].isin(services).to_numpy()
    lost = joined([lost, _without_service(stop_times.take(never_run[stop_times.trip]), trips, stops)])
    note_stations_used(stops, np.bincount(stop_times.stop, minlength=len(stops)), log)
    stop_times, trips = _with_trips_that_call(stop_times, trips)
    _check_filled(archive, {STOP_TIMES.name: trips}, log)
    stop_times, stops = _with_placed_stops(stop_times, stops)
    stated = read_stated_days(archive, log)
    note_stop_areas(archive, log)
    transfers = read_transfers(archive, stops, all_trips, log)
    changed = divide_stops(DividedFeed(stops, stop_times, transfers.rules, pathways), trips, transfers.narrow, log)
    return Feed(
        stops=changed.stops,
        routes=routes,
        trips=trips.assign(feed=np.int16(0)),
        stop_times=changed.stop_times,
        calendar=calendar,
        calendar_dates=calendar_dates,
        frequencies=read_frequencies(archive, trips, log, not_read),
        transfers=changed.rules,
        stays=transfers.stays,
        pathways=changed.pathways,
        names=(name,),
        repairs=log.repairs(),
        lost=lost,
        stated=(stated,),
    )


def _inside(stops: pd.DataFrame, box: Box) -> npt.NDArray[np.bool_]:
    west, south, east, north = box
    return (stops["lon"].between(west, east) & stops["lat"].between(south, north)).to_numpy(bool)


def _check_filled(archive: Archive, tables: dict[str, pd.DataFrame | pd.Series], log: RepairLog) -> None:
    empty = [name for name, rows in tables.items() if not len(rows)]
    if empty:
        reasons = "; ".join(repair.effect for repair in log.repairs())
        raise FeedError(
            f"{archive.path}: no usable row in {', '.join(empty)}; expected at least one"
            + (f" (what was left out: {reasons})" if reasons else "")
        )


def _note_unknown_services(trips: pd.DataFrame, services: pd.Series, log: RepairLog) -> None:
    unknown = ~trips["service_id"].isin(services)
    effect = f"{int(unknown.sum()):,} trips of services that are in neither calendar table never run"
    log.add_trips("trips_of_unknown_service", int(unknown.sum()), len(trips), trips["trip_id"][unknown], effect)


def _with_trips_that_call(stop_times: StopTimes, trips: pd.DataFrame) -> tuple[StopTimes, pd.DataFrame]:
    """Stop times and trips without the trips that have no stop times; trips are renumbered."""
    calling = np.bincount(stop_times.trip, minlength=len(trips)) > 0
    if calling.all():
        return stop_times, trips
    return stop_times._replace(trip=_renumbered(stop_times.trip, calling)), trips[calling].reset_index(drop=True)


def _with_placed_stops(stop_times: StopTimes, stops: pd.DataFrame) -> tuple[StopTimes, pd.DataFrame]:
    """Stop times and stops without the stops that have no coordinates (no stop time is there); stops are renumbered."""
    placed = stops["lon"].notna().to_numpy()
    if placed.all():
        return stop_times, stops
    return stop_times._replace(stop=_renumbered(stop_times.stop, placed)), stops[placed].reset_index(drop=True)


def _renumbered(numbers: Int32, kept: npt.NDArray[np.bool_]) -> Int32:
    """The row numbers as they are once only the rows `kept` (mask) remain."""
    return (np.cumsum(kept, dtype=np.int32) - 1)[numbers]


def _merged(feeds: Sequence[Feed]) -> Feed:
    """One feed of all rows of the feeds, in order; ids get the feed's name as a prefix."""
    stops_before = np.cumsum([0, *(len(feed.stops) for feed in feeds)])
    trips_before = np.cumsum([0, *(len(feed.trips) for feed in feeds)])
    columns = [
        feed.stop_times._replace(
            trip=feed.stop_times.trip + np.int32(trips_before[number]),
            stop=feed.stop_times.stop + np.int32(stops_before[number]),
        )
        for number, feed in enumerate(feeds)
    ]
    return Feed(
        stops=_stacked([feed.stops for feed in feeds], feeds),
        routes=_stacked([feed.routes for feed in feeds], feeds),
        trips=_stacked([feed.trips.assign(feed=np.int16(number)) for number, feed in enumerate(feeds)], feeds),
        stop_times=StopTimes(*(np.concatenate(parts) for parts in zip(*columns, strict=True))),
        calendar=_stacked([feed.calendar for feed in feeds], feeds),
        calendar_dates=_stacked([feed.calendar_dates for feed in feeds], feeds),
        frequencies=_stacked([feed.frequencies for feed in feeds], feeds),
        transfers=_stacked([feed.transfers for feed in feeds], feeds),
        stays=_stacked([feed.stays for feed in feeds], feeds),
        pathways=_stacked([feed.pathways for feed in feeds], feeds),
        names=tuple(name for feed in feeds for name in feed.names),
        repairs=tuple(_with_prefixed_trips(repair, feed.names[0]) for feed in feeds for repair in feed.repairs),
        lost=joined([prefixed(feed.lost, feed.names[0]) for feed in feeds]),
        stated=tuple(days for feed in feeds for days in feed.stated),
    )


def _without_service(times: StopTimes, trips: pd.DataFrame, stops: pd.DataFrame) -> LostCalls:
    """Lost calls of trips whose service is unknown."""
    ids = trips["trip_id"].to_numpy(dtype=object)[times.trip]
    return lost_calls(ids, np.full(len(ids), "", dtype=object), times.stop, times.departure_s, stops)


def _with_prefixed_trips(repair: Repair, name: str) -> Repair:
    return repair._replace(trips=tuple(f"{name}:{trip_id}" for trip_id in repair.trips))


def _stacked(frames: Sequence[pd.DataFrame], feeds: Sequence[Feed]) -> pd.DataFrame:
    return pd.concat(
        [_prefixed(frame, feed.names[0]) for frame, feed in zip(frames, feeds, strict=True)], ignore_index=True
    )


def _prefixed(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    ids = [column for column in _ID_COLUMNS if column in frame.columns]
    return frame.assign(**{column: (f"{name}:" + frame[column]).where(frame[column] != "", "") for column in ids})
