"""Equal runs are found, and runs grouped into patterns, as by comparing them one by one."""

import itertools
import random

import numpy as np
import pytest

from accessibility.compressed_rows import offsets_of
from accessibility.timetable.patterns import RunCalls, first_of_equal_runs, patterns_of

Run = tuple[int, int, list[tuple[int, int, int, bool, bool]]]  # route, wheelchair, calls


def random_runs(rng: random.Random) -> list[Run]:
    """Runs of few routes, stops and times, so that many are equal, or nearly."""
    runs: list[Run] = []
    for _ in range(rng.randrange(1, 60)):
        if runs and rng.random() < 0.5:
            route, wheelchair, calls = rng.choice(runs)
            if rng.random() < 0.5:
                place = rng.randrange(len(calls))
                changed = list(calls)
                stop, arrival, departure, board, alight = changed[place]
                changed[place] = (stop, arrival - rng.randrange(2), departure + rng.randrange(2), board, alight)
                calls = changed
            runs.append((rng.choice([route, rng.randrange(3)]), rng.choice([wheelchair, rng.randrange(3)]), calls))
            continue
        time, calls = rng.randrange(-100, 500), []
        for _ in range(rng.randrange(2, 6)):
            wait = rng.randrange(3)
            calls.append((rng.randrange(5), time, time + wait, rng.random() < 0.9, rng.random() < 0.9))
            time += wait + rng.randrange(1, 4)
        runs.append((rng.randrange(3), rng.randrange(3), calls))
    return runs


def as_arrays(runs: list[Run]) -> tuple[RunCalls, np.ndarray, np.ndarray]:
    stop, arrival, departure, board, alight = zip(*(call for run in runs for call in run[2]), strict=True)
    calls = RunCalls(
        offsets_of(np.array([len(run[2]) for run in runs])),
        *(np.array(column, np.int32) for column in (stop, arrival, departure)),
        np.array(board),
        np.array(alight),
    )
    return calls, np.array([run[0] for run in runs], np.int32), np.array([run[1] for run in runs], np.int32)


def what_passengers_see(run: Run) -> tuple[object, ...]:
    route, wheelchair, calls = run
    stops = tuple((stop, board, alight) for stop, _, _, board, alight in calls)
    return route, wheelchair, stops, tuple(c[2] for c in calls[:-1]), tuple(c[1] for c in calls[1:])


@pytest.mark.parametrize("seed", range(60))
def test_a_run_that_repeats_an_earlier_one_is_found(seed: int) -> None:
    runs = random_runs(random.Random(seed))
    calls, route, wheelchair = as_arrays(runs)
    seen: set[tuple[object, ...]] = set()
    expected = []
    for run in runs:
        expected.append(what_passengers_see(run) not in seen)
        seen.add(what_passengers_see(run))
    assert first_of_equal_runs(calls, route, calls.stop, wheelchair).tolist() == expected


@pytest.mark.parametrize("seed", range(40))
def test_patterns_hold_every_run_once_and_no_run_of_one_overtakes_another(seed: int) -> None:
    runs = random_runs(random.Random(seed))
    calls, route, _ = as_arrays(runs)
    found = patterns_of(calls, route)
    assert sorted(found.run.tolist()) == list(range(len(runs)))
    keys = []
    for first, last in zip(found.run_offset[:-1], found.run_offset[1:], strict=True):
        members = [runs[run] for run in found.run[first:last]]
        sequences = {(run[0], tuple((c[0], c[3], c[4]) for c in run[2])) for run in members}
        assert len(sequences) == 1
        times = [[time for call in run[2] for time in (call[1], call[2])] for run in members]
        assert all(a <= b for one, next_ in itertools.pairwise(times) for a, b in zip(one, next_, strict=True))
        ((route_of, sequence),) = sequences
        keys.append((route_of, len(sequence), [(stop, 2 * board + alight) for stop, board, alight in sequence]))
    assert [key[:2] for key in keys] == sorted(key[:2] for key in keys)
