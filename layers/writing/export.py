"""One layer written for GIS: GeoPackage, GeoParquet, FlatGeobuf, GeoJSON, CSV or XLSX; same content, same bytes.

Every file is written under a temporary name beside its place and then renamed, so no half-written file is ever found.
What explains a layer (title, description, columns, record, styles) goes into the file where its format has a place for
it, and into files beside it where it has none: see `side_files`.
"""

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq

from layers.columns import NO_NOTES, Notes, with_integers
from layers.errors import LayerError
from layers.geometries import WGS84
from layers.writing.explained import Explained
from layers.writing.files import plain_frame, replaced, write_ogr
from layers.writing.geopackage import NamedLayer, write_geopackage
from layers.writing.spreadsheets import Sheet, inert, write_workbook

FORMATS = (".gpkg", ".parquet", ".fgb", ".geojson", ".csv", ".xlsx")


def write_layer(
    path: Path, frame: gpd.GeoDataFrame, name: str = "", notes: Notes = NO_NOTES, said: Explained | None = None
) -> Path:
    """One layer in the format of the path's suffix; GeoJSON in WGS84 as RFC 7946 asks, CSV and XLSX without geometry.

    `name` is the layer's name inside the file (the path's stem when empty). `notes` say which columns count whole
    things, and become column titles where a format has them; `said` is what the file that the layer comes from says of it.
    """
    suffix, layer = path.suffix.lower(), name or path.stem
    if suffix not in FORMATS:
        raise LayerError(f"{path.name}: layers are written as {', '.join(FORMATS)}, not '{suffix}'.")
    if suffix == ".gpkg":
        return write_geopackage(path, [NamedLayer(layer, frame, notes=notes, said=said)])
    typed, words = with_integers(frame, notes), said or Explained()
    if suffix in {".csv", ".xlsx"}:
        table = pd.DataFrame(plain_frame(typed).drop(columns=frame.geometry.name))
        if suffix == ".csv":
            return write_csv(path, table)
        title, *lines = words.lines() or [layer]
        return write_workbook(path, [Sheet(layer, table, notes)], title, lines)
    with replaced(path) as partial:
        if suffix == ".parquet":
            plain_frame(typed).to_parquet(partial, index=False, compression="zstd", write_covering_bbox=True)
            _explain_parquet(partial, words)
        elif suffix == ".fgb":
            options = {"SPATIAL_INDEX": "YES"} | _titles(words)
            write_ogr(partial, typed, "FlatGeobuf", layer=layer, layer_options=options)
        else:
            options = {"RFC7946": "YES", "COORDINATE_PRECISION": "6"}
            write_ogr(partial, typed.to_crs(WGS84), "GeoJSON", layer=layer, layer_options=options)
            _explain_geojson(partial, words)
    return path


def side_files(path: Path, said: Explained) -> dict[Path, str]:
    """Path -> text of what the format of `path` has no place for.

    The default style as QGIS looks for it (.qml), the record (.xml), and for a table without any place for words its title,
    description, licences and columns (.txt).
    """
    suffix, found = path.suffix.lower(), {}
    if suffix in {".parquet", ".fgb", ".geojson"} and said.styles:
        found[path.with_suffix(".qml")] = said.styles[0].qml
    if suffix in {".parquet", ".fgb", ".geojson", ".csv"} and said.record:
        found[path.with_suffix(".xml")] = said.record
    if suffix == ".csv" and said.lines():
        columns = [f"{column}: {text.description or text.title}" for column, text in said.columns.items()]
        found[path.with_suffix(".txt")] = "\n".join([*said.lines(), "", "Columns", *columns]) + "\n"
    return found


def write_csv(path: Path, table: pd.DataFrame) -> Path:
    """A table as UTF-8 CSV without its index; text a spreadsheet would run as a formula gets a leading apostrophe."""
    safe = table.rename(columns=inert)
    for column in safe.columns[[not pd.api.types.is_numeric_dtype(dtype) for dtype in safe.dtypes]]:
        safe[column] = safe[column].map(inert, na_action="ignore")
    with replaced(path) as partial:
        safe.to_csv(partial, index=False, encoding="utf-8", lineterminator="\n")
    return path


def _titles(said: Explained) -> dict[str, str]:
    """What GDAL writes into a FlatGeobuf's header."""
    words = {"TITLE": said.title, "DESCRIPTION": said.description}
    return {key: text for key, text in words.items() if text}


def _explain_parquet(path: Path, said: Explained) -> None:
    """Title, description and record as metadata of the file, heading and description as metadata of each column."""
    words = {"title": said.title, "description": said.description, "iso_19139": said.record}
    words = {key: text for key, text in words.items() if text}
    if not words:
        return
    table = pq.read_table(path)
    schema = table.schema.with_metadata({**(table.schema.metadata or {}), **words})
    for number, field in enumerate(schema):
        if field.name in said.columns:
            text = said.columns[field.name]
            told = {"title": text.heading, "description": text.description}
            schema = schema.set(number, field.with_metadata(told))
    pq.write_table(table.cast(schema), path, compression="zstd")


def _explain_geojson(path: Path, said: Explained) -> None:
    """Title, description and columns as members beside the features, which RFC 7946 (section 6.1) allows."""
    words = {"title": said.title, "description": said.description}
    members = {key: text for key, text in words.items() if text}
    if not members:
        return
    columns = {name: {"title": text.heading, "description": text.description} for name, text in said.columns.items()}
    added = "".join(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)},\n" for key, value in
                    {**members, **({"columns": columns} if columns else {})}.items())  # fmt: skip
    mark = '"features":'
    before, found, after = path.read_text(encoding="utf-8").partition(mark)
    path.write_text(f"{before}{added}{found}{after}", encoding="utf-8", newline="\n")
