"""Cases 90 to 99: tables and point files as programs save them, and numbers, codes and paths that can't be meant."""

import ast
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from corridors.config.run_config import load_config
from corridors.inputs.read import read_context
from tests.support.asking import matrix, warnings_of
from tests.support.asking import refused as matrix_refused
from tests.support.case_table import CaseTable
from tests.support.cli import ROOT, corridors
from tests.support.small_region import SmallRegion, place, position

Rewrite = Callable[[str], bytes]
TITLES = (
    '"TS001 - Number of usual residents"\n\n"Population","All usual residents"\n"Units","Persons"\n"date","2021"\n\n'
)


def refused(region: SmallRegion) -> str:
    """The words with which `corridors check` refuses the region."""
    ran = corridors("check", region.config)
    assert ran.code == 2, ran.out
    return ran.err.removeprefix("error: ")


def rewritten(region: SmallRegion, name: str, rewrite: Rewrite) -> None:
    region.path(name).write_bytes(rewrite(region.path(name).read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("how", "rewrite"),
    [
        ("UTF-16 with its mark", lambda text: text.encode("utf-16")),
        ("UTF-16, big end first", lambda text: ("\ufeff" + text).encode("utf-16-be")),
        ("UTF-16 without a mark", lambda text: text.encode("utf-16-le")),
        ("UTF-8 with a mark", lambda text: text.encode("utf-8-sig")),
        ("tabs between cells, in UTF-16", lambda text: text.replace(",", "\t").encode("utf-16")),
        ("a first line sep=,", lambda text: b"sep=,\r\n" + text.encode()),
        ("titles above the header", lambda text: (TITLES + text).encode()),
        ("a header that ends in empty cells", lambda text: text.replace("\n", ",,\n").encode()),
    ],
)
def test_tables_as_programs_save_them_are_read(
    region: SmallRegion, case: CaseTable, how: str, rewrite: Rewrite
) -> None:
    for name in ("people.csv", "points.csv", "centres.csv", "corridors.csv", "pilots.csv", "sites.csv"):
        rewritten(region, name, rewrite)
    context = read_context(load_config(region.config))
    assert context.values["population"].sum() == 1200
    assert context.centres["name"].tolist() == ["Centre A", "Centre C", "Centre F"]
    assert (len(context.sites), len(context.pilots), len(context.corridors)) == (1, 1, 1)
    case.as_meant(90, f"tables with {how}", "every table of a configuration is read")


def test_titles_above_a_header_are_counted(region: SmallRegion, case: CaseTable) -> None:
    rewritten(region, "people.csv", lambda text: (TITLES + text).encode())
    ran = corridors("check", region.config)
    words = warnings_of(ran)["title_lines_skipped"]
    assert words.startswith("4 ") and "people.csv: lines above the header" in words
    case.warning(90, "four lines of titles above a header", words)


def test_semicolons_are_named(region: SmallRegion, case: CaseTable) -> None:
    rewritten(region, "people.csv", lambda text: text.replace(",", ";").encode())
    words = refused(region)
    assert "people.csv: its cells are separated by semicolons" in words
    case.error(90, "semicolons between cells", words)


@pytest.mark.parametrize("number", ["0,750", "0,125", "-0,010", "1,23", "1.234,5", "12,34,567", "1 234"])
def test_numbers_that_could_be_read_in_two_ways_are_refused(region: SmallRegion, case: CaseTable, number: str) -> None:
    """0,750 ha was read as 750 ha, a thousand times too much, without a word."""
    region.table("sites.csv", [{**place("D", "Site D"), "ha": number, "status": "open"}])
    words = refused(region)
    assert f"sites.csv: column ha: 1 cells are not numbers ('{number}') in row D" in words
    case.error(91, f"`{number}` hectares", words)


def test_thousands_beside_numbers_without_them_are_counted(region: SmallRegion, case: CaseTable) -> None:
    rewritten(
        region,
        "people.csv",
        lambda text: text.replace("ZA0,100", 'ZA0,"1,250"').replace("ZA1,100", "ZA1,1250").encode(),
    )
    words = warnings_of(corridors("check", region.config))["commas_read_as_thousands"]
    assert words.startswith("1 ") and "column population" in words and "write points" in words
    case.warning(91, "1,250 and 1250 in one column", words)


def test_thousands_with_points_are_refused(region: SmallRegion, case: CaseTable) -> None:
    """1.200 residents beside 800 were read as one and a fifth, and the headline was a share of a few people."""
    rewritten(region, "people.csv", lambda text: text.replace("ZA0,100", "ZA0,1.200").encode())
    words = refused(region)
    assert "people.csv: column population: 1 cells are thousands with points, it seems ('1.200') in row ZA0" in words
    case.error(91, "1.200 and 100 residents in one column", words)


def test_points_that_may_part_thousands_are_counted(region: SmallRegion, case: CaseTable) -> None:
    rewritten(
        region, "people.csv", lambda text: text.replace("ZA0,100", "ZA0,1.234").replace("ZA1,100", "ZA1,2.345").encode()
    )
    words = warnings_of(corridors("check", region.config))["points_read_as_decimals"]
    assert words.startswith("2 ") and "column population" in words
    case.warning(91, "1.234, 2.345 and 100 residents in one column", words)


def test_a_spreadsheet_named_csv_is_told_for_what_it_is(region: SmallRegion, case: CaseTable) -> None:
    region.path("people.csv").write_bytes(b"PK\x03\x04" + bytes(range(256)) * 40)
    words = refused(region)
    assert words.strip().startswith("people.csv is no CSV but a spreadsheet or another zip")
    case.error(90, "a spreadsheet named .csv", words)


@pytest.mark.parametrize("number", ["1e400", "1e300", "inf", "Infinity", "-1e13"])
@pytest.mark.parametrize(
    ("table", "column"), [("people.csv", "population"), ("pilots.csv", "radius_m"), ("sites.csv", "ha")]
)
def test_numbers_without_an_end_are_refused_by_row(
    region: SmallRegion, case: CaseTable, table: str, column: str, number: str
) -> None:
    lines = region.path(table).read_text(encoding="utf-8").splitlines()
    header, cells = lines[0].split(","), lines[1].split(",")
    cells[header.index(column)] = number
    region.path(table).write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]), encoding="utf-8")
    words = refused(region)
    assert f"{table}: column {column}: 1 cells are" in words and f"'{number}'" in words and "in row" in words
    case.error(92, f"`{number}` in {table}", words)


