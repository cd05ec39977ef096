"""Writes one layer as GeoPackage, GeoParquet, FlatGeobuf, GeoJSON, CSV or XLSX; the same content gives the same bytes.

Every file is written under a temporary name in the same folder and then renamed, so that no incomplete file is seen. The
description of a layer (title, text, columns, record, styles) is written into the file as far as its format allows, and
the rest into files next to it: see `side_files`.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from layers.columns import NO_NOTES, Notes, with_integers
from layers.errors import LayerError
from layers.geometries import WGS84
from layers.writing.files import plain_frame, write_ogr, written_whole
from layers.writing.geopackage import NamedLayer, write_geopackage
from layers.writing.layer_texts import LayerText
from layers.writing.spreadsheets import Sheet, formula_safe, write_workbook

_ARROW_TEXT = pd.StringDtype("pyarrow", na_value=np.nan)


class _Layer(NamedTuple):
    """A layer on its way to a file: counts of whole things are integers already."""

    frame: gpd.GeoDataFrame
    name: str
    notes: Notes
    text: LayerText


class _Format(NamedTuple):
    """A format: how a layer is written, and which parts of its description the file has no place for."""

    write: Callable[[Path, _Layer], object]  # writes under a temporary name, then renames
    beside: frozenset[str] = frozenset()  # of "style", "record" and "columns": the parts that stand in files beside it


def write_layer(
    path: Path, frame: gpd.GeoDataFrame, name: str = "", notes: Notes = NO_NOTES, layer_text: LayerText | None = None
) -> Path:
    """Write one layer in the format of the path's suffix; GeoJSON in WGS84 (RFC 7946), CSV and XLSX without geometry.

    `name` is the layer's name inside the file (by default the path's stem). `notes` define which columns are counts of
    whole things, and give column titles in formats that have them; `layer_text` is the layer's description in the file it
    comes from. Raises LayerError for other suffixes, LayerWriteError if the file can't be written.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise LayerError(f"{path.name}: layers are written as {', '.join(FORMATS)}, not '{suffix}'.")
    typed, text = with_integers(frame, notes), layer_text or LayerText()
    _FORMATS[suffix].write(path, _Layer(typed, name or path.stem, notes, text))
    return path


def side_files(path: Path, layer_text: LayerText) -> dict[Path, str]:
    """Path -> text of the files next to `path` with the parts of the description that its format can't contain.

    These are the default style where QGIS looks for it (.qml), the metadata record (.xml), and for CSV the title,
    description, licences and columns (.txt).
    """
    beside, texts = _FORMATS[path.suffix.lower()].beside, {}
    if "style" in beside and layer_text.styles:
        texts[path.with_suffix(".qml")] = layer_text.styles[0].qml
    if "record" in beside and layer_text.record:
        texts[path.with_suffix(".xml")] = layer_text.record
    if "columns" in beside and layer_text.lines():
        columns = [f"{column}: {text.description or text.title}" for column, text in layer_text.columns.items()]
        texts[path.with_suffix(".txt")] = "\n".join([*layer_text.lines(), "", "Columns", *columns]) + "\n"
    return texts


def _geopackage(path: Path, layer: _Layer) -> None:
    write_geopackage(path, [NamedLayer(layer.name, layer.frame, notes=layer.notes, layer_text=layer.text)])


def _geoparquet(path: Path, layer: _Layer) -> None:
    plain = plain_frame(layer.frame)
    texts = [column for column in plain.columns if plain[column].dtype == "str"]
    plain = plain.astype(dict.fromkeys(texts, _ARROW_TEXT))  # so that equal layers give equal bytes
    with written_whole(path) as partial:
        plain.to_parquet(partial, index=False, compression="zstd", write_covering_bbox=True)
        _explain_parquet(partial, layer.text)


def _flatgeobuf(path: Path, layer: _Layer) -> None:
    options = {"SPATIAL_INDEX": "YES"} | _titles(layer.text)
    with written_whole(path) as partial:
        write_ogr(partial, layer.frame, "FlatGeobuf", layer=layer.name, layer_options=options)


