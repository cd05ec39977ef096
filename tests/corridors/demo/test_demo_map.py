"""The map and the report of the demonstration in a real browser: small, silent, and without serious fault for axe."""

from pathlib import Path

import pytest

from tests.maps.browser import PHONE, Chromium, violations, visit

pytestmark = pytest.mark.browser

ADDRESSES = ("", "#by=loses_most_by&zone=DEMO0300&over=corridors.catchments.links.stops.sites.pilots.stations.places")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("settings", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_no_violation(browser: Chromium, demo_run: Path, address: str, settings: dict[str, object]) -> None:
    with visit(browser, demo_run / "maps" / "index.html", address, **settings) as seen:
        assert violations(seen.page) == []


@pytest.mark.parametrize("settings", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious_in_the_report(
    browser: Chromium, demo_run: Path, settings: dict[str, object]
) -> None:
    with visit(browser, demo_run / "report.html", ready="document.readyState === 'complete'", **settings) as seen:
        assert [found for found in violations(seen.page) if found[1] in {"serious", "critical"}] == []
        assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_no_line_of_the_contents_lies_on_the_number_of_another(browser: Chromium, demo_run: Path) -> None:
    """Numbers stand to the left of their lines, two letters wide, in the gap between columns."""
    lying = """() => {
        const lines = [...document.querySelectorAll('nav ol a')].flatMap((line) => [...line.getClientRects()]);
        const number = 1.8 * parseFloat(getComputedStyle(document.documentElement).fontSize);
        return lines.filter((a) => lines.some((b) => a !== b && a.left < b.left && a.right > b.left - number
            && a.top < b.bottom - 2 && b.top < a.bottom - 2)).length;
    }"""
    with visit(browser, demo_run / "report.html", ready="document.readyState === 'complete'") as seen:
        for width in (390, 768, 1000, 1280, 1600):
            seen.page.set_viewport_size({"width": width, "height": 900})
            assert seen.page.evaluate(lying) == 0


def test_a_failing_zone_tells_its_journey_before_its_figures(browser: Chromium, demo_run: Path) -> None:
    with visit(browser, demo_run / "maps" / "index.html", "#by=centres_within_45&zone=DEMO0300") as seen:
        headings = seen.texts("#card h3")
        assert headings[:2] == ["Where can I get to from here?", "The journey, and where it loses time"]
        assert any(" min leaving at " in text for text in seen.texts("#card p"))


def test_place_names_and_stations_stand_on_the_map_when_near(browser: Chromium, demo_run: Path) -> None:
    with visit(browser, demo_run / "maps" / "index.html", "#by=centres_within_45&at=13.5/52.482/-1.898") as seen:
        names = set(seen.texts(".name"))
        assert "Birmingham" in names
        assert names & {"Ladywood", "Nechells", "Highgate", "Newtown"}
        stations = {"Jewellery Quarter", "Five Ways", "Bordesley", "Duddeston", "Adderley Park", "Snow Hill"}
        assert names & {f"{name} station" for name in stations}  # as the timetable calls them


def test_a_search_for_longbridge_ends_in_a_zone_with_its_figures(browser: Chromium, demo_run: Path) -> None:
    with visit(browser, demo_run / "maps" / "index.html") as seen:
        assert any("Longbridge" in name for name in seen.page.evaluate("planner.data.layerOf.get('stations').names"))
        seen.page.fill("#search", "longbridge")
        assert seen.text("#search-results small").startswith("Place, Longbridge ")
        seen.page.keyboard.press("Enter")
        assert "Minutes to the nearest centre" in seen.texts("#card dt")
        assert "DEMO" not in seen.text("#card")


def test_the_map_is_under_five_megabytes(demo_run: Path) -> None:
    assert (demo_run / "maps" / "index.html").stat().st_size < 5_000_000
