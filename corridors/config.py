"""A run's configuration: one TOML file, checked whole, every problem reported at once."""

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from accessibility.legs import Walk
from accessibility.travel_times import SearchSpec
from corridors.errors import ConfigError, InputMissingError
from corridors.scoring import DIMENSIONS, Dimension, chosen_indicators
from layers.files import is_address
from maps.content import Tiles
from maps.errors import MapContentError

CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")
MAX_CONFIG_BYTES = 1_000_000
_MOST_LETTERS = 200  # of a key that is quoted back
NOT_STATED = "not stated"

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Share = Annotated[float, Field(ge=0, le=1)]


def clock_s(text: str) -> int:
    """Seconds after midnight of "HH:MM" (hours may pass 24)."""
    match = CLOCK.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a time of day; write HH:MM, for example 07:00")
    return int(match[1]) * 3600 + int(match[2]) * 60


def window_s(text: str) -> tuple[int, int]:
    """(start, end) seconds after midnight of "HH:MM-HH:MM"."""
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f"{text!r} is not a departure window; write HH:MM-HH:MM, for example 07:00-09:00")
    return clock_s(start), clock_s(end)


class Section(BaseModel):
    """Part of a configuration; a key nobody knows is an error, not a silent nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RegionSection(Section):
    """Which place the run is about."""

    name: Text
    slug: Annotated[
        str, Field(pattern=r"^[a-z0-9_]{1,40}$")
    ]  # names files, so what Windows keeps for devices is refused
    crs: Text = "EPSG:27700"
    illustrative: bool
    note: Text
    districts: dict[str, str] = Field(min_length=1)

    @field_validator("slug")
    @classmethod
    def _slug_is_no_device(cls, slug: str) -> str:
        if re.fullmatch(r"con|prn|aux|nul|(com|lpt)[0-9]", slug):
            raise ValueError(f"{slug!r} is the name of a device on Windows; choose another")
        return slug


class SourcedSection(Section):
    """Where something came from."""

    source: Text
    licence: Text
    vintage: Text


class PerhapsSourcedSection(Section):
    """Where something came from, as far as the configuration says."""

    source: Text = NOT_STATED
    licence: Text = NOT_STATED
    vintage: Text = NOT_STATED


class TimetableSection(SourcedSection):
    """The feeds and the day."""

    feeds: list[Path] = Field(min_length=1)
    date: dt.date
    synthetic: bool
    stop_locations: Path | None = None  # a CSV such as NaPTAN, for TransXChange that doesn't say where its stops are


class StreetsSection(PerhapsSourcedSection):
    """How people walk: along the streets of a file, or straight lines times a detour factor."""

    file: Path | None = None
    elevation: Path | None = None
    detour: Annotated[float, Field(ge=1, le=5)] = 1.3

    @model_validator(mode="after")
    def _elevation_needs_streets(self) -> Self:
        if self.elevation is not None and self.file is None:
            raise ValueError("elevation only acts on streets: give streets.file too, or leave elevation out")
        return self


class DistrictColumn(Section):
    """The district code stands in a column of the zones."""

    column: Text


class DistrictLookup(PerhapsSourcedSection):
    """The district code of each zone stands in a table."""

    file: Path
    zone: Text
    district: Text


class PointsTable(PerhapsSourcedSection):
    """Where people are taken to start from: one point per zone."""

    file: Path
    id: Text
    lon: Text = "lon"
    lat: Text = "lat"


class ZonesSection(SourcedSection):
    """The zones and their geography."""

    file: Path
    layer: str | None = None
    id: Text
    name: Text
    geography: Text
    district: DistrictColumn | DistrictLookup
    points: PointsTable | None = None


class FieldSection(Section):
    """One column of a layer and what it means."""

    column: Text
    kind: Literal["count", "rate", "decile", "score", "rank"]
    unit: Text | None = None
    base: Text | None = None


class LookupSection(Section):
    """How a layer's geography nests with the zones'."""

    file: Path
    source: Text
    target: Text
    weight: Text | None = None
    change: Text | None = None  # column of change codes between editions: U, S, M, X


class OutlinesSection(Section):
    """The outlines of a layer's areas, to share its values by area where no lookup is published."""

    file: Path
    id: Text


class PeoplePointsSection(Section):
    """Points that say in which area of a layer (`source`) people live, to share its values by people."""

    file: Path
    source: Text
    lon: Text = "lon"
    lat: Text = "lat"
    weight: Text | None = None


class RasterSection(SourcedSection):
    """A grid of counts (people a cell) that gives the zones one field."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
    title: Text
    file: Path
    field: Text
    unit: Text


class LayerSection(SourcedSection):
    """A table of values by zone, or by another geography with a lookup, outlines or points to bring it to the zones."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
    title: Text
    file: Path
    key: Text
    geography: Text
    fields: dict[str, FieldSection] = Field(min_length=1)
    lookup: LookupSection | OutlinesSection | PeoplePointsSection | None = None
    share_by: Text | None = None


