"""Chains of runs are those of the obvious rule, on random times of random groups."""

import numpy as np
import pytest

from accessibility.kernels.overtaking import chains


def chains_by_lists(times: list[list[int]], group: list[int]) -> list[int]:
    """Each run joins the first chain of its group of which it overtakes no run, however long ago that ran."""
    found: list[int] = []
    for run, own in enumerate(times):
        earlier = [other for other in range(run) if group[other] == group[run]]
        chain = 0
        while any(found[o] == chain and any(a > b for a, b in zip(times[o], own, strict=True)) for o in earlier):
            chain += 1
        found.append(chain)
    return found


@pytest.mark.parametrize("seed", range(30))
def test_chains_of_random_runs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    group = np.sort(rng.integers(0, 4, rng.integers(1, 40)))
    times = (rng.integers(0, 12, (len(group), 1)) + rng.integers(0, 1 + seed % 6, (len(group), 3))).astype(np.int32)
    order = np.lexsort((*times.T[::-1], group))
    times, group = times[order], group[order]
    found = chains(times, group.astype(np.int64)).tolist()
    assert found == chains_by_lists(times.tolist(), group.tolist())


def test_no_runs_make_no_chain() -> None:
    assert len(chains(np.empty((0, 2), np.int32), np.empty(0, np.int64))) == 0
