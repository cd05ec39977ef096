"""Measures by worked examples and by what they promise; against PySAL's `access` where it is installed."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.errors import MeasureError
from accessibility.legs import Float, Int32
from accessibility.measures.decay import Binary, Decay, Exponential, Linear, Logistic, Power, Seconds, Stepped
from accessibility.measures.opportunities import (
    balanced_floating_catchment,
    cumulative_cutoff,
    cumulative_interval,
    gravity,
    opportunities_within_reach,
    spatial_availability,
    time_to_nearest,
    time_to_opportunities,
    two_step_floating_catchment,
)
from accessibility.search.spec import UNREACHED

# Three homes, three shops; nobody gets from the third home anywhere.
MINUTES = np.array([[10, 20, 40], [30, 5, UNREACHED / 60], [UNREACHED / 60] * 3])
SECONDS: Int32 = np.where(MINUTES == UNREACHED / 60, UNREACHED, MINUTES * 60).astype(np.int32)
NAN_SECONDS: Float = np.where(SECONDS == UNREACHED, np.nan, SECONDS)  # as `TravelTimes.percentile_s` says it
SHOPS = [1.0, 2.0, 4.0]
PEOPLE = [100.0, 300.0, 50.0]
DECAYS: list[Decay] = [
    Binary(1800),
    Linear(1800),
    Exponential(1800),
    Logistic(1800, 600),
    Power(1.5),
    Stepped((900, 1800, 2700), (1.0, 0.68, 0.22)),
]
by_name = pytest.mark.parametrize("decay", DECAYS, ids=lambda decay: type(decay).__name__)


def at(decay: Decay, minutes: float) -> float:
    return float(decay(np.array([round(60 * minutes)], np.int32))[0])


@by_name
@given(seconds=st.lists(st.integers(0, UNREACHED), min_size=2, max_size=30))
def test_no_decay_rises_or_leaves_0_to_1(decay: Decay, seconds: list[int]) -> None:
    weights = decay(np.sort(np.array(seconds, np.int32)))
    assert ((weights >= 0) & (weights <= 1)).all()
    assert (np.diff(weights) <= 0).all()


@by_name
def test_every_decay_is_1_at_the_door_0_where_unreached_and_keeps_the_shape(decay: Decay) -> None:
    weights = decay(np.array([[0, UNREACHED]], np.int32))
    assert weights.tolist() == [[1.0, 0.0]]
    assert weights.dtype == np.float64


def test_decays_by_hand() -> None:
    assert [at(Binary(1800), m) for m in (29, 30, 31)] == [1, 1, 0]
    assert [at(Linear(1800), m) for m in (15, 30, 45)] == [0.5, 0, 0]
    assert at(Exponential(1800), 30) == pytest.approx(math.exp(-1))
    assert [at(Power(2), m) for m in (0.5, 1, 10)] == pytest.approx([1, 1, 0.01])
    assert [at(Stepped((900, 1800), (1.0, 0.4)), m) for m in (15, 16, 30, 31)] == [1, 0.4, 0.4, 0]
    # At its turning point the curve is at half its height, which is a little over 1 before scaling.
    start = 1 / (1 + math.exp(-30 * math.pi / (10 * math.sqrt(3))))
    assert at(Logistic(1800, 600), 30) == pytest.approx(0.5 / start)


def test_decays_refuse_what_would_break_their_contract() -> None:
    for broken in (
        lambda: Binary(0),
        lambda: Exponential(-1),
        lambda: Power(math.nan),
        lambda: Logistic(1800, 0),
        lambda: Stepped((900,), (1.0, 0.5)),
        lambda: Stepped((900, 800), (1.0, 0.5)),
        lambda: Stepped((900, 1800), (0.5, 1.0)),
        lambda: Stepped((900,), (1.5,)),
    ):
        with pytest.raises(MeasureError):
            broken()


def test_what_is_reached_within_a_cutoff_is_added_up() -> None:
    assert cumulative_cutoff(SECONDS, SHOPS, 1200).tolist() == [3, 2, 0]
    assert cumulative_cutoff(SECONDS, SHOPS, 1199).tolist() == [1, 2, 0]
    assert cumulative_cutoff(SECONDS, SHOPS, 10**9).tolist() == [7, 3, 0]


def test_an_interval_is_the_mean_of_its_cutoffs() -> None:
    cutoffs = (600, 1200, 1800)
    by_hand = np.mean([cumulative_cutoff(SECONDS, SHOPS, cutoff) for cutoff in cutoffs], axis=0)
    assert cumulative_interval(SECONDS, SHOPS, (600, 1800), step_s=600) == pytest.approx(by_hand)
    assert cumulative_interval(SECONDS, SHOPS, (1200, 1200)).tolist() == [3, 2, 0]


def test_gravity_weighs_by_the_way() -> None:
    assert gravity(SECONDS, SHOPS, Linear(2400)) == pytest.approx([0.75 + 2 * 0.5, 0.25 + 2 * 0.875, 0])
    assert gravity(SECONDS, SHOPS, Binary(1200)).tolist() == cumulative_cutoff(SECONDS, SHOPS, 1200).tolist()


def test_shares_of_departures_are_weights_too() -> None:
    # From the first home the third shop is reached by one departure in four: it counts a quarter.
    assert opportunities_within_reach(np.array([[1.0, 0.5, 0.25]]), SHOPS).tolist() == [1 + 1 + 1]


@pytest.mark.parametrize("seconds", [SECONDS, NAN_SECONDS], ids=["unreached", "nan"])
def test_the_kth_nearest(seconds: Seconds) -> None:
    expected = [[600, 300, None], [1200, 1800, None], [2400, None, None], [None] * 3]
    assert [_said(time_to_nearest(seconds, k)) for k in (1, 2, 3, 4)] == expected


@pytest.mark.parametrize("seconds", [SECONDS, NAN_SECONDS], ids=["unreached", "nan"])
def test_the_time_to_enough_opportunities(seconds: Seconds) -> None:
    expected = [[600, 300, None], [1200, 1800, None], [2400, None, None]]
    assert [_said(time_to_opportunities(seconds, SHOPS, amount)) for amount in (1, 3, 3.5)] == expected
    assert _said(time_to_opportunities(seconds[:, :0], [], 1)) == [None] * 3


def _said(seconds: Float) -> list[float | None]:
    """None for NaN, which equals nothing."""
    return [None if np.isnan(value) else float(value) for value in seconds]


@by_name
def test_measures_take_nan_and_unreached_for_the_same(decay: Decay) -> None:
    assert (decay(NAN_SECONDS) == decay(SECONDS)).all()
    assert cumulative_cutoff(NAN_SECONDS, SHOPS, 1800).tolist() == cumulative_cutoff(SECONDS, SHOPS, 1800).tolist()
    both = [cumulative_interval(one, SHOPS, (600, 2400), 300).tolist() for one in (NAN_SECONDS, SECONDS)]
    assert both[0] == both[1]


tables = st.integers(1, 5).flatmap(
    lambda n: st.lists(
        st.lists(st.one_of(st.integers(0, 7200), st.just(UNREACHED)), min_size=n, max_size=n), min_size=1, max_size=5
    )
)


@settings(deadline=None)
@given(tables, st.integers(1, 8), st.data())
def test_the_time_to_an_amount_is_the_first_cutoff_that_reaches_it(
    rows: list[list[int]], amount: int, data: st.DataObject
) -> None:
    seconds = np.array(rows, np.int32)
    n = seconds.shape[1]
    shops = data.draw(st.lists(st.integers(0, 4), min_size=n, max_size=n))
    for origin, at_s in enumerate(time_to_opportunities(seconds, shops, amount)):
        if np.isnan(at_s):
            assert cumulative_cutoff(seconds, shops, UNREACHED - 1)[origin] < amount
        else:
            assert cumulative_cutoff(seconds, shops, max(int(at_s), 0.5))[origin] >= amount
            assert at_s == 0 or cumulative_cutoff(seconds, shops, at_s - 0.5)[origin] < amount


def test_two_steps_by_hand() -> None:
    # Within 30 min shop 0 is reached by 400 people, shop 1 by 400, shop 2 by nobody.
    ratios = two_step_floating_catchment(Binary(1800)(SECONDS), SHOPS, PEOPLE)
    assert ratios == pytest.approx([1 / 400 + 2 / 400, 1 / 400 + 2 / 400, 0])


def test_balanced_catchments_by_hand() -> None:
    # Both homes reach shops 0 and 1 alike: each person is half a customer of each, each shop is shared half and half.
    ratios = balanced_floating_catchment(Binary(1800)(SECONDS), SHOPS, PEOPLE)
    assert ratios == pytest.approx([(1 / 200 + 2 / 200) / 2] * 2 + [0])


def test_availability_by_hand() -> None:
    # 100 and 300 people compete for 1 + 2 shops: a quarter and three quarters.
    assert spatial_availability(Binary(1800)(SECONDS), SHOPS, PEOPLE) == pytest.approx([0.75, 2.25, 0])


@settings(deadline=None)
@given(tables, st.data())
def test_competition_adds_up_to_what_there_is(rows: list[list[int]], data: st.DataObject) -> None:
    weights = Linear(7200)(np.array(rows, np.int32))
    amounts = st.integers(1, 50)
    supply = np.array(data.draw(st.lists(amounts, min_size=weights.shape[1], max_size=weights.shape[1])), float)
    demand = np.array(data.draw(st.lists(amounts, min_size=len(weights), max_size=len(weights))), float)
    anybody = weights.sum(axis=0) > 0
    assert spatial_availability(weights, supply, demand).sum() == pytest.approx(supply[anybody].sum())
    used = demand @ two_step_floating_catchment(weights, supply, demand)[:, None]
    assert used[0] == pytest.approx(supply[anybody].sum())
    of_origin = np.nan_to_num(
        weights / np.where(weights.sum(axis=1, keepdims=True) > 0, weights.sum(axis=1, keepdims=True), 1)
    )
    served = demand @ of_origin
    ratios = np.divide(supply, served, out=np.zeros_like(supply), where=served > 0)
    assert balanced_floating_catchment(weights, supply, demand).sum() == pytest.approx(ratios.sum())


def test_measures_name_what_they_cant_take() -> None:
    with pytest.raises(MeasureError, match=r"opportunities: 1 of 3 are missing or below 0, first number 1"):
        cumulative_cutoff(SECONDS, [1, np.nan, 2], 1800)
    with pytest.raises(MeasureError, match=r"expected 3 numbers"):
        cumulative_cutoff(SECONDS, [1, 2], 1800)
    with pytest.raises(MeasureError, match=r"between 0 and 1"):
        opportunities_within_reach(np.array([[2.0]]), [1])
    with pytest.raises(MeasureError, match=r"at least 1"):
        time_to_nearest(SECONDS, 0)
    with pytest.raises(MeasureError, match=r"0 < first <= last"):
        cumulative_interval(SECONDS, SHOPS, (1800, 600))
    with pytest.raises(MeasureError, match=r"above 0"):
        time_to_opportunities(SECONDS, SHOPS, 0)


def _random_region() -> tuple[Int32, Float, Float]:
    random = np.random.default_rng(7)
    seconds = random.integers(60, 3600, (12, 8)).astype(np.int32)
    seconds[random.random(seconds.shape) < 0.1] = UNREACHED
    return seconds, random.integers(1, 20, 8).astype(float), random.integers(10, 900, 12).astype(float)


def test_pysals_access_gives_the_same_catchments() -> None:
    fca = pytest.importorskip("access.fca", reason="PySAL's access is not installed")
    weights = pytest.importorskip("access.weights")
    seconds, supply, demand = _random_region()
    origin, destination = np.nonzero(seconds != UNREACHED)
    cost = pd.DataFrame({"origin": origin, "dest": destination, "cost": seconds[origin, destination]})
    people = pd.DataFrame({"geoid": range(12), "demand": demand})
    shops = pd.DataFrame({"supply": supply}, index=pd.Index(range(8), name="geoid"))
    steps = {900: 1.0, 1800: 0.68, 2700: 0.22}
    theirs = fca.two_stage_fca(people, shops, cost, weight_fn=weights.step_fn(steps), max_cost=2700)
    ours = two_step_floating_catchment(Stepped(tuple(steps), tuple(steps.values()))(seconds), supply, demand)
    assert ours == pytest.approx(theirs.reindex(range(12), fill_value=0).to_numpy())
    reached = fca.weighted_catchment(
        shops, cost, 1800, cost_source="dest", cost_dest="origin", loc_index=True, loc_value="supply"
    )
    assert cumulative_cutoff(seconds, supply, 1800) == pytest.approx(
        reached.reindex(range(12), fill_value=0).to_numpy()
    )
