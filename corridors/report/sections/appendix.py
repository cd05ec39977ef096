"""The appendix: which zones each corridor holds, one by one."""

from dataclasses import replace

from corridors.report.blocks import layouts
from corridors.report.blocks.membership import belongs
from corridors.report.blocks.tables import NOT_COMPUTED, Layout, Record, records, table, titled, worded
from corridors.report.blocks.view import Absent, Block, Paragraph, Section
from corridors.report.blocks.wording import km, plural, words
from corridors.report.sections.overview import corridor_records, main_buffer_m
from corridors.results import Results


def zone_lists(results: Results) -> Section:
    """A table of zones for each corridor, by district and name."""
    zones = records(results.zones)
    rows = corridor_records(results)
    parts = tuple(_list(results, corridor, number, zones) for number, corridor in enumerate(rows, start=1))
    buffer_m = main_buffer_m(results)
    within = f"within {km(buffer_m)} of its line" if buffer_m is not None else "within its buffer"
    text = (
        f"A zone belongs to a corridor when its centre point lies {within}; it may belong to more than one. Names and "
        "codes are those of the zones that were read."
    )
    blocks: tuple[Block, ...] = (Paragraph(text),) if parts else (Absent(f"Zones of the corridors: {NOT_COMPUTED}."),)
    return Section("zones", "Appendix: zones of each corridor", blocks, parts, starts_page=True)


def _list(results: Results, corridor: Record, number: int, zones: list[dict[str, object]]) -> Section:
    inside = [zone for zone in zones if belongs(zone.get("corridor_ids"), str(corridor["id"]))]
    ordered = sorted(inside, key=lambda zone: (words(zone.get("district_name")), words(zone.get("name"))))
    title = f"{corridor['name']}: {plural(len(ordered), 'zone', 'zones')}"
    return Section(f"zones-{number}", title, (table(ordered, titled(worded(_layout(ordered), results), corridor)),))


def _layout(zones: list[dict[str, object]]) -> Layout:
    """Layout of the zones, without the district where every zone's name begins with it, as names of output areas do."""
    if not all(words(zone.get("name")).startswith(words(zone.get("district_name"))) for zone in zones):
        return layouts.ZONE_LIST
    columns = tuple(column for column in layouts.ZONE_LIST.columns if column.name != "district_name")
    return replace(layouts.ZONE_LIST, columns=columns)
