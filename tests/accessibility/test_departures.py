"""Departure by departure: times and first waits equal the slow twin's, and summaries equal the search's."""

import math

import numpy as np
from hypothesis import HealthCheck, given, settings

from accessibility.departures import DepartureTimes, backward, departure_times, first_waits, summarised
from accessibility.legs import Int32
from accessibility.prepared import boarding_candidates, prepare
from accessibility.travel_times import UNREACHED, SearchSpec, search
from tests.support.networks import legs, line, timetable_of
from tests.support.oracle import all_durations, earliest_arrival, rows, trips_of
from tests.support.random_scenes import Scene, scenes, specs

relaxed = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def departures_of(scene: Scene, spec: SearchSpec) -> tuple[DepartureTimes, Int32]:
    network, candidates = scene.prepared(spec)
    passes = backward(network, scene.egress, spec)
    times = departure_times(candidates, passes, scene.direct, spec)
    return times, first_waits(candidates, passes, times, spec)


@relaxed
@given(scenes(), specs())
def test_every_departure_takes_as_long_as_the_oracle_says(scene: Scene, spec: SearchSpec) -> None:
    found, _ = departures_of(scene, spec)
    expected = all_durations(*scene, spec)
    assert np.where(found.seconds == UNREACHED, np.inf, found.seconds).tolist() == expected


@relaxed
@given(scenes(), specs())
def test_the_first_wait_is_how_much_later_one_could_leave_and_arrive_as_early(scene: Scene, spec: SearchSpec) -> None:
    found, waits = departures_of(scene, spec)
    trips, access, changes = trips_of(scene.timetable), rows(scene.access), rows(scene.changes)
    for origin, destination, k in np.ndindex(found.seconds.shape):
        departure_s, took_s = int(found.departures_s[k]), int(found.seconds[origin, destination, k])
        walk_s = rows(scene.direct)[destination].get(origin, math.inf)

        def arrives_s(at_s: int, origin: int = origin, destination: int = destination) -> float:
            egress = rows(scene.egress)[destination]
            return earliest_arrival(trips, at_s, access[origin], changes, egress, spec.board_slack_s, spec.max_rides)

        riding_s = arrives_s(departure_s) - departure_s
        expected = 0
        if took_s != UNREACHED and riding_s <= walk_s:
            expected = max(w for w in range(took_s + 1) if arrives_s(departure_s + w) == departure_s + took_s)
        assert waits[origin, destination, k] == expected


@relaxed
@given(scenes(), specs())
def test_a_summary_of_departures_equals_the_search(scene: Scene, spec: SearchSpec) -> None:
    network, candidates = scene.prepared(spec)
    searched = search(network, candidates, scene.egress, scene.direct, spec)
    found = summarised(departures_of(scene, spec)[0], spec)
    assert (found.seconds == searched.seconds).all()
    assert (found.departures_within == searched.departures_within).all()


def test_waiting_for_the_bus_is_told_from_riding_it() -> None:
    """A walk of 60 s to the stop, buses at 08:00 and 08:10 that take 300 s: leaving at 07:50 means waiting 9 minutes."""
    eight = 8 * 3600
    timetable = timetable_of(2, [line((0, 0), (1, 300), start_s=eight), line((0, 0), (1, 300), start_s=eight + 600)])
    spec = SearchSpec(window_start_s=eight - 600, window_end_s=eight, step_s=270, max_duration_s=3600)
    network = prepare(timetable, legs(2, [(0, 0, 0), (1, 1, 0)]), (eight - 600, eight + 3600))
    candidates = boarding_candidates(network.calls, network.boardings, legs(1, [(0, 0, 60)]))
    passes = backward(network, legs(1, [(0, 1, 0)]), spec)
    found = departure_times(candidates, passes, legs(1, []), spec)
    waits = first_waits(candidates, passes, found, spec)
    assert found.departures_s.tolist() == [eight - 600, eight - 330, eight - 60]
    assert found.seconds[0, 0].tolist() == [900, 630, 360]
    assert waits[0, 0].tolist() == [540, 270, 0]
