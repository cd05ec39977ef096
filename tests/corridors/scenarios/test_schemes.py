"""The strategy's schemes as scenario files: what they say of themselves, and that they run on the demonstration."""

import tomllib
from contextlib import nullcontext
from pathlib import Path

import pytest

from corridors.bundled import bundled_data
from corridors.config.run_config import load_config
from corridors.demo.cached import demo_config
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.worlds import Base, read_base, world_of

FOLDER = bundled_data() / "scenarios"
FILES = sorted(FOLDER.glob("*.toml"))


@pytest.fixture(scope="module")
def demo() -> Base:
    return read_base(load_config(demo_config()), lambda _: nullcontext())


def test_seven_schemes_are_listed() -> None:
    assert [file.stem.partition("_")[0] for file in FILES] == ["dudley", "s1", "s2", "s3", "s4", "s5", "wolverhampton"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_scheme_has_a_status_a_date_a_source_and_a_basis_of_its_numbers(file: Path) -> None:
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    assert content["scenario"]["id"] == file.stem
    assert all(content["scenario"][key] for key in ("status", "as_of", "source"))
    for edit in content.get("edit", []):
        assert edit.get("basis") or "basis" in edit["factor"]


def effects_of(demo: Base, *names: str) -> dict[str, tuple[int, int]]:
    chosen = read_scenarios([next(file for file in FILES if file.stem.startswith(name)) for name in names])
    return {one.edit_id: (one.trips_changed, one.trips_added) for one in world_of(demo, chosen).edited.effects}


@pytest.mark.parametrize(("name", "hops"), [("s1", 8), ("s2", 13), ("s3", 14)])
def test_line_2_runs_every_six_minutes_both_ways(demo: Base, name: str, hops: int) -> None:
    # 05:30 to 19:00 every 6 min, then to 23:30 every 12: 135 and 22.5, so 23, departures each way.
    assert effects_of(demo, name) == {"line_2": (0, 2 * (135 + 23))}
    chosen = read_scenarios([next(file for file in FILES if file.stem.startswith(name))])
    feed = world_of(demo, chosen).edited.feed
    assert len(feed.stops) == len(demo.feed.stops) + hops  # the first stop is that of Line 1


def test_bus_priority_changes_trips_of_both_lines_and_adds_none(demo: Base) -> None:
    effects = effects_of(demo, "s5")
    assert set(effects) == {"51_morning", "51_evening", "x51_morning", "x51_evening"}
    assert all(changed > 0 and added == 0 for changed, added in effects.values())


def test_a_scheme_that_is_not_modelled_changes_nothing(demo: Base) -> None:
    assert effects_of(demo, "s4") == {}


def test_changing_is_timed_between_the_stops_of_an_interchange(demo: Base) -> None:
    for names, pairs in ((["wolverhampton"], 6), (["s1", "dudley"], 2)):
        chosen = read_scenarios([next(file for file in FILES if file.stem.startswith(name)) for name in names])
        assert len(world_of(demo, chosen).edited.interchanges) == pairs
