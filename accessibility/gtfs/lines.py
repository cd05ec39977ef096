"""Repairs the lines of a GTFS table before it is parsed: UTF-8 text in, UTF-8 text out, repairs counted.

A row that has fewer cells than the header is filled with blank cells (the specification's own sample feed has such
rows). Blank cells beyond the header's are removed. A quotation mark that opens a cell and is never closed becomes text:
otherwise a parser would join all following rows into one cell.
"""

import csv
import io
import re
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

Bool = npt.NDArray[np.bool_]

_QUOTE = '"'
_MOST_REPEATS = 1_000  # the largest repetition count in a regular expression of pyarrow
_MOST_NAMED = 1_000  # rows named in a repair, of which a sample is shown; also lines searched for the end of a cell
# A cell and the comma after it: in quotation marks, with any text that wrongly follows the closing one, or without marks.
_CELL = re.compile(r'(?:"(?:[^"]|"")*+"(?!")[^,]*|(?!")[^,]*)(?:,|$)')
_CLOSING = re.compile(r'(?:[^"]|"")*+"(?!")')
_CONTROLS = [chr(code) for code in range(1, 32) if chr(code) not in "\n\r\t"]
_AMID = r'[^,"]"[^,"]'


@dataclass
class MendedLines:
    """The repaired rows of a table as UTF-8 text, one per line, and the first letters of the rows repaired."""

    raw: bytes
    n_ended_early: int = 0
    ended_early: list[str] = field(default_factory=list)  # at most `_MOST_NAMED`
    never_closed: list[str] = field(default_factory=list)


def mended_lines(raw: bytes, skip_lines: int, n_columns: int) -> MendedLines:
    """The rows of a table below the header, repaired so that rows without quotation marks have `n_columns` cells.

    `raw` is the UTF-8 text of the whole table, `skip_lines` the number of its lines up to the end of the header.
    """
    lines = _lines(raw, skip_lines)
    lines, inside, never_closed = _without_open_quotes(lines, n_columns)
    plain = (pc.count_substring(lines, _QUOTE).to_numpy() == 0) & ~inside
    cells = pc.count_substring(lines, ",").to_numpy() + 1
    long, short = plain & (cells > n_columns), plain & (cells < n_columns)
    if n_columns <= _MOST_REPEATS and long.any():
        lines = _without_blank_ends(lines, long, n_columns)
    names = [text[:60] for text in lines.filter(pa.array(short)).slice(0, _MOST_NAMED).to_pylist()]
    lines = _filled(lines, np.where(short, n_columns - cells, 0))
    return MendedLines(_joined(lines), int(short.sum()), names, never_closed)


def filled_rows(rows: list[str], n_columns: int) -> tuple[bytes, list[str], list[str]]:
    """Rows with quotation marks and too few cells, filled with blank cells to `n_columns`.

    Returns the filled rows as UTF-8 text, the same rows as they were, and the rows whose quotation marks do not pair.
    """
    out, filled, badly_quoted = io.StringIO(), [], []
    writer = csv.writer(out, lineterminator="\n")
    for text in rows:
        try:
            cells = next(csv.reader(io.StringIO(text, newline=""), strict=True))
        except (csv.Error, StopIteration):
            badly_quoted.append(text)
            continue
        writer.writerow(cells + [""] * (n_columns - len(cells)))
        filled.append(text)
    return out.getvalue().encode(), filled, badly_quoted


def _lines(raw: bytes, skip_lines: int) -> pa.Array:
    """(n_lines,) text of every line that is not empty."""
    unused = next((mark for mark in _CONTROLS if mark.encode() not in raw), _CONTROLS[0])
    table = arrow_csv.read_csv(
        io.BytesIO(raw),
        arrow_csv.ReadOptions(column_names=["line"], skip_rows=skip_lines, block_size=2**25),
        arrow_csv.ParseOptions(delimiter=unused, quote_char=False, escape_char=False),
        arrow_csv.ConvertOptions(column_types={"line": pa.large_string()}, strings_can_be_null=False, null_values=[]),
    )
    return table.column("line").combine_chunks()


