"""Background of the figures: conflicts in the strategy, limits, sources, warnings and the command of the run."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import asdict

from corridors.dates import day_words
from corridors.report.blocks import evidence_layouts
from corridors.report.blocks.tables import records, table
from corridors.report.blocks.view import Absent, Block, Bullets, Cell, Command, Heading, Paragraph, Row, Section, Table
from corridors.report.blocks.wording import plural
from corridors.results import Provenance, Results, RunWarning
from corridors.strategy import Strategy

STATED = "stated in the strategy"
AT_THE_CUTOFF = "An area counts as within the cutoff or not: a minute either way moves it across the line."


def conflicts(strategy: Strategy | None) -> tuple[Section, ...]:
    """The section on figures that the strategy gives in two versions; both are shown. None where the run names no strategy."""
    if strategy is None or not strategy.conflicts:
        return ()
    headings = tuple(map(Heading, ("Subject", "In one place", "In another", "Basis")))
    texts = [(one.subject, one.one, one.other, f"both {STATED}") for one in strategy.conflicts]
    rows = tuple(Row(tuple(map(Cell, conflict))) for conflict in texts)
    intro = (
        "The strategy gives some figures twice, and not the same. They are set out here so that nobody quotes one "
        "without the other; this tool uses none of them and does not choose."
    )
    table_of_them = Table("Figures in conflict", headings, rows)
    return (Section("conflicts", "Conflicts inside the strategy", (Paragraph(intro), table_of_them)),)


_OBSERVED = " What ran on past days stands in the section “As observed” and in figures that name it, nowhere else."


def limits(results: Results) -> Section:
    """The section on what the figures do not mean."""
    region = results.region
    items = (
        *((region.caution + ".",) if region.caution else ()),
        f"Times are those of the timetable for {results.day_words}, not observed ones: delays, crowding, cancellations "
        f"and fares are not modelled.{_OBSERVED if results.observed else ''}",
        f"Walking: {region.walking_basis}. {_unseen_on_foot(region.walking_basis)}",
        "Cycling, driving, park and ride, taxis and on-demand services are not modelled.",
        "Step-free access is not claimed: the feeds hold too little about it.",
        *(
            (
                "Corridors and pilots have no official boundaries: those here are proposed by this tool, and figures change "
                "with them.",
            )
            if len(results.corridors) or len(results.pilots)
            else ()
        ),
        results.kpi.test.worded(AT_THE_CUTOFF),
        "Services, jobs and sites beyond the region's edge are seen only where the input holds them, so places near "
        "the edge may look worse than they are.",
        "Figures describe residents of areas, never individuals: not everyone in a deprived area is deprived.",
        "Nothing here shows cause and effect. That access and deprivation go together, or not, does not say that "
        "one makes the other, and no gain in jobs or output is estimated.",
        "Jobs, homes and hectares of sites are claims, with the date and source given where known.",
        f"{region.strategy.limit + ' ' if region.strategy else ''}Values to compare with are reference values, not targets.",
    )
    return Section("limits", "Limits", (Bullets(items),))


def _unseen_on_foot(walking_basis: str) -> str:
    if "street" in walking_basis.lower():
        return "Steps, crossings and lighting are not looked at."
    return "Rivers, canals, railways and main roads that block the way are not seen."


def days(results: Results) -> tuple[Section, ...]:
    """The section on the days that could as well be asked about; none where the run did not look for them."""
    found = results.tables.timetable_days
    if found is None or found.empty:
        return ()
    named = [{**row, "day": day_words(dt.date.fromisoformat(str(row["date"])))} for row in records(found)]
    others, own = int((~found["in_use"]).sum()), bool(found.loc[found["in_use"], "proposed"].all())
    text = (
        f"The figures are of {results.day_words}, which {'is' if own else 'is not'} one of the days proposed for these "
        "timetables: Tuesdays to Thursdays within four weeks, no holiday as far as holidays are known here, on which every "
        "timetable runs, with at least 95 % of the usual trips of that weekday; without any, the fullest day. "
        f"{plural(others, 'other day', 'other days')} could as well be asked about: what holds on one of these days alone "
        "says more of the timetable than of the place."
    )
    return (Section("days", "The day, and others", (Paragraph(text), table(named, evidence_layouts.DAYS))),)


def sources(provenance: Sequence[Provenance]) -> Section:
    """The section on inputs: each with its licence, age and checksum, then the warnings about them."""
    read = table([_provenance(item) for item in provenance], evidence_layouts.PROVENANCE)
    return Section("sources", "Data and provenance", (read,))


def _provenance(item: Provenance) -> dict[str, object]:
    aged = dict.fromkeys(text for text in (item.vintage, item.geography) if text)
    return {**asdict(item), "aged": "; ".join(aged), "bytes": f"{item.file} ({item.sha256[:12]})"}


def warnings(results: Results) -> Section:
    """The section on problems in the input with their effects."""
    return Section("warnings", "Warnings", (problems_found(results.warnings), _effects(results)))


def problems_found(found: Sequence[RunWarning]) -> Block:
    """The table of problems in the input, or a line that says there are none."""
    if not found:
        return Absent("No problem was found in the input of this run.")
    return table([_warning(item) for item in found], evidence_layouts.WARNINGS)


def _effects(results: Results) -> Block:
    """Table of the effects of dropped and repaired trips on each corridor and centre; absent where there are none."""
    effects = results.tables.input_effects
    if effects.empty:
        return Paragraph("Dropped or repaired trips: none calls at a place of this report in the departure window.")
    return table(records(effects), evidence_layouts.INPUT_EFFECTS)


def _warning(item: RunWarning) -> dict[str, object]:
    return {**asdict(item), "sample": ", ".join(item.sample[:3])}


def again(command: str) -> Section:
    """The section with the command that makes this report again."""
    intro = "The same inputs, configuration and version give the same figures."
    return Section("command", "How to reproduce this report", (Paragraph(intro), Command(neutral(command))))


def neutral(command: str) -> str:
    """The command without folders of the machine and without options that change no figure.

    So that two runs of one configuration, wherever they were written, make the same report.
    """
    rest = re.sub(r" --log-json[= ]\S+| (?:-[vq]+|--verbose|--quiet)(?=\s|$)", "", command)
    rest = re.sub(r" --export-gtfs[= ].*?(?= -|$)", "", rest)
    rest = re.sub(r" --out[= ].*?(?= -|$)", " --out <folder>", rest)
    return " ".join(re.split(r"[/\\]", word)[-1] or word for word in rest.split(" "))
