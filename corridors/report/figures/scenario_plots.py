"""Plots of a scenario's report: what is unknown, and what each edit does."""

import pandas as pd

from corridors.report.blocks.tables import records
from corridors.report.blocks.view import Figure
from corridors.report.blocks.wording import count
from corridors.report.scenarios.facts import capital, headline_row
from corridors.scenario_results import RANGE_WORDS, ScenarioResults
from maps import Reference, Sheet, bars, height_of_rows, ranges


def range_figures(results: ScenarioResults) -> tuple[Figure, ...]:
    """The strip of residents who meet the test over unknown timetables and over run times, beside the base."""
    spread = results.spread
    shown = headline_row(results)
    rows = {
        capital(RANGE_WORDS): (
            spread["people_within_lowest"],
            shown["people_within"],
            spread["people_within_highest"],
        )
    }
    run_times = records(results.tables.range_run_times)
    if run_times:
        people = [float(row["people_within"]) for row in run_times]
        rows["Range over run times, at the timetable shown"] = (min(people), shown["people_within"], max(people))
    title = "Residents who meet the test: what is unknown"
    spans = pd.DataFrame(rows.values(), columns=["low", "middle", "high"], index=list(rows))
    base = Reference(float(shown["people_within_base"]), f"base {count(shown['people_within_base'])}")
    drawn = ranges(spans, "number", "residents", _sheet(title, results, len(spans) * 1.4), base)
    caption = (
        f"{title}. The bar runs from the lowest to the highest, the dot is the middle timetable with central run times. The two "
        "bars have different causes and must not be added up."
    )
    return (Figure(drawn, caption),)


def attribution_figures(results: ScenarioResults) -> tuple[Figure, ...]:
    """Bars of each edit's part in the residents who meet the test, and in the gap."""
    table = results.tables.attribution
    figures = []
    for measure, sign, title in (
        ("people_within", 1, "Each edit's part in the residents who meet the test"),
        ("gap", -1, "Each edit's part in the gap: how many person-minutes fewer lie beyond the time limit"),
    ):
        of = table[table["measure"] == measure]
        if of.empty:
            continue
        parts = (
            pd.Series((sign * of["shapley"]).to_numpy(float), index=of["edit_id"].astype(str)) + 0.0
        )  # no less than nothing
        drawn = bars(parts, "number", "", _sheet(title, results, len(parts)))
        figures.append(Figure(drawn, f"{title}. Shapley's value: the bars add up to the whole difference."))
    return tuple(figures)


def _sheet(title: str, results: ScenarioResults, rows: float) -> Sheet:
    sheet = Sheet(title, results.region.caution, width_in=7.0)
    return Sheet(title, results.region.caution, width_in=7.0, height_in=height_of_rows(rows, sheet))
