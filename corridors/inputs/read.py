"""Reading of a run's inputs: the files of a configuration enter, checked frames and arrays leave."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import geopandas as gpd
import pandas as pd

from accessibility import (
    Feed,
    Repair,
    StreetNetwork,
    Timetable,
    build_timetable,
    read_feed,
    service_repairs,
)
from corridors.config.run_config import RunConfig
from corridors.config.sections import DistrictColumn
from corridors.inputs.days import candidate_days, repairs_of_days, timetables_by_day
from corridors.inputs.files import named_files
from corridors.inputs.layer_specs import layer_spec, raster_spec
from corridors.inputs.observed_days import ObservedDay, observed_repairs, read_observed
from corridors.inputs.provenance import (
    context_provenance,
    observed_provenance,
    stamps_of,
    streets_provenance,
    timetable_provenance,
)
from corridors.inputs.school_days import holiday_warnings, is_english
from corridors.inputs.streets_cache import walkable_streets
from corridors.inputs.timetables import Box, OtherTimetable, box_round, feed_of_day, network_repairs
from corridors.results import Provenance, RunWarning
from layers import (
    WGS84,
    FieldProvenance,
    Finding,
    FinerPoints,
    JobsOutside,
    LayersError,
    Zones,
    assign_district,
    cleaned,
    counting_cleaned,
    findings_of,
    first_few,
    no_car_share,
    raise_together,
    read_centres,
    read_corridors,
    read_districts,
    read_finer_points,
    read_jobs_outside,
    read_layers,
    read_pilots,
    read_point_places,
    read_raster_layer,
    read_sites,
    read_text,
    read_zone_points,
    read_zones,
    replaced_effect,
    require_columns,
    shared_positions,
    zone_points,
)

_FIRST_BEYOND = 0x0530  # Armenian: Latin, Greek and Cyrillic stand before it, and every font has them
_PLAIN_ID = re.compile(r"[A-Za-z0-9_]{1,40}")


@dataclass(frozen=True)
class Context:
    """The region without its network: zones, their values, and the places of the configuration."""

    zones: gpd.GeoDataFrame  # index zone_id; name, district_code, district_name, geometry
    points: pd.DataFrame  # index zone_id; lon, lat, x, y, basis
    # Index id of the point; lon, lat, x, y, zone (in which it lies), row (its number), share (0-1 of the zone's people). A
    # zone without such a point is represented by its own. None where none are given.
    finer: pd.DataFrame | None
    values: pd.DataFrame  # index zone_id; fields of all layers, no_car_share
    centres: gpd.GeoDataFrame
    corridors: gpd.GeoDataFrame
    pilots: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    destinations: Mapping[str, gpd.GeoDataFrame]  # kind -> its places
    jobs_outside: gpd.GeoDataFrame  # index id; jobs, lon, lat, x, y, geometry: points beyond the zones
    fields: tuple[FieldProvenance, ...]
    warnings: tuple[RunWarning, ...]
    provenance: tuple[Provenance, ...]

    @property
    def surroundings(self) -> Box:
        """The region, with all its places and a margin, whose trips are read."""
        others = (self.sites, self.jobs_outside, *self.destinations.values())
        return box_round(self.points, *(places.to_crs(WGS84).get_coordinates() for places in (self.centres, *others)))


@dataclass(frozen=True)
class Network:
    """The network on which people travel: the day's timetable, and the streets or None."""

    timetable: Timetable
    streets: StreetNetwork | None
    warnings: tuple[RunWarning, ...]
    provenance: tuple[Provenance, ...]
    other_timetables: tuple[OtherTimetable, ...] = ()  # of the day, under other choices about its feeds
    # A key of `DAY_KINDS`, or an ISO date -> that day's timetable; empty where no other hours are asked for.
    days: Mapping[str, Timetable] = field(default_factory=dict)
    observed: tuple[ObservedDay, ...] = ()  # in order of their dates; read only where other days are asked for
    candidate_days: pd.DataFrame | None = None  # of `corridors.inputs.days`, likewise


def read_context(config: RunConfig) -> Context:
    """The zones, layers and places of a configuration, with warnings and provenance. Raises LayersError for faulty files."""
    with counting_cleaned() as odd_letters:
        context = _read_context(config)
        with suppress(LayersError):  # read here only to count replaced letters; see `read_facts`
            read_facts(config)
    settings = findings_of("control_characters", config.odd_settings, 1, replaced_effect("the configuration"))
    return replace(context, warnings=context.warnings + warnings_of([*settings, *odd_letters, *_not_drawn(context)]))


