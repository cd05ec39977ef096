"""The timetable as a graph of stops and rides, and as a table of links."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from accessibility.errors import SearchSpecError
from accessibility.feed import read_feed
from accessibility.graph.stop_graph import MORNING_PEAK_S, link_table, ride_table, to_networkx
from accessibility.legs import Walk
from accessibility.streets.network import Segments, street_network
from accessibility.timetable.timetable import build_timetable
from tests.support.networks import line, timetable_of
from tests.support.oracle import Call

NEWPORT = Path("../shared/data/newport/newport-20230613_gtfs.zip")
SEVEN, NINE = MORNING_PEAK_S


def test_stops_become_nodes_with_their_positions_as_osmnx_writes_them() -> None:
    graph = to_networkx(timetable_of(3, [line((0, 0), (1, 60), start_s=SEVEN)]))
    assert graph.graph["crs"] == "epsg:4326"
    assert dict(graph.nodes(data=True)) == {
        i: {"stop_id": f"S{i}", "name": f"Stop {i}", "x": pytest.approx(0.0147 * i), "y": 0.0} for i in range(3)
    }


def test_a_ride_edge_has_the_median_ride_and_the_trips_of_the_window() -> None:
    trips = [
        line((0, 0), (1, ride_s), start_s=start_s)
        for start_s, ride_s in [(SEVEN, 60), (SEVEN + 600, 70), (NINE - 1, 95)]
    ]
    ((a, b, ride),) = to_networkx(timetable_of(2, trips)).edges(data=True)
    assert (a, b, ride["kind"], ride["mode"], ride["route"]) == (0, 1, "ride", "bus", "bus")
    assert ride["median_ride_s"] == 70
    assert ride["trips_per_hour"] == 1.5  # three trips in two hours


def test_the_window_is_half_open_and_counts_departures_from_the_ride_s_own_stop() -> None:
    early = line((0, 0), (1, 60), (2, 120), start_s=SEVEN - 60)  # leaves stop 0 before the window, stop 1 at 07:00:00
    late = line((0, 0), (1, 60), (2, 120), start_s=NINE - 60)  # leaves stop 1 at 09:00:00
    graph = to_networkx(timetable_of(3, [early, late]))
    assert {(a, b): ride["trips_per_hour"] for a, b, ride in graph.edges(data=True)} == {(0, 1): 0.5, (1, 2): 0.5}


def test_standing_at_a_stop_is_kept_apart_from_riding() -> None:
    trip = [
        Call(0, SEVEN, SEVEN, True, True),
        Call(1, SEVEN + 100, SEVEN + 130, True, True),
        Call(2, SEVEN + 200, SEVEN + 200, True, True),
    ]
    rides = ride_table(to_networkx(timetable_of(3, [trip])))
    assert rides["median_ride_s"].tolist() == [100, 70]
    assert rides["median_dwell_s"].tolist() == [0, 30]


def test_boarding_and_alighting_rules_are_kept() -> None:
    def trip(start_s: int, can_board: bool, can_alight: bool) -> list[Call]:
        return [Call(0, start_s, start_s, can_board, True), Call(1, start_s + 60, start_s + 60, True, can_alight)]

    ((*_, ride),) = to_networkx(timetable_of(2, [trip(SEVEN, False, False), trip(SEVEN + 60, True, False)])).edges(
        data=True
    )
    assert (ride["trips_per_hour"], ride["boardings_per_hour"], ride["can_alight"]) == (1.0, 0.5, False)


def test_changes_on_foot_are_edges_both_ways_without_loops() -> None:
    timetable = timetable_of(3, [line((0, 0), (1, 60), start_s=SEVEN)])
    # stops are 1,636.4 m apart; x 1.3 at 4.8 km/h that is 1,595.5 s
    graph = to_networkx(timetable, walk=Walk(max_s=1600))
    walks = {(a, b): edge["walk_s"] for a, b, edge in graph.edges(data=True) if edge["kind"] == "transfer"}
    assert walks == {(0, 1): 1596, (1, 0): 1596, (1, 2): 1596, (2, 1): 1596}
    assert all(edge["kind"] == "ride" for *_, edge in to_networkx(timetable).edges(data=True))


def test_changes_follow_the_streets_where_there_are_streets() -> None:
    timetable = timetable_of(3, [line((0, 0), (1, 60), start_s=SEVEN)])
    one = np.array([0]), np.array([1]), np.ones(1, bool), np.ones(1, bool)
    streets = street_network(
        np.array([0.0, 0.0147]), np.zeros(2), Segments(*one, np.array([2000.0]), np.array([False])), ()
    )
    graph = to_networkx(timetable, streets, walk=Walk(speed_kmh=3.6, max_s=1999))
    # the two stops sit at the ends of one street: straight across, whatever its bends
    assert {(a, b): e["walk_s"] for a, b, e in graph.edges(data=True) if e["kind"] == "transfer"} == {
        (0, 1): 1637,
        (1, 0): 1637,
    }


def test_an_empty_window_is_refused() -> None:
    with pytest.raises(SearchSpecError, match="ends before it starts"):
        to_networkx(timetable_of(2, [line((0, 0), (1, 60))]), window_s=(NINE, SEVEN))


def test_a_link_takes_the_routes_of_one_mode_together() -> None:
    def trips(ride_s: int, number: int) -> list[list[Call]]:
        return [line((0, 0), (1, ride_s), start_s=SEVEN + 60 * i) for i in range(number)]

    lines = [trips(90, 4), trips(60, 2), trips(70, 2)]
    per_trip = [(trip, name) for trip_list, name in zip(lines, ("10", "2", "9A"), strict=True) for trip in trip_list]
    timetable = timetable_of(2, [trip for trip, _ in per_trip], modes=[name for _, name in per_trip])
    timetable.routes["mode"] = "bus"
    timetable.routes["route_id"] = [f"R{i}" for i in range(8)]
    (link,) = link_table(to_networkx(timetable)).to_dict("records")
    assert (link["from_stop_id"], link["to_stop_id"], link["from_name"], link["to_name"]) == (
        "S0",
        "S1",
        "Stop 0",
        "Stop 1",
    )
    assert (link["from_lon"], link["from_lat"], link["to_lon"], link["to_lat"]) == (0.0, 0.0, 0.0147, 0.0)
    assert (link["mode"], link["routes"], link["trips_per_hour"]) == ("bus", "2, 9A, 10", 4.0)
    assert link["median_ride_s"] == 70  # of eight trips, 60 60 70 | 70 90 90 90 90: the lower median


def test_links_of_two_modes_and_directions_stay_apart_and_in_order() -> None:
    trips = [line((0, 0), (1, 60), start_s=SEVEN), line((1, 0), (0, 50), start_s=SEVEN)]
    links = link_table(to_networkx(timetable_of(2, [*trips, trips[0]], modes=["tram", "bus", "rail"])))
    assert links[["from_stop", "to_stop", "mode"]].to_numpy().tolist() == [
        [0, 1, "rail"],
        [0, 1, "tram"],
        [1, 0, "bus"],
    ]


def test_a_network_without_service_in_the_window_has_no_links() -> None:
    links = link_table(to_networkx(timetable_of(2, [line((0, 0), (1, 60))])))
    assert len(links) == 0 and "median_ride_s" in links


@pytest.mark.skipif(not NEWPORT.exists(), reason="the Newport timetable is not in ../shared/data")
def test_every_departure_of_a_real_morning_is_on_one_link() -> None:
    timetable = build_timetable(read_feed(NEWPORT), dt.date(2023, 6, 13))
    links = link_table(to_networkx(timetable))
    departures = 0
    for pattern, length in enumerate(np.diff(timetable.pattern_position_offset)):
        first, last = timetable.pattern_event_offset[pattern : pattern + 2]
        leaving = timetable.departure_s[first:last].reshape(-1, length)[:, :-1]
        departures += int(((leaving >= SEVEN) & (leaving < NINE)).sum())
    assert links["trips_per_hour"].sum() * 2 == pytest.approx(departures)
    assert departures > 1000
