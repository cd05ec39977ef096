"""Names of columns that depend on the headline's cutoff: `jobs_within_cutoff` in the code, `jobs_within_45` in outputs.

In the code one name serves every configuration. In outputs (layers, tables, map, rasters, run.json) the name carries the
run's cutoff in minutes; where a finished run is read back the minutes are taken out of it again.
"""

import re
from typing import TypeVar

import pandas as pd

from maps import HeadlineTest

Frame = TypeVar("Frame", bound=pd.DataFrame)
_MEASURES = r"(?<![a-z])((?:centres|jobs|employment_ha|people|unknown_sites)_within)"
_MARK = "within_cutoff"
_INSIDE = re.compile(rf"{_MEASURES}_cutoff(?![a-z])")
_OUTSIDE = re.compile(rf"{_MEASURES}_[0-9]+(?:_[0-9]+)?(?![a-z0-9])")


def outside_name(text: str, cutoff_min: str) -> str:
    """A name, or a text that holds names, as in outputs: with the cutoff's minutes ("42.5" makes `jobs_within_42_5`).

    With no cutoff ("", for two runs that differ in it) it stays as it is.
    """
    if not cutoff_min or _MARK not in text:
        return text
    return _INSIDE.sub(rf"\g<1>_{re.sub('[^0-9]+', '_', cutoff_min)}", text)


def inside_name(text: str) -> str:
    """A name, or a text that holds names, as in the code: with "cutoff" in place of the minutes."""
    return _OUTSIDE.sub(r"\g<1>_cutoff", text)


def minutes_in_name(column: str) -> str:
    """The minutes in a column's name as a cutoff is written, "45" of `jobs_within_45`; empty where it has none."""
    match = _OUTSIDE.fullmatch(column)
    return column.removeprefix(f"{match[1]}_").replace("_", ".") if match else ""


def outside_columns(frame: Frame, cutoff_min: str) -> Frame:
    """The frame with its columns named as in outputs."""
    renamed = {column: _renamed(column, cutoff_min) for column in frame.columns}
    if all(name == column for column, name in renamed.items()):
        return frame
    named: Frame = frame.rename(columns=renamed)
    return named


def inside_columns(frame: Frame) -> Frame:
    """The frame with its columns named as in the code."""
    renamed: Frame = frame.rename(columns=lambda column: inside_name(column) if isinstance(column, str) else column)
    return renamed


def outside_table(table: pd.DataFrame, cutoff_min: str) -> pd.DataFrame:
    """The table with its columns, and the columns that its texts mention, named as in outputs."""
    text_columns = [
        column
        for column, dtype in zip(table.columns, table.dtypes, strict=True)
        if not (pd.api.types.is_numeric_dtype(dtype) or dtype == "geometry")
    ]
    naming = [column for column in text_columns if any(map(_names_columns, set(table[column].tolist())))]
    texts = {column: table[column].map(lambda text: _renamed(text, cutoff_min)) for column in naming}
    return outside_columns(table.assign(**texts) if texts else table, cutoff_min)


def worded_titles(table: pd.DataFrame, test: HeadlineTest) -> pd.DataFrame:
    """The table with the cutoff's minutes in place of "the cutoff" in its column `title`, where it has one."""
    return table.assign(title=table["title"].map(test.worded)) if "title" in table else table


def _names_columns(value: object) -> bool:
    return isinstance(value, str) and _MARK in value and _INSIDE.search(value) is not None


def _renamed(value: object, cutoff_min: str) -> object:
    return outside_name(value, cutoff_min) if isinstance(value, str) else value
