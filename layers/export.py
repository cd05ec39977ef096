"""Layers written for GIS: GeoPackage with styles, GeoParquet, FlatGeobuf, GeoJSON and CSV; same content, same bytes.

Every file is written under a temporary name beside its place and then renamed, so no half-written file is ever found.
"""

import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import pyogrio
import pyogrio.errors
import shapely

from layers.errors import LayerError, LayerWriteError
from layers.geometries import WGS84

# GeoPackage wants a "last change" and styles a time; the real ones would make every run's bytes differ. The time of a
# run stands in its manifest.
_FIXED_TIME = "2000-01-01T00:00:00.000Z"
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
FORMATS = (".gpkg", ".parquet", ".fgb", ".geojson", ".csv")


class NamedLayer(NamedTuple):
    """One layer of a GeoPackage: its table name, its frame, a title for people, and a QML style ("" = none)."""

    name: str
    frame: gpd.GeoDataFrame
    title: str = ""
    qml: str = ""


def write_geopackage(path: Path, layers: Sequence[NamedLayer]) -> Path:
    """Many layers in one GeoPackage, in their own CRS, with spatial indexes and QGIS's `layer_styles` table.

    Raises LayerError for a layer without CRS or a repeated name, LayerWriteError where the file can't be written.
    """
    names = [layer.name for layer in layers]
    if len(set(names)) < len(names):
        raise LayerError(f"two layers of {path.name} have one name ({', '.join(names)}).")
    with replaced(path) as partial, _fixed_time():
        for layer in layers:
            options = {"IDENTIFIER": layer.title or layer.name, "SPATIAL_INDEX": "YES", "GEOMETRY_NAME": "geom"}
            _write_ogr(partial, layer.frame, "GPKG", layer=layer.name, append=partial.exists(), layer_options=options)
        _add_styles(partial, [layer for layer in layers if layer.qml])
    return path


def write_layer(path: Path, frame: gpd.GeoDataFrame, name: str = "") -> Path:
    """One layer in the format of the path's suffix; GeoJSON in WGS84 as RFC 7946 asks, CSV without geometry.

    `name` is the layer's name inside the file (the path's stem when empty).
    """
    suffix, layer = path.suffix.lower(), name or path.stem
    if suffix not in FORMATS:
        raise LayerError(f"{path.name}: layers are written as {', '.join(FORMATS)}, not '{suffix}'.")
    if suffix == ".gpkg":
        return write_geopackage(path, [NamedLayer(layer, frame)])
    if suffix == ".csv":
        return write_csv(path, pd.DataFrame(_plain(frame).drop(columns=frame.geometry.name)))
    with replaced(path) as partial:
        if suffix == ".parquet":
            _plain(frame).to_parquet(partial, index=False, compression="zstd", write_covering_bbox=True)
        elif suffix == ".fgb":
            _write_ogr(partial, frame, "FlatGeobuf", layer=layer, layer_options={"SPATIAL_INDEX": "YES"})
        else:
            options = {"RFC7946": "YES", "COORDINATE_PRECISION": "6"}
            _write_ogr(partial, frame.to_crs(WGS84), "GeoJSON", layer=layer, layer_options=options)
    return path


def write_csv(path: Path, table: pd.DataFrame) -> Path:
    """A table as UTF-8 CSV without its index; text a spreadsheet would run as a formula gets a leading apostrophe."""
    safe = table.rename(columns=_inert)
    for column in safe.columns[[not pd.api.types.is_numeric_dtype(dtype) for dtype in safe.dtypes]]:
        safe[column] = safe[column].map(_inert, na_action="ignore")
    with replaced(path) as partial:
        safe.to_csv(partial, index=False, encoding="utf-8", lineterminator="\n")
    return path


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A temporary name beside `path`, renamed to it when the block ends well and removed when it does not.

    Raises LayerWriteError when the folder is missing or not writable, or the disk is full.
    """
    partial = path.with_name(f".{path.stem}.partial{path.suffix}")
    journal = partial.with_name(f"{partial.name}-journal")  # a killed run's journal would be played into the new file
    try:
        partial.unlink(missing_ok=True)
        journal.unlink(missing_ok=True)
        yield partial
        partial.replace(path)
    except (OSError, pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, sqlite3.Error) as error:
        raise LayerWriteError(
            f"{path.name} can't be written in {path.parent}: {error}. Is it there and writable?"
        ) from error
    finally:
        if path.parent.is_dir() and os.access(path.parent, os.W_OK):
            partial.unlink(missing_ok=True)


@contextmanager
def _fixed_time() -> Iterator[None]:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_TIME})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _write_ogr(
    path: Path, frame: gpd.GeoDataFrame, driver: str, *, layer: str, layer_options: dict[str, str], append: bool = False
) -> None:
    if frame.crs is None:
        raise LayerError(f"layer {layer} has no coordinate reference system and can't be written.")
    plain = _plain(frame)
    polygons = plain.geom_type.isin(["Polygon", "MultiPolygon"]).any()
    pyogrio.write_dataframe(
        plain,
        path,
        layer=layer,
        driver=driver,
        append=append,
        promote_to_multi=bool(polygons),
        layer_options=layer_options,
    )


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    # The index becomes a column (a nameless one is only a row number), outlines run anticlockwise as OGC asks.
    plain = frame.reset_index(drop=frame.index.name is None)
    return plain.set_geometry(gpd.GeoSeries(shapely.orient_polygons(plain.geometry.to_numpy()), crs=frame.crs))


def _add_styles(path: Path, layers: Sequence[NamedLayer]) -> None:
    if not layers:
        return
    rows = [(layer.name, "geom", layer.title or layer.name, layer.qml, _FIXED_TIME) for layer in layers]
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute(_STYLES_TABLE)
            connection.execute(_STYLES_CONTENTS, (_FIXED_TIME,))
            connection.executemany(_STYLE_ROW, rows)
    finally:
        connection.close()


# The table QGIS looks for in a GeoPackage (https://docs.qgis.org, "Storing layer styles in a database").
_STYLES_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
    f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
    description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT CURRENT_TIMESTAMP
)"""
_STYLES_CONTENTS = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change)
VALUES ('layer_styles', 'attributes', 'layer_styles', ?)"""
_STYLE_ROW = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,
    styleSLD, useAsDefault, description, owner, update_time)
VALUES ('', '', ?1, ?2, 'default', ?4, '', 1, ?3, '', ?5)"""


def _inert(text: object) -> object:
    # OWASP, "CSV injection": a cell that starts like a formula is run by spreadsheets; numbers are left as they are.
    if isinstance(text, str) and _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
