"""Sentences on a portfolio, for its page and for the terminal."""

from collections.abc import Iterator

from corridors.config.run_config import RunConfig
from corridors.portfolio.choosing import MOST_EXHAUSTED
from corridors.portfolio.proposals import LEAST_WITHIN, LINK_EVERY_MIN, LINK_KMH
from corridors.portfolio.results import PortfolioResults
from corridors.report.blocks.tables import Record, records
from corridors.report.blocks.wording import listed, percent, plural
from corridors.scenario_results import RANGE_WORDS

_WAYS = {
    "halve_headways": "lines twice as often",
    "faster_10": "corridors' lines 10 % faster",
    "faster_20": "corridors' lines 20 % faster",
    "missing_links": "missing links",
}


def searched_words(results: PortfolioResults) -> Iterator[str]:
    """A sentence for each budget: the best set, of how many sets, and what it gains."""
    for row, budget in zip(records(results.tables.budgets), results.found.question.budgets, strict=True):
        titles = results.titles(results.found.best(budget))
        of = f"all {row['sets']:,} sets" if row["all_sets"] else f"{row['sets']:,} searched"
        within = f"Within {budget:g} {results.unit}:"
        if not titles:
            yield f"{within} choose nothing: none of {of} gains anything."
            continue
        best = f"best {'' if row['all_sets'] else 'found '}of {of}"
        gap = f"{abs(row['gap_minutes']):,.0f} person-minutes {'smaller' if row['gap_minutes'] >= 0 else 'larger'}"
        yield (
            f"{within} {'; '.join(titles)} ({best}; cost {row['cost']:,.1f}): {row['people']:+,.0f} people meet the test, "
            f"the gap is {gap}{_own(results, row, budget)}."
        )


def _own(results: PortfolioResults, row: Record, budget: float) -> str:
    """How the user's own list compares, where it is within the budget."""
    own = results.found.question.own
    if own is None or not results.found.question.fits(own, budget):
        return ""
    floors = "" if results.found.judged[own].allowed else ", and breaks a floor"
    return f"; your own list gains {row['own_gain']:,.1f} where this gains {row['gain']:,.1f}{floors}"


def robust_words(results: PortfolioResults) -> Iterator[str]:
    """How sure the best set of the largest budget is."""
    found, head = results.found, results.choice.portfolio.head
    budget = found.question.budgets[-1]
    near, best = found.near_best(budget, head.near_best), found.best(budget)
    if not near:
        yield "No set gains anything, so that there is none near the best."
        return
    always = [results.choice.candidates[one].title for one in sorted(frozenset.intersection(*near))]
    yield (
        f"{plural(len(near), 'set gains', 'sets gain')} at least {percent(1 - head.near_best)} of what the best set "
        "gains, within "
        f"{budget:g} {results.unit}."
    )
    if always:
        yield f"In every one of them: {listed(always)}."
    row = results.tables.budgets.iloc[-1]
    if row["second"] is not None:
        yield f"The second best set ({row['second'] or 'nothing'}) gains {row['regret']:,.1f} less than the best."
    if any(not found.judged[one].allowed for one in found.within(budget)) and best:
        lost = sum(not found.judged[one].allowed for one in found.within(budget))
        yield f"{plural(lost, 'set was', 'sets were')} left out because of a floor, or because the edits can't be made together."


def unlike_the_file(results: PortfolioResults) -> tuple[str, ...]:
    """What was generated, and what of it was left out."""
    choice = results.choice
    told = []
    for way in dict.fromkeys(choice.portfolio.head.generate):
        kept = sum(one.way == way for one in choice.candidates)
        dropped, refused = choice.dropped.get(way, 0), choice.refused.get(way, 0)
        told.append(
            f"Proposed by this tool, {_WAYS[way]}: {kept:,} kept; {dropped:,} gain nothing or less for their cost "
            f"alone; {refused:,} "
            "can't be made of this timetable."
        )
    return tuple(told)


def limits(results: PortfolioResults, config: RunConfig) -> tuple[str, ...]:
    """What the answer does not say."""
    head, found = results.choice.portfolio.head, results.found
    said = [
        (
            "Every set within the largest budget was searched, so that no other set of these candidates gains more at "
            "these hours "
            "and on this timetable. Of candidates that are not in the file nothing is said."
        )
        if found.exhausted
        else (
            f"With more than {MOST_EXHAUSTED} candidates not every set is searched: greedily by gain per cost, with "
            "swaps and restarts. "
            "There may be better sets; how far these are from the best is not known."
        ),
        "Costs of a set are the sum of its candidates' costs: the most vehicles of two changes may be needed at "
        "different times.",
        f"The search sees the departures from {config.search.window} on one day, at the median departure.",
        "A floor counts residents: a place or a group loses where fewer of its people meet the test than in the base.",
        "No demand, crowding or fares; run times are assumptions.",
    ]
    if head.cost != "money":
        said.append(
            "Vehicles and hours are of the service only: what makes lines faster, such as lanes and signals, has no "
            "cost here, and "
            "time that is saved counts as freed (below 0)."
        )
    if any(one.phases for one in results.choice.candidates):
        said.append(
            "When headway services run within their headways is not known. Sets are compared at one timetable, which "
            "they share; "
            f"the {RANGE_WORDS} is beside each point of the frontier."
        )
    if "missing_links" in head.generate:
        said.append(
            f"Missing links are straight from stop to stop at {LINK_KMH} km/h, every {LINK_EVERY_MIN} minutes: no "
            "road was looked at."
        )
    if any(way.startswith("faster") for way in head.generate):
        said.append(
            f"A corridor's lines are those of which at least {percent(LEAST_WITHIN)} of the calls lie within its main "
            "distance; each "
            "is made faster from end to end."
        )
    return tuple(said)
