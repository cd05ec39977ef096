"""Usable but suspicious layers: what was repaired, dropped, assumed or missing, how often, and what it costs."""

from collections.abc import Iterable
from typing import NamedTuple

SAMPLE_SIZE = 5


class Finding(NamedTuple):
    """One kind of finding, counted (the twin of `accessibility.repairs.Repair`; neither package imports the other).

    `count` of `total` records (share = count / total); `sample` names the first few; `effect` is a sentence for a
    planner.
    """

    code: str  # snake_case, stable: "zones_without_value"
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody needs on a finding
    total: int
    sample: tuple[str, ...]
    effect: str

    @property
    def share(self) -> float:
        """Share of records touched, 0-1 (0 when there is nothing to count against)."""
        return self.count / self.total if self.total else 0.0


def found(code: str, ids: Iterable[object], total: int, effect: str) -> tuple[Finding, ...]:
    """One finding that counts `ids`, or none when there are none."""
    listed = [str(item) for item in ids]
    return (Finding(code, len(listed), total, tuple(listed[:SAMPLE_SIZE]), effect),) if listed else ()


def named(ids: Iterable[object]) -> str:
    """The first few ids in words, for a message: "E01, E02, E03, E04, E05 and 14 more"."""
    listed = [str(item) for item in ids]
    more = len(listed) - SAMPLE_SIZE
    return ", ".join(listed[:SAMPLE_SIZE]) + (f" and {more:,} more" if more > 0 else "")
