"""Accessibility measures: one value per origin, from travel times or shares of departures and opportunities.

`seconds` are (n_origins, n_destinations) travel times, NaN or UNREACHED where unreached, such as
`TravelTimes.percentile_s`. `weights` are (n_origins, n_destinations) in 0-1: a decay of the times, or
`TravelTimes.share_within`, the share of departures that arrive in time; the latter gives the opportunities within reach
at an average moment. Destinations that are not reached add 0 to a sum. Names follow PySAL's `access` (Saxon et al., 2022)
and R's `accessibility` (Pereira and Herszenhut, 2022). All measures raise `MeasureError` for values out of range.
"""

import numpy as np
import numpy.typing as npt

from accessibility.errors import MeasureError
from accessibility.legs import Float
from accessibility.measures.decay import Binary, Decay, Seconds
from accessibility.search.spec import UNREACHED


def opportunities_within_reach(weights: Float, opportunities: npt.ArrayLike) -> Float:
    """(n_origins,) weighted sum of opportunities (n_destinations,)."""
    weights = _checked_weights(weights)
    reached: Float = weights @ _amounts("opportunities", opportunities, weights.shape[1])
    return reached


def cumulative_cutoff(seconds: Seconds, opportunities: npt.ArrayLike, cutoff_s: float) -> Float:
    """(n_origins,) sum of the opportunities (n_destinations,) within a cutoff (inclusive)."""
    return opportunities_within_reach(Binary(cutoff_s)(seconds), opportunities)


def cumulative_interval(
    seconds: Seconds, opportunities: npt.ArrayLike, interval_s: tuple[int, int], step_s: int = 60
) -> Float:
    """(n_origins,) mean of `cumulative_cutoff` over cutoffs `step_s` apart, from one end of the interval to the other.

    It depends less on the choice of one cutoff (Tomasiello, Herszenhut, Oliveira, Braga and Pereira, 2023).
    """
    shortest_s, longest_s = interval_s
    if not 0 < shortest_s <= longest_s or step_s < 1:
        raise MeasureError(
            f"interval {interval_s} s, step {step_s} s: expected 0 < first <= last and a step of 1 s or more"
        )
    cutoffs_s = np.arange(shortest_s, longest_s + 1, step_s)
    # A destination counts for every cutoff that is not shorter than the travel time to it.
    counted = len(cutoffs_s) - np.searchsorted(cutoffs_s, seconds, side="left")
    return opportunities_within_reach(counted / len(cutoffs_s), opportunities)


def gravity(seconds: Seconds, opportunities: npt.ArrayLike, decay: Decay) -> Float:
    """(n_origins,) sum of the opportunities (n_destinations,), weighted by `decay` of the travel time (Hansen, 1959)."""
    return opportunities_within_reach(decay(seconds), opportunities)


def time_to_nearest(seconds: Seconds, k: int = 1) -> Float:
    """(n_origins,) seconds to the `k`-th nearest destination, NaN if fewer than `k` are within reach."""
    if k < 1:
        raise MeasureError(f"k must be at least 1, not {k}")
    if seconds.shape[1] < k:
        return np.full(len(seconds), np.nan)
    nearest: Float = np.sort(seconds, axis=1)[:, k - 1].astype(float)  # NaN sorts last
    return _nan_where_unreached(nearest)


def time_to_opportunities(seconds: Seconds, opportunities: npt.ArrayLike, amount: float) -> Float:
    """(n_origins,) the shortest time in seconds within which `amount` or more opportunities are reached, NaN if never.

    This is dual access (Cui and Levinson, 2020), the inverse of `cumulative_cutoff`.
    """
    if not amount > 0:
        raise MeasureError(f"the amount of opportunities must be above 0, not {amount}")
    amounts = _amounts("opportunities", opportunities, seconds.shape[1])
    if not len(amounts):
        return np.full(len(seconds), np.nan)
    order = np.argsort(seconds, axis=1, kind="stable")
    enough = np.cumsum(amounts[order], axis=1) >= amount
    enough_at_s = np.take_along_axis(seconds, order, axis=1)[np.arange(len(seconds)), enough.argmax(axis=1)]
    return _nan_where_unreached(np.where(enough.any(axis=1), enough_at_s, UNREACHED))


