"""Says which connections a block of destinations can need at all, so that its backward passes leave the others out.

The least time from a stop to the block is found by a search over all rides and walks as if every vehicle left at once. A
connection that arrives where even that is too long leads to no journey of the question: with it left out, each answer is the
same. So a block costs what its surroundings cost, whatever the size of the nation.
"""

import numpy as np
import numpy.typing as npt

from accessibility.compressed_rows import least_of_pairs
from accessibility.globe import order_by_place
from accessibility.kernels.arrays import Bool
from accessibility.kernels.csr import Table
from accessibility.kernels.dijkstra import WalkProblem, walk_search
from accessibility.legs import Float, Int32, Int64, LegTable, Points
from accessibility.search.preparation import PreparedNetwork
from accessibility.search.spec import SearchSpec


def least_legs(network: PreparedNetwork) -> LegTable:
    """For each stop the stops that lead to it, and the least seconds from there by one ride, walk or stay aboard."""
    connections, position_stop = network.connections, network.timetable.position_stop.astype(np.int64)
    hop_s = np.full(len(position_stop), np.iinfo(np.int32).max, np.int32)
    np.minimum.at(hop_s, connections.position, connections.arrival_s - connections.departure_s)
    ridden = np.flatnonzero(hop_s < np.iinfo(np.int32).max)
    left, into = connections.position[network.stays.row], connections.position[network.stays.connection]
    walks = network.transfer_legs
    offset, stop, seconds = least_of_pairs(
        len(network.calls.offset) - 1,
        np.concatenate([position_stop[ridden + 1], position_stop[into], walks.target]),
        np.concatenate([position_stop[ridden], position_stop[left + 1], walks.sources()]),
        np.concatenate([hop_s[ridden], np.zeros(len(left), np.int32), walks.seconds]),
    )
    return LegTable(offset, stop.astype(np.int32), seconds.astype(np.int32))


def least_seconds(legs: LegTable, egress: LegTable, limit_s: int) -> npt.NDArray[np.float64]:
    """(n_stops,) least seconds from each stop to any of the destinations of `egress`; infinite beyond `limit_s`."""
    n = len(legs.offset) - 1
    stop, at = np.unique(egress.target, return_inverse=True)
    walk_s = np.full(len(stop), np.inf)
    np.minimum.at(walk_s, at, egress.seconds.astype(float))
    nothing = Table(np.zeros(2, np.int64), np.empty(0, np.int32), np.empty(0, np.float64))
    found = walk_search(
        WalkProblem(
            seeds=Table(np.array([0, len(stop)], np.int64), stop.astype(np.int32), walk_s),
            streets=Table(legs.offset, legs.target, legs.seconds.astype(np.float64)),
            exits=Table(np.arange(n + 1, dtype=np.int64), np.arange(n, dtype=np.int32), np.zeros(n)),
            shortcuts=nothing,
            n_targets=n,
            limit_m=float(limit_s),
        )
    )
    least_s = np.full(n, np.inf)
    least_s[found.column] = found.effort_m
    return least_s


def needed_connections(network: PreparedNetwork, legs: LegTable, egress: LegTable, spec: SearchSpec) -> Bool:
    """(n_connections,) whether a journey of `spec` to the destinations of `egress` could use a connection."""
    least_s = least_seconds(legs, egress, spec.max_duration_s)
    connections = network.connections
    stop = network.timetable.position_stop[connections.position + 1]
    return in_time(connections.departure_s, connections.arrival_s, least_s[stop], spec)


def in_time(departure_s: Int32, arrival_s: Int32, to_go_s: Float, spec: SearchSpec) -> Bool:
    """(n,) whether a journey of `spec` may use rides from whose ends it takes `to_go_s` at least, aboard or not.

    Who leaves by the end of the window at the latest has the less time left the later a ride departs.
    """
    after_window_s = departure_s - spec.window_end_s
    if spec.arrive_by:  # there by the end of the window
        left_s = np.minimum(-after_window_s, spec.max_duration_s)
    else:
        left_s = spec.max_duration_s - np.maximum(after_window_s, 0)
    needed: Bool = to_go_s + (arrival_s - departure_s) <= left_s
    return needed


def spatial_order(places: Points) -> Int64:
    """(n,) numbers of places in an order in which neighbours stand near each other (Morton's curve)."""
    return order_by_place(places.lon, places.lat)
