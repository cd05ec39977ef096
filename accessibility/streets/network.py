"""The walkable street network as flat arrays, and the effect of slope on walking effort.

Every OSM node is kept, and a segment is a straight line between two nodes. So snapped points, intersections with circles
and slopes are exact, and no polylines are stored.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from accessibility.errors import StreetsError
from accessibility.globe import order_by_place
from accessibility.kernels.csr import Pairs, Table, flipped, table
from accessibility.legs import Float, Int32, Int64, local_metres, middle
from accessibility.repairs import Repair, sample

Bool = npt.NDArray[np.bool_]

# A component with fewer nodes than this is an island, such as a path or a platform that is not joined to a street.
# Points never snap to one, because no walk could leave it. Real islands with a town have more nodes.
MIN_COMPONENT_NODES = 100

# Tobler's function is fitted on hill paths; a street steeper than one in two is an error of the elevations.
MAX_GRADE = 0.5


class Segments(NamedTuple):
    """Straight street segments between two nodes, the input of `street_network`."""

    start: Int64  # (m,) row of the node at one end
    end: Int64  # (m,) row of the node at the other end
    forward: Bool  # (m,) may be walked from start to end
    backward: Bool  # (m,) may be walked from end to start
    metres: Float  # (m,) horizontal length
    local: Bool  # (m,) may be walked only to or from a door on it


@dataclass(frozen=True)
class StreetNetwork:
    """The streets that pedestrians may use, as nodes and segments.

    `forward_m` and `backward_m` are effort: the number of flat metres that take as long to walk as this segment in this
    direction. They equal `segment_m` before `with_slope`, and are infinite where walking in this direction is not allowed.
    """

    node_lon: Float  # (n_nodes,) degrees, WGS84
    node_lat: Float  # (n_nodes,) degrees, WGS84
    segment_start: Int32  # (n_segments,) node
    segment_end: Int32  # (n_segments,) node
    segment_m: Float  # (n_segments,) horizontal metres
    forward_m: Float  # (n_segments,) effort from start to end
    backward_m: Float  # (n_segments,) effort from end to start
    local_way: Bool  # (n_segments,) leads to the doors on it, and nobody walks through
    component: Int32  # (n_nodes,) number of the connected component, 0 for the largest
    repairs: tuple[Repair, ...] = ()

    @cached_property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the middle of the bounding box, which is the origin of `local`."""
        return middle(self.node_lon, self.node_lat)

    @cached_property
    def node_xy(self) -> Float:
        """(n_nodes, 2) metres east and north of the centre."""
        return local_metres(self.node_lon, self.node_lat, *self.centre)

    def local(self, lon: Float, lat: Float) -> Float:
        """(n, 2) metres of points in the same plane as `node_xy`."""
        return local_metres(lon, lat, *self.centre)

    @cached_property
    def snappable(self) -> Int32:
        """(n_snappable,) segment numbers, ascending, of components large enough to snap to."""
        large = np.bincount(self.component) >= min(MIN_COMPONENT_NODES, np.bincount(self.component).max())
        return np.flatnonzero(large[self.component[self.segment_start]]).astype(np.int32)

    @cached_property
    def snappable_tree(self) -> shapely.STRtree:
        """Spatial index of the segments of `snappable`, in local metres."""
        ends = np.stack([self.segment_start[self.snappable], self.segment_end[self.snappable]], axis=1)
        return shapely.STRtree(np.asarray(shapely.linestrings(self.node_xy[ends])))

    @cached_property
    def place(self) -> Int64:
        """(n_nodes,) the number of each node in an order in which neighbours stand near each other.

        `outgoing` and `incoming` have these numbers, since walks then find most of what they need in the processor's cache.
        """
        number = np.empty(len(self.node_lon), np.int64)
        number[order_by_place(self.node_lon, self.node_lat)] = np.arange(len(number))
        return number

    @cached_property
    def outgoing(self) -> Table:
        """Place of a node -> the neighbouring nodes that can be walked to by ways that all may use, with the effort."""
        return table(len(self.node_lon), self._open_to_all())

    @cached_property
    def incoming(self) -> Table:
        """Place of a node -> the neighbouring nodes from which it can be reached by ways that all may use, with the effort."""
        return table(len(self.node_lon), flipped(self._open_to_all()))

    @cached_property
    def gate(self) -> Bool:
        """(n_nodes,) nodes of ways that all may use; who comes by a local way meets them there."""
        open_to_all = np.zeros(len(self.node_lon), dtype=bool)
        open_to_all[self.segment_start[~self.local_way]] = True
        open_to_all[self.segment_end[~self.local_way]] = True
        return open_to_all

    @cached_property
    def local_outgoing(self) -> Table:
        """Node -> the neighbouring nodes by local ways, with the effort; nothing leaves a gate."""
        return table(len(self.node_lon), self._between_gates(self._directed_segments(self.local_way)))

    @cached_property
    def local_incoming(self) -> Table:
        """Node -> the neighbouring nodes from which it can be reached by local ways; nothing leads back from a gate."""
        return table(len(self.node_lon), self._between_gates(flipped(self._directed_segments(self.local_way))))

    def _open_to_all(self) -> Pairs:
        pairs = self._directed_segments(~self.local_way)
        return Pairs(self.place[pairs.row], self.place[pairs.column], pairs.effort_m)

    def _directed_segments(self, of: Bool) -> Pairs:
        start, end = self.segment_start[of].astype(np.int64), self.segment_end[of].astype(np.int64)
        effort_m = np.concatenate([self.forward_m[of], self.backward_m[of]])
        return Pairs(np.concatenate([start, end]), np.concatenate([end, start]), effort_m)

    def _between_gates(self, pairs: Pairs) -> Pairs:
        inside = ~self.gate[pairs.row]
        return Pairs(pairs.row[inside], pairs.column[inside], pairs.effort_m[inside])


