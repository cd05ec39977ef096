"""Attribute tables from CSV: ids stay text, withheld figures become missing and are counted, no key occurs twice.

Enters: CSV as publishers and spreadsheets write it. Leaves: frames of text ids and float64 numbers, with findings.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from layers.errors import LayerError, raise_together
from layers.files import ordinary_file
from layers.findings import Finding, found, named
from layers.text import cleaned_content

# What statistical offices print where a figure is withheld or does not exist (GSS symbols, Nomis, IMD workbooks).
_SUPPRESSED = r"[-–:*]|--|\.\.|[cxz]|\[[a-z]+\]|#?n/?a|nan|null"
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")

Line = tuple[int, list[str]]  # line's place in the file (1 = header), its cells


class Table(NamedTuple):
    """Rows as asked for, and what was found on the way."""

    rows: pd.DataFrame
    findings: tuple[Finding, ...]


def read_text(path: Path | str) -> Table:
    """Every cell of a CSV as stripped text under stripped headers; RangeIndex.

    Reads UTF-8 with or without a byte-order mark, else Windows-1252 (counted). One-cell lines beside a wider table
    (publishers' footnotes) are skipped and counted. Raises LayerError for an empty file, a repeated header, and lines
    with too many or too few cells.
    """
    file = ordinary_file(path, (".csv",))
    text, findings = _decoded(file)
    lines = _lines(file, cleaned_content(text, file.name))
    if not lines:
        raise LayerError(f"{file.name} is empty; a header row and at least one line are expected.")
    header = lines[0][1]
    _check_header(file, header)
    body, notes = _without_notes(lines[1:], len(header))
    effect = f"{file.name}: lines with a single cell are taken as footnotes and skipped."
    rows = pd.DataFrame(_rectangle(file, body, len(header)), columns=header, dtype="str")
    return Table(rows, findings + found("note_lines_skipped", notes, len(lines), effect))


def read_table(path: Path | str, *, key: str, numbers: Sequence[str] = (), texts: Sequence[str] = ()) -> Table:
    """The asked columns, indexed by `key` (text, unique); `numbers` as float64, `texts` as text.

    Raises LayerError, all problems at once: missing columns, blank or duplicate keys, cells that are neither numbers
    nor suppression marks.
    """
    name = Path(path).name
    rows, findings = read_text(path)
    require_columns(name, rows.columns, [key, *numbers, *texts])
    problems = key_problems(rows[key], key)
    rows = rows.set_axis(pd.Index(rows[key], name=key))
    columns: dict[str, pd.Series] = {column: rows[column] for column in texts}
    for column in numbers:
        columns[column], counted, wrong = to_numbers(rows[column], name)
        findings += counted
        problems += wrong
    raise_together(name, problems)
    return Table(pd.DataFrame(columns, index=rows.index), findings)


def read_pairs(path: Path | str, left: str, right: str, weight: str | None = None) -> Table:
    """A lookup file as columns `left`, `right` (text) and, where named, `weight` (float64); repeated rows once.

    Raises LayerError for missing columns and blank ids.
    """
    name = Path(path).name
    rows, findings = read_text(path)
    require_columns(name, rows.columns, [left, right, *([weight] if weight else [])])
    pairs = rows[[left, right]].copy()
    blank = (pairs == "").sum()
    problems = [f"column {column} is blank on {count:,} rows" for column, count in blank.items() if count]
    if weight:
        pairs[weight], counted, wrong = to_numbers(rows[weight], name)
        findings += counted
        problems += wrong
    raise_together(name, problems)
    return Table(pairs.drop_duplicates(ignore_index=True), findings)


def to_numbers(texts: pd.Series, name: str) -> tuple[pd.Series, tuple[Finding, ...], list[str]]:
    """Text cells of file `name` as float64, findings for blank and suppressed cells, problems for anything else.

    "1,234" is 1234; suppression marks and blanks are NaN. A decimal comma is a problem and never guessed at.
    """
    cells = texts.str.strip()
    blank, marked = cells.eq(""), cells.str.lower().str.fullmatch(_SUPPRESSED)
    grouped, plain = cells.str.fullmatch(_THOUSANDS), cells.str.fullmatch(_PLAIN)
    values = pd.Series(np.nan, index=texts.index, dtype="float64", name=texts.name)
    values[plain] = cells[plain].astype("float64")
    values[grouped] = cells[grouped].str.replace(",", "").astype("float64")
    missing = f"{name}, column {texts.name}: these cells are missing values, not zeros."
    findings = found("blank_cells", cells.index[blank], len(cells), missing)
    findings += found("suppressed_cells", cells.index[marked], len(cells), missing)
    wrong = cells[~(blank | marked | grouped | plain)]
    examples = named(repr(cell) for cell in dict.fromkeys(wrong))
    problems = [f"column {texts.name}: {len(wrong):,} cells are not numbers ({examples})"] if len(wrong) else []
    return values, findings, problems


def require_columns(name: str, present: Sequence[str] | pd.Index, wanted: Sequence[str]) -> None:
    """Raise LayerError naming every missing column of file `name`, and what is there instead."""
    missing = [repr(column) for column in wanted if column not in set(present)]
    if missing:
        there = ", ".join(map(str, present))
        raise LayerError(
            f"{name} has no column {', '.join(missing)}; it has {there}. Mend the name in the configuration."
        )


def key_problems(keys: pd.Series, name: str) -> list[str]:
    """What is wrong with a key column: blanks, and duplicates (which would multiply rows in a join), named."""
    problems = []
    if count := int(keys.eq("").sum()):
        problems.append(f"column {name} is blank on {count:,} rows")
    repeated = keys[keys.duplicated() & keys.ne("")].unique()
    if len(repeated):
        problems.append(
            f"column {name} has {len(repeated):,} ids more than once ({named(repeated)}); expected one row each: "
            "take the repeats out"
        )
    return problems


def _decoded(file: Path) -> tuple[str, tuple[Finding, ...]]:
    content = file.read_bytes()
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    lines = text.splitlines()
    odd = [number for number, line in enumerate(lines, start=1) if not line.isascii()]
    effect = f"{file.name} is not UTF-8: letters with accents on these lines were read as Windows-1252."
    return text, found("not_utf8", odd, len(lines), effect)


def _lines(file: Path, text: str) -> list[Line]:
    try:
        cells = [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(text, newline=""))]
    except csv.Error as error:
        raise LayerError(f"{file.name} is not a readable CSV: {error}.") from error
    return [(number, line) for number, line in enumerate(cells, start=1) if any(line)]


def _check_header(file: Path, header: list[str]) -> None:
    repeated = sorted(name for name, times in Counter(header).items() if times > 1)
    problems = [f"columns named more than once: {', '.join(map(repr, repeated))}"] if repeated else []
    if len(header) == 1 and re.search(r"[;\t|]", header[0]):
        problems.append(f"the header is one cell ({header[0][:60]!r}); cells must be separated by commas")
    raise_together(file.name, problems)


def _without_notes(lines: list[Line], width: int) -> tuple[list[Line], list[int]]:
    notes = {number for number, line in lines if len(line) != width and sum(map(bool, line)) == 1 and width > 1}
    return [line for line in lines if line[0] not in notes], sorted(notes)


def _rectangle(file: Path, body: list[Line], width: int) -> list[list[str]]:
    # Spreadsheets leave trailing empty cells behind; they carry nothing, so they are no reason to refuse a line.
    trimmed = [(number, line if any(line[width:]) else line[:width]) for number, line in body]
    ragged = [number for number, line in trimmed if len(line) != width]
    if ragged:
        raise LayerError(
            f"{file.name}: {len(ragged):,} lines do not have the header's {width} cells ({named(ragged)})."
        )
    return [line for _, line in trimmed]
