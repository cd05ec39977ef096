"""`corridors init` reads a region's files, writes a configuration that `check` passes, and replaces nothing."""

import datetime as dt
import tomllib
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from corridors.checks import check_inputs
from corridors.config.run_config import load_config
from corridors.config.schema import FIRST_LINE, config_schema
from corridors.inputs.base_map import read_base_map_of
from corridors.pipeline import run
from corridors.runtime.progress import Progress
from corridors.setup.zones_proposal import propose_zones
from tests.accessibility.streets.test_base_map import node, way, written
from tests.support.cli import Ran, corridors
from tests.support.json_schema import problems
from tests.support.shared_data import NEWPORT, needs_newport
from tests.support.small_region import SmallRegion


def began(region: SmallRegion, *words: object, name: str = "The Line", out: str = "new") -> Ran:
    files = ("--zones", region.path("zones.gpkg"), "--gtfs", region.path("feed.zip"))
    return corridors("init", name, *files, "--out", region.path(out), *words)


def test_what_is_written_passes_the_check_and_runs(region: SmallRegion) -> None:
    ran = began(region)
    assert ran.code == 0, ran.err
    file = region.path("new/the_line.toml")
    text = file.read_text(encoding="utf-8")
    assert text.startswith(FIRST_LINE)
    assert list(problems(tomllib.loads(text), config_schema())) == []
    config = load_config(file)
    assert (config.region.name, config.region.slug, config.region.crs) == ("The Line", "the_line", "EPSG:27700")
    assert dict(config.region.districts) == {"D1": "D1", "D2": "D2"}
    assert config.timetable.date.weekday() in {1, 2, 3}
    assert config.region.illustrative, "residents are not known yet"
    with Progress(quiet=True, verbose=False, log_json=None) as progress:
        assert check_inputs(config, progress.stage).problems == ()
    results = run(config)
    assert results.kpi.people_total == 12_000
    assert len(results.corridors) == 0
    assert results.base_map is None
    assert "nothing (give --osm or --base-map)" in ran.out
    assert "# [base_map]" in text


def ground(region: SmallRegion, kind: str = "road") -> Path:
    """A layer with a road through the zones and a park."""
    west, south, east, north = gpd.read_file(region.path("zones.gpkg")).total_bounds
    shapes = [shapely.LineString([(west, south), (east, north)]), shapely.box(west, south, west + 400, south + 400)]
    facts = {"kind": [kind, "green"], "class": ["trunk", "park"], "name": ["A1", "Park"]}
    file = region.path("ground.gpkg")
    gpd.GeoDataFrame(facts, geometry=shapes, crs="EPSG:27700").to_file(file, layer="drawn")
    return file


def test_a_layer_to_draw_under_the_zones_is_written_and_checked(region: SmallRegion) -> None:
    words = ("--base-map", ground(region), "--base-map-layer", "drawn")
    ran = began(region, *words)
    assert ran.code == 0, ran.err
    assert "maps draw under the zones: roads and green space\n" in ran.out
    file = region.path("new/the_line.toml")
    read = load_config(file).base_map
    assert (read.file, read.layer) == (region.path("new") / "../ground.gpkg", "drawn")
    checked = corridors("check", file)
    assert checked.code == 0, checked.err
    assert "maps draw under the zones: roads and green space\n" in checked.out
    ground(region, kind="street")
    checked = corridors("check", file)
    assert (checked.code, "none of these: street trunk" in checked.err) == (2, True)
    refused = began(region, *words, out="other")
    assert (refused.code, region.path("other").exists()) == (2, False)
    assert "none of these: street trunk" in refused.err


@pytest.mark.parametrize("option", ["--osm", "--base-map"])
def test_openstreetmap_gives_the_ground_whichever_option_names_it(region: SmallRegion, option: str) -> None:
    zones = gpd.read_file(region.path("zones.gpkg")).to_crs("EPSG:4326")
    lon, lat = zones.geometry.iloc[0].centroid.coords[0]
    nodes = (node(1, lon, lat, {"place": "village", "name": "Ham"}), node(2, lon + 0.004, lat), node(3, lon, lat))
    file = written(region.folder, *nodes, way(1, [2, 3], {"highway": "primary"}))
    ran = began(region, option, file)
    assert ran.code == 0, ran.err
    assert "maps draw under the zones: roads; names of 1 place\n" in ran.out
    config = load_config(region.path("new/the_line.toml"))
    assert (config.streets.file is None) == (option == "--base-map")
    found = read_base_map_of(config, zones.to_crs("EPSG:27700")).base_map
    assert found is not None
    assert "OpenStreetMap" in found.credit
    assert sorted(found.frame["name"]) == ["", "Ham"]


def test_proposed_centres_lie_apart_at_stops_with_departures(region: SmallRegion) -> None:
    """Every stop of the line has as many departures but the ends; stops are 1.1 km apart, so every second one is left."""
    began(region)
    centres = pd.read_csv(region.path("new/centres.csv"))
    placed = gpd.GeoSeries.from_xy(centres["lon"], centres["lat"], crs="EPSG:4326").to_crs("EPSG:27700")
    for number, point in enumerate(placed):
        assert (placed.drop(number).distance(point) >= 1500).all()
    assert len(centres) == 3
    assert centres["id"].is_unique
    assert centres["basis"].str.startswith("proposed: ").all()


