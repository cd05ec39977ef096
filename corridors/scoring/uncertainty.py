"""Uncertainty of corridors' scores over choices that could differ: catchments, methods, definitions, zones and weights.

`ScoreSpace` holds the zones' scores under every choice, `Draws` are random points of that space, and `evaluate` gives the
corridors' dimension scores at these points. After Saisana, Saltelli and Tarantola (2005) and the OECD/JRC Handbook (2008).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridors.scoring.ranks import Int, weight_draws
from corridors.scoring.scores import (
    COMBINATIONS,
    DIMENSIONS,
    NORMALISATIONS,
    Float,
    Indicator,
    available,
    combined_scores,
    normalised,
    ranks_of,
)

# Choice -> what is chosen, in words. The first level of each choice is the run's own.
CHOICES: Mapping[str, str] = {
    "catchment": "which zones belong to a corridor",
    "normalisation": "how indicators are put on one scale",
    "combination": "whether one dimension can make up for another",
    "left_out": "which indicators count",
    "centre_set": "which centres count as strategic",
    "window": "which hours count",
}
ZONES, WEIGHTS = "zones", "weights"
FACTORS: Mapping[str, str] = {
    **CHOICES,
    ZONES: "which zones happen to lie in the catchment (Bayesian bootstrap)",
    WEIGHTS: "what the three dimensions weigh",
}
MEASURES = (*DIMENSIONS, "combined")
_CHUNK = 1000


@dataclass(frozen=True)
class ScoreSpace:
    """The zones' scores under every combination of choices, and the people by whom corridors weight them."""

    corridor_ids: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]  # choice -> its levels, the run's own first
    zone_scores: Mapping[str, Float]  # dimension -> (one axis per choice but the catchment, n_zones)
    people: Float  # (n_catchments, n_corridors, n_zones) residents of member zones, 0 elsewhere
    mix: Float  # (3,) weights of the dimensions where a combined rank is asked for
    gap: bool  # whether the combined rank counts 100 - connectivity instead of connectivity


@dataclass(frozen=True)
class Draws:
    """Random points of a score space."""

    picks: Mapping[str, Int]  # choice -> (n_draws,) number of its level
    zones: npt.NDArray[np.floating]  # (n_draws, n_zones) or (1, n_zones): factor on each zone's people
    weights: Float  # (n_draws, 3)

    def __len__(self) -> int:
        return len(self.weights)

    def with_factor_of(self, other: "Draws", factor: str) -> "Draws":
        """These draws with one factor taken from `other`."""
        if factor == ZONES:
            return replace(self, zones=other.zones)
        if factor == WEIGHTS:
            return replace(self, weights=other.weights)
        return replace(self, picks={**self.picks, factor: other.picks[factor]})


@dataclass(frozen=True)
class Alternatives:
    """The alternatives of a run: other catchments, other sets of centres, other windows."""

    members: Mapping[str, pd.Series]  # catchment -> zone ids, indexed by corridor id (repeated); the run's own first
    access: Mapping[tuple[str, str], pd.DataFrame]  # (centre set, window) -> zone columns that differ; own first


def score_space(
    zones: pd.DataFrame,
    corridor_ids: Sequence[str],
    indicators: Sequence[Indicator],
    alternatives: Alternatives,
    mix: Float,
    gap: bool = True,
) -> ScoreSpace:
    """The zones' scores under every choice. `zones` has index zone_id, population and the indicators' columns."""
    given = available(zones, indicators)
    levels = {
        "catchment": tuple(alternatives.members),
        "normalisation": NORMALISATIONS,
        "combination": COMBINATIONS,
        "left_out": ("none", *(one.column for one in given)),
        "centre_set": tuple(dict.fromkeys(centre_set for centre_set, _ in alternatives.access)),
        "window": tuple(dict.fromkeys(window for _, window in alternatives.access)),
    }
    needed = zones.index.isin(np.concatenate([ids.to_numpy(object) for ids in alternatives.members.values()]))
    scores = {
        dimension: _dimension_scores(zones, [i for i in given if i.dimension == dimension], alternatives, levels)
        for dimension in DIMENSIONS
    }
    people = _member_people(zones["population"].fillna(0.0), corridor_ids, alternatives.members)
    return ScoreSpace(
        corridor_ids=tuple(corridor_ids),
        levels=levels,
        zone_scores={dimension: np.ascontiguousarray(table[..., needed]) for dimension, table in scores.items()},
        people=np.ascontiguousarray(people[..., needed]),
        mix=np.asarray(mix, float),
        gap=gap,
    )


