"""Tables of the view, from frames of Results and a layout of columns, titles and wordings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from corridors.report.blocks.view import Absent, Cell, Heading, Row, Table
from corridors.report.blocks.wording import MISSING, Wording, number_of
from corridors.results import Results

NOT_COMPUTED = "not computed in this run"
SUPPRESSED = "suppressed"
NOT_APPLICABLE = "–"
LONGEST = 60  # rows of a table that a page shows of a longer one
IN_THE_NATION = "in the nation"
OF_DEPRIVATION = "Index of Multiple Deprivation"
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column that a table shows when the frame has it."""

    name: str  # in the frame
    title: str  # with unit and denominator
    wording: Wording
    bar: bool = False  # the value is a share worth seeing as a length
    rate: bool = False  # withheld where the row is suppressed
    text: bool = False


@dataclass(frozen=True)
class Layout:
    """Layout of one table. The first column names the row and must be there."""

    caption: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    says_absent_columns: bool = True
    dense: bool = False


def worded(layout: Layout, results: Results) -> Layout:
    """The layout in the run's own words: its cutoff, whose areas the deciles are tenths of, and in which edition."""
    nation, edition = results.region.nation, vintage_of(results, "imd_decile")

    def said(text: str) -> str:
        worded = results.kpi.test.worded(text).replace(IN_THE_NATION, f"in {nation}" if nation else IN_THE_NATION)
        return worded.replace(OF_DEPRIVATION, f"{OF_DEPRIVATION} ({edition})" if edition else OF_DEPRIVATION)

    columns = tuple(replace(column, title=said(column.title)) for column in layout.columns)
    return replace(layout, columns=columns, notes=tuple(map(said, layout.notes)))


def vintage_of(results: Results, column: str) -> str:
    """How old the values of a column of the zones are, from the dictionary; empty where that does not say it."""
    rows = results.dictionary
    if not {"table", "column", "vintage"} <= set(rows.columns):
        return ""
    vintages = rows[(rows["table"] == "zones") & (rows["column"] == column)]["vintage"]
    return "" if vintages.empty or pd.isna(vintages.iloc[0]) else str(vintages.iloc[0])


def titled(layout: Layout, place: Record) -> Layout:
    """The layout for one place's table, whose caption names the place: no two tables of a report are called the same."""
    return replace(layout, caption=f"{layout.caption}: {place['name']}")


def records(frame: pd.DataFrame | None) -> list[dict[str, Any]]:
    """The rows of a frame as mappings without geometry; the index is "id" unless a column has that name."""
    if frame is None or frame.empty:
        return []
    columns = {str(name): column.tolist() for name, column in frame.items() if name != "geometry"}
    columns.setdefault("id", frame.index.tolist())
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def first_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame that a page shows, at most `LONGEST`."""
    return records(frame.head(LONGEST))


def cut_note(frame: pd.DataFrame, name: str) -> tuple[str, ...]:
    """A note that the page has the first rows only, and which table has all; none for a short one."""
    if len(frame) <= LONGEST:
        return ()
    return (f"The first {LONGEST} of {len(frame):,} rows; all are in tables/{name}.csv.",)


def about(frame: pd.DataFrame | None, kind: str, place_id: object = None) -> list[dict[str, Any]]:
    """The rows of a table of places that are about one kind of place, or about one place of it."""
    if frame is None or frame.empty:
        return []
    of_kind = frame["place_kind"] == kind
    return records(frame[of_kind if place_id is None else of_kind & (frame["place_id"] == place_id)])


def is_suppressed(record: Record) -> bool:
    """Whether the rates of this row are withheld because it rests on too few zones or people."""
    return bool(number_of(record.get("suppressed")))


def table(rows: Sequence[Record], layout: Layout, reference: Sequence[Record] = ()) -> Table | Absent:
    """A table of the rows, followed by the `reference` rows to compare them with; Absent where there are no rows."""
    if not rows:
        return Absent(f"{layout.caption}: {NOT_COMPUTED}.")
    shown = [column for column in layout.columns if any(column.name in row for row in rows)]
    absent = [column.title for column in layout.columns if column not in shown]
    body = [_row(row, shown) for row in rows] + [replace(_row(row, shown), emphasis=True) for row in reference]
    notes = (*layout.notes, *_notes(body, absent if layout.says_absent_columns else []))
    # The first cell of a row is its heading, and headings stand at the left.
    headings = tuple(
        Heading(column.title, numeric=not column.text and number > 0) for number, column in enumerate(shown)
    )
    return Table(layout.caption, headings, tuple(body), notes, layout.source, layout.dense)


def _row(record: Record, columns: Iterable[Column]) -> Row:
    return Row(tuple(cell(record, column) for column in columns))


def cell(record: Record, column: Column) -> Cell:
    """One value in words: a dash where the record has no such column, "suppressed" where its rates are withheld."""
    if column.name not in record:
        return Cell(NOT_APPLICABLE)
    if column.rate and is_suppressed(record):
        return Cell(SUPPRESSED, missing=True)
    value = record[column.name]
    text = column.wording(value)
    number = number_of(value) if column.bar else None
    return Cell(text, bar=None if number is None else min(max(number, 0.0), 1.0), missing=text == MISSING)


def _notes(rows: Sequence[Row], absent: Sequence[str]) -> tuple[str, ...]:
    texts = {cell.text for row in rows for cell in row.cells}
    notes = []
    if MISSING in texts:
        notes.append(f"{MISSING}: the run has no value here; it is not zero.")
    if SUPPRESSED in texts:
        notes.append("Suppressed: too few zones or people for a rate that means anything, so only counts are shown.")
    if NOT_APPLICABLE in texts:
        notes.append(f"{NOT_APPLICABLE}: nothing to show here.")
    if absent:
        notes.append(f"Columns {NOT_COMPUTED}: {'; '.join(absent)}.")
    return tuple(notes)
