"""A page on which anybody switches the edits of a scenario on and off: every combination is computed beforehand and inside it."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import geopandas as gpd
import jinja2
import numpy as np
import numpy.typing as npt
from branca.element import Figure, MacroElement
from folium.template import Template

from maps.characters import printable
from maps.errors import MapContentError
from maps.web.geometry import UNITS_PER_DEGREE, WEB_CRS, light_shapes, origin_of
from maps.web.page import ASSETS, OfflineMap, add, asset, policy
from maps.web.page_data import script_safe_json

MOST_SWITCHES = 6  # 64 combinations
_NOT_REACHED = 65_535  # in the page's tenths of a minute


@dataclass(frozen=True)
class ToggleContent:
    """What the page shows.

    zones      index zone_id; name, geometry; other columns are ignored
    switches   what each switch does, in words, at most `MOST_SWITCHES`
    minutes    (2 ** n_switches, n_zones) minutes to the last centre needed, NaN where it is not reached; bit k of the row's
               number says whether switch k is on
    meets      (2 ** n_switches, n_zones) whether a zone meets the test
    members    place or group -> its people by zone, (n_zones,); the first is everybody
    """

    title: str
    caution: str
    about: str
    zones: gpd.GeoDataFrame
    switches: Sequence[str]
    minutes: npt.NDArray[np.float64]
    meets: npt.NDArray[np.bool_]
    members: Mapping[str, npt.NDArray[np.float64]]
    limits: str
    attributions: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Raise `MapContentError` for too many switches, or values that are not of every combination and zone."""
        shape = (2 ** len(self.switches), len(self.zones))
        if len(self.switches) > MOST_SWITCHES:
            raise MapContentError(f"{len(self.switches)} switches; a page has at most {MOST_SWITCHES}")
        if self.minutes.shape != shape or self.meets.shape != shape:
            raise MapContentError(f"minutes and meets must have the shape {shape}, of combinations and zones")
        if any(len(people) != len(self.zones) for people in self.members.values()):
            raise MapContentError("people are given for every zone")


def draw_toggles(content: ToggleContent) -> str:
    """The page as HTML text; it asks the network for nothing."""
    west, south, east, north = content.zones.to_crs(WEB_CRS).total_bounds.tolist()
    page = _Page(content, _payload(content))
    folium_map = OfflineMap(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_start=10,
        prefer_canvas=True,
        attribution_control=False,
        zoom_snap=0.25,
    )
    add(page, folium_map, "map")
    add(folium_map, _Start(), "toggles")
    return page.render()


class _Page(Figure):
    """The document: words escaped, data in one inert block, scripts and styles allowed by their hashes only."""

    def __init__(self, content: ToggleContent, payload: dict[str, Any]) -> None:
        super().__init__()
        self.content, self.payload = content, payload

    def render(self, **kwargs: Any) -> str:
        """The page as HTML text."""
        for child in self._children.values():
            child.render(**kwargs)
        styles = [asset("leaflet/leaflet.css"), asset("toggles/toggles.css")]
        scripts = [asset("leaflet/leaflet.js"), asset("toggles/toggles.js"), self.script.render(**kwargs)]
        return _template().render(
            content=self.content,
            policy=policy(scripts, styles, None),
            styles=styles,
            scripts=scripts,
            map_html=self.html.render(**kwargs),
            data=script_safe_json(self.payload),
        )


class _Start(MacroElement):
    """The script that hands folium's map to the page's own."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            toggles.start({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Toggles"


def _payload(content: ToggleContent) -> dict[str, Any]:
    origin = origin_of(content.zones.geometry)
    tenths = np.where(np.isnan(content.minutes), _NOT_REACHED, np.minimum(np.round(content.minutes * 10), 65_534))
    return {
        "origin": origin,
        "units": UNITS_PER_DEGREE,
        "names": content.zones["name"].astype(str).tolist(),
        "shapes": light_shapes(content.zones.geometry, origin, simplify=True),
        "switches": list(content.switches),
        "minutes": _packed(tenths.astype("<u2")),
        "meets": _packed(np.packbits(content.meets, axis=1, bitorder="little")),
        "members": [{"name": name, "people": people.round(2).tolist()} for name, people in content.members.items()],
        "notReached": _NOT_REACHED,
    }


def _packed(values: npt.NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
    )
    return environment.from_string((ASSETS / "toggles/page.html").read_text(encoding="utf-8"))
