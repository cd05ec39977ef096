"""Reads the columns of GTFS tables with pyarrow, as trimmed text (small tables) or as codes of distinct texts (large)."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from accessibility.errors import FeedError
from accessibility.gtfs.archive import DAMAGE, Archive, damaged
from accessibility.gtfs.lines import filled_rows, mended_lines
from accessibility.gtfs.times import clock_codes
from accessibility.repair_log import RepairLog
from accessibility.text import cleaned, is_clean, surely_clean

_BLOCK_BYTES = 16 * 2**20  # of smaller blocks the words are put together too often
_HEADER_BYTES = 2**16
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_WHOLE_DECIMAL = r"^([+-]?\d+)\.0*$"
_RAGGED = "with more values than its header, or with quotation marks that do not pair, were left out"
_EARLY = "end before their last cells; those were taken as blank"
_UNCLOSED = (
    "open a quotation mark and never close it; the mark was taken as text, so that the rows that follow stay rows"
)
_CODED = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class TableSpec:
    """The columns to read from one table, and whether the feed must have the table.

    In columns of whole numbers (codes, dates, counts) 1.0 is read as 1, because some software writes it so.
    """

    name: str  # "stops.txt"
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    mandatory: bool = True
    whole_numbers: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()  # of a large table: times, most of them HH:MM:SS


class Coded(NamedTuple):
    """A text column as codes: the text of row `i` is `words[codes[i]]`; words may repeat, because they are trimmed."""

    codes: npt.NDArray[np.int32]
    words: pd.Index


class _Header(NamedTuple):
    names: list[str]  # trimmed, lower case; never empty
    skip_lines: int  # lines up to and including the header
    encoding: str


def table_problems(archive: Archive, spec: TableSpec) -> list[str]:
    """Descriptions of the problems that prevent this table from being read; an empty list if there are none."""
    if not archive.has(spec.name):
        return [f"{spec.name} is missing"] if spec.mandatory else []
    with archive.open(spec.name) as stream:
        header = _read_header(archive, stream)
    if header is None:
        return [f"{spec.name} is empty"] if spec.mandatory else []
    problems = [
        f"{spec.name} has no column {column} (its columns: {', '.join(header.names)})"
        for column in spec.required
        if column not in header.names
    ]
    problems += [
        f"{spec.name} has the column {column} {header.names.count(column)} times"
        for column in (*spec.required, *spec.optional)
        if header.names.count(column) > 1
    ]
    return problems


def read_text_table(archive: Archive, spec: TableSpec, log: RepairLog) -> pd.DataFrame:
    """A small table as a frame of text columns, "" where there is no value; missing optional columns are all ""."""
    if not archive.has(spec.name):
        return pd.DataFrame({column: pd.Series(dtype=object) for column in (*spec.required, *spec.optional)})
    table = _read(archive, spec, pa.string(), log)
    columns = {name: _texts(table, name, name in spec.whole_numbers) for name in (*spec.required, *spec.optional)}
    for name, texts in columns.items():
        if name not in table.column_names or _all_clean(table.column(name)):
            continue
        odd = np.fromiter((not is_clean(text) for text in texts), bool, len(texts))
        if odd.any():
            columns[name] = np.asarray([cleaned(text) for text in texts], dtype=object)
            log.add_replaced(spec.name, name, int(odd.sum()), len(odd))
    return pd.DataFrame(columns)


def read_coded_table(archive: Archive, spec: TableSpec, log: RepairLog) -> dict[str, Coded]:
    """A large table as column name -> `Coded`; missing optional columns are left out."""
    table = _read(archive, spec, _CODED, log)
    columns = {}
    for name in table.column_names:
        column, table = table.column(name), table.drop_columns([name])  # so that it is held once
        columns[name] = _coded(column, name, spec, log)
    return columns


def _all_clean(column: pa.ChunkedArray) -> bool:
    """Whether no text of a column has a forbidden character, by its bytes: looking at each text takes a hundred times as long."""
    chunks = (chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk for chunk in column.chunks)
    buffers = (chunk.buffers()[2] for chunk in chunks)
    return all(surely_clean(np.frombuffer(buffer, np.uint8)) for buffer in buffers if buffer is not None)


def _texts(table: pa.Table, name: str, whole_numbers: bool) -> npt.NDArray[np.object_]:
    if name not in table.column_names:
        return np.full(table.num_rows, "", dtype=object)
    return np.asarray(_trimmed(table.column(name), whole_numbers).to_pylist(), dtype=object).reshape(-1)


def _coded(column: pa.ChunkedArray, name: str, spec: TableSpec, log: RepairLog) -> Coded:
    if name in spec.clocks and (clocks := clock_codes(column)):
        return Coded(*clocks)
    clean = _all_clean(column)
    texts = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    looked_up = texts.combine_chunks()
    words = pd.Index(_trimmed(looked_up.dictionary, name in spec.whole_numbers).to_pylist(), dtype=object)
    codes = looked_up.indices.to_numpy(zero_copy_only=False)
    odd = [] if clean else [code for code, word in enumerate(words) if not is_clean(word)]
    if odd:
        words = words.map(cleaned)
        log.add_replaced(spec.name, name, int(np.isin(codes, odd).sum()), len(codes))
    return Coded(codes, words)


def _trimmed(texts: pa.Array | pa.ChunkedArray, whole_numbers: bool) -> pa.Array | pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(texts)
    return pc.replace_substring_regex(trimmed, _WHOLE_DECIMAL, r"\1") if whole_numbers else trimmed


class _Counting(io.RawIOBase):
    """A stream that counts the line ends and quotation marks read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.line_feeds = self.carriage_returns = self.quotes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        part = self._stream.read(size)
        self.line_feeds += part.count(b"\n")
        self.carriage_returns += part.count(b"\r")
        self.quotes += part.count(b'"')
        return part

    @property
    def lines(self) -> int:
        """The number of line ends read so far."""
        return max(self.line_feeds, self.carriage_returns)


