"""Fixtures of every test: one run of the bundled region for all of them, and the small region to damage."""

import subprocess
from pathlib import Path

import pytest

from tests.support.cli import corridors_process
from tests.support.small_region import SmallRegion, write_small_region


@pytest.fixture(scope="session")
def demo_process(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """`corridors run` without a configuration, as a process of its own: (output folder, what it said)."""
    out = tmp_path_factory.mktemp("demonstration") / "out"
    return out, corridors_process("run", "--out", out, "--verbose", "--log-json", out.parent / "log.jsonl")


@pytest.fixture(scope="session")
def demo_run(demo_process: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    """Output folder of a finished run of the bundled demonstration region; never write to it."""
    out, process = demo_process
    assert process.returncode == 0, process.stderr
    return out


@pytest.fixture
def region(tmp_path: Path) -> SmallRegion:
    """The files of a small good region in a folder of its own, for a test to damage."""
    return write_small_region(tmp_path / "region")