def _dimension_scores(
    zones: pd.DataFrame,
    indicators: Sequence[Indicator],
    alternatives: Alternatives,
    levels: Mapping[str, Sequence[str]],
) -> Float:
    """Scores of one dimension, (normalisation, combination, left out, centre set, window, n_zones)."""
    columns = {one.column for one in indicators}
    usual = _method_scores(zones, indicators, levels)
    table = np.empty((*usual.shape[:-1], len(levels["centre_set"]), len(levels["window"]), len(zones)))
    for (centre_set, window), frame in alternatives.access.items():
        place = levels["centre_set"].index(centre_set), levels["window"].index(window)
        differs = columns & set(frame.columns)
        scores = _method_scores(zones.assign(**frame), indicators, levels) if differs else usual
        table[..., place[0], place[1], :] = scores
    return table


def _method_scores(zones: pd.DataFrame, indicators: Sequence[Indicator], levels: Mapping[str, Sequence[str]]) -> Float:
    """Scores of one dimension by method, (normalisation, combination, left out, n_zones)."""
    method = ("normalisation", "combination", "left_out")
    scaled = {
        (one.column, normalisation): normalised(zones[one.column], one, normalisation)
        for one in indicators
        for normalisation in levels["normalisation"]
    }
    scores = [
        combined_scores(
            np.stack([scaled[one.column, normalisation] for one in _without(indicators, left_out)], axis=-1),
            combination,
        )
        if indicators
        else np.full(len(zones), np.nan)
        for normalisation, combination, left_out in product(*(levels[choice] for choice in method))
    ]
    return np.reshape(scores, (*(len(levels[choice]) for choice in method), len(zones)))


def _without(indicators: Sequence[Indicator], left_out: str) -> list[Indicator]:
    """The indicators without one of them; all where it is the only one, as a dimension needs an indicator."""
    others = [one for one in indicators if one.column != left_out]
    return others or list(indicators)


def _member_people(people: pd.Series, corridor_ids: Sequence[str], members: Mapping[str, pd.Series]) -> Float:
    table = np.zeros((len(members), len(corridor_ids), len(people)))
    place = pd.Series(np.arange(len(people)), index=people.index)
    for c, ids in enumerate(members.values()):
        for k, corridor in enumerate(corridor_ids):
            inside = place[ids[ids.index == corridor]].to_numpy()
            table[c, k, inside] = people.to_numpy(float)[inside]
    return table


def draw(
    space: ScoreSpace, n: int, rng: np.random.Generator, varied: Collection[str], near: Float | None = None
) -> Draws:
    """`n` random points of a space in which only the factors of `varied` differ from the run's own.

    Levels of a choice are equally likely; zones get exponential weights, shared by all corridors that hold them (the
    Bayesian bootstrap, Rubin 1981); weights are uniform over all mixes, or close to `near`.
    """
    picks = {
        choice: rng.integers(0, len(levels), n) if choice in varied else np.zeros(n, np.int64)
        for choice, levels in space.levels.items()
    }
    n_zones = space.people.shape[-1]
    zones = rng.standard_exponential((n, n_zones), np.float32) if ZONES in varied else np.ones((1, n_zones))
    weights = weight_draws(3, n, rng, near) if WEIGHTS in varied else np.tile(space.mix, (n, 1))
    return Draws(picks, zones, weights)


def evaluate(space: ScoreSpace, draws: Draws) -> Float:
    """Corridors' scores in each draw, (n_draws, n_corridors, 4): need, opportunity, connectivity, combined; NaN = no score."""
    values = _dimensions(space, draws)
    oriented = values.copy()
    if space.gap:
        oriented[..., 2] = 100 - oriented[..., 2]
    weights = draws.weights[:, None, :]
    geometric = draws.picks["combination"][:, None] == COMBINATIONS.index("geometric")
    combined = np.where(
        geometric,
        combined_scores(oriented, "geometric", weights),
        combined_scores(oriented, "arithmetic", weights),
    )
    return np.concatenate([values, combined[..., None]], axis=-1)


