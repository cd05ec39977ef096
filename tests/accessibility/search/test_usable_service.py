"""Who rides what: the search equals the slow twin on the trips and stops that are left, and less to ride helps nobody."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from accessibility.search.spec import SearchSpec, Wheelchair
from accessibility.timetable.timetable import Timetable
from tests.support.networks import timetable_of
from tests.support.oracle import Call, all_durations, trips_of
from tests.support.random_networks import N_STOPS, Case, assert_equal, cases, networks_to_try, searched, specs

MODES = ("bus", "rail", "tram")
ALLOWED: dict[Wheelchair, set[int]] = {None: {0, 1, 2}, "required": {1}, "required_or_unknown": {0, 1}}
SAID = st.sampled_from([1, 1, 0, 2])
some_modes = st.frozensets(st.sampled_from(MODES))
needs = st.sampled_from(list(ALLOWED))


@st.composite
def described(draw: st.DrawFn) -> Case:
    """A network of three modes whose stops and trips say whether a wheelchair can use them, or say nothing."""
    case = draw(cases())
    timetable = timetable_of(N_STOPS, trips_of(case.timetable), MODES)
    n_trips = len(timetable.trip_id)
    trips, stops = (draw(st.lists(SAID, min_size=n, max_size=n)) for n in (n_trips, N_STOPS))
    said = replace(timetable, trip_wheelchair=np.array(trips, np.int8), stops=timetable.stops.assign(wheelchair=stops))
    return case._replace(timetable=said)


def trips_left(timetable: Timetable, spec: SearchSpec) -> list[list[Call]]:
    """Every trip that may be ridden as its calls, with boarding and alighting where that may be."""
    allowed, stops = ALLOWED[spec.wheelchair], timetable.stops["wheelchair"]
    modes = timetable.routes["mode"].to_numpy()[timetable.pattern_route[timetable.trip_patterns()]]
    return [
        [
            call._replace(
                can_board=call.can_board and stops[call.stop] in allowed,
                can_alight=call.can_alight and stops[call.stop] in allowed,
            )
            for call in calls
        ]
        for calls, mode, said in zip(trips_of(timetable), modes, timetable.trip_wheelchair, strict=True)
        if said in allowed and (spec.modes is None or mode in spec.modes)
    ]


@networks_to_try(250)
@given(described(), st.booleans().flatmap(lambda by: specs(arrive_by=by)), st.none() | some_modes, needs)
def test_what_is_left_is_searched_as_the_oracle_searches_it(
    case: Case, spec: SearchSpec, modes: frozenset[str] | None, wheelchair: Wheelchair
) -> None:
    asked = replace(spec, modes=modes, wheelchair=wheelchair)
    assert_equal(searched(case, asked), all_durations(trips_left(case.timetable, asked), case.walks, asked), asked)


@networks_to_try(120)
@given(described(), specs(), some_modes, some_modes)
def test_fewer_modes_never_make_anybody_better_off(
    case: Case, spec: SearchSpec, one: frozenset[str], other: frozenset[str]
) -> None:
    fewer, more, every = (searched(case, replace(spec, modes=modes)) for modes in (one, one | other, None))
    assert (fewer.seconds_or_unreached >= more.seconds_or_unreached).all()
    assert (more.seconds_or_unreached >= every.seconds_or_unreached).all()
    assert (fewer.departures_within <= more.departures_within).all()


@networks_to_try(120)
@given(described(), specs())
def test_what_is_said_to_be_accessible_is_part_of_what_may_be_and_that_of_everything(
    case: Case, spec: SearchSpec
) -> None:
    sure, perhaps, every = (
        searched(case, replace(spec, wheelchair=need)) for need in ("required", "required_or_unknown", None)
    )
    assert (sure.seconds_or_unreached >= perhaps.seconds_or_unreached).all()
    assert (perhaps.seconds_or_unreached >= every.seconds_or_unreached).all()
    assert (sure.departures_within <= perhaps.departures_within).all()
