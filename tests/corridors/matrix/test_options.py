"""The options of `corridors matrix` that say who rides what and how the window is counted, on the line of six stops.

From stop A a bus leaves for F every ten minutes and takes 25.
"""

from pathlib import Path

import pandas as pd
import pytest

from tests.support.cli import Ran, corridors
from tests.support.feeds import csv_text, feed_text, route
from tests.support.small_region import SAMPLED_MINUTES_A_TO_F, SmallRegion, good_trips, position


def asked(region: SmallRegion, out: Path, *words: str) -> tuple[Ran, Path]:
    """How `corridors matrix` from stop A to stop F ended, and its table."""
    for name, stop in (("from.csv", "A"), ("to.csv", "F")):
        lon, lat = position(stop)
        (out / name).write_text(csv_text([{"id": stop, "lon": lon, "lat": lat}]), encoding="utf-8")
    options = {
        "--gtfs": region.path("feed.zip"),
        "--origins": out / "from.csv",
        "--destinations": out / "to.csv",
        "--date": "2026-03-24",
        "--window": "07:00-09:00",
        "--out": out / "m.csv",
    }
    return corridors("matrix", *[str(word) for pair in options.items() for word in pair], *words), out / "m.csv"


def seconds(region: SmallRegion, out: Path, *words: str) -> list[float]:
    """The 25th, 50th and 75th percentiles from A to F, -1 where it is not reached."""
    ran, table = asked(region, out, *words)
    assert ran.code == 0, ran.err
    found: list[float] = pd.read_csv(table)[["p25_s", "p50_s", "p75_s"]].fillna(-1).iloc[0].tolist()
    return found


def test_every_instant_gives_the_uniform_wait_to_the_second(region: SmallRegion, tmp_path: Path) -> None:
    assert seconds(region, tmp_path, "--step", "0") == [1500 + 150, 1500 + 300, 1500 + 450]


def test_a_deadline_counts_from_leaving_as_late_as_possible(region: SmallRegion, tmp_path: Path) -> None:
    """To be there by 07:00 means the bus of 06:30, which arrives at 06:55."""
    assert seconds(region, tmp_path, "--arrive-by", "--window", "07:00-07:01") == [1800, 1800, 1800]
    ran, _ = asked(region, tmp_path, "--arrive-by")
    assert "reached by at least one deadline" in ran.out


def test_only_the_modes_named_are_ridden(region: SmallRegion, tmp_path: Path) -> None:
    region.feed(feed_text(*good_trips(), routes=[route("north", 2), route("south", 3)]))
    assert seconds(region, tmp_path, "--modes", "rail, bus")[1] == 60 * SAMPLED_MINUTES_A_TO_F
    assert seconds(region, tmp_path, "--modes", "bus") == [-1, -1, -1]
    ran, _ = asked(region, tmp_path, "--modes", "rail,tram", "--verbose")
    assert "no trip of the day is by tram; those that run are by bus, rail" in ran.err + ran.out


def test_a_feed_that_says_nothing_of_wheelchairs_leaves_nothing_that_is_sure(
    region: SmallRegion, tmp_path: Path
) -> None:
    assert seconds(region, tmp_path, "--wheelchair", "required_or_unknown")[1] == 60 * SAMPLED_MINUTES_A_TO_F
    assert seconds(region, tmp_path, "--wheelchair", "required") == [-1, -1, -1]
    ran, _ = asked(region, tmp_path, "--wheelchair", "required", "--verbose")
    assert "6 of 6 stops whether a wheelchair can use them: they are taken as not accessible" in ran.err + ran.out


def test_headways_are_drawn_where_asked(region: SmallRegion, tmp_path: Path) -> None:
    every_ten = {"trip_id": "N06:00", "start_time": "06:00:00", "end_time": "11:00:00", "headway_secs": 600}
    only = [one for one in good_trips() if one.row["trip_id"] == "N06:00"]
    region.feed(feed_text(*only).adding("frequencies.txt", every_ten))
    assert seconds(region, tmp_path)[1] == 60 * SAMPLED_MINUTES_A_TO_F
    drawn = seconds(region, tmp_path, "--headway-draws", "20", "--seed", "3")
    assert drawn == pytest.approx([1500 + 150, 1500 + 300, 1500 + 450], abs=30)


def test_a_short_walk_between_rides_can_rule_out_a_change(region: SmallRegion, tmp_path: Path) -> None:
    """A bus to B, one from C, 1.1 km on: a walk of 18 minutes."""
    calls = {one.row["trip_id"]: one for one in good_trips()}
    first, last = calls["N07:00"], calls["N07:30"]
    parts = [first, last]
    region.feed(feed_text(*(type(one)(one.row, one.calls[:2] if one is first else one.calls[2:]) for one in parts)))
    window = ("--window", "06:59-07:00", "--max-walk-min", "20")
    assert seconds(region, tmp_path, *window)[1] > 0
    assert seconds(region, tmp_path, *window, "--max-change-walk-min", "15")[1] == -1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--modes", "zeppelin"], "--modes 'zeppelin' can't be used; give some of"),
        (["--wheelchair", "maybe"], "--wheelchair 'maybe' can't be used; give required or required_or_unknown"),
        (["--headway-draws", "1000"], "--headway-draws 1000 can't be used; give 0 to 50 draws"),
        (["--headway-draws", "5", "--step", "0"], "--headway-draws needs a --step of at least 1 second"),
        (["--seed", "-1"], "--seed -1 can't be used"),
        (["--max-change-walk-min", "500"], "--max-change-walk-min 500"),
    ],
)
def test_what_cannot_be_meant_is_named_by_its_option(
    region: SmallRegion, tmp_path: Path, words: list[str], expected: str
) -> None:
    ran, table = asked(region, tmp_path, *words)
    assert ran.code == 2 and expected in ran.err, ran.err
    assert not table.exists()
