"""Distribution of access: groups' shares of access and of people, curves, double disadvantage, measures of inequality."""

from collections.abc import Sequence

from corridors.catalogue.headline_variants import HEADLINE
from corridors.report.blocks import evidence_layouts
from corridors.report.blocks.tables import Record, records, table
from corridors.report.blocks.view import Block, Paragraph, Section
from corridors.report.blocks.wording import count, number_of, percent
from corridors.report.figures.plots import inequality_figure
from corridors.results import Results

MEETS = "meets_kpi"
PLACE_KINDS = ("region", "district", "corridor")
STATISTICS = {
    "quintile_ratio": "Most over least deprived fifth",
    "palma": "Palma ratio",
    "gini": "Gini coefficient",
    "theil": "Theil index",
    "theil_between_districts": "of which between districts",
    "theil_within_districts": "of which within districts",
    "concentration_index": "Concentration index",
    "erreygers_index": "Concentration index, corrected (Erreygers)",
    "fgt0": "Access poverty: share below the line",
    "fgt1": "Access poverty: depth",
    "fgt2": "Access poverty: severity",
}


def fairness(results: Results) -> tuple[Section, ...]:
    """The parts of the chapter on deprivation that this run holds tables for."""
    made = (_without_a_car(results), _neither(results), _groups(results), _inequality(results))
    return tuple(section for section in made if section is not None)


def _without_a_car(results: Results) -> Section | None:
    rows = [
        row
        for row in records(results.tables.kpi_by_place)
        if row.get("variant") == HEADLINE and row.get("place_kind") in PLACE_KINDS
    ]
    if not any(number_of(row.get("no_car_share")) is not None for row in rows):
        return None
    text = "Those who have no car depend most on what public transport reaches."
    return Section(
        "no-car", "Households without a car", (Paragraph(text), table(rows, evidence_layouts.NO_CAR_BY_PLACE))
    )


def _neither(results: Results) -> Section | None:
    """Areas with both low access and high deprivation, which an average over all areas can hide."""
    rows = [row for row in records(results.tables.doubly_disadvantaged) if row.get("place_kind") in PLACE_KINDS]
    if not rows:
        return None
    return Section(
        "doubly-disadvantaged",
        "Deprived areas with little access",
        (Paragraph(neither_sentence(rows)), table(rows, evidence_layouts.DOUBLY_DISADVANTAGED)),
    )


def neither_sentence(rows: Sequence[Record]) -> str:
    """Sentence on the number of residents in areas both deprived and badly served; `rows` hold the region's."""
    region = next((row for row in rows if row.get("place_kind") == "region"), None)
    meaning = (
        "Areas are doubly disadvantaged when they are in the most deprived national fifth and among those of the region's "
        "fifth of residents with the longest journeys to the last centre needed."
    )
    if region is None or number_of(region.get("people")) is None:
        return meaning
    without_car = number_of(region.get("no_car_households"))
    households = "" if without_car is None else f", with {count(without_car)} households without a car"
    return (
        f"{meaning} {count(region['people'])} residents live in such areas, {percent(region.get('people_share'))} of "
        f"the region's{households}."
    )


def _groups(results: Results) -> Section | None:
    rows = [row for row in records(results.tables.group_shares) if row.get("measure") == MEETS]
    if not rows:
        return None
    label = str(rows[0].get("label") or "")
    text = (
        "A group's share of the residents who meet the test, beside its share of all residents. The words go by the "
        f"difference: above by more than five points “large”, within five “moderate”, below “slight”; {label}."
    )
    return Section("groups", "Groups", (Paragraph(text), table(rows, evidence_layouts.GROUPS)))


def _inequality(results: Results) -> Section | None:
    rows = [
        {**row, "statistic": STATISTICS[str(row["statistic"])]}
        for row in records(results.tables.inequality)
        if row.get("statistic") in STATISTICS
    ]
    curves = results.tables.inequality_curves
    figures = inequality_figure(results, curves) if not curves.empty else ()
    blocks: tuple[Block, ...] = (*figures, *((table(rows, evidence_layouts.INEQUALITY),) if rows else ()))
    return Section("inequality", "Measures of inequality, for the analyst", blocks) if blocks else None
