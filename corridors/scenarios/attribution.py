"""Which edit did it: each edit alone, last, and by Shapley's value, and what pairs of edits do together.

The Shapley value (Shapley, 1953) of an edit is the mean of what it adds over all orders in which the edits could be made; the
values of all edits add up to the whole difference. With more than `MOST_EXACT` edits it is estimated from orders drawn
with their reverses (antithetic sampling: Mitchell, Cooper, Frank and Holmes, 2022), and its standard error is given.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from accessibility import Edit, Selection
from corridors.access.centre_access import Float
from corridors.scenarios.answers import Worth
from corridors.scenarios.files.read import ScenarioEdit
from corridors.scenarios.versions import Phases, SmallBase, worths_of
from corridors.scenarios.worlds import Draft

MOST_EXACT = 8  # edits: 256 searches
MOST_PAIRS = 12  # edits of which pairs are compared
_DRAWS = 16  # pairs of an order and its reverse
MEASURES = ("people_within", "gap")
Coalition = frozenset[int]


@dataclass
class Coalitions:
    """The figures of every set of edits that was asked for, each computed once."""

    small: SmallBase
    phases: Phases
    known: dict[Coalition, Worth] = field(default_factory=dict)

    @property
    def edits(self) -> Sequence[ScenarioEdit]:
        """The edits of which the sets are."""
        return self.small.chosen.edits

    def find(self, coalitions: Iterable[Coalition]) -> None:
        """Compute the figures of sets of edits together, which takes far less time than one by one."""
        new = [one for one in dict.fromkeys(coalitions) if one not in self.known]
        drafts = [self._draft(one) for one in new]
        self.known |= zip(new, worths_of(self.small, drafts), strict=True)

    def worth(self, coalition: Coalition) -> Worth:
        """The figures of the region after some of the edits, in their order."""
        self.find([coalition])
        return self.known[coalition]

    def _draft(self, coalition: Coalition) -> Draft:
        edits = [unexpecting(self.edits[n]) for n in sorted(coalition)]
        return self.small.applicable(edits, self.phases)

    def added(self, one: int, others: Coalition) -> Float:
        """What an edit adds to others, of each measure, (n_measures,)."""
        more = self.worth(others | {one}).less(self.worth(others))
        return np.array([getattr(more, measure) for measure in MEASURES], np.float64)


def unexpecting(one: ScenarioEdit) -> ScenarioEdit:
    """The edit without the numbers of trips it expects: they are of the feed after all edits before it."""
    return replace(one, edit=_without_numbers(one.edit))


def _without_numbers(edit: Edit) -> Edit:
    changes: dict[str, Any] = {}
    for name in ("line", "first", "second"):
        if isinstance(line := getattr(edit, name, None), Selection):
            changes[name] = replace(line, expect_trips=None)
    if lines := getattr(edit, "lines", ()):
        changes["lines"] = tuple(replace(line, expect_trips=None) for line in lines)
    return replace(edit, **changes)


def attribution_table(coalitions: Coalitions, seed: int) -> pd.DataFrame:
    """What each edit does, of each measure (`ScenarioTables.attribution`)."""
    edits, n = coalitions.edits, len(coalitions.edits)
    columns = ["edit_id", "measure", "alone", "last", "shapley", "shapley_error"]
    if not n:
        return pd.DataFrame(columns=columns)
    every = frozenset(range(n))
    coalitions.find([*(frozenset({i}) for i in range(n)), *(every - {i} for i in range(n))])
    values, errors = _exact(coalitions, n) if n <= MOST_EXACT else _sampled(coalitions, n, seed)
    rows = [
        (
            edits[i].id,
            measure,
            coalitions.added(i, frozenset())[m],
            coalitions.added(i, every - {i})[m],
            values[i, m],
            errors[i, m],
        )
        for i in range(n)
        for m, measure in enumerate(MEASURES)
    ]
    return pd.DataFrame(rows, columns=columns)


def _exact(coalitions: Coalitions, n: int) -> tuple[Float, Float]:
    """(n_edits, n_measures) Shapley values and their errors, which are 0."""
    sizes = range(n + 1)
    coalitions.find(frozenset(some) for size in sizes for some in itertools.combinations(range(n), size))
    values = np.zeros((n, len(MEASURES)))
    for i in range(n):
        others = [other for other in range(n) if other != i]
        for size in range(n):
            weight = 1 / (n * math.comb(n - 1, size))
            for some in itertools.combinations(others, size):
                values[i] += weight * coalitions.added(i, frozenset(some))
    return values, np.zeros_like(values)


def _sampled(coalitions: Coalitions, n: int, seed: int) -> tuple[Float, Float]:
    """The same from drawn orders and their reverses; errors are standard errors over these pairs."""
    random = np.random.default_rng(seed)
    orders = [random.permutation(n).tolist() for _ in range(_DRAWS)]
    both = [one for order in orders for one in (order, order[::-1])]
    coalitions.find(frozenset(order[:place]) for order in both for place in range(n + 1))
    pairs = np.zeros((_DRAWS, n, len(MEASURES)))
    for draw, order in enumerate(orders):
        for one in (order, order[::-1]):
            for place, i in enumerate(one):
                pairs[draw, i] += coalitions.added(i, frozenset(one[:place])) / 2
    return pairs.mean(axis=0), pairs.std(axis=0, ddof=1) / math.sqrt(_DRAWS)


def interactions_table(coalitions: Coalitions) -> pd.DataFrame:
    """What two edits do together beyond what each does alone (`ScenarioTables.interactions`); above 0 more, below less.

    Of the gap, which is better when less, a negative interaction is the one that helps.
    """
    return pd.DataFrame(list(_interactions(coalitions)), columns=["edit_a", "edit_b", "measure", "interaction"])


def _interactions(coalitions: Coalitions) -> Iterator[tuple[str, str, str, float]]:
    edits = coalitions.edits
    if len(edits) > MOST_PAIRS:
        return
    nothing: Coalition = frozenset()
    coalitions.find(frozenset(some) for size in (1, 2) for some in itertools.combinations(range(len(edits)), size))
    for a, b in itertools.combinations(range(len(edits)), 2):
        beyond = coalitions.added(b, frozenset({a})) - coalitions.added(b, nothing)
        for m, measure in enumerate(MEASURES):
            yield edits[a].id, edits[b].id, measure, float(beyond[m])
