"""A run's configuration: one TOML file, checked whole, every problem reported at once."""

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)

from accessibility.errors import SearchSpecError
from accessibility.legs import Walk
from accessibility.search.spec import MOST_CUTOFFS, MOST_PERCENTILES, MOST_RIDES, SearchSpec, require_few_departures
from corridors.catalogue.cutoff_names import inside_name, minutes_in_name
from corridors.config.limits import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_BUFFERS,
    MOST_CENTRES,
    MOST_CONFIG_BYTES,
    MOST_DISTRICTS,
    MOST_FEEDS,
    MOST_FIELDS,
    MOST_LAYERS,
    MOST_LETTERS,
    MOST_MINUTES,
    MOST_NESTED,
    MOST_REGION_LETTERS,
)
from corridors.config.problem_words import messages, place, quoted, toml_problem
from corridors.errors import ConfigError, InputMissingError, ScoringError
from corridors.scoring.scores import DIMENSIONS, Dimension, chosen_indicators
from corridors.strategy import Strategy, read_strategy, strategy_names
from layers.files import is_address
from layers.geometries import working_crs
from layers.reading.places import MOST_NAME_LETTERS
from layers.text import cleaned
from maps.errors import MapContentError
from maps.web.content import Tiles

CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")
NOT_STATED = "not stated"
LONGER_S = 3600  # by which a variant of the headline's window is longer
_GSS_CODE = re.compile(r"[ENSW]\d{8}")
_NATIONS = {"E": "England", "N": "Northern Ireland", "S": "Scotland", "W": "Wales"}

Text = Annotated[str, Field(min_length=1, max_length=MOST_LETTERS)]
Name = Annotated[str, Field(min_length=1, max_length=MOST_NAME_LETTERS)]
Minutes = Annotated[float, Field(ge=1, le=MOST_MINUTES)]  # no search is shorter than a minute
Share = Annotated[float, Field(ge=0, le=1)]
BufferM = Annotated[float, Field(ge=1, le=20_000)]
Percentile = Annotated[float, Field(ge=0.1, le=100)]


def require_plain(text: str) -> str:
    """The text, where it can name files and columns everywhere; raises ValueError."""
    if not re.fullmatch(r"[a-z0-9_]{1,40}", text):
        raise ValueError(f"{quoted(repr(text))} must be 1 to 40 of a-z, 0-9 and _: it names files")
    return text


PlainId = Annotated[str, AfterValidator(require_plain)]

# Columns of the zones that a run makes itself, with those of centres and journeys by how they begin.
OWN_COLUMNS = frozenset(
    {
        *(
            "zone_id",
            "id",
            "fid",
            "geom",
            "geometry",
            "name",
            "district_code",
            "district_name",
            "meets_kpi",
            "reliability",
        ),
        *("need", "opportunity", "connectivity", "centres_within_cutoff", "jobs_within_cutoff"),
        "employment_ha_within_cutoff",
        *("near_but_disconnected", "corridor_ids", "explanation", "needed_centre", "loses_most_by", "access_cluster"),
        *("access_cluster_z", "doubly_disadvantaged", "access_gap", "unemployment_share", "caution"),
    }
)
_OWN_PREFIXES = ("minutes_to_", "reach_share_", "journey_")


def require_field_name(name: str) -> str:
    """The name, where a layer's field can have it; raises ValueError."""
    plain = inside_name(name.lower())  # `jobs_within_45` is ours at any cutoff
    if not re.fullmatch(r"\w{1,60}", name):
        raise ValueError(f"{quoted(repr(name))} must be 1 to 60 letters, digits or _: it names columns")
    if plain in OWN_COLUMNS or plain.startswith(_OWN_PREFIXES):
        raise ValueError(f"{name!r} is the name of a column that the run makes itself; choose another")
    return name


FieldName = Annotated[str, AfterValidator(require_field_name)]


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

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class RegionSection(Section):
    """Which place the run is about."""

    name: Annotated[str, Field(min_length=1, max_length=MOST_REGION_LETTERS)]
    slug: PlainId  # names files, so what Windows keeps for devices is refused
    crs: Text = "EPSG:27700"
    illustrative: bool
    note: Text
    nation: Text | None = None  # whose deprivation index the deciles are of; by default the districts' GSS codes say
    strategy: str | None = None  # of `data/strategy`: its published figure, conflicts and framework stand in the report
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
        """The nation, as named or as every district's GSS code has it; empty where neither says."""
        letters = {code[0] if _GSS_CODE.fullmatch(code) else "" for code in self.districts}
        return self.nation or (_NATIONS.get(letters.pop(), "") if len(letters) == 1 else "")

    @property
    def told(self) -> Strategy | None:
        """What the named strategy says."""
        return None if self.strategy is None else read_strategy(self.strategy)


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

    feeds: list[Path] = Field(min_length=1, max_length=MOST_FEEDS)
    date: dt.date
    synthetic: bool
    stop_locations: Path | None = None  # a CSV such as NaPTAN, for TransXChange that doesn't say where its stops are

    @field_validator("date", mode="before")
    @classmethod
    def _date_is_one(cls, date: object) -> object:
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
    district: Annotated[
        Annotated[DistrictColumn, Tag("<column>")] | Annotated[DistrictLookup, Tag("<lookup>")],
        Discriminator(lambda given: "<column>" if _has(given, "column") else "<lookup>"),
    ]
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


