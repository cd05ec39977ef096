"""Reads and writes the description of a layer in a GeoPackage: title, description, columns, metadata record, styles."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from layers.errors import LayerError
from layers.writing.files import FIXED_TIME
from layers.writing.metadata import STANDARD_URI


class ColumnText(NamedTuple):
    """The heading, title and description (a line on unit and source) of a column."""

    heading: str
    title: str
    description: str


class StyleText(NamedTuple):
    """A style of a layer, for QGIS (QML) and in OGC's standard (SLD)."""

    name: str
    qml: str
    sld: str


class LayerText(NamedTuple):
    """The description of one layer in a GeoPackage. `record` is ISO 19139 XML; the first of `styles` is the default."""

    title: str = ""
    description: str = ""
    columns: Mapping[str, ColumnText] = {}
    record: str = ""
    styles: tuple[StyleText, ...] = ()

    def lines(self) -> list[str]:
        """Title, description, and the record's licences, limitations and lineage, as lines of plain text."""
        return [line for line in (self.title, self.description, *_record_lines(self.record)) if line]


def read_layer_text(package: Path, layer: str) -> LayerText:
    """The description of one layer of a GeoPackage; missing parts are empty. Raises LayerError for a damaged file."""
    try:
        with closing(sqlite3.connect(f"{package.resolve().as_uri()}?mode=ro", uri=True)) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            rows = {name: list(database.execute(query, (layer,))) for name, query in _QUERIES.items() if name in tables}
    except sqlite3.Error as error:
        raise LayerError(f"{package.name} can't be read as a GeoPackage: it is damaged or cut short.") from error
    title, description = next(iter(rows.get("gpkg_contents", ())), ("", ""))
    return LayerText(
        _text(title),
        _text(description),
        {_text(column): ColumnText(*map(_text, texts)) for column, *texts in rows.get("gpkg_data_columns", ())},
        next((_text(xml) for (xml,) in rows.get("gpkg_metadata", ())), ""),
        tuple(StyleText(*map(_text, style)) for style in rows.get("layer_styles", ())),
    )


def write_layer_texts(package: Path, layers: Mapping[str, LayerText]) -> None:
    """Write the descriptions of layers into a GeoPackage that has these layers: the tables that GDAL does not write."""
    with closing(sqlite3.connect(package)) as connection, connection:
        described = [(layer_text.description, name) for name, layer_text in layers.items() if layer_text.description]
        connection.executemany("UPDATE gpkg_contents SET description = ? WHERE table_name = ?", described)
        _add_columns(connection, layers)
        _add_records(
            connection, [(name, layer_text.record) for name, layer_text in layers.items() if layer_text.record]
        )
        _add_styles(connection, layers)


def _add_columns(connection: sqlite3.Connection, layers: Mapping[str, LayerText]) -> None:
    rows = [(name, column, *text) for name, layer_text in layers.items() for column, text in layer_text.columns.items()]
    if rows:
        _extend(connection, _COLUMN_TABLES, _COLUMN_EXTENSIONS)
        connection.executemany("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)", rows)


def _add_records(connection: sqlite3.Connection, records: list[tuple[str, str]]) -> None:
    if records:
        _extend(connection, _METADATA_TABLES, _METADATA_EXTENSIONS)
    for number, (name, xml) in enumerate(records, start=1):
        connection.execute(
            "INSERT INTO gpkg_metadata VALUES (?, 'dataset', ?, 'text/xml', ?)", (number, STANDARD_URI, xml)
        )
        connection.execute(
            "INSERT INTO gpkg_metadata_reference VALUES ('table', ?, NULL, NULL, ?, ?, NULL)",
            (name, FIXED_TIME, number),
        )


def _add_styles(connection: sqlite3.Connection, layers: Mapping[str, LayerText]) -> None:
    rows = [
        (name, *style, int(number == 0), FIXED_TIME)
        for name, layer_text in layers.items()
        for number, style in enumerate(layer_text.styles)
    ]
    if rows:
        connection.execute(_STYLES_TABLE)
        connection.execute(_STYLES_CONTENTS, (FIXED_TIME,))
        connection.executemany(_STYLE_ROW, rows)


def _extend(connection: sqlite3.Connection, tables: Iterable[str], extensions: Iterable[tuple[str, str, str]]) -> None:
    for table in tables:
        connection.execute(table)
    insert = "INSERT OR IGNORE INTO gpkg_extensions VALUES (?, NULL, ?, ?, 'read-write')"
    connection.executemany(insert, extensions)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _record_lines(record: str) -> Iterator[str]:
    try:
        root = ElementTree.fromstring(record)
    except ElementTree.ParseError:
        return
    for element in root.iter():
        tag = re.sub(r"\{.*\}", "", element.tag) if isinstance(element.tag, str) else ""
        if tag in {"otherConstraints", "useLimitation", "statement"}:
            yield from " ".join(element.itertext()).strip().splitlines()


_QUERIES = {
    "gpkg_contents": "SELECT identifier, description FROM gpkg_contents WHERE table_name = ?",
    "gpkg_data_columns": "SELECT column_name, name, title, description FROM gpkg_data_columns WHERE table_name = ?",
    "gpkg_metadata": "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON md_file_id = id "
    "WHERE table_name = ? ORDER BY id",
    "layer_styles": "SELECT styleName, styleQML, styleSLD FROM layer_styles WHERE f_table_name = ? "
    "ORDER BY useAsDefault DESC, id",
}
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
# The table of styles that QGIS reads from a GeoPackage (https://docs.qgis.org, "Storing layer styles in a database").
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
