"""Reads and writes GeoTIFF rasters: sums of people on a grid over zones, heights at points, surfaces of zone values.

This is the only module that imports rasterio.
"""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import rasterio
import rasterio.errors
import rasterio.features
import rasterio.warp
import rasterio.windows
import shapely
from exactextract import exact_extract
from exactextract.raster import RasterioRasterSource
from pyproj import CRS
from rasterio.enums import ColorInterp

from layers.errors import LayerError
from layers.files import RASTER_SUFFIXES, ordinary_file
from layers.findings import Finding, findings_of, first_few
from layers.geometries import WGS84
from layers.reading.attributes import FieldProvenance, LayerValues
from layers.reading.zones import Zones
from layers.writing.files import written_whole

MAX_CELLS = 400_000_000  # cells under the zones or points; a declared size says nothing about the file's own size
SURFACE_NODATA = -9999.0  # outside the zones
SURFACE_MISSING = -1.0  # in a zone that has no value
_WHOLE_SHARE = 0.99  # a zone with at least this share inside the raster counts as covered
_MOST_PEOPLE = 1e9  # in one cell; a larger number is a nodata value
_LAND_M = (-500.0, 9_000.0)  # from the Dead Sea to Everest; other numbers are nodata values
_METRES = {"", "m", "metre", "metres", "meter", "meters"}


@dataclass(frozen=True)
class RasterSpec:
    """A grid of counts (people per cell) from which the zones get one field, with its source."""

    id: str
    title: str
    path: Path
    field: str
    unit: str
    vintage: str
    source: str
    licence: str
    attribution: str = ""


class ZonalSums(NamedTuple):
    """Sums of cells by zone_id, NaN where the raster has no cell; cells cut by an outline count by the part inside."""

    values: pd.Series
    findings: tuple[Finding, ...]


def read_raster_layer(spec: RasterSpec, zones: Zones) -> LayerValues:
    """The counts of a grid as a field of the zones. Raises the errors of `zonal_sums`."""
    sums = zonal_sums(spec.path, zones.frame, spec.field)
    provenance = FieldProvenance(
        field=spec.field,
        title=spec.title,
        unit=spec.unit,
        kind="count",
        direction="",
        layer=spec.id,
        resolution="grid cells",
        method="cells summed by the share of each inside the zone",
        vintage=spec.vintage,
        source=spec.source,
        licence=spec.licence,
        attribution=spec.attribution,
        rows=len(sums.values),
        zones_with_value=int(sums.values.notna().sum()),
    )
    return LayerValues(sums.values.to_frame(), sums.findings, (provenance,))


def zonal_sums(path: Path | str, zones: gpd.GeoDataFrame, name: str = "population") -> ZonalSums:
    """Sums of a grid's counts (people per cell) over zones, each cell in proportion to its covered area (exactextract).

    Cells that are nodata, masked or not finite count as 0; the file's scale and offset are applied. Raises LayerError
    for a raster without CRS or with several bands, a rotated grid, more than `MAX_CELLS` cells under the zones, and
    counts that are negative or above `_MOST_PEOPLE` (undeclared nodata values).
    """
    with _opened(path) as raster:
        placed = gpd.GeoDataFrame({"zone_id": zones.index}, geometry=zones.geometry.to_numpy(), crs=zones.crs)
        placed = placed.to_crs(raster.crs)
        _window(raster, tuple(placed.total_bounds))
        shapes = placed.geometry.to_numpy()  # a share of the area is the same in degrees, where geopandas warns
        inside = shapely.area(shapely.intersection(shapes, shapely.box(*raster.bounds))) / shapely.area(shapes)
        statistics = ["sum", "count", "min", "max"]
        cells = _Cells(raster, _band(raster))
        sums = exact_extract(cells, placed, statistics, include_cols=["zone_id"], output="pandas")
    sums = sums.set_index("zone_id")
    for what, odd in (("negative", sums["min"] < 0), ("impossibly large", sums["max"] > _MOST_PEOPLE)):
        if odd.any():
            raise LayerError(
                f"{Path(path).name} has {what} counts in {odd.sum():,} zones ({first_few(sums.index[odd])}): probably a "
                "nodata value that is not declared as such. Declare it (gdal_edit.py -a_nodata) and try again."
            )
    values = sums["sum"].astype("float64").where(sums["count"] > 0).reindex(zones.index)
    values.name = name
    without_value = values.index[values.isna()]
    effect = f"{Path(path).name} has no cell with a value in these zones; their {name} is missing, not zero."
    findings = findings_of("zones_outside_raster", without_value, len(values), effect)
    cut = values.index[(inside < _WHOLE_SHARE) & values.notna().to_numpy()]
    effect = f"{Path(path).name} ends inside these zones; their {name} is too low."
    return ZonalSums(values, findings + findings_of("zones_cut_by_raster", cut, len(values), effect))


