"""Columns as values of the page's data: rounded numbers, and repeated words written once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from maps.styles import as_numbers, as_text

DECIMALS = {"minutes": 1, "share": 5, "score": 1, "number": 2, "change": 3, "seconds": 0}

ColumnValues = Sequence[str | float | None] | dict[str, Any]  # one value for each entry, or words packed


def packed(words: Sequence[str]) -> dict[str, Any]:
    """The words packed: each distinct word once ("of"), and for each entry the number of its word ("at")."""
    codes, distinct = pd.factorize(np.asarray(words, dtype=object))
    return {"of": [str(word) for word in distinct], "at": codes.tolist()}


def words_of(values: pd.Series) -> ColumnValues:
    """The column as words; packed where words repeat enough."""
    words = as_text(values).tolist()
    return packed(words) if len(set(words)) <= len(words) / 2 else words


def numbers_of(values: pd.Series, kind: str) -> ColumnValues:
    """The column as numbers, rounded to the decimals of its kind; None where missing; whole numbers without a decimal point."""
    rounded = np.round(as_numbers(values), DECIMALS.get(kind, 0))
    finite = np.isfinite(rounded)
    return [
        (int(value) if value.is_integer() else value) if known else None
        for value, known in zip(rounded.tolist(), finite.tolist(), strict=True)
    ]
