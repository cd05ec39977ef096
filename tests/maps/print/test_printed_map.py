"""Printed maps and plots: same bytes each time, words inside, an alternative in words."""

import io
import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from maps.base_map import BaseMap
from maps.print import still_picture
from maps.print.bitmaps import png_with_palette, rasterised
from maps.print.plots import Reference, bars, lines, ranges, stacked, tornado
from maps.print.printed_map import Focus, Overlay, choropleth, flows
from maps.print.scale_bar import scale_bar_km
from maps.print.still_picture import (
    CAUTION_PT,
    PNG_DPI,
    TITLE_PT,
    Picture,
    Sheet,
    drawing_style,
    text_width_in,
    wrapped,
)
from maps.styles import minutes_scale, scale_for
from tests.maps.conftest import HOSTILE, SOUTH, WEST, at, region_layers

SHEET = Sheet("Minutes to a centre", "ILLUSTRATIVE: invented", "Source: nobody, 2026")


def written(drawn: Picture) -> str:
    """The words drawn in an SVG: matplotlib leaves each beside its outline as a comment."""
    return " ".join(re.findall(r"<!--(.*?)-->", drawn.content.decode(), flags=re.DOTALL))


def minutes_map(zones: gpd.GeoDataFrame) -> Picture:
    layers = region_layers()
    overlays = [
        Overlay(layers["corridors"], "Corridor", "lines"),
        Overlay(layers["centres"], "Centres", "points", "#111111", "name"),
        Overlay(layers["districts"], "Districts", "outlines", "#444444"),
    ]
    return choropleth(zones, "minutes", minutes_scale(45), SHEET, overlays)


def test_a_map_is_the_same_bytes_each_time(zones: gpd.GeoDataFrame) -> None:
    first, second = minutes_map(zones), minutes_map(zones)
    assert first.content == second.content
    assert first.bitmap == second.bitmap


def test_a_map_is_well_formed_svg_with_its_words_for_screen_readers(zones: gpd.GeoDataFrame) -> None:
    drawn = minutes_map(zones)
    root = ElementTree.fromstring(drawn.content)
    assert drawn.media_type == "image/svg+xml"
    assert drawn.suffix == ".svg"
    assert root.get("aria-label") == drawn.alt
    assert "date" not in drawn.content.decode().lower().split("<defs>")[0]


def test_the_alternative_counts_zones_by_class_and_names_the_unreachable(zones: gpd.GeoDataFrame) -> None:
    alt = minutes_map(zones).alt
    assert "36 zones by minutes: Up to 15 6 zones; Over 15 to 30 6 zones; Over 45 to 60 6 zones" in alt
    assert "Not reachable in time searched 6 zones" in alt
    assert "from 10.0 min to 90.0 min" in alt


def test_caution_source_and_legend_stand_inside_the_picture(zones: gpd.GeoDataFrame) -> None:
    words = written(minutes_map(zones))
    for expected in ("Minutes to a centre", "ILLUSTRATIVE", "Source: nobody", "Over 45 to 60", "Not reachable"):
        assert expected in words


def test_no_line_of_a_legend_runs_over_the_edge_of_the_sheet(zones: gpd.GeoDataFrame) -> None:
    saved = pd.Series(np.linspace(-40, 40, len(zones)), zones.index)
    scale = scale_for(saved, "change", "minutes saved on the way to the last centre that is needed")
    long = Overlay(region_layers()["corridors"], "Lines of the scenario,\n  straight from stop\n" + "W" * 60, "lines")
    with drawing_style():
        figure = choropleth(zones.assign(saved=saved), "saved", scale, SHEET, [long]).draw()
        FigureCanvasAgg(figure).draw()
        legend = figure.axes[0].get_legend()
        assert legend is not None
        labels = [text.get_text() for text in legend.get_texts()]
        drawn = [text.get_window_extent() for text in [*legend.get_texts(), legend.get_title()]]
        assert max(box.x1 for box in drawn) <= figure.get_window_extent().x1
    assert any("\n  straight from" in label for label in labels)


@pytest.mark.parametrize(("map_km", "bar_km"), [(50, 10), (15, 2), (6, 1), (0.3, 0.1)])
def test_the_scale_bar_is_the_longest_round_length_within_a_quarter_of_the_map(map_km: float, bar_km: float) -> None:
    assert scale_bar_km(1000 * map_km) == bar_km