def _bridge_kind(given: object) -> str:
    """Which alternative of a layer's `lookup` is meant, by the keys that only it has."""
    if _has(given, "id"):
        return "<outlines>"
    return "<lookup>" if _has(given, "target") or not (_has(given, "source")) else "<points>"


class RasterSection(SourcedSection):
    """A grid of counts (people a cell) that gives the zones one field."""

    id: PlainId
    title: Text
    file: Path
    field: FieldName
    unit: Text


class LayerSection(SourcedSection):
    """A table of values by zone, or by another geography with a lookup, outlines or points to bring it to the zones."""

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


class CentresSection(PlacesSection):
    """Strategic centres; one counts as reached within `radius_m` of its point."""

    radius_m: Annotated[float, Field(ge=0, le=5000)] = 400.0


class CorridorsSection(PlacesSection):
    """Corridors, the distances around them that are reported, and what is said of them (`facts`: id, topic, fact, basis)."""

    facts: Path | None = None
    buffer_m: BufferM = 1200.0
    buffers_beside_m: Annotated[list[BufferM], Field(max_length=MOST_BUFFERS)] = [800.0, 2000.0]


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
    percentiles: Annotated[list[Percentile], Field(max_length=MOST_PERCENTILES)] = [25.0, 50.0, 75.0]
    cutoffs_min: Annotated[list[Minutes], Field(max_length=MOST_CUTOFFS)] = [40.0, 45.0, 50.0]
    max_min: Annotated[float, Field(ge=1, le=MOST_MINUTES)] = 120.0
    max_rides: Annotated[int, Field(ge=1, le=MOST_RIDES)] | None = None

    @field_validator("window")
    @classmethod
    def _window_is_one(cls, text: str) -> str:
        start, end = window_s(text)
        if end <= start:
            raise ValueError(f"the departure window {text!r} ends before it starts")
        return text

    @field_validator("percentiles")
    @classmethod
    def _percentiles_differ(cls, values: list[float]) -> list[float]:
        if len(set(values)) < len(values):
            raise ValueError(f"{_repeated(values)}: given twice; give each percentile once")
        return values

    @field_validator("cutoffs_min")
    @classmethod
    def _cutoffs_differ(cls, values: list[float]) -> list[float]:
        if len({round(60 * value) for value in values}) < len(values):
            raise ValueError(f"{_repeated(values)}: given twice, or less than a second apart")
        return values

    @model_validator(mode="after")
    def _can_be_searched(self) -> Self:
        long = [f"{cutoff:g}" for cutoff in self.cutoffs_min if cutoff > self.max_min]
        if long:
            raise ValueError(f"cutoffs_min {', '.join(long)} is beyond max_min {self.max_min:g}, where the search ends")
        try:
            spec = self.spec(1.0)
        except SearchSpecError as error:
            raise ValueError(str(error)) from None
        longest_s = min(spec.window_end_s - spec.window_start_s + LONGER_S, 86_400)
        try:
            require_few_departures(replace(spec, window_end_s=spec.window_start_s + longest_s))
        except SearchSpecError as error:
            raise ValueError(f"step_s (the longest variant of the window is an hour longer): {error}") from None
        return self

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

    cutoff_min: Minutes = 45.0
    centres_at_least: Annotated[int, Field(ge=1, le=MOST_CENTRES)] = 3


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
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 1

    @field_validator("weights")
    @classmethod
    def _weights_are_shares(cls, weights: dict[str, float] | None) -> dict[str, float] | None:
        if weights is not None and (set(weights) != set(DIMENSIONS) or abs(sum(weights.values()) - 1) > 0.001):
            raise ValueError(f"give a weight to each of {', '.join(DIMENSIONS)}, together 1; these are {weights}")
        return weights

    @model_validator(mode="after")
    def _scores_nothing_twice(self) -> Self:
        try:
            chosen_indicators(self.indicators)
        except ScoringError as error:
            raise ValueError(str(error)) from None
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
            _ = self.tiles
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
    layers: Annotated[list[LayerSection], Field(max_length=MOST_LAYERS)] = []
    rasters: Annotated[list[RasterSection], Field(max_length=MOST_LAYERS)] = []
    centres: CentresSection
    corridors: CorridorsSection
    pilots: PilotsSection | None = None
    sites: PlacesSection | None = None
    search: SearchSection = SearchSection()
    kpi: KpiSection = KpiSection()
    scoring: ScoringSection = ScoringSection()
    outputs: OutputsSection = OutputsSection()

    _odd_settings: tuple[str, ...] = PrivateAttr(())

    @property
    def odd_settings(self) -> tuple[str, ...]:
        """The settings in which characters that no name may hold were replaced."""
        return self._odd_settings

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        problems = []
        if round(60 * self.kpi.cutoff_min) not in {round(60 * cutoff) for cutoff in self.search.cutoffs_min}:
            among = ", ".join(f"{cutoff:g}" for cutoff in self.search.cutoffs_min)
            problems.append(f"kpi.cutoff_min {self.kpi.cutoff_min:g} is not among search.cutoffs_min ({among})")
        if 50.0 not in self.search.percentiles:
            problems.append("search.percentiles must contain 50: the headline is a median")
        ids = [*(layer.id for layer in self.layers), *(raster.id for raster in self.rasters)]
        problems += [f"two layers are called {one!r}" for one in sorted({i for i in ids if ids.count(i) > 1})]
        fields = [*(name for layer in self.layers for name in layer.fields), *(raster.field for raster in self.rasters)]
        plain = [field.lower() for field in fields]  # as a GeoPackage tells columns apart
        problems += [f"two layers give the field {one!r}" for one in sorted({f for f in plain if plain.count(f) > 1})]
        if len(fields) > MOST_FIELDS:
            problems.append(f"the layers give {len(fields):,} fields; at most {MOST_FIELDS} can be used")
        scored = [column for columns in self.scoring.indicators.values() for column in columns]
        problems += [
            f"scoring.indicators: {column!r} names another cutoff than kpi.cutoff_min {self.kpi.cutoff_min:g}"
            for column in scored
            if minutes_in_name(column) not in {"", f"{self.kpi.cutoff_min:g}"}
        ]
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
    if len(content) > MOST_CONFIG_BYTES:
        raise ConfigError(f"{path} is {len(content):,} bytes; a configuration is at most {MOST_CONFIG_BYTES:,}")
    return _validated(path, _parsed(path, content))


