"""Online background tiles: off unless named, from one server only, and said so on the page."""

import base64
import dataclasses
from pathlib import Path

import pytest

from maps.errors import MapContentError
from maps.web.content import MapContent, Tiles
from maps.web.write import draw_map
from tests.maps.browser import READY, Chromium, wait_until
from tests.maps.conftest import HOSTILE

ONE_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize(
    "url",
    [
        "http://tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}.png",
        "https://tiles.example/{z}/{x}/{y}.png; script-src *",
        "https://tiles.example https://other.example/{z}/{x}/{y}.png",
        "https://{s}/{z}/{x}/{y}.png",
        "https://user@tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}/{y}.png'",
        "javascript:{z}{x}{y}",
    ],
)
def test_what_is_no_address_of_tiles_is_refused(url: str) -> None:
    with pytest.raises(MapContentError, match="not the address of map tiles"):
        Tiles(url, "Example")


def test_the_server_is_what_the_policy_may_allow() -> None:
    assert Tiles("https://{s}.tiles.example/{z}/{x}/{y}.png", "E").server == "https://*.tiles.example"
    assert Tiles("https://tiles.example:8443/a/{z}/{y}/{x}@2x.png?v=1", "E").server == "https://tiles.example:8443"


@pytest.mark.browser
def test_only_the_named_server_is_asked_and_the_page_says_so(
    content: MapContent, tmp_path: Path, browser: Chromium
) -> None:
    tiles = Tiles("https://tiles.example/{z}/{x}/{y}.png", f"Example tiles {HOSTILE[4]}")
    file = tmp_path / "index.html"
    file.write_text(draw_map(dataclasses.replace(content, tiles=tiles)), encoding="utf-8")
    asked: list[str] = []
    complaints: list[str] = []
    page = browser.started.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.route("https://tiles.example/**", lambda route: route.fulfill(body=ONE_PIXEL, content_type="image/png"))
    page.goto(file.as_uri())
    wait_until(page, READY)
    wait_until(page, "document.querySelectorAll('.leaflet-tile-loaded').length > 0")
    assert page.locator("#map-tiles").inner_text() == f"Background: {tiles.attribution}"
    assert "from https://tiles.example" in page.locator("#sources").inner_text()
    assert page.evaluate("window.ran") is None
    online = [address for address in asked if not address.startswith("file:")]
    assert online
    assert all(address.startswith("https://tiles.example/") for address in online)
    assert complaints == []
    page.close()