def _dimensions(space: ScoreSpace, draws: Draws) -> Float:
    """Corridors' dimension scores, (n_draws, n_corridors, 3); draws of equal choices are evaluated once if zones don't vary."""
    if len(draws.zones) > 1:
        return np.concatenate([_evaluate(space, part) for part in _chunks(draws)])
    picks, inverse = np.unique(np.stack([draws.picks[choice] for choice in CHOICES]), axis=1, return_inverse=True)
    once = Draws(dict(zip(CHOICES, picks, strict=True)), draws.zones, np.zeros((picks.shape[1], len(DIMENSIONS))))
    return np.asarray(np.concatenate([_evaluate(space, part) for part in _chunks(once)])[inverse.ravel()])


def _chunks(draws: Draws) -> Iterator[Draws]:
    for start in range(0, len(draws), _CHUNK):
        part = slice(start, start + _CHUNK)
        yield Draws(
            {choice: levels[part] for choice, levels in draws.picks.items()},
            draws.zones[part] if len(draws.zones) > 1 else draws.zones,
            draws.weights[part],
        )


def _evaluate(space: ScoreSpace, draws: Draws) -> Float:
    """Corridors' dimension scores, (n_draws, n_corridors, 3), computed for all catchments, of which each draw takes its own."""
    axes = tuple(draws.picks[choice] for choice in CHOICES if choice != "catchment")
    same_levels = all((levels == levels[0]).all() for levels in axes)
    chosen = tuple(levels[:1] for levels in axes) if same_levels else axes
    n_catchments, n_corridors, n_zones = space.people.shape
    people = space.people.reshape(n_catchments * n_corridors, n_zones).T

    def corridor_sums(amounts: Float) -> Float:
        sums = (amounts @ people).reshape(-1, n_catchments, n_corridors)
        return np.asarray(np.broadcast_to(sums, (len(draws), *sums.shape[1:]))[rows, draws.picks["catchment"]])

    rows, counted = np.arange(len(draws)), np.asarray(draws.zones, float)
    all_people = corridor_sums(counted)
    values = np.full((len(draws), n_corridors, len(DIMENSIONS)), np.nan)
    for d, dimension in enumerate(DIMENSIONS):
        scores, total = space.zone_scores[dimension][chosen], all_people
        if np.isnan(scores).any():
            total = corridor_sums(~np.isnan(scores) * counted)
            scores = np.nan_to_num(scores)
        amounts = corridor_sums(scores * counted)
        np.divide(amounts, total, out=values[..., d], where=total > 0)
    return values


def total_effects(space: ScoreSpace, n: int, rng: np.random.Generator, near: Float | None = None) -> pd.DataFrame:
    """Total effect of each factor on the corridors' ranks, a share of their variance 0-1; index factor, columns measures.

    Sobol' total effects (Jansen's estimator, as in Saltelli et al. 2010) of the ranks, added up over corridors. They may sum
    to more than 1, as factors act together. NaN where no rank ever changes.
    """
    factors = [factor for factor in FACTORS if factor in {ZONES, WEIGHTS} or len(space.levels[factor]) > 1]
    one, other = (draw(space, n, rng, factors, near) for _ in range(2))
    base = ranks_of(np.moveaxis(evaluate(space, one), 1, -1)).astype(float)  # (n, measure, corridor)
    variance = base.var(axis=0).sum(axis=-1)
    effects = {}
    for factor in factors:
        moved = ranks_of(np.moveaxis(evaluate(space, one.with_factor_of(other, factor)), 1, -1))
        shift = ((base - moved) ** 2).mean(axis=0).sum(axis=-1) / 2
        effects[factor] = np.divide(shift, variance, out=np.full(len(MEASURES), np.nan), where=variance > 0)
    return pd.DataFrame.from_dict(effects, orient="index", columns=list(MEASURES)).rename_axis("choice")


def one_at_a_time(space: ScoreSpace) -> pd.DataFrame:
    """Scores and ranks where a single choice differs from the run's own: choice, level, corridor_id, measure, score, rank."""
    rows = []
    for choice, levels in space.levels.items():
        for number, level in enumerate(levels):
            if number == 0 and choice != "catchment":
                continue  # the run's own choices are already the first row of the catchments
            picks = {one: np.array([number if one == choice else 0]) for one in space.levels}
            values = evaluate(space, Draws(picks, np.ones((1, space.people.shape[-1])), space.mix[None, :]))[0]
            ranks = ranks_of(values.T)
            rows += [
                (choice, level, corridor, measure, values[k, m], ranks[m, k])
                for m, measure in enumerate(MEASURES)
                for k, corridor in enumerate(space.corridor_ids)
            ]
    return pd.DataFrame(rows, columns=["choice", "level", "corridor_id", "measure", "score", "rank"])
