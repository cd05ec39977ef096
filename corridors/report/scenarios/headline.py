"""The answer of a scenario: the headline before and after, who gains and who loses, and what is unknown."""

import re
from collections.abc import Iterator

from corridors.catalogue.headline_variants import HEADLINE
from corridors.report.blocks.tables import Record, records, table
from corridors.report.blocks.view import Absent, Block, KeyFigure, KeyFigures, Paragraph, Section
from corridors.report.blocks.wording import count, percent, plural, signed_count, signed_points
from corridors.report.figures.scenario_plots import range_figures
from corridors.report.scenarios import layouts
from corridors.report.scenarios.facts import capital, edits_nothing, headline_row, moves_nobody, region_row
from corridors.report.sections import sentences
from corridors.scenario_results import RANGE_WORDS, ScenarioResults

NOT_MODELLED = "This scenario has no edit: nothing is modelled, and nothing is known of what it would change."


def answer(results: ScenarioResults) -> Section:
    """The section with the answer in short."""
    if edits_nothing(results):
        return Section("answer", "The answer", (Paragraph(NOT_MODELLED),))
    texts = (before_and_after(results), who(results), *unknown(results), sentences.trust(results.region))
    return Section("answer", "The answer", (key_figures(results), *(Paragraph(text) for text in texts if text)))


def key_figures(results: ScenarioResults) -> KeyFigures:
    """The headline before and after, and who moves: never a net figure alone."""
    kpi, region = headline_row(results), region_row(results)
    return KeyFigures(
        (
            KeyFigure(
                f"{percent(kpi['share_base'])} → {percent(kpi['share'])}",
                "of residents meet the test, before and after",
                f"of {count(kpi['people_base'])}"
                + (f", {count(kpi['people'])} after" if kpi["people"] != kpi["people_base"] else ""),
            ),
            KeyFigure(
                f"{count(region['people_entering'])} / {count(region['people_leaving'])}",
                "residents enter / leave the test",
                f"change {signed_count(kpi['people_within_change'])}",
            ),
            KeyFigure(
                f"{count(region['people_gaining'])} / {count(region['people_losing'])}",
                "residents gain / lose a minute or more",
                "to the last centre needed",
            ),
        )
    )


def before_and_after(results: ScenarioResults, *, place: bool = True) -> str:
    """The headline before and after in a sentence with its day, test and denominator, and its `place` where asked for."""
    kpi, region = headline_row(results), results.region
    where = f" The place is {region.name}{': ' if region.note else ''}{region.note}." if place else ""
    return (
        f"On {results.day_words}, {percent(kpi['share_base'])} of {count(kpi['people_base'])} residents live in areas from "
        f"which {sentences.the_test(results.base)}. With the scenario it is {percent(kpi['share'])}: "
        f"{signed_points(kpi['share_change'])} percentage points.{where}"
    )


def who(results: ScenarioResults) -> str:
    """Sentences on who gains, loses, enters and leaves the test."""
    row = region_row(results)
    if moves_nobody(results):
        return (
            "Nobody gains or loses a minute to the last centre needed, and nobody enters or leaves the test: the scenario "
            "changes the timetable without changing these figures."
        )
    return (
        f"{_lives(row, 'people_entering')} in areas that enter the test and {_lives(row, 'people_leaving', low=True)} in areas "
        f"that leave it. {_lives(row, 'people_gaining')} in areas that gain a minute or more to the last centre needed, "
        f"{_lives(row, 'people_losing', low=True)} in areas that lose a minute or more, and for "
        f"{count(row['people_unchanged'])} it takes as long as before.{_minutes(row)}{_not_reached(results)}{_added(row)}"
    )


def _lives(row: Record, column: str, *, low: bool = False) -> str:
    people = row[column]
    if not people:
        return "nobody lives" if low else "Nobody lives"
    return plural(people, "resident lives", "residents live")


