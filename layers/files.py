"""Vector files opened safely: ordinary local files whose content is what their name says, nothing else.

Enters: a path from a configuration or a command line. Leaves: a GeoDataFrame as stored, or one clear error.
"""

import re
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely

from layers.errors import LayerError, LayerFileNotFoundError

_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
# GDAL opens by content and not by name: a "zones.gpkg" that holds VRT text would make it open any other file or
# address. Asking for the format's own first bytes closes that door without touching GDAL's process-wide settings.
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
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:|/?vsi", re.ASCII)  # http:, PG:, /vsicurl; a drive letter C: passes


def is_address(text: str) -> bool:
    """Whether a name is an address, a GDAL path or a database's connection string rather than a file."""
    return bool(_ADDRESS.match(text)) or "\x00" in text


def ordinary_file(path: Path | str, suffixes: tuple[str, ...]) -> Path:
    """The path as a Path, once it is known to be an ordinary local file of one of the formats.

    Raises LayerFileNotFoundError when nothing is there; LayerError for addresses, GDAL or database connection strings,
    folders, devices, other suffixes, and files whose first bytes are not those of the format they are named after.
    """
    text, file, known = str(path), Path(path), ", ".join(suffixes)
    if is_address(text):
        raise LayerError(f"'{text}' is an address or a connection string. Download the layer, then give its path.")
    if not file.exists():
        raise LayerFileNotFoundError(f"{file} is not there. Relative paths start from the configuration's folder.")
    if not file.is_file():
        raise LayerError(f"{file} is not an ordinary file; expected one of {known}.")
    if file.suffix.lower() not in suffixes:
        raise LayerError(f"{file.name} ends in '{file.suffix}'; expected one of {known}. Convert the layer first.")
    _check_signature(file, file.suffix.lower())
    return file


def read_vector(path: Path | str, layer: str | None = None) -> gpd.GeoDataFrame:
    """Every column and the geometry (named "geometry") of one layer, flattened to two dimensions, as the file has them.

    A GeoPackage with several layers needs `layer`; the error lists the choices.
    """
    file = ordinary_file(path, VECTOR_SUFFIXES)
    if file.suffix.lower() == ".parquet":
        return _read_parquet(file)
    try:
        frame = pyogrio.read_dataframe(file, layer=_chosen_layer(file, layer), force_2d=True)
    except (RuntimeError, ValueError, IndexError, shapely.errors.ShapelyError) as error:  # what a damaged file gives
        raise LayerError(f"{file.name} can't be read as a vector layer: {error}") from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise LayerError(f"{file.name} has no geometry column; a layer of zones, lines or points is expected.")
    return frame


def _check_signature(file: Path, suffix: str) -> None:
    with file.open("rb") as stream:
        start = stream.read(64)
    if suffix in {".geojson", ".json"}:
        start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(_SIGNATURES[suffix]):
        raise LayerError(f"{file.name} is named {suffix} but is not: it is empty, cut short or another format.")


def layers_in(file: Path) -> list[str]:
    """Names of a file's layers that have shapes. Raises LayerError for a file that can't be read."""
    try:
        found = pyogrio.list_layers(ordinary_file(file, VECTOR_SUFFIXES))
    except (RuntimeError, ValueError) as error:
        raise LayerError(f"{file.name} can't be read as a vector layer: it is damaged or cut short.") from error
    return [str(name) for name, shape in found if shape]  # tables of styles have no shape


def _chosen_layer(file: Path, layer: str | None) -> str | None:
    present = layers_in(file)
    if layer is None and len(present) > 1:
        raise LayerError(f"{file.name} holds {len(present)} layers ({', '.join(present)}); say which with `layer`.")
    if layer is not None and layer not in present:
        raise LayerError(f"{file.name} has no layer '{layer}'; it holds {', '.join(present) or 'none'}.")
    return layer


def _read_parquet(file: Path) -> gpd.GeoDataFrame:
    try:
        frame = gpd.read_parquet(file)
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise LayerError(f"{file.name} is not a GeoParquet file: {error}") from error
    frame = frame if frame.geometry.name == "geometry" else frame.rename_geometry("geometry")
    return frame.set_geometry(frame.geometry.force_2d())
