"""Answers of scenarios in the small region, worked out by hand.

One line of six stops, five minutes a hop, every ten minutes; a minute to board. Western zones lie at the stops, eastern ones
16.25 min of walking away. From `ZA0` to F: a wait of 5 min at the median, 1 min, 25 min: 31. `ZA1` and `ZF1` take 47.25 to
the centre at the other end and fail the test of 45; the other 1,000 people meet it.
"""

from contextlib import nullcontext
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from corridors.catalogue.headline_variants import HEADLINE
from corridors.report.scenarios import headline, limits
from corridors.results import SEARCH_END
from corridors.scenario_results import ScenarioResults
from corridors.scenarios.answers import Worth, full_answer, worth_of
from corridors.scenarios.attribution import MEASURES, Coalitions, attribution_table, interactions_table
from corridors.scenarios.differences import GAINS
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.ranges import timetables
from corridors.scenarios.run import run_scenarios
from corridors.scenarios.versions import small_base, worths_of
from corridors.scenarios.worlds import Base, World, read_base, world_of
from tests.corridors.scenarios.conftest import Answered
from tests.support.scenario_text import write_scenario
from tests.support.small_region import feed_registered_twice

EVERY_TEN = ", ".join(f'"{hour:02d}:{minute:02d}"' for hour in range(6, 11) for minute in range(5, 60, 10))
NORTH_OFTEN = """
[[edit]]
id = "often"
kind = "headway"
line = { number = "north", from = "06:00", to = "11:00" }
every = "5 min"
"""
WITHDRAWN = """
[[edit]]
id = "gone"
kind = "withdraw"
line.number = "north"
"""
EXPRESS = f"""
[[edit]]
id = "express"
kind = "new_line"
line.number = "X1"
stops = ["A", "F"]
run_s = [600]
departures = [{EVERY_TEN}]
"""
FASTER = """
[[edit]]
id = "faster"
kind = "run_time"
line.number = "X1"
factor = 0.5
"""
HOMES = """
[[edit]]
id = "homes"
kind = "land_use"
use = "homes"
at = [52.42, -1.9]
count = 50
people_per_home = 2
"""
NO_CHANGE = """
[[edit]]
id = "long_way"
kind = "interchange"
places = ["C", "D"]
minutes = 1
"""


def region_row(results: ScenarioResults) -> pd.Series:
    return results.tables.by_place.query("place_kind == 'region'").iloc[0]


def people(results: ScenarioResults) -> dict[str, float]:
    row = region_row(results)
    return {name.removeprefix("people_"): row[name] for name in GAINS[:5]}


def test_a_scenario_without_edits_is_the_base_exactly(answered: Answered) -> None:
    results = answered("")
    assert results.base == results.scenario
    assert people(results) == {"gaining": 0, "losing": 0, "unchanged": 1200, "entering": 0, "leaving": 0}
    changes = [column for column in results.zones if column.endswith("_change")]
    assert len(changes) > 10
    assert (results.zones[changes].fillna(0.0) == 0.0).all(axis=None)
    assert results.zones["explanation"].equals(results.zones["explanation_base"].rename("explanation"))


def test_a_halved_headway_takes_half_the_difference_off_the_median(answered: Answered) -> None:
    results = answered(NORTH_OFTEN)
    zone = results.zones.loc["ZA0"]
    assert zone["minutes_to_needed_base"] == pytest.approx(31.0, abs=0.02)
    assert zone["minutes_to_needed"] == pytest.approx(28.5, abs=0.02)
    # To F from ZA1 it is 47.25 less 2.5; to A from ZF1 nothing changes.
    assert results.zones.loc[["ZA1", "ZF1"], "enters_test"].tolist() == [True, False]
    assert people(results)["entering"] == 100
    kpi = results.tables.kpi.set_index("variant").loc[HEADLINE]
    assert (kpi["people_within_base"], kpi["people_within"]) == (1000, 1100)


def test_who_loses_by_a_withdrawn_line(answered: Answered) -> None:
    """Only E and F can do without the line north: E walks to F. The rest loses, but for ZF1, which failed by the line south."""
    results = answered(WITHDRAWN)
    assert people(results) == {"gaining": 0, "losing": 800, "unchanged": 400, "entering": 0, "leaving": 700}
    left = results.zones.index[results.zones["meets_kpi"] == 1]
    assert list(left) == ["ZE0", "ZE1", "ZF0"]
    assert set(results.zones.index[results.zones["change"] == "unchanged"]) == {"ZE0", "ZE1", "ZF0", "ZF1"}
    day = results.tables.resources.set_index("edit_id").loc["gone"]
    assert day["departures_withdrawn"] == 30
    assert day["vehicle_hours_change"] == pytest.approx(-30 * 25 / 60)


