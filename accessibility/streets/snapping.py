"""Where points meet the streets: the stretch of segment on which each counts as reached."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely
from scipy.spatial import cKDTree

from accessibility.compressed_rows import offsets_of, ranges, row_numbers
from accessibility.kernels.csr import Pairs
from accessibility.legs import Float, Int32, Int64, Points
from accessibility.repairs import Repair, sample
from accessibility.streets.network import MIN_COMPONENT_NODES, StreetNetwork

# A point farther than this from every street stays unconnected: the map is missing something there, and a guess
# would be a silent wrong answer.
MAX_SNAP_M = 500.0


class Stretches(NamedTuple):
    """Parts of segments where points are reached; a point without a street in reach has no row.

    A point without radius has one row with `enter` = `leave`; a circle has a row per segment that it cuts.
    """

    point: Int32  # (n,) row of the point
    segment: Int32  # (n,)
    enter: Float  # (n,) share of the segment from its start, 0-1
    leave: Float  # (n,) not before `enter`
    off_m: Float  # (n,) straight metres between the street and the point (or its circle)


def nearest_stretches(streets: StreetNetwork, points: Points) -> Stretches:
    """Each point on its nearest snappable segment, or on its circle's nearest where it has a radius.

    Ties go to the first segment. Points (circles) farther than `MAX_SNAP_M` from the streets get no row.
    """
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
    """Where walkers have arrived: the nearest street, or every part of a street within a point's radius.

    A circle that no street enters is walked to in a straight line from its nearest street.
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
    beside = ~np.isin(nearest.point, inside.point)
    return Stretches(
        np.concatenate([nearest.point[beside], inside.point]),
        np.concatenate([nearest.segment[beside], inside.segment]),
        np.concatenate([nearest.enter[beside], inside.enter]),
        np.concatenate([nearest.leave[beside], inside.leave]),
        np.concatenate([nearest.off_m[beside], inside.off_m]),
    )


def departures(streets: StreetNetwork, stretches: Stretches) -> Pairs:
    """Point -> the two nodes of its segment, at the effort of walking there from the point."""
    to_start = _part(stretches.enter, streets.backward_m[stretches.segment])
    to_end = _part(1 - stretches.leave, streets.forward_m[stretches.segment])
    return _both_ends(streets, stretches, to_start, to_end)


def arrivals(streets: StreetNetwork, stretches: Stretches) -> Pairs:
    """Point -> the two nodes of its segments, at the effort of walking from there to the point (or its circle)."""
    from_start = _part(stretches.enter, streets.forward_m[stretches.segment])
    from_end = _part(1 - stretches.leave, streets.backward_m[stretches.segment])
    return _both_ends(streets, stretches, from_start, from_end)


