"""Runs a task over all processor cores in threads; the kernels release the GIL, so no processes are needed."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def cores() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_threads(task: Callable[[tuple[int, int]], T], n: int, size: int) -> list[T]:
    """Results of `task((start, end))` for consecutive slices of `range(n)`, `size` long, in order, run on all cores."""
    slices = [(start, min(start + size, n)) for start in range(0, n, size)]
    if len(slices) <= 1 or cores() == 1:  # a thread takes longer to start than a small task takes
        return [task(one) for one in slices]
    with ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(task, slices))