class PlacesSection(PerhapsSourcedSection):
    """A file of places."""

    file: Path


class CentresSection(PlacesSection):
    """Strategic centres; one counts as reached within `radius_m` of its point."""

    radius_m: Annotated[float, Field(ge=0, le=5000)] = 400.0


class CorridorsSection(PlacesSection):
    """Corridors, the distances around them that are reported, and what is said of them (`facts`: id, topic, fact, basis)."""

    facts: Path | None = None
    buffer_m: Annotated[float, Field(gt=0, le=20_000)] = 1200.0
    buffers_beside_m: list[float] = [800.0, 2000.0]


class PilotsSection(PlacesSection):
    """Town-centre pilots. `fine_points` places people more finely than zones do, for pilots that hold few zones.

    `instead` names alternatives to use: {brierley_hill_skills = "brierley_hill_skills_merry_hill"} moves that pilot's centre.
    """

    fine_points: PointsTable | None = None
    instead: dict[str, str] = {}


class SearchSection(Section):
    """The question put to the timetable."""

    window: str = "07:00-09:00"
    step_s: Annotated[int, Field(ge=1, le=3600)] = 60
    walk_kmh: Annotated[float, Field(ge=0.1, le=20)] = 4.8
    max_walk_min: Annotated[float, Field(ge=0, le=240)] = 20.0
    board_slack_s: Annotated[int, Field(ge=0, le=3600)] = 0
    percentiles: list[float] = [25.0, 50.0, 75.0]
    cutoffs_min: list[float] = [40.0, 45.0, 50.0]
    max_min: Annotated[float, Field(ge=1, le=1440)] = 120.0
    max_rides: Annotated[int, Field(ge=1)] | None = None

    @field_validator("window")
    @classmethod
    def _window_is_one(cls, text: str) -> str:
        start, end = window_s(text)
        if end <= start:
            raise ValueError(f"the departure window {text!r} ends before it starts")
        return text

    def spec(self, detour: float) -> SearchSpec:
        """The search as the engine takes it."""
        start, end = window_s(self.window)
        return SearchSpec(
            window_start_s=start,
            window_end_s=end,
            step_s=self.step_s,
            walk=Walk(self.walk_kmh, round(self.max_walk_min * 60), detour),
            board_slack_s=self.board_slack_s,
            max_rides=self.max_rides,
            max_duration_s=round(self.max_min * 60),
            percentiles=tuple(self.percentiles),
            cutoffs_s=tuple(round(60 * cutoff) for cutoff in self.cutoffs_min),
        )


class KpiSection(Section):
    """The headline: enough centres within the cutoff."""

    cutoff_min: Annotated[float, Field(gt=0)] = 45.0
    centres_at_least: Annotated[int, Field(ge=1)] = 3


# Weights of need, opportunity and connectivity.
PRESETS: dict[str, tuple[float, float, float]] = {
    "equal": (1 / 3, 1 / 3, 1 / 3),
    "need_led": (0.5, 0.25, 0.25),
    "opportunity_led": (0.25, 0.5, 0.25),
    "access_led": (0.25, 0.25, 0.5),
}


class ScoringSection(Section):
    """What is scored, and how the three dimensions weigh where a combined rank is asked for."""

    combined: bool = False
    preset: Literal["equal", "need_led", "opportunity_led", "access_led"] = "equal"
    weights: dict[Dimension, Share] | None = None  # the user's own, instead of a preset
    connectivity: Literal["gap", "level"] = "gap"  # the combined rank counts what connectivity lacks, or what it has
    indicators: dict[Dimension, list[str]] = {}
    draws: Annotated[int, Field(ge=1000, le=1_000_000)] = 10_000
    seed: int = 1

    @field_validator("weights")
    @classmethod
    def _weights_are_shares(cls, weights: dict[str, float] | None) -> dict[str, float] | None:
        if weights is not None and (set(weights) != set(DIMENSIONS) or abs(sum(weights.values()) - 1) > 0.001):
            raise ValueError(f"give a weight to each of {', '.join(DIMENSIONS)}, together 1; these are {weights}")
        return weights

    @model_validator(mode="after")
    def _scores_nothing_twice(self) -> Self:
        chosen_indicators(self.indicators)
        return self

    @property
    def mix(self) -> tuple[float, ...]:
        """Weights of need, opportunity and connectivity."""
        return PRESETS[self.preset] if self.weights is None else tuple(self.weights[d] for d in DIMENSIONS)


class TilesSection(Section):
    """Online background tiles of the map; without this section the map asks the network for nothing."""

    url: Text
    attribution: Text

    @property
    def tiles(self) -> Tiles:
        """The tiles as the map takes them."""
        return Tiles(self.url, self.attribution)

    @model_validator(mode="after")
    def _address_is_of_tiles(self) -> Self:
        try:
            assert self.tiles
        except MapContentError as error:
            raise ValueError(str(error)) from None
        return self


