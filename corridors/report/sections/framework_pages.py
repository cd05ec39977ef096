"""The inclusive growth framework as a page to fill in: evidence where a run has it, judgement left to people."""

from collections.abc import Mapping, Sequence

from corridors.catalogue.place_kinds import REGION
from corridors.report.blocks.tables import Record
from corridors.report.blocks.view import Block, Cell, Heading, Paragraph, Row, Section, Table
from corridors.report.blocks.wording import decimal
from corridors.report.sections import framework_facts as fact
from corridors.report.sections.framework_facts import Evidence, Rule, evidence_of
from corridors.results import Results

NO_EVIDENCE = "No evidence in this run."

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
TRAINING = fact.share("training_share", "live within the time limit of the nearest training place")
HOSPITAL = fact.mean("minutes_to_hospital", "minutes to the nearest hospital at the median departure", decimal)
GREENSPACE = fact.share("greenspace_share", "live within the time limit of the nearest greenspace")
BROWNFIELD = fact.total("brownfield_ha", "ha of brownfield land on registers, which are led by dwellings", decimal)
JOBS_HERE = fact.total("jobs", "jobs are in these areas")
HOUSEHOLDS = fact.total("households", "households live here")
HEALTH_SCORE = fact.domain_score("health_score", "Health and disability")
EDUCATION_SCORE = fact.domain_score("education_score", "Education, skills and training")
CRIME_SCORE = fact.domain_score("crime_score", "Crime")
ENVIRONMENT_SCORE = fact.domain_score("environment_score", "Living environment")
HOMES, LAND, TRANSPORT = fact.stated("homes"), fact.stated("land"), fact.stated("transport")
# By the names that a strategy's file gives them.
RULES: Mapping[str, Rule] = {
    "kpi": KPI,
    "no_car": NO_CAR,
    "active": ACTIVE,
    "unemployed": UNEMPLOYED,
    "no_qualifications": NO_QUALIFICATIONS,
    "level4": LEVEL4,
    "decile1": DECILE1,
    "income": INCOME,
    "disabled": DISABLED,
    "long_term_sick": LONG_TERM_SICK,
    "jobs_reached": JOBS_REACHED,
    "land_reached": LAND_REACHED,
    "training": TRAINING,
    "hospital": HOSPITAL,
    "greenspace": GREENSPACE,
    "brownfield": BROWNFIELD,
    "jobs_here": JOBS_HERE,
    "households": HOUSEHOLDS,
    "health_score": HEALTH_SCORE,
    "education_score": EDUCATION_SCORE,
    "crime_score": CRIME_SCORE,
    "environment_score": ENVIRONMENT_SCORE,
    "homes": HOMES,
    "land": LAND,
    "transport": TRANSPORT,
    "sites": fact.sites,
    "near_but_disconnected": fact.near_but_disconnected,
    "without_a_car": fact.without_a_car,
    "why_out_of_reach": fact.why_out_of_reach,
    "doubly_disadvantaged": fact.doubly_disadvantaged,
    "jobs_by_deprivation": fact.jobs_by_deprivation,
}


def framework(results: Results, region: Record, corridors: Sequence[Record]) -> tuple[Section, ...]:
    """The framework's lines for the region and for each corridor; none where the run names no strategy."""
    if results.region.strategy is None:
        return ()
    of_strategy = results.region.strategy.framework
    intro = (
        f"{of_strategy.intro} This page fills in the "
        "evidence and leaves every judgement blank. Figures that a run lacks, withholds, or knows for fewer than four "
        "residents in five are left out; they describe areas and prove no cause."
    )
    region_evidence = evidence_of(results, REGION, REGION, region)
    blocks: tuple[Block, ...] = (
        Paragraph(intro),
        _sheet(
            f"{of_strategy.region}: the region",
            of_strategy.region_heading,
            of_strategy.of_region,
            region_evidence,
            of_strategy.judgements,
        ),
        *(
            _sheet(
                f"{of_strategy.corridor}: {corridor['name']}",
                of_strategy.corridor_heading,
                of_strategy.of_corridors,
                evidence_of(results, "corridor", corridor["id"], corridor),
                of_strategy.judgements,
            )
            for corridor in corridors
        ),
    )
    return (Section("framework", of_strategy.title, blocks),)


def _sheet(caption: str, heading: str, lines: Mapping[str, Sequence[str]], place: Evidence, judgements: str) -> Table:
    headings = tuple(map(Heading, (heading, "Evidence", "Judgement", "Note")))
    rows = tuple(
        Row((Cell(name), _evidence([RULES[rule] for rule in rules], place), Cell("", blank=True), Cell("", blank=True)))
        for name, rules in lines.items()
    )
    return Table(caption, headings, rows, (f"Judgement, by people: {judgements}.",), dense=True)


def _evidence(rules: Sequence[Rule], place: Evidence) -> Cell:
    sentences = [text for rule in rules if (text := rule(place))]
    return Cell(" ".join(sentences) or NO_EVIDENCE, missing=not sentences)
