"""The map in a real browser: what people see, click, type and print."""

import pytest

from maps.styles import value_words
from maps.web.content import Indicator, MapContent
from tests.maps.browser import PHONE, Open, click_zone, middle_of, violations, wait_until
from tests.maps.conftest import HOSTILE

pytestmark = pytest.mark.browser

SOUTH_WEST = [52.51239, -1.99406]  # the middle of square Z00
KEPT = """(() => {
    const { indicator, zone, shown } = planner.state.chosen;
    const { lat, lng } = map_map.getCenter();
    return [indicator, zone, [...shown].sort(), map_map.getZoom(), lat.toFixed(4), lng.toFixed(4)];
})()"""
COLOUR_UNDER = """([name, lat, lon]) => {
    const at = map_map.latLngToContainerPoint([lat, lon]);
    const pane = map_map.getPane(name);
    const canvas = pane.querySelector('canvas');
    const box = canvas.getBoundingClientRect();
    const frame = map_map.getContainer().getBoundingClientRect();
    const grow = canvas.width / box.width;
    const [x, y] = [(frame.left + at.x - box.left) * grow, (frame.top + at.y - box.top) * grow];
    const pen = new OffscreenCanvas(1, 1).getContext('2d');
    pen.drawImage(canvas, Math.round(x), Math.round(y), 1, 1, 0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
}"""


def indicator_of(content: MapContent, column: str) -> Indicator:
    return next(indicator for indicator in content.indicators if indicator.column == column)


def test_the_map_opens_with_no_request_and_no_complaint(open_map: Open, content: MapContent) -> None:
    with open_map() as seen:
        assert seen.page.title() == content.title
        assert seen.page.locator("canvas").count() >= 1
        assert seen.page.evaluate("L.version") == "1.9.4"
        assert seen.page.evaluate("typeof jQuery + typeof bootstrap") == "undefinedundefined"


def test_the_policy_stops_whatever_would_ask_the_network_or_bring_in_a_script(open_map: Open) -> None:
    """Asked for from inside the page, as a text that had slipped in would ask."""
    with open_map() as seen:
        refused: dict[str, str | None] = {}
        seen.page.on("requestfailed", lambda request: refused.update({request.url: request.failure}))
        stopped = seen.page.evaluate("""async () => {
            const stopped = [];
            addEventListener('securitypolicyviolation', (event) => stopped.push(event.effectiveDirective));
            await fetch('https://192.0.2.1/').catch(() => {});
            const add = (tag, put) => document.body.append(Object.assign(document.createElement(tag), put));
            add('img', { src: 'https://192.0.2.1/a.png' });
            add('script', { src: 'https://192.0.2.1/a.js' });
            add('script', { textContent: 'window.ran = 1' });
            add('style', { textContent: 'body { display: none }' });
            add('div', { id: 'slipped', innerHTML: '<b onclick="window.ran = 1">b</b>' });
            document.querySelector('#slipped b').click();
            await new Promise((done) => setTimeout(done, 50));
            return stopped.sort();
        }""")
        elements = ["script-src-elem", "script-src-elem", "style-src-elem"]
        assert stopped == ["connect-src", "img-src", "script-src-attr", *elements]
        assert set(refused) == set(seen.requests[1:])
        assert set(refused.values()) <= {"csp", "net::ERR_BLOCKED_BY_CSP"}
        del seen.requests[1:]
        seen.complaints.clear()  # the browser tells of each


def test_hostile_text_shows_as_text_everywhere(open_map: Open, content: MapContent) -> None:
    with open_map("#by=minutes&over=districts.centres.corridors.pilots.sites.stops.links.places") as seen:
        page = seen.page
        assert seen.text("h1") == content.title
        assert seen.text("#caution") == content.caution
        assert HOSTILE[2] in seen.text("#legends h3")
        assert HOSTILE[0] in seen.texts(".name")
        assert set(HOSTILE[:6]) <= set(page.evaluate("planner.data.zones.names"))
        page.locator("tbody").get_by_role("button", name=HOSTILE[0], exact=True).click()
        assert seen.text("#card h2") == HOSTILE[0]
        assert f"Journey from {HOSTILE[0]}" in seen.text("#card")
        assert f"The journey {HOSTILE[0]}" in seen.text("#card")
        page.fill("#search", HOSTILE[2])
        assert HOSTILE[2] in seen.texts("#search-results span")
        page.keyboard.press("Enter")
        assert seen.text("#card h2") == HOSTILE[2]
        for tag in ("img", "svg", "iframe", "object"):
            assert page.locator(tag).count() == 0


