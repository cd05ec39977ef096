"""The region's part of the report: headline, districts, maps, corridors side by side, pilots, links, quintiles."""

from dataclasses import replace

from corridors.catalogue.headline_variants import CHANGED_QUESTIONS, TECHNICAL_CHOICES
from corridors.catalogue.near import NEAR_RADII_KM
from corridors.report.blocks import layouts
from corridors.report.blocks.tables import NOT_COMPUTED, Record, records, table, worded
from corridors.report.blocks.view import (
    Absent,
    Block,
    Bullets,
    Definitions,
    Figure,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
)
from corridors.report.blocks.wording import MISSING, count, in_words, note, number_of, percent, words
from corridors.report.figures.plots import buffer_figures, definition_figures, quintile_figures, travel_time_figures
from corridors.report.sections import robustness, sentences
from corridors.report.sections.equity import fairness
from corridors.report.sections.social_baseline import regional_baseline, side_by_side
from corridors.results import Results

TOP_LINKS = 15
USUAL_BUFFER_M = 1200.0
REGION_ALIASES = {
    "imd_decile1_zones": "decile1_zones",
    "mean_centres": "centres_within_cutoff",
}  # column of places: of region
ASPECTS = {"centres_at_least": "Centres to reach, at least", "cutoff_min": "Within, minutes"}


def region_record(results: Results) -> Record:
    """The region's own row, to read places against; the KPI is always there."""
    rows = records(results.tables.region)
    row = rows[0] if rows else {}
    named_elsewhere = {name: row[column] for name, column in REGION_ALIASES.items() if column in row}
    return {
        **row,
        **named_elsewhere,
        "name": "Whole region",
        "people": results.kpi.people_total,
        "kpi_share": results.kpi.share,
        "people_within": results.kpi.people_within,
    }


def headline(results: Results) -> Section:
    """The section on the headline: in words, beside the published figure, and its definition."""
    kpi = results.kpi
    figures = KeyFigures(
        (
            KeyFigure(
                percent(kpi.share),
                "of residents, this run",
                f"{count(kpi.people_within)} of {count(kpi.people_total)} residents",
            ),
            *published_figure(results, "published by the strategy", "another definition, {}; not comparable"),
        )
    )
    texts = (
        sentences.headline(results),
        sentences.registrations(results),
        sentences.arranged_calls(results),
        sentences.missing_modes(results),
        sentences.at_once(kpi),
        sentences.beside_the_edge(results),
        robustness.edge(results),
        sentences.trust(results.region),
        sentences.published(results.region.strategy),
    )
    definition = tuple((_aspect(aspect), words(value)) for aspect, value in kpi.definition.items())
    blocks: tuple[Block, ...] = (
        figures,
        *(Paragraph(text) for text in texts if text),
    )
    meaning: Block = Definitions(definition) if definition else Absent(f"Definition: {NOT_COMPUTED}.")
    return Section("headline", "The headline", blocks, (Section("definition", "What exactly is counted", (meaning,)),))


def published_figure(results: Results, label: str, detail: str) -> tuple[KeyFigure, ...]:
    """The strategy's own figure, with its date in `label` and `detail` for {}; none where the run names no strategy."""
    if results.region.strategy is None:
        return ()
    published = results.region.strategy.published
    return (KeyFigure(f"{published.share * 100:.0f} %", label.format(published.date), detail.format(published.date)),)


def _aspect(key: str) -> str:
    return ASPECTS.get(key, key.replace("_", " ").strip().capitalize())


def variants(results: Results) -> Section:
    """The section on the headline under other definitions."""
    here = {"name": "Headline", "share": results.kpi.share, "people_within": results.kpi.people_within}
    text = sentences.variants_range(results.kpi)
    shown = [
        table([vars(item) for item in results.kpi.variants if item.changes in changes], layout, [here])
        for changes, layout in (
            (CHANGED_QUESTIONS, layouts.CHANGED_QUESTIONS),
            (TECHNICAL_CHOICES, layouts.TECHNICAL_CHOICES),
        )
    ]
    blocks = (*((Paragraph(text),) if text else ()), *definition_figures(results), *shown)
    return Section("variants", "The headline under other definitions", blocks)


def districts(results: Results) -> Section:
    """The section on the headline by district, and on the centres it counts."""
    rows = sorted(records(results.districts), key=lambda row: words(row.get("name")))
    compared = table(rows, layouts.DISTRICTS, [region_record(results)])
    centres = table(records(results.centres), worded(layouts.CENTRES, results))
    return Section("districts", "Districts and centres", (compared, centres))


