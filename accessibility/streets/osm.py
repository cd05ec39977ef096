"""Reads OpenStreetMap files into a `StreetNetwork`: the ways that pedestrians may use."""

import contextlib
from bz2 import BZ2File
from collections.abc import Iterable, Iterator, Mapping, Sequence
from gzip import GzipFile
from io import FileIO
from pathlib import Path
from typing import NamedTuple, cast
from xml.parsers import expat

import numpy as np
import osmium

from accessibility.compressed_rows import offsets_of
from accessibility.errors import StreetsError
from accessibility.legs import Int64
from accessibility.repairs import Repair, sample
from accessibility.streets.network import Bool, Segments, StreetNetwork, segment_lengths, street_network
from accessibility.streets.squares import Square, crossings, outlines_of
from accessibility.streets.tags import Passage, blocked, passage

_PER_DEGREE = 10_000_000  # OSM stores coordinates as whole 1e-7 degrees
_NOWHERE = 2**31 - 1  # osmium's value for an unknown position; it is outside of any possible coordinate

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


class _Way(NamedTuple):
    """A walkable way."""

    version: int
    nodes: list[tuple[int, int, int]]  # id, longitude and latitude in 1e-7 degrees
    passage: Passage
    conditional: bool  # whether it is open or closed on foot at some hours only
    square: int | None = None  # of the outline of a walkable area: a number that no other area has


def read_osm(*paths: Path) -> StreetNetwork:
    """The walkable streets of OSM files in `OSM_FORMATS`, with objects in any order.

    Ways that are marked as deleted are left out. Of several versions of a way the newest counts (the later one, if two have
    the same number), of a node the last. Ways that several files have, as extracts of neighbouring areas do, count once.
    Raises `StreetsError` if a file is not a readable OSM file or they have no walkable street.
    """
    sources = [osmium.io.File(str(path), _format(path)) for path in paths]
    deleted: list[int] = []
    ways: dict[int, _Way] = {}
    superseded: list[int] = []
    try:
        for path, source in zip(paths, sources, strict=True):
            superseded += _add_newest_ways(source, ways)
            deleted += [way for way in _marked_as_deleted(path) if ways.pop(way, None)]
        outlines = [outline for source in sources for outline in outlines_of(source)]
        around = [_Way(0, nodes, one.passage, False, -n) for n, one in enumerate(outlines, 1) for nodes in one.ways]
        every = [*ways.values(), *around]
        nodes = _with_positions(sources, [node for way in every for node in way.nodes])
        barriers = _barriers(sources)
    except (RuntimeError, OSError, EOFError, expat.ExpatError) as error:
        raise StreetsError(_unreadable(str(error))) from error
    repairs = _version_repairs(superseded, deleted, len(ways) + len(superseded) + len(deleted))
    every, nodes = _with_squares(every, nodes)
    return _network(every, nodes, barriers, (*repairs, *_conditional_repairs(ways)))


def _with_squares(ways: list[_Way], nodes: Int64) -> tuple[list[_Way], Int64]:
    """The ways and their nodes (n, 3), and those across the squares among them, whose outlines have the same number `square`.

    Squares of which a node has no position are walked round.
    """
    bounds = offsets_of(np.array([len(way.nodes) for way in ways], np.int64))
    around: dict[int, list[int]] = {}
    for number, way in enumerate(ways):
        if way.square is not None and len(way.nodes) > 1:
            around.setdefault(way.square, []).append(number)
    squares = [
        Square(ways[numbers[0]].passage, [nodes[bounds[number] : bounds[number + 1]] for number in numbers])
        for numbers in around.values()
    ]
    squares = [square for square in squares if all(_on_the_globe(way).all() for way in square.ways)]
    if not squares:
        return ways, nodes
    rows = np.flatnonzero(
        np.isin(nodes[:, 0], np.concatenate([way[:, 0] for square in squares for way in square.ways]))
    )
    of_way = np.searchsorted(bounds, rows, side="right")
    ids, counts = np.unique(np.unique(np.column_stack([of_way, nodes[rows, 0]]), axis=0)[:, 1], return_counts=True)
    across = [_Way(0, ends, allowed, False) for ends, allowed in crossings(squares, set(ids[counts > 1].tolist()))]
    more = np.array([node for way in across for node in way.nodes], np.int64).reshape(-1, 3)
    return [*ways, *across], np.concatenate([nodes, more])


class Clipped(NamedTuple):
    """Numbers of walkable ways in a file, and of those kept."""

    walkable: int
    kept: int


