"""The page of a portfolio: which changes to choose at each budget, how sure that is, and what it does not say."""

from dataclasses import replace

import numpy as np
import pandas as pd

from corridors.config.run_config import RunConfig
from corridors.dates import day_words
from corridors.pipeline import region_of
from corridors.portfolio.files.values import GOALS
from corridors.portfolio.results import PortfolioResults
from corridors.portfolio.shown.wording import limits, robust_words, searched_words, unlike_the_file
from corridors.report.blocks.tables import Column, Layout, cut_note, first_rows, records, table
from corridors.report.blocks.view import Block, Bullets, Figure, Paragraph, Report, Section
from corridors.report.blocks.wording import count, decimal, percent, signed_count, words, yes_no
from corridors.report.scenarios.view import marks
from maps import Sheet
from maps import lines as curve

_GOAL_TITLES = {
    "people": "People who meet the test",
    "gap_minutes": "Person-minutes of the gap closed",
    "no_car_households": "Households without a car that meet it",
    "most_deprived_fifth": "People of the most deprived fifth who meet it",
}
_SHOWN = 15  # sets and pairs on the page
_RANGE = (
    Column("people_within_lowest", "Meet the test: lowest over unknown timetables", count),
    Column("people_within", "Meet the test", count),
    Column("people_within_highest", "Meet the test: highest", count),
)
_SET = Column("candidates", "Candidates", words, text=True)


def page_of_portfolio(results: PortfolioResults, config: RunConfig) -> Report:
    """The page in reading order."""
    region, head = region_of(config), results.choice.portfolio.head
    return Report(
        title=f"{head.title}: {region.name}",
        subtitle=f"Which changes to choose. Timetable of {day_words(config.timetable.date)}"
        + (f"; {region.note}" if region.note else ""),
        date=config.timetable.date,
        caution=region.caution,
        marks=marks(region),
        sections=(
            Section("answer", "What to choose at each budget", (*_answer(results, config), _budgets(results))),
            Section("frontier", "What more money buys", _frontier(results)),
            Section("sure", "How sure the choice is", _sure(results)),
            Section("pairs", "What pairs of candidates do together", _pairs(results)),
            Section("judged", "Hours and timetables that the search did not see", _judged(results)),
            Section("candidates", "The candidates", _candidates(results)),
            Section("limits", "What this does not say", (Bullets(limits(results, config)),)),
        ),
    )


def _answer(results: PortfolioResults, config: RunConfig) -> tuple[Block, ...]:
    test = f"{config.kpi.centres_at_least} or more centres within {config.kpi.cutoff_min:g} minutes"
    intro = (
        f"{len(results.choice.candidates):,} candidates, chosen for: {results.goal_words}. In the base "
        f"{results.before['people']:,.0f} people meet the test ({test}). Costs and budgets are in {results.unit}."
    )
    shown = f" map.html shows what point {results.best_point} below changes." if results.best_point else ""
    return Paragraph(intro + shown), Bullets(tuple(searched_words(results)))


def _goals(results: PortfolioResults) -> tuple[Column, ...]:
    """The columns of the goals for which the configuration has data."""
    return tuple(Column(goal, _GOAL_TITLES[goal], signed_count) for goal in GOALS if goal in results.before)


def _layout(
    results: PortfolioResults, caption: str, first: tuple[Column, ...], *last: Column, note: str = ""
) -> Layout:
    unit = results.unit
    columns = (*first, Column("cost", f"Cost ({unit})", decimal), *_goals(results), *last)
    return Layout(caption, columns, notes=(note,) if note else (), says_absent_columns=False, dense=True)


def _budgets(results: PortfolioResults) -> Block:
    rows = results.tables.budgets.assign(
        said=[f"{'all' if row['all_sets'] else 'some:'} {row['sets']:,}" for row in records(results.tables.budgets)],
        candidates=_or_nothing(results.tables.budgets["candidates"]),
        second=_or_nothing(results.tables.budgets["second"]),
    )
    layout = _layout(
        results,
        "The best set within each budget, and what it changes",
        (Column("budget", "Budget", decimal), _SET),
        Column("said", "Sets searched", words, text=True),
        Column("second", "Second best", words, text=True),
        Column("regret", "Its gain is less by", decimal),
    )
    return table(first_rows(rows), layout)


def _or_nothing(sets: pd.Series) -> list[str]:
    return ["nothing" if one == "" else str(one) for one in sets]


def _frontier(results: PortfolioResults) -> tuple[Block, ...]:
    points, exhausted = results.tables.frontier, results.found.exhausted
    if not len(points):
        return (Paragraph("No set within the largest budget gains anything."),)
    what = (
        "No set of the same or a lower cost gains as much as a point of the frontier; every set was searched."
        if exhausted
        else "The best set found for each budget; there may be better ones that were not searched."
    )
    names = points.assign(best_at=[one or "–" for one in points["best_at"]])
    layout = _layout(
        results,
        "Points of the frontier",
        (Column("point", "Point", words), _SET),
        *(() if points["on_frontier"].all() else (Column("on_frontier", "No cheaper set gains as much", yes_no),)),
        *(_RANGE if (points["timetables"] > 1).any() else _RANGE[1:2]),
        note="The scenario file of a point is scenarios/point_<its number>.toml.",
    )
    cut = cut_note(names, "frontier")
    made = table(first_rows(names), replace(layout, notes=(*layout.notes, *cut)))
    drawn = (_curve(results),) if len(points) > 1 else ()
    return Paragraph(f"{what} Each has a scenario file, which corridors scenario run answers in full."), *drawn, made


