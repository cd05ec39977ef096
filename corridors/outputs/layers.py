"""Layers of a run for GIS: frames with titles, styles, column notes and metadata."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from corridors.catalogue.cutoff_names import outside_columns, outside_name, outside_table, worded_titles
from corridors.catalogue.scenario_columns import SCENARIO_LINES, SCENARIO_STOPS
from corridors.config.values import NOT_STATED
from corridors.outputs.scenario_layers import CHANGES, changes_styles, scenario_frames, scenario_notes
from corridors.outputs.styles import PLAIN, base_style, styles_of
from corridors.results import Provenance, Results
from corridors.version import VERSION
from layers import ColumnNote, LayerMetadata, NamedLayer, Notes, Style
from maps import LOOKS, BaseShape

_REGION_LAYERS: Mapping[str, str] = {
    "zones": "Zones",
    "districts": "Districts",
    "centres": "Strategic centres",
    "corridors": "Corridors (proposed by this tool)",
    "corridor_catchments": "Corridor catchments (proposed by this tool)",
    "pilots": "Town-centre pilots",
    "sites": "Employment and opportunity sites",
    "stops": "Stops with service",
    "network_links": "Public transport links",
}
_BASE_LAYERS: Mapping[str, tuple[BaseShape, str]] = {  # layer -> the shape of its features, title
    "base_places": ("point", "Base map: names of places"),
    "base_lines": ("line", "Base map: roads, rail and rivers"),
    "base_areas": ("area", "Base map: water, green and built-up land"),
}
LAYERS: Mapping[str, str] = {
    **_REGION_LAYERS,
    CHANGES: "Zones that a listed scenario moves",
    SCENARIO_LINES: "Lines of the listed scenarios, straight from stop to stop",
    SCENARIO_STOPS: "Stops of the lines of the listed scenarios, and other new stops",
    **{layer: title for layer, (_, title) in _BASE_LAYERS.items()},
}
DRAWN_FROM_TOP = (
    *("centres", "sites", SCENARIO_STOPS, SCENARIO_LINES, "corridors", "corridor_catchments", "pilots"),
    *("districts", "stops", "network_links", CHANGES, "base_places", "base_lines", "zones", "base_areas"),
)
# Thousands of stops and links hide the rest until one looks closer; scenarios are not what the run found.
HIDDEN_AT_FIRST = {"stops", "network_links", CHANGES, SCENARIO_LINES, SCENARIO_STOPS}
# Layer name -> field of Results.
_FRAMES = {"corridor_catchments": "catchments", "network_links": "links", **dict.fromkeys(_BASE_LAYERS, "base_map")}
_ABSTRACTS = {
    "zones": "What residents of each zone reach by public transport, leaving {hours}, with people, deprivation, skills and "
    "jobs of the zone.",
    "districts": "What the zones of each district add up to.",
    "centres": "The strategic centres, and how many residents live within the time limit of each.",
    "corridors": "Lines of the inclusive growth corridors as this tool draws them, with what the zones near them add up to. "
    "No official boundary exists.",
    "corridor_catchments": "Buffers of the corridors within which zones are counted by their points.",
    "pilots": "Circles of the town-centre pilots with counts; rates are withheld where there are too few zones or people.",
    "sites": "Employment land and opportunity sites. Jobs are their promoters' claims and must not be added up.",
    "stops": "Stops with service in the departure window.",
    "network_links": "Rides from a stop to the next one, drawn straight, with service and the best journeys that use them.",
    CHANGES: "Minutes saved and lost by each scenario that the configuration lists, made alone, at the middle of the timetables "
    "tried, {hours}; zones that none of them moves are left out.",
    SCENARIO_LINES: "Lines that the scenarios make, drawn straight from stop to stop: no alignment.",
    SCENARIO_STOPS: "Stops of the lines that the scenarios make, and every other stop that the run's timetable does not have.",
}
_NETWORK = {"stops", "network_links"}  # made from timetables and streets alone
_CAUTION = ColumnNote("What these figures may not be used for", "text")


def published_layers(results: Results) -> dict[str, NamedLayer]:
    """Every layer that has features, ready to be written, by its name."""
    layers = {one.name: one for one in (*_of_region(results), *_of_scenarios(results), *_of_base_map(results))}
    return {name: layers[name] for name in LAYERS if name in layers}


def _of_region(results: Results) -> Iterator[NamedLayer]:
    notes = notes_by_table(outside_table(worded_titles(results.dictionary, results.kpi.test), results.kpi.cutoff_min))
    main_buffer_m = float(results.corridors["buffer_m"].max()) if len(results.corridors) else 0.0
    for layer in _REGION_LAYERS:
        field = _FRAMES.get(layer, layer)
        frame: gpd.GeoDataFrame = getattr(results, field)
        if len(frame):
            styles = styles_of(layer, frame, main_buffer_m, results.kpi.test, results.measures)
            yield _published(results, layer, frame, styles, notes.get(field, {}))


def _of_scenarios(results: Results) -> Iterator[NamedLayer]:
    listed = results.listed
    if listed is None:
        return
    for layer, frame in scenario_frames(listed, results.zones).items():
        styles = changes_styles(listed, frame) if layer == CHANGES else (PLAIN[layer],)
        notes = {"caution": _CAUTION, **scenario_notes(layer, listed, frame)}
        yield _published(results, layer, frame, styles, notes)


def _of_base_map(results: Results) -> Iterator[NamedLayer]:
    base = results.base_map
    if base is None:
        return
    notes, number = notes_by_table(results.dictionary).get("base_map", {}), {key: i for i, key in enumerate(LOOKS, 1)}
    for layer, (shape, title) in _BASE_LAYERS.items():
        frame = base.of_shape(shape)
        if len(frame):
            ranked = frame.assign(rank=[number[key] for key in zip(frame["kind"], frame["class"], strict=True)])
            one = _published(results, layer, ranked, (base_style(shape, title, ranked),), notes)
            yield one._replace(metadata=_base_metadata(results, title, base.credit.rstrip(".")))


def _published(
    results: Results, layer: str, frame: gpd.GeoDataFrame, styles: tuple[Style, ...], notes: Notes
) -> NamedLayer:
    """One layer with its metadata; the run's caution stands in a column, the title and the metadata."""
    caution, minutes = results.region.caution, results.kpi.cutoff_min
    title = f"{LAYERS[layer]}. {caution}" if caution else LAYERS[layer]
    return NamedLayer(
        name=layer,
        frame=outside_columns(frame.assign(caution=caution) if caution else frame, minutes),
        title=title,
        styles=tuple(replace(style, column=outside_name(style.column, minutes)) for style in styles),
        notes=notes,
        metadata=None if layer in _BASE_LAYERS else _metadata(results, layer),
    )


