"""What is unknown of a scenario, one thing at a time: when headway services run, and how long rides take."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import pandas as pd

from accessibility import Phase, Range, RunTimes, clock_text, phase_vectors
from corridors.scenarios.answers import Worth
from corridors.scenarios.files.read import ScenarioEdit
from corridors.scenarios.versions import Phases, SmallBase, worths_of
from corridors.scenarios.worlds import Draft

TIMETABLES = 16  # drawn where several phases are unknown


@dataclass(frozen=True)
class Timetabled:
    """A scenario at one choice of phases: the median over departures first, for each choice by itself."""

    phases: Phases
    worth: Worth


def timetables(small: SmallBase, unknown: Sequence[Phase], seed: int) -> tuple[Worth, list[Timetabled]]:
    """(the base, the scenario at every choice of its `unknown` phases that is tried).

    Of one unknown phase every whole minute, of several a Latin hypercube; one choice where nothing is unknown.
    """
    vectors = phase_vectors(unknown, TIMETABLES, seed)
    before, *after = worths_of(small, [small.draft([]), *(small.draft(phases=phases) for phases in vectors)])
    return before, [Timetabled(*one) for one in zip(vectors, after, strict=True)]


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


def range_run_times(small: SmallBase, shown: Timetabled, before: Worth, people: float) -> pd.DataFrame:
    """Low, central and high run times at the timetable shown (`ScenarioTables.range_run_times`); no rows without ranges."""
    columns = ["run_times", *_figures(before, before, people)]
    if not any(_has_range(one) for one in small.chosen.edits):
        return pd.DataFrame(columns=columns)
    low, high = worths_of(small, [_at_run_times(small, shown, name) for name in ("low", "high")])
    worths = {"low": low, "central": shown.worth, "high": high}
    rows = [{"run_times": name, **_figures(worth, before, people)} for name, worth in worths.items()]
    return pd.DataFrame(rows, columns=columns)


def _at_run_times(small: SmallBase, shown: Timetabled, run_times: RunTimes) -> Draft:
    known = small.draft(run_times=run_times).edited.phases  # of vehicles the headway depends on the run time
    phases = {one.id: min(shown.phases.get(one.id, 0), one.headway_s - 1) for one in known}
    return small.draft(phases=phases, run_times=run_times)


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
