"""Matches ids across the tables of a feed where a table library wrote some of them as decimals: 7.0 in one, 7 in the other."""

from typing import NamedTuple, cast

import numpy as np
import pandas as pd

from accessibility.repair_log import RepairLog

_DECIMAL_END = r"^([+-]?\d+)\.0+$"


class IdColumn(NamedTuple):
    """Which column of which table refers to the ids of which other table."""

    column: str
    table: str
    known_table: str


def as_known(ids: pd.Index, known: pd.Index) -> pd.Index:
    """The ids as `known` writes them, where both are the same but for a decimal end; others as they are."""
    lost = np.flatnonzero(~ids.isin(known) & (ids != ""))
    if not len(lost):
        return ids
    plain = known.str.replace(_DECIMAL_END, r"\1", regex=True)
    known, plain = known[~plain.duplicated(keep=False)], plain[~plain.duplicated(keep=False)]
    row = plain.get_indexer(ids[lost].str.replace(_DECIMAL_END, r"\1", regex=True))
    mended = ids.to_numpy(dtype=object, copy=True)
    mended[lost[row >= 0]] = known[row[row >= 0]]
    return cast(pd.Index, pd.Index(mended, dtype=object))


def with_known_ids(texts: pd.Series, known: pd.Series, where: IdColumn, log: RepairLog) -> pd.Series:
    """A column of ids as the other table writes them; what was taken for the same is counted."""
    mended = as_known(pd.Index(texts, dtype=object), pd.Index(known.unique(), dtype=object))
    changed = np.asarray(mended != texts.to_numpy(dtype=object))
    note_decimal_ids(int(changed.sum()), len(texts), texts[changed], where, log)
    return pd.Series(mended, index=texts.index, dtype=object)


def note_decimal_ids(count: int, total: int, names: pd.Series | pd.Index, where: IdColumn, log: RepairLog) -> None:
    """Count ids that were taken for those of another table though they are written otherwise."""
    effect = (
        f"{count:,} values of {where.column} in {where.table} differ from those in {where.known_table} only by a "
        "decimal end (7.0 for 7) and were taken for the same"
    )
    log.add("ids_as_decimals", count, total, names, effect)
