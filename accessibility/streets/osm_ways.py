"""Reads the walkable ways of OpenStreetMap files, their nodes with positions, and the barriers on them."""

import contextlib
from bz2 import BZ2File
from collections.abc import Callable, Iterable, Sequence
from gzip import GzipFile
from io import FileIO
from pathlib import Path
from typing import Any, NamedTuple, cast
from xml.parsers import expat

import numpy as np
import osmium

from accessibility.legs import Int64
from accessibility.streets.network import Bool
from accessibility.streets.tags import KEYS, Passage, Tag, blocked, is_ferry

Rule = Callable[[Tag], Passage]

PER_DEGREE = 10_000_000  # OSM stores coordinates as whole 1e-7 degrees
NOWHERE = 2**31 - 1  # osmium's value for an unknown position; it is outside of any possible coordinate

# Ending of a file's name -> osmium's name of the format. An .osh file is a history: it has all versions of objects.
OSM_FORMATS = {
    ".pbf": "pbf",
    ".osm": "osm",
    ".osm.gz": "osm.gz",
    ".osm.bz2": "osm.bz2",
    ".osh": "osm",
    ".osh.gz": "osm.gz",
    ".osh.bz2": "osm.bz2",
}
_OPENERS: dict[str, type[FileIO | GzipFile | BZ2File]] = {"osm": FileIO, "osm.gz": GzipFile, "osm.bz2": BZ2File}

Node = tuple[int, int, int]  # id, longitude and latitude in 1e-7 degrees


class Way(NamedTuple):
    """A walkable way."""

    version: int
    nodes: list[Node]
    passage: Passage
    conditional: bool  # whether it is open or closed on foot at some hours only
    square: int | None = None  # of the outline of a walkable area: a number that no other area has


class WaysRead:
    """What is gathered from street files, one after the other."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.ways: dict[int, Way] = {}
        self.superseded: list[int] = []  # ids of the versions that another one replaced
        self.deleted: list[int] = []
        self.ferries: set[int] = set()  # ids of ways on which people may take a ferry
        self.members: dict[int, list[Node]] = {}  # ways that `also` asked for
        self.barriers: dict[int, bool] = {}  # id of a node -> whether nobody walks through
        self.index: Any = osmium.index.create_map("flex_mem")  # positions of all nodes, which osmium holds in C++

    def add(self, path: Path, also: set[int]) -> None:
        """Add the newest version of every walkable way of a file, and the ways `also` whatever they are.

        osmium picks the ways that have a key which may make them walkable. The newest version of a way may have lost it, as
        may one marked as invisible: where such a version is in the file, all its ways are looked at. The same version in an
        earlier file is no other one.
        """
        source = osmium.io.File(str(path), file_format(path))
        ways, superseded, ferries = dict(self.ways), list(self.superseded), set(self.ferries)
        seen = self._add_versions(source, _with_keys())
        if self._add_members(source, also) > seen:
            self.ways, self.superseded, self.ferries = ways, superseded, ferries
            self._add_versions(source, None)
            self._add_members(source, also)
        self.deleted += [way for way in _marked_as_deleted(path) if self.ways.pop(way, None)]

    def _add_versions(self, source: osmium.io.File, keys: osmium.filter.KeyFilter | None) -> int:
        """Add the ways that pass `keys`, or all; how many versions of ways they are of which one is walkable."""
        known_before = set(self.ways)  # ways of earlier files that this one has not named yet
        objects = osmium.FileProcessor(source, osmium.osm.NODE | osmium.osm.WAY).with_locations(self.index)
        of_barriers = osmium.filter.KeyFilter("barrier")
        of_barriers.enable_for(osmium.osm.NODE)
        objects = objects.with_filter(of_barriers)
        versions: dict[int, int] = {}
        for one in objects if keys is None else objects.with_filter(keys):
            if isinstance(one, osmium.osm.Way):
                versions[one.id] = versions.get(one.id, 0) + 1
                self._add_version(one, known_before)
            else:
                node = cast("osmium.osm.Node", one)
                self.barriers[node.id] = blocked(node.tags.get) and not node.deleted
        return sum(versions[way] for way in self.ways.keys() & versions.keys())

    def _add_version(self, way: osmium.osm.Way, known_before: set[int]) -> None:
        tag, known = way.tags.get, self.ways.get(way.id)
        if known:
            if way.id in known_before and known.version == way.version:
                known_before.remove(way.id)
                return
            self.superseded.append(way.id)
            if known.version > way.version:
                return
            del self.ways[way.id]
        allowed = self.rule(tag)
        if way.deleted:
            return
        if allowed.forward or allowed.backward:
            square = way.id if way.is_closed() and tag("area") == "yes" else None
            self.ways[way.id] = Way(way.version, _nodes(way), allowed, _conditional(tag), square)
        elif is_ferry(tag):
            self.ferries.add(way.id)

    def _add_members(self, source: osmium.io.File, also: set[int]) -> int:
        """Add the ways `also`, and say how many versions the file has of the walkable ways, whatever their tags.

        Nodes without a position get the one that stands on the way itself, as some extracts have it.
        """
        wanted, versions = also | self.ways.keys(), 0
        if not wanted:
            return 0
        unplaced = {ident for ident, way in self.ways.items() if any(node[1] == NOWHERE for node in way.nodes)}
        # Not osmium's filter of ids, whose memory grows with the largest id.
        for way in cast("Iterable[osmium.osm.Way]", osmium.FileProcessor(source, osmium.osm.WAY)):
            if way.id not in wanted:
                continue
            known = self.ways.get(way.id)
            versions += known is not None
            if way.id in also:
                self.members[way.id] = _nodes(way)
            if known and way.id in unplaced and known.version == way.version:
                nodes = [
                    mine if mine[1] != NOWHERE else own for mine, own in zip(known.nodes, _nodes(way), strict=True)
                ]
                self.ways[way.id] = known._replace(nodes=nodes)
        return versions

    def closed_nodes(self) -> Int64:
        """Ids of the nodes that nobody walks through, ascending; where a node stands twice, as in the last place."""
        return np.array(sorted(node for node, is_closed in self.barriers.items() if is_closed), np.int64)


def _with_keys() -> osmium.filter.KeyFilter:
    keys = osmium.filter.KeyFilter(*KEYS)
    keys.enable_for(osmium.osm.WAY)
    return keys


def _nodes(way: osmium.osm.Way) -> list[Node]:
    return [(node.ref, node.x, node.y) for node in way.nodes]


def _conditional(tag: Tag) -> bool:
    return tag("foot:conditional") is not None or tag("access:conditional") is not None


def file_format(path: Path) -> str:
    """osmium's name for the format of a file."""
    return next(name for ending, name in OSM_FORMATS.items() if path.name.lower().endswith(ending))


