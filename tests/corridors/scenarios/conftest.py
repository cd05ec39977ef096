"""The small region and its base, read once for the room's tests."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from corridors.config.run_config import load_config
from corridors.scenario_results import ScenarioResults
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.run import run_scenarios
from corridors.scenarios.worlds import Base, read_base
from tests.support.scenario_text import write_scenario
from tests.support.small_region import SmallRegion, write_small_region

Answered = Callable[..., ScenarioResults]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallRegion:
    return write_small_region(tmp_path_factory.mktemp("scenarios") / "small")


@pytest.fixture(scope="session")
def base(small: SmallRegion) -> Base:
    return read_base(load_config(small.config), lambda _: nullcontext())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "s.toml"


@pytest.fixture(scope="session")
def answered(base: Base, tmp_path_factory: pytest.TempPathFactory) -> Answered:
    """The results of a scenario with these edits; each is computed once."""
    known: dict[tuple[str, str], ScenarioResults] = {}

    def results(edits: str, more: str = "") -> ScenarioResults:
        if (edits, more) not in known:
            file = write_scenario(tmp_path_factory.mktemp("file") / "s.toml", edits, more=more)
            known[edits, more], _ = run_scenarios(base, read_scenarios([file]), lambda _: nullcontext())
        return known[edits, more]

    return results
