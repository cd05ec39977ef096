"""The region as it is (the base) and as a scenario makes it: read once, edited as often as asked."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from accessibility import (
    Edit,
    Edited,
    Feed,
    PreparedNetwork,
    ReplaceFeed,
    RunTimes,
    ScenarioError,
    Searched,
    ServiceDateError,
    StreetNetwork,
    Timetable,
    apply,
    build_timetable,
    searched,
    with_street_edits,
)
from corridors.access.centre_access import place_points, prepared
from corridors.config.run_config import RunConfig
from corridors.errors import ScenarioFileError
from corridors.inputs.files import require_files
from corridors.inputs.provenance import sha256_of
from corridors.inputs.proximity import require_near
from corridors.inputs.read import Context, Network, read_context, read_network_and_feed
from corridors.inputs.timetables import as_configured
from corridors.pipeline import Stage
from corridors.places.requirements import require_answerable
from corridors.scenarios.answers import headline_centres, headline_spec
from corridors.scenarios.files.read import ScenarioEdit, ScenarioSet
from corridors.scenarios.land import with_land
from layers import cleaned

_NAMED = re.compile(r"edit '([^']*)'")


@dataclass(frozen=True)
class Base:
    """The inputs of a run, and the feed that its timetable is of."""

    config: RunConfig
    context: Context
    network: Network
    feed: Feed
    digests: Mapping[str, str]  # file name of each feed -> SHA-256
    ready: Sequence[
        PreparedNetwork
    ] = ()  # the network as a run has prepared it (`centre_access.prepared`), where one has

    @cached_property
    def prepared(self) -> Sequence[PreparedNetwork]:
        """The network prepared for the searches of a run."""
        return self.ready or prepared(self.config, self.network)

    @cached_property
    def searched(self) -> Searched:
        """The search that decides the headline."""
        config, context, streets = self.config, self.context, self.network.streets
        origins, centres = place_points(context.points), headline_centres(config, context)
        return searched(self.prepared[0], streets, origins, centres, headline_spec(config))

    @property
    def untouched(self) -> Edited:
        """The feed without edits."""
        return Edited(self.feed)


@dataclass(frozen=True)
class Draft:
    """The region after edits, before its timetable is built."""

    context: Context
    edited: Edited
    streets: StreetNetwork | None


@dataclass(frozen=True)
class World:
    """The region after edits."""

    context: Context
    network: Network
    edited: Edited


def read_base(config: RunConfig, stage: Stage) -> Base:
    """The inputs of a configuration, each read once. Raises as `corridors.pipeline.run`."""
    require_files(config)
    with stage("reading zones and layers"):
        context = read_context(config)
        require_answerable(config, context)
    with stage("reading timetables and streets"):
        network, feed = read_network_and_feed(config, context.surroundings)
        require_near(network.timetable, context.points["lon"], context.points["lat"], "zones")
    return Base(config, context, network, feed, feed_digests(config))


def feed_digests(config: RunConfig) -> dict[str, str]:
    """File name of each feed of a configuration -> SHA-256."""
    return {cleaned(path.name): sha256_of(path) for path in config.timetable.feeds}


def written_for(base: Base) -> dict[str, object]:
    """The table `base` of a scenario file that is written for these inputs."""
    feeds = {name: f"sha256:{digest}" for name, digest in base.digests.items()}
    return {"date": base.config.timetable.date, "feeds": feeds}


def base_problems(base: Base, chosen: ScenarioSet) -> list[str]:
    """In what the inputs differ from those that the scenarios were written for, a sentence each."""
    return [
        f"{one.path.name}: {problem}"
        for one in chosen.scenarios
        for problem in _differences(base, one.head.base.feeds, one.head.base.date)
    ]


def _differences(base: Base, feeds: Mapping[str, str], date: object) -> list[str]:
    found = []
    if date is not None and date != base.config.timetable.date:
        found.append(f"it was written for {date}; the run's timetable is of {base.config.timetable.date.isoformat()}")
    for name, digest in feeds.items():
        if name not in base.digests:
            found.append(f"it was written for a feed {name!r}; the run reads {', '.join(base.digests)}")
        elif base.digests[name] != digest:
            found.append(
                f"the feed {name!r} is another one: SHA-256 {base.digests[name][:12]}..., not {digest[:12]}..."
            )
    return found + (
        [f"it was written without the feed {name!r}" for name in base.digests if name not in feeds] if feeds else []
    )


def require_same_base(base: Base, chosen: ScenarioSet) -> None:
    """Raise `ScenarioFileError` where the scenarios were written for other inputs."""
    if problems := base_problems(base, chosen):
        advice = "Use the inputs it was written for, or add --rebase: it reports which edits no longer match"
        raise ScenarioFileError("\n".join([*(f"  {one}" for one in problems), f"  {advice}."]).strip())


def world_of(
    base: Base,
    chosen: ScenarioSet,
    edits: Sequence[ScenarioEdit] | None = None,
    *,
    phases: Mapping[str, int] | None = None,
    run_times: RunTimes = "central",
) -> World:
    """The region after the scenarios' edits, or after some of them, as `draft_of`, with its timetable.

    Raises `ScenarioFileError` also where they leave no trip of the day.
    """
    draft = draft_of(base, chosen, edits, phases=phases, run_times=run_times)
    same = draft.edited.feed is base.feed
    timetable = base.network.timetable if same else _timetable_after(draft.edited.feed, base.config.timetable.date)
    return World(draft.context, replace(base.network, timetable=timetable, streets=draft.streets), draft.edited)


def _timetable_after(feed: Feed, date: dt.date) -> Timetable:
    try:
        return build_timetable(feed, date)
    except ServiceDateError:
        raise ScenarioFileError(
            f"after the edits no trip at all runs on {date}, so there is nothing to compare: leave at least one line in service"
        ) from None


def draft_of(
    base: Base,
    chosen: ScenarioSet,
    edits: Sequence[ScenarioEdit] | None = None,
    *,
    phases: Mapping[str, int] | None = None,
    run_times: RunTimes = "central",
) -> Draft:
    """The region after the scenarios' edits, or after some of them, in their order.

    `phases` are offsets in seconds of headway services, 0 where not given. Raises `ScenarioFileError` with the line of
    every edit that can't be applied.
    """
    some = chosen.edits if edits is None else tuple(edits)
    problems: list[str] = []
    edited, streets = base.untouched, base.network.streets
    try:
        edited = apply(
            base.feed,
            [_as_configured(base.config, one.edit) for one in some],
            date=base.config.timetable.date,
            scenario=chosen.id,
            phases=phases,
            run_times=run_times,
            streets=streets,
        )
    except ScenarioError as error:
        problems += error.problems
    context, found = with_land(base.context, some)
    problems += found
    try:
        if edited.street_edits and streets is None:
            names = (f"edit {one.id!r}: the run has no streets to change" for one in edited.street_edits)
            raise ScenarioError(list(names))
        if edited.street_edits and streets is not None:
            streets = with_street_edits(streets, edited.street_edits)
    except ScenarioError as error:
        problems += error.problems
    if problems:
        raise ScenarioFileError(_with_lines(problems, some))
    return Draft(context, edited, streets)


def _as_configured(config: RunConfig, edit: Edit) -> Edit:
    """The edit; another timetable with lines registered twice and calls by arrangement treated as those of the base are."""
    if not isinstance(edit, ReplaceFeed):
        return edit
    section = config.timetable
    return replace(edit, feed=as_configured(edit.feed, section.date, section))


def _with_lines(problems: Sequence[str], edits: Sequence[ScenarioEdit]) -> str:
    """Problems with the file and the line of the edit that each names first, in the order of the files."""
    place = {one.id: number for number, one in enumerate(edits)}

    def number_of(text: str) -> int:
        named = _NAMED.search(text)
        return place.get(named[1], len(edits)) if named else len(edits)

    ordered = sorted(problems, key=number_of)
    texts = [
        f"  {edits[at].file}, line {edits[at].line}: {text}" if at < len(edits) else f"  {text}"
        for text in ordered
        for at in [number_of(text)]
    ]
    return "\n".join([f"{len(texts)} problem(s):", *texts])
