"""Chapters of a pack that a run alone answers: equality, distribution, the decision worksheet, sources and limits."""

from collections.abc import Iterator

from corridors.pack.characteristics import ACT, BESIDE, EVERYONE, NOT_GIVEN, equality_table
from corridors.pack.folders import SCENARIO, Answered, PackFolders
from corridors.places.places import MIN_PEOPLE
from corridors.report.blocks.layouts import DISTRIBUTION
from corridors.report.blocks.tables import Column, Layout, records, table, worded
from corridors.report.blocks.view import Absent, Block, Bullets, Cell, Heading, Paragraph, Row, Section, Table
from corridors.report.blocks.wording import count, number_of, percent, signed, signed_points, words
from corridors.report.sections import background, overview
from corridors.report.sections.framework_pages import framework
from corridors.results import Results

JUDGEMENT = "Judgement (for people)"
STYLE = "in the style of TAG unit A4.2, not an appraisal that follows it"
_PLAIN_LINES = ("Accessibility", "Who gains and who loses", "Equality", "Cost and funding", "Risks", "Consultation")

_EQUALITY = Layout(
    "Residents by protected characteristic, and who of them lives where the test is met",
    (
        Column("characteristic", "Characteristic", words, text=True),
        Column("group", "Group", words, text=True),
        Column("people", "People", count),
        Column("people_share", "% of residents (or households)", percent),
        Column("share", "% of the group who meet the test", percent, bar=True, rate=True),
        Column("difference", "Beside all residents, points", signed_points, rate=True),
    ),
    (
        "Members of a group are taken to have the access of their area: a difference says where they live, not how they travel.",
        f"Characteristics are those of the {ACT}.",
        f"Who of a group of fewer than {MIN_PEOPLE} people meets the test is withheld.",
        "Not given: no layer of this run has the field. An absence of data is no evidence of an absence of effect.",
    ),
    dense=True,
)
_GROUP_SHARES = Layout(
    f"Shares of access beside shares of people, {STYLE}",
    (
        Column("group", "Group", words, text=True),
        Column("people", "People", count),
        Column("people_share", "% of people", percent),
        Column("access_share", "% of those who meet the test", percent),
        Column("difference_points", "Difference, points", signed),
        Column("word", "In words", words, text=True),
    ),
    dense=True,
)
_GAIN_SHARES = (
    Column("group", "Group", words, text=True),
    Column("people", "People", count),
    Column("people_share", "% of people", percent),
    Column("people_gaining", "Gain", count),
    Column("people_losing", "Lose", count),
    Column("gain_share", "% of the gain", percent),
    Column("word", "In words", words, text=True),
)


def with_judgement(made: Table | Absent, *titles: str) -> Table | Absent:
    """The table with blank columns for people to fill in."""
    if isinstance(made, Absent):
        return made
    headings = (*made.headings, *(Heading(title) for title in titles or (JUDGEMENT,)))
    blank = tuple(Cell("", blank=True) for _ in titles or (JUDGEMENT,))
    rows = tuple(Row((*row.cells, *blank), row.emphasis) for row in made.rows)
    return Table(made.caption, headings, rows, made.notes, made.source, made.dense)


def equality(folders: PackFolders) -> Section:
    """Equality evidence: who has each characteristic, who of them meets the test, and what scenarios change for them."""
    found = equality_table(folders.run)
    given = sorted(set(found["characteristic"][found["group"] != NOT_GIVEN]) - {EVERYONE, BESIDE})
    intro = Paragraph(
        "The public sector equality duty (Equality Act 2010, section 149) asks for due regard, which is a judgement and is left "
        "blank. Here is the evidence that the run holds. "
        + (f"Data are given of: {', '.join(given).lower()}." if given else "The run's layers give no group.")
    )
    parts: list[Block] = [intro, with_judgement(table(records(found), _EQUALITY))]
    for one in folders.of_kind(SCENARIO):
        parts.append(
            with_judgement(table(records(one.tables["groups"]), _gains_layout(one, "Who gains and who loses by group")))
        )
    return Section("equality", "Equality evidence", tuple(parts), starts_page=True)


