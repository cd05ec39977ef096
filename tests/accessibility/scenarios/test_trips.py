"""Trips leave a feed's tables and come back; rows that nobody touched keep their values and their order."""

from pathlib import Path

import numpy as np
import pandas as pd

from accessibility.feed import Feed, read_feed
from accessibility.scenarios.applying import apply
from accessibility.scenarios.edits import AddTrips, RunTime, Withdraw
from accessibility.scenarios.selection import Selection
from accessibility.scenarios.trips import Call, Frequency, trips_at, with_trips
from tests.support.feeds import TUESDAY, feed_of, feed_text, read, trip


def merged(folder: Path) -> Feed:
    """Ids of the feed "a0" sort before those of "a", whose rows come first."""
    texts = {
        "a": feed_text(trip("T", "A 07:00 | B 07:10"), trip("U", "A 08:00 | B 08:10")),
        "a0": feed_text(trip("V", "A 09:00 | B 09:10", "R2")),
    }
    return read_feed([text.zip(folder / f"{name}.zip") for name, text in texts.items()])


def test_trips_come_with_their_calls_and_frequencies() -> None:
    timed = trip("T", "A 07:00 | B 07:10-07:11 no-board | C 07:20 no-alight", direction_id=1)
    text = feed_text(timed, trip("U", "A 08:00 | B 08:10"))
    times = (("08:00:00", "09:00:00"), ("10:00:00", "10:30:00"))
    row = {"trip_id": "U", "headway_secs": 600, "exact_times": 1}
    rows = [{**row, "start_time": start, "end_time": end} for start, end in times]
    feed = read(text.adding("frequencies.txt", *rows))
    second, first = trips_at(feed, np.array([1, 0]))
    assert first.calls == (
        Call("A", 25_200, 25_200),
        Call("B", 25_800, 25_860, can_board=False),
        Call("C", 26_400, 26_400, can_alight=False),
    )
    assert first[:5] == ("T", "R1", "WK", "", "1") and first.frequencies == ()
    assert second.frequencies == (Frequency(28_800, 32_400, 600, True), Frequency(36_000, 37_800, 600, True))
    assert second.starts() == [*range(28_800, 32_400, 600), *range(36_000, 37_800, 600)]


def test_putting_back_the_same_trips_gives_the_same_feed() -> None:
    loop = trip("U", "A 08:00 | B 08:10 | C 08:20 | A 08:30")
    feed = feed_of(trip("T", "A 07:00 | B 07:10"), loop, trip("V", "B 09:00 | A 09:10"))
    rows = np.array([2, 0])
    again = with_trips(feed, rows, trips_at(feed, rows))
    pd.testing.assert_frame_equal(again.trips, feed.trips)
    for new, old in zip(again.stop_times, feed.stop_times, strict=True):
        assert new.tolist() == old.tolist() and new.dtype == old.dtype


def test_rows_of_merged_feeds_keep_their_order_and_new_ones_come_last(tmp_path: Path) -> None:
    feed = merged(tmp_path)
    assert feed.trips["trip_id"].tolist() == ["a:T", "a:U", "a0:V"]
    edits = [
        RunTime("r", Selection("R1", from_s=8 * 3600), factor=0.5),
        AddTrips("n", Selection("R1", from_s=8 * 3600), (9 * 3600,)),
        Withdraw("w", Selection("R1", to_s=8 * 3600)),
    ]
    found = apply(feed, edits, date=TUESDAY).feed
    assert found.trips["trip_id"].tolist() == ["a:U", "a0:V", "scenario/n/09:00:00"]
    assert found.trips["feed"].tolist() == [0, 1, 0]
    assert found.stop_times.arrival_s.tolist() == [28_800, 29_100, 32_400, 33_000, 32_400, 32_700]
    assert found.names == feed.names
