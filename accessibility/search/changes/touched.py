"""Tells which origins can have other answers after a change of the timetable, so that only they are searched again.

A journey that only one of two timetables has boards a pattern that only that one has, and rides patterns of both before it.
So an origin from which no such pattern can be boarded in the time searched, nor one in which people stay aboard until it is
such a one, has the same answers to every destination.
"""

from dataclasses import replace

import numpy as np

from accessibility.compressed_rows import row_numbers
from accessibility.kernels.arrays import Bool
from accessibility.legs import LegTable, legs_from_triples
from accessibility.search.joining import JoinedNetwork, join
from accessibility.search.percentiles import joined_travel_times
from accessibility.search.preparation import PreparedNetwork
from accessibility.search.spec import SearchSpec
from accessibility.timetable.versions import patterns_changed


def origins_touched(before: JoinedNetwork, after: JoinedNetwork, spec: SearchSpec) -> Bool:
    """(n_origins,) whether an answer of `spec` can be another after than before, to destinations wherever they are.

    Both are joined to the same origins, with the same walks and transfer rules; only trips differ. Where headways are
    drawn, all can: the draws of one line depend on the lines before it.
    """
    if len(before.networks) > 1 or len(after.networks) > 1:
        return np.ones(after.n_origins, bool)
    changed = patterns_changed(before.networks[0].timetable, after.networks[0].timetable)
    pairs = [(one, _leading_to(one.networks[0], own)) for one, own in zip((before, after), changed, strict=True)]
    reached = [_boarding(*pair, spec) for pair in pairs if pair[1].any()]
    touched: Bool = np.any([np.zeros(after.n_origins, bool), *reached], axis=0)
    return touched


def _leading_to(network: PreparedNetwork, patterns: Bool) -> Bool:
    """(n_patterns,) the `patterns`, and those from which people stay aboard into one of them."""
    into, source = (network.calls.pattern[network.connections.position[rows]] for rows in network.stays[1:])
    while (patterns[into] & ~patterns[source]).any():
        patterns = patterns.copy()
        patterns[source[patterns[into]]] = True
    return patterns


def _boarding(joined: JoinedNetwork, patterns: Bool, spec: SearchSpec) -> Bool:
    """(n_origins,) whether people can come to where one of the `patterns` (n_patterns,) is boarded, in the time searched."""
    network, (first_s, last_s) = joined.networks[0], spec.span_s
    departure_s = network.boardings.departure_s
    position = row_numbers(network.boardings.offset)[(first_s <= departure_s) & (departure_s < last_s)]
    stops = np.zeros(len(network.timetable.stops), bool)
    stops[network.timetable.position_stop[position[patterns[network.calls.pattern[position]]]]] = True
    to_any = join(joined.networks, joined.access, _any_of(network.transfer_legs, stops), _any_of(joined.access, stops))
    times = joined_travel_times(to_any, replace(spec, percentiles=(50.0,), cutoffs_s=()))
    return np.asarray(times.departures_within[-1][:, 0] > 0)


def _any_of(legs: LegTable, stops: Bool) -> LegTable:
    """The legs to the `stops` as those to one destination, listed by it."""
    chosen = stops[legs.target]
    sources = legs.sources()[chosen]
    return legs_from_triples(1, np.zeros(len(sources), np.int64), sources, legs.seconds[chosen])
