"""Writes several layers into one GeoPackage, with styles, column titles, metadata and spatial indexes."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd

from layers.columns import NO_NOTES, Notes, with_integers
from layers.errors import LayerError
from layers.writing.files import fixed_time, write_ogr, written_whole
from layers.writing.layer_texts import ColumnText, LayerText, StyleText, write_layer_texts
from layers.writing.metadata import LayerMetadata, iso_xml
from layers.writing.styles import Style, qml_text, sld_text


class NamedLayer(NamedTuple):
    """One layer to write: table name, frame, title, styles (the first is the default), column notes and metadata."""

    name: str
    frame: gpd.GeoDataFrame
    title: str = ""
    styles: Sequence[Style] = ()
    notes: Notes = NO_NOTES
    metadata: LayerMetadata | None = None
    layer_text: LayerText | None = (
        None  # its description in another file, used instead of title, styles, notes and metadata
    )


def write_geopackage(path: Path, layers: Sequence[NamedLayer]) -> Path:
    """Write layers into one GeoPackage, each in its own CRS, with spatial indexes, column titles, metadata and styles.

    Raises LayerError for a layer without CRS or a repeated name, LayerWriteError if the file can't be written.
    """
    names = [layer.name for layer in layers]
    if len(set(names)) < len(names):
        raise LayerError(f"two layers of {path.name} have one name ({', '.join(names)}).")
    with written_whole(path) as partial, fixed_time():
        texts = {layer.name: _layer_text(layer) for layer in layers}
        for layer in layers:
            title = texts[layer.name].title or layer.name
            options = {"IDENTIFIER": title, "SPATIAL_INDEX": "YES", "GEOMETRY_NAME": "geom"}
            frame = with_integers(layer.frame, layer.notes)
            write_ogr(partial, frame, "GPKG", layer=layer.name, append=partial.exists(), layer_options=options)
        write_layer_texts(partial, texts)
    return path


def _layer_text(layer: NamedLayer) -> LayerText:
    """The description of the layer: that of another file if given, else made from notes, metadata and styles."""
    if layer.layer_text is not None:
        return layer.layer_text
    titles = all_aliases(layer)
    return LayerText(
        layer.title or layer.name,
        layer.metadata.abstract if layer.metadata else "",
        {
            column: ColumnText(alias, layer.notes[column].title, layer.notes[column].description)
            for column, alias in titles.items()
        },
        iso_xml(layer.metadata, layer.frame) if layer.metadata else "",
        tuple(StyleText(style.name, qml_text(style, titles), sld_text(style, layer.name)) for style in layer.styles),
    )


def aliases(columns: Iterable[str], notes: Notes) -> dict[str, str]:
    """Column -> its heading, followed by the column's name if two columns have the same heading."""
    titles = {column: notes[column].heading for column in columns}
    shared = list(titles.values())
    return {column: f"{title} ({column})" if shared.count(title) > 1 else title for column, title in titles.items()}


def all_aliases(layer: NamedLayer) -> Mapping[str, str]:
    """Column -> heading of all columns of a layer that have a note."""
    columns = [str(name) for name in (layer.frame.index.name, *layer.frame.columns) if name in layer.notes]
    return aliases(columns, layer.notes)
