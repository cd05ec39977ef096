"""Applies the edits of a scenario to a feed, in the order written: later edits see what earlier ones made."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from accessibility.errors import ScenarioError
from accessibility.feed import Feed
from accessibility.legs import Points
from accessibility.scenarios.change import Change, Context, Phase, applied, check_trips
from accessibility.scenarios.checks import faults, faults_together
from accessibility.scenarios.edits import (
    AddStop,
    AddTrips,
    ChangeTime,
    Divert,
    Dwell,
    Edit,
    Extend,
    Headway,
    Interchange,
    LandUse,
    NewLine,
    OpenStation,
    ReplaceFeed,
    RunTime,
    RunTimes,
    SkipStop,
    StreetClose,
    StreetLink,
    ThroughRun,
    Truncate,
    Withdraw,
)
from accessibility.scenarios.effects import Effect, effect_of
from accessibility.scenarios.kinds.beside_lines import InterchangeTime, interchange, interchange_times
from accessibility.scenarios.kinds.headways import add_trips, headway, withdraw
from accessibility.scenarios.kinds.new_lines import new_line, through_run
from accessibility.scenarios.kinds.retimes import change_time, dwell, run_time
from accessibility.scenarios.kinds.routings import add_stop, divert, extend, open_station, skip_stop, truncate
from accessibility.scenarios.problems import Problem
from accessibility.scenarios.selection import day_of
from accessibility.streets.network import StreetNetwork
from accessibility.streets.snapping import MAX_SNAP_M, nearest_stretches

# Each gives the change of its kind of edit: `Context -> Change`.
_CHANGES: dict[type, Callable[..., Change]] = {
    NewLine: new_line,
    Extend: extend,
    Truncate: truncate,
    Divert: divert,
    RunTime: run_time,
    Dwell: dwell,
    Headway: headway,
    AddTrips: add_trips,
    ChangeTime: change_time,
    Withdraw: withdraw,
    SkipStop: skip_stop,
    AddStop: add_stop,
    OpenStation: open_station,
    ThroughRun: through_run,
}


@dataclass(frozen=True)
class Edited:
    """A feed after the edits, what each of them changed, and the edits that are not of the timetable."""

    feed: Feed
    effects: tuple[Effect, ...] = ()
    phases: tuple[Phase, ...] = ()  # the headway services whose offset is unknown
    new_stops: Mapping[str, str] = field(default_factory=dict)  # id as written -> id in the feed
    street_edits: tuple[StreetLink | StreetClose, ...] = ()  # for `with_street_edits`
    land_edits: tuple[LandUse, ...] = ()
    interchanges: tuple[InterchangeTime, ...] = ()  # the feed's transfers have them too


def apply(  # noqa: PLR0913  # keyword-only
    feed: Feed,
    edits: Sequence[Edit],
    *,
    date: datetime.date,
    scenario: str = "scenario",
    phases: Mapping[str, int] | None = None,
    run_times: RunTimes = "central",
    streets: StreetNetwork | None = None,
) -> Edited:
    """The feed after `edits`, in their order. What no edit selects stays as it is; without edits, the feed itself.

    An edit is of the trips that run on `date`, which change on all days on which they run. `phases` are offsets in seconds
    of headway services (`Edited.phases`), by id, 0 where not given; `run_times` chooses from the ranges of the edits.
    `scenario` stands before all new ids. With `streets`, each new stop must be within `MAX_SNAP_M` of one.

    Raises `ScenarioError` with every problem found, each naming its edit. Of edits of a line or stop that a faulty edit
    would have made nothing is said. An edit that changes nothing is a problem.
    """
    problems = faults_together(edits)
    if problems:
        raise ScenarioError(problems)
    edited, lacking, day = Edited(feed), _Lacking(), day_of(feed, date)
    for number, edit in enumerate(edits):
        day = day_of(edited.feed, date, day)
        context = Context(day, scenario, run_times, phases or {}, edit, edited.new_stops)
        own_faults = faults(edit)
        problems += [f"edit {edit.id!r}: {text}" for text in own_faults]
        if own_faults:
            lacking.add(edit)
            continue
        try:
            edited = _after(edited, edit, context, streets)
        except Problem as problem:
            if problem.wanted not in lacking.words:
                later = _made_later(problem.wanted, edits[number + 1 :])
                problems.append(f"edit {edit.id!r}: {problem}{later}")
            lacking.add(edit)
    if problems:
        raise ScenarioError(problems)
    return edited


@dataclass
class _Lacking:
    """The lines and stops that faulty edits would have made."""

    words: set[str] = field(default_factory=set)

    def add(self, edit: Edit) -> None:
        self.words |= _made_by(edit)


def _made_by(edit: Edit) -> set[str]:
    """The numbers of lines and ids of stops that an edit makes."""
    places = [*getattr(edit, "stops", ()), *getattr(edit, "via", ()), *([edit.stop] if hasattr(edit, "stop") else [])]
    new = {place.stop_id for place in places if place.at is not None and place.stop_id}
    return new | ({edit.number} if isinstance(edit, NewLine) else set())


def _made_later(wanted: str, edits: Sequence[Edit]) -> str:
    maker = next((edit for edit in edits if wanted and wanted in _made_by(edit)), None)
    return f". Edit {maker.id!r}, which stands later, makes it: put that one first" if maker else ""


def _after(edited: Edited, edit: Edit, context: Context, streets: StreetNetwork | None) -> Edited:
    """The state after one edit. Raises `Problem`."""
    if isinstance(edit, StreetLink | StreetClose):
        return replace(edited, street_edits=(*edited.street_edits, edit), effects=(*edited.effects, Effect(edit.id)))
    if isinstance(edit, LandUse):
        return replace(edited, land_edits=(*edited.land_edits, edit), effects=(*edited.effects, Effect(edit.id)))
    if isinstance(edit, ReplaceFeed):
        return _with_other_feed(edited, edit)
    times = interchange_times(edit, context) if isinstance(edit, Interchange) else ()
    change = interchange(times, context.feed) if times else _CHANGES[type(edit)](edit, context)
    check_trips(context, change)
    _check_on_streets(context, streets)
    if not len(change.removed) and not change.after and change.transfers is None:
        raise Problem("it changes nothing: everything is so already; leave it out")
    feed = applied(context, change)
    return replace(
        edited,
        feed=feed,
        effects=(*edited.effects, effect_of(context, change)),
        phases=(*edited.phases, *change.phases),
        new_stops=context.finder.made,
        interchanges=(*edited.interchanges, *times),
    )


def _with_other_feed(edited: Edited, edit: ReplaceFeed) -> Edited:
    old, new = (set(feed.trips["trip_id"]) for feed in (edited.feed, edit.feed))
    if edit.feed is edited.feed:
        raise Problem("it changes nothing: the feed is the one there is")
    note = "trips are those of the feeds, on all days, by their ids"
    effect = Effect(edit.id, len(old & new), len(new - old), len(old - new), notes=(note,))
    return replace(edited, feed=edit.feed, effects=(*edited.effects, effect), new_stops={})


def _check_on_streets(context: Context, streets: StreetNetwork | None) -> None:
    """Raises `Problem` for a new stop too far from every street."""
    new = context.finder.new
    if streets is None or not new:
        return
    ids, lon, lat = list(new), [stop.lon for stop in new.values()], [stop.lat for stop in new.values()]
    places = Points(np.array(ids, object), np.array(lon), np.array(lat))
    far = np.setdiff1d(np.arange(len(new)), nearest_stretches(streets, places).point)
    if len(far):
        raise Problem(
            f"the new stop {ids[far[0]]!r} is farther than {MAX_SNAP_M:g} m from every street: nobody could walk to it; check "
            "its place"
        )