def _geojson(path: Path, layer: _Layer) -> None:
    options = {"RFC7946": "YES", "COORDINATE_PRECISION": "6"}
    with written_whole(path) as partial:
        write_ogr(partial, layer.frame.to_crs(WGS84), "GeoJSON", layer=layer.name, layer_options=options)
        _explain_geojson(partial, layer.text)


def _csv(path: Path, layer: _Layer) -> None:
    write_csv(path, _without_geometry(layer))


def _workbook(path: Path, layer: _Layer) -> None:
    title, *lines = layer.text.lines() or [layer.name]
    write_workbook(path, [Sheet(layer.name, _without_geometry(layer), layer.notes)], title, lines)


def _without_geometry(layer: _Layer) -> pd.DataFrame:
    return pd.DataFrame(plain_frame(layer.frame).drop(columns=layer.frame.geometry.name))


_MAP_FILE, _TABLE_FILE = frozenset({"style", "record"}), frozenset({"record", "columns"})
_FORMATS: Mapping[str, _Format] = {
    ".gpkg": _Format(_geopackage),
    ".parquet": _Format(_geoparquet, beside=_MAP_FILE),
    ".fgb": _Format(_flatgeobuf, beside=_MAP_FILE),
    ".geojson": _Format(_geojson, beside=_MAP_FILE),
    ".csv": _Format(_csv, beside=_TABLE_FILE),
    ".xlsx": _Format(_workbook),
}
FORMATS = tuple(_FORMATS)  # suffixes of the files that `write_layer` writes


def write_csv(path: Path, table: pd.DataFrame) -> Path:
    """Write a table as UTF-8 CSV without its index; text that a spreadsheet would run as a formula gets an apostrophe."""
    dtypes = zip(table.columns, table.dtypes, strict=True)
    texts = [column for column, dtype in dtypes if not pd.api.types.is_numeric_dtype(dtype)]
    formulas = [column for column in texts if any(map(_is_formula, set(table[column].tolist())))]
    escaped = {column: table[column].map(formula_safe, na_action="ignore") for column in formulas}
    safe = (table.assign(**escaped) if escaped else table).set_axis(
        [formula_safe(column) for column in table.columns], axis="columns"
    )
    with written_whole(path) as partial:
        safe.to_csv(partial, index=False, encoding="utf-8", lineterminator="\n")
    return path


def _is_formula(value: object) -> bool:
    return isinstance(value, str) and formula_safe(value) != value


def _titles(layer_text: LayerText) -> dict[str, str]:
    """GDAL's options for the title and description in the header of a FlatGeobuf."""
    words = {"TITLE": layer_text.title, "DESCRIPTION": layer_text.description}
    return {key: text for key, text in words.items() if text}


def _explain_parquet(path: Path, layer_text: LayerText) -> None:
    """Add title, description and record as metadata of the file, heading and description as metadata of each column."""
    words = {"title": layer_text.title, "description": layer_text.description, "iso_19139": layer_text.record}
    words = {key: text for key, text in words.items() if text}
    if not words:
        return
    table = pq.read_table(path)
    schema = table.schema.with_metadata({**(table.schema.metadata or {}), **words})
    for number, field in enumerate(schema):
        if field.name in layer_text.columns:
            text = layer_text.columns[field.name]
            metadata = {"title": text.heading, "description": text.description}
            schema = schema.set(number, field.with_metadata(metadata))
    pq.write_table(table.cast(schema), path, compression="zstd")


def _explain_geojson(path: Path, layer_text: LayerText) -> None:
    """Add title, description and columns as members next to the features, which RFC 7946 (section 6.1) allows."""
    words = {"title": layer_text.title, "description": layer_text.description}
    members = {key: text for key, text in words.items() if text}
    if not members:
        return
    columns = {
        name: {"title": text.heading, "description": text.description} for name, text in layer_text.columns.items()
    }
    added = "".join(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)},\n" for key, value in
                    {**members, **({"columns": columns} if columns else {})}.items())  # fmt: skip
    mark = '"features":'
    before, separator, after = path.read_text(encoding="utf-8").partition(mark)
    path.write_text(f"{before}{added}{separator}{after}", encoding="utf-8", newline="\n")