def _not_drawn(context: Context) -> tuple[Finding, ...]:
    """A finding for names that pictures can't show. Fonts are searched only where a name is beyond European scripts."""
    places = (context.centres, context.corridors, context.pilots, context.sites)
    names = [*(name for frame in places for name in frame["name"]), *context.zones["district_name"].unique()]
    if all(ord(char) < _FIRST_BEYOND for name in names for char in name):
        return ()
    from maps import undrawable

    effect = (
        "these names hold letters that no font of this machine has: pictures and printed maps show boxes for them; "
        "pages, tables and layers hold them whole. Install a font such as Noto Sans for their script."
    )
    return findings_of("letters_not_drawn", undrawable(names), len(names), effect)


def _read_context(config: RunConfig) -> Context:
    stamps = stamps_of(path for _, path in named_files(config))
    zones = _zones(config)
    table = config.zones.points
    given_points = None
    if table is not None:
        given_points = read_zone_points(table.file, id_column=table.id, lon_column=table.lon, lat_column=table.lat)
    finer = _finer_points(config, zones)
    points = zone_points(zones, given_points, None if finer is None else finer.frame)
    grids = [read_raster_layer(raster_spec(raster), zones) for raster in config.rasters]
    layers = read_layers([layer_spec(layer) for layer in config.layers], zones, grids)
    values = layers.frame
    if "population" not in values:
        raise LayersError(
            f"no layer gives the field population, by which every figure is weighted; the layers give "
            f"{first_few(values.columns) or 'none'}. Name the column of residents: fields.population = {{ column = ... }}"
        )
    if {"households", "households_no_car"} <= set(values.columns):
        values = values.assign(no_car_share=no_car_share(values["households_no_car"], values["households"]))
    crs, centres, lines = config.region.crs, _centres(config), config.corridors.file
    sites = read_sites(config.sites.file, crs) if config.sites else _no_places(crs, "ha", "status")
    jobs_outside = _jobs_outside(config, zones)
    return Context(
        zones=zones.frame,
        points=points.frame,
        finer=None if finer is None else _with_own_points(finer.frame, points.frame),
        values=values,
        centres=centres,
        corridors=read_corridors(lines, crs) if lines else _no_places(crs, "length_km"),
        pilots=read_pilots(config.pilots.file, crs) if config.pilots else _no_places(crs, "radius_m"),
        sites=sites,
        destinations={kind.id: read_point_places(kind.file, crs) for kind in config.destinations},
        jobs_outside=jobs_outside.frame,
        fields=layers.provenance,
        warnings=warnings_of(
            [
                *zones.findings,
                *points.findings,
                *(() if finer is None else finer.findings),
                *layers.findings,
                *jobs_outside.findings,
                *_shared_positions(config, centres, sites),
            ]
        ),
        provenance=tuple(
            context_provenance(
                config, len(zones.frame), {field.layer: field.rows for field in layers.provenance}, stamps
            )
        ),
    )


def _finer_points(config: RunConfig, zones: Zones) -> FinerPoints | None:
    table = config.zones.finer
    if table is None:
        return None
    return read_finer_points(
        table.file,
        id_column=table.id,
        lon_column=table.lon,
        lat_column=table.lat,
        people_column=table.people,
        zones=zones,
    )


def _jobs_outside(config: RunConfig, zones: Zones) -> JobsOutside:
    table = config.jobs_outside
    if table is None:
        return JobsOutside(_no_places(config.region.crs, "jobs", "x", "y"), ())
    return read_jobs_outside(
        table.file,
        id_column=table.id,
        lon_column=table.lon,
        lat_column=table.lat,
        jobs_column=table.jobs,
        zones=zones,
    )


