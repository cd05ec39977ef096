"""The answers of a portfolio: the value from which its page, tables, map and scenario files are made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

import pandas as pd

from corridors.portfolio.candidates import Choice
from corridors.portfolio.choosing import Chosen, Found
from corridors.portfolio.files.values import GOALS, ONE_OF, UNITS

JOINED = " + "


@dataclass(frozen=True, kw_only=True)
class PortfolioTables:
    """The tables of a portfolio; each is written to tables/<its field>.csv. Gains are beyond the base, of people who live there.

    <goals> are the columns of `GOALS`: the gain of each; below 0 where it is a loss.
    """

    # budget, candidates (ids), cost, gain, <goals>, sets (searched within it), all_sets (whether all), second (ids), regret
    # (gain of the best less that of the second), near_best (sets), own (ids), own_gain. Second and near-best sets are those in
    # which every candidate adds something.
    budgets: pd.DataFrame
    # point (from 1), best_at (the budgets of which it is the best), on_frontier (not where a cheaper set of more candidates
    # gains as much), candidates, cost, gain, <goals>, timetables (tried), people_within, people_within_lowest,
    # people_within_highest (the middle and the ends over unknown timetables), file.
    frontier: pd.DataFrame
    # budget, candidate, title, origin, cost, cost_basis, gain_alone (with what it requires), in_best, near_best_sets,
    # near_best_share (0-1 of the near-best sets that have it), in_own.
    candidates: pd.DataFrame
    # budget, place (from 1), candidates, cost, gain, <goals>, allowed, loses (which floors it breaks): the near-best sets, and
    # those that gain more and may not be chosen.
    sets: pd.DataFrame
    # candidate_a, candidate_b, gain_a, gain_b, gain_both, interaction: what both add beyond what each adds.
    interactions: pd.DataFrame
    # point, judged_on, timetables, gain, gain_lowest, gain_highest, people_within_base, people_within.
    judged: pd.DataFrame

    def items(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """(name, table) of every table, in the order of the fields."""
        return ((one.name, getattr(self, one.name)) for one in fields(self))


@dataclass(frozen=True)
class PortfolioResults:
    """The answers to a portfolio."""

    choice: Choice
    found: Found
    before: Mapping[str, float]  # goal -> its figure in the base
    tables: PortfolioTables
    files: Mapping[str, str]  # name of the scenario file of each point of the frontier -> its text
    impossible: Mapping[Chosen, str]  # sets that can't be made together -> why

    @property
    def unit(self) -> str:
        """The unit of costs and budgets."""
        head = self.choice.portfolio.head
        return head.unit or UNITS[head.cost]

    @property
    def best_point(self) -> int:
        """The number of the point that is the best set of the largest budget; 0 where nothing gains anything."""
        best = self.found.best(self.found.question.budgets[-1])
        return self.found.points().index(best) + 1 if best else 0

    @property
    def goal_words(self) -> str:
        """What the portfolio is chosen for, with weights where they are several."""
        weights = {goal: weight for goal, weight in self.choice.portfolio.head.objective.items() if weight}
        if list(weights.values()) == [1.0]:
            return GOALS[next(iter(weights))]
        return " and ".join(f"{weight:g} for each {ONE_OF[goal]}" for goal, weight in weights.items())

    def titles(self, chosen: Chosen) -> list[str]:
        """The titles of a set's candidates."""
        return [self.choice.candidates[one].title for one in sorted(chosen)]
