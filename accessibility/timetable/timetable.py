"""Builds the `Timetable` of one day from a feed: stops, patterns, trips and their times as flat arrays for a search."""

import datetime
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.compressed_rows import offsets_of, ranges, row_numbers
from accessibility.errors import FeedError
from accessibility.feed import Feed
from accessibility.gtfs.dropped_calls import NOTHING_LOST, LostCalls
from accessibility.gtfs.pathways import no_pathways
from accessibility.gtfs.stop_times import backward_calls, trip_offset
from accessibility.repair_log import RepairLog
from accessibility.repairs import Repair
from accessibility.timetable.joints import NO_JOINTS, Ends, Joints, continuations, joints_of
from accessibility.timetable.patterns import RunCalls, first_of_equal_runs, patterns_of
from accessibility.timetable.service_calendar import ServiceDays, service_days
from accessibility.timetable.service_dates import check_service_date
from accessibility.timetable.trips import (
    NO_FREQUENCY,
    NO_HEADWAY_RUNS,
    HeadwayRuns,
    Runs,
    headway_runs,
    run_ids,
    runs_on,
)

Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

_ENTRANCE = 2  # the location type of a station's entrance


class EventKeys(NamedTuple):
    """Trip, pattern and position number of each event of a timetable, in order; all columns (n_events,)."""

    trip: Int64
    pattern: Int64
    position: Int64


@dataclass(frozen=True)
class Timetable:
    """All trips that run on `date`, grouped into patterns.

    Times are int32 seconds after midnight of `date`: negative for trips that started the day before, over 86,400 in the
    night after. All arrays are C-contiguous. An event is one call of one trip.

    A pattern is a route, a stop sequence and its boarding and alighting flags, split so that no trip overtakes
    another: from trip to trip of a pattern no arrival and no departure decreases. Along a trip,
    `arrival <= departure <= next arrival`. Nobody can board at the last stop or alight at the first.
    All arrays are ordered by content, not by the order of rows in the feed.
    """

    date: datetime.date
    stops: pd.DataFrame  # index = stop number; stop_id, name, lon, lat, wheelchair (0 unknown, 1 yes, 2 no), station
    routes: pd.DataFrame  # index = route number; route_id, short_name, long_name, mode, agency
    pattern_position_offset: Int32  # (n_patterns + 1,) pattern -> its positions (stops in order)
    position_stop: Int32  # (n_positions,) position -> stop number
    position_can_board: Bool  # (n_positions,)
    position_can_alight: Bool  # (n_positions,)
    pattern_route: Int32  # (n_patterns,) pattern -> route number
    pattern_trip_offset: Int32  # (n_patterns + 1,) pattern -> its trips, in order of departure
    pattern_event_offset: (
        Int64  # (n_patterns + 1,) event of (p, k-th trip, position j) = offset[p] + k * positions(p) + j
    )
    arrival_s: Int32  # (n_events,)
    departure_s: Int32  # (n_events,)
    trip_id: npt.NDArray[np.object_]  # (n_trips,); ids of trips made from frequencies end in "@HH:MM:SS"
    trip_wheelchair: Int8  # (n_trips,) 0 unknown, 1 yes, 2 no
    transfer_rules: pd.DataFrame  # from_stop, to_stop (stop numbers), transfer_type (0-3), min_transfer_s (-1 none)
    repairs: tuple[Repair, ...]  # repairs of the feed, then of the date
    headway_runs: HeadwayRuns = field(default=NO_HEADWAY_RUNS)  # trips whose offset within their headway is assumed
    joints: Joints = field(default=NO_JOINTS)  # where the vehicle of one trip goes on as another
    # ways inside stations: from_stop_id, to_stop_id (stops, entrances and nodes between them), fixed_s, metres, step_free
    pathways: pd.DataFrame = field(default_factory=no_pathways)
    # where people come in from the streets, of stations with pathways: stop_id, lon, lat
    entrances: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["stop_id", "lon", "lat"]))
    lost: LostCalls = NOTHING_LOST  # calls of trips of this day that could not be used, seconds after its midnight

    def trip_patterns(self) -> Int64:
        """(n_trips,) the pattern number of each trip."""
        return row_numbers(self.pattern_trip_offset)

    def only_trips(self, kept: Bool) -> "Timetable":
        """The timetable with only the trips `kept` (n_trips,); all patterns and stops stay, even without trips."""
        lengths = np.diff(self.pattern_position_offset)
        n_kept = np.bincount(self.trip_patterns()[kept], minlength=len(lengths))
        events = kept[self.calls().trip]
        number, by_headway = np.cumsum(kept) - 1, self.headway_runs
        runs_kept = HeadwayRuns(*(column[kept[by_headway.trip]] for column in by_headway))
        return replace(
            self,
            pattern_trip_offset=offsets_of(n_kept).astype(np.int32),
            pattern_event_offset=offsets_of(n_kept * lengths),
            arrival_s=self.arrival_s[events],
            departure_s=self.departure_s[events],
            trip_id=self.trip_id[kept],
            trip_wheelchair=self.trip_wheelchair[kept],
            headway_runs=runs_kept._replace(trip=number[runs_kept.trip].astype(np.int32)),
            joints=self.joints.of_trips(np.flatnonzero(kept)),
        )

    def only_patterns(self, kept: Bool) -> "Timetable":
        """The timetable with only the trips of the patterns `kept` (n_patterns,); all patterns and stops stay."""
        return self.only_trips(kept[self.trip_patterns()])

    def called_stops(self) -> Int64:
        """Numbers of the stops at which a trip calls, ascending."""
        runs = np.diff(self.pattern_trip_offset) > 0
        return np.unique(self.position_stop[runs[row_numbers(self.pattern_position_offset)]]).astype(np.int64)

    def calls(self) -> EventKeys:
        """The trip, pattern and position of each event."""
        trip_pattern = self.trip_patterns()
        length = np.diff(self.pattern_position_offset)[trip_pattern]
        trip = row_numbers(offsets_of(length))
        return EventKeys(trip, trip_pattern[trip], ranges(self.pattern_position_offset[trip_pattern], length))

    def continuations(self) -> tuple[Int64, Int64]:
        """(n_pairs,) numbers of trips, and of those that they become while people stay aboard."""
        if not len(self.joints.trip):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        return continuations(self.joints, self.trip_ends(), self.stops)

    def end_positions(self) -> tuple[Int64, Int64]:
        """(n_trips,) the first and the last position of each trip."""
        pattern, offset = self.trip_patterns(), self.pattern_position_offset.astype(np.int64)
        return offset[pattern], offset[pattern + 1] - 1

    def trip_ends(self) -> Ends:
        """When and where each trip begins and ends."""
        first, last = self.end_positions()
        event = offsets_of(last - first + 1)
        return Ends(
            self.departure_s[event[:-1]],
            self.arrival_s[event[1:] - 1],
            self.position_stop[first],
            self.position_stop[last],
        )


