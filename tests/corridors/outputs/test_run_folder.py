"""What a run leaves in its folder: every format, the same bytes twice, nothing stale, and one layer exported again."""

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from python_calamine import CalamineWorkbook

from corridors.config.question import OutputsSection
from corridors.errors import OutputError
from corridors.outputs.run_folder import NAMES, PARTS, parts_named, publish, require_all_parts, write_results
from corridors.results import Results
from corridors.runs.export import export_layer
from corridors.runtime.own_files import sealed
from corridors.runtime.staging import claimed
from layers.files import read_vector
from tests.corridors import fake_results as fake

PLAIN = OutputsSection(papers=False, surface_cell_m=1000)


def run_to_publish() -> Results:
    """The fake run with the columns that layers and map need, and a dictionary of some of them."""
    zones = fake.zones()
    minutes = {f"minutes_to_{centre}": zones["minutes_to_nearest"] for centre in fake.centres().index}
    blank = dict.fromkeys(("need", "opportunity", "connectivity"), float("nan"))
    dictionary = [
        ("zones", "population", "Residents", "people", "Census", "2021"),
        ("zones", "centres_within_cutoff", "Centres within 45 minutes", "count", "this tool", "2026"),
        ("zones", "minutes_to_nearest", "Minutes to the nearest centre", "min", "this tool", "2026"),
        ("links", "trips_per_hour", "Trips an hour", "1/h", "this tool", "2026"),
    ]
    definition = {**fake.kpi().definition, "day": "Tuesday 24 March 2026"}
    return fake.fake_results(
        zones=zones.assign(**minutes, **blank).rename_axis("zone_id"),
        kpi=replace(fake.kpi(), definition=definition),
        dictionary=pd.DataFrame(dictionary, columns=["table", "column", "title", "unit", "source", "vintage"]),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("published")
    publish(run_to_publish(), place, dict, PLAIN)
    return place


def prints(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_run_leaves_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    publish(run_to_publish(), tmp_path, dict, PLAIN)
    assert prints(tmp_path) == prints(folder)
    assert len(prints(folder)) > 20


@pytest.mark.usefixtures("no_pictures")
def test_papers_of_an_earlier_run_are_taken_away_where_none_are_made(folder: Path, tmp_path: Path) -> None:
    """The earlier run is the one without papers, and papers that its manifest lists."""
    out = Path(shutil.copytree(folder, tmp_path / "out"))
    manifest = json.loads((out / "run.json").read_text())
    papers = ("report.docx", "report.pdf", "board_note.pdf")
    for name in papers:
        (out / name).write_text("paper")
        manifest["files"][name] = prints(out)[name]
    del manifest["seal"]
    (out / "run.json").write_text(json.dumps(sealed(manifest)))
    (out / "mine.txt").write_text("mine")
    publish(run_to_publish(), out, dict, PLAIN)
    assert (out / "mine.txt").exists()
    assert not [name for name in papers if (out / name).exists()]


def test_the_manifest_lists_every_file_of_the_run_with_its_digest(folder: Path) -> None:
    listed = json.loads((folder / "run.json").read_text())["files"]
    assert listed == {path: digest for path, digest in prints(folder).items() if path != "run.json"}


def test_counts_are_integers_and_titles_and_records_explain_the_layers(folder: Path) -> None:
    with sqlite3.connect(folder / "layers" / "testshire.gpkg") as database:
        types = {row[1]: row[2] for row in database.execute("PRAGMA table_info(zones)")}
        names = dict(database.execute("SELECT column_name, name FROM gpkg_data_columns WHERE table_name = 'zones'"))
        records = [row[0] for row in database.execute("SELECT metadata FROM gpkg_metadata")]
        styles = database.execute("SELECT f_table_name, styleName, useAsDefault FROM layer_styles").fetchall()
    database.close()
    assert (types["population"], types["centres_within_45"], types["minutes_to_nearest"]) == (
        "INTEGER",
        "INTEGER",
        "REAL",
    )
    assert names["population"] == "Residents"
    assert all("OGL v3.0" in xml and "SYNTHETIC TIMETABLE" in xml for xml in records if "imd.csv" in xml)
    assert ("zones", "Strategic centres within 45 minutes", 1) in styles
    assert {layer for layer, _, default in styles if default} == {
        "zones", "districts", "centres", "corridors", "corridor_catchments", "pilots", "sites", "network_links"
    }  # fmt: skip


def test_every_outline_is_valid_and_anticlockwise(folder: Path) -> None:
    for layer in ("zones", "districts", "corridor_catchments", "pilots"):
        shapes = read_vector(folder / "layers" / "testshire.gpkg", layer).geometry
        assert shapes.is_valid.all()
        assert all(shapely.is_ccw(part.exterior) for shape in shapes for part in shapely.get_parts(shape))


def test_the_qgis_project_finds_its_layers_beside_it(folder: Path) -> None:
    root = ElementTree.parse(folder / "layers" / "testshire.qgs").getroot()
    sources = [str(one.text) for one in root.iter("datasource")]
    assert len(sources) == 8
    assert all(source.startswith("./testshire.gpkg|layername=") for source in sources)
    named = [one.get("id") for one in root.iter("layer-tree-layer")]
    assert {one.findtext("id") for one in root.iter("maplayer")} == set(named)
    assert named[-1] == "layer_of_zones"  # below all others


def test_the_dictionary_explains_every_column_of_every_table_of_a_run(demo_run: Path) -> None:
    dictionary = pd.read_csv(demo_run / "tables" / "data_dictionary.csv", keep_default_na=False)
    assert not dictionary.duplicated(["table", "column"]).any()
    explained = dictionary[dictionary[["title", "unit", "source"]].ne("").all(axis=1)]
    pairs = set(zip(explained["table"], explained["column"], strict=True))
    columns = {
        (path.stem, column)
        for path in (demo_run / "tables").glob("*.csv")
        for column in set(pd.read_csv(path, nrows=0).columns) - {"caution"}
    }
    assert len(columns) > 200 and columns - pairs == set()
    sources = dictionary.set_index(["table", "column"])["source"]
    assert not sources["zones", "zone_id"].startswith("computed") and sources["zones", "need"].startswith("computed")


def test_counts_in_tables_are_written_as_whole_numbers(folder: Path) -> None:
    people = pd.read_csv(folder / "tables" / "kpi.csv", dtype=str)["people_total"]
    assert people.str.fullmatch(r"\d+").all()


def test_the_workbook_opens_with_its_readme(folder: Path) -> None:
    book = CalamineWorkbook.from_path(folder / "tables" / "testshire.xlsx")
    assert book.sheet_names[:2] == ["README", "Data dictionary"]
    assert {"kpi", "zones", "corridors", "provenance"} <= set(book.sheet_names)
    words = [str(row[0]) for row in book.get_sheet_by_name("README").to_python()]
    assert words[1].startswith("CAUTION. ILLUSTRATIVE")
    names = [row[1] for row in book.get_sheet_by_name("zones").to_python()]
    assert fake.HOSTILE in names


@pytest.mark.parametrize("file_format", ["gpkg", "parquet", "fgb", "geojson", "csv", "xlsx"])
def test_a_layer_is_exported_in_every_format_with_integer_counts(
    folder: Path, tmp_path: Path, file_format: str
) -> None:
    path = export_layer(folder, "zones", file_format, tmp_path / f"z.{file_format}")
    if file_format == "csv":
        people = pd.read_csv(path)["population"]
    elif file_format == "xlsx":
        rows = CalamineWorkbook.from_path(path).get_sheet_by_name("zones").to_python()
        people = pd.Series([row[rows[0].index("population")] for row in rows[1:]]).astype(int)
    else:
        people = read_vector(path)["population"]
    # FlatGeobuf puts features in the order of its spatial index.
    assert people.dtype.kind == "i" and sorted(people) == [1_000 + number for number in range(96)]


def test_an_exported_geopackage_says_and_draws_what_the_runs_own_does(folder: Path, tmp_path: Path) -> None:
    """Read by SQLite, table by table, and by GDAL."""
    path = export_layer(folder, "zones", "gpkg", tmp_path / "z.gpkg")
    queries = {
        "said": "SELECT identifier, description FROM gpkg_contents WHERE table_name = 'zones'",
        "columns": "SELECT * FROM gpkg_data_columns WHERE table_name = 'zones'",
        "styles": "SELECT styleName, styleQML, styleSLD, useAsDefault FROM layer_styles WHERE f_table_name = 'zones'",
        "record": "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON md_file_id = gpkg_metadata.id "
        "WHERE table_name = 'zones'",
    }
    found = []
    for package in (folder / "layers" / "testshire.gpkg", path):
        with closing(sqlite3.connect(package)) as database:
            found.append({name: database.execute(query).fetchall() for name, query in queries.items()})
    assert found[0] == found[1]
    assert len(found[1]["styles"]) > 1 and len(found[1]["columns"]) > 2 and len(found[1]["record"]) == 1
    said = pyogrio.read_info(path, layer="zones")["layer_metadata"]
    assert "SYNTHETIC TIMETABLE" in said["IDENTIFIER"] and said["DESCRIPTION"].startswith("What residents")
    again = export_layer(folder, "zones", "gpkg", tmp_path / "again.gpkg")
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("layer", ["centres", "corridors", "corridor_catchments", "network_links", "districts"])
def test_every_layer_is_exported_with_its_style(folder: Path, tmp_path: Path, layer: str) -> None:
    path = export_layer(folder, layer, "gpkg", tmp_path / f"{layer}.gpkg")
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM layer_styles WHERE f_table_name = ?", (layer,)).fetchone()[0]


@pytest.mark.parametrize("file_format", ["parquet", "fgb", "geojson"])
def test_other_formats_carry_titles_and_caution_inside_and_style_and_record_beside(
    folder: Path, tmp_path: Path, file_format: str
) -> None:
    path = export_layer(folder, "zones", file_format, tmp_path / f"z.{file_format}")
    if file_format == "parquet":
        schema = pq.read_schema(path)
        said = {key.decode(): text.decode() for key, text in schema.metadata.items()}
        assert schema.field("population").metadata[b"title"] == b"Residents" and "MD_Metadata" in said["iso_19139"]
        assert len(gpd.read_parquet(path)) == 96 and "geo" in said
    elif file_format == "fgb":
        metadata = pyogrio.read_info(path)["layer_metadata"]
        said = {key.lower(): text for key, text in metadata.items()}
    else:
        said = json.loads(path.read_text(encoding="utf-8"))
        assert said["columns"]["population"]["title"] == "Residents" and len(said["features"]) == 96
        assert len(gpd.read_file(path)) == 96
    assert "SYNTHETIC TIMETABLE" in said["title"] and said["description"].startswith("What residents")
    style = ElementTree.parse(path.with_suffix(".qml")).getroot()
    assert style.find("renderer-v2") is not None
    assert {alias.get("field"): alias.get("name") for alias in style.iter("alias")}["population"] == "Residents"
    record = " ".join(ElementTree.parse(path.with_suffix(".xml")).getroot().itertext())
    assert "OGL v3.0" in record and "SYNTHETIC TIMETABLE" in record


def test_tables_carry_what_the_layer_says_in_words(folder: Path, tmp_path: Path) -> None:
    export_layer(folder, "zones", "csv", tmp_path / "z.csv")
    words = (tmp_path / "z.txt").read_text(encoding="utf-8")
    book = CalamineWorkbook.from_path(export_layer(folder, "zones", "xlsx", tmp_path / "z.xlsx"))
    readme = "\n".join(str(row[0]) for row in book.get_sheet_by_name("README").to_python())
    for text in (words, readme):
        assert "SYNTHETIC TIMETABLE" in text and "OGL v3.0" in text and "What residents" in text
    assert "population: Residents. Unit: people" in words


def test_the_manifest_names_no_moment_of_its_own(folder: Path) -> None:
    assert json.loads((folder / "run.json").read_text())["region"] == "Testshire"


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("map,tables", {"maps", "tables", "run.json"}),
        (" Report ", {"report.html", "board_note.html", "run.json"}),
        ("layers", {"layers", "run.json"}),
    ],
)
def test_parts_that_are_asked_for_alone_are_all_that_is_left(tmp_path: Path, words: str, left: set[str]) -> None:
    """Also where an earlier run left everything: parts of two runs never stand side by side."""
    whole = publish(run_to_publish(), tmp_path / "out", outputs=PLAIN).parent
    before = {path.relative_to(whole): path.read_bytes() for path in whole.rglob("*") if path.is_file()}
    with claimed(whole, NAMES) as claim:
        write_results(run_to_publish(), claim, dict, PLAIN, parts_named(words))
    assert {path.name for path in whole.iterdir()} == left
    after = [path for path in whole.rglob("*") if path.is_file() and path.name != "run.json"]
    assert after and all(path.read_bytes() == before[path.relative_to(whole)] for path in after)
    assert set(json.loads((whole / "run.json").read_text())["files"]) == {
        path.relative_to(whole).as_posix() for path in after
    }


def test_a_part_that_no_run_has_is_refused_by_name() -> None:
    assert parts_named("") == parts_named(" , ") == PARTS
    with pytest.raises(OutputError, match="--only: maps is no part of a run; the parts are report, papers, map"):
        parts_named("maps,tables")
    require_all_parts(PARTS)
    with pytest.raises(OutputError, match="leave --only out"):
        require_all_parts(parts_named("map"))
