"""Walking along streets the slow, obvious way: every point becomes a node of one networkx graph, then Dijkstra."""

import itertools
import math

import networkx as nx
import numpy as np
from shapely import LineString, Point, distance, linestrings

from accessibility.legs import LegTable, Points, Walk
from accessibility.streets.network import StreetNetwork
from accessibility.streets.snapping import MAX_SNAP_M

Seconds = dict[tuple[int, int], int]


def leg_dict(legs: LegTable) -> Seconds:
    """(start, end) -> seconds."""
    row = np.repeat(np.arange(len(legs.offset) - 1), np.diff(legs.offset))
    return {(int(i), int(j)): int(s) for i, j, s in zip(row, legs.target, legs.seconds, strict=True)}


def slow_street_legs(streets: StreetNetwork, start: Points, end: Points, walk: Walk) -> Seconds:
    """What `street_legs` must answer."""
    walks = _SlowWalks(streets, start, end)
    found: Seconds = {}
    for i in range(len(start.ids)):
        reach = nx.single_source_dijkstra_path_length(walks.graph, ("start", i))
        for j in range(len(end.ids)):
            effort_m = min(reach.get(("end", j), math.inf), walks.without_node(i, j))
            seconds = math.ceil(effort_m / walk.speed_m_s - 1e-6) if effort_m < math.inf else math.inf
            if seconds <= walk.max_s:
                found[i, j] = int(seconds)
    return found


BEFORE, OPEN, AFTER = "before", "open to all", "after"


