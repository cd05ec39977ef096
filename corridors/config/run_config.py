"""A run's configuration: one TOML file, checked as a whole, with every problem reported at once."""

import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    Field,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from corridors.catalogue.cutoff_names import minutes_in_name
from corridors.catalogue.measure import Measure
from corridors.catalogue.measures import MEASURES, Destination, destination_measures
from corridors.catalogue.observed import observed_measures
from corridors.catalogue.periods import OtherHours, hours_measures
from corridors.config.limits import (
    MOST_DESTINATIONS,
    MOST_FIELDS,
    MOST_LAYERS,
    MOST_OBSERVED,
    MOST_PERIODS,
    MOST_SCENARIOS,
)
from corridors.config.observed import ObservedSection, observed_problems
from corridors.config.periods import (
    HoursSection,
    PeriodSection,
    other_hours,
    period_problems,
    usual_periods,
    without_unasked,
)
from corridors.config.problem_words import messages, place, quoted
from corridors.config.question import KpiSection, OutputsSection, ScoringSection, SearchSection
from corridors.config.scale import ScaleSection, region_problems
from corridors.config.section import Section
from corridors.config.sections import (
    BaseMapSection,
    CentresSection,
    CorridorsSection,
    DestinationsSection,
    JobsOutsideSection,
    LayerSection,
    PilotsSection,
    PlacesSection,
    RasterSection,
    RegionSection,
    StreetsSection,
    TimetableSection,
    ZonesSection,
)
from corridors.config.toml_file import toml_content
from corridors.errors import ConfigError
from layers import cleaned, is_address


class RunConfig(Section):
    """The configuration of a run, section by section."""

    region: RegionSection
    timetable: TimetableSection
    streets: StreetsSection = StreetsSection()
    base_map: BaseMapSection = BaseMapSection()
    zones: ZonesSection
    layers: Annotated[list[LayerSection], Field(max_length=MOST_LAYERS)] = []
    rasters: Annotated[list[RasterSection], Field(max_length=MOST_LAYERS)] = []
    centres: CentresSection
    corridors: CorridorsSection = CorridorsSection()
    pilots: PilotsSection | None = None
    sites: PlacesSection | None = None
    jobs_outside: JobsOutsideSection | None = None
    destinations: Annotated[list[DestinationsSection], Field(max_length=MOST_DESTINATIONS)] = []
    scenarios: Annotated[list[Path], Field(max_length=MOST_SCENARIOS)] = []  # scenario files, each answered alone
    search: SearchSection = SearchSection()
    kpi: KpiSection = KpiSection()
    hours: HoursSection | None = None
    periods: Annotated[list[PeriodSection], Field(max_length=MOST_PERIODS)] = []
    observed: Annotated[list[ObservedSection], Field(max_length=MOST_OBSERVED)] = []  # what ran on past days
    scale: ScaleSection | None = None
    scoring: ScoringSection = ScoringSection()
    outputs: OutputsSection = OutputsSection()

    _odd_settings: tuple[str, ...] = PrivateAttr(())

    @property
    def kinds_of_destination(self) -> tuple[Destination, ...]:
        """The kinds of destination with their titles and cutoffs; the cutoff is the headline's where none is given."""
        usual_min = self.kpi.cutoff_min
        return tuple(
            Destination(kind.id, kind.title, usual_min if kind.cutoff_min is None else kind.cutoff_min)
            for kind in self.destinations
        )

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The catalogue's measures, then those of the destinations, of other hours and of observed days."""
        own = (*destination_measures(self.kinds_of_destination), *hours_measures(self.other_hours))
        return (*MEASURES, *own, *observed_measures(bool(self.observed)))

    @property
    def asked_hours(self) -> HoursSection | None:
        """What is asked of the day's hours and of the way back; None where the configuration speaks of no other hours."""
        return self.hours or (HoursSection() if self.periods else None)

    @property
    def asked_periods(self) -> tuple[PeriodSection, ...]:
        """The periods, the usual ones first where they are asked for."""
        usual = usual_periods(self.search.window) if self.hours and self.hours.usual_periods else ()
        return (*usual, *self.periods)

    @property
    def other_hours(self) -> OtherHours | None:
        """What is asked at other hours, as outputs name it; None where nothing is."""
        asked = self.asked_hours
        return None if asked is None else other_hours(asked, self.asked_periods)

    @property
    def odd_settings(self) -> tuple[str, ...]:
        """The settings in which control characters were replaced."""
        return self._odd_settings

    def settings(self) -> dict[str, object]:
        """The settings on which answers depend, as plain JSON; files are named without their folders."""
        named = _with_names_only(
            without_unasked(self.model_dump(exclude={"base_map", "outputs", "scale", "scenarios"}, by_alias=True))
        )
        plain: dict[str, object] = json.loads(json.dumps(named, default=str))
        return plain

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        problems = []
        if round(60 * self.kpi.cutoff_min) not in {round(60 * cutoff) for cutoff in self.search.cutoffs_min}:
            among = ", ".join(f"{cutoff:g}" for cutoff in self.search.cutoffs_min)
            problems.append(f"kpi.cutoff_min {self.kpi.cutoff_min:g} is not among search.cutoffs_min ({among})")
        if 50.0 not in self.search.percentiles:
            problems.append("search.percentiles must contain 50: the headline is a median")
        kinds = [kind.id for kind in self.destinations]
        problems += [f"two destinations are called {one!r}" for one in sorted({i for i in kinds if kinds.count(i) > 1})]
        limit_min = self.search.max_min
        problems += [
            f"destinations.{kind.id}: cutoff_min {kind.cutoff_min:g} is beyond search.max_min {limit_min:g}, where the search "
            "ends"
            for kind in self.destinations
            if kind.cutoff_min is not None and kind.cutoff_min > limit_min
        ]
        ids = [*(layer.id for layer in self.layers), *(raster.id for raster in self.rasters)]
        problems += [f"two layers are called {one!r}" for one in sorted({i for i in ids if ids.count(i) > 1})]
        fields = [*(name for layer in self.layers for name in layer.fields), *(raster.field for raster in self.rasters)]
        plain = [field.lower() for field in fields]  # a GeoPackage ignores case in names of columns
        problems += [f"two layers give the field {one!r}" for one in sorted({f for f in plain if plain.count(f) > 1})]
        problems += region_problems(self.scale, self.region.districts)
        problems += period_problems(self.asked_periods, self.search.spec(self.streets.detour))
        problems += observed_problems(self.observed)
        for whose, measures in (
            ("a destination", destination_measures(self.kinds_of_destination)),
            ("a period", hours_measures(self.other_hours)),
            ("an observed day", observed_measures(bool(self.observed))),
        ):
            taken = {name.lower() for one in measures for name in (one.column, one.ident)}
            problems += [
                f"the field {one!r} has the name of {whose}'s figure" for one in fields if one.lower() in taken
            ]
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


