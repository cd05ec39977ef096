"""Statistics of inequality of access between residents, from arrays with one value and one weight (people) per zone.

PySAL's `inequality` has Gini and Theil for units of equal weight; the weighted forms here are checked against it with
equal weights. Sources: Haughton and Khandker, Handbook on Poverty and Inequality
(World Bank, 2009); O'Donnell et al., Analyzing Health Equity Using Household Survey Data (World Bank, 2008); Foster, Greer
and Thorbecke (1984); Erreygers (2009); Karner, Pereira and Farber on their use for transport.
"""

from typing import NamedTuple

import numpy as np

from corridors.scoring.scores import Float

POOR_SHARE, RICH_SHARE = 0.4, 0.1  # Palma: the worst-placed 40 % and the best-placed 10 %


class Curve(NamedTuple):
    """A curve of cumulative shares of values over cumulative shares of people, each from 0 to 1."""

    people: Float
    values: Float


def lorenz_curve(values: Float, weights: Float) -> Curve:
    """Share of all access that the worst-placed share of people have."""
    return concentration_curve(values, weights, values)


def concentration_curve(values: Float, weights: Float, order: Float) -> Curve:
    """Share of all access that the first share of people in ascending `order` have; zones of equal order count as one."""
    _, group = np.unique(order, return_inverse=True)
    people, amount = np.bincount(group, weights), np.bincount(group, weights * values)
    total = amount.sum()
    shares = np.cumsum(amount) / total if total else np.full(len(amount), np.nan)
    return Curve(
        np.concatenate([[0.0], np.cumsum(people) / people.sum()]),
        np.concatenate([[0.0], shares]),
    )


def gini(values: Float, weights: Float) -> float:
    """Gini coefficient: 0 = all have the same, towards 1 = one person has everything."""
    return _twice_area_below_diagonal(lorenz_curve(values, weights))


def concentration_index(values: Float, weights: Float, order: Float) -> float:
    """Concentration index: positive = access is concentrated among people late in `order`, negative = among those early in it.

    Twice the area between the diagonal and the concentration curve (O'Donnell et al. 2008, chapter 8), -1 to 1.
    """
    return _twice_area_below_diagonal(concentration_curve(values, weights, order))


def erreygers_index(values: Float, weights: Float, order: Float, low: float, high: float) -> float:
    """Concentration index of a measure bounded by `low` and `high`, comparable between populations (Erreygers 2009).

    4 mean / (high - low) times the concentration index.
    """
    mean = float(np.average(values - low, weights=weights))
    if mean == 0:
        return 0.0
    return 4 * mean / (high - low) * concentration_index(values - low, weights, order)


def _twice_area_below_diagonal(curve: Curve) -> float:
    return float(1 - np.sum(np.diff(curve.people) * (curve.values[1:] + curve.values[:-1])))


def theil(values: Float, weights: Float) -> float:
    """Theil's T: 0 = equal, at most ln(n) for n equal weights; zones with value 0 add nothing (0 ln 0 = 0)."""
    ratio = values / np.average(values, weights=weights)
    terms = np.where(ratio > 0, ratio * np.log(np.where(ratio > 0, ratio, 1.0)), 0.0)
    return float(np.average(terms, weights=weights))


def theil_between(values: Float, weights: Float, groups: np.ndarray) -> tuple[float, float]:
    """(between, within) parts of Theil's T for groups, given as each zone's group; they add up to it."""
    _, group = np.unique(groups, return_inverse=True)
    people, amount = np.bincount(group, weights).astype(float), np.bincount(group, weights * values)
    between = theil(np.divide(amount, people, out=np.zeros_like(amount), where=people > 0), people)
    return between, theil(values, weights) - between


def palma(values: Float, weights: Float) -> float:
    """Palma ratio: mean of the best-placed 10 % of people over the mean of the worst-placed 40 %; infinite where that is 0."""
    curve = lorenz_curve(values, weights)
    poor = float(np.interp(POOR_SHARE, curve.people, curve.values)) / POOR_SHARE
    rich = (1 - float(np.interp(1 - RICH_SHARE, curve.people, curve.values))) / RICH_SHARE
    return rich / poor if poor else float("inf")


def fgt(values: Float, weights: Float, line: float, aversion: int) -> float:
    """Foster-Greer-Thorbecke index by `aversion`: 0 = share of people below the line, 1 = mean shortfall, 2 = its mean square.

    Shortfalls are shares of the line; people at or above it have none.
    """
    below = values < line
    gap = np.where(below, (line - values) / line, 0.0)
    return float(np.average(np.where(below, gap**aversion, 0.0), weights=weights))


def weighted_fifth(values: Float, weights: Float) -> np.ndarray:
    """Fifth of people, (n,) 1-5 in ascending order of value, in which the middle person of each zone lies.

    Zones of equal value are in the same fifth.
    """
    distinct, group = np.unique(values, return_inverse=True)
    people = np.bincount(group, weights, minlength=len(distinct))
    middle = (np.cumsum(people) - people / 2) / people.sum()
    return np.asarray(np.minimum(np.floor(middle * 5).astype(int) + 1, 5)[group])
