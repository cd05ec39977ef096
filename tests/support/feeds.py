"""GTFS feeds written as text inside a test: `trip("T1", "A 08:00 | B 08:10 | C 08:25")`.

A call is a stop, a time and any number of extras: `B 08:10`, `B 08:10-08:12` (arrives, departs), `B 08:10-` (arrival
only), `B -08:12` (departure only), `B ?` (no time), `B noon` (as it stands), `no-board`, `no-alight`,
`pickup=2`, `dropoff=3`, `#7` (stop_sequence). Stops not described lie on a line, 1.1 km apart, in order of their names.
"""

import csv
import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from accessibility.feed import Feed, read_feed
from accessibility.repairs import Repair
from accessibility.timetable.timetable import Timetable, build_timetable

Row = Mapping[str, object]

TUESDAY = dt.date(2026, 3, 24)  # in the calendar that feeds get when none is given
FIRST_LAT, LON, STEP_DEG = 52.40, -1.90, 0.01


@dataclass(frozen=True)
class Trip:
    """One row of trips.txt and its rows of stop_times.txt."""

    row: Row
    calls: tuple[Row, ...]


@dataclass(frozen=True)
class FeedText:
    """The tables of a feed as rows; edits give a new one."""

    tables: Mapping[str, tuple[Row, ...]]

    def adding(self, table: str, *rows: Row) -> "FeedText":
        """With these rows at the end of `table`, which is made if need be."""
        return self.setting(table, *self.tables.get(table, ()), *rows)

    def setting(self, table: str, *rows: Row) -> "FeedText":
        """With exactly these rows in `table`."""
        return replace(self, tables={**self.tables, table: tuple(rows)})

    def without(self, table: str) -> "FeedText":
        """Without `table`."""
        return replace(self, tables={name: rows for name, rows in self.tables.items() if name != table})

    def without_column(self, table: str, column: str) -> "FeedText":
        """Without one column of `table`."""
        rows = [{name: value for name, value in row.items() if name != column} for row in self.tables[table]]
        return self.setting(table, *rows)

    def texts(self) -> dict[str, str]:
        """File name -> comma-separated text."""
        return {name: csv_text(rows) for name, rows in self.tables.items()}

    def folder(self, path: Path) -> Path:
        """Written to a folder."""
        return write_folder(path, self.texts())

    def zip(self, path: Path) -> Path:
        """Written to a zip."""
        return write_zip(path, self.texts())


def trip(trip_id: str, calls: str, route: str = "R1", service: str = "WK", **columns: object) -> Trip:
    """A trip and its calls; `columns` are further columns of trips.txt."""
    rows = [_call(trip_id, place + 1, words.split()) for place, words in enumerate(calls.split("|"))]
    return Trip({"route_id": route, "service_id": service, "trip_id": trip_id, **columns}, tuple(rows))


def service(service_id: str, days: str, start: str = "20260101", end: str = "20261231") -> Row:
    """A row of calendar.txt: `service("SA", "0000010")`, Monday first."""
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return {"service_id": service_id, **dict(zip(names, days, strict=True)), "start_date": start, "end_date": end}


def stop(stop_id: str, lat: object, lon: object, **columns: object) -> Row:
    """A row of stops.txt."""
    return {"stop_id": stop_id, "stop_name": f"Stop {stop_id}", "stop_lat": lat, "stop_lon": lon, **columns}


def route(route_id: str, route_type: object = 3, **columns: object) -> Row:
    """A row of routes.txt."""
    return {"route_id": route_id, "route_type": route_type, "route_short_name": route_id, **columns}


