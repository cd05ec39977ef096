"""Edits of streets: walks over a new way, and round a closed one."""

from dataclasses import replace

import numpy as np
import pytest

from accessibility.errors import ScenarioError
from accessibility.legs import Points, Walk
from accessibility.scenarios.edits import StreetClose, StreetLink
from accessibility.scenarios.kinds.street_edits import with_street_edits
from accessibility.streets.legs import street_legs
from accessibility.streets.network import Segments, StreetNetwork, street_network
from tests.support.oracle import rows

WEST, EAST = -1.91, -1.90
LINK = StreetLink("l", (52.405, WEST), (52.405, EAST))


N = 401  # nodes of a street: parts of fewer than 100 nodes would count as islands


def two_streets() -> StreetNetwork:
    """Two streets northward, 680 m apart, with a node every 2.775 m, joined at their southern ends."""
    lat = np.tile(52.4 + 0.000025 * np.arange(N), 2)
    start = np.concatenate([np.arange(N - 1), np.arange(N, 2 * N - 1), [0]])
    end = np.concatenate([np.arange(1, N), np.arange(N + 1, 2 * N), [N]])
    metres = np.concatenate([np.full(2 * N - 2, 2.775), [680.0]])
    yes = np.ones(2 * N - 1, bool)
    return street_network(np.repeat([WEST, EAST], N), lat, Segments(start, end, yes, yes, metres, ~yes), ())


def seconds(streets: StreetNetwork) -> list[dict[int, int]]:
    """Walks at 1 m/s both ways between points in the west and in the east, at the middle of the streets."""
    doors = Points(np.array(["w", "e"], object), np.array([WEST, EAST]), np.array([52.405, 52.405]))
    return rows(street_legs(streets, doors, doors, Walk(speed_kmh=3.6, max_s=7200)))


def test_a_new_way_is_walked() -> None:
    """Round the south it is 555 + 680 + 555 m; over a bridge of 700 m 700."""
    streets = two_streets()
    assert seconds(streets) == [{0: 0, 1: 1790}, {0: 1790, 1: 0}]
    assert seconds(with_street_edits(streets, [replace(LINK, metres=700.0)])) == [{0: 0, 1: 700}, {0: 700, 1: 0}]


def test_a_new_way_may_lead_one_way_only_and_is_straight_unless_metres_are_given() -> None:
    """0.01 degrees of longitude at 52.405 degrees north: 680 m in the plane of the streets."""
    found = seconds(with_street_edits(two_streets(), [replace(LINK, both_ways=False)]))
    assert found[1] == {0: 1790, 1: 0}
    assert found[0][1] == pytest.approx(680, abs=3)


def test_a_way_that_ends_beside_the_street_is_longer_by_the_way_to_it() -> None:
    """The ends of the link lie 0.0005 degrees outside the streets, 34 m each."""
    outside = StreetLink("l", (52.405, WEST - 0.0005), (52.405, EAST + 0.0005), metres=600.0)
    assert seconds(with_street_edits(two_streets(), [outside]))[0][1] == pytest.approx(600 + 68, abs=1)


def test_a_closed_street_is_walked_round_and_nothing_is_reached_where_there_is_no_way_round() -> None:
    """With the bridge at the middle and the western street closed south of it, the bridge is the only way."""
    close = StreetClose("c", (52.4025, WEST), (52.4025, WEST + 0.0001), 5.0)
    assert seconds(with_street_edits(two_streets(), [close])) == [{0: 0}, {1: 0}]
    both = with_street_edits(two_streets(), [replace(LINK, metres=700.0), close])
    assert seconds(both) == [{0: 0, 1: 700}, {0: 700, 1: 0}]
    assert len(np.unique(both.component[both.segment_start])) == 1


def test_streets_as_they_were_are_not_changed() -> None:
    streets = two_streets()
    with_street_edits(streets, [LINK, StreetClose("c", (52.4, WEST), (52.4, EAST), 1.0)])
    assert seconds(streets) == [{0: 0, 1: 1790}, {0: 1790, 1: 0}]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (StreetLink("e", (52.45, WEST), (52.405, EAST)), r"edit 'e': no street lies within 500 m of 52.45, -1.91"),
        (StreetLink("e", (52.405001, WEST), (52.405, WEST)), r"edit 'e': both ends .* it joins nothing"),
        (StreetClose("e", (52.45, WEST), (52.45, EAST)), r"edit 'e': no street lies within 10 m of the closure"),
        (StreetClose("e", (52.405, WEST), (52.405, EAST), 1000.0), r"edit 'e': it closes every street"),
    ],
)
def test_a_bad_edit_of_streets_ends_in_one_clear_sentence(edit: StreetLink | StreetClose, expected: str) -> None:
    with pytest.raises(ScenarioError, match=expected):
        with_street_edits(two_streets(), [edit])
