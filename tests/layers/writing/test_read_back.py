"""Every format read back with another library than the one that wrote it: the same values, missing ones missing.

GeoPackage, FlatGeobuf and GeoTIFF are written by GDAL, GeoParquet by pyarrow, workbooks by XlsxWriter. Read here: SQLite
alone, this file's own FlatGeobuf header, Pillow, polars, the json and csv of Python, and calamine.
"""

import csv
import json
import sqlite3
import struct
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
import pytest
import shapely
from PIL import Image
from python_calamine import CalamineWorkbook
from rio_cogeo.cogeo import cog_validate

from layers.columns import ColumnNote
from layers.rasters import SURFACE_MISSING, surface_grid, write_surface
from layers.writing.export import write_layer
from layers.writing.geopackage import NamedLayer, write_geopackage
from layers.writing.metadata import LayerMetadata
from layers.writing.spreadsheets import Sheet, sheet_names, write_workbook
from tests.layers.conftest import square

NAMES = ["Wednesbury", "Ocker Hill", "Tipton – “Five Ways”"]
NOTES = {
    "zone_id": ColumnNote("Zone code", "text"),
    "people": ColumnNote("Residents", "people", "Census", "2021"),
    "jobs": ColumnNote("Jobs", "jobs"),
    "shared": ColumnNote("Residents", "people"),
    "minutes": ColumnNote("Minutes to the nearest centre", "min"),
}


@pytest.fixture
def zones() -> gpd.GeoDataFrame:
    columns = {
        "name": NAMES,
        "people": [1500.0, 0.0, 1600.0],
        "jobs": [10.0, np.nan, 0.0],
        "shared": [1500.5, 3.0, 2.0],
        "minutes": [12.5, np.nan, 0.25],
        "ok": [True, False, True],
    }
    index = pd.Index(["E01000001", "E01000002", "E01000003"], name="zone_id")
    return gpd.GeoDataFrame(columns, index=index, geometry=[square(i, 0) for i in range(3)], crs="EPSG:27700")


def expected(zones: gpd.GeoDataFrame) -> list[tuple[Any, ...]]:
    return [
        ("E01000001", NAMES[0], 1500, 10, 1500.5, 12.5, True),
        ("E01000002", NAMES[1], 0, None, 3.0, None, False),
        ("E01000003", NAMES[2], 1600, 0, 2.0, 0.25, True),
    ]