def street_network(node_lon: Float, node_lat: Float, segments: Segments, repairs: tuple[Repair, ...]) -> StreetNetwork:
    """A `StreetNetwork` from (n_nodes,) coordinates in degrees and segments in any order.

    Parallel and repeated segments are merged into the shortest; nodes without a segment are dropped. A piece of ways
    that only local ones join to more is local too: nobody else could come or go. `repairs` are those made while reading. Raises
    `StreetsError` if no walkable segment is left.
    """
    start, end, forward, backward, metres, local = _merged(segments)
    if not len(start):
        raise StreetsError(
            "no walkable street; expected OSM ways tagged highway=* "
            "(an extract filtered to buildings or roads for cars only will not do)"
        )
    kept, renumbered = np.unique(np.concatenate([start, end]), return_inverse=True)
    from_node, to_node = renumbered[: len(start)].astype(np.int32), renumbered[len(start) :].astype(np.int32)
    component = connected_pieces(len(kept), from_node, to_node)
    return StreetNetwork(
        node_lon[kept],
        node_lat[kept],
        from_node,
        to_node,
        metres,
        np.where(forward, metres, np.inf),
        np.where(backward, metres, np.inf),
        local | _enclosed(component, from_node, to_node, local),
        component,
        (*repairs, *_island_repairs(component, node_lon[kept], node_lat[kept])),
    )


def _enclosed(component: Int32, start: Int32, end: Int32, local: Bool) -> Bool:
    """(n_segments,) ways open to all in a piece that only local ways join to the largest such piece of its component."""
    piece = connected_pieces(len(component), start[~local], end[~local])  # numbered by size: the first is the largest
    # A node that only local ways meet is a piece of its own, which is never the largest unless there is no other.
    first = np.full(int(component.max()) + 1, len(piece))
    np.minimum.at(first, component, piece)
    enclosed: Bool = ~local & (piece[start] != first[component[start]])
    return enclosed


def with_slope(streets: StreetNetwork, elevation_m: Float) -> StreetNetwork:
    """The streets with uphill and downhill effort, from (n_nodes,) elevations in metres (NaN = unknown).

    Effort follows Tobler's hiking function (Tobler 1993, "Three presentations on geographical analysis and modeling"):
    speed is proportional to exp(-3.5 |grade + 0.05|). It is scaled so that flat ground is walked at `Walk.speed_kmh`;
    gentle descents are a little faster. Segments with an unknown elevation are taken as flat, grades above `MAX_GRADE`
    are cut to it, and both are counted. Bridges and tunnels are not modelled: they get the slope of the ground at their
    ends.

    Raises `StreetsError` unless there is one elevation per node.
    """
    if elevation_m.shape != streets.node_lon.shape:
        raise StreetsError(
            f"elevations: expected one per street node ({len(streets.node_lon):,}), got shape {elevation_m.shape}"
        )
    rise_m = elevation_m[streets.segment_end] - elevation_m[streets.segment_start]
    grade = np.divide(rise_m, streets.segment_m, out=np.zeros_like(rise_m), where=streets.segment_m > 0)
    steep, unknown = np.abs(grade) > MAX_GRADE, np.isnan(grade)
    grade = np.clip(np.where(unknown, 0.0, grade), -MAX_GRADE, MAX_GRADE)
    repairs = (*streets.repairs, *_slope_repairs(streets, steep, unknown))
    return replace(
        streets,
        forward_m=np.where(np.isinf(streets.forward_m), np.inf, streets.segment_m * _tobler_factor(grade)),
        backward_m=np.where(np.isinf(streets.backward_m), np.inf, streets.segment_m * _tobler_factor(-grade)),
        repairs=repairs,
    )