def load_config(path: Path | str) -> RunConfig:
    """The checked configuration of a TOML file; relative paths in it are resolved against the file's folder.

    Raises `InputMissingError` where there is no such file, `ConfigError` with one line per problem where it can't be used.
    """
    file = Path(path)
    return _validated(file, toml_content(file, "configuration")[1])


def _validated(path: Path, raw: dict[str, object]) -> RunConfig:
    problems = list(_address_problems(raw))
    odd_settings: list[str] = []
    try:
        config = RunConfig.model_validate(_with_absolute_paths(_cleaned(raw, odd_settings), path.resolve().parent))
        config._odd_settings = tuple(odd_settings)
    except ValidationError as error:
        problems += messages(error, _unknown_key)
    if problems:
        raise ConfigError("\n".join([f"{path} has {len(problems)} problem(s):", *problems]))
    return config


_PATH_KEYS = {"file", "beyond", "delays", "elevation", "facts", "feeds", "observed", "scenarios", "stop_locations"}


def _cleaned(value: object, odd_settings: list[str], keys: tuple[str, ...] = ()) -> object:
    """The value without control characters, except in names of files; the changed settings are added to `odd`."""
    if isinstance(value, dict):
        return {cleaned(name): _cleaned(item, odd_settings, (*keys, cleaned(name))) for name, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item, odd_settings, keys) for item in value]
    if not isinstance(value, str) or keys[-1] in _PATH_KEYS or cleaned(value) == value:
        return value
    odd_settings.append(".".join(keys))
    return cleaned(value)


def _with_absolute_paths(value: object, folder: Path, key: str = "") -> object:
    """The value with relative file names resolved against the configuration's folder."""
    if isinstance(value, dict):
        return {name: _with_absolute_paths(item, folder, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_absolute_paths(item, folder, key) for item in value]
    if isinstance(value, str) and key in _PATH_KEYS:
        return folder / value
    return value


def _with_names_only(value: object) -> object:
    """The value with files named without their folders."""
    if isinstance(value, dict):
        return {str(name): _with_names_only(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_names_only(item) for item in value]
    return cleaned(value.name) if isinstance(value, Path) else value


def _address_problems(value: object, keys: tuple[str, ...] = ()) -> Iterator[str]:
    """A message for every web address where a file is expected."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _address_problems(item, (*keys, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _address_problems(item, (*keys, str(number)))
    elif isinstance(value, str) and is_address(value) and ({*keys[-1:], *keys[-2:-1]} & _PATH_KEYS):
        yield f"  {place(keys)}: {quoted(repr(value))} is an address, not a file; download it, then give the file's path"


def _unknown_key(key: str) -> str:
    """The message about a key that no section has, with the known key that may be meant."""
    known = {name for section in Section.__subclasses__() for name in _keys_of(section)}
    alike = difflib.get_close_matches(key, sorted(known), n=1)
    return "unknown key; check the spelling" + (f" (is {alike[0]!r} meant?)" if alike else "")


def _keys_of(section: type[Section]) -> Iterator[str]:
    yield from (field.alias or name for name, field in section.model_fields.items())
    for subclass in section.__subclasses__():
        yield from _keys_of(subclass)