def test_two_pictures_can_stand_on_one_page(zones: gpd.GeoDataFrame) -> None:
    """An id that nothing points to would only clash with the next picture's."""
    content = minutes_map(zones).content.decode()
    ids = re.findall(r' id="([^"]+)"', content)
    assert ids
    assert all(f"#{name}" in content for name in ids)


def test_missing_zones_are_hatched_not_only_coloured(zones: gpd.GeoDataFrame) -> None:
    assert b"<pattern" in minutes_map(zones).content
    assert b"<pattern" not in choropleth(zones, "centres", scale_for(zones["centres"], "reached"), SHEET).content


def test_a_heavy_map_becomes_a_bitmap(zones: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(still_picture, "SVG_LIMIT_BYTES", 1000)
    first, second = minutes_map(zones), minutes_map(zones)
    assert first.media_type == "image/png"
    assert first.content.startswith(b"\x89PNG")
    assert first.content == second.content


def test_hostile_names_are_drawn_as_they_are_written() -> None:
    spots = gpd.GeoSeries([shapely.Point(400_000, 290_000)] * len(HOSTILE), crs="EPSG:27700")
    names = gpd.GeoDataFrame({"name": list(HOSTILE)}, geometry=spots)
    zones = gpd.GeoDataFrame({"x": [1.0] * len(HOSTILE)}, geometry=spots.buffer(900))
    overlays = [Overlay(names, HOSTILE[0], "points", name_column="name")]
    drawn = choropleth(zones, "x", scale_for(zones["x"], "minutes"), SHEET, overlays)
    root = ElementTree.fromstring(drawn.content)
    assert not [part for part in root.iter() if part.tag.endswith("script")]
    assert HOSTILE[0] in "".join(unescape(written(drawn)).split())


def test_bars_tell_zero_from_missing() -> None:
    drawn = bars(pd.Series({"none": 0.0, "unknown": np.nan, "some": 0.25}), "share", "", SHEET)
    assert "none 0.0 %; unknown n/a; some 25.0 %" in drawn.alt
    assert "n/a" in written(drawn)


def test_bars_name_their_reference_value() -> None:
    drawn = bars(pd.Series({"a": 0.2}), "share", "", SHEET, Reference(0.41, "41 % published"))
    assert "41 % published" in written(drawn)
    assert drawn.alt.endswith("The dashed line marks 41 % published.")


def test_lines_say_where_each_curve_starts_and_ends() -> None:
    curves = pd.DataFrame({"north": [0.0, 0.5, 1.0], "south": [0.0, 0.1, 0.2]}, index=[0, 45, 90])
    drawn = lines(curves, "minutes", "share of people", SHEET, [Reference(45, "45 minutes")])
    assert "north goes from 0 to 1; south goes from 0 to 0.2" in drawn.alt
    assert "45 minutes" in written(drawn)


def test_stacked_shares_and_ranges_read_row_by_row() -> None:
    ranks = pd.DataFrame({"first": [0.7, 0.3], "second": [0.3, 0.7]}, index=["A", "B"])
    assert "A: first 70.0 %, second 30.0 %; B: first 30.0 %, second 70.0 %" in stacked(ranks, SHEET).alt
    spans = pd.DataFrame({"low": [0.1], "middle": [0.2], "high": [0.4]}, index=["walk limit"])
    assert "walk limit 20.0 % (10.0 % to 40.0 %)" in ranges(spans, "share", "", SHEET).alt


@pytest.mark.parametrize("parts", [2, 5, 6, 9])
def test_every_part_of_a_stacked_bar_has_a_colour_of_its_own(parts: int) -> None:
    """Six causes had five colours, and the last two could not be told apart."""

    def fills(n: int) -> set[bytes]:
        shares = pd.DataFrame({f"part {i}": [1 / n] for i in range(n)}, index=["A"])
        return set(re.findall(rb"fill: ?(#[0-9a-f]{6})", stacked(shares, SHEET).content))

    assert len(fills(parts) - fills(1)) >= parts - 1


@pytest.mark.parametrize("title", ["Short", "A very long title that has to be broken over lines " * 3])
def test_a_sheet_leaves_room_for_the_drawing(title: str) -> None:
    sheet = Sheet(title, "CAUTION: " + "words " * 40, "Source " * 20, height_in=3.0)
    assert sheet.foot + sheet.head < 0.75


@pytest.mark.parametrize("title", ["Greater Icknield to Smethwick: centres reached within 45 minutes " * 2, "W" * 300])
@pytest.mark.parametrize("width_in", [3.5, 7.0])
@pytest.mark.parametrize("dpi", [100, PNG_DPI])
def test_no_word_of_a_sheet_runs_over_its_edge(title: str, width_in: float, dpi: int) -> None:
    sheet = Sheet(title, title, title, width_in=width_in)
    with drawing_style():
        figure = still_picture.picture(sheet, "", lambda _: None).draw()
        figure.set(dpi=dpi)
        paper = figure.get_window_extent()
        for text in figure.texts:
            drawn = text.get_window_extent()
            assert paper.x0 <= drawn.x0 and drawn.x1 <= paper.x1


@pytest.mark.parametrize("bitmap_first", [True, False])
def test_a_picture_is_drawn_once_and_every_form_has_the_bytes_of_a_drawing_of_its_own(bitmap_first: bool) -> None:
    shares = pd.DataFrame({"car": [0.25, 0.5], "none": [0.75, 0.5]}, index=["Dudley", "Walsall"])
    once, drawn = stacked(shares, SHEET), []

    def draw() -> Figure:
        drawn.append(1)
        return once.draw()

    one = replace(once, draw=draw)
    forms = (one.bitmap, one.content, one.png(90)) if bitmap_first else (one.content, one.png(90), one.bitmap)
    alone = (stacked(shares, SHEET).bitmap, stacked(shares, SHEET).content, stacked(shares, SHEET).png(90))
    assert set(forms) == set(alone) and len(set(alone)) == 3
    assert len(drawn) == 1


@pytest.mark.parametrize("dpi", [72, 100, 150, PNG_DPI, 300])
def test_words_are_as_wide_at_every_resolution_as_they_were_measured(dpi: int) -> None:
    words = "SYNTHETIC TIMETABLE: not the services that run; do not plan a journey"
    with drawing_style():
        figure = still_picture.picture(Sheet("", words), "", lambda _: None).draw()
        figure.set(dpi=dpi)
        (drawn,) = [text for text in figure.texts if text.get_text() == words]
        bare = drawn.get_window_extent().width / dpi
    assert bare == pytest.approx(text_width_in(words, CAUTION_PT, bold=False), rel=0.02)


def test_every_tick_of_shares_is_named() -> None:
    spans = pd.DataFrame(
        {"low": [0.029, 0.161], "middle": [0.263, 0.263], "high": [0.94, 0.627]}, index=["few", "some"]
    )
    drawn = tornado(spans, "share", "", SHEET, Reference(0.263, "headline 26.3 %"))
    assert {"0 %", "20 %", "100 %"} <= set(re.findall(r"<!-- (.*?) -->", drawn.content.decode()))


@pytest.mark.parametrize("middle", [0.05, 0.49, 0.51, 0.95])
def test_the_words_of_a_reference_stay_on_the_sheet(middle: float) -> None:
    words = "this corridor, headline's definition 49.7 %"
    spans = pd.DataFrame({"low": [0.0], "middle": [middle], "high": [1.0]}, index=["a choice with a long name"])
    with drawing_style():
        figure = tornado(spans, "share", "", Sheet("T", "", width_in=7.0), Reference(middle, words)).draw()
        (drawn,) = [text for text in figure.axes[0].texts if text.get_text() == words]
        box = drawn.get_window_extent()
    assert 0 <= box.x0 < box.x1 <= figure.bbox.width


def test_words_break_between_and_keep_their_order() -> None:
    title = "Sandwell to Dudley: strategic centres reached within 45 minutes of the morning peak"
    lines = wrapped(title, 4.0, TITLE_PT, bold=True)
    assert len(lines) > 1
    assert " ".join(lines) == title


def test_a_palette_keeps_frequent_colours_exactly_and_takes_the_nearest_for_the_rest() -> None:
    cells = np.full((40, 40, 3), (255, 255, 255), np.uint8)
    cells[:20] = (8, 48, 107)
    cells[20, :, 0] = np.arange(40)  # forty colours
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png_with_palette(cells))).convert("RGB")), cells)
    many = np.random.default_rng(1).integers(0, 256, (40, 40, 3), np.uint8)  # some 1,600 colours
    many[:20] = (8, 48, 107)
    back = np.asarray(Image.open(io.BytesIO(png_with_palette(many))).convert("RGB"))
    assert (back[:20] == (8, 48, 107)).all()
    assert len(np.unique(back.reshape(-1, 3), axis=0)) == 256


