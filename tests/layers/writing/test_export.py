"""Layers as GIS officers get them: readable by other programs, styled, safe, the same bytes every time."""

import errno
import json
import os
import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

from layers.columns import ColumnNote, with_integers
from layers.errors import LayerError, LayerWriteError
from layers.files import read_vector
from layers.writing.export import FORMATS, write_csv, write_layer
from layers.writing.geopackage import NamedLayer, write_geopackage
from layers.writing.spreadsheets import Sheet, formula_safe, write_workbook
from layers.writing.styles import Style, StyleClass, qml_text
from tests.layers.conftest import square


@pytest.fixture
def zones() -> gpd.GeoDataFrame:
    columns = {
        "name": ["Wednesbury", "Ocker Hill"],
        "people": [1500, 1600],
        "minutes": [12.5, np.nan],
        "ok": [True, False],
    }
    index = pd.Index(["E01000001", "E01000002"], name="zone_id")
    return gpd.GeoDataFrame(columns, index=index, geometry=[square(0, 0), square(1, 0)], crs="EPSG:27700")


@pytest.mark.parametrize("suffix", [".gpkg", ".parquet", ".fgb", ".geojson"])
def test_every_format_gives_the_same_values_back(tmp_path: Path, zones: gpd.GeoDataFrame, suffix: str) -> None:
    path = write_layer(tmp_path / f"zones{suffix}", zones)
    back = read_vector(path).set_index("zone_id").loc[zones.index]
    assert back["people"].tolist() == [1500, 1600]
    assert back["minutes"].isna().tolist() == [False, True]
    assert back["ok"].tolist() == [True, False]
    assert back.crs.to_epsg() == (4326 if suffix == ".geojson" else 27700)
    assert back.to_crs("EPSG:27700").area.sum() / 1e6 == pytest.approx(2.0, rel=1e-4)


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_layer_is_the_same_bytes(tmp_path: Path, zones: gpd.GeoDataFrame, suffix: str) -> None:
    one = write_layer(tmp_path / f"one{suffix}", zones, "zones").read_bytes()
    assert write_layer(tmp_path / f"two{suffix}", zones, "zones").read_bytes() == one


def test_a_geopackage_holds_many_layers_with_indexes_and_styles(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    style = Style("Minutes", "polygon", column="minutes", classes=[StyleClass(0, 45, "#ffffcc", "up to 45")])
    stops = gpd.GeoDataFrame({"name": ["stop"]}, geometry=[shapely.Point(400000, 300000)], crs="EPSG:27700")
    path = write_geopackage(
        tmp_path / "region.gpkg", [NamedLayer("zones", zones, "Zones", [style]), NamedLayer("stops", stops)]
    )
    with sqlite3.connect(path) as database:
        tables = dict(database.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall())
        changes = {row[0] for row in database.execute("SELECT last_change FROM gpkg_contents")}
        styles = database.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
        ).fetchall()
        indexes = {
            row[0] for row in database.execute("SELECT table_name FROM gpkg_extensions WHERE table_name IS NOT NULL")
        }
        integrity = database.execute("PRAGMA integrity_check").fetchone()
    database.close()
    assert tables == {"zones": "features", "stops": "features", "layer_styles": "attributes"}
    assert len(changes) == 1  # no clock in the file
    assert styles == [("zones", "geom", qml_text(style), 1)]
    assert {"zones", "stops"} <= indexes
    assert integrity == ("ok",)
    assert read_vector(path, layer="stops").geometry.iloc[0].x == 400000


