"""The layers that can be drawn over the zones: what each is called, how it looks and what its card says."""

from dataclasses import dataclass
from typing import Literal

from maps.styles import Kind

Drawing = Literal["line", "area", "point", "name"]
FieldKind = Kind | Literal["text", "seconds"]

MODE_COLOURS = {
    "rail": "#222222", "tram": "#00734f", "metro": "#00734f", "bus": "#0072b2", "coach": "#56b4e9", "ferry": "#8c510a",
}  # fmt: skip
OTHER_MODE_COLOUR = "#6b6b6b"
TRAM_COLOUR = MODE_COLOURS["tram"]
SECOND_RUN = "__second"  # ends the column of the second run's figure, where two runs are compared


@dataclass(frozen=True)
class Frequency:
    """How a link with so many trips an hour is drawn: darker and thicker for more."""

    label: str
    upper: float  # trips an hour, not included
    colour: str
    width_px: float


FREQUENCIES = (
    Frequency("under 2 trips an hour", 2, "#8a97a6", 0.9),
    Frequency("2 to under 6", 6, "#5d6f82", 1.8),
    Frequency("6 to under 12", 12, "#31475c", 3.1),
    Frequency("12 or more", float("inf"), "#0a1826", 4.8),
)


@dataclass(frozen=True)
class Field:
    """One line of a feature's card. `missing` is what stands there where there is no value."""

    column: str
    title: str
    kind: FieldKind
    unit: str = ""
    missing: str = "n/a"


@dataclass(frozen=True)
class LayerStyle:
    """How a layer is offered and drawn. `name_columns` are joined by `joiner` into a feature's name.

    A feature keeps its address by its `key_column`, by its name where that is "name", else by its index.
    """

    title: str
    group: str
    drawing: Drawing
    colour: str
    one: str  # what one feature is called: "Stop"
    shown: bool = False
    named: bool = False  # names stand on the map
    name_columns: tuple[str, ...] = ("name",)
    joiner: str = " "
    fields: tuple[Field, ...] = ()
    by_mode: bool = False  # coloured by its `mode` column
    frequency_column: str = ""  # drawn as FREQUENCIES says for this many trips an hour
    solid_column: str = ""  # drawn hollow where this is false
    background: bool = False  # helps to find one's way: a click goes through it to the zone
    key_column: str = ""


_PEOPLE = Field("people", "Residents", "number")
_KPI = Field("kpi_share", "Residents who reach enough centres in time", "share")
_NOTE = Field("note", "Note", "text", missing="")
_BASIS = Field("basis", "Basis of the location", "text", missing="not stated")
_TRIPS = Field("trips_per_hour", "Trips an hour", "number")
_RUNS = Field("in_run", "Only in", "text", missing="")

LAYERS: dict[str, LayerStyle] = {
    "districts": LayerStyle(
        "Districts", "Places", "area", "#4a4a4a", "District", shown=True, named=True, fields=(_PEOPLE, _KPI)
    ),
    "links": LayerStyle(
        "Services by trips an hour", "Public transport", "line", OTHER_MODE_COLOUR, "Service from stop to stop",
        name_columns=("from_name", "to_name"), joiner=" to ", frequency_column="trips_per_hour", key_column="name",
        fields=(
            Field("mode", "Mode", "text"), Field("routes", "Routes", "text"), _TRIPS,
            Field("median_ride_s", "Median ride", "seconds"),
            Field("centre_people", "Residents whose best journeys to centres use it", "number"),
        ),
    ),
    "stops": LayerStyle(
        "Stops", "Public transport", "point", OTHER_MODE_COLOUR, "Stop", by_mode=True, key_column="stop_id",
        fields=(Field("mode", "Mode", "text"), _TRIPS, _RUNS),
    ),
    "corridors": LayerStyle(
        "Corridors (proposed by this tool)", "Corridors and sites", "line", "#b3006e", "Corridor (proposed by this tool)",
        shown=True, named=True,
        fields=(
            Field("length_km", "Length", "number", "km"), Field("zones", "Zones in the catchment", "number"),
            _PEOPLE, _KPI,
            Field("need", "Need (0 to 100)", "score"), Field("opportunity", "Opportunity (0 to 100)", "score"),
            Field("connectivity", "Connectivity (0 to 100)", "score"),
            Field("decile1_share", "Zones in the most deprived tenth nationally", "share"),
            Field("level4_share", "Residents qualified to Level 4 or above", "share"),
            Field("no_car_share", "Households without a car", "share"),
            Field("jobs_within_cutoff", "Jobs within the cutoff", "number"),
            Field("employment_ha_within_cutoff", "Employment land within the cutoff", "number", "ha"),
            Field("near_but_disconnected_people", "Residents near but disconnected", "number"), _NOTE, _RUNS,
        ),
    ),
    "catchments": LayerStyle(
        "Corridor catchments (proposed by this tool)", "Corridors and sites", "area", "#b3006e",
        "Catchment (proposed by this tool)", key_column="name",
        fields=(Field("buffer_m", "Distance from the line", "number", "m"),),
    ),
    "pilots": LayerStyle(
        "Town-centre pilots", "Corridors and sites", "area", "#7b3294", "Town-centre pilot", named=True,
        fields=(
            Field("radius_m", "Radius", "number", "m"), Field("zones", "Zones", "number"), _PEOPLE,
            Field("kpi_share", _KPI.title, "share", missing="withheld: too few zones"), _BASIS, _RUNS,
        ),
    ),
    "sites": LayerStyle(
        "Employment and housing sites", "Corridors and sites", "point", "#a6611a", "Site", named=True,
        fields=(
            Field("ha", "Area", "number", "ha", missing="not stated"), Field("status", "Status", "text"),
            Field("claimed_jobs", "Jobs (claimed)", "text", missing="no claim"),
            Field("claimed_by", "Claimed by", "text"), Field("claim_date", "Date of the claim", "text"), _BASIS, _NOTE,
            _RUNS,
        ),
    ),
    "tram": LayerStyle(
        "Tram line", "Public transport", "line", TRAM_COLOUR, "Tram line", shown=True, background=True, key_column="name"
    ),
    "tramstops": LayerStyle(
        "Tram stops", "Public transport", "point", TRAM_COLOUR, "Tram stop", named=True, background=True,
        key_column="name", fields=(_BASIS,),
    ),
    "stations": LayerStyle(
        "Railway stations", "Public transport", "point", MODE_COLOURS["rail"], "Railway station", shown=True, named=True,
        background=True, key_column="name", fields=(_BASIS,),
    ),
    "centres": LayerStyle(
        "Strategic centres (hollow: in a variant only)", "Places", "point", "#111111", "Strategic centre",
        shown=True, named=True,
        solid_column="default",
        fields=(
            Field("default", "In the headline's set", "flag"),
            Field("people_within_cutoff", "Residents within the cutoff", "number"), _BASIS,
        ),
    ),
    "places": LayerStyle(
        "Place names", "Places", "name", "#4a4a4a", "Place", shown=True, named=True, key_column="name"
    ),
}  # fmt: skip
