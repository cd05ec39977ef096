"""The document of a pack: chapters in the order in which a decision asks for them."""

import datetime as dt

from corridors.pack.chapters import distribution, equality, sources_and_limits, worksheet
from corridors.pack.choices import funding, necessary_services, scenarios
from corridors.pack.folders import PackFolders
from corridors.report.blocks.view import Bullets, KeyFigure, KeyFigures, Paragraph, Report, Section
from corridors.report.blocks.wording import count, percent
from corridors.report.observed.page import on_observed_days
from corridors.report.scenarios.view import marks


def pack_page(folders: PackFolders) -> Report:
    """The pack as blocks, in reading order."""
    run = folders.run
    return Report(
        title=f"Evidence pack: {run.region.name}",
        subtitle=f"Timetable of {run.day_words}" + (f"; {run.region.note}" if run.region.note else ""),
        date=dt.date.fromisoformat(run.date),
        caution=run.region.caution,
        marks=marks(run.region),
        sections=(
            _front(folders),
            worksheet(run),
            equality(folders),
            distribution(folders),
            *scenarios(folders),
            funding(folders),
            necessary_services(folders),
            *on_observed_days(run),
            *sources_and_limits(folders),
        ),
    )


def _front(folders: PackFolders) -> Section:
    kpi = folders.run.kpi
    figures = KeyFigures(
        (
            KeyFigure(
                percent(kpi.share),
                "of residents meet the test",
                f"{count(kpi.people_within)} of {count(kpi.people_total)}",
            ),
        )
    )
    test = kpi.test
    asked = (
        f"{test.at_least} or more strategic centres within {test.limit_words}"
        if test.at_least is not None
        else "enough strategic centres in time"
    )
    leaving = f", leaving {kpi.hours}" if kpi.hours else ""
    words = (
        f"The test: {asked}, by public transport and on foot{leaving}, at the median departure.",
        "Evidence stands in tables, with sources, vintages and limits at the end. Empty cells are for people to fill in.",
        "Nothing here says that a scheme is funded, what ought to be chosen, or that one thing makes another.",
    )
    return Section(
        "front",
        "What this pack holds",
        (Paragraph("Evidence for a decision, and no decision."), figures, Bullets(words)),
    )
