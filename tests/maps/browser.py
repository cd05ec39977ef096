"""A real Chromium for the map's tests: found on this machine, watched for requests and errors."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
READY = "document.documentElement.dataset.ready === 'yes'"
PATIENCE_MS = 20_000
AXE = Path(__file__).parent / "assets/axe.min.js"
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def chromium_path() -> str:
    """Where Chromium is. Without one: skip with the reason, or fail where CI=true."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found:
        return found
    reason = f"no Chromium on this machine (looked for {', '.join(NAMES)}); on Debian: apt-get install chromium"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass
class Chromium:
    """One headless Chromium, a window for each kind of screen: a page loads there in a third of what a new window costs."""

    started: Browser
    windows: dict[str, Page] = field(default_factory=dict)

    def window(self, settings: dict[str, Any]) -> Page:
        """The window of a screen with these settings, of the size asked for and with nothing in it."""
        options = DESKTOP | settings
        size, motion = options.pop("viewport"), options.pop("reduced_motion", "null")
        page = self.windows.get(repr(options))
        if page is None:
            page = self.windows[repr(options)] = self.started.new_context(viewport=size, **options).new_page()
        page.goto("about:blank")
        page.set_viewport_size(size)
        page.emulate_media(media="null", reduced_motion=motion)
        return page


@contextmanager
def running_browser() -> Iterator[Chromium]:
    """Headless Chromium, closed afterwards."""
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield Chromium(browser)
        finally:
            browser.close()


@dataclass
class Visit:
    """One opened page, with everything it asked for and complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def text(self, selector: str) -> str:
        """The words of the first element that fits."""
        return self.page.locator(selector).first.inner_text()

    def texts(self, selector: str) -> list[str]:
        """The words of every element that fits."""
        return self.page.locator(selector).all_inner_texts()

    def choose(self, column: str, box: str = "indicator") -> None:
        """Choose an indicator in one of the lists."""
        self.page.select_option(f"#{box}", column)

    def sound(self) -> None:
        """Nothing was asked of the network but the page itself, nothing went wrong, and no hostile text ran."""
        assert [address for address in self.requests if not address.startswith("file:")] == []
        assert len(self.requests) == 1
        assert self.complaints == []
        assert self.page.evaluate("window.ran") is None


Open = Callable[..., AbstractContextManager[Visit]]  # opens a page at an address, with settings of a screen


@contextmanager
def visit(browser: Chromium, file: Path, hash_: str = "", ready: str = READY, **settings: Any) -> Iterator[Visit]:
    """Load the file and wait until `ready` is true; on leaving, check that the visit was sound."""
    page = browser.window(settings)
    seen = Visit(page)

    def refuse(dialog: Dialog) -> None:
        seen.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    listeners: dict[Any, Any] = {
        "request": lambda request: seen.requests.append(request.url),
        "console": lambda message: seen.complaints.append(f"{message.type}: {message.text}"),
        "pageerror": lambda error: seen.complaints.append(str(error)),
        "dialog": refuse,
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    try:
        page.goto(file.as_uri() + hash_)
        wait_until(page, ready)
        yield seen
        seen.sound()
    finally:
        for event, listener in listeners.items():
            page.remove_listener(event, listener)


def wait_until(page: Page, condition: str, arg: object = None) -> None:
    """Ask until it is true. Playwright's own waiting evaluates inside the page, which its policy forbids the second time."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(condition, arg):
        assert time.monotonic() < end, f"never true: {condition}"
        page.wait_for_timeout(50)


def violations(page: Page, within: str = "html") -> list[tuple[str, str, list[Any]]]:
    """What axe-core finds wrong in a part of the page: (rule, impact, where)."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(within) => axe.run(within).then((result) => result.violations)", within)
    return [(item["id"], item["impact"], [node["target"] for node in item["nodes"]]) for item in found]


def middle_of(page: Page, zone: str) -> tuple[float, float]:
    """Where the middle of a zone is on the screen."""
    x, y = page.evaluate(
        """(id) => {
            const { zones } = planner.data;
            const at = map_map.latLngToContainerPoint(zones.points[zones.numberOf.get(id)]);
            const box = map_map.getContainer().getBoundingClientRect();
            return [box.left + at.x, box.top + at.y];
        }""",
        zone,
    )
    return x, y


def click_zone(page: Page, zone: str) -> None:
    page.mouse.click(*middle_of(page, zone))
    page.wait_for_selector("#card:not([hidden])")
