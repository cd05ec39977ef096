"""Ids: one row for each, and matches between tables if software wrote some as decimals (7.0 in one, 7 in the other)."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from accessibility.repair_log import RepairLog

Int32 = npt.NDArray[np.int32]
Bool = npt.NDArray[np.bool_]

_DECIMAL_END = re.compile(r"^([+-]?\d+)\.0+$")


class IdColumn(NamedTuple):
    """A column of ids, its table, and the table that defines these ids."""

    column: str
    table: str
    known_table: str


class KnownIds:
    """The distinct ids that a table defines, in its order."""

    def __init__(self, ids: pd.Series) -> None:
        self.ids = ids.to_numpy(dtype=object)
        # A dictionary keeps the hash of each id: pandas' table of millions of ids takes twenty times as long to look up.
        self._row = _numbered(self.ids)

    def rows(self, ids: list[str]) -> tuple[Int32, Bool]:
        """(n,) row of each id in the table, -1 where it is not there, and (n,) whether they differ by a decimal end.

        7.0 is taken for 7 where only that is there, and no other id that is 7 but for its decimal end.
        """
        row = _looked_up(ids, self._row)
        changed = np.zeros(len(ids), bool)
        unknown = [position for position in np.flatnonzero(row < 0).tolist() if ids[position]]
        if unknown:
            row[unknown] = _looked_up([_plain(ids[position]) for position in unknown], self._row_of_plain)
            changed[unknown] = row[unknown] >= 0
        return row, changed

    @cached_property
    def _row_of_plain(self) -> dict[str, int]:
        """The row of each id without its decimal end, where no other is the same without."""
        plain = pd.Series([_plain(ident) for ident in self.ids], dtype=object)
        distinct = np.flatnonzero(~plain.duplicated(keep=False))
        return dict(zip(plain[distinct], distinct.tolist(), strict=True))


def row_of_each(ids: pd.Series, known: Iterable[str]) -> Int32:
    """(n,) row of each id in the distinct ids `known`, -1 where it is not there."""
    return _looked_up(ids.tolist(), _numbered(known))


def _numbered(ids: Iterable[str]) -> dict[str, int]:
    return {ident: row for row, ident in enumerate(ids)}


def _looked_up(ids: Iterable[str], row: Mapping[str, int]) -> Int32:
    """(n,) row of each id, -1 where it is not there."""
    return np.array([row.get(ident, -1) for ident in ids], np.int32)


def _plain(ident: str) -> str:
    return _DECIMAL_END.sub(r"\1", ident)


def with_known_ids(texts: pd.Series, known: pd.Series, where: IdColumn, log: RepairLog) -> pd.Series:
    """A column of ids spelled as in `known` (see `KnownIds.rows`); the ids changed are counted in `log`."""
    if set(texts.tolist()) <= {"", *known.tolist()}:
        return texts.astype(object)
    table = KnownIds(pd.Series(known.unique()))
    row, changed = table.rows(texts.tolist())
    note_decimal_ids(int(changed.sum()), len(texts), texts[changed], where, log)
    respelled = texts.to_numpy(dtype=object, copy=True)
    respelled[changed] = table.ids[row[changed]]
    return pd.Series(respelled, index=texts.index, dtype=object)


def note_decimal_ids(count: int, total: int, names: Iterable[object], where: IdColumn, log: RepairLog) -> None:
    """Count in `log` the ids (`names`) that were matched to another table's in spite of a decimal end."""
    effect = (
        f"{count:,} values of {where.column} in {where.table} differ from those in {where.known_table} only by a "
        "decimal end (7.0 for 7) and were taken for the same"
    )
    log.add("ids_as_decimals", count, total, names, effect)


def first_of_each(texts: pd.DataFrame, key: str, table: str, log: RepairLog) -> pd.DataFrame:
    """One row of `texts` for each value of `key`, sorted by it; rows without a key are dropped, all drops are counted.

    Of rows with the same key the first in text order stays, so that the order of rows in the file does not matter.
    """
    blank = texts[key] == ""
    log.add(
        f"{key}_blank",
        int(blank.sum()),
        len(texts),
        [table],
        f"{int(blank.sum()):,} rows of {table} without {key} were left out",
    )
    texts = texts[~blank] if blank.any() else texts
    if len(set(texts[key].tolist())) == len(texts):
        return texts.take(_in_text_order(texts[key])).reset_index(drop=True)
    repeated = texts[key].duplicated()
    count = int(repeated.sum())
    log.add(
        f"{key}_repeated",
        count,
        len(texts),
        texts[key][repeated],
        f"{count:,} rows of {table} that repeat a {key} were left out; the first in text order was kept",
    )
    by_content = texts.sort_values([key, *(column for column in texts.columns if column != key)])
    return by_content.drop_duplicates(key).reset_index(drop=True)


def _in_text_order(texts: pd.Series) -> npt.NDArray[np.uint64]:
    """(n,) the rows in the order of Python's texts, which is that of the bytes of UTF-8: these sort eight times as fast."""
    return np.asarray(pc.sort_indices(pa.array(texts, pa.string())))
