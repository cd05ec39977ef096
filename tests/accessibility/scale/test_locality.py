"""With the connections left out that a block can't need, every answer is the same; neighbours stand near each other."""

from dataclasses import replace

import numpy as np
import pytest

from accessibility.legs import Points
from accessibility.scale.locality import least_legs, least_seconds, needed_connections, spatial_order
from accessibility.search.percentiles import joined_travel_times
from tests.accessibility.scale.city import RANDOM, SPEC, joined
from tests.support.random_networks import _with_joints, case_of, joined_to


@pytest.mark.parametrize(
    "change",
    [{}, {"arrive_by": True}, {"step_s": 0}, {"max_rides": 2}, {"board_slack_s": 5}],
    ids=["departures", "deadlines", "every instant", "two rides", "slack"],
)
def test_answers_of_random_networks_do_not_need_what_is_left_out(change: dict[str, object]) -> None:
    spec = replace(RANDOM, **change)  # type: ignore[arg-type]
    left_out = 0
    for seed in range(60):
        case = case_of(seed, 1 + seed % 10)
        network = joined_to(_with_joints(case, seed) if seed % 2 else case, spec)
        legs = least_legs(network.networks[0])
        running = needed_connections(network.networks[0], legs, network.egress, spec)
        every, some = joined_travel_times(network, spec), joined_travel_times(network, spec, running)
        assert np.array_equal(every.seconds_or_unreached, some.seconds_or_unreached), seed
        assert np.array_equal(every.departures_within, some.departures_within), seed
        left_out += int((~running).sum())
    assert left_out > 100


def test_the_least_time_along_a_line_is_that_of_the_rides() -> None:
    """Stops 130 s apart; trips of three hops each start at stops 0 to 5, so that the last stop is 8."""
    network = joined(1)
    legs = least_legs(network.networks[0])
    to_last = network.egress.of_sources(np.array([8]))  # shop 8 is at stop 8
    walk_s = int(to_last.seconds[0])
    least_s = least_seconds(legs, to_last, 10_000)
    assert least_s.tolist() == [walk_s + 130 * (8 - stop) for stop in range(9)]
    assert np.isinf(least_seconds(legs, to_last, walk_s + 129)[:8]).all()


def test_a_journey_that_leaves_later_has_less_time_left() -> None:
    network, spec = joined(1), replace(SPEC, window_end_s=SPEC.window_start_s + 300, max_duration_s=900)
    to_last = network.egress.of_sources(np.array([8]))
    needed = needed_connections(network.networks[0], least_legs(network.networks[0]), to_last, spec)
    connections = network.networks[0].connections
    stop = network.networks[0].timetable.position_stop[connections.position + 1]
    left_s = 900 - np.maximum(connections.departure_s - spec.window_end_s, 0)
    by_hand = 130 + int(to_last.seconds[0]) + 130 * (8 - stop) <= left_s
    assert np.array_equal(needed, by_hand)
    assert 0 < by_hand.sum() < len(by_hand)


def test_neighbours_stand_near_each_other_in_the_order_of_places() -> None:
    """On a grid of 16 x 16, each quarter of the order is one quarter of the grid."""
    row, column = np.divmod(np.random.default_rng(3).permutation(256), 16)
    order = spatial_order(Points(np.arange(256).astype(object), column.astype(float), row.astype(float)))
    assert sorted(order) == list(range(256))
    for quarter in range(4):
        here = order[64 * quarter : 64 * (quarter + 1)]
        assert np.ptp(row[here]) == np.ptp(column[here]) == 7
    one = Points(np.array(["a"], object), np.zeros(1), np.zeros(1))
    assert spatial_order(one).tolist() == [0]
