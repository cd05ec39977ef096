"""Drawn timetables are lawful, keep what is known, and are pooled departure by departure."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.feed import read_feed
from accessibility.legs import Walk, straight_line_legs
from accessibility.search.door_to_door import travel_times
from accessibility.search.links.walks import stop_points, transfer_legs
from accessibility.search.spec import UNREACHED, SearchSpec
from accessibility.timetable.headways import headway_shares, timetable_draws
from accessibility.timetable.timetable import Timetable, build_timetable
from tests.accessibility.search.test_random_feeds import near, running
from tests.support.feed_oracle import turned
from tests.support.feeds import feed_text, spoken, timetable_on, trip
from tests.support.oracle import Walks, all_durations, nearest_rank

SAO_PAULO = Path("../shared/data/sao_paulo/spo.zip")
ALL_DAY = (0, 86_400)


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(1, 40), st.integers(0, 99))
def test_each_source_gets_one_share_in_each_nth_of_its_headway(n_sources: int, n_draws: int, seed: int) -> None:
    ids = [f"T{i}" for i in range(n_sources)]
    shares = headway_shares(ids, n_draws, seed)
    assert shares.shape == (n_draws, n_sources)
    assert (shares[:, -1:] == headway_shares(ids[-1:], n_draws, seed)).all()  # whatever the other trips
    assert (np.sort((shares * n_draws).astype(int), axis=0) == np.arange(n_draws)[:, None]).all()


def mixed() -> Timetable:
    """A line every ten minutes from seven, one every fifteen, and on the first one's stops a bus that keeps its time."""
    rows = [
        {"trip_id": name, "start_time": "07:00:00", "end_time": "08:00:00", "headway_secs": headway}
        for name, headway in (("T", 600), ("U", 900))
    ]
    text = feed_text(
        trip("T", "A 06:00 | B 06:05"), trip("U", "B 06:00 | C 06:05", route="R2"), trip("V", "A 07:12 | B 07:14")
    )
    return timetable_on(text.adding("frequencies.txt", *rows))


def test_only_trips_known_by_a_headway_move_and_those_of_one_line_move_together() -> None:
    for drawn in timetable_draws(mixed(), 8, 3, ALL_DAY):
        lines = spoken(drawn)
        assert "V: A 07:12 | B 07:14" in lines
        starts = {
            name: sorted(
                int(drawn.departure_s[drawn.pattern_event_offset[p] + k * 2])
                for p, k, t in _runs(drawn)
                if t[0] == name
            )
            for name in "TU"
        }
        assert set(np.diff(starts["T"])) == {600}
        assert set(np.diff(starts["U"])) == {900}
        assert 7 * 3600 <= starts["T"][0] < 7 * 3600 + 600
        assert starts["T"][-1] < 8 * 3600


def _runs(timetable: Timetable) -> list[tuple[int, int, str]]:
    """(pattern, number in it, trip id) of every trip."""
    return [
        (p, k, str(timetable.trip_id[first + k]))
        for p, (first, last) in enumerate(
            zip(timetable.pattern_trip_offset[:-1], timetable.pattern_trip_offset[1:], strict=True)
        )
        for k in range(last - first)
    ]


def test_no_trip_of_a_drawn_pattern_overtakes_another() -> None:
    # The bus that keeps its time is faster than the line it runs on: in some draws it overtakes, and is split off.
    n_patterns = set()
    for drawn in timetable_draws(mixed(), 8, 3, ALL_DAY):
        n_patterns.add(len(drawn.pattern_route))
        for p in range(len(drawn.pattern_route)):
            events = slice(drawn.pattern_event_offset[p], drawn.pattern_event_offset[p + 1])
            for column in (drawn.arrival_s, drawn.departure_s):
                assert (np.diff(column[events].reshape(-1, 2), axis=0) >= 0).all()
    assert len(n_patterns) > 1


def test_pooled_draws_of_a_slice_of_sao_paulo_equal_the_oracle() -> None:
    if not SAO_PAULO.exists():
        pytest.skip(f"{SAO_PAULO} is not here")
    timetable = build_timetable(read_feed(SAO_PAULO), dt.date(2019, 5, 14))
    spec = SearchSpec(
        window_start_s=8 * 3600,
        window_end_s=8 * 3600 + 1800,
        step_s=900,
        walk=Walk(max_s=420),
        max_duration_s=2400,
        percentiles=(30.0, 70.0),
        cutoffs_s=(1500,),
        frequency_draws=3,
        seed=4,
    )
    start, end, stops = near(timetable, 2, seed=3), near(timetable, 20, seed=2), stop_points(timetable)
    walks = Walks(
        straight_line_legs(start, stops, spec.walk),
        transfer_legs(timetable, None, spec.walk),
        turned(straight_line_legs(stops, end, spec.walk), len(end.ids)),
        turned(straight_line_legs(start, end, spec.walk), len(end.ids)),
    )
    drawn = timetable_draws(timetable, 3, spec.seed, spec.span_s)
    each = [all_durations(running(one, spec), walks, replace(spec, frequency_draws=0)) for one in drawn]
    times = travel_times(timetable, None, start, end, spec)
    seconds = np.where(times.seconds_or_unreached == UNREACHED, np.inf, times.seconds_or_unreached)
    assert np.isfinite(seconds).any()
    for origin in range(2):
        for destination in range(20):
            pooled = [s for durations in each for s in durations[origin][destination]]
            assert seconds[:, origin, destination].tolist() == [nearest_rank(pooled, p) for p in spec.percentiles]
            assert times.departures_within[0, origin, destination] == sum(s <= 1500 for s in pooled)
