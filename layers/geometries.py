"""Geometries at the border: a CRS that fits the coordinates, a place on the map we work in, shapes that are valid."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from layers.errors import LayerError
from layers.findings import Finding, found, named

BRITISH_NATIONAL_GRID = "EPSG:27700"
WGS84 = "EPSG:4326"
MAX_VERTICES = 20_000_000  # full-resolution output areas of all England and Wales have fewer; more is a mistake
_EDGE_DEGREES = 0.1  # an area of use is a rough box; a harbour wall outside it is no reason to refuse a layer


def in_working_crs(geometry: gpd.GeoSeries, crs: str, where: str) -> gpd.GeoSeries:
    """The geometries of file `where` in the working CRS.

    Raises LayerError when the CRS is missing, when coordinates contradict it (degrees called metres or the reverse), or
    when they fall outside the working CRS's area of use, as a wrong label or swapped axes make them.
    """
    if geometry.crs is None:
        raise LayerError(
            f"{where} has no coordinate reference system. Save it with one: {BRITISH_NATIONAL_GRID} if its numbers "
            f"are metres of the British National Grid, {WGS84} if they are longitude and latitude."
        )
    present = geometry[~_without_shape(geometry)]
    if present.empty:
        raise LayerError(f"{where} has {len(geometry):,} rows and no geometry on any of them.")
    vertices = int(shapely.get_num_coordinates(present.to_numpy()).sum())
    if vertices > MAX_VERTICES:
        raise LayerError(f"{where} has {vertices:,} vertices, above the {MAX_VERTICES:,} read. Generalise it first.")
    _check_units(present, where)
    placed = geometry.to_crs(crs)
    _check_area_of_use(placed, CRS.from_user_input(crs), where)
    return placed


def mended_polygons(geometry: gpd.GeoSeries, where: str) -> tuple[gpd.GeoSeries, tuple[Finding, ...]]:
    """Valid polygons or multipolygons, repairs counted; the index holds ids.

    Raises LayerError naming the rows that have no polygon at all.
    """
    empty = _without_shape(geometry)
    invalid = ~empty & ~geometry.is_valid
    mixed = ~empty & ~invalid & ~geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    doubtful = invalid | mixed
    mended = geometry.copy()
    mended[doubtful] = [_polygon_part(shape) for shape in geometry[doubtful]]
    lost = geometry.index[empty | mended.is_empty]
    if len(lost):
        raise LayerError(
            f"{where}: {len(lost):,} of {len(geometry):,} rows have no polygon ({named(lost)}). Remove them or give "
            "their boundaries: a zone without a place can't be analysed, and dropping it would change totals."
        )
    effect = (
        f"{where}: outlines that cross themselves were repaired; {mended[invalid].area.sum() / 1e4:,.1f} ha in all."
    )
    findings = found("invalid_polygons_repaired", geometry.index[invalid], len(geometry), effect)
    effect = f"{where}: lines and points in mixed geometries were dropped; their polygons are kept."
    return mended, findings + found("mixed_geometries_reduced", geometry.index[mixed], len(geometry), effect)


def _without_shape(geometry: gpd.GeoSeries) -> pd.Series:
    shapes = geometry.to_numpy()
    return pd.Series(shapely.is_missing(shapes) | shapely.is_empty(shapes), index=geometry.index)


def _check_units(geometry: gpd.GeoSeries, where: str) -> None:
    crs, (west, south, east, north) = geometry.crs, geometry.total_bounds
    looks_like_degrees = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    label = f"{where} is labelled {crs.to_string()}"
    if crs.is_projected and looks_like_degrees:
        raise LayerError(
            f"{label}, but its numbers look like degrees ({west:.4f}, {south:.4f}); probably {WGS84}. Mend the label."
        )
    if crs.is_geographic and not looks_like_degrees:
        likely = f"probably {BRITISH_NATIONAL_GRID}" if 0 <= west < 800_000 else "probably metres of some grid"
        raise LayerError(
            f"{label} (degrees), but its numbers are not degrees ({west:.0f}, {south:.0f}); {likely}. Mend the label."
        )


def _check_area_of_use(placed: gpd.GeoSeries, crs: CRS, where: str) -> None:
    area = crs.area_of_use
    west, south, east, north = placed.total_bounds
    to_degrees = Transformer.from_crs(crs, WGS84, always_xy=True)
    lons, lats = to_degrees.transform([west, east, west, east], [south, south, north, north])
    if not np.isfinite([*lons, *lats, *placed.bounds.dropna().to_numpy().ravel()]).all():
        raise LayerError(
            f"{where} has coordinates that {crs.to_string()} can't hold: a wrong CRS label or broken values."
        )
    if area is None or (
        min(lons) >= area.west - _EDGE_DEGREES
        and max(lons) <= area.east + _EDGE_DEGREES
        and min(lats) >= area.south - _EDGE_DEGREES
        and max(lats) <= area.north + _EDGE_DEGREES
    ):
        return
    reach = f"{min(lons):.2f}, {min(lats):.2f} to {max(lons):.2f}, {max(lats):.2f}"
    allowed = f"{area.west:g}, {area.south:g} to {area.east:g}, {area.north:g}"
    raise LayerError(
        f"{where} spans {reach} (degrees), outside the area of {crs.to_string()} ({allowed}): a wrong CRS label, "
        "swapped axes, or another place."
    )


def _polygon_part(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shapely.make_valid(shape))
    flat = parts[shapely.get_dimensions(parts) == 2]
    return shapely.union_all(flat) if len(flat) else shapely.Polygon()
