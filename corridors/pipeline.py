"""The main job, start to finish: read, measure, score. Nothing is written here; see `corridors.publish`."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from corridors.access import centre_warnings, measure_access, zone_access
from corridors.config import RunConfig
from corridors.cutoff_names import worded_titles
from corridors.dictionary import data_dictionary
from corridors.evidence import weigh_evidence
from corridors.explanations import explain_zones
from corridors.input_effects import input_effects, with_places
from corridors.inputs import read_context, read_facts, read_network, require_files
from corridors.kpi import headline, variants
from corridors.measured import measure_places, place_frames, place_tables
from corridors.nearness import require_near
from corridors.requirements import require_answerable
from corridors.results import Region, Results
from corridors.travel_network import links_frame, stops_frame
from corridors.unreached import unreached_warnings
from layers.text import cleaned

Stage = Callable[[str], AbstractContextManager[None]]


def run(config: RunConfig, *, command: str = "", stage: Stage = lambda _: nullcontext()) -> Results:
    """Everything a configuration asks for. `stage` is entered around each step, with its name, to show and time it."""
    require_files(config)
    with stage("reading zones and layers"):
        context = read_context(config)
        require_answerable(config, context)
        facts = read_facts(config)
    with stage("reading timetables and streets"):
        network = read_network(config)
        require_near(network.timetable, context.points["lon"], context.points["lat"], "zones")
    with stage("travel times to centres and sites"):
        access = measure_access(config, context, network)
    with stage("the headline and its variants"):
        found = variants(access, context, network)
        kpi = headline(config, context, access, found)
    with stage("jobs and land within reach"):
        zones_access = zone_access(access, context, network)
    with stage("why zones fail the headline"):
        explained = explain_zones(access, network, context.values["population"].fillna(0.0))
    with stage("links that carry the connections"):
        links, stops = links_frame(context, network, access), stops_frame(context, network, access)
    with stage("corridors, pilots and scores"):
        measured = measure_places(config, context, network, access, zones_access.join(explained.zones), found)
        frames = {**place_frames(measured), "stops": stops, "links": links}
        effects = input_effects(config, context, network.timetable, access, measured.areas)
    with stage("what the figures are worth"):
        evidence = weigh_evidence(measured)
        tables = {
            **place_tables(measured),
            "corridor_facts": facts,
            "journeys": explained.journeys,
            "input_effects": effects,
            **evidence.tables,
        }
    return Results(
        region=_region(config),
        kpi=kpi,
        **frames,
        tables={name: worded_titles(table, kpi.test) for name, table in tables.items()},
        dictionary=data_dictionary(config, context, frames | tables),
        warnings=context.warnings
        + centre_warnings(access)
        + unreached_warnings(access, network.timetable, context.values["population"])
        + with_places(network.warnings, network.timetable, effects),
        provenance=context.provenance + network.provenance,
        command=command,
        date=config.timetable.date.isoformat(),
        seed=config.scoring.seed,
        ranks=evidence.ranks,
    )


def _region(config: RunConfig) -> Region:
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
        walking_basis=walking,
        nation=region.nation_name,
        strategy=region.told,
    )
