"""Repairs of usable but suspicious input: what was repaired, dropped or assumed, how often, and with what effect."""

from collections.abc import Iterable
from typing import NamedTuple

SAMPLE_SIZE = 5


class Repair(NamedTuple):
    """One kind of repair and the number of records it touched.

    It touched `count` of `total` records; `sample` names the first few; `effect` is a sentence for a planner.
    `trips` are the ids of all trips that it touched, from which its effect on each place can be computed.
    """

    code: str  # snake_case, stable: "blank_times_interpolated"
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody needs here
    total: int
    sample: tuple[str, ...]
    effect: str
    trips: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The share of records touched, 0-1 (0 if `total` is 0)."""
        return self.count / self.total if self.total else 0.0


def sample(ids: Iterable[object]) -> tuple[str, ...]:
    """The first `SAMPLE_SIZE` ids, as text."""
    return tuple(str(item) for _, item in zip(range(SAMPLE_SIZE), ids, strict=False))