def _without_open_quotes(lines: pa.Array, n_columns: int) -> tuple[pa.Array, Bool, list[str]]:
    """The lines without quotation marks that are never closed; (n_lines,) whether a line is inside a cell that runs over
    several lines; and the first letters of the lines changed."""
    changed: dict[int, str] = {}
    inside = np.zeros(len(lines), bool)
    suspects = _suspects(lines)
    never_closed: list[str] = []
    i = 0
    while i < len(suspects):
        first, text = int(suspects[i]), lines[int(suspects[i])].as_py()
        opened = _open_cell(text)
        closing = None if opened is None else _closing_line(lines, suspects[i + 1 :], n_columns, first)
        if opened is not None and closing is None:
            never_closed.append(text[:60])
            changed[first] = text[:opened] + text[opened + 1 :]
        if closing is not None:
            inside[first + 1 : closing] = True
            i = int(np.searchsorted(suspects, closing))
        i += 1
    return _replaced(lines, changed), inside, never_closed


def _suspects(lines: pa.Array) -> npt.NDArray[np.int64]:
    """Numbers of the lines in which a cell may begin that does not end there: quotation marks that do not pair, or that
    stand in the middle of a cell."""
    odd = pc.count_substring(lines, _QUOTE).to_numpy() % 2 == 1
    return np.flatnonzero(odd | pc.match_substring_regex(lines, _AMID).to_numpy(zero_copy_only=False))


def _open_cell(text: str) -> int | None:
    """Position of a quotation mark that opens a cell which does not end in this line; None if there is none."""
    position = 0
    while position < len(text):
        cell = _CELL.match(text, position)
        if cell is None:
            return position
        position = cell.end()
    return None


def _closing_line(lines: pa.Array, later: npt.NDArray[np.int64], n_columns: int, first: int) -> int | None:
    """Number of the line, among `later`, that closes the cell which line `first` opens; None if the cell is never closed.

    A cell counts as never closed if no line closes it, if the closing mark opens a cell itself or is followed by
    letters, or if every line is a complete row on its own.
    """
    for last in map(int, later[:_MOST_NAMED]):
        text = lines[last].as_py()
        closing = _CLOSING.match(text)
        if closing is None:
            continue
        end = closing.end()
        opens = end >= 2 and text[end - 2] == "," and end < len(text)
        if opens or not (end == len(text) or text[end] == ","):
            return None
        cells = pc.count_substring(lines.slice(first, last - first + 1), ",").to_numpy() + 1
        return None if (cells == n_columns).all() else last
    return None


def _replaced(lines: pa.Array, changed: dict[int, str]) -> pa.Array:
    if not changed:
        return lines
    mask = np.zeros(len(lines), bool)
    mask[list(changed)] = True
    return pc.replace_with_mask(lines, pa.array(mask), pa.array(changed.values(), pa.large_string()))


def _without_blank_ends(lines: pa.Array, long: Bool, n_columns: int) -> pa.Array:
    """The lines with the blank cells beyond the header's removed from those marked `long`."""
    pattern = rf"^((?:[^,]*,){{{n_columns - 1}}}[^,]*)[,\s]*$"
    cut = pc.replace_substring_regex(lines.filter(pa.array(long)), pattern, r"\1")
    return pc.replace_with_mask(lines, pa.array(long), cut)


def _filled(lines: pa.Array, missing: npt.NDArray[np.int64]) -> pa.Array:
    if not missing.any():
        return lines
    blanks = pc.binary_repeat(pa.scalar(",", pa.large_string()), pa.array(missing))
    return pc.binary_join_element_wise(lines, blanks, pa.scalar("", pa.large_string()))


def _joined(lines: pa.Array) -> bytes:
    one_list = pa.LargeListArray.from_arrays(pa.array([0, len(lines)], pa.int64()), lines)
    text: bytes = pc.binary_join(one_list, pa.scalar("\n", pa.large_string()))[0].as_buffer().to_pybytes()
    return text + b"\n"
