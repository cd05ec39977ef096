"""What a scenario takes, and which edit does what."""

from corridors.report.blocks.tables import Record, records, table
from corridors.report.blocks.view import Absent, Block, Paragraph, Section
from corridors.report.blocks.wording import number_of, signed_count
from corridors.report.figures.scenario_plots import attribution_figures
from corridors.report.scenarios import layouts
from corridors.report.scenarios.facts import day_rows
from corridors.scenario_results import ALL, PERIOD, ScenarioResults


def resources(results: ScenarioResults) -> Section:
    """The section on vehicles, hours, distances and money."""
    days = day_rows(results)
    if not days:
        return Section("resources", "What it takes", (Absent("Without an edit nothing is taken."),))
    rows = [_day(row) for row in days if row["edit_id"] != ALL]
    every = [_day(row) for row in days if row["edit_id"] == ALL]
    periods = [_period(row) for row in records(results.tables.resources) if row["what"] == PERIOD]
    money = (
        "Money is counted by the unit costs of the scenario file."
        if any(number_of(row["cost_a_day_change"]) is not None for row in days)
        else "The scenario file gives no unit costs, so no money is counted."
    )
    text = (
        f"Vehicles, vehicle-hours and vehicle-kilometres on {results.day_words}. {money} Drivers, depots, stops and works are "
        "not counted, and nothing is cut to pay for what is added."
    )
    blocks = (
        Paragraph(text),
        table(rows, layouts.DAYS, every),
        *((table(periods, layouts.PERIODS),) if periods else ()),
    )
    return Section("resources", "What it takes", blocks)


def _day(row: Record) -> dict[str, object]:
    cost = number_of(row["cost_a_day_change"])
    words = {"cost_words": f"{signed_count(cost)} {row['currency']}"} if cost is not None else {}
    return {**row, "edit_id": "All edits" if row["edit_id"] == ALL else row["edit_id"], **words}


def _period(row: Record) -> dict[str, object]:
    return {**row, "period": f"{str(row['period_from'])[:5]} to {str(row['period_to'])[:5]}"}


def attribution(results: ScenarioResults) -> Section:
    """The section on what each edit does, alone, last and on average, and on what pairs do together."""
    title, edits = "Which edit did it", results.tables.edits
    if len(edits) < 2:
        alone = "The scenario has one edit: the whole difference is its own." if len(edits) else "There is no edit."
        return Section("attribution", title, (Absent(alone),))
    of = {name: [_part(row) for row in _of(results, name)] for name in ("people_within", "gap")}
    sampled = any("error" in row for rows in of.values() for row in rows)
    how = "estimated from orders drawn with their reverses" if sampled else "over all orders, each computed"
    text = (
        "Alone: what the edit does without the others. Last: what it adds after all others. Its part of the whole is the mean of "
        f"what it adds in every order in which the edits could be made (Shapley's value, {how}); the parts add up to the whole."
    )
    blocks: tuple[Block, ...] = (
        Paragraph(text),
        *attribution_figures(results),
        table(of["people_within"], layouts.ATTRIBUTION),
        table(of["gap"], layouts.GAP),
        _together(results),
    )
    return Section("attribution", title, blocks)


def _of(results: ScenarioResults, measure: str) -> list[Record]:
    return [row for row in records(results.tables.attribution) if row["measure"] == measure]


def _part(row: Record) -> dict[str, object]:
    error = number_of(row["shapley_error"])
    return {**row, "error": error} if error else dict(row)


def _together(results: ScenarioResults) -> Block:
    """The table of pairs; those that do together what each does alone are left out."""
    pairs: dict[str, dict[str, object]] = {}
    for row in records(results.tables.interactions):
        name = f"{row['edit_a']} and {row['edit_b']}"
        pairs.setdefault(name, {"pair": name})[str(row["measure"])] = row["interaction"]
    moved = [row for row in pairs.values() if any(number_of(row.get(name)) for name in ("people_within", "gap"))]
    if moved:
        return table(moved, layouts.INTERACTIONS)
    return Absent(
        "No two edits do more or less together than each does alone."
        if pairs
        else "Pairs were not compared: there are too many edits."
    )
