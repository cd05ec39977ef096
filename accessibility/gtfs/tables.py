"""Reads the columns of GTFS tables with pyarrow: small tables as trimmed text, large ones part by part, on all cores."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from accessibility.errors import FeedError
from accessibility.gtfs.archive import DAMAGE, Archive, damaged
from accessibility.gtfs.lines import filled_rows, mended_lines
from accessibility.gtfs.times import Clocks, clocks_looked_up, plain_clocks
from accessibility.repair_log import RepairLog
from accessibility.text import cleaned, is_clean, surely_clean
from accessibility.threads import in_threads_as_they_come

T = TypeVar("T")

_BLOCK_BYTES = 8 * 2**20
_MOST_PARSED_BYTES = 16 * 2**20  # at once: a piece and what it has of the line before; a table read with care has more
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

    def where(self, wanted: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """(n,) whether the word of each row is `wanted` (n_words,)."""
        return wanted[self.codes] if wanted.any() else np.zeros(len(self.codes), bool)

    def words_at(self, rows: npt.NDArray[np.bool_]) -> pd.Index:
        """The distinct words of these rows (mask)."""
        return self.words[np.unique(self.codes[rows])]


class Part(NamedTuple):
    """Rows of a large table that follow each other; columns that the table does not have are left out."""

    n_rows: int
    texts: dict[str, Coded]
    clocks: dict[str, Clocks]  # the columns `TableSpec.clocks`


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
    table = pa.concat_tables(_read(archive, spec, lambda part: part, log))
    columns = {}
    for name in (*spec.required, *spec.optional):
        if name not in table.column_names:
            columns[name] = np.full(table.num_rows, "", dtype=object)
            continue
        texts, n_replaced = _coded(table.column(name).combine_chunks(), name in spec.whole_numbers)
        # Each text is one object, however many rows have it.
        columns[name] = texts.words.to_numpy(dtype=object)[texts.codes]
        if n_replaced:
            log.add_replaced(spec.name, name, n_replaced, table.num_rows)
    return pd.DataFrame(columns)


def read_in_parts(archive: Archive, spec: TableSpec, convert: Callable[[Part], T], log: RepairLog) -> list[T]:
    """`convert(part)` of every part of a large table, in the order of its rows; at least one, which may have no rows.

    Parts are converted in threads while the next are read, and no more text is held than they have. `convert` may be
    called again for the same rows, where a table has to be read with care.
    """

    def converted(table: pa.Table) -> tuple[T, int, dict[str, int]]:
        part, n_replaced = _part(table, spec)
        return convert(part), part.n_rows, n_replaced

    found = _read(archive, spec, converted, log)
    n_rows = sum(n for _, n, _ in found)
    for name in found[0][2]:
        n_replaced = sum(replaced[name] for _, _, replaced in found)
        if n_replaced:
            log.add_replaced(spec.name, name, n_replaced, n_rows)
    return [value for value, _, _ in found]


def _part(table: pa.Table, spec: TableSpec) -> tuple[Part, dict[str, int]]:
    """The rows of a table, and how many values of each column had forbidden characters."""
    part, replaced = Part(table.num_rows, {}, {}), {}
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        replaced[name] = 0
        if name in spec.clocks and (clocks := plain_clocks(column)):
            part.clocks[name] = clocks
            continue
        texts, replaced[name] = _coded(column, name in spec.whole_numbers)
        if name in spec.clocks:
            part.clocks[name] = clocks_looked_up(texts.words, texts.codes)
        else:
            part.texts[name] = texts
    return part, replaced


def _coded(texts: pa.Array, whole_numbers: bool) -> tuple[Coded, int]:
    """A column, trimmed and without forbidden characters, and how many of its values had any."""
    looked_up = texts if pa.types.is_dictionary(texts.type) else texts.dictionary_encode()
    words = pd.Index(_trimmed(looked_up.dictionary, whole_numbers).to_pylist(), dtype=object)
    codes = looked_up.indices.to_numpy(zero_copy_only=False)
    if _all_clean(looked_up.dictionary):
        return Coded(codes, words), 0
    odd = np.fromiter((not is_clean(word) for word in words), bool, len(words))
    return Coded(codes, words.map(cleaned) if odd.any() else words), int(odd[codes].sum())


def _all_clean(texts: pa.Array) -> bool:
    """Whether no text has a forbidden character, by its bytes: looking at each text takes a hundred times as long."""
    letters = texts.buffers()[2]
    return letters is None or surely_clean(np.frombuffer(letters, np.uint8))


def _trimmed(texts: pa.Array, whole_numbers: bool) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(texts)
    return pc.replace_substring_regex(trimmed, _WHOLE_DECIMAL, r"\1") if whole_numbers else trimmed


class _OddTextError(Exception):
    """A piece of a table has fewer rows than lines: cells may run over several lines."""


def _read(archive: Archive, spec: TableSpec, convert: Callable[[pa.Table], T], log: RepairLog) -> list[T]:
    """`convert(part)` of the parts of a table, which has the columns of `spec`, parsed while it streams out of the zip.

    A table that fails there (rows of the wrong length, odd text, cells that run over several lines and may contain
    whole rows) is read again with care.
    """
    with archive.open(spec.name) as stream:
        header = _read_header(archive, stream)
    if header is None:
        return [convert(pa.table({name: pa.array([], _column_type(name, spec)) for name in spec.required}))]
    try:
        if header.encoding == "utf-8":
            with archive.open(spec.name) as stream:
                pieces = _pieces(stream, header)
                return in_threads_as_they_come(lambda piece: convert(_parsed_piece(*piece, spec)), pieces)
    except (pa.ArrowException, UnicodeError, _OddTextError):
        pass
    except DAMAGE as error:
        raise damaged(archive.path, error) from error
    table = _read_with_care(archive, spec, log)
    batches = [pa.Table.from_batches([batch]) for batch in table.to_batches() if batch.num_rows]
    return in_threads_as_they_come(convert, batches or [table])


def _pieces(stream: IO[bytes], header: _Header) -> Iterator[tuple[bytes, _Header]]:
    """The bytes of a table in pieces of whole lines, the last as it ends, with the header, of which later ones skip none."""
    begun: list[bytes] = []
    while read := stream.read(_BLOCK_BYTES):
        end = 0 if len(read) < _BLOCK_BYTES else read.rfind(b"\n") + 1 or read.rfind(b"\r") + 1
        if end:
            yield b"".join([*begun, read[:end]]), header
            begun, header = [], header._replace(skip_lines=0)
        begun.append(read[end:])
    if any(begun) or header.skip_lines:
        yield b"".join(begun), header


def _parsed_piece(piece: bytes, header: _Header, spec: TableSpec) -> pa.Table:
    """The rows of a piece of UTF-8 text. Raises `_OddTextError` or an error of pyarrow where it must be read with care."""
    table = _parse(piece, header, spec, arrow_csv.ParseOptions())
    if b'"' in piece and table.num_rows < max(piece.count(b"\n"), piece.count(b"\r")) - header.skip_lines:
        raise _OddTextError
    return table


def _read_with_care(archive: Archive, spec: TableSpec, log: RepairLog) -> pa.Table:
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
        table = _parse(lines.raw, below, spec, options)
        filled, short, ragged = filled_rows([row.text for row in odd if row.actual_columns < width], width)
        if short:
            table = pa.concat_tables([table, _parse(filled, below, spec, options)])
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


def _parse(text: bytes, header: _Header, spec: TableSpec, options: arrow_csv.ParseOptions) -> pa.Table:
    wanted = [name for name in (*spec.required, *spec.optional) if name in header.names]
    # Where none is wanted all are read, to count the rows; types that are guessed may differ from piece to piece.
    types = {name: _column_type(name, spec) for name in wanted or _unique(header.names)}
    return arrow_csv.read_csv(
        pa.BufferReader(text),
        read_options=arrow_csv.ReadOptions(
            column_names=_unique(header.names),
            skip_rows=header.skip_lines,
            block_size=max(min(len(text), _MOST_PARSED_BYTES), 1),
            use_threads=len(text) > _MOST_PARSED_BYTES,  # pieces are parsed side by side
        ),
        parse_options=options,
        convert_options=arrow_csv.ConvertOptions(
            column_types=types, include_columns=wanted, strings_can_be_null=False, null_values=[]
        ),
    )


def _column_type(name: str, spec: TableSpec) -> pa.DataType:
    return pa.string() if name in spec.clocks else _CODED


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
