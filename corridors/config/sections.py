"""The sections of a configuration that name the inputs: region, timetable, streets, zones, layers and places."""

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)

from corridors.config.limits import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_BUFFERS,
    MOST_DISTRICTS,
    MOST_FEEDS,
    MOST_REGION_LETTERS,
)
from corridors.config.section import Section
from corridors.config.values import NOT_STATED, BufferM, FieldName, Minutes, Name, PlainId, Text
from corridors.strategy import Strategy, read_strategy, strategy_names
from layers import working_crs

_GSS_CODE = re.compile(r"[ENSW]\d{8}")
_NATIONS = {"E": "England", "N": "Northern Ireland", "S": "Scotland", "W": "Wales"}


class RegionSection(Section):
    """The region of the run: its name, coordinate system, districts and strategy."""

    name: Annotated[str, Field(min_length=1, max_length=MOST_REGION_LETTERS)]
    slug: PlainId  # names files, so names that Windows reserves for devices are refused
    crs: Text = "EPSG:27700"
    illustrative: bool
    note: Text
    nation: Text | None = (
        None  # whose deprivation index the deciles belong to; by default that of the districts' GSS codes
    )
    strategy: str | None = None  # a file of `data/strategy`, whose figure, conflicts and framework stand in the report
    districts: dict[Name, Name] = Field(min_length=1, max_length=MOST_DISTRICTS)

    @field_validator("crs")
    @classmethod
    def _crs_is_in_metres(cls, crs: str) -> str:
        working_crs(crs)
        return crs

    @field_validator("slug")
    @classmethod
    def _slug_is_no_device(cls, slug: str) -> str:
        if re.fullmatch(r"con|prn|aux|nul|(com|lpt)[0-9]", slug):
            raise ValueError(f"{slug!r} is the name of a device on Windows; choose another")
        return slug

    @field_validator("strategy")
    @classmethod
    def _strategy_is_known(cls, strategy: str | None) -> str | None:
        if strategy is not None and strategy not in strategy_names():
            raise ValueError(f"{strategy!r} is not a strategy; those known are {', '.join(strategy_names())}")
        return strategy

    @property
    def nation_name(self) -> str:
        """The nation's name: as set, or that of all districts' GSS codes; "" where neither gives one."""
        letters = {code[0] if _GSS_CODE.fullmatch(code) else "" for code in self.districts}
        return self.nation or (_NATIONS.get(letters.pop(), "") if len(letters) == 1 else "")

    @property
    def strategy_facts(self) -> Strategy | None:
        """The content of the named strategy; None where none is named."""
        return None if self.strategy is None else read_strategy(self.strategy)


class SourcedSection(Section):
    """Source, licence and vintage of an input; all have to be given."""

    source: Text
    licence: Text
    vintage: Text


class PerhapsSourcedSection(Section):
    """Source, licence and vintage of an input; "not stated" where they are not given."""

    source: Text = NOT_STATED
    licence: Text = NOT_STATED
    vintage: Text = NOT_STATED


class TimetableSection(SourcedSection):
    """The feeds, and the day on which people travel."""

    feeds: list[Path] = Field(min_length=1, max_length=MOST_FEEDS)
    date: dt.date
    synthetic: bool
    stop_locations: Path | None = None  # a CSV such as NaPTAN, for TransXChange without coordinates of stops
    # A line's service that stands in the feeds twice, minutes apart: leave the smaller registration out, or run both.
    overlapping_registrations: Literal["repair", "keep"] = "repair"
    # Calls that have to be booked beforehand or agreed with the driver: all open, only the latter, or none.
    calls_by_arrangement: Literal["open", "ask_driver", "closed"] = "open"

    @field_validator("date", mode="before")
    @classmethod
    def _date_is_no_number(cls, date: object) -> object:
        if isinstance(date, (int, float)):
            raise ValueError(f"{date} is not a date; write it such as 2026-03-24")
        return date

    @field_validator("date")
    @classmethod
    def _year_is_usual(cls, date: dt.date) -> dt.date:
        if not FIRST_YEAR <= date.year <= LAST_YEAR:
            raise ValueError(f"{date} is not a day of the years {FIRST_YEAR} to {LAST_YEAR}")
        return date


class StreetsSection(PerhapsSourcedSection):
    """Settings of walking: along the streets of a file, or in straight lines times a detour factor.

    Streets of neighbouring areas stand `beyond` those of the region.
    """

    file: Path | None = None
    beyond: list[Path] = []
    elevation: Path | None = None
    detour: Annotated[float, Field(ge=1, le=5)] = 1.3

    @model_validator(mode="after")
    def _others_need_streets(self) -> Self:
        for key, given in (("elevation", self.elevation), ("beyond", self.beyond)):
            if given and self.file is None:
                raise ValueError(f"{key} only acts on streets: give streets.file too, or leave {key} out")
        return self


class BaseMapSection(PerhapsSourcedSection):
    """What maps draw under and between the zones: what the streets' file holds, a layer of one's own, or nothing."""

    show: bool = True
    file: Path | None = None  # OpenStreetMap, or a layer with kind, class, name; without it the streets' file
    layer: str | None = None


class DistrictColumn(Section):
    """The column of the zones that holds the district code."""

    column: Text


