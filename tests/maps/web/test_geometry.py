"""Light geometry: steps that can be worked out by hand, and edges that stay shared."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from maps.web import geometry
from maps.web.geometry import UNITS_PER_DEGREE, inside_points, light_shapes, origin_of, simplified
from tests.maps.conftest import squares


def degrees(*shapes: shapely.Geometry | None) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs="EPSG:4326")


def test_a_square_is_its_first_corner_and_three_steps() -> None:
    square = shapely.Polygon([(-2.0, 52.0), (-1.9, 52.0), (-1.9, 52.1), (-2.0, 52.1)])
    assert light_shapes(degrees(square), (-200_000, 5_200_000), simplify=False) == [
        [[0, 0, 10_000, 0, 0, 10_000, -10_000, 0]]
    ]


def test_holes_and_islands_are_rings_of_one_shape() -> None:
    donut = shapely.Point(0, 0).buffer(2).difference(shapely.Point(0, 0).buffer(1))
    both = shapely.union_all([donut, shapely.box(5, 5, 6, 6)])
    assert len(light_shapes(degrees(both), (0, 0), simplify=False)[0]) == 3


def test_an_absent_or_empty_geometry_has_no_steps() -> None:
    shapes = degrees(None, shapely.Polygon(), shapely.Point(1, 2))
    assert light_shapes(shapes, (0, 0), simplify=False) == [[], [], [[100_000, 200_000]]]
    assert inside_points(shapes, (0, 0))[:2] == [[], []]


def test_the_point_of_a_line_is_half_way_along_it() -> None:
    corner = shapely.LineString([(0, 0), (3, 0), (3, 1)])
    assert inside_points(degrees(corner), (0, 0)) == [[200_000, 0]]


def test_repeated_positions_are_dropped() -> None:
    line = shapely.LineString([(0, 0), (0.000001, 0), (1, 0)])
    assert light_shapes(degrees(line), (0, 0), simplify=False) == [[[0, 0, 100_000, 0]]]


def test_positions_come_back_within_a_metre() -> None:
    zones = squares().geometry
    origin = origin_of(zones)
    true = shapely.get_coordinates(zones.to_crs("EPSG:4326").to_numpy()).reshape(len(zones), -1, 2)[:, :-1]
    for shape, corners in zip(light_shapes(zones, origin, simplify=False), true, strict=True):
        back = (np.cumsum(np.reshape(shape[0], (-1, 2)), axis=0) + origin) / UNITS_PER_DEGREE
        assert np.abs(back - corners).max() <= 0.5 / UNITS_PER_DEGREE + 1e-9


def wavy_neighbours() -> gpd.GeoSeries:
    """Two zones that share a wavy edge of many vertices."""
    along = np.linspace(0, 1000, 201)
    edge = list(zip(400_000 + np.sin(along / 7), 290_000 + along, strict=True))
    west = shapely.Polygon([(399_000, 290_000), *edge, (399_000, 291_000)])
    east = shapely.Polygon([(401_000, 290_000), *edge, (401_000, 291_000)])
    return gpd.GeoSeries([west, east], crs="EPSG:27700")


def test_zones_that_share_an_edge_still_share_it_when_simplified() -> None:
    light = simplified(wavy_neighbours())
    assert light.count_coordinates().sum() < 408 / 3
    assert shapely.coverage_is_valid(light.to_numpy())
    assert light.iloc[0].intersection(light.iloc[1]).length > 900


def test_simplification_goes_on_until_there_are_few_enough_vertices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geometry, "MOST_VERTICES", 20)
    assert simplified(wavy_neighbours()).count_coordinates().sum() <= 20


def test_overlapping_areas_are_simplified_each_for_itself() -> None:
    middles = shapely.points([(400_000, 290_000), (400_500, 290_000)])
    circles = gpd.GeoSeries(shapely.buffer(middles, 800, quad_segs=64), crs="EPSG:27700")
    light = simplified(circles)
    assert light.is_valid.all()
    assert light.count_coordinates().sum() < circles.count_coordinates().sum()
