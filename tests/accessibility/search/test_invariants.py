"""What must hold of any network: more service never hurts, hours are alike, and order and threads never matter."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.feed import read_feed
from accessibility.legs import LegTable, points
from accessibility.search.door_to_door import travel_times
from accessibility.search.spec import UNREACHED, SearchSpec, TravelTimes
from accessibility.timetable.timetable import Timetable, build_timetable
from tests.support.feeds import TUESDAY, FeedText, feed_text, timetable_on, trip
from tests.support.networks import legs, timetable_of
from tests.support.oracle import Call, rows, trips_of
from tests.support.random_networks import (
    END_S,
    N_DESTINATIONS,
    N_POINTS,
    N_STOPS,
    START_S,
    Case,
    Triple,
    cases,
    networks_to_try,
    searched,
    specs,
    triples,
    trips,
)

# One percentile for each of the departures: the sorted durations, all of them.
EVERY_RANK = tuple(100 * k / (END_S - START_S) for k in range(1, END_S - START_S + 1))
each_departure = specs(steps_s=(1,)).map(lambda spec: replace(spec, percentiles=EVERY_RANK))


def per_departure(case: Case, spec: SearchSpec) -> np.ndarray:
    """(n_departures, n_origins, n_destinations) seconds, departure by departure."""
    one = replace(spec, percentiles=(100.0,), cutoffs_s=())
    departures = range(spec.window_start_s, spec.window_end_s, 15)
    return np.stack(
        [searched(case, replace(one, window_start_s=t, window_end_s=t + 1)).seconds_or_unreached[0] for t in departures]
    )


def with_trips(case: Case, extra: list[list[Call]]) -> Case:
    return case._replace(timetable=timetable_of(N_STOPS, [*trips_of(case.timetable), *extra]))


def listed(table: LegTable) -> list[Triple]:
    return [(i, target, seconds) for i, row in enumerate(rows(table)) for target, seconds in row.items()]


def with_walk(case: Case, extra: Triple) -> Case:
    transfers = legs(N_STOPS, [*listed(case.walks.transfers), extra])
    return case._replace(walks=case.walks._replace(transfers=transfers))


@networks_to_try(120)
@given(cases(), specs(), trips())
def test_one_more_trip_makes_no_departure_later_nor_its_removal_any_earlier(
    case: Case, spec: SearchSpec, extra: list[Call]
) -> None:
    assert (per_departure(with_trips(case, [extra]), spec) <= per_departure(case, spec)).all()


@networks_to_try(120)
@given(cases(), specs(), triples(N_STOPS, N_STOPS).filter(bool))
def test_one_more_walk_makes_no_departure_later(case: Case, spec: SearchSpec, extra: list[Triple]) -> None:
    assert (per_departure(with_walk(case, extra[0]), spec) <= per_departure(case, spec)).all()


@networks_to_try(120)
@given(cases(), specs(), st.integers(1, 4), st.data())
def test_one_more_stop_along_a_trip_makes_no_departure_later(
    case: Case, spec: SearchSpec, position: int, data: st.DataObject
) -> None:
    plain = trips_of(case.timetable)
    number = data.draw(st.integers(0, len(plain) - 1))
    calls = plain[number]
    at = min(position, len(calls) - 1)
    before, after = calls[at - 1], calls[at]
    between_s = (before.departure_s + after.arrival_s) // 2  # no time is lost by stopping
    stopping = [*calls[:at], Call(0, between_s, between_s, True, True), *calls[at:]]
    more = case._replace(timetable=timetable_of(N_STOPS, [*plain[:number], stopping, *plain[number + 1 :]]))
    assert (per_departure(more, spec) <= per_departure(case, spec)).all()


@networks_to_try(120)
@given(cases(), st.booleans().flatmap(lambda by: specs(steps_s=(0, 7), arrive_by=by)))
def test_an_hour_later_everything_takes_as_long(case: Case, spec: SearchSpec) -> None:
    later = [
        [call._replace(arrival_s=call.arrival_s + 3600, departure_s=call.departure_s + 3600) for call in calls]
        for calls in trips_of(case.timetable)
    ]
    moved = case._replace(timetable=timetable_of(N_STOPS, later))
    shifted = replace(spec, window_start_s=spec.window_start_s + 3600, window_end_s=spec.window_end_s + 3600)
    assert_same_bytes(searched(moved, shifted), searched(case, spec))


@networks_to_try(120)
@given(cases(), each_departure)
def test_percentiles_and_shares_rise(case: Case, spec: SearchSpec) -> None:
    times = searched(case, spec)
    assert (np.diff(times.seconds_or_unreached.astype(np.int64), axis=0) >= 0).all()
    assert (np.diff(times.departures_within, axis=0) >= 0).all()  # cutoffs 20 s, 45 s, then the longest


@networks_to_try(60)
@given(cases(), specs(), st.integers(1, 3))
def test_more_rides_allowed_never_take_longer(case: Case, spec: SearchSpec, most: int) -> None:
    few, more, any_number = (per_departure(case, replace(spec, max_rides=limit)) for limit in (most, most + 1, None))
    assert (more <= few).all()
    assert (any_number <= more).all()


@networks_to_try(60)
@given(cases(), specs(steps_s=(7,)))
def test_the_headline_rises_with_time_and_falls_with_the_number_of_centres(case: Case, spec: SearchSpec) -> None:
    seconds = searched(case, spec).seconds_or_unreached[2]

    def share(cutoff_s: int, at_least: int, centres: int) -> float:
        return float(((seconds[:, :centres] <= cutoff_s).sum(axis=1) >= at_least).mean())

    for at_least in (1, 2):
        assert share(20, at_least, N_DESTINATIONS) <= share(45, at_least, N_DESTINATIONS)
        assert share(45, at_least, 1) <= share(45, at_least, N_DESTINATIONS)
    assert share(45, 2, N_DESTINATIONS) <= share(45, 1, N_DESTINATIONS)
    assert len(seconds) == N_POINTS


# -- to the byte --------------------------------------------------------------------------------------------------------

BUSES = feed_text(
    *(trip(f"T{i}", f"A 07:{3 * i:02d} | B 07:{3 * i + 8:02d} | C 07:{3 * i + 20:02d}") for i in range(12)),
    *(trip(f"U{i}", f"B 07:{5 * i:02d} | D 07:{5 * i + 9:02d}", route="R2") for i in range(8)),
    *(trip(f"V{i}", f"D 07:{4 * i + 10:02d} | A 07:{4 * i + 24:02d}", route="R3") for i in range(8)),
)
SPEC = SearchSpec(window_end_s=7 * 3600 + 2400, percentiles=(1.0, 50.0, 99.0))
HERE = points([f"p{i}" for i in range(40)], np.full(40, -1.9), np.linspace(52.39, 52.44, 40))


def answer(timetable: Timetable) -> TravelTimes:
    return travel_times(timetable, None, HERE, HERE, SPEC)


def assert_same_bytes(one: TravelTimes, other: TravelTimes) -> None:
    assert one.seconds_or_unreached.tobytes() == other.seconds_or_unreached.tobytes()
    assert one.departures_within.tobytes() == other.departures_within.tobytes()


def shuffled(text: FeedText, seed: int) -> FeedText:
    random = np.random.default_rng(seed)
    for table, table_rows in text.tables.items():
        text = text.setting(table, *(table_rows[i] for i in random.permutation(len(table_rows))))
    return text


def test_the_answer_is_there() -> None:
    assert (answer(timetable_on(BUSES)).seconds_or_unreached < UNREACHED).any()


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_changes_no_byte(seed: int) -> None:
    assert_same_bytes(answer(timetable_on(shuffled(BUSES, seed))), answer(timetable_on(BUSES)))


def test_the_order_of_feeds_changes_no_byte(tmp_path: Path) -> None:
    others = feed_text(*(trip(f"W{i}", f"C 07:{6 * i:02d} | A 07:{6 * i + 15:02d}") for i in range(7)))
    files = [BUSES.zip(tmp_path / "one.zip"), others.zip(tmp_path / "two.zip")]
    assert_same_bytes(
        answer(build_timetable(read_feed(files), TUESDAY)), answer(build_timetable(read_feed(files[::-1]), TUESDAY))
    )


def test_the_number_of_threads_changes_no_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    timetable = timetable_on(BUSES)
    expected = answer(timetable)
    for n in (1, 3, 8):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, n=n: set(range(n)), raising=False)
        assert_same_bytes(answer(timetable), expected)


def test_a_line_that_never_runs_changes_no_byte() -> None:
    never = trip("X1", "A 07:05 | C 07:06", route="R9", service="SUN")
    calendar = [
        {"service_id": name, **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday"), weekday),
         "sunday": 1 - weekday, "start_date": "20260101", "end_date": "20261231"}
        for name, weekday in (("WK", 1), ("SUN", 0))
    ]  # fmt: skip
    text = (
        BUSES.adding("trips.txt", never.row)
        .adding("stop_times.txt", *never.calls)
        .adding("routes.txt", {"route_id": "R9", "route_type": 3})
    )
    assert_same_bytes(answer(timetable_on(text.setting("calendar.txt", *calendar))), answer(timetable_on(BUSES)))
