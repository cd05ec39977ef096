"""Searches with only the needed transfers give the answers of the slow twin; a transfer that leads nowhere sooner is left out."""

from unittest.mock import patch

from hypothesis import given

from accessibility.search import passes
from accessibility.search.preparation import prepare
from accessibility.search.spec import SearchSpec
from tests.support.networks import legs, line, timetable_of
from tests.support.oracle import all_durations
from tests.support.random_networks import (
    Case,
    assert_equal,
    cases,
    joined_cases,
    networks_to_try,
    searched,
    spans,
    specs,
)


def answers_agree(case: Case, spec: SearchSpec, wider_s: tuple[int, int]) -> None:
    with patch.object(passes, "_MANY_DESTINATIONS", 0):
        assert_equal(searched(case, spec, wider_s), all_durations(case.timetable, case.walks, spec), spec)


@networks_to_try(400)
@given(cases(), specs(), spans)
def test_answers_are_those_of_the_slow_twin(case: Case, spec: SearchSpec, wider_s: tuple[int, int]) -> None:
    answers_agree(case, spec, wider_s)


@networks_to_try(300)
@given(joined_cases(), specs(), spans)
def test_they_are_where_people_stay_aboard(case: Case, spec: SearchSpec, wider_s: tuple[int, int]) -> None:
    answers_agree(case, spec, wider_s)


def test_of_two_lines_to_one_place_only_that_which_is_there_first_is_needed() -> None:
    home, change, shop, depot = range(4)
    feeder = line((home, 0), (change, 10), start_s=1000)
    fast = line((change, 20), (shop, 30), start_s=1000)
    slow = line((depot, 15), (change, 20), (shop, 31), start_s=1000)
    spec = SearchSpec(window_start_s=1000, window_end_s=1001, max_duration_s=600)
    walks = legs(4, [(stop, stop, 0) for stop in range(4)])
    network = prepare(timetable_of(4, [feeder, fast, slow]), walks, spec)
    after_feeder = [each.connection[: each.offset[1]] for each in (network.transfers, network.needed_transfers)]
    assert [sorted(network.connections.arrival_s[rows]) for rows in after_feeder] == [[1030, 1031], [1030]]
