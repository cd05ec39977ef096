"""People on links towards the centres: journeys worked out by hand, and the labels against a fixed point."""

import itertools
import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.graph.link_loads import _rides, _Strategies, centre_link_load
from accessibility.graph.stop_graph import link_table, ride_table
from tests.support.networks import legs

Line = tuple[tuple[int, ...], float, float]  # stops in order, seconds between two of them, trips an hour
Walks = dict[tuple[int, int], float]

HOUR = 3600


def network(
    n_stops: int, lines: list[Line], walks: Walks | None = None, dwell_s: float = 0.0
) -> "nx.MultiDiGraph[int]":
    """A graph as `to_networkx` makes it, of lines of one variant each."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    graph.add_nodes_from((i, {"stop_id": f"S{i}", "name": f"Stop {i}", "x": 0.0, "y": 0.0}) for i in range(n_stops))
    for variant, (stops, seconds, per_hour) in enumerate(lines):
        names = {"kind": "ride", "mode": "bus", "route_id": f"R{variant}", "route": f"R{variant}", "variant": variant}
        rules = {"trips_per_hour": per_hour, "boardings_per_hour": per_hour, "can_alight": True}
        times = {"median_ride_s": seconds, "median_dwell_s": dwell_s}
        for position, (a, b) in enumerate(itertools.pairwise(stops)):
            graph.add_edge(a, b, (variant, position), position=position, **names, **times, **rules)
    for (a, b), seconds in (walks or {}).items():
        graph.add_edge(a, b, "transfer", kind="transfer", walk_s=seconds)
    return graph


def loads(
    graph: "nx.MultiDiGraph[int]",
    people_at: dict[int, float],
    centres: dict[int, list[tuple[int, int]]],
    cutoff_s: int = HOUR,
) -> dict[tuple[int, int], float]:
    """People per (from, to) with anybody aboard; people live at stops, centres are (stop, seconds) lists."""
    origin_legs = legs(len(people_at), [(i, stop, 0) for i, stop in enumerate(people_at)])
    egress = [(stop, centre, seconds) for centre, ends in centres.items() for stop, seconds in ends]
    people = np.array(list(people_at.values()), dtype=float)
    load = centre_link_load(graph, origin_legs, people, legs(len(graph), egress), cutoff_s)
    links = link_table(graph)
    assert load.name == "centre_people" and load.index.equals(links.index)
    return {(a, b): n for a, b, n in zip(links["from_stop"], links["to_stop"], load, strict=True) if n}


def test_people_add_up_along_a_line() -> None:
    graph = network(3, [((0, 1, 2), 300, 6)])
    assert loads(graph, {0: 100, 1: 50}, {0: [(2, 60)]}) == {(0, 1): 100, (1, 2): 150}


def test_the_cutoff_counts_the_wait_the_rides_the_dwell_and_the_walk_and_is_inclusive() -> None:
    graph = network(3, [((0, 1, 2), 300, 6)], dwell_s=20)
    # half of ten minutes, 300 s, 20 s standing at stop 1, 300 s, 60 s on foot
    takes_s = 300 + 300 + 20 + 300 + 60
    assert loads(graph, {0: 100}, {0: [(2, 60)]}, takes_s) == {(0, 1): 100, (1, 2): 100}
    assert loads(graph, {0: 100}, {0: [(2, 60)]}, takes_s - 1) == {}


def test_people_count_once_for_every_centre_they_reach() -> None:
    graph = network(3, [((0, 1, 2), 300, 6)])
    assert loads(graph, {0: 100}, {0: [(2, 0)], 1: [(1, 0)]}) == {(0, 1): 200, (1, 2): 100}


def test_lines_on_a_common_stretch_share_the_wait_and_the_people() -> None:
    # A: 600 s, 6 an hour: 900 s alone. B: 720 s, 12 an hour: 870 s alone. Whichever comes first:
    # 18 an hour, 100 s wait, (6 x 600 + 12 x 720) / 18 = 680 s aboard: 780 s
    graph = network(2, [((0, 1), 600, 6), ((0, 1), 720, 12)])
    assert loads(graph, {0: 90}, {0: [(1, 0)]}, 780) == {(0, 1): 90}
    assert loads(graph, {0: 90}, {0: [(1, 0)]}, 779) == {}
    # told apart by the ways they go: a third of the people are aboard A
    forked = network(4, [((0, 2, 1), 300, 6), ((0, 3, 1), 360, 12)])
    split = {(0, 2): 30, (2, 1): 30, (0, 3): 60, (3, 1): 60}
    assert loads(forked, {0: 90}, {0: [(1, 0)]}) == pytest.approx(split)


def test_a_line_that_is_slower_than_waiting_for_the_other_is_left_to_pass() -> None:
    # A alone takes 300 + 600; boarding B for 1,000 s would be later on average
    graph = network(3, [((0, 1), 600, 6), ((0, 2, 1), 500, 12)])
    assert loads(graph, {0: 90}, {0: [(1, 0)]}) == {(0, 1): 90}


def test_changing_lines_costs_a_second_wait_and_staying_aboard_does_not() -> None:
    through, change = network(3, [((0, 1, 2), 300, 6)]), network(3, [((0, 1), 300, 6), ((1, 2), 300, 6)])
    assert loads(through, {0: 1}, {0: [(2, 0)]}, 900) == {(0, 1): 1, (1, 2): 1}
    assert loads(change, {0: 1}, {0: [(2, 0)]}, 1199) == {}
    assert loads(change, {0: 1}, {0: [(2, 0)]}, 1200) == {(0, 1): 1, (1, 2): 1}


def test_trips_that_turn_short_serve_nobody_beyond_where_they_turn() -> None:
    # every minute to stop 1, every tenth of them on to stop 2: 300 s wait and 700 s aboard, not 30 s and 700 s
    graph = network(3, [((0, 1, 2), 350, 6), ((0, 1), 350, 54)])
    assert loads(graph, {0: 1}, {0: [(2, 0)]}, 999) == {}
    assert loads(graph, {0: 1}, {0: [(2, 0)]}, 1000) == {(0, 1): 1, (1, 2): 1}


def test_a_line_that_passes_a_stop_twice_can_be_boarded_either_time() -> None:
    graph = network(4, [((0, 1, 2, 1, 3), 100, 6)])
    assert loads(graph, {0: 1}, {0: [(3, 0)]}, 700) == {(0, 1): 1, (1, 2): 1, (2, 1): 1, (1, 3): 1}
    # at stop 1 vehicles pass 12 times an hour: 150 s wait; half of them go round first: (100 + 300) / 2 s aboard
    assert loads(graph, {1: 1}, {0: [(3, 0)]}, 349) == {}
    assert loads(graph, {1: 1}, {0: [(3, 0)]}, 350) == {(1, 2): 0.5, (2, 1): 0.5, (1, 3): 1}


def test_a_change_on_foot_is_walked_where_it_is_quicker() -> None:
    # from stop 1: walk 120, wait 30, ride 300; or wait a quarter of an hour for the third line
    graph = network(4, [((0, 1), 300, 6), ((2, 3), 300, 60), ((1, 3), 300, 2)], {(1, 2): 120})
    assert loads(graph, {0: 10}, {0: [(3, 0)]}) == {(0, 1): 10, (2, 3): 10}


def test_origins_use_the_stop_that_is_best_for_the_centre() -> None:
    graph = network(3, [((0, 2), 900, 12), ((1, 2), 300, 12)])
    far_and_near = legs(1, [(0, 0, 30), (0, 1, 400)])
    load = centre_link_load(graph, far_and_near, np.array([7.0]), legs(3, [(2, 0, 0)]), HOUR)
    assert load.tolist() == [0.0, 7.0]


def test_where_boarding_or_alighting_is_forbidden_nobody_does() -> None:
    graph = network(3, [((0, 1, 2), 300, 6)])
    graph.edges[0, 1, (0, 0)]["can_alight"] = False
    assert loads(graph, {0: 1}, {0: [(1, 0)]}) == {}
    graph.edges[1, 2, (0, 1)]["boardings_per_hour"] = 0.0
    assert loads(graph, {0: 4, 1: 3}, {0: [(2, 0)]}) == {(0, 1): 4, (1, 2): 4}


def test_nothing_runs_and_nobody_rides() -> None:
    assert loads(network(2, []), {0: 5}, {0: [(1, 0)]}) == {}


def fixed_point(graph: "nx.MultiDiGraph[int]", egress: dict[int, float]) -> list[float]:
    """Expected seconds from every stop by repeated improvement, trying every set of rides one might board."""
    rides = list(ride_table(graph).itertuples())
    stop_s = [egress.get(stop, math.inf) for stop in graph]
    ride_s = [math.inf] * len(rides)
    for _ in range(40):
        for i, ride in enumerate(rides):
            onward = [
                ride_s[j] + then.median_dwell_s
                for j, then in enumerate(rides)
                if (then.variant, then.position) == (ride.variant, ride.position + 1)
            ]
            ride_s[i] = ride.median_ride_s + min([stop_s[ride.to_stop], *onward])
        for stop in graph:
            here = [(ride_s[i], r.boardings_per_hour) for i, r in enumerate(rides) if r.from_stop == stop]
            sets = itertools.chain.from_iterable(itertools.combinations(here, n) for n in range(1, len(here) + 1))
            waits = [(HOUR / 2 + sum(s * f for s, f in boards)) / sum(f for _, f in boards) for boards in sets]
            walks = [e["walk_s"] + stop_s[b] for _, b, e in graph.out_edges(stop, data=True) if e["kind"] == "transfer"]
            stop_s[stop] = min([stop_s[stop], *waits, *walks])
    return stop_s


@st.composite
def small_networks(draw: st.DrawFn) -> "nx.MultiDiGraph[int]":
    """Up to four lines of 2-4 stops among five, of which the last is left by none, and walks."""
    stops = st.lists(st.integers(0, 4), min_size=2, max_size=4).filter(
        lambda s: all(a != b for a, b in itertools.pairwise(s))
    )
    times, frequencies = st.integers(10, 900), st.sampled_from([1.0, 2.0, 6.0, 12.0])
    lines = draw(st.lists(st.tuples(stops.map(_ending_at_four), times, frequencies), max_size=4))
    walk = st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda pair: pair[0] != pair[1])
    walks = draw(st.dictionaries(walk, st.integers(10, 300), max_size=3))
    return network(5, lines, walks, dwell_s=draw(st.sampled_from([0, 20])))


def _ending_at_four(stops: list[int]) -> tuple[int, ...]:
    """The stops up to the first 4 that is not the start; a line that starts there starts at 0 instead, or at 1."""
    start = stops[0] if stops[0] != 4 else int(stops[1] == 0)
    rest = stops[1 : stops.index(4, 1) + 1] if 4 in stops[1:] else stops[1:]
    return (start, *rest)


@settings(max_examples=150, deadline=None)
@given(small_networks(), st.dictionaries(st.integers(0, 4), st.integers(0, 600), min_size=1, max_size=2))
def test_the_labels_are_the_fixed_point_of_the_best_strategies(
    graph: "nx.MultiDiGraph[int]", egress: dict[int, float]
) -> None:
    found = _Strategies(_rides(graph, ride_table(graph)), egress, math.inf)
    assert found.stop_s() == pytest.approx(fixed_point(graph, egress))


@settings(max_examples=60, deadline=None)
@given(small_networks())
def test_everyone_who_sets_out_arrives_by_some_ride(graph: "nx.MultiDiGraph[int]") -> None:
    # no line leaves stop 4, the centre, and no walk leads there: as many come in on rides as set out
    reach_s = _Strategies(_rides(graph, ride_table(graph)), {4: 0.0}, HOUR).stop_s()
    found = loads(graph, {stop: 10.0 + stop for stop in range(4)}, {0: [(4, 0)]})
    arriving = sum(people for (_, b), people in found.items() if b == 4)
    assert arriving == pytest.approx(sum(10.0 + stop for stop in range(4) if np.isfinite(reach_s[stop])))
