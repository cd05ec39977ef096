"""One section for each corridor: a one-page summary, then its figures, buffers, areas left behind and sites."""

from corridors.catalogue.near import NEAR_MEANS
from corridors.report.blocks import layouts
from corridors.report.blocks.membership import belongs
from corridors.report.blocks.tables import (
    NOT_COMPUTED,
    SUPPRESSED,
    Record,
    about,
    cell,
    is_suppressed,
    records,
    table,
    titled,
    worded,
)
from corridors.report.blocks.view import (
    Absent,
    Block,
    Cell,
    Definitions,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Row,
    Section,
    Table,
)
from corridors.report.blocks.wording import count, decimal, km, note, number_of, percent
from corridors.report.figures.plots import corridor_definition_figures, corridor_travel_time
from corridors.report.sections import corridor_sentences
from corridors.report.sections.framework_facts import doubly_disadvantaged, evidence_of, without_a_car
from corridors.report.sections.journey_causes import journeys
from corridors.report.sections.overview import (
    buffer_records,
    corridor_records,
    main_buffer_m,
    national_fifth_words,
    region_record,
    shared_notes,
    site_records,
)
from corridors.report.sections.social_baseline import baseline_of
from corridors.results import Results

MOST_AREAS = 10


def corridor_pages(results: Results, figures: dict[str, tuple[Figure, ...]]) -> tuple[Section, ...]:
    """A section per corridor, in the order of their names."""
    rows = corridor_records(results)
    return tuple(
        _page(results, row, number, figures.get(str(row["id"]), ())) for number, row in enumerate(rows, start=1)
    )


def _page(results: Results, corridor: Record, number: int, figures: tuple[Figure, ...]) -> Section:
    anchor, region = f"corridor-{number}", region_record(results)
    buffers = [row for row in buffer_records(results) if row.get("corridor_id") == corridor["id"]]
    told = Definitions(summary_pairs(results, corridor))
    summary: tuple[Block, ...] = (_key_figures(results, corridor), told, *figures)
    parts = (
        Section(f"{anchor}-baseline", "Social baseline", baseline_of(results, corridor)),
        Section(f"{anchor}-access", "Travel times", _travel_times(results, corridor)),
        Section(f"{anchor}-figures", "Need, opportunity and connectivity", (_numbers(results, corridor, region),)),
        Section(
            f"{anchor}-buffers",
            "How firm its figures are",
            (
                table(buffers, titled(worded(layouts.BUFFERS_OF_ONE, results), corridor)),
                *corridor_definition_figures(results, corridor),
            ),
        ),
        Section(f"{anchor}-areas", "Who is left behind, and why", _left_behind(results, corridor)),
        Section(f"{anchor}-sites", "Sites and claims", claims(results, corridor)),
    )
    return Section(anchor, str(corridor["name"]), summary, parts, starts_page=True)


def _key_figures(results: Results, corridor: Record) -> KeyFigures:
    share = SUPPRESSED if is_suppressed(corridor) else percent(corridor.get("kpi_share"))
    return KeyFigures(
        (
            KeyFigure(share, "of residents meet the headline test", f"of {count(corridor.get('people'))} residents"),
            KeyFigure(
                count(corridor.get("imd_decile1_zones")),
                "zones in the most deprived tenth",
                f"of {count(corridor.get('zones'))} zones",
            ),
            _disconnected(results, corridor),
            KeyFigure(decimal(corridor.get("length_km")), "km long", "line proposed by this tool"),
        )
    )


def _disconnected(results: Results, corridor: Record) -> KeyFigure:
    """Residents near but disconnected; where no corridor has any, those who miss the test, which tells them apart."""
    near = [number_of(row.get("near_but_disconnected_people")) for row in corridor_records(results)]
    people, within = number_of(corridor.get("people")), number_of(corridor.get("people_within"))
    if any(near) or None in near or people is None or within is None:
        return KeyFigure(
            count(corridor.get("near_but_disconnected_people")), "residents near but disconnected", NEAR_MEANS
        )
    return KeyFigure(count(people - within), "residents of areas that miss the test", f"of {count(people)} residents")


def summary_pairs(results: Results, corridor: Record, listed_in: str = "the appendix") -> tuple[tuple[str, str], ...]:
    """What there is to say of a corridor in short: its place, need and gap, what is uncertain, and its own note."""
    region, walking = region_record(results), results.region.walking_basis
    buffers = [row for row in buffer_records(results) if row.get("corridor_id") == corridor["id"]]
    effects = about(results.tables.input_effects, "corridor", corridor["id"])
    pairs = [
        ("Place", corridor_sentences.place(corridor, main_buffer_m(results), results.region.strategy, listed_in)),
        ("Need", corridor_sentences.need(corridor, region)),
        ("Gap", corridor_sentences.gap(corridor, region.get("kpi_share"))),
        (
            "What is uncertain",
            " ".join(corridor_sentences.uncertain(buffers, walking, _cutoffs_tried(results), effects)),
        ),
    ]
    remark = note(corridor.get("note"))
    its_own = remark and remark not in shared_notes(results)
    return (*pairs, ("Note", remark)) if its_own else tuple(pairs)


