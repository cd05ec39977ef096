"""Zones whose names are codes take the nearest named place, as a slow reading of every pair finds it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from corridors.places.near_names import MOST_M, is_code, known_names, nearest_places
from maps import BaseMap

CRS = "EPSG:27700"
FAR_EAST = 900_000.0  # no bundled place is near


def region(names: list[str], districts: list[str], at: np.ndarray) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Zones (id = name) round points in metres."""
    ids = pd.Index([f"E{n}" for n in range(len(names))], name="zone_id")
    zones = gpd.GeoDataFrame(
        {"name": names, "district_name": districts}, geometry=shapely.buffer(shapely.points(at), 50), index=ids, crs=CRS
    )
    return zones, pd.DataFrame(at, columns=["x", "y"], index=ids)


def named(names: list[str], at: np.ndarray) -> BaseMap:
    frame = gpd.GeoDataFrame({"kind": "place", "class": "suburb", "name": names}, geometry=shapely.points(at), crs=CRS)
    return BaseMap(frame, "made for a test")


@pytest.mark.parametrize("seed", range(3))
def test_the_nearest_place_is_taken_that_the_zone_is_not_named_after(seed: int) -> None:
    draw = np.random.default_rng(seed)
    at, places_at = (draw.uniform((FAR_EAST, 0), (FAR_EAST + 9000, 9000), (count, 2)) for count in (60, 25))
    names = ["Borough", *(f"P{n}lace" for n in range(24))]
    zones, points = region([f"Borough {n:03d}A" for n in range(60)], ["Borough"] * 60, at)
    found = nearest_places(zones, points, named(names, places_at))["near_place"].tolist()
    expected = []
    for x, y in at:
        apart = [(np.hypot(x - px, y - py), name) for (px, py), name in zip(places_at, names, strict=True)]
        near = sorted(one for one in apart if one[0] <= MOST_M and one[1] != "Borough")
        expected.append(near[0][1] if near else "")
    assert found == expected
    assert len(set(found)) > 5


def test_zones_that_are_named_after_places_and_regions_without_places_get_no_column() -> None:
    at = np.array([[FAR_EAST, 0.0], [FAR_EAST, 500.0], [FAR_EAST, 900.0]])
    zones, points = region(["Aston 1", "Hill 2", "Borough 3"], ["Borough"] * 3, at)
    assert nearest_places(zones, points, named(["Ham"], at[:1])).columns.empty
    coded, points = region(["001A", "001B", "001C"], ["Borough"] * 3, at)
    assert nearest_places(coded, points, None).columns.empty
    assert nearest_places(coded, points, named(["Ham", " "], at[:2]))["near_place"].tolist() == ["Ham"] * 3
    assert known_names(coded, points, None).tolist() == ["001A", "001B", "001C"]
    assert known_names(coded, points, named(["Ham", " "], at[:2])).iloc[2] == "001C (near Ham)"


@pytest.mark.parametrize(
    ("name", "district", "expected"),
    [
        ("Birmingham 113D", "Birmingham", True), ("Bristol 001A", "Bristol, City of", True), ("E00045678", "Newport", True),
        ("Zone 12", "Newport", True), ("N", "Newport", True), ("Northfield", "Birmingham", False), ("Aston 3", "Solihull", False),
        ("Casnewydd 012B", "Newport", False),
    ],
)  # fmt: skip
def test_a_code_is_what_says_no_more_than_the_district(name: str, district: str, expected: bool) -> None:
    assert is_code(name, "W01", district) == expected
    assert is_code(name, name, district)
