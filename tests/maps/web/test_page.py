"""The page as text: everything inside it, nothing outside it, and a policy that holds."""

import base64
import dataclasses
import hashlib
import json
import re
from html.parser import HTMLParser

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from corridors.webmap.layer_styles import LAYERS
from maps.web.content import Indicator, MapContent, Tiles
from maps.web.page import ANY_ZONE_SCRIPTS, ASSETS, PLANNER_SCRIPTS, SERIES_SCRIPTS, asset
from maps.web.page_data import encode
from maps.web.write import draw_map
from tests.maps.conftest import HOSTILE, squares

MOST_BYTES = 5_000_000


class Elements(HTMLParser):
    """Every element with its attributes, and the text of scripts, styles and headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []  # of each element, up to the next tag
        self.reading = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.texts.append((tag, ""))
        self.reading = True

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self.reading = False

    def handle_data(self, data: str) -> None:
        if self.reading:
            tag, text = self.texts[-1]
            self.texts[-1] = (tag, text + data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def html(content: MapContent) -> str:
    return draw_map(content)


@pytest.fixture(scope="module")
def page(html: str) -> Elements:
    return Elements(html)


def test_the_same_content_gives_the_same_page(content: MapContent, html: str) -> None:
    assert draw_map(content) == html


def test_no_element_names_a_file_or_an_address(page: Elements) -> None:
    for tag, attributes in page.found:
        assert "src" not in attributes, tag
        if "href" in attributes:
            assert attributes["href"] in {"#figures", "data:,"}


def test_no_style_loads_anything(page: Elements) -> None:
    styles = "".join(text for tag, text in page.texts if tag == "style")
    assert "@import" not in styles
    assert not re.findall(r"url\((?!data:)", styles)


def test_folium_brings_none_of_its_usual_scripts(html: str) -> None:
    for name in ("cdn.", "jquery", "bootstrap", "fontawesome", "awesome-markers", "sourceMappingURL", "unpkg"):
        assert name not in html.lower().replace("cdn.jsdelivr", "cdn.")


def test_folium_made_the_map_and_a_group_for_each_layer(content: MapContent, html: str) -> None:
    assert "var map_map = L.map(" in html
    for layer in content.layers:
        assert f"var feature_group_{layer.ident} = L.featureGroup(" in html


def test_the_policy_allows_these_very_scripts_and_styles_and_no_address(page: Elements) -> None:
    policy = next(
        str(meta["content"]) for meta in page.of("meta") if meta.get("http-equiv") == "Content-Security-Policy"
    )
    both = zip(page.found, page.texts, strict=True)
    running = [text for (tag, said), (_, text) in both if tag in {"script", "style"} and "type" not in said]
    assert len(running) == 5
    for text in running:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_data_block_is_read_back_as_it_was_written(content: MapContent, html: str) -> None:
    block = re.search(r'<script id="planner-data" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert block
    assert json.loads(block[1]) == json.loads(json.dumps(encode(content)))


def test_words_stand_in_the_page_as_words(content: MapContent, page: Elements) -> None:
    shown = dict(page.texts)
    assert shown["title"] == content.title
    assert shown["h1"] == content.title
    assert content.caution in [text for _, text in page.texts]
    assert not page.of("img")
    assert not page.of("svg")


def test_the_page_says_its_language_its_width_and_its_parts(page: Elements) -> None:
    assert page.of("html")[0]["lang"] == "en-GB"
    viewport = next(str(meta["content"]) for meta in page.of("meta") if meta.get("name") == "viewport")
    assert "user-scalable" not in viewport
    assert "maximum-scale" not in viewport
    for landmark in ("header", "main", "footer", "noscript"):
        assert len(page.of(landmark)) == 1


def test_without_a_caution_there_is_no_banner(content: MapContent) -> None:
    plain = Elements(draw_map(dataclasses.replace(content, caution="")))
    assert "caution" not in [attributes.get("id") for _, attributes in plain.found]


def test_online_tiles_are_asked_for_only_when_named(content: MapContent, html: str) -> None:
    tiles = Tiles("https://{s}.tiles.example/{z}/{x}/{y}.png", "Example tiles")
    with_tiles = draw_map(dataclasses.replace(content, tiles=tiles))
    assert "L.tileLayer(" not in html.rsplit("planner.start = ", maxsplit=1)[-1]
    assert "img-src data: https://*.tiles.example;" in with_tiles
    assert "https://{s}.tiles.example/{z}/{x}/{y}.png" in with_tiles


def region_of(count: int, vertices: int) -> gpd.GeoDataFrame:
    """As many zones as the real region has, each with a wavy outline of its own."""
    side = int(np.ceil(np.sqrt(count)))
    middles = np.stack(np.divmod(np.arange(count), side), axis=1) * 1000 + [380_000, 270_000]
    turn = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    reach = 480 + 15 * np.sin(9 * turn)
    rings = middles[:, None, :] + np.stack([reach * np.cos(turn), reach * np.sin(turn)], axis=1)[None]
    noise = np.random.default_rng(1).random((30, count))
    columns = {f"value_{number}": 100_000 * noise[number] for number in range(30)}
    index = pd.Index([f"E0100{number:04d}" for number in range(count)])
    frame = {"name": [f"A rather long district name {i:03d}A" for i in range(count)], **columns}
    return gpd.GeoDataFrame(frame, geometry=shapely.polygons(rings), index=index, crs="EPSG:27700")


def test_a_region_of_1719_zones_with_thirty_indicators_stays_under_five_megabytes() -> None:
    zones = region_of(1719, vertices=400)
    indicators = tuple(Indicator(f"value_{number}", f"Value {number}", "number") for number in range(30))
    assert len(draw_map(MapContent("Large", zones, indicators)).encode()) < MOST_BYTES


def test_the_vendored_leaflet_is_the_version_that_is_declared() -> None:
    script = (ASSETS / "leaflet/leaflet.js").read_text(encoding="utf-8")
    version = re.search(r"Leaflet (\d+\.\d+\.\d+)", script)
    assert version
    for place in ("README.md", "planner/page.html"):
        assert version[1] in (ASSETS / place).read_text(encoding="utf-8")
    assert "BSD 2-Clause" in (ASSETS / "leaflet/LICENSE").read_text(encoding="utf-8")


def test_every_planner_script_is_in_the_page_once(html: str) -> None:
    assert sorted((*PLANNER_SCRIPTS, *SERIES_SCRIPTS, *ANY_ZONE_SCRIPTS)) == sorted(
        path.name for path in (ASSETS / "planner").glob("*.js")
    )
    for name in PLANNER_SCRIPTS:
        assert html.count((ASSETS / "planner" / name).read_text(encoding="utf-8").strip()) == 1


def test_no_script_style_or_page_of_ours_knows_a_layer_of_the_product_by_name() -> None:
    sources = {
        name: asset(f"planner/{name}")
        for name in (*PLANNER_SCRIPTS, *SERIES_SCRIPTS, *ANY_ZONE_SCRIPTS, "planner.css", "page.html")
    }
    for name, text in sources.items():
        code = re.sub(r"//[^\n]*", "", text)  # comments may give examples
        for layer in LAYERS:
            assert not re.search(rf"""['"]{layer}['"]|(name|key)-{layer}\b""", code), f"{name}: {layer}"
        assert not re.search("corridor|pilot|district|catchment", code, re.IGNORECASE), name


def test_zone_names_do_not_reach_folium_scripts(html: str) -> None:
    """Hostile names stand in the data block only: escaped there, and nowhere in a script that runs."""
    running = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert len(running) == 3
    for name in squares()["name"].iloc[:7]:
        assert name not in "".join(running)
    assert not any(words in "".join(running) for words in HOSTILE)