def _cutoffs_tried(results: Results) -> tuple[str, ...]:
    return tuple(one.name for one in results.kpi.variants if one.id.startswith("within_"))


def _travel_times(results: Results, corridor: Record) -> tuple[Block, ...]:
    zones = results.zones
    if "corridor_ids" in zones.columns and "population" in zones.columns:
        inside = zones["corridor_ids"].map(lambda ids: belongs(ids, str(corridor["id"])))
        if figures := corridor_travel_time(results, str(corridor["name"]), inside):
            return figures
    return (Absent(f"Travel times of the corridor's residents: {NOT_COMPUTED}."),)


def _numbers(results: Results, corridor: Record, region: Record) -> Table | Absent:
    shown = [column for column in layouts.corridor_numbers(results.measures) if column.name in corridor]
    if not shown:
        return Absent(f"Need, opportunity and connectivity: {NOT_COMPUTED}.")
    rows = tuple(
        Row((Cell(results.kpi.test.worded(column.title)), cell(corridor, column), cell(region, column)))
        for column in shown
    )
    headings = (Heading("Indicator"), Heading("This corridor", numeric=True), Heading("Whole region", numeric=True))
    notes = ("A dash: no value of the region to compare with.", *layouts.SCORES.notes)
    return Table(f"Indicators beside the region: {corridor['name']}", headings, rows, notes, layouts.OURS, dense=True)


def _left_behind(results: Results, corridor: Record) -> tuple[Block, ...]:
    """The corridor's areas that miss the test and why: chosen and put in order, not computed."""
    rows = [row for row in records(results.zones) if belongs(row.get("corridor_ids"), str(corridor["id"]))]
    missed = [row for row in rows if number_of(row.get("meets_kpi")) == 0]
    if not rows:
        return (Absent(f"Areas of this corridor that miss the test: {NOT_COMPUTED}."),)
    fifths = _fifths(results, corridor)
    if not missed:
        every = "Its only zone meets" if len(rows) == 1 else f"All {count(len(rows))} zones of this corridor meet"
        return (*fifths, Paragraph(f"{every} the headline test."))
    most = sorted(missed, key=lambda row: -(number_of(row.get("population")) or 0.0))[:MOST_AREAS]
    place = evidence_of(results, "corridor", corridor["id"], corridor)
    groups = " ".join(text for text in (without_a_car(place), doubly_disadvantaged(place)) if text)
    told: tuple[Block, ...] = (Paragraph(groups),) if groups else ()
    return (
        *told,
        *fifths,
        table(most, titled(worded(layouts.LEFT_BEHIND, results), corridor)),
        *journeys(corridor, missed),
    )


def _fifths(results: Results, corridor: Record) -> tuple[Block, ...]:
    """The test by deprivation fifth, beside the same fifth of the region."""
    every = results.tables.fifths_by_place
    of_region = {row["quintile"]: row["kpi_share"] for row in about(every, "region")}
    rows = [
        {**row, "group": national_fifth_words(row["quintile"]), "region_share": of_region.get(row["quintile"])}
        for row in about(every, "corridor", corridor["id"])
    ]
    return (table(rows, titled(layouts.FIFTHS_OF_ONE, corridor)),) if rows else ()


def _no_site(results: Results, listed_sites: int, has_facts: bool) -> str:
    """Sentence that no listed site lies in the corridor; `has_facts` adds what the claims below it are."""
    buffer_m = main_buffer_m(results)
    within = f"within {km(buffer_m)} of this corridor's line" if buffer_m is not None else "in this corridor"
    listed = "The one site" if listed_sites == 1 else f"No site of the {count(listed_sites)}"
    lies = "does not lie" if listed_sites == 1 else "lies"
    below = " Land and sites named below are claims of public sources, and are not in that list." * has_facts
    return f"{listed} in the run's list of sites {lies} {within}.{below}"


def claims(results: Results, corridor: Record) -> tuple[Block, ...]:
    """What is said of a corridor, and its sites, with who claims what."""
    every_site = site_records(results)
    facts = [row for row in records(results.tables.corridor_facts) if row.get("id") == corridor["id"]]
    known = table(facts, titled(layouts.CORRIDOR_FACTS, corridor))
    if not any("corridor_ids" in row for row in every_site):
        return (known, Absent("Sites are listed for the region as a whole, not by corridor, in this run."))
    rows = [row for row in every_site if belongs(row["corridor_ids"], str(corridor["id"]))]
    if not rows:  # said first, so that it never stands on a page alone
        return (Paragraph(_no_site(results, len(every_site), bool(facts))), known)
    return (known, table(rows, titled(layouts.SITES, corridor)))
