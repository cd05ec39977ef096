"""Cases 42 to 51: maps, tables and rasters that would give wrong answers quietly if they were believed."""

import contextlib
import sqlite3
import struct
from collections.abc import Callable
from unittest import mock

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from corridors.config.run_config import load_config
from corridors.inputs.read import Context, read_context
from tests.support.asking import warnings_of
from tests.support.case_table import CaseTable
from tests.support.cli import corridors
from tests.support.small_region import SmallRegion, good_zones, people

GRID, DEGREES = "EPSG:27700", "EPSG:4326"


def refused(region: SmallRegion) -> str:
    """The words with which `corridors check` refuses the region."""
    ran = corridors("check", region.config)
    assert ran.code == 2, ran.out
    assert ran.err.startswith("error: ")
    return ran.err.removeprefix("error: ")


def warned(region: SmallRegion, code: str) -> str:
    """The counted warning of that code; nothing else is wrong."""
    ran = corridors("check", region.config)
    assert ran.code == 0, ran.err
    return warnings_of(ran)[code]


def context(region: SmallRegion) -> Context:
    """The zones and what is known of them, as a run reads them."""
    return read_context(load_config(region.config))


def people_with(column: str, **values: object) -> list[dict[str, object]]:
    """The good table with other values of one column in some zones."""
    return [{**row, column: values.get(str(row["code"]), row[column])} for row in people()]


# ---- coordinate reference systems ----


def exchanged(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same zones with x and y in each other's place."""
    return zones.set_geometry(shapely.transform(zones.geometry, lambda xy: xy[:, ::-1])).set_crs(zones.crs)


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_zones_without_crs_are_refused(region: SmallRegion, case: CaseTable) -> None:
    region.zones(good_zones().set_crs(None, allow_override=True))
    words = refused(region)
    assert "zones.gpkg has no coordinate reference system" in words and GRID in words
    case.error(42, "zones without CRS", words)


@pytest.mark.parametrize(
    ("what", "change", "expected"),
    [
        ("degrees called metres", lambda zones: zones.to_crs(DEGREES).set_crs(GRID, allow_override=True), "look like degrees"),
        ("metres called degrees", lambda zones: zones.set_crs(DEGREES, allow_override=True), "are not degrees"),
        ("easting and northing exchanged", exchanged, "outside their zones"),
        ("latitude and longitude exchanged", lambda zones: exchanged(zones.to_crs(DEGREES)), "swapped axes"),
        ("another country's grid", lambda zones: zones.set_crs("EPSG:31370", allow_override=True), "wrong CRS label"),
    ],
)  # fmt: skip
def test_a_wrong_crs_is_found_by_where_it_puts_the_zones(
    region: SmallRegion,
    case: CaseTable,
    what: str,
    change: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame],
    expected: str,
) -> None:
    region.zones(change(good_zones()))
    words = refused(region)
    assert ("zones" in words) and expected in words
    case.error(43, what, words)


def test_easting_and_northing_exchanged_are_found_by_the_timetable_too(region: SmallRegion, case: CaseTable) -> None:
    region.replace("config.toml", 'points = { file = "points.csv", id = "code" }', "")
    region.zones(exchanged(good_zones()))
    words = refused(region)
    assert (
        "no stop of the timetable is within 50 km of any of the zones" in words
        and "another region's timetable" in words
    )
    case.error(43, "easting and northing exchanged, no points given", words)


def test_zones_in_another_true_crs_are_brought_home(region: SmallRegion, case: CaseTable) -> None:
    region.zones(good_zones().to_crs("EPSG:3857"))
    placed = context(region).zones.geometry
    assert placed.distance(good_zones().set_index("code").geometry).max() == 0
    assert placed.area.sum() == pytest.approx(12e6, rel=1e-3)
    case.as_meant(43, "another CRS, rightly named", "brought to the working CRS")


# ---- shapes ----


