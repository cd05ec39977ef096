"""Ranks under uncertainty: shares of draws by rank and by pair, and the words for them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corridors.scoring.scores import Float, ranks_of

Int = npt.NDArray[np.int64]

ROBUST, LIKELY = 0.9, 0.66
INTERVAL_PERCENT = (5, 50, 95)  # 90 % rank interval with its middle
_Z95 = 1.959964  # of the normal distribution, for 95 %
PRESET_CONCENTRATION = 20.0  # Dirichlet(20 w): weights within about 10 points of the preset's in two draws of three


@dataclass(frozen=True)
class RankUncertainty:
    """Ranks of alternatives over many draws."""

    acceptability: Float  # (n_alternatives, n_ranks) share of draws in which an alternative takes a rank
    beats: Float  # (n_alternatives, n_alternatives) share of draws in which row scores above column, ties half
    low: Int  # 90 % rank interval
    median: Int
    high: Int


def rank_uncertainty(values: Float) -> RankUncertainty:
    """Rank uncertainty (1 = highest) of alternatives from their values in each draw, (n_draws, n_alternatives)."""
    ranks = ranks_of(values)
    numbers = range(1, values.shape[1] + 1)
    acceptability = np.stack([(ranks == rank).mean(axis=0) for rank in numbers], axis=1)
    low, median, high = np.percentile(ranks, INTERVAL_PERCENT, axis=0, method="nearest").astype(np.int64)
    above = ranks[:, :, None] < ranks[:, None, :]
    equal = ranks[:, :, None] == ranks[:, None, :]
    return RankUncertainty(acceptability, (above + 0.5 * equal).mean(axis=0), low, median, high)


def weight_draws(n: int, draws: int, rng: np.random.Generator, near: Float | None = None) -> Float:
    """Random weights that sum to 1, (draws, n): every mix is equally likely, or they are close to the weights `near`, (n,)."""
    concentration = np.ones(n) if near is None else np.maximum(PRESET_CONCENTRATION * near, 1e-3)
    return rng.dirichlet(concentration, draws)


def rank_acceptability(criteria: Float, draws: int, seed: int, near: Float | None = None) -> RankUncertainty:
    """Rank uncertainty (1 = highest) of alternatives under random weights, after SMAA-2 (Lahdelma and Salminen, 2001).

    `criteria` is (n_alternatives, n_criteria) on one scale, higher = more; weights are those of `weight_draws`. Only weights
    are uncertain here; `corridors.scoring.uncertainty` covers data and boundaries too.
    """
    weights = weight_draws(criteria.shape[1], draws, np.random.default_rng(seed), near)
    return rank_uncertainty(weights @ criteria.T)


def monte_carlo_error(share: float, draws: int) -> float:
    """Monte Carlo error of a share of `draws`: half of its 95 % interval (Wilson, 1927).

    Another seed gives a share within it 19 times in 20. Never 0, not even where every draw agrees.
    """
    spread = share * (1 - share) / draws + _Z95**2 / (4 * draws**2)
    return float(_Z95 / (1 + _Z95**2 / draws) * np.sqrt(spread))


def verdict(beats: float, error: float = 0.0) -> str:
    """The word for the share of draws in which one alternative beats another: robust, likely or not distinguishable.

    Where its Monte Carlo `error` leaves room for two words, it is between them, so that no word hangs on the seed.
    """
    if np.isnan(beats):
        return "not known"
    most = max(beats, 1 - beats)
    upper, lower = _word(most + error), _word(most - error)
    return upper if upper == lower else f"between {upper} and {lower}"


def _word(share: float) -> str:
    rounded = round(share, 9)  # 1 - 0.34 is slightly below 0.66
    if rounded >= ROBUST:
        return "robust"
    return "likely" if rounded >= LIKELY else "not distinguishable"


def draws_in_words(share: float) -> str:
    """ "71 % of draws"; "over 99 %" and "under 1 %" where a whole number would claim all or none, which only they do."""
    if share in {0.0, 1.0}:
        return "every draw" if share else "no draw"
    percent = round(share * 100)
    return f"{'under 1' if percent < 1 else 'over 99' if percent > 99 else percent} % of draws"


def dominates(criteria: Float) -> npt.NDArray[np.bool_]:
    """Whether row is at least as high as column on every criterion and higher on one, (..., n, n).

    `criteria` is (..., n_alternatives, n_criteria), all with higher = more.
    """
    one, other = criteria[..., :, None, :], criteria[..., None, :, :]
    return np.asarray((one >= other).all(axis=-1) & (one > other).any(axis=-1))
