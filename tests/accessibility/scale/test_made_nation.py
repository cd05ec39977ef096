"""The simulated nation of the benchmarks, at a thousandth of its size: as large as it says, the same each time, read whole."""

from pathlib import Path

import numpy as np

from accessibility.feed import read_feed
from accessibility.timetable.timetable import build_timetable
from benchmarks.made_feed import DATE
from benchmarks.made_nation import CENTRES, LSOAS, STOP_TIMES, STOPS, Nation, write_nation

SHARE = 0.004


def test_the_whole_nation_has_the_size_of_the_real_one() -> None:
    nation = Nation(1.0)
    assert (nation.n_stops, len(nation.stops_km), nation.n_towns) == (STOPS, STOPS, CENTRES)
    calls = sum(line.trips * len(line.stops) for line in nation.lines)
    assert abs(calls - STOP_TIMES) < 100
    assert len(nation.zones(LSOAS)[0]) == LSOAS


def test_every_stop_is_served_and_towns_are_joined() -> None:
    nation = Nation(SHARE)
    served = np.unique(np.concatenate([line.stops for line in nation.lines]))
    assert served.tolist() == list(range(nation.n_stops))
    piece = list(range(nation.n_stops))

    def root(stop: int) -> int:
        while piece[stop] != stop:
            stop = piece[stop]
        return stop

    for line in nation.lines:
        for stop in line.stops:
            piece[root(stop)] = root(line.stops[0])
    stations = range(nation.n_urban, nation.n_urban + nation.n_towns)  # the railway is a network of its own
    assert len({root(stop) for stop in range(nation.n_stops) if stop not in stations}) == 1
    assert len({root(stop) for stop in stations}) == 1


def test_what_is_written_is_read_and_the_same_each_time(tmp_path: Path) -> None:
    held = write_nation(tmp_path / "one.zip", SHARE)
    write_nation(tmp_path / "two.zip", SHARE)
    feed = read_feed(tmp_path / "one.zip")
    assert (len(feed.routes), len(feed.trips), len(feed.stop_times.trip)) == held[:3]
    assert feed.repairs == ()
    one, two = (build_timetable(read_feed(tmp_path / name), DATE) for name in ("one.zip", "two.zip"))
    assert np.array_equal(one.arrival_s, two.arrival_s) and len(one.arrival_s) >= held.calls_of_day