def _read(archive: Archive, spec: TableSpec, column_type: pa.DataType, log: RepairLog) -> pa.Table:
    """The columns of `spec` from one table, parsed while it streams out of the zip.

    A table that fails there (rows of the wrong length, odd text, cells that run over several lines and may contain
    whole rows) is read again with care.
    """
    with archive.open(spec.name) as stream:
        header = _read_header(archive, stream)
    if header is None:
        return pa.table({name: pa.array([], column_type) for name in spec.required})
    try:
        with archive.open(spec.name) as stream:
            counting = _Counting(stream)
            table = _parse(counting, header, spec, column_type, arrow_csv.ParseOptions())
        if not counting.quotes or table.num_rows >= counting.lines - header.skip_lines:
            return table
    except (pa.ArrowException, UnicodeError):
        pass
    except DAMAGE as error:
        raise damaged(archive.path, error) from error
    return _read_with_care(archive, spec, column_type, log)


def _read_with_care(archive: Archive, spec: TableSpec, column_type: pa.DataType, log: RepairLog) -> pa.Table:
    """The columns of `spec` from one table, read into memory and repaired; every repair is counted.

    It may have another encoding, line ends within quotation marks, rows that end early and quotation marks that are
    never closed. Other rows of the wrong length are dropped.
    """
    raw = _as_utf8(archive.read(spec.name), spec.name, log)
    header = cast(_Header, _read_header(archive, io.BytesIO(raw)))  # never None: the first reading found a header
    width = len(header.names)
    odd: list[arrow_csv.InvalidRow] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        odd.append(row)
        return "skip"

    options = arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip)
    try:
        lines = mended_lines(raw, header.skip_lines, width)
        below = header._replace(skip_lines=0)
        table = _parse(io.BytesIO(lines.raw), below, spec, column_type, options)
        filled, short, ragged = filled_rows([row.text for row in odd if row.actual_columns < width], width)
        if short:
            table = pa.concat_tables([table, _parse(io.BytesIO(filled), below, spec, column_type, options)])
    except pa.ArrowException as error:
        raise FeedError(f"{archive.path}: {spec.name} is not readable as comma-separated text ({error})") from error
    ragged += [row.text for row in odd if row.actual_columns > width]
    total = table.num_rows + len(ragged)
    _note_rows(log, "ragged_rows", len(ragged), total, ragged, f"rows of {spec.name} {_RAGGED}")
    n_early = lines.n_ended_early + len(short)
    _note_rows(log, "rows_ended_early", n_early, total, lines.ended_early + short, f"rows of {spec.name} {_EARLY}")
    names = lines.never_closed
    _note_rows(log, "quotes_never_closed", len(names), total, names, f"rows of {spec.name} {_UNCLOSED}")
    return table


