"""The whole answer of a portfolio: candidates, their search, and what of the chosen sets holds at other hours."""

import numpy as np

from corridors.pipeline import Stage
from corridors.portfolio.candidates import choice_of
from corridors.portfolio.choosing import NOTHING, found_sets
from corridors.portfolio.files.read import Portfolio
from corridors.portfolio.point_tables import file_of, frontier_table, judged_table
from corridors.portfolio.results import PortfolioResults, PortfolioTables
from corridors.portfolio.set_tables import budgets_table, candidates_table, interactions_table, sets_table
from corridors.portfolio.shown.scenario_files import scenario_of
from corridors.scenarios.worlds import Base, require_same_base


def run_portfolio(base: Base, portfolio: Portfolio, stage: Stage) -> PortfolioResults:
    """The answers. Raises `PortfolioFileError` as `choice_of`, `ScenarioFileError` where edits are of other inputs."""
    require_same_base(base, portfolio.chosen)
    seed, near = base.config.scoring.seed, portfolio.head.near_best
    with stage("candidates and what they take"):
        choice = choice_of(portfolio, base)
        judge = choice.judge(choice.small, choice.measures, choice.phases)
    with stage(f"searching sets of {len(choice.candidates)} candidates"):
        found = found_sets(choice.question, judge, seed)
    points = found.points()
    with stage("what pairs of candidates do together"):
        interactions = interactions_table(found, judge)
    with stage(f"the range over unknown timetables of {len(points)} sets"):
        frontier = frontier_table(choice, found, judge, points)
    with stage("hours and timetables that the search did not see"):
        at_budgets = {found.best(budget) for budget in found.question.budgets}
        numbered = {number: one for number, one in enumerate(points, start=1) if one in at_budgets}
        judged = judged_table(choice, judge, numbered)
    tables = PortfolioTables(
        budgets=budgets_table(found, judge, near),
        frontier=frontier,
        candidates=candidates_table(choice, found, judge),
        sets=sets_table(found, judge, near),
        interactions=interactions,
        judged=judged,
    )
    before = {goal: value for goal, value in judge.known[NOTHING].goals.items() if not np.isnan(value)}
    files = {file_of(number): scenario_of(choice, one, number) for number, one in enumerate(points, start=1)}
    return PortfolioResults(choice, found, before, tables, files, judge.impossible)
