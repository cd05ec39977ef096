"""A GTFS feed of any size, written row by row as a national bus feed looks; what it holds is known beforehand.

Routes of 21 to 60 calls run along a grid of stops, 120 trips each from 06:00 on, slower in the peaks (so that some are
overtaken), on six services: every weekday, Monday to Thursday, Friday, Saturday, Sunday, and school days named one by one.
"""

import datetime as dt
import io
import itertools
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from accessibility.gtfs.times import clock_text

DATE = dt.date(2026, 3, 24)  # a Tuesday
TRIPS_A_ROUTE = 120
_ROWS, _COLUMNS = 400, 500
_SOUTH, _WEST, _NORTHWARD, _EASTWARD = 50.8, -3.5, 0.0045, 0.0075  # about 500 m
_FIRST_S, _HEADWAY_S = 6 * 3600, 495
_HOP_S, _PEAK_HOP_S = 60, 90
_PEAKS_S = ((7 * 3600, 9 * 3600), (16 * 3600, 18 * 3600))
_SHAPE_POINTS_A_CALL, _TIMED = 20, 8  # one call in eight is a timing point
CLOCK = [clock_text(seconds) for seconds in range(28 * 3600)]
# name -> days of calendar.txt; school days stand in calendar_dates.txt
_SERVICES = {
    "weekdays": "1,1,1,1,1,0,0",
    "to_thursday": "1,1,1,1,0,0,0",
    "friday": "0,0,0,0,1,0,0",
    "saturday": "0,0,0,0,0,1,0",
    "sunday": "0,0,0,0,0,0,1",
    "school": "0,0,0,0,0,0,0",
}
# The service of each trip of a route in turn.
_TURNS = (
    "weekdays",
    "school",
    "saturday",
    "weekdays",
    "to_thursday",
    "sunday",
    "weekdays",
    "friday",
    "weekdays",
    "saturday",
)
ON_TUESDAYS = {"weekdays", "to_thursday", "school"}
STOP_TIMES_HEADER = (
    "trip_id,arrival_time,departure_time,stop_id,stop_sequence,stop_headsign,pickup_type,drop_off_type,"
    "shape_dist_traveled,timepoint\n"
)


class Held(NamedTuple):
    """How much a feed holds, in all and on `DATE`."""

    routes: int
    trips: int
    calls: int
    trips_of_day: int
    calls_of_day: int


def write_feed(path: Path, calls: int, damaged: bool = False) -> Held:
    """Write a feed of whole routes with at least so many calls; never holds more than one route in memory.

    A damaged one says the same with times at every eighth call only, an accent of Windows and one row that is too long.
    """
    lengths = list(_lengths(calls))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        write_text(archive, "agency.txt", agency_rows())
        write_text(archive, "stops.txt", _stops())
        write_text(archive, "routes.txt", _routes(len(lengths)))
        write_text(archive, "calendar.txt", calendar_rows())
        write_text(archive, "calendar_dates.txt", school_days())
        write_text(archive, "trips.txt", _trips(len(lengths)))
        write_text(archive, "shapes.txt", _shapes(lengths))
        write_text(archive, "stop_times.txt", _stop_times(lengths, damaged))
    of_day = sum(service_of(trip) in ON_TUESDAYS for trip in range(TRIPS_A_ROUTE))
    positions = sum(lengths)
    return Held(
        len(lengths), len(lengths) * TRIPS_A_ROUTE, positions * TRIPS_A_ROUTE, len(lengths) * of_day, positions * of_day
    )


def _lengths(calls: int) -> Iterator[int]:
    """Calls of a trip of each route."""
    for route in itertools.count():
        if calls <= 0:
            return
        length = 21 + route * 7 % 40
        yield length
        calls -= length * TRIPS_A_ROUTE


def write_text(archive: zipfile.ZipFile, name: str, parts: Iterator[str]) -> None:
    """Write one file of a feed, in the letters of Windows."""
    with (
        archive.open(name, "w", force_zip64=True) as entry,
        io.TextIOWrapper(entry, encoding="cp1252", newline="", write_through=True) as text,
    ):
        for part in parts:
            text.write(part)


def agency_rows() -> Iterator[str]:
    """agency.txt: 200 operators."""
    yield "agency_id,agency_name,agency_url,agency_timezone\n"
    for number in range(200):
        yield f"OP{number},Operator {number},https://example.org/{number},Europe/London\n"


