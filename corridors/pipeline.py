"""The main job from configuration to results: read, measure, score. `corridors.outputs.run_folder` writes the results."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

import pandas as pd

from accessibility import Feed
from corridors.access.centre_access import Access, KnownJobs, centre_warnings, measure_access, zone_access
from corridors.access.destinations import destination_access, destination_warnings
from corridors.access.disconnected import Nearness, nearness
from corridors.access.feed_effects import input_effects, with_places
from corridors.access.hotspots import access_clusters
from corridors.access.hours.answers import HoursFound, answer_hours
from corridors.access.journeys import explain_zones, legs_table
from corridors.access.kpi import headline
from corridors.access.network_layers import links_frame, stops_frame
from corridors.access.observed.answers import ObservedFound, answer_observed
from corridors.access.unreached import jobs_warnings, outside_jobs_warnings, search_end_warnings, unreached_warnings
from corridors.access.variants import headline_variants
from corridors.access.zone_pairs import zone_to_zone
from corridors.analysis.assemble import MeasuredRun, measure_places, place_frames
from corridors.analysis.corridor_ranks import rank_corridors
from corridors.analysis.dictionary import data_dictionary
from corridors.analysis.hours_tables import tables_of_hours
from corridors.analysis.observed_tables import tables_of_observed
from corridors.analysis.tables import run_tables
from corridors.catalogue.cutoff_names import worded_titles
from corridors.config.run_config import RunConfig
from corridors.inputs.base_map import read_base_map_of
from corridors.inputs.files import require_files
from corridors.inputs.observed_days import days_in_short
from corridors.inputs.proximity import require_near
from corridors.inputs.read import Context, Network, read_context, read_facts, read_network_and_feed
from corridors.inputs.timetables import missing_modes
from corridors.places.near_names import nearest_places
from corridors.places.requirements import require_answerable
from corridors.results import ListedScenarios, Region, Results, RunWarning
from layers import cleaned

Stage = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True)
class AsItIs:
    """The region as a run has found it, for scenarios to be compared with."""

    config: RunConfig
    context: Context
    network: Network
    feed: Feed | None  # None where the configuration lists no scenario
    access: Access
    measured: MeasuredRun


def run(
    config: RunConfig,
    *,
    command: str = "",
    stage: Stage = lambda _: nullcontext(),
    scenarios: Callable[[AsItIs], ListedScenarios | None] = lambda _: None,
) -> Results:
    """The results of a configuration. `stage` is a context entered around each step, with its name, to show and time it.

    `scenarios` answers those that the configuration lists; without it none is answered.
    """
    require_files(config)
    with stage("reading zones and layers"):
        context = read_context(config)
        require_answerable(config, context)
        facts = read_facts(config)
    with stage("the base map"):
        base = read_base_map_of(config, context.zones)
    with stage("reading timetables and streets"):
        within = context.surroundings
        network, read = read_network_and_feed(config, within, other_days=True)
        feed = read if config.scenarios else None
        del read  # it fills memory, and scenarios alone edit it
        require_near(network.timetable, context.points["lon"], context.points["lat"], "zones")
    with stage("travel times to centres and sites"):
        access = measure_access(config, context, network)
    with stage("the headline and its variants"):
        variants = headline_variants(access, context, network)
        kpi = headline(config, context, access, variants)
    with stage("jobs and land within reach"):
        near = nearness(access, context)
        zones_access = zone_columns(config, context, network, access, near)
    with stage("travel times between zones"):
        pairs = zone_to_zone(config.outputs, access, network)
    hours, observed = _at_other_times(config, context, network, access, stage)
    known_by = nearest_places(context.zones, context.points, base.base_map)
    zones_access = zones_access.join([known_by, *(one.zones for one in (hours, observed) if one is not None)])
    with stage("why zones fail the headline"):
        explanations = explain_zones(access, network, context.values["population"].fillna(0.0))
    with stage("links that carry the connections"):
        links, stops = links_frame(context, network, access), stops_frame(context, access)
    with stage("corridors, pilots and scores"):
        clusters = access_clusters(context.points, zones_access["minutes_to_needed"], config.search.max_min)
        columns = zones_access.join(explanations.zones).join(clusters)
        measured = measure_places(config, context, network, access, columns, variants)
        frames = {**place_frames(measured), "stops": stops, "links": links}
        effects = input_effects(config, context, network.timetable, access, measured.areas)
    with stage("what the figures are worth"):
        ranks = rank_corridors(measured)
        legs = legs_table(access, network.timetable, context.zones.index, explanations.needed, explanations.journeys)
        tables = run_tables(measured, ranks, facts, legs, effects, near.by_place())
        beside = {**tables_of_hours(hours, measured), **tables_of_observed(observed, measured)}
        tables = replace(tables, timetable_days=network.candidate_days, **beside)
    listed = scenarios(AsItIs(config, context, network, feed, access, measured))
    return Results(
        region=region_of(config),
        kpi=kpi,
        **frames,
        tables=tables.changed(lambda table: worded_titles(table, kpi.test)),
        dictionary=data_dictionary(config, context, {**frames, **base.columns, **dict(tables.items())}),
        warnings=_warnings(config, context, network, access, zones_access, effects) + base.warnings,
        provenance=context.provenance + network.provenance + base.provenance + (listed.provenance if listed else ()),
        command=command,
        date=config.timetable.date.isoformat(),
        seed=config.scoring.seed,
        settings=config.settings(),
        ranks=ranks.ranks,
        destinations=config.kinds_of_destination,
        other_hours=config.other_hours,
        observed=days_in_short(network.observed),
        jobs_outside=context.jobs_outside[["jobs", "geometry"]],
        listed=listed,
        zone_times=pairs,
        base_map=base.base_map,
    )


def _warnings(  # of all that was read and measured
    config: RunConfig,
    context: Context,
    network: Network,
    access: Access,
    zones: pd.DataFrame,
    effects: pd.DataFrame,
) -> tuple[RunWarning, ...]:
    """The warnings of the inputs, then those of what was measured; `zones` are the columns of access."""
    return (
        context.warnings
        + centre_warnings(access)
        + destination_warnings(zones, context.destinations)
        + jobs_warnings(context.values)
        + outside_jobs_warnings(context.jobs_outside, network.streets)
        + unreached_warnings(access, network.timetable, context.values["population"])
        + search_end_warnings(access, context.values["population"])
        + missing_modes(config, network.timetable, context.zones)
        + with_places(network.warnings, network.timetable, effects)
    )


def zone_columns(
    config: RunConfig,
    context: Context,
    network: Network,
    access: Access,
    near: Nearness,
    known_jobs: KnownJobs | None = None,
) -> pd.DataFrame:
    """Columns of access of the zones, before those of places, journeys and scores; index zone_id."""
    zones = zone_access(access, context, network, known_jobs).join(near.zones())
    return zones.join(destination_access(config, access, context, network))


def _at_other_times(
    config: RunConfig, context: Context, network: Network, access: Access, stage: Stage
) -> tuple[HoursFound | None, ObservedFound | None]:
    """The answers of other hours and of observed days; None for what the configuration does not ask for."""
    hours, observed = None, None
    if config.asked_hours is not None:
        with stage("other hours and days"):
            hours = answer_hours(config, context, network, access, config.asked_hours)
    if network.observed:
        with stage("observed days"):
            observed = answer_observed(context, network, access)
    return hours, observed


def region_of(config: RunConfig) -> Region:
    """What a configuration says of its region."""
    region, streets = config.region, config.streets
    walking = (
        f"along the streets of {cleaned(streets.file.name)}" if streets.file else f"straight line x {streets.detour:g}"
    )
    return Region(
        name=region.name,
        slug=region.slug,
        crs=region.crs,
        note=region.note,
        illustrative=region.illustrative,
        synthetic_timetable=config.timetable.synthetic,
        synthetic_observations=any(one.synthetic for one in config.observed),
        walking_basis=walking,
        nation=region.nation_name,
        strategy=region.strategy_facts,
    )
