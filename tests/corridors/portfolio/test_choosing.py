"""The search of a portfolio against a plain twin, over tables of random worths: numbers only, no network."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from corridors.portfolio.choosing import NOTHING, Chosen, Found, Judged, Question, found_sets

CASES = range(200)
PLAIN = 0.05


@dataclass
class Table:
    """A judge that knows the worth of every set, and counts what it is asked."""

    gains: list[float]  # of the set with the binary digits of the place
    broken: frozenset[int]  # places of sets that may not be chosen
    asked: int = 0

    def __call__(self, sets: Sequence[Chosen], /) -> list[Judged]:
        self.asked += len(sets)
        places = [sum(1 << one for one in chosen) for chosen in sets]
        return [Judged(self.gains[place], place not in self.broken) for place in places]


def drawn(seed: int) -> tuple[Question, Table]:
    """A case of one to seven candidates: gains are sums with interactions, whole numbers, so that ties are frequent."""
    random = np.random.default_rng(seed)
    n = int(random.integers(1, 8))
    alone, pairs = random.integers(-2, 8, n), random.integers(-3, 4, (n, n))
    bits = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    gains = bits @ alone + np.einsum("si,ij,sj->s", bits, np.triu(pairs, 1), bits)
    broken = frozenset(np.flatnonzero(random.random(2**n) < 0.1).tolist()) - {0}
    excludes = [frozenset(random.choice(n, 2, replace=False).tolist()) for _ in range(random.integers(0, 3)) if n > 1]
    requires = {}
    if n > 2 and random.random() < 0.5:
        one, other = random.choice(n, 2, replace=False).tolist()
        if not any({one, other} <= group for group in excludes):
            requires[one] = frozenset({other})
    costs = random.integers(-1 if random.random() < 0.2 else 1, 6, n)
    budgets = sorted({int(b) for b in random.integers(1, max(2, int(costs.sum())) + 1, 3)})
    ids = [f"c{letter}" for letter in random.permutation(list("abcdefg"))[:n]]
    question = Question(tuple(ids), tuple(map(float, costs)), tuple(map(float, budgets)), tuple(excludes), requires)
    own = next((one for one in sets_of(question) if one and question.fits(one, budgets[-1])), None)
    return replace(question, own=own), Table([float(gain) for gain in gains], broken)


def sets_of(question: Question) -> list[Chosen]:
    n = len(question.ids)
    return [frozenset(one for one in range(n) if place >> one & 1) for place in range(2**n)]


def twin_fits(question: Question, chosen: Chosen, budget: float) -> bool:
    for group in question.excludes:
        if len([one for one in chosen if one in group]) > 1:
            return False
    for one in chosen:
        if any(needed not in chosen for needed in question.requires.get(one, ())):
            return False
    return sum(question.costs[one] for one in chosen) <= budget


def twin_best(question: Question, table: Table, budget: float) -> Chosen:
    """By one loop over all sets."""
    best: Chosen = NOTHING
    for chosen in sets_of(question):
        ((judged),) = table([chosen])
        if not judged.allowed or not twin_fits(question, chosen, budget):
            continue
        (known,) = table([best])
        mine = (judged.gain, -len(chosen), -sum(question.costs[one] for one in chosen))
        theirs = (known.gain, -len(best), -sum(question.costs[one] for one in best))
        names, others = ([question.ids[one] for one in some] for some in (chosen, best))
        if mine > theirs or (mine == theirs and sorted(names) < sorted(others)):
            best = chosen
    return best


@pytest.mark.parametrize("seed", CASES)
def test_the_portfolio_is_that_of_a_plain_loop_over_all_sets(seed: int) -> None:
    question, table = drawn(seed)
    found = found_sets(question, table, seed)
    assert found.exhausted
    fitting = [one for one in sets_of(question) if twin_fits(question, one, question.budgets[-1])]
    assert set(found.within(question.budgets[-1])) == set(fitting)
    assert table.asked == len(fitting)
    for budget in question.budgets:
        assert found.best(budget) == twin_best(question, table, budget)


@pytest.mark.parametrize("seed", CASES)
def test_the_frontier_has_every_set_that_no_other_dominates_and_no_other(seed: int) -> None:
    question, table = drawn(seed)
    found = found_sets(question, table, seed)
    allowed = [
        (question.cost(one), table([one])[0].gain)
        for one in sets_of(question)
        if twin_fits(question, one, question.budgets[-1]) and table([one])[0].allowed
    ]
    expected = {
        (cost, gain)
        for cost, gain in allowed
        if gain > 0 and not any(c <= cost and g >= gain and (c, g) != (cost, gain) for c, g in allowed)
    }
    points = [(question.cost(one), found.judged[one].gain) for one in found.frontier()]
    assert sorted(points) == points
    assert set(points) == expected
    assert len(points) == len(expected)


def gains_by_budget(found: Found) -> list[float]:
    return [found.judged[found.best(budget)].gain for budget in found.question.budgets]


@pytest.mark.parametrize("most_exhausted", [12, 0], ids=["exhaustive", "greedy"])
@pytest.mark.parametrize("seed", CASES)
def test_more_budget_is_never_worse_nor_is_the_search_worse_than_a_single_or_the_own_list(
    seed: int, most_exhausted: int
) -> None:
    question, table = drawn(seed)
    found = found_sets(question, table, seed, most_exhausted)
    gains = gains_by_budget(found)
    assert gains == sorted(gains)
    assert min(gains) >= 0
    alone = [question.closed([one]) for one in range(len(question.ids))]
    for budget, gain in zip(question.budgets, gains, strict=True):
        for one in [*alone, *([question.own] if question.own else [])]:
            (judged,) = table([one])
            assert not (judged.allowed and question.fits(one, budget)) or gain >= judged.gain


def test_the_greedy_search_finds_most_of_what_the_exhaustive_one_finds() -> None:
    whole = part = 0.0
    for seed in CASES:
        question, table = drawn(seed)
        whole += sum(gains_by_budget(found_sets(question, table, seed)))
        part += sum(gains_by_budget(found_sets(question, table, seed, most_exhausted=0)))
    assert whole * 0.97 < part <= whole


def test_the_greedy_search_is_exact_where_gains_add_up_and_costs_are_equal() -> None:
    """Of 20 candidates that each cost 1 and do not touch each other, the best of a budget of 7 are the seven best."""
    random = np.random.default_rng(1)
    gains = random.permutation(20).astype(float)
    question = Question(tuple(f"c{n:02d}" for n in range(20)), (1.0,) * 20, (3.0, 7.0))
    asked: list[Chosen] = []

    def judge(sets: Sequence[Chosen], /) -> list[Judged]:
        asked.extend(sets)
        return [Judged(float(sum(gains[one] for one in chosen))) for chosen in sets]

    found = found_sets(question, judge, 0)
    assert not found.exhausted
    for budget in (3, 7):
        assert found.best(budget) == frozenset(np.argsort(-gains)[:budget].tolist())
    assert len(asked) == len(set(asked)) == len(found.judged) < 2**20 // 100


def test_equal_sets_stand_in_a_stable_order() -> None:
    """Of equal gain: fewer candidates first, then the lower cost, then the ids, whatever the order of the candidates."""

    def judge(sets: Sequence[Chosen], /) -> list[Judged]:
        return [Judged(5.0 if chosen else 0.0) for chosen in sets]

    question = Question(("b", "a", "c"), (2.0, 2.0, 1.0), (4.0,))
    found = found_sets(question, judge, 0)
    names = ["".join(sorted(question.names(one))) for one in found.allowed(4.0)]
    assert names == ["c", "a", "b", "ac", "bc", "ab", ""]
    turned = found_sets(Question(("c", "a", "b"), (1.0, 2.0, 2.0), (4.0,)), judge, 0)
    assert ["".join(sorted(turned.question.names(one))) for one in turned.allowed(4.0)] == names


def test_the_same_seed_searches_the_same_sets() -> None:
    question, table = drawn(7)
    first, second = (found_sets(question, table, 3, most_exhausted=0) for _ in range(2))
    assert list(first.judged.items()) == list(second.judged.items())


@pytest.mark.parametrize("seed", CASES)
def test_every_candidate_of_a_lean_set_adds_something_and_the_best_set_is_lean(seed: int) -> None:
    question, table = drawn(seed)
    found, budget = found_sets(question, table, seed), question.budgets[-1]
    lean = found.lean(budget)
    assert lean[0] == found.best(budget)
    for chosen in lean:
        for one in chosen:
            rest = frozenset(other for other in chosen if other != one and one not in question.requires.get(other, ()))
            mine, without = table([chosen, rest])
            costs_more = sum(question.costs[n] for n in rest) > sum(question.costs[n] for n in chosen)
            assert costs_more or not without.allowed or without.gain < mine.gain


def test_near_best_sets_are_those_within_a_share_of_the_best() -> None:
    gains = {NOTHING: 0.0, frozenset({0}): 95.0, frozenset({1}): 94.0, frozenset({0, 1}): 100.0}
    question = Question(("a", "b"), (1.0, 1.0), (1.0, 2.0))
    found = found_sets(question, lambda sets, /: [Judged(gains[one]) for one in sets], 0)
    assert found.near_best(2.0, PLAIN) == [frozenset({0, 1}), frozenset({0})]
    assert found.near_best(1.0, PLAIN) == [frozenset({0}), frozenset({1})]
    nothing = found_sets(question, lambda sets, /: [Judged(0.0) for _ in sets], 0)
    assert nothing.near_best(2.0, PLAIN) == []
    assert nothing.frontier() == []
