"""Only ordinary local files are opened, whatever their names promise."""

import os
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest

from layers.errors import LayerError, LayerFileNotFoundError
from layers.files import VECTOR_SUFFIXES, ordinary_file, read_vector
from tests.layers.conftest import WriteZones, square


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/zones.gpkg",
        "https://example.org/zones.geojson",
        "/vsicurl/http://example.org/zones.gpkg",
        "/vsizip/zones.zip/zones.shp",
        "vsimem/zones.gpkg",
        "PG:host=localhost dbname=planner",
        "WFS:https://example.org/wfs",
        "GPKG:/etc/passwd:zones.gpkg",
    ],
)
def test_addresses_and_connection_strings_are_refused(address: str) -> None:
    with pytest.raises(LayerError, match="address or a connection string"):
        read_vector(address)


def test_a_missing_file_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(LayerFileNotFoundError, match=r"zones\.gpkg is not there"):
        read_vector(tmp_path / "zones.gpkg")


def test_a_vrt_under_the_name_of_a_geopackage_does_not_open_another_file(
    tmp_path: Path, write_zones: WriteZones
) -> None:
    secret = write_zones([square(0, 0)], name="secret.geojson")
    disguise = tmp_path / "zones.gpkg"
    layer = f'<OGRVRTLayer name="secret"><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer>'
    disguise.write_text(f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>")
    with pytest.raises(LayerError, match=r"zones\.gpkg is named \.gpkg but is not"):
        read_vector(disguise)


@pytest.mark.parametrize("suffix", VECTOR_SUFFIXES)
def test_an_empty_file_is_no_layer(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"zones{suffix}"
    path.touch()
    with pytest.raises(LayerError, match="it is empty"):
        read_vector(path)


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb", ".parquet"])
def test_a_file_cut_short_is_one_clear_error(write_zones: WriteZones, suffix: str) -> None:
    path = write_zones([square(column, 0) for column in range(50)], name=f"zones{suffix}")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(LayerError, match=f"zones{suffix}"):
        read_vector(path)


def test_folders_devices_and_other_formats_are_refused(tmp_path: Path) -> None:
    (tmp_path / "zones.gpkg").mkdir()
    with pytest.raises(LayerError, match="not an ordinary file"):
        ordinary_file(tmp_path / "zones.gpkg", VECTOR_SUFFIXES)
    (tmp_path / "zones.kml").write_text("<kml/>")
    with pytest.raises(LayerError, match=r"ends in '\.kml'"):
        ordinary_file(tmp_path / "zones.kml", VECTOR_SUFFIXES)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_named_pipe_does_not_hang_the_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "zones.geojson")
    with pytest.raises(LayerError, match="not an ordinary file"):
        read_vector(tmp_path / "zones.geojson")


def test_a_geopackage_of_several_layers_needs_the_name_of_one(write_zones: WriteZones) -> None:
    path = write_zones([square(0, 0)])
    gpd.GeoDataFrame({"code": ["b"]}, geometry=[square(1, 0)], crs="EPSG:27700").to_file(path, layer="others")
    with pytest.raises(LayerError, match=r"holds 2 layers \(zones, others\)"):
        read_vector(path)
    assert list(read_vector(path, layer="others")["code"]) == ["b"]
    with pytest.raises(LayerError, match="no layer 'absent'"):
        read_vector(path, layer="absent")


def test_a_curved_polygon_is_read_as_a_fine_polygon(write_zones: WriteZones) -> None:
    """A circle of 1 km radius, stored as arcs: its area is pi square kilometres."""
    path = write_zones([square(0, 0)])
    arc = [(400000.0, 300000.0), (401000.0, 301000.0), (402000.0, 300000.0), (401000.0, 299000.0), (400000.0, 300000.0)]
    ring = struct.pack("<BII", 1, 8, len(arc)) + b"".join(struct.pack("<dd", *point) for point in arc)
    blob = b"GP" + struct.pack("<BBi", 0, 1, 27700) + struct.pack("<BII", 1, 10, 1) + ring
    with sqlite3.connect(path) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute("UPDATE zones SET geom = ?", (blob,))
    connection.close()
    shape = read_vector(path).geometry.iloc[0]
    assert shape.geom_type == "Polygon"
    assert shape.area / 1e6 == pytest.approx(3.14159, rel=0.002)


def test_three_dimensions_are_flattened(write_csv_text: Callable[..., Path]) -> None:
    ring = "[[[-2,52,9],[-2,52.1,9],[-1.9,52.1,9],[-2,52,9]]]"
    feature = f'{{"type":"Feature","properties":{{"id":"a"}},"geometry":{{"type":"Polygon","coordinates":{ring}}}}}'
    path = write_csv_text(f'{{"type":"FeatureCollection","features":[{feature}]}}', "zones.geojson")
    assert not read_vector(path).geometry.has_z.any()