def test_the_legend_follows_the_indicator_and_counts_like_python(open_map: Open, content: MapContent) -> None:
    with open_map() as seen:
        for indicator in content.indicators:
            seen.choose(indicator.column)
            scale, values = content.scale_of(indicator), content.zones[indicator.column]
            counts = scale.counts(values)
            labels = [item.label for item in scale.classes] + [scale.missing.label] * bool(counts[-1])
            assert seen.text("#legends h3") == indicator.title
            assert seen.texts(".legend .class") == labels
            assert [int(count) for count in seen.texts(".legend .count")] == list(counts[: len(labels)])
        assert len(seen.requests) == 1


def test_zones_are_painted_in_the_colour_of_their_class(open_map: Open, content: MapContent) -> None:
    with open_map() as seen:
        for column in ("centres", "minutes", "decile"):
            seen.choose(column)
            seen.page.wait_for_timeout(100)
            scale = content.scale_of(indicator_of(content, column))
            expected = scale.classes[int(scale.class_of(content.zones[column])[0])].colour
            painted = seen.page.evaluate(COLOUR_UNDER, ["zones", *SOUTH_WEST])
            wanted = [int(expected[i : i + 2], 16) for i in (1, 3, 5)]
            assert max(abs(a - b) for a, b in zip(painted, wanted, strict=False)) <= 3


def test_the_card_of_a_clicked_zone_says_what_python_says(open_map: Open, content: MapContent) -> None:
    with open_map("#over=none&by=centres") as seen:
        click_zone(seen.page, "Z31")
        assert seen.text("#card h2") == "Square 31"
        assert seen.text("#card .under") == "Z31, West side"
        shown = dict(zip(seen.texts("#card dt"), seen.texts("#card dd"), strict=True))
        for indicator in content.indicators:
            value = content.zones.at["Z31", indicator.column]
            assert shown[indicator.title] == value_words(value, indicator.kind, indicator.unit)


def test_missing_values_are_named_for_what_they_are(open_map: Open) -> None:
    with open_map("#zone=Z54&by=centres") as seen:
        assert "Not reachable" in seen.texts("#card dd")
    with open_map("#zone=Z05&by=centres") as seen:
        assert "No data" in seen.texts("#card dd")


def test_the_card_lists_what_the_zone_lies_inside_and_leads_there(open_map: Open) -> None:
    with open_map("#zone=Z44&by=centres") as seen:
        seen.page.locator("#card button", has_text="Pilot").click()
        assert seen.text("#card h2") == "Pilot"
        assert "withheld: too few zones" in seen.texts("#card dd")


def test_a_click_takes_the_nearest_feature_on_show_before_the_zone(open_map: Open) -> None:
    with open_map("#by=centres&over=sites") as seen:
        click_zone(seen.page, "Z42")
        assert seen.text("#card h2") == "Site"
        assert "up to 10" in seen.texts("#card dd")
        seen.page.uncheck("#layer-sites")
        seen.page.get_by_role("button", name="Close").click()
        click_zone(seen.page, "Z42")
        assert seen.text("#card h2") == "Square 42"


def test_values_can_be_written_in_the_zones(open_map: Open) -> None:
    with open_map("#by=minutes&over=none") as seen:
        assert seen.texts(".value") == []
        seen.page.check("#values")
        assert seen.texts(".value").count("50.0") == 6
        assert seen.texts(".value").count("Not reachable") == 6
        seen.choose("share")
        assert seen.texts(".value").count("40.0 %") == 6
        address = seen.page.evaluate("location.hash")
    with open_map(address) as again:
        assert again.page.is_checked("#values")


