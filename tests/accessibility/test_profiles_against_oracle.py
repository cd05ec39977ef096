"""The kernel and its slow twin agree to the second on random networks."""

import numba
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accessibility.legs import LegTable
from accessibility.prepared import boarding_candidates, prepare
from accessibility.travel_times import UNREACHED, SearchSpec, TravelTimes, search
from tests.support.networks import legs, timetable_of
from tests.support.oracle import Call, all_durations, nearest_rank

# Without compilation a search takes a hundred times longer; that lane only proves that the plain operations agree too.
N_NETWORKS = 100 if numba.config.DISABLE_JIT else 2500
START_S, END_S, MAX_S = 1000, 1060, 120
N_STOPS, N_POINTS, N_DESTINATIONS = 6, 3, 2


@st.composite
def trips(draw: st.DrawFn) -> list[Call]:
    """A trip of 2-6 calls, stops repeating freely, hops of 0-15 s, dwells mostly 0, some boarding or alighting forbidden."""
    clock = draw(st.integers(START_S - 30, END_S + MAX_S))
    calls = []
    for stop in draw(st.lists(st.integers(0, N_STOPS - 1), min_size=2, max_size=6)):
        arrival = clock + draw(st.sampled_from([0, 0, 1, 3, 5, 7, 15]))
        clock = arrival + draw(st.sampled_from([0, 0, 0, 2, 10]))
        flags = draw(st.sampled_from([(True, True)] * 6 + [(True, False), (False, True)]))
        calls.append(Call(stop, arrival, clock, *flags))
    return calls


@st.composite
def services(draw: st.DrawFn) -> list[list[Call]]:
    """Trips, some repeated later with other speeds (so that some overtake)."""
    found = []
    for calls in draw(st.lists(trips(), min_size=1, max_size=6)):
        for shift in draw(st.lists(st.integers(-10, 40), min_size=1, max_size=4)):
            slower = draw(st.sampled_from([0, 0, 0, 1, 2]))
            found.append(
                [
                    call._replace(
                        arrival_s=call.arrival_s + shift + slower * i, departure_s=call.departure_s + shift + slower * i
                    )
                    for i, call in enumerate(calls)
                ]
            )
    return found


def triples(n_from: int, n_to: int) -> st.SearchStrategy[list[tuple[int, int, int]]]:
    return st.lists(
        st.tuples(st.integers(0, n_from - 1), st.integers(0, n_to - 1), st.integers(0, 30)), max_size=3 * n_from
    )


def in_seconds(times: TravelTimes) -> np.ndarray:
    return np.where(times.seconds == UNREACHED, np.inf, times.seconds)


def searched(
    trip_list: list[list[Call]],
    access: LegTable,
    change: LegTable,
    egress: LegTable,
    direct: LegTable,
    spec: SearchSpec,
) -> TravelTimes:
    network = prepare(
        timetable_of(N_STOPS, trip_list),
        change,
        (spec.window_start_s, spec.window_end_s + spec.max_duration_s),
        spec.board_slack_s,
    )
    return search(network, boarding_candidates(network.calls, network.boardings, access), egress, direct, spec)


@settings(max_examples=N_NETWORKS, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    services(),
    triples(N_POINTS, N_STOPS),
    triples(N_STOPS, N_STOPS),
    st.lists(st.integers(0, N_STOPS - 1), max_size=1),
    triples(N_DESTINATIONS, N_STOPS),
    triples(N_DESTINATIONS, N_POINTS),
    st.sampled_from([0, 0, 1, 5]),
    st.sampled_from([None, None, 1, 2, 3]),
    st.sampled_from([1, 7, 20]),
)
def test_every_percentile_and_share_equals_the_oracles(  # noqa: PLR0917
    trip_list: list[list[Call]],
    access: list[tuple[int, int, int]],
    changes: list[tuple[int, int, int]],
    no_change_at: list[int],
    egress: list[tuple[int, int, int]],
    direct: list[tuple[int, int, int]],
    slack_s: int,
    max_rides: int | None,
    step_s: int,
) -> None:
    same_stop = [(stop, stop, 0) for stop in range(N_STOPS) if stop not in no_change_at]
    tables = (
        legs(N_POINTS, access),
        legs(N_STOPS, [*changes, *same_stop]),
        legs(N_DESTINATIONS, egress),
        legs(N_DESTINATIONS, direct),
    )
    spec = SearchSpec(
        window_start_s=START_S,
        window_end_s=END_S,
        step_s=step_s,
        board_slack_s=slack_s,
        max_rides=max_rides,
        max_duration_s=MAX_S,
        percentiles=(1.0, 25.0, 50.0, 75.0, 100.0),
        cutoffs_s=(20, 45),
    )
    times = searched(trip_list, *tables, spec)
    expected = all_durations(timetable_of(N_STOPS, trip_list), *tables, spec)
    for origin in range(N_POINTS):
        for destination in range(N_DESTINATIONS):
            durations = expected[origin][destination]
            ranks = [nearest_rank(durations, p) for p in spec.percentiles]
            assert in_seconds(times)[:, origin, destination].tolist() == ranks
            counts = [sum(d <= cutoff for d in durations) for cutoff in (20, 45, MAX_S)]
            assert times.departures_within[:, origin, destination].tolist() == counts
