"""The part of a feed that edits can change: applied to it, edits give the trips that they give in the whole feed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from accessibility.feed import Feed
from accessibility.scenarios.edits import Edit, ReplaceFeed
from accessibility.scenarios.selection import Selection


def routes_named(feed: Feed, edits: Sequence[Edit]) -> frozenset[str]:
    """Ids of the routes of all lines with a number that an edit selects, whoever runs them.

    All routes where an edit replaces the feed, and where the feed has several time zones: the one of most trips sets the
    clock of all.
    """
    every = feed.routes["route_id"]
    if feed.routes["timezone"].nunique() > 1 or any(isinstance(edit, ReplaceFeed) for edit in edits):
        return frozenset(every)
    numbers = {selection.number.strip().casefold() for edit in edits for selection in _selections(edit)}
    named = np.zeros(len(every), bool)
    for column in ("short_name", "long_name"):
        named |= np.array([text.casefold() in numbers for text in feed.routes[column].tolist()], bool)
    return frozenset(every[named])


def _selections(edit: Edit) -> Iterator[Selection]:
    for name in ("line", "first", "second"):
        if isinstance(line := getattr(edit, name, None), Selection):
            yield line
    yield from getattr(edit, "lines", ())


def only_routes(feed: Feed, routes: frozenset[str]) -> Feed:
    """The feed with the trips of some routes only; its other tables stay as they are."""
    kept = feed.trips["route_id"].isin(list(routes)).to_numpy(bool)
    rows = feed.stop_times.take(kept[feed.stop_times.trip])
    number = (np.cumsum(kept) - 1).astype(np.int32)
    ids = feed.trips["trip_id"][kept]
    return replace(
        feed,
        trips=feed.trips[kept].reset_index(drop=True),
        stop_times=rows._replace(trip=number[rows.trip]),
        frequencies=feed.frequencies[feed.frequencies["trip_id"].isin(ids)].reset_index(drop=True),
    )
