"""Pairs of planned and observed trips: found by hand in small cases, and of all pairings the best on random ones."""

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from accessibility.observed.matching import MOST_APART_S, Match, common_calls, match_trips, plain_ids
from accessibility.timetable.timetable import Timetable
from tests.support.feeds import FeedText, feed_text, route, timetable_on, trip

FEEDS = (("feed",), ("feed",))


def pairs(planned: Timetable, observed: Timetable, match: Match) -> dict[str, str]:
    return {
        str(planned.trip_id[one]): str(observed.trip_id[other])
        for one, other in zip(match.trip, match.other, strict=True)
    }


def matched(planned: FeedText, observed: FeedText) -> dict[str, str]:
    sides = timetable_on(planned), timetable_on(observed)
    return pairs(*sides, match_trips(*sides, FEEDS))


def line(starts: Sequence[str], prefix: str) -> FeedText:
    """Trips of one line, ten minutes from A by B to C, whose ids count them."""
    trips = []
    for number, start in enumerate(starts):
        hours, minutes = map(int, start.split(":"))
        at = [f"{hours + (minutes + later) // 60:02d}:{(minutes + later) % 60:02d}" for later in (0, 4, 10)]
        trips.append(trip(f"{prefix}{number}", " | ".join(f"{s} {t}" for s, t in zip("ABC", at, strict=True))))
    return feed_text(*trips)


@pytest.mark.parametrize(
    ("planned", "observed", "expected"),
    [
        (["08:00", "08:10"], ["08:03", "08:12"], {"p0": "o0", "p1": "o1"}),
        (["08:00", "08:10"], ["08:11"], {"p1": "o0"}),  # the first did not run
        (["08:00", "08:10"], ["08:09", "08:12"], {"p0": "o0", "p1": "o1"}),  # as many as possible find another
        (["08:00"], ["08:20"], {"p0": "o0"}),
        (["08:00"], ["08:21"], {}),  # more than 20 minutes apart
        (["08:00"], ["07:58", "08:30"], {"p0": "o0"}),
    ],
)
def test_trips_without_a_common_id_are_paired_by_their_times(
    planned: list[str], observed: list[str], expected: dict[str, str]
) -> None:
    assert matched(line(planned, "p"), line(observed, "o")) == expected


def test_an_id_goes_before_times_unless_it_is_hours_off() -> None:
    planned, observed = line(["08:00", "08:10"], "t"), line(["08:10", "08:20"], "t")
    assert matched(planned, observed) == {"t0": "t0", "t1": "t1"}
    assert matched(planned, line(["10:05", "08:12"], "t")) == {"t1": "t1"}


def test_trips_of_another_line_or_with_one_common_stop_are_no_pair() -> None:
    planned = line(["08:00"], "p")
    other = feed_text(trip("p0", "A 08:00 | B 08:04 | C 08:10", route="R2"))
    assert matched(planned, other) == {}
    assert matched(planned, feed_text(trip("p0", "C 08:10 | D 08:14"))) == {}
    assert matched(planned, feed_text(trip("p0", "C 08:00 | B 08:04 | A 08:10"))) == {}


def test_a_line_is_known_by_its_number_whatever_its_id() -> None:
    planned = line(["08:00"], "p")
    numbered = feed_text(
        trip("x", "A 08:02 | B 08:06 | C 08:12", route="77"), routes=[route("77", route_short_name=" r1 ")]
    )
    assert matched(planned, numbered) == {"p0": "x"}


def test_ids_lose_the_names_of_feeds_and_nothing_else() -> None:
    ids = np.array(["bus:1", "rail:2", "tram:3", "4"], object)
    assert list(plain_ids(ids, ("bus", "rail"))) == ["1", "2", "tram:3", "4"]
    assert list(plain_ids(ids, ("bus",))) == list(ids)


def longest(one: Sequence[object], other: Sequence[object]) -> int:
    """Length of the longest common subsequence, by the textbook's table."""
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, j in itertools.product(range(len(one)), range(len(other))):
        table[i + 1][j + 1] = table[i][j] + 1 if one[i] == other[j] else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


@pytest.mark.parametrize("number", range(60))
def test_common_calls_are_as_many_as_any_order_allows(number: int) -> None:
    rng = random.Random(number)
    one, other = (rng.sample(range(9), rng.randint(2, 9)) for _ in range(2))
    found = common_calls(np.array(one, object), np.array(other, object))
    assert [one[i] for i in found.position] == [other[j] for j in found.other]
    assert len(found.position) == longest(one, other)
    assert (np.diff(found.position) > 0).all() and (np.diff(found.other) > 0).all()


def test_a_stop_that_is_called_at_twice_is_compared_visit_by_visit() -> None:
    stops = np.array(list("ABCAD"), object)
    found = common_calls(stops, stops)
    assert list(found.position) == list(found.other) == [0, 1, 2, 3, 4]
    assert list(common_calls(stops, np.array(list("BAD"), object)).position) == [
        1,
        4,
    ]  # its first visit of A is the first


def best_of_all(starts: Sequence[int], others: Sequence[int]) -> tuple[int, int]:
    """(-pairs, minutes apart) of the best pairing, by trying every one."""
    few, many = sorted((starts, others), key=len)
    found = []
    for size in range(len(few) + 1):
        for some in itertools.combinations(few, size):
            for chosen in itertools.permutations(many, size):
                apart = [abs(a - b) for a, b in zip(some, chosen, strict=True)]
                if all(60 * minutes <= MOST_APART_S for minutes in apart):
                    found.append((-size, sum(apart)))
    return min(found)


@pytest.mark.parametrize("number", range(12))
def test_the_pairing_is_the_best_of_all(number: int) -> None:
    rng = random.Random(number)
    starts, others = ([rng.randrange(0, 50) for _ in range(rng.randint(1, 4))] for _ in range(2))
    texts = [[f"08:{minute:02d}" for minute in sorted(set(times))] for times in (starts, others)]
    sides = timetable_on(line(texts[0], "p")), timetable_on(line(texts[1], "o"))
    found = match_trips(*sides, FEEDS)
    apart = (
        sum(
            abs(int(sides[1].departure_s[o]) - int(sides[0].departure_s[e]))
            for e, o in zip(found.event, found.other_event, strict=True)
        )
        // 180
    )  # three calls each, in minutes
    assert (-len(found.trip), apart) == best_of_all(sorted(set(starts)), sorted(set(others)))


def test_feeds_read_as_one_match_a_feed_read_alone() -> None:
    alone = timetable_on(line(["08:00"], "t"))
    merged = replace(
        alone,
        trip_id=np.array(["bus:t0"], object),
        stops=alone.stops.assign(stop_id="bus:" + alone.stops["stop_id"]),
    )
    assert pairs(merged, alone, match_trips(merged, alone, (("bus", "rail"), ("feed",)))) == {"bus:t0": "t0"}
    assert pairs(merged, alone, match_trips(merged, alone, (("bus",), ("feed",)))) == {}
