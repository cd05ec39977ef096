"""Numbers of roads: what is one, and where they may be written."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from maps.base_map import road_number, road_numbers

CELL = 500.0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("M6", "M6"), ("A4042", "A4042"), ("A1(M)", "A1(M)"), ("A48;A4810", "A48"), ("BR-116", "BR-116"), ("E 20", "E 20"),
        ("66", "66"), ("B4591", "B4591"), ("Queensway", ""), ("5th Avenue", ""), ("1ST AVENUE", ""), ("", ""), ("A", ""),
        ("\u202eA34", ""), ("ABCDE1", ""),
    ],
)  # fmt: skip
def test_a_number_is_short_and_names_are_none(name: str, expected: str) -> None:
    assert road_number(name) == expected


@pytest.mark.parametrize("seed", range(3))
def test_every_square_that_a_road_runs_well_through_has_one_spot_on_it(seed: int) -> None:
    draw = np.random.default_rng(seed)
    line = shapely.LineString(np.cumsum(draw.normal(0, 700, (30, 2)), axis=0))
    pieces = [shapely.LineString(pair) for pair in zip(line.coords[:-1], line.coords[1:], strict=True)]
    frame = gpd.GeoDataFrame(
        {"kind": "road", "class": "trunk", "name": ["A5"] * 29 + ["Lane"]},
        geometry=[*pieces, pieces[0]],
        crs="EPSG:27700",
    )
    (road,) = road_numbers(frame, CELL)
    assert (road.number, road.class_) == ("A5", "trunk")
    assert max(line.distance(point) for point in shapely.points(road.spots)) < 1e-6
    squares = {tuple(square) for square in np.floor(road.spots / CELL).astype(int).tolist()}
    assert len(squares) == len(road.spots)
    for x, y in np.ndindex(40, 40):  # slowly: every square near
        west, south = (x - 20) * CELL, (y - 20) * CELL
        inside = line.intersection(shapely.box(west, south, west + CELL, south + CELL)).length
        if inside > CELL:
            assert (x - 20, y - 20) in squares


def test_the_most_important_roads_come_first_and_small_ones_have_no_number() -> None:
    rows = [("road", "secondary", "B1"), ("road", "motorway", "M6"), ("road", "local", "C1"), ("rail", "rail", "R1")]
    line = shapely.LineString([(0, 0), (2000, 0)])
    frame = gpd.GeoDataFrame(rows, columns=["kind", "class", "name"], geometry=[line] * 4, crs="EPSG:27700")
    assert [road.number for road in road_numbers(frame, CELL)] == ["M6", "B1"]
    assert list(road_numbers(frame.iloc[:0], CELL)) == []