def notes_of(dictionary: pd.DataFrame, layer: str) -> Notes:
    """The notes of a published layer's columns, from a run's dictionary."""
    return notes_by_table(dictionary).get(_FRAMES.get(layer, layer), {})


def notes_by_table(dictionary: pd.DataFrame) -> dict[str, dict[str, ColumnNote]]:
    """Table -> the notes of its columns, from a run's dictionary."""
    notes: dict[str, dict[str, ColumnNote]] = {}
    if "table" not in dictionary:
        return notes
    columns = (dictionary[name].tolist() for name in ("table", "column", "title", "unit", "source", "vintage"))
    for table, column, *note in zip(*columns, strict=True):
        notes.setdefault(table, {"caution": _CAUTION})[str(column)] = ColumnNote(*map(str, note))
    return notes


def _metadata(results: Results, layer: str) -> LayerMetadata:
    region, hours = results.region, results.kpi.hours or "in the window searched"
    inputs = [
        item for item in results.provenance if layer not in _NETWORK or item.geography in {"stops", "street junctions"}
    ]
    licences = dict.fromkeys(f"{one.source}: {one.licence}" for one in inputs if one.licence != NOT_STATED)
    return LayerMetadata(
        title=f"{LAYERS[layer]}: {region.name}",
        abstract=f"{_ABSTRACTS[layer].format(hours=hours)} {region.name}: {region.note}. Timetable of {results.date}, "
        "not observed times.",
        lineage=(f"Computed by corridors {VERSION} from:", *map(_lineage, inputs)),
        licences=tuple(licences),
        keywords=("accessibility", "public transport", "deprivation", region.name),
        vintage=results.date,
        topic="transportation" if layer in {"zones", *_NETWORK} else "planningCadastre",
        caution=region.caution,
    )


def _base_metadata(results: Results, title: str, credit: str) -> LayerMetadata:
    region = results.region
    return LayerMetadata(
        title=f"{title}: {region.name}",
        abstract=f"For orientation: simplified by some metres and cut round the zones of {region.name}. {credit}.",
        lineage=(f"Simplified by corridors {VERSION} from: {credit}",),
        licences=(credit,),
        keywords=("base map", region.name),
        vintage=results.date,
        topic="imageryBaseMapsEarthCover",
        caution=region.caution,
    )


def _lineage(item: Provenance) -> str:
    return f"{item.title} ({item.geography}; {item.vintage}): {item.source}. {item.file}, SHA-256 {item.sha256[:12]}"