def map_section(figures: tuple[Figure, ...]) -> Section:
    """The section of the region's maps."""
    blocks: tuple[Block, ...] = figures or (Absent(f"Maps: {NOT_COMPUTED}."),)
    return Section("maps", "Maps", blocks)


def corridor_records(results: Results) -> list[dict[str, object]]:
    """The corridors sorted by name, so that their order is no ranking."""
    return sorted(records(results.corridors), key=lambda row: words(row.get("name")))


def shared_notes(results: Results) -> tuple[str, ...]:
    """The note that every corridor has, if there is one; it is printed once with their table, and not on every page."""
    notes = {note(row.get("note")) for row in corridor_records(results)}
    return tuple(text for text in notes if text) if len(notes) == 1 else ()


def buffer_records(results: Results) -> list[dict[str, object]]:
    """One row per corridor and buffer, with the corridor's name."""
    names = {row["id"]: row.get("name") for row in records(results.corridors)}
    rows = records(results.tables.corridor_buffers)
    named_rows = [{**row, "name": names.get(row.get("corridor_id"), row.get("corridor_id"))} for row in rows]
    return sorted(named_rows, key=lambda row: (words(row["name"]), number_of(row.get("buffer_m")) or 0.0))


def main_buffer_m(results: Results) -> float | None:
    """The buffer of the corridor frame's own figures, where it says."""
    rows = records(results.corridors)
    return number_of(rows[0].get("buffer_m")) if rows else None


def corridors_together(results: Results) -> Record | None:
    """The row of all corridors together at the main buffer, each zone counted once; None where the run has none."""
    rows = records(results.tables.corridors_together)
    wanted = main_buffer_m(results) or USUAL_BUFFER_M
    return next((row for row in rows if number_of(row.get("buffer_m")) == wanted), None)


def corridors_compared(results: Results) -> Section:
    """The section that compares corridors: size, headline, three separate scores, buffers, and all corridors together."""
    rows, buffers, region = corridor_records(results), buffer_records(results), region_record(results)
    of_all = (
        *(f"Every corridor: {text}." for text in shared_notes(results)),
        *(("Corridors overlap, so their rows must not be added up.",) if len(rows) > 1 else ()),
    )
    beside = worded(layouts.CORRIDORS, results)
    sure = [
        text
        for measure, called in (
            ("kpi_share", "the share of residents who meet the test"),
            ("decile1_share", "the share of zones in decile 1"),
        )
        if (text := sentences.order(buffers, measure, called))
    ]
    blocks: tuple[Block, ...] = (
        Paragraph(sentences.together(corridors_together(results), len(rows))),
        table(rows, replace(beside, notes=(*beside.notes, *of_all)), [region]),
        table(rows, layouts.SCORES),
        *(Paragraph(text) for text in (robustness.sizes_unknown(results),) if text),
        *buffer_figures(results),
        table(buffers, worded(layouts.BUFFERS, results)),
        *((Bullets(tuple(sure)),) if sure else ()),
        *(Paragraph(text) for text in (robustness.orders_reversed(results),) if text),
        table(records(results.tables.corridors_together), layouts.TOGETHER),
    )
    title = f"The {in_words(len(rows))} corridors side by side" if len(rows) > 1 else "The corridors"
    return Section("corridors", title, blocks, (regional_baseline(results, rows),), starts_page=True)


def pilots(results: Results) -> Section:
    """The section on town-centre pilots: counts first, rates where there are enough zones."""
    text = (
        "A pilot is a small circle and holds few zones, so counts come first. Rates are suppressed below ten zones or "
        "a hundred residents."
    )
    rows = records(results.pilots)
    compared = side_by_side(
        results, "pilot", [(row["id"], str(row["name"])) for row in rows], "Social baseline of the pilots, side by side"
    )
    return Section(
        "pilots", "Town-centre pilots", (Paragraph(text), table(rows, worded(layouts.PILOTS, results)), compared)
    )


def sites(results: Results) -> Section:
    """The section on employment land and opportunity sites with the claims made for them."""
    return Section("sites", "Employment land and sites", (table(site_records(results), layouts.SITES),))


