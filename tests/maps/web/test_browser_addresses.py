"""Addresses that bring back a chosen feature and background layers, in a real browser."""

import pytest

from corridors.webmap.layer_styles import FREQUENCIES, LAYERS
from tests.maps.browser import Open
from tests.maps.conftest import HOSTILE

pytestmark = pytest.mark.browser

OVER_ALL = "over=districts.centres.corridors.catchments.pilots.sites.stops.links.tram.tramstops.stations.places"


def test_a_chosen_feature_of_every_layer_comes_back_with_its_address(open_map: Open) -> None:
    """Ids and names are hostile in most layers, so their addresses are too."""
    with open_map(f"#by=centres&{OVER_ALL}") as seen:
        page, kept = seen.page, {}
        drawn = [layer for layer in LAYERS if page.evaluate("(id) => planner.data.layerOf.has(id)", layer)]
        assert {layer for layer in LAYERS if layer not in drawn} == {
            "scenario_lines",
            "scenario_stops",
        }  # of scenarios only
        drawn.remove("base_map")  # nothing of it can be chosen
        for layer in drawn:
            page.evaluate(
                "(id) => planner.state.change({ feature: { layer: planner.data.layerOf.get(id), number: 0 } })", layer
            )
            kept[page.evaluate("location.hash")] = seen.text("#card h2")
        assert len(kept) == len(drawn)
        for address, heading in kept.items():
            page.evaluate("planner.state.change({ feature: null })")
            page.evaluate("(address) => { location.hash = address; }", address)
            page.wait_for_selector("#card:not([hidden])")
            assert seen.text("#card h2") == heading
    with open_map(next(iter(kept))) as again:
        assert again.text("#card h2") == next(iter(kept.values()))


def test_a_stop_keeps_its_address_by_its_id(open_map: Open) -> None:
    with open_map("#by=centres&feature=stops%3Ainternal-b&over=stops") as seen:
        assert seen.text("#card h2") == "Stop"
        assert "feature=stops%3Ainternal-b" in seen.page.evaluate("location.hash")


@pytest.mark.parametrize("feature", ["stops:nowhere", "rivers:a", "__proto__:constructor", "", "sites", "sites:0:1"])
def test_an_address_of_nothing_chooses_nothing(open_map: Open, feature: str) -> None:
    with open_map(f"#by=centres&feature={feature}") as seen:
        assert seen.page.locator("#card").is_hidden()


def test_a_click_goes_through_stations_and_the_tram_to_the_zone(open_map: Open) -> None:
    with open_map("#by=centres&over=stations.tram.tramstops") as seen:
        at = seen.page.evaluate("""() => {
            const [position] = planner.data.layerOf.get('stations').shapes[0][0];
            const { x, y } = map_map.latLngToContainerPoint(position);
            const box = map_map.getContainer().getBoundingClientRect();
            return [box.left + x, box.top + y];
        }""")
        seen.page.mouse.click(*at)
        assert seen.text("#card .under").startswith("Z14")


def test_stations_are_found_by_search(open_map: Open) -> None:
    with open_map() as seen:
        seen.page.fill("#search", "station <img")
        seen.page.keyboard.press("Enter")
        assert seen.text("#card h2") == f"Station {HOSTILE[1]}"


def test_services_are_explained_by_trips_an_hour_beside_their_layer(open_map: Open) -> None:
    with open_map() as seen:
        of_links = seen.page.locator(".choice", has=seen.page.locator("#layer-links"))
        assert of_links.locator("li").all_inner_texts() == [each.label for each in FREQUENCIES]


def test_the_map_first_fills_the_frame_in_one_direction(open_map: Open) -> None:
    for size in ({"width": 1280, "height": 900}, {"width": 390, "height": 844}):
        with open_map(viewport=size) as seen:
            filled = seen.page.evaluate("""() => {
                const { x, y } = map_map.getSize();
                const northWest = map_map.latLngToContainerPoint(planner.data.bounds.getNorthWest());
                const southEast = map_map.latLngToContainerPoint(planner.data.bounds.getSouthEast());
                return [(southEast.x - northWest.x) / x, (southEast.y - northWest.y) / y];
            }""")
            assert 0.85 < max(filled) <= 1
