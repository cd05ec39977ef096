"""Scores of zones and corridors in three separate dimensions, on a scale fixed by the region's zones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridors.catalogue.cutoff_names import inside_name
from corridors.catalogue.measure import Dimension
from corridors.catalogue.measures import MEASURES
from corridors.errors import ScoringError

Float = npt.NDArray[np.float64]

LOW_PERCENTILE, HIGH_PERCENTILE = 5, 95
POCKET_PERCENTILE = 80
LEAST_SCORE = 1.0  # lower scores count as this in a geometric mean, which a single zero would make zero
T_MEAN, T_DEVIATION = 50.0, 10.0  # z-scores are put on the T scale, clipped to 0-100

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
OPTIONAL_INDICATORS = _indicators(usual=False)  # each counts something that the usual ones count already
KNOWN_INDICATORS: Mapping[str, Indicator] = {one.column: one for one in (*INDICATORS, *OPTIONAL_INDICATORS)}

_DOMAINS = {"income_rate", "employment_rate", "education_score", "health_score", "crime_score", "barriers_score"}
_REFUSED_TOGETHER = (
    ({"imd_score"}, _DOMAINS, "the overall index is made of its domains (rank correlation with employment 0.946)"),
    ({"education_score"}, {"level4_share", "no_quals_share"}, "the education domain is made of qualifications"),
    ({"employment_rate"}, {"unemployment_share"}, "both measure being out of work; use one of them"),
    ({"access_gap"}, {"jobs_within_cutoff"}, "they are the same jobs, counted once as need and once as opportunity"),
)


def chosen_indicators(columns: Mapping[Dimension, Sequence[str]] | None) -> tuple[Indicator, ...]:
    """The indicators that a configuration names (dimension -> columns), and the usual ones for dimensions that it leaves out.

    Raises `ScoringError` that lists every problem: unknown or repeated columns, ranks or deciles, the overall index beside
    its domains, and other pairs that count one thing twice. `jobs_within_45` stands for `jobs_within_cutoff`.
    """
    if not columns:
        return INDICATORS
    pairs = [(dimension, inside_name(column)) for dimension, group in columns.items() for column in group]
    problems = [problem for dimension, column in pairs for problem in _problems_of(dimension, column)]
    problems += _counted_twice([column for _, column in pairs])
    if problems:
        raise ScoringError("\n".join([f"scoring.indicators has {len(problems)} problem(s):", *problems]))
    by_dimension = {
        dimension: [KNOWN_INDICATORS[inside_name(column)] for column in group] for dimension, group in columns.items()
    }
    usual = {dimension: [one for one in INDICATORS if one.dimension == dimension] for dimension in DIMENSIONS}
    return tuple(one for dimension in DIMENSIONS for one in by_dimension.get(dimension, usual[dimension]))


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


def weighted_mean(values: pd.Series | Float, weights: pd.Series | Float) -> float:
    """Mean of the known values, weighted by `weights` (people) in the same order; NaN where none is known with weight."""
    amounts, shares = np.asarray(values, float), np.asarray(weights, float)
    known = ~np.isnan(amounts) & (shares > 0)
    return float(np.average(amounts[known], weights=shares[known])) if known.any() else float("nan")


def weighted_quantile(values: Float, weights: Float, share: float) -> float:
    """The smallest value such that values up to it have at least `share` (0-1) of the weight."""
    ascending = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[ascending]) >= share * weights.sum() - 1e-9
    return float(values[ascending][reached.argmax()])


def normalised(values: pd.Series | Float, indicator: Indicator, method: str = NORMALISATIONS[0]) -> Float:
    """The zones' values of an indicator as scores 0-100, by one of `NORMALISATIONS`; NaN stays NaN; 50 where all are equal.

    The reference is all zones of the region, so adding a corridor changes no score. Robust min-max runs from the 5th to the
    95th percentile, clipped; z-scores are 50 + 10 z, clipped; ranks are mid-ranks in per cent of the zones.
    """
    scale = np.asarray(values, float)
    scale = np.log1p(scale) if indicator.logarithmic else scale
    known = scale[~np.isnan(scale)]
    if not known.size:
        return scale
    score = np.clip(_on_scale(scale, known, method), 0, 100)
    return score if indicator.higher_is_more else 100 - score


def _on_scale(scale: Float, known: Float, method: str) -> Float:
    if method == "rank":
        ranks = np.full(len(scale), np.nan)
        ranks[~np.isnan(scale)] = pd.Series(known).rank()
        return (ranks - 0.5) / len(known) * 100
    if method == "z-score":
        deviation = float(known.std())
        return T_MEAN + T_DEVIATION * (scale - known.mean()) / deviation if deviation > 0 else scale * 0 + 50
    low, high = np.percentile(known, [LOW_PERCENTILE, HIGH_PERCENTILE])
    return (scale - low) / (high - low) * 100 if high > low else scale * 0 + 50


def available(zones: pd.DataFrame, indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """The indicators of which at least one zone has a value."""
    return tuple(one for one in indicators if one.column in zones and zones[one.column].notna().any())


def combined_scores(scores: Float, combination: str, weights: Float | None = None) -> Float:
    """Weighted mean of `scores` (..., n) over the last axis, arithmetic or geometric by `combination`; NaN where one is NaN.

    `weights` (..., n) sum to 1 over the last axis, equal ones by default.
    """
    shares = np.full(scores.shape[-1], 1 / scores.shape[-1]) if weights is None else weights
    if combination == "geometric":
        return np.asarray(np.exp((np.log(np.maximum(scores, LEAST_SCORE)) * shares).sum(axis=-1)))
    return np.asarray((scores * shares).sum(axis=-1))


def dimension_scores(zones: pd.DataFrame, indicators: Sequence[Indicator] = INDICATORS) -> pd.DataFrame:
    """Scores 0-100 of every zone in need, opportunity and connectivity: the means of the dimension's indicators.

    A dimension uses the indicators that any zone has; a zone that lacks one of them has no score (it is not imputed).
    """
    given = available(zones, indicators)
    scores = {dimension: _mean_score(zones, [i for i in given if i.dimension == dimension]) for dimension in DIMENSIONS}
    return pd.DataFrame(scores, index=zones.index)


def _mean_score(zones: pd.DataFrame, indicators: Sequence[Indicator]) -> Float:
    if not indicators:
        return np.full(len(zones), np.nan)
    columns = [normalised(zones[one.column], one) for one in indicators]
    return combined_scores(np.stack(columns, axis=-1), COMBINATIONS[0])


def corridor_scores(scores: pd.DataFrame, people: pd.Series, members: Sequence[str]) -> dict[str, float]:
    """Means of the zones' scores in a corridor, weighted by people, and the share of its people who live in pockets.

    A pocket is a zone above the regional 80th percentile of that dimension, which a mean would hide. Keys: `need`,
    `need_pocket_share` and so on.
    """
    figures: dict[str, float] = {}
    rows = scores.index.get_indexer(pd.Index(members))
    weights = people.to_numpy(float)[rows]
    for dimension in DIMENSIONS:
        values = scores[dimension].to_numpy(float)
        known, inside = values[~np.isnan(values)], values[rows]
        threshold = np.percentile(known, POCKET_PERCENTILE) if known.size else np.nan
        figures[dimension] = weighted_mean(inside, weights)
        pocket = np.where(np.isnan(inside), np.nan, inside > threshold)
        figures[f"{dimension}_pocket_share"] = weighted_mean(pocket, weights)
    return figures


def indicator_correlations(zones: pd.DataFrame, indicators: Sequence[Indicator]) -> pd.DataFrame:
    """Spearman rank correlations over zones of every indicator with the others and with the dimension scores.

    Columns: indicator, title, dimension, then one per indicator and dimension. An indicator that correlates with the others
    counts for more than its weight, and one that does not for less.
    """
    given = available(zones, indicators)
    columns = [*(one.column for one in given), *DIMENSIONS]
    ranks = zones[columns].astype(float).rank()
    correlations = ranks.corr().loc[[one.column for one in given]].reset_index(drop=True)
    rows = [(one.column, one.title, one.dimension) for one in given]
    return pd.concat([pd.DataFrame(rows, columns=["indicator", "title", "dimension"]), correlations], axis=1)


def ranks_of(values: Float) -> npt.NDArray[np.int64]:
    """Ranks along the last axis, (..., n), 1 = highest; equal values share the better rank, NaN comes last.

    As `scipy.stats.rankdata` with `method="min"`, which takes a second to import.
    """
    filled = np.where(np.isnan(values), -np.inf, values)
    order = np.argsort(-filled, axis=-1)
    ordered = np.take_along_axis(filled, order, axis=-1)
    first = np.concatenate([np.ones_like(ordered[..., :1], bool), ordered[..., 1:] != ordered[..., :-1]], axis=-1)
    places = np.maximum.accumulate(np.where(first, np.arange(1, filled.shape[-1] + 1), 1), axis=-1)
    ranks = np.empty_like(places)
    np.put_along_axis(ranks, order, places, axis=-1)
    return ranks