def build_timetable(feed: Feed, date: datetime.date, *, advise: bool = True) -> Timetable:
    """The `Timetable` of `date` from a feed, including the trips of the night before and of the night after.

    With `advise`, repairs tell a date on which feeds are silent or thin, and a better one: of no use for a part of a feed.
    Raises `ServiceDateError` if no trip runs on the date; its message names the dates of the feeds and a good
    day. Raises `FeedError` for stop times that run backwards, which only an edited feed can have.
    """
    log = RepairLog()
    _check_times(feed)
    services = service_days(feed)
    check_service_date(feed, services, date, log if advise else None)
    runs = runs_on(feed, services, date, log)
    runs, calls = _without_repeats(feed, runs, log)
    return replace(_assembled(feed, date, runs, calls, log), lost=_lost_on(feed, services, date))


def _lost_on(feed: Feed, services: ServiceDays, date: datetime.date) -> LostCalls:
    running = services.service_ids[services.running(np.array([date], dtype="datetime64[D]"))[0]]
    return feed.lost.take(pd.Index(feed.lost.service_id).isin([*running, ""]))


def _check_times(feed: Feed) -> None:
    backward = backward_calls(feed.stop_times)
    if backward.any():
        trips = feed.trips["trip_id"].iloc[np.unique(feed.stop_times.trip[backward])]
        raise FeedError(f"{len(trips):,} trips arrive before they have left the stop before, first {trips.iloc[0]!r}")


def _calls_of(feed: Feed, runs: Runs) -> RunCalls:
    """The calls of runs, their times shifted; without boarding at the last stop and alighting at the first."""
    trip_rows = trip_offset(feed.stop_times, len(feed.trips))
    length = np.diff(trip_rows)[runs.trip]
    offset, rows = offsets_of(length), ranges(trip_rows[runs.trip], length)
    times, shift = feed.stop_times.take(rows), np.repeat(runs.shift_s, length)
    times.can_board[offset[1:] - 1] = False
    times.can_alight[offset[:-1]] = False
    return RunCalls(
        offset, times.stop, times.arrival_s + shift, times.departure_s + shift, times.can_board, times.can_alight
    )


def _without_repeats(feed: Feed, runs: Runs, log: RepairLog) -> tuple[Runs, RunCalls]:
    """Runs and their calls without exact repeats of another run, in the same feed or in two overlapping feeds."""
    calls = _calls_of(feed, runs)
    route = _shared_route_numbers(feed)[feed.route_of_trip][runs.trip]
    wheelchair = feed.trips["wheelchair"].to_numpy(dtype=np.int32)[runs.trip]
    is_first = first_of_equal_runs(calls, route, _shared_stop_numbers(feed, calls.stop), wheelchair)
    if is_first.all():
        return runs, calls
    n_repeats = int((~is_first).sum())
    effect = f"{n_repeats:,} trips that repeat another one exactly (route, stops, times) were dropped"
    log.add("duplicate_trips", n_repeats, len(is_first), run_ids(feed, runs.take(~is_first)), effect)
    return runs.take(is_first), calls.take(np.flatnonzero(is_first))


