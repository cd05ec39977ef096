"""The base map of the page: its shapes as texts, read back slowly, and the page in a real browser."""

import dataclasses
import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from playwright.sync_api import Page

from maps.base_map import LOOKS, WATER_COLOUR
from maps.web.base_data import LETTERS, STEP, encode_base, kinds_in_words, packed_parts
from maps.web.content import MapContent, Tiles
from maps.web.geometry import UNITS_PER_DEGREE
from maps.web.page_data import encode
from maps.web.write import draw_map
from tests.maps.browser import Open, violations, wait_until
from tests.maps.conftest import HOSTILE, SIDE, SOUTH, WEST, region_layers

ORIGIN = (-190_000, 5_250_000)
START = np.array([-1.9, 52.5])
LIGHT_BYTES_A_CORNER = 5
# How many pairs of a road's number with another one or with a name overlap.
OVERLAPPING = """(() => {
  const names = [...document.querySelectorAll('#first-pane .name, #first-pane .road-number')];
  const boxes = names.map((each) => each.getBoundingClientRect());
  const clash = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return boxes.flatMap((a, at) => boxes.slice(at + 1).filter((b) => clash(a, b))).length;
})()"""


def numbers(text: str) -> list[int]:
    """The numbers of a text, one letter after the other."""
    found, value, bits = [], 0, 0
    for letter in text:
        digit = LETTERS.index(letter)
        value += (digit % 32) << bits
        bits += 5
        if digit < 32:
            found.append(-(value + 1) // 2 if value % 2 else value // 2)
            value, bits = 0, 0
    return found


def slowly_unpacked(text: str) -> list[list[tuple[int, int]]]:
    """The corners of each line in steps from the origin."""
    left, x, y, parts = numbers(text), 0, 0, []
    while left:
        count, left = left[0], left[1:]
        part = []
        for _ in range(count):
            x, y, left = x + left[0], y + left[1], left[2:]
            part.append((x, y))
        parts.append(part)
    return parts


def in_steps(line: shapely.Geometry) -> list[tuple[int, int]]:
    """The corners of a line in steps, without those that fall on the one before."""
    steps = [
        tuple(round(float(value) * UNITS_PER_DEGREE - start) // 1 for value, start in zip(corner, ORIGIN, strict=True))
        for corner in shapely.get_coordinates(line)
    ]
    rounded = [(int(np.rint(x / STEP)), int(np.rint(y / STEP))) for x, y in steps]
    return [one for at, one in enumerate(rounded) if at == 0 or one != rounded[at - 1]]


@pytest.mark.parametrize("seed", range(4))
def test_packed_lines_are_read_back_to_within_a_step(seed: int) -> None:
    draw = np.random.default_rng(seed)
    lines = np.array([
        shapely.LineString(np.cumsum(draw.normal(0, 10.0 ** -draw.integers(1, 5), (count, 2)), axis=0) + START)
        for count in draw.integers(2, 30, 20)
    ])  # fmt: skip
    read, expected = slowly_unpacked(packed_parts(lines, ORIGIN)), [in_steps(line) for line in lines]
    expected = [line for line in expected if len(line) > 1]
    assert [len(line) for line in read] == pytest.approx([len(line) for line in expected], abs=2)
    for found, line in zip(read, expected, strict=True):
        assert shapely.LineString(found).hausdorff_distance(shapely.LineString(line)) <= 2


def test_holes_run_the_other_way_round_and_points_that_fall_together_are_left_out() -> None:
    holed = shapely.box(-1.9, 52.5, -1.8, 52.6).difference(shapely.box(-1.86, 52.54, -1.84, 52.56))
    outer, hole = (shapely.LinearRing(part) for part in slowly_unpacked(packed_parts(np.array([holed]), ORIGIN)))
    assert (outer.is_ccw, hole.is_ccw) == (True, False)
    dot = shapely.LineString([(-1.9, 52.5), (-1.9, 52.500001)])
    assert packed_parts(np.array([dot]), ORIGIN) == ""
    assert packed_parts(np.array([], dtype=object), ORIGIN) == ""


def test_the_texts_need_no_escape_and_are_short(content: MapContent) -> None:
    along = np.linspace(0, 1, 2000)
    wave = shapely.LineString(np.column_stack([-1.9 + along, 52.5 + 0.01 * np.sin(40 * along)]))
    text = packed_parts(np.array([wave]), ORIGIN)
    assert len(text) < LIGHT_BYTES_A_CORNER * 2000
    assert json.dumps(text) == f'"{text}"'
    (layer,) = (one for one in encode(content)["layers"] if one["id"] == "base_map")
    assert "Mirrored" not in json.dumps(layer)  # names of roads and parks are not in the page


def test_classes_are_drawn_areas_first_and_the_most_important_road_last() -> None:
    rows = [(kind, class_) for kind, class_ in LOOKS if kind != "place"]
    shapes = [
        shapely.box(-1.9, 52.5, -1.8, 52.6) if LOOKS[row].shape == "area" else shapely.LineString([(-1.9, 52.5), (-1.8, 52.6)])
        for row in rows
    ]  # fmt: skip
    frame = gpd.GeoDataFrame(rows, columns=["kind", "class"], geometry=shapes, crs="EPSG:4326")
    encoded = encode_base(frame, ORIGIN)
    drawn = [(one["kind"], one["area"], one["fromZoom"]) for one in encoded["classes"]]
    assert len(drawn) == len(rows)
    assert [area for _, area, _ in drawn] == sorted((area for _, area, _ in drawn), reverse=True)
    roads = [zoom for kind, _, zoom in drawn if kind == "road"]
    assert roads == sorted(roads, reverse=True)
    assert kinds_in_words(frame) == "Roads, rail, water, green space and built-up land"
    assert kinds_in_words(frame[frame["kind"] == "water"]) == "Water"


def test_numbers_of_roads_stand_on_them_a_kilometre_apart_and_names_are_none(content: MapContent) -> None:
    ground = region_layers()["base_map"].to_crs("EPSG:4326")
    (road,) = encode_base(ground, ORIGIN)["numbers"]
    assert (road["words"], road["dark"], road["fromZoom"]) == ("A34", False, LOOKS["road", "primary"].number_zoom)
    spots = (np.cumsum(np.array(road["spots"]).reshape(-1, 2), axis=0) + np.array(ORIGIN)) / UNITS_PER_DEGREE
    line = ground.geometry.iloc[0]
    assert max(line.distance(point) for point in shapely.points(spots)) < 2 / UNITS_PER_DEGREE
    west, _, east, _ = line.bounds
    assert len(spots) == np.floor(east * 100) - np.floor(west * 100) + 1  # one in every hundredth of a degree


def test_without_tiles_one_can_go_no_nearer_than_shapes_are_true(content: MapContent) -> None:
    assert '"maxZoom": 16' in draw_map(content)
    online = Tiles("https://tiles.example.org/{z}/{x}/{y}.png", "Example")
    assert '"maxZoom": 18' in draw_map(dataclasses.replace(content, tiles=online))


def colour_at(page: Page, east: float, north: float) -> tuple[int, ...]:
    """What the canvases of the map show so many squares from the south-west corner: (red, green, blue), the topmost last."""
    lon, lat = (
        gpd.GeoSeries(gpd.points_from_xy([WEST + 1000 * east], [SOUTH + 1000 * north]), crs="EPSG:27700")
        .to_crs("EPSG:4326")
        .get_coordinates()
        .to_numpy()[0]
    )
    return tuple(
        page.evaluate(
            """([lat, lon]) => {
            const at = map_map.latLngToContainerPoint([lat, lon]).round();
            const frame = map_map.getContainer().getBoundingClientRect();
            let seen = [0, 0, 0];
            const levels = [...document.querySelectorAll('.leaflet-pane canvas')]
              .map((canvas) => [Number(getComputedStyle(canvas.parentElement).zIndex), canvas]).sort((a, b) => a[0] - b[0]);
            for (const [, canvas] of levels) {
              const box = canvas.getBoundingClientRect();
              const [x, y] = [frame.left + at.x - box.left, frame.top + at.y - box.top]
                .map((place, axis) => place * (axis ? canvas.height / box.height : canvas.width / box.width));
              const copy = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
              const pen = copy.getContext('2d', { willReadFrequently: true });
              pen.drawImage(canvas, -Math.round(x), -Math.round(y));
              const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
              seen = [red, green, blue].map((value, band) => value * alpha / 255 + seen[band] * (1 - alpha / 255));
            }
            return seen.map(Math.round);
        }""",
            [float(lat), float(lon)],
        )
    )


def test_the_base_map_is_drawn_and_switched_off_from_the_keyboard(open_map: Open, content: MapContent) -> None:
    with open_map("#by=centres&over=base_map") as seen:
        page = seen.page
        water = tuple(int(WATER_COLOUR[at : at + 2], 16) for at in (1, 3, 5))
        zone, hole, lake = colour_at(page, 5.5, 0.5), colour_at(page, 5.825, 0.825), colour_at(page, 5.75, 0.9)
        assert hole == pytest.approx(zone, abs=2)
        assert np.abs(np.array(lake) - water).max() < 30 < np.abs(np.array(zone) - water).max()
        assert seen.text("#map-base") == content.base_credit == f"Roads by {HOSTILE[1]}"
        assert seen.text("label[for=layer-base_map]") == "Roads, rail, water and green space"
        assert violations(page, "#layers") == [] == violations(page, "#map-section")
        assert seen.texts(".road-number")[1:] in (["A34"], ["A34", "A34"]), "300 pixels apart along six squares"
        assert page.evaluate(OVERLAPPING) == 0
        page.focus("#layer-base_map")
        page.keyboard.press("Space")
        wait_until(page, "location.hash.includes('over=none')")
        page.wait_for_timeout(100)
        assert colour_at(page, 5.75, 0.9) == pytest.approx(zone, abs=2)
        assert not page.locator("#map-base").is_visible()
        assert seen.texts(".road-number") == []


def test_the_page_reads_the_texts_as_they_were_written_and_shows_local_roads_near_only(open_map: Open) -> None:
    ground = region_layers()["base_map"].to_crs("EPSG:4326")
    with open_map("#by=centres&over=base_map") as seen:
        page = seen.page
        read = page.evaluate("planner.data.layerOf.get('base_map').classes.map((each) => each.parts)")
        boxes = [shapely.MultiPoint([(lon, lat) for part in parts for lat, lon in part]).bounds for parts in read]
        found, expected = (
            sorted(each, key=lambda box: box[1] + box[3]) for each in (boxes, ground.bounds.to_numpy().tolist())
        )
        assert np.abs(np.array(found) - np.array(expected)).max() < 5e-5
        drawn = "Object.values(map_map._layers).filter((each) => each.options.pane === 'base_over').length"
        far = page.evaluate(drawn)
        page.evaluate("map_map.setZoom(14, { animate: false })")
        assert page.evaluate(drawn) == far + 2  # the local road and its pale edge
        page.evaluate("map_map.setZoom(99, { animate: false })")
        assert page.evaluate("map_map.getZoom()") == 16
        assert len(read) == 5 < SIDE
