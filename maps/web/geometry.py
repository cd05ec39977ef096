"""Geometry for a web page: simplified, rounded to about a metre, and written as whole-number steps."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

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
    return _steps(drawn.to_crs(WEB_CRS).to_numpy(), origin)


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
    return [steps[0] if steps else [] for steps in _steps(placed.to_numpy(), origin)]


def _steps(geometries: npt.NDArray[np.object_], origin: tuple[int, int]) -> list[Shape]:
    """Each geometry as the steps of its parts: the first position, then differences.

    Without repeated vertices, and without the closing vertex of a ring.
    """
    parts, owner, closed = _parts(geometries)
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    units = np.rint(coordinates * UNITS_PER_DEGREE).astype(np.int64) - np.array(origin)
    first, last = np.diff(part, prepend=-1) != 0, np.diff(part, append=len(parts)) != 0
    units[~first] -= units[np.flatnonzero(~first) - 1]
    kept = (first | (units != 0).any(axis=1)) & ~(last & closed[part])
    steps, lengths = units[kept].ravel().tolist(), 2 * np.bincount(part[kept], minlength=len(parts))
    ends = np.cumsum(lengths)
    shapes: list[Shape] = [[] for _ in geometries]
    for of_geometry, begin, end in zip(owner.tolist(), (ends - lengths).tolist(), ends.tolist(), strict=True):
        if end > begin:
            shapes[of_geometry].append(steps[begin:end])
    return shapes


def _parts(
    geometries: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """(rings of areas and parts of other geometries, the geometry of each, whether it is a ring), by geometry."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    area = shapely.get_dimensions(parts) == 2
    rings, of_area = shapely.get_rings(parts[area], return_index=True)
    every = np.concatenate([parts[~area], rings])
    owners = np.concatenate([owner[~area], owner[area][of_area]])
    order = np.argsort(owners, kind="stable")
    return every[order], owners[order], order >= np.count_nonzero(~area)
