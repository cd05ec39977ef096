"""Fixtures of every test: one run of the bundled region for all of them, and the small region to damage."""

import os
import pickle
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.maps.browser import Chromium, running_browser
from tests.support.cli import corridors_process, no_pictures
from tests.support.small_region import SmallRegion, write_small_region

# Files that take a minute or more begin first, so that no worker is left alone with one at the end.
LONG = (
    "corridors/test_agree.py",
    "corridors/test_agree_second.py",
    "corridors/test_agree_third.py",
    "corridors/demo/test_demo_map.py",
    "corridors/test_cli.py",
    "corridors/test_west_midlands_run.py",
    "survival/test_killed.py",
    "survival/test_faults.py",
    "survival/test_users_files.py",
    "survival/test_hostile.py",
    "test_docs.py",
    "corridors/fetch/test_west_midlands.py",
    "accessibility/kernels/test_connection_scan_against_oracle.py",
    "accessibility/search/test_invariants.py",
    "accessibility/timetable/test_timetable.py",
    "corridors/test_words_follow_configuration.py",
)
TESTS = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in the order of their files in `LONG`, then as they were collected."""
    place = {TESTS / name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path, len(LONG)))


@pytest.fixture(scope="session")
def demo_process(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """`corridors run` without a configuration, as a process of its own: (output folder, what it said).

    Several workers of one test run share it: the first to ask runs it, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    here = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demonstration"
    out, ended = here / "out", here / "ended.pickle"
    with FileLock(here.with_suffix(".lock")):
        if not ended.exists():
            here.mkdir()
            process = corridors_process("run", "--out", out, "--verbose", "--log-json", here / "log.jsonl")
            ended.write_bytes(pickle.dumps(process))
    return out, pickle.loads(ended.read_bytes())


@pytest.fixture(scope="session")
def demo_run(demo_process: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    """Output folder of a finished run of the bundled demonstration region; never write to it."""
    out, process = demo_process
    assert process.returncode == 0, process.stderr
    return out


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """The one Chromium of a worker; each kind of screen has one window in it."""
    with running_browser() as started:
        yield started


@pytest.fixture(name="no_pictures")
def _no_pictures() -> Iterator[None]:
    """For tests that look at no picture and at no workbook of a run; a fixture of a module says `with no_pictures()`."""
    with no_pictures():
        yield


@pytest.fixture(scope="session")
def whole_region(tmp_path_factory: pytest.TempPathFactory) -> SmallRegion:
    """The files of a small good region; never write to it."""
    return write_small_region(tmp_path_factory.mktemp("small") / "region")


@pytest.fixture
def region(whole_region: SmallRegion, tmp_path: Path) -> SmallRegion:
    """The files of a small good region in a folder of its own, for a test to damage."""
    return SmallRegion(Path(shutil.copytree(whole_region.folder, tmp_path / "region")))