def with_shape(code: str, shape: shapely.Geometry | None) -> gpd.GeoDataFrame:
    """The good zones with another outline for one of them."""
    zones = good_zones().set_index("code")
    zones.loc[code, "geometry"] = shape
    return zones.reset_index()


def test_an_outline_that_crosses_itself_is_repaired(region: SmallRegion, case: CaseTable) -> None:
    west, south, east, north = good_zones().set_index("code").geometry["ZA1"].bounds
    bow_tie = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    region.zones(with_shape("ZA1", bow_tie))
    words = warned(region, "invalid_polygons_repaired")
    assert "outlines that cross themselves were repaired; 50.0 ha in all" in words  # half of the square
    assert context(region).zones.geometry["ZA1"].area == pytest.approx(500_000)
    case.warning(44, "invalid outline", words)


@pytest.mark.parametrize(("what", "shape"), [("empty", shapely.Polygon()), ("null", None)])
def test_a_zone_without_a_shape_is_refused(
    region: SmallRegion, case: CaseTable, what: str, shape: shapely.Geometry | None
) -> None:
    region.zones(with_shape("ZA1", shape))
    words = refused(region)
    assert "zones.gpkg: 1 of 12 rows have no polygon (ZA1)" in words and "Remove them or give" in words
    case.error(44, f"{what} geometry", words)


def test_three_dimensions_are_flattened(region: SmallRegion, case: CaseTable) -> None:
    zones = good_zones()
    region.zones(zones.set_geometry(shapely.force_3d(zones.geometry, 99.0)))
    read = context(region).zones
    assert not read.geometry.has_z.any() and len(read) == 12
    case.as_meant(44, "3-D geometries", "heights are dropped")


def test_mixed_geometries_are_reduced_to_their_polygons(region: SmallRegion, case: CaseTable) -> None:
    square = good_zones().set_index("code").geometry["ZA1"]
    region.zones(with_shape("ZA1", shapely.GeometryCollection([square, shapely.Point(0, 0), square.exterior])))
    words = warned(region, "mixed_geometries_reduced")
    assert "lines and points in mixed geometries were dropped; their polygons are kept" in words
    assert context(region).zones.geometry["ZA1"].area == pytest.approx(square.area)
    case.warning(44, "mixed geometries", words)


def test_a_curved_outline_is_read_as_a_fine_polygon(region: SmallRegion, case: CaseTable) -> None:
    # A circle of 500 m stored as arcs: its area is pi / 4 square kilometres, that of a square on its four points half of one.
    middle = good_zones().set_index("code").geometry["ZA1"].centroid
    steps = [(-1, 0), (0, 1), (1, 0), (0, -1), (-1, 0)]
    points = b"".join(struct.pack("<dd", middle.x + 500 * x, middle.y + 500 * y) for x, y in steps)
    ring = struct.pack("<BII", 1, 8, len(steps)) + points  # a CircularString in a CurvePolygon (10)
    blob = b"GP" + struct.pack("<BBi", 0, 1, 27700) + struct.pack("<BII", 1, 10, 1) + ring
    with contextlib.closing(sqlite3.connect(region.path("zones.gpkg"))) as connection, connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute("UPDATE zones SET geom = ? WHERE code = 'ZA1'", (blob,))
    assert context(region).zones.geometry["ZA1"].area / 1e6 == pytest.approx(np.pi / 4, rel=0.002)
    case.as_meant(44, "curved geometries", "curves become fine polygons")


def test_a_monster_of_vertices_is_refused(region: SmallRegion, case: CaseTable) -> None:
    with mock.patch(
        "layers.geometries.MAX_VERTICES", 50
    ):  # twelve squares have 60; twenty million would be slow to make
        words = refused(region)
    assert "zones.gpkg has 60 vertices, above the 50 read" in words and "Generalise it first" in words
    case.error(45, "vertex monster (the limit lowered for the test)", words)


