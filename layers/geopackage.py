"""Many layers in one GeoPackage that explains itself: styles, titles of columns, metadata, spatial indexes, no clock."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd

from layers.columns import NO_NOTES, Notes, with_integers
from layers.errors import LayerError
from layers.metadata import STANDARD_URI, LayerMetadata, iso_xml
from layers.styles import Style, qml_text, sld_text
from layers.writing import FIXED_TIME, fixed_time, replaced, write_ogr


class NamedLayer(NamedTuple):
    """One layer: its table name, its frame, a title for people, ways to draw it (the first by default), and what its
    columns and the whole are."""

    name: str
    frame: gpd.GeoDataFrame
    title: str = ""
    styles: Sequence[Style] = ()
    notes: Notes = NO_NOTES
    metadata: LayerMetadata | None = None


def write_geopackage(path: Path, layers: Sequence[NamedLayer]) -> Path:
    """Many layers in one GeoPackage, in their own CRS, with spatial indexes, column titles, metadata and styles.

    Raises LayerError for a layer without CRS or a repeated name, LayerWriteError where the file can't be written.
    """
    names = [layer.name for layer in layers]
    if len(set(names)) < len(names):
        raise LayerError(f"two layers of {path.name} have one name ({', '.join(names)}).")
    with replaced(path) as partial, fixed_time():
        for layer in layers:
            options = {"IDENTIFIER": layer.title or layer.name, "SPATIAL_INDEX": "YES", "GEOMETRY_NAME": "geom"}
            frame = with_integers(layer.frame, layer.notes)
            write_ogr(partial, frame, "GPKG", layer=layer.name, append=partial.exists(), layer_options=options)
        _explain(partial, layers)
    return path


def _explain(path: Path, layers: Sequence[NamedLayer]) -> None:
    """The tables that GDAL does not write: what columns mean, what the data are, how they are drawn."""
    connection = sqlite3.connect(path)
    try:
        with connection:
            _describe(connection, layers)
            _add_columns(connection, layers)
            _add_metadata(connection, layers)
            _add_styles(connection, layers)
    finally:
        connection.close()


def _describe(connection: sqlite3.Connection, layers: Iterable[NamedLayer]) -> None:
    rows = [(layer.metadata.abstract, layer.name) for layer in layers if layer.metadata]
    connection.executemany("UPDATE gpkg_contents SET description = ? WHERE table_name = ?", rows)


def _add_columns(connection: sqlite3.Connection, layers: Iterable[NamedLayer]) -> None:
    rows = [row for layer in layers for row in _column_rows(layer)]
    if rows:
        _extend(connection, _COLUMN_TABLES, _COLUMN_EXTENSIONS)
        connection.executemany("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)", rows)


def _column_rows(layer: NamedLayer) -> list[tuple[str, str, str, str, str]]:
    present = [name for name in (layer.frame.index.name, *layer.frame.columns) if name in layer.notes]
    return [
        (layer.name, column, alias, layer.notes[column].title, layer.notes[column].description)
        for column, alias in aliases(present, layer.notes).items()
    ]


def aliases(columns: Iterable[str], notes: Notes) -> dict[str, str]:
    """Column -> its heading; one that two columns share is followed by the column's own name."""
    titles = {column: notes[column].heading for column in columns}
    shared = list(titles.values())
    return {column: f"{title} ({column})" if shared.count(title) > 1 else title for column, title in titles.items()}


def _add_metadata(connection: sqlite3.Connection, layers: Iterable[NamedLayer]) -> None:
    described = [(layer.name, iso_xml(layer.metadata, layer.frame)) for layer in layers if layer.metadata]
    if not described:
        return
    _extend(connection, _METADATA_TABLES, _METADATA_EXTENSIONS)
    for number, (name, xml) in enumerate(described, start=1):
        connection.execute(
            "INSERT INTO gpkg_metadata VALUES (?, 'dataset', ?, 'text/xml', ?)", (number, STANDARD_URI, xml)
        )
        connection.execute(
            "INSERT INTO gpkg_metadata_reference VALUES ('table', ?, NULL, NULL, ?, ?, NULL)",
            (name, FIXED_TIME, number),
        )


def _add_styles(connection: sqlite3.Connection, layers: Iterable[NamedLayer]) -> None:
    rows = [
        (layer.name, style.name, qml_text(style, all_aliases(layer)), sld_text(style, layer.name), int(number == 0))
        for layer in layers
        for number, style in enumerate(layer.styles)
    ]
    if rows:
        connection.execute(_STYLES_TABLE)
        connection.execute(_STYLES_CONTENTS, (FIXED_TIME,))
        connection.executemany(_STYLE_ROW, [(*row, FIXED_TIME) for row in rows])


def all_aliases(layer: NamedLayer) -> Mapping[str, str]:
    """Column -> title of every column that a note explains."""
    columns = [str(name) for name in (layer.frame.index.name, *layer.frame.columns) if name in layer.notes]
    return aliases(columns, layer.notes)


def _extend(connection: sqlite3.Connection, tables: Iterable[str], extensions: Iterable[tuple[str, str, str]]) -> None:
    for table in tables:
        connection.execute(table)
    insert = "INSERT OR IGNORE INTO gpkg_extensions VALUES (?, NULL, ?, ?, 'read-write')"
    connection.executemany(insert, extensions)


# GeoPackage Encoding Standard 1.2 (OGC 12-128r14), annexes F.8 (metadata) and F.9 (schema).
_SCHEMA_URI = "http://www.geopackage.org/spec120/#extension_schema"
_METADATA_URI = "http://www.geopackage.org/spec120/#extension_metadata"
_COLUMN_EXTENSIONS = (
    ("gpkg_data_columns", "gpkg_schema", _SCHEMA_URI),
    ("gpkg_data_column_constraints", "gpkg_schema", _SCHEMA_URI),
)
_METADATA_EXTENSIONS = (
    ("gpkg_metadata", "gpkg_metadata", _METADATA_URI),
    ("gpkg_metadata_reference", "gpkg_metadata", _METADATA_URI),
)
_COLUMN_TABLES = (
    """
CREATE TABLE gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
    constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name))""",
    """
CREATE TABLE gpkg_data_column_constraints (
    constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
    max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))""",
)
_METADATA_TABLES = (
    """
CREATE TABLE gpkg_metadata (
    id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
    md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '')""",
    """
CREATE TABLE gpkg_metadata_reference (
    reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
    timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL,
    md_parent_id INTEGER, CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
    CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id))""",
)
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
VALUES ('', '', ?1, 'geom', ?2, ?3, ?4, ?5, ?2, '', ?6)"""
