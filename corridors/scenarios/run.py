"""The whole answer of scenarios: read once, edited as often as needed, compared with the base."""

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
import shapely

from accessibility import NewLine, Problem, Selection, day_of, matched
from corridors.catalogue.cutoff_names import worded_titles
from corridors.pipeline import Stage, region_of
from corridors.results import Provenance
from corridors.scenario_results import ScenarioHead, ScenarioResults, ScenarioTables
from corridors.scenarios.answers import full_answer, people_of
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
from corridors.scenarios.ranges import middle, range_run_times, range_timetables, timetables, worth_of_world
from corridors.scenarios.resources import resources_table
from corridors.scenarios.why import changed_journeys
from corridors.scenarios.worlds import Base, World, world_of
from layers import WGS84


def run_scenarios(
    base: Base, chosen: ScenarioSet, stage: Stage, *, command: str = "", differences: Sequence[str] = ()
) -> tuple[ScenarioResults, World]:
    """The answers, and the region at the timetable shown. `differences` are those from the inputs that it was written for.

    Raises `ScenarioFileError` where an edit can't be applied.
    """
    config, seed = base.config, base.config.scoring.seed
    with stage("applying the edits"):
        first = world_of(base, chosen)
    with stage("the range over unknown timetables"):
        before = worth_of_world(base, World(base.context, base.network, base.untouched))
        tried = timetables(base, chosen, first, seed)
        number = middle(tried)
        shown, people = tried[number], float(people_of(first.context).sum())
        world = world_of(base, chosen, phases=shown.phases) if shown.phases else first
    with stage("the range over run times"):
        run_times = range_run_times(base, chosen, shown, before, people)
    comparison = Comparison(
        full_answer(config, base.context, base.network, stage, "base"),
        full_answer(config, world.context, world.network, stage, "scenario"),
    )
    with stage("which edit did it"):
        everything = frozenset(range(len(chosen.edits)))
        coalitions = Coalitions(base, chosen, shown.phases, {frozenset(): before, everything: shown.worth})
        attribution, interactions = attribution_table(coalitions, seed), interactions_table(coalitions)
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
        edits=_edits(chosen),
        numbers=_numbers(chosen),
    )
    results = ScenarioResults(
        region=region_of(config),
        scenarios=heads(chosen),
        base=comparison.base.kpi,
        scenario=comparison.scenario.kpi,
        zones=zones_frame(comparison, measures),
        dictionary=worded_titles(zone_dictionary(comparison, measures), test),
        lines=new_lines(base, chosen, world),
        tables=tables,
        warnings=base.context.warnings + base.network.warnings,
        provenance=base.context.provenance + base.network.provenance + _provenance(chosen),
        differences=tuple(differences),
        command=command,
        date=config.timetable.date.isoformat(),
        seed=seed,
    )
    return results, world


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


def _provenance(chosen: ScenarioSet) -> tuple[Provenance, ...]:
    return tuple(
        Provenance(
            f"scenario_{one.head.id}", f"Scenario {one.head.title}", one.head.source, "not stated", str(one.head.as_of),
            "edits", one.path.name, one.sha256, len(one.edits),
        )
        for one in chosen.scenarios
    )  # fmt: skip


def _edits(chosen: ScenarioSet) -> pd.DataFrame:
    columns = ["edit_id", "scenario", "kind", "file", "line", "basis", "source", "note"]
    rows = [
        (edit.id, one.head.id, edit.kind, edit.file, edit.line, edit.basis, edit.source, edit.note)
        for one in chosen.scenarios
        for edit in one.edits
    ]
    return pd.DataFrame(rows, columns=columns)


def _numbers(chosen: ScenarioSet) -> pd.DataFrame:
    rows = [(edit.id, *vars(one).values()) for edit in chosen.edits for one in edit.numbers]
    return pd.DataFrame(rows, columns=["edit_id", "key", "value", "basis"])


def new_lines(base: Base, chosen: ScenarioSet, world: World) -> gpd.GeoDataFrame:
    """The lines that the scenarios make, one row a direction, straight from stop to stop (`ScenarioResults.lines`)."""
    feed, rows, shapes = world.edited.feed, [], []
    stops = feed.stops.set_index("stop_id")[["lon", "lat"]]
    for one in chosen.edits:
        if not isinstance(one.edit, NewLine):
            continue
        line = Selection(one.edit.number, one.edit.operator)
        try:
            trips = matched(day_of(feed, base.config.timetable.date), line, "shown").inside
        except Problem:  # a later edit withdraws it
            continue
        for direction in sorted({trip.direction for trip in trips}):
            trip = next(trip for trip in trips if trip.direction == direction)
            rows.append((one.id, one.edit.number, one.edit.operator, one.edit.mode, direction))
            shapes.append(shapely.LineString(stops.loc[list(trip.stop_ids)].to_numpy()))
    columns = ["edit_id", "number", "operator", "mode", "direction"]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=shapes, crs=WGS84)
    return frame.to_crs(base.context.zones.crs)
