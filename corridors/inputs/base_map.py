"""Reads a run's base map, from its own streets or from a layer, and makes it small enough for pages and pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import getfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from accessibility import OSM_FORMATS, AccessibilityError, read_base_map
from corridors.config.run_config import RunConfig
from corridors.config.sections import BaseMapSection
from corridors.config.values import NOT_STATED
from corridors.inputs.provenance import base_map_provenance, stamps_of
from corridors.results import Provenance, RunWarning
from corridors.runtime.cache import cached_folder, digest_of_files
from corridors.version import VERSION
from layers import WGS84, LayersError, cleaned, first_few, in_degrees, read_vector, require_columns
from maps import LOOKS, BaseMap

MARGIN_M = 2000.0  # round the hull of the zones: a road over the boundary still helps
TOLERANCE_M = 8.0  # by which a simplified line may leave the true one; a pixel of a town in view
LEAST_AREA_M2 = 10_000.0  # of water, green and built-up land: smaller areas are dots on every picture
MOST_VERTICES = 100_000  # some 0.3 MB of a page
MOST_NAME_LETTERS = 60
CREDIT = "© OpenStreetMap contributors (ODbL 1.0)"
COLUMNS = ("kind", "class", "name")
_DIMENSIONS = {"point": 0, "line": 1, "area": 2}
_FRAME = "base_map.parquet"


@dataclass(frozen=True)
class BaseMapRead:
    """The base map, None where a run has none, with what was left out of it and where it comes from."""

    base_map: BaseMap | None = None
    warnings: tuple[RunWarning, ...] = ()
    provenance: tuple[Provenance, ...] = ()

    @property
    def columns(self) -> Mapping[str, pd.DataFrame]:
        """Name -> columns of its layers, for the data dictionary; nothing where a run has no base map."""
        return {} if self.base_map is None else {"base_map": self.base_map.frame.assign(rank=0)}


def read_base_map_of(config: RunConfig, zones: gpd.GeoDataFrame) -> BaseMapRead:
    """The base map of a run: the layer that its configuration names, else what its streets' files hold, in the zones' CRS.

    Within `MARGIN_M` of the hull of the zones, simplified by `TOLERANCE_M`, at most `MOST_VERTICES`. Nothing where the
    configuration wants none, or names neither; a street file that can't be read for it costs the base map, not the run.
    Raises LayersError for a layer that can't be used.
    """
    section, streets = config.base_map, config.streets.file
    hull = shapely.convex_hull(shapely.multipoints(shapely.get_coordinates(zones.geometry.to_numpy())))
    land = gpd.GeoSeries([shapely.buffer(hull, MARGIN_M)], crs=zones.crs)
    if not section.show:
        return BaseMapRead()
    if section.file is not None:
        return _of_layer(section, section.file, land)
    if streets is None or not streets.name.lower().endswith(tuple(OSM_FORMATS)):
        return BaseMapRead()
    try:
        frame, left_out = small_enough(_of_streets([streets, *config.streets.beyond], land))
    except AccessibilityError as error:
        effect = f"no base map is drawn; figures are not touched. {cleaned(str(error))}"
        return BaseMapRead(warnings=(RunWarning("base_map_unread", 1, 1.0, (cleaned(streets.name),), effect),))
    return BaseMapRead(BaseMap(frame, CREDIT) if len(frame) else None, _told(left_out))


def prepared(frame: gpd.GeoDataFrame, land: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Features (kind, class, name, geometry) as a base map has them: inside `land` (one polygon), simplified, in its CRS.

    Lines of one class and name are joined; areas stand one by one, those below `LEAST_AREA_M2` left out; names are at most
    `MOST_NAME_LETTERS` long. The most important classes come first.
    """
    placed = frame.to_crs(land.crs)
    shapes = placed.geometry.to_numpy()
    shapes = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes))
    parts, row = shapely.get_parts(_clipped(shapes, land.iloc[0]), return_index=True)
    names = placed["name"].str.slice(0, MOST_NAME_LETTERS)
    facts = pd.DataFrame({"kind": placed["kind"], "class": placed["class"], "name": names}).iloc[row]
    looks = [LOOKS[key] for key in zip(facts["kind"], facts["class"], strict=True)]
    fitting = shapely.get_dimensions(parts) == [_DIMENSIONS[look.shape] for look in looks]
    fitting &= ~shapely.is_empty(parts) & (shapely.get_dimensions(parts) < 2) | (shapely.area(parts) >= LEAST_AREA_M2)
    pieces = gpd.GeoDataFrame(facts.reset_index(drop=True), geometry=parts, crs=land.crs)[fitting]
    lines = shapely.get_dimensions(pieces.geometry.to_numpy()) == 1
    whole = pd.concat([_joined(pieces[lines]), pieces[~lines]], ignore_index=True)
    order = {key: number for number, key in enumerate(LOOKS)}
    rank = pd.Series([order[key] for key in zip(whole["kind"], whole["class"], strict=True)], dtype=int)
    whole = whole.iloc[np.lexsort((whole["name"], rank))].reset_index(drop=True)
    return whole.set_geometry(shapely.simplify(whole.geometry.to_numpy(), TOLERANCE_M), crs=land.crs)