def test_a_new_line_with_given_departures_has_one_timetable(answered: Answered) -> None:
    """The express takes 10 min to F: 16 at the median, as to C by the stopping service."""
    results = answered(EXPRESS)
    assert results.zones.loc["ZA0", "minutes_to_needed"] == pytest.approx(16.0, abs=0.02)
    assert len(results.tables.range_timetables) == 1
    assert people(results)["entering"] == 200
    assert list(results.lines["direction"]) == ["0", "1"]
    journeys = results.tables.journeys
    assert set(journeys["when"]) == {"before", "after"}
    assert "X1" in set(journeys.loc[journeys["when"] == "after", "route"])
    assert "X1" not in set(journeys.loc[journeys["when"] == "before", "route"])


def test_one_unknown_headway_is_tried_at_every_whole_minute(answered: Answered) -> None:
    table = answered(NORTH_OFTEN).tables.range_timetables
    assert list(table["phases"]) == [f"often:0 0{minute}:00" for minute in range(5)]
    assert list(table["shown"]).count(True) == 1
    shown = table[table["shown"]].iloc[0]
    assert shown["people_within"] == answered(NORTH_OFTEN).scenario.people_within


@pytest.mark.parametrize("edits", [NORTH_OFTEN, WITHDRAWN, EXPRESS])
def test_gains_by_any_grouping_add_up_to_the_whole(answered: Answered, edits: str) -> None:
    results = answered(edits)
    table = results.tables.by_place
    whole = table[table["place_kind"] == "region"][list(GAINS)].sum()
    for kind in ("district", "imd_decile", "deprivation_fifth"):
        parts = table[table["place_kind"] == kind]
        assert len(parts) > 1
        np.testing.assert_allclose(parts[list(GAINS)].sum(), whole)
    fifths = results.tables.groups[results.tables.groups["group"].str.startswith("deprivation fifth")]
    np.testing.assert_allclose(fifths[list(GAINS[:5])].sum(), whole[list(GAINS[:5])])
    assert whole[list(GAINS[:3])].sum() == 1200
    if whole["minutes_saved_by_gainers"]:
        assert fifths["gain_share"].sum() == pytest.approx(1.0)


def test_people_within_change_by_those_who_enter_and_leave(answered: Answered) -> None:
    for edits in (NORTH_OFTEN, WITHDRAWN, EXPRESS, WITHDRAWN + HOMES):
        row = region_row(answered(edits))
        change = row["people_entering"] - row["people_leaving"] + row["people_added_within"]
        assert row["people_within_change"] == pytest.approx(change)
        assert row["people_change"] == row["people_added"]


def test_homes_are_people_of_one_zone_and_of_every_total(answered: Answered) -> None:
    results = answered(HOMES)
    assert results.zones["people_added"].to_dict() == {zone: 100.0 * (zone == "ZC0") for zone in results.zones.index}
    row = region_row(results)
    assert (row["people_base"], row["people"], row["people_added_within"]) == (1200, 1300, 100)
    assert results.scenario.people_total == 1300
    table = results.tables.by_place
    assert table.loc[table["place_kind"] == "district", "people_change"].tolist() == [100, 0]
    assert people(results)["unchanged"] == 1200


def test_jobs_are_reached_by_those_who_reach_their_zone(answered: Answered) -> None:
    jobs = '[[edit]]\nid = "jobs"\nkind = "land_use"\nuse = "jobs"\nat = [52.45, -1.9]\ncount = 40\n'
    results = answered(jobs)
    reached = results.zones["jobs_within_cutoff_change"]
    assert set(reached.round(6)) <= {0.0, 40.0}
    assert reached["ZF0"] == 40
    assert people(results)["gaining"] == 0  # by minutes; the table of measures has jobs
    measures = results.tables.gainers_losers.set_index("measure")
    assert measures.loc["jobs_within_cutoff", "people_gaining"] == 100 * (reached == 40).sum()


