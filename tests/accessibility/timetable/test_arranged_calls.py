"""Calls by arrangement are open or closed as asked, as if the feed had said so."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from accessibility import read_feed
from accessibility.feed import Feed
from accessibility.scenarios.write import write_gtfs
from accessibility.timetable.arranged_calls import ArrangedCalls, arranged_trips, with_arranged_calls
from tests.support.feeds import TUESDAY, FeedText, feed_text, read, service, trip

CLOSED_TYPES: dict[ArrangedCalls, set[str]] = {"open": set(), "ask_driver": {"2"}, "closed": {"2", "3"}}


def random_text(seed: int) -> FeedText:
    """Twelve trips of five stops, each call of a random pickup and drop-off type; a quarter of them run on Saturdays only."""
    rng = np.random.default_rng(seed)
    trips = [
        trip(
            f"T{i}",
            " | ".join(
                f"{stop} {8 + i // 6:02d}:{10 * (i % 6) + 2 * k:02d} pickup={rng.integers(4)} dropoff={rng.integers(4)}"
                for k, stop in enumerate("ABCDE")
            ),
            service="SA" if i % 4 == 3 else "WK",
        )
        for i in range(12)
    ]
    return feed_text(*trips, calendar=[service("WK", "1111100"), service("SA", "0000010")])


def with_types_closed(text: FeedText, types: set[str]) -> FeedText:
    """The feed's text with 1 (none) in place of these types."""
    columns = ("pickup_type", "drop_off_type")
    rows = [
        {name: 1 if name in columns and str(value) in types else value for name, value in row.items()}
        for row in text.tables["stop_times.txt"]
    ]
    return text.setting("stop_times.txt", *rows)


def flags(feed: Feed) -> list[list[bool]]:
    return [feed.stop_times.can_board.tolist(), feed.stop_times.can_alight.tolist()]


@pytest.mark.parametrize("choice", list(CLOSED_TYPES))
def test_a_choice_is_as_if_the_feed_had_said_that_nobody_boards_there(choice: ArrangedCalls) -> None:
    for seed in range(4):
        text = random_text(seed)
        found = with_arranged_calls(read(text), TUESDAY, choice)
        assert flags(found) == flags(read(with_types_closed(text, CLOSED_TYPES[choice])))
        assert flags(with_arranged_calls(found, TUESDAY, "open")) == flags(found)


def test_trips_of_the_day_are_told_by_how_their_calls_are_arranged() -> None:
    trips = [
        trip("T1", "A 08:00 | B 08:10 pickup=2 | C 08:20"),
        trip("T2", "A 08:00 | B 08:10 dropoff=3 | C 08:20 dropoff=2"),
        trip("T3", "A 08:00 | B 08:10 | C 08:20", service="WK"),
        trip("T4", "A 08:00 | B 08:10 dropoff=3 | C 08:20", service="SA"),
    ]
    feed = read(feed_text(*trips, calendar=[service("WK", "1111100"), service("SA", "0000010")]))
    found = arranged_trips(feed, TUESDAY)
    assert (found.booked.tolist(), found.asked.tolist()) == ([True, True, False, False], [False, True, False, False])
    assert (found.running, found.choices()) == (3, ("open", "ask_driver", "closed"))
    told = {one.code: one for one in with_arranged_calls(feed, TUESDAY, "ask_driver").repairs}
    assert set(told) == {"arranged_calls"}
    assert (told["arranged_calls"].count, told["arranged_calls"].total, told["arranged_calls"].trips) == (
        2,
        3,
        ("T1", "T2"),
    )
    assert "(2 where passengers book, 1 where they ask the driver); those to be booked" in told["arranged_calls"].effect
    only_asked = replace(feed, stop_times=feed.stop_times._replace(arranged=feed.stop_times.arranged & np.uint8(10)))
    assert arranged_trips(only_asked, TUESDAY).choices() == ("open", "closed")


def test_a_feed_without_any_stays_the_same() -> None:
    feed = read(feed_text(trip("T1", "A 08:00 | B 08:10 no-board | C 08:20")))
    assert with_arranged_calls(feed, TUESDAY, "closed") is feed
    assert arranged_trips(feed, TUESDAY).choices() == ("open",)


def test_a_written_feed_keeps_how_calls_are_arranged(tmp_path: Path) -> None:
    feed = read(random_text(7))
    again = read_feed(write_gtfs(feed, tmp_path / "feed.zip"))
    assert again.stop_times.arranged.tolist() == feed.stop_times.arranged.tolist() != [0] * len(feed.stop_times.trip)
    assert flags(again) == flags(feed)
