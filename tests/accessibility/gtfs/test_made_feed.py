"""The feed that `benchmarks.big_inputs` writes at 20 million calls, at a hundredth of its size: read to the last call."""

from pathlib import Path

import pytest

from accessibility.feed import read_feed
from accessibility.timetable.timetable import build_timetable
from benchmarks.big_inputs import made_zones, read_region
from benchmarks.made_feed import DATE, write_feed
from benchmarks.made_zones import DISTRICTS

CALLS = 200_000


@pytest.mark.parametrize("damaged", [False, True])
def test_a_generated_feed_is_read_to_its_last_call(tmp_path: Path, damaged: bool) -> None:
    held = write_feed(tmp_path / "feed.zip", CALLS, damaged)
    feed = read_feed(tmp_path / "feed.zip")
    timetable = build_timetable(feed, DATE)
    assert CALLS <= held.calls < CALLS + 60 * 120
    assert (len(feed.routes), len(feed.trips), len(feed.stop_times.trip)) == held[:3]
    assert (len(timetable.trip_id), len(timetable.arrival_s)) == held[3:]
    assert len(timetable.pattern_route) > held.routes  # those that are slower in the peak are overtaken
    repairs = {repair.code: repair.count for repair in timetable.repairs}
    blank = repairs.pop("blank_times_interpolated", 0)
    assert (0.8 * held.calls < blank < 0.875 * held.calls) if damaged else blank == 0
    assert repairs == ({"text_not_utf8": 1, "ragged_rows": 1} if damaged else {})


def test_damage_that_says_the_same_gives_the_same_day(tmp_path: Path) -> None:
    days = []
    for damaged in (False, True):
        write_feed(tmp_path / "feed.zip", 20_000, damaged)
        days.append(build_timetable(read_feed(tmp_path / "feed.zip"), DATE))
    good, mended = days
    assert mended.trip_id.tolist() == good.trip_id.tolist()
    # Blank times are filled in by distance; stops lie evenly but for the rounding of their coordinates.
    assert abs(mended.arrival_s - good.arrival_s).max() <= 1


def test_generated_boundaries_are_read_whole_and_need_no_repair(tmp_path: Path) -> None:
    made = made_zones(tmp_path / "zones.gpkg", 2_000, 40)
    assert made == {"vertices": 2_000 * 41, "zones": sum(DISTRICTS.values())}
    assert read_region(tmp_path / "zones.gpkg") == {"zones": 1_719, "repairs": 0}
