"""Maps from frames: one HTML file for the web, pictures for paper."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maps.print.printed_map import Overlay, choropleth
    from maps.print.still_picture import Picture, Sheet
    from maps.styles import HeadlineTest, Scale, scale_for
    from maps.web.content import Indicator, MapContent, RunTable, Tiles, ZoneNote, ZoneParts
    from maps.web.overlays import (
        Area,
        Colours,
        Dot,
        Field,
        Grade,
        Grades,
        LayerStyle,
        Line,
        MapLayer,
        NameOnly,
        Names,
    )
    from maps.web.write import draw_map

__all__ = [
    "Area",
    "Colours",
    "Dot",
    "Field",
    "Grade",
    "Grades",
    "HeadlineTest",
    "Indicator",
    "LayerStyle",
    "Line",
    "MapContent",
    "MapLayer",
    "NameOnly",
    "Names",
    "Overlay",
    "Picture",
    "RunTable",
    "Scale",
    "Sheet",
    "Tiles",
    "ZoneNote",
    "ZoneParts",
    "choropleth",
    "draw_map",
    "scale_for",
]

_HOME = {
    **dict.fromkeys(("HeadlineTest", "Scale", "scale_for"), "maps.styles"),
    **dict.fromkeys(("Indicator", "MapContent", "RunTable", "Tiles", "ZoneNote", "ZoneParts"), "maps.web.content"),
    **dict.fromkeys(
        ("Area", "Colours", "Dot", "Field", "Grade", "Grades", "LayerStyle", "Line", "MapLayer", "NameOnly", "Names"),
        "maps.web.overlays",
    ),
    **dict.fromkeys(("Overlay", "choropleth"), "maps.print.printed_map"),
    **dict.fromkeys(("Picture", "Sheet"), "maps.print.still_picture"),
    "draw_map": "maps.web.write",
}


def __getattr__(name: str) -> object:
    # Imported when it is asked for: folium and matplotlib take a second each, and few need both.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
