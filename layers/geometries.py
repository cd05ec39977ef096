"""Checks geometries that enter: a CRS that fits the coordinates, conversion to the working CRS, valid polygons."""

import warnings
from functools import lru_cache
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS, Proj, Transformer
from pyproj.exceptions import CRSError

from layers.errors import LayerError
from layers.findings import Finding, findings_of, first_few

BRITISH_NATIONAL_GRID = "EPSG:27700"
WGS84 = "EPSG:4326"
MAX_VERTICES = 20_000_000  # full-resolution output areas of England and Wales have fewer; more is a mistake
MAX_SCALE_ERROR = 0.01  # lengths in the working CRS are true to 1 %: 12 m of a catchment of 1,200 m
_EXPECTED = "a projected system in metres is expected, e.g. EPSG:27700 (Great Britain) or the UTM zone of the region"
_EDGE_DEGREES = 0.1  # tolerance: an area of use is a rough box, and a harbour wall outside it is not an error


def working_crs(text: str) -> CRS:
    """The CRS in which a region is measured, from its name: projected, in metres, with axes to the east and north.

    Raises LayerError for any other CRS. `in_working_crs` checks whether its metres are true at the zones.
    """
    name = f"'{text[:60]}'"
    try:
        with warnings.catch_warnings(action="ignore"):  # warnings on old spellings, which are accepted
            crs = CRS.from_user_input(text)
    except CRSError:
        raise LayerError(f"{name} is no coordinate reference system that is known here; {_EXPECTED}") from None
    directions = [axis.direction for axis in crs.axis_info]
    if not crs.is_projected:
        raise LayerError(f"{name} is not projected ({crs.type_name}); {_EXPECTED}")
    if sorted(directions) != ["east", "north"]:
        raise LayerError(
            f"{name} has axes to the {', '.join(directions)}, not to the east and north alone; {_EXPECTED}"
        )
    feet = [axis.unit_name for axis in crs.axis_info if axis.unit_conversion_factor != 1]
    if feet:
        raise LayerError(f"{name} is measured in units of one {feet[0]}, not in metres; {_EXPECTED}")
    return crs


def in_degrees(geometry: gpd.GeoSeries, where: str) -> gpd.GeoSeries:
    """The geometries of file `where` in WGS84. Raises LayerError if the CRS is missing or contradicts the coordinates."""
    _check_label(geometry, where, "the grid they were measured in")
    return geometry.to_crs(WGS84)


def in_working_crs(geometry: gpd.GeoSeries, crs: str, where: str) -> gpd.GeoSeries:
    """The geometries of file `where` in the working CRS.

    Raises LayerError if the CRS is missing, if the coordinates contradict it (degrees labelled as metres or the reverse),
    if they are outside the working CRS's area of use (because of a wrong label or swapped axes), or if lengths in the
    working CRS are wrong there by more than `MAX_SCALE_ERROR`.
    """
    working = working_crs(crs)
    _check_label(geometry, where, f"{crs[:60]} ({working.name})")
    present = geometry[~_without_shape(geometry)]
    if present.empty:
        raise LayerError(f"{where} has {len(geometry):,} rows and no geometry on any of them.")
    vertices = int(shapely.get_num_coordinates(present.to_numpy()).sum())
    if vertices > MAX_VERTICES:
        raise LayerError(f"{where} has {vertices:,} vertices, above the {MAX_VERTICES:,} read. Generalise it first.")
    placed = geometry.to_crs(working)
    _check_area_of_use(placed, working, where)
    _check_scale(placed, working, where)
    return placed


def valid_polygons(geometry: gpd.GeoSeries, where: str) -> tuple[gpd.GeoSeries, tuple[Finding, ...]]:
    """Valid polygons or multipolygons on the same index of ids, and findings that count the repairs.

    Raises LayerError that names the rows without any polygon.
    """
    shapes = geometry.to_numpy()
    if (_is_polygon(shapes) & shapely.is_valid(shapes) & ~shapely.is_empty(shapes)).all():
        return geometry, ()
    empty = _without_shape(geometry)
    invalid = ~empty & ~geometry.is_valid
    mixed = ~empty & ~invalid & ~_is_polygon(shapes)
    changed = invalid | mixed
    polygons = geometry.copy()
    polygons[changed] = [_polygon_part(shape) for shape in geometry[changed]]
    without = geometry.index[empty | polygons.is_empty]
    if len(without):
        raise LayerError(
            f"{where}: {len(without):,} of {len(geometry):,} rows have no polygon ({first_few(without)}). Remove them or give "
            "their boundaries: a zone without a place can't be analysed, and dropping it would change totals."
        )
    effect = (
        f"{where}: outlines that cross themselves were repaired; {polygons[invalid].area.sum() / 1e4:,.1f} ha in all."
    )
    findings = findings_of("invalid_polygons_repaired", geometry.index[invalid], len(geometry), effect)
    effect = f"{where}: lines and points in mixed geometries were dropped; their polygons are kept."
    return polygons, findings + findings_of("mixed_geometries_reduced", geometry.index[mixed], len(geometry), effect)


