"""Finding a place, its card and the way back, in a real browser: no search and no address ends in nothing."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from playwright.sync_api import Page

from corridors.webmap.layer_styles import DISTRICTS, map_layers
from maps.styles import NO_TEST
from maps.web.content import Indicator, MapContent
from maps.web.write import draw_map
from tests.maps.browser import PHONE, Chromium, Open, Visit, click_zone, middle_of, violations, visit, wait_until
from tests.maps.conftest import HOSTILE, at, squares

pytestmark = pytest.mark.browser

VIEW = "[map_map.getZoom().toFixed(2), map_map.getCenter().lat.toFixed(4), map_map.getCenter().lng.toFixed(4)]"
FRAMES = """(id) => {
    const { zones } = planner.data;
    const [south, west, north, east] = zones.boxes[zones.numberOf.get(id)];
    const frame = map_map.getContainer().getBoundingClientRect();
    const a = map_map.latLngToContainerPoint([north, west]), b = map_map.latLngToContainerPoint([south, east]);
    const card = document.getElementById('card').getBoundingClientRect();
    return {
        zone: [frame.left + a.x, frame.top + a.y, frame.left + b.x, frame.top + b.y],
        card: [card.left, card.top, card.right, card.bottom], frame: [frame.left, frame.top, frame.right, frame.bottom],
    };
}"""
LAID_OUT = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50, true))))"
STILL = {"reduced_motion": "reduce"}


def seek(page: Page, words: str) -> None:
    page.fill("#search", words)
    page.keyboard.press("Enter")
    page.wait_for_selector("#card:not([hidden])")


FOUND = (
    ("alph", "Alpha", "Z00"), ("station", f"Station {HOSTILE[1]}", "Square 14"), (HOSTILE[8][:9], HOSTILE[8], "Square 13"),
    (HOSTILE[6][:9], HOSTILE[6], "Square 02"), ("site", "Site", "Square 42"), ("stop", "Stop", "Square 24"),
)  # fmt: skip


def test_a_place_that_is_found_tells_the_figures_of_the_zone_that_holds_it(open_map: Open, content: MapContent) -> None:
    with open_map(**STILL) as seen:
        for words, heading, zone in FOUND:
            seek(seen.page, words)
            assert seen.text("#card h2") == heading
            card = seen.text("#card")
            name = content.zones.at["Z00", "name"] if zone == "Z00" else zone
            assert "The zone that holds it" in card
            assert name in seen.texts("#card button")
            assert f"Journey from {name}" in card
            shown = dict(zip(seen.texts("#card dt"), seen.texts("#card dd"), strict=True))
            row = content.zones[content.zones["name"] == name].iloc[0]
            assert shown["Centres within 45 minutes"] == str(row["centres"])
            assert violations(seen.page, "#card") == []
        assert violations(seen.page) == []


def places_map(folder: Path) -> Path:
    """Stops that are called after a place in another zone, and a place outside all zones."""
    stops = at((4.5, 4.5), (4.4, 4.4), (0.5, 0.5), (1.5, 0.5))
    names = ["Digbeth Road", "Digbeth Road", "Old Digbeth", "St Pauls"]
    layers = {
        "stops": gpd.GeoDataFrame({"name": names, "stop_id": list("abcd"), "mode": "bus"}, geometry=stops),
        "places": gpd.GeoDataFrame(
            {"name": ["Digbeth", "Farton", "Moor-Digbeth"]}, geometry=at((2.5, 2.5), (9, 9), (5.5, 1.5))
        ),
        "stations": gpd.GeoDataFrame({"name": ["Digbeth"], "basis": ["the timetable"]}, geometry=at((3.5, 2.5))),
        "tramstops": gpd.GeoDataFrame({"name": ["St Paul\u2019s"], "basis": [""]}, geometry=at((1.5, 1.5))),
    }
    zones = squares().assign(name=lambda frame: "Area " + frame.index, district_name="West")
    content = MapContent(
        "Places", zones, (Indicator("centres", "Centres", "reached"),), layers=map_layers(layers, NO_TEST),
        parts=DISTRICTS, codes=False,
    )  # fmt: skip
    file = folder / "places.html"
    file.write_text(draw_map(content), encoding="utf-8")
    return file


def test_a_place_by_its_own_name_comes_before_stops_named_after_it_and_each_says_where_it_is(
    browser: Chromium, tmp_path: Path
) -> None:
    with visit(browser, places_map(tmp_path), **STILL) as seen:
        page = seen.page
        page.fill("#search", "Digbeth")
        found = list(zip(seen.texts("#search-results span"), seen.texts("#search-results small"), strict=True))
        assert found == [
            ("Digbeth", "Place, Area Z22, West"), ("Digbeth", "Railway station, Area Z23, West"),
            ("Moor-Digbeth", "Place, Area Z15, West"), ("Digbeth Road", "Stop, Area Z44, West"),
            ("Old Digbeth", "Stop, Area Z00, West"),
        ]  # fmt: skip
        page.fill("#search", "st. paul's")
        assert seen.texts("#search-results small")[0] == "Tram stop, Area Z11, West"
        for nothing in ("   ", "", "-", "'"):
            page.fill("#search", nothing)
            page.keyboard.press("Enter")
            assert page.locator("#card").is_hidden()
            assert page.locator("#search-results").is_hidden()
        page.fill("#search", "nowhere")
        page.keyboard.press("Enter")
        assert page.locator("#card").is_hidden()
        assert seen.text("#search-results [role=option]") == "Nothing by that name"
        assert violations(page) == []


def test_a_place_outside_all_zones_says_so(browser: Chromium, tmp_path: Path) -> None:
    with visit(browser, places_map(tmp_path), **STILL) as seen:
        seek(seen.page, "Farton")
        assert "outside the zones of this map" in seen.text("#card")


def test_no_card_shows_an_internal_id(browser: Chromium, open_map: Open, tmp_path: Path) -> None:
    with open_map("#by=centres&feature=stops%3Ainternal-b&over=stops") as seen:
        assert "internal-b" not in seen.text("#card")
    with visit(browser, places_map(tmp_path), "#zone=Z24") as seen:  # `codes=False`: ids that only this project knows
        assert seen.text("#card .under") == "West"
        seen.page.fill("#search", "area z24")
        assert seen.texts("#search-results small") == ["Zone, West"]


EDGES = ("Z00", "Z05", "Z55", "Z35", "Z40")


def in_sight(seen: Visit, zone: str) -> None:
    """The zone lies in the frame of the map, and the card does not lie on it."""
    seen.page.wait_for_selector("#card:not([hidden])")
    wait_until(seen.page, LAID_OUT)
    places = seen.page.evaluate(FRAMES, zone)
    left, top, right, bottom = places["zone"]
    west, north, east, south = places["frame"]
    assert west - 1 <= left
    assert right <= east + 1
    assert north - 1 <= top
    assert bottom <= south + 1
    assert right <= places["card"][0] + 1 or bottom <= places["card"][1] + 1 or top >= places["card"][3] - 1


@pytest.mark.parametrize("settings", [{}, PHONE], ids=["desktop", "phone"])
def test_the_card_leaves_the_chosen_zone_in_sight(open_map: Open, settings: dict[str, object]) -> None:
    """Chosen on the map, in the search and by an address, at every edge of the region."""
    with open_map("#over=none", **settings, **STILL) as seen:
        for way in ("click", "search"):
            for zone in EDGES:
                if way == "click":
                    seen.page.locator("#maps").scroll_into_view_if_needed()
                    seen.page.mouse.click(*middle_of(seen.page, zone))
                else:
                    seek(seen.page, zone)
                in_sight(seen, zone)
                seen.page.keyboard.press("Escape")
                seen.page.evaluate("map_map.fitBounds(planner.data.bounds, { animate: false })")
    for zone in EDGES:
        with open_map(f"#zone={zone}", **settings, **STILL) as seen:
            in_sight(seen, zone)


def test_escape_closes_the_card_wherever_the_focus_is(open_map: Open) -> None:
    with open_map("#over=none&by=centres", **STILL) as seen:
        for place in ("body", "#indicator", "#card-heading", "#search", "#map_map"):
            click_zone(seen.page, "Z31")
            if place == "body":
                seen.page.evaluate("document.activeElement.blur()")
            else:
                seen.page.focus(place)
            seen.page.keyboard.press("Escape")
            assert seen.page.locator("#card").is_hidden(), place
            assert "zone=" not in seen.page.evaluate("location.hash")
        click_zone(seen.page, "Z31")
        seen.page.fill("#search", "square")
        seen.page.keyboard.press("Escape")  # the list first
        assert seen.page.locator("#card").is_visible()
        seen.page.keyboard.press("Escape")
        assert seen.page.locator("#card").is_hidden()


def test_back_closes_the_card_and_brings_back_the_view(open_map: Open) -> None:
    with open_map("#over=none&by=share", **STILL) as seen:
        page = seen.page
        page.evaluate("map_map.setView([52.53, -1.96], 13.5, { animate: false })")
        before = page.evaluate(VIEW)
        seek(page, "square 05")
        assert page.evaluate(VIEW) != before
        click_zone(page, "Z05")  # the same again: no step of its own
        page.evaluate("planner.state.change({ zone: planner.data.zones.numberOf.get('Z40') }, { zoomTo: 14 })")
        assert seen.text("#card h2") == "Square 40"
        page.go_back()
        wait_until(page, "document.querySelector('#card h2').textContent === 'Square 05'")
        page.go_back()
        page.wait_for_selector("#card", state="hidden")
        assert page.evaluate(VIEW) == before
        assert page.input_value("#indicator") == "share"
        page.go_forward()
        page.wait_for_selector("#card:not([hidden])")
        assert seen.text("#card h2") == "Square 05"


LOADED = (
    "#by=centres&at=12/1e308/1e308", "#at=-5/52.5/-1.9", "#at=12/-89.9/179.9", "#zone=%ED%A0%80&by=centres", "#%",
    "#feature=sites:%ED", "#swipe=1e9&with=minutes&by=centres", "#" + "at=12/52.5/-1.9&" * 3000,
)  # fmt: skip
PASTED = (
    *LOADED, "#at=1e308/52.5/-1.9", "#at=12/0/0", "#at=//", "#at=0x1F/52.5/-1.9", "#by=centres&at=Infinity/52/-1",
    "#by=%00%1B&zone=%FF", "#=&&==", "#zone=Z31", "#over=sites", "#over=", "#swipe=50&with=nothing",
    "#by=centres&with=centres&swipe=0", "#figures",
)  # fmt: skip


def alive(seen: Visit) -> None:
    """The region is in sight, a search ends in a card, and the address follows."""
    assert seen.page.evaluate("map_map.getBounds().intersects(planner.data.bounds)")
    seek(seen.page, "square 24")
    assert seen.text("#card h2") == "Square 24"
    assert seen.page.evaluate("location.hash").startswith("#by=")


@pytest.mark.parametrize("address", LOADED)
def test_no_address_leaves_a_dead_page(open_map: Open, address: str) -> None:
    with open_map(address) as seen:
        alive(seen)


def test_no_pasted_address_leaves_a_dead_page(open_map: Open) -> None:
    """A page that opens and a page that is open follow an address by the same script."""
    with open_map(**STILL) as seen:
        for address in PASTED:
            seen.page.evaluate("(address) => { location.hash = address; }", address)
            alive(seen)
            seen.page.keyboard.press("Escape")


def test_a_zone_in_the_address_alone_opens_its_card(open_map: Open) -> None:
    with open_map("#zone=Z31") as seen:
        assert seen.text("#card h2") == "Square 31"


def bare_map(folder: Path, count: int) -> Path:
    """Zones and nothing else: no district, no layer, no value."""
    zones = squares().iloc[:count][["name", "geometry"]].assign(minutes=float("nan"), name="")
    content = MapContent("Bare", zones, (Indicator("minutes", "Minutes", "minutes", in_table=True),))
    file = folder / "bare.html"
    file.write_text(draw_map(content), encoding="utf-8")
    return file


@pytest.mark.parametrize("count", [1, 2])
def test_a_map_of_one_zone_without_values_names_or_layers_works(browser: Chromium, tmp_path: Path, count: int) -> None:
    for settings in ({}, PHONE):
        with visit(browser, bare_map(tmp_path, count), "#at=18/0/0", **settings) as seen:
            click_zone(seen.page, "Z00")
            assert seen.text("#card h2") == "Z00"
            assert "Not reachable" in seen.texts("#card dd")
            assert seen.text(".table-tools [role=status]") == f"Rows 1 to {count} of {count}"
            assert violations(seen.page) == []


def test_a_feature_without_a_place_has_a_card(browser: Chromium, tmp_path: Path) -> None:
    sites = gpd.GeoDataFrame(
        {"name": ["Here", "Nowhere"], "ha": [1.0, 2.0]}, geometry=[shapely.Point(400_500, 290_500), None]
    )
    layers = map_layers({"sites": sites.set_crs("EPSG:27700")}, NO_TEST)
    content = MapContent("Sites", squares(), (Indicator("centres", "Centres", "reached"),), layers=layers)
    file = tmp_path / "sites.html"
    file.write_text(draw_map(content), encoding="utf-8")
    with visit(browser, file, **STILL) as seen:
        seek(seen.page, "nowhere")
        assert seen.text("#card h2") == "Nowhere"
        assert "outside the zones" in seen.text("#card")


def test_thirty_centres_have_thirty_one_classes_on_the_page(browser: Chromium, tmp_path: Path) -> None:
    """Past the letters of the alphabet."""
    zones = squares().assign(centres=range(36))
    content = MapContent("Many", zones, (Indicator("centres", "Centres", "reached"),))
    file = tmp_path / "many.html"
    file.write_text(draw_map(content), encoding="utf-8")
    with visit(browser, file, "#zone=Z55") as seen:
        assert seen.page.evaluate("planner.classOf(planner.data.indicators[0], 35).count") >= 1
        counts = [int(count) for count in seen.texts(".legend .count")]
        assert sum(counts) == 36


def test_names_have_a_solid_halo_or_ground_on_every_colour(open_map: Open) -> None:
    """Letters of 4.5 to 1 against white, and white all round them."""
    with open_map("#by=centres&over=centres.corridors.pilots.sites.stations.places.tramstops.districts") as seen:
        found = seen.page.evaluate("""() => [...document.querySelectorAll('#first-pane .name')].map((name) => {
            const { color, textShadow, backgroundColor } = getComputedStyle(name);
            return [name.className, color, textShadow, backgroundColor];
        })""")
    looks = {part for name, *_ in found for part in name.split()}
    assert {"name-boxed", "name-bold", "name-small", "name-spaced"} <= looks
    for name, colour, shadow, ground in found:
        red, green, blue = (int(part) for part in colour[4:-1].split(","))
        assert contrast_with_white((red, green, blue)) >= 4.5, name
        alpha = float(ground.split(",")[3][:-1]) if ground.startswith("rgba") else 1.0
        solid = shadow.count("0px rgb(255, 255, 255)") + shadow.count("rgb(255, 255, 255)")
        assert solid >= 8 or alpha >= 0.85, (name, shadow, ground)


def contrast_with_white(colour: tuple[int, int, int]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in colour)]
    return 1.05 / (0.05 + sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)))


def test_control_characters_in_names_are_replaced_and_inert(browser: Chromium, tmp_path: Path) -> None:
    odd = "A\x00\x1b[31mred\x9b\ufffe\u202eB"
    zones = squares().assign(name=odd, district_name=odd, why=odd)
    content = MapContent(
        odd, zones, (Indicator("why", odd, "category", group=odd, source=odd),), caution=odd, attributions=(odd,)
    )
    html = draw_map(content)
    assert not [mark for mark in "\x00\x1b\x9b\ufffe" if mark in html]
    file = tmp_path / "odd.html"
    file.write_text(html, encoding="utf-8")
    with visit(browser, file, "#zone=Z00") as seen:
        for place in ("h1", "#card h2", "#caution", "#sources li", "#legends h3"):
            assert seen.text(place).startswith("A\ufffd\ufffd[31mred"), place


# The element with the focus, where it is outside the card and wholly under it or under the caution; "" otherwise.
HIDDEN_FOCUS = """(() => {
  const one = document.activeElement;
  const { left, top, right, bottom } = one.getBoundingClientRect();
  const covers = [...document.querySelectorAll('#card, #caution')].filter((each) => !each.contains(one)).some((each) => {
    const over = each.getBoundingClientRect();
    return left >= over.left && right <= over.right && top >= over.top && bottom <= over.bottom;
  });
  return covers || bottom <= 0 || top >= innerHeight ? one.id || one.textContent : '';
})()"""


def test_what_has_the_focus_on_a_phone_is_never_under_the_card_or_out_of_sight(open_map: Open) -> None:
    with open_map("#zone=Z24&by=centres", **PHONE, **STILL) as seen:
        page = seen.page
        page.focus("#search")
        hidden = []
        for _ in range(30):
            page.keyboard.press("Tab")
            hidden.append(page.evaluate(HIDDEN_FOCUS))
        assert [words for words in hidden if words] == []
        seek(page, "Alpha")
        assert page.evaluate("document.activeElement.id") == "card-heading"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == "search"
        assert page.evaluate(HIDDEN_FOCUS) == ""
