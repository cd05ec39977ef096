"""Walking effort between two sets of points or nodes, as pairs in any order and as compressed sparse rows.

With two steps by which kernels fill rows: numpy's own take numba seconds to compile.
"""

from typing import Any, NamedTuple

import numpy as np

from accessibility.compressed_rows import least_of_pairs
from accessibility.kernels.jit import inner
from accessibility.legs import Float, Int32, Int64


class Pairs(NamedTuple):
    """Metres of effort from rows to columns, in any order; infinite where walking is not possible."""

    row: Int64  # (n,)
    column: Int64  # (n,)
    effort_m: Float  # (n,)


class Table(NamedTuple):
    """Metres of effort in compressed sparse rows: row `i` is `offset[i]:offset[i + 1]`, ascending by column."""

    offset: Int64  # (n_rows + 1,)
    column: Int32  # (n_entries,)
    effort_m: Float  # (n_entries,)


def table(n_rows: int, pairs: Pairs) -> Table:
    """A `Table` of pairs, with the least effort of repeated pairs and without infinite ones."""
    finite = np.isfinite(pairs.effort_m)
    return Table(*least_of_pairs(n_rows, pairs.row[finite], pairs.column[finite], pairs.effort_m[finite]))


def flipped(pairs: Pairs) -> Pairs:
    """The pairs with rows and columns exchanged."""
    return Pairs(pairs.column, pairs.row, pairs.effort_m)


@inner
def with_room(rows: Any, needed: int) -> Any:
    """The array, at least doubled where it has fewer than `needed` rows."""
    if needed <= len(rows):
        return rows
    longer = np.empty(max(2 * len(rows), needed), rows.dtype)
    for i in range(len(rows)):
        longer[i] = rows[i]
    return longer


@inner
def sort_first(numbers: Int64, n: int) -> None:
    """Sort the first `n` numbers ascending (Shell 1959, with gaps that shrink 2.25 times as those of Tokuda 1992)."""
    gap = n
    while gap > 1:
        gap = max(1, gap * 4 // 9)
        for i in range(gap, n):
            number, j = numbers[i], i
            while j >= gap and numbers[j - gap] > number:
                numbers[j] = numbers[j - gap]
                j -= gap
            numbers[j] = number
