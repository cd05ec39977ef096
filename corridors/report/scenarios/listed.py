"""The chapter of a run's report on the scenarios that its configuration lists."""

from collections.abc import Sequence

from corridors.report.blocks.tables import Record, records, table
from corridors.report.blocks.view import Block, Bullets, Command, Definitions, Paragraph, Section
from corridors.report.blocks.wording import note, number_of, percent
from corridors.report.figures.scenario_maps import listed_map
from corridors.report.scenarios import layouts
from corridors.report.scenarios.edits import basis_words, number_words
from corridors.report.scenarios.limits import NOT_MODELLED
from corridors.results import ListedScenarios, Results
from corridors.scenario_results import RANGE_WORDS

_TITLE = "What would change it"


def listed_chapter(results: Results) -> tuple[Section, ...]:
    """The section on scenarios: each alone, beside the run; none where the configuration lists none."""
    found = results.listed
    if found is None:
        return ()
    rows = records(found.scenarios)
    modelled = [row for row in rows if row["edits"]]
    intro = (
        "Each scenario is a text file that edits the timetable, the streets or the land. Each is answered alone, by the same "
        f"search, and compared with this run. They are no forecasts and no decisions. {NOT_MODELLED}"
    )
    blocks: tuple[Block, ...] = (
        Paragraph(intro),
        *((table(list(map(_scenario, modelled)), layouts.SCENARIOS),) if modelled else ()),
        *listed_map(results),
        table([{**row, "file": f"{row['file']} ({str(row['sha256'])[:12]})"} for row in rows], layouts.HEADS),
        *_not_modelled(rows),
    )
    parts = (_places(found, rows), _unknown(modelled), _edits(found, modelled))
    return (Section("scenarios", _TITLE, blocks, tuple(part for part in parts if part), starts_page=True),)


def listed_in_short(results: Results) -> str:
    """A sentence on the listed scenario that changes the headline most; empty where none is modelled."""
    rows = [row for row in (records(results.listed.scenarios) if results.listed else ()) if row["edits"]]
    if not rows:
        return ""
    most = max(rows, key=lambda row: abs(row["share"] - row["share_base"]))
    if most["share"] == most["share_base"]:
        return f"None of the scenarios listed in the report ({len(rows)}) changes the share who meet the test."
    title = f"{most['title']} ({most['status']})"
    which = (
        f"Of {len(rows)} scenarios in the report, {title} changes this most" if len(rows) > 1 else f"Scenario {title}"
    )
    return f"{which}: {percent(most['share'])} instead of {percent(most['share_base'])}."


def _scenario(row: Record) -> dict[str, object]:
    return {**row, "share_change": row["share"] - row["share_base"]}


def _not_modelled(rows: Sequence[Record]) -> tuple[Block, ...]:
    titles = [f"{row['title']}: {note(row['note']) or 'no reason is given'}." for row in rows if not row["edits"]]
    if not titles:
        return ()
    return (
        Paragraph("Listed and not modelled, so nothing is known of what they would change:"),
        Bullets(tuple(titles)),
    )


def _places(found: ListedScenarios, rows: Sequence[Record]) -> Section | None:
    """The corridors and districts in which anybody moves, scenario by scenario."""
    titles = {row["scenario_id"]: row["title"] for row in rows}
    moved = [
        {**row, "scenario": titles[row["scenario_id"]], "share_change": row["share"] - row["share_base"]}
        for row in records(found.scenario_places)
        if row["place_kind"] in {"corridor", "district"}
    ]
    if not moved:
        return None
    ordered = sorted(moved, key=lambda row: (row["place_kind"], str(row["place"]), str(row["scenario"])))
    return Section(
        "scenario-places",
        "Corridors and districts that each scenario reaches",
        (table(ordered, layouts.SCENARIO_PLACES),),
    )


def _unknown(rows: Sequence[Record]) -> Section | None:
    if not rows:
        return None
    ranges = [_ranges(row) for row in rows]
    text = (
        f"When headway services run within their headways is not known: the {RANGE_WORDS} has one result for each timetable "
        "tried, and the figures above are of the middle one. Run times are assumptions with a range of their own, at that "
        "timetable. The two are not added up, and neither is a confidence interval."
    )
    return Section(
        "scenario-ranges", "What is unknown of them", (Paragraph(text), table(ranges, layouts.SCENARIO_RANGES))
    )


def _ranges(row: Record) -> dict[str, object]:
    """A scenario's ranges; those that do not apply are left out, and stand as a dash."""
    names = ("people_within_low_run_times", "people_within_high_run_times")
    inapplicable = {name for name in names if number_of(row[name]) is None}
    if row["timetables"] == 1:
        inapplicable |= {"people_within_lowest", "people_within_highest"}
    return {name: value for name, value in row.items() if name not in inapplicable}


def _edits(found: ListedScenarios, rows: Sequence[Record]) -> Section | None:
    """What each scenario changes in words, with the basis of every number."""
    if not rows:
        return None
    edits = records(found.scenario_edits)
    pairs = tuple(
        (str(row["title"]), _words([one for one in edits if one["scenario_id"] == row["scenario_id"]])) for row in rows
    )
    whole = (
        "This command writes the whole report of one of them: every measure, groups, edits one by one, and journeys."
    )
    command = Command("corridors scenario run FILE CONFIG --out FOLDER")
    return Section(
        "scenario-edits", "What each changes, and on what basis", (Definitions(pairs), Paragraph(whole), command)
    )


def _words(edits: Sequence[Record]) -> str:
    """The edits of a scenario as sentences, each followed by the basis of its numbers."""
    sentences: dict[str, list[str]] = {}
    for row in edits:
        own = sentences.setdefault(str(row["what"]), [])
        if note(row["key"]):
            name = number_words(str(row["key"]), str(row["kind"]))
            own.append(f"{name}: {row['value']} ({basis_words(row['basis'])})")
    return " ".join(f"{what} Its numbers: {'; '.join(own)}." if own else what for what, own in sentences.items())
