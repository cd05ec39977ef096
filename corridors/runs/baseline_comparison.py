"""Comparison of two baselines: each change of a value, and whether data or definitions changed with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corridors.catalogue.cutoff_names import outside_table
from corridors.outputs.baseline_file import BaselineFile
from corridors.runtime.printing import say, show_table
from corridors.runtime.whole_files import require_table, whole_file
from layers import write_csv

KEY = ["place_kind", "place_id", "item"]
SAME_VALUE = 1e-9  # relative: sums in another order are no change
_SHOWN, _WIDTH = 15, 60
DATA, DEFINITION, BOTH = "data", "definition", "data and definition"
OTHERS = "other residents"
REASONS: Mapping[str, str] = {
    "unchanged": "the same value",
    DATA: "other data under the same definition: this is change in the place, or in its statistics or timetable",
    DEFINITION: "another definition of the same data: nothing in the place has changed",
    BOTH: "both differ, and their parts can't be told apart; run the newer data with the older configuration",
    OTHERS: "a mean of those who reach it, and others reach it in the second: no change is given, compare who reaches it",
    "tool": "neither data nor definition differ: another version of the tool",
    "now missing": "a value in the first, none in the second",
    "now known": "none in the first, a value in the second",
    "missing in both": "no value in either",
    "only in first": "the second does not have the place or item",
    "only in second": "the first does not have the place or item",
}


@dataclass(frozen=True)
class Comparison:
    """cells: one row a place and item; aspects: every aspect of definition or data that differs, and how often."""

    cells: pd.DataFrame
    aspects: pd.DataFrame

    def counts(self) -> dict[str, int]:
        """Cells by reason, in the order of `REASONS`."""
        counts = self.cells["because"].value_counts()
        return {reason: int(counts[reason]) for reason in REASONS if reason in counts}


def compare(first: BaselineFile, second: BaselineFile) -> Comparison:
    """Comparison by cell: value_first, value_second, change, because (a key of `REASONS`), differs (aspects, ";" between)."""
    one, other = (file.cells.set_index(KEY) for file in (first, second))
    every = one.index.append(other.index.difference(one.index, sort=False))
    table = pd.concat(
        [one.reindex(every).add_suffix("_first"), other.reindex(every).add_suffix("_second")], axis="columns"
    )
    differing = list(_differing(table, first, second))
    because = [_because(row, names) for row, (names, _) in zip(table.itertuples(), differing, strict=True)]
    named = {
        column: table[f"{column}_second"].fillna(table[f"{column}_first"])
        for column in ("place", "domain", "title", "unit")
    }
    of_others = np.array([one == OTHERS for one in because], bool)
    cells = pd.DataFrame(
        {
            **named,
            "value_first": table["value_first"],
            "value_second": table["value_second"],
            "change": (table["value_second"] - table["value_first"]).mask(of_others),
            "because": because,
            "differs": ["; ".join(sorted({*names[0], *names[1]})) for names, _ in differing],
        }
    ).reset_index()
    cutoff_min = first.cutoff_min if first.cutoff_min == second.cutoff_min else ""
    return Comparison(outside_table(cells, cutoff_min), _aspects_table([found for _, found in differing]))


Aspect = tuple[str, str, str, str]  # definition or data, aspect, in the first, in the second
Names = tuple[list[str], list[str]]  # aspects of definition, of data, that differ


def _differing(table: pd.DataFrame, first: BaselineFile, second: BaselineFile) -> Iterator[tuple[Names, list[Aspect]]]:
    """The aspects of definition and data in which each cell of both differs, in words."""
    ids = {"item_definition": DEFINITION, "place_definition": DEFINITION, "data": DATA}
    columns = [(kind, table[f"{name}_first"], table[f"{name}_second"]) for name, kind in ids.items()]
    for row in range(len(table)):
        aspects = [
            (kind, aspect, one.get(aspect, ""), other.get(aspect, ""))
            for kind, before, after in columns
            for a, b in [(before.iat[row], after.iat[row])]
            if isinstance(a, str) and isinstance(b, str) and a != b
            for one, other in [_meanings(kind, a, b, first, second)]
            for aspect in {**one, **other}
            if one.get(aspect) != other.get(aspect)
        ]
        definitions = [aspect for kind, aspect, *_ in aspects if kind == DEFINITION]
        yield (definitions, [aspect for kind, aspect, *_ in aspects if kind == DATA]), aspects


def _meanings(
    kind: str, a: str, b: str, first: BaselineFile, second: BaselineFile
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    if kind == DEFINITION:
        return first.definitions.get(a, {}), second.definitions.get(b, {})
    return first.data.get(a, {}), second.data.get(b, {})


def _because(row: Any, differs: Names) -> str:
    """A key of `REASONS` for one row of both baselines, as a named tuple."""
    if not isinstance(row.status_first, str):
        return "only in second"
    if not isinstance(row.status_second, str):
        return "only in first"
    before, after = float(row.value_first), float(row.value_second)
    known = not np.isnan(before), not np.isnan(after)
    if not all(known):
        return {(True, False): "now missing", (False, True): "now known"}.get(known, "missing in both")
    if abs(after - before) <= SAME_VALUE * max(abs(before), abs(after)):
        return "unchanged"
    # Minutes are means of the residents who reach a place: whoever took longest and no longer gets there lowers them.
    if row.unit_second == "min" and abs(row.known_share_second - row.known_share_first) > SAME_VALUE:
        return OTHERS
    changed = bool(differs[0]), bool(differs[1])
    return {(True, True): BOTH, (True, False): DEFINITION, (False, True): DATA}.get(changed, "tool")


def _aspects_table(aspects: list[list[Aspect]]) -> pd.DataFrame:
    """kind, aspect, first, second, cells: every difference once, the most frequent first."""
    columns = ["kind", "aspect", "first", "second"]
    rows = pd.DataFrame([aspect for cell in aspects for aspect in cell], columns=columns)
    counted = rows.groupby(columns, sort=False).size().rename("cells").reset_index()
    ordered: pd.DataFrame = counted.sort_values(["cells", *columns], ascending=[False] + [True] * 4, ignore_index=True)
    return ordered


def write_comparison(comparison: Comparison, folder: Path) -> Path:
    """Write comparison.csv and comparison_aspects.csv; returns the folder.

    Raises `OutputError` where it can't, or where files of these names are there that are no comparison.
    """
    tables = {folder / "comparison.csv": comparison.cells, folder / "comparison_aspects.csv": comparison.aspects}
    for path, table in tables.items():
        require_table(path, list(table.columns))
    for path, table in tables.items():
        with whole_file(path, make_folder=True) as written:
            write_csv(written, table)
    return folder


def print_comparison(comparison: Comparison, first: BaselineFile, second: BaselineFile) -> None:
    """Print the number of changed cells by reason, the differences, and the largest changes that data alone explain."""
    for file in (first, second):
        say(f"{file.name}: {file.head['region']}, {file.head.get('as_of', file.head['service_day'])}")
    for reason, count in comparison.counts().items():
        say(f"{count:>6} {reason}: {REASONS[reason]}")
    if len(comparison.aspects):
        shown = comparison.aspects.head(_SHOWN)[["kind", "aspect", "first", "second"]]
        rows = [[_short(str(text)) for text in row] for row in shown.itertuples(index=False)]
        headings = ("kind", "what differs", "in the first", "in the second")
        show_table("Data and definitions that differ", headings, rows)
    changed = comparison.cells[comparison.cells["because"] == DATA]
    if len(changed):
        relative = (changed["change"] / changed["value_first"].abs()).abs().sort_values(ascending=False)
        rows = [
            [str(row.place), str(row.title), f"{row.value_first:,.4g}", f"{row.value_second:,.4g}"]
            for row in changed.loc[relative.index[:_SHOWN]].itertuples()
        ]
        title = "Largest relative changes because of data alone"
        show_table(title, ("place", "item", "first", "second"), rows)


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
