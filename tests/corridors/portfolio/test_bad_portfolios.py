"""Portfolios that can't be meant: each ends in one clear message, with its line, before anything is searched."""

import re
from pathlib import Path

import pytest

from corridors.errors import CorridorsError
from corridors.portfolio.candidates import choice_of
from corridors.portfolio.files.read import read_portfolio
from corridors.portfolio.files.values import MOST_CANDIDATES
from corridors.scenarios.worlds import Base, require_same_base
from tests.corridors.portfolio.conftest import CANDIDATES, PEOPLE, write_portfolio
from tests.support.scenario_text import write_scenario

TWO = CANDIDATES.partition('[[candidate]]\nid = "express"')[0]  # north and south, which need nothing
PLACE = r"p\.toml, line \d+: "


def candidate(*lines: str, ident: str = "more", edits: str = '["early"]') -> str:
    return "\n".join(["[[candidate]]", f'id = "{ident}"', 'title = "More"', f"edits = {edits}", *lines, ""])


MONEY = 'cost = "money"\nunit = "GBP a year"\nbudgets = [5]\nobjective = "people"\n'
COST = "cost = 2\n"
# What is wrong -> (head below the first lines, candidates, what the message says)
BAD: dict[str, tuple[str, str, str]] = {
    "unknown key": (PEOPLE + "budgts = [1]\n", TWO, PLACE + r"unknown key 'budgts'; is 'budgets' meant"),
    "unknown key of a candidate": (PEOPLE, TWO + "costs = 3\n", PLACE + r"candidate 'south': unknown key 'costs'; is 'cost' me"),
    "unknown edit": (PEOPLE, TWO + candidate(edits='["norht"]'), PLACE + r"candidate 'more': no edit is called 'norht'; is 'n"),
    "an edit of two candidates": (PEOPLE, TWO + candidate(edits='["south"]'), r"belongs to the candidate 'south' already"),
    "two candidates with one id": (PEOPLE, TWO + candidate(ident="south"), r"the candidate in line \d+ has this id"),
    "nothing to choose from": (PEOPLE, "", PLACE + r"there is nothing to choose from"),
    "no budget": (PEOPLE.replace("[13, 26, 40]", "[]"), TWO, PLACE + r"budgets: must hold at least 1"),
    "a budget of nothing": (PEOPLE.replace("[13,", "[0,"), TWO, PLACE + r"budgets.0: must be above 0"),
    "a budget that is no number": (PEOPLE.replace("[13,", "[nan,"), TWO, PLACE + r"budgets.0: must be"),
    "a budget twice": (PEOPLE.replace("[13,", "[26,"), TWO, PLACE + r"a budget is given twice"),
    "unknown objective": (PEOPLE.replace('"people"', '"poeple"'), TWO, PLACE + r"objective: unknown goal 'poeple'; is 'people'"),
    "weights of nothing": (PEOPLE.replace('"people"', "{ people = 0 }"), TWO, r"no goal has a weight above 0"),
    "a weight below nothing": (PEOPLE.replace('"people"', "{ people = -1 }"), TWO, r"weight of people must be a number"),
    "a goal without data": (PEOPLE.replace('"people"', '"no_car_households"'), TWO, r"the field 'households_no_car'"),
    "no floor": (PEOPLE + 'floors = ["nobody loses"]\n', TWO, PLACE + r"floors.0: 'nobody loses' is no floor; write"),
    "a floor of another kind": (PEOPLE + 'floors = ["no distrct loses"]\n', TWO, r"'distrct' is not known; is 'district' meant"),
    "a floor of a place there is not": (PEOPLE + 'floors = ["no district D3 loses"]\n', TWO, r"no district is called 'D3'"),
    "a floor of a group there is not": (PEOPLE + 'floors = ["no group age_65 loses"]\n', TWO, r"no group is called 'age_65'"),
    "an unknown candidate excluded": (PEOPLE + 'excludes = [["north", "suoth"]]\n', TWO, r"no candidate is called 'suoth'"),
    "a candidate that excludes nobody": (PEOPLE + 'excludes = [["north"]]\n', TWO, PLACE + r"excludes.0: must hold at least 2"),
    "a circle of requirements": (
        PEOPLE + 'requires = { north = ["south"], south = ["north"] }\n',
        TWO,
        r"north, south require each other in a circle",
    ),
    "a requirement that is excluded": (
        PEOPLE + 'requires = { north = ["south"] }\nexcludes = [["north", "south"]]\n',
        TWO,
        r"'north' and 'south' together, which exclude each other",
    ),
    "an own list with an unknown candidate": (PEOPLE + 'own = ["nroth"]\n', TWO, r"own: no candidate is called 'nroth'"),
    "an own list that excludes itself": (
        PEOPLE + 'own = ["north", "south"]\nexcludes = [["north", "south"]]\n',
        TWO,
        r"own: 'north' and 'south' exclude each other",
    ),
    "an own list without what it requires": (
        PEOPLE + 'own = ["north"]\nrequires = { north = ["south"] }\n',
        TWO,
        r"own: 'north' requires 'south', which is not in it",
    ),
    "an own list beyond the budget": (
        PEOPLE.replace("[13, 26, 40]", "[13]") + 'own = ["north", "south"]\n',
        TWO,
        r"own: its candidates cost 24.2 together, and the largest budget is 13",
    ),
    "no candidate within the budget": (PEOPLE.replace("[13, 26, 40]", "[12]"), TWO, r"the cheapest costs 12.1"),
    "money without its unit": (MONEY.replace('unit = "GBP a year"\n', ""), candidate(COST), r'"money" needs its unit'),
    "money without a cost": (MONEY, candidate(), PLACE + r"candidate 'more': it has no cost; money is never guessed"),
    "money of what is generated": (MONEY + 'generate = ["missing_links"]\n', candidate(COST), r"generated have no price"),
    "a unit of vehicles": (PEOPLE + 'unit = "GBP"\n', TWO, PLACE + r"unit is of money"),
    "a cost that is no number": (PEOPLE, TWO + 'cost = "cheap"\n', PLACE + r"candidate 'south': cost: must be a number"),
    "an unknown way to generate": (PEOPLE + 'generate = ["faster_30"]\n', TWO, PLACE + r"generate.0: must be one of .*faster_20"),
    "hours that end before they start": (PEOPLE + 'judged_on = ["09:00-08:00"]\n', TWO, r"ends before it starts"),
    "a missing scenario file": (PEOPLE + "", "MISSING", r"scenarios: there is no scenario at .*gone.toml"),
    "a faulty scenario file": (PEOPLE, "FAULTY", r"ideas.toml, line \d+: edit 'north': unknown kind 'headwy'"),
    "an edit of a line that there is not": (
        PEOPLE,
        TWO + candidate(edits='["faster"]'),
        r"candidate 'more': ideas.toml, line \d+: edit 'faster': the feed has no line 'X1'",
    ),
    "another timetable": (PEOPLE, "OTHER", r"it was written for 2020-01-06"),
    "too many candidates": (
        PEOPLE,
        "".join(candidate(ident=f"c{n}", edits=f'["e{n}"]') for n in range(MOST_CANDIDATES + 1)),
        "MANY",
    ),
    "no table of the portfolio": ("", "NOTHING", r"p.toml, line 1: there is no table \[portfolio\]"),
    "a key above its table": ("", "ABOVE", PLACE + r"unknown key 'budgets'; it belongs below \[portfolio\]"),
}  # fmt: skip


