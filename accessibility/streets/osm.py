"""Reads OpenStreetMap files into a `StreetNetwork`: the ways that pedestrians may use."""

from collections.abc import Iterable, Iterator
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
from accessibility.streets.osm_ways import (
    PER_DEGREE,
    Rule,
    Way,
    WaysRead,
    file_format,
    on_the_globe,
    unreadable,
    with_positions,
)
from accessibility.streets.squares import Outline, Square, crossings, multipolygons, outlines_of
from accessibility.streets.tags import KEYS, passage


def read_osm(*paths: Path, rule: Rule = passage) -> StreetNetwork:
    """The walkable streets of OSM files in `OSM_FORMATS`, with objects in any order.

    Ways that are marked as deleted are left out. Of several versions of a way the newest counts (the later one, if two have
    the same number), of a node the last. Ways that several files have, as extracts of neighbouring areas do, count once.
    `rule` says of the tags of a way where it may be walked. Raises `StreetsError` if a file is not a readable OSM file or they
    have no walkable street.
    """
    read = WaysRead(rule)
    try:
        outlines: list[Outline] = []
        for path in paths:
            areas = multipolygons(osmium.io.File(str(path), file_format(path)), rule)
            read.add(path, {way for area in areas for way in area.ways})
            outlines += outlines_of(areas, read.members)
        around = [Way(0, nodes, one.passage, False, -n) for n, one in enumerate(outlines, 1) for nodes in one.ways]
        every = [*read.ways.values(), *around]
        nodes = with_positions(paths, read.index, [node for way in every for node in way.nodes])
    except (RuntimeError, OSError, EOFError, expat.ExpatError) as error:
        raise StreetsError(unreadable(str(error))) from error
    every, nodes = _with_squares(every, nodes)
    return _network(every, nodes, read.closed_nodes(), (*_version_repairs(read), *_tag_repairs(read)))


def _with_squares(ways: list[Way], nodes: Int64) -> tuple[list[Way], Int64]:
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
    squares = [square for square in squares if all(on_the_globe(way).all() for way in square.ways)]
    if not squares:
        return ways, nodes
    rows = np.flatnonzero(
        np.isin(nodes[:, 0], np.concatenate([way[:, 0] for square in squares for way in square.ways]))
    )
    of_way = np.searchsorted(bounds, rows, side="right")
    ids, counts = np.unique(np.unique(np.column_stack([of_way, nodes[rows, 0]]), axis=0)[:, 1], return_counts=True)
    across = [Way(0, ends, allowed, False) for ends, allowed in crossings(squares, set(ids[counts > 1].tolist()))]
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
    source, kept, walkable = osmium.io.File(str(path), file_format(path)), 0, 0
    try:
        placed = osmium.FileProcessor(source, osmium.osm.NODE | osmium.osm.WAY).with_locations()
        ways = placed.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)).with_filter(
            osmium.filter.KeyFilter(*KEYS)
        )
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
        raise StreetsError(unreadable(str(error))) from error
    return Clipped(walkable, kept)


def _network(ways: list[Way], way_nodes: Int64, barriers: Int64, repairs: tuple[Repair, ...]) -> StreetNetwork:
    """The network of all ways: two consecutive nodes of a way become a segment, if the file has both.

    `way_nodes` (n, 3) are the nodes of all ways (id, longitude, latitude), one way after the other. Ways end at the nodes
    with the ids `barriers`, on either side.
    """
    present = np.flatnonzero(on_the_globe(way_nodes))
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
    lon, lat = nodes[first, 1][place] / PER_DEGREE, nodes[first, 2][place] / PER_DEGREE
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


def _version_repairs(read: WaysRead) -> Iterator[Repair]:
    superseded, deleted = read.superseded, read.deleted
    total = len(read.ways) + len(superseded) + len(deleted)
    if superseded:
        effect = (
            f"{len(superseded):,} walkable ways of the file are replaced by another version in it (a history, or "
            "extracts that were joined): only the newest version of each counts"
        )
        yield Repair("street_versions", len(superseded), total, sample(superseded), effect)
    if deleted:
        effect = f"{len(deleted):,} ways are marked as deleted in the file: nobody walks there"
        yield Repair("street_ways_deleted", len(deleted), total, sample(deleted), effect)


def _tag_repairs(read: WaysRead) -> Iterator[Repair]:
    conditional = sorted(ident for ident, way in read.ways.items() if way.conditional)
    if conditional:
        effect = (
            f"{len(conditional):,} walkable ways are open or closed at some hours only (foot:conditional, access:conditional): "
            "they are walked at all hours, as their other tags say"
        )
        yield Repair("street_opening_conditional", len(conditional), len(read.ways), sample(conditional), effect)
    if read.ferries:
        effect = (
            f"{len(read.ferries):,} ferries that people may take on foot are on the map (route=ferry), which does not say when "
            "they sail: nobody takes them; where they matter, add a timetable feed that has them"
        )
        yield Repair("street_ferries", len(read.ferries), len(read.ways), sample(sorted(read.ferries)), effect)


def _missing_repair(ids: Int64, total: int) -> tuple[Repair, ...]:
    if not len(ids):
        return ()
    effect = f"{len(ids):,} nodes of walkable ways are not in the file: the ways end there; cut it with complete ways"
    return (Repair("street_nodes_missing", len(ids), total, sample(ids), effect),)
