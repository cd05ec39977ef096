"""Walking search kernels: a bounded Dijkstra search from many sources over flat arrays."""

from typing import NamedTuple

import numpy as np

from accessibility.kernels.csr import Table
from accessibility.kernels.jit import compiled
from accessibility.legs import Float, Int32, Int64
from accessibility.threads import in_threads

# Sources per task of a thread: many enough to be worth the scratch arrays, few enough to share dense districts evenly.
_CHUNK = 256


class WalkProblem(NamedTuple):
    """The input of a search from sources to targets over streets; all tables are in metres of effort."""

    seeds: Table  # source -> nodes at which it joins the streets
    streets: Table  # node -> neighbouring nodes
    exits: Table  # node -> targets reached from it
    shortcuts: Table  # source -> targets reached without passing a node
    n_targets: int
    limit_m: float  # inclusive


class _Scratch(NamedTuple):
    """The working arrays of one thread; all distances are infinite before and after each source."""

    node_m: Float
    target_m: Float
    nodes: Int32  # nodes reached from the current source
    targets: Int32  # targets reached from the current source
    heap_m: Float
    heap_node: Int32


def walk_search(problem: WalkProblem) -> Table:
    """A `Table` of the least effort from each source to every target within the limit.

    A row depends only on its own source, so the number of threads does not change the result.
    """
    n_sources = len(problem.seeds.offset) - 1
    parts = in_threads(lambda chunk: _search_rows(problem, *chunk), n_sources, _CHUNK)
    offset = np.zeros(n_sources + 1, dtype=np.int64)
    np.cumsum(np.concatenate([np.empty(0, np.int64), *(part[0] for part in parts)]), out=offset[1:])
    column = np.concatenate([np.empty(0, np.int32), *(part[1] for part in parts)])
    return Table(offset, column, np.concatenate([np.empty(0, np.float64), *(part[2] for part in parts)]))


@compiled
def _search_rows(problem: WalkProblem, first: int, last: int) -> tuple[Int64, Int32, Float]:
    """For the sources `first:last`: the number of targets that each reaches, the targets, and their effort in metres."""
    scratch = _blank_scratch(problem)
    counts = np.empty(last - first, np.int64)
    column, effort_m, filled = np.empty(1024, np.int32), np.empty(1024, np.float64), 0
    for source in range(first, last):
        n_nodes = _spread(problem, source, scratch)
        n_reached = _collect(problem, source, n_nodes, scratch)
        scratch.node_m[scratch.nodes[:n_nodes]] = np.inf
        counts[source - first] = n_reached
        while filled + n_reached > len(column):
            column = np.concatenate((column, np.empty_like(column)))
            effort_m = np.concatenate((effort_m, np.empty_like(effort_m)))
        for target in np.sort(scratch.targets[:n_reached]):
            column[filled], effort_m[filled] = target, scratch.target_m[target]
            scratch.target_m[target] = np.inf
            filled += 1
    return counts, column[:filled].copy(), effort_m[:filled].copy()


@compiled
def _blank_scratch(problem: WalkProblem) -> _Scratch:
    n_nodes = len(problem.streets.offset) - 1
    # A node is pushed at most once per seed of the source that leads to it and once per street segment into it.
    n_pushes = len(problem.streets.column) + np.max(np.diff(problem.seeds.offset))
    return _Scratch(
        np.full(n_nodes, np.inf),
        np.full(problem.n_targets, np.inf),
        np.empty(n_nodes, np.int32),
        np.empty(problem.n_targets, np.int32),
        np.empty(n_pushes, np.float64),
        np.empty(n_pushes, np.int32),
    )


@compiled
def _spread(problem: WalkProblem, source: int, scratch: _Scratch) -> int:
    """Run Dijkstra from the seeds of one source; fills `node_m` and `nodes`, returns the number of nodes reached."""
    seeds, streets = problem.seeds, problem.streets
    node_m, heap_m, heap_node = scratch.node_m, scratch.heap_m, scratch.heap_node
    n_nodes, size = 0, 0
    for entry in range(seeds.offset[source], seeds.offset[source + 1]):
        node, metres = seeds.column[entry], seeds.effort_m[entry]
        if metres <= problem.limit_m:
            n_nodes = _improve(node_m, scratch.nodes, n_nodes, node, metres)
            size = _push(heap_m, heap_node, size, metres, node)
    while size:
        metres, node = heap_m[0], heap_node[0]
        size = _pop(heap_m, heap_node, size)
        if metres > node_m[node]:
            continue  # an outdated entry: the node was reached by a shorter walk
        for piece in range(streets.offset[node], streets.offset[node + 1]):
            beyond_m, beyond = metres + streets.effort_m[piece], streets.column[piece]
            if beyond_m <= problem.limit_m and beyond_m < node_m[beyond]:
                n_nodes = _improve(node_m, scratch.nodes, n_nodes, beyond, beyond_m)
                size = _push(heap_m, heap_node, size, beyond_m, beyond)
    return n_nodes


@compiled
def _collect(problem: WalkProblem, source: int, n_nodes: int, scratch: _Scratch) -> int:
    """Extend the distances of nodes to targets; fills `target_m` and `targets`, returns the number of targets reached."""
    exits, shortcuts, n_targets = problem.exits, problem.shortcuts, 0
    for entry in range(shortcuts.offset[source], shortcuts.offset[source + 1]):
        target, metres = shortcuts.column[entry], shortcuts.effort_m[entry]
        if metres <= problem.limit_m:
            n_targets = _improve(scratch.target_m, scratch.targets, n_targets, target, metres)
    for node in scratch.nodes[:n_nodes]:
        for entry in range(exits.offset[node], exits.offset[node + 1]):
            target, metres = exits.column[entry], scratch.node_m[node] + exits.effort_m[entry]
            if metres <= problem.limit_m:
                n_targets = _improve(scratch.target_m, scratch.targets, n_targets, target, metres)
    return n_targets


@compiled
def _improve(best_m: Float, reached: Int32, n_reached: int, item: int, metres: float) -> int:
    """Lower the distance of a node or target, and list it when it is new; returns the number of items reached."""
    if metres < best_m[item]:
        if best_m[item] == np.inf:
            reached[n_reached] = item
            n_reached += 1
        best_m[item] = metres
    return n_reached


@compiled
def _push(heap_m: Float, heap_node: Int32, size: int, metres: float, node: int) -> int:
    """Add a node to the binary heap; returns its new size."""
    i = size
    while i > 0:
        parent = (i - 1) // 2
        if heap_m[parent] <= metres:
            break
        heap_m[i], heap_node[i] = heap_m[parent], heap_node[parent]
        i = parent
    heap_m[i], heap_node[i] = metres, node
    return size + 1


@compiled
def _pop(heap_m: Float, heap_node: Int32, size: int) -> int:
    """Remove the nearest node from the binary heap; returns its new size."""
    size -= 1
    metres, node, i = heap_m[size], heap_node[size], 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and heap_m[child + 1] < heap_m[child]:
            child += 1
        if metres <= heap_m[child]:
            break
        heap_m[i], heap_node[i] = heap_m[child], heap_node[child]
        i = child
    heap_m[i], heap_node[i] = metres, node
    return size
