"""English Indices of Deprivation, file 7: the columns the planner uses, under short names."""

import re
from pathlib import Path

import pandas as pd

from corridors.fetch.errors import FetchError
from layers import read_text

# Headers vary between editions in blanks, line breaks and endings, and one was seen cut short: beginnings must do.
_COLUMNS = {
    "imd_score": r"Index of Multiple Deprivation \(IMD\) Score",
    "imd_rank": r"Index of Multiple Deprivation \(IMD\) Rank",
    "imd_decile": r"Index of Multiple Deprivation \(IMD\) Decile",
    "income_rate": r"Income Score",
    "employment_rate": r"Employment Score",
    "education_score": r"Education, Skills and Training Score",
}


def deprivation_table(path: Path, key: str, year: str) -> pd.DataFrame:
    """Column `key` (lsoa11_code or lsoa21_code) and the columns above, as text; one row an LSOA of England.

    `year` is that of the LSOA codes. Raises `FetchError` when a column is not there exactly once.
    """
    rows = read_text(path).rows
    headers = {column: " ".join(column.split()) for column in rows.columns}
    wanted = {key: rf"LSOA code \({year}\)", **_COLUMNS}
    found = {
        ours: [each for each, plain in headers.items() if re.match(start, plain)] for ours, start in wanted.items()
    }
    wrong = [f"{wanted[ours]} ({len(columns)} times)" for ours, columns in found.items() if len(columns) != 1]
    if wrong:
        raise FetchError(f"{path.name}: expected one column beginning with each of these: {', '.join(wrong)}")
    return pd.DataFrame({ours: rows[columns[0]] for ours, columns in found.items()})
