"""Writes workbooks: tables as sheets after a README and a data dictionary, without formulas, with reproducible bytes."""

import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from layers.columns import NO_NOTES, ColumnNote, Notes
from layers.errors import LayerWriteError
from layers.writing.files import FIXED_TIME, written_whole

_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")  # the full-width ones are read as the plain ones
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # a workbook can't hold them
_NO_TITLE = re.compile(r"[\[\]:*?/\\]")
_MOST_LETTERS, _MOST_TITLE = 32_767, 31  # of a cell, of a sheet's name
_MOST_ROWS, _MOST_COLUMNS = (
    1_048_575,
    16_384,
)  # of a sheet, below its headings; the library drops what is beyond without a word
_HEAD = {"bold": True, "bg_color": "#F3F6F8", "text_wrap": True}
_OPTIONS = {  # rows go to the disk one by one, and a text is a text, whatever it looks like
    "constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False,
}  # fmt: skip


class Sheet(NamedTuple):
    """One table of a workbook."""

    title: str
    table: pd.DataFrame
    notes: Notes = NO_NOTES


def write_workbook(path: Path, sheets: Sequence[Sheet], title: str, readme: Sequence[str] = ()) -> Path:
    """Write tables as sheets, after a README (title, the lines of `readme`, a list of sheets) and a data dictionary.

    Text that a spreadsheet would run as a formula gets a leading apostrophe, as in CSV; missing values are empty cells.
    The same tables give the same bytes. Raises LayerWriteError if the file can't be written or a table is too large for a sheet.
    """
    _require_room(path, sheets)
    with written_whole(path) as partial, TemporaryDirectory(prefix=f"{partial.name}-", dir=path.parent) as scratch:
        partial.write_bytes(_workbook(sheets, title, readme, scratch))
    return path


def _require_room(path: Path, sheets: Sequence[Sheet]) -> None:
    for title, table, _ in sheets:
        if len(table) > _MOST_ROWS or len(table.columns) > _MOST_COLUMNS:
            raise LayerWriteError(
                f"{path.name} can't be written: {title} has {len(table):,} rows and {len(table.columns):,} columns, and a sheet "
                f"holds {_MOST_ROWS:,} and {_MOST_COLUMNS:,}; write it as CSV or Parquet"
            )


def _workbook(sheets: Sequence[Sheet], title: str, readme: Sequence[str], scratch: str) -> bytes:
    """The bytes of the workbook; its sheets are made in the folder `scratch`."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {**_OPTIONS, "tmpdir": scratch})
    book.set_properties({"created": datetime.fromisoformat(FIXED_TIME)})
    bold, head = book.add_format({"bold": True}), book.add_format(_HEAD)
    _readme(book.add_worksheet("README"), bold, sheets, title, readme)
    _dictionary(book.add_worksheet("Data dictionary"), head, sheets)
    for name, sheet in zip(sheet_names([sheet.title for sheet in sheets]), sheets, strict=True):
        columns = [str(column) for column in sheet.table.columns]
        _fill(book.add_worksheet(name), head, columns, _rows(sheet.table))
    book.close()
    return buffer.getvalue()


def formula_safe(text: object) -> object:
    """The text with an apostrophe before parts that a spreadsheet would run as a formula; other values are unchanged.

    Each part between semicolons is checked, because in countries with decimal commas semicolons separate the cells.
    """
    return ";".join(map(_guarded, text.split(";"))) if isinstance(text, str) else text


def formula_plain(text: str) -> str:
    """The text that `formula_safe` put apostrophes into, without them."""
    return ";".join(part[1:] if part[:1] == "'" and _FORMULA.match(part[1:]) else part for part in text.split(";"))


def _guarded(part: str) -> str:
    # OWASP, "CSV injection": spreadsheets run a cell that starts like a formula. Numbers are unchanged.
    return f"'{part}" if _FORMULA.match(part) and not _NUMBER.fullmatch(part.strip(" ")) else part


def sheet_names(titles: Iterable[str]) -> list[str]:
    """Sheet names that a workbook allows, from titles: at most 31 letters, none of []:*?/\\, all different."""
    names: list[str] = []
    for title in titles:
        plain = _NO_TITLE.sub(" ", title)[:_MOST_TITLE] or "Sheet"
        number = 2
        while plain.lower() in {name.lower() for name in names}:
            plain = f"{plain[: _MOST_TITLE - 4]} ({number})"
            number += 1
        names.append(plain)
    return names


def _readme(page: Worksheet, bold: Format, sheets: Sequence[Sheet], title: str, lines: Sequence[str]) -> None:
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 90)
    names = sheet_names([sheet.title for sheet in sheets])
    rows: list[tuple[Any, ...]] = [
        *((line,) for line in (title, *lines)),
        (),
        ("Sheet", "Rows"),
        ("Data dictionary", "What every column of every sheet means"),
        *((name, len(sheet.table)) for name, sheet in zip(names, sheets, strict=True)),
        (),
        ("An empty cell is a value that is missing, never zero. Shares run from 0 to 1.",),
    ]
    for number, row in enumerate(rows):
        _write_row(page, number, row, bold if number in {0, len(lines) + 2} else None)


def _dictionary(page: Worksheet, head: Format, sheets: Sequence[Sheet]) -> None:
    rows = (
        [sheet.title, str(column), *(sheet.notes[column] if column in sheet.notes else ColumnNote(""))]
        for sheet in sheets
        for column in sheet.table.columns
    )
    _fill(page, head, ["sheet", "column", "title", "unit", "source", "vintage"], rows)


def _fill(page: Worksheet, head: Format, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a heading row, which stays in view, and the rows."""
    page.freeze_panes(1, 1)
    for column, heading in enumerate(headings):
        page.set_column(column, column, min(max(len(heading) + 2, 10), 40))
    _write_row(page, 0, headings, head)
    for number, row in enumerate(rows, start=1):
        _write_row(page, number, row)


def _rows(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    plain = table.astype(object).where(table.notna(), None)
    yield from plain.itertuples(index=False, name=None)


def _write_row(page: Worksheet, row: int, values: Iterable[Any], look: Format | None = None) -> None:
    for column, given in enumerate(values):
        value = given.item() if hasattr(given, "item") else given
        if isinstance(value, str):
            page.write_string(row, column, _cell_text(value), look)
        elif isinstance(value, bool):
            page.write_boolean(row, column, value, look)
        elif isinstance(value, int | float) and math.isfinite(value):
            page.write_number(row, column, value, look)
        elif value is not None:
            page.write_string(row, column, _cell_text(str(value)), look)


@lru_cache(maxsize=4096)  # most texts of tables stand in many rows
def _cell_text(text: str) -> str:
    return str(formula_safe(_CONTROL.sub(" ", text)))[:_MOST_LETTERS]