def sample_surface(
    path: Path | str, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """(n,) heights in metres at points (n,) in WGS84 degrees, interpolated bilinearly; NaN outside or where unknown.

    The file's scale and offset are applied. Cells that are nodata, masked, or not a possible height of land are unknown;
    next to them and at the edge the value of the nearest cell is taken. Raises LayerError for a raster with several
    bands, and for heights in another unit than metres.
    """
    if lon.size == 0:
        return np.empty(0, dtype="float64")
    with _opened(path) as raster:
        band = _band(raster)
        _require_metres(raster, band)
        x, y = (np.asarray(axis) for axis in rasterio.warp.transform(WGS84, raster.crs, lon, lat))
        window = _window(raster, (x.min(), y.min(), x.max(), y.max()))
        cells = _values(raster, band, window)
        cells[(cells < _LAND_M[0]) | (cells > _LAND_M[1])] = np.nan
        grid = raster.transform
        column = (x - grid.c) / grid.a - window.col_off
        row = (y - grid.f) / grid.e - window.row_off
    return _between_centres(cells, row - 0.5, column - 0.5)


class SurfaceGrid(NamedTuple):
    """A grid over zones: `row` (height, width) is the place of the zone in `zone_ids` that holds a cell's centre, -1 outside."""

    row: npt.NDArray[np.int32]
    transform: rasterio.Affine
    zone_ids: pd.Index
    crs: str  # WKT


def surface_grid(zones: gpd.GeoDataFrame, cell_m: float = 100.0) -> SurfaceGrid:
    """The grid of the surfaces of `zones`, in their own CRS. Raises LayerError for too many cells."""
    left, top, width, height = require_surface_fits(zones, cell_m)
    transform = rasterio.transform.from_origin(left, top, cell_m, cell_m)
    row = np.full((height, width), -1, dtype="int32")
    if len(zones):
        rasterio.features.rasterize(zip(zones.geometry, range(len(zones)), strict=True), out=row, transform=transform)
    return SurfaceGrid(row, transform, zones.index, zones.crs.to_wkt())


def write_surface(  # keyword-only
    path: Path, grid: SurfaceGrid, values: pd.Series, *, title: str, unit: str, missing: str = "no value"
) -> Path:
    """Write zone values as a Cloud-Optimized GeoTIFF; each cell has the value of the zone in which its centre lies.

    These are zone values drawn on a grid, not values measured or computed at each cell. `values` must not be negative;
    `missing` describes what a zone without a value means. The file is float32, -9999 (nodata) outside the zones, -1 in a
    zone without a value, with overviews by nearest cell and LZW; the same input gives the same bytes. The tags of file
    and band state all this.
    """
    coded = values.reindex(grid.zone_ids).fillna(SURFACE_MISSING).to_numpy("float32")
    cells = np.append(coded, np.float32(SURFACE_NODATA))[grid.row]  # the last one is that of row -1
    tags = {"TITLE": title, "METHOD": "value of the zone that holds the cell's centre", "UNIT": unit}
    codes = f"{SURFACE_NODATA:g} (nodata) = outside the zones; {SURFACE_MISSING:g} = in a zone, {missing}"
    return _write_cog(path, cells, grid.transform, grid.crs, tags | {"CODES": codes})


def write_heights(
    path: Path, cells: npt.NDArray[np.float32], *, left_m: float, top_m: float, cell_m: float, crs: str
) -> Path:
    """Write heights in metres (rows from north to south, NaN = unknown) as a Cloud-Optimized GeoTIFF for `sample_surface`.

    `left_m`, `top_m` are the grid's upper left corner in `crs`. The file is float32, nodata -9999, LZW; the same input
    gives the same bytes.
    """
    grid = rasterio.transform.from_origin(left_m, top_m, cell_m, cell_m)
    known = np.where(np.isnan(cells), SURFACE_NODATA, cells).astype("float32")
    return _write_cog(path, known, grid, crs, {"TITLE": "Heights", "METHOD": "as published", "UNIT": "m"})


def require_surface_fits(zones: gpd.GeoDataFrame, cell_m: float) -> tuple[float, float, int, int]:
    """(left, top, width, height) of a grid over the zones, in metres and cells. Raises LayerError for too many cells."""
    west, south, east, north = zones.total_bounds
    left, top = math.floor(west / cell_m) * cell_m, math.ceil(north / cell_m) * cell_m
    width, height = math.ceil((east - left) / cell_m), math.ceil((top - south) / cell_m)
    if width * height > MAX_CELLS:
        raise LayerError(f"a surface of {width:,} x {height:,} cells is too large; use cells larger than {cell_m:g} m.")
    return left, top, width, height


@contextmanager
def _opened(path: Path | str) -> Iterator[rasterio.DatasetReader]:
    file = ordinary_file(path, RASTER_SUFFIXES)
    try:
        raster = rasterio.open(file, driver="GTiff")
    except rasterio.errors.RasterioIOError as error:
        raise LayerError(f"{file.name} can't be read as a GeoTIFF: {error}") from error
    with raster:
        grid = raster.transform
        if raster.crs is None:
            raise LayerError(f"{file.name} has no coordinate reference system; save it again with one.")
        if not (raster.crs.is_projected or raster.crs.is_geographic):
            raise LayerError(
                f"{file.name} lies in no system of the map ({raster.crs.to_string()[:60]}); warp it first."
            )
        if grid.b or grid.d or not (grid.a > 0 > grid.e):
            raise LayerError(f"{file.name} is not a north-up grid ({grid.a:g}, {grid.e:g}); warp it first (gdalwarp).")
        try:
            yield raster
        except rasterio.errors.RasterioError as error:
            raise LayerError(f"{file.name} is damaged or cut short: {error}") from error


class _Cells(RasterioRasterSource):
    """A band for exactextract, read by the same rules as elsewhere in this module."""

    def nodata_value(self) -> None:
        """None, because `_values` gives NaN for missing cells already."""

    def read_window(self, x0: int, y0: int, nx: int, ny: int) -> npt.NDArray[np.float64]:
        """The cells of one window."""
        return _values(self.ds, self.band_idx, rasterio.windows.Window(x0, y0, nx, ny))


def _values(raster: rasterio.DatasetReader, band: int, window: rasterio.windows.Window) -> npt.NDArray[np.float64]:
    """Values of the cells: stored number x scale + offset; NaN where nodata, masked (also by alpha) or not finite."""
    stored = raster.read(band, window=window, masked=True).astype("float64").filled(np.nan)
    stored[~np.isfinite(stored)] = np.nan
    values: npt.NDArray[np.float64] = stored * raster.scales[band - 1] + raster.offsets[band - 1]
    return values


def _band(raster: rasterio.DatasetReader) -> int:
    """The number of the band of values: the only band, apart from an alpha band, which is a mask."""
    name = Path(raster.name).name
    bands: list[int] = [band for band in raster.indexes if raster.colorinterp[band - 1] != ColorInterp.alpha]
    if len(bands) != 1:
        raise LayerError(
            f"{name} has {len(bands)} bands of values where one is expected: save the one that is meant on its own "
            f"(gdal_translate -b 1 {name} one_band.tif)."
        )
    if np.dtype(raster.dtypes[bands[0] - 1]).kind not in "iuf":
        raise LayerError(f"{name} holds {raster.dtypes[bands[0] - 1]} numbers; save it with whole or decimal ones.")
    return bands[0]


def _require_metres(raster: rasterio.DatasetReader, band: int) -> None:
    unit = raster.units[band - 1] or ""
    vertical = [axis for axis in CRS.from_user_input(raster.crs).axis_info if axis.direction == "up"]
    if not unit and any(axis.unit_conversion_factor != 1 for axis in vertical):
        unit = vertical[0].unit_name
    if unit.strip().lower() not in _METRES:
        raise LayerError(
            f"{Path(raster.name).name} holds heights in '{unit}'; metres are expected. Convert it (gdal_calc.py), then "
            "declare the unit 'm'."
        )


def _window(raster: rasterio.DatasetReader, bounds: tuple[float, ...]) -> rasterio.windows.Window:
    # One cell of margin, because points at the edge need the neighbouring cells.
    whole = rasterio.windows.Window(0, 0, raster.width, raster.height)
    if not np.isfinite(bounds).all():
        raise LayerError(f"{Path(raster.name).name} does not cover the zones or points: its system can't hold them.")
    west, south, east, north = bounds
    margin_x, margin_y = raster.transform.a, -raster.transform.e
    wanted = rasterio.windows.from_bounds(
        west - margin_x, south - margin_y, east + margin_x, north + margin_y, raster.transform
    )
    try:
        window = wanted.round_offsets(op="floor").round_lengths(op="ceil").intersection(whole)
    except rasterio.errors.WindowError as error:
        raise LayerError(f"{Path(raster.name).name} does not cover the zones or points at all.") from error
    if window.width * window.height > MAX_CELLS:
        size = f"{window.width:,.0f} x {window.height:,.0f} cells"
        raise LayerError(f"{Path(raster.name).name} has {size} under the zones or points; use a coarser raster.")
    return window


def _between_centres(
    cells: npt.NDArray[np.float64], row: npt.NDArray[np.float64], column: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    height, width = cells.shape
    inside = (row >= -0.5) & (row <= height - 0.5) & (column >= -0.5) & (column <= width - 0.5)
    row = np.where(inside, row, 0.0)
    column = np.where(inside, column, 0.0)
    top, left = (
        np.clip(np.floor(row), 0, height - 1).astype("int64"),
        np.clip(np.floor(column), 0, width - 1).astype("int64"),
    )
    down, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    south, east = np.clip(row - top, 0, 1), np.clip(column - left, 0, 1)
    upper = cells[top, left] * (1 - east) + cells[top, right] * east
    lower = cells[down, left] * (1 - east) + cells[down, right] * east
    smooth = upper * (1 - south) + lower * south
    nearest = cells[
        np.clip(np.rint(row), 0, height - 1).astype("int64"), np.clip(np.rint(column), 0, width - 1).astype("int64")
    ]
    return np.where(inside, np.where(np.isnan(smooth), nearest, smooth), np.nan)


def _write_cog(
    path: Path, cells: npt.NDArray[np.float32], grid: rasterio.Affine, crs: str, tags: Mapping[str, str]
) -> Path:
    profile = {
        "driver": "COG",
        "width": cells.shape[1],
        "height": cells.shape[0],
        "count": 1,
        "dtype": "float32",
        "crs": crs,
        "transform": grid,
        "nodata": SURFACE_NODATA,
        "blocksize": 256,
        "compress": "LZW",
        "overview_resampling": "NEAREST",
    }
    with written_whole(path) as partial, rasterio.open(partial, "w", **profile) as raster:
        raster.write(cells, 1)
        raster.update_tags(**tags)
        raster.update_tags(1, **tags)
        raster.set_band_description(1, tags["TITLE"])
        raster.units = (tags["UNIT"],)
    return path
