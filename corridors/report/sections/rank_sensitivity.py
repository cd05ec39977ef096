"""Sensitivity of the corridors' ranks to choices: ranks under uncertainty, and the choices that move them most."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from corridors.report.blocks import evidence_layouts
from corridors.report.blocks.tables import NOT_COMPUTED, Column, Record, records, table
from corridors.report.blocks.view import Absent, Block, Bullets, Paragraph, Section
from corridors.report.blocks.wording import decimal, in_words, number_of, percent
from corridors.report.figures.plots import acceptability_figure, influence_figure
from corridors.results import Results

EVERYTHING = "everything"  # varied together: catchments, methods, definitions, zones
RANKS = "p_rank_"


def sensitivity(results: Results) -> Section:
    """The section on each measure's ranks: their uncertainty, a sentence for each pair, and the choices that move them."""
    rows = [row for row in records(results.tables.rank_acceptability) if row.get("varied") == EVERYTHING]
    measures = list(dict.fromkeys(str(row["measure"]) for row in rows))
    if not measures:
        text = f"Ranks of the corridors under what is uncertain: {NOT_COMPUTED}. Without them no order of corridors is claimed."
        return Section("sensitivity", _TITLE, (Absent(text),))
    intro = (
        f"No order of the corridors is given without its uncertainty. {_drawn(results)} drawn at random, many times; a "
        "corridor's place is only as firm as the share of draws that give it. “Robust” is said from 90 % of "
        "draws, “likely” from 66 %, and below that two corridors are not distinguishable. The figure after ± says how far "
        "a share may be off because the draws are limited in number; where two words are then possible, the sentence gives both."
    )
    parts = tuple(_measure(results, measure, rows) for measure in measures)
    dominance = tuple(str(row["sentence"]) for row in records(results.tables.dominance) if row.get("sentence"))
    first: tuple[Block, ...] = (Paragraph(intro), *((Bullets(dominance),) if dominance else ()))
    return Section("sensitivity", _TITLE, first, (*parts, *_influences(results, measures)))


def _drawn(results: Results) -> str:
    """What is drawn: the choices that have more than one level in this run."""
    weighed = any(
        row.get("measure") == "combined" for row in _influence(results)
    )  # weights act on the combined rank alone
    rows = [row for row in _influence(results) if weighed or row.get("choice") != "weights"]
    titles = list(dict.fromkeys(str(row["title"]) for row in rows))
    return f"What could be chosen otherwise ({'; '.join(titles)}) is" if titles else "What is uncertain is"


_TITLE = "How firm the order of the corridors is"


def _measure(results: Results, measure: str, rows: Sequence[Record]) -> Section:
    of_measure = pd.DataFrame([row for row in rows if row["measure"] == measure]).set_index("name")
    ranks = [column for column in of_measure.columns if str(column).startswith(RANKS)]
    shares = of_measure[ranks].rename(columns={name: _ordinal(int(name.removeprefix(RANKS))) for name in ranks})
    title = f"Ranks on {_called(measure)}, with all that is uncertain drawn at random"
    pairs = [row for row in records(results.tables.rank_pairs) if row.get("measure") == measure]
    sentences = tuple(str(row["sentence"]) for row in pairs if row.get("sentence"))
    influence = [row for row in _influence(results) if row.get("measure") == measure]
    blocks: tuple[Block, ...] = (
        acceptability_figure(results, title, shares, number_of(of_measure.iloc[0].get("monte_carlo_error"))),
        *((Bullets(sentences),) if sentences else ()),
        *influence_figure(results, _called(measure), influence),
    )
    return Section(f"sensitivity-{_plain(measure)}", _called(measure).capitalize(), blocks)


def _influence(results: Results) -> list[dict[str, object]]:
    return records(results.tables.rank_influence)


def _influences(results: Results, measures: Sequence[str]) -> tuple[Section, ...]:
    """One table of all measures: each choice's part in the ranks, and how many places it moves alone."""
    choices: dict[str, dict[str, object]] = {}
    for row in _influence(results):
        if row["measure"] in measures:
            own = choices.setdefault(str(row["title"]), {"title": row["title"]})
            own |= {f"{row['measure']} {name}": row.get(name) for name in ("total_effect", "rank_shift")}
    if not choices:
        return ()
    columns = [
        column
        for measure in measures
        for column in (
            Column(f"{measure} total_effect", f"{_called(measure).capitalize()}: part of the spread", percent),
            Column(f"{measure} rank_shift", "places moved", decimal),
        )
    ]
    layout = replace(evidence_layouts.INFLUENCE, columns=(*evidence_layouts.INFLUENCE.columns, *columns))
    return (Section("sensitivity-influence", layout.caption, (table(list(choices.values()), layout),)),)


def _called(measure: str) -> str:
    return "need, opportunity and connectivity combined" if measure == "combined" else measure


def _plain(measure: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in measure.lower())


def _ordinal(rank: int) -> str:
    words = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
    return words.get(rank, f"rank {in_words(rank)}")