def _tobler_factor(grade: Float) -> Float:
    """(n,) walking time relative to flat ground: 1 on the flat, 0.84 at 5 % down, 1.42 at 10 % up."""
    factor: Float = np.exp(3.5 * (np.abs(grade + 0.05) - 0.05))
    return factor


def _slope_repairs(streets: StreetNetwork, steep: Bool, unknown: Bool) -> Iterator[Repair]:
    """Repairs that count the segments with an unknown elevation or a grade too steep."""
    checks: list[tuple[str, Bool, str]] = [
        ("street_elevation_unknown", unknown, "walked as if flat"),
        (
            "street_grade_cut",
            steep,
            f"steeper than {MAX_GRADE:.0%}, which is elevation noise: walked as {MAX_GRADE:.0%}",
        ),
    ]
    for code, affected, effect in checks:
        if affected.any():
            count, total = int(affected.sum()), len(affected)
            start = streets.segment_start[affected]
            positions = _sample_positions(streets.node_lon[start], streets.node_lat[start])
            yield Repair(code, count, total, positions, f"{count:,} street segments {effect}")


def _sample_positions(lon: Float, lat: Float) -> tuple[str, ...]:
    """The first few positions as "latitude,longitude", which can be pasted into an online map."""
    return sample(f"{y:.5f},{x:.5f}" for x, y in zip(lon, lat, strict=True))


def segment_lengths(lon: Float, lat: Float, start: Int64, end: Int64) -> Float:
    """(m,) metres between the nodes `start` and `end` (m,), in a plane centred on all nodes (n,) in degrees."""
    if not len(start):
        return np.empty(0)
    xy = local_metres(lon, lat, *middle(lon, lat))
    step = xy[end] - xy[start]
    return np.hypot(step[:, 0], step[:, 1])


def _merged(segments: Segments) -> Segments:
    """One segment per pair of nodes, with the shortest length, walkable in a direction if any is; loops are dropped.

    Where one of them is open to all, the local ones beside it do not count.
    """
    start, end, forward, backward, metres, local = segments
    swap = start > end
    low, high = np.where(swap, end, start), np.where(swap, start, end)
    ahead, back = np.where(swap, backward, forward), np.where(swap, forward, backward)
    order = np.lexsort((metres, local, high, low))
    order = order[low[order] != high[order]]
    low, high, ahead, back, metres, local = (each[order] for each in (low, high, ahead, back, metres, local))
    first = np.ones(len(low), dtype=bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    pair = np.cumsum(first) - 1
    counts = local == local[first][pair]
    any_ahead = np.bincount(pair, weights=ahead & counts) > 0
    any_back = np.bincount(pair, weights=back & counts) > 0
    return Segments(low[first], high[first], any_ahead, any_back, metres[first], local[first])


def connected_pieces(n_nodes: int, start: Int32, end: Int32) -> Int32:
    """(n_nodes,) number of each node's connected component, largest first (direction ignored; ties by first node)."""
    links = coo_array((np.ones(len(start), dtype=np.int8), (start, end)), shape=(n_nodes, n_nodes))
    n_components, label = connected_components(links, directed=False)
    size = np.bincount(label, minlength=n_components)
    rank = np.empty(n_components, dtype=np.int32)
    rank[np.argsort(-size, kind="stable")] = np.arange(n_components, dtype=np.int32)
    ranked: Int32 = rank[label]
    return ranked


def _island_repairs(component: Int32, lon: Float, lat: Float) -> Iterator[Repair]:
    """A repair that counts the components too small to snap to, if any, with the position of a node of each."""
    size = np.bincount(component)
    small = np.flatnonzero(size < min(MIN_COMPONENT_NODES, size[0]))
    if not len(small):
        return
    _, first = np.unique(component, return_index=True)
    count, nodes = len(small), int(size[small].sum())
    yield Repair(
        "street_islands",
        count,
        len(size),
        _sample_positions(lon[first[small]], lat[first[small]]),
        f"{count:,} pieces of street ({nodes:,} of {len(component):,} nodes) join no other street and have fewer than "
        f"{MIN_COMPONENT_NODES} nodes: nobody is set down on them, points snap to the next connected street",
    )
