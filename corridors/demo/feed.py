"""The demonstration region's timetable: a GTFS feed made from lines and periods, with the same bytes every time."""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility import clock_text
from corridors.demo.lines import DemoLine, DemoStop, Mode

_ROUTE_TYPES: dict[Mode, int] = {"bus": 3, "metro": 0, "rail": 2}
_FIRST_DAY, _LAST_DAY = 20260101, 20261231
_SERVICES = {"weekday": (1, 1, 1, 1, 1, 0, 0), "saturday": (0, 0, 0, 0, 0, 1, 0), "sunday": (0, 0, 0, 0, 0, 0, 1)}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# The way back leaves a little later than the way out, as it would with few vehicles waiting at either end.
_WAY_BACK_MIN = 4
# A fixed time, the earliest that a zip file can hold, so that the same tables give the same bytes.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


class Period(NamedTuple):
    """A part of a service day in which a line has one headway; minutes after midnight, end excluded."""

    service: str
    name: str
    start_min: int
    end_min: int


class _Trips(NamedTuple):
    """Trips of one line, direction and period, which have the same stops and running times."""

    route_id: str
    service: str
    direction: int
    stop_ids: npt.NDArray[np.object_]  # (n_stops,)
    since_start_s: npt.NDArray[np.int64]  # (n_stops,) seconds since the trip's departure
    start_min: npt.NDArray[np.int64]  # (n_trips,) minutes after midnight

    def trip_ids(self) -> list[str]:
        return [
            f"{self.route_id}_{self.direction}_{self.service}_{minute // 60:02d}{minute % 60:02d}"
            for minute in self.start_min
        ]


def read_periods(path: Path) -> list[Period]:
    """Periods of all service days, in the order of a CSV table with `service,period,start,end` (HH:MM)."""
    return [
        Period(row["service"], row["period"], _minutes(row["start"]), _minutes(row["end"]))
        for _, row in pd.read_csv(path).iterrows()
    ]


def write_feed(path: Path, lines: Sequence[DemoLine], periods: Sequence[Period]) -> None:
    """Write the lines as a GTFS zip, valid for all of 2026, with weekday, Saturday and Sunday services."""
    trip_groups = [group for line in lines for group in _line_trips(line, periods)]
    tables = {
        "agency.txt": _agencies(),
        "calendar.txt": _calendar(),
        "feed_info.txt": _feed_info(),
        "routes.txt": _routes(lines),
        "stop_times.txt": _stop_times(trip_groups),
        "stops.txt": _stops(lines),
        "trips.txt": _trips(trip_groups),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, table in tables.items():
            entry = zipfile.ZipInfo(name, date_time=_ZIP_TIME)
            text = table.to_csv(index=False, lineterminator="\n")
            archive.writestr(entry, text, compress_type=zipfile.ZIP_DEFLATED, compresslevel=6)


def departures(periods: Sequence[Period], headway_min: dict[str, int], offset_min: int) -> list[tuple[str, int]]:
    """(period, minutes after midnight) of every departure of one service day.

    `headway_min` holds minutes between departures by period; a period that it lacks has none. The first departure is
    `offset_min` after the start of the first period with a headway. The first departure of a later period follows the last
    one before it by at least the later period's headway.
    """
    leaving: list[tuple[str, int]] = []
    for period in periods:
        headway = headway_min.get(period.name)
        if headway is None:
            continue
        first = max(period.start_min, leaving[-1][1] + headway) if leaving else period.start_min + offset_min % headway
        leaving += [(period.name, minute) for minute in range(first, period.end_min, headway)]
    return leaving


def _line_trips(line: DemoLine, periods: Sequence[Period]) -> Iterator[_Trips]:
    """Trips of both directions on every service day."""
    stop_ids = np.array([stop.stop_id for stop in line.stops], dtype=object)
    for direction in (0, 1):
        for service in _SERVICES:
            day = [period for period in periods if period.service == service]
            starts = departures(day, line.headway_min, line.offset_min + _WAY_BACK_MIN * direction)
            for period in dict.fromkeys(name for name, _ in starts):
                hop_s = line.hop_s[period]
                yield _Trips(
                    route_id=line.line_id,
                    service=service,
                    direction=direction,
                    stop_ids=stop_ids[::-1] if direction else stop_ids,
                    since_start_s=np.concatenate(([0], np.cumsum(hop_s[::-1] if direction else hop_s))),
                    start_min=np.array([minute for name, minute in starts if name == period]),
                )


def _stop_times(trip_groups: Sequence[_Trips]) -> pd.DataFrame:
    trip_ids = np.concatenate([np.repeat(group.trip_ids(), len(group.stop_ids)) for group in trip_groups])
    seconds = np.concatenate([(60 * group.start_min[:, None] + group.since_start_s).ravel() for group in trip_groups])
    clock = _clock_texts(int(seconds.max()))[seconds]
    return pd.DataFrame(
        {
            "trip_id": trip_ids,
            "arrival_time": clock,
            "departure_time": clock,
            "stop_id": np.concatenate([np.tile(group.stop_ids, len(group.start_min)) for group in trip_groups]),
            "stop_sequence": np.concatenate(
                [np.tile(np.arange(1, len(group.stop_ids) + 1), len(group.start_min)) for group in trip_groups]
            ),
        }
    )


def _trips(trip_groups: Sequence[_Trips]) -> pd.DataFrame:
    rows = [
        (group.route_id, group.service, trip_id, group.direction)
        for group in trip_groups
        for trip_id in group.trip_ids()
    ]
    return pd.DataFrame(rows, columns=["route_id", "service_id", "trip_id", "direction_id"])


def _routes(lines: Sequence[DemoLine]) -> pd.DataFrame:
    rows = [
        (line.line_id, f"demo_{line.mode}", line.short_name, line.long_name, _ROUTE_TYPES[line.mode]) for line in lines
    ]
    columns = ["route_id", "agency_id", "route_short_name", "route_long_name", "route_type"]
    return pd.DataFrame(rows, columns=columns)


def _stops(lines: Sequence[DemoLine]) -> pd.DataFrame:
    stops: list[DemoStop] = sorted({stop for line in lines for stop in line.stops})
    return pd.DataFrame(stops, columns=["stop_id", "stop_name", "stop_lat", "stop_lon"])


def _agencies() -> pd.DataFrame:
    rows = [
        (f"demo_{mode}", f"Demonstration {mode} (illustrative)", "https://example.org", "Europe/London")
        for mode in _ROUTE_TYPES
    ]
    return pd.DataFrame(rows, columns=["agency_id", "agency_name", "agency_url", "agency_timezone"])


def _calendar() -> pd.DataFrame:
    rows = [(service, *days, _FIRST_DAY, _LAST_DAY) for service, days in _SERVICES.items()]
    return pd.DataFrame(rows, columns=["service_id", *_DAYS, "start_date", "end_date"])


def _feed_info() -> pd.DataFrame:
    row = ("Corridor planner: illustrative timetable", "https://example.org", "en", _FIRST_DAY, _LAST_DAY, "demo")
    names = ["publisher_name", "publisher_url", "lang", "start_date", "end_date", "version"]
    return pd.DataFrame([row], columns=[f"feed_{name}" for name in names])


def _clock_texts(last_s: int) -> npt.NDArray[np.object_]:
    """GTFS clock text of every second up to `last_s`, (last_s + 1,); hours run past 24."""
    return np.array([clock_text(second) for second in range(last_s + 1)], dtype=object)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)
