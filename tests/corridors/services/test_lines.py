"""`corridors lines`: the losses by each line are those of a whole run without it."""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from accessibility import Timetable, build_timetable, only_routes, travel_times
from corridors.access.centre_access import place_points
from corridors.config.run_config import load_config
from corridors.demo.cached import demo_config
from corridors.scenarios.answers import full_answer, headline_centres, headline_spec, people_of
from corridors.scenarios.worlds import Base, read_base
from corridors.services.lines import lines_of
from corridors.services.withdrawals import Withdrawals, withdraw_each
from tests.support.cli import corridors
from tests.support.feeds import FeedText, feed_text, trip
from tests.support.small_region import STOPS, SmallRegion, calls, write_small_region

HOSPITALS = """
[[destinations]]
id = "hospital"
title = "Hospital"
file = "hospitals.csv"
cutoff_min = 20
source = "made for a test"
licence = "MIT"
vintage = "2026"
"""


def services() -> FeedText:
    """The small region's line, northward under two numbers: one is harmless, both are not; and a short one."""
    starts = range(6 * 60, 11 * 60, 10)
    trips = [
        trip(f"{line}{start}", calls(stops, start + shift), route=line)
        for line, stops, shift in (
            ("north", STOPS, 0),
            ("same", STOPS, 0),
            ("south", STOPS[::-1], 0),
            ("short", "DEF", 2),
        )
        for start in starts
    ]
    return feed_text(*trips)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> SmallRegion:
    region = write_small_region(tmp_path_factory.mktemp("lines") / "small")
    region.feed(services())
    region.path("hospitals.csv").write_text("id,name,lon,lat\nH1,Hospital,-1.9,52.45\n", encoding="utf-8")
    with region.config.open("a", encoding="utf-8") as file:
        file.write(HOSPITALS)
    return region


@pytest.fixture(scope="module")
def base(region: SmallRegion) -> Base:
    return read_base(load_config(region.config), lambda _: nullcontext())


@pytest.fixture(scope="module")
def found(base: Base) -> Withdrawals:
    return withdraw_each(base, lambda _: nullcontext())


def without(base: Base, *numbers: str) -> pd.DataFrame:
    """The zones of a whole answer without lines."""
    routes = base.feed.routes
    left = only_routes(base.feed, frozenset(routes["route_id"][~routes["short_name"].isin(numbers)]))
    network = replace(base.network, timetable=build_timetable(left, base.config.timetable.date))
    answer = full_answer(base.config, base.context, network, lambda _: nullcontext(), "without")
    return pd.DataFrame(answer.zones).assign(people=answer.people)


def losses(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, float]:
    people = before["people"].to_numpy()
    centres = ["minutes_to_A", "minutes_to_C", "minutes_to_F"]
    lost = np.any([(before[name] <= 45) & ~(after[name] <= 45) for name in centres], axis=0)
    return {
        "people_losing_test": float(people @ (before["meets_kpi"] & ~after["meets_kpi"])),
        "people_losing_a_centre": float(people @ lost),
        "people_losing_hospital": float(people @ (before["reaches_hospital"] & ~after["reaches_hospital"])),
    }


def test_losses_are_those_of_a_whole_run_without_the_line(base: Base, found: Withdrawals) -> None:
    whole = without(base)
    table = found.lines.set_index("line")
    for line in ("north", "same", "south", "short"):
        expected = losses(whole, without(base, line))
        assert table.loc[line, list(expected)].to_dict() == expected, line
    assert table.loc["south", "people_losing_test"] > 0
    assert table.loc["same", "people_losing_test"] == 0


def test_pairs_are_those_that_are_harmless_alone_and_not_together(base: Base, found: Withdrawals) -> None:
    harmless = set(found.lines.loc[found.lines.filter(like="people_losing_").max(axis=1) == 0, "line"])
    assert {"north", "same"} <= harmless
    pair = found.pairs.set_index(["line_a", "line_b"]).loc[("north", "same")]
    expected = losses(without(base), without(base, "north", "same"))
    assert {name: pair[name] for name in expected} == expected
    assert expected["people_losing_test"] > 0
    assert set(found.pairs["line_a"]) | set(found.pairs["line_b"]) <= harmless


