"""The web map of a run: which indicators and layers of `Results` it shows, and in which words."""

from collections.abc import Iterator

from corridors.config import NOT_STATED
from corridors.dictionary import meaning_of
from corridors.results import Results
from maps.content import Indicator, MapContent
from maps.styles import Kind
from maps.web import draw_map

_CONTEXT: tuple[tuple[str, Kind, str, str], ...] = (
    ("imd_decile", "decile", "decile", "Deprivation (1 = most deprived)"),
    ("level4_share", "share", "of residents", "Level 4+ qualifications"),
    ("no_car_share", "share", "of households", "Households without a car"),
    ("income_rate", "share", "of people", "Income deprivation"),
)
_OPPORTUNITY: tuple[tuple[str, Kind, str, str], ...] = (
    ("jobs_within_45", "number", "jobs", "Jobs within 45 minutes"),
    ("employment_ha_within_45", "number", "ha", "Employment land within 45 minutes"),
)


def render_map(results: Results) -> str:
    """One HTML file with the zones, every indicator and every layer of the run; it asks the network for nothing."""
    kpi, region = results.kpi, results.region
    test = (
        f"{kpi.definition['centres_at_least']} or more strategic centres within {kpi.definition['cutoff_min']} minutes"
    )
    layers = ("districts", "centres", "corridors", "catchments", "pilots", "sites", "stops", "links")
    content = MapContent(
        title=f"Inclusive growth corridors: {region.name}",
        zones=results.zones,
        indicators=tuple(_indicators(results)),
        caution=region.caution,
        headline=f"{kpi.share:.1%} of residents can reach {test} ({region.note})",
        date=f"{kpi.definition['day']}, {kpi.definition['window']}; timetable times",
        layers={name: getattr(results, name) for name in layers},
        attributions=tuple(
            dict.fromkeys(f"{item.source} ({item.licence})" for item in results.provenance if item.source != NOT_STATED)
        ),
    )
    return draw_map(content)


def _indicators(results: Results) -> Iterator[Indicator]:
    where = {row.column: row for row in results.dictionary[results.dictionary["table"] == "zones"].itertuples()}

    def indicator(column: str, title: str, kind: Kind, unit: str, group: str, in_table: bool = False) -> Indicator:
        row = where.get(column)
        source, vintage = (str(row.source), str(row.vintage)) if row else ("", "")
        return Indicator(column, title, kind, unit, group, source, vintage, meaning_of(column).title + ".", in_table)

    yield indicator(
        "centres_within_45", "Strategic centres within 45 minutes", "centres", "centres", "Access", in_table=True
    )
    yield indicator("meets_kpi", "Meets the headline's test", "flag", "", "Access", in_table=True)
    yield indicator("minutes_to_nearest", "Minutes to the nearest centre", "minutes", "min", "Access", in_table=True)
    yield indicator("near_but_disconnected", "Near but disconnected", "flag", "", "Access")
    for centre, name in results.centres["name"].items():
        yield indicator(f"minutes_to_{centre}", f"Minutes to {name}", "minutes", "min", "Minutes to a centre")
    for group, rows in (("Opportunity", _OPPORTUNITY), ("People and places", _CONTEXT)):
        for column, kind, unit, title in rows:
            if column in results.zones and results.zones[column].notna().any():
                yield indicator(column, title, kind, unit, group, in_table=column in {"imd_decile", "no_car_share"})
    yield indicator("population", "Residents", "number", "people", "People and places", in_table=True)
    for dimension in ("need", "opportunity", "connectivity"):
        if results.zones[dimension].notna().any():
            yield indicator(dimension, dimension.capitalize(), "score", "0-100", "Scores")
