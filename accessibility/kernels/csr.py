"""Walking effort between two sets of points or nodes, as pairs in any order and as compressed sparse rows."""

from typing import NamedTuple

import numpy as np

from accessibility.compressed_rows import least_of_pairs
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