def unreadable(reason: str) -> str:
    """Why an OSM file can't be read, from osmium's or expat's words, and what is expected instead."""
    why = "it declares entities, which can hide what is read" if "entities" in reason else "it is damaged or cut short"
    return f"not a readable OSM file: {why}; expected an .osm.pbf extract, e.g. from download.geofabrik.de"


def _marked_as_deleted(path: Path) -> tuple[int, ...]:
    """Ids of ways that an editor (JOSM) marked for deletion in a file not yet uploaded; osmium ignores these marks."""
    kind = file_format(path)
    if kind == "pbf":
        return ()
    marked: dict[int, None] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "way" and attributes.get("action") == "delete":
            marked[int(attributes["id"])] = None

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with _OPENERS[kind](path) as stream:
        parser.ParseFile(stream)
    return tuple(marked)


def with_positions(paths: Sequence[Path], index: Any, nodes: list[Node]) -> Int64:
    """(n, 3) node id, longitude and latitude in 1e-7 degrees; positions missing in `nodes` are taken from `index` or the files.

    Nodes may come before or after their ways in a file. A node without a position there gets an impossible one.
    """
    positions = np.array(nodes, dtype=np.int64).reshape(-1, 3)
    missing = ~on_the_globe(positions)
    wanted, row = np.unique(positions[missing, 0], return_inverse=True)
    if len(wanted):
        positions[missing, 1:] = np.array(_positions(paths, index, wanted.tolist()), dtype=np.int64)[row]
    return positions


def _positions(paths: Sequence[Path], index: Any, wanted: list[int]) -> list[tuple[int, int]]:
    """Longitude and latitude in 1e-7 degrees of the wanted nodes, from the index of the files that were read.

    It has no objects that were never uploaded, which have negative ids, and finds few of the nodes of a file in which
    their ids do not ascend: those are looked up one by one.
    """
    found: dict[int, tuple[int, int]] = {}
    for node in wanted:
        with contextlib.suppress(KeyError):
            if node >= 0:
                location = index.get(node)
                found[node] = location.x, location.y
    absent = [node for node in wanted if found.get(node, (NOWHERE, NOWHERE)) == (NOWHERE, NOWHERE)]
    for path in paths if absent else ():
        nodes = osmium.FileProcessor(osmium.io.File(str(path), file_format(path)), osmium.osm.NODE)
        uploaded = [node for node in absent if node >= 0]
        chosen = nodes if absent[0] < 0 else nodes.with_filter(osmium.filter.IdFilter(uploaded))
        for one in cast("Iterable[osmium.osm.Node]", chosen):
            found[one.id] = one.location.x, one.location.y
    return [found.get(node, (NOWHERE, NOWHERE)) for node in wanted]


def on_the_globe(nodes: Int64) -> Bool:
    """(n,) whether nodes (n, 3) have a position."""
    inside: Bool = (np.abs(nodes[:, 1]) <= 180 * PER_DEGREE) & (np.abs(nodes[:, 2]) <= 90 * PER_DEGREE)
    return inside
