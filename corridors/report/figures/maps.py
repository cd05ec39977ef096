"""Maps of the report, drawn by `maps` from frames of Results; a map without its columns is left out."""

import geopandas as gpd
import pandas as pd

from corridors.report.blocks.view import Figure
from corridors.report.blocks.wording import km, number_of
from corridors.results import Results
from maps import Bounds, Focus, Kind, Overlay, Picture, Sheet, choropleth, flows, scale_for, wrapped

REGION_MAPS: tuple[tuple[str, Kind, str, str], ...] = (
    ("centres_within_cutoff", "reached", "centres", "Strategic centres reached within the cutoff"),
    ("minutes_to_nearest", "minutes", "minutes", "Minutes to the nearest strategic centre"),
    ("imd_decile", "decile", "decile", "Deprivation of areas, national deciles"),
)
MAP_RATIO = 1.45  # width to height of a corridor map beside its legend
MAP_MARGIN = 1.08
LEGEND_IN = 1.5
RAIL_MODES = ("rail", "tram", "metro", "subway")
CENTRE_COLOUR = "#1f2933"
DISTRICT_COLOUR = "#5b6670"
BUFFER_COLOURS = ("#b3006e", "#8a4fa3", "#5b6670")


def region_figures(results: Results) -> tuple[Figure, ...]:
    """The region's maps, those whose column the zones hold."""
    zones = results.zones
    chosen = [item for item in REGION_MAPS if item[0] in zones.columns and zones[item[0]].notna().any()]
    return tuple(_region_map(results, *item) for item in chosen)


def _region_map(results: Results, column: str, kind: Kind, unit: str, title: str) -> Figure:
    zones, test = results.zones, results.kpi.test
    title = test.worded(title)
    sheet = Sheet(title, results.region.caution, _source(results, column), 7.0, 4.6, results.base_map)
    overlays = (*district_outlines(results.districts), *_lines(results.corridors), *centre_points(results.centres))
    return captioned(choropleth(zones, column, scale_for(zones[column], kind, unit, test), sheet, overlays), title)


def links_figures(results: Results) -> tuple[Figure, ...]:
    """The links that carry best journeys, drawn by how many; none where nothing is carried."""
    links = results.links
    if "centre_people" not in links.columns or not (links["centre_people"] > 0).any() or results.zones.empty:
        return ()
    title = "Links by the best journeys to the centres that ride on them"
    sheet = Sheet(title, results.region.caution, "", 7.0, 4.6, results.base_map)
    ground = results.zones if results.districts.empty else results.districts
    drawn = flows(
        links, "centre_people", "journeys, one a resident and centre", sheet, ground, centre_points(results.centres)
    )
    return (captioned(drawn, f"{title}; links are drawn straight from stop to stop"),)


def corridor_figures(results: Results) -> dict[str, tuple[Figure, ...]]:
    """Corridor id -> its own map: centres reached by the areas round it, with its line and buffers."""
    if "centres_within_cutoff" not in results.zones.columns or results.corridors.empty:
        return {}
    return {str(one): (_corridor_map(results, one),) for one in results.corridors.index}


def _corridor_map(results: Results, corridor_id: object) -> Figure:
    line = results.corridors.loc[[corridor_id]]
    buffers = _buffers(results.catchments, corridor_id)
    frame = frame_round(buffers if len(buffers) else line)
    title = f"{line['name'].iloc[0]}: centres reached within {results.kpi.test.limit_words}"
    source = _source(results, "centres_within_cutoff")
    sheet = Sheet(title, results.region.caution, source, 7.0, 4.4, results.base_map)
    corridor = Overlay(line, "Corridor\n(proposed by this tool)", "lines")
    overlays = (
        *corridor_outlines(results, corridor_id),
        corridor,
        *stations(results.stops, frame),
        *centre_points(inside_frame(results.centres, frame)),
    )
    scale = scale_for(results.zones["centres_within_cutoff"], "reached", "centres", results.kpi.test)
    caption = f"{title}, in the corridor and the areas round it. The line and its buffers are proposed by this tool."
    return captioned(choropleth(results.zones, "centres_within_cutoff", scale, sheet, overlays, Focus(frame)), caption)


def corridor_outlines(results: Results, corridor_id: object) -> tuple[Overlay, ...]:
    """The buffers of a corridor as outlines, the narrowest first."""
    buffers = _buffers(results.catchments, corridor_id)
    widths = sorted(set(buffers.get("buffer_m", ())))
    return tuple(_buffer(buffers, buffer_m, number) for number, buffer_m in enumerate(widths))


def inside_frame(places: gpd.GeoDataFrame, frame: Bounds) -> gpd.GeoDataFrame:
    """The places in a window of a map."""
    west, south, east, north = frame
    return places.cx[west:east, south:north]


def stations(stops: gpd.GeoDataFrame, frame: Bounds) -> tuple[Overlay, ...]:
    """Frame of stations and tram stops, by which readers know a place; bus stops are too many to draw."""
    if stops.empty or "mode" not in stops.columns:
        return ()
    shown = inside_frame(stops[stops["mode"].isin(RAIL_MODES)], frame)
    return () if shown.empty else (Overlay(shown, "Railway stations,\ntram stops", "marks", CENTRE_COLOUR),)


def frame_round(shown: gpd.GeoDataFrame) -> Bounds:
    """West, south, east and north of a window round the shapes, wide enough that the map fills its sheet."""
    west, south, east, north = (float(edge) for edge in shown.total_bounds)
    half_height = MAP_MARGIN * max(north - south, (east - west) / MAP_RATIO) / 2
    half_width = half_height * MAP_RATIO
    x, y = (west + east) / 2, (south + north) / 2
    return x - half_width, y - half_height, x + half_width, y + half_height


def _buffers(catchments: gpd.GeoDataFrame, corridor_id: object) -> gpd.GeoDataFrame:
    return catchments if catchments.empty else catchments[catchments["corridor_id"] == corridor_id]


def _buffer(buffers: gpd.GeoDataFrame, buffer_m: float, number: int) -> Overlay:
    colour = BUFFER_COLOURS[min(number, len(BUFFER_COLOURS) - 1)]
    return Overlay(buffers[buffers["buffer_m"] == buffer_m], f"Buffer {km(buffer_m)}", "outlines", colour)


def district_outlines(districts: gpd.GeoDataFrame) -> tuple[Overlay, ...]:
    """The districts as thin outlines; none where there are none."""
    return () if districts.empty else (Overlay(districts, "Districts", "outlines", DISTRICT_COLOUR),)


def _lines(corridors: gpd.GeoDataFrame) -> tuple[Overlay, ...]:
    """The corridors, numbered in the order of their names, as their chapters are."""
    if corridors.empty:
        return ()
    ordered = corridors.sort_values("name", kind="stable")
    numbered = ordered.assign(number=[str(number) for number in range(1, len(ordered) + 1)])
    names = "\n".join(
        "\n   ".join(wrapped(f"{number} {name}", LEGEND_IN, 7.5))
        for number, name in zip(numbered["number"], numbered["name"], strict=True)
    )
    return (Overlay(numbered, f"Corridors, proposed\nby this tool:\n{names}", "lines", name_column="number"),)


def centre_points(centres: gpd.GeoDataFrame) -> tuple[Overlay, ...]:
    """The centres of the headline as dots with their names; none where there are none."""
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


def captioned(picture: Picture, caption: str) -> Figure:
    """The picture with its caption, which ends with a full stop."""
    return Figure(picture, f"{caption}.".replace("..", "."))