def test_a_value_is_not_written_under_a_name(open_map: Open) -> None:
    with open_map("#by=minutes&over=none&values=written") as seen:
        assert seen.texts(".value").count("10.0") == 6
        seen.page.check("#layer-centres")  # Alpha stands in Z00 with its name over Z01
        assert 0 < seen.texts(".value").count("10.0") < 6


def test_names_stand_beside_a_place_in_sight_and_on_no_other_name(open_map: Open) -> None:
    boxes = """() => [...document.querySelectorAll('#first-pane .name')].map((each) => {
        const { left, top, right, bottom } = each.getBoundingClientRect();
        return [left, top, right, bottom];
    })"""
    with open_map("#by=centres&over=centres.corridors.pilots.sites.stations.places.tramstops") as seen:
        page = seen.page
        found = page.evaluate(boxes)
        assert len(found) > 4
        for number, a in enumerate(found):
            for b in found[number + 1 :]:
                assert a[2] <= b[0] + 8 or b[2] <= a[0] + 8 or a[3] <= b[1] + 4 or b[3] <= a[1] + 4
        assert "Alpha" in seen.texts(".name")
        page.evaluate(
            "map_map.panBy([map_map.latLngToContainerPoint([52.51239, -1.99406]).x + 9, 0], { animate: false })"
        )
        assert "Alpha" not in seen.texts(".name")  # its dot is just past the edge


def test_patterns_tell_classes_apart_without_colour(open_map: Open) -> None:
    drawn = "[...document.querySelectorAll('.legend .swatch')].map((each) => each.style.backgroundImage)"
    colours_of_z50 = """() => {
        const canvas = map_map.getPane('zones').querySelector('canvas');
        const { x, y } = canvas.getBoundingClientRect();
        const frame = map_map.getContainer().getBoundingClientRect();
        const at = map_map.latLngToContainerPoint(planner.data.zones.points[planner.data.zones.numberOf.get('Z50')]);
        const pen = new OffscreenCanvas(16, 16).getContext('2d', { willReadFrequently: true });
        pen.drawImage(canvas, frame.x + at.x - x - 8, frame.y + at.y - y - 8, 16, 16, 0, 0, 16, 16);
        return new Set(new Uint32Array(pen.getImageData(0, 0, 16, 16).data.buffer)).size;
    }"""
    with open_map("#by=decile&over=none") as seen:
        assert set(seen.page.evaluate(drawn)) == {""}
        assert seen.page.evaluate(colours_of_z50) == 1
        seen.page.check("#patterns")
        assert len(set(seen.page.evaluate(drawn))) == 10
        wait_until(seen.page, f"({colours_of_z50})() > 1")
        address = seen.page.evaluate("location.hash")
    with open_map(address) as again:
        assert again.page.is_checked("#patterns")


def test_search_finds_zones_by_name_and_id_and_places_by_name(open_map: Open) -> None:
    with open_map() as seen:
        for words, expected in (("square 24", "Square 24"), ("z40", "Square 40"), ("alph", "Alpha")):
            seen.page.fill("#search", words)
            seen.page.keyboard.press("ArrowDown")
            assert seen.page.get_attribute("#search", "aria-activedescendant") == "found-0"
            seen.page.keyboard.press("Enter")
            assert seen.text("#card h2") == expected
            assert seen.page.evaluate("document.activeElement.id") == "card-heading"
        seen.page.fill("#search", "nowhere at all")
        assert seen.text("#search-results") == "Nothing by that name"
        seen.page.keyboard.press("Escape")
        assert seen.page.locator("#search-results").is_hidden()


def test_the_address_brings_back_indicator_zone_layers_and_view(open_map: Open) -> None:
    with open_map() as seen:
        seen.choose("share")
        seen.page.check("#layer-sites")
        seen.page.uncheck("#layer-districts")
        click_zone(seen.page, "Z20")
        seen.page.evaluate("map_map.setView([52.53, -1.96], 13.5, { animate: false })")
        address = seen.page.evaluate("location.hash")
        before = seen.page.evaluate(KEPT)
    with open_map(address) as again:
        assert again.page.evaluate(KEPT) == before
        assert again.text("#card h2") == "Square 20"
        assert again.page.input_value("#indicator") == "share"


