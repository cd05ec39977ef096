"""Random small networks for hypothesis: everything that has ever broken a router, at times close enough to collide."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

import numba
import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from accessibility.search.joining import JoinedNetwork, join
from accessibility.search.percentiles import joined_travel_times
from accessibility.search.preparation import prepare
from accessibility.search.spec import UNREACHED, SearchSpec, TravelTimes
from accessibility.timetable.joints import Joints
from accessibility.timetable.timetable import Timetable
from tests.support.networks import legs, timetable_of
from tests.support.oracle import Call, Walks, nearest_rank, trips_of

START_S, END_S, MAX_S = 1000, 1060, 120
N_STOPS, N_POINTS, N_DESTINATIONS = 6, 3, 2

Triple = tuple[int, int, int]


class Case(NamedTuple):
    """A network and the legs of a search on it."""

    timetable: Timetable
    walks: Walks


_HOPS_S, _DWELLS_S = (0, 0, 1, 3, 5, 7, 15), (0, 0, 0, 2, 10)
_FLAGS = ((True, True),) * 6 + ((True, False), (False, True))
_CALLS = list(product(range(N_STOPS), _HOPS_S, _DWELLS_S, _FLAGS))
_LIKE, _WITHOUT_FIRST, _WITHOUT_LAST, _BRANCH = range(4)
_REPETITIONS = list(product(range(-10, 41), (0, 0, 0, 1, 2), (_LIKE, _LIKE, _WITHOUT_FIRST, _WITHOUT_LAST)))
_BRANCHES = list(product(range(10), (0, 1), (_BRANCH,)))


# Hypothesis draws the seed of a network, and of its services how many: to draw each call takes it six times as long as the
# kernel and its twin need to answer. A failing network still shrinks to fewer services, for one more service changes no other.
seeds = st.integers(0, 2**32 - 1)


def _trip(rng: random.Random) -> list[Call]:
    """A trip of 2-6 calls, stops repeating freely, hops of 0-15 s, dwells mostly 0, some boarding or alighting forbidden."""
    clock = rng.randint(START_S - 30, END_S + MAX_S)
    calls = []
    for stop, hop_s, dwell_s, flags in rng.choices(_CALLS, k=rng.randint(2, 6)):
        calls.append(Call(stop, clock + hop_s, clock + hop_s + dwell_s, *flags))
        clock += hop_s + dwell_s
    return calls


def _services(rng: random.Random, count: int) -> list[list[Call]]:
    """Trips, repeated later or at the same time, at other speeds, without their first or last call, or branching off: some
    overtake, some tie, and some run side by side with another pattern for a while. A third keep to a grid of 10 s."""
    grid_s = rng.choice([1, 1, 10])
    found = []
    for _ in range(count):
        calls = _trip(rng)
        for shift, slower, kind in rng.choices(_REPETITIONS + _BRANCHES, k=rng.randint(1, 4)):
            repeated = [_later(call, shift + slower * i) for i, call in enumerate(calls)]
            found.append(_varied(repeated, kind) if len(calls) > 2 else repeated)
    return [[_on_grid(call, grid_s) for call in calls] for calls in found]


def trips() -> st.SearchStrategy[list[Call]]:
    """One more trip."""
    return seeds.map(lambda seed: _trip(random.Random(seed)))


def _varied(calls: list[Call], kind: int) -> list[Call]:
    if kind == _WITHOUT_FIRST:
        return calls[1:]
    if kind == _WITHOUT_LAST:
        return calls[:-1]
    if kind == _BRANCH:  # nobody may board at the last common stop
        return [
            *calls[:-2],
            calls[-2]._replace(can_board=False),
            calls[-1]._replace(stop=(calls[-1].stop + 1) % N_STOPS),
        ]
    return calls


def _on_grid(call: Call, grid_s: int) -> Call:
    return call._replace(arrival_s=call.arrival_s // grid_s * grid_s, departure_s=call.departure_s // grid_s * grid_s)


def _later(call: Call, seconds: int) -> Call:
    return call._replace(arrival_s=call.arrival_s + seconds, departure_s=call.departure_s + seconds)


def _triples(rng: random.Random, n_from: int, n_to: int) -> list[Triple]:
    """Some walks of 0-30 s, or none."""
    count = rng.randint(0, min(10, 3 * n_from))
    return [(rng.randrange(n_from), rng.randrange(n_to), rng.randint(0, 30)) for _ in range(count)]


def triples(n_from: int, n_to: int) -> st.SearchStrategy[list[Triple]]:
    """Some walks of 0-30 s, or none."""
    return seeds.map(lambda seed: _triples(random.Random(seed), n_from, n_to))


spans = st.tuples(st.sampled_from([0, 0, 1, 40]), st.sampled_from([0, 0, 1, 40]))  # wider than the search, either end


def networks_to_try(n: int) -> settings:
    """Settings for `n` random networks, a tenth of them without compilation: that
    lane only proves that the plain operations agree too."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(
        max_examples=max(25, n // 10) if numba.config.DISABLE_JIT else n, deadline=None, suppress_health_check=slow
    )


