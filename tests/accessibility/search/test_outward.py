"""From one place to everywhere: the times of the ordinary search from that place, to the second."""

from dataclasses import replace

import numpy as np
import pytest

from accessibility.errors import SearchSpecError
from accessibility.legs import Points
from accessibility.search.door_to_door import prepare_search, travel_times
from accessibility.search.joining import join
from accessibility.search.links.walks import arriving_legs, stop_points
from accessibility.search.outward import times_from, turned_network
from accessibility.search.percentiles import joined_travel_times
from accessibility.timetable.timetable import build_timetable
from tests.accessibility.scenarios.plain import TUESDAY
from tests.accessibility.scenarios.test_against_oracle import DOORS, SPEC, spots
from tests.accessibility.search.changes.test_extension import ladders
from tests.accessibility.search.changes.test_versions import Drawn

SEARCHES = (
    SPEC,
    replace(SPEC, step_s=0, percentiles=(25.0, 50.0), cutoffs_s=(900,)),
    replace(SPEC, board_slack_s=0, max_duration_s=1500),
    replace(SPEC, max_rides=1),
)


@pytest.mark.parametrize("number", range(len(SEARCHES)))
@pytest.mark.parametrize("on_streets", [True, False], ids=["streets", "straight lines"])
def test_times_from_a_place_are_those_of_the_ordinary_search(number: int, on_streets: bool) -> None:
    drawn, spec = Drawn(400 + number), SEARCHES[number]
    n = len(drawn.batch.networks)
    points, streets = spots(DOORS, n, 0.0003), ladders(n) if on_streets else None
    timetable = build_timetable(drawn.feed, TUESDAY)
    (network,) = prepare_search(timetable, streets, spec)
    turned = turned_network(network.timetable, network.transfer_legs, spec)
    expected = travel_times(timetable, streets, points, points, spec, [network])
    for row in range(0, len(points.ids), 2):
        place = points._replace(ids=points.ids[[row]], lon=points.lon[[row]], lat=points.lat[[row]])
        found = times_from(turned, streets, place, points, spec)
        assert np.array_equal(found.seconds_or_unreached[:, 0], expected.seconds_or_unreached[:, row])
        assert np.array_equal(found.departures_within[:, 0], expected.departures_within[:, row])
    assert (expected.departures_within[-1] > 0).mean() > len(points.ids) ** -1.0


@pytest.mark.parametrize("on_streets", [True, False], ids=["streets", "straight lines"])
def test_people_leave_places_with_a_radius_from_wherever_within_it(on_streets: bool) -> None:
    """The oracle is the ordinary search from the places, with the walks into their circles taken the other way."""
    drawn, spec = Drawn(410), SEARCHES[1]
    n = len(drawn.batch.networks)
    points, streets = spots(DOORS, n, 0.0003), ladders(n) if on_streets else None
    places = Points(points.ids[:3], points.lon[:3], points.lat[:3], 25.0)
    timetable = build_timetable(drawn.feed, TUESDAY)
    (network,) = prepare_search(timetable, streets, spec)
    stops = stop_points(network.timetable)
    joined = join(
        [network],
        arriving_legs(streets, stops, places, spec.walk),
        arriving_legs(streets, stops, points, spec.walk),
        arriving_legs(streets, points, places, spec.walk).transposed(len(points.ids)),
    )
    expected = joined_travel_times(joined, spec)
    found = times_from(turned_network(timetable, network.transfer_legs, spec), streets, places, points, spec)
    assert np.array_equal(found.seconds_or_unreached, expected.seconds_or_unreached)
    assert np.array_equal(found.departures_within, expected.departures_within)
    from_points = times_from(
        turned_network(timetable, network.transfer_legs, spec), streets, places._replace(radius_m=0.0), points, spec
    )
    assert (found.seconds_or_unreached < from_points.seconds_or_unreached).any()
    assert (found.seconds_or_unreached <= from_points.seconds_or_unreached).all()


def test_deadlines_are_refused() -> None:
    drawn = Drawn(400)
    timetable = build_timetable(drawn.feed, TUESDAY)
    (network,) = prepare_search(timetable, None, SPEC)
    with pytest.raises(SearchSpecError, match="for departures"):
        turned_network(network.timetable, network.transfer_legs, replace(SPEC, arrive_by=True))