def test_a_radius_or_an_area_larger_than_a_region_is_refused(region: SmallRegion, case: CaseTable) -> None:
    region.table("pilots.csv", [{**place("B", "Pilot B"), "radius_m": 1e9}])
    words = refused(region)
    assert "radius_m must be metres above 0 and at most 20,000 (B)" in words
    case.error(92, "a pilot of a million kilometres", words)


@pytest.mark.parametrize(
    ("how", "write"),
    [
        ("in small letters", str.lower),
        ("with .0 behind", lambda code: f"{code}.0"),
        ("with a blank in it", lambda code: f"{code[0]} {code[1:]}"),
    ],
)
def test_codes_that_differ_in_writing_are_shown_from_both_sides(
    region: SmallRegion, case: CaseTable, how: str, write: Callable[[str], str]
) -> None:
    lines = region.path("people.csv").read_text(encoding="utf-8").splitlines()
    rows = [f"{write(line.split(',', 1)[0])},{line.split(',', 1)[1]}" for line in lines[1:]]
    region.path("people.csv").write_text("\n".join([lines[0], *rows]), encoding="utf-8")
    words = refused(region)
    assert f"it has codes {write('ZA0')}" in words and "the squares of the zones ZA0" in words
    assert f"only their writing differs ('{write('ZA0')}' for 'ZA0')" in words
    case.error(93, f"codes of zones written {how}", words)


def test_one_code_in_another_writing_is_named_in_its_warning(region: SmallRegion, case: CaseTable) -> None:
    region.replace("people.csv", "ZF1,", "zf1,")
    words = warnings_of(corridors("check", region.config))["rows_not_matched"]
    assert words.startswith("1 ") and "only their writing differs ('zf1' for 'ZF1')" in words
    case.warning(93, "one code of a zone in small letters", words)


NUMBERS = {
    "max-walk-min": ("nan", "inf", "-1", "241"),
    "max-min": ("nan", "inf", "0", "1e9"),
    "radius-m": ("nan", "-5", "inf"),
    "walk-kmh": ("nan", "0", "inf"),
    "detour": ("nan", "0.5", "inf"),
    "step": ("-1", "99999999999999999999"),
    "board-slack": ("-1", "99999999999999999999"),
    "max-rides": ("0", "9" * 400),
    "percentiles": ("nan", "0", "101", "50,", "50,50", "inf"),
    "window": ("09:00-08:00", "nan", "00:00-99:99"),
    "date": ("2026-13-01",),
}


