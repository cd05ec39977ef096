"""Computes the gap between an area's share of people with Level 4+ qualifications and a reference rate."""

from dataclasses import dataclass

import pandas as pd

from layers.errors import LayerError


@dataclass(frozen=True)
class Reference:
    """A reference rate: `share` 0-1 of the people `base` ("16+" or "16-64"), from one source and year."""

    share: float
    base: str
    source: str
    year: str


def gap(share: pd.Series, people: pd.Series, base: str, reference: Reference) -> pd.DataFrame:
    """The gap to the reference by area: gap_points (percentage points, positive = below it), gap_persons (at least 0).

    `people` is the number of people of `base` in each area. Raises LayerError if the reference is of another base: a
    Census share of residents aged 16 and over and a survey share of those aged 16-64 differ by definition.
    """
    if base != reference.base:
        raise LayerError(
            f"a share of people {base} can't be compared with a rate of people {reference.base} ({reference.source})."
        )
    behind = reference.share - share
    return pd.DataFrame({"gap_points": 100 * behind, "gap_persons": (behind * people).clip(lower=0.0)})


def persons_short(qualified: float, people: float, reference_share: float) -> float:
    """The number of people who would have to qualify in addition to match the reference share; 0 if it is met."""
    return max(reference_share * people - qualified, 0.0)


def implied_share(qualified: float, shortfall: float, people: float) -> float:
    """The reference share (0-1) that follows from a published shortfall: (qualified + shortfall) / people."""
    return (qualified + shortfall) / people
