"""Mends the lines of a GTFS table before it is parsed: UTF-8 text enters and leaves, what was mended is counted.

A row that ends before its last cells is filled with blank ones, as the specification's own sample feed is meant. Blank
cells beyond the header's are cut off. A quotation mark that opens a cell and is never closed is taken as text: a parser
would otherwise join the rows after it into one cell, and a stop would take the place of another.
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
_MOST_REPEATS = 1_000  # that the regular expressions of pyarrow count to
_MOST_NAMED = 1_000  # rows that are named, of which a sample is shown; and lines looked at for the end of a cell
# A cell and the comma after it: in quotation marks, with whatever wrongly follows the closing one, or without any.
_CELL = re.compile(r'(?:"(?:[^"]|"")*+"(?!")[^,]*|(?!")[^,]*)(?:,|$)')
_CLOSING = re.compile(r'(?:[^"]|"")*+"(?!")')
_CONTROLS = [chr(code) for code in range(1, 32) if chr(code) not in "\n\r\t"]
_AMID = r'[^,"]"[^,"]'


@dataclass
class MendedLines:
    """The rows of a table as text, one a line; the first letters of those mended."""

    raw: bytes
    n_ended_early: int = 0
    ended_early: list[str] = field(default_factory=list)  # at most `_MOST_NAMED`
    never_closed: list[str] = field(default_factory=list)


def mended_lines(raw: bytes, skip_lines: int, n_columns: int) -> MendedLines:
    """The rows below the header, each with `n_columns` cells where that is what it means."""
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
    """Rows with quotation marks that end early: filled with blank cells, as they were, and those not well quoted."""
    out, filled, odd = io.StringIO(), [], []
    writer = csv.writer(out, lineterminator="\n")
    for text in rows:
        try:
            cells = next(csv.reader(io.StringIO(text, newline=""), strict=True))
        except (csv.Error, StopIteration):
            odd.append(text)
            continue
        writer.writerow(cells + [""] * (n_columns - len(cells)))
        filled.append(text)
    return out.getvalue().encode(), filled, odd


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
    """The lines without quotation marks that open a cell and never close it; (n_lines,) those that are amid a cell which
    runs over several lines; and the lines changed, as they were."""
    changed: dict[int, str] = {}
    inside = np.zeros(len(lines), bool)
    suspects = _suspects(lines)
    never_closed: list[str] = []
    place = 0
    while place < len(suspects):
        first, text = int(suspects[place]), lines[int(suspects[place])].as_py()
        opened = _open_cell(text)
        closing = None if opened is None else _closing(lines, suspects[place + 1 :], n_columns, first)
        if opened is not None and closing is None:
            never_closed.append(text[:60])
            changed[first] = text[:opened] + text[opened + 1 :]
        if closing is not None:
            inside[first + 1 : closing] = True
            place = int(np.searchsorted(suspects, closing))
        place += 1
    return _replaced(lines, changed), inside, never_closed


def _suspects(lines: pa.Array) -> npt.NDArray[np.int64]:
    """Lines in which a cell may open that does not end there: marks that don't pair, or stand amid a cell."""
    odd = pc.count_substring(lines, _QUOTE).to_numpy() % 2 == 1
    return np.flatnonzero(odd | pc.match_substring_regex(lines, _AMID).to_numpy(zero_copy_only=False))


def _open_cell(text: str) -> int | None:
    """Where the quotation mark stands that opens a cell and does not close it in this line."""
    place = 0
    while place < len(text):
        found = _CELL.match(text, place)
        if found is None:
            return place
        place = found.end()
    return None


def _closing(lines: pa.Array, later: npt.NDArray[np.int64], n_columns: int, first: int) -> int | None:
    """The line that closes the cell which line `first` opens; None where it was never closed.

    It was not where no line closes it, where the mark that would opens a cell itself or has letters behind it, or where
    each line is a whole row without it.
    """
    for last in map(int, later[:_MOST_NAMED]):
        text = lines[last].as_py()
        found = _CLOSING.match(text)
        if found is None:
            continue
        end = found.end()
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
    """The lines marked, without blank cells past the header's."""
    pattern = rf"^((?:[^,]*,){{{n_columns - 1}}}[^,]*)[,\s]*$"
    cut = pc.replace_substring_regex(lines.filter(pa.array(long)), pattern, r"\1")
    return pc.replace_with_mask(lines, pa.array(long), cut)


def _filled(lines: pa.Array, missing: npt.NDArray[np.int64]) -> pa.Array:
    if not missing.any():
        return lines
    blanks = pc.binary_repeat(pa.scalar(",", pa.large_string()), pa.array(missing))
    return pc.binary_join_element_wise(lines, blanks, pa.scalar("", pa.large_string()))


def _joined(lines: pa.Array) -> bytes:
    whole = pa.LargeListArray.from_arrays(pa.array([0, len(lines)], pa.int64()), lines)
    text: bytes = pc.binary_join(whole, pa.scalar("\n", pa.large_string()))[0].as_buffer().to_pybytes()
    return text + b"\n"