class DistrictLookup(PerhapsSourcedSection):
    """The table that holds the district code of each zone."""

    file: Path
    zone: Text
    district: Text


class PointsTable(PerhapsSourcedSection):
    """A table with one point per zone, at which its people's journeys start."""

    file: Path
    id: Text
    lon: Text = "lon"
    lat: Text = "lat"


class FinerPoints(PerhapsSourcedSection):
    """A table of points of smaller areas than the zones (`geography`), each with its residents where `people` names them.

    Residents say only how a zone's people are shared out among its points; without them, equally.
    """

    file: Path
    id: Text
    lon: Text = "lon"
    lat: Text = "lat"
    people: Text | None = None
    geography: Text


class ZonesSection(SourcedSection):
    """The file of the zones, and its columns."""

    file: Path
    layer: str | None = None
    id: Text
    name: Text
    geography: Text
    district: Annotated[
        Annotated[DistrictColumn, Tag("<column>")] | Annotated[DistrictLookup, Tag("<lookup>")],
        Discriminator(lambda given: "<column>" if _has(given, "column") else "<lookup>"),
    ]
    points: PointsTable | None = None
    finer: FinerPoints | None = None


class FieldSection(Section):
    """One column of a layer, its kind and its unit."""

    column: Text
    kind: Literal["count", "rate", "decile", "score", "rank"]
    unit: Text | None = None
    base: Text | None = None


class LookupSection(Section):
    """A lookup table from a layer's geography to the zones."""

    file: Path
    source: Text
    target: Text
    weight: Text | None = None
    change: Text | None = None  # column of change codes between editions: U, S, M, X


class OutlinesSection(Section):
    """The outlines of a layer's areas, to share its values out by area where no lookup is published."""

    file: Path
    id: Text


class PeoplePointsSection(Section):
    """Points that say in which area of a layer (`source`) people live, to share its values out by people."""

    file: Path
    source: Text
    lon: Text = "lon"
    lat: Text = "lat"
    weight: Text | None = None


def _bridge_kind(given: object) -> str:
    """The tag of the alternative that a layer's `lookup` is, told by its keys."""
    if _has(given, "id"):
        return "<outlines>"
    return "<lookup>" if _has(given, "target") or not (_has(given, "source")) else "<points>"


class RasterSection(SourcedSection):
    """A raster of counts (people in each cell) that gives the zones one field."""

    id: PlainId
    title: Text
    file: Path
    field: FieldName
    unit: Text


class LayerSection(SourcedSection):
    """A table of values by zone, or by another geography that a lookup, outlines or points convert to zones."""

    id: PlainId
    title: Text
    file: Path
    key: Text
    geography: Text
    fields: dict[FieldName, FieldSection] = Field(min_length=1)
    lookup: (
        Annotated[
            Annotated[LookupSection, Tag("<lookup>")]
            | Annotated[OutlinesSection, Tag("<outlines>")]
            | Annotated[PeoplePointsSection, Tag("<points>")],
            Discriminator(_bridge_kind),
        ]
        | None
    ) = None
    share_by: Text | None = None


class PlacesSection(PerhapsSourcedSection):
    """A file of places."""

    file: Path


class DestinationsSection(PlacesSection):
    """A kind of place that people travel to other than the strategic centres: hospitals, colleges, training, greenspace."""

    id: PlainId  # names columns: minutes_to_<id>, reaches_<id>
    title: Text  # one of them, in words: "hospital"
    cutoff_min: Minutes | None = None  # by default the headline's
    radius_m: Annotated[float, Field(ge=0, le=5000)] = 0.0  # a place counts as reached within it

    @field_validator("id")
    @classmethod
    def _id_names_no_other_column(cls, ident: str) -> str:
        if ident in {"nearest", "needed"}:
            raise ValueError(f"{ident!r} would name a column that the run makes itself; choose another")
        return ident


class JobsOutsideSection(PlacesSection):
    """A table of points beyond the zones with the jobs at each: whoever lives near the boundary may reach them."""

    id: Text
    lon: Text = "lon"
    lat: Text = "lat"
    jobs: Text = "jobs"


class CentresSection(PlacesSection):
    """Strategic centres; one counts as reached within `radius_m` of its point."""

    radius_m: Annotated[float, Field(ge=0, le=5000)] = 400.0


class CorridorsSection(PerhapsSourcedSection):
    """Corridors, the distances around them that are reported, and facts stated of them (`facts`: id, topic, fact, basis)."""

    file: Path | None = None  # without it the region has none
    facts: Path | None = None
    buffer_m: BufferM = 1200.0
    buffers_beside_m: Annotated[list[BufferM], Field(max_length=MOST_BUFFERS)] = [800.0, 2000.0]

    @model_validator(mode="after")
    def _facts_are_of_corridors(self) -> Self:
        if self.facts and self.file is None:
            raise ValueError("facts are of corridors: give corridors.file too, or leave facts out")
        return self


class PilotsSection(PlacesSection):
    """Town-centre pilots.

    `instead` replaces pilots by alternatives: {north_skills = "north_skills_station"} moves that centre.
    """

    instead: dict[str, str] = {}


def _has(given: object, key: str) -> bool:
    """Whether a table of the file, or the section made from it, has this key."""
    return key in given if isinstance(given, dict) else hasattr(given, key)
