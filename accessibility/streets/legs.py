"""Computes walking legs along the streets, by a Dijkstra search from the side with fewer points."""

import numpy as np

from accessibility.compressed_rows import row_numbers
from accessibility.kernels.csr import Pairs, Table, flipped, table
from accessibility.kernels.dijkstra import WalkProblem, walk_search
from accessibility.legs import LegTable, Points, Walk, whole_seconds
from accessibility.streets.network import StreetNetwork
from accessibility.streets.snapping import arrival_stretches, arrivals, departures, nearest_stretches, shortcuts

# With this a leg of exactly `max_s` is kept despite float noise; it is half the tolerance of `whole_seconds`.
_LIMIT_TOLERANCE_S = 0.5e-6


def street_legs(streets: StreetNetwork, start: Points, end: Points, walk: Walk) -> LegTable:
    """Legs along the streets from every start to every end within `walk.max_s`, in seconds rounded up.

    Points are joined to the nearest point of the nearest street segment (see `snapping`); the straight line to it is
    part of the walk. A walk ends within `end.radius_m` of an end (straight line); `start.radius_m` is ignored. A walk may
    begin on local ways, up to the streets that all may use, and end on others; it passes through none. The search runs from
    the side with fewer points, which does not change the result.
    """
    start = start._replace(radius_m=0.0)
    start_stretches, end_stretches = nearest_stretches(streets, start), arrival_stretches(streets, end)
    leave, reach = departures(streets, start_stretches), arrivals(streets, end_stretches)
    direct = shortcuts(streets, start, end, start_stretches, end_stretches)
    limit_m = (walk.max_s + _LIMIT_TOLERANCE_S) * walk.speed_m_s
    n_start, n_end, n_nodes = len(start.ids), len(end.ids), len(streets.node_lon)
    if streets.local_way.any():
        within = _by_local_ways(streets, leave, table(n_nodes, flipped(reach)), n_end, limit_m)
        direct = _together(direct, within)
        leave = _to_gates(streets, leave, streets.local_outgoing, limit_m)
        reach = _to_gates(streets, reach, streets.local_incoming, limit_m)
    leave, reach = (pairs._replace(column=streets.place[pairs.column]) for pairs in (leave, reach))
    if n_start <= n_end:
        seeds, exits = table(n_start, leave), table(n_nodes, flipped(reach))
        return _legs(WalkProblem(seeds, streets.outgoing, exits, table(n_start, direct), n_end, limit_m), walk)
    seeds, exits = table(n_end, reach), table(n_nodes, flipped(leave))
    problem = WalkProblem(seeds, streets.incoming, exits, table(n_end, flipped(direct)), n_start, limit_m)
    return _legs(problem, walk).transposed(n_start)


def _to_gates(streets: StreetNetwork, joined: Pairs, ways: Table, limit_m: float) -> Pairs:
    """Pairs from points to nodes that all may use, from pairs to any nodes, by local `ways` where those lie on some."""
    gates, n_nodes = np.flatnonzero(streets.gate), len(streets.node_lon)
    at_gate = streets.gate[joined.column]
    to_itself = table(n_nodes, Pairs(gates, gates, np.zeros(len(gates))))
    here = Pairs(joined.row[at_gate], joined.column[at_gate], joined.effort_m[at_gate])
    return _together(here, _search(_inside(streets, joined), ways, to_itself, n_nodes, limit_m))


def _by_local_ways(streets: StreetNetwork, leave: Pairs, exits: Table, n_end: int, limit_m: float) -> Pairs:
    """Pairs of starts and ends that local ways join, without a street that all may use."""
    return _search(_inside(streets, leave), streets.local_outgoing, exits, n_end, limit_m)


def _inside(streets: StreetNetwork, joined: Pairs) -> Pairs:
    """The pairs to nodes that only local ways meet."""
    inside = ~streets.gate[joined.column]
    return Pairs(joined.row[inside], joined.column[inside], joined.effort_m[inside])


def _search(joined: Pairs, ways: Table, exits: Table, n_targets: int, limit_m: float) -> Pairs:
    """Pairs from the points of `joined` to targets, each the least effort within the limit."""
    points, row = np.unique(joined.row, return_inverse=True)
    seeds, nothing = table(len(points), joined._replace(row=row)), np.zeros(len(points) + 1, np.int64)
    none = Table(nothing, np.empty(0, np.int32), np.empty(0))
    found = walk_search(WalkProblem(seeds, ways, exits, none, n_targets, limit_m))
    return Pairs(points[row_numbers(found.offset)], found.column.astype(np.int64), found.effort_m)


def _together(one: Pairs, other: Pairs) -> Pairs:
    return Pairs(*(np.concatenate(columns) for columns in zip(one, other, strict=True)))


def _legs(problem: WalkProblem, walk: Walk) -> LegTable:
    """The legs of a walking search, with metres of effort converted to whole seconds."""
    reached = walk_search(problem)
    return LegTable(reached.offset, reached.column, whole_seconds(reached.effort_m / walk.speed_m_s))