def _stops() -> Iterator[str]:
    yield "stop_id,stop_code,stop_name,stop_lat,stop_lon,wheelchair_boarding,location_type,parent_station,platform_code\n"
    for row, column in itertools.product(range(_ROWS), range(_COLUMNS)):
        lat, lon = _place(row, column)
        yield f"{_stop_id(row, column)},,High Street {row} / {column},{lat:.6f},{lon:.6f},0,0,,\n"


def _place(row: int, column: int) -> tuple[float, float]:
    return _SOUTH + row * _NORTHWARD, _WEST + column * _EASTWARD


def _stop_id(row: int, column: int) -> str:
    return f"{row:04d}BIG{column:05d}"


def _way(route: int, length: int) -> list[tuple[int, int]]:
    """Row and column of each stop of a route, which goes straight north or east."""
    row, column = route * 37 % (_ROWS - 60), route * 101 % (_COLUMNS - 60)
    north = route % 2
    return [(row + north * step, column + (1 - north) * step) for step in range(length)]


def _routes(n: int) -> Iterator[str]:
    yield "route_id,agency_id,route_short_name,route_long_name,route_type\n"
    for route in range(n):
        yield f"R{route},OP{route % 200},{route % 999},,3\n"


def calendar_rows() -> Iterator[str]:
    """calendar.txt: the six services."""
    yield "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    for name, days in _SERVICES.items():
        yield f"{name},{days},20260101,20261231\n"


def school_days() -> Iterator[str]:
    """calendar_dates.txt: the days of the service `school`."""
    yield "service_id,date,exception_type\n"
    for number in range(365):
        day = dt.date(2026, 1, 1) + dt.timedelta(number)
        if day.weekday() < 5 and day.month != 8:
            yield f"school,{day:%Y%m%d},1\n"


def service_of(trip: int) -> str:
    """The service of the trip of a route with this number."""
    return _TURNS[trip % len(_TURNS)]


def _trip_id(route: int, trip: int) -> str:
    return f"VJ{(route * TRIPS_A_ROUTE + trip) * 2654435761 % 2**32:08x}{route:06x}{trip:03x}"


def _trips(n_routes: int) -> Iterator[str]:
    yield "route_id,service_id,trip_id,trip_headsign,direction_id,block_id,shape_id,wheelchair_accessible\n"
    for route in range(n_routes):
        yield "".join(
            f"R{route},{service_of(trip)},{_trip_id(route, trip)},Town {route % 300},0,B{trip},S{route},1\n"
            for trip in range(TRIPS_A_ROUTE)
        )


def _shapes(lengths: list[int]) -> Iterator[str]:
    yield "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled\n"
    for route, length in enumerate(lengths):
        lat, lon = _place(*_way(route, length)[0])
        yield "".join(
            f"S{route},{lat + point * 2e-4:.6f},{lon + point % 7 * 1e-5:.6f},{point},{point * 25}\n"
            for point in range(length * _SHAPE_POINTS_A_CALL)
        )


def _stop_times(lengths: list[int], damaged: bool) -> Iterator[str]:
    yield STOP_TIMES_HEADER
    if damaged:
        yield "too,long,a,row,,Café,,,,,,,!\n"
    for route, length in enumerate(lengths):
        stops = [_stop_id(*place) for place in _way(route, length)]
        # Nobody gets off at the first stop or on at the last.
        ends = [
            f"{stop},{position},,{int(position == length - 1)},{int(position == 0)},,{int(position % _TIMED == 0)}\n"
            for position, stop in enumerate(stops)
        ]
        untimed = [damaged and position % _TIMED > 0 and position < length - 1 for position in range(length)]
        for trip in range(TRIPS_A_ROUTE):
            start = _FIRST_S + trip * _HEADWAY_S
            hop = _PEAK_HOP_S if any(first <= start < last for first, last in _PEAKS_S) else _HOP_S
            times, name = CLOCK[start : start + length * hop : hop], _trip_id(route, trip)
            if damaged:
                times = ["" if blank else time for time, blank in zip(times, untimed, strict=True)]
            yield "".join(f"{name},{time},{time},{end}" for time, end in zip(times, ends, strict=True))
