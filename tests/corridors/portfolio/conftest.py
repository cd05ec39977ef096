"""The small region, ideas for it as a scenario file, and portfolios of them."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from corridors.config.run_config import load_config
from corridors.portfolio.files.read import read_portfolio
from corridors.portfolio.results import PortfolioResults
from corridors.portfolio.run import run_portfolio
from corridors.scenarios.worlds import Base, read_base
from tests.support.scenario_text import write_scenario
from tests.support.small_region import SmallRegion, write_small_region

EVERY_TEN = ", ".join(f'"{hour:02d}:{minute:02d}"' for hour in range(6, 11) for minute in range(5, 60, 10))
IDEAS = f"""
[[edit]]
id = "north"
kind = "headway"
line = {{ number = "north", expect_trips = 30 }}
factor = 0.5

[[edit]]
id = "south"
kind = "headway"
line.number = "south"
factor = 0.5

[[edit]]
id = "early"
kind = "headway"
line = {{ number = "south", from = "06:00", to = "11:00" }}
every = "4 min"

[[edit]]
id = "express"
kind = "new_line"
line.number = "X1"
stops = ["A", "F"]
run_s = [600]
departures = [{EVERY_TEN}]

[[edit]]
id = "faster"
kind = "run_time"
line.number = "X1"
factor = 0.5

[[edit]]
id = "sparse"
kind = "headway"
line.number = "north"
factor = 2.0
"""
HEAD = """
[portfolio]
id = "ideas"
title = "Ideas for the line"
as_of = 2026-03-24
source = "made for a test"
scenarios = ["ideas.toml"]
"""
PEOPLE = """
cost = "vehicle_hours"
budgets = [13, 26, 40]
objective = "people"
"""
CANDIDATES = """
[[candidate]]
id = "north"
title = "North twice as often"
edits = ["north"]
[[candidate]]
id = "south"
title = "South twice as often"
edits = ["south"]
[[candidate]]
id = "express"
title = "An express from A to F"
edits = ["express"]
[[candidate]]
id = "faster"
title = "The express faster still"
edits = ["faster"]
cost = 1.5
"""
REQUIRES = 'requires = { faster = ["express"] }\n'


def write_portfolio(
    folder: Path, head: str = PEOPLE + REQUIRES, candidates: str = CANDIDATES, name: str = "p.toml"
) -> Path:
    """A portfolio file beside the ideas."""
    folder.mkdir(parents=True, exist_ok=True)
    write_scenario(folder / "ideas.toml", IDEAS, ident="ideas")
    path = folder / name
    path.write_text(f"{HEAD}{head}{candidates}", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def region_of_ideas(tmp_path_factory: pytest.TempPathFactory) -> SmallRegion:
    return write_small_region(tmp_path_factory.mktemp("portfolio") / "small")


@pytest.fixture(scope="session")
def base(region_of_ideas: SmallRegion) -> Base:
    return read_base(load_config(region_of_ideas.config), lambda _: nullcontext())


Answered = Callable[..., PortfolioResults]


@pytest.fixture(scope="session")
def answered(base: Base, tmp_path_factory: pytest.TempPathFactory) -> Answered:
    """The results of a portfolio; each is computed once."""
    known: dict[tuple[str, str], PortfolioResults] = {}

    def results(head: str = PEOPLE + REQUIRES, candidates: str = CANDIDATES) -> PortfolioResults:
        if (head, candidates) not in known:
            path = write_portfolio(tmp_path_factory.mktemp("file"), head, candidates)
            known[head, candidates] = run_portfolio(base, read_portfolio(path), lambda _: nullcontext())
        return known[head, candidates]

    return results
