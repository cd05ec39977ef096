"""What an opponent will say, and where the figures come from."""

from collections.abc import Iterator

from corridors.catalogue.cutoff_names import outside_table
from corridors.report.blocks.tables import records, table
from corridors.report.blocks.view import Bullets, Paragraph, Section
from corridors.report.blocks.wording import count, number_of
from corridors.report.scenarios import layouts
from corridors.report.scenarios.facts import day_rows, headline_row
from corridors.report.sections import background
from corridors.results import SEARCH_END
from corridors.scenario_results import ALL, ScenarioResults

NOT_MODELLED = "No demand, crowding or fares are modelled: a gain is time that a journey would take, not a passenger."

_CUT_SHORT = " The search ends near the edge (see the problems in the inputs), so this gap is less than the truth."

# Kinds of edits that leave a trip's calls and change their times.
_MOVES_DEPARTURES = {"run_time", "dwell", "change_time"}


def opponent(results: ScenarioResults) -> Section:
    """The section on what may be said against the figures."""
    return Section("opponent", "What an opponent will say", (Bullets(tuple(_objections(results))),))


def _objections(results: ScenarioResults) -> Iterator[str]:
    tables, region, test = results.tables, results.region, results.base.test
    if region.caution:
        yield f"{region.caution}."
    yield NOT_MODELLED
    if len(tables.range_run_times):
        yield "Run times are assumptions. Their range stands in this report, apart from that of unknown timetables."
    else:
        yield "Run times are those of the timetable or of the scenario file. No delay is modelled, before or after."
    yield from _missed(results)
    yield f"The test has an edge at {test.limit_words}: a minute carries an area over it or not. {_gap(results)}"
    yield _paid(results)
    if len(results.lines):
        yield (
            "New lines are drawn straight from stop to stop. They may cross houses, water and railways; no alignment, works or "
            "land is looked at."
        )
    yield "What lies beyond the region's edge is seen only as far as the inputs hold it: gains near the edge may be off."
    yield (
        "Where the timetable of today is wrong, a gain may be no gain: a line that runs and is missing from the feed seems to "
        f"be brought by the scenario. {_repairs(results)}"
    )
    yield "Residents are counted where they live now. Nobody moves house or job because of the scenario."


def _gap(results: ScenarioResults) -> str:
    """What the minutes beyond the edge add up to, before and after, as far as they were searched."""
    table = results.tables.range_timetables
    first = table[table["shown"]].iloc[0]
    if number_of(first["gap"]) is None:
        return "How far the others are beyond it is not known, because the search ends there."
    cut_short = _CUT_SHORT * any(one.code == SEARCH_END for one in results.warnings)
    return (
        f"The gap beyond it, over all residents, goes from {count(first['gap'] - first['gap_change'])} to "
        f"{count(first['gap'])} person-minutes, which counts what does not reach the edge.{cut_short}"
    )


def _missed(results: ScenarioResults) -> Iterator[str]:
    """Why a scenario that moves departures can harm somebody, where it does."""
    of_region = results.tables.by_place.query("place_kind == 'region'")
    losing = float(of_region["people_losing"].sum())
    if losing > 0 and set(results.tables.edits["kind"]) & _MOVES_DEPARTURES:
        yield (
            f"{count(losing)} residents lose a minute or more. Vehicles that run at other speeds or times leave the stops along "
            "their way at other times: who changes to them from another line, or plans by another departure, may miss them. "
            "The table of journeys before and after shows where."
        )


def _paid(results: ScenarioResults) -> str:
    whole = next((row for row in day_rows(results) if row["edit_id"] == ALL), None)
    if whole is None or whole["vehicle_hours_change"] > 0:
        return "Nothing is cut to pay for it. What else the same vehicle-hours could do is not compared here."
    lose = headline_row(results)["people_within_change"] < 0
    return f"It takes no more vehicle-hours than the base{', and fewer residents meet the test' if lose else ''}."


def _repairs(results: ScenarioResults) -> str:
    if not results.warnings:
        return "No problem was found in the inputs of this run."
    return f"The {len(results.warnings)} kinds of problems found in the inputs are listed below."


def sources(results: ScenarioResults) -> tuple[Section, ...]:
    """The sections on inputs, problems, columns and the command."""
    dictionary = outside_table(results.dictionary, results.base.cutoff_min)
    rows = [row for row in records(dictionary) if not str(row["column"]).endswith(("_base", "_change"))]
    named = table([{**row, "title": str(row["title"]).removesuffix(", after")} for row in rows], layouts.DICTIONARY)
    text = (
        "Each measure of access has three columns: its name with _base before the scenario, its name after it, its name with "
        "_change for the difference. Shares are 0-1, missing is not zero. The tables stand as CSV files in the folder tables."
    )
    return (
        background.sources(results.provenance),
        Section("warnings", "Problems in the inputs", (background.problems_found(results.warnings),)),
        Section("dictionary", "Data dictionary", (Paragraph(text), named)),
        background.again(results.command),
    )
