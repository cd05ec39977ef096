"""Notes on the columns of a layer (title, unit, source, vintage), and integer types for counts of whole things."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

COUNTED = frozenset({"people", "count", "jobs", "households", "decile", "quintile", "rank"})  # units of whole things
_MEASURES = frozenset({"ha", "km", "m", "s", "deg"})  # units that a heading has to name


class ColumnNote(NamedTuple):
    """The title, unit, source and vintage of one column."""

    title: str
    unit: str = ""
    source: str = ""
    vintage: str = ""

    @property
    def heading(self) -> str:
        """The title, with the unit in brackets if it is one of length, area, time or angle."""
        return f"{self.title} ({self.unit})" if self.unit in _MEASURES else self.title

    @property
    def description(self) -> str:
        """The title, unit, source and vintage as one line of text."""
        parts = [self.title, f"Unit: {self.unit}" if self.unit else "", self.source and f"Source: {self.source}"]
        line = ". ".join(part.rstrip(".") for part in parts if part)
        return f"{line} ({self.vintage})." if self.source and self.vintage else f"{line}."


Notes = Mapping[str, ColumnNote]
NO_NOTES: Notes = MappingProxyType({})
Frame = TypeVar("Frame", bound=pd.DataFrame)


def with_integers(frame: Frame, notes: Notes) -> Frame:
    """The frame with columns of counts as Int64 (missing values stay missing) if all their values are whole.

    A count with fractions, because it was divided among zones, is rounded to one decimal: whole numbers would lose
    people, and more decimals would be false precision.
    """
    counts = [column for column in frame.columns if column in notes and notes[column].unit in COUNTED]
    return frame.assign(**{column: _typed(frame[column]) for column in counts}) if counts else frame


def _typed(values: pd.Series) -> pd.Series | pd.arrays.IntegerArray:
    if not pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype):
        return values
    numbers = values.to_numpy("float64", na_value=np.nan)
    missing = np.isnan(numbers)
    known = np.where(missing, 0.0, numbers)
    if ((known == known.round()) & (np.abs(known) < 2**53)).all():
        return pd.arrays.IntegerArray(known.astype(np.int64), missing)
    return values.round(1) if pd.api.types.is_float_dtype(values.dtype) else values
