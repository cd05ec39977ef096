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
RULE_COLUMNS = ("from_route_id", "to_route_id", *_TRIP_ENDS)  # for which trips a rule is; "" for all
_MINIMUM_TYPE = "2"  # the transfer type with a minimum time
_FORBIDDEN_TYPE = 3
IN_SEAT, NOT_IN_SEAT = 4, 5  # transfer types
_LONGEST_MINIMUM_S = 7 * DAY_S  # longer times forbid the transfer as this one does


class TransferTables(NamedTuple):
    """What transfers.txt says, in order of its columns."""

    rules: pd.DataFrame  # from_stop_id, to_stop_id, transfer_type (int8, 0-3), min_transfer_s (int32, -1 if none)
    stays: pd.DataFrame  # from_trip_id, to_trip_id, allowed: whether people may stay aboard when one becomes the other
    # The columns of `rules`, and RULE_COLUMNS: rules of types 0-3 for single routes or trips.
    narrow: pd.DataFrame


def nothing_of(types: Mapping[str, str]) -> pd.DataFrame:
    """A table without rows, from the type of each column."""
    return pd.DataFrame({column: np.empty(0, dtype) for column, dtype in types.items()})


def no_stays() -> pd.DataFrame:
    """`TransferTables.stays` of a feed that says nothing of it."""
    return nothing_of(_STAY_TYPES)


def no_narrow_rules() -> pd.DataFrame:
    """`TransferTables.narrow` of a feed that has none."""
    return nothing_of({**_TRANSFER_TYPES, **dict.fromkeys(RULE_COLUMNS, "object")})


def read_transfers(archive: Archive, stops: pd.DataFrame, trips: pd.DataFrame, log: RepairLog) -> TransferTables:
    """Rules of types 0-3 between known stops or stations (those of type 2 always have a time), and rows of types 4 and 5
    between known trips; `trips` are those of trips.txt."""
    texts = read_text_table(archive, TRANSFERS, log)
    if texts.empty:
        return TransferTables(nothing_of(_TRANSFER_TYPES), no_stays(), no_narrow_rules())
    for end in _TRANSFER_ENDS:
        texts[end] = with_known_ids(texts[end], stops["stop_id"], IdColumn(end, TRANSFERS.name, "stops.txt"), log)
    for end in _TRIP_ENDS:
        texts[end] = with_known_ids(texts[end], trips["trip_id"], IdColumn(end, TRANSFERS.name, "trips.txt"), log)
    kind = texts["transfer_type"].where(texts["transfer_type"] != "", "0")
    stays = _stays(texts, kind, trips["trip_id"], log)
    rules = _strictest(_rules(texts, kind, stops, log), len(texts), log)
    narrow = (rules[list(RULE_COLUMNS)] != "").any(axis=1)
    general = rules.loc[~narrow, list(_TRANSFER_TYPES)]
    return TransferTables(
        general.drop_duplicates().sort_values(list(general.columns), ignore_index=True),
        stays,
        _of_known_trips(rules[narrow], trips, len(texts), log),
    )


def _of_known_trips(narrow: pd.DataFrame, trips: pd.DataFrame, total: int, log: RepairLog) -> pd.DataFrame:
    """The rules whose routes and trips there are; in order."""
    known = pd.Series(data=True, index=narrow.index)
    for column in RULE_COLUMNS:
        ids = trips["trip_id" if column in _TRIP_ENDS else "route_id"]
        known &= narrow[column].isin({"", *ids})
    n = int((~known).sum())
    effect = f"{n:,} rows of {TRANSFERS.name} for single routes or trips name one without trips; they were dropped"
    log.add("transfers_of_unknown_trips", n, total, narrow.loc[~known, "from_stop_id"], effect)
    return narrow[known].drop_duplicates().sort_values(list(narrow.columns), ignore_index=True)


def _rules(texts: pd.DataFrame, kind: pd.Series, stops: pd.DataFrame, log: RepairLog) -> pd.DataFrame:
    """Rules of types 0-3 between known stops, for all trips and for single ones."""
    general = _change_rules(texts, kind, log)
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
    return pd.DataFrame(
        {
            "from_stop_id": texts["from_stop_id"],
            "to_stop_id": texts["to_stop_id"],
            "transfer_type": kind.where(kept & ~timeless, "0").astype(np.int8),
            "min_transfer_s": minimum,
            **{column: texts[column] for column in RULE_COLUMNS},
        }
    )[kept]


def _strictest(rules: pd.DataFrame, total: int, log: RepairLog) -> pd.DataFrame:
    """The rules without those that a stricter one for the same stops, routes and trips contradicts.

    A forbidden transfer (3) is stricter than a minimum time (2), a longer time than a shorter one, and both than types 0 and 1:
    people are promised no change that one of the rows denies.
    """
    kind = rules["transfer_type"]
    strictness = rules["min_transfer_s"].astype(np.int64).where(kind == int(_MINIMUM_TYPE), NO_MINIMUM)
    strictness = strictness.mask(kind == _FORBIDDEN_TYPE, np.iinfo(np.int64).max)
    keys = [rules[column] for column in (*_TRANSFER_ENDS, *RULE_COLUMNS)]
    kept = strictness == strictness.groupby(keys).transform("max")
    n = int((~kept).sum())
    effect = (
        f"{n:,} rows of {TRANSFERS.name} contradict another row for the same stops; the stricter one holds (no transfer, else "
        "the longer minimum time)"
    )
    log.add("transfers_contradictory", n, total, rules.loc[~kept, "from_stop_id"], effect)
    return rules[kept]


def _stays(texts: pd.DataFrame, kind: pd.Series, trips: pd.Series, log: RepairLog) -> pd.DataFrame:
    """Rows of types 4 and 5 between two known trips; type 5 wins where both are said of the same two."""
    asked = kind.isin([str(IN_SEAT), str(NOT_IN_SEAT)])
    known = texts[list(_TRIP_ENDS)].isin(set(trips)).all(axis=1)
    what = "of type 4 or 5 (staying aboard) do not name two trips of trips.txt; they were dropped"
    _note_transfers(log, "of_unknown_trips", texts, asked & ~known, what)
    rows = texts[list(_TRIP_ENDS)].assign(allowed=kind == str(IN_SEAT))[asked & known]
    ordered = rows.sort_values([*_TRIP_ENDS, "allowed"])
    return ordered.drop_duplicates(list(_TRIP_ENDS), ignore_index=True)


def _change_rules(texts: pd.DataFrame, kind: pd.Series, log: RepairLog) -> pd.Series:
    """(n,) whether a row is a rule for changing (types 0-3); rows of unknown types are counted."""
    staying = kind.isin([str(IN_SEAT), str(NOT_IN_SEAT)])
    known = kind.isin(["0", "1", "2", "3"])
    unknown = ~staying & ~known
    words = ", ".join(sorted(map(repr, kind[unknown].unique()))[:5])
    _note_transfers(
        log,
        "of_unknown_type",
        texts,
        unknown,
        f"have a transfer_type that GTFS does not know ({words}); they were ignored",
    )
    return known


def _note_transfers(log: RepairLog, code: str, texts: pd.DataFrame, rows: pd.Series, what: str) -> None:
    names = texts["from_stop_id"].where(texts["from_stop_id"] != "", texts["from_trip_id"])[rows]
    log.add(
        f"transfers_{code}", int(rows.sum()), len(texts), names, f"{int(rows.sum()):,} rows of {TRANSFERS.name} {what}"
    )
