"""The map of one corridor or pilot for publication: its areas, stations and sites, an inset, and what it is made from."""

import geopandas as gpd

from corridors.report.blocks.view import Figure
from corridors.report.figures.maps import (
    captioned,
    centre_points,
    corridor_outlines,
    frame_round,
    inside_frame,
    stations,
)
from corridors.results import Results
from maps import Bounds, Focus, Overlay, Sheet, choropleth, scale_for

SITE_COLOUR, PILOT_COLOUR = "#a6611a", "#b3006e"
MOST_NAMES = 12  # of stations; more cover the map
ROUND_A_PILOT = 2.0  # width of the map, in its circle's


def map_of_place(results: Results, kind: str, ident: str) -> Figure:
    """Centres reached by the areas in and round a corridor or pilot, with names of stations and an inset of the region."""
    if kind == "corridor":
        line = results.corridors.loc[[ident]]
        buffers = results.catchments[results.catchments["corridor_id"] == ident]
        frame = frame_round(buffers if len(buffers) else line)
        own = (*corridor_outlines(results, ident), Overlay(line, "Corridor\n(proposed by this tool)", "lines"))
        drawn = "The line and its buffers are proposed by this tool."
    else:
        line = results.pilots.loc[[ident]]
        frame = frame_round(line.set_geometry(line.scale(ROUND_A_PILOT, ROUND_A_PILOT)))
        own = (Overlay(line, "Pilot\n(proposed by this tool)", "outlines", PILOT_COLOUR),)
        drawn = "The circle is proposed by this tool."
    test = results.kpi.test
    title = f"{line['name'].iloc[0]}: centres reached within {test.limit_words}"
    sheet = Sheet(title, results.region.caution, attribution(results), 7.0, 4.9, results.base_map)
    overlays = (*own, *_sites(results, frame), *_named_stations(results, frame), *_centres(results, frame))
    scale = scale_for(results.zones["centres_within_cutoff"], "reached", "centres", test)
    ground = results.zones if results.districts.empty else results.districts
    picture = choropleth(results.zones, "centres_within_cutoff", scale, sheet, overlays, Focus(frame, ground))
    return captioned(
        picture, f"{title}, in the {kind} and the areas round it. {drawn} The small map shows where it lies."
    )


def attribution(results: Results) -> str:
    """Whose data a map of the zones is made from, as licences ask for, on the picture itself."""
    wanted = {"zones", "streets"}
    named = [one for one in results.provenance if one.id in wanted or one.geography == "stops"]
    texts = dict.fromkeys(f"{one.source} ({one.licence})" for one in named)
    return f"{results.day_words}. Sources: {'; '.join(texts)}. Corridors, pilots: this tool." if texts else ""


def _named_stations(results: Results, frame: Bounds) -> tuple[Overlay, ...]:
    """Stations and tram stops, each name once; without names where there are too many."""
    found = stations(results.stops, frame)
    if not found:
        return ()
    (overlay,) = found
    once = overlay.features.drop_duplicates("name")
    if len(once) > MOST_NAMES:
        return found
    return (Overlay(once, overlay.title, overlay.kind, overlay.colour, "name"),)


def _sites(results: Results, frame: Bounds) -> tuple[Overlay, ...]:
    shown: gpd.GeoDataFrame = inside_frame(results.sites, frame)
    return () if shown.empty else (Overlay(shown, "Sites\n(claims)", "points", SITE_COLOUR, "name"),)


def _centres(results: Results, frame: Bounds) -> tuple[Overlay, ...]:
    return centre_points(inside_frame(results.centres, frame))
