"""The web map of a scenario: the region before and after on one page, with the lines that the scenario makes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np

from corridors.catalogue.measures import PEOPLE
from corridors.catalogue.place_kinds import PLACE_KINDS
from corridors.config.values import NOT_STATED
from corridors.scenario_results import ScenarioResults
from corridors.webmap.indicators import named_outside, with_words
from corridors.webmap.landmarks import base_layers
from corridors.webmap.layer_styles import CORRIDORS_OF_BOTH_RUNS, DISTRICTS, FIGURES, card_fields, map_layers
from corridors.webmap.pairs import Sides, paired_zones
from maps import SECOND_RUN, Indicator, MapContent, MapLayer, ZoneNote, draw_map, scale_for

BEFORE, AFTER = "Base", "Scenario"
SIDES = Sides("Change by the scenario", "in the base", "with the scenario")
NOTES: Mapping[str, str] = {"explanation": "The journey before", "explanation_after": "The journey after"}
_LAYERS = {
    "districts": "district",
    "corridors": "corridor",
    "pilots": "pilot",
    "centres": "",
}  # layer -> kind of places


def render_scenario_map(results: ScenarioResults) -> str:
    """The map as one HTML page that asks the network for nothing; its first view is coloured by the minutes saved and lost."""
    kpi, region = results.base, results.region
    test = f"{kpi.definition['centres_at_least']} or more strategic centres within {kpi.test.limit_words}"
    zones, indicators = _zones(results)
    frames = {**dict(_layers(results)), **base_layers(zones, zones.iloc[:0], results.base_map)}
    has_corridors = len(results.places["corridors"]) > 0
    content = MapContent(
        title=f"Scenario: {results.title}",
        zones=zones,
        indicators=indicators,
        caution=region.caution,
        headline=(
            f"{100 * kpi.share:.1f} % of residents can reach {test} in the base, {100 * results.scenario.share:.1f} % with the "
            f"scenario ({region.note})"
        ),
        date=f"{kpi.definition['day']}, {kpi.definition['window']}; timetable times",
        layers=tuple(map(_at_first, map_layers(frames, kpi.test, results.measures))),
        parts=DISTRICTS,
        notes=tuple(ZoneNote(column, title) for column, title in NOTES.items() if column in zones),
        attributions=tuple(
            dict.fromkeys(f"{one.source} ({one.licence})" for one in results.provenance if one.source != NOT_STATED)
        ),
        base_credit=results.base_map.credit if results.base_map else "",
        runs=(BEFORE, AFTER),
        run_table=replace(CORRIDORS_OF_BOTH_RUNS, title="Corridors before and after") if has_corridors else None,
        test=kpi.test,
        codes=not region.illustrative,
    )
    return draw_map(content)


def _zones(results: ScenarioResults) -> tuple[gpd.GeoDataFrame, tuple[Indicator, ...]]:
    """The zones named as in outputs: what changed first, then what was before and after, in the same classes."""
    compared = [str(name).removesuffix("_base") for name in results.zones if str(name).endswith("_base")]
    base = results.places["zones"]
    people = [
        one.column for one in results.measures if one.on_map and one.on_map.group == PEOPLE and one.column in base
    ]
    named = [column for column in ("name", "near_place", "district_name") if column in base]
    before = gpd.GeoDataFrame(base[[*named, *people, "geometry"]]).assign(
        **{name: results.zones[f"{name}_base"] for name in compared}
    )
    after = before.assign(**{name: results.zones[name] for name in compared})
    centres = results.places["centres"]["name"]
    zones, pairs = paired_zones(
        with_words(before), with_words(after), centres, SIDES, results.base.test, results.measures
    )
    first = _minutes_saved(results)
    changes = [one for one in pairs if one.group == SIDES.group]
    ordered = (first, *changes, *(one for one in pairs if one.group != SIDES.group))
    whole = zones.assign(**{first.column: results.minutes_saved, "explanation_after": results.zones["explanation"]})
    return named_outside(whole, ordered, results.base.cutoff_min)


def _minutes_saved(results: ScenarioResults) -> Indicator:
    note = (
        "To the last centre needed, at the median departure. Less than a minute counts as no change; a centre that is not "
        "reached counts with the longest time searched. Losses are hatched."
    )
    scale = scale_for(results.minutes_saved, "change", "min")
    return Indicator(
        "minutes_saved", "Minutes saved and lost", "change", "min", SIDES.group, note=note, in_table=True, scale=scale
    )


def _at_first(layer: MapLayer) -> MapLayer:
    """The layer as it is shown at first: without the corridors, which would cover the lines of the scenario."""
    return replace(layer, style=replace(layer.style, shown=False)) if layer.ident == "corridors" else layer


def _layers(results: ScenarioResults) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """The places of the base, with their figures before and after, and the lines and stops of the scenario."""
    for name, kind in _LAYERS.items():
        frame = results.places[name]
        if len(frame):
            yield name, _beside(results, name, frame, kind) if kind in PLACE_KINDS else frame
    lines, stops = results.lines, results.stops
    if len(lines):
        yield "scenario_lines", lines.assign(name=lines["number"], scenario=results.title)
    if len(stops):
        yield "scenario_stops", stops.assign(new=np.where(stops["new"], "yes", "no"))


def _beside(results: ScenarioResults, layer: str, frame: gpd.GeoDataFrame, kind: str) -> gpd.GeoDataFrame:
    """Places with the figures of their cards after the scenario beside those before."""
    table = results.tables.by_place
    rows = table[table["place_kind"] == kind].set_index("place_id")
    figures = [one.column for one in card_fields(layer, results.measures) if one.kind in FIGURES and one.column in rows]
    after = {f"{name}{SECOND_RUN}": rows[name].reindex(frame.index) for name in figures if name in frame}
    return frame.assign(**after)