class _SlowWalks:
    """One graph in which starts only lead out and ends only lead in; streets are cut wherever one of them touches.

    It has three floors: local ways as far as the first street that all may use, those streets, and local ways after them.
    Stairs lead up wherever a local way meets a street that all may use. A walk that stays on one estate keeps to the first.
    """

    def __init__(self, streets: StreetNetwork, start: Points, end: Points) -> None:
        self.streets, self.radius_m = streets, end.radius_m
        ends = np.stack([streets.segment_start, streets.segment_end], axis=1)
        self.lines = np.asarray(linestrings(streets.node_xy[ends]))
        self.starts = [Point(xy) for xy in streets.local(start.lon, start.lat)]
        self.ends = [Point(xy) for xy in streets.local(end.lon, end.lat)]
        self.start_segment = [self.nearest(place) for place in self.starts]
        self.end_segment = [self.nearest(place) for place in self.ends]
        self.cuts = [{0.0, 1.0} for _ in self.lines]
        self.graph = nx.DiGraph()
        self.add_starts()
        self.add_ends()
        self.add_streets()

    def nearest(self, place: Point) -> int:
        snappable = self.streets.snappable
        return int(snappable[np.argmin(distance(self.lines[snappable], place))])

    def add_starts(self) -> None:
        for i, (place, segment) in enumerate(zip(self.starts, self.start_segment, strict=True)):
            self.graph.add_node(("start", i))
            if self.lines[segment].distance(place) <= MAX_SNAP_M:
                share = _share_at(self.lines[segment], place)
                self.cuts[segment].add(share)
                floor = BEFORE if self.streets.local_way[segment] else OPEN
                off_m = self.lines[segment].distance(place)
                self.graph.add_edge(("start", i), (floor, self.name(segment, share)), weight=off_m)

    def met_segments(self, j: int) -> dict[int, tuple[float, float, float]]:
        """Segment -> first share, last share, metres off the street, wherever an end is reached."""
        place, nearest = self.ends[j], self.lines[self.end_segment[j]]
        if self.radius_m and nearest.distance(place) <= self.radius_m:
            parts = {int(s): _part_within(self.lines[s], place, self.radius_m) for s in self.streets.snappable}
            return {segment: (*part, 0.0) for segment, part in parts.items() if part}
        off_m, share = nearest.distance(place) - self.radius_m, _share_at(nearest, place)
        return {self.end_segment[j]: (share, share, off_m)} if off_m <= MAX_SNAP_M else {}

    def add_ends(self) -> None:
        met = [self.met_segments(j) for j in range(len(self.ends))]
        for segment, (first, last, _) in itertools.chain.from_iterable(found.items() for found in met):
            self.cuts[segment] |= {first, last}
        for j, found in enumerate(met):
            for segment, (first, last, off_m) in found.items():
                for share in self.cuts[segment]:
                    if first <= share <= last:
                        for floor in (BEFORE, AFTER) if self.streets.local_way[segment] else (OPEN,):
                            self.graph.add_edge((floor, self.name(segment, share)), ("end", j), weight=off_m)

    def add_streets(self) -> None:
        gates = {self.node(int(s), end) for s in np.flatnonzero(~self.streets.local_way) for end in (0.0, 1.0)}
        for gate in gates:
            self.add_walk((BEFORE, gate), (OPEN, gate), 0.0)
            self.add_walk((OPEN, gate), (AFTER, gate), 0.0)
        for segment, shares in enumerate(self.cuts):
            local = bool(self.streets.local_way[segment])
            for floor in (BEFORE, AFTER) if local else (OPEN,):
                for a, b in itertools.pairwise(sorted(shares)):
                    here, there = (floor, self.name(segment, a)), (floor, self.name(segment, b))
                    self.add_walk(here, there, (b - a) * self.streets.forward_m[segment])
                    self.add_walk(there, here, (b - a) * self.streets.backward_m[segment])
            for end in (0.0, 1.0) if local else ():
                on, node = self.name(segment, end), self.node(segment, end)
                self.add_walk((BEFORE, on), (BEFORE, node), 0.0)
                self.add_walk((AFTER, node), (AFTER, on), 0.0)
                if node not in gates:
                    self.add_walk((BEFORE, node), (BEFORE, on), 0.0)
                    self.add_walk((AFTER, on), (AFTER, node), 0.0)

    def add_walk(self, a: object, b: object, effort_m: float) -> None:
        if effort_m < self.graph.get_edge_data(a, b, {}).get("weight", math.inf):
            self.graph.add_edge(a, b, weight=effort_m)

    def name(self, segment: int, share: float) -> tuple[object, ...]:
        """A place on a segment. The ends of a local way are its own: who lives there has the way, and the node."""
        at_node = share in {0.0, 1.0} and not self.streets.local_way[segment]
        return self.node(segment, share) if at_node else ("on", segment, share)

    def node(self, segment: int, end: float) -> tuple[object, ...]:
        ends = {0.0: self.streets.segment_start, 1.0: self.streets.segment_end}
        return ("node", int(ends[end][segment]))

    def without_node(self, i: int, j: int) -> float:
        """Straight across: within the radius, into the circle on the way to the street, or both on one segment."""
        here, there, segment = self.starts[i], self.ends[j], self.start_segment[i]
        line = self.lines[segment]
        if self.radius_m and here.distance(there) <= self.radius_m:
            return 0.0
        if max(line.distance(here), line.distance(there) - self.radius_m) > MAX_SNAP_M:
            return math.inf
        if not self.radius_m:
            same = segment == self.end_segment[j]
            return here.distance(there) * self.effort_per_metre(segment, here, there) if same else math.inf
        way = LineString([here, line.interpolate(_share_at(line, here), normalized=True)])
        part = _part_within(way, there, self.radius_m)
        return part[0] * way.length if part else math.inf

    def effort_per_metre(self, segment: int, here: Point, there: Point) -> float:
        """Of the segment in the direction of the walk; 1 where the walk only crosses it."""
        a, b = (_share_at(self.lines[segment], place) for place in (here, there))
        ground_m = float(self.streets.segment_m[segment])
        if a == b or ground_m == 0:
            return 1.0
        return float((self.streets.forward_m if a < b else self.streets.backward_m)[segment]) / ground_m


def _share_at(line: LineString, place: Point) -> float:
    return line.project(place, normalized=True) if line.length else 0.0


def _part_within(line: LineString, place: Point, radius_m: float) -> tuple[float, float] | None:
    """Shares between which the line is within the circle."""
    if line.distance(place) > radius_m:
        return None
    nearest = _share_at(line, place)
    return _crossing(line, place, radius_m, nearest, 0.0), _crossing(line, place, radius_m, nearest, 1.0)


def _crossing(line: LineString, place: Point, radius_m: float, inside: float, outside: float) -> float:
    """By bisection, the share of the line at which it crosses the circle; its end where that is inside too."""
    if line.interpolate(outside, normalized=True).distance(place) <= radius_m:
        return outside
    for _ in range(60):
        middle = (inside + outside) / 2
        near = line.interpolate(middle, normalized=True).distance(place) <= radius_m
        inside, outside = (middle, outside) if near else (inside, middle)
    return inside
