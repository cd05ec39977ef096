"""Regions anywhere: measured in a projected system in true metres or refused, and printed in that system."""

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from pyproj import CRS

from layers.errors import LayerError
from layers.geometries import in_working_crs, working_crs
from maps.print.scale_bar import north_of
from tests.support.case_table import CaseTable
from tests.support.cli import corridors
from tests.support.small_region import SmallRegion, good_zones

PLACES = {
    "Porto Alegre": ("EPSG:31982", -51.2, -30.05),
    "Lyon": ("EPSG:2154", 4.85, 45.75),
    "New York": ("EPSG:26918", -74.0, 40.7),
}

REFUSED = {
    "EPSG:999999": "no coordinate reference system that is known here",
    "British Grid": "no coordinate reference system that is known here",
    "EPSG:4326": "not projected (Geographic 2D CRS)",
    "EPSG:5701": "not projected (Vertical CRS)",
    "EPSG:4978": "not projected (Geocentric CRS)",
    "EPSG:2263": "measured in units of one US survey foot, not in metres",
    "EPSG:7405": "axes to the east, north, up, not to the east and north alone",
    "EPSG:2048": "axes to the west, south, not to the east and north alone",
    "EPSG:3031": "axes to the north, north, not to the east and north alone",
}


@pytest.mark.parametrize("crs", REFUSED)
def test_a_system_that_is_not_one_of_metres_on_a_map_is_refused(region: SmallRegion, case: CaseTable, crs: str) -> None:
    region.replace("config.toml", "illustrative", f'crs = "{crs}"\nillustrative')
    for command in ("check", "run"):
        ran = corridors(command, region.config, *(["--out", region.path("out")] if command == "run" else []))
        assert ran.code == 2
        assert "region.crs: " in ran.err and REFUSED[crs] in ran.err and "e.g. EPSG:27700" in ran.err
    assert not region.path("out").exists()
    case.error(85, f"region.crs = `{crs}`", ran.err.removeprefix("error: "))


STRETCHED = {
    "EPSG:3857": ((-1.9, 52.4), "1.641 km", "EPSG:32630"),  # the web's Mercator: one over the cosine of the latitude
    "EPSG:6933": ((-1.9, 52.4), "km", "EPSG:32630"),  # equal areas, not equal lengths
    "+proj=utm +zone=33 +datum=WGS84": ((-1.9, 52.4), "1.016 km", "EPSG:32630"),  # the UTM zone of Prague
    "+proj=utm +zone=25 +south +datum=WGS84": ((-51.2, -30.05), "1.039 km", "EPSG:32722"),
}


@pytest.mark.parametrize("crs", STRETCHED)
def test_a_system_that_stretches_the_zones_is_refused(region: SmallRegion, case: CaseTable, crs: str) -> None:
    place, length, better = STRETCHED[crs]
    region.move(crs, *place)
    ran = corridors("check", region.config)
    assert ran.code == 2
    said = ran.err if "km on the ground" in ran.err else ""
    assert length in said and f"e.g. {better} (UTM)" in said, ran.err
    case.error(85, f"a region in `{crs}`", said.removeprefix("error: "))


@pytest.mark.parametrize(
    ("crs", "lon", "lat"),
    [
        ("EPSG:27700", -7.5, 57.5),
        ("EPSG:2154", 9.1, 42.0),
        ("EPSG:3035", -1.9, 52.5),
        ("EPSG:2193", 174.8, -41.3),
        ("EPSG:5514", 14.4, 50.1),
        ("EPSG:3006", 18.1, 59.3),
        ("EPSG:3857", 103.8, 1.3),
    ],
)
def test_national_grids_and_others_that_are_true_to_one_per_cent_are_used(crs: str, lon: float, lat: float) -> None:
    spot = gpd.GeoSeries([shapely.Point(lon, lat).buffer(0.05)], crs="EPSG:4326")
    placed = in_working_crs(spot, crs, "z")
    assert placed.crs == CRS(crs)
    truth = spot.to_crs(CRS.from_proj4(f"+proj=aeqd +lon_0={lon} +lat_0={lat} +units=m"))
    assert placed.length.iloc[0] == pytest.approx(truth.length.iloc[0], rel=0.01)


def test_a_system_may_be_written_out() -> None:
    assert working_crs(CRS("EPSG:2154").to_wkt()) == CRS("EPSG:2154")
    assert working_crs("+proj=tmerc +lon_0=5 +x_0=500000 +datum=WGS84").is_projected
    with pytest.raises(LayerError, match="units of one unknown, not in metres"):
        working_crs("+proj=tmerc +lon_0=5 +x_0=500000 +datum=WGS84 +to_meter=0.9")


