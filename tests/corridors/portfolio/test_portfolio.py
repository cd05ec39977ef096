"""Portfolios in the small region: gains that can be counted by hand, and files that give the same answers.

Of 1,200 people 1,000 meet the test: those of `ZA1` need 47.25 min to F, those of `ZF1` as long to A. A line twice as often
saves 2.5 min of one of these ways; an express from end to end, 15 min of both.
"""

import json
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from corridors.errors import PortfolioFileError
from corridors.portfolio.choosing import found_sets
from corridors.portfolio.figures import measures_of
from corridors.portfolio.files.read import read_portfolio
from corridors.portfolio.results import PortfolioResults, PortfolioTables
from corridors.portfolio.run import run_portfolio
from corridors.portfolio.shown.wording import limits, searched_words
from corridors.runtime.own_files import listed_files
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.run import run_scenarios
from corridors.scenarios.worlds import Base
from tests.corridors.portfolio.conftest import CANDIDATES, PEOPLE, REQUIRES, Answered, write_portfolio
from tests.support.cli import Ran, corridors
from tests.support.small_region import SmallRegion

DEAR = (
    PEOPLE + REQUIRES + "own = ['north']\n",
    CANDIDATES.replace('edits = ["express"]', 'edits = ["express"]\ncost = 30'),
)
EARLY = '[[candidate]]\nid = "early"\ntitle = "South every four minutes"\nedits = ["early"]\ncost = 5\n'
SPARSE = '[[candidate]]\nid = "sparse"\ntitle = "Half of the buses north"\nedits = ["sparse"]\n'


def best(results: PortfolioResults) -> list[str]:
    return results.tables.budgets["candidates"].tolist()


def test_the_best_set_of_each_budget_is_the_one_counted_by_hand(answered: Answered) -> None:
    """A line twice as often costs 29 trips of 25 min; together the lines do what the dearer express does."""
    results = answered(*DEAR)
    assert best(results) == ["north", "north + south", "express"]  # of equal gain the one of fewer candidates
    table = results.tables.budgets
    assert table["people"].tolist() == [100, 200, 200]
    assert table["cost"].tolist() == pytest.approx([29 * 25 / 60, 2 * 29 * 25 / 60, 30])
    assert table["sets"].tolist() == [3, 4, 6]  # within 40 the express and the faster express fit too
    assert table["all_sets"].all()
    assert table["own"].tolist() == ["north"] * 3
    assert table["own_gain"].tolist() == [100] * 3
    assert results.tables.frontier["candidates"].tolist() == ["north", "north + south", "express"]
    assert results.tables.frontier["best_at"].tolist() == ["13", "26", "40"]
    assert results.tables.frontier["on_frontier"].tolist() == [True, True, False]  # the two lines are cheaper


def test_a_candidate_without_what_it_requires_is_in_no_set(answered: Answered) -> None:
    found = answered(*DEAR).found
    express, faster = (found.question.ids.index(name) for name in ("express", "faster"))
    assert all(express in chosen for chosen in found.within(1000) if faster in chosen)
    table = answered(*DEAR).tables.candidates.set_index(["budget", "candidate"])
    assert table.loc[(40, "faster"), "gain_alone"] == table.loc[(40, "express"), "gain_alone"] == 200


def test_interactions_are_what_two_do_beyond_what_each_does(answered: Answered) -> None:
    """North and south help different zones; either helps nobody whom the express does not help."""
    table = answered(*DEAR).tables.interactions.set_index(["candidate_a", "candidate_b"])
    assert table.loc[("north", "south"), "interaction"] == 0
    assert table.loc[("north", "express"), ["gain_a", "gain_b", "gain_both", "interaction"]].tolist() == [
        100,
        200,
        200,
        -100,
    ]
    assert ("express", "faster") not in table.index


def test_near_best_sets_leave_out_what_adds_nothing(answered: Answered) -> None:
    results = answered(*DEAR)
    rows = results.tables.sets[results.tables.sets["budget"] == 40]
    assert rows["candidates"].tolist() == ["north + south", "express"] or rows["candidates"].tolist() == [
        "express",
        "north + south",
    ]
    share = results.tables.candidates.set_index(["budget", "candidate"])["near_best_share"]
    assert share[40].to_dict() == {"north": 0.5, "south": 0.5, "express": 0.5, "faster": 0.0}
    assert results.tables.budgets["regret"].tolist() == [0, 100, 0]


