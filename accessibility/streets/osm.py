"""OpenStreetMap tags and files: which ways a pedestrian may use, and in which direction.

Enters: a path. Leaves: a `StreetNetwork`.
"""

from bz2 import BZ2File
from collections.abc import Callable, Iterable, Iterator
from gzip import GzipFile
from io import FileIO
from pathlib import Path
from typing import NamedTuple, cast
from xml.parsers import expat

import numpy as np
import osmium

from accessibility.errors import StreetsError
from accessibility.legs import Int64
from accessibility.repairs import Repair, sample
from accessibility.streets.network import Bool, Segments, StreetNetwork, segment_lengths, street_network

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
# Ways without `highway` that people walk on where they may; without a word on `foot` too few are for the public.
_STRUCTURES_NEEDING_FOOT = {
    "waterway": {"lock_gate", "sluice_gate", "weir", "dam"},
    "man_made": {"pier", "breakwater", "groyne", "quay", "dyke"},
}
_FOOT_ALLOWED = {"yes", "designated", "permissive", "destination", "customers", "official"}
_FOOT_FORBIDDEN = {"no", "private", "use_sidepath"}
_ACCESS_FORBIDDEN = {"no", "private"}
_SIDEWALK = {"both", "left", "right", "yes"}
_PER_DEGREE = 10_000_000  # OSM stores coordinates as whole 1e-7 degrees
_NOWHERE = 2**31 - 1  # off the globe: osmium's mark for a position that is not known

