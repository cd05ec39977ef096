"""A few recent results, kept by what they were made from: asking again about the same points walks nothing twice."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """The last `size` results by key. Objects in `made_from` are told apart by identity, and kept so that it stays theirs."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, tuple[tuple[object, ...], T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, made_from: tuple[object, ...], make: Callable[[], T]) -> T:
        """The result for `key` and `made_from`, made now if it is not among the recent ones."""
        whole = (key, *map(id, made_from))
        with self._lock:
            if whole in self._kept:
                self._kept.move_to_end(whole)
                return self._kept[whole][1]
        made = make()
        with self._lock:
            self._kept[whole] = (made_from, made)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return made
