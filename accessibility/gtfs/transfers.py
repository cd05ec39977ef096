"""Reads transfers.txt of a GTFS feed: rules for changing between stops, and trips that people may stay aboard between."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from accessibility.gtfs.archive import Archive
from accessibility.gtfs.ids import IdColumn, with_known_ids
from accessibility.gtfs.tables import TableSpec, read_text_table
from accessibility.gtfs.times import DAY_S
from accessibility.repair_log import RepairLog

# No column is required: a table of rows for single trips (types 4 and 5) needs no stops.
TRANSFERS = TableSpec(
    "transfers.txt",
    (),
    (
        "from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time",
        "from_route_id", "to_route_id", "from_trip_id", "to_trip_id",
    ),
    mandatory=False,
    whole_numbers=("transfer_type",),
)  # fmt: skip
NO_MINIMUM = -1
_TRANSFER_TYPES = {
    "from_stop_id": "object", "to_stop_id": "object", "transfer_type": "int8", "min_transfer_s": "int32",
}  # fmt: skip
_STAY_TYPES = {"from_trip_id": "object", "to_trip_id": "object", "allowed": "bool"}
_TRANSFER_ENDS = ("from_stop_id", "to_stop_id")
_TRIP_ENDS = ("from_trip_id", "to_trip_id")
_NARROW_COLUMNS = ("from_route_id", "to_route_id", *_TRIP_ENDS)
_MINIMUM_TYPE = "2"  # the transfer type with a minimum time
IN_SEAT, NOT_IN_SEAT = 4, 5  # transfer types
_LONGEST_MINIMUM_S = 7 * DAY_S  # longer times forbid the transfer as this one does


class TransferTables(NamedTuple):
    """What transfers.txt says, in order of its columns."""

    rules: pd.DataFrame  # from_stop_id, to_stop_id, transfer_type (int8, 0-3), min_transfer_s (int32, -1 if none)
    stays: pd.DataFrame  # from_trip_id, to_trip_id, allowed: whether people may stay aboard when one becomes the other


def nothing_of(types: Mapping[str, str]) -> pd.DataFrame:
    """A table without rows, from the type of each column."""
    return pd.DataFrame({column: np.empty(0, dtype) for column, dtype in types.items()})


def no_stays() -> pd.DataFrame:
    """`TransferTables.stays` of a feed that says nothing of it."""
    return nothing_of(_STAY_TYPES)


def read_transfers(archive: Archive, stops: pd.DataFrame, trips: pd.Series, log: RepairLog) -> TransferTables:
    """Rules of types 0-3 between known stops or stations (those of type 2 always have a time), and rows of types 4 and 5
    between known trips; `trips` are the ids of trips.txt."""
    texts = read_text_table(archive, TRANSFERS, log)
    if texts.empty:
        return TransferTables(nothing_of(_TRANSFER_TYPES), no_stays())
    for end in _TRANSFER_ENDS:
        texts[end] = with_known_ids(texts[end], stops["stop_id"], IdColumn(end, TRANSFERS.name, "stops.txt"), log)
    for end in _TRIP_ENDS:
        texts[end] = with_known_ids(texts[end], trips, IdColumn(end, TRANSFERS.name, "trips.txt"), log)
    kind = texts["transfer_type"].where(texts["transfer_type"] != "", "0")
    stays = _stays(texts, kind, trips, log)
    return TransferTables(_rules(texts, kind, stops, log), stays)


def _rules(texts: pd.DataFrame, kind: pd.Series, stops: pd.DataFrame, log: RepairLog) -> pd.DataFrame:
    general = _general_transfers(texts, kind, log)
    known = texts[list(_TRANSFER_ENDS)].isin(set(stops["stop_id"])).all(axis=1)
    _note_transfers(
        log,
        "at_unknown_stops",
        texts,
        general & ~known,
        "name no stop, or one that is not in stops.txt; they were dropped",
    )
    kept = (general & known).to_numpy()
    minimum = pd.to_numeric(texts["min_transfer_time"], errors="coerce")
    minimum = minimum.where(minimum >= 0).clip(upper=_LONGEST_MINIMUM_S).fillna(NO_MINIMUM).astype(np.int32)
    timeless = (kind == _MINIMUM_TYPE) & (minimum == NO_MINIMUM) & kept
    _note_transfers(
        log,
        "without_time",
        texts,
        timeless,
        "ask for a minimum time (type 2) and give none that is a number of seconds; people change there as if they "
        "were not there",
    )
    rows = pd.DataFrame(
        {
            "from_stop_id": texts["from_stop_id"],
            "to_stop_id": texts["to_stop_id"],
            "transfer_type": kind.where(kept & ~timeless, "0").astype(np.int8),
            "min_transfer_s": minimum,
        }
    )[kept]
    return rows.drop_duplicates().sort_values(list(rows.columns), ignore_index=True)


def _stays(texts: pd.DataFrame, kind: pd.Series, trips: pd.Series, log: RepairLog) -> pd.DataFrame:
    """Rows of types 4 and 5 between two known trips; type 5 wins where both are said of the same two."""
    asked = kind.isin([str(IN_SEAT), str(NOT_IN_SEAT)])
    known = texts[list(_TRIP_ENDS)].isin(set(trips)).all(axis=1)
    what = "of type 4 or 5 (staying aboard) do not name two trips of trips.txt; they were dropped"
    _note_transfers(log, "of_unknown_trips", texts, asked & ~known, what)
    rows = texts[list(_TRIP_ENDS)].assign(allowed=kind == str(IN_SEAT))[asked & known]
    ordered = rows.sort_values([*_TRIP_ENDS, "allowed"])
    return ordered.drop_duplicates(list(_TRIP_ENDS), ignore_index=True)


def _general_transfers(texts: pd.DataFrame, kind: pd.Series, log: RepairLog) -> pd.Series:
    """(n,) whether a row holds for all transfers between its two stops; the other rows of types 0-3 are counted."""
    staying = kind.isin([str(IN_SEAT), str(NOT_IN_SEAT)])
    of_trips = (texts[list(_NARROW_COLUMNS)] != "").any(axis=1) & ~staying
    known = kind.isin(["0", "1", "2", "3"])
    _note_transfers(log, "ignored", texts, of_trips, "hold for single routes or trips; they were ignored")
    unknown = ~of_trips & ~staying & ~known
    words = ", ".join(sorted(map(repr, kind[unknown].unique()))[:5])
    _note_transfers(
        log,
        "of_unknown_type",
        texts,
        unknown,
        f"have a transfer_type that GTFS does not know ({words}); they were ignored",
    )
    return ~of_trips & ~staying & known


def _note_transfers(log: RepairLog, code: str, texts: pd.DataFrame, rows: pd.Series, what: str) -> None:
    names = texts["from_stop_id"].where(texts["from_stop_id"] != "", texts["from_trip_id"])[rows]
    log.add(
        f"transfers_{code}", int(rows.sum()), len(texts), names, f"{int(rows.sum()):,} rows of {TRANSFERS.name} {what}"
    )
