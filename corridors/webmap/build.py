"""The web map of a run: which layers of `Results` it shows, and in which words."""

import geopandas as gpd

from corridors.config.values import NOT_STATED
from corridors.results import Results
from corridors.webmap.indicators import ZONE_NOTES, indicators_of, named_outside, with_words
from corridors.webmap.landmarks import base_layers
from corridors.webmap.layer_styles import DISTRICTS, map_layers
from maps import MapContent, Tiles, ZoneNote, draw_map

_OWN_LAYERS = ("districts", "centres", "corridors", "pilots", "sites", "stops", "links")


def render_map(results: Results, tiles: Tiles | None = None) -> str:
    """One HTML file with the zones, every indicator and every layer of the run.

    It asks the network for nothing, unless `tiles` names an online background.
    """
    kpi, region = results.kpi, results.region
    test = f"{kpi.definition['centres_at_least']} or more strategic centres within {kpi.test.limit_words}"
    found = with_words(results.zones)
    offered = tuple(indicators_of(found, results.centres["name"], results.dictionary, kpi.test, results.measures))
    zones, indicators = named_outside(found, offered, kpi.cutoff_min)
    content = MapContent(
        title=f"Inclusive growth corridors: {region.name}",
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
        tiles=tiles,
        test=kpi.test,
        codes=not region.illustrative,
    )
    return draw_map(content)


def _frames(results: Results) -> dict[str, gpd.GeoDataFrame]:
    return {
        **{name: getattr(results, name) for name in _OWN_LAYERS},
        "catchments": _main_catchments(results),
        **base_layers(results.zones, results.stops),
    }


def _main_catchments(results: Results) -> gpd.GeoDataFrame:
    """The catchments that the run's figures are for, named after their corridors; those beside them stay in the layers."""
    catchments, corridors = results.catchments, results.corridors
    if catchments.empty:
        return catchments
    ids = catchments["corridor_id"]
    main = catchments[catchments["buffer_m"] == ids.map(corridors["buffer_m"])]
    return main.assign(name="Catchment of " + main["corridor_id"].map(corridors["name"]).astype(str))
