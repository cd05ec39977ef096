"""The report's pictures, drawn by `maps` from frames of Results; a frame that lacks a column costs its picture only."""

import geopandas as gpd
import pandas as pd

from corridors.report.numbers import km, number_of
from corridors.report.view import Figure
from corridors.results import Results
from maps.picture import Picture, Sheet
from maps.static import Overlay, choropleth
from maps.styles import Kind, scale_for

REGION_MAPS: tuple[tuple[str, Kind, str, str], ...] = (
    ("centres_within_45", "centres", "centres", "Strategic centres reached within 45 minutes"),
    ("minutes_to_nearest", "minutes", "minutes", "Minutes to the nearest strategic centre"),
    ("imd_decile", "decile", "decile", "Deprivation of areas, national deciles"),
)
MAP_RATIO = 1.25  # width to height of a corridor map beside its legend
CENTRE_COLOUR = "#1f2933"
BUFFER_COLOURS = ("#b3006e", "#8a4fa3", "#5b6670")


def region_figures(results: Results) -> tuple[Figure, ...]:
    """The region's maps, those whose column the zones hold."""
    zones = results.zones
    chosen = [item for item in REGION_MAPS if item[0] in zones.columns and zones[item[0]].notna().any()]
    return tuple(_region_map(results, *item) for item in chosen)


def _region_map(results: Results, column: str, kind: Kind, unit: str, title: str) -> Figure:
    zones = results.zones
    sheet = Sheet(title, results.region.caution, _source(results, column), width_in=7.0, height_in=5.0)
    overlays = (*_lines(results.corridors), *_centres(results.centres))
    return _figure(choropleth(zones, column, scale_for(zones[column], kind, unit), sheet, overlays), title)


def corridor_figures(results: Results) -> dict[str, tuple[Figure, ...]]:
    """Corridor id -> its own map: centres reached by the areas round it, with its line and buffers."""
    if "centres_within_45" not in results.zones.columns or results.corridors.empty:
        return {}
    return {str(one): (_corridor_map(results, one),) for one in results.corridors.index}


def _corridor_map(results: Results, corridor_id: object) -> Figure:
    line = results.corridors.loc[[corridor_id]]
    buffers = _buffers(results.catchments, corridor_id)
    west, south, east, north = _frame(buffers if len(buffers) else line)
    around = results.zones.cx[west:east, south:north]
    zones = around if len(around) else results.zones
    name = str(line["name"].iloc[0])
    title = f"{name}: centres reached within 45 minutes"
    sheet = Sheet(title, results.region.caution, _source(results, "centres_within_45"), width_in=7.0, height_in=4.4)
    outlines = [
        _buffer(buffers, buffer_m, number) for number, buffer_m in enumerate(sorted(set(buffers.get("buffer_m", ()))))
    ]
    near = _centres(results.centres.cx[west:east, south:north])
    overlays = (*outlines, Overlay(line, "Corridor\n(proposed by this tool)", "lines"), *near)
    scale = scale_for(results.zones["centres_within_45"], "centres", "centres")
    caption = f"{title}, in the corridor and the areas round it. The line and its buffers are proposed by this tool."
    return _figure(choropleth(zones, "centres_within_45", scale, sheet, overlays), caption)


def _frame(shown: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """West, south, east and north of a window round the shapes, wide enough that the map fills its sheet."""
    west, south, east, north = (float(edge) for edge in shown.total_bounds)
    half_height = max(north - south, (east - west) / MAP_RATIO) / 2
    half_width = half_height * MAP_RATIO
    x, y = (west + east) / 2, (south + north) / 2
    return x - half_width, y - half_height, x + half_width, y + half_height


def _buffers(catchments: gpd.GeoDataFrame, corridor_id: object) -> gpd.GeoDataFrame:
    return catchments if catchments.empty else catchments[catchments["corridor_id"] == corridor_id]


def _buffer(buffers: gpd.GeoDataFrame, buffer_m: float, number: int) -> Overlay:
    colour = BUFFER_COLOURS[min(number, len(BUFFER_COLOURS) - 1)]
    return Overlay(buffers[buffers["buffer_m"] == buffer_m], f"Buffer {km(buffer_m)}", "outlines", colour)


def _lines(corridors: gpd.GeoDataFrame) -> tuple[Overlay, ...]:
    return () if corridors.empty else (Overlay(corridors, "Corridors\n(proposed by this tool)", "lines"),)


def _centres(centres: gpd.GeoDataFrame) -> tuple[Overlay, ...]:
    shown = centres[centres["default"].astype(bool)] if "default" in centres.columns else centres
    return () if shown.empty else (Overlay(shown, "Strategic centres", "points", CENTRE_COLOUR, "name"),)


def _source(results: Results, column: str) -> str:
    """The source line of a zone column, from the dictionary where it has one."""
    dictionary = results.dictionary
    if not {"table", "column", "source", "vintage"} <= set(dictionary.columns):
        return ""
    rows = dictionary[(dictionary["table"] == "zones") & (dictionary["column"] == column)]
    if rows.empty or pd.isna(rows["source"].iloc[0]):
        return ""
    vintage = rows["vintage"].iloc[0]
    known = "" if number_of(vintage) is None and not isinstance(vintage, str) else f" ({vintage})"
    return f"Source: {rows['source'].iloc[0]}{known}"


def _figure(picture: Picture, caption: str) -> Figure:
    return Figure(picture.media_type, picture.content, picture.alt, f"{caption}.".replace("..", "."))