def test_an_area_across_180_degrees_holds_both_its_sides() -> None:
    """EPSG:3460, Fiji 1986, reaches from 176.81 to -178.15."""
    fiji = gpd.GeoSeries.from_xy(
        [177.4, 178.4, 179.9, -179.9, -178.5], [-17.6, -18.1, -16.7, -16.8, -18.0], crs="EPSG:4326"
    )
    assert len(in_working_crs(fiji, "EPSG:3460", "z")) == 5
    for lon in (175.0, -176.0, 0.0):
        elsewhere = gpd.GeoSeries.from_xy([lon], [-17.6], crs="EPSG:4326")
        with pytest.raises(LayerError, match="outside the area of EPSG:3460"):
            in_working_crs(elsewhere, "EPSG:3460", "z")


def test_a_region_in_fiji_passes_the_check(region: SmallRegion, case: CaseTable) -> None:
    region.move("EPSG:3460", 178.0, -18.0)
    ran = corridors("check", region.config)
    assert ran.code == 0, ran.err
    case.as_meant(86, "a region in Fiji (EPSG:3460 crosses 180 degrees)", "checked and run like any other")


@pytest.mark.parametrize("crs", ["EPSG:4978", "EPSG:5701"])
def test_a_layer_in_a_system_without_a_map_is_refused(region: SmallRegion, case: CaseTable, crs: str) -> None:
    region.zones(good_zones().set_crs(crs, allow_override=True))
    ran = corridors("check", region.config)
    assert ran.code == 2
    assert f"zones.gpkg is labelled {crs}" in ran.err and "places nothing on a map" in ran.err
    case.error(87, f"zones labelled `{crs}`", ran.err.removeprefix("error: "))


def test_a_layer_in_a_system_nobody_knows_is_one_clear_error(region: SmallRegion, case: CaseTable) -> None:
    region.path("zones.gpkg").unlink()
    label = '{"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}, '
    text = good_zones().set_crs(None, allow_override=True).to_json(drop_id=True).replace("{", label, 1)
    region.path("zones.geojson").write_text(text, encoding="utf-8")
    region.replace("config.toml", "zones.gpkg", "zones.geojson")
    ran = corridors("check", region.config)
    assert ran.code == 2
    assert "zones.geojson is labelled EPSG:4326 (degrees), but its numbers are not degrees" in ran.err
    case.error(87, "zones in metres, labelled `EPSG:999999`", ran.err.removeprefix("error: "))


@pytest.fixture
def moved_run(region: SmallRegion, request: pytest.FixtureRequest) -> tuple[str, SmallRegion]:
    """A region moved to a place and run there."""
    crs, lon, lat = PLACES[request.param]
    region.move(crs, lon, lat)
    ran = corridors("run", region.config, "--out", region.path("out"))
    assert ran.code == 0, ran.err
    return crs, region


@pytest.mark.parametrize("moved_run", PLACES, indirect=True)
def test_a_region_elsewhere_is_printed_in_its_own_system(moved_run: tuple[str, SmallRegion], case: CaseTable) -> None:
    """Twelve zones, of which the corridor's map shows eight or more; blank maps counted none."""
    crs, region = moved_run
    page = region.path("out/report.html").read_text(encoding="utf-8")
    counted = [int(number) for number in re.findall(r"Map\. [^\"]*?\. (\d+) zones? by", page)]
    assert counted and min(counted) >= 8
    for raster in Path(region.path("out")).rglob("*.tif"):
        with rasterio.open(raster) as surface:
            assert surface.crs == rasterio.crs.CRS.from_user_input(crs)
    case.as_meant(86, f"a region in `{crs}`", "computed, written and printed in that system")


@pytest.mark.parametrize(
    ("crs", "lon", "lat"), [("EPSG:31982", -51.2, -30.05), ("EPSG:2154", 4.85, 45.75), ("EPSG:3035", -1.9, 52.5)]
)
def test_the_arrow_of_a_map_points_to_true_north(crs: str, lon: float, lat: float) -> None:
    """Where the meridian of the place leads on the map, found from two points of it 10 km apart."""
    ends = gpd.GeoSeries.from_xy([lon, lon], [lat - 0.05, lat + 0.05], crs="EPSG:4326").to_crs(crs)
    middle = gpd.GeoSeries.from_xy([lon], [lat], crs="EPSG:4326").to_crs(crs)
    expected = np.degrees(np.arctan2(ends.x[1] - ends.x[0], ends.y[1] - ends.y[0]))
    assert north_of(middle.x[0], middle.y[0], CRS(crs)) == pytest.approx(expected, abs=0.01)


def test_the_grid_of_britain_points_north_on_its_own_meridian() -> None:
    assert north_of(400_000, 300_000, CRS("EPSG:27700")) == pytest.approx(0, abs=0.01)
