"""Which streets are walked: tags, files, graphs, islands and slope."""

from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import osmium
import osmnx
import pytest
from shapely.geometry import LineString

from accessibility.errors import StreetsError, StreetsFileNotFoundError
from accessibility.streets.network import MAX_GRADE, MIN_COMPONENT_NODES, StreetNetwork, with_slope
from accessibility.streets.read import read_streets, streets_from_graph, streets_from_place
from accessibility.streets.tags import Passage, passage

DATA = Path("../shared/data")
BOTH, FORWARD, BACKWARD, CLOSED = Passage(True, True), Passage(True, False), Passage(False, True), Passage(False, False)
LOCAL = Passage(True, True, local=True)

Tags = dict[str, str]

TAG_CASES: list[tuple[str, Passage]] = [
    ("highway=residential", BOTH),
    ("highway=footway", BOTH),
    ("highway=primary oneway=yes", BOTH),
    ("highway=steps", BOTH),
    ("railway=platform", BOTH),
    ("public_transport=platform", BOTH),
    ("highway=pedestrian area=yes", BOTH),
    ("highway=residential foot=no", CLOSED),
    ("highway=primary foot=use_sidepath", CLOSED),
    ("highway=service access=private", LOCAL),
    ("highway=service access=private foot=customers", LOCAL),
    ("highway=service access=permit", LOCAL),
    ("highway=service access=delivery", LOCAL),
    ("highway=track access=agricultural", LOCAL),
    ("highway=track access=forestry", LOCAL),
    ("highway=track access=agricultural foot=designated", BOTH),
    ("highway=track foot=forestry", LOCAL),
    ("highway=service access=customers", LOCAL),
    ("highway=service access=no foot=private", LOCAL),
    ("highway=residential foot=destination", LOCAL),
    ("highway=footway access=private oneway:foot=yes", FORWARD._replace(local=True)),
    ("highway=service access=destination foot=yes", BOTH),
    ("highway=motorway foot=private", CLOSED),
    ("highway=motorway access=private", CLOSED),
    ("highway=trunk foot=customers", LOCAL),
    ("man_made=pier foot=customers", LOCAL),
    ("highway=service access=no", CLOSED),
    ("highway=service access=no foot=yes", BOTH),
    ("highway=service access=military", CLOSED),
    ("highway=service access=emergency", CLOSED),
    ("highway=service access=emergency foot=yes", BOTH),
    ("highway=service access=private foot=designated", BOTH),
    ("highway=service access=destination", LOCAL),
    ("highway=service access=private foot=no", CLOSED),
    ("highway=motorway", CLOSED),
    ("highway=motorway foot=yes", BOTH),
    ("highway=trunk_link", CLOSED),
    ("highway=trunk", CLOSED),
    ("highway=trunk sidewalk=no", CLOSED),
    ("highway=trunk sidewalk=separate", CLOSED),
    ("highway=trunk sidewalk=left", BOTH),
    ("highway=trunk sidewalk:both=yes", BOTH),
    ("highway=motorway sidewalk=both", CLOSED),
    ("highway=trunk foot=designated", BOTH),
    ("highway=primary motorroad=yes", CLOSED),
    ("highway=trunk motorroad=yes sidewalk=both", CLOSED),
    ("highway=construction", CLOSED),
    ("highway=proposed foot=yes", CLOSED),
    ("highway=raceway", CLOSED),
    ("highway=busway", CLOSED),
    ("highway=busway foot=yes", BOTH),
    ("railway=rail", CLOSED),
    ("building=yes foot=yes", CLOSED),
    ("waterway=lock_gate foot=yes", BOTH),
    ("waterway=lock_gate foot=permissive", BOTH),
    ("waterway=lock_gate", CLOSED),
    ("waterway=lock_gate foot=no", CLOSED),
    ("waterway=weir foot=yes", BOTH),
    ("waterway=dam foot=designated", BOTH),
    ("waterway=canal foot=yes", CLOSED),
    ("man_made=pier foot=yes", BOTH),
    ("man_made=pier", CLOSED),
    ("man_made=breakwater foot=yes oneway:foot=yes", FORWARD),
    ("man_made=pipeline foot=yes", CLOSED),
    ("highway=footway man_made=pier", BOTH),
    ("highway=construction man_made=pier foot=yes", CLOSED),
    ("route=ferry foot=yes", CLOSED),
    ("highway=footway oneway:foot=yes", FORWARD),
    ("highway=footway oneway:foot=-1", BACKWARD),
    ("highway=footway foot:backward=no", FORWARD),
    ("highway=footway foot:forward=no", BACKWARD),
    ("highway=steps conveying=forward", FORWARD),
    ("highway=steps conveying=backward", BACKWARD),
    ("highway=steps conveying=reversible", BOTH),
]


