"""Writes workbooks: tables as sheets after a README and a data dictionary, without formulas, with reproducible bytes."""

import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from layers.columns import NO_NOTES, ColumnNote, Notes
from layers.errors import LayerWriteError
from layers.writing.archives import with_fixed_times
from layers.writing.files import FIXED_TIME, written_whole

_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")  # the full-width ones are read as the plain ones
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # a workbook can't hold them
_NO_TITLE = re.compile(r"[\[\]:*?/\\]")
_MOST_LETTERS, _MOST_TITLE = 32_767, 31  # of a cell, of a sheet's name
_HEAD = {
    "font": Font(bold=True),
    "fill": PatternFill("solid", fgColor="F3F6F8"),
    "alignment": Alignment(wrap_text=True),
}


class Sheet(NamedTuple):
    """One table of a workbook."""

    title: str
    table: pd.DataFrame
    notes: Notes = NO_NOTES


def write_workbook(path: Path, sheets: Sequence[Sheet], title: str, readme: Sequence[str] = ()) -> Path:
    """Write tables as sheets, after a README (title, the lines of `readme`, a list of sheets) and a data dictionary.

    Text that a spreadsheet would run as a formula gets a leading apostrophe, as in CSV; missing values are empty cells.
    The same tables give the same bytes. Raises LayerWriteError if the file can't be written.
    """
    with written_whole(path) as partial:
        try:
            partial.write_bytes(_timeless(_workbook(sheets, title, readme)))
        except Exception as error:
            if not type(error).__module__.startswith("lxml"):  # openpyxl writes sheets with lxml if it is installed
                raise
            raise LayerWriteError(
                f"{path.name} can't be written: its sheets are made in {tempfile.gettempdir()}, and that is full or not "
                "writable; free space there, or name another folder in TMPDIR"
            ) from error
    return path


def _workbook(sheets: Sequence[Sheet], title: str, readme: Sequence[str]) -> bytes:
    book = Workbook(write_only=True)
    _readme(book.create_sheet("README"), sheets, title, readme)
    _dictionary(book.create_sheet("Data dictionary"), sheets)
    names = sheet_names([sheet.title for sheet in sheets])
    for name, sheet in zip(names, sheets, strict=True):
        _fill(book.create_sheet(name), [str(column) for column in sheet.table.columns], _rows(sheet.table))
    buffer = io.BytesIO()
    book.save(buffer)
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


def _readme(page: WriteOnlyWorksheet, sheets: Sequence[Sheet], title: str, lines: Sequence[str]) -> None:
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 28, 90
    page.append([_cell(page, title, bold=True)])
    for line in lines:
        page.append([_cell(page, line)])
    page.append([])
    page.append([_cell(page, "Sheet", bold=True), _cell(page, "Rows", bold=True)])
    page.append([_cell(page, "Data dictionary"), _cell(page, "What every column of every sheet means")])
    for name, sheet in zip(sheet_names([sheet.title for sheet in sheets]), sheets, strict=True):
        page.append([_cell(page, name), len(sheet.table)])
    page.append([])
    page.append([_cell(page, "An empty cell is a value that is missing, never zero. Shares run from 0 to 1.")])


def _dictionary(page: WriteOnlyWorksheet, sheets: Sequence[Sheet]) -> None:
    rows = (
        [sheet.title, str(column), *(sheet.notes[column] if column in sheet.notes else ColumnNote(""))]
        for sheet in sheets
        for column in sheet.table.columns
    )
    _fill(page, ["sheet", "column", "title", "unit", "source", "vintage"], rows)


def _fill(page: WriteOnlyWorksheet, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a heading row, which stays in view, and the rows."""
    page.freeze_panes = "B2"
    for number, heading in enumerate(headings, start=1):
        page.column_dimensions[get_column_letter(number)].width = min(max(len(heading) + 2, 10), 40)
    page.append([_headed(page, heading) for heading in headings])
    for row in rows:
        page.append([_value(value) for value in row])


def _rows(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    plain = table.astype(object).where(table.notna(), None)
    yield from plain.itertuples(index=False, name=None)


def _value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if hasattr(value, "item"):
        return value.item()
    return str(formula_safe(_CONTROL.sub(" ", str(value))))[:_MOST_LETTERS]


def _headed(page: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=_value(text))
    cell.font, cell.fill, cell.alignment = _HEAD["font"], _HEAD["fill"], _HEAD["alignment"]
    return cell


def _cell(page: WriteOnlyWorksheet, text: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=_value(text))
    cell.font = Font(bold=bold)
    return cell


def _timeless(workbook: bytes) -> bytes:
    """The workbook with fixed times instead of those of making and changing it."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        core = archive.read("docProps/core.xml").decode()
    fixed = re.sub(r"(<dcterms:\w+[^>]*>)[^<]*", rf"\g<1>{FIXED_TIME[:19]}Z", core)
    return with_fixed_times(workbook, {"docProps/core.xml": fixed.encode()})