def test_a_zone_as_large_as_the_world_is_refused(region: SmallRegion, case: CaseTable) -> None:
    zones = good_zones().to_crs(DEGREES).set_index("code")
    zones.loc["ZA1", "geometry"] = shapely.box(-180, -90, 180, 90)
    region.zones(zones.reset_index())
    words = refused(region)
    assert "zones.gpkg" in words and GRID in words
    case.error(45, "world-size polygon", words)


# ---- geographies ----


LAYER = """geography = "{geography}"
vintage = "{vintage}"
source = "made for a test"
licence = "MIT"
fields"""


def layer_is(region: SmallRegion, geography: str, vintage: str = "2026", lookup: str = "") -> None:
    """Say otherwise what the table of people is on."""
    now = LAYER.format(geography="LSOA 2021", vintage="2026")
    region.replace("config.toml", now, lookup + LAYER.format(geography=geography, vintage=vintage))


def as_lsoas(region: SmallRegion, codes: Callable[[int], str] = lambda i: f"E0100{i:04d}") -> dict[str, str]:
    """Give the zones codes of LSOA 2021; returns old code -> new."""
    zones = good_zones()
    new = {code: codes(i) for i, code in enumerate(zones["code"])}
    region.zones(zones.assign(code=zones["code"].map(new)))
    for table in ("people.csv", "points.csv"):
        text = region.path(table).read_text(encoding="utf-8")
        for old, code in new.items():
            text = text.replace(old, code)
        region.path(table).write_text(text, encoding="utf-8")
    region.replace("config.toml", 'geography = "squares"', 'geography = "LSOA 2021"')
    return new


def test_lsoas_of_2011_on_lsoas_of_2021_are_refused_without_a_lookup(region: SmallRegion, case: CaseTable) -> None:
    as_lsoas(region)
    layer_is(region, "LSOA 2011")
    words = refused(region)
    assert "people.csv is on LSOA 2011 and the zones are LSOA 2021" in words and "`lookup`" in words
    case.error(46, "LSOA 2011 on LSOA 2021", words)


def test_merged_and_split_lsoas_keep_their_people(region: SmallRegion, case: CaseTable) -> None:
    new = as_lsoas(region)
    codes = list(new.values())
    # 2011: zones 0 and 1 of 2021 were one area of 200 people; 2021's zone 2 was two areas of 50; the rest as they are.
    rows = [{**row, "code": code} for row, code in zip(people(), codes, strict=True)]
    old = [{**rows[0], "code": "E01009000", "population": 200, "jobs": 20}, *rows[3:]]
    old += [{**rows[2], "code": f"E0100900{i}", "population": 50, "jobs": 5} for i in (1, 2)]
    region.table("people.csv", old)
    pairs = [("E01009000", codes[0]), ("E01009000", codes[1]), ("E01009001", codes[2]), ("E01009002", codes[2])]
    pairs += [(code, code) for code in codes[3:]]
    region.table("lookup.csv", [{"old": one, "new": other} for one, other in pairs])
    layer_is(region, "LSOA 2011", lookup='lookup = { file = "lookup.csv", source = "old", target = "new" }\n')
    values = context(region).values
    assert values["population"].tolist() == [100] * 12
    assert values["income_rate"][codes[0]] == values["income_rate"][codes[1]]  # both inherit what was published for one
    case.as_meant(
        46, "merged and split LSOAs with a lookup", "counts keep their total, rates are inherited or averaged"
    )


def test_codes_from_before_2011_are_refused(region: SmallRegion, case: CaseTable) -> None:
    as_lsoas(region, lambda i: f"00CN{i:04d}".replace("00CN", "00CNGB"))
    words = refused(region)
    assert "zones.gpkg" in words and "are not codes of LSOA 2021" in words and "before 2011" in words
    case.error(46, "old GSS codes", words)