def test_the_number_of_a_line_and_the_names_of_places_on_it_lie_on_no_other(zones: gpd.GeoDataFrame) -> None:
    """Towns stand along a corridor as they do in the region: one of them at its middle, where its number was written."""
    line = shapely.linestrings([[(400_500, 293_000), (405_500, 293_000)]])
    towns = shapely.points([(401_200, 293_000), (402_950, 292_960), (405_400, 293_050)])
    corridor = gpd.GeoDataFrame({"number": ["4"]}, geometry=line, crs="EPSG:27700")
    places = gpd.GeoDataFrame({"name": ["Bilston", "Wolverhampton", "Walsall"]}, geometry=towns, crs="EPSG:27700")
    overlays = (
        Overlay(corridor, "Corridor", "lines", name_column="number"),
        Overlay(places, "Towns", "points", "#111", "name"),
    )
    with drawing_style():
        figure = choropleth(zones, "minutes", minutes_scale(45), SHEET, overlays).draw()
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        written_names = {
            note.get_text(): note for note in figure.axes[0].texts if note.get_text() in {"4", *places["name"]}
        }
        boxes = {words: note.get_window_extent(canvas.get_renderer()) for words, note in written_names.items()}
    assert len(boxes) == 4
    assert not [(a, b) for a, b in combinations(boxes, 2) if boxes[a].overlaps(boxes[b])]