def _nan_where_unreached(seconds: Seconds) -> Float:
    return np.where(seconds < UNREACHED, seconds, np.nan)  # the comparison is False for NaN


def two_step_floating_catchment(weights: Float, supply: npt.ArrayLike, demand: npt.ArrayLike) -> Float:
    """(n_origins,) supply per head within reach, by the two-step floating catchment area method (Luo and Wang, 2003).

    First, the supply of every destination (n_destinations,) is divided by the weighted demand (n_origins,) that reaches
    it. Then every origin gets the weighted sum of these ratios. A destination that nobody reaches adds 0.
    """
    weights = _checked_weights(weights)
    supplied, demanded = _supply_and_demand(weights, supply, demand)
    reached: Float = weights @ _ratio(supplied, demanded @ weights)
    return reached


def balanced_floating_catchment(weights: Float, supply: npt.ArrayLike, demand: npt.ArrayLike) -> Float:
    """(n_origins,) as `two_step_floating_catchment`, but without double counting (Paez, Higgins and Vivona, 2019).

    The demand of an origin is divided among the destinations it reaches, and the supply per head of a destination among
    the origins that reach it, in proportion to the weights. So the parts add up to the total demand and supply.
    """
    weights = _checked_weights(weights)
    supplied, demanded = _supply_and_demand(weights, supply, demand)
    share_of_origin = _ratio(weights, weights.sum(axis=1, keepdims=True))
    share_of_destination = _ratio(weights, weights.sum(axis=0, keepdims=True))
    balanced: Float = share_of_destination @ _ratio(supplied, demanded @ share_of_origin)
    return balanced


def spatial_availability(weights: Float, supply: npt.ArrayLike, demand: npt.ArrayLike) -> Float:
    """(n_origins,) supply available to each origin in competition with the others (Soukhov, Paez, Higgins and Mohamed, 2023).

    The supply of each destination is divided among the origins in proportion to demand times weight, so that the values
    add up to the total supply that is reached by anybody.
    """
    weights = _checked_weights(weights)
    supplied, demanded = _supply_and_demand(weights, supply, demand)
    claims = weights * demanded[:, None]
    available: Float = _ratio(claims, claims.sum(axis=0, keepdims=True)) @ supplied
    return available


def _supply_and_demand(weights: Float, supply: npt.ArrayLike, demand: npt.ArrayLike) -> tuple[Float, Float]:
    return _amounts("supply", supply, weights.shape[1]), _amounts("demand", demand, weights.shape[0])


def _ratio(amounts: Float, totals: Float) -> Float:
    """amounts / totals, 0 where the total is 0."""
    amounts, totals = np.broadcast_arrays(amounts, totals)
    return np.divide(amounts, totals, out=np.zeros(amounts.shape), where=totals > 0)


def _checked_weights(weights: Float) -> Float:
    weights = np.asarray(weights, float)
    if weights.ndim != 2 or not ((weights >= 0) & (weights <= 1)).all():
        raise MeasureError("weights must be a table (n_origins, n_destinations) of numbers between 0 and 1")
    return weights


def _amounts(what: str, values: npt.ArrayLike, n: int) -> Float:
    amounts = np.asarray(values, float)
    if amounts.shape != (n,):
        raise MeasureError(f"{what}: expected {n:,} numbers, one each, not an array of shape {amounts.shape}")
    bad = ~(np.isfinite(amounts) & (amounts >= 0))
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        raise MeasureError(
            f"{what}: {int(bad.sum()):,} of {n:,} are missing or below 0, first number {first} ({amounts[first]}); "
            "fill them (0 = none there) or leave their places out"
        )
    return amounts
