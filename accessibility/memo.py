"""A small cache of recent results, so that legs between the same points are not computed twice."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """The last `size` results by key and input objects.

    The objects in `made_from` are compared by identity; the cache keeps them alive, so that no other object gets their id.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._results: OrderedDict[Hashable, tuple[tuple[object, ...], T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, made_from: tuple[object, ...], make: Callable[[], T]) -> T:
        """The cached result for `key` and `made_from`, or that of `make()`, which is then cached."""
        full_key = (key, *map(id, made_from))
        with self._lock:
            if full_key in self._results:
                self._results.move_to_end(full_key)
                return self._results[full_key][1]
        result = make()
        with self._lock:
            self._results[full_key] = (made_from, result)
            while len(self._results) > self._size:
                self._results.popitem(last=False)
        return result