def site_records(results: Results) -> list[dict[str, object]]:
    """The sites; where no claim is known there is no claimant or date to miss."""
    return [_without_claim(row) if words(row.get("claimed_jobs")) == MISSING else row for row in records(results.sites)]


def _without_claim(site: Record) -> dict[str, object]:
    others = {name: value for name, value in site.items() if name not in {"claimed_by", "claim_date"}}
    return {**others, "claimed_jobs": "no claim known"}


def links(results: Results, figures: tuple[Figure, ...]) -> Section:
    """The section on the links that carry most of the region's journeys to centres."""
    rows = [row for row in records(results.links) if number_of(row.get("centre_people"))]
    busiest = sorted(rows, key=lambda row: -float(row["centre_people"]))[:TOP_LINKS]
    text = (
        "A link is a ride between two stops next to each other. Each carries a number of best journeys: one for every "
        "resident and every centre that the resident's area reaches in time, where that journey rides on the link. "
        "Where many journeys depend on one link, its loss would reach far. These are neither passengers nor persons: "
        "a resident whose journeys to three centres use the link is counted three times."
    )
    blocks = (Paragraph(text + _reached_in_all(results)), *figures, table(busiest, layouts.LINKS))
    return Section(
        "links",
        "Links that carry the connections",
        blocks,
    )


def _reached_in_all(results: Results) -> str:
    """What the links' journeys are out of: residents within reach of each centre of the headline, added up."""
    if not {"people_within_cutoff", "default"} <= set(results.centres.columns):
        return ""
    reached = float(results.centres.loc[results.centres["default"].astype(bool), "people_within_cutoff"].sum())
    return (
        " The residents within reach of each of the headline's centres at the median departure, added up over the centres, are "
        f"{count(reached)}: the number of best journeys is about the same."
    )


def travel_times(results: Results) -> Section:
    """The section on residents' travel times to the nearest centres."""
    figures: tuple[Block, ...] = travel_time_figures(results) if "population" in results.zones.columns else ()
    blocks = figures or (Absent(f"Travel times of residents: {NOT_COMPUTED}."),)
    return Section("times", "How long it takes", blocks, (near_but_disconnected(results),))


def near_but_disconnected(results: Results) -> Section:
    """Residents near a centre or employment site who take far longer to it than others at that distance."""
    rows = near_records(results)
    shown = (table(rows, layouts.NEAR),) if rows else ()
    return Section("near", "Near but disconnected", (Paragraph(sentences.near_but_disconnected(results)), *shown))


def near_records(results: Results) -> list[Record]:
    """One row a place with anybody near it but disconnected: people within each radius, their minutes and the usual ones."""
    rows: dict[str, dict[str, object]] = {}
    for row in records(results.tables.near_but_disconnected):
        place = rows.setdefault(str(row["place_id"]) + str(row["place"]), {"place": row["place"]})
        place[f"people_{row['radius_km']:g}"] = row["people"]
        if row["radius_km"] == NEAR_RADII_KM[-1]:
            place.update(minutes=row["minutes"], usual_minutes=row["usual_minutes"])
    widest = f"people_{NEAR_RADII_KM[-1]:g}"
    found = [row for row in rows.values() if number_of(row.get(widest))]
    return sorted(found, key=lambda row: -(number_of(row[widest]) or 0))


def distribution_records(results: Results) -> list[dict[str, object]]:
    """Access by national fifth of deprivation, the most deprived first."""
    return sorted(records(results.tables.distribution), key=lambda row: number_of(row.get("quintile")) or 0.0)


def distribution(results: Results) -> Section:
    """The section on access by deprivation of the area."""
    rows = distribution_records(results)
    named = [{**row, "group": national_fifth_words(row.get("quintile"))} for row in rows]
    text = sentences.spread(rows)
    shown = table(named, worded(layouts.DISTRIBUTION, results), [_everyone(results)])
    blocks = (*((Paragraph(text),) if text else ()), shown, *quintile_figures(results, named))
    return Section("distribution", "Who can reach the centres: deprivation of the area", blocks, fairness(results))


def _everyone(results: Results) -> Record:
    return {**region_record(results), "group": "Whole region"}


def national_fifth_words(quintile: object) -> str:
    """A national fifth of areas by deprivation, with which end of them the first and the last are."""
    ends = {1.0: "1, most deprived", 5.0: "5, least deprived"}
    number = number_of(quintile)
    return words(quintile) if number is None else ends.get(number, f"{number:.0f}")
