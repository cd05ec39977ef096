"""Zones at the border: ids, places and shapes that can be trusted afterwards."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from layers.errors import GeographyError, LayerError
from layers.reading.origins import read_finer_points, read_zone_points, zone_points
from layers.reading.zones import (
    assign_district,
    read_districts,
    read_zones,
    require_areas,
)
from tests.layers.conftest import WriteZones, square
from tests.layers.tables.test_read import WriteText


@pytest.mark.parametrize("name", ["z.gpkg", "z.geojson", "z.shp", "z.fgb", "z.parquet"])
def test_every_format_gives_the_same_zones_in_the_working_crs(write_zones: WriteZones, name: str) -> None:
    crs = "EPSG:4326" if name.endswith("geojson") else "EPSG:27700"
    shapes = gpd.GeoSeries([square(0, 0), square(1, 0)], crs="EPSG:27700").to_crs(crs)
    zones = read_zones(write_zones(list(shapes), ["a", "b"], crs, name), id_column="code", geography="squares")
    assert sorted(zones.frame.index) == ["a", "b"]
    assert zones.frame.index.name == "zone_id"
    assert zones.frame.crs.to_epsg() == 27700
    assert zones.frame.area.sum() / 1e6 == pytest.approx(2.0, rel=1e-4)


def test_whole_number_ids_become_text_and_a_blank_name_becomes_the_id(write_zones: WriteZones) -> None:
    path = write_zones([square(0, 0), square(1, 0)], [101, 102])
    zones = read_zones(path, id_column="code", geography="squares")
    assert list(zones.frame.index) == ["101", "102"]
    assert list(zones.frame["name"]) == ["101", "102"]


def test_duplicate_ids_are_an_error_that_names_them(write_zones: WriteZones) -> None:
    path = write_zones([square(0, 0), square(1, 0), square(2, 0)], ["a", "a", "b"])
    with pytest.raises(LayerError, match=r"zones.gpkg: column code has 1 ids more than once \(a\)"):
        read_zones(path, id_column="code", geography="squares")


def test_a_missing_id_column_names_what_is_there(write_zones: WriteZones) -> None:
    with pytest.raises(LayerError, match="no column 'lsoa21cd'; it has code, geometry"):
        read_zones(write_zones([square(0, 0)]), id_column="lsoa21cd", geography="LSOA 2021")


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_no_crs_is_an_error(write_zones: WriteZones) -> None:
    with pytest.raises(LayerError, match="no coordinate reference system"):
        read_zones(write_zones([square(0, 0)], crs=None), id_column="code", geography="squares")


@pytest.mark.parametrize(
    ("shape", "crs", "message"),
    [
        (shapely.box(-1.9, 52.5, -1.8, 52.6), "EPSG:27700", "look like degrees"),
        (square(0, 0), "EPSG:4326", "are not degrees"),
        (square(0, 0), "EPSG:3857", "outside the area of EPSG:27700"),
        (shapely.box(52.5, -1.9, 52.6, -1.8), "EPSG:4326", "swapped axes"),
        (shapely.box(-180, -89, 180, 89), "EPSG:4326", "EPSG:27700"),
        (shapely.box(2.2, 48.8, 2.4, 48.9), "EPSG:4326", "or another place"),
    ],
    ids=["degrees called metres", "metres called degrees", "wrong label", "swapped axes", "the whole world", "Paris"],
)
def test_coordinates_that_contradict_their_crs_are_an_error(
    write_zones: WriteZones, shape: shapely.Geometry, crs: str, message: str
) -> None:
    with pytest.raises(LayerError, match=message):
        read_zones(write_zones([shape], crs=crs), id_column="code", geography="squares")


def test_an_outline_that_crosses_itself_is_repaired_and_counted(write_zones: WriteZones) -> None:
    """A bow tie over a square kilometre: two triangles, half the square."""
    bow_tie = shapely.Polygon([(400000, 300000), (401000, 301000), (401000, 300000), (400000, 301000)])
    zones = read_zones(write_zones([bow_tie, square(2, 0)]), id_column="code", geography="squares")
    assert zones.frame.is_valid.all()
    assert zones.frame.area.loc["z0"] == pytest.approx(500_000)
    assert [(finding.code, finding.count, finding.total) for finding in zones.findings] == [
        ("invalid_polygons_repaired", 1, 2)
    ]


def test_only_the_polygons_of_mixed_geometries_are_kept(write_zones: WriteZones) -> None:
    mixed = shapely.GeometryCollection([square(0, 0), shapely.Point(400000, 300000)])
    zones = read_zones(write_zones([mixed, square(2, 0)]), id_column="code", geography="squares")
    assert zones.frame.area.tolist() == [1e6, 1e6]
    assert zones.findings[0].code == "mixed_geometries_reduced"


@pytest.mark.parametrize(
    "shape", [None, shapely.Polygon(), shapely.Point(400000, 300000), shapely.LineString([(4e5, 3e5), (4.1e5, 3e5)])]
)
def test_a_zone_without_a_polygon_is_an_error_that_names_it(
    write_zones: WriteZones, shape: shapely.Geometry | None
) -> None:
    path = write_zones([square(0, 0), shape], ["here", "nowhere"])
    with pytest.raises(LayerError, match=r"1 of 2 rows have no polygon \(nowhere\)"):
        read_zones(path, id_column="code", geography="squares")


def test_zones_inside_other_zones_are_counted(write_zones: WriteZones) -> None:
    """A district that stands in the file beside its own two zones."""
    path = write_zones([square(0, 0, 2000), square(0, 0), square(1, 0)], ["district", "a", "b"])
    findings = read_zones(path, id_column="code", geography="squares").findings
    assert [(finding.code, finding.sample) for finding in findings] == [("zones_overlap", ("a", "b"))]


def test_a_layer_with_too_many_vertices_is_refused(write_zones: WriteZones, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.geometries.MAX_VERTICES", 9)
    with pytest.raises(LayerError, match="10 vertices, above the 9 read"):
        read_zones(write_zones([square(0, 0), square(1, 0)]), id_column="code", geography="squares")


def test_codes_of_another_kind_of_area_are_refused(write_zones: WriteZones) -> None:
    path = write_zones([square(0, 0), square(1, 0)], ["E02001827", "E02001828"])
    with pytest.raises(GeographyError, match=r"2 of 2 codes are not codes of LSOA 2021 \(E02001827, E02001828\)"):
        read_zones(path, id_column="code", geography="LSOA 2021")
    old = write_zones([square(0, 0)], ["00CNGB0012"], name="old.gpkg")
    with pytest.raises(GeographyError, match="codes from before 2011"):
        read_zones(old, id_column="code", geography="Wards 2022")


def test_without_a_table_every_zone_has_a_representative_point_inside(write_zones: WriteZones) -> None:
    zones = read_zones(write_zones([square(0, 0), square(1, 0)]), id_column="code", geography="squares")
    points = zone_points(zones).frame
    placed = gpd.GeoSeries.from_xy(points["x"], points["y"], index=points.index, crs="EPSG:27700")
    assert placed.within(zones.frame.geometry).all()
    assert set(points["basis"]) == {"representative point"}
    assert points["lat"].between(52.5, 52.7).all()


def test_weighted_centroids_are_used_and_misses_counted(write_zones: WriteZones, write_csv_text: WriteText) -> None:
    zones = read_zones(write_zones([square(column, 0) for column in range(11)]), id_column="code", geography="squares")
    inside = zones.frame.centroid.translate(xoff=100).to_crs("EPSG:4326")
    lines = "".join(f"{zone},{point.x:.8f},{point.y:.8f}\n" for zone, point in inside.items() if zone != "z3")
    table = read_zone_points(
        write_csv_text("code,lon,lat\n" + lines), id_column="code", lon_column="lon", lat_column="lat"
    )
    points, findings = zone_points(zones, table)
    assert points.loc["z0", "x"] == pytest.approx(400_600, abs=0.1)
    assert points.loc["z3", "basis"] == "representative point"
    assert [(finding.code, finding.sample) for finding in findings] == [("representative_points_used", ("z3",))]


def test_finer_points_share_out_a_zones_people_and_stand_in_for_its_point(
    write_zones: WriteZones, write_csv_text: WriteText
) -> None:
    """z0 has three people in the west and one in the east, 400 m apart; z1 two points where nobody is counted; z2 none."""
    zones = read_zones(write_zones([square(column, 0) for column in range(3)]), id_column="code", geography="squares")
    places = [(400_300, 3), (400_700, 1), (401_200, 0), (401_800, 0), (409_000, 5)]
    there = gpd.GeoSeries.from_xy([x for x, _ in places], [300_500] * 5, crs="EPSG:27700").to_crs("EPSG:4326")
    rows = "".join(f"p{i},{point.x:.8f},{point.y:.8f},{places[i][1]}\n" for i, point in there.items())
    finer, findings = read_finer_points(
        write_csv_text("code,lon,lat,n\n" + rows),
        id_column="code", lon_column="lon", lat_column="lat", people_column="n", zones=zones,
    )  # fmt: skip
    assert finer["zone"].to_dict() == {"p0": "z0", "p1": "z0", "p2": "z1", "p3": "z1"}
    assert finer["share"].tolist() == [0.75, 0.25, 0.5, 0.5]
    assert [(one.code, one.sample) for one in findings] == [("finer_points_outside", ("p4",))]
    points, told = zone_points(zones, None, finer)
    assert points["basis"].tolist() == ["mean of finer points"] * 2 + ["representative point"]
    assert points["x"].tolist()[:2] == pytest.approx([400_400, 401_500], abs=0.1)
    assert {one.code: one.sample for one in told} == {
        "means_of_finer_points_used": ("z0", "z1"), "representative_points_used": ("z2",)
    }  # fmt: skip


def test_points_of_another_geography_or_place_are_refused(write_zones: WriteZones) -> None:
    zones = read_zones(write_zones([square(0, 0), square(1, 0)]), id_column="code", geography="squares")
    degrees = zones.frame.centroid.to_crs("EPSG:4326")
    others = pd.DataFrame({"lon": degrees.x.to_numpy(), "lat": degrees.y.to_numpy()}, index=["a", "b"])
    with pytest.raises(GeographyError, match="2 of 2 zones have no row in the points table"):
        zone_points(zones, others)
    swapped = pd.DataFrame({"lon": degrees.y, "lat": degrees.x})
    with pytest.raises(LayerError, match="longitude and latitude may be swapped"):
        zone_points(zones, swapped)


def test_zones_of_other_districts_are_left_out_and_counted(write_zones: WriteZones, write_csv_text: WriteText) -> None:
    zones = read_zones(write_zones([square(column, 0) for column in range(3)]), id_column="code", geography="squares")
    lookup = write_csv_text("zone,district\nz0,D1\nz0,D1\nz1,D2\nz2,D9\n")
    codes = read_districts(lookup, zone_column="zone", district_column="district")
    placed = assign_district(zones, codes, {"D1": "Walsall", "D2": "Dudley"})
    assert placed.frame["district_name"].to_dict() == {"z0": "Walsall", "z1": "Dudley"}
    assert list(placed.attributes.index) == ["z0", "z1"]
    assert [(finding.code, finding.count) for finding in placed.findings] == [("zones_outside_region", 1)]


def test_a_lookup_that_does_not_cover_the_zones_or_splits_one_is_an_error(
    write_zones: WriteZones, write_csv_text: WriteText
) -> None:
    zones = read_zones(write_zones([square(0, 0), square(1, 0)]), id_column="code", geography="squares")
    with pytest.raises(GeographyError, match=r"1 of 2 zones have no district \(z1\)"):
        assign_district(zones, pd.Series({"z0": "D1"}), {"D1": "Walsall"})
    with pytest.raises(GeographyError, match="no zone lies in D2 Dudley"):
        assign_district(zones, pd.Series({"z0": "D1", "z1": "D1"}), {"D1": "Walsall", "D2": "Dudley"})
    split = write_csv_text("zone,district\nz0,D1\nz0,D2\n")
    with pytest.raises(LayerError, match="more than one district"):
        read_districts(split, zone_column="zone", district_column="district")


def test_a_flat_polygon_is_no_zone(write_zones: WriteZones) -> None:
    flat = shapely.Polygon([(400000, 300000), (401000, 300000), (400000, 300000)])
    with pytest.raises(LayerError, match=r"1 of 1 rows have no polygon \(z0\)"):
        read_zones(write_zones([flat]), id_column="code", geography="squares")


def test_an_outline_without_an_area_is_refused() -> None:
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    outlines = gpd.GeoSeries([square(0, 0), bow_tie], index=["a", "b"], crs="EPSG:27700")
    with pytest.raises(LayerError, match=r"1 outlines are no polygons with an area \(b\)"):
        require_areas(outlines, "zones.gpkg")
