"""What is unknown of a scenario, one thing at a time: when headway services run, and how long rides take."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import pandas as pd

from accessibility import Range, RunTimes, clock_text, phase_vectors
from corridors.errors import ScenarioFileError
from corridors.scenarios.answers import Worth, centre_minutes, people_of, worth_of
from corridors.scenarios.files.read import ScenarioEdit, ScenarioSet
from corridors.scenarios.worlds import Base, World, world_of

TIMETABLES = 16  # drawn where several phases are unknown
_RUN_TIMES: tuple[RunTimes, ...] = ("low", "central", "high")
Phases = Mapping[str, int]  # id of a headway service -> seconds


@dataclass(frozen=True)
class Timetabled:
    """A scenario at one choice of phases: the median over departures first, for each choice by itself."""

    phases: Phases
    worth: Worth


def worth_of_world(base: Base, world: World) -> Worth:
    """The figures of a region, after edits or as it is."""
    minutes = centre_minutes(base.config, world.context, world.network)
    return worth_of(base.config, people_of(world.context), minutes)


def timetables(base: Base, chosen: ScenarioSet, world: World, seed: int) -> list[Timetabled]:
    """The scenario at every choice of phases that is tried; `world` is that of phases 0.

    Of one unknown phase every whole minute, of several a Latin hypercube; one choice where nothing is unknown.
    """
    vectors = phase_vectors(world.edited.phases, TIMETABLES, seed)
    return [
        Timetabled(phases, worth_of_world(base, world_of(base, chosen, phases=phases) if phases else world))
        for phases in vectors
    ]


def middle(tried: Sequence[Timetabled]) -> int:
    """The number of the timetable that is shown: the middle one by people who meet the test, then by gap.

    Of an even number the lower of the two in the middle, so that it is one of those tried.
    """
    order = sorted(range(len(tried)), key=lambda n: (tried[n].worth.people_within, -tried[n].worth.gap, n))
    return order[(len(order) - 1) // 2]


def range_timetables(tried: Sequence[Timetabled], shown: int, base: Worth, people: float) -> pd.DataFrame:
    """One row for each timetable tried (`ScenarioTables.range_timetables`)."""
    return pd.DataFrame(
        [
            {
                "timetable": number,
                "shown": number == shown,
                "phases": "; ".join(f"{name} {clock_text(s)[3:]}" for name, s in one.phases.items()),
                **_figures(one.worth, base, people),
            }
            for number, one in enumerate(tried)
        ]
    )


def range_run_times(base: Base, chosen: ScenarioSet, shown: Timetabled, before: Worth, people: float) -> pd.DataFrame:
    """Low, central and high run times at the timetable shown (`ScenarioTables.range_run_times`); no rows without ranges."""
    columns = ["run_times", *_figures(before, before, people)]
    if not any(_has_range(one) for one in chosen.edits):
        return pd.DataFrame(columns=columns)
    rows = [
        {"run_times": name, **_figures(worth, before, people)} for name, worth in _by_run_times(base, chosen, shown)
    ]
    return pd.DataFrame(rows, columns=columns)


def _by_run_times(base: Base, chosen: ScenarioSet, shown: Timetabled) -> Iterator[tuple[str, Worth]]:
    for name in _RUN_TIMES:
        if name == "central":
            yield name, shown.worth
            continue
        known = world_of(base, chosen, run_times=name).edited.phases  # of vehicles the headway depends on the run time
        phases = {one.id: min(shown.phases.get(one.id, 0), one.headway_s - 1) for one in known}
        yield name, worth_of_world(base, world_of(base, chosen, phases=phases, run_times=name))


def _has_range(one: ScenarioEdit) -> bool:
    return any(isinstance(getattr(one.edit, field.name), Range) for field in fields(one.edit))


def _figures(worth: Worth, base: Worth, people: float) -> dict[str, float]:
    change = worth.less(base)
    return {
        "people_within": worth.people_within,
        "share": worth.people_within / people if people else float("nan"),
        "people_within_change": change.people_within,
        "gap": worth.gap,
        "gap_change": change.gap,
    }


def applicable(base: Base, chosen: ScenarioSet, edits: Sequence[ScenarioEdit], phases: Phases) -> World:
    """The region after those of the edits that can be made without the others: one of a line that another makes can't."""
    try:
        return world_of(base, chosen, edits, phases=phases)
    except ScenarioFileError:
        kept: list[ScenarioEdit] = []
        world = World(base.context, base.network, base.untouched)
        for one in edits:
            try:
                world = world_of(base, chosen, [*kept, one], phases=phases)
            except ScenarioFileError:
                continue
            kept.append(one)
        return world
