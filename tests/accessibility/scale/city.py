"""A small city with two days and a draw of everything a question of blocks needs: some pairs are reached, some are not."""

import datetime as dt

import numpy as np

from accessibility.scale.parts import UnpreparedDay, WalkedNetwork
from accessibility.scale.plan import BlockQuestion, ScenarioDay
from accessibility.search.joining import JoinedNetwork, join
from accessibility.search.preparation import prepare
from accessibility.search.spec import SearchSpec
from tests.support.networks import legs, line, timetable_of
from tests.support.random_networks import END_S as RANDOM_END_S
from tests.support.random_networks import START_S as RANDOM_START_S

START_S = 8 * 3600
SPEC = SearchSpec(
    window_start_s=START_S, window_end_s=START_S + 1800, max_duration_s=1500, percentiles=(25.0, 50.0), cutoffs_s=()
)
RANDOM = SearchSpec(  # of the networks that tests.support draws
    window_start_s=RANDOM_START_S,
    window_end_s=RANDOM_END_S,
    step_s=1,
    max_duration_s=60,
    percentiles=(1.0, 50.0, 100.0),
    cutoffs_s=(20,),
)
N_STOPS, N_ORIGINS, N_DESTINATIONS = 9, 40, 150  # three blocks of destinations
DAYS = (dt.date(2026, 3, 24), dt.date(2026, 3, 25))
_SEEDS = (("base", DAYS[0], 1), ("base", DAYS[1], 2), ("more_buses", DAYS[0], 3))


def walked(seed: int) -> WalkedNetwork:
    """Trips along a line of stops, walks from points to stops at random; some destinations are never reached."""
    rng = np.random.default_rng(seed)
    trips = []
    for start in rng.integers(0, 1500, 60):
        first = int(rng.integers(0, N_STOPS - 3))
        trips.append(line(*((first + k, k * 130) for k in range(4)), start_s=START_S + int(start)))
    access = legs(N_ORIGINS, [(i, int(rng.integers(N_STOPS)), int(rng.integers(400))) for i in range(N_ORIGINS)])
    egress = legs(N_DESTINATIONS, [(j, j % N_STOPS, int(rng.integers(400))) for j in range(0, N_DESTINATIONS, 2)])
    direct = legs(N_DESTINATIONS, [(j, j % N_ORIGINS, 60 * j) for j in range(30)])
    same_stop = legs(N_STOPS, [(i, i, 0) for i in range(N_STOPS)])
    return WalkedNetwork(timetable_of(N_STOPS, trips), same_stop, access, egress, direct)


def joined(seed: int, spec: SearchSpec = SPEC) -> JoinedNetwork:
    """The same, prepared for `spec`."""
    timetable, transfers, *walks = walked(seed)
    return join([prepare(timetable, transfers, spec)], *walks)


def asked(spec: SearchSpec = SPEC, unit: str = "min") -> BlockQuestion:
    origins = np.array([f"home {i}" for i in range(N_ORIGINS)], object)
    return BlockQuestion(origins, np.array([f"shop {j}" for j in range(N_DESTINATIONS)], object), spec, unit)  # type: ignore[arg-type]


def worlds(spec: SearchSpec = SPEC) -> list[ScenarioDay]:
    """The base on two days and a scenario on one: nine blocks."""
    return [ScenarioDay(scenario, day, joined(seed, spec)) for scenario, day, seed in _SEEDS]


def unprepared_worlds() -> list[UnpreparedDay]:
    """The same, not prepared."""
    return [UnpreparedDay(scenario, day, walked(seed)) for scenario, day, seed in _SEEDS]
