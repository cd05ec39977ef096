"""Which candidates to choose within a budget: every set of a few of them, a greedy search with swaps and restarts of many.

The search knows numbers only: costs, which candidates go together, and a judge that gives the gain of sets. Lazy greedy by
gain per cost is that of Leskovec et al. (2007); with transfers gains are not submodular, so that it has no guarantee
(Banerjee et al., 2021), and none is claimed.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np

Chosen = frozenset[int]  # numbers of candidates
MOST_EXHAUSTED = 12  # candidates of which every set is searched
MOST_SEARCHED = 4096  # sets after which a search of more candidates starts nothing new
_LOOKED_AT = 8  # candidates that are judged anew together
_MOST_SWAPS = 64  # of one set, those of the candidates that gain most for their cost alone
_RESTARTS = 4  # for each budget
_JUST = 1e-9  # costs are sums of decimal numbers
NOTHING: Chosen = frozenset()


@dataclass(frozen=True)
class Judged:
    """What a set of candidates is worth: its gain, and whether it may be chosen (it can be built and keeps the "
    "floors)."""

    gain: float
    allowed: bool = True


class Judge(Protocol):
    """What gives the worth of sets; asked for many at once, which may take far less time than one by one."""

    def __call__(self, sets: Sequence[Chosen], /) -> Sequence[Judged]:
        """The worth of each set."""


@dataclass(frozen=True)
class Question:
    """What there is to choose from. Costs and budgets are of one unit; costs of a set add up."""

    ids: tuple[str, ...]
    costs: tuple[float, ...]
    budgets: tuple[float, ...]  # ascending
    excludes: tuple[Chosen, ...] = ()  # of each group at most one is chosen
    requires: Mapping[int, Chosen] = field(default_factory=dict)  # only together with all of these
    own: Chosen | None = None  # the user's own choice, within the largest budget

    def cost(self, chosen: Chosen) -> float:
        """The cost of a set."""
        return math.fsum(self.costs[one] for one in chosen)

    def fits(self, chosen: Chosen, budget: float) -> bool:
        """Whether a set can be chosen within a budget, whatever its gain."""
        return self.coherent(chosen) and self.cost(chosen) <= budget + _JUST

    def coherent(self, chosen: Chosen) -> bool:
        """Whether a set holds no two that exclude each other, and all that its members require."""
        together = all(len(group & chosen) < 2 for group in self.excludes)
        return together and all(self.requires.get(one, NOTHING) <= chosen for one in chosen)

    def closed(self, chosen: Iterable[int]) -> Chosen:
        """The set with all that its members require."""
        whole = frozenset(chosen)
        while (more := whole.union(*(self.requires.get(one, NOTHING) for one in whole))) != whole:
            whole = more
        return whole

    def without(self, chosen: Chosen, one: int) -> Chosen:
        """The set without a candidate and without all that require it."""
        return frozenset(other for other in chosen if one not in self.closed([other]))

    def names(self, chosen: Chosen) -> tuple[str, ...]:
        """The ids of a set, in the order of the candidates."""
        return tuple(self.ids[one] for one in sorted(chosen))

    def order(self, chosen: Chosen, judged: Judged) -> tuple[bool, float, int, float, tuple[str, ...]]:
        """The key that sorts the best set first: of equal gain the one of fewer candidates, of lower cost, by ids."""
        return not judged.allowed, -judged.gain, len(chosen), self.cost(chosen), tuple(sorted(self.names(chosen)))


@dataclass(frozen=True)
class Found:
    """The sets that a search has judged. `exhausted`: they are all that fit the largest budget, and pairs beyond it."""

    question: Question
    judged: Mapping[Chosen, Judged]
    exhausted: bool

    @cached_property
    def _ordered(self) -> list[Chosen]:
        """All coherent sets, the best first."""
        coherent = filter(self.question.coherent, self.judged)
        return sorted(coherent, key=lambda one: self.question.order(one, self.judged[one]))

    def within(self, budget: float) -> list[Chosen]:
        """The sets judged that fit the budget, the best first; those that may not be chosen last."""
        return [one for one in self._ordered if self.question.fits(one, budget)]

    def allowed(self, budget: float) -> list[Chosen]:
        """The sets that may be chosen within the budget, the best first; the empty set is one."""
        return [one for one in self.within(budget) if self.judged[one].allowed]

    def best(self, budget: float) -> Chosen:
        """The best set judged within the budget."""
        return self.allowed(budget)[0]

    def frontier(self) -> list[Chosen]:
        """Sets with a gain for which no set of the same or a lower cost gains as much, by cost.

        Of all sets where all were searched, else the best found for each budget.
        """
        budgets = self.question.budgets
        sets = self.allowed(budgets[-1]) if self.exhausted else [self.best(budget) for budget in budgets]
        kept: list[Chosen] = []
        best = 0.0
        cost_then_order = sorted(
            dict.fromkeys(sets), key=lambda one: (self.question.cost(one), self.question.order(one, self.judged[one]))
        )
        for one in cost_then_order:
            if self.judged[one].gain > best:
                kept.append(one)
                best = self.judged[one].gain
        return kept

    def points(self) -> list[Chosen]:
        """The frontier, and the best set of each budget where a cheaper one of more candidates gains as much; by cost."""
        best = [one for budget in self.question.budgets if (one := self.best(budget))]
        every = dict.fromkeys([*self.frontier(), *best])
        return sorted(every, key=lambda one: (self.judged[one].gain, self.question.cost(one)))

    def lean(self, budget: float) -> list[Chosen]:
        """The sets that may be chosen within the budget and in which every candidate adds something, the best first.

        A candidate adds nothing where the set without it, and without those that require it, is known to gain as much.
        """
        return [one for one in self.allowed(budget) if not any(self._as_good(one, rest) for rest in self._smaller(one))]

    def _smaller(self, chosen: Chosen) -> Iterator[Chosen]:
        return (self.question.without(chosen, one) for one in chosen)

    def _as_good(self, chosen: Chosen, other: Chosen) -> bool:
        judged = self.judged.get(other)
        cheaper = self.question.cost(other) <= self.question.cost(chosen)
        return judged is not None and judged.allowed and cheaper and judged.gain >= self.judged[chosen].gain

    def near_best(self, budget: float, share: float) -> list[Chosen]:
        """Of `lean`, the sets whose gain is at most `share` of the best's below it; none where nothing gains."""
        sets = self.lean(budget)
        best = self.judged[sets[0]].gain
        return [one for one in sets if best > 0 and self.judged[one].gain >= (1 - share) * best]


def found_sets(question: Question, judge: Judge, seed: int, most_exhausted: int = MOST_EXHAUSTED) -> Found:
    """The search: of every set within the largest budget for up to `most_exhausted` candidates, else of some, drawn by `seed`.

    The best set found is never worse than a single candidate with what it requires, nor than the user's own choice, where
    they fit the budget.
    """
    search = _Search(question, judge)
    exhausted = len(question.ids) <= most_exhausted
    if exhausted:
        search.find(_every(question))
    else:
        search.greedy(np.random.default_rng(seed))
    return Found(question, search.known, exhausted)


def _every(question: Question) -> Iterator[Chosen]:
    numbers = range(len(question.ids))
    sets = (frozenset(some) for size in range(len(numbers) + 1) for some in itertools.combinations(numbers, size))
    return (one for one in sets if question.fits(one, question.budgets[-1]))


@dataclass
class _Search:
    question: Question
    judge: Judge
    known: dict[Chosen, Judged] = field(default_factory=dict)

    def find(self, sets: Iterable[Chosen]) -> None:
        """Judge those of the sets that are not known, together."""
        new = [one for one in dict.fromkeys(sets) if one not in self.known]
        if new:
            self.known |= zip(new, self.judge(new), strict=True)

    def greedy(self, random: np.random.Generator) -> None:
        """Judge sets on the way from several starts to one that no swap makes better, for each budget."""
        question = self.question
        own = [] if question.own is None else [question.own]
        alone = [question.closed([one]) for one in range(len(question.ids))]
        fitting = [one for one in alone if question.fits(one, question.budgets[-1])]
        self.find([NOTHING, *own, *fitting])
        last = NOTHING
        for budget in question.budgets:
            drawn = (self._drawn(random, budget) for _ in range(_RESTARTS))
            for start in (NOTHING, last, *(one for one in own if question.fits(one, budget)), *drawn):
                if len(self.known) >= MOST_SEARCHED:
                    break
                self._improve(start, budget)
            last = Found(question, self.known, exhausted=False).best(budget)

    def _drawn(self, random: np.random.Generator, budget: float) -> Chosen:
        """A set filled in an order that is drawn."""
        chosen = NOTHING
        for one in random.permutation(len(self.question.ids)).tolist():
            more = self.question.closed(chosen | {one})
            chosen = more if self.question.fits(more, budget) else chosen
        return chosen

    def _improve(self, start: Chosen, budget: float) -> None:
        self.find([start])
        current, better = start, self._filled(start, budget)
        while better != current and len(self.known) < MOST_SEARCHED:
            current = better
            better = self._filled(self._swapped(current, budget), budget)

    def _filled(self, chosen: Chosen, budget: float) -> Chosen:
        """The set with more candidates, each time the one that adds most for its cost, while one adds something."""
        bounds = {one: self._alone(one) for one in range(len(self.question.ids))}
        while True:
            additions = {one: self.question.closed(chosen | {one}) for one in bounds if one not in chosen}
            fitting = {one: more for one, more in additions.items() if self.question.fits(more, budget)}
            best = self._most_per_cost(chosen, fitting, bounds)
            if best is None:
                return chosen
            chosen = fitting[best]

    def _most_per_cost(self, chosen: Chosen, additions: Mapping[int, Chosen], bounds: dict[int, float]) -> int | None:
        """The candidate whose addition gains most for its cost; None where none gains.

        `bounds` are what candidates gained for their cost when they were judged last, and are renewed from the top.
        """
        fresh: set[int] = set()
        while True:
            ranked = sorted(additions, key=lambda one: (-bounds[one], self.question.costs[one], self.question.ids[one]))
            if not ranked or bounds[ranked[0]] <= 0:
                return None
            if ranked[0] in fresh:
                return ranked[0]
            stale = [one for one in ranked[:_LOOKED_AT] if one not in fresh]
            self.find(additions[one] for one in stale)
            bounds |= {one: self._per_cost(chosen, additions[one]) for one in stale}
            fresh |= set(stale)

    def _alone(self, one: int) -> float:
        more = self.question.closed([one])
        return self._per_cost(NOTHING, more) if more in self.known else 0.0

    def _per_cost(self, chosen: Chosen, more: Chosen) -> float:
        """What the larger set gains beyond the smaller, for what it costs beyond it."""
        if not self.known[more].allowed:
            return -math.inf
        gain = self.known[more].gain - (self.known[chosen].gain if self.known[chosen].allowed else 0.0)
        cost = self.question.cost(more) - self.question.cost(chosen)
        return gain / cost if cost > _JUST else math.copysign(math.inf, gain) if gain else 0.0

    def _swapped(self, chosen: Chosen, budget: float) -> Chosen:
        """The best of the set, those with one candidate fewer, and those with one in place of another."""
        inward = sorted(set(range(len(self.question.ids))) - chosen, key=lambda one: (-self._alone(one), one))
        left = [self.question.without(chosen, one) for one in sorted(chosen)]
        swaps = (self.question.closed(rest | {one}) for one in inward for rest in left)
        near = [*left, *itertools.islice((one for one in swaps if self.question.fits(one, budget)), _MOST_SWAPS)]
        near = [one for one in near if self.question.fits(one, budget)]
        self.find(near)
        return min([chosen, *near], key=lambda one: self.question.order(one, self.known[one]))
