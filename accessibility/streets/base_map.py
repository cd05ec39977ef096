"""Reads what a base map draws from OpenStreetMap files: roads by class, rail, water, green and built-up land, names of places."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import osmium
import shapely

from accessibility.errors import StreetsError
from accessibility.streets.osm_ways import file_format, unreadable
from accessibility.streets.tags import Tag
from accessibility.text import cleaned

Objects = npt.NDArray[np.object_]
Bounds = tuple[float, float, float, float]  # west, south, east, north in degrees

# Value of the tag `highway` -> class of road. Ramps (motorway_link ...) belong to the road they lead to.
ROADS: Mapping[str, str] = {
    **{f"{road}{link}": road for road in ("motorway", "trunk", "primary", "secondary", "tertiary") for link in ("", "_link")},
    **dict.fromkeys(("unclassified", "residential", "living_street", "road"), "local"),
}  # fmt: skip
RAILWAYS: Mapping[str, str] = {
    "rail": "rail", "narrow_gauge": "rail", "light_rail": "light_rail", "subway": "light_rail", "tram": "light_rail",
}  # fmt: skip
WATERWAYS: Mapping[str, str] = {"river": "river", "canal": "canal"}
PLACES: Mapping[str, str] = {name: name for name in ("city", "town", "suburb", "village")}
# (key, value) of an area -> its kind and class.
AREAS: Mapping[tuple[str, str], tuple[str, str]] = {
    **dict.fromkeys(
        [("natural", "water"), ("waterway", "riverbank"), ("waterway", "dock"), ("landuse", "reservoir"), ("landuse", "basin")],
        ("water", "water"),
    ),
    **dict.fromkeys(
        [
            *(("leisure", value) for value in ("park", "nature_reserve", "golf_course", "common")),
            *(("landuse", value) for value in ("recreation_ground", "cemetery", "village_green")),
        ],
        ("green", "park"),
    ),
    **dict.fromkeys([("natural", "wood"), ("landuse", "forest")], ("green", "wood")),
    **{("landuse", value): ("built_up", "built_up") for value in ("residential", "commercial", "industrial", "retail")},
}  # fmt: skip
_LINES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "highway": ("road", ROADS),
    "railway": ("rail", RAILWAYS),
    "waterway": ("water", WATERWAYS),
}
_SIDINGS = frozenset({"siding", "yard", "spur", "crossover"})  # of a railway's tag `service`
_AREA_KEYS = ("natural", "waterway", "landuse", "leisure")
_NUMBERED = frozenset({"motorway", "trunk", "primary", "secondary"})  # roads that people call by their number


class BaseFeature(NamedTuple):
    """One thing that a base map draws."""

    kind: str  # road, rail, water, green, built_up or place
    class_: str  # of its kind: motorway, river, park, town ...
    name: str  # "" where it has none; of a main road its number, such as A34


class BaseFeatures(NamedTuple):
    """What base maps draw of street files: the facts of each feature and its shape, (n,) in WGS84 degrees.

    Roads, rail, rivers and canals are lines; lakes, green and built-up land polygons with holes; places points.
    """

    facts: list[BaseFeature]
    shapes: Objects


def read_base_map(*paths: Path, bounds: Bounds) -> BaseFeatures:
    """The features of OSM files that a base map draws and that touch `bounds`; an object that several files have counts once.

    Areas mapped as multipolygons have their holes. What can't be drawn is left out: lines with fewer than two positions,
    areas whose rings don't close, objects marked as deleted. Of an object with several versions the last one counts. Raises
    `StreetsError` for a file that can't be read.
    """
    found: dict[tuple[str, int], tuple[BaseFeature, bytes]] = {}
    for path in paths:
        try:
            for key, feature in _features(path):
                found.pop(key, None)
                if feature is not None:
                    found[key] = feature
        except (RuntimeError, OSError, EOFError) as error:
            raise StreetsError(f"{path}: {unreadable(str(error))}") from error
    shapes = shapely.from_wkb([shape for _, shape in found.values()])
    inside = shapely.intersects(shapes, shapely.box(*bounds))
    return BaseFeatures([fact for (fact, _), kept in zip(found.values(), inside, strict=True) if kept], shapes[inside])


def feature_of_way(tag: Tag) -> BaseFeature | None:
    """What the tags of a way say of a line of the base map; None where it is none."""
    for key, (kind, classes) in _LINES.items():
        class_ = classes.get(tag(key) or "")
        if class_ is None or tag("area") == "yes":
            continue
        hidden = key == "railway" and tag("service") in _SIDINGS
        hidden |= key == "waterway" and tag("tunnel") in {"yes", "culvert"}
        if not hidden:
            number = tag("ref") if class_ in _NUMBERED else None
            return BaseFeature(kind, class_, cleaned(number or tag("name") or ""))
    return None


def feature_of_area(tag: Tag) -> BaseFeature | None:
    """What the tags of an area say of land or water of the base map; None where it is none."""
    for key in _AREA_KEYS:
        facts = AREAS.get((key, tag(key) or ""))
        if facts:
            return BaseFeature(*facts, cleaned(tag("name") or ""))
    return None


def _feature_of_place(tag: Tag) -> BaseFeature | None:
    class_, name = PLACES.get(tag("place") or ""), cleaned(tag("name") or "").strip()
    return BaseFeature("place", class_, name) if class_ and name else None


def _features(path: Path) -> Iterator[tuple[tuple[str, int], tuple[BaseFeature, bytes] | None]]:
    """((type, id), (facts, WKB)) of the features of a file, later versions after earlier ones; None for what is not drawn."""
    source = osmium.io.File(str(path), file_format(path))
    lines = ((key, value) for key, (_, classes) in _LINES.items() for value in classes)
    wanted = [*lines, *AREAS, *(("place", value) for value in PLACES)]
    objects = osmium.FileProcessor(source).with_areas(osmium.filter.TagFilter(*AREAS))
    shapes = osmium.geom.WKBFactory()
    for one in cast("Iterable[Any]", objects.with_filter(osmium.filter.TagFilter(*wanted))):
        if one.is_relation():
            continue
        facts, shape = (None, "") if one.deleted else _drawn(one, shapes)
        yield (one.type_str(), one.id), (facts, bytes.fromhex(shape)) if facts and shape else None


def _drawn(one: Any, shapes: Any) -> tuple[BaseFeature | None, str]:
    """The facts of an OSM object and its shape as hexadecimal WKB; "" where it can't be drawn."""
    tag: Tag = one.tags.get
    if one.is_node():
        facts, shape = _feature_of_place(tag), shapes.create_point
    elif one.is_way():
        facts, shape = feature_of_way(tag), shapes.create_linestring
    else:
        facts, shape = feature_of_area(tag), shapes.create_multipolygon
    if facts is None:
        return None, ""
    try:
        return facts, str(shape(one))
    except (RuntimeError, osmium.InvalidLocationError):
        return facts, ""
