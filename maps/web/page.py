"""The HTML page of a map, drawn with folium: it loads nothing from the network and has a strict security policy."""

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import folium
import jinja2
from branca.element import Element, Figure, MacroElement
from folium.map import CustomPane
from folium.template import Template
from folium.utilities import JsCode
from markupsafe import Markup

from maps.characters import printable
from maps.web.content import MapContent, Tiles
from maps.web.geometry import WEB_CRS
from maps.web.page_data import script_safe_json

ASSETS = Path(__file__).parents[1] / "assets"
PLANNER_SCRIPTS = (
    "shapes.js", "address.js", "data.js", "words.js", "state.js", "canvas.js", "zones.js", "layers.js", "names.js", "values.js",
    "pick.js", "legend.js", "card.js", "search.js", "find.js", "table.js", "controls.js", "keep.js", "view.js", "compare.js",
    "print.js", "tour.js", "start.js",
)  # in this order: each uses only those before it  # fmt: skip
SERIES_SCRIPTS = ("series.js",)  # after the others, on pages with a series only
ANY_ZONE_SCRIPTS = ("times.js", "anyzone.js")  # last, on pages with times between all zones only
PANES = {
    "ground": 250,
    "base_under": 280,
    "zones": 300,
    "base_over": 330,
    "outlines": 350,
    "areas": 360,
    "thin_lines": 380,
    "dots": 400,
    "lines": 420,
    "points": 450,
    "chosen": 480,
}
GROUND_STYLE = {"color": "#b9b3a6", "weight": 1, "fillColor": "#efece4", "fillOpacity": 1}
NEAREST_ZOOM = (
    16  # 1.5 m to a pixel at 52 degrees north: shapes are simplified by some metres, nearer shows nothing more
)
STILL = JsCode("!window.matchMedia('(prefers-reduced-motion: reduce)').matches")


TIMES_FOLDER = "zone_times"  # beside the page, where the times between zones are too large to stand in it


class Times(NamedTuple):
    """The packed times between zones: how many bytes, and the text where it stands in the page."""

    size: int = 0
    data: str = ""

    @property
    def beside(self) -> bool:
        """Whether they stand in files beside the page."""
        return bool(self.size) and not self.data

    @property
    def words(self) -> str:
        """How large they are, and where."""
        where = f"in the folder {TIMES_FOLDER}, beside this file" if self.beside else "of this file"
        return f"{self.size / 1e6:.1f} MB {where}"


NO_TIMES = Times()


class Page(Figure):
    """The HTML document: words escaped, data in one inert block, scripts and styles allowed by their hashes only."""

    def __init__(self, content: MapContent, payload: dict[str, Any], times: Times) -> None:
        super().__init__()
        self.content = content
        self.payload = payload
        self.times = times  # between zones, packed

    def render(self, **kwargs: Any) -> str:
        """The page as HTML text, without the header links that folium adds by itself."""
        for child in self._children.values():
            child.render(**kwargs)
        with_series, with_times = bool(self.content.series), bool(self.times.size)
        styles = [
            asset("leaflet/leaflet.css"),
            asset("planner/planner.css"),
            *[asset("planner/series.css")] * with_series,
            *[asset("planner/anyzone.css")] * with_times,
        ]
        names = (*PLANNER_SCRIPTS, *SERIES_SCRIPTS * with_series, *ANY_ZONE_SCRIPTS * with_times)
        planner = "\n".join(asset(f"planner/{name}") for name in names)
        scripts = [asset("leaflet/leaflet.js"), planner, self.script.render(**kwargs)]
        return _page_template().render(
            content=self.content,
            policy=policy(scripts, styles, self.content.tiles, self.times.beside),
            styles=styles,
            scripts=scripts,
            map_html=self.html.render(**kwargs),
            data=script_safe_json(self.payload),
            times=self.times,
        )


