"""English Indices of Deprivation, file 7: the columns that the planner uses, with short names."""

import re
from pathlib import Path

import pandas as pd

from corridors.fetch.errors import FetchError
from layers import read_text

# Matched by their beginnings: headers of editions differ in blanks, line breaks and endings, and one was cut short.
_COLUMNS = {
    "imd_score": r"Index of Multiple Deprivation \(IMD\) Score",
    "imd_rank": r"Index of Multiple Deprivation \(IMD\) Rank",
    "imd_decile": r"Index of Multiple Deprivation \(IMD\) Decile",
    "income_rate": r"Income Score",
    "employment_rate": r"Employment Score",
    "education_score": r"Education, Skills and Training Score",
}


def deprivation_table(path: Path, key: str, year: str) -> pd.DataFrame:
    """The table of file 7: column `key` (lsoa11_code or lsoa21_code) and `_COLUMNS`, as text; one row per LSOA of England.

    `year` is that of the LSOA codes. Raises `FetchError` where a column is missing or stands there twice.
    """
    rows = read_text(path).rows
    headers = {column: " ".join(column.split()) for column in rows.columns}
    wanted = {key: rf"LSOA code \({year}\)", **_COLUMNS}
    matches = {
        ours: [column for column, plain in headers.items() if re.match(start, plain)] for ours, start in wanted.items()
    }
    wrong = [f"{wanted[ours]} ({len(columns)} times)" for ours, columns in matches.items() if len(columns) != 1]
    if wrong:
        raise FetchError(f"{path.name}: expected one column beginning with each of these: {', '.join(wrong)}")
    return pd.DataFrame({ours: rows[columns[0]] for ours, columns in matches.items()})
