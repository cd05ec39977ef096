"""What a base map draws of a street file, compared with a slow reading of the same XML, object by object."""

import random
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

import osmium
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from accessibility import AccessibilityError, BaseFeatures, read_base_map

EVERYWHERE = (-180.0, -90.0, 180.0, 90.0)
# Tags of each kind of way -> what they are on a map, written out by hand.
LINES = {
    ("highway", "motorway"): ("road", "motorway"),
    ("highway", "motorway_link"): ("road", "motorway"),
    ("highway", "trunk"): ("road", "trunk"),
    ("highway", "primary"): ("road", "primary"),
    ("highway", "secondary_link"): ("road", "secondary"),
    ("highway", "tertiary"): ("road", "tertiary"),
    ("highway", "residential"): ("road", "local"),
    ("highway", "unclassified"): ("road", "local"),
    ("railway", "rail"): ("rail", "rail"),
    ("railway", "tram"): ("rail", "light_rail"),
    ("waterway", "river"): ("water", "river"),
    ("waterway", "canal"): ("water", "canal"),
    ("highway", "footway"): None,
    ("railway", "razed"): None,
    ("waterway", "ditch"): None,
}
AREAS = {
    ("natural", "water"): ("water", "water"),
    ("landuse", "reservoir"): ("water", "water"),
    ("leisure", "park"): ("green", "park"),
    ("landuse", "cemetery"): ("green", "park"),
    ("landuse", "forest"): ("green", "wood"),
    ("natural", "wood"): ("green", "wood"),
    ("landuse", "residential"): ("built_up", "built_up"),
    ("landuse", "industrial"): ("built_up", "built_up"),
    ("landuse", "farmland"): None,
    ("leisure", "pitch"): None,
}
PLACES = {
    ("place", "city"): ("place", "city"),
    ("place", "village"): ("place", "village"),
    ("place", "hamlet"): None,
}


def element(kind: str, ident: int, tags: dict[str, str], inner: str = "", attributes: str = "") -> str:
    said = "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
    return f'<{kind} id="{ident}" version="1" {attributes}>{inner}{said}</{kind}>'


def node(ident: int, lon: float, lat: float, tags: dict[str, str] | None = None) -> str:
    return element("node", ident, tags or {}, attributes=f'lon="{lon:.7f}" lat="{lat:.7f}"')


def way(ident: int, nodes: list[int], tags: dict[str, str]) -> str:
    return element("way", ident, tags, "".join(f'<nd ref="{one}"/>' for one in nodes))


def ring(first: int, lon: float, lat: float, side: float) -> tuple[list[str], list[int]]:
    """The nodes of a square and the ids of a closed way round it."""
    corners = [(lon, lat), (lon + side, lat), (lon + side, lat + side), (lon, lat + side)]
    ids = [first + number for number in range(4)]
    return [node(one, *at) for one, at in zip(ids, corners, strict=True)], [*ids, first]


def written(folder: Path, *objects: str) -> Path:
    """An OSM file: nodes, then ways, then relations, as the format wants them."""
    ordered = sorted(objects, key=lambda one: ["<node", "<way ", "<rela"].index(one[:5]))
    file = folder / "map.osm"
    file.write_text(f'<osm version="0.6">{"".join(ordered)}</osm>', encoding="utf-8")
    return file


def random_file(folder: Path, seed: int) -> Path:
    """Places, lines and squares with random tags, and a multipolygon with a hole for every third square."""
    draw, objects, ident = random.Random(seed), [], 0
    kinds = [*LINES] * 2 + [*AREAS] * 2 + [*PLACES]
    for key, value in draw.sample(kinds, len(kinds)):
        ident += 100
        lon, lat = draw.uniform(-3, -2), draw.uniform(51, 52)
        tags = {key: value, "name": f"N{ident}"}
        if (key, value) in PLACES:
            objects.append(node(ident, lon, lat, tags))
        elif (key, value) in LINES:
            ends = [
                (lon + draw.uniform(-0.01, 0.01), lat + draw.uniform(-0.01, 0.01)) for _ in range(draw.randint(2, 5))
            ]
            objects += [node(ident + number, *at) for number, at in enumerate(ends)]
            objects.append(way(ident, [ident + number for number in range(len(ends))], tags))
        else:
            objects += square(ident, lon, lat, tags, holed=draw.random() < 0.5)
    return written(folder, *objects)


def square(ident: int, lon: float, lat: float, tags: dict[str, str], *, holed: bool) -> list[str]:
    """A square as a closed way, or as a multipolygon with a square hole."""
    outer_nodes, outer = ring(ident, lon, lat, 0.01)
    if not holed:
        return [*outer_nodes, way(ident, outer, tags)]
    inner_nodes, inner = ring(ident + 10, lon + 0.002, lat + 0.002, 0.003)
    members = f'<member type="way" ref="{ident}" role="outer"/><member type="way" ref="{ident + 10}" role="inner"/>'
    relation = element("relation", ident, {"type": "multipolygon", **tags}, members)
    return [*outer_nodes, *inner_nodes, way(ident, outer, {}), way(ident + 10, inner, {}), relation]


