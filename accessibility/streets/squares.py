"""Squares and other walkable areas: people cross them from way to way, where nothing stands between."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple, cast

import numpy as np
import osmium
import shapely

from accessibility.legs import Int64
from accessibility.streets.tags import KEYS, Passage, Tag

MOST_ENTRIES = 100  # of one square that are joined to one another; their pairs grow with the square of their number
_TOLERANCE_DEG = 1e-7  # a centimetre, by which a line may leave a square along its edge
_PER_DEGREE = 10_000_000

Node = tuple[int, int, int]  # id, longitude and latitude in 1e-7 degrees


class Outline(NamedTuple):
    """A walkable area mapped as a multipolygon: the nodes of the ways around it and around what stands inside."""

    passage: Passage
    ways: list[list[Node]]


class Square(NamedTuple):
    """A walkable area: the nodes (n, 3) of each way around it, which is one closed way or several."""

    passage: Passage
    ways: Sequence[Int64]


class Area(NamedTuple):
    """A walkable multipolygon and the ids of its member ways."""

    passage: Passage
    ways: list[int]


def multipolygons(source: osmium.io.File, rule: Callable[[Tag], Passage]) -> list[Area]:
    """The multipolygons of an OSM file that are walkable by `rule`; of several versions of one the last."""
    found: dict[int, Area] = {}
    relations = osmium.FileProcessor(source, osmium.osm.RELATION)
    relations = relations.with_filter(osmium.filter.TagFilter(("type", "multipolygon")))
    for relation in relations.with_filter(osmium.filter.KeyFilter(*KEYS)):
        tags = cast("osmium.osm.Relation", relation)
        allowed = rule(tags.tags.get)
        if allowed.forward and allowed.backward and not tags.deleted:
            found[tags.id] = Area(allowed, [one.ref for one in tags.members if one.type == "w"])
    return list(found.values())


def outlines_of(areas: Iterable[Area], ways: Mapping[int, list[Node]]) -> list[Outline]:
    """The areas with their ways (id -> nodes). Those with a member that is not there are left out."""
    return [Outline(area.passage, [ways[way] for way in area.ways]) for area in areas if ways.keys() >= {*area.ways}]


def crossings(squares: Iterable[Square], met: set[int]) -> Iterator[tuple[list[Node], Passage]]:
    """(both ends, passage) of the ways across squares: between the nodes `met` (ids) around each, where ways meet it.

    Two such nodes are joined where the line between them stays inside; the first `MOST_ENTRIES` of a square's are.
    """
    for square in squares:
        every = np.concatenate(list(square.ways))
        _, first = np.unique(every[:, 0], return_index=True)
        entries = [row for row in np.sort(first).tolist() if int(every[row, 0]) in met][:MOST_ENTRIES]
        pairs = np.array(list(combinations(entries, 2)), np.int64).reshape(-1, 2)
        for one, other in every[pairs[_seen(_shape(square), every[pairs, 1:])]].tolist():
            yield [tuple(one), tuple(other)], square.passage


def _shape(square: Square) -> Any:
    """The area in degrees; with holes, where ways stand around them."""
    lines: list[Any] = [shapely.linestrings(way[:, 1:] / _PER_DEGREE) for way in square.ways]
    return shapely.build_area(shapely.multilinestrings(lines))


def _seen(shape: Any, pairs: Int64) -> Any:
    """(n,) whether nothing stands between the two positions (n, 2, 2) of a pair."""
    if not len(pairs):
        return np.zeros(0, bool)
    room = shape.buffer(_TOLERANCE_DEG)
    shapely.prepare(room)
    return shapely.covers(room, shapely.linestrings(pairs / _PER_DEGREE))
