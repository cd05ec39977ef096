"""A network of more patterns, made from one that is prepared, is the one prepared afresh, array by array."""

from dataclasses import replace

import numpy as np
import pytest

from accessibility.legs import local_metres, middle
from accessibility.scenarios.reduced import only_routes, routes_named
from accessibility.search.changes.versions import (
    PreparedVersions,
    prepare_versions,
    searched,
    times_after,
    times_of_versions,
)
from accessibility.search.door_to_door import prepare_search, travel_times
from accessibility.search.joining import join_points
from accessibility.search.percentiles import joined_travel_times
from accessibility.search.preparation import PreparedNetwork
from accessibility.search.spec import SearchSpec
from accessibility.streets.network import Segments, StreetNetwork, street_network
from accessibility.timetable.timetable import Timetable, build_timetable
from accessibility.timetable.versions import Versions, versions_of
from tests.accessibility.scenarios.plain import APART_DEG, N_STOPS, TUESDAY, place
from tests.accessibility.scenarios.test_against_oracle import DOORS, spots
from tests.accessibility.search.changes.test_versions import SEARCHES, Drawn, built

CASES = [*((number, True) for number in range(len(SEARCHES))), (6, False), (7, False)]  # (network, whether on streets)


def ladders(n_networks: int) -> StreetNetwork:
    """Streets along both columns of stops of each network, joined by one at the south."""
    nodes = [(place(i)[1] + k * APART_DEG, place(i)[0]) for k in range(n_networks) for i in range(N_STOPS)]
    ways = [(0, 1), *((i, i + 2) for i in range(N_STOPS - 2))]
    start, end = np.array([(k * N_STOPS + a, k * N_STOPS + b) for k in range(n_networks) for a, b in ways]).T
    lon, lat = (np.array(column) for column in zip(*nodes, strict=True))
    at = local_metres(lon, lat, *middle(lon, lat))
    both, metres = np.ones(len(start), bool), np.hypot(*(at[end] - at[start]).T)
    return street_network(lon, lat, Segments(start, end, both, both, metres, ~both), ())


def require_same(one: PreparedNetwork, other: PreparedNetwork) -> None:
    for name in ("transfer_legs", "connections", "chains", "boardings", "calls", "transfers"):
        for column, own, expected in zip(
            getattr(one, name)._fields, getattr(one, name), getattr(other, name), strict=True
        ):
            assert np.array_equal(own, expected), f"{name}.{column}"
            assert own.dtype == expected.dtype, f"{name}.{column}"


def both_ways(
    base: Timetable, versions: Versions, streets: StreetNetwork | None, spec: SearchSpec
) -> tuple[PreparedNetwork, PreparedVersions, PreparedVersions]:
    """(the base, the versions prepared afresh, the versions from the base)."""
    (alone,) = prepare_search(base, streets, spec)
    return alone, prepare_versions(versions, streets, spec), prepare_versions(versions, streets, spec, alone)


@pytest.mark.parametrize(("number", "on_streets"), CASES)
def test_more_patterns_and_stops_give_the_network_prepared_afresh(number: int, on_streets: bool) -> None:
    """And searches that start from the base's give the times of searches from nothing."""
    drawn, spec = Drawn(100 + number), SEARCHES[number % len(SEARCHES)]
    feed, n = drawn.feed, len(drawn.batch.networks)
    points, streets = spots(DOORS, n, 0.0003), ladders(n) if on_streets else None
    routes = routes_named(feed, [edit for edits in drawn.versions for edit in edits])
    base = build_timetable(feed, TUESDAY)
    versions = versions_of(base, routes, [built(one) for one in drawn.feeds(only_routes(feed, routes))], feed)
    alone, afresh, after = both_ways(base, versions, streets, spec)
    assert len(versions.timetable.stops) > len(base.stops)
    assert after.row is not None
    require_same(after.network, afresh.network)
    assert np.array_equal(after.running, afresh.running)
    if after.row is None:
        return
    for number_of_version, whole in enumerate((feed, *drawn.feeds(feed))):
        own = joined_travel_times(join_points([after.version(number_of_version)], streets, points, points, spec), spec)
        expected = travel_times(build_timetable(whole, TUESDAY), streets, points, points, spec)
        assert np.array_equal(own.seconds_or_unreached, expected.seconds_or_unreached)
    joined = join_points([afresh.network], streets, points, points, spec)
    found = times_after(searched(alone, streets, points, points, spec), after, streets)
    for times, expected in zip(found, times_of_versions(afresh, joined, spec)[1:], strict=True):
        assert np.array_equal(times.seconds_or_unreached, expected.seconds_or_unreached)
        assert np.array_equal(times.departures_within, expected.departures_within)


@pytest.mark.parametrize("number", range(4))
def test_an_extended_network_is_extended_again(number: int) -> None:
    """One version after the other; the second time from a network that was made from another."""
    drawn, spec = Drawn(200 + number), SEARCHES[number]
    feed, streets = drawn.feed, ladders(len(drawn.batch.networks))
    routes = routes_named(feed, [edit for edits in drawn.versions for edit in edits])
    small = [built(one) for one in drawn.feeds(only_routes(feed, routes))]
    base = build_timetable(feed, TUESDAY)
    first = versions_of(base, routes, small[:1], feed)
    _, _, once = both_ways(base, first, streets, spec)
    both = versions_of(base, routes, small[:2], feed)
    afresh, twice = prepare_versions(both, streets, spec), prepare_versions(both, streets, spec, once.network)
    assert twice.row is not None
    require_same(twice.network, afresh.network)


def test_other_rules_of_transfers_are_prepared_afresh() -> None:
    drawn, spec = Drawn(300), SEARCHES[0]
    feed = drawn.feed
    base = build_timetable(feed, TUESDAY)
    rules = base.transfer_rules
    assert not len(rules)
    ruled = rules.reindex([0]).assign(from_stop=0, to_stop=2, transfer_type=3, min_transfer_s=-1).astype(rules.dtypes)
    whole = Versions(replace(base, transfer_rules=ruled), np.ones((1, len(base.pattern_route)), bool))
    _, afresh, after = both_ways(base, whole, ladders(1), spec)
    assert after.row is None
    require_same(after.network, afresh.network)
