"""Control characters and code points that are no letters, in every name a run reads: replaced, counted, in no output."""

import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pyogrio
import pytest

from tests.support.case_table import CaseTable
from tests.support.cli import corridors
from tests.support.feeds import write_zip
from tests.support.small_region import good_feed, good_zones, place, write_small_region

ODD = "a\x1b[2Jb\x07c\x9bd\uffffe\ufffe"
CLEAN = "a\ufffd[2Jb\ufffdc\ufffdd\ufffde\ufffd"
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
TOML_ODD = "a\\u001b[2Jb\\u0007c\\u009bd\\uFFFFe\\uFFFE"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run whose every name is odd, with papers."""
    folder = tmp_path_factory.mktemp("odd")
    region = write_small_region(folder / "region")
    texts = good_feed().texts()
    texts["stops.txt"] = texts["stops.txt"].replace("C,Stop C", f"C{ODD},Stop {ODD}")
    texts["stop_times.txt"] = texts["stop_times.txt"].replace(",C,", f",C{ODD},")
    texts["routes.txt"] = texts["routes.txt"].replace("3,north", f"3,north{ODD}")
    write_zip(region.path("feed.zip"), texts)
    region.path("feed.zip").rename(region.path("fe\x1bed.zip"))
    region.replace("config.toml", '"feed.zip"', '"fe\\u001bed.zip"')
    zones = good_zones()
    zones["name"] = zones["name"] + ODD
    region.zones(zones)
    region.table("centres.csv", [place(stop, f"Centre {stop}{ODD}") for stop in "ACF"])
    region.table("sites.csv", [{**place("D", f"Site {ODD}"), "ha": 10, "status": "open"}])
    region.table("pilots.csv", [{**place("B", f"Pilot {ODD}"), "radius_m": 800}])
    line = [{**place(stop, f"Line {ODD}"), "id": f"line{ODD}", "order": i} for i, stop in enumerate("BE")]
    region.table("corridors.csv", line)
    for name in (
        'name = "Line"',
        '"two invented districts"',
        '"South"',
        'title = "People"',
        'source = "made for a test"',
    ):
        text = region.config.read_text(encoding="utf-8")
        region.config.write_text(text.replace(name, f'{name[:-1]}{TOML_ODD}"'), encoding="utf-8")
    region.replace("config.toml", "papers = false", "papers = true")
    out = folder / "out"
    said = corridors("run", region.config, "--out", out, "--verbose")
    assert said.code == 0, said.err
    (folder / "said.txt").write_text(said.out + said.err, encoding="utf-8")
    return folder


def test_no_command_for_the_terminal_is_printed(ran: Path) -> None:
    said = (ran / "said.txt").read_text(encoding="utf-8")
    assert not FORBIDDEN.search(said)
    assert f"Line {CLEAN}" in " ".join(said.split())


def test_every_file_of_a_name_is_counted(ran: Path, case: CaseTable) -> None:
    warnings = [
        w for w in json.loads((ran / "out/run.json").read_text())["warnings"] if w["code"] == "control_characters"
    ]
    effects = " ".join(warning["effect"] for warning in warnings)
    for name in ("stops.txt", "routes.txt", "zones.gpkg", "centres.csv", "corridors.csv", "pilots.csv", "sites.csv"):
        assert name in effects
    assert "the configuration" in effects
    centres = next(warning for warning in warnings if "centres.csv" in warning["effect"])
    assert centres["count"] == 3
    case.warning(
        112, "control characters in names", f"{centres['count']} ({centres['share']:.1%}). {centres['effect']}"
    )


def test_every_output_is_clean_and_can_be_read(ran: Path) -> None:
    """Text as text, documents as XML, layers as a geographic information system opens them."""
    documents = 0
    for file in sorted((ran / "out").rglob("*")):
        if file.suffix in {".html", ".json", ".csv", ".svg"}:
            assert not FORBIDDEN.search(file.read_text(encoding="utf-8")), file.name
        if file.suffix in {".qgs", ".qml", ".svg"}:
            ElementTree.parse(file)
        if file.suffix in {".docx", ".xlsx", ".qgz"}:
            documents += 1
            with zipfile.ZipFile(file) as archive:
                for part in archive.namelist():
                    if part.endswith((".xml", ".qgs", ".rels")):
                        ElementTree.fromstring(archive.read(part))
        if file.suffix == ".gpkg":
            for name in pyogrio.list_layers(file)[:, 0]:
                frame = pyogrio.read_dataframe(file, layer=name)
                for column in frame.select_dtypes(["object", "string"]):
                    assert not any(isinstance(text, str) and FORBIDDEN.search(text) for text in frame[column])
    assert documents


def test_ids_with_such_characters_still_join(ran: Path) -> None:
    corridors_table = pd.read_csv(ran / "out/tables/corridors.csv")
    assert corridors_table["name"].tolist() == [f"Line {CLEAN}"]
    assert corridors_table["zones"].tolist() != [0]


@pytest.mark.parametrize("layer_format", ["xlsx", "csv", "geojson"])
def test_exports_are_written(ran: Path, tmp_path: Path, layer_format: str) -> None:
    out = tmp_path / f"zones.{layer_format}"
    said = corridors("export", ran / "out", "--layer", "zones", "--format", layer_format, "--out", out)
    assert said.code == 0, said.err
    assert out.stat().st_size


def test_check_and_compare_print_nothing_that_the_terminal_obeys(ran: Path) -> None:
    for words in (("check", ran / "region/config.toml", "--verbose"), ("compare", ran / "out", ran / "out")):
        said = corridors(*words)
        assert said.code == 0, said.err
        assert not FORBIDDEN.search(said.out + said.err)
    said = corridors("compare-map", ran / "out", ran / "out", "--out", ran / "map.html")
    assert said.code == 0, said.err
    assert not FORBIDDEN.search((ran / "map.html").read_text(encoding="utf-8"))
