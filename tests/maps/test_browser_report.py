"""The report of the demonstration in a real browser: silent, and without serious fault for axe."""

from pathlib import Path

import pytest

from tests.maps.browser import PHONE, running_browser, violations, visit

pytestmark = pytest.mark.browser


def test_the_report_asks_for_nothing_and_axe_finds_nothing_serious(demo_run: Path) -> None:
    with running_browser() as browser:
        for settings in ({}, PHONE):
            with visit(
                browser, demo_run / "report.html", ready="document.readyState === 'complete'", **settings
            ) as seen:
                found = violations(seen.page)
                assert [each for each in found if each[1] in {"serious", "critical"}] == []
                assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
