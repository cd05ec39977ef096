"""How every layer file is written: under a temporary name, without a clock, with outlines the way OGC asks."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pyogrio
import pyogrio.errors
import shapely

from layers.errors import LayerError, LayerWriteError
from layers.files import check_path

GPKG_VERSION = "1.2"  # what programs of many years read without a warning; nothing newer is used here
# GeoPackage wants a "last change" and styles a time; the real ones would make every run's bytes differ. The time of a
# run stands in its manifest.
FIXED_TIME = "2000-01-01T00:00:00.000Z"
_LEAST_FREE_BYTES = 2**20
MAX_COLUMNS = 1_990  # of one layer: SQLite, and so a GeoPackage, has 2,000, and GDAL adds some


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A temporary name beside `path`, renamed to it when the block ends well and removed when it does not.

    Raises LayerWriteError when the folder is missing or not writable, or the disk is full, and LayerError for a path that
    no format can take.
    """
    check_path(path)
    partial = path.with_name(f".{path.stem}.partial{path.suffix}")
    journal = partial.with_name(f"{partial.name}-journal")  # a killed run's journal would be played into the new file
    try:
        partial.unlink(missing_ok=True)
        journal.unlink(missing_ok=True)
        yield partial
        partial.replace(path)
    except LayerWriteError:  # said already, and better
        raise
    except (OSError, pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, sqlite3.Error) as error:
        raise LayerWriteError(f"{path.name} can't be written in {path.parent}: {_reason(path, error)}") from error
    finally:
        if path.parent.is_dir() and os.access(path.parent, os.W_OK):
            partial.unlink(missing_ok=True)


def _reason(path: Path, error: Exception) -> str:
    """What is wrong in our words: libraries call a full disk and a missing folder many things."""
    folder = path.parent
    if not folder.is_dir():
        return "the folder is not there; make it first"
    if path.is_dir():
        return "a folder has that name; choose another"
    if not os.access(folder, os.W_OK):
        return "you have no right to write there; choose another folder"
    if shutil.disk_usage(folder).free < _LEAST_FREE_BYTES:
        return "the disk is full; free space or choose another folder"
    return (error.strerror if isinstance(error, OSError) else "") or "the disk or the file's format did not take it"


@contextmanager
def fixed_time() -> Iterator[None]:
    """Within the block GDAL writes FIXED_TIME into files, and not the time of day."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_TIME})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def write_ogr(
    path: Path, frame: gpd.GeoDataFrame, driver: str, *, layer: str, layer_options: dict[str, str], append: bool = False
) -> None:
    """Write one layer with GDAL. Raises LayerError for a layer without CRS."""
    if frame.crs is None:
        raise LayerError(f"layer {layer} has no coordinate reference system and can't be written.")
    plain = plain_frame(frame)
    if driver == "GPKG" and len(plain.columns) > MAX_COLUMNS:
        raise LayerError(f"layer {layer} has {len(plain.columns):,} columns; a GeoPackage takes {MAX_COLUMNS:,}.")
    polygons = plain.geom_type.isin(["Polygon", "MultiPolygon"]).any()
    pyogrio.write_dataframe(
        plain,
        path,
        layer=layer,
        driver=driver,
        append=append,
        promote_to_multi=bool(polygons),
        layer_options=layer_options,
        dataset_options={"VERSION": GPKG_VERSION} if driver == "GPKG" and not append else {},
    )


def plain_frame(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame as a file holds it: its index a column (a nameless one is a row number only), outlines anticlockwise."""
    plain = frame.reset_index(drop=frame.index.name is None)
    return plain.set_geometry(gpd.GeoSeries(shapely.orient_polygons(plain.geometry.to_numpy()), crs=frame.crs))