# Ending of a file's name -> the name osmium has for its format. An .osh file is a history: all versions of objects.
OSM_FORMATS = {
    ".pbf": "pbf",
    ".osm": "osm",
    ".osm.gz": "osm.gz",
    ".osm.bz2": "osm.bz2",
    ".osh": "osm",
    ".osh.gz": "osm.gz",
    ".osh.bz2": "osm.bz2",
}
_OPENED: dict[str, type[FileIO | GzipFile | BZ2File]] = {"osm": FileIO, "osm.gz": GzipFile, "osm.bz2": BZ2File}

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
    - Only where `foot` allows it, and without `highway`: lock and sluice gates, weirs and dams (`waterway`); piers,
      breakwaters, groynes, quays and dykes (`man_made`).
    - Out whatever else is said: `highway=construction`, `proposed`, `raceway` and any other class.
    - `foot=no|private|use_sidepath` closes a way. `access=no|private` closes it unless `foot` allows it.
    - One way on foot: `oneway:foot`, `foot:forward=no`, `foot:backward=no`, and `conveying=forward|backward`
      (escalators). `oneway` is for vehicles and is ignored.

    Not modelled: barriers on nodes, conditional opening (`foot:conditional`), areas mapped as multipolygons, ferries.
    """
    return _directions(tag) if _open_on_foot(tag) else Passage(False, False)


def _open_on_foot(tag: Tag) -> bool:
    highway, foot = tag("highway"), tag("foot")
    if highway is None and "platform" in {tag("railway"), tag("public_transport")}:
        highway = "platform"
    if highway is None and any(tag(key) in kinds for key, kinds in _STRUCTURES_NEEDING_FOOT.items()):
        return foot in _FOOT_ALLOWED
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


class _Way(NamedTuple):
    """A walkable way."""

    version: int
    nodes: list[tuple[int, int, int]]  # id, longitude and latitude in 1e-7 degrees
    passage: Passage


def read_osm(path: Path) -> StreetNetwork:
    """The walkable streets of an OSM file in one of `OSM_FORMATS`, its objects in any order.

    Ways that are marked as deleted are left out. Of several versions of a way the newest counts (of two with one number
    the later), of a node the last in the file. Raises `StreetsError` when the file is no OSM file or holds no walkable
    street.
    """
    form = next(form for ending, form in OSM_FORMATS.items() if path.name.lower().endswith(ending))
    source = osmium.io.File(str(path), form)
    try:
        ways, superseded = _newest_ways(source)
        deleted = [way for way in _marked_as_deleted(path, form) if ways.pop(way, None)]
        nodes = _with_positions(source, [node for way in ways.values() for node in way.nodes])
    except (RuntimeError, OSError, EOFError, expat.ExpatError) as error:
        raise StreetsError(_unreadable(str(error))) from error
    found = _version_repairs(superseded, deleted, len(ways) + len(superseded) + len(deleted))
    return _network(list(ways.values()), nodes, tuple(found))


def _unreadable(reason: str) -> str:
    why = "it declares entities, which can hide what is read" if "entities" in reason else "it is damaged or cut short"
    return f"not a readable OSM file: {why}; expected an .osm.pbf extract, e.g. from download.geofabrik.de"


def _newest_ways(source: osmium.io.File) -> tuple[dict[int, _Way], list[int]]:
    """The newest version of every walkable way by id, and the ids of those that another version replaced.

    Ways that are not walkable are read too: the newest version may have lost its `highway`.
    """
    newest: dict[int, _Way] = {}
    superseded: list[int] = []
    for way in cast("Iterable[osmium.osm.Way]", osmium.FileProcessor(source, osmium.osm.WAY)):
        known = newest.get(way.id)
        if known:
            superseded.append(way.id)
            if known.version > way.version:
                continue
            del newest[way.id]
        allowed = passage(way.tags.get)
        if (allowed.forward or allowed.backward) and not way.deleted:
            newest[way.id] = _Way(way.version, [(node.ref, node.x, node.y) for node in way.nodes], allowed)
    return newest, superseded


def _marked_as_deleted(path: Path, form: str) -> tuple[int, ...]:
    """Ids of ways that an editor (JOSM) marked for deletion in a file not yet uploaded; osmium passes the mark by."""
    if form == "pbf":
        return ()
    marked: dict[int, None] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "way" and attributes.get("action") == "delete":
            marked[int(attributes["id"])] = None

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with _OPENED[form](path) as stream:
        parser.ParseFile(stream)
    return tuple(marked)


def _with_positions(source: osmium.io.File, nodes: list[tuple[int, int, int]]) -> Int64:
    """(n, 3) node id, longitude and latitude in 1e-7 degrees: where the ways themselves don't say, as the nodes do.

    Nodes may stand before or after their ways. A position that is not in the file is off the globe.
    """
    every = np.array(nodes, dtype=np.int64).reshape(-1, 3)
    lacking = ~_on_the_globe(every)
    wanted, row = np.unique(every[lacking, 0], return_inverse=True)
    if len(wanted):
        every[lacking, 1:] = np.array(_positions(source, wanted.tolist()), dtype=np.int64)[row]
    return every


def _positions(source: osmium.io.File, wanted: list[int]) -> list[tuple[int, int]]:
    """Longitude and latitude in 1e-7 degrees of the wanted nodes; positions of ids above zero stay in C++."""
    index = osmium.index.create_map("flex_mem")
    osmium.apply(osmium.io.Reader(source, osmium.osm.NODE), osmium.NodeLocationsForWays(index))
    drawn: dict[int, tuple[int, int]] = {}  # ids of objects that were never uploaded are below zero
    if wanted[0] < 0:
        for node in cast("Iterable[osmium.osm.Node]", osmium.FileProcessor(source, osmium.osm.NODE)):
            drawn[node.id] = node.location.x, node.location.y

    def position(node: int) -> tuple[int, int]:
        if node < 0:
            return drawn.get(node, (_NOWHERE, _NOWHERE))
        try:
            location = index.get(node)
        except KeyError:
            return _NOWHERE, _NOWHERE
        return location.x, location.y

    return [position(node) for node in wanted]


def _on_the_globe(nodes: Int64) -> Bool:
    inside: Bool = (np.abs(nodes[:, 1]) <= 180 * _PER_DEGREE) & (np.abs(nodes[:, 2]) <= 90 * _PER_DEGREE)
    return inside


def _network(ways: list[_Way], every: Int64, found: tuple[Repair, ...]) -> StreetNetwork:
    """Consecutive nodes of a way become segments; those with a node that is not in the file are left out.

    `every` (n, 3) holds the nodes of all ways, one way after the other.
    """
    present = np.flatnonzero(_on_the_globe(every))
    if ways and not len(present):
        raise StreetsError(
            f"{len(ways):,} walkable ways, but none of their nodes are in the file; save or cut it with its nodes"
        )
    nodes, way = every[present], np.repeat(np.arange(len(ways)), [len(way.nodes) for way in ways])[present]
    _, first, row = np.unique(nodes[:, 0], return_index=True, return_inverse=True)
    lon, lat = nodes[first, 1] / _PER_DEGREE, nodes[first, 2] / _PER_DEGREE
    joined = (np.diff(way) == 0) & (np.diff(present) == 1)
    start, end = row[:-1][joined], row[1:][joined]
    allowed = np.array([way.passage for way in ways], dtype=bool).reshape(-1, 2)[way[:-1][joined]]
    segments = Segments(start, end, allowed[:, 0], allowed[:, 1], segment_lengths(lon, lat, start, end))
    missing = np.setdiff1d(np.arange(len(every)), present)
    return street_network(lon, lat, segments, (*found, *_missing_repair(every[missing, 0], len(every))))


def _version_repairs(superseded: list[int], deleted: list[int], total: int) -> Iterator[Repair]:
    if superseded:
        effect = (
            f"{len(superseded):,} walkable ways of the file are replaced by another version in it (a history, or "
            "extracts that were joined): only the newest version of each counts"
        )
        yield Repair("street_versions", len(superseded), total, sample(superseded), effect)
    if deleted:
        effect = f"{len(deleted):,} ways are marked as deleted in the file: nobody walks there"
        yield Repair("street_ways_deleted", len(deleted), total, sample(deleted), effect)


def _missing_repair(ids: Int64, total: int) -> tuple[Repair, ...]:
    if not len(ids):
        return ()
    effect = f"{len(ids):,} nodes of walkable ways are not in the file: the ways end there; cut it with complete ways"
    return (Repair("street_nodes_missing", len(ids), total, sample(ids), effect),)
