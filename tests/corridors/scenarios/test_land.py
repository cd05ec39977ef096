"""Edits of the land that can't be made, each told by its line; and places of other kinds."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from corridors.config.run_config import load_config
from corridors.errors import ScenarioFileError
from corridors.scenarios.answers import full_answer
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.worlds import Base, read_base, world_of
from tests.support.scenario_text import write_scenario
from tests.support.small_region import place, write_small_region

LAND = '[[edit]]\nid = "land"\nkind = "land_use"\nuse = "{use}"\nat = [{at}]\n{more}\n'


@pytest.mark.parametrize(
    ("use", "at", "more", "words"),
    [
        ("homes", "52.42, -1.9", "count = 50", "give people_per_home"),
        ("homes", "50.0, -1.9", "count = 50\npeople_per_home = 2", "lies in no zone of the region"),
        ("homes", "52.42, -1.9", "count = -51\npeople_per_home = 2", "it takes away 102 where there are 100"),
        ("college", "52.42, -1.9", "", "the run knows no use 'college'; known are homes, jobs"),
        ("jobs", "152.42, -1.9", "count = 5", "is not a latitude and a longitude"),
        ("jobs", "52.42, -1.9", "count = 0", "it puts 0 there"),
    ],
)
def test_a_faulty_edit_of_the_land_is_told_by_its_line(
    base: Base, file: Path, use: str, at: str, more: str, words: str
) -> None:
    chosen = read_scenarios([write_scenario(file, LAND.format(use=use, at=at, more=more))])
    with pytest.raises(ScenarioFileError) as error:
        world_of(base, chosen)
    assert "s.toml, line 8: edit 'land'" in str(error.value)
    assert words in str(error.value)


def test_streets_can_only_be_changed_where_there_are_streets(base: Base, file: Path) -> None:
    link = '[[edit]]\nid = "way"\nkind = "street_link"\nstart = [52.4, -1.9]\nend = [52.41, -1.9]\n'
    with pytest.raises(ScenarioFileError, match="line 8: edit 'way': the run has no streets to change"):
        world_of(base, read_scenarios([write_scenario(file, link)]))


def test_a_new_college_is_reached_by_those_who_live_beside_it(tmp_path: Path) -> None:
    """The only college is at A; one more at F is where `ZF0` lives, 31 min from A at the median."""
    small = write_small_region(tmp_path / "small")
    small.table("colleges.csv", [place("A", "College A")])
    kind = '[[destinations]]\nid = "college"\ntitle = "College"\nfile = "colleges.csv"\nsource = "a test"\nlicence = "MIT"\n'
    small.replace("config.toml", "[outputs]", f'{kind}vintage = "2026"\ncutoff_min = 20\n[outputs]')
    base = read_base(load_config(small.config), lambda _: nullcontext())
    edits = LAND.format(use="college", at="52.45, -1.9", more='name = "College F"')
    world = world_of(base, read_scenarios([write_scenario(tmp_path / "s.toml", edits)]))
    before, after = (
        full_answer(base.config, one.context, one.network, lambda _: nullcontext(), "").zones for one in (base, world)
    )
    assert before.loc["ZF0", "minutes_to_college"] == pytest.approx(31, abs=0.02)
    assert after.loc["ZF0", "minutes_to_college"] == pytest.approx(0, abs=0.05)
    assert not before.loc["ZF0", "reaches_college"] and after.loc["ZF0", "reaches_college"]
    assert after.loc["ZA0", "minutes_to_college"] == before.loc["ZA0", "minutes_to_college"]
