"""Runs a task over all processor cores in threads; the kernels release the GIL, so no processes are needed."""

import itertools
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
Item = TypeVar("Item")

_OF_THREAD = threading.local()


def cores() -> int:
    """The number of processors that this process may use; 1 in a thread that works `alone`."""
    if getattr(_OF_THREAD, "alone", False):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def alone() -> Iterator[None]:
    """Everything that this thread does inside the block is done by this thread only: others have work of their own."""
    before = getattr(_OF_THREAD, "alone", False)
    _OF_THREAD.alone = True
    try:
        yield
    finally:
        _OF_THREAD.alone = before


def in_threads(task: Callable[[tuple[int, int]], T], n: int, size: int) -> list[T]:
    """Results of `task((start, end))` for consecutive slices of `range(n)`, `size` long, in order, run on all cores."""
    slices = [(start, min(start + size, n)) for start in range(0, n, size)]
    if len(slices) <= 1 or cores() == 1:  # a thread takes longer to start than a small task takes
        return [task(one) for one in slices]
    with ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(task, slices))


def in_threads_as_they_come(task: Callable[[Item], T], items: Iterable[Item]) -> list[T]:
    """Results of `task(item)` in the order of the items, run on all cores while this thread makes the next items.

    No more items wait than there are cores, so that they need not all be in memory at once.
    """
    coming = iter(items)
    first = list(itertools.islice(coming, 2))
    if len(first) < 2 or cores() == 1:
        return [task(item) for item in itertools.chain(first, coming)]
    results: list[T] = []
    waiting: deque[Future[T]] = deque()
    with ThreadPoolExecutor(cores()) as pool:
        for item in itertools.chain(first, coming):
            waiting.append(pool.submit(task, item))
            if len(waiting) > cores():
                results.append(waiting.popleft().result())
        return results + [future.result() for future in waiting]
