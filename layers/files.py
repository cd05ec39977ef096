"""Opens vector files safely: only ordinary local files whose content is of the format that their name states.

The input is a path from a configuration or a command line, the output a GeoDataFrame as stored in the file.
"""

import glob
import os
import re
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyarrow.parquet
import pyogrio
import shapely

from layers.errors import LayerError, LayerFileNotFoundError, LayersError
from layers.findings import first_few
from layers.text import cleaned_frame

_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
# GDAL opens files by content, not by name: a "zones.gpkg" with VRT text would make it open any other file or address.
# A check of the first bytes prevents that without a change of GDAL's process-wide settings.
_SIGNATURES: dict[str, tuple[bytes, ...]] = {
    ".gpkg": (b"SQLite format 3\x00",),
    ".shp": (b"\x00\x00\x27\x0a",),
    ".fgb": (b"fgb\x03", b"fgb\x02"),
    ".parquet": (b"PAR1",),
    ".geojson": (b"{",),
    ".json": (b"{",),
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".csv": (b"",),
}
VECTOR_SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".fgb", ".parquet")
RASTER_SUFFIXES = (".tif", ".tiff")
MAX_PATH_BYTES = 480  # SQLite, and so a GeoPackage, opens no path of more than 512 bytes; a temporary name needs some
MAX_ROWS = 5_000_000  # a small file of repeated values can have any size in memory
_FEATURE_TABLES = """
SELECT contents.table_name FROM gpkg_contents contents JOIN gpkg_geometry_columns USING (table_name)
WHERE contents.data_type = 'features' ORDER BY contents.rowid"""
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:|/?vsi", re.ASCII)  # http:, PG:, /vsicurl; a drive letter C: passes


def is_address(text: str) -> bool:
    """Whether a text is an address, a GDAL path or a database's connection string instead of a file path."""
    return bool(_ADDRESS.match(text)) or "\x00" in text


def check_path(path: Path | str, room: int = 0) -> None:
    """Raise LayerError for a path that some formats can't use: not UTF-8, or longer than 480 bytes.

    `room` is the number of bytes that will be added to the path.
    """
    whole = os.path.abspath(path)  # noqa: PTH100  # Path.absolute() keeps ".."
    try:
        length = len(whole.encode("utf-8"))
    except UnicodeEncodeError:
        readable = whole.encode("utf-8", errors="replace").decode("utf-8")
        raise LayerError(
            f"{readable}: the path holds letters that are not UTF-8, shown here as '?'. Rename the file or its folder."
        ) from None
    if length + room > MAX_PATH_BYTES:
        raise LayerError(
            f"the path {whole[:60]}...{whole[-30:]} has {length:,} bytes; at most {MAX_PATH_BYTES - room} can be used here. "
            "Choose a shorter one."
        )


def ordinary_file(path: Path | str, suffixes: tuple[str, ...]) -> Path:
    """The path as a Path, if it is a readable, ordinary local file of one of the formats (`suffixes`).

    Raises LayerFileNotFoundError if it does not exist; LayerError for addresses, GDAL or database connection strings,
    folders, devices, other suffixes, files that may not be read, and files whose first bytes are not those of the format
    of their suffix.
    """
    text, file, known = str(path), Path(path), ", ".join(suffixes)
    if is_address(text):
        raise LayerError(f"'{text}' is an address or a connection string. Download the layer, then give its path.")
    check_path(file)
    try:
        if not file.exists():
            raise LayerFileNotFoundError(
                f"{file} is not there (relative paths of a configuration start from its folder)."
            )
        if not file.is_file():
            raise LayerError(f"{file} is not an ordinary file; expected one of {known}.")
        if file.suffix.lower() not in suffixes:
            raise LayerError(f"{file.name} ends in '{file.suffix}'; expected one of {known}. Convert the layer first.")
        _check_signature(file, file.suffix.lower())
    except PermissionError:
        raise LayerError(f"{file} can't be read: you have no right to. Ask its owner, or copy it.") from None
    except LayersError:
        raise
    except OSError as error:
        raise LayerError(f"{file} can't be read: {error.strerror}.") from error
    return file