def cases() -> st.SearchStrategy[Case]:
    """A network; a change at a stop takes no time, or some, or is not allowed."""
    return st.builds(case_of, seeds, st.integers(1, 10))


def case_of(seed: int, n_services: int) -> Case:
    """The network of a seed: the same one each time."""
    rng = random.Random(seed)
    change_s = rng.choices([0] * 8 + [2, 6, None], k=N_STOPS)
    same_stop = [(stop, stop, seconds) for stop, seconds in enumerate(change_s) if seconds is not None]
    between = [walk for walk in _triples(rng, N_STOPS, N_STOPS) if walk[0] != walk[1]]
    walks = Walks(
        access=legs(N_POINTS, _triples(rng, N_POINTS, N_STOPS)),
        transfers=legs(N_STOPS, [*between, *same_stop]),
        egress=legs(N_DESTINATIONS, _triples(rng, N_DESTINATIONS, N_STOPS)),
        direct=legs(N_DESTINATIONS, _triples(rng, N_DESTINATIONS, N_POINTS)),
    )
    return Case(timetable_of(N_STOPS, _services(rng, n_services)), walks)


def joined_cases() -> st.SearchStrategy[Case]:
    """A network in which the vehicles of some trips go on as others: soon, and of blocks only where the two stops are one."""
    return st.builds(_with_joints, cases(), seeds)


def _with_joints(case: Case, seed: int) -> Case:
    rng, trips = random.Random(seed), trips_of(case.timetable)
    begins, ends = [0] * len(trips), [0] * len(trips)
    for key in range(1, rng.randint(2, 8)):
        one = rng.choice([*range(len(trips)), *(trip for trip, begun in enumerate(begins) if begun)])
        arrives_s = trips[one][-1].arrival_s
        soon = [other for other, calls in enumerate(trips) if 0 <= calls[0].departure_s - arrives_s <= 15]
        for other in rng.sample(soon, min(len(soon), rng.choice([1, 1, 2]))):
            same_place = trips[one][-1].stop == trips[other][0].stop
            ends[one] = begins[other] = key * (-1 if same_place and rng.random() < 0.5 else 1)
    joined = [trip for trip in range(len(trips)) if begins[trip] or ends[trip]]
    columns = (np.array([keys[trip] for trip in joined], np.int64) for keys in (begins, ends))
    return case._replace(timetable=replace(case.timetable, joints=Joints(np.array(joined, np.int32), *columns)))


@st.composite
def specs(draw: st.DrawFn, steps_s: Sequence[int] = (1, 7, 20), arrive_by: bool = False) -> SearchSpec:
    """A search over the window, with or without slack and a limit of rides."""
    return SearchSpec(
        window_start_s=START_S,
        window_end_s=END_S,
        step_s=draw(st.sampled_from(steps_s)),
        arrive_by=arrive_by,
        board_slack_s=draw(st.sampled_from([0, 0, 1, 5])),
        max_rides=draw(st.sampled_from([None, None, 1, 2, 3])),
        max_duration_s=MAX_S,
        percentiles=(1.0, 25.0, 50.0, 75.0, 100.0),
        cutoffs_s=(20, 45),
    )


def searched(case: Case, spec: SearchSpec, wider_s: tuple[int, int] = (0, 0)) -> TravelTimes:
    """What the engine answers, on a network prepared for a span that is `wider_s` at either end than the search needs."""
    wider = replace(spec, window_start_s=spec.window_start_s - wider_s[0], window_end_s=spec.window_end_s + wider_s[1])
    return joined_travel_times(joined_to(case, wider), spec)


def joined_to(case: Case, spec: SearchSpec) -> JoinedNetwork:
    """The network of a case, prepared for `spec` and joined to its points."""
    network = prepare(case.timetable, case.walks.transfers, spec)
    return join([network], case.walks.access, case.walks.egress, case.walks.direct)


def assert_equal(times: TravelTimes, expected: list[list[list[float]]], spec: SearchSpec) -> None:
    """Every percentile and every count of the search is that of the durations [origin][destination][departure]."""
    seconds = np.where(times.seconds_or_unreached == UNREACHED, np.inf, times.seconds_or_unreached)
    for origin in range(N_POINTS):
        for destination in range(N_DESTINATIONS):
            durations = expected[origin][destination]
            ranks = [nearest_rank(durations, p) for p in spec.percentiles]
            assert seconds[:, origin, destination].tolist() == ranks
            counts = [sum(d <= cutoff for d in durations) for cutoff in (*spec.cutoffs_s, spec.max_duration_s)]
            assert times.departures_within[:, origin, destination].tolist() == counts
