"""Reads attribute tables from CSV, as publishers and spreadsheets write it, into frames of text and float64 numbers.

Ids stay text, withheld figures become missing and are counted, and no key occurs twice.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from layers.errors import LayerError, raise_together
from layers.findings import Finding, findings_of, first_few
from layers.tables.csv_lines import Line, read_lines
from layers.tables.number_cells import LINE, to_numbers

RAGGED = "ragged_lines_dropped"
_MOST_COLUMNS, _MOST_LETTERS = 30, 60  # of the existing columns listed in a message on a missing one


class Table(NamedTuple):
    """The rows of a table, and findings."""

    rows: pd.DataFrame
    findings: tuple[Finding, ...]


def read_text(path: Path | str, wanted: Sequence[str] = (), *, drop_ragged: bool = False) -> Table:
    """All cells of a CSV as stripped text under stripped headers, with an index "line" of line numbers in the file.

    Files may be UTF-8, UTF-16 or else Windows-1252 (counted), with commas or tabs between cells. Titles above the first
    line that has all columns `wanted`, and lines with one cell in a wider table (publishers' footnotes), are skipped and
    counted. Raises LayerError for an empty file, missing or repeated columns, and lines with too many or too few cells
    (`drop_ragged` leaves those out, and counts them).
    """
    name = Path(path).name
    header, lines, findings = read_lines(path, wanted)
    require_columns(name, header, wanted)
    body, notes = _without_notes(lines, len(header))
    effect = f"{name}: lines with a single cell are taken as footnotes and skipped."
    findings += findings_of("note_lines_skipped", notes, 1 + len(lines), effect)
    whole, ragged = _rectangle(body, len(header))
    if ragged and not drop_ragged:
        raise LayerError(
            f"{name}: {len(ragged):,} lines do not have the header's {len(header)} cells ({first_few(ragged)})."
        )
    findings += findings_of(
        RAGGED, ragged, len(body), f"{name}: lines without the header's number of cells are left out."
    )
    index = pd.Index([at for at, _ in whole], name=LINE)
    return Table(pd.DataFrame([line for _, line in whole], columns=header, dtype="str", index=index), findings)


def read_table(path: Path | str, *, key: str, numbers: Sequence[str] = (), texts: Sequence[str] = ()) -> Table:
    """The columns `numbers` (as float64) and `texts` (as text) of a CSV, indexed by the column `key` (text, unique).

    Raises LayerError with all problems at once: missing columns, blank or duplicate keys, cells that are neither numbers
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
    """The columns `left`, `right` (text) and, if named, `weight` (float64) of a lookup file, without repeated rows.

    Raises LayerError for missing columns, blank ids and weights that are not numbers.
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
    """Raise LayerError that names all missing columns of file `name`, and the existing ones."""
    missing = [repr(column) for column in wanted if column not in set(present)]
    if missing:
        existing = ", ".join(str(column)[:_MOST_LETTERS] for column in present[:_MOST_COLUMNS])
        more = f" and {len(present) - _MOST_COLUMNS:,} more" if len(present) > _MOST_COLUMNS else ""
        raise LayerError(
            f"{name} has no column {', '.join(missing)}; it has {existing}{more}. Rename the column in the file, or mend its "
            "name where it is asked for."
        )


def key_problems(keys: pd.Series, name: str) -> list[str]:
    """Descriptions of the problems of a key column: blanks, and duplicates (which would multiply rows in a join)."""
    problems = []
    if count := int(keys.eq("").sum()):
        problems.append(f"column {name} is blank on {count:,} rows")
    repeated = keys[keys.duplicated() & keys.ne("")].unique()
    if len(repeated):
        problems.append(
            f"column {name} has {len(repeated):,} ids more than once ({first_few(repeated)}); expected one row each: "
            "take the repeats out"
        )
    return problems


def _without_notes(lines: list[Line], width: int) -> tuple[list[Line], list[int]]:
    notes = {number for number, line in lines if len(line) != width and sum(map(bool, line)) == 1 and width > 1}
    return [line for line in lines if line[0] not in notes], sorted(notes)


def _rectangle(body: list[Line], width: int) -> tuple[list[Line], list[int]]:
    """The lines of the header's width, and the numbers of the others."""
    # Spreadsheets write trailing empty cells; they have no content, so they are dropped.
    trimmed = [(number, line if any(line[width:]) else line[:width]) for number, line in body]
    return [one for one in trimmed if len(one[1]) == width], [number for number, line in trimmed if len(line) != width]
