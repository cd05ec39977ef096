"""The inclusive growth framework as a page to fill in: evidence where a run has it, judgement left to people."""

from collections.abc import Sequence

from corridors.places import REGION
from corridors.report import framework_facts as fact
from corridors.report.framework_facts import Evidence, Rule, evidence_of
from corridors.report.numbers import decimal
from corridors.report.tables import Record
from corridors.report.view import Block, Cell, Heading, Paragraph, Row, Section, Table
from corridors.results import Results

NO_EVIDENCE = "No evidence in this run."
JUDGEMENTS = "requires improvement / satisfactory / good"

KPI = fact.share("kpi_share", "live in areas that meet the headline test")
NO_CAR = fact.share("no_car_share", "have no car")
ACTIVE = fact.share("active_share", "are economically active")
UNEMPLOYED = fact.share("unemployment_share", "are unemployed")
NO_QUALIFICATIONS = fact.share("no_quals_share", "have no qualifications")
LEVEL4 = fact.share("level4_share", "hold a Level 4 qualification or higher")
DECILE1 = fact.share("decile1_share", "are in the most deprived tenth nationally")
INCOME = fact.share("income_rate", "are income-deprived")
DISABLED = fact.share("disability_share", "are disabled")
LONG_TERM_SICK = fact.share("longterm_sick_share", "are long-term sick or disabled")
JOBS_REACHED = fact.mean("jobs_within_cutoff", "jobs reachable within the time limit")
LAND_REACHED = fact.mean(
    "employment_ha_within_cutoff", "ha of employment land reachable within the time limit, weighted by status", decimal
)
TRAINING = fact.mean("training_within_cutoff", "training places reachable within the time limit", decimal)
HOSPITAL = fact.mean("minutes_to_hospital", "minutes to the nearest hospital at the median departure", decimal)
GREENSPACE = fact.mean("greenspace_ha", "ha of greenspace within walking distance", decimal)
BROWNFIELD = fact.total("brownfield_ha", "ha of brownfield land on registers, which are led by dwellings", decimal)
JOBS_HERE = fact.total("jobs", "jobs are in these areas")
HOUSEHOLDS = fact.total("households", "households live here")
HEALTH_SCORE = fact.domain_score("health_score", "Health and disability")
EDUCATION_SCORE = fact.domain_score("education_score", "Education, skills and training")
CRIME_SCORE = fact.domain_score("crime_score", "Crime")
ENVIRONMENT_SCORE = fact.domain_score("environment_score", "Living environment")
HOMES, LAND, TRANSPORT = fact.stated("homes"), fact.stated("land"), fact.stated("transport")
ACCESS: tuple[Rule, ...] = (KPI, fact.near_but_disconnected, fact.without_a_car, fact.why_out_of_reach)
SKILLS: tuple[Rule, ...] = (NO_QUALIFICATIONS, LEVEL4, EDUCATION_SCORE, TRAINING)
HEALTH: tuple[Rule, ...] = (DISABLED, LONG_TERM_SICK, HEALTH_SCORE, HOSPITAL)

FUNDAMENTALS: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("Climate and environmental resilience", (ENVIRONMENT_SCORE, GREENSPACE, BROWNFIELD)),
    ("Inclusive economy", (ACTIVE, UNEMPLOYED, JOBS_REACHED, fact.jobs_by_deprivation)),
    ("Power and participation", ()),
    ("Affordable and safe places", (CRIME_SCORE,)),
    ("Connected communities", ACCESS),
    ("Education and learning", SKILLS),
    ("Equality", (DECILE1, INCOME, NO_CAR, fact.doubly_disadvantaged)),
    ("Health and wellbeing", HEALTH),
)
PRIORITIES: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("Employment", (ACTIVE, UNEMPLOYED, JOBS_REACHED)),
    ("Skills", SKILLS),
    ("Business competitiveness and productivity", (JOBS_HERE, LAND_REACHED)),
    ("Accessibility (connectivity and mobility)", (*ACCESS, NO_CAR, fact.doubly_disadvantaged, TRANSPORT)),
    ("Housing", (HOUSEHOLDS, HOMES)),
    ("Land and environment", (LAND, fact.sites, BROWNFIELD, ENVIRONMENT_SCORE, GREENSPACE)),
    ("Health", HEALTH),
)


def framework(results: Results, region: Record, corridors: Sequence[Record]) -> Section:
    """The eight fundamentals for the region and the seven priorities for each corridor."""
    intro = (
        "The combined authority's inclusive growth framework names eight fundamentals, and its decision tool seven "
        f"priorities, each to be judged {JUDGEMENTS} by people, with a note. Its scoring weights and an official "
        "definition of social baselining are not published, so none is made up here. This page fills in the "
        "evidence and leaves every judgement blank. Figures that a run lacks, withholds, or knows for fewer than four "
        "residents in five are left out; they describe areas and prove no cause."
    )
    blocks: tuple[Block, ...] = (
        Paragraph(intro),
        _sheet(
            "Eight fundamentals: the region", "Fundamental", FUNDAMENTALS, evidence_of(results, REGION, REGION, region)
        ),
        *(
            _sheet(
                f"Seven priorities: {corridor['name']}",
                "Priority",
                PRIORITIES,
                evidence_of(results, "corridor", corridor["id"], corridor),
            )
            for corridor in corridors
        ),
    )
    return Section("framework", "Inclusive growth framework", blocks, starts_page=True)


def _sheet(caption: str, heading: str, lines: Sequence[tuple[str, tuple[Rule, ...]]], place: Evidence) -> Table:
    headings = tuple(map(Heading, (heading, "Evidence", "Judgement", "Note")))
    rows = tuple(
        Row((Cell(name), _evidence(rules, place), Cell("", blank=True), Cell("", blank=True))) for name, rules in lines
    )
    return Table(caption, headings, rows, (f"Judgement, by people: {JUDGEMENTS}.",), dense=True)


def _evidence(rules: Sequence[Rule], place: Evidence) -> Cell:
    found = [text for rule in rules if (text := rule(place))]
    return Cell(" ".join(found) or NO_EVIDENCE, missing=not found)
