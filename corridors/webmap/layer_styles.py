"""The layers over the zones of a run's maps: titles, colours, names, and the fields on a feature's card."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import geopandas as gpd

from corridors.catalogue.measure import Measure
from corridors.catalogue.measures import MEASURES
from maps import (
    Area,
    Colours,
    Dot,
    Field,
    Grade,
    Grades,
    Ground,
    HeadlineTest,
    LayerStyle,
    Line,
    MapLayer,
    NameOnly,
    Names,
    RunTable,
    ZoneParts,
    kinds_in_words,
)

DISTRICTS = ZoneParts("district_name", "District", "All districts")
CORRIDORS_OF_BOTH_RUNS = RunTable("corridors", "Corridors in both runs", "Corridors overlap: never add them up.")
TRAM_COLOUR, RAIL_COLOUR = "#00734f", "#222222"
OTHER_MODE_COLOUR = "#6b6b6b"
SCENARIO_COLOUR = "#d55e00"
MODE_COLOURS = {
    "rail": RAIL_COLOUR, "tram": TRAM_COLOUR, "metro": TRAM_COLOUR, "bus": "#0072b2", "coach": "#56b4e9", "ferry": "#8c510a",
}  # fmt: skip
FREQUENCIES = (
    Grade("under 2 trips an hour", 2, "#8a97a6", 0.9),
    Grade("2 to under 6", 6, "#5d6f82", 1.8),
    Grade("6 to under 12", 12, "#31475c", 3.1),
    Grade("12 or more", float("inf"), "#0a1826", 4.8),
)
FIGURES = frozenset({"number", "share", "score"})  # kinds of fields that differ from run to run

_PEOPLE = Field("people", "Residents", "number")
_KPI = Field("kpi_share", "Residents who reach enough centres in time", "share", missing="withheld: too few zones")
_NOTE = Field("note", "Note", "text", missing="")
_BASIS = Field("basis", "Basis of the location", "text", missing="not stated")
_TRIPS = Field("trips_per_hour", "Trips an hour", "number")
_RUNS = Field("in_run", "Only in", "text", missing="")

# In drawing order; names of rank 1 are placed first.
LAYERS: Mapping[str, LayerStyle] = {
    "base_map": LayerStyle("Base map", "Ground", Ground(), "Base map", shown=True, background=True),
    "districts": LayerStyle(
        "Districts", "Places", Area("#4a4a4a", boundary=True), "District",
        shown=True, names=Names(5, "spaced", "#333333"), search_rank=4, fields=(_PEOPLE, _KPI),
    ),
    "links": LayerStyle(
        "Services by trips an hour", "Public transport",
        Line(OTHER_MODE_COLOUR, Grades("trips_per_hour", FREQUENCIES)), "Service from stop to stop",
        name_columns=("from_name", "to_name"), joiner=" to ", key_column="name",
        fields=(
            Field("mode", "Mode", "text"), Field("routes", "Routes", "text"), _TRIPS,
            Field("median_ride_s", "Median ride", "seconds"),
            Field("centre_people", "Residents whose best journeys to centres use it", "number"),
        ),
    ),
    "stops": LayerStyle(
        "Stops", "Public transport",
        Dot(
            OTHER_MODE_COLOUR, radii_px=(1.1, 2.2, 3.6), many=True,
            colours=Colours("mode", MODE_COLOURS, OTHER_MODE_COLOUR),
        ),
        "Stop", key_column="stop_id", search_rank=9, fields=(Field("mode", "Mode", "text"), _TRIPS, _RUNS),
    ),
    "corridors": LayerStyle(
        "Corridors (proposed by this tool)", "Corridors and sites", Line("#b3006e"), "Corridor (proposed by this tool)",
        shown=True, names=Names(2, "boxed", "#8a0055", from_zoom=9.5), search_rank=5,
        fields=(
            Field("length_km", "Length", "number", "km"), Field("zones", "Zones in the catchment", "number"),
            _PEOPLE, _KPI,
            Field("need", "Need (0 to 100)", "score"), Field("opportunity", "Opportunity (0 to 100)", "score"),
            Field("connectivity", "Connectivity (0 to 100)", "score"),
            Field("decile1_share", "Zones in the most deprived tenth nationally", "share"),
            Field("near_but_disconnected_people", "Residents near but disconnected", "number"),
        ),
    ),
    "catchments": LayerStyle(
        "Corridor catchments (proposed by this tool)", "Corridors and sites", Area("#b3006e", "dashed"),
        "Catchment (proposed by this tool)", key_column="name",
        fields=(Field("buffer_m", "Distance from the line", "number", "m"),),
    ),
    "pilots": LayerStyle(
        "Town-centre pilots", "Corridors and sites", Area("#7b3294", "dotted"), "Town-centre pilot",
        names=Names(3, "boxed", "#56217a", from_zoom=11), search_rank=6,
        fields=(
            Field("radius_m", "Radius", "number", "m"), Field("zones", "Zones", "number"), _PEOPLE,
            _KPI, _BASIS, _RUNS,
        ),
    ),
    "sites": LayerStyle(
        "Employment and housing sites", "Corridors and sites",
        Dot("#a6611a", square=True, radii_px=(5, 5, 5)), "Site", names=Names(4, from_zoom=11), search_rank=7,
        fields=(
            Field("ha", "Area", "number", "ha", missing="not stated"), Field("status", "Status", "text"),
            Field("claimed_jobs", "Jobs (claimed)", "text", missing="no claim"),
            Field("claimed_by", "Claimed by", "text"), Field("claim_date", "Date of the claim", "text"), _BASIS, _NOTE,
            _RUNS,
        ),
    ),
    "tram": LayerStyle(
        "Tram line", "Public transport", Line(TRAM_COLOUR), "Tram line", shown=True, background=True, key_column="name"
    ),
    "tramstops": LayerStyle(
        "Tram stops", "Public transport", Dot(TRAM_COLOUR, radii_px=(1.4, 2.4, 3.6), many=True), "Tram stop",
        names=Names(8, "small", "#00553a", from_zoom=13), search_rank=8, background=True, key_column="name",
        fields=(_BASIS,),
    ),
    "stations": LayerStyle(
        "Railway stations", "Public transport", Dot(RAIL_COLOUR, square=True, radii_px=(1.8, 2.8, 4), many=True),
        "Railway station", shown=True, names=Names(7, "small", from_zoom=12.5), search_rank=3, background=True,
        key_column="name", fields=(_BASIS,),
    ),
    "scenario_lines": LayerStyle(
        "Lines of scenarios, straight from stop to stop", "Scenarios", Line(SCENARIO_COLOUR), "Line of a scenario",
        shown=True, names=Names(2, "boxed", "#8a3d00", from_zoom=10), search_rank=5, key_column="name",
        fields=(
            Field("scenario", "Scenario", "text"), Field("operator", "Operator", "text"), Field("mode", "Mode", "text"),
            Field("status", "Status, as stated", "text", missing=""),
        ),
    ),
    "scenario_stops": LayerStyle(
        "Stops of scenarios", "Scenarios", Dot(SCENARIO_COLOUR, radii_px=(2, 3.2, 4.6), many=True), "Stop of a scenario",
        shown=True, names=Names(7, "small", "#8a3d00", from_zoom=12.5), search_rank=8, key_column="stop_id",
        fields=(
            Field("lines", "New lines that call", "text", missing="none"), Field("new", "New stop", "text"),
            Field("scenario", "Scenario", "text", missing=""),
        ),
    ),
    "centres": LayerStyle(
        "Strategic centres (hollow: in a variant only)", "Places", Dot("#111111", solid_column="default"),
        "Strategic centre", shown=True, names=Names(1, points_clear=True), search_rank=1,
        fields=(
            Field("default", "In the headline's set", "flag"),
            Field("people_within_cutoff", "Residents within the cutoff", "number"), _BASIS,
        ),
    ),
    "places": LayerStyle(
        "Place names", "Places", NameOnly(), "Place", shown=True, names=Names(6, "small", from_zoom=11), search_rank=2,
        key_column="name",
    ),
}  # fmt: skip


def map_layers(
    frames: Mapping[str, gpd.GeoDataFrame], test: HeadlineTest, measures: Iterable[Measure] = MEASURES
) -> tuple[MapLayer, ...]:
    """The frames (by a name of LAYERS, any CRS) as layers in drawing order, their fields titled with the `test`'s minutes.

    The card of a corridor says those of `measures` that its frame carries.
    """
    measures = tuple(measures)
    drawn = sorted(frames, key=list(LAYERS).index)
    styles = {name: _style_of(name, test, measures) for name in drawn}
    if "base_map" in frames:
        styles["base_map"] = replace(styles["base_map"], title=kinds_in_words(frames["base_map"]))
    return tuple(MapLayer(name, styles[name], frames[name]) for name in drawn)


def card_fields(layer: str, measures: Iterable[Measure] = MEASURES) -> tuple[Field, ...]:
    """Titles and units of the fields on the card of a feature; for a corridor also the `measures` of places."""
    fields = LAYERS[layer].fields
    if layer != "corridors":
        return fields
    return (*fields, *(_measured(measure) for measure in measures if measure.in_frames), _NOTE, _RUNS)


def _measured(measure: Measure) -> Field:
    title, unit = measure.of_places
    if unit == "share 0-1":
        return Field(measure.ident, title, "share")
    shown_unit = measure.on_map.unit if measure.on_map else ""
    return Field(
        measure.ident, f"{title}, mean over residents", "number", "" if shown_unit in title.lower() else shown_unit
    )


def _style_of(layer: str, test: HeadlineTest, measures: Iterable[Measure]) -> LayerStyle:
    fields = card_fields(layer, measures)
    return replace(LAYERS[layer], fields=tuple(replace(field, title=test.worded(field.title)) for field in fields))
