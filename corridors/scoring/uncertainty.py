"""Uncertainty of corridors' scores over choices that could differ: catchments, methods, definitions, zones and weights.

`ScoreSpace` holds the zones' scores under every choice, `Draws` are random points of that space, and `evaluate` gives the
corridors' dimension scores at these points. After Saisana, Saltelli and Tarantola (2005) and the OECD/JRC Handbook (2008).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

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
METHOD_CHOICES: Mapping[str, str] = {
    "normalisation": "how indicators are put on one scale",
    "combination": "whether one dimension can make up for another",
    "left_out": "which indicators count",
}
VALUE_CHOICES: Mapping[str, str] = {
    "centre_set": "which centres count as strategic",
    "window": "which hours count",
    "technique": "how people walk and board, and where centres and zones' people are taken to be",
    "deprivation": "which edition of the deprivation figures counts",
    "sites": "where employment sites lie, and how large those of unknown size are",
}
CHOICES: Mapping[str, str] = {
    "catchment": "which zones belong to a corridor",
    **METHOD_CHOICES,
    **VALUE_CHOICES,
}
ZONES, WEIGHTS = "zones", "weights"
FACTORS: Mapping[str, str] = {
    **CHOICES,
    ZONES: "which zones happen to lie in the catchment (Bayesian bootstrap)",
    WEIGHTS: "what the three dimensions weigh",
}
MEASURES = (*DIMENSIONS, "combined")
_CHUNK = 1000


class ChosenScores(NamedTuple):
    """The zones' scores in one dimension under every combination of the choices that it hangs on."""

    rows: Mapping[
        str, Int
    ]  # choice -> (n_levels,) place of each level on the choice's axis; all 0 where it hangs on none
    scores: Float  # one axis per choice of `CHOICES` but the catchment, then (n_zones)

    def at(self, picks: Mapping[str, Int]) -> Float:
        """Scores at levels given by number, choice -> (n,): (n, n_zones)."""
        return np.asarray(self.scores[tuple(self.rows[choice][picks[choice]] for choice in self.rows)])


@dataclass(frozen=True)
class ScoreSpace:
    """The zones' scores under every combination of choices, and the people by whom corridors weight them."""

    corridor_ids: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]  # choice -> its levels, the run's own first
    zone_scores: Mapping[str, ChosenScores]  # dimension -> scores of the zones that any catchment holds
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


class ChosenValues(NamedTuple):
    """A column of the zones under every combination of the choices that it hangs on."""

    choices: tuple[str, ...]  # of `VALUE_CHOICES`, in their order
    values: Float  # (levels of the first choice, of the second, ..., n_zones)


@dataclass(frozen=True)
class Alternatives:
    """The alternatives of a run: other catchments, and other values of the columns that count towards scores."""

    members: Mapping[str, pd.Series]  # catchment -> zone ids, indexed by corridor id (repeated); the run's own first
    levels: Mapping[str, tuple[str, ...]]  # choice of `VALUE_CHOICES` -> its levels, the run's own first
    columns: Mapping[str, ChosenValues]  # column of the zones -> its values; the first of all levels are the run's own


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
        **{choice: tuple(alternatives.levels.get(choice, ("own",))) for choice in VALUE_CHOICES},
    }
    needed = zones.index.isin(np.concatenate([ids.to_numpy(object) for ids in alternatives.members.values()]))
    scores: dict[str, ChosenScores] = {
        dimension: _chosen_scores(
            zones, [one for one in given if one.dimension == dimension], alternatives.columns, levels, needed
        )
        for dimension in DIMENSIONS
    }
    people = _member_people(zones["population"].fillna(0.0), corridor_ids, alternatives.members)
    return ScoreSpace(
        corridor_ids=tuple(corridor_ids),
        levels=levels,
        zone_scores=scores,
        people=np.ascontiguousarray(people[..., needed]),
        mix=np.asarray(mix, float),
        gap=gap,
    )


