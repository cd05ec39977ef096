"""Computes walking legs along the streets, by a Dijkstra search from the side with fewer points."""

from accessibility.kernels.csr import flipped, table
from accessibility.kernels.dijkstra import WalkProblem, walk_search
from accessibility.legs import LegTable, Points, Walk, whole_seconds
from accessibility.streets.network import StreetNetwork
from accessibility.streets.snapping import arrival_stretches, arrivals, departures, nearest_stretches, shortcuts

# With this a leg of exactly `max_s` is kept despite float noise; it is half the tolerance of `whole_seconds`.
_LIMIT_TOLERANCE_S = 0.5e-6


def street_legs(streets: StreetNetwork, start: Points, end: Points, walk: Walk) -> LegTable:
    """Legs along the streets from every start to every end within `walk.max_s`, in seconds rounded up.

    Points are joined to the nearest point of the nearest street segment (see `snapping`); the straight line to it is
    part of the walk. A walk ends within `end.radius_m` of an end (straight line); `start.radius_m` is ignored. The search
    runs from the side with fewer points, which does not change the result.
    """
    start = start._replace(radius_m=0.0)
    start_stretches, end_stretches = nearest_stretches(streets, start), arrival_stretches(streets, end)
    leave, reach = departures(streets, start_stretches), arrivals(streets, end_stretches)
    direct = shortcuts(streets, start, end, start_stretches, end_stretches)
    limit_m = (walk.max_s + _LIMIT_TOLERANCE_S) * walk.speed_m_s
    n_start, n_end, n_nodes = len(start.ids), len(end.ids), len(streets.node_lon)
    if n_start <= n_end:
        seeds, exits = table(n_start, leave), table(n_nodes, flipped(reach))
        return _legs(WalkProblem(seeds, streets.outgoing, exits, table(n_start, direct), n_end, limit_m), walk)
    seeds, exits = table(n_end, reach), table(n_nodes, flipped(leave))
    problem = WalkProblem(seeds, streets.incoming, exits, table(n_end, flipped(direct)), n_start, limit_m)
    return _legs(problem, walk).transposed(n_start)


def _legs(problem: WalkProblem, walk: Walk) -> LegTable:
    """The legs of a walking search, with metres of effort converted to whole seconds."""
    reached = walk_search(problem)
    return LegTable(reached.offset, reached.column, whole_seconds(reached.effort_m / walk.speed_m_s))
