"""Tables of the points of a frontier: what is unknown of each, and how it does at hours and timetables not searched."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from accessibility import phase_vectors
from corridors.portfolio.candidates import TIMETABLES, Choice
from corridors.portfolio.choosing import NOTHING, Chosen, Found
from corridors.portfolio.figures import Figures
from corridors.portfolio.files.values import GOALS
from corridors.portfolio.judging import SetJudge
from corridors.portfolio.set_tables import set_row
from corridors.scenarios.answers import Worth
from corridors.scenarios.ranges import Timetabled, middle
from corridors.scenarios.versions import Phases, small_base

POINTS = "scenarios"  # folder of the points' scenario files


def file_of(point: int) -> str:
    """The name of the scenario file of a point, in the output folder."""
    return f"{POINTS}/point_{point}.toml"


def frontier_table(choice: Choice, found: Found, judge: SetJudge, points: Sequence[Chosen]) -> pd.DataFrame:
    """One row for each point (`PortfolioTables.frontier`); people by the timetables that `corridors scenario run` "
    "tries."""
    tried = _tried(choice, judge, points)
    best = {budget: found.best(budget) for budget in found.question.budgets}
    frontier = set(found.frontier())
    rows = []
    for number, one in enumerate(points, start=1):
        worths = [
            Timetabled({}, Worth(figures.goals["people"], figures.goals["gap_minutes"]))
            for figures in tried[number - 1]
        ]
        people = [each.worth.people_within for each in worths]
        rows.append(
            {
                "point": number,
                "best_at": ", ".join(f"{budget:g}" for budget, chosen in best.items() if chosen == one),
                "on_frontier": one in frontier,
                **set_row(found, judge, one),
                "timetables": len(worths),
                "people_within": worths[middle(worths)].worth.people_within,
                "people_within_lowest": min(people),
                "people_within_highest": max(people),
                "file": file_of(number),
            }
        )
    first = ["point", "best_at", "on_frontier", "candidates", "cost", "gain", *GOALS, "timetables"]
    return pd.DataFrame(
        rows, columns=[*first, "people_within", "people_within_lowest", "people_within_highest", "file"]
    )


def _tried(choice: Choice, judge: SetJudge, points: Sequence[Chosen]) -> list[list[Figures]]:
    """The figures of each point at every choice of its unknown phases that is tried; those known where none is unknown."""
    seed = choice.small.base.config.scoring.seed
    return [_at_timetables(judge, one, seed) if _is_unsure(choice, one) else [judge.known[one]] for one in points]


def _is_unsure(choice: Choice, chosen: Chosen) -> bool:
    return any(choice.candidates[one].phases for one in chosen)


def _at_timetables(judge: SetJudge, chosen: Chosen, seed: int) -> list[Figures]:
    """The figures of a set at each choice of its phases, drawn with `seed`."""
    unknown = judge.small.draft(judge.edits(chosen)).edited.phases
    vectors = phase_vectors(unknown, TIMETABLES, seed)
    return judge.figures([judge.small.draft(judge.edits(chosen), phases=phases) for phases in vectors])


def judged_table(choice: Choice, judge: SetJudge, points: Mapping[int, Chosen]) -> pd.DataFrame:
    """The points at hours and timetables that the search did not see (`PortfolioTables.judged`).

    Timetables are drawn with the seed after the search's; a set without unknown phases has no such row.
    """
    seed = choice.small.base.config.scoring.seed + 1
    rows = [row for window in choice.portfolio.head.judged_on for row in _at_hours(choice, judge, points, window)]
    for number, one in points.items():
        if _is_unsure(choice, one):
            figures = _at_timetables(judge, one, seed)
            words = f"{len(figures)} timetables drawn with the seed {seed}"
            rows.append(_judged_row(number, words, judge, judge.known[NOTHING], figures))
    columns = ["point", "judged_on", "timetables", "gain", "gain_lowest", "gain_highest", "people_within_base"]
    table = pd.DataFrame(rows, columns=[*columns, "people_within"])
    return table.sort_values("point", kind="stable", ignore_index=True)


def _at_hours(choice: Choice, judge: SetJudge, points: Mapping[int, Chosen], window: str) -> list[dict[str, object]]:
    base = choice.small.base
    search = base.config.search.model_copy(update={"window": window})
    other = replace(base, config=base.config.model_copy(update={"search": search}))
    small = small_base(other, choice.small.chosen)
    phases: Phases = judge.phases
    there = choice.judge(small, replace(choice.measures, base=other), phases)
    there.find([NOTHING, *points.values()])
    before = there.known[NOTHING]
    return [_judged_row(number, window, there, before, [there.known[one]]) for number, one in points.items()]


def _judged_row(
    point: int, words: str, judge: SetJudge, before: Figures, after: Sequence[Figures]
) -> dict[str, object]:
    worths = [Timetabled({}, Worth(one.goals["people"], one.goals["gap_minutes"])) for one in after]
    gains = [judge.measures.gain(before, one) for one in after]
    shown = middle(worths)
    return {
        "point": point,
        "judged_on": words,
        "timetables": len(after),
        "gain": gains[shown],
        "gain_lowest": min(gains),
        "gain_highest": max(gains),
        "people_within_base": before.goals["people"],
        "people_within": worths[shown].worth.people_within,
    }