def _with_own_points(finer: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """The finer points, and the own point of every zone that has none; `row` is the number of the zone."""
    own = points[~points.index.isin(finer["zone"])]
    every = pd.concat([finer, own.assign(zone=own.index, share=1.0)[finer.columns]])
    return every.assign(row=points.index.get_indexer(pd.Index(every["zone"])))


def _zones(config: RunConfig) -> Zones:
    section = config.zones
    zones = read_zones(
        section.file,
        id_column=section.id,
        name_column=section.name,
        geography=section.geography,
        crs=config.region.crs,
        layer=section.layer,
        layer_setting="zones.layer",
    )
    district = section.district
    if isinstance(district, DistrictColumn):
        require_columns(section.file.name, zones.attributes.columns, [district.column])
        codes = zones.attributes[district.column]
    else:
        codes = read_districts(district.file, zone_column=district.zone, district_column=district.district)
    return assign_district(zones, codes, config.region.districts)


def _centres(config: RunConfig) -> gpd.GeoDataFrame:
    """The strategic centres. Raises LayersError for ids that can't be part of names of columns and files."""
    centres = read_centres(config.centres.file, config.region.crs)
    refused = [ident for ident in centres.index if not _PLAIN_ID.fullmatch(ident)]
    problem = f"ids of centres name columns and files, so they are 1 to 40 letters, digits or _ ({first_few(refused)})"
    alike = centres.index[centres.index.str.lower().duplicated(keep=False)]
    twins = f"ids of centres name columns and files, so they must differ in more than capitals ({first_few(alike)})"
    raise_together(config.centres.file.name, [problem] * bool(refused) + [twins] * bool(len(alike)))
    return centres


def _shared_positions(config: RunConfig, centres: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> Iterator[Finding]:
    effect = "Each counts as a centre of its own, so one place may meet a test that asks for several."
    yield from shared_positions(centres, config.centres.file.name, effect)
    if config.sites:
        yield from shared_positions(sites, config.sites.file.name, "Land that is listed twice counts twice.")


def _no_places(crs: str, *columns: str) -> gpd.GeoDataFrame:
    texts = {column: pd.Series(dtype=str) for column in ("name", "basis")}
    numbers = {column: pd.Series(dtype=float) for column in ("lon", "lat", *columns)}
    return gpd.GeoDataFrame({**texts, **numbers}, geometry=[], crs=crs).rename_axis("id")


def read_facts(config: RunConfig) -> pd.DataFrame:
    """The facts stated of the corridors: id, topic, fact, basis; without rows where the configuration names no such file."""
    columns = ["id", "topic", "fact", "basis"]
    if config.corridors.facts is None:
        return pd.DataFrame(columns=columns)
    return read_text(config.corridors.facts, columns).rows[columns].reset_index(drop=True)


def read_network(config: RunConfig, within: Box | None = None) -> Network:
    """The day's timetable and, where given, the streets with their slopes, with warnings and provenance.

    Of feeds larger than `within` only the trips that call there are read.
    """
    return read_network_and_feed(config, within)[0]


def read_network_and_feed(
    config: RunConfig, within: Box | None = None, *, other_days: bool = False
) -> tuple[Network, Feed]:
    """As `read_network`, and the feed that the timetable is of, for edits of it.

    With `other_days`, also what ran on past days, and which days would be as good to ask about.
    """
    stamps = stamps_of(path for _, path in named_files(config))
    section = config.timetable
    whole = read_feed(section.feeds, section.stop_locations, within)
    feed, others = feed_of_day(section, whole)
    timetable = build_timetable(feed, section.date)
    days = timetables_by_day(config, whole, timetable)
    ran = read_observed(config, whole, timetable, within) if other_days else ()
    streets = walkable_streets(config.streets.file, config.streets.elevation, config.streets.beyond)
    provenance = (
        *timetable_provenance(section, len(timetable.trip_id), stamps),
        *observed_provenance(config.observed if other_days else [], stamps),
        *(streets_provenance(config, len(streets.node_lon), stamps) if streets else ()),
    )
    spec = config.search.spec(config.streets.detour)
    unusable = service_repairs(timetable, spec.modes, spec.wheelchair)
    warnings = warnings_of(
        [*network_repairs(timetable, streets), *unusable, *repairs_of_days(days, timetable), *observed_repairs(ran)]
    )
    if is_english(config.region.districts):
        warnings += holiday_warnings(section.date)
    candidates = candidate_days(config, whole) if other_days else None
    return Network(timetable, streets, warnings, provenance, others, days, ran, candidates), feed


def warnings_of(findings: Sequence[Finding | Repair]) -> tuple[RunWarning, ...]:
    """The warnings of a run, one for each finding of `layers` or repair of `accessibility`."""
    return tuple(
        RunWarning(
            item.code,
            item.count,
            item.count / item.total if item.total else 0.0,
            tuple(map(cleaned, item.sample)),
            cleaned(item.effect),
        )
        for item in findings
    )