def clip_osm(path: Path, target: Path, bounds: tuple[float, float, float, float]) -> Clipped:
    """Write the walkable ways of an OSM file that touch `bounds` (west, south, east, north in degrees) into another.

    Ways stay whole, with their nodes; only nodes that lie in the bounds touch them. Multipolygons are left out: people walk
    round squares that are mapped so. Raises `StreetsError` for a damaged file.
    """
    west, south, east, north = bounds
    source, kept, walkable = osmium.io.File(str(path), _format(path)), 0, 0
    try:
        placed = osmium.FileProcessor(source, osmium.osm.NODE | osmium.osm.WAY).with_locations()
        ways = placed.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        with osmium.BackReferenceWriter(osmium.io.File(str(target), "pbf"), source, overwrite=True) as writer:
            for way in cast("Iterable[osmium.osm.Way]", ways):
                allowed = passage(way.tags.get)
                if not (allowed.forward or allowed.backward):
                    continue
                walkable += 1
                spots = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
                if any(west <= lon <= east and south <= lat <= north for lon, lat in spots):
                    writer.add(way)
                    kept += 1
    except (RuntimeError, OSError) as error:
        raise StreetsError(_unreadable(str(error))) from error
    return Clipped(walkable, kept)


def _format(path: Path) -> str:
    return next(name for ending, name in OSM_FORMATS.items() if path.name.lower().endswith(ending))


def _unreadable(reason: str) -> str:
    why = "it declares entities, which can hide what is read" if "entities" in reason else "it is damaged or cut short"
    return f"not a readable OSM file: {why}; expected an .osm.pbf extract, e.g. from download.geofabrik.de"


def _add_newest_ways(source: osmium.io.File, newest: dict[int, _Way]) -> list[int]:
    """Add the newest version of every walkable way of a file; returns the ids of the versions that another one replaced.

    Ways that are not walkable are read too, because the newest version of a way may have lost its `highway`. The same version
    in an earlier file is no other one.
    """
    superseded: list[int] = []
    before = set(newest)  # ways of earlier files that this one has not named yet
    for way in cast("Iterable[osmium.osm.Way]", osmium.FileProcessor(source, osmium.osm.WAY)):
        known = newest.get(way.id)
        if known:
            if way.id in before and known.version == way.version:
                before.remove(way.id)
                continue
            superseded.append(way.id)
            if known.version > way.version:
                continue
            del newest[way.id]
        allowed = passage(way.tags.get)
        if (allowed.forward or allowed.backward) and not way.deleted:
            nodes = [(node.ref, node.x, node.y) for node in way.nodes]
            square = way.id if way.is_closed() and way.tags.get("area") == "yes" else None
            newest[way.id] = _Way(way.version, nodes, allowed, _conditional(way), square)
    return superseded


def _conditional(way: osmium.osm.Way) -> bool:
    return any(way.tags.get(key) is not None for key in ("foot:conditional", "access:conditional"))


def _marked_as_deleted(path: Path) -> tuple[int, ...]:
    """Ids of ways that an editor (JOSM) marked for deletion in a file not yet uploaded; osmium ignores these marks."""
    file_format = _format(path)
    if file_format == "pbf":
        return ()
    marked: dict[int, None] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "way" and attributes.get("action") == "delete":
            marked[int(attributes["id"])] = None

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with _OPENERS[file_format](path) as stream:
        parser.ParseFile(stream)
    return tuple(marked)


def _barriers(sources: Sequence[osmium.io.File]) -> Int64:
    """Ids of the nodes of files that nobody walks through, ascending; where a node stands twice, as in the last place."""
    closed: dict[int, bool] = {}
    for source in sources:
        nodes = osmium.FileProcessor(source, osmium.osm.NODE).with_filter(osmium.filter.KeyFilter("barrier"))
        for node in cast("Iterable[osmium.osm.Node]", nodes):
            closed[node.id] = blocked(node.tags.get) and not node.deleted
    return np.array(sorted(node for node, is_closed in closed.items() if is_closed), np.int64)


def _with_positions(sources: Sequence[osmium.io.File], nodes: list[tuple[int, int, int]]) -> Int64:
    """(n, 3) node id, longitude and latitude in 1e-7 degrees; positions missing in `nodes` are taken from the files.

    Nodes may come before or after their ways in a file. A node without a position there gets an impossible one.
    """
    positions = np.array(nodes, dtype=np.int64).reshape(-1, 3)
    missing = ~_on_the_globe(positions)
    wanted, row = np.unique(positions[missing, 0], return_inverse=True)
    if len(wanted):
        positions[missing, 1:] = np.array(_positions(sources, wanted.tolist()), dtype=np.int64)[row]
    return positions


