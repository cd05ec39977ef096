"""Walking legs along streets: worked examples on small maps, then equality with the slow twin."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.legs import Points, Walk, local_metres, points, straight_line_legs
from accessibility.streets.legs import street_legs
from accessibility.streets.network import Segments, StreetNetwork, street_network, with_slope
from accessibility.streets.read import read_streets
from accessibility.streets.snapping import MAX_SNAP_M, nearest_stretches, snap_repairs
from tests.support.street_oracle import leg_dict, slow_street_legs

NEWPORT = Path("../shared/data/newport/newport-2023-06-13.osm.pbf")
# Degrees per metre at the equator (WGS84), a millionth short: a walk of 300 m must not round up to 301 s.
EAST = (1 - 1e-6) / 111_319.490793
NORTH = (1 - 1e-6) / 110_574.275822
WALK = Walk(speed_kmh=3.6, max_s=1200)  # a metre a second: seconds are metres


def places(*metres: tuple[float, float], radius_m: float = 0.0) -> Points:
    """Points at metres east and north of (0, 0)."""
    east, north = np.array(metres, dtype=float).reshape(-1, 2).T
    return Points(np.array([f"p{i}" for i in range(len(east))], dtype=object), east * EAST, north * NORTH, radius_m)


def streets_of(
    nodes: list[tuple[float, float]],
    segments: list[tuple[int, int]],
    one_way: frozenset[int] = frozenset(),
    local: frozenset[int] = frozenset(),
) -> StreetNetwork:
    """Streets between nodes at metres east and north of (0, 0), lengths on the plan."""
    at = places(*nodes)
    start, end = np.array(segments, dtype=np.int64).reshape(-1, 2).T
    plan = np.array(nodes, dtype=float)
    metres = np.hypot(*(plan[end] - plan[start]).T)
    backward = np.array([i not in one_way for i in range(len(segments))])
    to_a_door = np.array([i in local for i in range(len(segments))])
    ways = Segments(start, end, np.ones(len(start), bool), backward, metres, to_a_door)
    return street_network(at.lon, at.lat, ways, ())


# A street of one kilometre from west to east.
ONE_STREET = streets_of([(0, 0), (1000, 0)], [(0, 1)])
# A block of 400 m by 300 m.
BLOCK = streets_of([(0, 0), (400, 0), (400, 300), (0, 300)], [(0, 1), (1, 2), (2, 3), (3, 0)])


def test_the_metres_to_the_street_and_along_it_are_walked() -> None:
    legs = street_legs(ONE_STREET, places((200, 30)), places((500, -40)), WALK)
    # both meet the same segment, so nothing forces them onto it: the straight line, sqrt(300² + 70²) = 308.1
    assert leg_dict(legs) == {(0, 0): 309}


def test_points_on_different_streets_walk_off_along_and_off() -> None:
    legs = street_legs(BLOCK, places((100, 20)), places((380, 100)), WALK)
    # 20 to the street, 300 to the corner, 100 up, 20 across
    assert leg_dict(legs) == {(0, 0): 440}


def test_the_shorter_way_round_the_block_is_taken() -> None:
    legs = street_legs(BLOCK, places((100, 0)), places((150, 300)), WALK)
    assert leg_dict(legs) == {(0, 0): 100 + 300 + 150}


def test_the_limit_is_inclusive_and_nothing_beyond_it_is_kept() -> None:
    ends = places((700, 0), (701, 0))
    legs = street_legs(ONE_STREET, places((100, 0)), ends, replace(WALK, max_s=600))
    assert leg_dict(legs) == {(0, 0): 600}


def test_a_walk_ends_at_the_rim_of_a_radius() -> None:
    # the circle round (500, 30) with radius 50 cuts the street at 500 - 40
    legs = street_legs(ONE_STREET, places((100, 0), (460, 0), (530, 0)), places((500, 30), radius_m=50), WALK)
    assert leg_dict(legs) == {(0, 0): 360, (1, 0): 0, (2, 0): 0}


def test_a_street_that_only_grazes_the_circle_in_passing_counts_from_both_sides() -> None:
    # neither node of the street is inside; coming from the east the rim is at 500 + 40
    starts = places((0, 0), (1000, 0))
    assert leg_dict(street_legs(ONE_STREET, starts, places((500, 30), radius_m=50), WALK)) == {(0, 0): 460, (1, 0): 460}


def test_a_circle_that_no_street_enters_is_walked_to_in_a_straight_line() -> None:
    legs = street_legs(BLOCK, places((0, 300)), places((200, -120), radius_m=50), WALK)
    # down the west side (300), along to the middle of the south side (200), then 120 - 50 off the street
    assert leg_dict(legs) == {(0, 0): 300 + 200 + 70}


def test_a_start_inside_the_radius_has_arrived_even_without_a_street() -> None:
    far = MAX_SNAP_M + 200
    legs = street_legs(ONE_STREET, places((0, far)), places((0, far + 100), radius_m=100), WALK)
    assert leg_dict(legs) == {(0, 0): 0}


def test_the_way_to_the_street_may_run_into_the_circle() -> None:
    # from (0, 300) straight down towards the street at (0, 0); the circle round (0, 100) with radius 60 begins at 160
    legs = street_legs(ONE_STREET, places((0, 300)), places((0, 100), radius_m=60), WALK)
    assert leg_dict(legs) == {(0, 0): 140}


def test_points_too_far_from_every_street_are_unconnected_and_counted() -> None:
    stops = places((0, MAX_SNAP_M - 1), (0, MAX_SNAP_M + 1))
    assert leg_dict(street_legs(ONE_STREET, stops, places((0, 0)), WALK)) == {(0, 0): 499}
    (repair,) = snap_repairs(ONE_STREET, stops)
    assert (repair.code, repair.count, repair.total, repair.sample) == ("points_without_street", 1, 2, ("p1",))


def test_a_one_way_path_is_walked_one_way_only() -> None:
    escalator = streets_of([(0, 0), (100, 0), (100, 100), (0, 100)], [(0, 1), (1, 2), (2, 3), (3, 0)], frozenset({0}))
    foot, top = places((0, 0)), places((100, 0))
    assert leg_dict(street_legs(escalator, foot, top, WALK)) == {(0, 0): 100}
    # at the nodes themselves both also touch two-way segments; walking back goes round the other three sides
    starts = places((100, 50))
    assert leg_dict(street_legs(escalator, starts, foot, WALK)) == {(0, 0): 50 + 100 + 100}


# Two streets, 300 m apart, at the ends of a private drive between them: 0-1-2 in the south, 3-4-5 in the north, 1-6-4 the drive.
ESTATE = streets_of(
    [(0, 0), (100, 0), (200, 0), (0, 300), (100, 300), (200, 300), (100, 150), (400, 0), (400, 300)],
    [(0, 1), (1, 2), (3, 4), (4, 5), (1, 6), (6, 4), (2, 7), (7, 8), (8, 5)],
    local=frozenset({4, 5}),
)


def test_a_private_drive_leads_to_the_door_on_it_and_to_no_other() -> None:
    south, north, door, gate_house = places((100, 0)), places((100, 300)), places((100, 140)), places((105, 250))
    assert leg_dict(street_legs(ESTATE, south, door, WALK)) == {(0, 0): 140}
    assert leg_dict(street_legs(ESTATE, door, north, WALK)) == {(0, 0): 160}
    assert leg_dict(street_legs(ESTATE, door, gate_house, WALK)) == {(0, 0): 110 + 5}  # neighbours, on the drive alone
    # Straight through would be 300 m.
    assert leg_dict(street_legs(ESTATE, south, north, WALK)) == {(0, 0): 300 + 300 + 300}
    assert leg_dict(street_legs(ESTATE, north, south, WALK)) == {(0, 0): 300 + 300 + 300}


def test_a_path_that_only_private_ways_lead_to_is_private_too() -> None:
    """Between the two halves of a drive lies a footpath that all may use, and nobody could come there."""
    open_path = streets_of(
        [(0, 0), (300, 0), (600, 0), (100, 200), (200, 200), (0, 400), (600, 400)],
        [(0, 1), (1, 2), (0, 3), (3, 4), (4, 6), (5, 6), (0, 5)],
        local=frozenset({2, 4}),
    )
    assert open_path.local_way.sum() == 3
    door = places((150, 200))
    assert leg_dict(street_legs(open_path, places((0, 0)), door, WALK)) == {
        (0, 0): math.ceil(math.hypot(100, 200) + 50)
    }
    assert leg_dict(street_legs(open_path, places((0, 0)), places((590, 400)), WALK)) == {(0, 0): 990}


def test_a_way_open_to_all_beside_a_local_one_is_open() -> None:
    both = streets_of([(0, 0), (100, 0), (200, 0)], [(0, 1), (1, 0), (1, 2)], local=frozenset({0}))
    assert not both.local_way.any()


def test_nobody_is_set_down_on_an_island() -> None:
    # a street of 100 nodes, and beside it a footbridge of two nodes that joins nothing
    long_street = [(10.0 * i, 0.0) for i in range(100)]
    nodes = [*long_street, (500.0, 20.0), (520.0, 20.0)]
    streets = streets_of(nodes, [*((i, i + 1) for i in range(99)), (100, 101)])
    stop = places((510, 19))
    assert nearest_stretches(streets, stop).off_m == pytest.approx([19], abs=0.01)
    assert [(r.code, r.count) for r in streets.repairs] == [("street_islands", 1)]
    assert [(r.code, r.count) for r in snap_repairs(streets, stop)] == [("points_on_islands", 1)]


def test_uphill_takes_longer_and_tobler_says_how_much() -> None:
    hill = with_slope(ONE_STREET, np.array([0.0, 100.0]))  # 10 % up from west to east
    west, east = places((0, 0)), places((1000, 0))
    walk = replace(WALK, max_s=3600)
    # exp(-3.5 * 0.05) on the flat, exp(-3.5 * 0.15) up, exp(-3.5 * 0.05) down 10 %: the flat pace again
    assert leg_dict(street_legs(hill, west, east, walk)) == {(0, 0): math.ceil(1000 * math.exp(3.5 * 0.10))}
    assert leg_dict(street_legs(hill, east, west, walk)) == {(0, 0): 1000}


def test_searching_from_the_smaller_side_changes_nothing() -> None:
    hill = with_slope(BLOCK, np.array([0.0, 20.0, 35.0, 10.0]))
    many, one = places((100, 5), (390, 150), (200, 290), (7, 7)), places((300, 300))
    together = leg_dict(street_legs(hill, many, one, WALK))
    for i in range(4):
        alone = Points(many.ids[[i]], many.lon[[i]], many.lat[[i]])
        assert leg_dict(street_legs(hill, alone, one, WALK)) == {(0, 0): together[i, 0]}


@st.composite
def street_maps(draw: st.DrawFn) -> StreetNetwork:
    """3-9 nodes in a square of 600 m, streets at random between them, some one-way, some local, some with hills."""
    inside = st.integers(0, 600)
    nodes = draw(st.lists(st.tuples(inside, inside), min_size=3, max_size=9, unique=True))
    pairs = st.tuples(st.integers(0, len(nodes) - 1), st.integers(0, len(nodes) - 1)).filter(lambda p: p[0] != p[1])
    segments = draw(st.lists(pairs, min_size=2, max_size=14))
    one_way = draw(st.frozensets(st.integers(0, len(segments) - 1), max_size=3))
    local = draw(st.frozensets(st.integers(0, len(segments) - 1), max_size=len(segments)))
    streets = streets_of(nodes, segments, one_way, local)
    heights = st.lists(st.integers(0, 60), min_size=len(streets.node_lon), max_size=len(streets.node_lon))
    return with_slope(streets, np.array(draw(heights), dtype=float)) if draw(st.booleans()) else streets


def points_nearby(max_size: int, radii: list[float]) -> st.SearchStrategy[Points]:
    """Up to `max_size` points on the map, or off it by more than the snapping distance."""
    metres = st.lists(st.tuples(st.integers(-300, 900), st.integers(-650, 1250)), min_size=1, max_size=max_size)
    return st.builds(lambda at, radius_m: places(*at, radius_m=radius_m), metres, st.sampled_from(radii))


@settings(max_examples=150, deadline=None)
@given(
    street_maps(), points_nearby(4, [0.0]), points_nearby(4, [0.0, 0.0, 40.0, 150.0]), st.sampled_from([300, 700, 1500])
)
def test_legs_equal_those_of_the_slow_twin(streets: StreetNetwork, start: Points, end: Points, max_s: int) -> None:
    walk = replace(WALK, max_s=max_s)
    assert leg_dict(street_legs(streets, start, end, walk)) == slow_street_legs(streets, start, end, walk)


@pytest.mark.skipif(not NEWPORT.exists(), reason="the Newport street extract is not in ../shared/data")
@pytest.mark.parametrize("radius_m", [0.0, 120.0])
def test_legs_in_the_middle_of_newport_equal_those_of_the_slow_twin(radius_m: float) -> None:
    streets = within(read_streets(NEWPORT), lon=-2.9940, lat=51.5880, metres=500)
    randomness = np.random.default_rng(7)
    lon, lat = -2.9940 + randomness.uniform(-0.006, 0.006, 30), 51.5880 + randomness.uniform(-0.004, 0.004, 30)
    stops = Points(np.arange(30).astype(str).astype(object), lon, lat, radius_m)
    expected = slow_street_legs(streets, stops, stops, Walk(4.8, 600))
    assert leg_dict(street_legs(streets, stops, stops, Walk(4.8, 600))) == expected
    assert len(expected) > 200


def within(streets: StreetNetwork, lon: float, lat: float, metres: float) -> StreetNetwork:
    """The streets with both ends within a square around a place."""
    near = (np.abs(local_metres(streets.node_lon, streets.node_lat, lon, lat)) < metres).all(axis=1)
    kept = near[streets.segment_start] & near[streets.segment_end]
    start, end = streets.segment_start[kept].astype(np.int64), streets.segment_end[kept].astype(np.int64)
    both_ways = np.ones(int(kept.sum()), dtype=bool)
    segments = Segments(start, end, both_ways, both_ways, streets.segment_m[kept], streets.local_way[kept])
    return street_network(streets.node_lon, streets.node_lat, segments, ())


def test_no_points_no_legs() -> None:
    legs = street_legs(ONE_STREET, places(), places((0, 0)), WALK)
    assert legs.offset.tolist() == [0] and len(legs.target) == 0
    legs = street_legs(ONE_STREET, places((0, 0)), places(), WALK)
    assert legs.offset.tolist() == [0, 0] and len(legs.target) == 0


def test_walks_across_180_degrees_are_as_long_as_anywhere() -> None:
    """0.01 degrees at 17 degrees south, in Fiji, from both sides of the line; 1,064 m at 4.8 km/h without detour."""
    walk = Walk(max_s=3600, detour=1.0)
    here, there = points(["a"], [179.995], [-17.0]), points(["b"], [-179.995], [-17.0])
    far_west, far_east = points(["a"], [9.995], [-17.0]), points(["b"], [10.005], [-17.0])
    across, elsewhere = straight_line_legs(here, there, walk), straight_line_legs(far_west, far_east, walk)
    assert across.seconds.tolist() == elsewhere.seconds.tolist() == [799]
