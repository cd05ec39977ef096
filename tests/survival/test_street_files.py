"""OSM files and heights as they are written: order, ids, positions, deleted objects, versions, names, scales.

The street of all tests leads from W to E, 800 m apart: way 10 goes round by N, 1,788 m, and way 11 is straight.
"""

import bz2
import gzip
from pathlib import Path

import numpy as np
import osmium
import pytest
import rasterio
from rasterio.transform import from_origin

from accessibility.errors import StreetsError
from accessibility.legs import Walk, points
from accessibility.streets.read import read_streets, street_legs
from accessibility.streets.squares import MOST_ENTRIES
from corridors.inputs.streets_cache import walkable_streets
from tests.support.case_table import CaseTable

W, N, E = (-1.95, 52.48), (-1.9441, 52.4872), (-1.9382, 52.48)
STRAIGHT_S, ROUND_S = 602, 1344  # at 4.8 km/h


def node(ident: int, at: tuple[float, float] | None, extra: str = "") -> str:
    where = f' lon="{at[0]}" lat="{at[1]}"' if at else ""
    return f'<node id="{ident}" version="1"{where} {extra}/>'


def way(ident: int, nodes: list[int], tags: str = "highway=footway", version: int = 1, extra: str = "") -> str:
    refs = "".join(f'<nd ref="{ref}"/>' for ref in nodes)
    pairs = "".join('<tag k="{}" v="{}"/>'.format(*tag.split("=")) for tag in tags.split())
    return f'<way id="{ident}" version="{version}" {extra}>{refs}{pairs}</way>'


NODES = node(1, W) + node(2, N) + node(3, E)
ROUND, STRAIGHT = way(10, [1, 2, 3], "highway=residential"), way(11, [1, 3])