def _minutes(row: Record) -> str:
    gain, loss = row["people_gaining"], row["people_losing"]
    parts = [
        f"those who {what} {change} {minutes / people:.1f} minutes each on average"
        for people, minutes, what, change in (
            (gain, row["minutes_saved_by_gainers"], "gain", "save"),
            (loss, row["minutes_lost_by_losers"], "lose", "lose"),
        )
        if people
    ]
    return f" {capital(' and '.join(parts))}." if parts else ""


def _not_reached(results: ScenarioResults) -> str:
    """That minutes are less than the truth, where a zone that gains or loses does not reach the centre before or after."""
    zones = results.zones[results.zones["change"].isin(["gains", "loses"])]
    if not zones[["minutes_to_needed_base", "minutes_to_needed"]].isna().any(axis=None):
        return ""
    return " A centre that is not reached counts with the longest time searched, which is less than the truth."


def _added(row: Record) -> str:
    added = row["people_added"]
    if not added:
        return ""
    homes = "The homes that the scenario builds hold" if added > 0 else "The homes that the scenario takes away held"
    return f" {homes} {count(abs(added))} residents, of whom {count(abs(row['people_added_within']))} meet the test."


def unknown(results: ScenarioResults) -> Iterator[str]:
    """Sentences on what is unknown: timetables, then run times, apart from each other."""
    spread = results.spread
    if spread["timetables"] > 1:
        yield (
            f"When headway services run within their headways is not known. {capital(RANGE_WORDS)}: "
            f"{count(spread['people_within_lowest'])} to {count(spread['people_within_highest'])} residents meet the test, over "
            f"{spread['timetables']:.0f} timetables tried. The figures of this report are of the middle one."
        )
    rows = {str(row["run_times"]): row for row in records(results.tables.range_run_times)}
    if rows:
        low, central, high = (count(rows[name]["people_within"]) for name in ("low", "central", "high"))
        yield (
            "How long rides of the scenario take is not known. With the shortest run times of its file "
            f"{low} residents meet the test, with the central ones {central}, with the longest {high}"
            f"{', all at the timetable shown' if spread['timetables'] > 1 else ''}."
        )


def ranges(results: ScenarioResults) -> Section:
    """The section on what is unknown, timetables and run times apart, and on other definitions of the headline."""
    spread, tables = results.spread, results.tables
    tried = [
        {**row, "number": _numbered(row), "phases": phase_words(row["phases"])}
        for row in records(tables.range_timetables)
    ]
    blocks: list[Block] = [Paragraph(text) for text in unknown(results)]
    if spread["timetables"] > 1:
        blocks += [*range_figures(results), table(tried, layouts.TIMETABLES)]
        blocks.append(
            Paragraph(
                f"The {RANGE_WORDS} is no confidence interval: nobody draws the timetable at random. Base and scenario share "
                "every unknown, so that service that is added makes nobody later."
            )
        )
    else:
        blocks.append(
            Absent("Every departure of the scenario is given: there is one timetable, and no range over others.")
        )
    if len(tables.range_run_times):
        blocks.append(table(records(tables.range_run_times), layouts.RUN_TIMES))
    else:
        blocks.append(Absent("The scenario file gives no run time as a range."))
    return Section("unknown", "What is unknown", tuple(blocks), (_variants(results),))


def _numbered(row: Record) -> str:
    return f"{row['timetable'] + 1}{', shown in this report' if row['shown'] else ''}"


def phase_words(phases: object) -> str:
    """The phases of a timetable in words: "line_2:0 07:43" is "line_2, period 1: 07:43"."""
    return re.sub(r"(\S+):(\d+) (?=\d)", lambda found: f"{found[1]}, period {int(found[2]) + 1}: ", str(phases))


def _variants(results: ScenarioResults) -> Section:
    rows = [
        {**row, "name": "Headline" if row["variant"] == HEADLINE else row["variant_name"]}
        for row in records(results.tables.kpi)
    ]
    return Section("variants", "The same under other definitions", (table(rows, layouts.VARIANTS),))
