"""Short sentences for the framework's pages; a rule gives "" where its evidence is missing, withheld or weak."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from corridors.catalogue.place_kinds import REGION
from corridors.report.blocks.membership import belongs
from corridors.report.blocks.tables import Record, about, is_suppressed, records
from corridors.report.blocks.wording import count, decimal, number_of, percent, plural
from corridors.report.sections.sentences import against
from corridors.report.sections.social_baseline import cells_of, counted_among
from corridors.results import Results

# Stricter than the baseline's tables, which show for how many residents a value is known: a sentence does not show it.
LEAST_KNOWN_FOR_A_SENTENCE = 0.8
ABOUT_AS_MANY = (0.9, 1.1)  # a ratio between these is no difference worth a word
MOST_SITES = 4


@dataclass(frozen=True)
class Evidence:
    """The figures of one place in a run: its own row, its baseline by item, and its rows of other tables."""

    kind: str
    own: Record
    baseline: Mapping[str, Record] = field(default_factory=dict)
    headline: Record | None = None  # of `kpi_by_place`
    doubly_disadvantaged: Record | None = None
    failing_causes: Sequence[Record] = ()
    corridor_facts: Sequence[Record] = ()
    sites: Sequence[Record] = ()
    inequality: Sequence[Record] = ()  # of the region only


Rule = Callable[[Evidence], str]


def evidence_of(results: Results, kind: str, place_id: object, record: Record) -> Evidence:
    """The evidence about the region or a corridor; `record` is its own row."""
    tables = results.tables
    variants = about(tables.kpi_by_place, kind, place_id)
    return Evidence(
        kind,
        record,
        {str(cell["item"]): cell for cell in cells_of(results, kind, place_id)},
        next((row for row in variants if row.get("variant") == "headline"), None),
        next(iter(about(tables.doubly_disadvantaged, kind, place_id)), None),
        about(tables.failing_causes, kind, place_id),
        [row for row in records(tables.corridor_facts) if row["id"] == place_id],
        [row for row in records(results.sites) if belongs(row.get("corridor_ids"), str(place_id))],
        records(tables.inequality) if kind == REGION else (),
    )


def share(item: str, predicate: str) -> Rule:
    """ "27.5 % of 1,131,000 households have no car, above the region's 25.0 %; England 23.5 %." """

    def said(place: Evidence) -> str:
        cell = _solid(place, item)
        if cell is None:
            return ""
        among = counted_among(cell)
        of = f"{count(cell['denominator'])} {among}" if number_of(cell.get("denominator")) is not None else among
        england = number_of(cell.get("england_value"))
        beside = "" if england is None else f"; England {percent(england)}"
        return f"{percent(cell['value'])} of {of} {predicate}{_beside_region(place, cell)}{beside}."

    return said


def mean(item: str, words: str, wording: Callable[[object], str] = count) -> Rule:
    """ "441,935 jobs within the time limit, on average over residents (region 175,760)." """

    def sentence(value: str, region: str) -> str:
        return f"{value} {words}, on average over residents{region and f' ({region})'}."

    return _beside_the_region(item, wording, sentence)


def domain_score(item: str, domain: str) -> Rule:
    """A domain of the deprivation index: a score without a unit, read beside the region's."""

    def sentence(value: str, region: str) -> str:
        return f"{domain} deprivation score {value} (higher is more deprived{region and f'; {region}'})."

    return _beside_the_region(item, decimal, sentence)


def _beside_the_region(item: str, wording: Callable[[object], str], sentence: Callable[[str, str], str]) -> Rule:
    """A sentence of a value and "region 5.0", the latter empty where there is none or it is the region itself."""

    def said(place: Evidence) -> str:
        cell = _solid(place, item)
        if cell is None:
            return ""
        region = number_of(cell.get("region_value"))
        beside = f"region {wording(region)}" if region is not None and place.kind != REGION else ""
        return sentence(wording(cell["value"]), beside)

    return said


def total(item: str, words: str, wording: Callable[[object], str] = count) -> Rule:
    """ "6,544 residents live in areas ..."; counts are shown for small places too."""

    def said(place: Evidence) -> str:
        cell = _solid(place, item)
        return "" if cell is None else f"{wording(cell['value'])} {words}."

    return said


