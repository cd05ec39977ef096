"""The sheet of paper that Ctrl+P, the browser's menu and the print button make, in a real browser."""

import re
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader
from pypdf.generic import StreamObject

from corridors.webmap.layer_styles import FREQUENCIES, LAYERS
from maps.web.content import MapContent
from tests.maps.browser import PHONE, Open, wait_until

pytestmark = pytest.mark.browser

VIEW = "[map_map.getZoom(), map_map.getCenter().lat, map_map.getCenter().lng, map_map.getSize().x, location.hash]"


def printed(page: Page) -> PdfReader:
    """What the browser's own print makes of the page, without its print button."""
    return PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))


def words_of(sheet: PdfReader, page: int) -> str:
    return " ".join(sheet.pages[page].extract_text().split())


def fills(sheet: PdfReader, colour: str) -> int:
    """How often the colour is taken up to fill a shape inside a group of its own, where a canvas clears only itself."""
    wanted = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    size: Any = sheet.trailer["/Size"]
    objects = (sheet.get_object(number) for number in range(1, size))
    shapes = (each.get_data() for each in objects if isinstance(each, StreamObject) and "/Group" in each)
    found = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg", b"\n".join(shapes))
    return sum(max(abs(float(a) - b) for a, b in zip(each, wanted, strict=True)) < 0.001 for each in found)


def test_the_browsers_own_print_makes_one_sheet_with_all_that_a_map_needs(open_map: Open, content: MapContent) -> None:
    for settings in ({}, PHONE):
        with open_map("#by=centres&over=districts.sites.links", **settings) as seen:
            sheet = printed(seen.page)
            assert len(sheet.pages) == 1
            assert sheet.pages[0].mediabox.width > sheet.pages[0].mediabox.height
            words = words_of(sheet, 0)
            scale = content.scale_of(content.indicators[0])
            for part in (
                content.title, content.headline, content.date, content.caution, content.short_caution, "N", " km",
                *(item.label for item in scale.classes), content.attributions[0],
                LAYERS["sites"].title, FREQUENCIES[0].label,
            ):  # fmt: skip
                assert " ".join(part.split()) in words
            for part in ("Find a place", "Previous", LAYERS["pilots"].title):
                assert part not in words


def test_zones_are_printed_as_shapes_in_the_colours_of_the_legend(open_map: Open, content: MapContent) -> None:
    """A canvas that a browser clears while it prints takes with it what lies under it, unless it stands alone."""
    with open_map("#by=centres&over=districts.corridors.links.stops.stations") as seen:
        seen.page.uncheck("#paperPatterns")
        sheet = printed(seen.page)
        scale, values = content.scale_of(content.indicators[0]), content.zones["centres"]
        for item, count in zip(scale.classes, scale.counts(values)[:-1], strict=True):
            assert fills(sheet, item.colour) == count


def test_the_screen_comes_back_as_it_was_after_printing(open_map: Open) -> None:
    for address in ("#by=centres&at=12.5/52.53/-1.98", "#by=centres&with=minutes&at=12.5/52.53/-1.98"):
        with open_map(address) as seen:
            before = seen.page.evaluate(VIEW)
            printed(seen.page)
            wait_until(seen.page, "!document.documentElement.classList.contains('paper')")
            assert seen.page.evaluate(VIEW) == before


def test_the_card_of_a_zone_is_printed_whole_on_a_sheet_of_its_own(open_map: Open, content: MapContent) -> None:
    with open_map("#by=centres&zone=Z31") as seen:
        sheet = printed(seen.page)
        assert len(sheet.pages) == 2
        words = words_of(sheet, 1)
        assert words.startswith("Square 31")
        assert content.indicators[-1].title in words
        assert "Close" not in words


def test_both_maps_of_a_comparison_stand_on_the_sheet(open_map: Open) -> None:
    for swipe, widths in (("", [348, 348]), ("&swipe=50", [700, 700])):
        with open_map(f"#by=centres&with=minutes{swipe}") as seen:
            seen.page.emulate_media(media="print")
            seen.page.wait_for_selector("html.paper", state="attached")
            boxes = [pane.bounding_box() for pane in seen.page.locator(".pane").all()]
            assert [round(box["width"]) for box in boxes if box] == pytest.approx(widths, abs=3)
            assert len(seen.texts(".legend h3")) == 2


SHEETS = {
    "A4 landscape": (1055, 726),
    "A4 portrait": (726, 1055),
    "A3 landscape": (1519, 1054),
    "A3 portrait": (1054, 1519),
}


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_on_no_sheet_does_the_map_lie_on_the_sources_or_the_legend(open_map: Open, screen: dict[str, object]) -> None:
    with open_map("#by=centres&over=districts.sites.links", **screen) as seen:
        for name, (width, height) in SHEETS.items():
            seen.page.set_viewport_size({"width": width, "height": height})  # what is within the margins, in CSS pixels
            seen.page.emulate_media(media="print")
            seen.page.wait_for_selector("html.paper", state="attached")
            boxes = [seen.page.locator(part).bounding_box() for part in ("header", "#maps", "#legends", "footer")]
            for number, a in enumerate(boxes):
                for b in boxes[number + 1 :]:
                    assert a
                    assert b
                    apart = a["x"] + a["width"] <= b["x"] + 1 or b["x"] + b["width"] <= a["x"] + 1
                    assert apart or a["y"] + a["height"] <= b["y"] + 1 or b["y"] + b["height"] <= a["y"] + 1, name
            seen.page.emulate_media(media="null")
            seen.page.wait_for_selector("html:not(.paper)", state="attached")


def test_the_print_button_asks_the_browser_to_print(open_map: Open) -> None:
    with open_map() as seen:
        seen.page.evaluate("window.print = () => { window.asked = true; }")
        seen.page.get_by_role("button", name="Print this map").click()
        assert seen.page.evaluate("window.asked")
