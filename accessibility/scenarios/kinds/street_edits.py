"""Edits of the walkable streets: a new way, and ways that are closed."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely

from accessibility.errors import ScenarioError
from accessibility.scenarios.edits import Position, StreetClose, StreetLink
from accessibility.streets.network import StreetNetwork, connected_pieces
from accessibility.streets.snapping import MAX_SNAP_M

Float = npt.NDArray[np.float64]


def with_street_edits(streets: StreetNetwork, edits: Sequence[StreetLink | StreetClose]) -> StreetNetwork:
    """The streets after the edits, in order; nodes keep their numbers. Raises `ScenarioError`."""
    for edit in edits:
        streets = with_link(streets, edit) if isinstance(edit, StreetLink) else with_closure(streets, edit)
    return streets


def with_link(streets: StreetNetwork, link: StreetLink) -> StreetNetwork:
    """The streets with a way between the nodes nearest to the ends of `link`, as flat as it is given.

    The straight lines from the ends to their nodes are part of its length. Raises `ScenarioError` for an end farther than
    `MAX_SNAP_M` from every node of a street that people can be on, or if both ends have the same node.
    """
    (start, start_m), (end, end_m) = (_nearest_node(streets, link, place) for place in (link.start, link.end))
    if start == end:
        raise ScenarioError(
            [f"edit {link.id!r}: both ends of the way are nearest to one point of a street; it joins nothing"]
        )
    a, b = _xy(streets, link.start), _xy(streets, link.end)
    between_m = float(np.hypot(*(a - b))) if link.metres is None else link.metres
    metres = start_m + between_m + end_m
    return _in_pieces(
        replace(
            streets,
            segment_start=np.append(streets.segment_start, np.int32(start)),
            segment_end=np.append(streets.segment_end, np.int32(end)),
            segment_m=np.append(streets.segment_m, metres),
            forward_m=np.append(streets.forward_m, metres),
            backward_m=np.append(streets.backward_m, metres if link.both_ways else np.inf),
            local_way=np.append(streets.local_way, False),
        )
    )


def with_closure(streets: StreetNetwork, closure: StreetClose) -> StreetNetwork:
    """The streets without the segments within the radius of the closure's line.

    A piece that is cut off with fewer than `MIN_COMPONENT_NODES` nodes becomes an island: nobody is set down there, and
    points on it are joined to the nearest other street in a straight line. Raises `ScenarioError` if no segment is that near.
    """
    line = shapely.linestrings(np.stack([_xy(streets, closure.start), _xy(streets, closure.end)]))
    ends = np.stack([streets.segment_start, streets.segment_end], axis=1)
    closed = shapely.dwithin(shapely.linestrings(streets.node_xy[ends]), line, closure.radius_m)
    if not closed.any():
        raise ScenarioError([f"edit {closure.id!r}: no street lies within {closure.radius_m:g} m of the closure"])
    if closed.all():
        raise ScenarioError([f"edit {closure.id!r}: it closes every street"])
    open_ways = ~closed
    return _in_pieces(
        replace(
            streets,
            segment_start=streets.segment_start[open_ways],
            segment_end=streets.segment_end[open_ways],
            segment_m=streets.segment_m[open_ways],
            forward_m=streets.forward_m[open_ways],
            backward_m=streets.backward_m[open_ways],
            local_way=streets.local_way[open_ways],
        )
    )


def _in_pieces(streets: StreetNetwork) -> StreetNetwork:
    """The streets with the components that their segments make."""
    pieces = connected_pieces(len(streets.node_lon), streets.segment_start, streets.segment_end)
    return replace(streets, component=pieces)


def _xy(streets: StreetNetwork, place: Position) -> Float:
    xy: Float = streets.local(np.array([place[1]]), np.array([place[0]]))[0]
    return xy


def _nearest_node(streets: StreetNetwork, link: StreetLink, place: Position) -> tuple[int, float]:
    """The nearest node of streets that points snap to, and the metres to it."""
    nodes = np.unique(
        np.concatenate([streets.segment_start[streets.snappable], streets.segment_end[streets.snappable]])
    )
    away = np.hypot(*(streets.node_xy[nodes] - _xy(streets, place)).T)
    nearest = int(away.argmin())
    if away[nearest] > MAX_SNAP_M:
        raise ScenarioError([f"edit {link.id!r}: no street lies within {MAX_SNAP_M:g} m of {place[0]}, {place[1]}"])
    return int(nodes[nearest]), float(away[nearest])
