"""The small region and its base, read once for the room's tests."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from corridors.config.run_config import load_config
from corridors.scenarios.worlds import Base, read_base
from tests.support.small_region import SmallRegion, write_small_region


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallRegion:
    return write_small_region(tmp_path_factory.mktemp("scenarios") / "small")


@pytest.fixture(scope="session")
def base(small: SmallRegion) -> Base:
    return read_base(load_config(small.config), lambda _: nullcontext())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "s.toml"
