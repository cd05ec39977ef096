"""The bounded search over flat tables: by hand, against networkx, and over many sources at once."""

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility import threads
from accessibility.kernels.csr import Pairs, Table, flipped, table
from accessibility.kernels.dijkstra import WalkProblem, walk_search

Triples = list[tuple[int, int, float]]
NONE: Triples = []


def table_of(n_rows: int, triples: Triples) -> Table:
    row, column, effort_m = np.array(triples, dtype=float).reshape(-1, 3).T
    return table(n_rows, Pairs(row.astype(np.int64), column.astype(np.int64), effort_m))


def problem_of(
    sizes: tuple[int, int, int],
    limit_m: float,
    *,
    seeds: Triples = NONE,
    streets: Triples = NONE,
    exits: Triples = NONE,
    shortcuts: Triples = NONE,
) -> WalkProblem:
    """A problem of so many sources, nodes and targets."""
    n_sources, n_nodes, n_targets = sizes
    return WalkProblem(
        table_of(n_sources, seeds),
        table_of(n_nodes, streets),
        table_of(n_nodes, exits),
        table_of(n_sources, shortcuts),
        n_targets,
        limit_m,
    )


def entries(found: Table) -> dict[tuple[int, int], float]:
    row = np.repeat(np.arange(len(found.offset) - 1), np.diff(found.offset))
    return {(int(i), int(j)): float(m) for i, j, m in zip(row, found.column, found.effort_m, strict=True)}


def test_a_table_keeps_the_least_effort_of_a_pair_and_no_infinite_one() -> None:
    made = table_of(3, [(2, 1, 5.0), (0, 4, 7.0), (2, 1, 3.0), (2, 0, math.inf), (0, 2, 1.0)])
    assert made.offset.tolist() == [0, 2, 2, 3]
    assert made.column.tolist() == [2, 4, 1]
    assert made.effort_m.tolist() == [1.0, 7.0, 3.0]


def test_pairs_can_be_seen_from_the_other_side() -> None:
    pairs = Pairs(np.array([0]), np.array([3]), np.array([9.0]))
    assert entries(table(4, flipped(pairs))) == {(3, 0): 9.0}


def test_the_way_goes_from_seed_over_streets_to_exit() -> None:
    # source 0 enters at node 0 (10 m) or node 2 (100 m); 0 -> 1 -> 2 takes 20 + 30; the target leaves node 2 after 5
    problem = problem_of(
        (1, 3, 1), 500, seeds=[(0, 0, 10), (0, 2, 100)], streets=[(0, 1, 20), (1, 2, 30)], exits=[(2, 0, 5)]
    )
    assert entries(walk_search(problem)) == {(0, 0): 65.0}


def test_streets_lead_only_the_way_they_are_given() -> None:
    problem = problem_of((1, 2, 1), 500, seeds=[(0, 1, 0)], streets=[(0, 1, 20)], exits=[(0, 0, 0)])
    assert entries(walk_search(problem)) == {}


def test_a_shortcut_counts_where_it_is_shorter() -> None:
    problem = problem_of(
        (2, 1, 1), 500, seeds=[(0, 0, 10), (1, 0, 10)], exits=[(0, 0, 10)], shortcuts=[(0, 0, 15), (1, 0, 25)]
    )
    assert entries(walk_search(problem)) == {(0, 0): 15.0, (1, 0): 20.0}


def test_the_limit_is_inclusive_for_every_kind_of_way() -> None:
    seeds, exits, shortcuts = (
        [(0, 0, 100), (1, 0, 101), (2, 0, 50)],
        [(0, 0, 0), (0, 1, 50), (0, 2, 51)],
        [(3, 0, 100), (3, 1, 101)],
    )
    problem = problem_of((4, 1, 3), 100, seeds=seeds, exits=exits, shortcuts=shortcuts)
    assert entries(walk_search(problem)) == {(0, 0): 100.0, (2, 0): 50.0, (2, 1): 100.0, (3, 0): 100.0}


def test_no_source_no_row() -> None:
    assert entries(walk_search(problem_of((0, 1, 1), 100))) == {}


def efforts(n_rows: int, n_columns: int, max_size: int) -> st.SearchStrategy[Triples]:
    """Whole metres, so that sums are exact whatever their order."""
    pair = st.tuples(st.integers(0, n_rows - 1), st.integers(0, n_columns - 1), st.integers(0, 60).map(float))
    return st.lists(pair, max_size=max_size)


@settings(max_examples=300, deadline=None)
@given(efforts(4, 8, 8), efforts(8, 8, 30), efforts(8, 5, 12), efforts(4, 5, 4), st.integers(0, 150))
def test_the_search_equals_networkx(
    seeds: Triples, streets: Triples, exits: Triples, shortcuts: Triples, limit_m: int
) -> None:
    graph = nx.DiGraph()
    graph.add_nodes_from(("source", i) for i in range(4))
    kinds = {
        ("source", "node"): seeds,
        ("node", "node"): streets,
        ("node", "target"): exits,
        ("source", "target"): shortcuts,
    }
    for (a, b), triples in kinds.items():
        for row, column, effort_m in sorted(triples, key=lambda triple: -triple[2]):  # the least comes last and stays
            graph.add_edge((a, row), (b, column), weight=effort_m)
    expected = {
        (i, place[1]): metres
        for i in range(4)
        for place, metres in nx.single_source_dijkstra_path_length(graph, ("source", i), cutoff=limit_m).items()
        if place[0] == "target"
    }
    found = walk_search(problem_of((4, 8, 5), limit_m, seeds=seeds, streets=streets, exits=exits, shortcuts=shortcuts))
    assert entries(found) == expected
    assert all((np.diff(found.column[a:b]) > 0).all() for a, b in zip(found.offset[:-1], found.offset[1:], strict=True))


@pytest.mark.parametrize("cores", [1, 3])
def test_many_sources_are_answered_one_by_one_whatever_the_number_of_cores(
    cores: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 3,000 sources along a line of 3,000 nodes 10 m apart: more than one portion of work, and a growing answer
    n = 3000
    line = [(i, j, 10.0) for i in range(n) for j in (i - 1, i + 1) if 0 <= j < n]
    own = [(i, i, 0.0) for i in range(n)]
    monkeypatch.setattr(threads, "cores", lambda: cores)
    found = walk_search(problem_of((n, n, n), 50, seeds=own, streets=line, exits=own))
    expected = {(i, j): 10.0 * abs(i - j) for i in range(n) for j in range(max(i - 5, 0), min(i + 6, n))}
    assert entries(found) == expected