@pytest.mark.parametrize(("written", "expected"), TAG_CASES)
def test_tags_say_where_a_pedestrian_may_walk(written: str, expected: Passage) -> None:
    tags = dict(item.split("=") for item in written.split())
    assert passage(tags.get) == expected


# A square of streets 1-2-3-4, a private drive 2-5, and a path 6-7 that joins nothing.
SQUARE_NODES = {
    1: (0.0, 0.0),
    2: (0.001, 0.0),
    3: (0.001, 0.001),
    4: (0.0, 0.001),
    5: (0.002, 0.0),
    6: (0.01, 0.0),
    7: (0.011, 0.0),
}
SQUARE_WAYS: list[tuple[list[int], Tags]] = [
    ([1, 2, 3], {"highway": "residential"}),
    ([3, 4, 1], {"highway": "footway", "oneway:foot": "yes"}),
    ([2, 5], {"highway": "service", "access": "private"}),
    ([6, 7], {"highway": "path"}),
]


def write_osm(path: Path, nodes: dict[int, tuple[float, float]], ways: list[tuple[list[int], Tags]]) -> Path:
    with osmium.SimpleWriter(str(path)) as writer:
        for node, position in nodes.items():
            writer.add_node(osmium.osm.mutable.Node(id=node, location=position))
        for way, (refs, tags) in enumerate(ways):
            writer.add_way(osmium.osm.mutable.Way(id=way + 1, nodes=refs, tags=tags))
    return path


def walks(streets: StreetNetwork) -> set[tuple[tuple[float, float], tuple[float, float]]]:
    """Every direction of every segment that may be walked, as positions."""
    at = [(round(float(x), 6), round(float(y), 6)) for x, y in zip(streets.node_lon, streets.node_lat, strict=True)]
    found = set()
    for k, (a, b) in enumerate(zip(streets.segment_start, streets.segment_end, strict=True)):
        found |= {(at[a], at[b])} if np.isfinite(streets.forward_m[k]) else set()
        found |= {(at[b], at[a])} if np.isfinite(streets.backward_m[k]) else set()
    return found


@pytest.mark.parametrize("name", ["square.osm.pbf", "square.pbf", "square.osm"])
def test_an_osm_file_becomes_its_walkable_segments(tmp_path: Path, name: str) -> None:
    streets = read_streets(write_osm(tmp_path / name, SQUARE_NODES, SQUARE_WAYS))
    one, two, three, four, five, six, seven = SQUARE_NODES.values()
    both = {(one, two), (two, three), (two, five), (six, seven)}
    assert walks(streets) == {*both, *((b, a) for a, b in both), (three, four), (four, one)}
    # 0.001 degrees at the equator: 111.32 m of longitude, 110.57 m of latitude
    assert sorted(streets.segment_m) == pytest.approx([110.57, 110.57, 111.32, 111.32, 111.32, 111.32], abs=0.01)
    (drive,) = np.flatnonzero(streets.local_way)
    assert streets.node_lon[[streets.segment_start[drive], streets.segment_end[drive]]].tolist() == [two[0], five[0]]


