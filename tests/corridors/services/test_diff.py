"""`corridors diff`: two timetables line by line, and who gains by the second."""

import json
from contextlib import nullcontext
from pathlib import Path

import pandas as pd
import pytest

from accessibility import read_feed
from corridors.config.run_config import load_config
from corridors.report.blocks.view import Paragraph
from corridors.results import SEARCH_END
from corridors.services.changes import compared_lines, side_of
from corridors.services.diff_page import page_of_changes
from corridors.services.gains import who_gains
from tests.support.cli import corridors
from tests.support.feeds import FeedText, feed_text, route, service, trip
from tests.support.small_region import (
    STOPS,
    SmallRegion,
    calls,
    feed_registered_twice,
    good_feed,
    write_small_region,
)

TEN = range(6 * 60, 11 * 60, 10)
FIVE = range(6 * 60, 11 * 60, 5)


def feed(*lines: tuple[str, str, range], routes: tuple[dict[str, object], ...] = ()) -> FeedText:
    trips = [trip(f"{line}{start}", calls(stops, start), route=line) for line, stops, every in lines for start in every]
    return feed_text(*trips, routes=list(routes))


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> SmallRegion:
    region = write_small_region(tmp_path_factory.mktemp("diff") / "small")
    south = ("south", STOPS[::-1], TEN)
    feed(("north", STOPS, TEN), south, ("gone", "AB", TEN), ("cut", "ABC", TEN)).zip(region.path("a.zip"))
    feed(("north", STOPS, FIVE), south, ("new", "EF", TEN), ("cut", "AB", TEN)).zip(region.path("b.zip"))
    return region


def lines(a: Path, b: Path) -> pd.DataFrame:
    table = compared_lines(side_of(a, None), side_of(b, None))
    return table[table["day"] == "weekday"].set_index("line")


def test_lines_come_go_and_change(region: SmallRegion) -> None:
    table = lines(region.path("a.zip"), region.path("b.zip"))
    assert table["change"].to_dict() == {
        "new": "came", "gone": "went", "cut": "changed", "north": "changed", "south": "same",
    }  # fmt: skip
    assert table.loc["north", ["trips_a", "trips_b", "headway_min_a", "headway_min_b"]].tolist() == [30, 60, 10, 5]
    assert table.loc["north", ["run_min_a", "run_min_b", "stops_a", "stops_b"]].tolist() == [25, 25, 6, 6]
    assert table.loc["cut", ["stops_a", "stops_b", "stops_only_a", "stops_only_b"]].tolist() == [3, 2, 1, 0]
    assert table.loc["north", ["first_a", "last_a", "last_b"]].tolist() == ["06:00", "10:50", "10:55"]


def test_a_timetable_does_not_differ_from_itself(region: SmallRegion) -> None:
    assert set(lines(region.path("a.zip"), region.path("a.zip"))["change"]) == {"same"}


WEEK = service("WK", "1111100", "20260302", "20260329")
WEEKEND = service("WK", "0000011", "20260302", "20260329")


def on(path: Path, days: dict[str, object]) -> Path:
    return feed_text(trip("t", "A 08:00 | B 08:10", route="north"), calendar=[days]).zip(path)


def test_a_line_of_the_weekend_alone_is_none_of_the_week(tmp_path: Path) -> None:
    """A Saturday stood for the weekday, on which the line was "the same"."""
    week, weekend = on(tmp_path / "week.zip", WEEK), on(tmp_path / "weekend.zip", WEEKEND)
    table = compared_lines(side_of(week, None), side_of(weekend, None))
    assert dict(zip(table["day"], table["change"], strict=True)) == {
        "weekday": "went", "Saturday": "came", "Sunday": "came",
    }  # fmt: skip


def test_a_line_without_a_tuesday_is_compared_on_its_own_weekday(tmp_path: Path) -> None:
    thursdays = on(tmp_path / "market.zip", service("WK", "0001000", "20260302", "20260329"))
    side = side_of(thursdays, None)
    assert side.days["weekday"].weekday() == 3
    table = compared_lines(side, side_of(on(tmp_path / "week.zip", WEEK), None))
    assert dict(zip(table["day"], table["change"], strict=True)) == {"weekday": "same"}