@pytest.mark.parametrize(
    ("option", "value"), [(option, value) for option, values in NUMBERS.items() for value in values]
)
def test_an_option_that_cannot_be_meant_is_named_as_it_is_typed(
    region: SmallRegion, case: CaseTable, option: str, value: str
) -> None:
    words = matrix_refused(region, **{option: value})
    assert words.startswith(f"corridors: --{option}")
    case.error(94, f"`--{option} {value}`", words)


POINTS = {
    "no latitude": ("id,lon,lat\nx,-1.9,52.48\ny,-1.9,\n", "1 points have no lon or no lat (row y)"),
    "metres": ("id,lon,lat\nx,407000,286000\n", "row x; the first has lon 407000, lat 286000"),
    "no row": ("id,lon,lat\n", "from.csv has no points"),
    "other names of columns": ("name,longitude,latitude\nx,-1.9,52.48\n", "it has name, longitude, latitude"),
    "one id twice": ("id,lon,lat\nx,-1.9,52.48\nx,-1.9,52.48\n", "column id has 1 ids more than once (x)"),
    "decimal commas": ('id,lon,lat\nx,"-1,9","52,48"\n', "write decimals with a point"),
}


@pytest.mark.parametrize("what", POINTS)
def test_points_that_are_none_are_named(region: SmallRegion, case: CaseTable, what: str) -> None:
    text, expected = POINTS[what]
    file = region.path("from.csv")
    file.write_text(text, encoding="utf-8")
    words = matrix_refused(region, origins=file)
    assert expected in words and "configuration" not in words
    case.error(95, f"points with {what}", words)


def layer_of_points(path: Path, *shapes: shapely.Geometry | None, layer: str = "points") -> Path:
    ids = [f"p{number}" for number in range(len(shapes))]
    gpd.GeoDataFrame({"id": ids}, geometry=list(shapes), crs="EPSG:4326").to_file(path, layer=layer)
    return path


def test_a_multi_point_of_one_point_is_a_point(region: SmallRegion, case: CaseTable) -> None:
    file = layer_of_points(region.path("o.gpkg"), shapely.MultiPoint([position("A")]))
    ran, table = matrix(region, origins=file)
    assert ran.code == 0, ran.err
    assert table.read_text(encoding="utf-8").splitlines()[1].startswith('"p0","F",')
    case.as_meant(95, "a multi-point of one point", "it is that point")


@pytest.mark.parametrize(
    ("what", "shape", "expected"),
    [
        ("no geometry", None, "o.gpkg: 1 of 2 rows have no point (p1)"),
        ("an empty point", shapely.Point(), "o.gpkg: 1 of 2 rows have no point (p1)"),
        ("a multi-point of two", shapely.MultiPoint([(-1.9, 52.4), (-1.8, 52.4)]), "1 rows are MultiPoint (p1)"),
    ],
)
def test_a_row_without_a_point_is_named(
    region: SmallRegion, case: CaseTable, what: str, shape: shapely.Geometry | None, expected: str
) -> None:
    words = matrix_refused(region, origins=layer_of_points(region.path("o.gpkg"), shapely.Point(position("A")), shape))
    assert expected in words
    case.error(95, f"a point layer with {what}", words)


def test_a_layer_among_two_can_be_chosen(region: SmallRegion, case: CaseTable) -> None:
    file = layer_of_points(region.path("o.gpkg"), shapely.Point(position("A")), layer="one")
    layer_of_points(file, shapely.Point(position("B")), layer="two")
    words = matrix_refused(region, origins=file)
    assert "o.gpkg holds 2 layers (one, two). Say which with --origins-layer" in words
    case.error(96, "points in a file of two layers", words)
    ran, _ = matrix(region, **{"origins": file, "origins-layer": "one"})
    assert ran.code == 0 and "layer" not in ran.err, ran.err


def test_a_view_without_an_end_is_refused_at_once(region: SmallRegion, case: CaseTable) -> None:
    with closing(sqlite3.connect(region.path("zones.gpkg"))) as package, package:
        package.execute(
            "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT i AS fid, (SELECT geom FROM zones) AS geom FROM n WHERE i < 0"
        )
        assert not corridors("check", region.config).code  # a view that is no layer is not asked
        package.execute("UPDATE gpkg_contents SET table_name = 'endless'")
        package.execute("UPDATE gpkg_geometry_columns SET table_name = 'endless'")
    words = refused(region)
    assert "zones.gpkg: endless is a view and no table" in words
    case.error(96, "a GeoPackage whose layer is a view without an end", words)