def _chosen_scores(
    zones: pd.DataFrame,
    indicators: Sequence[Indicator],
    columns: Mapping[str, ChosenValues],
    levels: Mapping[str, Sequence[str]],
    needed: npt.NDArray[np.bool_],
) -> ChosenScores:
    """Scores of one dimension; an axis has one place where the dimension hangs on no level of its choice."""
    left_out = ["none", *(one.column for one in indicators)] if len(indicators) > 1 else ["none"]
    values = {one.column: _on_all_axes(zones[one.column], columns.get(one.column)) for one in indicators}
    rows = {choice: np.zeros(len(levels[choice]), np.int64) for choice in CHOICES if choice != "catchment"}
    rows["left_out"] = np.array([left_out.index(one) if one in left_out else 0 for one in levels["left_out"]])
    for choice in {choice for one in values if one in columns for choice in columns[one].choices}:
        rows[choice] = np.arange(len(levels[choice]))
    for choice in ("normalisation", "combination"):
        rows[choice] = np.arange(len(levels[choice]))
    by_method = []
    for normalisation in levels["normalisation"]:
        scaled = {one.column: _scaled(values[one.column], one, normalisation)[..., needed] for one in indicators}
        by_method += [
            _combined(scaled, [one.column for one in _without(indicators, without)], combination, int(needed.sum()))
            for combination, without in product(levels["combination"], left_out)
        ]
    shape = (len(levels["normalisation"]), len(levels["combination"]), len(left_out))
    table = np.stack(np.broadcast_arrays(*by_method))
    return ChosenScores(rows, np.ascontiguousarray(table.reshape(*shape, *table.shape[1:])))


def _on_all_axes(own: pd.Series, chosen: ChosenValues | None) -> Float:
    """A column with an axis for each of `VALUE_CHOICES`, then (n_zones); one place long where it hangs on none."""
    if chosen is None:
        return np.asarray(own, float).reshape(*(1 for _ in VALUE_CHOICES), -1)
    sizes = dict(zip(chosen.choices, chosen.values.shape, strict=False))
    return chosen.values.reshape(*(sizes.get(choice, 1) for choice in VALUE_CHOICES), -1)


def _scaled(values: Float, indicator: Indicator, normalisation: str) -> Float:
    flat = values.reshape(-1, values.shape[-1])
    return np.stack([normalised(row, indicator, normalisation) for row in flat]).reshape(values.shape)


def _combined(scaled: Mapping[str, Float], columns: Sequence[str], combination: str, n_zones: int) -> Float:
    if not columns:
        return np.full((*(1 for _ in VALUE_CHOICES), n_zones), np.nan)
    parts = np.broadcast_arrays(*(scaled[column] for column in columns))
    return combined_scores(np.stack(parts, axis=-1), combination)


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
    every = np.stack([draws.picks[choice] for choice in CHOICES])
    code = np.ravel_multi_index(tuple(every), tuple(every.max(axis=1, initial=0) + 1))
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    picks = every[:, first]
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
    others = {choice: levels for choice, levels in draws.picks.items() if choice != "catchment"}
    same_levels = all((levels == levels[0]).all() for levels in others.values())
    chosen = {choice: levels[:1] for choice, levels in others.items()} if same_levels else others
    n_catchments, n_corridors, n_zones = space.people.shape
    people = space.people.reshape(n_catchments * n_corridors, n_zones).T

    def corridor_sums(amounts: Float) -> Float:
        sums = (amounts @ people).reshape(-1, n_catchments, n_corridors)
        return np.asarray(np.broadcast_to(sums, (len(draws), *sums.shape[1:]))[rows, draws.picks["catchment"]])

    rows, counted = np.arange(len(draws)), np.asarray(draws.zones, float)
    all_people = corridor_sums(counted)
    values = np.full((len(draws), n_corridors, len(DIMENSIONS)), np.nan)
    for d, dimension in enumerate(DIMENSIONS):
        scores, total = space.zone_scores[dimension].at(chosen), all_people
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
