"""The live page in a real browser: drawn on by mouse, finger and keyboard, with hostile names, killed and started again."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Page

from corridors.live.answers import Answers
from corridors.live.app import LiveApp
from corridors.live.commands import listening_at
from corridors.live.documents import Documents
from corridors.live.region import LiveRegion
from corridors.live.reports import Reports
from corridors.report.blocks.view import Paragraph, Report, Section
from corridors.report.render.html import render_html
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.worlds import written_for
from tests.maps.browser import DESKTOP, PHONE, READY, Chromium, violations, wait_until

ANSWERED = (
    "(n) => state.answer && state.answer.edits.length === n && document.querySelectorAll('#edits li').length === n"
)
SETTLED = "document.getElementById('status').textContent.match(/^(Answered|At the middle)/)"


@dataclass
class Server:
    """A server in a thread of its own, for one folder of scenario files."""

    region: LiveRegion
    config: Path
    folder: Path
    running: Any = None

    def start(self) -> str:
        """The address to enter by."""
        listening = listening_at(0)
        documents = Documents(self.folder, written_for(self.region.base))
        app = LiveApp(Answers(self.region, documents), documents, Reports(self.config))
        port = listening.getsockname()[1]
        guard = app.application(port)
        self.running = uvicorn.Server(uvicorn.Config(guard, log_level="error", access_log=False))
        self.thread = threading.Thread(target=self.running.run, kwargs={"sockets": [listening]}, daemon=True)
        self.thread.start()
        return f"http://127.0.0.1:{port}/?token={guard.token}"

    def stop(self) -> None:
        self.running.should_exit = True
        self.thread.join(20)


@pytest.fixture
def server(region: LiveRegion, config: Path, tmp_path: Path) -> Iterator[Server]:
    one = Server(region, config, tmp_path / "live")
    yield one
    if one.running:
        one.stop()


@dataclass
class Seen:
    """A page, with what it asked for and complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def visited(browser: Chromium, address: str, **settings: Any) -> Iterator[Seen]:
    """A page in a context of its own, with its own cookies; it asks nobody but its server, and hostile words stay words."""
    context = browser.started.new_context(**{**DESKTOP, **settings})
    page = context.new_page()
    seen = Seen(page)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (seen.complaints.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: seen.complaints.append(message.text) if message.type == "error" else None)
    try:
        page.goto(address)
        wait_until(page, READY)
        yield seen
        host = address.split("/")[2]
        assert {url.split("/")[2] for url in seen.requests if not url.startswith("data:")} == {host}
        assert seen.complaints == []
        assert page.evaluate("window.ran") is None
    finally:
        context.close()


def at_stop(page: Page, stop: str) -> tuple[float, float]:
    """Where a stop is on the screen."""
    x, y = page.evaluate(
        """(id) => {
            const { ids, lat, lon } = state.region.stops, i = ids.indexOf(id);
            const at = map.latLngToContainerPoint([lat[i], lon[i]]), box = map.getContainer().getBoundingClientRect();
            return [box.left + at.x, box.top + at.y];
        }""",
        stop,
    )
    return x, y


def draw_line(page: Page, touch: Callable[[float, float], None]) -> None:
    page.select_option("#kind", "new_line")
    page.fill("input[name=number]", "X1")
    page.locator("#map").scroll_into_view_if_needed()
    for number, stop in enumerate("ACF", start=1):
        touch(*at_stop(page, stop))
        wait_until(page, "(n) => document.querySelectorAll('#picked li').length === n", number)
    page.fill("input[name=speed]", "60")
    page.fill("input[name=every]", "5")
    page.click("#form button[type=submit]")
    wait_until(page, ANSWERED, 1)
    wait_until(page, SETTLED)


def test_a_line_drawn_by_mouse_is_answered_kept_undone_and_redone(server: Server, browser: Chromium) -> None:
    with visited(browser, server.start()) as seen:
        page = seen.page
        draw_line(page, page.mouse.click)
        assert page.evaluate("state.answer.people_gaining") > 0
        assert page.evaluate("state.answer.range.timetables") > 1
        (file,) = server.folder.glob("live_*.toml")
        (scenario,) = read_scenarios([file]).scenarios
        assert [edit.kind for edit in scenario.edits] == ["new_line"]
        assert [one.edits for one in scenario.tried] == [1]
        page.click("#undo")
        wait_until(page, ANSWERED, 0)
        page.click("#redo")
        wait_until(page, ANSWERED, 1)
        wait_until(page, SETTLED)
        page.evaluate("chooseZone(0)")
        wait_until(page, "document.querySelectorAll('#card h4').length === 2")
        assert "reached 400 m from its point" in page.text_content("#place-note")
        page.click("#to-here")
        wait_until(page, "state.reach && state.reach.words.startsWith('to ')")
        page.click("#on-map")
        page.mouse.click(*at_stop(page, "B"))
        wait_until(page, "document.getElementById('place').value !== ''")
        page.click("#from-here")
        wait_until(page, "state.reach && state.reach.words.startsWith('from ')")
        assert violations(page) == []


