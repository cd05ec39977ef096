"""What a run says at its end: the headline, the corridors side by side, and where the report is."""

import math
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from corridors.report.overview import main_buffer_m
from corridors.report.sentences import together
from corridors.report.tables import records
from corridors.results import PUBLISHED_KPI_SHARE, Results


def print_summary(results: Results, report: Path) -> None:
    """Print the headline, the corridor table and the report's place to standard output."""
    console = Console(highlight=False, width=None)
    kpi, region = results.kpi, results.region
    if region.caution:
        console.print(f"[bold yellow]{escape(region.caution)}[/]", soft_wrap=True)
    least, cutoff = kpi.definition["centres_at_least"], kpi.definition["cutoff_min"]
    console.print(
        f"[bold]{kpi.share:.1%}[/] of residents ({kpi.people_within:,.0f} of {kpi.people_total:,.0f}, {escape(region.note)}) "
        f"can reach {least} or more strategic centres within {cutoff} minutes.",
        soft_wrap=True,
    )
    console.print(f"(The strategy's {PUBLISHED_KPI_SHARE:.0%} is another definition and year.)", soft_wrap=True)
    table = Table(title="Corridors, proposed by this tool; they overlap, so never add them up")
    for heading in ("corridor", "km", "zones", "people", "KPI", "need", "opportunity", "connectivity"):
        table.add_column(heading, justify="left" if heading == "corridor" else "right")
    for name, row in zip(results.corridors["name"], results.corridors.itertuples(), strict=True):
        scores = [_or_missing(value, ".0f") for value in (row.need, row.opportunity, row.connectivity)]
        share = _or_missing(row.kpi_share, ".1%")
        table.add_row(escape(name), f"{row.length_km:.1f}", str(row.zones), f"{row.people:,.0f}", share, *scores)
    console.print(table)
    rows = records(results.tables.get("corridors_together"))
    held = next((row for row in rows if row["buffer_m"] == main_buffer_m(results)), None)
    if held:
        console.print(together(held, len(results.corridors)), soft_wrap=True)
    if results.warnings:
        console.print(
            f"{len(results.warnings)} kind(s) of problem in the input: see tables/warnings.csv and the report."
        )
    console.print(f"Report: {escape(str(report))}", soft_wrap=True)
    console.print(f"Map:    {escape(str(report.parent / 'maps' / 'index.html'))}", soft_wrap=True)


def _or_missing(value: float, form: str) -> str:
    return "n/a" if math.isnan(value) else format(value, form)