def _solid(place: Evidence, item: str) -> Record | None:
    """The baseline's cell where it has a value, is not withheld, and is known for enough of the residents."""
    cell = place.baseline.get(item)
    if cell is None or cell.get("status") in {"missing", "suppressed"} or number_of(cell.get("value")) is None:
        return None
    known = number_of(cell.get("known_share"))
    return None if known is not None and known < LEAST_KNOWN_FOR_A_SENTENCE else cell


def _beside_region(place: Evidence, cell: Record) -> str:
    return "" if place.kind == REGION else against(cell["value"], cell.get("region_value"))


def near_but_disconnected(place: Evidence) -> str:
    """Sentence on the number of residents near a centre or site that they do not reach within the cutoff."""
    people = place.own.get("near_but_disconnected_people")
    if number_of(people) is None:
        return ""
    return f"{_who_live(people)} in areas near a centre or site but disconnected."


def _who_live(people: object) -> str:
    return "No residents live" if people == 0 else plural(people, "resident lives", "residents live")


def without_a_car(place: Evidence) -> str:
    """Sentence on the headline for households without a car."""
    row = place.headline
    if row is None or is_suppressed(row) or number_of(row.get("no_car_share")) is None:
        return ""
    return (
        f"{percent(row['no_car_share'])} of {count(row.get('no_car_households'))} households without a car are in areas "
        "that meet the headline test."
    )


def doubly_disadvantaged(place: Evidence) -> str:
    """Sentence on residents of areas in both the most deprived national fifth and the region's worst-served fifth."""
    row = place.doubly_disadvantaged
    if row is None or number_of(row.get("people")) is None:
        return ""
    part = "" if is_suppressed(row) or not number_of(row["people"]) else f", {percent(row.get('people_share'))} of all"
    return (
        f"{_who_live(row['people'])} in areas that are in the most deprived national fifth and among those of the region's "
        f"fifth of residents with the longest journeys{part}."
    )


def why_out_of_reach(place: Evidence) -> str:
    """The run's sentence on the part of journeys by which residents out of reach lose most time."""
    sentences = [str(row.get("sentence") or "").strip() for row in place.failing_causes]
    texts = [str(place.own.get("why_out_of_reach") or "").strip(), *sentences]
    return next((text for text in texts if text and text != "nan"), "")


def jobs_by_deprivation(place: Evidence) -> str:
    """Sentence that compares the jobs reached by the most and by the least deprived fifth."""
    rows = [
        row
        for row in place.inequality
        if (row.get("measure"), row.get("statistic")) == ("jobs_within_cutoff", "quintile_ratio")
    ]
    ratio = number_of(rows[0].get("value")) if rows else None
    if ratio is None:
        return ""
    low, high = ABOUT_AS_MANY
    reached = "about as many" if low <= ratio <= high else f"{decimal(ratio)} times as many"
    return (
        f"Residents of the most deprived national fifth of areas reach {reached} jobs as those of the least deprived: "
        "a matter of where areas lie, not of who gets the jobs."
    )


def stated(*topics: str) -> Rule:
    """The rule that quotes the corridor's facts on the topics, marked as claims of public sources."""

    def said(place: Evidence) -> str:
        facts = [str(row["fact"]) for row in place.corridor_facts if row.get("topic") in topics]
        return f"Claimed in public sources, no commitment: {'; '.join(facts)}." if facts else ""

    return said


def sites(place: Evidence) -> str:
    """Sentence on the listed sites inside the corridor, with the jobs that are claimed for them."""
    rows = place.sites
    if place.kind == REGION or not rows:
        return ""
    more = f"; {len(rows) - MOST_SITES} more" if len(rows) > MOST_SITES else ""
    return f"Listed sites inside: {'; '.join(map(_site, rows[:MOST_SITES]))}{more}."


def _site(row: Record) -> str:
    jobs = str(row.get("claimed_jobs") or "").strip()
    parts = [
        f"{decimal(row['ha'])} ha" if number_of(row.get("ha")) is not None else "",
        f"{jobs} jobs claimed" if jobs and jobs != "nan" else "",
    ]
    said = ", ".join(part for part in parts if part)
    return f"{row.get('name')} ({said})" if said else str(row.get("name"))
