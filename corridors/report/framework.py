"""The inclusive growth framework as a page to fill in: evidence where a run has it, judgement left to people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corridors.report.numbers import MISSING, count, decimal, number_of, percent, plural
from corridors.report.tables import Record
from corridors.report.view import Block, Cell, Heading, Paragraph, Row, Section, Table

NO_EVIDENCE = "No evidence in this run."
JUDGEMENTS = "requires improvement / satisfactory / good"


@dataclass(frozen=True)
class Evidence:
    """One indicator that bears on a heading of the framework."""

    column: str
    words: str
    wording: Callable[[object], str] = percent

    def of(self, record: Record) -> str:
        """The indicator in words, empty where the record lacks it."""
        value = record.get(self.column)
        text = self.wording(value)
        return "" if number_of(value) is None or text == MISSING else f"{text} {self.words}"


def _live(value: object) -> str:
    return plural(value, "resident lives", "residents live")


KPI = Evidence("kpi_share", "of residents live in areas that meet the headline test")
NO_CAR = Evidence("no_car_share", "of households have no car")
LEVEL4 = Evidence("level4_share", "of adults hold a Level 4 qualification or higher")
DECILE1 = Evidence("decile1_share", "of zones are in the most deprived tenth nationally")
JOBS = Evidence("jobs_within_45", "jobs within 45 minutes (mean over residents)", count)
LAND = Evidence("employment_ha_within_45", "ha of employment land within 45 minutes, weighted by status", decimal)
DISCONNECTED = Evidence("near_but_disconnected_people", "in areas near a centre or site but disconnected", _live)

FUNDAMENTALS: tuple[tuple[str, tuple[Evidence, ...]], ...] = (
    ("Climate and environmental resilience", ()),
    ("Inclusive economy", (JOBS, LAND)),
    ("Power and participation", ()),
    ("Affordable and safe places", ()),
    ("Connected communities", (KPI, DISCONNECTED)),
    ("Education and learning", (LEVEL4,)),
    ("Equality", (DECILE1, NO_CAR)),
    ("Health and wellbeing", ()),
)
PRIORITIES: tuple[tuple[str, tuple[Evidence, ...]], ...] = (
    ("Employment", (JOBS, LAND)),
    ("Skills", (LEVEL4,)),
    ("Business competitiveness and productivity", ()),
    ("Accessibility (connectivity and mobility)", (KPI, DISCONNECTED, NO_CAR)),
    ("Housing", ()),
    ("Land and environment", ()),
    ("Health", ()),
)


def framework(region: Record, corridors: Sequence[Record]) -> Section:
    """The eight fundamentals for the region and the seven priorities for each corridor."""
    intro = (
        "The combined authority's inclusive growth framework names eight fundamentals, and its decision tool seven "
        f"priorities, each to be judged {JUDGEMENTS} by people, with a note. Its scoring weights and an official "
        "definition of social baselining are not published, so none is made up here. This page fills in the "
        "evidence and leaves every judgement blank."
    )
    blocks: tuple[Block, ...] = (
        Paragraph(intro),
        _sheet("Eight fundamentals: the region", "Fundamental", FUNDAMENTALS, region),
        *(_sheet(f"Seven priorities: {corridor['name']}", "Priority", PRIORITIES, corridor) for corridor in corridors),
    )
    return Section("framework", "Inclusive growth framework", blocks)


def _sheet(caption: str, heading: str, lines: Sequence[tuple[str, tuple[Evidence, ...]]], record: Record) -> Table:
    headings = tuple(map(Heading, (heading, "Evidence", "Judgement", "Note")))
    rows = tuple(
        Row((Cell(name), _evidence(known, record), Cell("", blank=True), Cell("", blank=True))) for name, known in lines
    )
    return Table(caption, headings, rows, (f"Judgement, by people: {JUDGEMENTS}.",))


def _evidence(known: Sequence[Evidence], record: Record) -> Cell:
    found = [text for evidence in known if (text := evidence.of(record))]
    return Cell(f"{'; '.join(found)}." if found else NO_EVIDENCE, missing=not found)
