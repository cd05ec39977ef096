"""Findings in usable but suspicious layers: what was repaired, dropped, assumed or missing, how often, with what effect."""

from collections.abc import Iterable
from typing import NamedTuple

SAMPLE_SIZE = 5


class Finding(NamedTuple):
    """One kind of finding and the number of records it concerns.

    It concerns `count` of `total` records; `sample` names the first few; `effect` is a sentence for a planner. It has the
    fields of `accessibility.repairs.Repair`; neither package may import the other.
    """

    code: str  # snake_case, stable: "zones_without_value"
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody needs on a finding
    total: int
    sample: tuple[str, ...]
    effect: str

    @property
    def share(self) -> float:
        """The share of records concerned, 0-1 (0 if `total` is 0)."""
        return self.count / self.total if self.total else 0.0


def findings_of(code: str, ids: Iterable[object], total: int, effect: str) -> tuple[Finding, ...]:
    """A tuple of one Finding that counts `ids`, or an empty tuple if there are no ids."""
    listed = [str(item) for item in ids]
    return (Finding(code, len(listed), total, tuple(listed[:SAMPLE_SIZE]), effect),) if listed else ()


def first_few(ids: Iterable[object]) -> str:
    """The first few ids as text for a message: "E01, E02, E03, E04, E05 and 14 more"."""
    listed = [str(item) for item in ids]
    more = len(listed) - SAMPLE_SIZE
    return ", ".join(listed[:SAMPLE_SIZE]) + (f" and {more:,} more" if more > 0 else "")
