"""Kernel that splits runs over the same stops so that none overtakes another."""

import numpy as np

from accessibility.kernels.jit import compiled
from accessibility.legs import Int32, Int64


@compiled
def chains(times: Int32, group: Int64) -> Int64:
    """(n,) chain number of each run within its group, such that no time decreases from run to run of a chain.

    `times` (n, k) is sorted within groups, and groups (n,) stand together. Each run joins the first chain whose last run it
    does not overtake.
    """
    n, k = times.shape
    chain, last_run = np.empty(n, np.int64), np.empty(n, np.int64)  # `last_run` of each chain of the group
    n_chains = 0
    for run in range(n):
        if run and group[run] != group[run - 1]:
            n_chains = 0
        joined = 0
        while joined < n_chains:
            stop = 0
            while stop < k and times[last_run[joined], stop] <= times[run, stop]:
                stop += 1
            if stop == k:
                break
            joined += 1
        chain[run], last_run[joined] = joined, run
        n_chains = max(n_chains, joined + 1)
    return chain