def test_days_beyond_a_timetable_are_not_compared(tmp_path: Path) -> None:
    """Of a timetable that ends on a Friday every line of the weekend "went"."""
    five = on(tmp_path / "five.zip", service("WK", "1111100", "20260323", "20260327"))
    daily = on(tmp_path / "daily.zip", service("WK", "1111111", "20260302", "20260329"))
    table = compared_lines(side_of(daily, None), side_of(five, None))
    assert dict(zip(table["day"], table["change"], strict=True)) == {"weekday": "same"}
    saturday = on(tmp_path / "saturday.zip", service("WK", "0000010", "20260328", "20260328"))
    ran = corridors("diff", five, saturday, "--out", tmp_path / "out")
    assert ran.code == 2
    assert "five.zip holds for a weekday only and saturday.zip holds for a Saturday only" in ran.err


def test_a_line_that_changes_its_operator_is_one_line(region: SmallRegion, tmp_path: Path) -> None:
    named = route("north", route_short_name="north", agency_id="franchise")
    feed(("north", STOPS, TEN), routes=(named,)).zip(tmp_path / "c.zip")
    row = lines(region.path("a.zip"), tmp_path / "c.zip").loc["north"]
    assert (row["change"], row["operator_b"]) == ("changed", "franchise")
    assert row["operator_a"] != row["operator_b"]


def test_a_folder_of_feeds_is_one_timetable(tmp_path: Path, region: SmallRegion) -> None:
    (tmp_path / "set").mkdir()
    feed(("north", STOPS, TEN), ("gone", "AB", TEN)).zip(tmp_path / "set" / "one.zip")
    feed(("south", STOPS[::-1], TEN), ("cut", "ABC", TEN)).zip(tmp_path / "set" / "two.zip")
    assert set(lines(region.path("a.zip"), tmp_path / "set")["change"]) == {"same"}


def test_the_command_says_who_gains(region: SmallRegion, tmp_path: Path) -> None:
    words = ["diff", region.path("a.zip"), region.path("b.zip"), "--config", region.config, "--out", tmp_path / "out"]
    ran = corridors(*words)
    assert ran.code == 0, ran.err
    table = pd.read_csv(tmp_path / "out" / "tables" / "by_place.csv")
    whole = table[table["place_kind"] == "region"].iloc[0]
    # Half the headway northward saves 2.5 min at the median where the centre needed lies north: every zone gains or stays.
    assert whole["people_gaining"] > 0
    assert whole["people_losing"] == 0
    assert whole["jobs_within_45"] >= whole["jobs_within_45_base"]  # named as in a scenario's table
    assert f"{whole['people_gaining']:,.0f} people gain a minute or more, 0 lose." in ran.out
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Who gains and who loses" in page and "Members who gain" in page
    assert "<script" not in page
    content = json.loads((tmp_path / "out" / "services.json").read_text(encoding="utf-8"))
    assert list(content["first"]) == ["a.zip"]
    assert str(region.folder) not in json.dumps(content)


def test_what_a_search_that_ends_at_the_cutoff_hides_is_told(region: SmallRegion) -> None:
    whole, paths = load_config(region.config), [region.path("a.zip"), region.path("b.zip")]
    config = whole.model_copy(update={"search": whole.search.model_copy(update={"max_min": 45.0})})
    gains = who_gains(config, paths[:1], read_feed(paths[1]), lambda _: nullcontext())
    (warning,) = gains.warnings
    assert warning.code == SEARCH_END and warning.count > 0
    before, after = (side_of(path, None) for path in paths)
    page = page_of_changes(before, after, compared_lines(before, after), gains, config)
    assert warning.effect in [one.text for part in page.sections for one in part.blocks if isinstance(one, Paragraph)]


def test_a_timetable_registered_twice_brings_nothing(region: SmallRegion, tmp_path: Path) -> None:
    """The run keeps the larger registration of the first timetable; that of the second counts once as well."""
    good_feed().zip(tmp_path / "once.zip")
    feed_registered_twice()[0].zip(tmp_path / "twice.zip")
    assert set(lines(tmp_path / "once.zip", tmp_path / "twice.zip")["change"]) == {"same"}
    ran = corridors(
        "diff", tmp_path / "once.zip", tmp_path / "twice.zip", "--config", region.config, "--out", tmp_path / "out"
    )
    assert ran.code == 0, ran.err
    assert "0 people gain a minute or more, 0 lose." in ran.out


@pytest.mark.parametrize(
    ("second", "words"),
    [("none.zip", "none.zip"), ("empty", "is a folder without a timetable"), ("points.csv", "points.csv")],
)
def test_a_bad_input_ends_in_one_clear_error(region: SmallRegion, tmp_path: Path, second: str, words: str) -> None:
    region.path("empty").mkdir(exist_ok=True)
    ran = corridors("diff", region.path("a.zip"), region.path(second), "--out", tmp_path / "out")
    assert ran.code == 2
    assert words in ran.err
    assert not (tmp_path / "out").exists()
