"""The web map of a run: the layers of `Results` that it shows, and its words."""

import geopandas as gpd

from corridors.config.values import NOT_STATED
from corridors.results import ListedScenarios, Results
from corridors.webmap.any_zone import left_out_words, zone_to_zone_of
from corridors.webmap.indicators import ZONE_NOTES, indicators_of, named_outside, with_words
from corridors.webmap.landmarks import base_layers
from corridors.webmap.layer_styles import DISTRICTS, map_layers
from corridors.webmap.listed_scenarios import with_scenarios
from corridors.webmap.other_hours import with_hours
from maps import MapContent, MapFiles, Tiles, ZoneNote, draw_map, draw_map_files

_OWN_LAYERS = ("districts", "centres", "corridors", "pilots", "sites", "stops", "links")


def render_map(results: Results, tiles: Tiles | None = None) -> str:
    """The web map as one HTML text, with the zones, every indicator and every layer of the run.

    It asks the network for nothing, unless `tiles` names an online background.
    """
    return draw_map(map_content(results, tiles))


def render_map_files(results: Results, tiles: Tiles | None = None) -> MapFiles:
    """The web map as `render_map`, with the times between zones beside it where they are large."""
    return draw_map_files(map_content(results, tiles))


def map_content(results: Results, tiles: Tiles | None = None) -> MapContent:
    """All that the web map of a run shows."""
    kpi, region = results.kpi, results.region
    test = f"{kpi.definition['centres_at_least']} or more strategic centres within {kpi.test.limit_words}"
    zones_in_words, by_hours, series = with_hours(with_words(results.zones), results)
    zones_in_words, by_scenario = with_scenarios(zones_in_words, results.listed)
    of_run = indicators_of(zones_in_words, results.centres["name"], results.dictionary, kpi.test, results.measures)
    offered = (*of_run, *by_hours, *by_scenario)
    zones, indicators = named_outside(zones_in_words, offered, kpi.cutoff_min)
    return MapContent(
        title=results.title,
        zones=zones,
        indicators=indicators,
        caution=region.caution,
        headline=f"{kpi.share * 100:.1f} % of residents can reach {test} ({region.note})",
        date=f"{kpi.definition['day']}, {kpi.definition['window']}; timetable times",
        layers=map_layers(_frames(results), kpi.test, results.measures),
        parts=DISTRICTS,
        notes=tuple(ZoneNote(column, title) for column, title in ZONE_NOTES.items() if column in zones),
        attributions=tuple(
            dict.fromkeys(f"{item.source} ({item.licence})" for item in results.provenance if item.source != NOT_STATED)
        ),
        base_credit=results.base_map.credit if results.base_map else "",
        tiles=tiles,
        series=series,
        test=kpi.test,
        codes=not region.illustrative,
        zone_to_zone=zone_to_zone_of(results),
        left_out=left_out_words(results),
    )


def _frames(results: Results) -> dict[str, gpd.GeoDataFrame]:
    return {
        **{name: getattr(results, name) for name in _OWN_LAYERS},
        "catchments": _main_catchments(results),
        **base_layers(results.zones, results.stops, results.base_map),
        **_of_scenarios(results.listed),
    }


def _of_scenarios(listed: ListedScenarios | None) -> dict[str, gpd.GeoDataFrame]:
    """The lines of the listed scenarios, one way of each, and their stops."""
    if listed is None:
        return {}
    lines = listed.lines.drop_duplicates(["scenario_id", "number", "operator"])
    stops = listed.stops.assign(new=listed.stops["new"].map({True: "yes", False: "no"}))
    return {"scenario_lines": lines.assign(name=lines["number"]), "scenario_stops": stops}


def _main_catchments(results: Results) -> gpd.GeoDataFrame:
    """The main catchments, to which the run's figures belong, named after their corridors."""
    catchments, corridors = results.catchments, results.corridors
    if catchments.empty:
        return catchments
    ids = catchments["corridor_id"]
    main = catchments[catchments["buffer_m"] == ids.map(corridors["buffer_m"])]
    return main.assign(name="Catchment of " + main["corridor_id"].map(corridors["name"]).astype(str))