def test_the_parts_of_edits_add_up_to_the_whole(answered: Answered) -> None:
    """The last edit is of the line that the first makes: alone it can't be made, and does nothing."""
    results = answered(EXPRESS + NORTH_OFTEN + FASTER)
    table = results.tables.attribution
    timetable = results.tables.range_timetables.query("shown").iloc[0]
    for measure in MEASURES:
        parts = table[table["measure"] == measure].set_index("edit_id")
        assert parts["shapley"].sum() == pytest.approx(timetable[f"{measure}_change"])
        assert parts.loc["faster", "alone"] == 0
    interactions = results.tables.interactions.set_index(["edit_a", "edit_b", "measure"])["interaction"]
    assert interactions["express", "faster", "people_within"] >= 0
    assert len(interactions) == 3 * len(MEASURES)


def test_another_timetable_that_is_registered_twice_counts_once(base: Base, file: Path) -> None:
    """As the base itself would: the run keeps the larger registration."""
    feed_registered_twice()[0].zip(file.parent / "twice.zip")
    other = write_scenario(file, '[[edit]]\nid = "other"\nkind = "replace_feed"\nfiles = ["twice.zip"]\n')
    world = world_of(base, read_scenarios([other]))
    assert sorted(world.network.timetable.trip_id) == sorted(base.network.timetable.trip_id)