def small_enough(frame: gpd.GeoDataFrame, most: int = MOST_VERTICES) -> tuple[gpd.GeoDataFrame, Mapping[str, int]]:
    """The features of the most important classes, at most `most` vertices together, and (title -> how many) of the others."""
    keys = pd.Series(list(zip(frame["kind"], frame["class"], strict=True)), index=frame.index, dtype=object)
    vertices = pd.Series(shapely.get_num_coordinates(frame.geometry.to_numpy()), index=frame.index)
    kept, total, left_out = [], 0, {}
    for key, look in LOOKS.items():
        own = keys == key
        total += int(vertices[own].sum())
        if total <= most:
            kept.append(key)
        elif own.any():
            left_out[look.title] = int(own.sum())
    return frame[keys.isin(kept)].reset_index(drop=True), left_out


def _clipped(shapes: np.ndarray, land: shapely.Geometry) -> np.ndarray:
    """The parts of shapes that lie in a polygon."""
    shapely.prepare(land)
    inside = shapely.covers(land, shapes)
    clipped = shapes.copy()
    clipped[~inside] = shapely.intersection(shapes[~inside], land)
    return clipped


def _joined(lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Lines joined end to end where they have one class and name: one row for each."""
    if lines.empty:
        return lines
    groups = lines.groupby(list(COLUMNS), sort=True)
    group = groups.ngroup().to_numpy()
    order = np.argsort(group, kind="stable")
    whole = shapely.multilinestrings(lines.geometry.to_numpy()[order], indices=group[order])
    facts = lines.iloc[order].drop_duplicates(list(COLUMNS))[list(COLUMNS)].reset_index(drop=True)
    return gpd.GeoDataFrame(facts, geometry=shapely.line_merge(whole), crs=lines.crs)


def _of_streets(files: list[Path], land: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """What street files hold of a base map, kept in the cache where that can be used."""

    def read() -> gpd.GeoDataFrame:
        found = read_base_map(*files, bounds=tuple(land.to_crs(WGS84).total_bounds))
        facts = pd.DataFrame(found.facts, columns=COLUMNS, dtype=object)
        return prepared(gpd.GeoDataFrame(facts, geometry=found.shapes, crs=WGS84), land)

    code = [Path(getfile(read_base_map)), Path(getfile(BaseMap)), Path(__file__)]
    try:
        key = digest_of_files([*files, *code], VERSION, land.crs.to_wkt(), land.iloc[0].wkt)
        folder = cached_folder("base_map", key, lambda folder: read().to_parquet(folder / _FRAME))
        return gpd.read_parquet(folder / _FRAME)
    except AccessibilityError:
        raise
    except (OSError, ValueError, KeyError):  # the cache can't be used, and the run can do without
        return read()


def _of_layer(section: BaseMapSection, file: Path, land: gpd.GeoSeries) -> BaseMapRead:
    """The base map of a layer with the columns kind, class, name. Raises LayersError for others."""
    stamps = stamps_of([file])
    stored = read_vector(file, section.layer, "base_map.layer")
    require_columns(file.name, stored.columns, COLUMNS)
    texts = {column: stored[column].astype(object).where(stored[column].notna(), "") for column in COLUMNS}
    facts = pd.DataFrame({column: values.astype(str).map(cleaned) for column, values in texts.items()})
    known = [key in LOOKS for key in zip(facts["kind"], facts["class"], strict=True)]
    strange = facts[~np.array(known, bool)]
    if len(strange):
        listed = first_few(
            sorted({f"{kind} {class_}" for kind, class_ in zip(strange["kind"], strange["class"], strict=True)})
        )
        choice = ", ".join(" ".join(key) for key in LOOKS)
        raise LayersError(
            f"{file.name}: kind and class of a base map's features are none of these: {listed}. Use {choice}."
        )
    frame = gpd.GeoDataFrame(facts, geometry=in_degrees(stored.geometry, file.name))
    frame, left_out = small_enough(prepared(frame[~shapely.is_missing(frame.geometry.to_numpy())], land))
    provenance = (base_map_provenance(section, file, len(stored), stamps),)
    credit = f"{file.name}; its source is not stated" if section.source == NOT_STATED else section.source
    licence = "" if section.licence == NOT_STATED else f" ({section.licence})"
    return BaseMapRead(BaseMap(frame, credit + licence) if len(frame) else None, _told(left_out), provenance)


def _told(left_out: Mapping[str, int]) -> tuple[RunWarning, ...]:
    """A warning on classes that would have made the base map too large."""
    if not left_out:
        return ()
    effect = (
        f"the base map would be larger than {MOST_VERTICES:,} corners, so maps do not draw its least important classes. "
        "Figures are not touched."
    )
    return (
        RunWarning("base_map_classes_left_out", len(left_out), len(left_out) / len(LOOKS), tuple(left_out), effect),
    )
