"""What the columns of a layer mean, and the types that say so: counts of whole things are integers in every file."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

COUNTED = frozenset({"people", "count", "jobs", "households", "decile", "quintile", "rank"})  # units of whole things
_MEASURES = frozenset({"ha", "km", "m", "s", "deg"})  # units that a heading has to name


class ColumnNote(NamedTuple):
    """One column in words, with its unit, its source and how old that is."""

    title: str
    unit: str = ""
    source: str = ""
    vintage: str = ""

    @property
    def heading(self) -> str:
        """The title, with its unit where the words don't say it."""
        return f"{self.title} ({self.unit})" if self.unit in _MEASURES else self.title

    @property
    def description(self) -> str:
        """The note as one line."""
        parts = [self.title, f"Unit: {self.unit}" if self.unit else "", self.source and f"Source: {self.source}"]
        line = ". ".join(part.rstrip(".") for part in parts if part)
        return f"{line} ({self.vintage})." if self.source and self.vintage else f"{line}."


Notes = Mapping[str, ColumnNote]
NO_NOTES: Notes = MappingProxyType({})
Frame = TypeVar("Frame", bound=pd.DataFrame)


def with_integers(frame: Frame, notes: Notes) -> Frame:
    """The frame with Int64 (missing stays missing) where a column counts whole things and holds nothing else.

    A count that was shared out between zones and has a fraction keeps one decimal: whole numbers would lose people, and
    more decimals say what nobody knows.
    """
    counted = [column for column in frame.columns if column in notes and notes[column].unit in COUNTED]
    whole = [column for column in counted if _whole(frame[column])]
    shared = {
        column: frame[column].round(1)
        for column in counted
        if column not in whole and pd.api.types.is_float_dtype(frame[column])
    }
    return frame.assign(**shared).astype(dict.fromkeys(whole, "Int64")) if counted else frame


def _whole(values: pd.Series) -> bool:
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return False
    numbers = values.to_numpy("float64", na_value=np.nan)
    known = numbers[~np.isnan(numbers)]
    return bool((known == known.round()).all() and (np.abs(known) < 2**53).all())
