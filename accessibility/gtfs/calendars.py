"""Reads calendar.txt, calendar_dates.txt, frequencies.txt and feed_info.txt of a GTFS feed into typed tables."""

import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.gtfs.archive import Archive
from accessibility.gtfs.ids import IdColumn, first_of_each, with_known_ids
from accessibility.gtfs.stops import small_codes
from accessibility.gtfs.tables import TableSpec, read_text_table
from accessibility.gtfs.times import NO_TIME, calendar_days, clock_seconds
from accessibility.gtfs.transfers import nothing_of
from accessibility.repair_log import RepairLog

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CALENDAR = TableSpec(
    "calendar.txt",
    ("service_id", *WEEKDAYS, "start_date", "end_date"),
    mandatory=False,
    whole_numbers=(*WEEKDAYS, "start_date", "end_date"),
)
CALENDAR_DATES = TableSpec(
    "calendar_dates.txt",
    ("service_id", "date", "exception_type"),
    mandatory=False,
    whole_numbers=("date", "exception_type"),
)
FREQUENCIES = TableSpec(
    "frequencies.txt",
    ("trip_id", "start_time", "headway_secs"),
    ("end_time", "exact_times"),
    mandatory=False,
    whole_numbers=("exact_times",),
)
FEED_INFO = TableSpec(
    "feed_info.txt",
    (),
    ("feed_start_date", "feed_end_date"),
    mandatory=False,
    whole_numbers=("feed_start_date", "feed_end_date"),
)
# Columns of optional tables, for feeds without them.
_DATE_TYPES = {"service_id": "object", "date": "datetime64[s]", "added": "bool"}
_FREQUENCY_TYPES = {"trip_id": "object", "start_s": "int32", "end_s": "int32", "headway_s": "int32", "exact": "bool"}

StatedDays = tuple[datetime.date | None, datetime.date | None]


def read_stated_days(archive: Archive, log: RepairLog) -> StatedDays:
    """First and last day for which feed_info.txt says the feed holds; None where it says nothing that can be read."""
    texts = read_text_table(archive, FEED_INFO, log)
    first, last = calendar_days(texts["feed_start_date"]).min(), calendar_days(texts["feed_end_date"]).max()
    return tuple(None if pd.isna(day) else pd.Timestamp(day).date() for day in (first, last))  # type: ignore[return-value]


def read_calendar(archive: Archive, log: RepairLog) -> pd.DataFrame:
    """Usable rows of calendar.txt, one per service: service_id, monday ... sunday (bool), start_date, end_date (days)."""
    texts = first_of_each(read_text_table(archive, CALENDAR, log), "service_id", CALENDAR.name, log)
    start, end = calendar_days(texts["start_date"]), calendar_days(texts["end_date"])
    usable = (start <= end).to_numpy()
    _note_unusable_days(~usable, texts, CALENDAR.name, log)
    _note_unclear_weekdays(texts, log)
    days = {day: (texts[day] == "1").to_numpy()[usable] for day in WEEKDAYS}
    services = {"service_id": texts["service_id"][usable]}
    return pd.DataFrame({**services, **days, "start_date": start[usable], "end_date": end[usable]}).reset_index(
        drop=True
    )


def _note_unclear_weekdays(texts: pd.DataFrame, log: RepairLog) -> None:
    unclear = (~texts[list(WEEKDAYS)].isin(["0", "1"])).to_numpy()
    words = sorted(set(texts[list(WEEKDAYS)].to_numpy(dtype=object)[unclear]))
    effect = (
        f"{int(unclear.sum()):,} days of {CALENDAR.name} are neither 1 (runs) nor 0 but {', '.join(map(repr, words[:5]))}; they "
        "were taken as days without service"
    )
    services = texts["service_id"].to_numpy(dtype=object)[unclear.any(axis=1)]
    log.add("calendar_days_unclear", int(unclear.sum()), unclear.size, services, effect)


def read_calendar_dates(archive: Archive, calendar: pd.DataFrame, log: RepairLog) -> pd.DataFrame:
    """Usable rows of calendar_dates.txt, one per service and day: service_id, date, added (False: removed).

    A day that is both added and removed counts as removed.
    """
    texts = read_text_table(archive, CALENDAR_DATES, log)
    if texts.empty:
        return nothing_of(_DATE_TYPES)
    where = IdColumn("service_id", CALENDAR_DATES.name, CALENDAR.name)
    texts["service_id"] = with_known_ids(texts["service_id"], calendar["service_id"], where, log)
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
    removed_first = rows.sort_values(["service_id", "date", "added"])
    return removed_first.drop_duplicates(["service_id", "date"]).reset_index(drop=True)


def _note_unusable_days(unusable: npt.NDArray[np.bool_], texts: pd.DataFrame, table: str, log: RepairLog) -> None:
    log.add(
        f"{table.removesuffix('.txt')}_rows_unusable",
        int(unusable.sum()),
        len(texts),
        texts["service_id"][unusable],
        f"{int(unusable.sum()):,} rows of {table} with unreadable or reversed dates or an unknown exception_type "
        "were left out; their services may run on fewer or more days",
    )


def read_frequencies(
    archive: Archive, trips: pd.DataFrame, log: RepairLog, not_read: frozenset[str] = frozenset()
) -> pd.DataFrame:
    """Usable rows of frequencies.txt, sorted by trip and start: trip_id, start_s, end_s (exclusive), headway_s, exact
    (bool)."""
    texts = read_text_table(archive, FREQUENCIES, log)
    texts = texts[~texts["trip_id"].isin(not_read)].reset_index(drop=True) if not_read else texts
    if texts.empty:
        return nothing_of(_FREQUENCY_TYPES)
    where = IdColumn("trip_id", FREQUENCIES.name, "trips.txt")
    rows = pd.DataFrame(
        {
            "trip_id": with_known_ids(texts["trip_id"], trips["trip_id"], where, log),
            "start_s": clock_seconds(pd.Index(texts["start_time"])),
            "end_s": clock_seconds(pd.Index(texts["end_time"])),
            "headway_s": pd.to_numeric(texts["headway_secs"], errors="coerce")
            .fillna(0)
            .clip(0, 2**31 - 1)
            .astype(np.int32),
            "exact": small_codes(texts["exact_times"], (0, 1), FREQUENCIES.name, log) == 1,
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
    rows = rows[usable].drop_duplicates().sort_values(["trip_id", "start_s", "end_s", "headway_s"], ignore_index=True)
    _note_overlaps(rows, log)
    return rows


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
