"""Layers that no product of ours has, in a real browser: the page knows of a layer what its style says, and nothing else."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from maps.web.content import Indicator, MapContent, ZoneParts
from maps.web.overlays import Area, Colours, Dot, Field, Grade, Grades, LayerStyle, Line, MapLayer, Names
from maps.web.write import draw_map
from tests.maps.browser import Chromium, click_zone, visit
from tests.maps.conftest import SOUTH, WEST, at, squares

pytestmark = pytest.mark.browser

RIVERS = LayerStyle(
    "Rivers", "Water", Line("#0072b2", Grades("flow", (Grade("brook", 5, "#8a97a6", 1), Grade("river", 99, "#0a1826", 4)))),
    "River", fields=(Field("flow", "Flow", "number", "m3/s"),), key_column="name",
)  # fmt: skip
SCHOOLS = LayerStyle(
    "Schools", "Buildings", Dot("#4d4d4d", square=True, colours=Colours("age", {"primary": "#009e73"}, "#e69f00")),
    "School", shown=True, names=Names(1, "small", "#00553a"), search_rank=1,
)  # fmt: skip
PARISHES = LayerStyle("Parishes", "Areas", Area("#4a4a4a", boundary=True), "Parish", shown=True)


def parish_map(folder: Path) -> Path:
    land = gpd.GeoSeries([shapely.box(WEST, SOUTH, WEST + 6000, SOUTH + 6000)], crs="EPSG:27700")
    banks = [shapely.linestrings([[WEST, SOUTH + y], [WEST + 6000, SOUTH + y]]) for y in (1500, 4500)]
    parishes = gpd.GeoDataFrame({"name": ["Arden"]}, geometry=land)
    rivers = gpd.GeoDataFrame({"name": ["Rea", "Cole"], "flow": [2, 9]}, geometry=banks, crs=land.crs)
    schools = gpd.GeoDataFrame({"name": ["Hill", "Dale"], "age": ["primary", "other"]}, geometry=at((1, 3), (4.5, 3.5)))
    content = MapContent(
        "Parishes",
        squares().assign(parish="Arden", name=lambda frame: frame.index),
        (Indicator("residents", "Residents", "number", in_table=True),),
        layers=(
            MapLayer("parishes", PARISHES, parishes),
            MapLayer("rivers", RIVERS, rivers),
            MapLayer("schools", SCHOOLS, schools),
        ),
        parts=ZoneParts("parish", "Parish", "All parishes"),
    )
    file = folder / "parishes.html"
    file.write_text(draw_map(content), encoding="utf-8")
    return file


def test_layers_of_any_kind_are_drawn_named_found_and_explained(browser: Chromium, tmp_path: Path) -> None:
    with visit(browser, parish_map(tmp_path), "#over=schools.rivers.parishes&feature=rivers:Cole") as seen:
        page = seen.page
        assert dict(zip(seen.texts("#card dt"), seen.texts("#card dd"), strict=True)) == {"Flow": "9 m3/s"}
        assert seen.texts("#first-pane .name-small") == ["Hill", "Dale"]
        assert page.evaluate("getComputedStyle(document.querySelector('.name-small')).color") == "rgb(0, 85, 58)"
        assert [words.strip() for words in seen.texts("#layers .kinds li")] == ["brook", "river", "primary", "other"]
        assert seen.text("label[for=layer-schools]") == "Schools"
        page.fill("#search", "dale")
        assert seen.texts("#search-results small") == ["School, Z34, Arden"]
        page.fill("#search", "cole")
        assert seen.texts("#search-results li") == ["Nothing by that name"]  # a layer without a rank


def test_the_parts_of_a_region_are_called_as_they_are(browser: Chromium, tmp_path: Path) -> None:
    with visit(browser, parish_map(tmp_path), "#over=none") as seen:
        assert seen.texts("#part option") == ["All parishes", "Arden"]
        assert [words.rstrip(" \u2195\u2191") for words in seen.texts("thead th")[:2]] == ["Zone", "Parish"]
        click_zone(seen.page, "Z33")
        assert seen.text("#card .under") == "Arden", "the heading has its code"


def test_a_region_without_parts_has_no_list_of_them(browser: Chromium, tmp_path: Path) -> None:
    file = tmp_path / "whole.html"
    file.write_text(
        draw_map(MapContent("Whole", squares(), (Indicator("residents", "R", "number"),))), encoding="utf-8"
    )
    with visit(browser, file) as seen:
        assert seen.page.locator("#part").count() == 0
        assert [words.rstrip(" \u2195\u2191") for words in seen.texts("thead th")] == ["Zone", "R"]