def slowly_read(file: Path) -> Iterator[tuple[tuple[str, str, str], BaseGeometry]]:
    """The features of a file, from its XML."""
    root = ElementTree.parse(file).getroot()
    spots = {one.get("id"): (float(one.get("lon", 0)), float(one.get("lat", 0))) for one in root.iter("node")}
    chains = {one.get("id"): [spots[nd.get("ref")] for nd in one.iter("nd")] for one in root.iter("way")}
    for one in root:
        tags = {tag.get("k", ""): tag.get("v", "") for tag in one.iter("tag")}
        for of in (LINES, AREAS, PLACES):
            found = next((of[pair] for pair in tags.items() if of.get(pair)), None)
            if found is None:
                continue
            if one.tag == "node":
                shape: BaseGeometry = shapely.Point(spots[one.get("id")])
            elif of is LINES:
                shape = shapely.LineString(chains[one.get("id")])
            elif one.tag == "way":
                shape = shapely.Polygon(chains[one.get("id")])
            else:
                outer, inner = (chains[member.get("ref")] for member in one.iter("member"))
                shape = shapely.Polygon(outer, [inner])
            yield (*found, tags.get("name", "")), shape


def features(read: BaseFeatures) -> list[tuple[tuple[str, str, str], BaseGeometry]]:
    return [(tuple(facts), shape) for facts, shape in zip(read.facts, read.shapes, strict=True)]


@pytest.mark.parametrize("seed", range(3))
def test_a_file_is_read_as_its_xml_says(tmp_path: Path, seed: int) -> None:
    file = random_file(tmp_path, seed)
    expected, found = (
        sorted(slowly_read(file), key=lambda one: one[0]),
        sorted(features(read_base_map(file, bounds=EVERYWHERE)), key=lambda one: one[0]),
    )
    assert [facts for facts, _ in found] == [facts for facts, _ in expected]
    for (_, one), (_, other) in zip(found, expected, strict=True):
        assert one.hausdorff_distance(other) < 1e-6
        assert one.area == pytest.approx(other.area, abs=1e-9)


def test_pbf_and_xml_hold_the_same_and_two_files_count_an_object_once(tmp_path: Path) -> None:
    xml = random_file(tmp_path, 5)
    pbf = tmp_path / "map.osm.pbf"
    with osmium.SimpleWriter(str(pbf)) as writer:
        for one in osmium.FileProcessor(str(xml)):
            writer.add(one)
    once, both = read_base_map(xml, bounds=EVERYWHERE), read_base_map(pbf, xml, bounds=EVERYWHERE)
    assert sorted(once.facts) == sorted(both.facts)


def test_only_what_touches_the_bounds_is_kept(tmp_path: Path) -> None:
    near, far = (
        node(1, -2.5, 51.5, {"place": "town", "name": "Near"}),
        node(2, -1.0, 51.5, {"place": "town", "name": "Far"}),
    )
    across = [node(3, -3.0, 51.5), node(4, -2.0, 51.5), way(3, [3, 4], {"railway": "rail"})]
    read = read_base_map(written(tmp_path, near, far, *across), bounds=(-2.6, 51.4, -2.4, 51.6))
    assert sorted(read.facts) == [("place", "town", "Near"), ("rail", "rail", "")]


def test_main_roads_are_called_by_their_number_and_what_lies_under_ground_is_left_out(tmp_path: Path) -> None:
    ends = [node(1, -2.5, 51.5), node(2, -2.4, 51.5)]
    tags = [
        {"highway": "primary", "ref": "A34", "name": "Walsall Road"},
        {"highway": "tertiary", "ref": "C7", "name": "Mill\x85 Lane"},
        {"railway": "rail", "service": "siding"},
        {"waterway": "river", "tunnel": "culvert"},
        {"highway": "residential", "area": "yes"},
    ]
    ways = [way(number, [1, 2], one) for number, one in enumerate(tags, 1)]
    read = read_base_map(written(tmp_path, *ends, *ways), bounds=EVERYWHERE)
    assert sorted(read.facts) == [("road", "primary", "A34"), ("road", "tertiary", "Mill\ufffd Lane")]


def test_what_cannot_be_drawn_is_left_out(tmp_path: Path) -> None:
    nodes = [node(1, -2.5, 51.5), node(2, -2.4, 51.5), node(3, -2.4, 51.6), node(9, -2.4, 51.7, {"place": "town"})]
    broken = [
        way(1, [1], {"highway": "primary"}),
        way(2, [7, 8], {"highway": "primary"}),  # nodes that the file doesn't have
        way(3, [1, 2, 3], {"natural": "water"}),  # not closed
        way(4, [1, 1, 1, 1], {"natural": "water"}),
        way(5, [1, 2], {"highway": "primary"}).replace("<way ", '<way visible="false" '),
    ]
    good = way(6, [1, 2], {"highway": "trunk"})
    assert read_base_map(written(tmp_path, *nodes, *broken, good), bounds=EVERYWHERE).facts == [("road", "trunk", "")]


def test_a_file_without_any_of_it_gives_nothing_and_a_damaged_one_says_so(tmp_path: Path) -> None:
    nothing = read_base_map(written(tmp_path, node(1, -2.5, 51.5)), bounds=EVERYWHERE)
    assert nothing.facts == [] and len(nothing.shapes) == 0
    damaged = tmp_path / "cut.osm.pbf"
    damaged.write_bytes(b"\x00\x00\x00\x0d\x0a\x09OSMHeader")
    with pytest.raises(AccessibilityError, match=r"cut.osm.pbf: not a readable OSM file"):
        read_base_map(damaged, bounds=EVERYWHERE)
