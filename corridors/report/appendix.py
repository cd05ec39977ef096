"""The appendix: which zones each corridor holds, one by one."""

from corridors.report import layouts
from corridors.report.numbers import count, km, words
from corridors.report.overview import corridor_records, main_buffer_m
from corridors.report.places import belongs
from corridors.report.tables import NOT_COMPUTED, Record, records, table
from corridors.report.view import Absent, Block, Paragraph, Section
from corridors.results import Results


def zone_lists(results: Results) -> Section:
    """A table of zones for each corridor, by district and name."""
    zones = records(results.zones)
    rows = corridor_records(results)
    parts = tuple(_list(corridor, number, zones) for number, corridor in enumerate(rows, start=1))
    buffer_m = main_buffer_m(results)
    within = f"within {km(buffer_m)} of its line" if buffer_m is not None else "within its buffer"
    text = (
        f"A zone belongs to a corridor when its centre point lies {within}; it may belong to more than one. Names and "
        "codes are those of the zones that were read."
    )
    blocks: tuple[Block, ...] = (Paragraph(text),) if parts else (Absent(f"Zones of the corridors: {NOT_COMPUTED}."),)
    return Section("zones", "Appendix: zones of each corridor", blocks, parts, starts_page=True)


def _list(corridor: Record, number: int, zones: list[dict[str, object]]) -> Section:
    inside = [zone for zone in zones if belongs(zone.get("corridor_ids"), str(corridor["id"]))]
    ordered = sorted(inside, key=lambda zone: (words(zone.get("district_name")), words(zone.get("name"))))
    title = f"{corridor['name']}: {count(len(ordered))} zones"
    return Section(f"zones-{number}", title, (table(ordered, layouts.ZONE_LIST),))