def test_the_address_can_be_copied(open_map: Open) -> None:
    with open_map("#by=share&zone=Z20", permissions=["clipboard-read", "clipboard-write"]) as seen:
        seen.page.get_by_role("button", name="Copy the address").click()
        seen.page.get_by_role("button", name="Address copied").wait_for()
        copied = seen.page.evaluate("navigator.clipboard.readText()")
        assert copied == seen.page.url
        assert "zone=Z20" in copied


def test_a_pasted_address_is_followed_and_a_hostile_one_is_ignored(open_map: Open) -> None:
    with open_map() as seen:
        seen.page.evaluate("location.hash = '#by=decile&zone=Z11&over=sites'")
        seen.page.wait_for_selector("#card:not([hidden])")
        assert seen.page.input_value("#indicator") == "decile"
    with open_map("#by=<script>window.ran=1</script>&zone=constructor&over=__proto__.x&at=1/NaN/2") as hostile:
        assert hostile.page.input_value("#indicator") == "centres"
        assert hostile.page.locator("#card").is_hidden()


def test_every_control_can_be_reached_and_used_from_the_keyboard(open_map: Open) -> None:
    with open_map("#over=none&by=centres") as seen:
        page, order = seen.page, []
        for _ in range(32):
            page.keyboard.press("Tab")
            order.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        reached = [
            name for name in order if name in {"search", "indicator", "map_map", "compared", "layer-centres", "part"}
        ]
        assert order[0] == "Skip to the table of figures"
        assert reached == ["search", "indicator", "map_map", "compared", "layer-centres", "part"]
        page.focus("#map_map")
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        page.evaluate("([lat, lon]) => map_map.setView([lat, lon], 13, { animate: false })", SOUTH_WEST)
        page.keyboard.press("Enter")
        assert seen.text("#card .under").startswith("Z00")
        page.keyboard.press("Escape")
        assert page.locator("#card").is_hidden()
        assert page.evaluate("document.activeElement.id") == "map_map"
        before = page.evaluate("map_map.getCenter().lng")
        page.keyboard.press("ArrowRight")
        wait_until(page, "(west) => map_map.getCenter().lng > west", before)


def test_the_table_sorts_both_ways_and_keeps_missing_values_last(open_map: Open) -> None:
    with open_map("#by=share") as seen:
        heading = seen.page.get_by_role("columnheader", name="Level 4 or above")
        for expected in ("ascending", "descending"):
            heading.get_by_role("button").click()
            assert heading.get_attribute("aria-sort") == expected
            shares = seen.texts("tbody td:nth-child(3)")
            assert shares[0] == {"ascending": "0.0 %", "descending": "40.0 %"}[expected]
        seen.page.get_by_role("button", name="Next").click()
        assert set(seen.texts("tbody td:nth-child(3)")[-6:]) == {"No data"}
        assert seen.text(".table-tools [role=status]") == "Rows 26 to 36 of 36"


def test_the_table_narrows_to_a_district_and_leads_to_the_map(open_map: Open) -> None:
    with open_map() as seen:
        seen.page.select_option("#part", "West side")
        assert seen.text(".table-tools [role=status]") == "Rows 1 to 18 of 18"
        seen.page.locator("tbody button", has_text="Square 31").click()
        assert seen.text("#card .under").startswith("Z31")


def test_a_second_map_shows_another_indicator_of_the_same_place(open_map: Open) -> None:
    with open_map() as seen:
        seen.choose("minutes", "compared")
        assert len(seen.texts(".legend h3")) == 2
        assert seen.page.locator(".leaflet-container").count() == 2
        seen.page.evaluate("map_map.setView([52.52, -1.98], 13, { animate: false })")
        centres = seen.page.locator("#second-pane .leaflet-container")
        assert centres.bounding_box()["width"] > 200  # type: ignore[index]
        seen.choose("", "compared")
        assert seen.page.locator("#second-pane").is_hidden()
        assert len(seen.texts(".legend h3")) == 1


