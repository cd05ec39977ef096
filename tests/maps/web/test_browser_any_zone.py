""" "Where can I get to from here?" in a real browser: by mouse, from the keyboard, on a phone, and from an address."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from maps.web.any_zone import UNREACHED_STEPS, Reached, ReachedPlace, ReachedPlaces, ZoneToZone
from maps.web.content import MapContent
from maps.web.write import draw_map, draw_map_files
from tests.maps.browser import PHONE, Chromium, Open, click_zone, violations, visit, wait_until
from tests.maps.conftest import HOSTILE
from tests.maps.web.test_any_zone import times_between

pytestmark = pytest.mark.browser
READ = "planner.times.isRead(planner.anyZone.start())"
GO = ".any-zone > button"
CUTOFF = 45


@pytest.fixture(scope="module")
def times(zones: gpd.GeoDataFrame) -> np.ndarray:
    drawn = times_between(len(zones))
    drawn[drawn > 130] = UNREACHED_STEPS
    return drawn


@pytest.fixture(scope="module")
def open_times(
    browser: Chromium, content: MapContent, times: np.ndarray, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Open]:
    held = ZoneToZone(
        times,
        60,
        CUTOFF,
        note=HOSTILE[0],
        figures=(Reached("People", "residents", summed=True), Reached("Own", "decile", summed=False)),
        places=(ReachedPlaces("Places", (ReachedPlace(f"Alpha {HOSTILE[1]}", "minutes"),)),),
    )
    file = Path(tmp_path_factory.mktemp("map")) / "times.html"
    file.write_text(draw_map(replace(content, zone_to_zone=held)), encoding="utf-8")
    yield partial(visit, browser, file)


def test_every_pair_is_what_was_given_both_ways(open_times: Open, times: np.ndarray) -> None:
    with open_times() as seen:
        seen.page.evaluate("planner.times.read(0)")
        wait_until(seen.page, "planner.times.isRead(0)")
        found = seen.page.evaluate(
            """() => ['from', 'to'].map((way) => planner.data.zones.ids.map(
                (_, zone) => Array.from(planner.times.of(zone, way))))"""
        )
        assert (np.array(found[0]) == times).all()
        assert (np.array(found[1]) == times.T).all()


def test_the_map_the_legend_the_table_and_the_card_follow_the_zone_that_is_clicked(
    open_times: Open, times: np.ndarray, zones: gpd.GeoDataFrame
) -> None:
    with open_times("#over=none") as seen:
        page = seen.page
        page.click(GO)
        wait_until(page, READ)
        assert page.evaluate("document.activeElement.id") == "way-from"
        assert page.evaluate("planner.anyZone.start() >= 0"), "the zone in the middle, before one is chosen"
        click_zone(page, "Z13")
        row = zones.index.get_loc("Z13")
        steps = times[row]
        assert seen.text(".legend h3") == "Minutes from Square 13"
        counts = [int(count) for count in seen.texts(".legend .count")]
        edges = [15, 30, 45, 60, 90, 120]
        reached = steps[steps != UNREACHED_STEPS]
        assert counts[:7] == np.bincount(np.searchsorted(edges, reached), minlength=7).tolist()
        assert counts[7] == (steps == UNREACHED_STEPS).sum()
        near = steps <= CUTOFF
        people = int(zones["residents"].to_numpy()[near].sum())
        card = dict(zip(seen.texts(".card-times dt"), seen.texts(".card-times dd"), strict=True))
        assert card["People"].startswith(f"{people:,}")
        assert card["Own"] == "2 decile"
        assert card["Zones"] == f"{near.sum()} of 36"
        assert card["Places"] == f"Alpha {HOSTILE[1]} 30.0 min"
        assert seen.text("#said").startswith(f"From Square 13 within 45 minutes: {people:,}")
        assert seen.text("#figures thead th:nth-child(3)").startswith("Minutes from Square 13")
        shown = dict(zip(seen.texts("#figures tbody th"), seen.texts("#figures tbody td:nth-child(3)"), strict=True))
        assert shown["Square 13"] == "0"
        other = zones.index.get_loc("Z02")
        assert shown["Square 02"] == ("Not reachable" if steps[other] == UNREACHED_STEPS else str(steps[other]))
        assert violations(page) == []


def test_the_keyboard_turns_the_direction_and_escape_leaves(
    open_times: Open, times: np.ndarray, zones: gpd.GeoDataFrame
) -> None:
    with open_times("#by=share&zone=Z13&over=none") as seen:
        page = seen.page
        assert seen.text(".card-times h3") == "Where can I get to from here?"
        assert seen.texts(".card-times dt") == []
        page.focus(GO)
        page.keyboard.press("Enter")
        wait_until(page, READ)
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.id") == "way-to"
        assert seen.text(".legend h3") == "Minutes to Square 13"
        near = times[:, zones.index.get_loc("Z13")] <= CUTOFF
        card = dict(zip(seen.texts(".card-times dt"), seen.texts(".card-times dd"), strict=True))
        assert list(card) == ["People", "Zones"], "what is told of a start only is told from it"
        assert card["Zones"] == f"{near.sum()} of 36"
        assert seen.text("#said").startswith("To Square 13 within 45 minutes")
        page.click("#card .close")
        assert seen.text(".legend h3") == "Minutes to Square 13", "without its card the start stays"
        page.keyboard.press("Escape")
        assert page.evaluate("planner.state.chosen.indicator") == "share"
        assert page.locator(GO).is_visible()
        assert "start=" not in page.evaluate("location.hash")


def test_a_card_begins_it_and_back_comes_back(open_times: Open) -> None:
    with open_times("#by=share&over=none") as seen:
        page = seen.page
        click_zone(page, "Z31")
        page.click(".card-times button >> nth=1")
        wait_until(page, READ)
        wait_until(page, "location.hash.includes('start=Z31')")
        assert page.get_attribute(".card-times button >> nth=1", "aria-pressed") == "true"
        assert seen.text(".legend h3") == "Minutes to Square 31"
        click_zone(page, "Z13")
        assert seen.text(".legend h3") == "Minutes to Square 13"
        page.go_back()
        wait_until(page, "planner.anyZone.start() === planner.data.zones.numberOf.get('Z31')")
        assert seen.text(".legend h3") == "Minutes to Square 31"
        page.go_back()
        wait_until(page, "document.getElementById('card').hidden")
        assert seen.text(".legend h3") == "Level 4 or above"


def test_an_address_opens_it_on_a_phone_and_unknown_starts_are_left_aside(open_times: Open) -> None:
    with open_times("#by=minutes_from_zone&start=Z40&with=minutes_to_zone&over=none", **PHONE) as seen:
        page = seen.page
        wait_until(page, "document.querySelector('.legend h3').textContent.includes('Square 40')")
        assert seen.texts(".legend h3") == ["First map: Minutes from Square 40", "Second map: Minutes to Square 40"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert violations(page, "#controls") == []
        page.keyboard.press("Escape")
        assert page.evaluate("planner.state.chosen.compared") == ""
    with open_times("#by=minutes_from_zone&start=%FF") as seen:
        wait_until(seen.page, READ)
        assert seen.page.evaluate("planner.anyZone.start() >= 0")


def test_large_times_stand_in_files_beside_the_page_of_which_a_start_reads_its_own(
    browser: Chromium, content: MapContent, times: np.ndarray, tmp_path: Path
) -> None:
    held = ZoneToZone(times, 60, CUTOFF)
    files = draw_map_files(replace(content, zone_to_zone=held), most_in_page=100, side=10)
    assert list(files.beside) == [f"zone_times/{row}_{column}.js" for row in range(4) for column in range(4)]
    assert "in the folder zone_times, beside this file" in files.page
    page_file = tmp_path / "index.html"
    page_file.write_text(files.page, encoding="utf-8")
    (tmp_path / "zone_times").mkdir()
    page = browser.window({})
    for there in (False, True):
        for name, text in files.beside.items() if there else ():
            (tmp_path / name).write_text(text, encoding="utf-8")
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url.rpartition("/")[2]))
        page.goto("about:blank")
        page.goto(page_file.as_uri() + "#zone=Z13")
        wait_until(page, "document.documentElement.dataset.ready === 'yes'")
        assert page.locator("script[src]").count() == 0
        page.click(GO)
        if not there:
            page.get_by_text("is not beside this page.").first.wait_for()
            continue
        wait_until(page, READ)
        tiles = [name for name in asked if name.endswith(".js")]
        assert len(set(tiles)) == len(tiles) == 7, "a row and a column of four tiles"
        for zone in (13, 0, 35):
            page.evaluate(f"planner.times.read({zone})")
            found = page.evaluate(f"['from', 'to'].map((way) => Array.from(planner.times.of({zone}, way)))")
            assert (np.array(found) == [times[zone], times[:, zone]]).all()
        assert page.evaluate("Object.keys(planner.packed)") == []
    whole = draw_map_files(replace(content, zone_to_zone=held))
    assert whole.beside == {}
    assert whole.page == draw_map(replace(content, zone_to_zone=held))


def test_the_start_chosen_last_is_shown_whichever_tiles_come_first(
    browser: Chromium, content: MapContent, times: np.ndarray, zones: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    files = draw_map_files(replace(content, zone_to_zone=ZoneToZone(times, 60, CUTOFF)), most_in_page=100, side=7)
    for name, text in {"index.html": files.page, **files.beside}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    page = browser.window({})
    page.goto((tmp_path / "index.html").as_uri() + "#by=minutes_from_zone&start=Z40&over=none")
    wait_until(page, READ)
    page.evaluate("for (const zone of [3, 30, 17, 8]) planner.state.change({ zone })")
    wait_until(page, "document.querySelector('.legend h3').textContent.includes(planner.zoneName(8))")
    page.wait_for_timeout(200)
    expected = [None if one == UNREACHED_STEPS else float(one) for one in times[8]]
    assert page.evaluate("planner.data.indicatorOf.get('minutes_from_zone').values") == expected
    assert page.locator("#any-zone-words").inner_text().startswith("From ")
