"""What a set of candidates is judged by: the figures of each goal, and which districts, corridors and groups lose."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from corridors.access.centre_access import Float, searched_beyond
from corridors.equity.distribution import GROUPS, groups_of_people, national_fifth
from corridors.errors import PortfolioFileError
from corridors.places.catchments import corridor_areas
from corridors.portfolio.files.read import Portfolio
from corridors.portfolio.files.values import GOALS, Floor
from corridors.scenarios.answers import CentreMinutes, people_of, worth_of
from corridors.scenarios.files.problems import near
from corridors.scenarios.worlds import Base
from layers import members

_FIELDS = {"no_car_households": "households_no_car", "most_deprived_fifth": "imd_decile"}
_PLURALS = {"district": "districts", "corridor": "corridors", "group": "groups"}
_TRACE = 1e-6  # people: less is rounding


@dataclass(frozen=True)
class Figures:
    """What the region is like after some of the candidates."""

    goals: Mapping[str, float]  # goal -> its figure; NaN where the configuration has no data for it
    protected: Float  # people of each protected place or group who meet the test


@dataclass(frozen=True)
class Measures:
    """How minutes become figures in one region."""

    base: Base
    weights: Mapping[str, float]  # of the objective
    counted: Mapping[str, Float]  # goal -> whom it counts, (n_zones,)
    protected: tuple[str, ...]  # in words, "district South"
    members: Float  # (n_protected, n_zones) people

    def figures(self, people: Float, minutes: CentreMinutes) -> Figures:
        """The figures of zones with `people` in each."""
        worth = worth_of(self.base.config, people, minutes)
        meets = minutes.within >= self.base.config.kpi.centres_at_least
        counted = {goal: float(whom @ meets) for goal, whom in self.counted.items()}
        known = {"people": worth.people_within, "gap_minutes": worth.gap, **counted}
        return Figures({goal: known.get(goal, np.nan) for goal in GOALS}, self.members @ meets)

    def gain(self, before: Figures, after: Figures) -> float:
        """The gain of the objective, in its own units."""
        gains = self.gains(before, after)
        return float(sum(weight * gains[goal] for goal, weight in self.weights.items() if weight))

    def gains(self, before: Figures, after: Figures) -> dict[str, float]:
        """The gain of each goal; a smaller gap is a gain."""
        return {
            goal: (before.goals[goal] - value) if goal == "gap_minutes" else (value - before.goals[goal])
            for goal, value in after.goals.items()
        }

    def losing(self, before: Figures, after: Figures) -> list[str]:
        """The protected places and groups of whom fewer people meet the test."""
        lost = after.protected < before.protected - _TRACE
        return [name for name, loses in zip(self.protected, lost, strict=True) if loses]


def measures_of(portfolio: Portfolio, base: Base) -> Measures:
    """How sets are judged. Raises `PortfolioFileError` for goals without data, and floors for what there is not."""
    head, values = portfolio.head, base.context.values
    problems = [
        f"objective: {goal} needs a layer with the field {_FIELDS[goal]!r}, which the configuration does not have"
        for goal, weight in head.objective.items()
        if weight and goal in _FIELDS and _FIELDS[goal] not in values
    ]
    problems += _without_a_gap(head.objective, base)
    protected: dict[str, Float] = {}
    for floor in head.floors:
        known = dict(_of_kind(base, floor.kind))
        if floor.ident and floor.ident not in known:
            problems.append(f"floors: no {floor.kind} is called {floor.ident!r}{near(floor.ident, known)}")
        elif not known:
            problems.append(f"floors: the configuration has no {_PLURALS[floor.kind]}")
        protected |= {_named(floor, ident): of for ident, of in known.items() if floor.ident in {"", ident}}
    if problems:
        names = [f"  {portfolio.path.name}: {one}" for one in problems]
        raise PortfolioFileError("\n".join([f"{len(problems)} problem(s):", *names]))
    shape = (len(protected), len(values))
    return Measures(
        base,
        head.objective,
        _counted(base),
        tuple(protected),
        np.reshape(list(protected.values()), shape).astype(float),
    )


def _without_a_gap(objective: Mapping[str, float], base: Base) -> Iterator[str]:
    """Why the gap is no goal where the search ends at the cutoff: it would be 0 before and after."""
    search, kpi = base.config.search, base.config.kpi
    if objective.get("gap_minutes") and not searched_beyond(search.max_min * 60, kpi.cutoff_min * 60):
        yield (
            f"objective: gap_minutes counts minutes beyond the cutoff of {kpi.cutoff_min:g}, and the search ends at "
            f"search.max_min {search.max_min:g}; make that longer"
        )


def _named(floor: Floor, ident: str) -> str:
    return f"{floor.kind} {ident}"


def _counted(base: Base) -> dict[str, Float]:
    values, found = base.context.values, {}
    if _FIELDS["no_car_households"] in values:
        found["no_car_households"] = values[_FIELDS["no_car_households"]].fillna(0.0).to_numpy(float)
    if _FIELDS["most_deprived_fifth"] in values:
        found["most_deprived_fifth"] = people_of(base.context) * (national_fifth(values) == 1).to_numpy(bool)
    return found


def _of_kind(base: Base, kind: str) -> Iterator[tuple[str, Float]]:
    """(id, people of each zone) of all districts, corridors (straight main catchment) or groups."""
    context, people = base.context, people_of(base.context)
    if kind == "district":
        codes = context.zones["district_code"]
        yield from ((str(code), people * (codes == code).to_numpy(bool)) for code in sorted(codes.dropna().unique()))
    elif kind == "corridor" and len(context.corridors):
        areas = corridor_areas(base.config, context.corridors)
        main = areas[areas["buffer_m"] == base.config.corridors.buffer_m]
        inside = members(context.points, main)
        for ident in context.corridors.index:
            zones = inside.loc[inside["corridor_id"] == ident, "zone_id"]
            yield str(ident), people * context.zones.index.isin(zones)
    elif kind == "group":
        yield from _groups(context.values)


def _groups(values: pd.DataFrame) -> Iterator[tuple[str, Float]]:
    ids = {words: column for column, words in GROUPS.items()}
    whole = values if "imd_decile" in values else values.assign(imd_decile=np.nan)
    for words, of, _ in groups_of_people(whole):
        yield ids.get(words, words.partition(",")[0].replace(" ", "_")), of.fillna(0.0).to_numpy(float)