@pytest.mark.parametrize("objective", ["gap_minutes", "most_deprived_fifth"])
def test_other_goals_choose_by_their_own_figures(answered: Answered, objective: str) -> None:
    """The gap of 100 people who are 2.25 min late at F, and of as many at A; of the poorest fifth are E and F."""
    results = answered(PEOPLE.replace('"people"', f'"{objective}"') + REQUIRES)
    row = results.tables.candidates.set_index(["budget", "candidate"]).loc[40]
    gains = {"gap_minutes": (226.67, 453.33), "most_deprived_fifth": (0, 100)}[objective]
    assert row.loc["north", "gain_alone"] == pytest.approx(gains[0], abs=0.01)
    assert row.loc["express", "gain_alone"] == pytest.approx(gains[1], abs=0.01)


def test_a_gap_that_is_not_searched_is_no_goal(base: Base) -> None:
    """Where the search ends at the cutoff every gap would be 0, and every candidate alike."""
    short = base.config.search.model_copy(update={"max_min": base.config.kpi.cutoff_min})
    cut_short = replace(base, config=base.config.model_copy(update={"search": short, "kpi": base.config.kpi}))
    asked: Any = SimpleNamespace(head=SimpleNamespace(objective={"gap_minutes": 1.0}, floors=()), path=Path("p.toml"))
    with pytest.raises(PortfolioFileError, match=r"gap_minutes counts minutes beyond the cutoff of 45, and the search"):
        measures_of(asked, cut_short)


def test_a_mix_weighs_the_goals_in_their_own_units(answered: Answered) -> None:
    results = answered(PEOPLE.replace('"people"', "{ people = 1, gap_minutes = 0.5 }") + REQUIRES)
    table = results.tables.frontier
    assert (table["gain"] - (table["people"] + 0.5 * table["gap_minutes"])).abs().max() < 1e-9
    assert results.goal_words == "1 for each person who meets the test and 0.5 for each person-minute of the gap closed"


def test_floors_exclude_sets_by_which_a_place_loses(answered: Answered) -> None:
    """Half of the buses north pay for more southward, which `ZF1` gains by; people of `ZB1` then wait too long for F."""
    head = PEOPLE.replace("[13, 26, 40]", "[6]").replace('"people"', '"most_deprived_fifth"')
    candidates = CANDIDATES.partition('[[candidate]]\nid = "express"')[0] + SPARSE
    free = answered(head, candidates)
    assert best(free) == ["south + sparse"]
    assert free.tables.budgets[["people", "most_deprived_fifth"]].to_numpy().tolist() == [[0, 100]]
    for floor, words in (
        ("no district loses", "district D1"),
        ("no district D1 loses", "district D1"),
        ("no group deprivation_fifth_3 loses", "group deprivation_fifth_3"),
    ):
        held = answered(f"{head}floors = ['{floor}']\n", candidates)
        assert best(held) == [""]
        assert held.tables.sets[["candidates", "allowed", "loses"]].to_numpy().tolist() == [
            ["south + sparse", False, words]
        ]
        assert len(held.files) == 0
    assert best(answered(f"{head}floors = ['no district D2 loses']\n", candidates)) == ["south + sparse"]


def test_a_scenario_file_of_a_point_gives_the_figures_of_the_point(
    answered: Answered, base: Base, tmp_path: Path
) -> None:
    """One with known departures, one with a headway service, of which scenarios show the middle timetable."""
    results = answered(
        PEOPLE + REQUIRES, CANDIDATES.replace('edits = ["express"]', 'edits = ["express"]\ncost = 30') + EARLY
    )
    table = results.tables.frontier.set_index("candidates")
    assert "early" in table.index[0]
    assert table["timetables"].max() > 1
    for row in table.to_dict("records"):
        path = tmp_path / Path(row["file"]).name
        path.write_text(results.files[row["file"]], encoding="utf-8")
        answer, _ = run_scenarios(base, read_scenarios([path]), lambda _: nullcontext(), parts=False)
        assert answer.scenario.people_within == row["people_within"]
        assert answer.spread["timetables"] == row["timetables"]
        assert answer.spread["people_within_lowest"] == row["people_within_lowest"]
        assert answer.spread["people_within_highest"] == row["people_within_highest"]
        assert len(answer.tables.attribution) == 0
        if row["timetables"] == 1:
            gap = answer.tables.range_timetables["gap_change"].iloc[0]
            assert -gap == pytest.approx(row["gap_minutes"])


