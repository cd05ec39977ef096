"""The whole answer of scenarios: read once, edited as often as needed, compared with the base."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from accessibility import PreparedNetwork
from corridors.access.centre_access import Access, KnownJobs, searched_beyond
from corridors.access.unreached import search_end_warnings
from corridors.analysis.assemble import place_frames
from corridors.catalogue.cutoff_names import worded_titles
from corridors.inputs.base_map import BaseMapRead, read_base_map_of
from corridors.pipeline import Stage, region_of
from corridors.places.near_names import nearest_places
from corridors.results import Provenance, RunWarning
from corridors.scenario_results import ScenarioHead, ScenarioResults, ScenarioTables
from corridors.scenarios.answers import Worth, full_answer, people_of
from corridors.scenarios.attribution import Coalitions, attribution_table, interactions_table
from corridors.scenarios.differences import (
    Comparison,
    by_place,
    gainers_losers,
    groups_table,
    kpi_table,
    zone_dictionary,
    zones_frame,
)
from corridors.scenarios.files.read import ScenarioSet
from corridors.scenarios.known_jobs import jobs_after, jobs_of_run
from corridors.scenarios.ranges import Timetabled, middle, range_run_times, range_timetables, timetables
from corridors.scenarios.resources import resources_table
from corridors.scenarios.shown.edit_words import edits_table, numbers_table
from corridors.scenarios.shown.lines import new_lines, scenario_stops
from corridors.scenarios.versions import SmallBase, small_base, world_after
from corridors.scenarios.why import changed_journeys
from corridors.scenarios.worlds import Base, World, draft_of


def run_scenarios(  # noqa: PLR0913  # keyword-only
    base: Base,
    chosen: ScenarioSet,
    stage: Stage,
    *,
    command: str = "",
    differences: Sequence[str] = (),
    finished: Path | None = None,
    parts: bool = True,
) -> tuple[ScenarioResults, World]:
    """The answers, and the region at the timetable shown. `differences` are those from the inputs that it was written for.

    Jobs of the base are read from the folder of a run where one is given as `finished`. Without `parts` it is not said which
    edit did it. Raises `ScenarioFileError` where an edit can't be applied, and as `jobs_of_run` for a run that is not of this
    base.
    """
    config, seed = base.config, base.config.scoring.seed
    known = jobs_of_run(finished, base) if finished else lambda _: None
    with stage("applying the edits"):
        first = draft_of(base, chosen)
    with stage("the range over unknown timetables"):
        small = small_base(base, chosen)
        before, tried = timetables(small, first.edited.phases, seed)
        number = middle(tried)
        shown, people = tried[number], float(people_of(first.context).sum())
        world, networks = world_after(small, shown.phases)
    with stage("the range over run times"):
        run_times = range_run_times(small, shown, before, people)
    comparison = _compared(base, world, networks, known, stage)
    with stage("which edit did it"):
        attribution, interactions = _attributed(small, before, shown, seed, parts)
    with stage("the base map"):
        ground = read_base_map_of(config, base.context.zones)
    measures, test = config.measures, comparison.base.kpi.test
    tables = ScenarioTables(
        kpi=kpi_table(comparison),
        by_place=by_place(comparison, measures),
        gainers_losers=worded_titles(gainers_losers(comparison, measures), test),
        groups=groups_table(comparison),
        resources=resources_table(base, world, chosen),
        range_timetables=range_timetables(tried, number, before, people),
        range_run_times=run_times,
        attribution=attribution,
        interactions=interactions,
        journeys=changed_journeys(comparison),
        edits=edits_table(chosen, base.feed),
        numbers=numbers_table(chosen),
    )
    if not searched_beyond(config.search.max_min * 60, config.kpi.cutoff_min * 60):
        tables = _without_gap(tables)
    results = ScenarioResults(
        region=region_of(config),
        scenarios=heads(chosen),
        base=comparison.base.kpi,
        scenario=comparison.scenario.kpi,
        zones=zones_frame(comparison, measures),
        dictionary=worded_titles(zone_dictionary(comparison, measures), test),
        lines=new_lines(base, chosen, world),
        stops=scenario_stops(base, chosen, world),
        places=_known_by_name(place_frames(comparison.base.measured), base, ground),
        tables=tables,
        warnings=base.context.warnings + base.network.warnings + _search_end(comparison) + ground.warnings,
        provenance=base.context.provenance + base.network.provenance + ground.provenance + provenance_of(chosen),
        differences=tuple(differences),
        command=command,
        date=config.timetable.date.isoformat(),
        seed=seed,
        destinations=config.kinds_of_destination,
        base_map=ground.base_map,
    )
    return results, world


def _without_gap(tables: ScenarioTables) -> ScenarioTables:
    """The tables without the gap, which is 0 before and after where the search ends at the cutoff."""
    withheld = {"gap": np.nan, "gap_change": np.nan}
    attribution, interactions = (one[one["measure"] != "gap"] for one in (tables.attribution, tables.interactions))
    return replace(
        tables,
        range_timetables=tables.range_timetables.assign(**withheld),
        range_run_times=tables.range_run_times.assign(**withheld),
        attribution=attribution.reset_index(drop=True),
        interactions=interactions.reset_index(drop=True),
    )


def _search_end(comparison: Comparison) -> tuple[RunWarning, ...]:
    """What a search that ends near the cutoff hides of base and scenario."""
    people = comparison.base.measured.context.values["population"]
    return search_end_warnings(comparison.base.access, people, comparison.scenario.access)


def _known_by_name(frames: dict[str, gpd.GeoDataFrame], base: Base, ground: BaseMapRead) -> dict[str, gpd.GeoDataFrame]:
    """The frames of places, whose zones have the named place that each is near."""
    known_by = nearest_places(base.context.zones, base.context.points, ground.base_map)
    return {**frames, "zones": frames["zones"].join(known_by)}


def _compared(
    base: Base,
    world: World,
    networks: Sequence[PreparedNetwork] | None,
    known_jobs: Callable[[Access], KnownJobs | None],
    stage: Stage,
) -> Comparison:
    """The whole answers of the base, whose jobs may be known, and of the region after the edits."""
    config = base.config
    before = full_answer(
        config, base.context, base.network, stage, "base", networks=base.prepared, known_jobs=known_jobs
    )
    after = full_answer(
        config,
        world.context,
        world.network,
        stage,
        "scenario",
        networks=networks,
        known_jobs=lambda access: jobs_after(base, before, world, access),
        beside=before,
    )
    return Comparison(before, after)


def _attributed(
    small: SmallBase, before: Worth, shown: Timetabled, seed: int, parts: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(what each edit changes, what pairs of them do) at the timetable shown; no rows without `parts`.

    Sets of none and of all of the edits are known.
    """
    of_edits = small if parts else replace(small, chosen=ScenarioSet(()))
    everything = frozenset(range(len(of_edits.chosen.edits)))
    coalitions = Coalitions(of_edits, shown.phases, {everything: shown.worth, frozenset(): before})
    return attribution_table(coalitions, seed), interactions_table(coalitions)


def heads(chosen: ScenarioSet) -> tuple[ScenarioHead, ...]:
    """What the files say of themselves."""
    return tuple(
        ScenarioHead(
            one.head.id,
            one.head.title,
            one.head.status,
            str(one.head.as_of),
            one.head.source,
            one.head.note,
            one.path.name,
            one.sha256,
        )
        for one in chosen.scenarios
    )


def provenance_of(chosen: ScenarioSet) -> tuple[Provenance, ...]:
    """The scenario files as inputs."""
    return tuple(
        Provenance(
            f"scenario_{one.head.id}", f"Scenario {one.head.title}", one.head.source, "not stated", str(one.head.as_of),
            "edits", one.path.name, one.sha256, len(one.edits),
        )
        for one in chosen.scenarios
    )  # fmt: skip