def _shared_route_numbers(feed: Feed) -> Int32:
    """(n_routes,) a number for each route, equal for routes with the same mode and names (or the same id, if unnamed)."""
    routes = feed.routes
    named = (routes["short_name"] != "") | (routes["long_name"] != "")
    keys = routes[["mode", "short_name", "long_name"]].assign(
        id=_unprefixed(feed, routes["route_id"]).where(~named, "")
    )
    return np.asarray(keys.groupby(list(keys.columns)).ngroup(), dtype=np.int32)


def _shared_stop_numbers(feed: Feed, stop: Int32) -> Int32:
    """(n,) a number for each of the stops (rows of Feed.stops), equal for those of any feed with the same id and coordinates."""
    if len(feed.names) == 1:
        return stop
    used = np.bincount(stop, minlength=len(feed.stops)) > 0
    stops = feed.stops[used]
    keys = stops[["lon", "lat"]].assign(id=_unprefixed(feed, stops["stop_id"]))
    number = np.asarray(keys.groupby(list(keys.columns)).ngroup(), dtype=np.int32)
    numbers: Int32 = number[np.cumsum(used)[stop] - 1]
    return numbers


def _unprefixed(feed: Feed, ids: pd.Series) -> pd.Series:
    """The ids as in the original files, without the prefix that merging several feeds adds."""
    return ids.str.split(":", n=1).str[-1] if len(feed.names) > 1 else ids


def _assembled(feed: Feed, date: datetime.date, runs: Runs, calls: RunCalls, log: RepairLog) -> Timetable:
    patterns = patterns_of(calls, feed.route_of_trip[runs.trip])
    runs, calls = runs.take(patterns.run), calls.take(patterns.run)
    first_run = patterns.run_offset[:-1]
    positions = calls.take(first_run)
    stops, stop_number = _numbered(feed.stops.drop(columns="location_type"), positions.stop)
    known = feed.routes.drop(columns=["agency_id", "agency_noc", "timezone"])
    routes, route_number = _numbered(known, feed.route_of_trip[runs.trip[first_run]])
    return Timetable(
        date=date,
        stops=stops,
        routes=routes,
        pattern_position_offset=positions.offset.astype(np.int32),
        position_stop=stop_number,
        position_can_board=positions.can_board,
        position_can_alight=positions.can_alight,
        pattern_route=route_number,
        pattern_trip_offset=patterns.run_offset.astype(np.int32),
        pattern_event_offset=calls.offset[patterns.run_offset],
        arrival_s=calls.arrival_s,
        departure_s=calls.departure_s,
        trip_id=run_ids(feed, runs),
        trip_wheelchair=feed.trips["wheelchair"].to_numpy(dtype=np.int8)[runs.trip],
        transfer_rules=transfer_rules_of(feed, stops),
        repairs=(*feed.repairs, *log.repairs()),
        headway_runs=headway_runs(feed, runs),
        pathways=feed.pathways,
        entrances=_entrances(feed),
        joints=joints_of(feed, runs.trip, runs.frequency_start_s == NO_FREQUENCY),
    )


def _entrances(feed: Feed) -> pd.DataFrame:
    is_entrance = feed.stops["location_type"] == _ENTRANCE
    joined = feed.stops["stop_id"].isin(feed.pathways["from_stop_id"]) | feed.stops["stop_id"].isin(
        feed.pathways["to_stop_id"]
    )
    return feed.stops.loc[is_entrance & joined, ["stop_id", "lon", "lat"]].reset_index(drop=True)


def _numbered(frame: pd.DataFrame, rows: Int32) -> tuple[pd.DataFrame, Int32]:
    """The rows of `frame` that occur in `rows`, renumbered, and `rows` in the new numbering."""
    used, number = np.unique(rows, return_inverse=True)
    return frame.iloc[used].reset_index(drop=True), number.astype(np.int32)


def transfer_rules_of(feed: Feed, stops: pd.DataFrame) -> pd.DataFrame:
    """Transfer rules between served stops; a rule of a station holds at all its stops that have no rule of their own.

    Of two that are for the same stops the stricter holds: no transfer (3), else the longer minimum time (2).
    """
    columns = ["from_stop", "to_stop", "transfer_type", "min_transfer_s"]
    if feed.transfers.empty:
        return pd.DataFrame({column: np.empty(0, np.int32) for column in columns})
    members = pd.concat(
        [
            pd.DataFrame({"id": stops["stop_id"], "stop": stops.index, "by_station": 0}),
            pd.DataFrame({"id": stops["station"], "stop": stops.index, "by_station": 1})[stops["station"] != ""],
        ]
    )
    rules = feed.transfers.merge(members.add_prefix("from_"), left_on="from_stop_id", right_on="from_id")
    rules = rules.merge(members.add_prefix("to_"), left_on="to_stop_id", right_on="to_id")
    rules["by_station"] = rules["from_by_station"] + rules["to_by_station"]
    order = ["from_stop", "to_stop", "by_station", "transfer_type", "min_transfer_s"]
    own_first = rules.sort_values(order, ascending=[True, True, True, False, False])
    return own_first.drop_duplicates(["from_stop", "to_stop"])[columns].astype(np.int32).reset_index(drop=True)
