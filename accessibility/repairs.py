"""Usable but suspicious input: what was repaired, dropped or assumed, how often, and what it costs."""

from collections.abc import Iterable
from typing import NamedTuple

SAMPLE_SIZE = 5


class Repair(NamedTuple):
    """One kind of repair, counted.

    `count` of `total` records (share = count / total); `sample` names the first few; `effect` is a sentence for a planner.
    `trips` are the ids of all trips it touched, where it touched any, so that its cost can be told by place.
    """

    code: str  # snake_case, stable: "blank_times_interpolated"
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody needs here
    total: int
    sample: tuple[str, ...]
    effect: str
    trips: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Share of records touched, 0-1 (0 when there is nothing to count against)."""
        return self.count / self.total if self.total else 0.0


def sample(ids: Iterable[object]) -> tuple[str, ...]:
    """The first few ids, as text."""
    return tuple(str(item) for _, item in zip(range(SAMPLE_SIZE), ids, strict=False))
