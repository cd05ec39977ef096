"""Matches ids between the tables of a feed if software wrote some of them as decimals: 7.0 in one table, 7 in the other."""

from typing import NamedTuple, cast

import numpy as np
import pandas as pd

from accessibility.repair_log import RepairLog

_DECIMAL_END = r"^([+-]?\d+)\.0+$"


class IdColumn(NamedTuple):
    """A column of ids, its table, and the table that defines these ids."""

    column: str
    table: str
    known_table: str


def as_known(ids: pd.Index, known: pd.Index) -> pd.Index:
    """The ids spelled as in `known` if they differ from it only by a decimal end (7.0 for 7); other ids unchanged."""
    unknown = np.flatnonzero(~ids.isin(known) & (ids != ""))
    if not len(unknown):
        return ids
    plain = known.str.replace(_DECIMAL_END, r"\1", regex=True)
    known, plain = known[~plain.duplicated(keep=False)], plain[~plain.duplicated(keep=False)]
    row = plain.get_indexer(ids[unknown].str.replace(_DECIMAL_END, r"\1", regex=True))
    respelled = ids.to_numpy(dtype=object, copy=True)
    respelled[unknown[row >= 0]] = known[row[row >= 0]]
    return cast(pd.Index, pd.Index(respelled, dtype=object))


def with_known_ids(texts: pd.Series, known: pd.Series, where: IdColumn, log: RepairLog) -> pd.Series:
    """A column of ids spelled as in `known` (see `as_known`); the ids changed are counted in `log`."""
    if set(texts.tolist()) <= {"", *known.tolist()}:
        return texts.astype(object)
    respelled = as_known(pd.Index(texts, dtype=object), pd.Index(known.unique(), dtype=object))
    changed = np.asarray(respelled != texts.to_numpy(dtype=object))
    note_decimal_ids(int(changed.sum()), len(texts), texts[changed], where, log)
    return pd.Series(respelled, index=texts.index, dtype=object)


def note_decimal_ids(count: int, total: int, names: pd.Series | pd.Index, where: IdColumn, log: RepairLog) -> None:
    """Count in `log` the ids (`names`) that were matched to another table's in spite of a decimal end."""
    effect = (
        f"{count:,} values of {where.column} in {where.table} differ from those in {where.known_table} only by a "
        "decimal end (7.0 for 7) and were taken for the same"
    )
    log.add("ids_as_decimals", count, total, names, effect)
