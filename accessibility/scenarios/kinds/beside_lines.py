"""Edits beside the lines: minutes to change at a place, and another timetable altogether."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from accessibility.feed import Feed
from accessibility.scenarios.change import Change, Context
from accessibility.scenarios.edits import Interchange
from accessibility.scenarios.problems import Problem

_MINIMUM = 2  # GTFS's type of a transfer with a minimum time


class InterchangeTime(NamedTuple):
    """Changing from one stop (or any stop of a station) to another takes `seconds`, walk included."""

    edit_id: str
    from_stop_id: str
    to_stop_id: str
    seconds: int


def interchange_times(edit: Interchange, context: Context) -> tuple[InterchangeTime, ...]:
    """The changes that an edit times: between every two of its places, or within its only one. Raises `Problem`."""
    groups = [context.finder.station_or_group(place) for place in edit.places]
    if len({stop for group in groups for stop in group}) < sum(map(len, groups)):
        raise Problem("a place is named twice; name each once")
    pairs = list(itertools.permutations(groups, 2)) or [(groups[0], groups[0])]
    return tuple(InterchangeTime(edit.id, a, b, edit.seconds) for group, other in pairs for a in group for b in other)


def interchange(times: Sequence[InterchangeTime], feed: Feed) -> Change:
    """The change of the feed's transfer rules: a minimum time between two stops replaces every rule there is."""
    rules = feed.transfers
    timed = {(time.from_stop_id, time.to_stop_id): time.seconds for time in times}
    kept = [pair not in timed for pair in zip(rules["from_stop_id"], rules["to_stop_id"], strict=True)]
    rows = pd.DataFrame([(*pair, _MINIMUM, seconds) for pair, seconds in timed.items()], columns=list(rules.columns))
    every = pd.concat([rules[kept], rows.astype(rules.dtypes)], ignore_index=True)
    sorted_rules = every.sort_values(list(every.columns), kind="stable", ignore_index=True)
    note = f"{len(timed):,} ways to change, from one stop or station to another, take the time given"
    return Change(transfers=None if sorted_rules.equals(rules) else sorted_rules, notes=(note,))
