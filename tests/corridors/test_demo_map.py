"""The map and the report of the demonstration in a real browser: small, silent, and without serious fault for axe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.maps.browser import PHONE, running_browser, violations, visit

pytestmark = pytest.mark.browser

ADDRESSES = ("", "#by=loses_most_by&zone=DEMO0300&over=corridors.catchments.links.stops.sites.pilots.stations.places")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("settings", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_no_violation(browser: Browser, demo_run: Path, address: str, settings: dict[str, object]) -> None:
    with visit(browser, demo_run / "maps" / "index.html", address, **settings) as seen:
        assert violations(seen.page) == []


@pytest.mark.parametrize("settings", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious_in_the_report(browser: Browser, demo_run: Path, settings: dict[str, object]) -> None:
    with visit(browser, demo_run / "report.html", ready="document.readyState === 'complete'", **settings) as seen:
        assert [found for found in violations(seen.page) if found[1] in {"serious", "critical"}] == []
        assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_failing_zone_tells_its_journey_first(browser: Browser, demo_run: Path) -> None:
    with visit(browser, demo_run / "maps" / "index.html", "#by=centres_within_45&zone=DEMO0300") as seen:
        assert seen.texts("#card h3")[0] == "The journey, and where it loses time"
        assert " min" in seen.texts("#card p")[1]


def test_place_names_and_stations_stand_on_the_map_when_near(browser: Browser, demo_run: Path) -> None:
    with visit(browser, demo_run / "maps" / "index.html", "#by=centres_within_45&at=13.5/52.482/-1.898") as seen:
        names = set(seen.texts(".name"))
        assert "Birmingham" in names
        assert names & {"Ladywood", "Nechells", "Highgate", "Newtown"}
        assert names & {"Jewellery Quarter", "Five Ways", "Bordesley", "Duddeston", "Adderley Park", "Snow Hill"}


def test_the_map_is_under_five_megabytes(demo_run: Path) -> None:
    assert (demo_run / "maps" / "index.html").stat().st_size < 5_000_000