def feed_text(
    *trips: Trip, stops: Sequence[Row] = (), routes: Sequence[Row] = (), calendar: Sequence[Row] = ()
) -> FeedText:
    """A whole feed: stops, routes and services that are named but not described get plain ones (buses on a line of
    stops, Monday to Friday of 2026)."""
    calls = [call for one in trips for call in one.calls]
    named = sorted({str(call["stop_id"]) for call in calls})
    described = {str(row["stop_id"]) for row in stops}
    line = [
        stop(name, round(FIRST_LAT + i * STEP_DEG, 6), LON) for i, name in enumerate(named) if name not in described
    ]
    plain = {str(one.row["route_id"]) for one in trips} - {str(row["route_id"]) for row in routes}
    daily = {str(one.row["service_id"]) for one in trips} if not calendar else set()
    return FeedText(
        {
            "agency.txt": ({"agency_id": "AG", "agency_name": "The Agency", "agency_timezone": "Europe/London"},),
            "stops.txt": (*line, *stops),
            "routes.txt": (*(route(name) for name in sorted(plain)), *routes),
            "trips.txt": tuple(one.row for one in trips),
            "stop_times.txt": tuple(calls),
            "calendar.txt": (*(service(name, "1111100") for name in sorted(daily)), *calendar),
        }
    )


def feed_of(*trips: Trip, **described: Sequence[Row]) -> Feed:
    """The feed as `read_feed` gives it, with no file left behind."""
    return read(feed_text(*trips, **described))


def read(text: FeedText) -> Feed:
    """The feed as `read_feed` gives it, with no file left behind; its name is "feed"."""
    with tempfile.TemporaryDirectory() as folder:
        return read_feed(text.folder(Path(folder) / "feed"))


def timetable_on(text: FeedText, date: dt.date = TUESDAY) -> Timetable:
    """The timetable of one day."""
    return build_timetable(read(text), date)


def spoken(timetable: Timetable) -> list[str]:
    """Every trip of a timetable in the words it was written in, pattern by pattern: "T1: A 08:00 | B 08:10-08:12"."""
    return [_spoken_trip(timetable, trip_number) for trip_number in range(len(timetable.trip_id))]


def repairs_of(found: Feed | Timetable) -> dict[str, Repair]:
    """The repairs by code; each code once."""
    assert len({repair.code for repair in found.repairs}) == len(found.repairs)
    return {repair.code: repair for repair in found.repairs}


def write_folder(path: Path, texts: Mapping[str, str | bytes]) -> Path:
    """Files in a folder."""
    for name, text in texts.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(_bytes(text))
    return path


def write_zip(path: Path, texts: Mapping[str, str | bytes], inside: str = "") -> Path:
    """Files in a zip, in the folder `inside` of it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(inside + name, _bytes(text))
    return path


def csv_text(rows: Sequence[Row]) -> str:
    """Rows as comma-separated text; columns in order of first appearance."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _call(trip_id: str, place: int, words: Sequence[str]) -> Row:
    stop_id, time, *extras = words
    arrival, dash, departure = time.partition("-")
    values = {
        "trip_id": trip_id,
        "stop_id": stop_id,
        "arrival_time": "" if time == "?" else arrival,
        "departure_time": "" if time == "?" else departure if dash else arrival,
        "stop_sequence": str(place),
    }
    for extra in extras:
        values |= _extra(extra)
    return values


def _extra(word: str) -> dict[str, str]:
    if word.startswith("#"):
        return {"stop_sequence": word[1:]}
    name, _, value = {"no-board": "pickup=1", "no-alight": "dropoff=1"}.get(word, word).partition("=")
    return {{"pickup": "pickup_type", "dropoff": "drop_off_type"}[name]: value}


def _spoken_trip(timetable: Timetable, trip_number: int) -> str:
    pattern = int(np.searchsorted(timetable.pattern_trip_offset, trip_number, side="right")) - 1
    first, last = timetable.pattern_position_offset[pattern : pattern + 2]
    event = timetable.pattern_event_offset[pattern]
    event += (trip_number - timetable.pattern_trip_offset[pattern]) * (last - first)
    calls = []
    for j, stop_number in enumerate(timetable.position_stop[first:last]):
        times = [clock(int(column[event + j])) for column in (timetable.arrival_s, timetable.departure_s)]
        calls.append(f"{timetable.stops['stop_id'][stop_number]} {'-'.join(dict.fromkeys(times))}")
    return f"{timetable.trip_id[trip_number]}: {' | '.join(calls)}"


def clock(seconds: int) -> str:
    """`08:10`, or `08:10:30` where there are seconds; `-` in front before midnight."""
    hours, rest = divmod(abs(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return ("-" if seconds < 0 else "") + f"{hours:02d}:{minutes:02d}" + (f":{left:02d}" if left else "")
