"""Ways inside random stations against every pair of nodes in plain Python (Floyd and Warshall)."""

import math
import random
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest

from accessibility.legs import Walk
from accessibility.search.links.doors import doors_of
from tests.support.networks import line, timetable_of

N_PLATFORMS, N_ENTRANCES, N_NODES = 4, 2, 7  # the rest lie between
SPEED_M_S = Walk().speed_m_s


def ways_of(rng: random.Random) -> pd.DataFrame:
    """Ways in one direction between platforms S0 to S3, entrances E0 and E1, and N0; some take no time, some have steps."""
    names = [*(f"S{i}" for i in range(N_PLATFORMS)), *(f"E{i}" for i in range(N_ENTRANCES)), "N0"]
    pairs = rng.sample([pair for pair in product(names, names) if pair[0] != pair[1]], rng.randint(4, 14))
    rows = [
        (*pair, float(rng.choice([0, 0, 20, 45])), float(rng.choice([0, 30, 75])), rng.random() < 0.7) for pair in pairs
    ]
    return pd.DataFrame(rows, columns=["from_stop_id", "to_stop_id", "fixed_s", "metres", "step_free"])


def shortest_s(ways: pd.DataFrame, *, wheelchair: bool) -> dict[tuple[str, str], float]:
    """Seconds between any two nodes, infinite where there is no way."""
    names = sorted({*ways["from_stop_id"], *ways["to_stop_id"]})
    best = {pair: 0.0 if pair[0] == pair[1] else math.inf for pair in product(names, names)}
    for start, end, fixed_s, metres, step_free in ways.itertuples(index=False):
        if step_free or not wheelchair:
            best[start, end] = min(best[start, end], fixed_s + metres / SPEED_M_S)
    for middle, start, end in product(names, names, names):
        best[start, end] = min(best[start, end], best[start, middle] + best[middle, end])
    return best


@pytest.mark.parametrize("wheelchair", [False, True])
def test_seconds_to_every_door_and_platform_are_those_of_the_shortest_way(wheelchair: bool) -> None:
    plain = timetable_of(N_PLATFORMS, [line(*((stop, 60 * stop) for stop in range(N_PLATFORMS)))])
    entrances = pd.DataFrame({"stop_id": ["E0", "E1"], "lon": [0.001, 0.002], "lat": [0.0, 0.0]})
    doors_met = 0
    for seed in range(200):
        ways = ways_of(random.Random(seed))
        timetable = replace(plain, pathways=ways, entrances=entrances)
        doors, best = doors_of(timetable, Walk(), wheelchair=wheelchair), shortest_s(ways, wheelchair=wheelchair)
        assert doors is not None
        for stop, door, enter_s, leave_s in zip(
            doors.stop, doors.points.ids, doors.enter_s, doors.leave_s, strict=True
        ):
            if door.startswith("E"):
                doors_met += 1
                assert (enter_s, leave_s) == pytest.approx((up(best[door, f"S{stop}"]), up(best[f"S{stop}", door])))
        found = {(f"S{a}", f"S{b}"): s for a, b, s in zip(*(column.tolist() for column in doors.inside), strict=True)}
        for (start, end), seconds in found.items():
            assert seconds == up(best[start, end])
        with_door = {
            f"S{stop}" for stop, door in zip(doors.stop, doors.points.ids, strict=True) if door.startswith("E")
        }
        missed = {
            p for p, s in best.items() if p[0] in with_door and p[1] in with_door and p[0] != p[1] and s < math.inf
        }
        assert missed <= set(found)
    assert doors_met > 200


def up(seconds: float) -> float:
    return seconds if math.isinf(seconds) else float(np.ceil(seconds - 1e-6))
