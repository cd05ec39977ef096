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
    """How a layer is offered and drawn. `name_columns` are joined by `joiner` into a feature's name."""

    title: str
    group: str
    drawing: Drawing
    colour: str
    shown: bool = False
    named: bool = False  # names stand on the map
    name_columns: tuple[str, ...] = ("name",)
    joiner: str = " "
    fields: tuple[Field, ...] = ()
    by_mode: bool = False  # coloured by its `mode` column
    weight_column: str = ""  # drawn thicker where this is larger
    solid_column: str = ""  # drawn hollow where this is false


_PEOPLE = Field("people", "Residents", "number")
_KPI = Field("kpi_share", "Residents who reach enough centres in time", "share")
_NOTE = Field("note", "Note", "text", missing="")
_BASIS = Field("basis", "Basis of the location", "text", missing="not stated")
_TRIPS = Field("trips_per_hour", "Trips an hour", "number")

LAYERS: dict[str, LayerStyle] = {
    "districts": LayerStyle(
        "Districts", "Places", "area", "#4a4a4a", shown=True, named=True, fields=(_PEOPLE, _KPI)
    ),
    "catchments": LayerStyle(
        "Corridor catchments (proposed by this tool)", "Corridors and sites", "area", "#b3006e",
        name_columns=("corridor_id", "buffer_m"), joiner=", buffer in metres: ",
    ),
    "links": LayerStyle(
        "Links (thicker = more trips an hour)", "Public transport", "line", OTHER_MODE_COLOUR,
        name_columns=("from_name", "to_name"), joiner=" to ", by_mode=True, weight_column="trips_per_hour",
        fields=(
            Field("mode", "Mode", "text"), Field("routes", "Routes", "text"), _TRIPS,
            Field("median_ride_s", "Median ride", "seconds"),
            Field("centre_people", "Residents whose best journeys to centres use it", "number"),
        ),
    ),
    "corridors": LayerStyle(
        "Corridors (proposed by this tool)", "Corridors and sites", "line", "#b3006e", shown=True, named=True,
        fields=(
            Field("length_km", "Length", "number", "km"), Field("zones", "Zones in the catchment", "number"),
            _PEOPLE, _KPI,
            Field("need", "Need (0 to 100)", "score"), Field("opportunity", "Opportunity (0 to 100)", "score"),
            Field("connectivity", "Connectivity (0 to 100)", "score"),
            Field("decile1_share", "Zones in the most deprived tenth of England", "share"),
            Field("level4_share", "Residents qualified to Level 4 or above", "share"),
            Field("no_car_share", "Households without a car", "share"),
            Field("jobs_within_45", "Jobs within 45 minutes", "number"),
            Field("employment_ha_within_45", "Employment land within 45 minutes", "number", "ha"),
            Field("near_but_disconnected_people", "Residents near but disconnected", "number"), _NOTE,
        ),
    ),
    "pilots": LayerStyle(
        "Town-centre pilots", "Corridors and sites", "area", "#7b3294", named=True,
        fields=(
            Field("radius_m", "Radius", "number", "m"), Field("zones", "Zones", "number"), _PEOPLE,
            Field("kpi_share", _KPI.title, "share", missing="withheld: too few zones"), _BASIS,
        ),
    ),
    "stops": LayerStyle(
        "Stops", "Public transport", "point", OTHER_MODE_COLOUR, by_mode=True,
        fields=(Field("stop_id", "Stop", "text"), Field("mode", "Mode", "text"), _TRIPS),
    ),
    "sites": LayerStyle(
        "Employment and housing sites", "Corridors and sites", "point", "#a6611a", named=True,
        fields=(
            Field("ha", "Area", "number", "ha", missing="not stated"), Field("status", "Status", "text"),
            Field("claimed_jobs", "Jobs (claimed)", "text", missing="no claim"),
            Field("claimed_by", "Claimed by", "text"), Field("claim_date", "Date of the claim", "text"), _BASIS, _NOTE,
        ),
    ),
    "centres": LayerStyle(
        "Strategic centres (hollow: in a variant only)", "Places", "point", "#111111", shown=True, named=True,
        solid_column="default",
        fields=(
            Field("default", "In the headline's set", "flag"),
            Field("people_within_45", "Residents within 45 minutes", "number"), _BASIS,
        ),
    ),
    "places": LayerStyle("Place names", "Places", "name", "#4a4a4a", shown=True, named=True),
}  # fmt: skip
