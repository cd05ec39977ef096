"""Sets put together from parts have the minutes of a timetable to which all their edits were made."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from corridors.portfolio.candidates import Choice, choice_of
from corridors.portfolio.choosing import Chosen
from corridors.portfolio.files.read import read_portfolio
from corridors.portfolio.mixing import parts_of
from corridors.scenarios.versions import minutes_of
from corridors.scenarios.worlds import Base
from tests.corridors.portfolio.conftest import CANDIDATES, PEOPLE, REQUIRES, write_portfolio

MORE = """
[[candidate]]
id = "early"
title = "South every four minutes"
edits = ["early"]
[[candidate]]
id = "change"
title = "Changing at C and D in a minute"
edits = ["change"]
cost = 1
"""
CHANGE = '[[edit]]\nid = "change"\nkind = "interchange"\nplaces = ["C", "D"]\nminutes = 1\n'


@pytest.fixture(scope="module")
def choice(base: Base, tmp_path_factory: pytest.TempPathFactory) -> Choice:
    path = write_portfolio(tmp_path_factory.mktemp("mixing"), PEOPLE + REQUIRES, CANDIDATES + MORE)
    with (path.parent / "ideas.toml").open("a", encoding="utf-8") as file:
        file.write(CHANGE)
    return choice_of(read_portfolio(path), base)


def names(choice: Choice, sets: list[Chosen]) -> list[list[str]]:
    return [[choice.candidates[one].id for one in sorted(chosen)] for chosen in sets]


def test_candidates_of_one_line_are_one_part_and_what_is_of_no_line_is_in_none(choice: Choice) -> None:
    parts = parts_of(choice.small, [one.edits for one in choice.candidates])
    assert names(choice, parts) == [["north"], ["south", "early"], ["express", "faster"]]


def test_every_set_put_together_has_the_minutes_of_its_edits_made_one_after_the_other(choice: Choice) -> None:
    judge = choice.judge(choice.small, choice.measures, choice.phases)
    n = len(choice.candidates)
    sets = [frozenset(some) for size in range(n + 1) for some in itertools.combinations(range(n), size)]
    coherent = [one for one in sets if choice.question.coherent(one)]
    mixed = judge.mixer.minutes(coherent)
    change = [one.id for one in choice.candidates].index("change")
    assert {change in one for one in coherent if one not in mixed} == {True}
    assert len(mixed) > 16
    drafts = [choice.small.draft(judge.edits(one), phases=choice.phases) for one in mixed]
    for one, alone in zip(mixed.values(), minutes_of(choice.small, drafts), strict=True):
        np.testing.assert_array_equal(one.within, alone.within)
        np.testing.assert_array_equal(one.needed_min, alone.needed_min)


def test_each_part_is_edited_once_however_many_sets_it_is_in(choice: Choice, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = choice.judge(choice.small, choice.measures, choice.phases)
    made: list[Chosen] = []
    draft = judge.mixer.draft
    monkeypatch.setattr(judge.mixer, "draft", lambda one: made.append(one) or draft(one))
    ids = [one.id for one in choice.candidates]
    three = [ids.index(name) for name in ("north", "south", "express")]
    judge([frozenset(some) for size in range(4) for some in itertools.combinations(three, size)])
    assert len(made) == len(set(made)) == 4  # nothing, and each alone


def test_what_makes_stops_and_what_looks_for_stops_are_one_part(base: Base, tmp_path: Path) -> None:
    stops = '["A", { id = "new", name = "New", at = [52.42, -1.9] }]'
    line = '[[edit]]\nid = "{0}"\nkind = "new_line"\nline.number = "{0}"\nstops = {1}\nspeed_kmh = 20\ndepartures = ["07:00"]\n'
    candidates = "".join(
        f'[[candidate]]\nid = "{one}"\ntitle = "A line"\nedits = ["{one}"]\ncost = 1\n' for one in "abcd"
    )
    path = write_portfolio(tmp_path, PEOPLE, candidates)
    edits = [line.format("a", stops), line.format("b", '["A", "F"]'), line.format("c", '["F", { name = "Stop B" }]')]
    with (path.parent / "ideas.toml").open("a", encoding="utf-8") as file:
        file.write("".join([*edits, line.format("d", '["C", "F"]')]))
    choice = choice_of(read_portfolio(path), base)
    parts = parts_of(choice.small, [one.edits for one in choice.candidates])
    assert names(choice, parts) == [["a", "c"], ["b"], ["d"]]
