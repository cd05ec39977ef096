"""Inequality: published worked numbers, closed forms, and PySAL where it measures the same."""

import numpy as np
import pytest

from corridors.equity.inequality import (
    concentration_curve,
    concentration_index,
    erreygers_index,
    fgt,
    gini,
    lorenz_curve,
    palma,
    theil,
    theil_between,
    weighted_fifth,
)
from corridors.scoring.scores import weighted_quantile

ONES = np.ones(4)


def test_poverty_measures_are_those_of_the_world_bank_handbook() -> None:
    """Haughton and Khandker (2009), chapter 4: country C has 100, 110, 150, 160 and the line is 125."""
    incomes = np.array([100.0, 110, 150, 160])
    assert fgt(incomes, ONES, 125, 0) == 0.5
    assert fgt(incomes, ONES, 125, 1) == pytest.approx(0.08)
    assert fgt(incomes, ONES, 125, 2) == pytest.approx(0.0136)


def test_whoever_is_on_the_line_is_not_below_it() -> None:
    assert [fgt(np.array([3.0, 3.0]), np.ones(2), 3, aversion) for aversion in (0, 1, 2)] == [0, 0, 0]


def test_the_concentration_index_is_that_of_the_world_banks_example() -> None:
    """O'Donnell et al. (2008), table 8.1: births and under-five mortality by wealth fifth, India 1982-92: -0.1694."""
    births = np.array([29_939.0, 28_776, 26_528, 24_689, 19_739])
    mortality = np.array([154.7, 152.9, 119.5, 86.9, 54.3])
    assert concentration_index(mortality, births, np.arange(5.0)) == pytest.approx(-0.1694, abs=5e-5)


@pytest.mark.parametrize("n", [2, 5, 100])
def test_when_one_has_everything(n: int) -> None:
    values, weights = np.array([0.0] * (n - 1) + [1.0]), np.ones(n)
    assert gini(values, weights) == pytest.approx(1 - 1 / n)
    assert theil(values, weights) == pytest.approx(np.log(n))


def test_when_all_have_the_same_nothing_is_unequal() -> None:
    values, weights = np.full(7, 3.0), np.arange(1.0, 8)
    assert gini(values, weights) == pytest.approx(0)
    assert theil(values, weights) == pytest.approx(0)
    assert concentration_index(values, weights, np.arange(7.0)) == pytest.approx(0)
    assert palma(values, weights) == pytest.approx(1)


def test_a_zone_of_three_people_counts_as_three_zones_of_one() -> None:
    values, weights = np.array([1.0, 4.0, 2.0]), np.array([3.0, 1.0, 2.0])
    each, ones = np.repeat(values, [3, 1, 2]), np.ones(6)
    for measure in (gini, theil, palma):
        assert measure(values, weights) == pytest.approx(measure(each, ones))
    assert fgt(values, weights, 2.5, 1) == pytest.approx(fgt(each, ones, 2.5, 1))


def test_gini_and_theil_are_pysals_where_units_count_alike() -> None:
    inequality = pytest.importorskip("inequality", reason="PySAL inequality is not installed")
    values, groups = np.random.default_rng(0).lognormal(size=50), np.repeat(np.arange(5), 10)
    assert gini(values, np.ones(50)) == pytest.approx(inequality.gini.Gini(values).g)
    ours, theirs = theil_between(values, np.ones(50), groups), inequality.theil.TheilD(values, groups)
    assert theil(values, np.ones(50)) == pytest.approx(float(np.ravel(theirs.T)[0]))
    assert ours == pytest.approx((float(np.ravel(theirs.bg)[0]), float(np.ravel(theirs.wg)[0])))


def test_theil_is_all_between_when_groups_are_uniform_and_all_within_when_they_are_alike() -> None:
    groups = np.array(["a", "a", "b", "b"])
    assert theil_between(np.array([1.0, 1, 3, 3]), ONES, groups)[1] == pytest.approx(0)
    assert theil_between(np.array([1.0, 3, 1, 3]), ONES, groups)[0] == pytest.approx(0)


def test_the_palma_ratio_compares_the_best_placed_tenth_with_the_worst_placed_four_tenths() -> None:
    values = np.array([1.0] * 4 + [2.0] * 5 + [6.0])
    assert palma(values, np.ones(10)) == pytest.approx(6)
    assert palma(np.array([0.0] * 4 + [2.0] * 5 + [6.0]), np.ones(10)) == np.inf


def test_erreygers_index_of_a_half_that_has_all_is_one_and_its_sign_turns_with_the_order() -> None:
    """Half the people have the whole range and are the last in order: the most unequal a bounded measure can be."""
    values, order = np.array([0.0, 0, 1, 1]), np.arange(4.0)
    assert erreygers_index(values, ONES, order, 0, 1) == pytest.approx(1)
    assert erreygers_index(values, ONES, -order, 0, 1) == pytest.approx(-1)
    assert erreygers_index(9 * values, ONES, order, 0, 9) == pytest.approx(1)  # the unit does not matter
    assert erreygers_index(1 - values, ONES, order, 0, 1) == pytest.approx(-1)  # having and lacking mirror each other


def test_ties_in_the_order_share_alike() -> None:
    values, order = np.array([0.0, 1, 1, 0]), np.zeros(4)
    assert concentration_index(values, ONES, order) == pytest.approx(0)
    assert concentration_curve(values, ONES, order).people.tolist() == [0, 1]


def test_curves_start_at_nothing_and_end_at_everything() -> None:
    curve = lorenz_curve(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    assert curve.people.tolist() == [0, 0.5, 1]
    assert curve.values.tolist() == [0, 0.25, 1]


def test_quantiles_and_fifths_are_of_people_not_of_zones() -> None:
    values, weights = np.array([1.0, 2, 3, 4]), np.array([70.0, 10, 10, 10])
    assert weighted_quantile(values, weights, 0.5) == 1
    assert weighted_quantile(values, weights, 0.75) == 2
    assert weighted_fifth(np.arange(10.0), np.ones(10)).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert weighted_fifth(values, weights).tolist() == [2, 4, 5, 5]  # the middle of the first zone's people is at 35 %
