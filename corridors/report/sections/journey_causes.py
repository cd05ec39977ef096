"""Causes why areas are out of reach: the parts by which residents' best journeys lose most time, by region and corridor."""

from collections.abc import Sequence

import pandas as pd

from corridors.landmarks import known_name
from corridors.report.blocks import evidence_layouts
from corridors.report.blocks.tables import NOT_COMPUTED, Record, records, table
from corridors.report.blocks.view import Absent, Block, Definitions, Paragraph, Section
from corridors.report.blocks.wording import number_of
from corridors.report.figures.plots import causes_figure
from corridors.results import Results

CAUSES = {
    "walk": "walking",
    "first_wait": "first wait",
    "distance": "riding far",
    "slow_service": "slow services",
    "change": "changing",
    "no_service": "no journey found",
}
MOST_JOURNEYS = 5


def failing(results: Results) -> Section:
    """The section on causes by place: a chart and a table."""
    kinds = ("region", "corridor")
    rows = [row for row in records(results.tables.failing_causes) if row.get("place_kind") in kinds]
    if not rows:
        return Section("failing", _TITLE, (Absent(f"Why areas are out of reach: {NOT_COMPUTED}."),))
    text = (
        "For each area out of reach, the journey to the last centre it would need is taken apart at the median "
        "departure: walking, the first wait, riding and changing. The cause counted is the one that takes most more "
        "than is usual for areas that meet the test. Riding counts as slow services where the journey would be in time if "
        "each of its rides took as long as the fastest ride of the timetable over that distance, in a straight line; else "
        "the centre is too far. It says where the time goes, not what would mend it."
    )
    shares = pd.DataFrame(rows).pivot_table(index="place", columns="cause", values="share", sort=False)
    drawn = shares.reindex(columns=[cause for cause in CAUSES if cause in shares]).rename(columns=CAUSES)
    shown = table(_by_place(rows), evidence_layouts.FAILING)
    return Section("failing", _TITLE, (Paragraph(text), causes_figure(results, drawn), shown))


def _by_place(rows: Sequence[Record]) -> list[dict[str, object]]:
    """One record per place: residents out of reach, and the share of them that each cause fails."""
    places: dict[str, dict[str, object]] = {}
    for row in rows:
        start = {"place": row["place"], "people_out_of_reach": row.get("people_out_of_reach")}
        places.setdefault(str(row["place_id"]), start)[str(row["cause"])] = row.get("share")
    return list(places.values())


_TITLE = "Why areas are out of reach"


def journeys(corridor: Record, missed: Sequence[Record]) -> tuple[Block, ...]:
    """Blocks on a corridor's causes of lost time, and on the journeys of its largest areas out of reach."""
    why = str(corridor.get("why_out_of_reach") or "").strip()
    explained = [row for row in missed if str(row.get("explanation") or "").strip()]
    largest = sorted(explained, key=lambda row: -(number_of(row.get("population")) or 0.0))[:MOST_JOURNEYS]
    pairs = tuple((_known_name(row), str(row["explanation"]).strip()) for row in largest)
    if not why and not pairs:
        return ()
    blocks: list[Block] = [Paragraph(why)] if why else []
    if pairs:
        heading = "The journeys of the areas with most residents among them, at the median departure:"
        blocks += [Paragraph(heading), Definitions(pairs)]
    return tuple(blocks)


def _known_name(zone: Record) -> str:
    return known_name(str(zone.get("name")), str(zone.get("near_place") or "").strip())