def _note_rows(log: RepairLog, code: str, count: int, total: int, rows: list[str], effect: str) -> None:
    log.add(code, count, total, (text[:60] for text in rows), f"{count:,} {effect}")


def _parse(
    stream: IO[bytes] | io.RawIOBase,
    header: _Header,
    spec: TableSpec,
    column_type: pa.DataType,
    options: arrow_csv.ParseOptions,
) -> pa.Table:
    wanted = [name for name in (*spec.required, *spec.optional) if name in header.names]
    return arrow_csv.read_csv(
        stream,
        read_options=arrow_csv.ReadOptions(
            column_names=_unique(header.names),
            skip_rows=header.skip_lines,
            block_size=_BLOCK_BYTES,
            encoding=header.encoding,
        ),
        parse_options=options,
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: pa.string() if name in spec.clocks else column_type for name in wanted},
            include_columns=wanted,
            strings_can_be_null=False,
            null_values=[],
        ),
    )


def _read_header(archive: Archive, stream: IO[bytes]) -> _Header | None:
    try:
        head = stream.read(_HEADER_BYTES)
    except DAMAGE as error:
        raise damaged(archive.path, error) from error
    encoding = "utf-16" if head[:2] in _UTF_16_MARKS else "utf-8"
    for number, line in enumerate(head.decode(encoding, errors="replace").removeprefix("\ufeff").splitlines()):
        if line.strip():
            names = [name.strip().lower() for name in next(csv.reader([line]))]
            return _Header(names, number + 1, encoding)
    return None


def _unique(names: list[str]) -> list[str]:
    """Distinct column names, as the parser requires: the position is added to repeated and blank ones."""
    return [name if name and names.index(name) == i else f"{name}#{i}" for i, name in enumerate(names)]


def _as_utf8(raw: bytes, table: str, log: RepairLog) -> bytes:
    if raw[:2] in _UTF_16_MARKS:
        text = raw.decode("utf-16", errors="replace")
        unreadable = text.count("\ufffd")
        log.add(
            "text_damaged",
            unreadable,
            len(text),
            [table],
            f"{unreadable:,} letters of {table} can't be read; \ufffd stands for each",
        )
        return text.encode()
    if _is_utf8(raw):
        return raw
    log.add("text_not_utf8", 1, 1, [table], f"{table} is not UTF-8; its text was read as Windows-1252")
    return b"".join(part.decode("cp1252", errors="replace").encode() for part in _parts(raw))


def _is_utf8(raw: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for part in _parts(raw):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _parts(raw: bytes) -> Iterator[bytes]:
    """The bytes in pieces, so that a table of 20 million rows is not held in memory as text too."""
    return (raw[start : start + _BLOCK_BYTES] for start in range(0, len(raw), _BLOCK_BYTES))


def first_of_each(texts: pd.DataFrame, key: str, table: str, log: RepairLog) -> pd.DataFrame:
    """One row of `texts` for each value of `key`, sorted by it; rows without a key are dropped, all drops are counted.

    Of rows with the same key the first in text order stays, so that the order of rows in the file does not matter.
    """
    blank = texts[key] == ""
    log.add(
        f"{key}_blank",
        int(blank.sum()),
        len(texts),
        [table],
        f"{int(blank.sum()):,} rows of {table} without {key} were left out",
    )
    texts = texts[~blank]
    repeated = texts[key].duplicated()
    if not repeated.any():
        return texts.sort_values(key, ignore_index=True)
    count = int(repeated.sum())
    log.add(
        f"{key}_repeated",
        count,
        len(texts),
        texts[key][repeated],
        f"{count:,} rows of {table} that repeat a {key} were left out; the first in text order was kept",
    )
    by_content = texts.sort_values([key, *(column for column in texts.columns if column != key)])
    return by_content.drop_duplicates(key).reset_index(drop=True)
