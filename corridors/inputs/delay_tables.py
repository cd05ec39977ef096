"""Reading of a table of delays per line, stop and hour, and its delays for the calls of a day's timetable."""

import datetime as dt
from collections.abc import Collection
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow

from accessibility import Timetable, line_names, plain_ids
from corridors.config.observed import NEEDED_COLUMNS, OTHER_COLUMNS, ObservedSection
from corridors.errors import ConfigError
from layers import cleaned, first_few, ordinary_file, read_text, require_columns

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]

LAST_HOUR = 47  # of a service day: hours past 23 are those after midnight
LONGEST_DELAY_S = 6 * 3600
MOST_EARLY_S = 3600
MOST_ROWS = 5_000_000
_HOUR_S = 3600
_KEYS = ["line", "operator", "stop", "hour"]


def read_delays(section: ObservedSection, fallback: dt.date) -> dict[dt.date, pd.DataFrame]:
    """Day -> its delays: line and operator (small letters), stop, hour, delay_s. Without dates all are of one day.

    That day is the section's, else `fallback`. Raises `ConfigError` with all that is wrong with the table; `LayerError` where
    it can't be read.
    """
    assert section.delays is not None
    name = section.delays.name
    rows = _texts(section)
    hour, delay_s = (pd.to_numeric(rows[column], errors="coerce") for column in ("hour", "delay_s"))
    days = pd.to_datetime(rows["date"], format="ISO8601", errors="coerce").dt.date if "date" in rows else None
    problems = [
        *_wrong(section, "hour", rows, ~(hour.between(0, LAST_HOUR) & (hour % 1 == 0)), f"whole hours of 0 to {LAST_HOUR}"),
        *_wrong(section, "delay_s", rows, delay_s.isna(), "numbers of seconds"),
        *_wrong(
            section, "delay_s", rows, (delay_s > LONGEST_DELAY_S) | (delay_s < -MOST_EARLY_S),
            f"seconds of delay, at most {LONGEST_DELAY_S:,} late and {MOST_EARLY_S:,} early: seconds, not milliseconds or a "
            "time of day",
        ),
        *(_wrong(section, "date", rows, pd.isna(days), "days such as 2026-03-24") if days is not None else ()),
        *(one for column in ("line", "stop") for one in _wrong(section, column, rows, rows[column] == "", "filled cells")),
    ]  # fmt: skip
    if not len(rows):
        problems = ["it has no rows: leave it out, or give one with delays"]
    if problems:
        raise ConfigError("\n".join([f"{name} is no table of delays as it stands:", *(f"  {one}" for one in problems)]))
    plain = rows.assign(
        line=rows["line"].str.casefold(), hour=hour.astype(int), delay_s=delay_s.round().astype(np.int64)
    )
    plain["operator"] = rows["operator"].str.casefold() if "operator" in rows else ""
    whole = plain[[*_KEYS, "delay_s"]].assign(date=days if days is not None else (section.date or fallback))
    _require_once(name, whole)
    return {date: whole[whole["date"] == date].drop(columns="date") for date in sorted(set(whole["date"]))}


def delays_of_calls(planned: Timetable, feeds: Collection[str], delays: pd.DataFrame) -> tuple[Int64, Bool]:
    """((n_events,) delay in seconds, 0 where none is known; (n_events,) whether one is) of a timetable's calls.

    A call is known by its line, its stop and the hour in which the timetable has it leave (at the last stop: arrive), and by
    the operator in rows that name one. Hours are of the service day, as the timetable's times are.
    """
    calls = planned.calls()
    route = planned.pattern_route[calls.pattern]
    time_s = np.where(_is_last(planned, calls.position), planned.arrival_s, planned.departure_s)
    frame = pd.DataFrame(
        {
            "line": line_names(planned, feeds)[route],
            "stop": plain_ids(planned.stops["stop_id"], feeds)[planned.position_stop[calls.position]],
            "hour": time_s // _HOUR_S,
        }
    )
    operators = planned.routes["agency"].str.strip().str.casefold().to_numpy(object)[route]
    found = np.full(len(frame), np.nan)
    for operator, rows in delays.groupby("operator"):
        by_key = rows.set_index(["line", "stop", "hour"])["delay_s"]
        of_rows = by_key.reindex(pd.MultiIndex.from_frame(frame)).to_numpy(float)
        found = np.where(np.isnan(of_rows) | ((operators != operator) & (operator != "")), found, of_rows)
    known = ~np.isnan(found)
    return np.where(known, found, 0.0).astype(np.int64), known


def _is_last(planned: Timetable, position: Int64) -> Bool:
    last: Bool = np.isin(position, planned.pattern_position_offset[1:].astype(np.int64) - 1)
    return last


def _texts(section: ObservedSection) -> pd.DataFrame:
    """The columns that are used, as texts under our names."""
    assert section.delays is not None
    wanted = [section.column(name) for name in NEEDED_COLUMNS]
    named = {section.column(name): name for name in (*NEEDED_COLUMNS, *OTHER_COLUMNS)}
    table = (
        _parquet(section.delays)
        if section.delays.suffix.lower() == ".parquet"
        else read_text(section.delays, wanted).rows
    )
    require_columns(section.delays.name, table.columns, [*wanted, *section.columns.values()])
    if len(table) > MOST_ROWS:
        raise ConfigError(
            f"{section.delays.name} has {len(table):,} rows, above the {MOST_ROWS:,} read: keep the region's"
        )
    chosen = table[[column for column in table if column in named]].rename(columns=named)
    return chosen.map(lambda value: cleaned(str(value)).strip() if pd.notna(value) else "")


def _parquet(path: Path) -> pd.DataFrame:
    file = ordinary_file(path, (".parquet",))
    try:
        return pd.read_parquet(file)
    except (ValueError, OSError, pyarrow.ArrowException) as error:
        raise ConfigError(f"{file.name} can't be read as Parquet: it is damaged or cut short; make it again") from error


def _wrong(
    section: ObservedSection, column: str, rows: pd.DataFrame, wrong: pd.Series | Bool, wanted: str
) -> list[str]:
    values = rows[column][np.asarray(wrong, bool)]
    if not len(values):
        return []
    return [
        f"column {section.column(column)} is to hold {wanted}; {len(values):,} row(s) do not ({first_few(list(values))})"
    ]


def _require_once(name: str, rows: pd.DataFrame) -> None:
    """Raise `ConfigError` where a line, stop and hour has two delays on a day."""
    twice = rows[rows.duplicated([*_KEYS, "date"], keep=False)]
    if len(twice):
        first = twice.iloc[0]
        raise ConfigError(
            f"{name}: {len(twice):,} rows are of a line, stop and hour that stand there more than once, first line "
            f"{first['line']}, stop {first['stop']}, hour {first['hour']}; give one delay for each, such as the median"
        )
