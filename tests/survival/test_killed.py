"""Case 61: a run that is killed at any moment and started again."""

from pathlib import Path

import pytest

from corridors.runtime.cache import cache_home
from corridors.runtime.interrupts import mark
from tests.support.case_table import CaseTable
from tests.support.cli import corridors
from tests.support.small_region import SmallRegion
from tests.survival.kill_harness import harness

pytestmark = pytest.mark.usefixtures("no_pictures")

KILLS = 2  # in the suite; the script takes any number


def test_a_killed_run_started_again_ends_with_the_same_bytes(
    region: SmallRegion, tmp_path: Path, case: CaseTable
) -> None:
    program = "tests.support.light_run"
    rounds = list(harness(region.config, KILLS, tmp_path / "out", cache_home(), seed=3, program=program))
    assert any(one.killed for one in rounds)
    for one in rounds:
        assert one.same and one.clean and not one.rebuilt, one
    words = "the next run ends with the bytes of an undisturbed one; old results stay until new ones are whole"
    case.ends(61, "killed at any moment (SIGKILL)", "resumed", words)


def test_what_a_killed_run_left_behind_is_cleared_away(region: SmallRegion, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / ".partial-abandoned" / "layers").mkdir(parents=True)
    mark(out / ".partial-abandoned")
    (out / ".partial-abandoned" / ".lock").touch()
    (out / ".partial-killed-before-its-mark").mkdir()
    assert corridors("run", region.config, "--out", out).code == 0
    assert not list(out.glob(".*"))


def test_a_folder_that_is_called_like_ours_and_holds_something_else_stays(region: SmallRegion, tmp_path: Path) -> None:
    theirs = tmp_path / "out" / ".partial-notes" / "mine.txt"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("mine", encoding="utf-8")
    assert corridors("run", region.config, "--out", tmp_path / "out").code == 0
    assert theirs.read_text(encoding="utf-8") == "mine"