@pytest.mark.parametrize("name", ["people.csv", "zones.gpkg"])
def test_a_file_without_the_right_to_read_it_is_named(
    region: SmallRegion, case: CaseTable, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The right is taken away in the test's own process: a superuser may read everything."""
    opened = Path.open

    def locked(path: Path, *args: object, **kwargs: object) -> object:
        if path.name == name:
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "open", locked)
    words = refused(region)
    assert f"{name} can't be read: you have no right to" in words
    case.error(96, f"no right to read {name}", words)


def test_a_table_of_three_hundred_thousand_columns_is_refused_at_once(region: SmallRegion, case: CaseTable) -> None:
    wide = ",".join(f"c{number}" for number in range(300_000))
    rewritten(region, "people.csv", lambda text: "\n".join(f"{line},{wide}" for line in text.splitlines()).encode())
    words = refused(region)
    assert "people.csv: line 1 has 300,006 cells; at most 5,000 columns are read" in words
    case.error(97, "300,000 columns", words)


def test_more_fields_than_a_layer_can_hold_are_refused_before_the_work(region: SmallRegion, case: CaseTable) -> None:
    fields = "".join(f'fields.f{n} = {{ column = "jobs", kind = "count", unit = "jobs" }}\n' for n in range(2_100))
    region.replace("config.toml", "fields.jobs = ", f"{fields}fields.jobs = ")
    words = refused(region)
    assert "the layers give 2,105 fields; at most 500 can be used" in words
    case.error(97, "2,100 fields", words)


def test_a_path_too_long_for_a_geopackage_is_refused_before_the_work(
    region: SmallRegion, tmp_path: Path, case: CaseTable
) -> None:
    out = tmp_path.joinpath(*["x" * 100] * 6)
    ran = corridors("run", region.config, "--out", out)
    assert ran.code == 2 and "bytes; at most" in ran.err and "Choose a shorter one" in ran.err
    assert not out.parent.exists()
    case.error(
        98, "an output folder of 600 letters", "the path has more bytes than can be used here. Choose a shorter one."
    )


@pytest.mark.skipif(os.name == "nt", reason="there every path is Unicode")
def test_a_path_that_is_not_utf_8_is_named_itself(region: SmallRegion, case: CaseTable) -> None:
    folder = Path(os.fsdecode(os.fsencode(region.folder.parent) + b"/caf\xe9"))
    region.folder.rename(folder)
    ran = corridors("check", folder / "config.toml")
    assert ran.code == 2 and "caf?/config.toml: the path holds letters that are not UTF-8" in ran.err
    assert "zones.gpkg" not in ran.err
    case.error(98, "a folder named in Latin-1", ran.err)


def test_quotes_that_join_lines_are_refused(region: SmallRegion, case: CaseTable) -> None:
    """Two names that open a quote: C took F's place, and F was gone without a word."""
    region.replace("centres.csv", "Centre C", '"Centre C')
    region.replace("centres.csv", "Centre F", '"Centre F')
    words = refused(region)
    assert "centres.csv: a quote opens on line 3 and is not closed where its cell ends" in words
    case.error(99, "two names that open a quote", words)


def test_the_address_of_tiles_is_checked_without_assertions_too(region: SmallRegion, case: CaseTable) -> None:
    """Python's -O takes every `assert` away: where the address is checked, there is none."""
    with region.config.open("a", encoding="utf-8") as config:
        config.write('[outputs.tiles]\nurl = "javascript:alert(1)"\nattribution = "x"\n')
    said = corridors("check", region.config)
    assert said.code == 2 and "is not the address of map tiles" in said.err
    for file in (ROOT / "maps/web/content.py", *(ROOT / "corridors/config").glob("*.py")):
        assert not [
            node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Assert)
        ]
    case.error(94, "a script as the address of tiles, under python -O", said.err)


def test_a_geojson_layer_of_points_needs_every_place(region: SmallRegion) -> None:
    feature = {"type": "Feature", "properties": {"id": "y"}, "geometry": None}
    region.path("o.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
    )
    assert "o.geojson: 1 of 1 rows have no point (y)" in matrix_refused(region, origins=region.path("o.geojson"))