def test_the_indices_of_2019_on_areas_of_2021_are_refused(region: SmallRegion, case: CaseTable) -> None:
    as_lsoas(region)
    layer_is(region, "LSOA 2021", vintage="2019")
    words = refused(region)
    assert "people.csv: the 2019 indices are on LSOA 2011, not LSOA 2021" in words
    case.error(47, "IMD 2019 on LSOA 2021", words)


def test_deciles_turned_round_are_refused(region: SmallRegion, case: CaseTable) -> None:
    region.table("people.csv", [{**row, "decile": 11 - int(str(row["decile"]))} for row in people()])
    words = refused(region)
    assert "deciles run the wrong way" in words and "Decile 1 must be the most deprived" in words
    case.error(47, "deciles turned round", words)


# ---- cells ----


@pytest.mark.parametrize("mark", ["-", "c", ":", "x", "..", ""])
def test_withheld_figures_are_missing_and_counted(region: SmallRegion, case: CaseTable, mark: str) -> None:
    region.table("people.csv", people_with("jobs", ZA0=mark))
    words = warned(region, "suppressed_cells" if mark else "blank_cells")
    assert "1 (8.3%)" in words and "people.csv, column jobs: these cells are missing values, not zeros" in words
    jobs = context(region).values["jobs"]
    assert np.isnan(jobs["ZA0"]) and jobs.sum() == 110
    case.warning(48, f"suppressed cell `{mark}`" if mark else "blank cell", words)


def test_thousands_separators_are_read(region: SmallRegion, case: CaseTable) -> None:
    region.table("people.csv", people_with("population", ZA0="1,234"))
    assert context(region).values["population"]["ZA0"] == 1234
    case.as_meant(48, "numbers as text with thousands separators", '"1,234" is 1234')


def test_words_for_numbers_are_refused(region: SmallRegion, case: CaseTable) -> None:
    region.table("people.csv", people_with("population", ZA0="many"))
    words = refused(region)
    assert "people.csv: column population: 1 cells are not numbers ('many')" in words
    case.error(48, "words for numbers", words)


def test_duplicate_join_keys_are_refused(region: SmallRegion, case: CaseTable) -> None:
    region.table("people.csv", [*people(), people()[0]])
    words = refused(region)
    assert "people.csv: column code has 1 ids more than once (ZA0); expected one row each" in words
    case.error(49, "duplicate join keys", words)


@pytest.mark.parametrize(
    ("what", "factor", "expected"),
    [("percent called fraction", 100, "looks like a percent"), ("count called fraction", 1000, "looks like a count")],
)
def test_level_4_in_another_unit_than_said_is_refused(
    region: SmallRegion, case: CaseTable, what: str, factor: float, expected: str
) -> None:
    region.table("people.csv", [{**row, "level4": float(str(row["level4"])) * factor} for row in people()])
    words = refused(region)
    assert "level4_share is said to be in unit 'fraction'" in words and expected in words and "Mend `unit`" in words
    case.error(50, what, words)


def test_level_4_in_percent_is_a_share_when_said_so(region: SmallRegion, case: CaseTable) -> None:
    before = context(region).values["level4_share"]
    region.table("people.csv", [{**row, "level4": float(str(row["level4"])) * 100} for row in people()])
    region.replace(
        "config.toml", 'level4", kind = "rate", unit = "fraction"', 'level4", kind = "rate", unit = "percent"'
    )
    assert np.allclose(context(region).values["level4_share"], before)
    case.as_meant(50, "percent, said so", "rates leave as shares 0-1 whatever they arrived as")


# ---- rasters ----

RASTER = """
[[rasters]]
id = "grid"
title = "Households on a grid"
file = "grid.tif"
field = "households"
unit = "households"
source = "made for a test"
licence = "MIT"
vintage = "2026"

[centres]"""


