"""Reads a CSV file into lines of cells: detects its encoding, its separator, and the titles above its header."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from layers.errors import LayerError, raise_together
from layers.files import ordinary_file
from layers.findings import Finding, findings_of
from layers.text import cleaned_content

_LONGEST_CELL = 2**22  # outlines of sites take hundreds of thousands of letters; the csv module's own limit is 2**17
MAX_COLUMNS = 5_000  # the widest published tables have some hundreds
_TITLE_LINES = 50  # number of lines among which the header is searched
_SEPARATORS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
_READ = ",\t"  # files with semicolons usually have decimal commas too, so they are refused and not guessed at
# What a file of other content begins with, and what it is.
_OTHER_CONTENT = {
    b"PK\x03\x04": "a spreadsheet or another zip",
    b"\xd0\xcf\x11\xe0": "a spreadsheet of an old Excel",
    b"\x1f\x8b": "packed by gzip",
    b"%PDF": "a PDF",
    b"<!doctype html": "a web page, such as a login or an error message",
    b"<html": "a web page, such as a login or an error message",
}
_SEPARATOR_LINE = re.compile(
    r'"?sep=([,\t;|])"?[\s,;]*', re.IGNORECASE
)  # Excel's first line, which states the separator

Line = tuple[int, list[str]]  # where the line starts in the file (1 = first), its stripped cells


class CsvLines(NamedTuple):
    """The names of the header, the non-blank lines below it, and findings."""

    header: list[str]
    body: list[Line]
    findings: tuple[Finding, ...]


def read_lines(path: Path | str, wanted: Sequence[str] = ()) -> CsvLines:
    """The header and lines of a CSV; the header is the first of 50 lines that has every column `wanted`.

    Lines above it are titles, which are skipped and counted. If no line has them all, the first of the widest lines is
    taken as the header. Raises LayerError for an empty file, a separator other than comma or tab, more than 5,000
    columns, a repeated name in the header and quotes that are not closed.
    """
    file = ordinary_file(path, (".csv",))
    text, findings = _decoded(file)
    physical = io.StringIO(cleaned_content(text, file.name), newline="").readlines()
    stated = _SEPARATOR_LINE.fullmatch(physical[0]) if physical else None
    if stated:
        physical[0] = "\n"  # blank, so that every line keeps its number
    separator, header_line = _layout(file, physical, stated[1] if stated else "", wanted)
    lines = [line for line in _lines(file, physical, separator) if any(line[1])]
    titles = [number for number, _ in lines if number < header_line]
    header, *body = lines[len(titles) :]
    names = _without_empty_end(header[1])
    repeated = sorted(name for name, times in Counter(names).items() if times > 1)
    problems = [f"columns named more than once: {', '.join(map(repr, repeated))}"] if repeated else []
    raise_together(file.name, problems)
    effect = f"{file.name}: lines above the header are taken as titles and skipped."
    return CsvLines(names, body, findings + findings_of("title_lines_skipped", titles, len(lines), effect))


def _decoded(file: Path) -> tuple[str, tuple[Finding, ...]]:
    content = file.read_bytes()
    start = content[:100].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    other = next((what for first, what in _OTHER_CONTENT.items() if start.startswith(first.lower())), "")
    if other:
        raise LayerError(
            f"{file.name} is no CSV but {other}. Open it, save what it holds as CSV UTF-8, and name that file."
        )
    encoding = _sixteen_bit(content)
    try:
        return content.decode(encoding or "utf-8-sig").removeprefix("\ufeff"), ()
    except UnicodeDecodeError:
        if encoding:
            raise LayerError(f"{file.name} is UTF-16 but cut short or damaged. Save it as CSV UTF-8.") from None
        text = content.decode("cp1252", errors="replace")
    lines = text.splitlines()
    odd = [number for number, line in enumerate(lines, start=1) if not line.isascii()]
    effect = f"{file.name} is not UTF-8: letters with accents on these lines were read as Windows-1252."
    return text, findings_of("not_utf8", odd, len(lines), effect)


def _sixteen_bit(content: bytes) -> str:
    """The UTF-16 or UTF-32 encoding of a file, by its byte order mark or by zero bytes between plain letters; else ""."""
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = content[:1000]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = start[first::2]
        if zeros and zeros.count(0) > 0.9 * len(zeros):
            return encoding
    return ""


def _layout(file: Path, physical: list[str], stated: str, wanted: Sequence[str]) -> tuple[str, int]:
    """The separator (`stated` in the file, or else detected), and the line number of the header."""
    separators = stated or "".join(_SEPARATORS)
    heads = [[line for line in _head(file, physical, separator) if any(line[1])] for separator in separators]
    if not heads[0]:
        raise LayerError(f"{file.name} is empty; a header row and at least one line are expected.")
    for separator, head in zip(separators, heads, strict=True):
        candidates = head if wanted else head[:1]
        number = next((at for at, cells in candidates if len(cells) > 1 and set(wanted) <= set(cells)), 0)
        if number and separator not in _READ:
            raise LayerError(
                f"{file.name}: its cells are separated by {_SEPARATORS[separator]}; they must be separated by commas (or "
                "tabs), and decimals written with a point. Save it as such a CSV."
            )
        if number:
            return separator, number
    return separators[0], max(heads[0], key=lambda line: len(line[1]))[0] if wanted else heads[0][0][0]


def _head(file: Path, physical: list[str], separator: str) -> Iterator[Line]:
    return islice(_records(file, physical, separator), _TITLE_LINES)


def _lines(file: Path, physical: list[str], separator: str) -> list[Line]:
    """All lines. Raises LayerError if a quote that is not closed joins lines."""
    lines = list(_records(file, physical, separator))
    starts = [number for number, _ in lines]
    for start, end in zip(starts, [*starts[1:], len(physical) + 1], strict=True):
        if end > start + 1 and not _well_quoted(physical[start - 1 : end - 1], separator):
            raise LayerError(_unclosed(file, start))
    return lines


def _records(file: Path, physical: list[str], separator: str) -> Iterator[Line]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(physical, delimiter=separator)
    start = 1
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise LayerError(
                    f"{file.name}: line {start:,} has {len(cells):,} cells; at most {MAX_COLUMNS:,} columns are read. Keep "
                    "the columns that are used."
                )
            yield start, [cell.strip() for cell in cells]
            start = reader.line_num + 1
    except csv.Error:  # a cell longer than the limit
        raise LayerError(_unclosed(file, start)) from None


def _well_quoted(physical: list[str], separator: str) -> bool:
    try:
        list(csv.reader(physical, delimiter=separator, strict=True))
    except csv.Error:
        return False
    return True


def _unclosed(file: Path, line: int) -> str:
    return (
        f"{file.name}: a quote opens on line {line:,} and is not closed where its cell ends, so that lines run together. "
        'Close it, or write " inside a quoted cell as "".'
    )


def _without_empty_end(names: list[str]) -> list[str]:
    # Spreadsheets write trailing empty cells, in the header and below it.
    return names[: max((number for number, name in enumerate(names, start=1) if name), default=0)]
