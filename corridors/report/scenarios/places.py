"""Where residents gain and lose, which groups do, and by which measures."""

from dataclasses import replace

from corridors.report.blocks.tables import Record, records, table
from corridors.report.blocks.view import Absent, Block, Paragraph, Section
from corridors.report.blocks.wording import number_of, plural, signed, signed_points
from corridors.report.figures.scenario_maps import difference_map
from corridors.report.scenarios import layouts
from corridors.report.scenarios.facts import moves_nobody, places_moved, region_row
from corridors.scenario_results import ScenarioResults, less_is_a_gain

_WHO = "who gains and who loses"
_KINDS = {
    "district": "Districts",
    "corridor": "Corridors (proposed by this tool)",
    "pilot": "Town-centre pilots",
    "deprivation_fifth": "National fifths of deprivation",
}


def where(results: ScenarioResults) -> Section:
    """The section on places: the map of differences, then a table of each kind of place that moves."""
    blocks: list[Block] = list(difference_map(results))
    if moves_nobody(results):
        blocks.append(Absent("No place has anybody who gains, loses, enters or leaves the test."))
        return Section("where", "Where residents gain and lose", tuple(blocks), starts_page=True)
    overlap = (
        "Corridors and pilots overlap and share areas with districts, so their rows must not be added up. Places in which "
        "nothing changes are left out."
    )
    whole = {**region_row(results), "place": "Whole region"}
    parts = tuple(
        Section(f"where-{kind}", title, (table(rows, replace(layouts.PLACES, caption=f"{title}: {_WHO}"), [whole]),))
        for kind, title in _KINDS.items()
        if (rows := places_moved(results, kind))
    )
    return Section("where", "Where residents gain and lose", (*blocks, Paragraph(overlap)), parts, starts_page=True)


def groups(results: ScenarioResults) -> Section:
    """The section on groups of people."""
    rows = records(results.tables.groups)
    if not rows:
        text = "No group of people is known: the configuration gives neither deprivation nor people by group."
        return Section("groups", "Which groups gain", (Absent(text),))
    if moves_nobody(results):
        return Section("groups", "Which groups gain", (Absent("Nobody gains or loses, so no group does."),))
    if not any(number_of(row["gain_share"]) is not None for row in rows):
        text = "Nobody gains, so there is no gain of which groups have a share. Deprivation: national fifths of areas."
        return Section("groups", "Which groups lose", (Paragraph(text), table(rows, layouts.LOSSES)))
    text = (
        "A group's share of all person-minutes saved, beside its share of all people. The words go by the difference: above "
        f"by more than five points “large”, within five “moderate”, below “slight”; {rows[0]['label']}. Deprivation: national "
        "fifths of areas."
    )
    return Section("groups", "Which groups gain", (Paragraph(text), table(rows, layouts.GROUPS)))


def measures(results: ScenarioResults) -> Section:
    """The section on gains and losses by each measure of access."""
    rows = [measure_words(row) for row in records(results.tables.gainers_losers)]
    moved = [row for row in rows if row["people_gaining"] or row["people_losing"]]
    left_out = len(rows) - len(moved)
    if not moved:
        return Section("measures", "By each measure", (Absent("No measure of access changes for anybody."),))
    others = plural(left_out, "further measure changes", "further measures change")
    said = f" {others} for nobody." if left_out else ""
    text = f"A resident gains or loses by a measure where it changes by at least the smallest change counted.{said}"
    return Section("measures", "By each measure", (Paragraph(text), table(moved, layouts.MEASURES)))


def measure_words(row: Record) -> dict[str, object]:
    """A row of `gainers_losers` with the smallest change counted and its mean gain and loss in words, each in its unit."""
    unit, yes_or_no = str(row["unit"]), row["unit"] == "true/false"

    def said(value: object) -> str:
        if yes_or_no or not number_of(value):
            return "–"
        size, of = (signed_points, "points") if unit == "share 0-1" else (signed, _UNITS.get(unit, unit))
        return f"{size(value).lstrip('+')} {of}".strip()

    gained = "from yes to no" if less_is_a_gain(str(row["measure"])) else "from no to yes"
    least = gained if yes_or_no else _least(float(row["least_change"]), unit)
    return {**row, "least": least, "mean_gain_words": said(row["mean_gain"]), "mean_loss_words": said(row["mean_loss"])}


def _least(change: float, unit: str) -> str:
    """The smallest change counted in words; of things that come whole any change counts."""
    if unit == "share 0-1":
        return f"{100 * change:g} point{'' if 100 * change == 1 else 's'}"
    return f"{change:g} {unit}" if unit in {"min", "ha"} else "any"


_UNITS = {"count": "", "min": "min", "true/false": ""}
