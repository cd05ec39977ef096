"""Layers of a scenario for GIS: zones before and after, new lines and stops, with styles in the web map's colours."""

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd

from corridors.catalogue.cutoff_names import outside_columns, outside_name
from corridors.catalogue.scenario_columns import SCENARIO_LINES, SCENARIO_STOPS
from corridors.outputs.scenario_layers import notes_of_columns
from corridors.outputs.styles import PLAIN, in_classes, minutes_saved_styles
from corridors.scenario_results import ScenarioResults
from corridors.version import VERSION
from layers import (
    ColumnNote,
    LayerMetadata,
    NamedLayer,
    Style,
    write_geopackage,
    write_layer,
    write_qgis_project,
)
from maps import scale_for

ZONES = "scenario_zones"
_TITLES = {
    ZONES: "Zones before and after",
    SCENARIO_LINES: "Lines that the scenario makes, straight from stop to stop",
    SCENARIO_STOPS: "Stops of the lines that the scenario makes, and other new stops",
}
_FROM_TOP = (SCENARIO_STOPS, SCENARIO_LINES, ZONES)
_ABSTRACTS = {
    ZONES: "What residents of each zone reach before and after the scenario, and the change. Timetable times, not observed.",
    SCENARIO_LINES: "Lines that the scenario makes, drawn straight from stop to stop: no alignment.",
    SCENARIO_STOPS: "Stops of the lines that the scenario makes, and every other stop that the base does not have.",
}
_SAVED_TITLE = "Minutes saved and lost to the last centre needed"


def write_layers(results: ScenarioResults, folder: Path) -> None:
    """Make the folder and write the GeoPackage, its QGIS project and the zones as GeoParquet into it."""
    folder.mkdir()
    layers = {layer.name: layer for layer in _layers(results)}
    write_geopackage(folder / "scenario.gpkg", list(layers.values()))
    caution = f". {results.region.caution}" if results.region.caution else ""
    drawn = [layers[name] for name in _FROM_TOP if name in layers]
    write_qgis_project(folder / "scenario.qgs", "scenario.gpkg", drawn, f"{results.title}{caution}")
    zones = layers[ZONES]
    write_layer(folder / f"{ZONES}.parquet", zones.frame, ZONES, zones.notes)


def notes_of_zones(results: ScenarioResults) -> dict[str, ColumnNote]:
    """Notes of the zones' columns, which are named as in the code."""
    rows = results.dictionary.itertuples(index=False, name=None)
    return {str(column): ColumnNote(str(title), str(unit)) for column, title, unit in rows}


def _layers(results: ScenarioResults) -> Iterator[NamedLayer]:
    """The layers that have features."""
    zones = results.zones.reset_index(names="zone_id")
    frames = {ZONES: zones, SCENARIO_LINES: results.lines, SCENARIO_STOPS: results.stops}
    caution, minutes = results.region.caution, results.base.cutoff_min
    for name, frame in frames.items():
        if not len(frame):
            continue
        noted = frame.assign(caution=caution) if caution else frame
        title = f"{_TITLES[name]}: {results.title}"
        notes = {outside_name(column, minutes): note for column, note in notes_of_zones(results).items()}
        yield NamedLayer(
            name,
            gpd.GeoDataFrame(outside_columns(noted, minutes)),
            title,
            styles=tuple(_zone_styles(results)) if name == ZONES else (PLAIN[name],),
            notes=notes if name == ZONES else notes_of_columns(name, noted),
            metadata=_metadata(results, name),
        )


def _zone_styles(results: ScenarioResults) -> Iterator[Style]:
    """Minutes saved and lost, then each measure that a run has a style of: before and after in the same classes."""
    yield from minutes_saved_styles(results.zones, {"minutes_saved": _SAVED_TITLE})
    test, minutes, zones = results.base.test, results.base.cutoff_min, results.zones
    for one in results.measures:
        columns = (f"{one.column}_base", one.column)
        if not (one.gis_style and one.on_map and set(columns) <= set(zones)):
            continue
        both = pd.concat([zones[column] for column in columns])
        if both.notna().any():
            scale = scale_for(both, one.on_map.kind, test=one.on_map.test_of_colours(test))
            for column, when in zip(columns, ("before", "after"), strict=True):
                yield in_classes(outside_name(column, minutes), f"{test.worded(one.title)}, {when}", "polygon", scale)


def _metadata(results: ScenarioResults, layer: str) -> LayerMetadata:
    lineage = [
        f"{item.title} ({item.vintage}): {item.source}. {item.file}, SHA-256 {item.sha256[:12]}"
        for item in results.provenance
    ]
    return LayerMetadata(
        title=f"{_TITLES[layer]}: {results.title}",
        abstract=f"{_ABSTRACTS[layer]} {results.region.name}: {results.region.note}.",
        lineage=(f"Computed by corridors {VERSION} from:", *lineage),
        licences=tuple(dict.fromkeys(f"{one.source}: {one.licence}" for one in results.provenance)),
        keywords=("accessibility", "public transport", "scenario", results.region.name),
        vintage=results.date,
        caution=results.region.caution,
    )
