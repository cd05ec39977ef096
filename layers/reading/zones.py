"""Reads and checks the zones of one geography and their districts.

The input is a polygon file in any CRS and a district lookup; the output `Zones` on `zone_id` in the working CRS.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.errors import GeographyError, LayerError, raise_together
from layers.files import read_vector
from layers.findings import Finding, findings_of, first_few
from layers.geometries import BRITISH_NATIONAL_GRID, in_working_crs, valid_polygons
from layers.reading.geographies import check_codes
from layers.tables.codes import code_comparison, code_texts
from layers.tables.read import key_problems, read_pairs, require_columns


@dataclass(frozen=True)
class Zones:
    """The zones of one geography.

    frame       index zone_id (text, unique); name, geometry (valid polygons in the working CRS); after
                `assign_district` also district_code, district_name
    attributes  the other columns of the file, unchanged, on the same index
    geography   name and vintage of the geography: "LSOA 2021"
    """

    frame: gpd.GeoDataFrame
    attributes: pd.DataFrame
    geography: str
    findings: tuple[Finding, ...] = ()


def read_zones(  # noqa: PLR0913  # keyword-only
    path: Path | str,
    *,
    id_column: str,
    name_column: str = "",
    geography: str,
    crs: str = BRITISH_NATIONAL_GRID,
    layer: str | None = None,
    layer_setting: str = "",
) -> Zones:
    """Zones from a GeoPackage, GeoJSON, shapefile, FlatGeobuf or GeoParquet, in the working CRS.

    Invalid polygons are repaired and counted; zones inside others are counted. Without `name_column` the id is the name.
    `layer_setting` is the name, in messages, of the user's setting for the layer of the file. Raises LayerError for a
    missing column, a missing or impossible CRS, blank or duplicate ids, zones without a polygon; GeographyError for ids
    that can't be of `geography`.
    """
    name = Path(path).name
    stored = read_vector(path, layer, layer_setting)
    require_columns(name, stored.columns, [id_column, *([name_column] if name_column else [])])
    ids = code_texts(stored[id_column], name)
    raise_together(name, key_problems(ids, id_column))
    index = pd.Index(ids, name="zone_id")
    check_codes(index, geography, f"{name}, column {id_column}")
    placed = in_working_crs(stored.geometry.set_axis(index), crs, name)
    polygons, findings = valid_polygons(placed, name)
    require_areas(polygons, name)
    findings += _overlaps(polygons, name)
    names = code_texts(stored[name_column], name) if name_column else ids
    names = names.where(names.ne(""), ids).set_axis(index)
    frame = gpd.GeoDataFrame({"name": names, "geometry": polygons}, crs=crs)
    attributes = pd.DataFrame(stored.drop(columns=stored.geometry.name)).set_axis(index)
    return Zones(frame, attributes, geography, findings)


def read_districts(path: Path | str, *, zone_column: str, district_column: str) -> pd.Series:
    """District code by zone id from a lookup file. Raises LayerError for zones in more than one district."""
    pairs = read_pairs(path, zone_column, district_column).rows
    raise_together(f"{Path(path).name}, zones in more than one district", key_problems(pairs[zone_column], zone_column))
    return pairs.set_index(zone_column)[district_column]


def assign_district(zones: Zones, codes: pd.Series, names: Mapping[str, str]) -> Zones:
    """The zones with district_code and district_name; zones of districts not in `names` are dropped and counted.

    `codes` is zone id -> district code, from `read_districts` or a column of `zones.attributes`. Raises GeographyError
    if zones have no district or a named district has no zones.
    """
    index = zones.frame.index
    district = codes.astype("str").str.strip().reindex(index)
    unplaced = index[district.isna() | district.eq("")]
    if len(unplaced):
        unlisted = unplaced.difference(codes.index)
        sides = f" Of the lookup: {code_comparison(codes.index, unlisted, 'zones not in it')}." if len(unlisted) else ""
        raise GeographyError(
            f"{len(unplaced):,} of {len(index):,} zones have no district ({first_few(unplaced)}); the lookup must cover "
            f"every {zones.geography} of the zones file.{sides}"
        )
    absent = [f"{code} {name}" for code, name in names.items() if code not in set(district)]
    if absent:
        codes_present = first_few(sorted(set(district)))
        raise GeographyError(f"no zone lies in {', '.join(absent)}; the zones' district codes are {codes_present}.")
    kept = district.isin(list(names))
    frame = zones.frame[kept].assign(district_code=district[kept], district_name=district[kept].map(dict(names)))
    left_out = findings_of("zones_outside_region", index[~kept], len(index), "zones of other districts are left out.")
    return replace(zones, frame=frame, attributes=zones.attributes[kept], findings=zones.findings + left_out)


def require_areas(polygons: gpd.GeoSeries, where: str) -> None:
    """Raise LayerError for outlines that are no valid polygons with an area."""
    shapes = polygons.to_numpy()
    wrong = polygons.index[~(shapely.is_valid(shapes) & (shapely.area(shapes) > 0))]
    if len(wrong):
        raise LayerError(f"{where}: {len(wrong):,} outlines are no polygons with an area ({first_few(wrong)}).")


def _overlaps(polygons: gpd.GeoSeries, where: str) -> tuple[Finding, ...]:
    # Zones of two levels in one file, or a zone with two ids, would count people twice.
    inner, outer = polygons.sindex.query(polygons.representative_point(), predicate="within")
    inside = polygons.index[np.unique(inner[inner != outer])]
    effect = f"{where}: zones that lie in another zone; people there may be counted twice."
    return findings_of("zones_overlap", inside, len(polygons), effect)
