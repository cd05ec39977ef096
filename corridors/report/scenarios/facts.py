"""Rows of a scenario's tables that several parts of its report tell of."""

from corridors.catalogue.headline_variants import HEADLINE
from corridors.catalogue.place_kinds import REGION
from corridors.report.blocks.tables import Record, records
from corridors.report.blocks.wording import number_of
from corridors.scenario_results import DAY, ScenarioResults


def headline_row(results: ScenarioResults) -> Record:
    """The headline before and after."""
    return next(row for row in records(results.tables.kpi) if row["variant"] == HEADLINE)


def region_row(results: ScenarioResults) -> Record:
    """Who gains and loses in the whole region."""
    return next(row for row in records(results.tables.by_place) if row["place_kind"] == REGION)


def places_moved(results: ScenarioResults, kind: str) -> list[Record]:
    """Places of a kind where anybody gains, loses, enters or leaves the test, most people who gain first; fifths in order."""
    rows = [row for row in records(results.tables.by_place) if row["place_kind"] == kind and _moved(row)]
    if kind == "deprivation_fifth":
        return sorted(rows, key=lambda row: str(row["place_id"]))
    return sorted(rows, key=lambda row: (-row["people_gaining"], -row["people_losing"], str(row["place"])))


def _moved(row: Record) -> bool:
    counts = ("people_gaining", "people_losing", "people_entering", "people_leaving", "people_added")
    return any(number_of(row[name]) for name in counts)


def day_rows(results: ScenarioResults) -> list[Record]:
    """What each edit takes on the day; the row of all edits last."""
    return [row for row in records(results.tables.resources) if row["what"] == DAY]


def edits_nothing(results: ScenarioResults) -> bool:
    """Whether the scenario has no edit: nothing is modelled."""
    return results.tables.edits.empty


def moves_nobody(results: ScenarioResults) -> bool:
    """Whether nobody gains or loses a minute, and nobody enters or leaves the test."""
    return not _moved(region_row(results))


def capital(text: str) -> str:
    """The text with a capital letter in front."""
    return text[:1].upper() + text[1:]
