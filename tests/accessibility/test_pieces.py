"""What is done piece by piece, so that less memory is held, gives what is done at once; a part of a timetable has its trips."""

import numpy as np
import pytest

from accessibility import legs
from accessibility.legs import Walk, points, straight_line_legs
from accessibility.search import preparation
from accessibility.search.preparation import prepare
from accessibility.timetable.regrouping import calls_by_trip, part_of
from tests.accessibility.scale.test_parts import RANDOM
from tests.support.random_networks import case_of


def test_walks_in_a_straight_line_do_not_depend_on_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    homes = points([f"home {i}" for i in range(50)], rng.uniform(-2, -1.9, 50), rng.uniform(52, 52.05, 50))
    shops = points([f"shop {i}" for i in range(30)], rng.uniform(-2, -1.9, 30), rng.uniform(52, 52.05, 30), 100.0)
    at_once = straight_line_legs(homes, shops, Walk())
    monkeypatch.setattr(legs, "_STARTS_AT_ONCE", 7)
    for one, other in zip(straight_line_legs(homes, shops, Walk()), at_once, strict=True):
        assert one.dtype == other.dtype and np.array_equal(one, other)
    assert 0 < len(at_once.target) < 50 * 30


def test_transfers_do_not_depend_on_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [case_of(seed, 8) for seed in range(10)]
    at_once = [prepare(case.timetable, case.walks.transfers, RANDOM).transfers for case in cases]
    monkeypatch.setattr(preparation, "_ROWS_AT_ONCE", 2)
    for case, whole in zip(cases, at_once, strict=True):
        for one, other in zip(prepare(case.timetable, case.walks.transfers, RANDOM).transfers, whole, strict=True):
            assert np.array_equal(one, other)
    assert sum(len(whole.connection) for whole in at_once) > 100


def test_a_part_of_a_timetable_has_the_calls_of_its_trips() -> None:
    for seed in range(20):
        whole = case_of(seed, 8).timetable
        trips = np.flatnonzero(np.random.default_rng(seed).random(len(whole.trip_id)) < 0.4)
        part, stops = part_of(whole, trips)
        (calls, route), (own, own_route) = calls_by_trip(whole), calls_by_trip(part)
        expected = calls.take(trips)
        assert np.array_equal(stops[own.stop], expected.stop)
        for one, other in zip(own, expected, strict=True):
            assert one is own.stop or np.array_equal(one, other)
        assert part.trip_id.tolist() == whole.trip_id[trips].tolist()
        assert np.array_equal(own_route, route[trips])
        assert part.stops["stop_id"].tolist() == whole.stops["stop_id"].iloc[stops].tolist()
        assert sorted(set(own.stop.tolist())) == list(range(len(stops)))
