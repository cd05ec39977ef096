"""The calendars, frequencies and transfers of a feed, as they are written: which days, how often, how to change."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.gtfs_archive import Archive
from accessibility.gtfs_tables import TableSpec, first_of_each, read_text_table
from accessibility.gtfs_times import NO_TIME, calendar_days, clock_seconds
from accessibility.repair_log import RepairLog

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CALENDAR = TableSpec("calendar.txt", ("service_id", *WEEKDAYS, "start_date", "end_date"), mandatory=False)
CALENDAR_DATES = TableSpec("calendar_dates.txt", ("service_id", "date", "exception_type"), mandatory=False)
FREQUENCIES = TableSpec(
    "frequencies.txt", ("trip_id", "start_time", "headway_secs"), ("end_time", "exact_times"), mandatory=False
)
TRANSFERS = TableSpec(
    "transfers.txt",
    ("from_stop_id", "to_stop_id"),
    ("transfer_type", "min_transfer_time", "from_route_id", "to_route_id", "from_trip_id", "to_trip_id"),
    mandatory=False,
)
NO_MINIMUM = -1


def read_calendar(archive: Archive, log: RepairLog) -> pd.DataFrame:
    """calendar.txt by service: service_id, seven bool columns monday ... sunday, start_date and end_date (days)."""
    texts = first_of_each(read_text_table(archive, CALENDAR, log), "service_id", CALENDAR.name, log)
    start, end = calendar_days(texts["start_date"]), calendar_days(texts["end_date"])
    usable = (start <= end).to_numpy()
    _note_unusable_days(~usable, texts, CALENDAR.name, log)
    days = {day: (texts[day] == "1").to_numpy()[usable] for day in WEEKDAYS}
    services = {"service_id": texts["service_id"][usable]}
    return pd.DataFrame({**services, **days, "start_date": start[usable], "end_date": end[usable]}).reset_index(
        drop=True
    )


def read_calendar_dates(archive: Archive, log: RepairLog) -> pd.DataFrame:
    """calendar_dates.txt by service and day: service_id, date, added (False: removed); of both, removal wins."""
    texts = read_text_table(archive, CALENDAR_DATES, log)
    date = calendar_days(texts["date"])
    usable = (date.notna() & texts["exception_type"].isin(["1", "2"])).to_numpy()
    _note_unusable_days(~usable, texts, CALENDAR_DATES.name, log)
    rows = pd.DataFrame({"service_id": texts["service_id"], "date": date, "added": texts["exception_type"] == "1"})[
        usable
    ].drop_duplicates()
    both = rows.duplicated(["service_id", "date"])
    log.add(
        "service_added_and_removed",
        int(both.sum()),
        len(rows),
        rows["service_id"][both],
        f"{int(both.sum()):,} days are both added to and removed from a service in {CALENDAR_DATES.name}; removal won",
    )
    in_order = rows.sort_values(["service_id", "date", "added"])
    return in_order.drop_duplicates(["service_id", "date"]).reset_index(drop=True)


def _note_unusable_days(unusable: npt.NDArray[np.bool_], texts: pd.DataFrame, table: str, log: RepairLog) -> None:
    log.add(
        f"{table.removesuffix('.txt')}_rows_unusable",
        int(unusable.sum()),
        len(texts),
        texts["service_id"][unusable],
        f"{int(unusable.sum()):,} rows of {table} with unreadable or reversed dates or an unknown exception_type "
        "were left out; their services may run on fewer or more days",
    )


def read_frequencies(archive: Archive, trips: pd.DataFrame, log: RepairLog) -> pd.DataFrame:
    """frequencies.txt by trip and start, usable rows of known trips: trip_id, start_s, end_s (exclusive), headway_s,
    exact (bool)."""
    texts = read_text_table(archive, FREQUENCIES, log)
    rows = pd.DataFrame(
        {
            "trip_id": texts["trip_id"],
            "start_s": clock_seconds(pd.Index(texts["start_time"])),
            "end_s": clock_seconds(pd.Index(texts["end_time"])),
            "headway_s": pd.to_numeric(texts["headway_secs"], errors="coerce")
            .fillna(0)
            .clip(0, 2**31 - 1)
            .astype(np.int32),
            "exact": texts["exact_times"] == "1",
        }
    )
    usable = rows["trip_id"].isin(trips["trip_id"]) & (rows["headway_s"] > 0)
    usable &= (rows["start_s"] != NO_TIME) & (rows["end_s"] > rows["start_s"])
    log.add_trips(
        "frequencies_unusable",
        int((~usable).sum()),
        len(rows),
        rows["trip_id"][~usable],
        f"{int((~usable).sum()):,} rows of frequencies.txt were left out (headway 0, no end after the start, or an "
        "unknown trip); a trip left with no usable row runs once, at the times in stop_times.txt",
    )
    in_order = (
        rows[usable].drop_duplicates().sort_values(["trip_id", "start_s", "end_s", "headway_s"], ignore_index=True)
    )
    _note_overlaps(in_order, log)
    return in_order


def _note_overlaps(rows: pd.DataFrame, log: RepairLog) -> None:
    previous_end = rows.groupby("trip_id")["end_s"].shift(fill_value=NO_TIME)
    overlaps = rows["start_s"] < previous_end
    log.add_trips(
        "frequencies_overlap",
        int(overlaps.sum()),
        len(rows),
        rows["trip_id"][overlaps],
        f"{int(overlaps.sum()):,} rows of frequencies.txt begin before the row before them ends; both were laid "
        "out, so service may be counted twice there",
    )


def read_transfers(archive: Archive, stops: pd.DataFrame, log: RepairLog) -> pd.DataFrame:
    """transfers.txt between known stops or stations, types 0-3: from_stop_id, to_stop_id, transfer_type (int8),
    min_transfer_s (int32, -1 where none)."""
    texts = read_text_table(archive, TRANSFERS, log)
    specific = (texts[["from_route_id", "to_route_id", "from_trip_id", "to_trip_id"]] != "").any(axis=1)
    kind = texts["transfer_type"].where(texts["transfer_type"] != "", "0")
    general = ~specific & kind.isin(["0", "1", "2", "3"])
    log.add(
        "transfers_ignored",
        int((~general).sum()),
        len(texts),
        texts["from_stop_id"][~general],
        f"{int((~general).sum()):,} rows of transfers.txt for single routes or trips, or of type 4 or 5, were ignored",
    )
    known = texts["from_stop_id"].isin(stops["stop_id"]) & texts["to_stop_id"].isin(stops["stop_id"])
    log.add(
        "transfers_at_unknown_stops",
        int((general & ~known).sum()),
        len(texts),
        texts["from_stop_id"][general & ~known],
        f"{int((general & ~known).sum()):,} rows of transfers.txt at stops that are not in stops.txt were dropped",
    )
    minimum = pd.to_numeric(texts["min_transfer_time"], errors="coerce")
    minimum = minimum.where((minimum >= 0) & (minimum < 2**31)).fillna(NO_MINIMUM).astype(np.int32)
    kept = (general & known).to_numpy()
    rows = pd.DataFrame(
        {
            "from_stop_id": texts["from_stop_id"],
            "to_stop_id": texts["to_stop_id"],
            "transfer_type": kind.where(kept, "0").astype(np.int8),
            "min_transfer_s": minimum,
        }
    )[kept]
    return rows.drop_duplicates().sort_values(list(rows.columns), ignore_index=True)
