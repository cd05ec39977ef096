"""The feed that `benchmarks.big_inputs` writes at 20 million calls, at a two-hundredth of its size: read to the last call."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from accessibility.feed import Feed, read_feed
from accessibility.timetable.timetable import Timetable, build_timetable
from benchmarks.big_inputs import made_zones, read_region
from benchmarks.made_feed import DATE, Held, write_feed
from benchmarks.made_zones import DISTRICTS

CALLS = 100_000


class Made(NamedTuple):
    """What a written feed holds, and what was read of it."""

    held: Held
    feed: Feed
    day: Timetable


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[bool, Made]:
    """The feed undamaged (False) and damaged (True)."""
    found = {}
    for damaged in (False, True):
        path = tmp_path_factory.mktemp("made") / "feed.zip"
        held = write_feed(path, CALLS, damaged)
        feed = read_feed(path)
        found[damaged] = Made(held, feed, build_timetable(feed, DATE))
    return found


@pytest.mark.parametrize("damaged", [False, True])
def test_a_generated_feed_is_read_to_its_last_call(made: Mapping[bool, Made], damaged: bool) -> None:
    held, feed, timetable = made[damaged]
    assert CALLS <= held.calls < CALLS + 60 * 120
    assert (len(feed.routes), len(feed.trips), len(feed.stop_times.trip)) == held[:3]
    assert (len(timetable.trip_id), len(timetable.arrival_s)) == held[3:]
    assert len(timetable.pattern_route) > held.routes  # those that are slower in the peak are overtaken
    repairs = {repair.code: repair.count for repair in timetable.repairs}
    blank = repairs.pop("blank_times_interpolated", 0)
    assert (0.8 * held.calls < blank < 0.875 * held.calls) if damaged else blank == 0
    assert repairs == ({"text_not_utf8": 1, "ragged_rows": 1} if damaged else {})


def test_damage_that_says_the_same_gives_the_same_day(made: Mapping[bool, Made]) -> None:
    good, mended = made[False].day, made[True].day
    assert mended.trip_id.tolist() == good.trip_id.tolist()
    # Blank times are filled in by distance; stops lie evenly but for the rounding of their coordinates.
    assert abs(mended.arrival_s - good.arrival_s).max() <= 1


def test_generated_boundaries_are_read_whole_and_need_no_repair(tmp_path: Path) -> None:
    made = made_zones(tmp_path / "zones.gpkg", 2_000, 40)
    assert made == {"vertices": 2_000 * 41, "zones": sum(DISTRICTS.values())}
    assert read_region(tmp_path / "zones.gpkg") == {"zones": 1_719, "repairs": 0}
