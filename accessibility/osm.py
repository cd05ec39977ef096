"""OpenStreetMap tags and `.osm.pbf` files: which ways a pedestrian may use, and in which direction.

Enters: a path. Leaves: a `StreetNetwork`.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import osmium

from accessibility.errors import StreetsError
from accessibility.legs import Int64
from accessibility.repairs import Repair, sample
from accessibility.street_network import Segments, StreetNetwork, segment_lengths, street_network

_PATHS = {
    "footway",
    "path",
    "pedestrian",
    "steps",
    "corridor",
    "elevator",
    "platform",
    "bridleway",
    "cycleway",
    "track",
}
_STREETS = {"living_street", "residential", "unclassified", "road", "service"}
_ROADS = {"tertiary", "tertiary_link", "secondary", "secondary_link", "primary", "primary_link"}
_OPEN_CLASSES = _PATHS | _STREETS | _ROADS
_CLASSES_NEEDING_FOOT = {"motorway", "motorway_link", "trunk", "trunk_link", "busway", "bus_guideway"}
_FOOT_ALLOWED = {"yes", "designated", "permissive", "destination", "customers", "official"}
_FOOT_FORBIDDEN = {"no", "private", "use_sidepath"}
_ACCESS_FORBIDDEN = {"no", "private"}
_SIDEWALK = {"both", "left", "right", "yes"}
_UNDEFINED_COORDINATE = 2**31 - 1  # osmium's mark for a node that is not in the file
_PER_DEGREE = 10_000_000  # OSM stores coordinates as whole 1e-7 degrees

Tag = Callable[[str], str | None]


class Passage(NamedTuple):
    """Whether a way may be walked in the direction it is drawn, and against it."""

    forward: bool
    backward: bool


def passage(tag: Tag) -> Passage:
    """May a pedestrian use this way? `tag` gives a tag's value, or None.

    - In: footways, paths, pedestrian streets, steps, corridors, lifts, platforms (`highway`, `railway` or
      `public_transport`), bridleways, cycleways, tracks and every street up to `primary`. Areas are walked along their
      outline.
    - Only where `foot` allows it: motorways, trunk roads, busways and `motorroad=yes`; a trunk road also with a
      sidewalk of its own (`sidewalk` or `sidewalk:left/right/both`; "separate" is another way).
    - Out whatever else is said: `highway=construction`, `proposed`, `raceway` and any other class.
    - `foot=no|private|use_sidepath` closes a way. `access=no|private` closes it unless `foot` allows it.
    - One way on foot: `oneway:foot`, `foot:forward=no`, `foot:backward=no`, and `conveying=forward|backward`
      (escalators). `oneway` is for vehicles and is ignored.

    Not modelled: barriers on nodes, conditional opening (`foot:conditional`), areas mapped as multipolygons.
    """
    return _directions(tag) if _open_on_foot(tag) else Passage(False, False)


def _open_on_foot(tag: Tag) -> bool:
    highway, foot = tag("highway"), tag("foot")
    if highway is None and "platform" in {tag("railway"), tag("public_transport")}:
        highway = "platform"
    if foot in _FOOT_FORBIDDEN or (highway not in _OPEN_CLASSES and highway not in _CLASSES_NEEDING_FOOT):
        return False
    if foot in _FOOT_ALLOWED:
        return True
    if tag("access") in _ACCESS_FORBIDDEN or tag("motorroad") == "yes":
        return False
    return highway in _OPEN_CLASSES or (highway in {"trunk", "trunk_link"} and _has_sidewalk(tag))


def _has_sidewalk(tag: Tag) -> bool:
    keys = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
    return any(tag(key) in _SIDEWALK for key in keys)


def _directions(tag: Tag) -> Passage:
    oneway, conveying = tag("oneway:foot"), tag("conveying")
    backward = not (tag("foot:backward") == "no" or oneway in {"yes", "1"} or conveying == "forward")
    forward = not (tag("foot:forward") == "no" or oneway == "-1" or conveying == "backward")
    return Passage(forward, backward)


class _Ways(NamedTuple):
    """Walkable ways, their nodes one after the other."""

    nodes: list[tuple[int, int, int]]  # node id, longitude and latitude in 1e-7 degrees
    length: list[int]  # nodes per way
    passages: list[Passage]


def read_pbf(path: Path) -> StreetNetwork:
    """The walkable streets of an OSM extract.

    Raises `StreetsError` when the file is no OSM file or holds no walkable street.
    """
    try:
        ways = _read_ways(path)
    except RuntimeError as error:
        raise StreetsError(
            f"not a readable OSM file ({error}); expected an .osm.pbf extract, e.g. from download.geofabrik.de"
        ) from error
    return _network(ways)


def _read_ways(path: Path) -> _Ways:
    """One pass over the file; node positions and the choice of ways by key stay in C++."""
    ways = _Ways([], [], [])
    source = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    source.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    source.with_filter(osmium.filter.KeyFilter("highway", "railway", "public_transport"))
    for way in cast("Iterable[osmium.osm.Way]", source):
        allowed = passage(way.tags.get)
        if allowed.forward or allowed.backward:
            nodes = [(node.ref, node.x, node.y) for node in way.nodes]
            ways.nodes.extend(nodes)
            ways.length.append(len(nodes))
            ways.passages.append(allowed)
    return ways


def _network(ways: _Ways) -> StreetNetwork:
    """Consecutive nodes of a way become segments; those with a node that is not in the file are left out."""
    every = np.array(ways.nodes, dtype=np.int64).reshape(-1, 3)
    present = np.flatnonzero(every[:, 1] != _UNDEFINED_COORDINATE)
    nodes, way = every[present], np.repeat(np.arange(len(ways.length)), ways.length)[present]
    _, first, row = np.unique(nodes[:, 0], return_index=True, return_inverse=True)
    lon, lat = nodes[first, 1] / _PER_DEGREE, nodes[first, 2] / _PER_DEGREE
    joined = (np.diff(way) == 0) & (np.diff(present) == 1)
    start, end = row[:-1][joined], row[1:][joined]
    allowed = np.array(ways.passages, dtype=bool).reshape(-1, 2)[way[:-1][joined]]
    segments = Segments(start, end, allowed[:, 0], allowed[:, 1], segment_lengths(lon, lat, start, end))
    missing = np.setdiff1d(np.arange(len(every)), present)
    return street_network(lon, lat, segments, _missing_repair(every[missing, 0], len(every)))


def _missing_repair(ids: Int64, total: int) -> tuple[Repair, ...]:
    if not len(ids):
        return ()
    effect = f"{len(ids):,} nodes of walkable ways are not in the file: the ways end there; cut it with complete ways"
    return (Repair("street_nodes_missing", len(ids), total, sample(ids), effect),)
