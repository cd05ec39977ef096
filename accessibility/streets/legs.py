"""Walking legs along the streets."""

from accessibility.kernels.csr import flipped, table
from accessibility.kernels.dijkstra import WalkProblem, walk_search
from accessibility.legs import LegTable, Points, Walk, whole_seconds
from accessibility.streets.network import StreetNetwork
from accessibility.streets.snapping import arrival_stretches, arrivals, departures, nearest_stretches, shortcuts

# A leg of exactly `max_s` is kept despite float noise: half of what `whole_seconds` forgives.
_LIMIT_TOLERANCE_S = 0.5e-6


def street_legs(streets: StreetNetwork, start: Points, end: Points, walk: Walk) -> LegTable:
    """Legs from every start to every end it can walk to within `walk.max_s`, in seconds rounded up.

    Both meet the streets at the nearest point of the nearest segment (see `snapping`), and the straight metres to it
    count. Within `end.radius_m` of an end, straight line, one has arrived; `start.radius_m` plays no part. Searched
    from whichever side has fewer points: the answer is the same.
    """
    start = start._replace(radius_m=0.0)
    off, on = nearest_stretches(streets, start), arrival_stretches(streets, end)
    leave, reach = departures(streets, off), arrivals(streets, on)
    direct = shortcuts(streets, start, end, off, on)
    limit_m = (walk.max_s + _LIMIT_TOLERANCE_S) * walk.speed_m_s
    n_start, n_end, n_nodes = len(start.ids), len(end.ids), len(streets.node_lon)
    if n_start <= n_end:
        seeds, exits = table(n_start, leave), table(n_nodes, flipped(reach))
        return _legs(WalkProblem(seeds, streets.outgoing, exits, table(n_start, direct), n_end, limit_m), walk)
    seeds, exits = table(n_end, reach), table(n_nodes, flipped(leave))
    problem = WalkProblem(seeds, streets.incoming, exits, table(n_end, flipped(direct)), n_start, limit_m)
    return _legs(problem, walk).transposed(n_start)


def _legs(problem: WalkProblem, walk: Walk) -> LegTable:
    """Search, then metres to whole seconds."""
    found = walk_search(problem)
    return LegTable(found.offset, found.column, whole_seconds(found.effort_m / walk.speed_m_s))