def read_vector(path: Path | str, layer: str | None = None, setting: str = "") -> gpd.GeoDataFrame:
    """All columns and the geometry (named "geometry", two-dimensional) of one layer of a file, as stored.

    A file with several layers needs `layer`; otherwise the error lists them, and names the user's `setting` for it, if
    any. Raises LayerError for a file that can't be read or has no geometry, and what `ordinary_file` raises.
    """
    file = ordinary_file(path, VECTOR_SUFFIXES)
    if file.suffix.lower() == ".parquet":
        return _read_parquet(file)
    # Views that are not layers are ignored: even listing them would run them.
    options = {"LIST_ALL_TABLES": "NO"} if file.suffix.lower() == ".gpkg" else {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library's warnings on curves and measures, which are handled here
            chosen = _chosen_layer(file, _layer_names(file), layer, setting)
            frame = pyogrio.read_dataframe(file, layer=chosen, force_2d=True, **options)
    except LayersError:
        raise
    except (RuntimeError, ValueError, IndexError, sqlite3.Error, shapely.errors.ShapelyError) as error:
        raise LayerError(_unreadable(file)) from error  # the errors that damaged files cause
    if not isinstance(frame, gpd.GeoDataFrame):
        raise LayerError(f"{file.name} has no geometry column; a layer of zones, lines or points is expected.")
    return cleaned_frame(frame, file.name)


def _unreadable(file: Path) -> str:
    return f"{file.name} can't be read as a layer: it is damaged or cut short. Save it again from where it came."


def _check_signature(file: Path, suffix: str) -> None:
    with file.open("rb") as stream:
        start = stream.read(64)
    if suffix in {".geojson", ".json"}:
        start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(_SIGNATURES[suffix]):
        raise LayerError(f"{file.name} is named {suffix} but is not: it is empty, cut short or another format.")


def layers_in(file: Path) -> list[str]:
    """The names of the layers with geometry in a file. Raises LayerError for a file that can't be read."""
    try:
        return _layer_names(ordinary_file(file, VECTOR_SUFFIXES))
    except LayersError:
        raise
    except (RuntimeError, ValueError, sqlite3.Error) as error:
        raise LayerError(_unreadable(file)) from error


def _layer_names(file: Path) -> list[str]:
    suffix = file.suffix.lower()
    if suffix == ".gpkg":
        return _tables_with_geometry(file)
    if suffix == ".shp":
        suffixes = {sibling.suffix.lower() for sibling in file.parent.glob(f"{glob.escape(file.stem)}.*")}
        missing = [part for part in (".shx", ".dbf") if part not in suffixes]
        if missing:
            raise LayerError(f"{file.name} has no {' and no '.join(missing)} beside it. Copy the whole shapefile.")
    return [str(name) for name, shape in pyogrio.list_layers(file) if shape]


def _tables_with_geometry(file: Path) -> list[str]:
    # A view is a query that runs while it is read: a view of a few bytes can run forever, so views are refused.
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as package:
        stored = package.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
        all_views = {str(name).lower() for name, sql in stored if not str(sql).upper().startswith("CREATE TABLE")}
        system_views = sorted(name for name in all_views if name.startswith("gpkg_"))
        contents = (
            [] if system_views else [str(row[0]) for row in package.execute("SELECT table_name FROM gpkg_contents")]
        )
        names = [] if system_views else [str(row[0]) for row in package.execute(_FEATURE_TABLES)]
    views = [*system_views, *(name for name in contents if name.lower() in all_views)]
    if views:
        raise LayerError(
            f"{file.name}: {first_few(views)} is a view and no table. Save the layer as a file of its own."
        )
    return names


def _chosen_layer(file: Path, present: list[str], layer: str | None, setting: str) -> str | None:
    if layer is not None and layer not in present:
        raise LayerError(f"{file.name} has no layer '{layer}'; it holds {', '.join(present) or 'none'}.")
    if layer is None and len(present) > 1:
        advice = f"Say which with {setting}" if setting else "Save the one that is meant as a file of its own"
        raise LayerError(f"{file.name} holds {len(present)} layers ({first_few(present)}). {advice}.")
    return layer or next(iter(present), None)


def _read_parquet(file: Path) -> gpd.GeoDataFrame:
    try:
        rows = pyarrow.parquet.read_metadata(file).num_rows
        if rows > MAX_ROWS:
            raise LayerError(f"{file.name} has {rows:,} rows, above the {MAX_ROWS:,} read. Keep those of the region.")
        frame = gpd.read_parquet(file)
    except LayersError:
        raise
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise LayerError(f"{file.name} can't be read as GeoParquet: it is damaged or has no geometry.") from error
    frame = frame if frame.geometry.name == "geometry" else frame.rename_geometry("geometry")
    return cleaned_frame(frame.set_geometry(frame.geometry.force_2d()), file.name)