def shortcuts(streets: StreetNetwork, start: Points, end: Points, off: Stretches, on: Stretches) -> Pairs:
    """Start -> end without passing a node.

    Points that meet the same segment: along it, or straight across if that is less. Circles: along the segment that
    they cut; a start inside one has arrived, and so has one whose line to the street runs into it.
    """
    start_xy, end_xy = streets.local(start.lon, start.lat), streets.local(end.lon, end.lat)
    i, j = _equal_pairs(off.segment, on.segment)
    row, column = off.point[i].astype(np.int64), on.point[j].astype(np.int64)
    straight_m = _length(start_xy[row] - end_xy[column]) if end.radius_m == 0 else np.full(len(row), np.inf)
    found = [Pairs(row, column, _along_segment(streets, _rows(off, i), _rows(on, j), straight_m))]
    if end.radius_m > 0:
        found.append(_inside_circle(start_xy, end_xy, end.radius_m))
        found.append(_into_circle(streets, off, start_xy, end_xy, end.radius_m))
    return Pairs(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def snap_repairs(streets: StreetNetwork, points: Points, noun: str = "stops") -> tuple[Repair, ...]:
    """Points that the streets can't serve, and points moved off an island to the next connected street."""
    return tuple(_snap_repairs(streets, points, noun))


def _snap_repairs(streets: StreetNetwork, points: Points, noun: str) -> Iterator[Repair]:
    total = len(points.ids)
    lost = np.setdiff1d(np.arange(total), nearest_stretches(streets, points).point)
    if len(lost):
        effect = (
            f"{len(lost):,} {noun} are farther than {MAX_SNAP_M:g} m from every street: nobody can walk to or from them"
        )
        yield Repair("points_without_street", len(lost), total, sample(points.ids[lost]), effect)
    moved = _on_islands(streets, points)
    if len(moved):
        effect = (
            f"{len(moved):,} {noun} are nearest to a piece of street with fewer than {MIN_COMPONENT_NODES} nodes that "
            "joins no other: they are served from the nearest connected street instead"
        )
        yield Repair("points_on_islands", len(moved), total, sample(points.ids[moved]), effect)


def _on_islands(streets: StreetNetwork, points: Points) -> Int64:
    """Points whose nearest street node of all belongs to a component too small to snap to."""
    snappable = np.zeros(int(streets.component.max()) + 1, dtype=bool)
    snappable[streets.component[streets.segment_start[streets.snappable]]] = True
    far_m, node = cKDTree(streets.node_xy).query(streets.local(points.lon, points.lat), distance_upper_bound=MAX_SNAP_M)
    near = np.flatnonzero(np.isfinite(far_m))
    on_island: Int64 = near[~snappable[streets.component[node[near]]]]
    return on_island


def _both_ends(streets: StreetNetwork, stretches: Stretches, at_start_m: Float, at_end_m: Float) -> Pairs:
    """The two nodes of each stretch's segment, off-street metres added."""
    return Pairs(
        np.concatenate([stretches.point, stretches.point]).astype(np.int64),
        np.concatenate([streets.segment_start[stretches.segment], streets.segment_end[stretches.segment]]).astype(
            np.int64
        ),
        np.concatenate([at_start_m + stretches.off_m, at_end_m + stretches.off_m]),
    )


def _along_segment(streets: StreetNetwork, off: Stretches, on: Stretches, straight_m: Float) -> Float:
    """Effort between points on one segment, row by row: along it or straight across, whichever is less.

    Straight across is as steep as the segment, and as closed against its one-way.
    """
    ahead, back = np.maximum(on.enter - off.enter, 0.0), np.maximum(off.enter - on.leave, 0.0)
    along_m = _part(ahead, streets.forward_m[off.segment]) + _part(back, streets.backward_m[off.segment])
    ground_m = (ahead + back) * streets.segment_m[off.segment]
    effort_per_metre = np.divide(along_m, ground_m, out=np.ones_like(along_m), where=ground_m > 0)
    return np.minimum(along_m + off.off_m + on.off_m, straight_m * effort_per_metre)


def _rows(stretches: Stretches, rows: Int64) -> Stretches:
    point, segment, enter, leave, off_m = stretches
    return Stretches(point[rows], segment[rows], enter[rows], leave[rows], off_m[rows])


def _part(share: Float, effort_m: Float) -> Float:
    """A share of an effort; no share of an infinite one (against a one-way) is nothing."""
    return np.multiply(share, effort_m, out=np.zeros_like(effort_m), where=share > 0)


def _equal_pairs(left: Int32, right: Int32) -> tuple[Int64, Int64]:
    """All (i, j) with left[i] == right[j]."""
    order = np.argsort(right, kind="stable")
    low, high = np.searchsorted(right[order], left, "left"), np.searchsorted(right[order], left, "right")
    count = high - low
    return row_numbers(offsets_of(count)), order[ranges(low, count)]


def _inside_circle(start_xy: Float, end_xy: Float, radius_m: float) -> Pairs:
    """Starts within the radius of an end are there already."""
    near = cKDTree(start_xy).sparse_distance_matrix(cKDTree(end_xy), radius_m, output_type="ndarray")
    return Pairs(near["i"].astype(np.int64), near["j"].astype(np.int64), np.zeros(len(near)))


def _into_circle(streets: StreetNetwork, off: Stretches, start_xy: Float, end_xy: Float, radius_m: float) -> Pairs:
    """Starts whose straight way to the street runs into a circle, at the metres to its rim."""
    line_start = start_xy[off.point]
    start, step = _segment_lines(streets, off.segment)
    line_step = start + off.enter[:, None] * step - line_start
    near = cKDTree(line_start).sparse_distance_matrix(cKDTree(end_xy), radius_m + MAX_SNAP_M, output_type="ndarray")
    i, j = near["i"].astype(np.int64), near["j"].astype(np.int64)
    enter, _ = _chord(line_start[i], line_step[i], end_xy[j], radius_m)
    hit = np.isfinite(enter)
    return Pairs(off.point[i[hit]].astype(np.int64), j[hit], enter[hit] * off.off_m[i[hit]])


def _chord(start: Float, step: Float, centre: Float, radius_m: float) -> tuple[Float, Float]:
    """The share of each line (start to start + step) at which it enters and leaves a circle; NaN where it misses."""
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
    """Start and step of segments, local metres."""
    start = streets.node_xy[streets.segment_start[segment]]
    return start, streets.node_xy[streets.segment_end[segment]] - start


def _share_along(start: Float, step: Float, point: Float) -> Float:
    """Where the foot of each point on its line lies, as a share of the step (0 for a line without length)."""
    squared = (step * step).sum(axis=1)
    share: Float = np.divide(((point - start) * step).sum(axis=1), squared, out=np.zeros(len(step)), where=squared > 0)
    return share


def _length(vector: Float) -> Float:
    length: Float = np.hypot(vector[:, 0], vector[:, 1])
    return length