@pytest.mark.parametrize("width", [320, 390, 768])
def test_narrow_screens_need_no_sideways_scrolling_and_keep_the_legend_off_the_map(open_map: Open, width: int) -> None:
    with open_map(viewport={"width": width, "height": 700}) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        of_map, of_legend = (seen.page.locator(place).bounding_box() for place in ("#maps", "#legends"))
        assert of_map
        assert of_legend
        assert of_map["y"] + of_map["height"] <= of_legend["y"]


@pytest.mark.parametrize("size", [(320, 256), (320, 225), (844, 390)])
def test_at_400_per_cent_and_on_a_phone_on_its_side_the_map_fits_and_everything_can_be_reached(
    open_map: Open, size: tuple[int, int]
) -> None:
    """A screen of 1280 by 1024 pixels at 400 per cent is 320 by 256."""
    with open_map("#by=centres&over=none", viewport={"width": size[0], "height": size[1]}) as seen:
        page = seen.page
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page.locator("#maps").scroll_into_view_if_needed()
        box = page.locator("#maps").bounding_box()
        assert box
        assert box["height"] < 0.95 * size[1]
        assert box["width"] < size[0]  # something beside the map is left to scroll by
        page.mouse.click(*middle_of(page, "Z33"))
        page.wait_for_selector("#card:not([hidden])")
        heading = page.locator("#card h2")
        heading.scroll_into_view_if_needed()
        assert heading.bounding_box()["width"] > 0  # type: ignore[index]
        page.get_by_role("button", name="Close").click()
        page.locator("#layer-sites").check()
        page.locator("#print").scroll_into_view_if_needed()
        assert page.locator("#caution").bounding_box()["height"] < size[1] / 2  # type: ignore[index]


def test_on_a_phone_a_tap_opens_a_card_that_leaves_the_zone_in_sight(open_map: Open) -> None:
    with open_map("#over=none&by=centres", **PHONE) as seen:
        seen.page.locator("#maps").scroll_into_view_if_needed()
        seen.page.touchscreen.tap(*middle_of(seen.page, "Z02"))
        seen.page.wait_for_selector("#card:not([hidden])")
        seen.page.wait_for_timeout(600)
        card = seen.page.locator("#card").bounding_box()
        assert card
        assert middle_of(seen.page, "Z02")[1] < card["y"]


def test_controls_in_the_map_do_not_lie_on_each_other(open_map: Open) -> None:
    for settings in ({}, PHONE):
        with open_map(**settings) as seen:
            places = [".leaflet-control-zoom", ".leaflet-control-scale", ".north", "#map-caution"]
            boxes = [seen.page.locator(place).first.bounding_box() for place in places]
            for number, a in enumerate(boxes):
                for b in boxes[number + 1 :]:
                    assert a
                    assert b
                    apart = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
                    assert apart or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]


def test_the_caution_stays_in_sight_and_in_print(open_map: Open) -> None:
    with open_map() as seen:
        seen.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        box = seen.page.locator("#caution").bounding_box()
        assert box
        assert box["y"] >= 0
        assert seen.page.locator("#caution button, #caution a").count() == 0
        seen.page.emulate_media(media="print")
        assert seen.page.locator("#caution").is_visible()
        assert seen.page.locator("#map-caution").is_visible()


def test_people_who_ask_for_less_motion_get_none(open_map: Open) -> None:
    with open_map(reduced_motion="reduce") as seen:
        assert seen.page.evaluate("map_map.options.zoomAnimation") is False
    with open_map() as seen:
        assert seen.page.evaluate("map_map.options.zoomAnimation") is True


@pytest.mark.parametrize("address", ["#by=minutes&zone=Z00", "#by=centres&with=share&over=sites.stops"])
def test_axe_finds_no_violation(open_map: Open, address: str) -> None:
    for settings in ({}, PHONE):
        with open_map(address, **settings) as seen:
            assert violations(seen.page) == []