def test_a_line_drawn_by_finger_on_a_phone(server: Server, browser: Chromium) -> None:
    with visited(browser, server.start(), **PHONE) as seen:
        page = seen.page
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        draw_line(page, page.touchscreen.tap)
        assert page.evaluate("state.answer.people_gaining") > 0
        assert violations(page) == []


def test_everything_is_there_by_keyboard_alone(server: Server, browser: Chromium) -> None:
    with visited(browser, server.start()) as seen:
        page = seen.page

        def fill(selector: str, words: str) -> None:
            page.focus(selector)
            page.keyboard.press("Control+a")
            page.keyboard.type(words)

        page.focus("#kind")
        page.keyboard.press("Home")  # a new line
        fill("input[name=number]", "K1")
        for number, stop in enumerate("AF", start=1):
            fill("#stop", stop)
            page.keyboard.press("Enter")
            wait_until(page, "(n) => document.querySelectorAll('#picked li').length === n", number)
        page.focus("#form button[type=submit]")
        page.keyboard.press("Enter")
        wait_until(page, ANSWERED, 1)
        wait_until(page, SETTLED)
        page.focus("#kind")
        page.keyboard.press("ArrowDown")  # more or fewer departures
        fill("input[name=line]", page.evaluate("lineWords(state.region.lines[0])"))
        page.keyboard.press("Tab")
        page.focus("#form button[type=submit]")
        page.keyboard.press("Enter")
        wait_until(page, ANSWERED, 2)
        wait_until(page, SETTLED)
        page.focus("#undo")
        page.keyboard.press("Enter")
        wait_until(page, ANSWERED, 1)


def test_a_change_is_edited_in_the_form_again(server: Server, browser: Chromium) -> None:
    with visited(browser, server.start()) as seen:
        page = seen.page
        draw_line(page, page.mouse.click)
        before = page.evaluate("state.edits[0]")
        page.click("#edits button[aria-label='Edit change 1']")
        assert page.evaluate("editOfForm()") == before  # nothing is lost on the way back
        page.fill("input[name=every]", "20")
        page.click("#form button[type=submit]")
        wait_until(page, "state.edits[0].service[0].every === '20 min' && !state.editing")
        wait_until(page, SETTLED)
        assert page.evaluate("[state.edits.length, state.edits[0].id]") == [1, before["id"]]


def test_a_report_is_read_with_its_styles_and_figures(
    server: Server, browser: Chromium, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page's own policy takes no style within a page; that of a report does, and still nothing from elsewhere."""
    answer = Section("answer", "The answer", (Paragraph("As before."),))
    content = Report("Live", "", dt.date(2026, 3, 24), "", (), (answer,))
    report = tmp_path / "report.html"
    report.write_text(render_html(content), encoding="utf-8")
    monkeypatch.setattr(Reports, "page", lambda _self, job: report if job == "made" else None)
    with visited(browser, server.start()) as seen:
        seen.page.goto(seen.page.url.split("#")[0].rstrip("/") + "/report/made")
        assert "sans-serif" in seen.page.evaluate("getComputedStyle(document.body).fontFamily")
        assert seen.page.evaluate("fetch('/api/region').then(() => 'asked', () => 'refused')") == "refused"
        seen.complaints.clear()  # of the refusal


def test_what_is_wrong_is_told_and_changes_nothing(server: Server, browser: Chromium) -> None:
    with visited(browser, server.start()) as seen:
        page = seen.page
        page.select_option("#kind", "headway")
        page.fill("input[name=line]", "<b>nowhere</b>")
        page.click("#form button[type=submit]")
        wait_until(page, "document.getElementById('problem').textContent.includes('<b>nowhere</b>')")
        assert page.evaluate("state.edits.length") == 0


def test_a_server_that_ends_keeps_the_work_for_the_next(server: Server, browser: Chromium) -> None:
    with visited(browser, server.start()) as seen:
        draw_line(seen.page, seen.page.mouse.click)
        kept = seen.page.evaluate("location.hash")
        gaining = seen.page.evaluate("state.answer.people_gaining")
    server.stop()
    with visited(browser, f"{server.start()}{kept}") as seen:
        wait_until(seen.page, ANSWERED, 1)
        wait_until(seen.page, SETTLED)
        assert seen.page.evaluate("state.answer.people_gaining") == gaining
