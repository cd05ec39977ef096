"""Names of what lies within the headline's cutoff: `jobs_within_cutoff` inside the product, `jobs_within_45` outside it.

Inside, one name serves every configuration. Where names leave (layers, tables, map, rasters, run.json) they carry the
run's own minutes, so that no figure of 60 minutes is called one of 45; where a finished run is read back they lose them.
"""

import re
from typing import TypeVar

import pandas as pd

from maps import HeadlineTest

Frame = TypeVar("Frame", bound=pd.DataFrame)
_MEASURES = r"(?<![a-z])((?:centres|jobs|employment_ha|people)_within)"
_INSIDE = re.compile(rf"{_MEASURES}_cutoff(?![a-z])")
_OUTSIDE = re.compile(rf"{_MEASURES}_[0-9]+(?:_[0-9]+)?(?![a-z0-9])")


def outside_name(text: str, cutoff_min: str) -> str:
    """A name, or a text that holds names, with the minutes of the cutoff: "42.5" makes `jobs_within_42_5`.

    Without a cutoff ("", of two runs that differ in it) it stays as it is.
    """
    return text if not cutoff_min else _INSIDE.sub(rf"\g<1>_{re.sub('[^0-9]+', '_', cutoff_min)}", text)


def inside_name(text: str) -> str:
    """A name, or a text that holds names, without the minutes: a run has one cutoff, so none is lost."""
    return _OUTSIDE.sub(r"\g<1>_cutoff", text)


def minutes_in_name(column: str) -> str:
    """The minutes that a name carries, as a cutoff is written: "45" of `jobs_within_45`; empty where it carries none."""
    found = _OUTSIDE.fullmatch(column)
    return column.removeprefix(f"{found[1]}_").replace("_", ".") if found else ""


def outside_columns(frame: Frame, cutoff_min: str) -> Frame:
    """The frame with its columns named for readers outside."""
    renamed: Frame = frame.rename(columns=lambda column: _renamed(column, cutoff_min))
    return renamed


def inside_columns(frame: Frame) -> Frame:
    """The frame with its columns named as inside the product."""
    renamed: Frame = frame.rename(columns=lambda column: inside_name(column) if isinstance(column, str) else column)
    return renamed


def outside_table(table: pd.DataFrame, cutoff_min: str) -> pd.DataFrame:
    """The table with its columns, and the columns that its texts name, named for readers outside."""
    texts = [column for column in table.columns if not pd.api.types.is_numeric_dtype(table[column])]
    naming = [column for column in texts if any(map(_names_columns, table[column]))]
    worded = {column: table[column].map(lambda text: _renamed(text, cutoff_min)) for column in naming}
    return outside_columns(table.assign(**worded), cutoff_min)


def worded_titles(table: pd.DataFrame, test: HeadlineTest) -> pd.DataFrame:
    """The table with the minutes in place of "the cutoff" in its titles, where it has any."""
    return table.assign(title=table["title"].map(test.worded)) if "title" in table else table


def _names_columns(value: object) -> bool:
    return isinstance(value, str) and _INSIDE.search(value) is not None


def _renamed(value: object, cutoff_min: str) -> object:
    return outside_name(value, cutoff_min) if isinstance(value, str) else value
