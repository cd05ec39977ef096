"""Jobs that need no search are those of a search: of zones that a scenario does not touch, and of a finished run."""

from contextlib import nullcontext
from pathlib import Path
from unittest import mock

import pandas as pd
import pytest

from corridors.config.run_config import load_config
from corridors.scenarios import known_jobs
from corridors.scenarios import run as scenario_run
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.known_jobs import jobs_of_run
from corridors.scenarios.run import run_scenarios
from corridors.scenarios.worlds import Base, read_base
from tests.corridors.scenarios.conftest import Answered
from tests.corridors.scenarios.test_answers import EXPRESS, HOMES, WITHDRAWN
from tests.support.cli import corridors, no_pictures
from tests.support.scenario_text import write_scenario
from tests.support.small_region import SmallRegion, write_small_region

NIGHT = """
[[edit]]
id = "night"
kind = "new_line"
line.number = "N1"
stops = ["A", "B"]
run_s = [60]
departures = ["00:10"]
"""
JOBS = """
[[edit]]
id = "works"
kind = "land_use"
use = "jobs"
at = [52.42, -1.9]
count = 7
"""


@pytest.mark.parametrize("edits", [EXPRESS, WITHDRAWN, HOMES, NIGHT], ids=["added", "withdrawn", "homes", "night"])
def test_a_search_from_every_zone_finds_the_same(
    edits: str, answered: Answered, base: Base, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenario_run, "jobs_after", lambda *_: None)
    whole, _ = run_scenarios(base, read_scenarios([write_scenario(file, edits)]), lambda _: nullcontext())
    found = answered(edits)
    for name in ("jobs_within_cutoff", "jobs_within_cutoff_base"):
        assert (found.zones[name] > 0).any()
    pd.testing.assert_frame_equal(pd.DataFrame(found.zones), pd.DataFrame(whole.zones), check_exact=True)
    for (name, table), (_, other) in zip(found.tables.items(), whole.tables.items(), strict=True):
        pd.testing.assert_frame_equal(table, other, check_exact=True, obj=name)


def test_zones_that_no_edit_touches_are_not_searched(base: Base, file: Path) -> None:
    touched = []

    def noted(*asked: object) -> object:
        touched.append(real(*asked))  # type: ignore[arg-type]
        return touched[-1]

    real = known_jobs.origins_touched
    with mock.patch.object(known_jobs, "origins_touched", noted):
        for edits in (NIGHT, EXPRESS, JOBS):
            run_scenarios(base, read_scenarios([write_scenario(file, edits)]), lambda _: nullcontext())
    night, express = touched  # other jobs are counted anew in every zone
    assert not night.any()
    assert express.any()


@pytest.fixture(scope="module")
def finished(small: SmallRegion, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of the base."""
    out = tmp_path_factory.mktemp("base") / "out"
    with no_pictures():
        assert corridors("run", small.config, "--out", out, "--quiet").code == 0
    return out


def test_a_finished_run_gives_the_answers_of_a_new_search(
    finished: Path, answered: Answered, base: Base, file: Path
) -> None:
    chosen = read_scenarios([write_scenario(file, EXPRESS)])
    with mock.patch("corridors.access.centre_access._jobs_searched", side_effect=AssertionError("a search")):
        night = read_scenarios([write_scenario(file.with_name("night.toml"), NIGHT)])
        run_scenarios(base, night, lambda _: nullcontext(), finished=finished)
    found, _ = run_scenarios(base, chosen, lambda _: nullcontext(), finished=finished)
    expected = answered(EXPRESS)
    pd.testing.assert_frame_equal(pd.DataFrame(found.zones), pd.DataFrame(expected.zones), check_exact=True)
    for (name, table), (_, other) in zip(found.tables.items(), expected.tables.items(), strict=True):
        pd.testing.assert_frame_equal(table, other, check_exact=True, obj=name)


def test_a_run_of_another_base_is_refused(finished: Path, small: SmallRegion, tmp_path: Path) -> None:
    scenario, config = write_scenario(tmp_path / "s.toml", NIGHT), small.config.with_name("other.toml")
    config.write_text(small.config.read_text(encoding="utf-8") + "\n[kpi]\ncentres_at_least = 2\n", encoding="utf-8")
    words = ["scenario", "run", scenario, config, "--out", tmp_path / "out", "--base"]
    ran = corridors(*words, finished)
    assert ran.code == 2
    assert "is not of this base: kpi.centres_at_least differs" in ran.err
    ran = corridors(*words, tmp_path)
    assert ran.code == 2
    assert "holds no finished run" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_run_that_was_changed_is_refused(finished: Path, base: Base, tmp_path: Path) -> None:
    package = next((finished / "layers").glob("*.gpkg"))
    kept = package.read_bytes()
    package.write_bytes(kept + b" ")
    with pytest.raises(known_jobs.RunFolderError, match="was changed since the run"):
        jobs_of_run(finished, base)
    package.write_bytes(kept)
    jobs_of_run(finished, base)


def test_a_region_without_jobs_is_answered_too(answered: Answered, tmp_path: Path, file: Path) -> None:
    bare = write_small_region(tmp_path / "bare")
    bare.replace("config.toml", 'fields.jobs = { column = "jobs", kind = "count", unit = "jobs" }\n', "")
    own = read_base(load_config(bare.config), lambda _: nullcontext())
    found, _ = run_scenarios(own, read_scenarios([write_scenario(file, WITHDRAWN)]), lambda _: nullcontext())
    assert "jobs_within_cutoff" not in found.zones
    pd.testing.assert_series_equal(found.zones["meets_kpi"], answered(WITHDRAWN).zones["meets_kpi"])