def osm(content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6" generator="by hand">{content}</osm>'


def write(path: Path, content: str) -> Path:
    path.write_text(osm(content), encoding="utf-8")
    return path


def seconds(file: Path) -> int:
    """On foot from W to E."""
    legs = street_legs(read_streets(file), points(["W"], *_column(W)), points(["E"], *_column(E)), Walk(max_s=3600))
    return int(legs.seconds[0])


def _column(at: tuple[float, float]) -> tuple[list[float], list[float]]:
    return [at[0]], [at[1]]


def codes(file: Path) -> dict[str, int]:
    """What was repaired, and how often."""
    return {repair.code: repair.count for repair in read_streets(file).repairs}


def test_the_straight_way_is_the_control(tmp_path: Path) -> None:
    file = write(tmp_path / "s.osm", NODES + ROUND + STRAIGHT)
    assert seconds(file) == STRAIGHT_S
    assert seconds(write(file, NODES + ROUND)) == ROUND_S
    assert codes(file) == {}


def placed(ways: str) -> str:
    """The ways with the position of each node written beside its id."""
    for ident, (lon, lat) in enumerate((W, N, E), 1):
        ways = ways.replace(f'ref="{ident}"', f'ref="{ident}" lon="{lon}" lat="{lat}"')
    return ways


ORDERS = {
    "ways before nodes, as Overpass writes them": ROUND + STRAIGHT + NODES,
    "nodes between ways": ROUND + NODES + STRAIGHT,
    "a node twice": NODES + NODES + ROUND + STRAIGHT,
    "ids below zero": (NODES + ROUND + STRAIGHT).replace('id="', 'id="-').replace('ref="', 'ref="-'),
    "a new node in an old street": (NODES + ROUND + STRAIGHT)
    .replace('id="3"', 'id="-3"')
    .replace('ref="3"', 'ref="-3"'),
    "positions on the ways, no nodes (Overpass: out geom)": placed(ROUND + STRAIGHT),
}


@pytest.mark.parametrize("order", ORDERS)
def test_objects_in_any_order_with_any_ids_are_the_same_streets(tmp_path: Path, order: str, case: CaseTable) -> None:
    file = write(tmp_path / "s.osm", ORDERS[order])
    assert seconds(file) == STRAIGHT_S
    assert codes(file) == {}
    case.as_meant(80, f"streets: {order}", "the same streets as in the usual order")


def test_an_extract_with_positions_on_its_ways_needs_no_nodes(tmp_path: Path, case: CaseTable) -> None:
    plain = write(tmp_path / "s.osm", NODES + ROUND + STRAIGHT)
    file = tmp_path / "s.osm.pbf"
    with osmium.SimpleWriter(osmium.io.File(str(file), "pbf,locations_on_ways=true")) as writer:
        for item in osmium.FileProcessor(str(plain)).with_locations():
            if isinstance(item, osmium.osm.Way):
                writer.add_way(item)
    assert seconds(file) == STRAIGHT_S
    case.as_meant(80, "streets: a PBF with locations on ways", "the same streets as with nodes")


DELETED = {
    "action='delete' of JOSM": way(11, [1, 3], extra="action='delete'"),
    "visible='false'": way(11, [1, 3], extra="visible='false'"),
}


@pytest.mark.parametrize("form", ["osm", "osm.gz", "osm.bz2"])
def test_deleted_ways_are_not_walked_and_counted(tmp_path: Path, form: str, case: CaseTable) -> None:
    text = osm(NODES + ROUND + DELETED["action='delete' of JOSM"]).encode()
    file = tmp_path / f"s.{form}"
    file.write_bytes({"osm": bytes, "osm.gz": gzip.compress, "osm.bz2": bz2.compress}[form](text))
    assert seconds(file) == ROUND_S
    (repair,) = read_streets(file).repairs
    assert (repair.code, repair.count, repair.total, repair.sample) == ("street_ways_deleted", 1, 2, ("11",))
    case.warning(81, f"streets: a way deleted in JOSM, in a .{form}", repair.effect)


def test_opening_at_some_hours_is_counted_and_the_way_walked_at_all_hours(tmp_path: Path) -> None:
    text = (NODES + ROUND + way(11, [1, 3])).replace(
        '<tag k="highway"', '<tag k="foot:conditional" v="no @ (22:00-06:00)"/><tag k="highway"'
    )
    file = write(tmp_path / "s.osm", text)
    assert seconds(file) == STRAIGHT_S
    (repair,) = read_streets(file).repairs
    assert (repair.code, repair.count, repair.total) == ("street_opening_conditional", 2, 2)


@pytest.mark.parametrize(
    ("tags", "counted"),
    [
        ("route=ferry foot=yes", 1),
        ("route=ferry", 1),
        ("route=ferry foot=yes highway=footway", 1),
        ("route=ferry foot=no", 0),
        ("route=ferry access=no", 0),
        ("route=bicycle", 0),
    ],
)
def test_nobody_takes_a_ferry_of_which_the_map_gives_no_times(tmp_path: Path, tags: str, counted: int) -> None:
    file = write(tmp_path / "s.osm", NODES + ROUND + way(11, [1, 3], tags))
    assert seconds(file) == ROUND_S
    assert codes(file) == ({"street_ferries": counted} if counted else {})


def test_ways_that_are_no_longer_visible_are_not_walked(tmp_path: Path) -> None:
    assert seconds(write(tmp_path / "s.osm", NODES + ROUND + DELETED["visible='false'"])) == ROUND_S


def test_a_way_marked_as_modified_is_walked(tmp_path: Path) -> None:
    file = write(tmp_path / "s.osm", NODES + ROUND + way(11, [1, 3], extra="action='modify'"))
    assert seconds(file) == STRAIGHT_S and codes(file) == {}


VERSIONS = {
    "the newest is walked, an older one was not": (
        way(11, [1, 3], "building=yes") + way(11, [1, 3], version=2),
        602,
        0,
    ),
    "the newest is deleted": (way(11, [1, 3]) + '<way id="11" version="2" visible="false"/>', ROUND_S, 1),
    "the newest is no street any more": (way(11, [1, 3]) + way(11, [1, 3], "building=yes", version=2), ROUND_S, 1),
    "the newest stands first": (way(11, [1, 3], version=3) + way(11, [1, 2], version=2), STRAIGHT_S, 1),
    "two with one number: the later": (way(11, [1, 3]) + way(11, [1, 2]), ROUND_S, 1),
}


@pytest.mark.parametrize("name", ["s.osh", "s.OSM"])
@pytest.mark.parametrize("which", VERSIONS)
def test_of_several_versions_of_a_way_the_newest_counts(tmp_path: Path, which: str, name: str) -> None:
    ways, expected_s, replaced = VERSIONS[which]
    file = write(tmp_path / name, NODES + ROUND + ways)
    assert seconds(file) == expected_s
    assert codes(file).get("street_versions", 0) == replaced


def test_a_history_is_read_as_it_stands_now(tmp_path: Path, case: CaseTable) -> None:
    moved = node(3, (-1.9, 52.48)) + node(3, E).replace('version="1"', 'version="2"')
    file = write(tmp_path / "s.osh", node(1, W) + node(2, N) + moved + ROUND + STRAIGHT + way(11, [1, 3], version=2))
    assert seconds(file) == STRAIGHT_S
    (repair,) = read_streets(file).repairs
    case.warning(81, "streets: a history with several versions (.osh)", repair.effect)


@pytest.mark.parametrize("name", ["S.OSM", "s.osm.gz", "s.Osm.GZ", "s.osm.bz2", "s.osh", "S.PBF", "s.OSM.PBF"])
def test_endings_as_servers_write_them_are_read(tmp_path: Path, name: str, case: CaseTable) -> None:
    plain = write(tmp_path / "plain.osm", NODES + ROUND + STRAIGHT)
    file = tmp_path / name
    if name.lower().endswith("pbf"):
        with osmium.SimpleWriter(osmium.io.File(str(file), "pbf")) as writer:
            for item in osmium.FileProcessor(str(plain)):
                writer.add(item)
    else:
        pack = gzip.compress if name.lower().endswith("gz") else bz2.compress if name.endswith("bz2") else bytes
        file.write_bytes(pack(plain.read_bytes()))
    assert seconds(file) == STRAIGHT_S
    case.as_meant(82, f"streets named `{name}`", "read by its ending, in capitals or not")


def damaged(name: str) -> bytes:
    text = osm(NODES + ROUND).encode()
    packed = {
        "s.osm.gz": gzip.compress(text),
        "s.osm.bz2": bz2.compress(text),
        "s.osm": text,
        "s.osm.pbf": b"PK\x03\x04",
    }
    return packed[name][:-20] if name != "s.osm.pbf" else packed[name]


@pytest.mark.parametrize("name", ["s.osm", "s.osm.gz", "s.osm.bz2", "s.osm.pbf"])
def test_a_street_file_that_is_cut_short_is_one_clear_error(tmp_path: Path, name: str, case: CaseTable) -> None:
    (tmp_path / name).write_bytes(damaged(name))
    with pytest.raises(StreetsError, match=r"not a readable OSM file: it is damaged or cut short; expected an \.osm"):
        read_streets(tmp_path / name)
    case.error(82, f"a damaged {name}", _message(tmp_path / name))


def test_ways_without_any_of_their_nodes_are_said_to_be_so(tmp_path: Path, case: CaseTable) -> None:
    file = write(tmp_path / "s.osm", ROUND + STRAIGHT)
    with pytest.raises(StreetsError, match="2 walkable ways, but none of their nodes are in the file"):
        read_streets(file)
    case.error(80, "streets without nodes", _message(file))


def _message(file: Path) -> str:
    with pytest.raises(StreetsError) as error:
        read_streets(file)
    return str(error.value)


@pytest.mark.parametrize("form", ["osm", "osm.pbf"])
def test_nodes_whose_ids_do_not_ascend_keep_their_places(tmp_path: Path, form: str) -> None:
    plain, file = (
        write(tmp_path / "plain.osm", node(3, E) + node(1, W) + node(2, N) + ROUND + STRAIGHT),
        tmp_path / f"s.{form}",
    )
    with osmium.SimpleWriter(str(file)) as writer:
        for item in osmium.FileProcessor(str(plain)):
            writer.add(item)
    assert seconds(file) == STRAIGHT_S
    assert read_streets(file).repairs == ()


GATES = {
    "barrier=gate": True,
    "barrier=gate access=private": True,  # who lives behind it has the key
    "barrier=bollard": True,
    "barrier=gate locked=yes foot=yes": True,
    "locked=yes": True,  # no barrier
    "barrier=gate locked=yes": False,
    "barrier=gate access=no": False,
    "barrier=gate access=military": False,
    "barrier=lift_gate foot=no": False,
    "barrier=fence": False,
    "barrier=wall foot=designated": True,
}


@pytest.mark.parametrize(("tags", "passed"), GATES.items())
def test_nobody_walks_through_a_closed_barrier_on_a_node(tmp_path: Path, tags: str, passed: bool) -> None:
    """The gate stands half-way along way 11. Its two sides are still walked: the door is as far as before."""
    words = "".join('<tag k="{}" v="{}"/>'.format(*pair.split("=")) for pair in tags.split())
    gate = f'<node id="4" version="1" lat="52.48" lon="-1.9441">{words}</node>'
    file = write(tmp_path / "s.osm", NODES + gate + ROUND + way(11, [1, 4, 3]))
    assert seconds(file) == (STRAIGHT_S if passed else ROUND_S)
    streets = read_streets(file)
    assert (
        [repair.count for repair in streets.repairs if repair.code == "street_barriers_closed"] == [] if passed else [1]
    )
    assert len(streets.node_lon) == (4 if passed else 5)


def test_a_closed_gate_where_ways_meet_parts_all_of_them(tmp_path: Path) -> None:
    """Ways 11 and 12 meet at the gate only, and so do the two ends of nothing else."""
    gate = (
        '<node id="4" version="1" lat="52.48" lon="-1.9441"><tag k="barrier" v="gate"/><tag k="locked" v="yes"/></node>'
    )
    both = way(11, [1, 4]) + way(12, [4, 3])
    assert seconds(write(tmp_path / "s.osm", NODES + gate + ROUND + both)) == ROUND_S
    opened = gate.replace("locked", "note")
    assert seconds(write(tmp_path / "s.osm", NODES + opened + ROUND + both)) == STRAIGHT_S


AROUND = NODES + node(5, (-1.9441, 52.4728)) + node(6, (-1.951, 52.48)) + node(7, (-1.9372, 52.48))
TO_IT = way(12, [6, 1]) + way(
    13, [3, 7]
)  # ways that meet the square of nodes 1, 2, 3 and 5 at its western and eastern corner
SQUARE, AREA = [1, 2, 3, 5, 1], "highway=pedestrian area=yes"
IN_THE_MIDDLE = "".join(node(n, at) for n, at in enumerate([(-1.946, 52.479), (-1.942, 52.479), (-1.944, 52.482)], 20))
KIOSK = [20, 21, 22, 20]


def relation(members: str, tags: str) -> str:
    refs = "".join('<member type="way" ref="{}" role="{}"/>'.format(*one.split("=")) for one in members.split())
    pairs = "".join('<tag k="{}" v="{}"/>'.format(*tag.split("=")) for tag in ("type=multipolygon " + tags).split())
    return f'<relation id="1" version="1">{refs}{pairs}</relation>'


HALVES = way(31, [1, 2, 3], "note=north") + way(32, [3, 5, 1], "note=south")
SQUARES = {
    "a closed way with area=yes": (way(30, SQUARE, AREA), STRAIGHT_S),
    "a closed way that is no area": (way(30, SQUARE, "highway=pedestrian"), ROUND_S),
    "an area nobody may walk on": (ROUND + way(30, SQUARE, AREA + " foot=no"), ROUND_S),
    "a multipolygon of one way": (way(30, SQUARE, "note=square") + relation("30=outer", "highway=pedestrian"), STRAIGHT_S),
    "a multipolygon of two ways": (HALVES + relation("31=outer 32=outer", "highway=pedestrian"), STRAIGHT_S),
    "a kiosk stands in the middle": (
        HALVES + way(33, KIOSK, "building=yes") + relation("31=outer 32=outer 33=inner", "highway=pedestrian"), ROUND_S,
    ),
    "a part of it is not in the file": (ROUND + HALVES + relation("31=outer 99=outer", "highway=pedestrian"), ROUND_S),
    "a multipolygon that is a wood": (ROUND + HALVES + relation("31=outer 32=outer", "natural=wood"), ROUND_S),
}  # fmt: skip


@pytest.mark.parametrize(("ways", "expected"), SQUARES.values(), ids=SQUARES)
def test_squares_are_crossed_where_nothing_stands_between(tmp_path: Path, ways: str, expected: int) -> None:
    assert seconds(write(tmp_path / "s.osm", AROUND + IN_THE_MIDDLE + TO_IT + ways)) == expected


def test_a_square_is_crossed_from_way_to_way_only(tmp_path: Path) -> None:
    """Without the way that meets its eastern corner, nothing leads there but the outline."""
    file = write(tmp_path / "s.osm", AROUND + way(12, [6, 1]) + way(30, SQUARE, AREA))
    assert seconds(file) == ROUND_S


def test_of_a_square_with_very_many_ways_the_first_are_joined(tmp_path: Path) -> None:
    """A round square with 300 ways is not given 45,000 lines."""
    turns = np.linspace(0, 2 * np.pi, 301)[:300]
    spots = list(zip(-1.9441 + 0.004 * np.cos(turns), 52.48 + 0.0025 * np.sin(turns), strict=True))
    round_it = "".join(node(1000 + n, at) + node(2000 + n, (at[0], at[1] + 1e-5)) for n, at in enumerate(spots))
    ways = "".join(way(3000 + n, [1000 + n, 2000 + n]) for n in range(300))
    square = way(30, [*range(1000, 1300), 1000], AREA)
    streets = read_streets(write(tmp_path / "s.osm", round_it + ways + square))
    assert len(streets.segment_m) <= 300 + 300 + MOST_ENTRIES * (MOST_ENTRIES - 1) // 2


def test_a_canal_is_crossed_on_a_lock_gate_that_says_foot_yes(tmp_path: Path, case: CaseTable) -> None:
    """Way 11 over the gate is as good as a footway; without a word on `foot` it is closed."""
    file = write(tmp_path / "s.osm", NODES + ROUND + way(11, [1, 3], "waterway=lock_gate foot=yes"))
    assert seconds(file) == STRAIGHT_S
    assert seconds(write(file, NODES + ROUND + way(11, [1, 3], "waterway=lock_gate"))) == ROUND_S
    assert seconds(write(file, NODES + ROUND + way(11, [1, 3], "man_made=pier foot=yes"))) == STRAIGHT_S
    case.as_meant(83, "lock gates, weirs and piers with foot=yes", "walked; without a word on foot they are not")


def heights(folder: Path, name: str, dtype: str, scale: float) -> Path:
    """A slope that rises 40 m from W to E, in units of `scale` metres."""
    path = folder / name
    columns = 100 + 40 * np.clip((-1.96 + (np.arange(150) + 0.5) * 0.0002 - W[0]) / (E[0] - W[0]), 0, 1)
    cells = np.tile(np.rint(columns / scale), (100, 1)).astype(dtype)
    grid = from_origin(-1.96, 52.49, 0.0002, 0.0002)
    profile = {"driver": "GTiff", "count": 1, "crs": "EPSG:4326", "width": 150, "height": 100, "transform": grid}
    with rasterio.open(path, "w", dtype=dtype, **profile) as raster:
        raster.write(cells, 1)
        raster.scales = (scale,)
    return path


def test_heights_in_decimetres_with_a_scale_slope_as_those_in_metres(tmp_path: Path, case: CaseTable) -> None:
    """40 m up in 800 m is 5 %: exp(3.5 x 0.05) = 1.19 times the 602 s of the flat."""
    file = write(tmp_path / "s.osm", NODES + STRAIGHT)
    took_s = []
    for raster in (heights(tmp_path, "m.tif", "float64", 0.01), heights(tmp_path, "dm.tif", "int16", 0.1)):
        streets = walkable_streets(file, raster)
        assert streets is not None
        legs = street_legs(streets, points(["W"], *_column(W)), points(["E"], *_column(E)), Walk(max_s=3600))
        took_s.append(int(legs.seconds[0]))
    assert took_s == [pytest.approx(1.19 * STRAIGHT_S, abs=2)] * 2
    case.as_meant(
        84, "heights in whole decimetres with a scale of 0.1", "the same slopes as those of heights in metres"
    )
