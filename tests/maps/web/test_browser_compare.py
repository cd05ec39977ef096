"""Two maps over each other and two runs on one page, in a real browser: by pointer, by touch and from the keyboard."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import geopandas as gpd
import pytest
from playwright.sync_api import Page

from corridors.webmap.layer_styles import CORRIDORS_OF_BOTH_RUNS, map_layers
from maps.errors import MapContentError
from maps.styles import NO_TEST, scale_for
from maps.web.content import Indicator, MapContent
from maps.web.overlays import SECOND_RUN
from maps.web.write import draw_map
from tests.maps.browser import PHONE, Chromium, Open, click_zone, violations, visit, wait_until
from tests.maps.conftest import HOSTILE, region_layers

pytestmark = pytest.mark.browser
RUNS = ("Today", f"Line 2 {HOSTILE[0]}")
CUT = "document.getElementById('second-pane').style.clipPath"


def two_runs(content: MapContent, zones: gpd.GeoDataFrame) -> MapContent:
    """Centres and minutes of two runs: in the second every zone reaches one centre more and takes five minutes less."""
    both = zones.assign(centres_later=zones["centres"] + 1, minutes_later=zones["minutes"] - 5, saved=5.0)
    scale = scale_for(both["centres_later"], "reached")
    indicators = (
        Indicator("centres", "Centres", "reached", scale=scale, pair="centres_later", in_table=True),
        Indicator("centres_later", "Centres", "reached", scale=scale),
        Indicator("minutes", "Minutes", "minutes", pair="minutes_later"),
        Indicator("minutes_later", "Minutes", "minutes"),
        Indicator("saved", "Minutes saved", "change", "min"),
    )
    length, share = "length_km" + SECOND_RUN, "kpi_share" + SECOND_RUN
    corridors = region_layers()["corridors"].assign(**{length: 5.0, share: 0.5})
    layers = map_layers({**region_layers(), "corridors": corridors}, NO_TEST)
    return replace(
        content, zones=both, indicators=indicators, runs=RUNS, layers=layers, run_table=CORRIDORS_OF_BOTH_RUNS
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("map")


@pytest.fixture(scope="module")
def open_runs(browser: Chromium, content: MapContent, zones: gpd.GeoDataFrame, folder: Path) -> Open:
    file = folder / "compare.html"
    file.write_text(draw_map(two_runs(content, zones)), encoding="utf-8")
    return partial(visit, browser, file)


def line_x(page: Page) -> float:
    """How far right the line stands, as a share of the frame."""
    share: float = page.evaluate("""() => {
        const line = document.getElementById('swipe-line').getBoundingClientRect();
        const frame = document.getElementById('maps').getBoundingClientRect();
        return (line.left + line.width / 2 - frame.left) / frame.width;
    }""")
    return share


def test_two_runs_open_over_each_other_on_one_scale(open_runs: Open) -> None:
    with open_runs() as seen:
        assert seen.texts(".pane-title") == list(RUNS)
        assert seen.texts("#indicator option") == ["Centres", "Minutes", "Minutes saved"]
        assert abs(line_x(seen.page) - 0.5) < 0.02
        assert len(seen.texts(".legend h3")) == 1
        counts = [int(count) for count in seen.texts(".legend .count")]
        assert counts == [6, 0, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 0, 6]  # class by class: today, then later
        assert seen.page.locator("#compared").is_hidden()


def test_the_card_and_the_table_show_both_runs(open_runs: Open) -> None:
    with open_runs("#by=centres&with=centres_later&over=none") as seen:
        click_zone(seen.page, "Z31")
        shown = dict(zip(seen.texts("#card dt"), seen.texts("#card dd"), strict=True))
        assert shown["Centres"] == "1 \u2192 2"
        assert shown["Minutes"] == "70.0 min \u2192 65.0 min"
        headings = " ".join(seen.texts("thead th"))
        assert "Centres (Today)" in headings
        assert f"Centres ({RUNS[1]})" in headings


def test_corridors_stand_side_by_side_in_both_runs(open_runs: Open) -> None:
    with open_runs("#by=centres&feature=corridors:0") as seen:
        rows = dict(zip(seen.texts("#both-runs tbody th"), seen.texts("#both-runs tbody td"), strict=True))
        assert rows == {"Length": "5 km", "Residents who reach enough centres in time": "25.0 % \u2192 50.0 %"}
        assert seen.texts("#both-runs thead th") == ["Figure", HOSTILE[3]]
        assert "25.0 % \u2192 50.0 %" in seen.texts("#card dd")


def test_one_run_has_no_table_of_both(open_map: Open) -> None:
    with open_map() as seen:
        assert seen.page.locator("#both-runs").is_hidden()


def test_a_figure_of_the_change_itself_is_one_map(open_runs: Open) -> None:
    with open_runs() as seen:
        seen.choose("saved")
        assert seen.page.locator("#second-pane").is_hidden()
        assert seen.page.locator("#swipe").is_hidden()
        seen.choose("minutes")
        assert seen.page.locator("#swipe").is_visible()
        assert seen.page.evaluate("planner.state.chosen.compared") == "minutes_later"


def test_the_line_moves_from_the_keyboard_and_says_where_it_is(open_runs: Open) -> None:
    with open_runs() as seen:
        page = seen.page
        page.focus("#swipe")
        page.keyboard.press("Home")
        assert line_x(page) < 0.05
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        assert page.get_attribute("#swipe", "aria-valuetext") == "3 % first map, 97 % second"
        page.keyboard.press("End")
        assert line_x(page) > 0.95
        assert "swipe=100" in page.evaluate("location.hash")


def test_the_line_is_dragged_by_mouse_and_the_map_beside_it_still_moves(open_runs: Open) -> None:
    with open_runs() as seen:
        page = seen.page
        box = page.locator("#maps").bounding_box()
        assert box
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + box["width"] / 2, middle)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] / 4, middle, steps=5)
        page.mouse.up()
        assert abs(line_x(page) - 0.25) < 0.04
        before = page.evaluate("map_map.getCenter().lng")
        page.mouse.move(box["x"] + 0.7 * box["width"], middle)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.5 * box["width"], middle, steps=5)
        page.mouse.up()
        wait_until(page, "(west) => map_map.getCenter().lng > west", before)
        assert abs(line_x(page) - 0.25) < 0.04


def test_the_line_is_dragged_by_touch(open_runs: Open) -> None:
    with open_runs(**PHONE) as seen:
        page = seen.page
        page.locator("#maps").scroll_into_view_if_needed()
        box = page.locator("#maps").bounding_box()
        assert box
        middle = box["y"] + box["height"] / 2
        touch = page.context.new_cdp_session(page)
        start, end = box["x"] + box["width"] / 2, box["x"] + 0.8 * box["width"]
        for kind, x in (
            ("touchStart", start),
            ("touchMove", (start + end) / 2),
            ("touchMove", end),
            ("touchEnd", None),
        ):
            points = [] if x is None else [{"x": x, "y": middle}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        wait_until(page, "document.getElementById('swipe').value > 70")
        assert abs(line_x(page) - 0.8) < 0.06
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_any_two_indicators_can_be_laid_over_each_other_and_the_address_keeps_it(open_map: Open) -> None:
    with open_map() as seen:
        assert seen.page.locator("#over").is_hidden()
        seen.choose("minutes", "compared")
        assert seen.page.evaluate(CUT) == ""
        seen.page.check("#over")
        assert seen.page.evaluate(CUT).startswith("inset(")
        assert seen.page.evaluate("map_map.getSize().x === document.getElementById('maps').clientWidth")
        seen.page.focus("#swipe")
        seen.page.keyboard.press("ArrowLeft")
        address = seen.page.evaluate("location.hash")
    with open_map(address) as again:
        assert again.page.input_value("#swipe") == "49"
        again.page.uncheck("#over")
        assert again.page.evaluate(CUT) == ""
        assert len(again.texts(".legend h3")) == 2


@pytest.mark.parametrize("swipe", ["-1", "101", "x", "1e9"])
def test_a_line_outside_the_map_is_ignored(open_map: Open, swipe: str) -> None:
    with open_map(f"#by=centres&with=minutes&swipe={swipe}") as seen:
        value = seen.page.evaluate("planner.state.chosen.swipe")
        assert value is None or 0 <= value <= 100


def test_axe_finds_no_violation_with_two_runs(open_runs: Open) -> None:
    for settings in ({}, PHONE):
        with open_runs(**settings) as seen:
            assert violations(seen.page) == []


def test_pairs_need_the_names_of_two_runs_and_their_partner(content: MapContent, zones: gpd.GeoDataFrame) -> None:
    with pytest.raises(MapContentError, match="names of two runs, not 1"):
        replace(two_runs(content, zones), runs=("one",))
    alone = two_runs(content, zones).indicators[:1]
    with pytest.raises(MapContentError, match="pair 'centres_later' is not an indicator"):
        replace(two_runs(content, zones), indicators=alone)
