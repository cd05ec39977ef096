"""Compressed sparse rows: rows of unequal length in flat arrays; row `i` has the entries `offset[i]:offset[i + 1]`."""

from typing import Any

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]


def offsets_of(counts: npt.NDArray[np.integer]) -> Int64:
    """(n + 1,) offsets of `n` rows, from the number of entries of each row."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def row_numbers(offset: npt.NDArray[np.integer]) -> Int64:
    """(n_entries,) the row number of each entry, from (n_rows + 1,) offsets."""
    return np.repeat(np.arange(len(offset) - 1), np.diff(offset))


def ranges(first: npt.NDArray[np.integer], length: npt.NDArray[np.integer]) -> Int64:
    """(sum of `length`,) the numbers `first[i]` to `first[i] + length[i] - 1` for each `i`, one range after the other."""
    offset = offsets_of(length)
    return np.arange(offset[-1]) + np.repeat(first - offset[:-1], length)


def least_of_pairs(
    n_rows: int, row: npt.NDArray[np.integer], column: npt.NDArray[np.integer], value: npt.NDArray[Any]
) -> tuple[Int64, npt.NDArray[np.int32], npt.NDArray[Any]]:
    """Compressed rows (offset, column, value) of entries in any order, with the least value of each (row, column) pair.

    `row`, `column` and `value` are (n,); the result is sorted by row and then by column.
    """
    # One key for both: three times as fast as sorting by row, column and value.
    key = np.asarray(row, np.int64) * (int(column.max(initial=0)) + 1) + column
    order = np.argsort(key)
    key = key[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    least = np.minimum.reduceat(value[order], first) if len(first) else value[:0]
    rows, columns = row[order[first]], column[order[first]]
    return offsets_of(np.bincount(rows, minlength=n_rows)), columns.astype(np.int32), least