def test_outlines_run_anticlockwise(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    back = read_vector(write_layer(tmp_path / "zones.gpkg", zones.set_geometry(zones.geometry.reverse())))
    assert all(shapely.is_ccw(polygon.exterior) for shape in back.geometry for polygon in shape.geoms)


def test_geojson_is_as_rfc_7946_asks(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    document = json.loads(write_layer(tmp_path / "zones.geojson", zones).read_text(encoding="utf-8"))
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    west, south = document["features"][0]["geometry"]["coordinates"][0][0][0]
    assert -2.1 < west < -1.9
    assert 52.5 < south < 52.7


def test_geoparquet_names_its_crs_and_boxes(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    path = write_layer(tmp_path / "zones.parquet", zones)
    geo = json.loads(pq.read_schema(path).metadata[b"geo"])
    column = geo["columns"]["geometry"]
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 27700}
    assert "bbox" in column["covering"]


def test_a_csv_holds_no_formula_and_no_geometry(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    hostile = zones.assign(name=['=HYPERLINK("http://x")', "@SUM(A1)"], note=["+1+1", "\tcmd"], offset=[-3, 4])
    text = write_layer(tmp_path / "zones.csv", hostile).read_bytes().decode("utf-8")
    header, first, second = text.splitlines()
    assert header == "zone_id,name,people,minutes,ok,note,offset"
    assert first == 'E01000001,"\'=HYPERLINK(""http://x"")",1500,12.5,True,\'+1+1,-3'
    assert second.startswith("E01000002,'@SUM(A1),1600,,False,'\tcmd")


def test_numbers_kept_as_text_stay_numbers_and_hostile_headers_do_not(tmp_path: Path) -> None:
    table = pd.DataFrame({"=evil": ["-1.9", "-x", None]})
    assert write_csv(tmp_path / "t.csv", table).read_text() == "'=evil\n-1.9\n'-x\n\"\"\n"


def test_a_layer_without_a_place_or_a_known_format_is_refused(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    with pytest.raises(LayerError, match=r"not '\.unknown'"):
        write_layer(tmp_path / "zones.unknown", zones)
    with pytest.raises(LayerError, match="no coordinate reference system"):
        write_layer(tmp_path / "zones.gpkg", zones.set_crs(None, allow_override=True))
    with pytest.raises(LayerError, match="have one name"):
        write_geopackage(tmp_path / "z.gpkg", [NamedLayer("zones", zones), NamedLayer("zones", zones)])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_folder_that_is_not_there_is_one_clear_error(tmp_path: Path, zones: gpd.GeoDataFrame, suffix: str) -> None:
    with pytest.raises(LayerWriteError, match=f"zones{suffix} can't be written in"):
        write_layer(tmp_path / "absent" / f"zones{suffix}", zones)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, zones: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(tmp_path / "zones.csv", pd.DataFrame({"a": [1]}))

    def full(*_: object, **__: object) -> None:
        (tmp_path / ".zones.partial.csv").write_text("half a li")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(LayerWriteError, match="No space left on device"):
        write_csv(path, pd.DataFrame({"a": [2]}))
    assert path.read_text() == "a\n1\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("\n=1+1", "'\n=1+1"),
        ("＝1+1", "'＝1+1"),
        ("＠SUM(A1)", "'＠SUM(A1)"),
        ("x;=1+1", "x;'=1+1"),
        ("x; @SUM(A1)", "x;' @SUM(A1)"),
        ("a; b", "a; b"),
        ("-5; -6.5", "-5; -6.5"),
        ("half-way", "half-way"),
    ],
)
def test_formulas_are_text_for_spreadsheets_of_any_separator(text: str, safe: str) -> None:
    """Where decimals have commas, spreadsheets begin a new cell after each semicolon of a CSV."""
    assert formula_safe(text) == safe


def test_shared_out_counts_are_written_with_one_decimal() -> None:
    frame = pd.DataFrame(
        {"jobs": [356611.32945, 10.0, np.nan], "share": [1 / 3, 0.5, 1.0], "people": [1.0, 2.0, np.nan]}
    )
    notes = {
        "jobs": ColumnNote("Jobs", "jobs"),
        "share": ColumnNote("Share", "share 0-1"),
        "people": ColumnNote("P", "people"),
    }
    written = with_integers(frame, notes)
    assert written["jobs"].tolist()[:2] == [356611.3, 10.0]
    assert written["share"].tolist() == frame["share"].tolist()
    assert written["people"].dtype == "Int64"


def test_a_layer_of_too_many_columns_is_refused_for_a_geopackage(tmp_path: Path, zones: gpd.GeoDataFrame) -> None:
    wide = pd.DataFrame({f"c{number}": [0, 0] for number in range(2_000)}, index=zones.index)
    with pytest.raises(LayerError, match=r"layer wide has 2,\d+ columns; a GeoPackage takes 1,990"):
        write_layer(tmp_path / "wide.gpkg", gpd.GeoDataFrame(pd.concat([zones, wide], axis="columns")))


@pytest.mark.parametrize("shape", [(1_048_576, 1), (1, 16_385)])
def test_a_table_that_no_sheet_holds_is_refused_and_not_cut(tmp_path: Path, shape: tuple[int, int]) -> None:
    with pytest.raises(LayerWriteError, match=f"long has {shape[0]:,} rows and {shape[1]:,} columns"):
        write_workbook(tmp_path / "long.xlsx", [Sheet("long", pd.DataFrame(np.zeros(shape, np.int8)))], "Title")
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_that_finds_no_room_is_one_clear_error_and_leaves_nothing(
    tmp_path: Path, zones: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("layers.writing.spreadsheets.Worksheet.write_number", full)
    with pytest.raises(LayerWriteError, match=r"zones\.xlsx can't be written in .*: No space left on device"):
        write_layer(tmp_path / "zones.xlsx", zones)
    assert list(tmp_path.iterdir()) == []