def test_an_inset_shows_where_the_part_lies(zones: gpd.GeoDataFrame) -> None:
    """One more pair of axes, with a frame round the part that the map shows, all inside the inset."""
    west, south, east, north = zones.total_bounds
    part = (west, south, (west + east) / 2, (south + north) / 2)
    plain = choropleth(zones, "minutes", minutes_scale(45), SHEET, (), Focus(part)).draw()
    with_inset = choropleth(zones, "minutes", minutes_scale(45), SHEET, (), Focus(part, zones)).draw()
    assert (len(plain.axes), len(with_inset.axes)) == (1, 2)
    frame = with_inset.axes[1].patches[-1].get_bbox()
    assert tuple(frame.extents) == pytest.approx(part)
    (left, right), (low, high) = with_inset.axes[1].get_xlim(), with_inset.axes[1].get_ylim()
    assert left < west < east < right and low < south < north < high  # one box inside another


def test_dots_to_an_inch_are_those_asked_for(zones: gpd.GeoDataFrame) -> None:
    drawn = choropleth(zones, "minutes", minutes_scale(45), SHEET)
    assert Image.open(io.BytesIO(drawn.png(100))).size[0] == 100 * SHEET.width_in


def base_map(zones: gpd.GeoDataFrame) -> BaseMap:
    """Roads, rail, a lake with a hole and a park over the zones, with three names: one hidden by a dot, one said already."""
    ground = region_layers()["base_map"]
    names = gpd.GeoDataFrame(
        {"kind": "place", "class": ["town", "suburb", "suburb"], "name": ["Alpha", "Beta town", "Under the dot"]},
        geometry=at((4.5, 4.5), (1.5, 3.3), (5.5, 5.5)),
    )
    return BaseMap(gpd.GeoDataFrame(pd.concat([ground, names], ignore_index=True), crs=zones.crs), "© Somebody (ODbL)")


def names_on(drawn: Picture) -> list[str]:
    """The names and other words on the map itself, which are outlines in its file."""
    with drawing_style():
        return [words.get_text() for words in drawn.draw().axes[0].texts]


def test_a_base_map_is_drawn_with_its_makers_inside_the_picture(zones: gpd.GeoDataFrame) -> None:
    sheet = replace(SHEET, base_map=base_map(zones))
    overlays = [Overlay(region_layers()["centres"], "Centres", "points", "#111111", "name")]
    plain, drawn = (choropleth(zones, "minutes", minutes_scale(45), one, overlays) for one in (SHEET, sheet))
    words = written(drawn)
    assert "Source: nobody, 2026. Base map: © Somebody (ODbL)" in words
    for kind in ("Roads", "Railways", "Water", "Green space"):
        assert kind in words
        assert kind not in written(plain)
    assert names_on(drawn).count("Alpha") == 1
    assert set(names_on(drawn)) - set(names_on(plain)) == {"Beta town", "A34"}
    assert drawn.content == choropleth(zones, "minutes", minutes_scale(45), sheet, overlays).content