def test_neighbouring_extracts_are_joined_and_a_way_of_both_counts_once(tmp_path: Path) -> None:
    """The second has the first way too, and one that goes on from its end: as extracts of neighbouring areas do."""
    first = write_osm(tmp_path / "first.osm.pbf", SQUARE_NODES, SQUARE_WAYS[:1])
    nodes = {**SQUARE_NODES, 8: (0.002, 0.001)}
    second = write_osm(tmp_path / "second.osm.pbf", nodes, [*SQUARE_WAYS[:1], ([3, 8], {"highway": "path"})])
    streets = read_streets(first, second)
    one, two, three, eight = (nodes[node] for node in (1, 2, 3, 8))
    both = {(one, two), (two, three), (three, eight)}
    assert walks(streets) == {*both, *((b, a) for a, b in both)}
    assert streets.component.tolist() == [0] * 4
    assert streets.repairs == ()


def test_a_newer_version_in_a_neighbouring_extract_counts_and_is_said(tmp_path: Path) -> None:
    write_osm(tmp_path / "old.osm", SQUARE_NODES, SQUARE_WAYS[:1])
    old = (tmp_path / "old.osm").read_text(encoding="utf-8")
    (tmp_path / "new.osm").write_text(
        old.replace('<way id="1"', '<way id="1" version="2"').replace('"residential"', '"motorway"'), encoding="utf-8"
    )
    write_osm(tmp_path / "more.osm", SQUARE_NODES, [([1, 2], {"building": "yes"}), ([3, 4], {"highway": "path"})])
    streets = read_streets(tmp_path / "old.osm", tmp_path / "new.osm", tmp_path / "more.osm")
    assert len(streets.segment_m) == 1
    (repair,) = streets.repairs
    assert (repair.code, repair.sample) == ("street_versions", ("1",))


def test_a_graph_cant_be_joined_to_other_files(tmp_path: Path) -> None:
    first = write_osm(tmp_path / "first.osm.pbf", SQUARE_NODES, SQUARE_WAYS)
    (tmp_path / "graph.graphml").write_text("<graphml/>", encoding="utf-8")
    with pytest.raises(StreetsError, match=r"graph\.graphml: a \.graphml file can't be joined to others"):
        read_streets(first, tmp_path / "graph.graphml")


def test_islands_are_counted_and_the_largest_piece_comes_first(tmp_path: Path) -> None:
    streets = read_streets(write_osm(tmp_path / "square.osm.pbf", SQUARE_NODES, SQUARE_WAYS))
    assert np.bincount(streets.component).tolist() == [5, 2]
    (repair,) = streets.repairs
    assert (repair.code, repair.count, repair.total) == ("street_islands", 1, 2)
    assert repair.sample == ("0.00000,0.01000",)
    assert f"fewer than {MIN_COMPONENT_NODES} nodes" in repair.effect


def test_nodes_outside_the_extract_cut_the_way_and_are_counted(tmp_path: Path) -> None:
    nodes = {node: at for node, at in SQUARE_NODES.items() if node <= 3}
    streets = read_streets(
        write_osm(
            tmp_path / "cut.osm.pbf", nodes, [([1, 2, 99, 3], {"highway": "path"}), ([2, 3], {"highway": "path"})]
        )
    )
    assert len(streets.segment_m) == 2
    (repair,) = streets.repairs
    assert (repair.code, repair.count, repair.total, repair.sample) == ("street_nodes_missing", 1, 6, ("99",))


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(StreetsFileNotFoundError, match=r"nowhere\.osm\.pbf: no such street file"):
        read_streets(Path("nowhere.osm.pbf"))


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "streets.shp").write_bytes(b"")
    with pytest.raises(StreetsError, match=r"end in \.pbf, \.osm, .*, \.graphml, not '\.shp'"):
        read_streets(tmp_path / "streets.shp")


@pytest.mark.parametrize("content", [b"", b"not a pbf at all", b"PK\x03\x04 a zip"])
def test_a_broken_pbf_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.osm.pbf").write_bytes(content)
    with pytest.raises(StreetsError, match=r"broken\.osm\.pbf: (not a readable OSM file|no walkable street)"):
        read_streets(tmp_path / "broken.osm.pbf")


