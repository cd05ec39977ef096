"""Reads a run's base map, from its own streets or from a layer, and makes it small enough for pages and pictures."""

from collections.abc import Mapping, Sequence
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
from maps import LOOKS, BaseMap, kinds_in_words

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

    @property
    def drawn_words(self) -> str:
        """What maps draw of it: "roads, rail and water; names of 34 places"; "" where nothing."""
        if self.base_map is None:
            return ""
        places = len(self.base_map.of_shape("point"))
        drawn, named = kinds_in_words(self.base_map.frame).lower(), f"names of {places:,} place{'s' * (places != 1)}"
        return "; ".join(words for words in (drawn, named if places else "") if words)


def read_base_map_of(config: RunConfig, zones: gpd.GeoDataFrame) -> BaseMapRead:
    """The base map of a run, in the zones' CRS: `base_map_from` what its configuration says."""
    streets = [config.streets.file, *config.streets.beyond] if config.streets.file else []
    return base_map_from(config.base_map, streets, zones)


def base_map_from(section: BaseMapSection, streets: Sequence[Path], zones: gpd.GeoDataFrame) -> BaseMapRead:
    """The base map of the file that the section names, OpenStreetMap or a layer, else of what `streets` hold; in the zones' CRS.

    Within `MARGIN_M` of the hull of the zones, simplified by `TOLERANCE_M`, at most `MOST_VERTICES`. Nothing where the
    section wants none, or there is no file; a street file that can't be read for it costs the base map, not the run.
    Raises LayersError or `StreetsError` for a file of the section's own that can't be used.
    """
    if not section.show:
        return BaseMapRead()
    hull = shapely.convex_hull(shapely.multipoints(shapely.get_coordinates(zones.geometry.to_numpy())))
    land = gpd.GeoSeries([shapely.buffer(hull, MARGIN_M)], crs=zones.crs)
    if section.file is not None:
        return _of_osm(section, section.file, land) if _is_osm(section.file) else _of_layer(section, section.file, land)
    if not streets or not _is_osm(streets[0]):
        return BaseMapRead()
    try:
        frame, left_out = small_enough(_of_streets(streets, land))
    except AccessibilityError as error:
        effect = f"no base map is drawn; figures are not touched. {cleaned(str(error))}"
        return BaseMapRead(warnings=(RunWarning("base_map_unread", 1, 1.0, (cleaned(streets[0].name),), effect),))
    return BaseMapRead(BaseMap(frame, CREDIT) if len(frame) else None, _told(left_out))


def _is_osm(file: Path) -> bool:
    return file.name.lower().endswith(tuple(OSM_FORMATS))


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


def _of_streets(files: Sequence[Path], land: gpd.GeoSeries) -> gpd.GeoDataFrame:
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


def _of_osm(section: BaseMapSection, file: Path, land: gpd.GeoSeries) -> BaseMapRead:
    """The base map of an OpenStreetMap file that is not the streets'. Raises `StreetsError` for one that can't be read."""
    stamps = stamps_of([file])
    frame, left_out = small_enough(_of_streets([file], land))
    credit = CREDIT if section.source == NOT_STATED else _credit(section, file)
    return _read_whole(frame, credit, left_out, base_map_provenance(section, file, len(frame), stamps))


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
    provenance = base_map_provenance(section, file, len(stored), stamps)
    return _read_whole(frame, _credit(section, file), left_out, provenance)


def _credit(section: BaseMapSection, file: Path) -> str:
    """Who made the file, as the section says."""
    credit = f"{file.name}; its source is not stated" if section.source == NOT_STATED else section.source
    return credit if section.licence == NOT_STATED else f"{credit} ({section.licence})"


def _read_whole(
    frame: gpd.GeoDataFrame, credit: str, left_out: Mapping[str, int], provenance: Provenance
) -> BaseMapRead:
    return BaseMapRead(BaseMap(frame, credit) if len(frame) else None, _told(left_out), (provenance,))


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
