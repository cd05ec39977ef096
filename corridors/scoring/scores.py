"""Scores a planner can defend: three dimensions kept apart, a fixed regional reference, nothing counted twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from corridors.catalogue.cutoff_names import inside_name
from corridors.catalogue.measure import Dimension
from corridors.catalogue.measures import MEASURES
from corridors.errors import ScoringError

Float = npt.NDArray[np.float64]

LOW_PERCENTILE, HIGH_PERCENTILE = 5, 95
POCKET_PERCENTILE = 80
LEAST_SCORE = 1.0  # a geometric mean lets one zero decide everything; scores below 1 of 100 count as 1 in it
T_MEAN, T_DEVIATION = 50.0, 10.0  # z-scores are shown on the familiar T scale, cut to 0-100

NORMALISATIONS = ("robust min-max", "z-score", "rank")  # the first is the run's own, the others its variants
COMBINATIONS = ("arithmetic", "geometric")
DIMENSIONS: tuple[Dimension, ...] = ("need", "opportunity", "connectivity")


@dataclass(frozen=True)
class Indicator:
    """One column of the zones that counts towards a dimension."""

    column: str
    dimension: str  # need, opportunity, connectivity
    title: str
    higher_is_more: bool = True
    logarithmic: bool = False  # counts that span orders of magnitude are scored on log(1 + x)


def _indicators(usual: bool) -> tuple[Indicator, ...]:
    return tuple(
        Indicator(one.column, dimension, one.title, scored.higher_is_more, scored.logarithmic)
        for dimension in DIMENSIONS
        for one in MEASURES
        if (scored := one.scored) and (scored.dimension, scored.usual) == (dimension, usual)
    )


INDICATORS = _indicators(usual=True)
OPTIONAL_INDICATORS = _indicators(usual=False)  # each would count something twice beside the usual ones
KNOWN_INDICATORS: Mapping[str, Indicator] = {one.column: one for one in (*INDICATORS, *OPTIONAL_INDICATORS)}

_DOMAINS = {"income_rate", "employment_rate", "education_score", "health_score", "crime_score", "barriers_score"}
_REFUSED_TOGETHER = (
    ({"imd_score"}, _DOMAINS, "the overall index is made of its domains (rank correlation with employment 0.946)"),
    ({"education_score"}, {"level4_share", "no_quals_share"}, "the education domain is made of qualifications"),
    ({"employment_rate"}, {"unemployment_share"}, "both measure being out of work; use one of them"),
    ({"access_gap"}, {"jobs_within_cutoff"}, "they are the same jobs, counted once as need and once as opportunity"),
)


def chosen_indicators(columns: Mapping[Dimension, Sequence[str]] | None) -> tuple[Indicator, ...]:
    """The indicators of a configuration (dimension -> columns), or the usual ones where it names none.

    Raises `ScoringError`, all problems at once: unknown or repeated columns, averaged ranks or deciles, the overall
    index beside its domains, and other pairs that count one thing twice. `jobs_within_45` is `jobs_within_cutoff`.
    """
    if not columns:
        return INDICATORS
    named = [(dimension, inside_name(column)) for dimension, group in columns.items() for column in group]
    problems = [problem for dimension, column in named for problem in _problems_of(dimension, column)]
    problems += _counted_twice([column for _, column in named])
    if problems:
        raise ScoringError("\n".join([f"scoring.indicators has {len(problems)} problem(s):", *problems]))
    kept = {
        dimension: [KNOWN_INDICATORS[inside_name(column)] for column in group] for dimension, group in columns.items()
    }
    usual = {dimension: [one for one in INDICATORS if one.dimension == dimension] for dimension in DIMENSIONS}
    return tuple(one for dimension in DIMENSIONS for one in kept.get(dimension, usual[dimension]))


def _problems_of(dimension: str, column: str) -> Iterator[str]:
    if column.endswith(("_rank", "_decile")):
        yield f"  {column}: ranks and deciles are never averaged; score the rate or score they were made from"
    elif column.startswith("barriers"):
        yield f"  {column}: the barriers domain contains distances to services; it can't stand beside measured access"
    elif column not in KNOWN_INDICATORS:
        yield f"  {column}: not an indicator; those known are {', '.join(KNOWN_INDICATORS)}"
    elif KNOWN_INDICATORS[column].dimension != dimension:
        yield f"  {column}: belongs to {KNOWN_INDICATORS[column].dimension}, not to {dimension}"


def _counted_twice(columns: Sequence[str]) -> list[str]:
    repeated = [f"  {column}: named twice" for column in dict.fromkeys(columns) if columns.count(column) > 1]
    together = [
        f"  {' and '.join(sorted(one & set(columns)))} beside {', '.join(sorted(other & set(columns)))}: {reason}"
        for one, other, reason in _REFUSED_TOGETHER
        if one & set(columns) and other & set(columns)
    ]
    return repeated + together


def weighted_mean(values: pd.Series, weights: pd.Series) -> float:
    """Mean of the values that are known, by weights (people); NaN where none is known or nobody is there."""
    known = values.notna() & (weights > 0)
    return float(np.average(values[known].astype(float), weights=weights[known])) if known.any() else float("nan")


def normalised(values: pd.Series, indicator: Indicator, method: str = NORMALISATIONS[0]) -> pd.Series:
    """0-100 by one of `NORMALISATIONS`; missing stays missing; 50 where all zones are alike.

    The reference is every zone of the region, so adding a corridor moves no score. Robust min-max runs from the 5th to
    the 95th percentile, clipped; z-scores are 50 + 10 z, clipped; ranks are mid-ranks in per cent of the zones.
    """
    scale = np.log1p(values) if indicator.logarithmic else values.astype(float)
    known = scale.dropna()
    if known.empty:
        return scale
    score = _on_scale(scale, known, method).clip(0, 100)
    return score if indicator.higher_is_more else 100 - score


def _on_scale(scale: pd.Series, known: pd.Series, method: str) -> pd.Series:
    if method == "rank":
        return ((scale.rank() - 0.5) / len(known)) * 100
    if method == "z-score":
        deviation = float(known.std(ddof=0))
        return T_MEAN + T_DEVIATION * (scale - known.mean()) / deviation if deviation > 0 else scale * 0 + 50
    low, high = np.percentile(known, [LOW_PERCENTILE, HIGH_PERCENTILE])
    return (scale - low) / (high - low) * 100 if high > low else scale * 0 + 50


def available(zones: pd.DataFrame, indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """The indicators that at least one zone has a value of."""
    return tuple(one for one in indicators if one.column in zones and zones[one.column].notna().any())


def combined_scores(scores: Float, combination: str, weights: Float | None = None) -> Float:
    """Weighted mean over the last axis of `scores` (..., n), arithmetic or geometric; NaN where one is NaN.

    `weights` (..., n) sum to 1 over the last axis, equal ones by default.
    """
    shares = np.full(scores.shape[-1], 1 / scores.shape[-1]) if weights is None else weights
    if combination == "geometric":
        return np.asarray(np.exp((np.log(np.maximum(scores, LEAST_SCORE)) * shares).sum(axis=-1)))
    return np.asarray((scores * shares).sum(axis=-1))


def dimension_scores(zones: pd.DataFrame, indicators: Sequence[Indicator] = INDICATORS) -> pd.DataFrame:
    """need, opportunity and connectivity (0-100) of every zone: equal weights inside a dimension.

    A dimension uses the indicators the data give; a zone that lacks one of them has no score (it is not imputed).
    """
    given = available(zones, indicators)
    scores = {dimension: _mean_score(zones, [i for i in given if i.dimension == dimension]) for dimension in DIMENSIONS}
    return pd.DataFrame(scores, index=zones.index)


def _mean_score(zones: pd.DataFrame, indicators: Sequence[Indicator]) -> Float:
    if not indicators:
        return np.full(len(zones), np.nan)
    columns = [normalised(zones[one.column], one).to_numpy(float) for one in indicators]
    return combined_scores(np.stack(columns, axis=-1), COMBINATIONS[0])


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


def indicator_correlations(zones: pd.DataFrame, indicators: Sequence[Indicator]) -> pd.DataFrame:
    """Spearman rank correlation over zones of every indicator with every other and with the dimension scores.

    Columns: indicator, title, dimension, then one per indicator and dimension. A weight is not an importance: an
    indicator that moves with the others counts for more than its weight, one that stands alone for less.
    """
    given = available(zones, indicators)
    columns = [*(one.column for one in given), *DIMENSIONS]
    ranks = zones[columns].astype(float).rank()
    correlations = ranks.corr().loc[[one.column for one in given]].reset_index(drop=True)
    heads = pd.DataFrame([(one.column, one.title, one.dimension) for one in given])
    return pd.concat([heads.set_axis(["indicator", "title", "dimension"], axis=1), correlations], axis=1)


def ranks_of(values: Float) -> npt.NDArray[np.int64]:
    """(..., n) ranks of the last axis, 1 = highest; equal values share the better rank, missing ones come last."""
    filled = np.where(np.isnan(values), -np.inf, values)
    return np.asarray(rankdata(-filled, method="min", axis=-1), dtype=np.int64)