def bad_file(folder: Path, case: str) -> Path:
    """The file of a case; some are of other files than the portfolio itself."""
    head, candidates, _ = BAD[case]
    path = write_portfolio(folder, head, TWO if candidates.isupper() else candidates)
    ideas, text = folder / "ideas.toml", path.read_text(encoding="utf-8")
    match candidates:
        case "MISSING":
            path.write_text(text.replace("ideas.toml", "gone.toml"), encoding="utf-8")
        case "FAULTY":
            ideas.write_text(ideas.read_text(encoding="utf-8").replace('"headway"', '"headwy"', 1), encoding="utf-8")
        case "OTHER":
            edits = ideas.read_text(encoding="utf-8").partition("\n\n")[2]
            write_scenario(ideas, edits, ident="ideas", more="base = { date = 2020-01-06 }\n")
        case "NOTHING":
            path.write_text(TWO, encoding="utf-8")
        case "ABOVE":
            path.write_text(text.replace("[portfolio]", f"{PEOPLE}[portfolio]\n{PEOPLE}", 1), encoding="utf-8")
    if BAD[case][2] == "MANY":
        edit = '[[edit]]\nid = "e{n}"\nkind = "withdraw"\nline.number = "north"\n'
        write_scenario(ideas, "".join(edit.replace("{n}", str(n)) for n in range(MOST_CANDIDATES + 1)), ident="ideas")
    return path


@pytest.mark.parametrize("case", BAD)
def test_a_bad_portfolio_ends_in_one_clear_message(base: Base, tmp_path: Path, case: str) -> None:
    words = BAD[case][2].replace("MANY", r"it has 201 candidates; at most 200 are taken")
    with pytest.raises(CorridorsError) as error:
        asked = read_portfolio(bad_file(tmp_path, case))
        require_same_base(base, asked.chosen)
        choice_of(asked, base)
    text = str(error.value)
    assert re.search(words, text), text
    assert "1 problem(s):" in text or len(text.splitlines()) <= 2 or case in {"a key above its table"}, text


def test_all_problems_are_told_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    head = 'cost = "vehicels"\nbudgets = [-1]\nobjective = "poeple"\nfloors = ["none"]\n'
    with pytest.raises(CorridorsError) as error:
        read_portfolio(write_portfolio(tmp_path, head, TWO + candidate("price = 3")))
    told = str(error.value).splitlines()
    assert told[0] == "5 problem(s):"
    lines = [int(found[1]) for text in told[1:] if (found := re.search(r"line (\d+):", text))]
    assert lines == sorted(lines)
    assert len(lines) == 5


def test_the_kinds_of_bad_portfolios_are_at_least_fifteen() -> None:
    assert len(BAD) >= 15
