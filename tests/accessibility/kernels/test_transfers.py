"""Each rule by which changes are dropped spares the change that would be missed: the awkward cases by hand."""

from dataclasses import replace

import pytest

from accessibility.search.spec import SearchSpec
from tests.support.networks import legs, line, timetable_of
from tests.support.oracle import Call, Walks
from tests.support.random_networks import Case, searched

START_S = 1000
HOME, MEETING, PARTING, SHOP = range(4)
ONE_DEPARTURE = SearchSpec(
    window_start_s=START_S, window_end_s=START_S + 1, max_duration_s=600, percentiles=(50.0,), cutoffs_s=()
)


def fastest_s(
    trips: list[list[Call]],
    change_s: dict[int, int | None] | None = None,
    walks: list[tuple[int, int, int]] | None = None,
    spec: SearchSpec = ONE_DEPARTURE,
    n_stops: int = 4,
) -> int:
    """Seconds from stop HOME to the last stop for who is there at START_S; changes at a stop take 0 s if not said."""
    changes = dict.fromkeys(range(n_stops), 0) | (change_s or {})
    same_stop = [(stop, stop, seconds) for stop, seconds in changes.items() if seconds is not None]
    tables = Walks(
        access=legs(1, [(0, HOME, 0)]),
        transfers=legs(n_stops, [*same_stop, *(walks or [])]),
        egress=legs(1, [(0, n_stops - 1, 0)]),
        direct=legs(1, []),
    )
    return int(searched(Case(timetable_of(n_stops, trips), tables), spec).seconds_or_unreached[0, 0, 0])


# A feeder to MEETING and PARTING, and a bus from MEETING over PARTING to the SHOP: whoever changes at PARTING need not
# change at MEETING, unless the bus can't be caught there.
FEEDER = line((HOME, 0), (MEETING, 10), (PARTING, 20), start_s=START_S)
BUS = line((MEETING, 16), (PARTING, 22), (SHOP, 30), start_s=START_S)


def test_a_change_further_along_is_as_good() -> None:
    assert fastest_s([FEEDER, BUS]) == 30


def test_the_earlier_change_is_needed_where_the_later_one_is_too_tight() -> None:
    # The feeder is at PARTING at 20, the bus leaves at 22: too soon for 5 s of slack. At MEETING there are 6 s.
    earlier = replace(ONE_DEPARTURE, window_start_s=START_S - 5, window_end_s=START_S - 4, board_slack_s=5)
    assert fastest_s([FEEDER, BUS], spec=earlier) == 5 + 30


def test_the_earlier_change_is_needed_where_changing_takes_long_at_the_later_stop() -> None:
    assert fastest_s([FEEDER, BUS], change_s={PARTING: 3}) == 30


def test_the_earlier_change_is_needed_where_changing_is_forbidden_at_the_later_stop() -> None:
    assert fastest_s([FEEDER, BUS], change_s={PARTING: None}) == 30


def test_the_earlier_change_is_needed_where_the_bus_may_not_be_boarded_at_the_later_stop() -> None:
    bus = [call._replace(can_board=call.stop != PARTING) for call in BUS]
    assert fastest_s([FEEDER, bus]) == 30


def test_the_earlier_change_is_needed_where_the_feeder_may_not_be_left_at_the_later_stop() -> None:
    feeder = [call._replace(can_alight=call.stop != PARTING) for call in FEEDER]
    assert fastest_s([feeder, BUS]) == 30


def test_the_earlier_change_is_needed_where_the_feeder_takes_the_long_way_round() -> None:
    slow = line((HOME, 0), (MEETING, 10), (PARTING, 27), start_s=START_S)
    assert fastest_s([slow, BUS]) == 30


def test_a_bus_that_ends_at_the_common_stop_may_be_faster() -> None:
    slow = line((HOME, 0), (MEETING, 10), (PARTING, 200), start_s=START_S)
    shuttle = line((MEETING, 15), (PARTING, 40), start_s=START_S)
    assert fastest_s([slow, shuttle], walks=[], n_stops=3) == 40


def test_of_two_buses_of_a_line_the_first_is_boarded_upstream_only_if_it_can_be_caught_there() -> None:
    # The bus passes MEETING before the feeder arrives; 5 s on foot away, at PARTING, it can still be caught.
    early = line((MEETING, 8), (PARTING, 18), (SHOP, 30), start_s=START_S)
    late = line((MEETING, 38), (PARTING, 48), (SHOP, 60), start_s=START_S)
    feeder = line((HOME, 0), (MEETING, 10), start_s=START_S)
    assert fastest_s([feeder, early, late], walks=[(MEETING, PARTING, 5)]) == 30


def test_whoever_rides_on_and_walks_back_does_not_lose_the_bus_upstream() -> None:
    # At MEETING the bus is caught at 12. Riding on to PARTING and walking to the bus's second stop also works, with a later bus:
    # that change, made further along, must not hide the earlier one.
    feeder = line((HOME, 0), (MEETING, 10), (PARTING, 20), start_s=START_S)
    early = line((MEETING, 12), (SHOP, 30), start_s=START_S)
    late = line((MEETING, 42), (SHOP, 60), start_s=START_S)
    assert fastest_s([feeder, early, late], walks=[(PARTING, MEETING, 5)]) == 30


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0], [0, 2, 1], [2, 0, 1]])
@pytest.mark.parametrize("max_rides", [None, 3, 2])
def test_rides_of_no_minutes_can_be_strung_together_in_any_order(order: list[int], max_rides: int | None) -> None:
    # Three buses of one hop, all at the same second: each is over in the second it begins, as timetables in minutes have it.
    hops = [line((stop, 5), (stop + 1, 5), start_s=START_S) for stop in range(3)]
    spec = replace(ONE_DEPARTURE, max_rides=max_rides)
    reached = fastest_s([hops[i] for i in order], spec=spec)
    assert (reached == 5) is (max_rides != 2)


def test_a_bus_that_leaves_with_the_first_departure_is_caught() -> None:
    assert fastest_s([line((HOME, 0), (1, 7), start_s=START_S)], n_stops=2) == 7


def test_a_bus_that_arrives_at_the_last_second_allowed_counts() -> None:
    assert fastest_s([line((HOME, 0), (1, 600), start_s=START_S)], n_stops=2) == 600
