"""Writes layer files: under a temporary name, without the time of writing, with outlines in the direction OGC requires."""

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

GPKG_VERSION = "1.2"  # old programs read it without a warning, and nothing newer is needed here
# GeoPackage requires the time of the last change, and styles a time; real times would make the bytes of every run differ.
# The time of a run is in its manifest.
FIXED_TIME = "2000-01-01T00:00:00.000Z"
_LEAST_FREE_BYTES = 2**20
MAX_COLUMNS = 1_990  # of one layer: SQLite, and so a GeoPackage, allows 2,000, and GDAL adds some


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A context with a temporary path next to `path`: renamed to `path` at the end, removed after an error.

    Raises LayerWriteError if the folder is missing or not writable, or the disk is full, and LayerError for a path that
    some formats can't use.
    """
    check_path(path)
    partial = path.with_name(f".{path.stem}.partial{path.suffix}")
    journal = partial.with_name(
        f"{partial.name}-journal"
    )  # SQLite would apply the journal of a killed run to the new file
    try:
        partial.unlink(missing_ok=True)
        journal.unlink(missing_ok=True)
        yield partial
        partial.replace(path)
    except LayerWriteError:
        raise
    except (OSError, pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, sqlite3.Error) as error:
        raise LayerWriteError(f"{path.name} can't be written in {path.parent}: {_reason(path, error)}") from error
    finally:
        if path.parent.is_dir() and os.access(path.parent, os.W_OK):
            partial.unlink(missing_ok=True)


def _reason(path: Path, error: Exception) -> str:
    """The reason for an error of writing, checked here because libraries' messages on the same reason differ."""
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
    """A context in which GDAL writes FIXED_TIME into files instead of the current time.

    It doesn't wait for the disk after every layer either: a file that is not whole is not kept, so nothing is lost by it.
    """
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_TIME, "OGR_SQLITE_SYNCHRONOUS": "OFF"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None, "OGR_SQLITE_SYNCHRONOUS": None})


def write_ogr(
    path: Path, frame: gpd.GeoDataFrame, driver: str, *, layer: str, layer_options: dict[str, str], append: bool = False
) -> None:
    """Write one layer with GDAL. Raises LayerError for a layer without CRS or with too many columns for a GeoPackage."""
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
    """The frame with its index as a column (an index without a name is dropped) and with outlines anticlockwise."""
    plain = frame.reset_index(drop=frame.index.name is None)
    return plain.set_geometry(gpd.GeoSeries(shapely.orient_polygons(plain.geometry.to_numpy()), crs=frame.crs))
