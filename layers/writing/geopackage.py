"""Many layers in one GeoPackage that explains itself: styles, titles of columns, metadata, spatial indexes, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd

from layers.columns import NO_NOTES, Notes, with_integers
from layers.errors import LayerError
from layers.writing.explained import ColumnText, Explained, StyleText, explain
from layers.writing.files import fixed_time, replaced, write_ogr
from layers.writing.metadata import LayerMetadata, iso_xml
from layers.writing.styles import Style, qml_text, sld_text


class NamedLayer(NamedTuple):
    """One layer: its table name, its frame, a title for people, ways to draw it (the first by default), and what its
    columns and the whole are."""

    name: str
    frame: gpd.GeoDataFrame
    title: str = ""
    styles: Sequence[Style] = ()
    notes: Notes = NO_NOTES
    metadata: LayerMetadata | None = None
    said: Explained | None = None  # what another file says of it, in place of title, styles, notes' words and metadata


def write_geopackage(path: Path, layers: Sequence[NamedLayer]) -> Path:
    """Many layers in one GeoPackage, in their own CRS, with spatial indexes, column titles, metadata and styles.

    Raises LayerError for a layer without CRS or a repeated name, LayerWriteError where the file can't be written.
    """
    names = [layer.name for layer in layers]
    if len(set(names)) < len(names):
        raise LayerError(f"two layers of {path.name} have one name ({', '.join(names)}).")
    with replaced(path) as partial, fixed_time():
        explained = {layer.name: _explained(layer) for layer in layers}
        for layer in layers:
            title = explained[layer.name].title or layer.name
            options = {"IDENTIFIER": title, "SPATIAL_INDEX": "YES", "GEOMETRY_NAME": "geom"}
            frame = with_integers(layer.frame, layer.notes)
            write_ogr(partial, frame, "GPKG", layer=layer.name, append=partial.exists(), layer_options=options)
        explain(partial, explained)
    return path


def _explained(layer: NamedLayer) -> Explained:
    """What is said of the layer: as another file said it, else put together from notes, metadata and styles."""
    if layer.said is not None:
        return layer.said
    return Explained(
        layer.title or layer.name,
        layer.metadata.abstract if layer.metadata else "",
        {
            column: ColumnText(alias, layer.notes[column].title, layer.notes[column].description)
            for column, alias in all_aliases(layer).items()
        },
        iso_xml(layer.metadata, layer.frame) if layer.metadata else "",
        tuple(
            StyleText(style.name, qml_text(style, all_aliases(layer)), sld_text(style, layer.name))
            for style in layer.styles
        ),
    )


def aliases(columns: Iterable[str], notes: Notes) -> dict[str, str]:
    """Column -> its heading; one that two columns share is followed by the column's own name."""
    titles = {column: notes[column].heading for column in columns}
    shared = list(titles.values())
    return {column: f"{title} ({column})" if shared.count(title) > 1 else title for column, title in titles.items()}


def all_aliases(layer: NamedLayer) -> Mapping[str, str]:
    """Column -> title of every column that a note explains."""
    columns = [str(name) for name in (layer.frame.index.name, *layer.frame.columns) if name in layer.notes]
    return aliases(columns, layer.notes)
