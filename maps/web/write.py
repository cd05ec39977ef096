"""The web map as one HTML file that needs no network."""

from typing import Any

import geopandas as gpd

from maps.web.any_zone import packed_times
from maps.web.content import MapContent
from maps.web.geometry import METRIC_CRS, WEB_CRS
from maps.web.overlays import Area
from maps.web.page import build_page
from maps.web.page_data import encode

GROUND_TOLERANCE_M = 40.0


def draw_map(content: MapContent) -> str:
    """The map of `content` as HTML text; the same content gives the same text.

    The file holds everything it needs (Leaflet, data, styles) and asks the network for nothing, unless `content.tiles`
    names an online background.
    """
    times = packed_times(content.zone_to_zone.steps, content.zones.geometry) if content.zone_to_zone else None
    payload = encode(content, times.order if times else None)
    return build_page(content, payload, _ground(content), times.data if times else "").render()


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
