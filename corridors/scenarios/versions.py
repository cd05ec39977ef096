"""Many versions of the region, each after other edits or at other phases, searched together for what decides the headline."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from accessibility import (
    RunTimes,
    ServiceDateError,
    Timetable,
    TravelTimes,
    build_timetable,
    join_points,
    only_routes,
    prepare_versions,
    routes_named,
    times_of_versions,
    versions_of,
)
from corridors.access.centre_access import place_points
from corridors.errors import ScenarioFileError
from corridors.scenarios.answers import (
    Worth,
    centre_minutes,
    headline_centres,
    headline_spec,
    people_of,
    worth_of,
)
from corridors.scenarios.files.read import ScenarioEdit, ScenarioSet
from corridors.scenarios.worlds import Base, Draft, draft_of

Phases = Mapping[str, int]  # id of a headway service -> seconds


@dataclass(frozen=True)
class SmallBase:
    """The base with the part of its feed that the edits can change, to which they are applied again and again."""

    base: Base
    chosen: ScenarioSet
    routes: frozenset[str]  # ids of the routes whose trips are in `part`
    part: Base

    def draft(
        self,
        edits: Sequence[ScenarioEdit] | None = None,
        *,
        phases: Phases | None = None,
        run_times: RunTimes = "central",
    ) -> Draft:
        """The region after the scenarios' edits, or some of them, as `draft_of`; its feed has only the trips of `routes`
        and those made."""
        return draft_of(self.part, self.chosen, edits, phases=phases, run_times=run_times)

    def applicable(self, edits: Sequence[ScenarioEdit], phases: Phases) -> Draft:
        """After those of the edits that can be made without the others: one of a line that another makes can't."""
        try:
            return self.draft(edits, phases=phases)
        except ScenarioFileError:
            kept: list[ScenarioEdit] = []
            draft = self.draft([])
            for one in edits:
                try:
                    draft = self.draft([*kept, one], phases=phases)
                except ScenarioFileError:
                    continue
                kept.append(one)
            return draft


def small_base(base: Base, chosen: ScenarioSet) -> SmallBase:
    """The base, made small for the edits of the scenarios."""
    routes = routes_named(base.feed, [one.edit for one in chosen.edits])
    return SmallBase(base, chosen, routes, replace(base, feed=only_routes(base.feed, routes)))


def worths_of(small: SmallBase, drafts: Sequence[Draft]) -> list[Worth]:
    """The figures of each draft, as a search of its whole timetable gives them.

    Drafts with the same walks are searched together: streets and times to change are prepared once for all of them.
    """
    groups: dict[Hashable, list[int]] = {}
    for number, draft in enumerate(drafts):
        groups.setdefault(_walks_key(small, draft), []).append(number)
    found: dict[int, Worth] = {}
    for numbers in groups.values():
        for number, times in zip(numbers, _times(small, [drafts[n] for n in numbers]), strict=True):
            minutes = centre_minutes(small.base.config, times)
            found[number] = worth_of(small.base.config, people_of(drafts[number].context), minutes)
    return [found[number] for number in range(len(drafts))]


def _walks_key(small: SmallBase, draft: Draft) -> Hashable:
    transfers = draft.edited.feed.transfers
    rules = () if transfers is small.base.feed.transfers else tuple(transfers.itertuples(index=False, name=None))
    return rules, draft.edited.street_edits


def _times(small: SmallBase, drafts: Sequence[Draft]) -> list[TravelTimes]:
    """Times to the headline's centres of drafts with the same walks."""
    config, context, streets = small.base.config, small.base.context, drafts[0].streets
    spec = headline_spec(config)
    built = [_timetable(small, draft) for draft in drafts]
    versions = versions_of(small.base.network.timetable, small.routes, built, drafts[0].edited.feed)
    prepared = prepare_versions(versions, streets, spec)
    centres = headline_centres(config, context)
    joined = join_points([prepared.network], streets, place_points(context.points), centres, spec)
    _, *times = times_of_versions(prepared, joined, spec)
    return times


def _timetable(small: SmallBase, draft: Draft) -> Timetable | None:
    """The timetable of the draft's trips; None where none of them runs on the day."""
    try:
        return build_timetable(draft.edited.feed, small.base.config.timetable.date)
    except ServiceDateError:
        return None