def test_a_file_without_streets_says_so(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "houses.osm.pbf", SQUARE_NODES, [([1, 2, 3, 1], {"building": "yes"})])
    with pytest.raises(StreetsError, match=r"houses\.osm\.pbf: no walkable street"):
        read_streets(path)


def graph_of(*edges: tuple[int, int, dict[str, Any]]) -> "nx.MultiDiGraph[Any]":
    """An osmnx graph on the nodes of the square."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(crs="epsg:4326")
    for node, (x, y) in SQUARE_NODES.items():
        graph.add_node(node, x=x, y=y)
    for u, v, data in edges:
        graph.add_edge(u, v, **data)
    return graph


def test_a_graph_for_cars_is_walked_both_ways_and_only_where_allowed() -> None:
    graph = graph_of(
        (1, 2, {"highway": "residential", "oneway": True, "length": 120.0}),
        (2, 3, {"highway": ["residential", "motorway"], "length": 110.0}),
        (3, 4, {"highway": ["residential", "steps"], "length": 130.0}),
        (4, 1, {"length": 90.0}),
    )
    streets = streets_from_graph(graph)
    one, two, three, four = (SQUARE_NODES[node] for node in (1, 2, 3, 4))
    both = {(one, two), (three, four), (four, one)}
    assert walks(streets) == both | {(b, a) for a, b in both}
    assert sorted(streets.segment_m) == pytest.approx([90, 120, 130])


def test_the_two_directions_of_an_edge_are_one_street_along_its_geometry() -> None:
    bend = (0.0005, 0.0005)
    line = LineString([SQUARE_NODES[1], bend, SQUARE_NODES[2]])
    there = {"highway": "footway", "length": 200.0, "geometry": line, "reversed": False}
    back = {**there, "geometry": line.reverse(), "reversed": True}
    streets = streets_from_graph(graph_of((1, 2, there), (2, 1, back)))
    assert len(streets.segment_m) == 2
    assert streets.segment_m == pytest.approx([100, 100])
    assert walks(streets) == {
        (SQUARE_NODES[1], bend),
        (bend, SQUARE_NODES[2]),
        (SQUARE_NODES[2], bend),
        (bend, SQUARE_NODES[1]),
    }


def test_a_one_way_path_stays_one_way_in_the_reversed_edge() -> None:
    tags = {"highway": "steps", "conveying": "forward", "length": 100.0}
    streets = streets_from_graph(graph_of((1, 2, {**tags, "reversed": False}), (2, 1, {**tags, "reversed": True})))
    assert walks(streets) == {(SQUARE_NODES[1], SQUARE_NODES[2])}


def test_a_graphml_file_gives_the_same_streets_as_its_graph(tmp_path: Path) -> None:
    line = LineString([SQUARE_NODES[1], (0.0005, 0.0005), SQUARE_NODES[2]])
    graph = graph_of((1, 2, {"highway": "footway", "length": 200.0, "geometry": line}), (2, 3, {"length": 111.0}))
    osmnx.save_graphml(graph, tmp_path / "streets.graphml")
    read, given = read_streets(tmp_path / "streets.graphml"), streets_from_graph(graph)
    assert walks(read) == walks(given)
    assert read.segment_m == pytest.approx(given.segment_m)


def test_a_projected_graph_is_refused_with_the_way_out() -> None:
    graph = graph_of((1, 2, {"length": 1.0}))
    graph.graph["crs"] = "EPSG:27700"
    with pytest.raises(StreetsError, match=r"epsg:27700, expected WGS84.*to_latlong=True"):
        streets_from_graph(graph)


def test_a_graph_without_positions_or_streets_is_refused() -> None:
    graph = graph_of((1, 2, {"length": 1.0}))
    graph.add_edge(2, 8, length=5.0)
    with pytest.raises(StreetsError, match=r"1 nodes of the street graph have no x and y, first 8"):
        streets_from_graph(graph)
    with pytest.raises(StreetsError, match="no walkable street"):
        streets_from_graph(graph_of())


@pytest.mark.parametrize("content", ["", "<x>", "<graphml></graphml>", '{"nodes": []}'])
def test_a_broken_graphml_is_one_clear_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "broken.graphml").write_text(content)
    with pytest.raises(StreetsError, match=r"broken\.graphml: not a GraphML file saved by osmnx"):
        read_streets(tmp_path / "broken.graphml")


def test_a_place_name_without_internet_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object, **__: object) -> None:
        raise ConnectionError("no route to host")

    monkeypatch.setattr(osmnx, "graph_from_place", offline)
    with pytest.raises(StreetsError, match="'Walsall' can't be downloaded: no connection"):
        streets_from_place("Walsall")


def test_a_place_name_gives_the_streets_of_its_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graph_of((1, 2, {"highway": "footway", "length": 200.0}))
    monkeypatch.setattr(osmnx, "graph_from_place", lambda *_, **__: graph)
    assert streets_from_place("Walsall").segment_m == pytest.approx([200])


def test_slope_follows_tobler_relative_to_the_flat() -> None:
    # edges of 100 m; Tobler's pace is least at 5 % down, so 10 % down is as fast as the flat
    length = {"length": 100.0}
    flat = streets_from_graph(graph_of((1, 2, length), (2, 3, length), (3, 4, length)))
    hilly = with_slope(flat, np.array([0.0, 5.0, 15.0, 15.0]))
    assert hilly.segment_m == pytest.approx([100, 100, 100])
    assert hilly.forward_m == pytest.approx([100 * np.exp(3.5 * 0.05), 100 * np.exp(3.5 * 0.10), 100])
    assert hilly.backward_m == pytest.approx([100 * np.exp(-3.5 * 0.05), 100, 100])
    assert with_slope(flat, np.full(4, 80.0)).forward_m == pytest.approx(flat.forward_m)


def test_unknown_elevations_are_flat_and_noise_is_cut_and_both_are_counted() -> None:
    length = {"length": 10.0}
    streets = streets_from_graph(graph_of((1, 2, length), (2, 3, length), (3, 4, length)))
    hilly = with_slope(streets, np.array([np.nan, 0.0, 50.0, 50.0]))
    assert hilly.forward_m == pytest.approx([10, 10 * np.exp(3.5 * MAX_GRADE), 10])
    assert [(r.code, r.count, r.total) for r in hilly.repairs] == [
        ("street_elevation_unknown", 1, 3),
        ("street_grade_cut", 1, 3),
    ]


def test_a_one_way_path_stays_one_way_on_a_hill() -> None:
    steps = {"highway": "steps", "conveying": "forward", "length": 50.0}
    hilly = with_slope(streets_from_graph(graph_of((1, 2, steps))), np.array([0.0, 10.0]))
    assert np.isfinite(hilly.forward_m).all() and np.isinf(hilly.backward_m).all()


def test_elevations_must_match_the_nodes() -> None:
    streets = streets_from_graph(graph_of((1, 2, {"length": 50.0})))
    with pytest.raises(StreetsError, match=r"one per street node \(2\), got shape \(3,\)"):
        with_slope(streets, np.zeros(3))


@pytest.mark.parametrize(
    "name", ["porto_alegre/poa_osm.pbf", "newport/newport-2023-06-13.osm.pbf", "sao_paulo/spo_osm.pbf"]
)
def test_the_main_piece_of_a_real_town_holds_nearly_all_its_streets(name: str) -> None:
    if not (DATA / name).exists():
        pytest.skip(f"{name} is not in ../shared/data")
    streets = read_streets(DATA / name)
    size = np.bincount(streets.component)
    assert size[0] / size.sum() > 0.95
    assert (np.diff(size) <= 0).all()
    (islands,) = (repair for repair in streets.repairs if repair.code == "street_islands")
    assert islands.count == (size < MIN_COMPONENT_NODES).sum()