class OutputsSection(Section):
    """What is written beside the tables."""

    surface_cell_m: Annotated[float, Field(ge=10, le=5000)] = 200.0
    papers: bool = True  # the report as a Word document and as PDFs, which take longer than all the rest
    tiles: TilesSection | None = None


class RunConfig(Section):
    """A whole run."""

    region: RegionSection
    timetable: TimetableSection
    streets: StreetsSection = StreetsSection()
    zones: ZonesSection
    layers: list[LayerSection] = []
    rasters: list[RasterSection] = []
    centres: CentresSection
    corridors: CorridorsSection
    pilots: PilotsSection | None = None
    sites: PlacesSection | None = None
    search: SearchSection = SearchSection()
    kpi: KpiSection = KpiSection()
    scoring: ScoringSection = ScoringSection()
    outputs: OutputsSection = OutputsSection()

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        problems = []
        if self.kpi.cutoff_min not in self.search.cutoffs_min:
            problems.append(f"kpi.cutoff_min {self.kpi.cutoff_min:g} is not among search.cutoffs_min")
        if 50.0 not in self.search.percentiles:
            problems.append("search.percentiles must contain 50: the headline is a median")
        ids = [*(layer.id for layer in self.layers), *(raster.id for raster in self.rasters)]
        problems += [f"two layers are called {one!r}" for one in sorted({i for i in ids if ids.count(i) > 1})]
        fields = [*(name for layer in self.layers for name in layer.fields), *(raster.field for raster in self.rasters)]
        problems += [f"two layers give the field {one!r}" for one in sorted({f for f in fields if fields.count(f) > 1})]
        if problems:
            raise ValueError("; ".join(problems))
        return self


def load_config(path: Path) -> RunConfig:
    """Read and check a configuration; every path in it becomes relative to the file's folder.

    Raises `InputMissingError` if it is not there, `ConfigError` with one line per problem if it can't be used.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputMissingError(f"there is no configuration at {path}; give the path of a run's .toml file") from None
    except OSError as error:
        raise ConfigError(f"{path} can't be read as a configuration: {error.strerror}") from error
    if len(content) > MAX_CONFIG_BYTES:
        raise ConfigError(f"{path} is {len(content):,} bytes; a configuration is at most {MAX_CONFIG_BYTES:,}")
    try:
        raw = tomllib.loads(content.decode("utf-8-sig"))
        return _validated(path, raw)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    except RecursionError:
        raise ConfigError(f"{path} is not valid TOML for a run: its tables or lists are nested too deeply") from None


def _validated(path: Path, raw: dict[str, object]) -> RunConfig:
    problems = list(_addresses(raw))
    try:
        config = RunConfig.model_validate(_anchored(raw, path.resolve().parent))
    except ValidationError as error:
        problems += _messages(error)
    if problems:
        raise ConfigError("\n".join([f"{path} has {len(problems)} problem(s):", *problems]))
    return config


_PATH_KEYS = {"file", "elevation", "facts", "stop_locations"}


def _anchored(value: object, folder: Path, key: str = "") -> object:
    """The same value with relative file names resolved against the configuration's folder."""
    if isinstance(value, dict):
        return {name: _anchored(item, folder, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_anchored(item, folder, key) for item in value]
    if isinstance(value, str) and key in (_PATH_KEYS | {"feeds"}):
        return folder / value
    return value


def _addresses(value: object, keys: tuple[str, ...] = ()) -> Iterator[str]:
    """A problem for every address where a file is expected."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _addresses(item, (*keys, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _addresses(item, (*keys, str(number)))
    elif isinstance(value, str) and is_address(value) and ({*keys[-1:], *keys[-2:-1]} & (_PATH_KEYS | {"feeds"})):
        yield f"  {'.'.join(keys)}: {value!r} is an address, not a file; download it, then give the file's path"


def _messages(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"])[:_MOST_LETTERS] or "the whole"
        if problem["type"] == "extra_forbidden":
            message = _unknown_key(str(problem["loc"][-1]))
        else:
            message = "missing; a run needs it" if problem["type"] == "missing" else problem["msg"]
        yield f"  {where}: {message.removeprefix('Value error, ')}"


def _unknown_key(key: str) -> str:
    """The problem with a key that no section has, and the key that may be meant."""
    known = {name for section in Section.__subclasses__() for name in _keys_of(section)}
    meant = difflib.get_close_matches(key, sorted(known), n=1)
    return "unknown key; check the spelling" + (f" (is {meant[0]!r} meant?)" if meant else "")


def _keys_of(section: type[Section]) -> Iterator[str]:
    yield from section.model_fields
    for narrower in section.__subclasses__():
        yield from _keys_of(narrower)
