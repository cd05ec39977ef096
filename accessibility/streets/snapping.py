"""Joins points to the streets: the part of a street segment (stretch) on which each point counts as reached."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely
from scipy.spatial import cKDTree

from accessibility.compressed_rows import offsets_of, ranges, row_numbers
from accessibility.kernels.csr import Pairs
from accessibility.legs import Float, Int32, Int64, Points, place_key
from accessibility.memo import Recent
from accessibility.repairs import Repair, sample
from accessibility.streets.network import MIN_COMPONENT_NODES, StreetNetwork

# A point farther than this from every street is not joined to any: the map lacks a street there, and joining it to a
# distant one would give a wrong travel time.
MAX_SNAP_M = 500.0


class Stretches(NamedTuple):
    """Parts of segments on which points count as reached; a point without a street near it has no row.

    A point without radius has one row, with `enter` = `leave`; a circle has one row per segment that it cuts.
    """

    point: Int32  # (n,) row of the point
    segment: Int32  # (n,)
    enter: Float  # (n,) share of the segment from its start, 0-1
    leave: Float  # (n,) not before `enter`
    off_m: Float  # (n,) straight-line metres between the street and the point (or its circle)


# The stops of a timetable are joined to the streets for every search, and origins for their walks to stops and destinations.
_RECENT: Recent[Stretches] = Recent(16)


def nearest_stretches(streets: StreetNetwork, points: Points) -> Stretches:
    """The nearest point on the nearest snappable segment for each point, or for its circle if it has a radius.

    Of equally near segments the first is taken. Points (or circles) farther than `MAX_SNAP_M` from all streets get no row.
    Recent results are cached, so their arrays must not be changed.
    """
    return _RECENT.get(place_key(points), (streets,), lambda: _nearest_stretches(streets, points))


def _nearest_stretches(streets: StreetNetwork, points: Points) -> Stretches:
    xy = streets.local(points.lon, points.lat)
    point, at = streets.snappable_tree.query_nearest(
        shapely.points(xy), max_distance=MAX_SNAP_M + points.radius_m, all_matches=True
    )
    order = np.lexsort((at, point))
    point, first = np.unique(point[order], return_index=True)
    segment = streets.snappable[at[order][first]]
    start, step = _segment_lines(streets, segment)
    share = np.clip(_share_along(start, step, xy[point]), 0.0, 1.0)
    off_m = _length(start + share[:, None] * step - xy[point])
    return Stretches(point.astype(np.int32), segment, share, share, np.maximum(off_m - points.radius_m, 0.0))


def arrival_stretches(streets: StreetNetwork, points: Points) -> Stretches:
    """The stretches on which walkers have arrived at points: the nearest street, or all street parts within the radius.

    People walk to a circle without a street inside in a straight line from its nearest street.
    """
    nearest = nearest_stretches(streets, points)
    if points.radius_m == 0:
        return nearest
    xy = streets.local(points.lon, points.lat)
    point, at = streets.snappable_tree.query(shapely.points(xy), predicate="dwithin", distance=points.radius_m)
    segment = streets.snappable[at]
    enter, leave = _chord(*_segment_lines(streets, segment), xy[point], points.radius_m)
    cut = np.isfinite(enter)
    inside = Stretches(point[cut].astype(np.int32), segment[cut], enter[cut], leave[cut], np.zeros(int(cut.sum())))
    outside = ~np.isin(nearest.point, inside.point)
    return Stretches(
        np.concatenate([nearest.point[outside], inside.point]),
        np.concatenate([nearest.segment[outside], inside.segment]),
        np.concatenate([nearest.enter[outside], inside.enter]),
        np.concatenate([nearest.leave[outside], inside.leave]),
        np.concatenate([nearest.off_m[outside], inside.off_m]),
    )


def departures(streets: StreetNetwork, stretches: Stretches) -> Pairs:
    """Pairs from points to the two nodes of their segments, with the effort of walking from the point to the node."""
    to_start = _part(stretches.enter, streets.backward_m[stretches.segment])
    to_end = _part(1 - stretches.leave, streets.forward_m[stretches.segment])
    return _both_ends(streets, stretches, to_start, to_end)


def arrivals(streets: StreetNetwork, stretches: Stretches) -> Pairs:
    """Pairs from points to the two nodes of their segments, with the effort of walking from the node to the point."""
    from_start = _part(stretches.enter, streets.forward_m[stretches.segment])
    from_end = _part(1 - stretches.leave, streets.backward_m[stretches.segment])
    return _both_ends(streets, stretches, from_start, from_end)


def shortcuts(
    streets: StreetNetwork, start: Points, end: Points, start_stretches: Stretches, end_stretches: Stretches
) -> Pairs:
    """Pairs from start to end that can be walked without passing a node, with their effort.

    Points on the same segment: the walk along it, or the straight line if that is shorter. Circles: the walk along the
    segment that they cut. The effort is 0 for a start inside a circle; if the line from a start to its street enters a
    circle, the walk ends there.
    """
    start_xy, end_xy = streets.local(start.lon, start.lat), streets.local(end.lon, end.lat)
    i, j = _equal_pairs(start_stretches.segment, end_stretches.segment)
    row, column = start_stretches.point[i].astype(np.int64), end_stretches.point[j].astype(np.int64)
    straight_m = _length(start_xy[row] - end_xy[column]) if end.radius_m == 0 else np.full(len(row), np.inf)
    along_m = _along_segment(streets, _rows(start_stretches, i), _rows(end_stretches, j), straight_m)
    parts = [Pairs(row, column, along_m)]
    if end.radius_m > 0:
        parts.append(_inside_circle(start_xy, end_xy, end.radius_m))
        parts.append(_into_circle(streets, start_stretches, start_xy, end_xy, end.radius_m))
    return Pairs(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def snap_repairs(streets: StreetNetwork, points: Points, noun: str = "stops") -> tuple[Repair, ...]:
    """Repairs that count the points too far from all streets, and those moved from an island to a connected street.

    `noun` names the points in the effects.
    """
    return tuple(_snap_repairs(streets, points, noun))


def _snap_repairs(streets: StreetNetwork, points: Points, noun: str) -> Iterator[Repair]:
    total = len(points.ids)
    too_far = np.setdiff1d(np.arange(total), nearest_stretches(streets, points).point)
    if len(too_far):
        effect = f"{len(too_far):,} {noun} are farther than {MAX_SNAP_M:g} m from every street: nobody can walk to or from them"
        yield Repair("points_without_street", len(too_far), total, sample(points.ids[too_far]), effect)
    moved = _on_islands(streets, points)
    if len(moved):
        effect = (
            f"{len(moved):,} {noun} are nearest to a piece of street with fewer than {MIN_COMPONENT_NODES} nodes that "
            "joins no other: they are served from the nearest connected street instead"
        )
        yield Repair("points_on_islands", len(moved), total, sample(points.ids[moved]), effect)


def _on_islands(streets: StreetNetwork, points: Points) -> Int64:
    """Numbers of the points whose nearest street node belongs to a component too small to snap to."""
    snappable = np.zeros(int(streets.component.max()) + 1, dtype=bool)
    snappable[streets.component[streets.segment_start[streets.snappable]]] = True
    far_m, node = cKDTree(streets.node_xy).query(streets.local(points.lon, points.lat), distance_upper_bound=MAX_SNAP_M)
    near = np.flatnonzero(np.isfinite(far_m))
    on_island: Int64 = near[~snappable[streets.component[node[near]]]]
    return on_island


def _both_ends(streets: StreetNetwork, stretches: Stretches, at_start_m: Float, at_end_m: Float) -> Pairs:
    """Pairs from points to the two nodes of their stretch's segment, with the metres off the street added."""
    return Pairs(
        np.concatenate([stretches.point, stretches.point]).astype(np.int64),
        np.concatenate([streets.segment_start[stretches.segment], streets.segment_end[stretches.segment]]).astype(
            np.int64
        ),
        np.concatenate([at_start_m + stretches.off_m, at_end_m + stretches.off_m]),
    )