def union_method(shapes: gpd.GeoSeries) -> Literal["coverage", "unary"]:
    """The method of geopandas that unites polygons fastest: "coverage" where neighbours share their edges exactly.

    It finds the same union in less than half of the time, this check included, and a wrong one where polygons overlap.
    """
    return "coverage" if shapely.coverage_is_valid(shapes.to_numpy()) else "unary"


def _is_polygon(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    kinds = [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON]
    return np.isin(shapely.get_type_id(shapes), kinds)


def _without_shape(geometry: gpd.GeoSeries) -> pd.Series:
    shapes = geometry.to_numpy()
    return pd.Series(shapely.is_missing(shapes) | shapely.is_empty(shapes), index=geometry.index)


def _check_label(geometry: gpd.GeoSeries, where: str, system: str) -> None:
    """Raise LayerError if the CRS stated in file `where` is missing or contradicts the coordinates."""
    crs, (west, south, east, north) = geometry.crs, geometry.total_bounds
    if crs is None:
        raise LayerError(
            f"{where} has no coordinate reference system. Save it with one: {system} if its numbers are metres of it, "
            f"{WGS84} if they are longitude and latitude."
        )
    if not (crs.is_projected or crs.is_geographic):
        raise LayerError(
            f"{where} is labelled {crs.to_string()[:60]} ({crs.type_name}), which places nothing on a map. Save it in "
            f"{system} or in {WGS84}."
        )
    looks_like_degrees = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    label = f"{where} is labelled {crs.to_string()}"
    if crs.is_projected and looks_like_degrees:
        raise LayerError(
            f"{label}, but its numbers look like degrees ({west:.4f}, {south:.4f}); probably {WGS84}. Mend the label."
        )
    if crs.is_geographic and not looks_like_degrees:
        likely = f"probably {system} or another grid in metres"
        raise LayerError(
            f"{label} (degrees), but its numbers are not degrees ({west:.0f}, {south:.0f}); {likely}. Mend the label."
        )


@lru_cache(maxsize=8)
def _to_degrees(crs: CRS) -> Transformer:
    return Transformer.from_crs(crs, WGS84, always_xy=True)


@lru_cache(maxsize=8)
def _projection(crs: CRS) -> Proj:
    return Proj(crs)


def _check_area_of_use(placed: gpd.GeoSeries, crs: CRS, where: str) -> None:
    area = crs.area_of_use
    west, south, east, north = placed.total_bounds
    lons, lats = _to_degrees(crs).transform([west, east, west, east], [south, south, north, north])
    if not np.isfinite([*lons, *lats, *placed.bounds.dropna().to_numpy().ravel()]).all():
        raise LayerError(
            f"{where} has coordinates that {crs.to_string()} can't hold: a wrong CRS label or broken values."
        )
    if area is None:
        return
    width = (area.east - area.west) % 360 or 360  # an area that crosses 180 degrees ends west of where it starts
    east_of_edge = (np.asarray(lons) - area.west + _EDGE_DEGREES) % 360
    within = min(lats) >= area.south - _EDGE_DEGREES and max(lats) <= area.north + _EDGE_DEGREES
    if within and (east_of_edge <= width + 2 * _EDGE_DEGREES).all():
        return
    reach = f"{min(lons):.2f}, {min(lats):.2f} to {max(lons):.2f}, {max(lats):.2f}"
    allowed = f"{area.west:g}, {area.south:g} to {area.east:g}, {area.north:g}"
    raise LayerError(
        f"{where} spans {reach} (degrees), outside the area of {crs.to_string()} ({allowed}): a wrong CRS label, "
        "swapped axes, or another place."
    )


def _check_scale(placed: gpd.GeoSeries, crs: CRS, where: str) -> None:
    """Raise LayerError if lengths at the corners or the middle of the layer differ from the ground (Tissot's ellipse)."""
    west, south, east, north = placed.total_bounds
    x, y = [west, east, west, east, (west + east) / 2], [south, south, north, north, (south + north) / 2]
    lons, lats = _to_degrees(crs).transform(x, y)
    factors = _projection(crs).get_factors(lons, lats)
    scales = np.concatenate([factors.tissot_semimajor, factors.tissot_semiminor])
    worst = float(scales[np.argmax(np.abs(scales - 1))])
    if abs(worst - 1) <= MAX_SCALE_ERROR:
        return
    utm = (32600 if lats[-1] >= 0 else 32700) + min(int((lons[-1] + 180) // 6) + 1, 60)
    raise LayerError(
        f"{where}: 1 km on the ground is {worst:.3f} km in {crs.to_string()[:60]} here, and a region is measured in a "
        f"system that is true to {MAX_SCALE_ERROR:.0%}. Set region.crs to one of the place, e.g. EPSG:{utm} (UTM)."
    )


def _polygon_part(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shapely.make_valid(shape))
    flat = parts[shapely.get_dimensions(parts) == 2]
    return shapely.union_all(flat) if len(flat) else shapely.Polygon()