def _curve(results: PortfolioResults) -> Figure:
    """The gain that each cost buys: a step at every point."""
    points, title = results.tables.frontier.query("on_frontier"), "The gain that a budget buys"
    costs = [*points["cost"], results.found.question.budgets[-1]]
    gains = [0.0, *points["gain"]]
    x = np.repeat([min(0.0, costs[0]), *costs], 2)[1:-1]
    curves = pd.DataFrame({"gain": np.repeat(gains, 2)}, index=x)
    caution = region_of(results.choice.small.base.config).caution
    drawn = curve(curves, results.unit, "gain", Sheet(title, caution, width_in=7.0, height_in=3.0))
    return Figure(drawn, f"{title}: {results.goal_words}, by cost.")


def _sure(results: PortfolioResults) -> tuple[Block, ...]:
    near = results.choice.portfolio.head.near_best
    budget = results.found.question.budgets[-1]
    rows = results.tables.candidates[results.tables.candidates["budget"] == budget]
    shares = Layout(
        f"How often each candidate is in the sets near the best one, at the budget of {budget:g}",
        (
            Column("title", "Candidate", words, text=True),
            Column("in_best", "In the best set", yes_no),
            Column("near_best_sets", "Near-best sets with it", count),
            Column("near_best_share", "Share of them", percent, bar=True),
            *((Column("in_own", "In your own list", yes_no),) if results.found.question.own else ()),
        ),
        notes=(
            f"Near-best: a gain at most {percent(near)} below that of the best set, and no candidate in it that adds "
            "nothing. "
            "tables/candidates.csv has every budget.",
            *cut_note(rows, "candidates"),
        ),
        dense=True,
    )
    ordered = rows.sort_values(["near_best_sets", "in_best"], ascending=False, kind="stable")
    first = table(first_rows(ordered), shares)
    sets = results.tables.sets[results.tables.sets["budget"] == budget]
    layout = _layout(
        results,
        f"The sets near the best one, at the budget of {budget:g}",
        (Column("place", "Place", words), _SET),
        Column("allowed", "May be chosen", yes_no),
        Column("loses", "Floors that it breaks", lambda text: str(text) or "none", text=True),
        note="Sets that gain more than the best one and may not be chosen show what the floors cost.",
    )
    made = table(records(sets.head(_SHOWN)), replace(layout, notes=(*layout.notes, *_first_of(sets, "sets"))))
    return Bullets(tuple(robust_words(results))), first, made


def _first_of(frame: pd.DataFrame, name: str) -> tuple[str, ...]:
    """A note that the page has the first rows only."""
    return (f"The first {_SHOWN} of {len(frame):,}; more are in tables/{name}.csv.",) if len(frame) > _SHOWN else ()


def _pairs(results: PortfolioResults) -> tuple[Block, ...]:
    pairs = results.tables.interactions
    if not len(pairs):
        return (Paragraph("No two candidates can be chosen together."),)
    moved = pairs[pairs["interaction"].abs() > 1e-9]
    what = (
        f"Of {len(pairs):,} pairs {len(pairs) - len(moved):,} add up: both together do what each does alone. Below 0 "
        "they do part of "
        "the same; above 0 they only work together."
    )
    if not len(moved):
        return (Paragraph(what),)
    ordered = moved.assign(size=moved["interaction"].abs()).sort_values("size", ascending=False, kind="stable")
    layout = Layout(
        "Pairs that do more or less together than each alone",
        (
            Column("candidate_a", "Candidate", words, text=True),
            Column("candidate_b", "and candidate", words, text=True),
            Column("gain_a", "Gain of the first", signed_count),
            Column("gain_b", "of the second", signed_count),
            Column("gain_both", "of both", signed_count),
            Column("interaction", "Beyond the sum", signed_count),
        ),
        notes=_first_of(ordered, "interactions"),
        dense=True,
    )
    return Paragraph(what), table(records(ordered.head(_SHOWN)), layout)


def _judged(results: PortfolioResults) -> tuple[Block, ...]:
    judged = results.tables.judged
    if not len(judged):
        return (
            Paragraph(
                "Nothing: the file names no hours under judged_on, and no chosen set has a service whose departures "
                "are unknown."
            ),
        )
    sets = results.tables.frontier.set_index("point")["candidates"]
    layout = Layout(
        "The best set of each budget at what the search did not see",
        (
            Column("point", "Point", words),
            _SET,
            Column("judged_on", "Judged on", words, text=True),
            Column("people_within_base", "Meet the test in the base", count),
            Column("people_within", "with the set", count),
            Column("gain", "Gain", signed_count),
            Column("gain_lowest", "lowest", signed_count),
            Column("gain_highest", "highest", signed_count),
        ),
        notes=("Where several timetables are tried, the figures are of the middle one.",),
        dense=True,
    )
    return (table(first_rows(judged.assign(candidates=judged["point"].map(sets))), layout),)


def _candidates(results: PortfolioResults) -> tuple[Block, ...]:
    budget = results.found.question.budgets[-1]
    rows = results.tables.candidates[results.tables.candidates["budget"] == budget]
    layout = Layout(
        "Every candidate with its cost and its gain alone",
        (
            Column("candidate", "Candidate", words, text=True),
            Column("title", "What it is", words, text=True),
            Column("origin", "From", words, text=True),
            Column("cost", f"Cost ({results.unit})", decimal),
            Column("cost_basis", "Cost is", words, text=True),
            Column("gain_alone", "Gain alone, with what it requires", signed_count),
        ),
        notes=cut_note(rows, "candidates"),
        dense=True,
    )
    told = unlike_the_file(results)
    return *((Bullets(told),) if told else ()), table(first_rows(rows), layout)