@pytest.fixture(scope="module")
def done(region_of_ideas: SmallRegion, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """The folder of a portfolio with everything in it, and what was printed."""
    home = tmp_path_factory.mktemp("portfolio_run")
    head = (
        DEAR[0]
        + 'judged_on = ["09:30-10:30"]\ngenerate = ["faster_10", "faster_20", "missing_links", "halve_headways"]\n'
    )
    path = write_portfolio(home, head, CANDIDATES + EARLY)
    return home, corridors("portfolio", path, region_of_ideas.config, "--out", home / "out")


def test_the_folder_holds_page_map_tables_and_scenario_files(done: tuple[Path, Ran]) -> None:
    home, ran = done
    assert ran.code == 0, ran.err
    out = home / "out"
    content = json.loads((out / "portfolio.json").read_text(encoding="utf-8"))
    points = {row["file"] for row in content["frontier"]}
    tables = {f"tables/{name}.csv" for name in PortfolioTables.__annotations__}
    assert set(listed_files(out, "portfolio.json")) == {"portfolio.json", "report.html", "map.html", *tables, *points}
    assert (content["all_sets_searched"], content["candidates"]) == (True, 11)
    assert str(home) not in "".join(path.read_text(encoding="utf-8") for path in out.rglob("*.*"))
    for name in PortfolioTables.__annotations__:
        assert set(pd.read_csv(out / "tables" / f"{name}.csv")["caution"]) <= {content["caution"]}


def test_what_is_generated_is_labelled_and_says_what_it_is(done: tuple[Path, Ran]) -> None:
    table = pd.read_csv(done[0] / "out" / "tables" / "candidates.csv")
    rows = table[table["budget"] == 40].set_index("candidate")
    made = rows[rows["origin"] == "proposed by this tool"]
    assert set(made.index) == {"often_north", "often_south", "faster_10_line", "faster_20_line", "link_za1", "link_zf1"}
    assert (
        made.loc["often_north", ["cost", "gain_alone"]].tolist() == rows.loc["north", ["cost", "gain_alone"]].tolist()
    )
    assert made.loc["faster_20_line", "cost"] == pytest.approx(
        -2 * 30 * 0.2 * 25 / 60
    )  # both lines, 30 trips of 25 min each
    assert "lines north, south take 20 % less time" in made.loc["faster_20_line", "title"]
    page = (done[0] / "out" / "report.html").read_text(encoding="utf-8")
    assert "Proposed by this tool, missing links: 2 kept; 0 gain nothing" in page
    assert "proposed by this tool" in page


def test_ways_to_make_a_corridor_faster_exclude_each_other(done: tuple[Path, Ran]) -> None:
    sets = pd.read_csv(done[0] / "out" / "tables" / "sets.csv")["candidates"].str.split(" + ", regex=False)
    assert any("faster_10_line" in one for one in sets)
    assert not any({"faster_10_line", "faster_20_line"} <= set(one) for one in sets)


def test_page_and_terminal_say_of_how_many_sets_a_choice_is_the_best(done: tuple[Path, Ran]) -> None:
    home, ran = done
    content = json.loads((home / "out" / "portfolio.json").read_text(encoding="utf-8"))
    page = (home / "out" / "report.html").read_text(encoding="utf-8")
    words = f"best of all {content['sets_searched']:,} sets"
    assert words in page
    assert words in " ".join(ran.out.split())
    assert "optimal" not in page.lower() + ran.out.lower()
    assert "<script" not in page


def test_the_chosen_sets_are_judged_at_hours_that_the_search_did_not_see(done: tuple[Path, Ran]) -> None:
    """At half past nine the line runs as at seven, so that the gains are the same."""
    tables = done[0] / "out" / "tables"
    judged, frontier = (pd.read_csv(tables / f"{name}.csv").set_index("point") for name in ("judged", "frontier"))
    there = judged[judged["judged_on"] == "09:30-10:30"]
    assert len(there)
    assert (there["gain"] == frontier.loc[there.index, "gain"]).all()


def test_a_search_of_some_sets_does_not_claim_the_best_of_all(
    base: Base, answered: Answered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corridors.portfolio.run.found_sets", partial(found_sets, most_exhausted=0))
    some = run_portfolio(base, read_portfolio(write_portfolio(tmp_path, *DEAR)), lambda _: nullcontext())
    assert best(some) == best(answered(*DEAR))
    assert all("best found of" in words for words in searched_words(some))
    assert "There may be better sets" in " ".join(limits(some, base.config))
    assert "There may be better sets" not in " ".join(limits(answered(*DEAR), base.config))