def _along_segment(streets: StreetNetwork, start: Stretches, end: Stretches, straight_m: Float) -> Float:
    """(n,) effort between pairs of stretches on the same segment: along it or in a straight line, whichever is less.

    The straight line has the slope of the segment, and is closed in a direction in which the segment is closed.
    """
    ahead, back = np.maximum(end.enter - start.enter, 0.0), np.maximum(start.enter - end.leave, 0.0)
    along_m = _part(ahead, streets.forward_m[start.segment]) + _part(back, streets.backward_m[start.segment])
    ground_m = (ahead + back) * streets.segment_m[start.segment]
    effort_per_metre = np.divide(along_m, ground_m, out=np.ones_like(along_m), where=ground_m > 0)
    return np.minimum(along_m + start.off_m + end.off_m, straight_m * effort_per_metre)


def _rows(stretches: Stretches, rows: Int64) -> Stretches:
    point, segment, enter, leave, off_m = stretches
    return Stretches(point[rows], segment[rows], enter[rows], leave[rows], off_m[rows])


def _part(share: Float, effort_m: Float) -> Float:
    """(n,) share times effort; 0 for a share of 0, also of an infinite effort (a direction in which walking is closed)."""
    return np.multiply(share, effort_m, out=np.zeros_like(effort_m), where=share > 0)


