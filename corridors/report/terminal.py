"""The summary of a run on the terminal: headline, table of corridors, path of the report."""

import math
from pathlib import Path

from corridors.report.blocks.tables import records
from corridors.report.sections.overview import main_buffer_m
from corridors.report.sections.sentences import together
from corridors.results import Results
from corridors.runtime.printing import say, show_table


def print_summary(results: Results, report: Path) -> None:
    """Print the headline, the corridor table and the report's place to standard output."""
    kpi, region = results.kpi, results.region
    if region.caution:
        say((region.caution, "bold yellow"))
    least = kpi.definition["centres_at_least"]
    say(
        (f"{kpi.share:.1%}", "bold"),
        f" of residents ({kpi.people_within:,.0f} of {kpi.people_total:,.0f}, {region.note}) "
        f"can reach {least} or more strategic centres within {kpi.test.limit_words}.",
    )
    if region.strategy:
        say(f"(The strategy's {region.strategy.published.share:.0%} is another definition and year.)")
    if len(results.corridors):
        _show_corridors(results)
    if results.warnings:
        written = report.is_file() and (report.parent / "tables").is_dir()
        where = "see tables/warnings.csv and the report" if written else "--verbose tells them"
        say(f"{len(results.warnings)} kind(s) of problem in the input: {where}.")
    for title, path in (("Report:", report), ("Map:   ", report.parent / "maps" / "index.html")):
        if path.is_file():  # unless the run was asked for other parts alone
            say(f"{title} {path}")


def _show_corridors(results: Results) -> None:
    headings = ("corridor", "km", "zones", "people", "KPI", "need", "opportunity", "connectivity")
    table = [
        (
            str(row.name),
            f"{row.length_km:.1f}",
            str(row.zones),
            f"{row.people:,.0f}",
            "few zones" if row.suppressed else _or_missing(row.kpi_share, ".1%"),
            *(_or_missing(value, ".0f") for value in (row.need, row.opportunity, row.connectivity)),
        )
        for row in results.corridors.itertuples()
    ]
    title = "Corridor, proposed by this tool"
    if len(table) != 1:
        title = "Corridors, proposed by this tool; they overlap, so never add them up"
    show_table(title, headings, table, right=True)
    rows = records(results.tables.corridors_together)
    held = next((row for row in rows if row["buffer_m"] == main_buffer_m(results)), None)
    if held:
        say(together(held, len(results.corridors)))


def _or_missing(value: float, form: str) -> str:
    return "n/a" if math.isnan(value) else format(value, form)
