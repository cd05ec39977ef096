"""The offsets of headway services within their headways: which are unknown, and which to try."""

import datetime
from collections.abc import Sequence

from accessibility.feed import Feed
from accessibility.scenarios.applying import apply
from accessibility.scenarios.change import Phase
from accessibility.scenarios.edits import Edit

_MINUTE_S = 60


def unknown_phases(feed: Feed, edits: Sequence[Edit], *, date: datetime.date) -> list[Phase]:
    """The headway services that edits make, whose offsets are unknown. Raises `ScenarioError` as `apply` does."""
    return list(apply(feed, edits, date=date).phases)


def phase_vectors(phases: Sequence[Phase], count: int, seed: int) -> list[dict[str, int]]:
    """Offsets in seconds by id of the phase, one timetable each.

    Of one phase every whole minute of its headway; of several, `count` vectors of a Latin hypercube (McKay, Beckman and
    Conover, 1979): each phase has one offset in every `count`-th of its headway. Without phases one empty vector.
    """
    if not phases:
        return [{}]
    if len(phases) == 1:
        only = phases[0]
        return [{only.id: offset_s} for offset_s in range(0, only.headway_s, _MINUTE_S)]
    from scipy.stats import qmc  # takes a second to import

    shares = qmc.LatinHypercube(len(phases), rng=seed).random(count)
    return [
        {phase.id: int(share * phase.headway_s) for phase, share in zip(phases, row, strict=True)} for row in shares
    ]
