"""Figures at several times, among which a slider chooses, in a real browser: by mouse and from the keyboard."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import geopandas as gpd
import pytest

from maps.errors import MapContentError
from maps.web.content import Indicator, MapContent, Series, Step
from maps.web.write import draw_map
from tests.maps.browser import PHONE, Chromium, Open, click_zone, violations, visit, wait_until
from tests.maps.conftest import HOSTILE

pytestmark = pytest.mark.browser
HOURS = ("0700", "1900", "2200")
LATER_MIN = {"0700": 0.0, "1900": 40.0, "2200": 500.0}


def by_hour(content: MapContent, zones: gpd.GeoDataFrame) -> MapContent:
    """Minutes that grow with the hour; at the last one nothing is reached from half of the zones."""
    at = {f"at_{hour}": zones["minutes"] + LATER_MIN[hour] for hour in HOURS}
    at["at_2200"] = at["at_2200"].where([number % 2 == 0 for number in range(len(zones))])
    held = zones.assign(**at, by_hour=at["at_0700"])
    steps = tuple(Step(hour, f"at {hour}", f"At {hour} {HOSTILE[0]}", f"at_{hour}") for hour in HOURS)
    series = Series("by_hour", f"Minutes by hour {HOSTILE[1]}", "Hour", steps)
    indicators = (*content.indicators, Indicator("by_hour", series.title, "minutes", group="At other hours"))
    return replace(content, zones=held, indicators=indicators, series=(series,))


@pytest.fixture(scope="module")
def open_hours(
    browser: Chromium, content: MapContent, zones: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory
) -> Open:
    file = Path(tmp_path_factory.mktemp("map")) / "hours.html"
    file.write_text(draw_map(by_hour(content, zones)), encoding="utf-8")
    return partial(visit, browser, file)


COLOURS = """(id) => {
    const { data, state } = planner;
    const indicator = data.indicatorOf.get(state.chosen.indicator);
    return planner.classOf(indicator, data.zones.numberOf.get(id)).label;
}"""


def test_the_slider_is_there_only_for_an_indicator_with_several_times(open_hours: Open, open_map: Open) -> None:
    with open_hours() as seen:
        assert seen.page.locator(".series").is_hidden()
        seen.choose("by_hour")
        assert seen.page.locator("#series").is_visible()
        assert seen.text("label[for=series]") == "Hour"
        seen.choose("minutes")
        assert seen.page.locator(".series").is_hidden()
    with open_map() as seen:
        assert seen.page.locator(".series").count() == 0
        assert seen.page.evaluate("planner.series === undefined")


def test_keys_move_the_time_on_the_map_the_legend_the_table_and_the_card(
    open_hours: Open, content: MapContent, zones: gpd.GeoDataFrame
) -> None:
    with open_hours("#by=by_hour&over=none") as seen:
        page = seen.page
        assert [int(page.get_attribute("#series", name) or -1) for name in ("min", "max", "step")] == [0, 2, 1]
        click_zone(page, "Z31")
        first, minutes = page.evaluate(COLOURS, "Z31"), zones.loc["Z31", "minutes"]
        page.focus("#series")
        page.keyboard.press("ArrowRight")
        assert page.get_attribute("#series", "aria-valuetext") == f"At 1900 {HOSTILE[0]}"
        assert seen.text("#series-words") == f"At 1900 {HOSTILE[0]}"
        assert page.evaluate(COLOURS, "Z31") != first
        assert seen.text(".legend h3").endswith(", at 1900")
        shown = dict(zip(seen.texts("#card dt"), seen.texts("#card dd"), strict=True))
        assert next(words for title, words in shown.items() if title.endswith(", at 1900")) == f"{minutes + 40:.1f} min"
        assert page.evaluate("document.activeElement.id") == "series"
        page.keyboard.press("End")
        counts = [int(count) for count in seen.texts(".legend .count")]
        assert sum(counts) == len(zones)
        assert counts[-1] == by_hour(content, zones).zones["at_2200"].isna().sum() > len(zones) / 2 - 1
        assert "Not reachable" in " ".join(seen.texts("#figures td"))
        page.keyboard.press("Home")
        assert page.evaluate(COLOURS, "Z31") == first
        assert violations(page, "#controls") == []


def test_the_mouse_moves_the_time_and_the_address_keeps_it(open_hours: Open) -> None:
    with open_hours("#by=by_hour&over=none") as seen:
        page = seen.page
        box = page.locator("#series").bounding_box()
        assert box and box["height"] >= 24
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert page.input_value("#series") == "1"
        assert "hour=1900" in page.evaluate("location.hash")
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
        page.mouse.up()
        assert "hour=2200" in page.evaluate("location.hash")
        page.evaluate("location.hash = '#by=by_hour&hour=1900'")
        wait_until(page, "document.getElementById('series').value === '1'")
        assert seen.text(".legend h3").endswith(", at 1900")
    with open_hours("#by=by_hour&hour=2200&over=none") as seen:
        assert seen.page.input_value("#series") == "2"
    with open_hours("#by=by_hour&hour=%FF&over=none") as seen:
        assert seen.page.input_value("#series") == "0"


def test_the_slider_fits_a_phone(open_hours: Open) -> None:
    with open_hours("#by=by_hour", **PHONE) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert seen.page.locator("#series").is_visible()
        seen.choose("minutes")
        assert seen.page.locator(".series").is_hidden()


def test_a_series_of_no_indicator_or_column_is_refused(content: MapContent, zones: gpd.GeoDataFrame) -> None:
    good = by_hour(content, zones)
    series = good.series[0]
    for bad, words in (
        (replace(series, indicator="x"), "'x' is not"),
        (replace(series, start=3), "starts at step 3 of 3"),
        (replace(series, steps=(*series.steps, Step("x", "x", "x", "no_such"))), "no column 'no_such'"),
    ):
        with pytest.raises(MapContentError, match=words):
            replace(good, series=(bad,))