def with_raster(
    region: SmallRegion, nodata: float | None = -1.0, cell_m: float = 250.0, turn: float = 0.0
) -> np.ndarray:
    """A grid of one household a cell over all zones (16 cells to a square); returns its cells, for a test to change."""
    west, south, east, north = good_zones().total_bounds
    shape = int((north - south) // cell_m) + 1, int((east - west) // cell_m) + 1
    cells = np.ones(shape, dtype="float32")
    region.replace("config.toml", "\n[centres]", RASTER)
    write_raster(region, cells, nodata, Affine(cell_m, turn, west, 0, -cell_m, north))
    return cells


def write_raster(region: SmallRegion, cells: np.ndarray, nodata: float | None, transform: Affine | None = None) -> None:
    """The grid's file."""
    if transform is None:
        with rasterio.open(region.path("grid.tif")) as old:
            transform = old.transform
    height, width = cells.shape
    profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": GRID, "transform": transform, "nodata": nodata}
    with rasterio.open(region.path("grid.tif"), "w", height=height, width=width, **profile) as raster:
        raster.write(cells, 1)


@pytest.mark.parametrize(("what", "value"), [("nodata", -1.0), ("NaN", np.nan)])
def test_cells_without_a_value_are_no_households(region: SmallRegion, case: CaseTable, what: str, value: float) -> None:
    cells = with_raster(region)
    cells[:4] = value  # the northernmost squares
    write_raster(region, cells, -1.0)
    households = context(region).values["households"]
    assert households["ZE0"] == pytest.approx(16)
    assert households[["ZF0", "ZF1"]].isna().all()
    words = warned(region, "zones_outside_raster")
    assert "grid.tif has no cell with a value in these zones; their households is missing, not zero" in words
    case.warning(51, f"{what} cells", words)


def test_an_undeclared_nodata_value_is_found_by_its_negative_people(region: SmallRegion, case: CaseTable) -> None:
    cells = with_raster(region)
    cells[0, 0] = -9999
    write_raster(region, cells, None)
    words = refused(region)
    assert "grid.tif has negative counts" in words and "gdal_edit.py -a_nodata" in words
    case.error(51, "nodata not declared", words)


def test_a_turned_grid_is_refused(region: SmallRegion, case: CaseTable) -> None:
    with_raster(region, turn=30.0)
    words = refused(region)
    assert "grid.tif is not a north-up grid" in words and "gdalwarp" in words
    case.error(51, "odd affine", words)


def test_a_huge_declared_size_is_refused_before_it_is_read(region: SmallRegion, case: CaseTable) -> None:
    west, _, _, north = good_zones().total_bounds
    region.replace("config.toml", "\n[centres]", RASTER)
    # Nearly 10,000 million cells of 5 cm, none of them written: a file of a few kilobytes.
    size = {"height": 120_000, "width": 80_000, "transform": Affine(0.05, 0, west, 0, -0.05, north)}
    sparse = {"tiled": True, "blockxsize": 16384, "blockysize": 16384, "SPARSE_OK": True, "compress": "DEFLATE"}
    profile = {"driver": "GTiff", "count": 1, "dtype": "uint8", "crs": GRID, "BIGTIFF": "YES"}
    with rasterio.open(region.path("grid.tif"), "w", **profile, **size, **sparse):
        pass
    words = refused(region)
    assert "grid.tif" in words and "cells" in words and "coarser raster" in words
    case.error(51, "huge declared size", words)


def test_a_grid_of_several_bands_is_one_clear_error(region: SmallRegion, case: CaseTable) -> None:
    """Women and men, or a picture: the first band alone would be a wrong count."""
    region.replace("config.toml", "\n[centres]", RASTER)
    profile = {"driver": "GTiff", "count": 2, "dtype": "float32", "crs": DEGREES, "height": 40, "width": 40}
    with rasterio.open(
        region.path("grid.tif"), "w", transform=Affine(0.01, 0, -2.1, 0, -0.01, 52.7), **profile
    ) as raster:
        raster.write(np.ones((2, 40, 40), dtype="float32"))
    words = refused(region)
    assert words.startswith("grid.tif has 2 bands of values where one is expected")
    case.error(84, "a grid of people with two bands", words)