def test_the_map_of_links_has_the_base_map_too(zones: gpd.GeoDataFrame) -> None:
    lines = gpd.GeoSeries([shapely.LineString(zones.geometry.centroid.iloc[[0, n]].to_list()) for n in (1, 2)])
    links = gpd.GeoDataFrame({"people": [1.0, 5.0]}, geometry=lines.array, crs=zones.crs)
    sheets = SHEET, replace(SHEET, base_map=base_map(zones))
    plain, drawn = (flows(links, "people", "journeys", one, zones, ()) for one in sheets)
    assert ("Roads" in written(plain), "Roads" in written(drawn)) == (False, True)
    assert "© Somebody (ODbL)" in written(drawn)
    assert set(names_on(drawn)) - set(names_on(plain)) == {"Alpha", "Beta town", "Under the dot", "A34"}


def test_maps_of_much_land_leave_small_places_out_and_an_empty_base_map_adds_nothing(zones: gpd.GeoDataFrame) -> None:
    base = base_map(zones)
    far = zones.set_geometry(zones.geometry.scale(12, 12, origin=(WEST, SOUTH)))
    nothing = BaseMap(base.frame.iloc[:0], "© Somebody")
    for each, ground, shown in ((zones, base, True), (far, base, False), (zones, nothing, False)):
        drawn = choropleth(each, "minutes", minutes_scale(45), replace(SHEET, base_map=ground))
        assert ("Beta town" in names_on(drawn)) is shown
        assert ("Roads" in written(drawn)) is (ground is base and each is zones)


def test_numbers_of_roads_lie_on_no_name_and_no_other_number(zones: gpd.GeoDataFrame) -> None:
    """A grid of roads with names where they meet; a village right on the only road that goes nowhere else."""
    ends = [((x, 0), (x, 6)) for x in (1, 2, 3)] + [((0, y), (6, y)) for y in (2, 4, 5)] + [((4.4, 1.2), (4.6, 1.2))]
    numbers = ["M6", "A34", "A38", "A41", "B1", "Lane", "A9"]
    classes = ["motorway", "trunk", "primary", "primary", "secondary", "primary", "primary"]
    facts = {"kind": "road", "class": classes, "name": numbers}
    lines = [shapely.LineString(shapely.get_coordinates(at(*pair))) for pair in ends]
    roads = gpd.GeoDataFrame(facts, geometry=lines, crs=zones.crs)
    where = at((1, 2), (2, 2), (3, 2), (2, 4), (3, 4), (4.5, 1.2))
    towns = gpd.GeoDataFrame({"kind": "place", "class": "town", "name": list("ABCDEF")}, geometry=where)
    base = BaseMap(gpd.GeoDataFrame(pd.concat([roads, towns], ignore_index=True), crs=zones.crs), "© Somebody")
    with drawing_style():
        figure = choropleth(zones, "minutes", minutes_scale(45), replace(SHEET, base_map=base)).draw()
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        boxes = [(note.get_text(), note.get_window_extent(canvas.get_renderer())) for note in figure.axes[0].texts]
    words = [word for word, _ in boxes]
    assert {"M6", "A34", "A38", "A41", "B1", *"ABCDEF"} <= set(words)
    assert not {"Lane", "A9"} & set(words), "a name is no number, and F has the only room of the A9"
    assert [words.count(number) for number in ("M6", "A41")] == [2, 2], "roads across the whole map"
    assert not [(a[0], b[0]) for a, b in combinations(boxes, 2) if a[1].overlaps(b[1])]


def test_names_keep_clear_of_the_scale_bar_and_the_inset(zones: gpd.GeoDataFrame) -> None:
    names = gpd.GeoDataFrame(
        {"kind": "place", "class": "town", "name": ["On the bar", "In the inset", "In the open"]},
        geometry=at((0.5, 0.15), (5.6, 0.4), (3, 3)),
    )
    sheet = replace(SHEET, base_map=BaseMap(names, "© Somebody"))
    bounds = tuple(zones.total_bounds)
    drawn = choropleth(zones, "minutes", minutes_scale(45), sheet, (), Focus(bounds, zones))
    assert set(names_on(drawn)) & set(names["name"]) == {"In the open"}


def test_a_bitmap_has_the_colours_of_the_vectors_where_they_are() -> None:
    halves = b'<rect width="48" height="96" fill="#ff0000"/><rect x="48" width="48" height="48" fill="#0000ff"/>'
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="0 0 96 96">' + halves + b"</svg>"
    cells = rasterised(svg, (96, 96), 192)
    assert cells.shape == (192, 192, 3)
    parts = cells[:, :96], cells[:96, 96:], cells[96:, 96:]
    assert [np.unique(part.reshape(-1, 3), axis=0).tolist() for part in parts] == [
        [[255, 0, 0]],
        [[0, 0, 255]],
        [[255] * 3],
    ]