def _equal_pairs(left: Int32, right: Int32) -> tuple[Int64, Int64]:
    """All pairs (i, j) with `left[i] == right[j]`, as two arrays."""
    order = np.argsort(right, kind="stable")
    low, high = np.searchsorted(right[order], left, "left"), np.searchsorted(right[order], left, "right")
    count = high - low
    return row_numbers(offsets_of(count)), order[ranges(low, count)]


def _inside_circle(start_xy: Float, end_xy: Float, radius_m: float) -> Pairs:
    """Pairs of starts and the ends within whose radius they lie, with an effort of 0."""
    near = cKDTree(start_xy).sparse_distance_matrix(cKDTree(end_xy), radius_m, output_type="ndarray")
    return Pairs(near["i"].astype(np.int64), near["j"].astype(np.int64), np.zeros(len(near)))


def _into_circle(streets: StreetNetwork, snapped: Stretches, start_xy: Float, end_xy: Float, radius_m: float) -> Pairs:
    """Pairs of starts and circles that the straight line from the start to its street enters, with the metres to there.

    `snapped` are the stretches of the starts.
    """
    line_start = start_xy[snapped.point]
    start, step = _segment_lines(streets, snapped.segment)
    line_step = start + snapped.enter[:, None] * step - line_start
    near = cKDTree(line_start).sparse_distance_matrix(cKDTree(end_xy), radius_m + MAX_SNAP_M, output_type="ndarray")
    i, j = near["i"].astype(np.int64), near["j"].astype(np.int64)
    enter, _ = _chord(line_start[i], line_step[i], end_xy[j], radius_m)
    hit = np.isfinite(enter)
    return Pairs(snapped.point[i[hit]].astype(np.int64), j[hit], enter[hit] * snapped.off_m[i[hit]])


def _chord(start: Float, step: Float, centre: Float, radius_m: float) -> tuple[Float, Float]:
    """(n,) shares of each line (start to start + step) at which it enters and leaves a circle; NaN if it misses it."""
    length = _length(step)
    along = _share_along(start, step, centre)
    apart_m = _length(start + along[:, None] * step - centre)
    with np.errstate(invalid="ignore", divide="ignore"):
        half = np.where(
            length > 0, np.sqrt(radius_m**2 - apart_m**2) / length, np.where(apart_m <= radius_m, np.inf, np.nan)
        )
    enter, leave = np.maximum(along - half, 0.0), np.minimum(along + half, 1.0)
    missed = ~(enter <= leave)
    return np.where(missed, np.nan, enter), np.where(missed, np.nan, leave)


def _segment_lines(streets: StreetNetwork, segment: Int32) -> tuple[Float, Float]:
    """(n, 2) start and (n, 2) step (end minus start) of segments, in local metres."""
    start = streets.node_xy[streets.segment_start[segment]]
    return start, streets.node_xy[streets.segment_end[segment]] - start


def _share_along(start: Float, step: Float, point: Float) -> Float:
    """(n,) position of each point projected onto its line, as a share of the step (0 for a line without length)."""
    squared = (step * step).sum(axis=1)
    share: Float = np.divide(((point - start) * step).sum(axis=1), squared, out=np.zeros(len(step)), where=squared > 0)
    return share


def _length(vector: Float) -> Float:
    length: Float = np.hypot(vector[:, 0], vector[:, 1])
    return length
