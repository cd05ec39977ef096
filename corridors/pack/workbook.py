"""The workbook of a pack: the evidence as sheets, with blank columns for judgements, a data dictionary and the sources."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict

import pandas as pd

from corridors.catalogue.columns import meaning_of
from corridors.pack.characteristics import equality_table
from corridors.pack.folders import LINES, PORTFOLIO, SCENARIO, PackFolders
from corridors.pack.page import pack_page
from corridors.report.blocks.view import Section, Table
from layers import ColumnNote, Sheet, with_integers

BLANK = "judgement"  # name of columns that people fill in
_OWN: Mapping[str, ColumnNote] = {
    "characteristic": ColumnNote("Protected characteristic", "text"),
    "group": ColumnNote("Group", "text"),
    "people": ColumnNote("People of the group", "people"),
    "people_share": ColumnNote("Share of all residents", "share 0-1"),
    "people_within": ColumnNote("Of them, people who live in areas that meet the test", "people"),
    "share": ColumnNote("Share of the group who live in areas that meet the test", "share 0-1"),
    "difference": ColumnNote("That share less the share of all residents", "share 0-1"),
    BLANK: ColumnNote("For people to fill in", "text"),
    "line": ColumnNote("Line of the worksheet, or what the public calls a line of public transport", "text"),
    "evidence": ColumnNote("Evidence of this run, in words", "text"),
    "note": ColumnNote("For people to fill in", "text"),
}
_OF_KIND: Mapping[str, tuple[str, ...]] = {
    SCENARIO: ("kpi", "gainers_losers", "groups", "resources"),
    PORTFOLIO: ("budgets", "frontier", "candidates", "judged"),
    LINES: ("lines", "groups"),
}
_JUDGED = {"budgets", "lines", "gainers_losers"}  # tables of others to which a blank column is added
_OF_RUN = ("distribution", "group_shares", "inequality", "kpi_by_place", "observed_days", "observed_by_place")


def pack_sheets(folders: PackFolders) -> list[Sheet]:
    """The sheets: worksheet, equality, distribution, those of other folders, and sources."""
    caution = folders.run.region.caution
    found = []
    for title, table in _tables(folders):
        whole = table.assign(caution=caution) if caution else table
        notes = {str(column): _note(folders, title, str(column)) for column in whole}
        found.append(Sheet(title, with_integers(whole, notes), notes))
    return found


def readme(folders: PackFolders) -> tuple[str, ...]:
    """The lines of the first sheet."""
    run = folders.run
    return (
        *((f"CAUTION. {run.region.caution}.",) if run.region.caution else ()),
        f"The place: {run.region.note}. Timetable of {run.day_words}.",
        f"Columns called {BLANK}, and notes of the worksheet, are for people to fill in; the tool makes no judgement.",
        "Figures describe residents of areas, never individuals. Sources and fingerprints stand in the last sheet.",
        *folders.differing,
    )


def _tables(folders: PackFolders) -> Iterator[tuple[str, pd.DataFrame]]:
    run = folders.run
    yield "worksheet", _worksheet(folders)
    yield "equality", equality_table(run).assign(**{BLANK: ""})
    of_run = dict(run.tables.items())
    yield from ((name, of_run[name]) for name in _OF_RUN if name in of_run and len(of_run[name]))
    for one in folders.others:
        for name in _OF_KIND[one.kind]:
            if name in one.tables:
                table = one.tables[name]
                yield f"{one.name} {name}", table.assign(**{BLANK: ""}) if name in _JUDGED else table
    yield "sources", pd.DataFrame([asdict(item) for item in folders.provenance])


def _worksheet(folders: PackFolders) -> pd.DataFrame:
    """Every line of the document's worksheet: page, line, evidence, judgement, note."""
    (section,) = [one for one in pack_page(folders).sections if one.id == "worksheet"]
    rows = [(table.caption, *_cells(row.cells)) for table in _tables_in(section) for row in table.rows]
    return pd.DataFrame(rows, columns=["page", "line", "evidence", BLANK, "note"])


def _tables_in(section: Section) -> Iterator[Table]:
    return (block for block in section.blocks if isinstance(block, Table))


def _cells(cells: tuple[object, ...]) -> tuple[str, str, str, str]:
    """Line and evidence as worded; judgement and note are blank."""
    texts = [getattr(cell, "text", "") for cell in cells]
    return texts[0], texts[1] if len(texts) > 2 else "", "", ""


def _note(folders: PackFolders, sheet: str, column: str) -> ColumnNote:
    if column in _OWN and (sheet in {"equality", "worksheet"} or column == BLANK):
        return _OWN[column]
    return ColumnNote(*meaning_of(column, folders.run.measures))
