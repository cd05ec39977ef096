"""Tables of what a search found: the best within each budget, sets near it, candidates in them, and what pairs do "
"together."""

import itertools
from collections.abc import Iterator

import pandas as pd

from corridors.portfolio.candidates import PROPOSED, Choice
from corridors.portfolio.choosing import Chosen, Found
from corridors.portfolio.files.values import GOALS
from corridors.portfolio.judging import SetJudge
from corridors.portfolio.results import JOINED

MOST_PAIRED = 12  # candidates of which pairs are compared, those that gain most alone
_MOST_SETS = 200  # of one budget in the table
IN_THE_FILE = "the portfolio file"


def set_row(found: Found, judge: SetJudge, chosen: Chosen) -> dict[str, object]:
    """The columns of a set: candidates, cost, gain, the gain of each goal."""
    question = found.question
    return {
        "candidates": JOINED.join(question.names(chosen)),
        "cost": question.cost(chosen),
        "gain": judge.gain(chosen),
        **judge.gains(chosen),
    }


def budgets_table(found: Found, judge: SetJudge, near: float) -> pd.DataFrame:
    """One row for each budget (`PortfolioTables.budgets`)."""
    rows, own = [], found.question.own
    for budget in found.question.budgets:
        best, *others = found.lean(budget)
        second = others[0] if others else None
        rows.append(
            {
                "budget": budget,
                **set_row(found, judge, best),
                "sets": len(found.within(budget)),
                "all_sets": found.exhausted,
                "second": None if second is None else JOINED.join(found.question.names(second)),
                "regret": None if second is None else judge.gain(best) - judge.gain(second),
                "near_best": len(found.near_best(budget, near)),
                "own": None if own is None else JOINED.join(found.question.names(own)),
                "own_gain": None if own is None else judge.gain(own),
            }
        )
    return pd.DataFrame(rows)


def candidates_table(choice: Choice, found: Found, judge: SetJudge) -> pd.DataFrame:
    """One row for each budget and candidate (`PortfolioTables.candidates`)."""
    rows, question = [], found.question
    for budget in question.budgets:
        best, near = found.best(budget), found.near_best(budget, choice.portfolio.head.near_best)
        for number, one in enumerate(choice.candidates):
            alone = question.closed([number])
            holding = sum(number in chosen for chosen in near)
            rows.append(
                {
                    "budget": budget,
                    "candidate": one.id,
                    "title": one.title,
                    "origin": PROPOSED if one.way else IN_THE_FILE,
                    "cost": one.cost,
                    "cost_basis": one.cost_basis,
                    "gain_alone": judge.gain(alone) if alone in judge.known else None,
                    "in_best": number in best,
                    "near_best_sets": holding,
                    "near_best_share": holding / len(near) if near else None,
                    "in_own": number in (question.own or ()),
                }
            )
    return pd.DataFrame(rows)


def sets_table(found: Found, judge: SetJudge, near: float) -> pd.DataFrame:
    """The near-best sets of each budget, and those that gain more and break a floor (`PortfolioTables.sets`)."""
    rows = []
    for budget in found.question.budgets:
        kept = set(found.near_best(budget, near))
        best = found.judged[found.best(budget)].gain
        known = [one for one in found.within(budget) if one in judge.known]
        shown = [one for one in known if one in kept or (judge.gain(one) > best and one not in kept)]
        ordered = sorted(shown, key=lambda one: found.question.order(one, found.judged[one])[1:])
        for place, one in enumerate(ordered[:_MOST_SETS], start=1):
            words = "; ".join(judge.losing(one))
            rows.append(
                {"budget": budget, "place": place, **set_row(found, judge, one), "allowed": not words, "loses": words}
            )
    columns = ["budget", "place", "candidates", "cost", "gain", *GOALS, "allowed", "loses"]
    return pd.DataFrame(rows, columns=columns)


def interactions_table(found: Found, judge: SetJudge) -> pd.DataFrame:
    """What two candidates do together beyond what each does (`PortfolioTables.interactions`), each with what it requires.

    g(A or B) - g(A) - g(B) + g(A and B), which is 0 where what they do adds up.
    """
    question = found.question
    alone = {one: question.closed([one]) for one in range(len(question.ids))}
    judge.find(list(alone.values()))
    possible = [one for one, chosen in alone.items() if chosen in judge.known]
    most = sorted(possible, key=lambda one: (-judge.gain(alone[one]), one))[:MOST_PAIRED]
    pairs = [
        (a, b)
        for a, b in itertools.combinations(sorted(most), 2)
        if question.coherent(alone[a] | alone[b]) and not (alone[a] <= alone[b] or alone[b] <= alone[a])
    ]
    judge.find([one for a, b in pairs for one in (alone[a] | alone[b], alone[a] & alone[b])])
    columns = ["candidate_a", "candidate_b", "gain_a", "gain_b", "gain_both", "interaction"]
    return pd.DataFrame(list(_interactions(question.ids, judge, alone, pairs)), columns=columns)


def _interactions(
    ids: tuple[str, ...], judge: SetJudge, alone: dict[int, Chosen], pairs: list[tuple[int, int]]
) -> Iterator[tuple[str, str, float, float, float, float]]:
    for a, b in pairs:
        both, common = alone[a] | alone[b], alone[a] & alone[b]
        if both in judge.known:
            gains = [judge.gain(one) for one in (alone[a], alone[b], both, common)]
            yield ids[a], ids[b], *gains[:3], gains[2] - gains[0] - gains[1] + gains[3]  # type: ignore[misc]
