"""What one takes away from the map, other ways to a zone, and the three steps, in a real browser."""

import csv
import io
import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from maps.web.content import MapContent
from tests.maps.browser import PHONE, Open, violations
from tests.maps.conftest import HOSTILE

pytestmark = pytest.mark.browser


def test_the_table_and_the_zones_are_saved_whole(open_map: Open, content: MapContent, zones: gpd.GeoDataFrame) -> None:
    with open_map(accept_downloads=True) as seen:
        page = seen.page
        saved = {}
        for name in ("Table as CSV", "Zones as GeoJSON"):
            with page.expect_download() as download:
                page.get_by_role("button", name=name).click()
            saved[name] = Path(download.value.path()).read_text(encoding="utf-8-sig")
            assert seen.text("#said") == f"Saved as {download.value.suggested_filename}"
    rows = list(csv.DictReader(io.StringIO(saved["Table as CSV"])))
    assert [row["Zone"] for row in rows] == list(zones.index)
    assert rows[7]["Level 4 or above"] == "0.1"
    assert rows[8]["Meets the test"] == "false"
    assert rows[5]["Level 4 or above"] == ""
    assert [rows[13]["Near"], rows[25]["Near"]] == ["", HOSTILE[1]]
    assert {row["Caution"] for row in rows} == {content.caution}
    frame = gpd.GeoDataFrame.from_features(json.loads(saved["Zones as GeoJSON"])["features"], crs="EPSG:4326")
    assert frame["minutes"].isna().sum() == 6
    apart = frame.geometry.to_crs(zones.crs).area.to_numpy() / zones.area.to_numpy()
    assert (abs(apart - 1) < 0.01).all()
    assert shapely.is_valid(frame.geometry.to_numpy()).all()


def test_code_to_embed_and_a_copied_address_say_that_the_page_is_a_local_file(open_map: Open) -> None:
    with open_map("#by=share", permissions=["clipboard-read", "clipboard-write"]) as seen:
        page = seen.page
        page.get_by_role("button", name="Code to embed it").click()
        assert page.input_value("#keep textarea").startswith('<iframe src="file:')
        assert "put it on a web server" in seen.text("#keep [role=status]")
        page.get_by_role("button", name="Copy the address").click()
        page.get_by_role("button", name="Address copied").wait_for()
        assert "the address opens nothing elsewhere" in seen.text("#keep [role=status]")
        assert violations(page, "#keep") == []


def test_a_position_and_a_postcode_of_a_file_open_the_zone_that_holds_them(
    open_map: Open, zones: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    spot = zones.to_crs("EPSG:4326").geometry["Z21"].centroid
    file = tmp_path / "codes.csv"
    file.write_text(f"pcds,lat,long\nB1 1AA,{spot.y},{spot.x}\nZE1 0AA,60.1,-1.1\n", encoding="utf-8")
    here = {"latitude": spot.y, "longitude": spot.x}
    with open_map(permissions=["geolocation"], geolocation=here) as seen:
        page = seen.page
        page.click(".finding summary")
        page.get_by_role("button", name="Show where I am").click()
        page.wait_for_selector("#card:not([hidden])")
        assert seen.text("#card h2") == "Square 21"
        assert seen.text("#find-note") == "You are in Square 21."
        page.click("#card .close")
        page.set_input_files("#postcodes", file)
        page.get_by_text("1 postcodes of this region can now be searched.").wait_for()
        page.fill("#search", "b11a")
        assert seen.texts("#search-results li") == ["B1 1AA\nPostcode, Square 21"]
        page.keyboard.press("Enter")
        assert seen.text("#card h2") == "Square 21"
        other = tmp_path / "other.csv"
        other.write_text("a,b\n", encoding="utf-8")
        page.set_input_files("#postcodes", other)
        page.get_by_text("no columns postcode, lat and lon").wait_for()
        assert violations(page, "#controls") == []


def test_a_small_mistake_finds_the_name_and_says_so(open_map: Open) -> None:
    with open_map() as seen:
        seen.page.fill("#search", "Aplha")
        assert seen.texts("#search-results li span")[0] == "Alpha"
        assert seen.text("#said").startswith("Nothing by that name, spelt alike: ")


def test_a_zone_is_known_by_the_place_that_it_is_near(open_map: Open) -> None:
    known = f"Square 41 (near {HOSTILE[1]})"
    with open_map("#zone=Z41") as seen:
        assert seen.text("#card h2") == known
        seen.page.fill("#search", HOSTILE[1][:6].upper())
        assert known in seen.texts("#search-results span")


def test_three_steps_are_gone_through_from_the_keyboard(open_map: Open) -> None:
    for settings in ({}, PHONE):
        with open_map("#by=share&over=none", **settings) as seen:
            page = seen.page
            page.focus("#tour-start")
            page.keyboard.press("Enter")
            assert seen.text("#tour h2") == "Choose (1 of 3)"
            assert page.evaluate("document.activeElement.id") == "tour-heading"
            assert violations(page, "#tour") == []
            page.get_by_role("button", name="Next", exact=True).first.click()
            page.get_by_role("button", name="Next", exact=True).first.click()
            assert seen.text("#tour h2") == "Ask (3 of 3)"
            assert page.locator("#map-section.toured").count() == 1
            page.keyboard.press("Escape")
            assert page.locator("#tour").is_hidden()
            assert page.evaluate("document.activeElement.id") == "tour-start"


def test_paper_has_patterns_unless_they_are_switched_off(open_map: Open) -> None:
    with open_map("#by=centres&over=none") as seen:
        page = seen.page
        asked = "dispatchEvent(new Event('beforeprint')); planner.state.chosen.patterns"
        assert page.evaluate(asked) is True
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate("planner.state.chosen.patterns") is False
        page.uncheck("#paperPatterns")
        assert page.evaluate(asked) is False
        page.evaluate("dispatchEvent(new Event('afterprint'))")
