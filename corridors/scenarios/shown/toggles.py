"""The page on which the edits of a scenario are switched on and off: every combination searched, from the base's network."""

import itertools
from collections.abc import Sequence

import numpy as np

from corridors.access.centre_access import Float
from corridors.config.values import NOT_STATED
from corridors.dates import day_words, time_words
from corridors.errors import ScenarioFileError
from corridors.pipeline import Stage, region_of
from corridors.scenarios.answers import headline_spec, people_of
from corridors.scenarios.attribution import unexpecting
from corridors.scenarios.files.read import ScenarioEdit, ScenarioSet
from corridors.scenarios.ranges import middle, timetables
from corridors.scenarios.shown.base_places import places_and_groups
from corridors.scenarios.shown.edit_words import edits_table
from corridors.scenarios.versions import minutes_of, small_base
from corridors.scenarios.worlds import Base
from maps import MOST_SWITCHES, ToggleContent, draw_toggles

_LIMITS = (
    "Timetable times. Headway services run at the timetable that is the middle one with all changes on. Demand, crowding and "
    "fares are not modelled. A gain or loss is a minute or more to the last centre needed. People of new homes are not counted."
)


def toggle_page(base: Base, chosen: ScenarioSet, stage: Stage) -> str:
    """The page of at most `MOST_SWITCHES` edits, as HTML text.

    An edit that can't be made without another one (it changes a line that the other makes) does nothing while that one is
    off. Raises `ScenarioFileError` for more edits or none, and where an edit can't be applied.
    """
    edits = chosen.edits
    if not 1 <= len(edits) <= MOST_SWITCHES:
        raise ScenarioFileError(f"{len(edits)} edits; a page of switches takes 1 to {MOST_SWITCHES}")
    small = small_base(base, chosen)
    with stage("the range over unknown timetables"):
        unknown = small.draft().edited.phases
        _, tried = timetables(small, unknown, base.config.scoring.seed)
        phases = tried[middle(tried)].phases
    with stage(f"{2 ** len(edits)} combinations of {len(edits)} edits"):
        drafts = [small.applicable(some, phases) for some in _combinations(edits)]
        found = minutes_of(small, drafts)
    spec, at_least = headline_spec(base.config), base.config.kpi.centres_at_least
    needed = np.array([one.needed_min for one in found])
    region, kpi = region_of(base.config), base.config.kpi
    return draw_toggles(
        ToggleContent(
            title=f"{' and '.join(one.head.title for one in chosen.scenarios)}: {region.name}",
            caution=region.caution,
            about=(
                f"The test: {at_least} or more strategic centres within {kpi.cutoff_min:g} minutes at the median departure, "
                f"{day_words(base.config.timetable.date)}, {time_words(spec.window_start_s)}-{time_words(spec.window_end_s)}."
            ),
            zones=base.context.zones[["name", "geometry"]],
            switches=_words(base, chosen),
            minutes=np.where(needed >= spec.max_duration_s / 60, np.nan, needed),
            meets=np.array([one.within >= at_least for one in found]),
            members=_members(base),
            limits=_LIMITS,
            attributions=tuple(
                dict.fromkeys(
                    f"{one.source} ({one.licence})"
                    for one in base.context.provenance + base.network.provenance
                    if one.source != NOT_STATED
                )
            ),
        )
    )


def _combinations(edits: Sequence[ScenarioEdit]) -> list[list[ScenarioEdit]]:
    """Every combination in the order of its number: bit k says whether edit k is made."""
    plain = [unexpecting(one) for one in edits]
    bits = itertools.product((False, True), repeat=len(edits))
    return [[one for one, on in zip(plain, reversed(some), strict=True) if on] for some in bits]


def _words(base: Base, chosen: ScenarioSet) -> list[str]:
    table = edits_table(chosen, base.feed).groupby("edit_id", sort=False)["what"].agg("; ".join)
    return [str(table.get(one.id, one.id)) for one in chosen.edits]


def _members(base: Base) -> dict[str, Float]:
    """Region, corridors, pilots, then groups of people: name -> people by zone."""
    people = people_of(base.context)
    places, groups = places_and_groups(base)
    shown = places.of_kind("region", "corridor", "pilot")
    found = {str(name): people * shares for name, shares in zip(shown.frame["place"], shown.shares, strict=True)}
    return found | dict(groups)
