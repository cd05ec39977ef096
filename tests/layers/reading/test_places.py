"""Centres, corridors, pilots and who belongs to them."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from layers.errors import LayerError
from layers.reading.employment import read_sites, weighted_hectares, within_reach
from layers.reading.places import catchments, members, pilot_catchments, read_centres, read_corridors, read_pilots
from tests.layers.tables.test_read import WriteText


def lines(**shapes: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    geometry = [shapely.LineString(points) for points in shapes.values()]
    return gpd.GeoDataFrame({"name": list(shapes)}, index=list(shapes), geometry=geometry, crs="EPSG:27700")


def test_waypoints_are_joined_in_their_order_not_in_the_files(write_csv_text: WriteText) -> None:
    text = "id,name,order,lat,lon\nc,C,2,52.5,-1.9\nb,B,1,52.5,-2\nc,C,10,52.5,-1.8\nc,C,1,52.5,-2\nb,B,2,52.6,-2\n"
    corridors = read_corridors(write_csv_text(text))
    assert list(corridors.index) == ["c", "b"]
    degrees = corridors.geometry.to_crs("EPSG:4326")
    assert [round(x, 3) for x, _ in degrees["c"].coords] == [-2.0, -1.9, -1.8]
    # A tenth of a degree of latitude is 11.1 km anywhere.
    assert corridors.loc["b", "length_km"] == pytest.approx(11.12, abs=0.02)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("c,C,1,52.5,-2\n", "corridors with one waypoint: c"),
        ("c,C,1,52.5,-2\nc,C,1,52.6,-2\n", "waypoints repeated: c order 1"),
        ("c,C,1,52.5,-2\nc,D,2,52.6,-2\n", "corridors with two names: c"),
        ("c,C,1,52.5,-2\nc,C,,52.6,-2\n", "order is blank at c"),
        (",C,1,52.5,-2\n,C,2,52.6,-2\n", r"none is blank or holds one \(''\)"),
        ("c;d,C,1,52.5,-2\nc;d,C,2,52.6,-2\n", r"none is blank or holds one \('c;d'\)"),
        ("c,C,1,52.5,-2\nc,C,2,52.5,-2\n", r"corridors without length \(c\)"),
        (
            "c,C,1,52.5,-2\nc,C,2,252,-2\n",
            r"1 points have no longitude .* \(line 3; the first has lon -2, lat 252\)",
        ),
        ("c,C,1,-2,52.5\nc,C,2,-1.9,52.5\n", "swapped axes"),
        ("c,C,1,52.5,here\nc,C,2,52.6,-2\n", "column lon: 1 cells are not numbers"),
    ],
)
def test_waypoints_that_make_no_corridor_are_an_error(write_csv_text: WriteText, rows: str, message: str) -> None:
    with pytest.raises(LayerError, match=message):
        read_corridors(write_csv_text("id,name,order,lat,lon\n" + rows))


@pytest.mark.parametrize("name", ["corridors.geojson", "corridors.gpkg"])
def test_corridors_are_read_from_line_layers_too(tmp_path: Path, name: str) -> None:
    frame = lines(north=[(400_000, 300_000), (400_000, 303_000)]).reset_index(names="id")
    frame.to_crs("EPSG:4326").to_file(tmp_path / name)
    corridors = read_corridors(tmp_path / name)
    assert corridors.loc["north", "length_km"] == pytest.approx(3.0, rel=1e-4)


def test_centres_and_pilots_know_their_default_set_and_radius(write_csv_text: WriteText) -> None:
    centres = read_centres(
        write_csv_text(
            "id,name,lat,lon,basis,default\nBHM,Birmingham,52.479,-1.8985,computed,true\n"
            "DUD,Dudley,52.51,-2.08,,false\n"
        )
    )
    assert centres["default"].tolist() == [True, False]
    assert centres.loc["BHM", "lon"] == pytest.approx(-1.8985)
    pilots = read_pilots(write_csv_text("id,name,lat,lon,radius_m\np,P,52.5,-2,800\n", "pilots.csv"))
    circle = pilot_catchments(pilots).area.iloc[0]
    assert circle / 1e6 == pytest.approx(np.pi * 0.8**2, rel=0.001)
    with pytest.raises(LayerError, match=r"radius_m must be metres above 0 and at most 20,000 \(p\)"):
        read_pilots(write_csv_text("id,name,lat,lon,radius_m\np,P,52.5,-2,0\n", "zero.csv"))
    with pytest.raises(LayerError, match=r"default must be true or false \(p\)"):
        read_centres(write_csv_text("id,name,lat,lon,default\np,P,52.5,-2,maybe\n", "maybe.csv"))
    with pytest.raises(LayerError, match=r"1 ids more than once \(p\)"):
        read_centres(write_csv_text("id,name,lat,lon\np,P,52.5,-2\np,Q,52.6,-2\n", "twice.csv"))


def test_a_catchment_is_the_line_widened_all_round() -> None:
    """A straight 3 km line at 1.2 km: a 3.0 x 2.4 rectangle and two half circles."""
    areas = catchments(lines(c=[(400_000, 300_000), (403_000, 300_000)]), [1200])
    assert areas.area.iloc[0] / 1e6 == pytest.approx(3.0 * 2.4 + np.pi * 1.2**2, rel=0.001)


def test_a_zone_belongs_to_every_catchment_its_point_is_in() -> None:
    areas = catchments(lines(c=[(400_000, 300_000), (403_000, 300_000)], d=[(402_000, 299_000), (402_000, 305_000)]))
    points = pd.DataFrame(
        {"x": [400_000, 402_000, 402_000, 409_000], "y": [300_700, 300_500, 304_000, 300_000]},
        index=pd.Index(["west", "crossing", "north", "far"], name="zone_id"),
    )
    pairs = members(points, areas)
    nearest = pairs[pairs["buffer_m"] == 800]
    assert set(zip(nearest["corridor_id"], nearest["zone_id"], strict=True)) == {
        ("c", "west"),
        ("c", "crossing"),
        ("d", "crossing"),
        ("d", "north"),
    }
    assert "far" not in set(pairs["zone_id"])


def test_a_wider_buffer_never_loses_a_zone() -> None:
    generator = np.random.default_rng(1)
    points = pd.DataFrame({"x": generator.uniform(4e5, 4.05e5, 200), "y": generator.uniform(3e5, 3.05e5, 200)})
    pairs = members(points, catchments(lines(c=[(400_000, 300_000), (405_000, 305_000)])))
    inside = {buffer_m: set(group["zone_id"]) for buffer_m, group in pairs.groupby("buffer_m")}
    assert inside[800.0] < inside[1200.0] < inside[2000.0]


SITES = (
    "id,name,lat,lon,ha,status,claimed_jobs\n"
    'i54,i54,52.64,-2.13,97,open,"up to 2,700"\nfp,Friar Park,52.55,-1.98,27,housing,\n'
    "hub,Hub,52.45,-1.73,,Allocated,\n"
)


def test_sites_keep_their_claims_as_words_and_housing_counts_for_nothing(write_csv_text: WriteText) -> None:
    sites = read_sites(write_csv_text(SITES))
    assert sites.loc["i54", "claimed_jobs"] == "up to 2,700"
    assert np.isnan(sites.loc["hub", "ha"])
    assert weighted_hectares(sites).to_dict() == {"i54": 97.0, "fp": 0.0, "hub": 0.0}


def test_unknown_status_words_and_duplicate_sites_are_errors(write_csv_text: WriteText) -> None:
    with pytest.raises(LayerError, match=r"status must be one of open, permitted, allocated, housing \(i54: 'maybe'\)"):
        read_sites(write_csv_text(SITES.replace("open", "maybe")))
    with pytest.raises(LayerError, match=r"1 ids more than once \(i54\)"):
        read_sites(write_csv_text(SITES + "i54,again,52.64,-2.13,97,open,\n"))


def test_hectares_within_reach_leave_out_what_is_unreachable() -> None:
    minutes = np.array([[10.0, 45.0, 46.0], [np.nan, 30.0, 45.1]])
    assert within_reach(minutes, np.array([10.0, 5.0, 100.0]), 45).tolist() == [15.0, 5.0]


def test_the_projects_own_places_can_be_read(places: Path) -> None:
    centres, pilots = read_centres(places / "centres.csv"), read_pilots(places / "pilots.csv")
    assert centres["default"].sum() == 9
    assert pilots.loc["brierley_hill_skills", "radius_m"] == 2000
    sites = read_sites(places / "sites.csv")
    assert weighted_hectares(sites)["friar_park"] == 0
    assert sites["claimed_jobs"].str.contains("up to").any()


def test_a_header_alone_is_no_places(tmp_path: Path) -> None:
    """Pilots and sites are optional: a file without rows says the same as no file."""
    file = tmp_path / "pilots.csv"
    file.write_text("id,name,lat,lon,radius_m,status\n", encoding="utf-8")
    assert read_pilots(file).empty
    assert read_sites(file).empty
    assert read_centres(file).empty