def test_drawn_orders_come_near_to_the_exact_parts(base: Base, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = read_scenarios([write_scenario(file, EXPRESS + WITHDRAWN + FASTER)])
    coalitions = Coalitions(small_base(base, chosen), {})
    exact = attribution_table(coalitions, 1)
    monkeypatch.setattr("corridors.scenarios.attribution.MOST_EXACT", 2)
    drawn = attribution_table(coalitions, 1)
    assert (drawn["shapley_error"] > 0).any()
    assert (np.abs(drawn["shapley"] - exact["shapley"]) <= 4 * drawn["shapley_error"] + 1e-9).all()
    of_people = drawn[drawn["measure"] == "people_within"]["shapley"].sum()
    assert of_people == pytest.approx(exact[exact["measure"] == "people_within"]["shapley"].sum())
    assert len(interactions_table(coalitions)) == 6


def whole_worth(base: Base, world: World) -> Worth:
    """The figures by the search of a run."""
    answer = full_answer(base.config, world.context, world.network, lambda _: nullcontext(), "scenario")
    return worth_of(base.config, answer.people, answer.centres)


def test_the_short_search_agrees_with_the_whole_answer(base: Base, file: Path) -> None:
    """After edits of lines, of changing and of homes, some of them and all."""
    chosen = read_scenarios([write_scenario(file, EXPRESS + WITHDRAWN + NO_CHANGE + HOMES)])
    small = small_base(base, chosen)
    sets = [[], chosen.edits[:1], chosen.edits[1:], chosen.edits]
    found = worths_of(small, [small.draft(edits) for edits in sets])
    assert found == [whole_worth(base, world_of(base, chosen, edits)) for edits in sets]
    assert len(set(found)) == len(sets)


def test_phases_are_those_asked_for_in_every_set_of_edits(base: Base, file: Path) -> None:
    """A phase belongs to its edit: the same edit alone has the same departures as among others."""
    both = read_scenarios([write_scenario(file, NORTH_OFTEN + EXPRESS)])
    alone = Coalitions(small_base(base, both), {"often:0": 120}).worth(frozenset({0}))
    single = read_scenarios([write_scenario(file, NORTH_OFTEN)])
    assert alone == whole_worth(base, world_of(base, single, phases={"often:0": 120}))


def test_drawn_timetables_are_the_same_for_the_same_seed(base: Base, file: Path) -> None:
    edits = NORTH_OFTEN + NORTH_OFTEN.replace("often", "back").replace("north", "south")
    chosen = read_scenarios([write_scenario(file, edits)])
    world = world_of(base, chosen)
    first, again = (timetables(small_base(base, chosen), world.edited.phases, 7) for _ in range(2))
    assert len(first[1]) == 16
    assert first == again
    some = first[1][5]
    assert some.worth == whole_worth(base, world_of(base, chosen, phases=some.phases))


def test_run_times_have_a_range_of_their_own(answered: Answered) -> None:
    slow = EXPRESS.replace("run_s = [600]", "speed_kmh = { low = 15, central = 33, high = 40 }")
    table = answered(slow).tables.range_run_times
    assert list(table["run_times"]) == ["low", "central", "high"]
    # 5.6 km: 8.3, 10.1 and 22.2 min, and 22.25 for walking, waiting and boarding: ZA1 makes it within 45 in all of them.
    assert list(table["people_within"]) == [1200, 1200, 1200]
    assert list(table["gap"]) == [0, 0, 0]
    assert len(answered(EXPRESS).tables.range_run_times) == 0


def test_money_is_counted_by_the_unit_costs_given(answered: Answered) -> None:
    more = 'costs = { currency = "GBP", vehicle_hour = 40, vehicle_km = 0, peak_vehicle = 0 }'
    rows = answered(WITHDRAWN, more).tables.resources.set_index("edit_id")
    assert rows.loc["gone", "cost_a_day_change"] == pytest.approx(-500)  # 12.5 hours
    assert rows.loc["all edits", "currency"] == "GBP"
    assert answered(WITHDRAWN).tables.resources["cost_a_day_change"].isna().all()


def test_the_base_is_as_a_run_measures_it(base: Base, answered: Answered) -> None:
    untouched = World(base.context, base.network, base.untouched)
    assert whole_worth(base, untouched).people_within == answered(EXPRESS).base.people_within == 1000


def test_the_journeys_shown_leave_at_the_same_moment_for_the_same_centre(answered: Answered) -> None:
    """Half the headway saves 2.5 min at the median, and what the phase gives at one departure: shown is the nearest one."""
    journeys = answered(NORTH_OFTEN).tables.journeys
    for _, of_zone in journeys.groupby("rank"):
        first = of_zone.groupby("when").first()
        assert first.loc["before", "departs"] == first.loc["after", "departs"]
        assert first.loc["before", "centre_id"] == first.loc["after", "centre_id"] == "F"
        minutes = of_zone.groupby("when")["minutes"].sum()
        assert minutes["before"] - minutes["after"] == pytest.approx(2.5, abs=1.0)
    lost = answered(WITHDRAWN).tables.journeys
    assert set(lost.loc[lost["when"] == "after", "kind"]) == {"no journey"}


def test_slower_services_for_all_leave_nobody_less_near_but_disconnected(base: Base, tmp_path: Path) -> None:
    """What is usual is what was usual before: by what is usual after, 100 people would gain by the loss of the line north."""
    chosen = read_scenarios([write_scenario(tmp_path / "s.toml", WITHDRAWN)])
    with mock.patch("corridors.access.disconnected.MIN_ZONES", 1):
        results, _ = run_scenarios(base, chosen, lambda _: nullcontext())
    row = results.tables.gainers_losers.set_index("measure").loc["near_but_disconnected"]
    assert (row["people_gaining"], row["people_losing"]) == (0, 100)


def test_a_gap_that_is_not_searched_is_not_told_as_none(base: Base, file: Path) -> None:
    """The search ends at the cutoff: 200 people miss the test, and nobody knows by how much, before or after."""
    short = base.config.search.model_copy(update={"max_min": base.config.kpi.cutoff_min})
    cut_short = read_base(base.config.model_copy(update={"search": short}), lambda _: nullcontext())
    chosen = read_scenarios([write_scenario(file, WITHDRAWN)])
    results, _ = run_scenarios(cut_short, chosen, lambda _: nullcontext())
    tables = results.tables
    assert tables.range_timetables[["gap", "gap_change"]].isna().all().all()
    assert list(tables.attribution["measure"]) == ["people_within"]
    (warning,) = (one for one in results.warnings if one.code == SEARCH_END)
    zones = results.zones
    assert warning.count == (zones["minutes_to_needed_base"].isna() | zones["minutes_to_needed"].isna()).sum()
    said = " ".join(limits.opponent(results).blocks[0].items)
    assert "is not known, because the search ends there" in said and "person-minutes" not in said


def test_a_mean_of_those_who_reach_a_centre_has_no_change_where_others_reach_it(answered: Answered) -> None:
    """Without the line north nobody south reaches F: the mean of those who still do is no gain, and is not told as one."""
    results = answered(WITHDRAWN)
    row, zones = region_row(results), results.zones
    assert (zones["minutes_to_needed"].isna() != zones["minutes_to_needed_base"].isna()).any()
    assert np.isnan(row["minutes_to_needed_change"])
    assert row["minutes_to_needed_base"] > 0 and row["people_losing"] > 0
    assert row["minutes_beyond_cutoff_change"] == row["minutes_beyond_cutoff"] - row["minutes_beyond_cutoff_base"] > 0
    assert "not reached counts with the longest time searched" in headline.who(results)
    kept = answered(NORTH_OFTEN)
    again = region_row(kept)
    assert again["minutes_to_needed_change"] == again["minutes_to_needed"] - again["minutes_to_needed_base"] < 0
    assert "longest time searched" not in headline.who(kept)
