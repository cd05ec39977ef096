"""The note for a board on a scenario: one page, from the same facts as its report."""

import datetime as dt

from corridors.report.blocks.tables import Record
from corridors.report.blocks.view import Block, Bullets, Paragraph, Report, Section
from corridors.report.blocks.wording import count, note, plural, signed, signed_count
from corridors.report.figures.scenario_maps import difference_map
from corridors.report.scenarios.facts import day_rows, edits_nothing, places_moved
from corridors.report.scenarios.headline import NOT_MODELLED, before_and_after, key_figures, unknown, who
from corridors.report.scenarios.limits import NOT_MODELLED as NO_DEMAND
from corridors.report.sections import sentences
from corridors.scenario_results import ALL, ScenarioResults

PAGES = 1
MOST_WORDS = 520
MAP_IN = 2.7
_MOST_PLACES = 3


def view_scenario_note(results: ScenarioResults) -> Report:
    """The note as blocks: what it is, who gains and loses, what it takes, how sure, what it does not say."""
    return Report(
        title=results.title,
        subtitle=f"Note for the board on a scenario for {results.region.name}. Timetable of {results.day_words}",
        date=dt.date.fromisoformat(results.date),
        caution=results.region.caution,
        marks=(),
        sections=(_answer(results), _more(results)),
        contents=False,
    )


def _answer(results: ScenarioResults) -> Section:
    if edits_nothing(results):
        return Section("answer", "Not modelled", (Paragraph(NOT_MODELLED), *_status(results)))
    blocks: tuple[Block, ...] = (
        *_status(results),
        key_figures(results),
        Paragraph(f"{before_and_after(results, place=False)} {who(results)}"),
        *difference_map(results, MAP_IN),
    )
    return Section("answer", "Who gains and who loses", blocks)


def _status(results: ScenarioResults) -> tuple[Block, ...]:
    said = "; ".join(f"{one.status} (as of {one.as_of}; {one.source})" for one in results.scenarios)
    return (Paragraph(f"Status, as its author states it: {said}."),)


def _more(results: ScenarioResults) -> Section:
    items = [
        *((text,) if (text := _where(results)) else ()),
        *((text,) if (text := takes(results)) else ()),
        *unknown(results),
        f"{NO_DEMAND} Nothing is cut to pay for it, and no gain in jobs is estimated.",
        sentences.trust(results.region),
        "The report, with what an opponent will say, the map and the tables stand in the same folder as this note.",
    ]
    title = "What to know beside it" if not edits_nothing(results) else "What this note does not say"
    return Section("more", title, (Bullets(tuple(text for text in items if text)),))


def _where(results: ScenarioResults) -> str:
    """The places with most residents who gain, and those with most who lose; empty where nobody moves."""
    moved = [*places_moved(results, "corridor"), *places_moved(results, "district")]
    parts = []
    for column, word in (("people_gaining", "gain"), ("people_losing", "lose")):
        most = sorted((row for row in moved if row[column]), key=lambda row: -row[column])[:_MOST_PLACES]
        if most:
            parts.append(f"Most who {word}: {', '.join(_named(row, column) for row in most)}.")
    return f"{' '.join(parts)} Places overlap." if parts else ""


def _named(row: Record, column: str) -> str:
    return f"{row['place']} ({count(row[column])})"


def takes(results: ScenarioResults) -> str:
    """What the scenario takes on the day in one sentence; empty where it takes nothing of vehicles."""
    whole = next((row for row in day_rows(results) if row["edit_id"] == ALL), None)
    if whole is None or not (whole["vehicle_hours_change"] or whole["vehicle_km_change"]):
        return ""
    least = plural(whole["vehicles_at_once"], "vehicle", "vehicles")
    money = "" if not note(whole["currency"]) else f", {signed_count(whole['cost_a_day_change'])} {whole['currency']}"
    return (
        f"What it takes on the day: {signed(whole['vehicle_hours_change'])} vehicle-hours and "
        f"{signed_count(whole['vehicle_km_change'])} vehicle-km in straight lines{money}; {least} under way at once in the whole "
        f"timetable, {count(whole['vehicles_at_once_base'])} before."
    )
