"""The demonstration's GeoPackage and project as QGIS opens them, where Debian's `python3-qgis` is installed.

Elsewhere those tests are skipped, saying so; `test_the_tables_that_qgis_reads` looks at the same things in any case.
"""

import json
import os
import sqlite3
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from corridors.outputs.layers import HIDDEN_AT_FIRST, LAYERS

SYSTEM_PYTHON = Path("/usr/bin/python3")
SCRIPT = Path(__file__).with_name("in_qgis.py")
WRITTEN = set(LAYERS) - {"base_areas"}  # the demonstration has no water, parks or built-up land
LABELLED = {"districts", "centres", "corridors", "pilots", "sites", "scenario_lines", "scenario_stops", "base_places"}
Facts = Mapping[str, Any]


def qgis_is_there() -> bool:
    """Whether the system's Python has QGIS."""
    asked = [str(SYSTEM_PYTHON), "-c", "import qgis.core"]
    return SYSTEM_PYTHON.is_file() and subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def package(demo_run: Path) -> Path:
    """The demonstration's GeoPackage."""
    return next((demo_run / "layers").glob("*.gpkg"))


@pytest.fixture(scope="module")
def seen(package: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Facts, Path]:
    """What QGIS made of the project and the package, and the picture it drew."""
    if not qgis_is_there():
        pytest.skip("QGIS (python3-qgis) is not installed: only the tables it reads are looked at")
    picture = tmp_path_factory.mktemp("qgis") / "project.png"
    words = [str(SYSTEM_PYTHON), str(SCRIPT), str(package.with_suffix(".qgs")), str(picture)]
    environment = {"PATH": os.defpath, "HOME": str(picture.parent), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    facts: Facts = json.loads(done.stdout.strip().splitlines()[-1])
    return facts, picture


def rows(package: Path, query: str) -> list[tuple[Any, ...]]:
    """What SQLite alone finds."""
    with sqlite3.connect(package) as database:
        found = database.execute(query).fetchall()
    database.close()
    return found


def test_qgis_opens_every_layer_of_the_package_drawn_by_its_first_style(
    seen: tuple[Facts, Path], package: Path
) -> None:
    layers = seen[0]["package"]
    assert set(layers) == WRITTEN
    first = dict(rows(package, "SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault = 1"))
    for name, layer in layers.items():
        assert layer["valid"] and layer["spatial_index"] and layer["shapes_valid"], name
        assert layer["crs"] == "EPSG:27700"
        assert layer["features"] == rows(package, f"SELECT count(*) FROM {name}")[0][0] > 0
        style = ElementTree.fromstring(first[name].removeprefix("<!DOCTYPE qgis>"))
        assert layer["legend"] == [rule.get("label") for rule in style.findall(".//rule")] or layer["legend"] == [""]
        assert layer["labels"] == (name in LABELLED)
    assert layers["zones"]["renderer"] == "RuleRenderer" and len(layers["zones"]["legend"]) > 5
    assert layers["corridor_catchments"]["legend"] == ["0.8 km", "1.2 km, the main one", "2 km", "no data"]
    assert len(layers["zones"]["styles"]) >= 6


def test_qgis_shows_titles_of_columns_and_whole_numbers(seen: tuple[Facts, Path], package: Path) -> None:
    for where in ("package", "project"):
        for name, column, title in rows(package, "SELECT table_name, column_name, name FROM gpkg_data_columns"):
            layer = seen[0][where][name if where == "package" else f"layer_of_{name}"]
            assert layer["aliases"][column] == title != column
    assert seen[0]["package"]["zones"]["types"]["population"] == "Integer64"
    assert seen[0]["package"]["sites"]["aliases"]["ha"] == "Area (ha)"


def test_qgis_opens_the_project_with_its_caution_licences_and_choices(seen: tuple[Facts, Path], package: Path) -> None:
    project = seen[0]["project"]
    assert seen[0]["read"] and seen[0]["groups"] == [seen[0]["title"]]
    assert "ILLUSTRATIVE" in seen[0]["title"] and "SYNTHETIC TIMETABLE" in seen[0]["title"]
    assert all(layer["valid"] and layer["licences"] for layer in project.values())
    assert len(seen[0]["shown"]) == len(project) - len(HIDDEN_AT_FIRST)
    names = [row[0] for row in rows(package, "SELECT styleName FROM layer_styles WHERE f_table_name = 'zones'")]
    assert project["layer_of_zones"]["choices"] == sorted(names)


def test_qgis_draws_the_zones_in_the_colours_of_their_classes(seen: tuple[Facts, Path], package: Path) -> None:
    picture = np.asarray(Image.open(seen[1]).convert("RGB")).reshape(-1, 3)
    drawn = {tuple(colour) for colour in np.unique(picture, axis=0).tolist()}
    query = "SELECT styleQML FROM layer_styles WHERE f_table_name = 'zones' AND useAsDefault = 1"
    style = ElementTree.fromstring(rows(package, query)[0][0].removeprefix("<!DOCTYPE qgis>"))
    most = max(row[0] for row in rows(package, "SELECT centres_within_45 FROM zones"))
    fills = [one.get("v", "") for one in style.findall(".//symbol/layer/prop[@k='color']")][: most + 1]
    assert {tuple(map(int, fill.split(",")[:3])) for fill in fills} <= drawn


def test_the_tables_that_qgis_reads(package: Path) -> None:
    styled = rows(package, "SELECT f_table_name, f_geometry_column, styleQML, styleSLD, useAsDefault FROM layer_styles")
    assert {row[0] for row in styled if row[4]} == WRITTEN and {row[1] for row in styled} == {"geom"}
    for name, _, qml, sld, _ in styled:
        drawn = ElementTree.fromstring(qml.removeprefix("<!DOCTYPE qgis>"))
        assert drawn.find("renderer-v2") is not None and ElementTree.fromstring(sld) is not None
        assert (drawn.get("labelsEnabled") == "1") == (name in LABELLED) == ("TextSymbolizer" in sld)
    described = set(rows(package, "SELECT table_name, column_name FROM gpkg_data_columns"))
    indexed = rows(package, "SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'")
    assert {row[0] for row in indexed} == WRITTEN
    for name in WRITTEN:
        columns = {row[1]: row[2] for row in rows(package, f"PRAGMA table_info({name})")}
        assert {(name, column) for column in columns if column not in {"fid", "geom"}} <= described
        ((xml,),) = rows(
            package,
            "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON md_file_id = id "
            f"WHERE table_name = '{name}'",
        )
        assert "statement" in xml and "otherConstraints" in xml and "TimePeriod" in xml
