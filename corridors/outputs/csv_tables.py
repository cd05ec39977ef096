"""Tables of a run as files: a CSV for each, and one workbook of those that people read."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from corridors.catalogue.columns import with_tables
from corridors.catalogue.cutoff_names import outside_table, worded_titles
from corridors.outputs.layers import notes_by_table
from corridors.results import Results
from layers import Sheet, with_integers, write_csv, write_workbook

# Long tables that a spreadsheet is the wrong place for; their CSVs and layers stand beside the workbook.
_DICTIONARY = "data_dictionary"
_NOT_IN_THE_WORKBOOK = {"zones_by_hour", "link_load", "journeys", "inequality_curves", _DICTIONARY}


def write_tables(results: Results, folder: Path) -> None:
    """Make the folder and write every table into it."""
    folder.mkdir()
    by_name = dict(tables(results))
    notes = notes_by_table(by_name[_DICTIONARY])
    to_write = {
        name: with_integers(_with_caution(results, table), notes.get(name, {})) for name, table in by_name.items()
    }
    for name, table in to_write.items():
        write_csv(folder / f"{name}.csv", table)
    sheets = [
        Sheet(name, table, notes.get(name, {}))
        for name, table in to_write.items()
        if name not in _NOT_IN_THE_WORKBOOK and len(table)
    ]
    title = results.title
    write_workbook(folder / f"{results.region.slug}.xlsx", sheets, title, _readme(results))


def _readme(results: Results) -> tuple[str, ...]:
    region = results.region
    return (
        *((f"CAUTION. {region.caution}.",) if region.caution else ()),
        f"The place: {region.note}. Timetable of {results.day_words}: timetable times, not observed ones.",
        "Corridors and their catchments are proposed by this tool; they overlap, so never add them up.",
        "Figures describe residents of areas, never individuals. Jobs at sites are their promoters' claims.",
        "Sources, licences and fingerprints of what was read stand in the sheet provenance.",
    )


def _with_caution(results: Results, table: pd.DataFrame) -> pd.DataFrame:
    plain = pd.DataFrame(table.drop(columns="geometry") if "geometry" in table else table)
    return plain.assign(caution=results.region.caution) if results.region.caution else plain


def tables(results: Results) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every table by its name, in the order of the workbook; last the dictionary that explains every column of them.

    Columns are named for readers outside.
    """
    named = dict(_tables(results))
    named[_DICTIONARY] = with_tables(results.dictionary, named | {_DICTIONARY: results.dictionary}, results.measures)
    named[_DICTIONARY] = worded_titles(named[_DICTIONARY], results.kpi.test)
    yield from ((name, outside_table(table, results.kpi.cutoff_min)) for name, table in named.items())


def _tables(results: Results) -> Iterator[tuple[str, pd.DataFrame]]:
    kpi = results.kpi
    headline = {
        "share": kpi.share,
        "people_within": kpi.people_within,
        "people_total": kpi.people_total,
        **kpi.definition,
    }
    yield "kpi", pd.DataFrame([headline])
    yield "kpi_variants", pd.DataFrame([vars(variant) for variant in kpi.variants])
    for name in ("zones", "districts", "corridors", "pilots", "sites", "centres"):
        yield name, getattr(results, name).rename_axis(getattr(results, name).index.name or "id").reset_index()
    yield "link_load", results.links
    # One of no columns has nothing to say, and could not be read as a table.
    yield from ((name, table) for name, table in results.tables.items() if len(table.columns))
    yield from results.listed.items() if results.listed else ()
    yield (
        "warnings",
        pd.DataFrame(
            [{**vars(warning), "sample": "; ".join(warning.sample)} for warning in results.warnings],
            columns=["code", "count", "share", "sample", "effect"],
        ),
    )
    yield "provenance", pd.DataFrame([vars(item) for item in results.provenance])
