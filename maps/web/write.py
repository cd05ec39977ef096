"""The web map as one HTML file that needs no network."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import geopandas as gpd

from maps.web.any_zone import TILE, PackedTimes, ZoneToZone, order_of, packed_tiles, packed_times
from maps.web.content import MapContent
from maps.web.geometry import METRIC_CRS, WEB_CRS
from maps.web.overlays import Area
from maps.web.page import TIMES_FOLDER, Times, build_page
from maps.web.page_data import encode

GROUND_TOLERANCE_M = 40.0
MOST_IN_PAGE = 5_000_000  # of times between zones; more make a page slow to open for those who never ask for them
MOST_PAIRS_TRIED = 6  # pairs for each byte of those, above which to pack them as one text is in vain


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


def draw_map_files(content: MapContent, most_in_page: int | None = MOST_IN_PAGE, side: int = TILE) -> MapFiles:
    """The map as `draw_map`, with the times between zones in files beside it where they take more than `most_in_page` bytes.

    Those files are scripts: a page that is opened from a folder may read no other kind of file. Each holds the times between
    two lots of `side` zones, so that the page reads a few of them for a start, not all.
    """
    held = content.zone_to_zone
    if held is None:
        return MapFiles(build_page(content, encode(content), _ground(content)).render(), {})
    whole = _whole(held, content.zones.geometry, most_in_page)
    if whole is not None:
        data, order = whole
        page = build_page(content, encode(content, order), _ground(content), Times(len(data), data)).render()
        return MapFiles(page, {})
    numbers = order_of(content.zones.geometry)
    tiles = dict(packed_tiles(held.steps, numbers, side))
    payload = encode(content, numbers.tolist())
    payload["anyZone"] |= {"folder": TIMES_FOLDER, "side": side}
    page = build_page(content, payload, _ground(content), Times(sum(map(len, tiles.values())))).render()
    return MapFiles(
        page, {f"{TIMES_FOLDER}/{name}.js": f'planner.packed["{name}"] = "{text}";\n' for name, text in tiles.items()}
    )


def _whole(held: ZoneToZone, zones: gpd.GeoSeries, most_in_page: int | None) -> PackedTimes | None:
    """The times packed as one text; None where they are too many for a page."""
    if most_in_page is not None and held.steps.size > MOST_PAIRS_TRIED * most_in_page:
        return None
    times = packed_times(held.steps, zones)
    return None if most_in_page is not None and len(times.data) > most_in_page else times


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
