"""One layer written for GIS: GeoPackage, GeoParquet, FlatGeobuf, GeoJSON, CSV or XLSX; same content, same bytes.

Every file is written under a temporary name beside its place and then renamed, so no half-written file is ever found.
"""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from layers.columns import NO_NOTES, Notes, with_integers
from layers.errors import LayerError
from layers.geometries import WGS84
from layers.geopackage import NamedLayer, write_geopackage
from layers.spreadsheets import Sheet, inert, write_workbook
from layers.writing import plain_frame, replaced, write_ogr

FORMATS = (".gpkg", ".parquet", ".fgb", ".geojson", ".csv", ".xlsx")


def write_layer(path: Path, frame: gpd.GeoDataFrame, name: str = "", notes: Notes = NO_NOTES) -> Path:
    """One layer in the format of the path's suffix; GeoJSON in WGS84 as RFC 7946 asks, CSV and XLSX without geometry.

    `name` is the layer's name inside the file (the path's stem when empty). `notes` say which columns count whole
    things, and become column titles where a format has them.
    """
    suffix, layer = path.suffix.lower(), name or path.stem
    if suffix not in FORMATS:
        raise LayerError(f"{path.name}: layers are written as {', '.join(FORMATS)}, not '{suffix}'.")
    if suffix == ".gpkg":
        return write_geopackage(path, [NamedLayer(layer, frame, notes=notes)])
    typed = with_integers(frame, notes)
    if suffix in {".csv", ".xlsx"}:
        table = pd.DataFrame(plain_frame(typed).drop(columns=frame.geometry.name))
        return write_csv(path, table) if suffix == ".csv" else write_workbook(path, [Sheet(layer, table, notes)], layer)
    with replaced(path) as partial:
        if suffix == ".parquet":
            plain_frame(typed).to_parquet(partial, index=False, compression="zstd", write_covering_bbox=True)
        elif suffix == ".fgb":
            write_ogr(partial, typed, "FlatGeobuf", layer=layer, layer_options={"SPATIAL_INDEX": "YES"})
        else:
            options = {"RFC7946": "YES", "COORDINATE_PRECISION": "6"}
            write_ogr(partial, typed.to_crs(WGS84), "GeoJSON", layer=layer, layer_options=options)
    return path


def write_csv(path: Path, table: pd.DataFrame) -> Path:
    """A table as UTF-8 CSV without its index; text a spreadsheet would run as a formula gets a leading apostrophe."""
    safe = table.rename(columns=inert)
    for column in safe.columns[[not pd.api.types.is_numeric_dtype(dtype) for dtype in safe.dtypes]]:
        safe[column] = safe[column].map(inert, na_action="ignore")
    with replaced(path) as partial:
        safe.to_csv(partial, index=False, encoding="utf-8", lineterminator="\n")
    return path