def _parsed(path: Path, content: bytes) -> dict[str, object]:
    try:
        raw = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path} is not valid TOML: it is not UTF-8 at byte {error.start:,}; save it as UTF-8"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {toml_problem(str(error))}") from None
    except ValueError:  # of a whole number with more digits than Python turns into one
        raise ConfigError(f"{path} is not valid TOML for a run: it holds a number of thousands of digits") from None
    except RecursionError:
        raise ConfigError(f"{path} is not valid TOML for a run: {_TOO_DEEP}") from None
    if _depth(raw) > MOST_NESTED:
        raise ConfigError(f"{path} is not valid TOML for a run: {_TOO_DEEP}")
    return raw


_TOO_DEEP = "its tables or lists are nested too deeply"


def _depth(value: object) -> int:
    """How many tables and lists stand inside each other, counted level by level."""
    depth, level = 0, [value]
    while level and depth <= MOST_NESTED:
        inner = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, (dict, list))]
        depth, level = depth + 1, [one for items in inner for one in items]
    return depth


def _validated(path: Path, raw: dict[str, object]) -> RunConfig:
    problems = list(_addresses(raw))
    odd: list[str] = []
    try:
        config = RunConfig.model_validate(_anchored(_cleaned(raw, odd), path.resolve().parent))
        config._odd_settings = tuple(odd)
    except ValidationError as error:
        problems += messages(error, _unknown_key)
    if problems:
        raise ConfigError("\n".join([f"{path} has {len(problems)} problem(s):", *problems]))
    return config


_PATH_KEYS = {"file", "elevation", "facts", "stop_locations"}


def _cleaned(value: object, odd: list[str], keys: tuple[str, ...] = ()) -> object:
    """The same value without characters that no name may hold, but for the names of files; `odd` gets where they stood."""
    if isinstance(value, dict):
        return {cleaned(name): _cleaned(item, odd, (*keys, cleaned(name))) for name, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item, odd, keys) for item in value]
    if not isinstance(value, str) or keys[-1] in (_PATH_KEYS | {"feeds"}) or cleaned(value) == value:
        return value
    odd.append(".".join(keys))
    return cleaned(value)


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
        yield f"  {place(keys)}: {quoted(repr(value))} is an address, not a file; download it, then give the file's path"


def _unknown_key(key: str) -> str:
    """The problem with a key that no section has, and the key that may be meant."""
    known = {name for section in Section.__subclasses__() for name in _keys_of(section)}
    meant = difflib.get_close_matches(key, sorted(known), n=1)
    return "unknown key; check the spelling" + (f" (is {meant[0]!r} meant?)" if meant else "")


def _repeated(values: list[float]) -> str:
    """The values that name the same second of minutes as another, or are the same, in words."""
    seconds = [round(60 * value) for value in values]
    again = dict.fromkeys(value for value, key in zip(values, seconds, strict=True) if seconds.count(key) > 1)
    return ", ".join(f"{value:g}" for value in again)


def _has(given: object, key: str) -> bool:
    """Whether a table of the file, or a section made from one, has this key."""
    return key in given if isinstance(given, dict) else hasattr(given, key)


def _keys_of(section: type[Section]) -> Iterator[str]:
    yield from section.model_fields
    for narrower in section.__subclasses__():
        yield from _keys_of(narrower)
