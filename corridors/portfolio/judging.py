"""The judge of sets of candidates: each set is the region after its edits, searched by the same engine as a "
"scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from corridors.errors import ScenarioFileError
from corridors.portfolio.choosing import NOTHING, Chosen, Judged
from corridors.portfolio.figures import Figures, Measures
from corridors.portfolio.mixing import Mixer, parts_of
from corridors.scenarios.answers import people_of
from corridors.scenarios.attribution import unexpecting
from corridors.scenarios.files.read import ScenarioEdit
from corridors.scenarios.versions import Phases, SmallBase, minutes_of
from corridors.scenarios.worlds import Draft

_TOGETHER = 128  # sets searched together: their timetables and minutes are held at once


@dataclass
class SetJudge:
    """Judges sets at one choice of phases; keeps the figures of each."""

    small: SmallBase
    members: Sequence[Sequence[int]]  # of each candidate: the numbers of its edits
    measures: Measures
    phases: Phases
    known: dict[Chosen, Figures] = field(default_factory=dict)
    impossible: dict[Chosen, str] = field(default_factory=dict)  # sets whose edits can't be made together -> why

    @cached_property
    def mixer(self) -> Mixer:
        """What puts sets together from parts."""
        return Mixer(self.small, parts_of(self.small, self.members), self._draft)

    def __call__(self, sets: Sequence[Chosen], /) -> list[Judged]:
        """Whether each set may be chosen, and its gain beyond the base."""
        self.find([NOTHING, *sets])
        return [self._judged(one) for one in sets]

    def find(self, sets: Sequence[Chosen]) -> None:
        """Compute the figures of the sets that are not known, many at once."""
        new = [one for one in dict.fromkeys(sets) if one not in self.known and one not in self.impossible]
        people = people_of(self.small.base.context)
        for one, minutes in self.mixer.minutes(new).items():
            self.known[one] = self.measures.figures(people, minutes)
        rest = [one for one in new if one not in self.known]
        for start in range(0, len(rest), _TOGETHER):
            drafts = {one: draft for one in rest[start : start + _TOGETHER] if (draft := self._draft(one))}
            self.known |= zip(drafts, self.figures(list(drafts.values())), strict=True)

    def figures(self, drafts: Sequence[Draft]) -> list[Figures]:
        """The figures of regions after edits."""
        every = minutes_of(self.small, drafts)
        return [self.measures.figures(people_of(d.context), one) for d, one in zip(drafts, every, strict=True)]

    def edits(self, chosen: Chosen) -> list[ScenarioEdit]:
        """The edits of a set in the order of the files, without the numbers of trips that they expect."""
        numbers = sorted(number for one in chosen for number in self.members[one])
        return [unexpecting(self.small.chosen.edits[number]) for number in numbers]

    def losing(self, chosen: Chosen) -> list[str]:
        """The protected places and groups that lose by a set."""
        return self.measures.losing(self.known[NOTHING], self.known[chosen])

    def gains(self, chosen: Chosen) -> dict[str, float]:
        """The gain of each goal by a set that is known."""
        return self.measures.gains(self.known[NOTHING], self.known[chosen])

    def gain(self, chosen: Chosen) -> float:
        """The gain of the objective by a set that is known."""
        return self.measures.gain(self.known[NOTHING], self.known[chosen])

    def _judged(self, chosen: Chosen) -> Judged:
        if chosen in self.impossible:
            return Judged(-np.inf, allowed=False)
        return Judged(self.gain(chosen), not self.losing(chosen))

    def _draft(self, chosen: Chosen) -> Draft | None:
        try:
            return self.small.draft(self.edits(chosen), phases=self.phases)
        except ScenarioFileError as error:
            self.impossible[chosen] = str(error).partition("\n")[2].strip()
            return None


def costs_of(draft: Draft, edits: Sequence[ScenarioEdit]) -> Mapping[str, float]:
    """What some of a draft's edits take: vehicles at once, and vehicle-hours a day; below 0 where they free some.

    Of a headway service the vehicles are those that it needs with its layover; of several edits they add up, though the
    most of each may be at different times.
    """
    ids = {one.id for one in edits}
    effects = [one for one in draft.edited.effects if one.edit_id in ids]
    vehicles = sum(
        max((need.vehicles for need in one.needs), default=one.peak_vehicles_after) - one.peak_vehicles_before
        for one in effects
    )
    minutes = sum(one.vehicle_minutes_after - one.vehicle_minutes_before for one in effects)
    return {"vehicles": float(vehicles), "vehicle_hours": minutes / 60}
