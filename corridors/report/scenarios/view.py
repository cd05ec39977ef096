"""The report of a scenario as blocks."""

import datetime as dt

from corridors.report.blocks.view import Report
from corridors.report.scenarios.edits import changes
from corridors.report.scenarios.effort import attribution, resources
from corridors.report.scenarios.facts import edits_nothing
from corridors.report.scenarios.headline import answer, ranges
from corridors.report.scenarios.limits import opponent, sources
from corridors.report.scenarios.places import groups, measures, where
from corridors.report.scenarios.why import journeys
from corridors.results import Region
from corridors.scenario_results import ScenarioResults


def view_scenario(results: ScenarioResults) -> Report:
    """The report of a scenario in reading order; one without edits has its files and its sources only."""
    found = (
        ()
        if edits_nothing(results)
        else (
            where(results),
            groups(results),
            measures(results),
            ranges(results),
            resources(results),
            attribution(results),
            journeys(results),
            opponent(results),
        )
    )
    return Report(
        title=results.title,
        subtitle=subtitle(results),
        date=dt.date.fromisoformat(results.date),
        caution=results.region.caution,
        marks=marks(results.region),
        sections=(answer(results), changes(results), *found, *sources(results)),
    )


def subtitle(results: ScenarioResults) -> str:
    """What stands under the title: what the report is, its place and its timetable."""
    region = results.region
    return f"A scenario for {region.name}. Timetable of {results.day_words}" + (
        f"; {region.note}" if region.note else ""
    )


def marks(region: Region) -> tuple[str, ...]:
    """The short cautions on every section: what of the figures is invented."""
    return (
        *(("Illustrative",) if region.illustrative else ()),
        *(("Synthetic timetable",) if region.synthetic_timetable else ()),
        *(("Synthetic observations",) if region.synthetic_observations else ()),
    )
