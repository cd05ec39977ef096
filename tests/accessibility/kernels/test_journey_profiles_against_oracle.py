"""Deadlines and every instant of a window: the kernels and their slow twin agree to the second on random networks."""

from hypothesis import given
from hypothesis import strategies as st

from accessibility.search.spec import SearchSpec
from tests.support.oracle import all_durations, instant_durations
from tests.support.random_networks import Case, assert_equal, cases, networks_to_try, searched, spans, specs


@networks_to_try(200)
@given(cases(), specs(arrive_by=True), spans)
def test_deadlines_equal_the_oracles(case: Case, spec: SearchSpec, wider_s: tuple[int, int]) -> None:
    assert_equal(searched(case, spec, wider_s), all_durations(case.timetable, case.walks, spec), spec)


@networks_to_try(200)
@given(cases(), st.booleans().flatmap(lambda by: specs(steps_s=(0,), arrive_by=by)), spans)
def test_every_instant_equals_the_oracles(case: Case, spec: SearchSpec, wider_s: tuple[int, int]) -> None:
    assert_equal(searched(case, spec, wider_s), instant_durations(case.timetable, case.walks, spec), spec)