def test_a_geopackage_by_sqlite(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    path = write_geopackage(tmp_path / "z.gpkg", [NamedLayer("zones", zones, notes=NOTES)])
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT zone_id, name, people, jobs, shared, minutes, ok, geom FROM zones").fetchall()
        types = {row[1]: row[2] for row in database.execute("PRAGMA table_info(zones)")}
        system = database.execute(
            "SELECT organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = 27700"
        ).fetchone()
    database.close()
    assert [row[:-1] for row in rows] == expected(zones)
    assert (types["people"], types["jobs"], types["shared"]) == ("INTEGER", "INTEGER", "REAL")
    assert system == (27700,)
    shapes = [shapely.from_wkb(_after_header(row[-1])) for row in rows]
    assert all(shape.is_valid and shapely.is_ccw(shape.geoms[0].exterior) for shape in shapes)
    assert [shape.equals(own) for shape, own in zip(shapes, zones.geometry, strict=True)] == [True] * 3


def _after_header(blob: bytes) -> bytes:
    """The WKB in a GeoPackage geometry: after "GP", version, flags, the reference system and the box."""
    box_bytes = (0, 32, 48, 48, 64)[(blob[3] >> 1) & 7]
    assert blob[:2] == b"GP"
    return blob[8 + box_bytes :]


def test_geoparquet_by_polars(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    table = pl.read_parquet(write_layer(tmp_path / "z.parquet", zones, notes=NOTES))
    columns = ["zone_id", "name", "people", "jobs", "shared", "minutes", "ok"]
    assert table.select(columns).rows() == expected(zones)
    assert table.schema["people"] == pl.Int64
    boxes = table["bbox"].struct.unnest()
    shapes = shapely.from_wkb(table["geometry"].to_list())
    assert boxes.rows() == [shape.bounds for shape in shapes]


def test_geojson_by_json(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    path = write_layer(tmp_path / "z.geojson", zones, notes=NOTES)
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert [tuple(feature["properties"].values()) for feature in features] == expected(zones)
    shapes = gpd.GeoSeries([shapely.geometry.shape(one["geometry"]) for one in features], crs="EPSG:4326")
    assert all(shapely.is_ccw(part.exterior) for shape in shapes for part in shape.geoms)
    apart = shapes.to_crs("EPSG:27700").centroid.distance(zones.geometry.centroid.reset_index(drop=True))
    assert apart.max() < 0.2  # metres, of six decimals


def test_csv_by_csv(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    with write_layer(tmp_path / "z.csv", zones, notes=NOTES).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["zone_id", "name", "people", "jobs", "shared", "minutes", "ok"]
    assert rows[1:] == [["" if value is None else str(value) for value in row] for row in expected(zones)]


def test_flatgeobuf_by_its_bytes(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    content = write_layer(tmp_path / "z.fgb", zones, notes=NOTES).read_bytes()
    assert content[:4] == b"fgb\x03"
    (size,) = struct.unpack_from("<I", content, 8)
    header, body = content[12 : 12 + size], content[12 + size :]
    for name in ("zone_id", "people", "minutes", "EPSG"):
        assert name.encode() in header
    for value in (*NAMES, "E01000003"):
        assert value.encode() in body
    for number in (struct.pack("<q", 1600), struct.pack("<d", 1500.5), struct.pack("<d", 0.25)):
        assert number in body


def test_a_workbook_by_calamine(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    book = CalamineWorkbook.from_path(write_layer(tmp_path / "z.xlsx", zones, "zones", NOTES))
    assert book.sheet_names == ["README", "Data dictionary", "zones"]
    head, *rows = book.get_sheet_by_name("zones").to_python()
    assert head == ["zone_id", "name", "people", "jobs", "shared", "minutes", "ok"]
    assert rows == [["" if value is None else value for value in row] for row in expected(zones)]
    dictionary = book.get_sheet_by_name("Data dictionary").to_python()
    assert ["zones", "people", "Residents", "people", "Census", "2021"] in dictionary
    assert ["zones", 3.0] in [row[:2] for row in book.get_sheet_by_name("README").to_python()]


def test_a_surface_by_pillow_and_rio_cogeo(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    path = write_surface(tmp_path / "m.tif", surface_grid(zones, 2.0), zones["minutes"], title="Minutes", unit="min")
    valid, errors, warnings = cog_validate(path)
    assert (valid, errors, warnings) == (True, [], [])
    with Image.open(path) as image:
        assert image.n_frames > 1  # overviews
        cells = np.asarray(image)
    found, counts = np.unique(cells, return_counts=True)
    assert set(found.tolist()) == {SURFACE_MISSING, 0.25, 12.5}
    assert counts[found == 12.5] == counts[found == 0.25]


def test_the_tables_that_explain_a_geopackage(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    said = LayerMetadata(
        "Zones: Testshire", "What is reached.", ("Made from:", "Census <2021>"), ("OGL v3.0",), ("access",),
        "2026-03-24", caution="ILLUSTRATIVE",
    )  # fmt: skip
    path = write_geopackage(tmp_path / "z.gpkg", [NamedLayer("zones", zones, "Zones", notes=NOTES, metadata=said)])
    with sqlite3.connect(path) as database:
        columns = dict(database.execute("SELECT column_name, name FROM gpkg_data_columns").fetchall())
        described = dict(database.execute("SELECT column_name, description FROM gpkg_data_columns").fetchall())
        (xml,) = database.execute("SELECT metadata FROM gpkg_metadata").fetchone()
        pointed = database.execute(
            "SELECT reference_scope, table_name, md_file_id FROM gpkg_metadata_reference"
        ).fetchall()
        used = {row[0] for row in database.execute("SELECT extension_name FROM gpkg_extensions")}
        (about,) = database.execute("SELECT description FROM gpkg_contents WHERE table_name = 'zones'").fetchone()
    database.close()
    assert columns["minutes"] == "Minutes to the nearest centre"
    assert (columns["people"], columns["shared"]) == ("Residents (people)", "Residents (shared)")  # no two alike
    assert described["people"] == "Residents. Unit: people. Source: Census (2021)."
    assert {"gpkg_schema", "gpkg_metadata", "gpkg_rtree_index"} <= used
    assert pointed == [("table", "zones", 1)]
    assert about == "What is reached."
    for words in (
        "Zones: Testshire",
        "Census &lt;2021&gt;",
        "OGL v3.0",
        "EPSG/0/27700",
        "westBoundLongitude",
        "2026-03-24",
    ):
        assert words in xml


def test_a_workbook_runs_nothing_and_holds_no_clock(tmp_path: Path) -> None:
    hostile = pd.DataFrame({"=cmd": ['=HYPERLINK("http://x")', "+1+1", "-3", "a\x07b"], "n": [-3, 1, 2, 3]})
    first = write_workbook(tmp_path / "a.xlsx", [Sheet("=evil", hostile)], "@title", ["=README"]).read_bytes()
    assert write_workbook(tmp_path / "b.xlsx", [Sheet("=evil", hostile)], "@title", ["=README"]).read_bytes() == first
    book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    rows = book.get_sheet_by_name(book.sheet_names[-1]).to_python()
    assert [row[0] for row in rows] == ["'=cmd", '\'=HYPERLINK("http://x")', "'+1+1", "-3", "a b"]
    assert [row[0] for row in book.get_sheet_by_name("README").to_python()][:2] == ["'@title", "'=README"]
    assert b"<f>" not in first


def test_sheets_get_names_that_a_workbook_allows() -> None:
    names = sheet_names(["a/b[c]:*?", "x" * 40, "x" * 40, "X" * 40, ""])
    assert names[0] == "a b c    "
    assert len({name.lower() for name in names}) == 5 and all(0 < len(name) <= 31 for name in names)
