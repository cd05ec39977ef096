"""Nomis tables: one request per district, paged by RECORD_COUNT because long answers are cut without notice."""

import csv
import io
import os
import re
from collections.abc import Callable, Collection, Sequence

import pandas as pd

from corridors.fetch.errors import FetchError, RefusedError
from corridors.fetch.http.downloader import Downloader
from corridors.fetch.http.responses import whole_number
from corridors.fetch.registry import NomisTable
from layers import cleaned

# After a district's code: all its areas of a kind; and the name of their codes in our tables.
AREAS = {"LSOA 2021": ("TYPE151", "lsoa21_code"), "OA 2021": ("TYPE150", "oa21_code")}
UID_VARIABLE = "CORRIDORS_NOMIS_UID"  # optional, an account's key: answers may then be longer
_MAX_PAGES = 200


def fetch_table(
    ask: NomisTable, districts: Sequence[str], web: Downloader, zones: Callable[[], Collection[str]] | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The table of a dataset: lsoa21_code or oa21_code (text), and the columns of `ask` (numbers, NaN where withheld); notes.

    Where Nomis can't give the areas of a district, and `zones` gives the codes wanted, those of all areas are asked for and
    theirs kept. Raises `FetchError` for an empty answer, a missing category, and pages that end too soon.
    """
    rows, notes = _rows_of(ask, districts, web, zones)
    code, name = rows[ask.dimension], rows[f"{ask.dimension}_name"].map(_plain)
    table = {
        column: _summed(rows, code.isin(wanted) | name.isin([_plain(category) for category in wanted]), ask, wanted)
        for column, wanted in ask.columns.items()
    }
    return pd.DataFrame(table).rename_axis(AREAS[ask.by][1]).reset_index(), notes


def _rows_of(
    ask: NomisTable, districts: Sequence[str], web: Downloader, zones: Callable[[], Collection[str]] | None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    try:
        return pd.concat([_district_rows(ask, district, web) for district in districts], ignore_index=True), ()
    except GeographyError as error:
        if zones is None:
            raise
        rows = _district_rows(ask, "", web)
        of_zones = rows[rows["geography_code"].isin(set(zones()))].reset_index(drop=True)
        return of_zones, (f"all areas were asked for, because those of districts could not be had ({error})",)


class GeographyError(FetchError):
    """Nomis answers a question by district with nothing, or with 400."""


def _summed(rows: pd.DataFrame, chosen: pd.Series, ask: NomisTable, wanted: Sequence[str]) -> pd.Series:
    n_categories = rows.loc[chosen, ask.dimension].nunique()
    if n_categories != len(wanted):
        categories = "; ".join(sorted(rows[f"{ask.dimension}_name"].unique())[:30])
        raise FetchError(f"Nomis {ask.dataset}: expected the categories {'; '.join(wanted)}; it has {categories}")
    values = pd.to_numeric(rows.loc[chosen, "obs_value"], errors="coerce")
    zones = rows.loc[chosen, "geography_code"]
    # A sum of which a part is withheld is NaN.
    summed: pd.Series = values.groupby(zones).agg(lambda parts: parts.sum(skipna=False))
    return summed


def _district_rows(ask: NomisTable, district: str, web: Downloader) -> pd.DataFrame:
    pages = [_page(ask, district, 0, web)]
    n_rows = len(pages[0])
    total = _rows_in_all(pages[0], ask, district) if n_rows else 1
    while n_rows < total and len(pages[-1]) and len(pages) < _MAX_PAGES:
        pages.append(_page(ask, district, n_rows, web))
        n_rows += len(pages[-1])
    if n_rows < total:
        raise FetchError(f"Nomis {ask.dataset}, {district}: the answer ends after {n_rows:,} of its rows")
    return pd.concat(pages, ignore_index=True)


def _rows_in_all(page: pd.DataFrame, ask: NomisTable, district: str) -> int:
    total = whole_number(page["record_count"].iloc[0])
    if total is None:
        raise FetchError(f"Nomis {ask.dataset}, {district}: its number of rows is no number")
    return total


def _page(ask: NomisTable, district: str, offset: int, web: Downloader) -> pd.DataFrame:
    wanted = ["geography_code", ask.dimension, f"{ask.dimension}_name", "obs_value", "record_count"]
    query = {
        **ask.fixed,
        "geography": f"{district}{AREAS[ask.by][0]}",
        "select": ",".join(wanted),
        "RecordOffset": str(offset),
        **({"uid": os.environ[UID_VARIABLE]} if os.environ.get(UID_VARIABLE) else {}),
    }
    try:
        content = web.answer(f"{ask.base}/{ask.dataset}.data.csv", query=query)
    except RefusedError as error:
        raise GeographyError(str(error)) from error
    try:
        lines = list(csv.reader(io.StringIO(cleaned(content.decode("utf-8-sig")))))
    except (UnicodeDecodeError, csv.Error):
        raise FetchError(f"Nomis {ask.dataset}, {district}: the answer is not a table of commas in UTF-8") from None
    if not lines:
        raise GeographyError(
            f"Nomis {ask.dataset}, {district}: an empty answer, which is how Nomis says that the question is wrong"
        )
    header = [cell.strip().lower() for cell in lines[0]]
    missing = set(wanted) - set(header)
    if missing:
        raise FetchError(f"Nomis {ask.dataset}: no column {', '.join(sorted(missing))}; it has {', '.join(header)}")
    repeated = [name for name in wanted if header.count(name) > 1]
    if repeated:
        raise FetchError(f"Nomis {ask.dataset}: the column {', '.join(repeated)} stands in it more than once")
    body = [line for line in lines[1:] if len(line) == len(header)]
    return pd.DataFrame(body, columns=header, dtype="str")[wanted]


def _plain(name: str) -> str:
    """A category's name without blanks around colons, which only some rows have."""
    return re.sub(r"\s*:\s*", ":", " ".join(name.split()))
