"""Attribute tables from CSV: ids stay text, withheld figures become missing and are counted, no key occurs twice.

Enters: CSV as publishers and spreadsheets write it. Leaves: frames of text ids and float64 numbers, with findings.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from layers.errors import LayerError, raise_together
from layers.findings import Finding, found, named
from layers.tables.csv_lines import Line, read_lines
from layers.tables.number_cells import LINE, to_numbers

_MOST_COLUMNS, _MOST_LETTERS = 30, 60  # of what is there, when something is not


class Table(NamedTuple):
    """Rows as asked for, and what was found on the way."""

    rows: pd.DataFrame
    findings: tuple[Finding, ...]


def read_text(path: Path | str, wanted: Sequence[str] = ()) -> Table:
    """Every cell of a CSV as stripped text under stripped headers; the index, "line", says where in the file it stands.

    Reads UTF-8, UTF-16 or else Windows-1252 (counted); commas or tabs between cells; titles above the first line that
    holds all columns `wanted` and one-cell lines beside a wider table (publishers' footnotes) are skipped and counted.
    Raises LayerError for an empty file, a column that is missing or repeated, and lines with too many or too few cells.
    """
    name = Path(path).name
    header, lines, findings = read_lines(path, wanted)
    require_columns(name, header, wanted)
    body, notes = _without_notes(lines, len(header))
    effect = f"{name}: lines with a single cell are taken as footnotes and skipped."
    cells = _rectangle(name, body, len(header))
    rows = pd.DataFrame(cells, columns=header, dtype="str", index=pd.Index([at for at, _ in body], name=LINE))
    return Table(rows, findings + found("note_lines_skipped", notes, 1 + len(lines), effect))


def read_table(path: Path | str, *, key: str, numbers: Sequence[str] = (), texts: Sequence[str] = ()) -> Table:
    """The asked columns, indexed by `key` (text, unique); `numbers` as float64, `texts` as text.

    Raises LayerError, all problems at once: missing columns, blank or duplicate keys, cells that are neither numbers
    nor suppression marks.
    """
    name = Path(path).name
    rows, findings = read_text(path, [key, *numbers, *texts])
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
    rows, findings = read_text(path, [left, right, *([weight] if weight else [])])
    pairs = rows[[left, right]].copy()
    blank = (pairs == "").sum()
    problems = [f"column {column} is blank on {count:,} rows" for column, count in blank.items() if count]
    if weight:
        pairs[weight], counted, wrong = to_numbers(rows[weight], name)
        findings += counted
        problems += wrong
    raise_together(name, problems)
    return Table(pairs.drop_duplicates(ignore_index=True), findings)


def require_columns(name: str, present: Sequence[str] | pd.Index, wanted: Sequence[str]) -> None:
    """Raise LayerError naming every missing column of file `name`, and what is there instead."""
    missing = [repr(column) for column in wanted if column not in set(present)]
    if missing:
        there = ", ".join(str(column)[:_MOST_LETTERS] for column in present[:_MOST_COLUMNS])
        more = f" and {len(present) - _MOST_COLUMNS:,} more" if len(present) > _MOST_COLUMNS else ""
        raise LayerError(
            f"{name} has no column {', '.join(missing)}; it has {there}{more}. Rename the column in the file, or mend its "
            "name where it is asked for."
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


def _without_notes(lines: list[Line], width: int) -> tuple[list[Line], list[int]]:
    notes = {number for number, line in lines if len(line) != width and sum(map(bool, line)) == 1 and width > 1}
    return [line for line in lines if line[0] not in notes], sorted(notes)


def _rectangle(name: str, body: list[Line], width: int) -> list[list[str]]:
    # Spreadsheets leave trailing empty cells behind; they carry nothing, so they are no reason to refuse a line.
    trimmed = [(number, line if any(line[width:]) else line[:width]) for number, line in body]
    ragged = [number for number, line in trimmed if len(line) != width]
    if ragged:
        raise LayerError(f"{name}: {len(ragged):,} lines do not have the header's {width} cells ({named(ragged)}).")
    return [line for _, line in trimmed]
