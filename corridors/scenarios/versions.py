"""Many versions of the region, each after other edits or at other phases, searched together for what decides the headline."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from accessibility import (
    PreparedNetwork,
    PreparedVersions,
    RunTimes,
    ServiceDateError,
    StreetNetwork,
    Timetable,
    TravelTimes,
    Versions,
    build_timetable,
    join_points,
    only_routes,
    prepare_versions,
    routes_named,
    times_after,
    times_of_versions,
    versions_of,
)
from corridors.errors import ScenarioFileError
from corridors.scenarios.answers import (
    CentreMinutes,
    Worth,
    centre_minutes,
    people_of,
    worth_of,
)
from corridors.scenarios.files.read import ScenarioEdit, ScenarioSet
from corridors.scenarios.worlds import Base, Draft, World, draft_of, world_of

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
    """The figures of each draft, as a search of its whole timetable gives them."""
    config = small.base.config
    pairs = zip(drafts, minutes_of(small, drafts), strict=True)
    return [worth_of(config, people_of(draft.context), minutes) for draft, minutes in pairs]


def minutes_of(small: SmallBase, drafts: Sequence[Draft]) -> list[CentreMinutes]:
    """What decides the headline of each draft, as a search of its whole timetable gives it.

    Drafts with the same walks are searched together: streets and times to change are prepared once for all of them, and for
    those with the base's walks only what they add to the base.
    """
    groups: dict[Hashable, list[int]] = {}
    for number, draft in enumerate(drafts):
        groups.setdefault(_walks_key(small, draft), []).append(number)
    found: dict[int, CentreMinutes] = {}
    for numbers in groups.values():
        of_group = times_to_centres(small, *_prepared(small, [drafts[n] for n in numbers]))
        for number, times in zip(numbers, of_group, strict=True):
            found[number] = centre_minutes(small.base.config, times)
    return [found[number] for number in range(len(drafts))]


def world_after(small: SmallBase, phases: Phases) -> tuple[World, Sequence[PreparedNetwork] | None]:
    """(the region after all edits at `phases`, its network prepared).

    None stands for the network where walks change: it is to be prepared afresh. Raises as `world_of`.
    """
    base, part = small.base, small.draft(phases=phases)
    if _walks_key(small, part) == _walks_key(small, small.draft([])):
        versions = versions_of_drafts(small, [part])
        prepared = prepare_versions(versions, part.streets, base.searched.spec, base.searched.joined.networks[0])
        timetable = versions.version(1)
        if prepared.row is not None and len(timetable.trip_id):
            whole = draft_of(base, small.chosen, phases=phases)
            network = replace(base.network, timetable=timetable)
            return World(whole.context, network, whole.edited), [prepared.version(1)]
    return world_of(base, small.chosen, phases=phases), None


def _walks_key(small: SmallBase, draft: Draft) -> Hashable:
    transfers = draft.edited.feed.transfers
    rules = () if transfers is small.base.feed.transfers else tuple(transfers.itertuples(index=False, name=None))
    return rules, draft.edited.street_edits


def _prepared(small: SmallBase, drafts: Sequence[Draft]) -> tuple[PreparedVersions, StreetNetwork | None]:
    """(drafts with the same walks, prepared; their streets). What the base has is not prepared again where walks stay."""
    streets, before = drafts[0].streets, small.base.searched
    network = before.joined.networks[0] if streets is small.base.network.streets else None
    return prepare_versions(versions_of_drafts(small, drafts), streets, before.spec, network), streets


def times_to_centres(small: SmallBase, prepared: PreparedVersions, streets: StreetNetwork | None) -> list[TravelTimes]:
    """Times to the headline's centres in each version but the first, the base: from its search where they were made from it."""
    before = small.base.searched
    if prepared.row is not None:
        return times_after(before, prepared, streets)
    joined = join_points([prepared.network], streets, before.origins, before.destinations, before.spec)
    _, *times = times_of_versions(prepared, joined, before.spec)
    return times


def versions_of_drafts(small: SmallBase, drafts: Sequence[Draft]) -> Versions:
    """The base, then each draft, as versions of one timetable."""
    built = [_timetable(small, draft) for draft in drafts]
    return versions_of(small.base.network.timetable, small.routes, built, drafts[0].edited.feed)


def _timetable(small: SmallBase, draft: Draft) -> Timetable | None:
    """The timetable of the draft's trips; None where none of them runs on the day."""
    try:
        return build_timetable(draft.edited.feed, small.base.config.timetable.date, advise=False)
    except ServiceDateError:
        return None
