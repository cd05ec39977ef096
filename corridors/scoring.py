"""Scores a planner can defend: three dimensions kept apart, a fixed regional reference, ranks only with their uncertainty."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Float = npt.NDArray[np.float64]

LOW_PERCENTILE, HIGH_PERCENTILE = 5, 95
POCKET_PERCENTILE = 80


@dataclass(frozen=True)
class Indicator:
    """One column of the zones that counts towards a dimension."""

    column: str
    dimension: str  # need, opportunity, connectivity
    title: str
    higher_is_more: bool = True
    logarithmic: bool = False  # counts that span orders of magnitude are scored on log(1 + x)


INDICATORS = (
    Indicator("income_rate", "need", "Income-deprived people"),
    Indicator("employment_rate", "need", "Employment-deprived people of working age"),
    Indicator("level4_share", "need", "Residents with Level 4+ qualifications", higher_is_more=False),
    Indicator("no_car_share", "need", "Households without a car"),
    Indicator("jobs_within_45", "opportunity", "Jobs within 45 minutes", logarithmic=True),
    Indicator("employment_ha_within_45", "opportunity", "Employment land within 45 minutes"),
    Indicator("centres_within_45", "connectivity", "Strategic centres within 45 minutes"),
    Indicator("reliability", "connectivity", "Departures that reach the third-nearest centre within 45 minutes"),
)
DIMENSIONS = ("need", "opportunity", "connectivity")


def weighted_mean(values: pd.Series, weights: pd.Series) -> float:
    """Mean of the values that are known, by weights (people); NaN where none is known or nobody is there."""
    known = values.notna() & (weights > 0)
    return float(np.average(values[known].astype(float), weights=weights[known])) if known.any() else float("nan")


def normalised(values: pd.Series, indicator: Indicator) -> pd.Series:
    """0-100 between the 5th and 95th percentile of all zones, clipped; missing stays missing.

    The reference is every zone of the region, so adding a corridor moves no score. 50 where all zones are alike.
    """
    scale = np.log1p(values) if indicator.logarithmic else values.astype(float)
    known = scale.dropna()
    if known.empty:
        return scale
    low, high = np.percentile(known, [LOW_PERCENTILE, HIGH_PERCENTILE])
    score = (scale - low) / (high - low) * 100 if high > low else scale * 0 + 50
    score = score.clip(0, 100)
    return score if indicator.higher_is_more else 100 - score


def dimension_scores(zones: pd.DataFrame) -> pd.DataFrame:
    """need, opportunity and connectivity (0-100) of every zone: equal weights inside a dimension.

    A dimension uses the indicators the data give; a zone that lacks one of them has no score (it is not imputed).
    """
    scores = {}
    for dimension in DIMENSIONS:
        columns = [
            normalised(zones[one.column], one)
            for one in INDICATORS
            if one.dimension == dimension and one.column in zones and zones[one.column].notna().any()
        ]
        scores[dimension] = pd.concat(columns, axis=1).mean(axis=1, skipna=False) if columns else np.nan
    return pd.DataFrame(scores, index=zones.index)


def corridor_scores(scores: pd.DataFrame, people: pd.Series, members: Sequence[str]) -> dict[str, float]:
    """Population-weighted mean of each dimension over a corridor's zones, and the share of its people in pockets.

    A pocket is a zone above the regional 80th percentile of that dimension: means hide them.
    """
    found: dict[str, float] = {}
    inside, weights = scores.loc[list(members)], people.loc[list(members)]
    for dimension in DIMENSIONS:
        threshold = scores[dimension].quantile(POCKET_PERCENTILE / 100)
        found[dimension] = weighted_mean(inside[dimension], weights)
        pocket = (inside[dimension] > threshold).astype(float).where(inside[dimension].notna())
        found[f"{dimension}_pocket_share"] = weighted_mean(pocket, weights)
    return found


@dataclass(frozen=True)
class RankUncertainty:
    """How ranks of alternatives hold under all weights; see `rank_acceptability`."""

    acceptability: Float  # (n_alternatives, n_ranks) share of draws in which an alternative takes a rank
    beats: Float  # (n_alternatives, n_alternatives) share of draws in which row scores above column
    low: npt.NDArray[np.int64]  # 90 % rank interval
    median: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]


def rank_acceptability(criteria: Float, draws: int, seed: int, concentration: Float | None = None) -> RankUncertainty:
    """Ranks (1 = highest) of alternatives under random weights, after SMAA-2 (Lahdelma and Salminen, 2001).

    `criteria` (n_alternatives, n_criteria) on one scale, higher = more; weights ~ Dirichlet(`concentration`), all 1 by
    default: every mix of weights equally likely. This is uncertainty of weights only, never of data or boundaries.
    """
    n, m = criteria.shape
    weights = np.random.default_rng(seed).dirichlet(np.ones(m) if concentration is None else concentration, draws)
    values = weights @ criteria.T
    ranks = (-values).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable") + 1
    acceptability = np.stack([(ranks == rank).mean(axis=0) for rank in range(1, n + 1)], axis=1)
    low, median, high = np.percentile(ranks, [5, 50, 95], axis=0, method="nearest").astype(np.int64)
    beats = (values[:, :, None] > values[:, None, :]).mean(axis=0)
    return RankUncertainty(acceptability, beats, low, median, high)
