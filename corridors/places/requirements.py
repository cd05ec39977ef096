"""Checks of a configuration together with its files, made by `check`, and by `run` before any work."""

from collections.abc import Iterator

from corridors.config.limits import (
    MOST_CENTRES,
    MOST_CENTRES_AT_SCALE,
    MOST_CORRIDORS,
    MOST_OF_A_KIND,
    MOST_PILOTS,
    MOST_SITES,
    MOST_VALUES,
)
from corridors.config.run_config import RunConfig
from corridors.config.values import window_s
from corridors.errors import ConfigError
from corridors.inputs.read import Context
from corridors.places.catchments import chosen_pilots
from layers import first_few, require_surface_fits


def require_answerable(config: RunConfig, context: Context) -> None:
    """Raise `ConfigError` that lists every problem, where a run of this configuration can't give results.

    Raises `LayerError` for fine points that can't be read and a raster of too many cells.
    """
    problems = [
        *_count_problems(config, context),
        *_destination_problems(context),
        *_population_problems(context),
        *_edition_problems(config, context),
        *_jobs_problems(config, context),
        *(_size_problems(config, context) if config.scale is None else ()),
    ]
    if problems:
        raise ConfigError("\n".join(problems))
    chosen_pilots(config.pilots, context.pilots)
    require_surface_fits(context.zones, config.outputs.surface_cell_m)


def _count_problems(config: RunConfig, context: Context) -> Iterator[str]:
    counted, asked = context.centres.index[context.centres["default"]], config.kpi.centres_at_least
    if len(counted) < asked:
        present = f"{len(counted)} ({first_few(counted)})" if len(counted) else "none"
        yield (
            f"kpi.centres_at_least asks for {asked} centres; of those in {config.centres.file.name} {present} count towards "
            "the headline (default true): ask for fewer, or add centres"
        )
    unknown = [ident for ident in config.kpi.without if ident not in counted]
    if unknown:
        yield (
            f"kpi.without names {first_few(unknown)}, which {config.centres.file.name} does not count towards the headline; "
            f"those it counts are {first_few(counted)}"
        )
    for noun, places, most in (
        ("centres", context.centres, MOST_CENTRES if config.scale is None else MOST_CENTRES_AT_SCALE),
        ("corridors", context.corridors, MOST_CORRIDORS),
        ("pilots", context.pilots, MOST_PILOTS),
        ("sites", context.sites, MOST_SITES),
        *(
            (f"destinations of the kind {kind}", places, MOST_OF_A_KIND)
            for kind, places in context.destinations.items()
        ),
    ):
        if len(places) > most:
            yield f"{len(places):,} {noun} are too many for one run; at most {most:,} can be used: split the file"


def _destination_problems(context: Context) -> Iterator[str]:
    """A problem for each kind of destination that is empty, or whose id would give columns that a centre has."""
    centres = {str(ident).lower() for ident in context.centres.index}  # a GeoPackage ignores case in names of columns
    for kind, places in context.destinations.items():
        if places.empty:
            yield f"destinations.{kind}: its file holds no place; write at least one, or leave the section out"
        if kind in centres:
            yield f"destinations.{kind}: a centre has this id, and both would name a column; choose another id"


def _edition_problems(config: RunConfig, context: Context) -> Iterator[str]:
    """A problem for each column that stands in for another one and that no layer gives."""
    for number, edition in enumerate(config.scoring.editions):
        unknown = [column for column in edition.columns.values() if column not in context.values]
        if unknown:
            yield (
                f"scoring.editions[{number}] ({edition.name}) names {first_few(unknown)}, which no layer gives; the fields of "
                f"the layers are {first_few(context.values.columns)}"
            )


def _jobs_problems(config: RunConfig, context: Context) -> Iterator[str]:
    """A problem where there are jobs beyond the zones and none in them, or more points than one run can search."""
    if config.jobs_outside is not None and "jobs" not in context.values:
        yield (
            "jobs_outside gives jobs beyond the zones, and no layer gives those of the zones: add a layer with the field "
            "jobs, or leave jobs_outside out"
        )
    if len(context.jobs_outside) > MOST_OF_A_KIND:
        yield (
            f"{len(context.jobs_outside):,} points of jobs_outside are too many for one run; at most {MOST_OF_A_KIND:,} can "
            "be used: keep those that a journey can reach"
        )


def _size_problems(config: RunConfig, context: Context) -> Iterator[str]:
    """A problem where the travel times of one search would need more memory than most machines have."""
    search, zones, noun = config.search, len(context.zones), "zones"
    if context.finer is not None:
        zones, noun = len(context.finer), "finer points"
    start_s, end_s = window_s(search.window)
    minutes = (end_s - start_s) // 60  # journeys worth making are seldom more than one a minute
    if zones * len(context.centres) * minutes > MOST_VALUES:
        yield (
            f"{zones:,} {noun}, {len(context.centres):,} centres and the {minutes:,} minutes of "
            f"search.window are more than {MOST_VALUES:,} journeys: make the window shorter"
        )
    n_values = len(search.percentiles) + len(search.cutoffs_min)
    places = len(context.centres) + len(context.sites)
    if zones * places * n_values > MOST_VALUES:
        yield (
            f"{zones:,} {noun}, {places:,} centres and sites and {n_values} percentiles and cutoffs are more than "
            f"{MOST_VALUES:,} travel times: ask for fewer percentiles and cutoffs"
        )


def _population_problems(context: Context) -> Iterator[str]:
    people = context.values["population"]
    if not people.sum() > 0:
        missing = int(people.isna().sum())
        yield (
            f"nobody lives here: population adds up to 0 over {len(people):,} zones ({missing:,} of them without a value); "
            "check the column that gives population, and that its codes are those of the zones"
        )
