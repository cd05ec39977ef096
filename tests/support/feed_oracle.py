"""Feeds read the slow, obvious way: from the rows of GTFS tables straight to trips, with none of the engine's reading.

Only what the random feeds contain: times in full, weekday calendars, frequencies, transfers between stops, flags.
"""

import datetime as dt
from collections.abc import Mapping

import numpy as np

from accessibility.legs import LegTable, Points
from tests.support.feeds import FeedText, Row
from tests.support.networks import legs
from tests.support.oracle import Call, rows

DAY_S = 86_400
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def clock_s(text: object) -> int:
    """Seconds of `HH:MM:SS` or `HH:MM`."""
    hours, minutes, *seconds = (int(part) for part in str(text).split(":"))
    return 3600 * hours + 60 * minutes + sum(seconds)


def stops_of(feeds: Mapping[str, FeedText]) -> Points:
    """Every stop of stops.txt, served or not; ids prefixed with their feed's name where there are several."""
    listed = [(prefix_of(name, feeds), row) for name, feed in feeds.items() for row in feed.tables["stops.txt"]]
    return Points(
        np.array([prefix + str(row["stop_id"]) for prefix, row in listed], object),
        np.array([float(str(row["stop_lon"])) for _, row in listed]),
        np.array([float(str(row["stop_lat"])) for _, row in listed]),
    )


def prefix_of(name: str, feeds: Mapping[str, FeedText]) -> str:
    """What stands before the ids of a feed."""
    return f"{name}:" if len(feeds) > 1 else ""


def runs(service: Row, date: dt.date) -> bool:
    """Whether a row of calendar.txt runs on a date."""
    day = date.strftime("%Y%m%d")
    return (
        str(service["start_date"]) <= day <= str(service["end_date"]) and str(service[WEEKDAYS[date.weekday()]]) == "1"
    )


def trips_of_day(feeds: Mapping[str, FeedText], number: Mapping[str, int], date: dt.date) -> list[list[Call]]:
    """Every trip of the day before, the day and the day after, in seconds of the day; `number` is that of a stop id."""
    found = []
    for name, feed in feeds.items():
        prefix = prefix_of(name, feeds)
        services = {str(row["service_id"]): row for row in feed.tables["calendar.txt"]}
        for row in feed.tables["trips.txt"]:
            for back in (1, 0, -1):
                if runs(services[str(row["service_id"])], date - dt.timedelta(days=back)):
                    calls = _calls(feed, str(row["trip_id"]), number, prefix)
                    for start_s in _starts(feed, str(row["trip_id"]), calls[0].departure_s):
                        shift = start_s - calls[0].departure_s - back * DAY_S
                        found.append([_later(call, shift) for call in calls])
    return found


def _calls(feed: FeedText, trip_id: str, number: Mapping[str, int], prefix: str) -> list[Call]:
    ordered = sorted(
        (row for row in feed.tables["stop_times.txt"] if row["trip_id"] == trip_id),
        key=lambda row: int(str(row["stop_sequence"])),
    )
    return [
        Call(
            number[prefix + str(row["stop_id"])],
            clock_s(row["arrival_time"]),
            clock_s(row["departure_time"]),
            str(row.get("pickup_type", "")) != "1",
            str(row.get("drop_off_type", "")) != "1",
        )
        for row in ordered
    ]


def _starts(feed: FeedText, trip_id: str, own_s: int) -> list[int]:
    laid_out = [row for row in feed.tables.get("frequencies.txt", ()) if row["trip_id"] == trip_id]
    if not laid_out:
        return [own_s]
    return [
        start_s
        for row in laid_out
        for start_s in range(clock_s(row["start_time"]), clock_s(row["end_time"]), int(str(row["headway_secs"])))
    ]


def _later(call: Call, seconds: int) -> Call:
    return call._replace(arrival_s=call.arrival_s + seconds, departure_s=call.departure_s + seconds)


def with_rules(walks: LegTable, feeds: Mapping[str, FeedText], number: Mapping[str, int]) -> LegTable:
    """Walks between stops, and 0 s at each, under the transfer rules of the feeds."""
    table = [{**row, stop: 0} for stop, row in enumerate(rows(walks))]
    for name, feed in feeds.items():
        prefix = prefix_of(name, feeds)
        for rule in feed.tables.get("transfers.txt", ()):
            start, end = (number[prefix + str(rule[key])] for key in ("from_stop_id", "to_stop_id"))
            if str(rule["transfer_type"]) in {"2", "3"}:
                table[start].pop(end, None)
            if str(rule["transfer_type"]) == "2":
                table[start][end] = int(str(rule["min_transfer_time"]))
    return legs(len(table), [(i, j, seconds) for i, row in enumerate(table) for j, seconds in row.items()])


def turned(table: LegTable, n_to: int) -> LegTable:
    """Legs listed by where they lead."""
    return legs(n_to, [(j, i, seconds) for i, row in enumerate(rows(table)) for j, seconds in row.items()])
