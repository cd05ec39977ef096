"""The demonstration region's zones: hexagons clipped to the hand-drawn district outlines."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer
from scipy.spatial import cKDTree

from layers import BRITISH_NATIONAL_GRID, WGS84

# Distance between parallel sides: hexagons of about 0.95 km2, so about a thousand in the region.
HEXAGON_WIDTH_M = 1047.0
# A clipped piece smaller than this share of a hexagon is joined to a larger neighbour in the same district.
_SMALLEST_PIECE_SHARE = 0.3

_TO_METRES = Transformer.from_crs(WGS84, BRITISH_NATIONAL_GRID, always_xy=True)


def demo_zones(demo: Path) -> gpd.GeoDataFrame:
    """Zones of the demonstration region, EPSG:27700, from the text files in `demo`.

    Columns: zone_id (DEMO0001 ..., north to south, then west to east), name (nearest town and a number),
    district_code, geometry.
    """
    outlines = district_outlines(demo / "outlines.csv")
    pieces = _clipped(hexagons(outlines.total_bounds, HEXAGON_WIDTH_M), outlines)
    zones = _absorb_slivers(pieces)
    centre = zones.geometry.representative_point()
    order = np.lexsort((centre.x, -centre.y))
    zones = zones.iloc[order].reset_index(drop=True)
    zones.insert(0, "zone_id", [f"DEMO{number:04d}" for number in range(1, len(zones) + 1)])
    zones.insert(1, "name", _names(zones, demo / "towns.csv"))
    return zones


def district_outlines(path: Path) -> gpd.GeoDataFrame:
    """District polygons, EPSG:27700, from a table of vertices `district_code,order,lon,lat`."""
    vertices = pd.read_csv(path).sort_values(["district_code", "order"])
    x, y = _TO_METRES.transform(vertices["lon"].to_numpy(), vertices["lat"].to_numpy())
    vertices = vertices.assign(x=x, y=y)
    polygons = {code: shapely.Polygon(ring[["x", "y"]]) for code, ring in vertices.groupby("district_code")}
    return gpd.GeoDataFrame(
        {"district_code": list(polygons)}, geometry=list(polygons.values()), crs=BRITISH_NATIONAL_GRID
    )


def hexagons(bounds: npt.NDArray[np.float64], width_m: float) -> npt.NDArray[np.object_]:
    """Hexagons with a corner at the top that cover `bounds` (west, south, east, north), `width_m` between parallel sides."""
    west, south, east, north = bounds
    side = width_m / np.sqrt(3)
    columns = np.arange(int((east - west) // width_m) + 3)
    rows = np.arange(int((north - south) // (1.5 * side)) + 3)
    row, column = (grid.ravel() for grid in np.meshgrid(rows, columns, indexing="ij"))
    centre_x = west + width_m * (column - 1 + 0.5 * (row % 2))
    centre_y = south + 1.5 * side * (row - 1)
    angles = np.radians(np.arange(30, 390, 60))
    corners = np.stack((centre_x[:, None] + side * np.cos(angles), centre_y[:, None] + side * np.sin(angles)), axis=-1)
    # Rounded to centimetres, so that neighbours share corners exactly.
    return np.asarray(shapely.polygons(np.round(corners, 2)))


def _clipped(cells: npt.NDArray[np.object_], outlines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The cells cut at district boundaries, one row per connected piece."""
    cell, district = shapely.STRtree(outlines.geometry.to_numpy()).query(cells, predicate="intersects")
    parts = shapely.intersection(cells[cell], outlines.geometry.to_numpy()[district], grid_size=0.01)
    pieces = gpd.GeoDataFrame(
        {"district_code": outlines["district_code"].to_numpy()[district]}, geometry=parts, crs=outlines.crs
    )
    pieces = pieces.explode(ignore_index=True)
    return pieces[pieces.geometry.area > 0].reset_index(drop=True)


def _absorb_slivers(pieces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The pieces, small ones joined to the larger piece of their district with which they share the longest border."""
    whole_m2 = HEXAGON_WIDTH_M**2 * np.sqrt(3) / 2
    small = pieces.geometry.area < _SMALLEST_PIECE_SHARE * whole_m2
    owner = np.arange(len(pieces))
    tree = shapely.STRtree(pieces.geometry.to_numpy())
    for piece in np.flatnonzero(small):
        near = np.sort(tree.query(pieces.geometry.iloc[piece], predicate="intersects"))
        same = pieces["district_code"].to_numpy()[near] == pieces["district_code"].iloc[piece]
        near = near[same & ~small.to_numpy()[near]]
        if len(near) > 0:
            shared_m = shapely.length(
                shapely.intersection(pieces.geometry.iloc[piece], pieces.geometry.to_numpy()[near])
            )
            owner[piece] = near[int(np.argmax(shared_m))]
    return pieces.dissolve(by=owner, aggfunc="first").reset_index(drop=True)[["district_code", "geometry"]]


def _names(zones: gpd.GeoDataFrame, towns_file: Path) -> list[str]:
    """Name of each zone: that of the nearest town, in whichever district, and a number."""
    towns = pd.read_csv(towns_file)
    x, y = _TO_METRES.transform(towns["lon"].to_numpy(), towns["lat"].to_numpy())
    centre = zones.geometry.representative_point()
    _, nearest = cKDTree(np.column_stack((x, y))).query(np.column_stack((centre.x, centre.y)))
    town = pd.Series(towns["name"].to_numpy()[nearest])
    number = town.groupby(town).cumcount() + 1
    return [f"{name} {n}" for name, n in zip(town, number, strict=True)]
