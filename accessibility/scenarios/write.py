"""Writes a feed as a zip of GTFS tables that `read_feed` reads back as the same feed."""

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from accessibility.compressed_rows import offsets_of
from accessibility.feed import Feed
from accessibility.gtfs.calendars import WEEKDAYS
from accessibility.gtfs.calls import ASKED, BOOKED
from accessibility.gtfs.times import clock_text
from accessibility.gtfs.transfers import IN_SEAT, NO_MINIMUM, NOT_IN_SEAT

# The basic route type of each mode where there is one, else an extended type (gtfs/routes.py reads both).
_ROUTE_TYPES = {
    "tram": 0, "metro": 1, "rail": 2, "bus": 3, "ferry": 4, "aerial": 6, "funicular": 7, "coach": 200, "air": 1100,
    "taxi": 1500,
}  # fmt: skip
_UNKNOWN_TYPE = 1700  # "miscellaneous" of the extended types
_SAME_DATE = (1980, 1, 1, 0, 0, 0)  # of every file in the zip: the same feed makes the same bytes


def write_gtfs(feed: Feed, path: Path) -> Path:
    """Write all tables of the feed to a GTFS zip, and return its path; a file that is there is replaced.

    Written is what a `Feed` has, of one or several files that were read, with the repairs made: fares, shapes, ways inside
    stations and other columns are not. `read_feed` gives the other tables back, and no repair that the feed itself has not
    had. Feeds that were merged become one, whose ids keep their prefixes.
    """
    path = Path(path)
    unfinished = path.with_name(f"_{path.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, table in _tables(feed).items():
                entry = zipfile.ZipInfo(name, _SAME_DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, _text(table))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _text(table: Mapping[str, object]) -> bytes:
    """The table as comma-separated text; texts stand in quotation marks."""
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(pa.table({name: pa.array(values) for name, values in table.items()}), sink)
    return bytes(sink.getvalue())


def _tables(feed: Feed) -> dict[str, Mapping[str, object]]:
    """Columns of each table by its file's name; optional tables without rows are left out."""
    agency_ids, agencies = _agencies(feed.routes)
    tables = {
        "agency.txt": agencies,
        "stops.txt": _stops(feed.stops),
        "routes.txt": _routes(feed.routes, agency_ids),
        "trips.txt": _trips(feed.trips),
        "stop_times.txt": _stop_times(feed),
    }
    optional = {
        "calendar.txt": (feed.calendar, _calendar),
        "calendar_dates.txt": (feed.calendar_dates, _calendar_dates),
        "frequencies.txt": (feed.frequencies, _frequencies),
    }
    found = {**tables, **{name: columns(frame) for name, (frame, columns) in optional.items() if len(frame)}}
    return found | ({"transfers.txt": _transfers(feed)} if len(feed.transfers) or len(feed.stays) else {})


def _agencies(routes: pd.DataFrame) -> tuple[list[str], Mapping[str, object]]:
    """(n_routes,) the agency id of each route, and the table of agencies: one for each id, name, operator code and time zone.

    An agency without an id has its name for one; an id that several agencies have gets a number.
    """
    named = ("agency_id", "agency", "agency_noc", "timezone")
    of_route = list(zip(*(routes[column].tolist() for column in named), strict=True))
    id_of: dict[tuple[str, ...], str] = {}
    for agency in sorted(set(of_route)):
        ident = agency[0] or agency[1]
        same = sum(ident == (known[0] or known[1]) for known in id_of)
        id_of[agency] = f"{ident}#{same + 1}" if same else ident
    _, names, codes, zones = zip(*id_of, strict=True) if id_of else ((), (), (), ())
    table = {
        "agency_id": list(id_of.values()),
        "agency_name": names,
        "agency_url": [""] * len(id_of),
        "agency_timezone": zones,
        **({"agency_noc": codes} if any(codes) else {}),
    }
    return [id_of[agency] for agency in of_route], table


def _stops(stops: pd.DataFrame) -> Mapping[str, object]:
    known = stops["station"].isin(stops["stop_id"])  # stations without coordinates are not in the feed
    return {
        "stop_id": stops["stop_id"].tolist(),
        "stop_name": stops["name"].tolist(),
        "stop_lat": stops["lat"].to_numpy(),
        "stop_lon": stops["lon"].to_numpy(),
        "location_type": stops["location_type"].to_numpy(),
        "parent_station": stops["station"].where(known, "").tolist(),
        "wheelchair_boarding": stops["wheelchair"].to_numpy(),
    }


def _routes(routes: pd.DataFrame, agency_ids: list[str]) -> Mapping[str, object]:
    return {
        "route_id": routes["route_id"].tolist(),
        "agency_id": agency_ids,
        "route_short_name": routes["short_name"].tolist(),
        "route_long_name": routes["long_name"].tolist(),
        "route_type": [_ROUTE_TYPES.get(mode, _UNKNOWN_TYPE) for mode in routes["mode"].tolist()],
    }


def _trips(trips: pd.DataFrame) -> Mapping[str, object]:
    names = {
        "trip_headsign": "headsign",
        "direction_id": "direction",
        "wheelchair_accessible": "wheelchair",
        "block_id": "block",
    }
    columns = {**{name: name for name in ("route_id", "service_id", "trip_id")}, **names}
    return {name: trips[column].tolist() for name, column in columns.items()}


def _stop_times(feed: Feed) -> Mapping[str, object]:
    times = feed.stop_times
    counts = np.bincount(times.trip, minlength=len(feed.trips))
    return {
        "trip_id": _taken(feed.trips["trip_id"], times.trip),
        "arrival_time": _clocks(times.arrival_s),
        "departure_time": _clocks(times.departure_s),
        "stop_id": _taken(feed.stops["stop_id"], times.stop),
        "stop_sequence": np.arange(len(times.trip)) - offsets_of(counts)[times.trip] + 1,
        "pickup_type": _kinds(times.can_board, times.arranged, 0),
        "drop_off_type": _kinds(times.can_alight, times.arranged, 1),
    }


def _kinds(allowed: npt.NDArray[np.bool_], arranged: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.int8]:
    """pickup_type (side 0) or drop_off_type (side 1) of calls."""
    booked, asked = ((arranged & bits[side]) > 0 for bits in (BOOKED, ASKED))
    return np.select([~allowed, booked, asked], [1, 2, 3], 0).astype(np.int8)


def _taken(ids: pd.Series, rows: npt.NDArray[np.int32]) -> pa.Array:
    return pa.array(ids.tolist(), pa.string()).take(pa.array(rows))


def _clocks(seconds: npt.NDArray[np.int32]) -> pa.Array:
    """Clock texts; millions of calls have a few thousand different times."""
    distinct, place = np.unique(seconds, return_inverse=True)
    return pa.array([clock_text(second) for second in distinct.tolist()], pa.string()).take(pa.array(place))


def _calendar(calendar: pd.DataFrame) -> Mapping[str, object]:
    return {
        "service_id": calendar["service_id"].tolist(),
        **{day: calendar[day].to_numpy(np.int8) for day in WEEKDAYS},
        "start_date": _days(calendar["start_date"]),
        "end_date": _days(calendar["end_date"]),
    }


def _calendar_dates(dates: pd.DataFrame) -> Mapping[str, object]:
    return {
        "service_id": dates["service_id"].tolist(),
        "date": _days(dates["date"]),
        "exception_type": np.where(dates["added"], 1, 2),
    }


def _days(days: pd.Series) -> list[str]:
    return [f"{day:%Y%m%d}" for day in days]


def _frequencies(frequencies: pd.DataFrame) -> Mapping[str, object]:
    return {
        "trip_id": frequencies["trip_id"].tolist(),
        "start_time": _clocks(frequencies["start_s"].to_numpy()),
        "end_time": _clocks(frequencies["end_s"].to_numpy()),
        "headway_secs": frequencies["headway_s"].to_numpy(),
        "exact_times": frequencies["exact"].to_numpy(np.int8),
    }


def _transfers(feed: Feed) -> Mapping[str, object]:
    rules, stays = feed.transfers, feed.stays
    minimum = ["" if seconds == NO_MINIMUM else str(seconds) for seconds in rules["min_transfer_s"].tolist()]
    blank_rules, blank_stays = [""] * len(rules), [""] * len(stays)
    return {
        "from_stop_id": rules["from_stop_id"].tolist() + blank_stays,
        "to_stop_id": rules["to_stop_id"].tolist() + blank_stays,
        "transfer_type": rules["transfer_type"].tolist() + np.where(stays["allowed"], IN_SEAT, NOT_IN_SEAT).tolist(),
        "min_transfer_time": minimum + blank_stays,
        "from_trip_id": blank_rules + stays["from_trip_id"].tolist(),
        "to_trip_id": blank_rules + stays["to_trip_id"].tolist(),
    }
