"""The web map as one HTML file that needs no network."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import geopandas as gpd

from maps.web.any_zone import packed_times
from maps.web.content import MapContent
from maps.web.geometry import METRIC_CRS, WEB_CRS
from maps.web.overlays import Area
from maps.web.page import TIMES_FILE, Times, build_page
from maps.web.page_data import encode

GROUND_TOLERANCE_M = 40.0
MOST_IN_PAGE = 5_000_000  # of times between zones; more make a page slow to open for those who never ask for them


class MapFiles(NamedTuple):
    """A page, and the files that belong beside it: name -> text."""

    page: str
    beside: Mapping[str, str]


def draw_map(content: MapContent) -> str:
    """The map of `content` as HTML text; the same content gives the same text.

    The file holds everything it needs (Leaflet, data, styles) and asks the network for nothing, unless `content.tiles`
    names an online background.
    """
    return draw_map_files(content, most_in_page=None).page


def draw_map_files(content: MapContent, most_in_page: int | None = MOST_IN_PAGE) -> MapFiles:
    """The map as `draw_map`, with the times between zones in a file beside it where they take more than `most_in_page` bytes.

    That file is a script: a page that is opened from a folder may read no other kind of file.
    """
    held = content.zone_to_zone
    if held is None:
        return MapFiles(build_page(content, encode(content), _ground(content)).render(), {})
    times = packed_times(held.steps, content.zones.geometry)
    beside = most_in_page is not None and len(times.data) > most_in_page
    payload = encode(content, times.order)
    if beside:
        payload["anyZone"]["file"] = TIMES_FILE
    page = build_page(content, payload, _ground(content), Times(times.data, beside)).render()
    return MapFiles(page, {TIMES_FILE: f'planner.packedTimes = "{times.data}";\n'} if beside else {})


def _ground(content: MapContent) -> dict[str, Any]:
    """The land under the zones as GeoJSON: the areas of a boundary layer where there is one, else all zones, in one piece."""
    drawings = ((layer.style.drawing, layer.frame) for layer in content.drawn_layers())
    features = next(
        (frame for drawing, frame in drawings if isinstance(drawing, Area) and drawing.boundary), content.zones
    )
    whole = features.geometry.to_crs(METRIC_CRS).simplify(GROUND_TOLERANCE_M).union_all()
    land = gpd.GeoSeries([whole], crs=METRIC_CRS).to_crs(WEB_CRS).set_precision(1e-5)
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "id": "land", "properties": {}, "geometry": land.iloc[0].__geo_interface__}],
    }
