"""Rides are those that a prepared network has, whatever the pieces in which they are looked at."""

import numpy as np
import pytest

from accessibility.scale import rides
from accessibility.scale.locality import least_legs, least_seconds, needed_connections
from accessibility.scale.rides import least_legs_of, rides_within, trips_needed, trips_within
from accessibility.search.preparation import prepare
from tests.accessibility.scale.test_parts import RANDOM, random_network


def test_rides_least_legs_and_needed_trips_are_those_of_the_prepared_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rides, "_CALLS_AT_ONCE", 7)  # a trip has up to six
    for seed in range(0, 60, 2):  # nobody stays aboard: then nothing stands twice in the prepared network
        network = random_network(seed)
        timetable, prepared = network.timetable, prepare(network.timetable, network.transfers, RANDOM)
        connections = prepared.connections
        pattern = np.searchsorted(timetable.pattern_position_offset, connections.position, side="right") - 1
        trip = timetable.pattern_trip_offset[pattern] + connections.trip
        found = list(rides_within(timetable, RANDOM))
        one_by_one = zip(trip, connections.position, connections.departure_s, connections.arrival_s, strict=True)
        assert sorted(row for piece in found for row in zip(*piece, strict=True)) == sorted(one_by_one), seed
        assert trips_within(timetable, RANDOM).tolist() == np.unique(trip).tolist()
        legs = least_legs_of(timetable, network.transfers, RANDOM)
        for own, other in zip(legs, least_legs(prepared), strict=True):
            assert np.array_equal(own, other), seed
        needed = needed_connections(prepared, legs, network.egress, RANDOM)
        least_s = least_seconds(legs, network.egress, RANDOM.max_duration_s)
        assert trips_needed(timetable, least_s, RANDOM).tolist() == np.unique(trip[needed]).tolist()
