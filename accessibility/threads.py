"""Work spread over the processor's cores: the kernels release the GIL, so plain threads do."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_threads(task: Callable[[tuple[int, int]], T], n: int, size: int) -> list[T]:
    """`task((start, end))` for slices of `range(n)`, in order, over all cores; the kernels release the GIL."""
    with ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(task, [(start, min(start + size, n)) for start in range(0, n, size)]))