def test_nothing_is_replaced(region: SmallRegion) -> None:
    assert began(region).code == 0
    mine = region.path("new/population.csv")
    mine.write_text("zone_id,population\nZA0,7\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in mine.parent.iterdir()}
    ran = began(region)
    assert ran.code == 2
    assert "population.csv" in ran.err
    assert {path: path.read_bytes() for path in mine.parent.iterdir()} == before


def test_residents_and_districts_of_the_zones_are_taken(region: SmallRegion) -> None:
    zones = gpd.read_file(region.path("zones.gpkg"))
    zones = zones.rename(columns={"code": "LSOA21CD", "name": "LSOA21NM"}).drop(columns="district")
    zones = zones.assign(LAD23CD=["E1", "E2"] * 6, LAD23NM=["East", "West"] * 6, population=range(100, 112))
    zones = zones.assign(LSOA21CD=[f"E010000{n}" for n in range(10, 22)])
    region.zones(zones)
    assert began(region).code == 0
    config = load_config(region.path("new/the_line.toml"))
    assert dict(config.region.districts) == {"E1": "East", "E2": "West"}
    assert (config.zones.id, config.zones.name, config.zones.geography) == ("LSOA21CD", "LSOA21NM", "LSOA 2021")
    assert not config.region.illustrative
    assert pd.read_csv(region.path("new/population.csv"))["population"].tolist() == list(range(100, 112))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--id", "nowhere"), "--id nowhere: zones.gpkg has no such column; it has code, name, district"),
        (("--layer", "nowhere"), "zones.gpkg has no layer 'nowhere'"),
        (("--osm", "nowhere.osm.pbf"), "there is no file at nowhere.osm.pbf"),
        (("--base-map", "nowhere.gpkg"), "there is no file at nowhere.gpkg"),
    ],
)
def test_what_can_not_be_used_is_said_and_nothing_written(
    region: SmallRegion, words: tuple[str, ...], said: str
) -> None:
    ran = began(region, *words)
    assert (ran.code, region.path("new").exists()) == (2, False)
    assert said in ran.err


def test_zones_without_codes_and_of_another_place_are_refused(region: SmallRegion) -> None:
    zones = gpd.read_file(region.path("zones.gpkg"))
    region.zones(zones[["district", "geometry"]])
    assert "no column of zones.gpkg is filled and different for each zone; it has district" in began(region).err
    region.zones(zones.set_geometry(zones.translate(200_000, 0)))
    ran = began(region)
    assert ran.code == 2
    assert "near the zones" in ran.err or "lies in the zones" in ran.err
    assert "give another NAME" in began(region, name="???").err


@pytest.mark.parametrize(
    ("lon", "lat", "stored", "crs"),
    [
        (-1.9, 52.5, "EPSG:4326", "EPSG:27700"),
        (-1.9, 52.5, "EPSG:27700", "EPSG:27700"),
        (-51.2, -30.0, "EPSG:4326", "EPSG:32722"),
        (-51.2, -30.0, "EPSG:3857", "EPSG:32722"),
        (13.4, 52.5, "EPSG:25833", "EPSG:25833"),
    ],
)
def test_a_system_in_metres_is_proposed(tmp_path: Path, lon: float, lat: float, stored: str, crs: str) -> None:
    squares = [shapely.box(lon + n / 100, lat, lon + (n + 1) / 100, lat + 0.01) for n in range(3)]
    file = tmp_path / "zones.gpkg"
    gpd.GeoDataFrame({"code": ["a", "b", "c"]}, geometry=squares, crs="EPSG:4326").to_crs(stored).to_file(file)
    assert propose_zones(file, None, "Region").crs == crs


@needs_newport
def test_newport_from_nothing_to_a_run(tmp_path: Path) -> None:
    """Squares of 1 km round the bus station, the town's timetable and streets, and no table written by hand."""
    east, north = 331_000, 188_000
    squares = [shapely.box(x, y, x + 1000, y + 1000) for x in range(east - 2000, east + 2000, 1000)
               for y in range(north - 2000, north + 2000, 1000)]  # fmt: skip
    zones = tmp_path / "squares.gpkg"
    gpd.GeoDataFrame({"square": [f"N{n}" for n in range(16)]}, geometry=squares, crs="EPSG:27700").to_file(zones)
    (feed,), (streets,) = (list(NEWPORT.glob(pattern)) for pattern in ("*.zip", "*.pbf"))
    ran = corridors(
        "init", "Newport", "--zones", zones, "--gtfs", feed, "--osm", streets, "--out", tmp_path / "newport"
    )
    assert ran.code == 0, ran.err
    config = load_config(tmp_path / "newport" / "newport.toml")
    assert dt.date(2023, 6, 5) <= config.timetable.date <= dt.date(2024, 3, 1)
    assert 0 < run(config).kpi.share < 1