class OfflineMap(folium.Map):
    """A folium Map without CDN links, jquery, bootstrap or fonts, with a name for screen readers."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  (the attributes folium declares)
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template("""
        {% macro html(this, kwargs) %}
            <div class="folium-map" id="{{ this.get_name() }}" role="application" aria-labelledby="map-heading"
                 aria-describedby="map-keys"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
                center: {{ this.location|tojson }}, crs: L.CRS.{{ this.crs }}, ...{{ this.options|tojavascript }}
            });
        {% endmacro %}
    """)


class Planner(MacroElement):
    """The script that hands folium's map and feature groups to the planner's own scripts, which read the data block."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            planner.start({{ this._parent.get_name() }}, {
                {% for ident, group in this.groups.items() %}{{ ident|tojson }}: {{ group.get_name() }}, {% endfor %}
            });
        {% endmacro %}
    """)

    def __init__(self, groups: dict[str, folium.FeatureGroup]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Planner"
        self.groups = groups


def build_page(content: MapContent, payload: dict[str, Any], ground: dict[str, Any], times: Times = NO_TIMES) -> Page:
    """The page of a map: `payload` is its data (see `page_data.encode`), `ground` GeoJSON of the land under the zones,
    `times` the packed times between zones."""
    west, south, east, north = content.zones.to_crs(WEB_CRS).total_bounds.tolist()
    page = Page(content, payload, times)
    still: dict[str, Any] = {
        "zoom_animation": STILL,
        "fade_animation": STILL,
        "marker_zoom_animation": STILL,
        "inertia": STILL,
    }
    folium_map = OfflineMap(
        location=[(south + north) / 2, (west + east) / 2], tiles=None, zoom_start=10, zoom_control=False,
        prefer_canvas=True, attribution_control=False, zoom_snap=0.05, **still,
    )  # fmt: skip
    folium_map.options |= {
        "minZoom": 3,
        "maxZoom": 18 if content.tiles else NEAREST_ZOOM,
    }  # folium keeps its own arguments of these names for its tiles
    add(page, folium_map, "map")
    for name, level in PANES.items():
        add(folium_map, CustomPane(name, z_index=level), f"pane_{name}")
    if content.tiles:
        add(folium_map, folium.TileLayer(content.tiles.url, attr=content.tiles.attribution, control=False), "tiles")
    else:
        add(folium_map, folium.GeoJson(ground, style_function=lambda _: dict(GROUND_STYLE), pane="ground"), "ground")
    names = [layer.ident for layer in content.drawn_layers()]
    groups = {name: folium.FeatureGroup(name=name, control=False, show=False) for name in names}
    for name, group in groups.items():
        add(folium_map, group, name)
    add(folium_map, Planner(groups), "planner")
    return page


def add(parent: Element, child: Element, name: str) -> None:
    """Put `child` into `parent` under a fixed name, as folium's own names are random and the page must not change."""
    child._id = name
    parent.add_child(child, name=name)


@cache
def asset(name: str) -> str:
    """The text of a script or style of `assets/`, without references that would make a browser load other files."""
    text = (ASSETS / name).read_text(encoding="utf-8").replace("\r\n", "\n")
    text = re.sub(r"\n//# sourceMappingURL=\S+", "", text)
    return re.sub(r"\n\s*(background-image|behavior): url\((?!data:)[^)]*\);", "", text)


def policy(scripts: Sequence[str], styles: Sequence[str], tiles: Tiles | None, beside: bool = False) -> str:
    """The Content-Security-Policy that allows exactly these scripts and styles, and the server of `tiles` where given;
    with `beside` also scripts of the page's own folder or server."""
    images = "data:" if tiles is None else f"data: {tiles.server}"
    own = " 'self' file:" * beside
    return "; ".join([
        "default-src 'none'", f"script-src {_hashes(scripts)}{own}", f"style-src {_hashes(styles)}", f"img-src {images}",
        "base-uri 'none'", "form-action 'none'",
    ])  # fmt: skip


def _hashes(texts: Sequence[str]) -> str:
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def _printable_value(value: object) -> object:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _page_template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=_printable_value)
    return environment.from_string((ASSETS / "planner/page.html").read_text(encoding="utf-8"))
