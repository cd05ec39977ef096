"""The scenarios that a configuration lists, each answered alone and in short, for the report and the map of a run."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.config.run_config import RunConfig
from corridors.pipeline import AsItIs, Stage
from corridors.pipeline import run as run_region
from corridors.results import ListedScenarios, Results
from corridors.scenario_results import ALL, DAY
from corridors.scenarios.answers import (
    CentreMinutes,
    capped,
    people_of,
)
from corridors.scenarios.differences import GAINS, Moves
from corridors.scenarios.files.read import ScenarioSet, read_scenarios
from corridors.scenarios.ranges import middle, range_run_times, timetables
from corridors.scenarios.resources import resources_table
from corridors.scenarios.run import heads, provenance_of
from corridors.scenarios.shown.edit_words import edits_table, numbers_table
from corridors.scenarios.shown.lines import new_lines, scenario_stops
from corridors.scenarios.versions import SmallBase, minutes_of, small_base
from corridors.scenarios.worlds import Base, Draft, feed_digests, require_same_base, world_of

# A search for the headline takes seconds, and the whole answer of a scenario a minute: a run gives what one search tells.
_RESOURCES = ("vehicle_hours_change", "vehicle_km_change", "vehicles_at_once_base", "vehicles_at_once")
_MOVES = ("people_gaining", "people_losing", "people_entering", "people_leaving", "people_added")
_PLACE_COLUMNS = ("scenario_id", "place_kind", "place_id", "place", "suppressed", *GAINS, "share_base", "share")


@dataclass(frozen=True)
class _Answered:
    """One scenario of the list: its rows of each table, and its layers."""

    scenario: dict[str, object]
    places: pd.DataFrame
    zones: pd.DataFrame
    edits: pd.DataFrame
    lines: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame


def run(
    config: RunConfig, *, command: str = "", stage: Stage = lambda _: nullcontext(), with_scenarios: bool = True
) -> Results:
    """The results of a configuration with the scenarios that it lists, unless they are not asked for.

    `stage` is a context entered around each step, with its name, to show and time it. Raises `ScenarioFileError` for a
    scenario that can't be applied.
    """
    if not (config.scenarios and with_scenarios):
        return run_region(config, command=command, stage=stage)
    chosen = [read_scenarios([path]) for path in config.scenarios]  # faulty files are told before the work begins

    return run_region(
        config, command=command, stage=stage, scenarios=lambda found: listed_scenarios(found, chosen, stage)
    )


def listed_scenarios(found: AsItIs, chosen: Sequence[ScenarioSet], stage: Stage) -> ListedScenarios | None:
    """Each scenario alone, compared with the region as the run has found it; None without a feed to edit.

    Tables are of the middle timetable by people who meet the test, as those of `corridors scenario run`.
    """
    if found.feed is None:
        return None
    ready = found.access.passes.joined.networks
    base = Base(found.config, found.context, found.network, found.feed, feed_digests(found.config), ready)
    answers = []
    for one in chosen:
        require_same_base(base, one)
        with stage(f"scenario {one.id}"):
            answers.append(_answered(found, base, one))
    return ListedScenarios(
        scenarios=pd.DataFrame([one.scenario for one in answers]),
        scenario_places=_joined([one.places for one in answers]),
        scenario_zones=_joined([one.zones for one in answers]),
        scenario_edits=_joined([one.edits for one in answers]),
        lines=_layer([one.lines for one in answers]),
        stops=_layer([one.stops for one in answers]),
        provenance=tuple(item for one in chosen for item in provenance_of(one)),
    )


def _joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [table for table in tables if len(table)] or list(tables[:1])
    return pd.concat(filled, ignore_index=True)


def _layer(frames: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(_joined(frames), geometry="geometry", crs=frames[0].crs)


def _answered(found: AsItIs, base: Base, chosen: ScenarioSet) -> _Answered:
    (head,) = heads(chosen)
    first = world_of(base, chosen)
    small = small_base(base, chosen)
    before, tried = timetables(small, first.edited.phases, base.config.scoring.seed)
    number = middle(tried)
    shown = tried[number]
    world = world_of(base, chosen, phases=shown.phases) if shown.phases else first
    moves = _moves(found, small, small.draft(phases=shown.phases))
    run_times = range_run_times(small, shown, before, float(people_of(first.context).sum()))
    named = {"scenario_id": head.id}
    within = [one.worth.people_within for one in tried]
    return _Answered(
        scenario={
            "scenario_id": head.id,
            **{name: value for name, value in asdict(head).items() if name != "id"},
            "edits": len(chosen.edits),
            **_headline(moves),
            **moves.gains_of(moves.people, moves.added),
            "timetables": len(tried),
            "people_within_lowest": min(within),
            "people_within_highest": max(within),
            **_by_run_times(run_times),
            **_resources(resources_table(base, world, chosen)),
        },
        places=_places(found, moves).assign(**named),
        zones=_zones(found, moves).assign(**named),
        edits=_edits(base, chosen).assign(**named),
        lines=new_lines(base, chosen, world).assign(**named, scenario=head.title, status=head.status),
        stops=scenario_stops(base, chosen, world).assign(**named, scenario=head.title),
    )


def _moves(found: AsItIs, small: SmallBase, shown: Draft) -> Moves:
    """Who gains and loses at the timetable shown: the base as the run has it, the scenario by one search more."""
    access = found.access
    after = at_first = CentreMinutes(access.centres_within(), capped(access.needed_minutes(), access.spec))
    if shown.edited.effects:
        (after,) = minutes_of(small, [shown])
    return Moves(at_first, after, people_of(found.context), people_of(shown.context), access.centres_at_least)


def _headline(moves: Moves) -> dict[str, object]:
    before, after = moves.meets
    within, within_after = float(moves.people @ before), float(moves.people_after @ after)
    total, total_after = float(moves.people.sum()), float(moves.people_after.sum())
    return {
        "people_base": total,
        "people": total_after,
        "people_within_base": within,
        "people_within": within_after,
        "share_base": within / total if total else np.nan,
        "share": within_after / total_after if total_after else np.nan,
    }


def _by_run_times(table: pd.DataFrame) -> dict[str, float]:
    """People who meet the test with the shortest and the longest run times; NaN where no run time is a range."""
    people = table.set_index("run_times")["people_within"].astype(float)
    return {f"people_within_{name}_run_times": float(people.get(name, np.nan)) for name in ("low", "high")}


def _resources(table: pd.DataFrame) -> dict[str, float]:
    whole = table[(table["edit_id"] == ALL) & (table["what"] == DAY)]
    return {name: float(whole[name].iloc[0]) if len(whole) else np.nan for name in _RESOURCES}


def _places(found: AsItIs, moves: Moves) -> pd.DataFrame:
    """Places of the run where anybody gains, loses, enters or leaves the test, or homes are built."""
    return pd.DataFrame(list(_place_rows(found, moves)), columns=list(_PLACE_COLUMNS))


def _place_rows(found: AsItIs, moves: Moves) -> Iterator[dict[str, object]]:
    before, after = moves.meets
    places = found.measured.places
    for place, shares in zip(places.frame.itertuples(), places.shares, strict=True):
        members, members_after = moves.people * shares, moves.people_after * shares
        gains = moves.gains_of(members, moves.added * shares)
        if not any(gains[name] for name in _MOVES):
            continue
        known = members.sum() > 0 and not place.suppressed
        yield {
            **{name: getattr(place, name) for name in ("place_kind", "place_id", "place", "suppressed")},
            **gains,
            "share_base": float(members @ before / members.sum()) if known else np.nan,
            "share": float(members_after @ after / members_after.sum()) if known else np.nan,
        }


def _zones(found: AsItIs, moves: Moves) -> pd.DataFrame:
    """Zones that gain, lose, enter or leave the test."""
    table = pd.DataFrame({"zone_id": found.measured.zones.index, "people": moves.people, **moves.columns()})
    moved = table["change"].isin(["gains", "loses"]) | table["enters_test"] | table["leaves_test"]
    return table[moved]


def _edits(base: Base, chosen: ScenarioSet) -> pd.DataFrame:
    """Every edit in words, with each of its numbers and its basis; an edit without numbers has one row."""
    edits = edits_table(chosen, base.feed)[["edit_id", "kind", "what", "basis"]].rename(columns={"basis": "edit_basis"})
    return edits.merge(numbers_table(chosen), on="edit_id", how="left")
