"""Walking search kernels: a bounded Dijkstra search from many sources over flat arrays."""

from typing import NamedTuple

import numpy as np

from accessibility.kernels.csr import Table, sort_first, with_room
from accessibility.kernels.jit import compiled, inner
from accessibility.legs import Float, Int32, Int64
from accessibility.threads import in_threads

# Sources per task of a thread: many enough to be worth the scratch arrays, few enough to share dense districts evenly.
_CHUNK = 64
_BUCKETS = 512  # of nodes that wait: each as wide as this part of the limit


class WalkProblem(NamedTuple):
    """The input of a search from sources to targets over streets; all tables are in metres of effort."""

    seeds: Table  # source -> nodes at which it joins the streets
    streets: Table  # node -> neighbouring nodes
    exits: Table  # node -> targets reached from it
    shortcuts: Table  # source -> targets reached without passing a node
    n_targets: int
    limit_m: float  # inclusive


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
    # Taken out of their tuples once: inside the loops each would be counted as used and released again.
    seed_offset, seeds, seeds_m = problem.seeds.offset, problem.seeds.column, problem.seeds.effort_m
    streets, ways_to, ways_m = problem.streets.offset, problem.streets.column, problem.streets.effort_m
    n_nodes = len(problem.streets.offset) - 1
    node_m, target_m = np.empty(n_nodes, np.float64), np.empty(problem.n_targets, np.float64)
    nodes, targets = np.empty(n_nodes, np.int32), np.empty(problem.n_targets, np.int64)
    first_of, next_of = np.empty(_BUCKETS + 1, np.int32), np.empty(n_nodes, np.int32)
    previous_of, bucket_of = np.empty(n_nodes, np.int32), np.empty(n_nodes, np.int32)
    node_m[:], target_m[:], first_of[:], bucket_of[:] = np.inf, np.inf, -1, -1
    counts = np.empty(last - first, np.int64)
    column, reached_m, filled = np.empty(1024, np.int32), np.empty(1024, np.float64), 0
    for source in range(first, last):
        start, end = seed_offset[source], seed_offset[source + 1]
        n_reached = _spread(
            seeds[start:end],
            seeds_m[start:end],
            streets,
            ways_to,
            ways_m,
            problem.limit_m,
            node_m,
            nodes,
            first_of,
            next_of,
            previous_of,
            bucket_of,
        )
        n_found = _collect(problem, source, nodes[:n_reached], node_m, target_m, targets)
        for i in range(n_reached):
            node_m[nodes[i]] = np.inf
        counts[source - first] = n_found
        column, reached_m = with_room(column, filled + n_found), with_room(reached_m, filled + n_found)
        sort_first(targets, n_found)
        for i in range(n_found):
            column[filled], reached_m[filled] = targets[i], target_m[targets[i]]
            target_m[targets[i]] = np.inf
            filled += 1
    return counts, column[:filled], reached_m[:filled]


@inner
def _spread(  # noqa: C901, PLR0912, PLR0913, PLR0917  # kernel: one loop, its arrays one by one
    seeds: Int32,
    seeds_m: Float,
    offset: Int64,
    column: Int32,
    effort_m: Float,
    limit_m: float,
    node_m: Float,
    nodes: Int32,
    first_of: Int32,
    next_of: Int32,
    previous_of: Int32,
    bucket_of: Int32,
) -> int:
    """Walk the streets from the seeds of one source; fills `node_m` and `nodes`, returns the number of nodes reached.

    Nodes wait in buckets of nearly the same distance, the nearest first (Dial 1969): those of a bucket are
    `first_of[bucket]`, then `next_of` and `previous_of` each other, -1 for none, as in `bucket_of` nodes that do not wait.
    Inside a bucket they come in any order; one that is reached by a shorter walk later comes again, so the sums are the least.
    `node_m` is infinite, and no node waits, before each source.
    """
    buckets_per_m, n_nodes = (_BUCKETS / limit_m if limit_m > 0 else 0.0), 0
    for seed in range(len(seeds)):
        node, metres = seeds[seed], seeds_m[seed]
        if metres <= limit_m:
            node_m[node], nodes[n_nodes] = metres, node
            n_nodes, to = n_nodes + 1, int(metres * buckets_per_m)
            after = first_of[to]
            first_of[to], next_of[node], previous_of[node], bucket_of[node] = node, after, -1, to
            if after >= 0:
                previous_of[after] = node
    for bucket in range(_BUCKETS + 1):
        while first_of[bucket] >= 0:
            node = first_of[bucket]
            first_of[bucket], bucket_of[node], metres = next_of[node], -1, node_m[node]
            if first_of[bucket] >= 0:
                previous_of[first_of[bucket]] = -1
            for piece in range(offset[node], offset[node + 1]):
                # On along the street as far as it has no junction: its nodes need not wait for nearer ones.
                before, beyond, beyond_m = node, column[piece], metres + effort_m[piece]
                while beyond_m <= limit_m and beyond_m < node_m[beyond]:
                    if node_m[beyond] == np.inf:
                        nodes[n_nodes] = beyond
                        n_nodes += 1
                    node_m[beyond] = beyond_m
                    way, ways = offset[beyond], offset[beyond + 1] - offset[beyond]
                    if ways > 0 and column[way] == before:
                        way, ways = way + 1, ways - 1
                    elif ways > 1 and column[way + 1] == before:
                        ways -= 1
                    if ways > 1:
                        _wait(first_of, next_of, previous_of, bucket_of, beyond, int(beyond_m * buckets_per_m))
                    if ways != 1:
                        break
                    before, beyond, beyond_m = beyond, column[way], beyond_m + effort_m[way]
    return n_nodes


@inner
def _wait(first_of: Int32, next_of: Int32, previous_of: Int32, bucket_of: Int32, node: int, bucket: int) -> None:
    """Put a node first into its bucket, and out of that in which it waits."""
    if bucket_of[node] == bucket:
        return
    if bucket_of[node] >= 0:
        before, after = previous_of[node], next_of[node]
        if before >= 0:
            next_of[before] = after
        else:
            first_of[bucket_of[node]] = after
        if after >= 0:
            previous_of[after] = before
    after = first_of[bucket]
    first_of[bucket], next_of[node], previous_of[node], bucket_of[node] = node, after, -1, bucket
    if after >= 0:
        previous_of[after] = node


@inner
def _collect(problem: WalkProblem, source: int, nodes: Int32, node_m: Float, target_m: Float, targets: Int32) -> int:
    """Extend the distances of nodes to targets; fills `target_m` and `targets`, returns the number of targets reached."""
    offset, column, effort_m = problem.exits.offset, problem.exits.column, problem.exits.effort_m
    shortcuts, limit_m, n_targets = problem.shortcuts, problem.limit_m, 0
    for entry in range(shortcuts.offset[source], shortcuts.offset[source + 1]):
        if shortcuts.effort_m[entry] <= limit_m:
            target_m[shortcuts.column[entry]], targets[n_targets] = shortcuts.effort_m[entry], shortcuts.column[entry]
            n_targets += 1
    for node in nodes:
        for entry in range(offset[node], offset[node + 1]):
            target, metres = column[entry], node_m[node] + effort_m[entry]
            if metres <= limit_m and metres < target_m[target]:
                if target_m[target] == np.inf:
                    targets[n_targets] = target
                    n_targets += 1
                target_m[target] = metres
    return n_targets
