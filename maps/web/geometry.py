"""Geometry for a web page: simplified, rounded to about a metre, and written as whole-number steps."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

WEB_CRS = "EPSG:4326"
METRIC_CRS = "EPSG:3857"  # the plane in which browsers draw, so simplified there
UNITS_PER_DEGREE = 100_000  # 1e-5 degree: 1.1 m north, 0.7 m east at 52 degrees north
FIRST_TOLERANCE = 8.0  # metres of the drawing plane
MOST_VERTICES = 150_000

Steps = list[int]  # [x, y, dx, dy, dx, dy, ...] in UNITS_PER_DEGREE from the page's origin
Shape = list[Steps]  # rings of a polygon (even-odd), or parts of a line, or one point


def light_shapes(features: gpd.GeoSeries, origin: tuple[int, int], simplify: bool) -> list[Shape]:
    """Each feature's geometry as whole-number steps from `origin` (page units east, north); empty where it is missing.

    With `simplify`, polygons that share edges keep sharing them (coverage simplification; Visvalingam-Whyatt).
    """
    drawn = simplified(features) if simplify else features
    return [_steps(geometry, origin) for geometry in drawn.to_crs(WEB_CRS).to_numpy()]


def origin_of(features: gpd.GeoSeries) -> tuple[int, int]:
    """South-west corner of the features (units east, north), in page units of 1e-5 degree."""
    west, south, _, _ = features.to_crs(WEB_CRS).total_bounds
    return int(np.floor(west * UNITS_PER_DEGREE)), int(np.floor(south * UNITS_PER_DEGREE))


def simplified(features: gpd.GeoSeries) -> gpd.GeoSeries:
    """The features in METRIC_CRS, simplified ever more coarsely until they have at most `MOST_VERTICES` vertices."""
    drawn = features.to_crs(METRIC_CRS)
    geometry = drawn.to_numpy()
    shared = bool(shapely.coverage_is_valid(geometry))
    tolerance, light = FIRST_TOLERANCE, geometry
    while True:
        light = shapely.coverage_simplify(geometry, tolerance) if shared else shapely.simplify(geometry, tolerance)
        if shapely.get_num_coordinates(light).sum() <= MOST_VERTICES or tolerance > 500:
            return gpd.GeoSeries(light, index=drawn.index, crs=METRIC_CRS)
        tolerance *= 2


def inside_points(features: gpd.GeoSeries, origin: tuple[int, int]) -> list[Steps]:
    """A point [x, y] on each feature, in page units from `origin`: half-way along a line, inside an area; empty where missing."""
    shapes = features.to_numpy()
    points = shapely.point_on_surface(shapes)
    lines = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    points[lines] = shapely.line_interpolate_point(shapes[lines], 0.5, normalized=True)
    placed = gpd.GeoSeries(points, crs=features.crs).to_crs(WEB_CRS)
    return [part for point in placed for part in _steps(point, origin) or [[]]]


def _steps(geometry: BaseGeometry | None, origin: tuple[int, int]) -> Shape:
    if geometry is None or geometry.is_empty:
        return []
    parts = shapely.get_parts(geometry)
    if shapely.get_dimensions(geometry) == 2:
        parts = shapely.get_rings(parts)
    steps = [
        _part_steps(shapely.get_coordinates(part), origin, closed=part.geom_type == "LinearRing") for part in parts
    ]
    return [part for part in steps if part]


def _part_steps(coordinates: npt.NDArray[np.float64], origin: tuple[int, int], closed: bool) -> Steps:
    """The first position, then differences; without repeated vertices and without a ring's closing vertex."""
    units = np.rint(coordinates * UNITS_PER_DEGREE).astype(np.int64) - np.array(origin)
    if closed:
        units = units[:-1]
    steps = np.diff(units, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    moved = np.any(steps != 0, axis=1)
    moved[0] = True
    distinct: Steps = steps[moved].ravel().tolist()
    return distinct