def _positions(sources: Sequence[osmium.io.File], wanted: list[int]) -> list[tuple[int, int]]:
    """Longitude and latitude in 1e-7 degrees of the wanted nodes, which osmium holds in C++.

    Its index has no objects that were never uploaded, which have negative ids, and finds few of the nodes of a file in which
    their ids do not ascend: those are looked up one by one.
    """
    index = osmium.index.create_map("flex_mem")
    for source in sources:
        osmium.apply(osmium.io.Reader(source, osmium.osm.NODE), osmium.NodeLocationsForWays(index))
    found: dict[int, tuple[int, int]] = {}
    for node in wanted:
        with contextlib.suppress(KeyError):
            if node >= 0:
                location = index.get(node)
                found[node] = location.x, location.y
    absent = [node for node in wanted if found.get(node, (_NOWHERE, _NOWHERE)) == (_NOWHERE, _NOWHERE)]
    for source in sources if absent else ():
        nodes = osmium.FileProcessor(source, osmium.osm.NODE)
        uploaded = [node for node in absent if node >= 0]
        chosen = nodes if absent[0] < 0 else nodes.with_filter(osmium.filter.IdFilter(uploaded))
        for one in cast("Iterable[osmium.osm.Node]", chosen):
            found[one.id] = one.location.x, one.location.y
    return [found.get(node, (_NOWHERE, _NOWHERE)) for node in wanted]


def _on_the_globe(nodes: Int64) -> Bool:
    inside: Bool = (np.abs(nodes[:, 1]) <= 180 * _PER_DEGREE) & (np.abs(nodes[:, 2]) <= 90 * _PER_DEGREE)
    return inside


def _network(ways: list[_Way], way_nodes: Int64, barriers: Int64, repairs: tuple[Repair, ...]) -> StreetNetwork:
    """The network of all ways: two consecutive nodes of a way become a segment, if the file has both.

    `way_nodes` (n, 3) are the nodes of all ways (id, longitude, latitude), one way after the other. Ways end at the nodes
    with the ids `barriers`, on either side.
    """
    present = np.flatnonzero(_on_the_globe(way_nodes))
    if ways and not len(present):
        raise StreetsError(
            f"{len(ways):,} walkable ways, but none of their nodes are in the file; save or cut it with its nodes"
        )
    nodes, way = way_nodes[present], np.repeat(np.arange(len(ways)), [len(way.nodes) for way in ways])[present]
    ids, first, row = np.unique(nodes[:, 0], return_index=True, return_inverse=True)
    consecutive = (np.diff(way) == 0) & (np.diff(present) == 1)
    closed = np.isin(ids, barriers)
    ends, place = _parted(row[:-1][consecutive], row[1:][consecutive], closed)
    start, end = ends
    lon, lat = nodes[first, 1][place] / _PER_DEGREE, nodes[first, 2][place] / _PER_DEGREE
    allowed = np.array([way.passage for way in ways], dtype=bool).reshape(-1, 3)[way[:-1][consecutive]]
    lengths_m = segment_lengths(lon, lat, start, end)
    segments = Segments(start, end, allowed[:, 0], allowed[:, 1], lengths_m, allowed[:, 2])
    missing = np.setdiff1d(np.arange(len(way_nodes)), present)
    missing_repair = _missing_repair(way_nodes[missing, 0], len(way_nodes))
    return street_network(lon, lat, segments, (*repairs, *missing_repair, *_barrier_repairs(ids[closed], len(ids))))


def _parted(start: Int64, end: Int64, closed: Bool) -> tuple[Int64, Int64]:
    """((2, n_segments) the nodes at both ends of each segment, the old node of each), where nobody passes a `closed` node.

    Each end of a segment at such a node gets a node of its own.
    """
    ends = np.stack([start, end])
    own = closed[ends]
    place = np.concatenate([np.arange(len(closed)), ends[own]])
    ends[own] = np.arange(len(closed), len(place))
    return ends, place


def _barrier_repairs(ids: Int64, total: int) -> Iterator[Repair]:
    if len(ids):
        effect = (
            f"{len(ids):,} gates and other barriers on ways are locked or closed on foot: people walk up to them on either side, "
            "and nobody walks through"
        )
        yield Repair("street_barriers_closed", len(ids), total, sample(ids), effect)


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


def _conditional_repairs(ways: Mapping[int, _Way]) -> Iterator[Repair]:
    found = sorted(ident for ident, way in ways.items() if way.conditional)
    if found:
        effect = (
            f"{len(found):,} walkable ways are open or closed at some hours only (foot:conditional, access:conditional): they "
            "are walked at all hours, as their other tags say"
        )
        yield Repair("street_opening_conditional", len(found), len(ways), sample(found), effect)


def _missing_repair(ids: Int64, total: int) -> tuple[Repair, ...]:
    if not len(ids):
        return ()
    effect = f"{len(ids):,} nodes of walkable ways are not in the file: the ways end there; cut it with complete ways"
    return (Repair("street_nodes_missing", len(ids), total, sample(ids), effect),)
