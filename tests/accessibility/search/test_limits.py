"""What one search may ask for, what it answers where nobody arrives, and when it stops: one bus, or a chain of them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from accessibility import legs
from accessibility.errors import FeedError, SearchSpecError
from accessibility.kernels import connection_scan
from accessibility.legs import Points, Walk
from accessibility.search.door_to_door import prepare_search, travel_times
from accessibility.search.joining import join_points
from accessibility.search.links.walks import stop_points, walking_legs
from accessibility.search.passes import backward_passes
from accessibility.search.profiles import journey_profiles, times_at
from accessibility.search.spec import (
    MOST_CUTOFFS,
    MOST_DEPARTURES,
    MOST_PERCENTILES,
    MOST_RIDES,
    SearchSpec,
    TravelTimes,
)
from accessibility.timetable import trips
from tests.support.feeds import feed_text, service, spoken, timetable_on, trip

AT_EIGHT = SearchSpec(8 * 3600, 8 * 3600 + 60, walk=Walk(max_s=0), percentiles=(50.0,), cutoffs_s=())
CHAIN = timetable_on(
    feed_text(
        *(
            trip(f"t{n}", f"{a} 08:{10 * n + 10} | {b} 08:{10 * n + 15}")
            for n, (a, b) in enumerate(["AB", "BC", "CD", "DE"])
        )
    )
)


def from_first_stop(spec: SearchSpec) -> TravelTimes:
    stops = stop_points(CHAIN)
    return travel_times(CHAIN, None, Points(*(column[:1] for column in stops[:3])), stops, spec)


def test_unreachable_is_nan_in_a_percentile_and_a_named_number_beside_it() -> None:
    times = from_first_stop(replace(AT_EIGHT, max_rides=2))
    assert str(times.percentile_s(50)[0].tolist()) == "[0.0, 900.0, 1500.0, nan, nan]"
    assert times.seconds_or_unreached[0][0].tolist() == [0, 900, 1500, 2**30, 2**30]
    assert np.nanmean(times.percentile_s(50)) == 800


def test_a_percentile_or_cutoff_that_was_not_searched_is_named() -> None:
    times = from_first_stop(AT_EIGHT)
    with pytest.raises(SearchSpecError, match="percentile 75 was not searched; the search has 50"):
        times.percentile_s(75)
    with pytest.raises(SearchSpecError, match="a cutoff of 60 s was not searched; the search has 7,200 s"):
        times.share_within(60)


# Counting the rounds: with at most 100 rides, a chain of four needs a fifth round to see that nothing changes.


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    counted: list[int] = []
    kernel: Callable[..., None] = connection_scan.backward_labels_one_more_ride

    def counting(*arguments: Any) -> None:
        counted.append(1)
        kernel(*arguments)

    monkeypatch.setattr(connection_scan, "backward_labels_one_more_ride", counting)
    return counted


def test_a_limit_on_rides_stops_when_one_more_changes_nothing(rounds: list[int]) -> None:
    limited, free = from_first_stop(replace(AT_EIGHT, max_rides=MOST_RIDES)), from_first_stop(AT_EIGHT)
    assert (limited.seconds_or_unreached == free.seconds_or_unreached).all()
    assert len(rounds) == 5


def test_departures_and_journeys_with_a_limit_on_rides_stop_too(rounds: list[int]) -> None:
    spec = replace(AT_EIGHT, max_rides=MOST_RIDES)
    stops = stop_points(CHAIN)
    passes = backward_passes(join_points(prepare_search(CHAIN, None, spec), None, stops, stops, spec), spec)
    assert len(rounds) == 5 and [len(tables) for tables in passes.labels] == [4]
    seconds = times_at(journey_profiles(passes), np.array([spec.window_start_s], np.int32), spec.max_duration_s)
    assert seconds[0, :, 0].tolist() == [0, 900, 1500, 2100, 2700]


def test_each_limit_of_a_search_has_its_message() -> None:
    asked: dict[str, SearchSpec | dict[str, Any]] = {
        "max_rides must be between 1 and 100": {"max_rides": MOST_RIDES + 1},
        "more than 100 percentiles": {"percentiles": tuple(np.linspace(1, 100, MOST_PERCENTILES + 2))},
        "more than 100 cutoffs": {"cutoffs_s": tuple(range(1, MOST_CUTOFFS + 2))},
        "cutoffs must be between 1 second and 24 hours": {"cutoffs_s": (86_401,)},
    }
    for message, options in asked.items():
        with pytest.raises(SearchSpecError, match=message):
            replace(AT_EIGHT, **options)


def test_a_step_that_makes_too_many_departures_names_one_that_does_not() -> None:
    day = replace(AT_EIGHT, window_start_s=0, window_end_s=86_400, step_s=1)
    with pytest.raises(
        SearchSpecError, match=r"a step of 1 s makes 86,400 departures .* at most 14,400 .* a step of 6 s or more"
    ):
        from_first_stop(day)
    assert replace(day, step_s=6).n_departures == MOST_DEPARTURES
    assert from_first_stop(replace(day, step_s=0)).n_departures == 86_400  # every instant: nothing is sampled


def test_walks_between_too_many_pairs_of_points_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legs, "MOST_LEGS", 20)
    stops = stop_points(CHAIN)  # five, 1.1 km apart
    assert len(walking_legs(None, stops, stops, Walk(max_s=1201)).target) == 13  # to the neighbours and to themselves
    with pytest.raises(
        SearchSpecError, match="walks of up to 240 minutes at 20 km/h join 25 pairs of points, of 5 and 5; at most 20"
    ):
        walking_legs(None, stops, stops, Walk(20.0, 14_400))


def by_headway(headway_secs: object) -> None:
    row = {"trip_id": "T", "start_time": "00:00:00", "end_time": "48:00:00", "headway_secs": headway_secs}
    timetable_on(feed_text(trip("T", "A 08:00 | B 08:10")).adding("frequencies.txt", row))


def test_headways_that_lay_out_too_many_departures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trips, "_MOST_FREQUENCY_TRIPS", 1000)
    by_headway(180)
    with pytest.raises(
        FeedError, match="lays out 172,800 departures, most of them for trip 'T', every 1 s; at most 1,000"
    ):
        by_headway(1)


@pytest.mark.parametrize("date", [dt.date(9999, 12, 31), dt.date(1, 1, 1), dt.date(9998, 12, 31)])
def test_the_first_and_last_days_of_the_calendar_can_be_asked_for(date: dt.date) -> None:
    text = feed_text(trip("T", "A 08:00 | B 08:10"), calendar=[service("WK", "1111111", "00010101", "99991231")])
    assert "T: A 08:00 | B 08:10" in spoken(timetable_on(text, date))
