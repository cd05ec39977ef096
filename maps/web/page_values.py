"""Columns as the page's data holds them: rounded numbers, and words that repeat written once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from maps.styles import as_numbers, as_text

DECIMALS = {"minutes": 1, "share": 5, "score": 1, "number": 2, "change": 3, "seconds": 0}

Held = Sequence[str | float | None] | dict[str, Any]  # one value for each entry, or words packed


def packed(words: Sequence[str]) -> dict[str, Any]:
    """Repeated words once ("of"), and for each entry the number of its word ("at")."""
    codes, kept = pd.factorize(np.asarray(words, dtype=object))
    return {"of": [str(word) for word in kept], "at": codes.tolist()}


def words_of(values: pd.Series) -> Held:
    """The words of a column, packed where words repeat."""
    words = as_text(values).tolist()
    return packed(words) if len(set(words)) <= len(words) / 2 else words


def numbers_of(values: pd.Series, kind: str) -> Held:
    """Numbers rounded as far as anyone will read them; None where missing; whole numbers without a decimal point."""
    rounded = np.round(as_numbers(values), DECIMALS.get(kind, 0))
    return [
        None if not np.isfinite(value) else int(value) if value == int(value) else float(value) for value in rounded
    ]