def distribution(folders: PackFolders) -> Section:
    """Accessibility and its distribution, by deprivation and by group."""
    run = folders.run
    fifths = [{**row, "group": _fifth(row["quintile"])} for row in records(run.tables.distribution)]
    shares = run.tables.group_shares
    of_test = shares[shares["measure"] == "meets_kpi"] if "measure" in shares else shares
    parts: list[Block] = [
        Paragraph(
            f"What follows is laid out {STYLE}: no demand, generalised cost or appraisal period stands behind it. Access is that "
            f"of the timetable of {run.day_words}. {percent(run.kpi.share)} of residents ({count(run.kpi.people_within)} of "
            f"{count(run.kpi.people_total)}) meet the test."
        ),
        table(fifths, worded(DISTRIBUTION, run)),
        with_judgement(table(records(of_test), _GROUP_SHARES)),
    ]
    return Section("distribution", "Accessibility and its distribution", tuple(parts), starts_page=True)


def _gains_layout(one: Answered, caption: str) -> Layout:
    notes = (
        f"Shares of the gain beside shares of people, {STYLE}.",
        "A gain or a loss is a minute or more to the last centre needed.",
    )
    return Layout(
        f"{one.title}: {caption[0].lower()}{caption[1:]}", _GAIN_SHARES, notes, says_absent_columns=False, dense=True
    )


def _fifth(value: object) -> str:
    number = number_of(value)
    if number is None:
        return "not known"
    return {1: "1, most deprived", 5: "5, least deprived"}.get(int(number), f"{number:.0f}")


def worksheet(run: Results) -> Section:
    """The decision worksheet: evidence filled in where there is some, judgement and notes blank."""
    record = Table(
        "The decision",
        (Heading("Question"), Heading("Answer")),
        tuple(
            Row((Cell(line), Cell("", blank=True)))
            for line in (
                "What is to be decided",
                "By whom, and when",
                "Options considered, and why others were not",
                "Who was consulted, and what they said",
                "What would be done about losses",
                "When and how the effect will be checked",
                "Decided by (name, date)",
            )
        ),
    )
    pages = framework(run, overview.region_record(run), overview.corridor_records(run))
    blocks: tuple[Block, ...] = (
        Paragraph(
            "To be filled in by people. The tool fills in figures and makes no judgement, ranks no option and adds no score."
        ),
        record,
        *(pages[0].blocks if pages else (_plain_worksheet(),)),
    )
    return Section("worksheet", "Decision worksheet", blocks, starts_page=True)


def _plain_worksheet() -> Table:
    """The worksheet of a run that names no strategy."""
    headings = tuple(map(Heading, ("Line", "Evidence (pages of this pack)", "Judgement", "Note")))
    rows = tuple(Row((Cell(line), *(Cell("", blank=True) for _ in range(3)))) for line in _PLAIN_LINES)
    return Table(
        "Judgement by line", headings, rows, ("The configuration names no strategy whose worksheet would stand here.",)
    )


def sources_and_limits(folders: PackFolders) -> Iterator[Section]:
    """What was read, with vintages; warnings; what no figure here can say."""
    run = folders.run
    made = [
        f"{folders.name}: {run.command}",
        *(f"{one.name}: {one.manifest.get('command', '')}" for one in folders.others),
    ]
    yield Section(
        "made_from",
        "What this pack was made from",
        (Bullets(tuple(made)), *map(Paragraph, folders.differing)),
        starts_page=True,
    )
    yield background.sources(folders.provenance)
    yield background.warnings(run)
    extra = (
        "A scenario's run times and a portfolio's costs are assumptions of those who wrote the files; their sources stand there.",
        "The best set of a portfolio is the best of those searched, for one objective. Nothing is cut to pay for it.",
        "Whether a service is socially necessary, a loss material, or due regard was had, is decided by people.",
    )
    limits = background.limits(run)
    yield Section(limits.id, limits.title, (*limits.blocks, Bullets(extra)))