def test_a_line_has_the_vehicle_hours_of_its_trips(found: Withdrawals) -> None:
    row = found.lines.set_index("line").loc["short"]
    assert (row["trips"], row["first"], row["last"]) == (30, "06:02", "10:52")
    assert row["vehicle_hours"] == pytest.approx(30 * 10 / 60)


def test_groups_add_up_to_those_who_lose(found: Withdrawals) -> None:
    fifths = found.groups[found.groups["group"].str.startswith("deprivation fifth")]
    sums = fifths.groupby("line")["people_losing_test"].sum()
    lines = found.lines.set_index("line")["people_losing_test"]
    assert sums.to_dict() == {line: lines[line] for line in sums.index}
    assert sums.sum() > 0


def test_a_zone_has_one_service_where_people_can_walk_to_no_other(base: Base) -> None:
    """Without the others, a line is the only service of every zone that can walk to it."""
    routes = base.feed.routes
    alone = only_routes(base.feed, frozenset(routes["route_id"][routes["short_name"] == "short"]))
    network = replace(base.network, timetable=build_timetable(alone, base.config.timetable.date))
    found = withdraw_each(replace(base, network=network), lambda _: nullcontext())
    zones = found.zones[found.zones["loses"].str.contains("only service")]
    assert set(zones["zone_id"]) >= {"ZD0", "ZE0"}  # nobody boards at F, where it ends
    assert not set(zones["zone_id"]) & {"ZA0", "ZB0"}
    assert found.lines["people_only_service"].tolist() == [zones["people"].sum()]


def test_the_command_writes_tables_and_a_page_without_script(region: SmallRegion, tmp_path: Path) -> None:
    ran = corridors("lines", region.config, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert "pairs of lines that are harmless alone" in ran.out
    names = {path.name for path in (tmp_path / "out" / "tables").iterdir()}
    assert names == {"lines.csv", "groups.csv", "zones.csv", "pairs.csv"}
    table = pd.read_csv(tmp_path / "out" / "tables" / "lines.csv")
    assert table["material"].isna().all()
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "Material? (for officers)" in page
    again = corridors("lines", region.config, "--out", tmp_path / "out", "--quiet")
    assert again.code == 0


def test_lines_are_numbers_of_operators(base: Base) -> None:
    lines = lines_of(base.network.timetable)
    assert lines.table["line"].tolist() == ["north", "same", "short", "south"]
    assert (lines.patterns.sum(axis=0) == 1).all()


def test_losses_in_the_demonstration_are_those_of_a_timetable_built_without_the_line() -> None:
    """Of the line whose withdrawal takes the test from most people, and of the one in the middle of the table."""
    base = read_base(load_config(demo_config()), lambda _: nullcontext())
    found, config = withdraw_each(base, lambda _: nullcontext()).lines, base.config
    spec, people = headline_spec(config), people_of(base.context)
    places = place_points(base.context.points), headline_centres(config, base.context)

    def within(timetable: Timetable) -> np.ndarray:
        times = travel_times(timetable, base.network.streets, *places, spec)
        return times.percentile_s(50.0) <= config.kpi.cutoff_min * 60

    whole, k, routes = within(base.network.timetable), config.kpi.centres_at_least, base.feed.routes
    for row in (found.iloc[0], found.iloc[len(found) // 2]):
        of_line = (routes["short_name"] == row["line"]) & (routes["agency"] == row["operator"])
        left = within(
            build_timetable(only_routes(base.feed, frozenset(routes["route_id"][~of_line])), config.timetable.date)
        )
        assert row["people_losing_test"] == people @ ((whole.sum(axis=1) >= k) & (left.sum(axis=1) < k))
        assert row["people_losing_a_centre"] == people @ (whole & ~left).any(axis=1)
    assert found["people_losing_test"].iloc[0] > 0
