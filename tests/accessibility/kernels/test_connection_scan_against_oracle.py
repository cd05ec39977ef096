"""The kernel and its slow twin agree to the second on random networks."""

from hypothesis import given

from accessibility.search.spec import SearchSpec
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


@networks_to_try(1000)
@given(cases(), specs(), spans)
def test_every_percentile_and_share_equals_the_oracles(case: Case, spec: SearchSpec, wider_s: tuple[int, int]) -> None:
    assert_equal(searched(case, spec, wider_s), all_durations(case.timetable, case.walks, spec), spec)


@networks_to_try(600)
@given(joined_cases(), specs(), spans)
def test_staying_aboard_is_as_one_longer_trip(case: Case, spec: SearchSpec, wider_s: tuple[int, int]) -> None:
    assert_equal(searched(case, spec, wider_s), all_durations(case.timetable, case.walks, spec), spec)
