"""The statements of accessibility/README.md, each by a case that would come out differently if it were false.

Stops A, B, C, ... lie on a line, 1,113 m apart: too far for the walks allowed here, unless a test says otherwise.
"""

from dataclasses import replace

import numpy as np
import pytest

from accessibility.errors import SearchSpecError
from accessibility.legs import Points, Walk
from accessibility.search.door_to_door import prepare_search, travel_times
from accessibility.search.links.walks import transfer_legs
from accessibility.search.spec import UNREACHED, SearchSpec, TravelTimes
from accessibility.timetable.timetable import Timetable
from tests.support.feeds import FIRST_LAT, LON, STEP_DEG, Trip, feed_text, route, service, stop, timetable_on, trip

SEVEN = 7 * 3600
METRES_NORTH = 1 / 111_250  # degrees of latitude near 52.4
AT_SEVEN = SearchSpec(
    window_start_s=SEVEN,
    window_end_s=SEVEN + 60,
    walk=Walk(max_s=300, detour=1.0),
    percentiles=(50.0,),
    cutoffs_s=(600,),
)


def at(*places: str, north_m: float = 0.0) -> Points:
    """Points at stops, or so many metres north of them."""
    lat = [FIRST_LAT + STEP_DEG * (ord(place) - ord("A")) + north_m * METRES_NORTH for place in places]
    return Points(np.array(places, object), np.full(len(places), LON), np.array(lat))


def times(timetable: Timetable, spec: SearchSpec, start: Points, end: Points) -> TravelTimes:
    return travel_times(timetable, None, start, end, spec)


def seconds(timetable: Timetable, spec: SearchSpec = AT_SEVEN, start: str = "A", end: str = "B") -> int:
    """From stop to stop, at the search's first percentile."""
    return int(times(timetable, spec, at(start), at(end)).seconds_or_unreached[0, 0, 0])


def one_bus(*calls: str) -> Timetable:
    return timetable_on(feed_text(*(trip(f"T{i}", call) for i, call in enumerate(calls))))


def seconds_north(metres: float) -> int:
    """The walk of so many metres at 4.8 km/h, rounded up."""
    return int(np.ceil(metres / (4.8 / 3.6)))


# -- door to door -------------------------------------------------------------------------------------------------------


def test_door_to_door_is_walk_wait_ride_and_walk() -> None:
    bus = one_bus("A 07:10 | B 07:18")
    took = times(bus, AT_SEVEN, at("A", north_m=100), at("B", north_m=-200))
    assert took.seconds_or_unreached[0, 0, 0] == pytest.approx(18 * 60 + seconds_north(200), abs=1)
    # The walk to the stop is inside the wait for the bus: living next to it changes nothing.
    assert (
        times(bus, AT_SEVEN, at("A"), at("B", north_m=-200)).seconds_or_unreached[0, 0, 0]
        == took.seconds_or_unreached[0, 0, 0]
    )


def test_the_first_wait_counts_from_the_moment_of_leaving() -> None:
    spec = replace(AT_SEVEN, window_end_s=SEVEN + 600, percentiles=(1.0, 100.0))
    # At 07:00 the bus of 07:09 is nine minutes away, at 07:09 none.
    assert times(one_bus("A 07:09 | B 07:15"), spec, at("A"), at("B")).seconds_or_unreached[:, 0, 0].tolist() == [
        360,
        900,
    ]


def test_slack_is_spent_at_every_boarding_the_first_included_and_at_no_alighting() -> None:
    two = timetable_on(
        feed_text(
            trip("T1", "A 07:01 | B 07:10"),
            trip("U1", "B 07:11 | C 07:20", route="R2"),
            trip("U2", "B 07:31 | C 07:40", route="R2"),
        )
    )
    spec = replace(AT_SEVEN, window_end_s=SEVEN + 1)
    assert [seconds(two, replace(spec, board_slack_s=slack_s), end="C") for slack_s in (0, 60)] == [1200, 1200]
    assert seconds(two, replace(spec, board_slack_s=61), end="C") == UNREACHED  # the first bus is missed, with it all
    before = replace(spec, window_start_s=SEVEN - 60, window_end_s=SEVEN - 59, board_slack_s=61)
    assert seconds(two, before, end="C") == 60 + 2400  # the first is caught, the change missed
    assert seconds(two, before, end="B") == 60 + 600


def test_walks_are_whole_seconds_rounded_up() -> None:
    leg = transfer_legs(_close_stops(100.1), None, Walk(max_s=300, detour=1.0))
    assert leg.seconds[leg.seconds > 0].tolist() == [seconds_north(100.1)] * 2
    assert seconds_north(100.1) > 100.1 / (4.8 / 3.6)


def test_no_leg_is_longer_than_the_limit_but_a_journey_may_walk_more() -> None:
    bus = one_bus("A 07:10 | B 07:18")
    start, end = at("A", north_m=-390), at("B", north_m=390)  # 293 s each
    assert times(bus, AT_SEVEN, start, end).seconds_or_unreached[0, 0, 0] < UNREACHED
    shorter = replace(AT_SEVEN, walk=Walk(max_s=290, detour=1.0))
    assert times(bus, shorter, start, end).seconds_or_unreached[0, 0, 0] == UNREACHED


def test_walking_all_the_way_competes_with_riding_and_needs_no_ride() -> None:
    bus = one_bus("A 07:10 | B 07:18")
    walker = replace(AT_SEVEN, walk=Walk(max_s=1200, detour=1.0))
    on_foot = seconds(bus, walker)
    assert 830 <= on_foot <= 840  # 1,113 m at 4.8 km/h; the bus is there at 1,080 s
    assert seconds(bus, replace(walker, modes=frozenset())) == on_foot
    # Just before the bus leaves it is quicker.
    late = replace(walker, window_start_s=SEVEN + 540, window_end_s=SEVEN + 541)
    assert seconds(bus, late) == 60 + 480


def test_being_anywhere_within_the_radius_is_being_there() -> None:
    bus = one_bus("A 07:10 | B 07:18")
    near = at("B", north_m=-250)
    assert times(bus, AT_SEVEN, at("A"), near).seconds_or_unreached[0, 0, 0] == pytest.approx(
        18 * 60 + seconds_north(250), abs=1
    )
    inside = near._replace(radius_m=260.0)
    assert times(bus, AT_SEVEN, at("A"), inside).seconds_or_unreached[0, 0, 0] == 18 * 60


# -- rides and changes --------------------------------------------------------------------------------------------------


def test_rides_are_unlimited_unless_max_rides_says_so() -> None:
    chain = timetable_on(
        feed_text(
            *(
                trip(f"T{i}", f"{a} 07:{5 + 5 * i:02d} | {b} 07:{9 + 5 * i:02d}", route=f"R{i}")
                for i, (a, b) in enumerate(["AB", "BC", "CD", "DE"])
            )
        )
    )
    assert seconds(chain, end="E") == 24 * 60
    assert seconds(chain, replace(AT_SEVEN, max_rides=4), end="E") == 24 * 60
    assert seconds(chain, replace(AT_SEVEN, max_rides=3), end="E") == UNREACHED


def _close_stops(metres: float) -> Timetable:
    """A bus from A to B, and one from Z, a walk north of B, to C."""
    north = stop("Z", FIRST_LAT + STEP_DEG + metres * METRES_NORTH, LON)
    return timetable_on(
        feed_text(trip("T1", "A 07:01 | B 07:10"), trip("U1", "Z 07:15 | C 07:20", route="R2"), stops=[north])
    )


def test_a_change_may_walk_between_stops_up_to_a_limit_of_its_own() -> None:
    near = _close_stops(200)  # 150 s
    assert seconds(near, end="C") == 20 * 60
    assert seconds(near, replace(AT_SEVEN, transfer_max_s=149), end="C") == UNREACHED
    assert seconds(near, replace(AT_SEVEN, transfer_max_s=152), end="C") == 20 * 60


def test_a_minimum_transfer_time_replaces_the_walk_and_a_forbidden_one_removes_it() -> None:
    north = stop("Z", FIRST_LAT + STEP_DEG + 200 * METRES_NORTH, LON)
    text = feed_text(trip("T1", "A 07:01 | B 07:10"), trip("U1", "Z 07:15 | C 07:20", route="R2"), stops=[north])

    def with_rule(kind: int, minimum: object = "") -> int:
        rule = {"from_stop_id": "B", "to_stop_id": "Z", "transfer_type": kind, "min_transfer_time": minimum}
        return seconds(timetable_on(text.adding("transfers.txt", rule)), end="C")

    assert [with_rule(2, 300), with_rule(2, 301), with_rule(3), with_rule(0)] == [1200, UNREACHED, UNREACHED, 1200]


def test_a_ride_is_not_lost_for_arriving_where_one_could_walk_sooner() -> None:
    # B is 598 s on foot; the bus is there only at 07:15. But whoever walked to B has walked, and whoever rode can walk on:
    # to a door 300 m beyond B, and to a bus from a stop there.
    near = stop("Z", FIRST_LAT + STEP_DEG + 300 * METRES_NORTH, LON)
    far = stop("E", FIRST_LAT + 4 * STEP_DEG, LON)
    buses = timetable_on(
        feed_text(trip("T1", "A 07:12 | B 07:15"), trip("U1", "Z 07:20 | E 07:30", route="R2"), stops=[near, far])
    )
    walker = replace(AT_SEVEN, walk=Walk(max_s=600, detour=1.0, speed_kmh=6.7))
    assert seconds(buses, walker) < 600
    on_foot = 300 / (6.7 / 3.6)
    beyond = times(buses, walker, at("A"), at("B", north_m=300)).seconds_or_unreached[0, 0, 0]
    assert beyond == pytest.approx(15 * 60 + on_foot, abs=1)
    assert seconds(buses, walker, end="E") == 30 * 60


def test_pickup_and_drop_off_rules_hold() -> None:
    assert seconds(one_bus("A 07:05 no-board | B 07:10")) == UNREACHED
    assert seconds(one_bus("A 07:05 | B 07:10 no-alight | C 07:15")) == UNREACHED
    assert seconds(one_bus("A 07:05 | B 07:10 no-alight | C 07:15"), end="C") == 15 * 60


def two_trips(*rows: dict[str, str], block: str = "", second: str = "B 07:10 | C 07:15") -> Timetable:
    """Bus T1 from A to B, at 07:10, and bus T2 of another route; rows of transfers.txt."""
    text = feed_text(trip("T1", "A 07:05 | B 07:10", block_id=block), trip("T2", second, route="R2", block_id=block))
    return timetable_on(text.adding("transfers.txt", *rows) if rows else text)


def linked(kind: int) -> dict[str, str]:
    return {"from_trip_id": "T1", "to_trip_id": "T2", "transfer_type": str(kind)}


IN_A_MINUTE = replace(AT_SEVEN, board_slack_s=60)


def test_people_stay_aboard_when_a_bus_becomes_another_trip() -> None:
    # T2 leaves B when T1 arrives: with a minute of slack nobody could board it. In one vehicle nobody has to.
    assert seconds(two_trips(), IN_A_MINUTE, end="C") == UNREACHED
    assert seconds(two_trips(block="X"), IN_A_MINUTE, end="C") == 15 * 60
    assert seconds(two_trips(linked(4)), IN_A_MINUTE, end="C") == 15 * 60
    assert seconds(two_trips(linked(5), block="X"), IN_A_MINUTE, end="C") == UNREACHED
    # It is one ride, and B need not be a place to get out or in.
    assert seconds(two_trips(), replace(AT_SEVEN, max_rides=1), end="C") == UNREACHED
    assert seconds(two_trips(block="X"), replace(AT_SEVEN, max_rides=1), end="C") == 15 * 60
    assert seconds(two_trips(block="X", second="B 07:10 no-board | C 07:15"), end="C") == 15 * 60


def test_a_vehicle_that_goes_away_between_two_trips_of_a_block_is_left_but_not_one_that_is_said_to_go_on() -> None:
    # C is a kilometre from B, where T1 ends.
    elsewhere = "C 07:12 | D 07:15"
    assert seconds(two_trips(block="X", second=elsewhere), AT_SEVEN, end="D") == UNREACHED
    assert seconds(two_trips(linked(4), second=elsewhere), AT_SEVEN, end="D") == 15 * 60
    late = "B 08:11 | C 08:15"
    assert seconds(two_trips(block="X", second=late), replace(AT_SEVEN, max_rides=1), end="C") == UNREACHED


def test_staying_aboard_needs_a_day_on_which_both_trips_run() -> None:
    text = feed_text(
        trip("T1", "A 07:05 | B 07:10", block_id="X"),
        trip("T2", "B 07:10 | C 07:15", route="R2", block_id="X", service="SA"),
        calendar=[service("WK", "1111100"), service("SA", "0000010")],
    )
    assert seconds(timetable_on(text), IN_A_MINUTE, end="C") == UNREACHED


def test_a_train_that_is_parted_goes_to_both_ends_and_one_that_is_joined_comes_from_both() -> None:
    text = feed_text(
        trip("T1", "A 07:05 | B 07:10"), trip("T2", "B 07:10 | C 07:15"), trip("T3", "B 07:10 | D 07:20", route="R2")
    ).adding("transfers.txt", linked(4), {**linked(4), "to_trip_id": "T3"})
    assert [seconds(timetable_on(text), IN_A_MINUTE, end=end) for end in "CD"] == [15 * 60, 20 * 60]
    text = feed_text(
        trip("T1", "A 07:05 | C 07:10"), trip("T3", "B 07:05 | C 07:08", route="R2"), trip("T2", "C 07:10 | D 07:15")
    ).adding("transfers.txt", linked(4), {**linked(4), "from_trip_id": "T3"})
    assert [seconds(timetable_on(text), IN_A_MINUTE, start=start, end="D") for start in "AB"] == [15 * 60, 15 * 60]


def station(*ways: dict[str, object]) -> Timetable:
    """A train to platform P1 at 07:10, one from P2 at 07:14 to Z; both are 100 m south of the entrance E, and N lies between."""
    lat, wheels = FIRST_LAT + 0.02, {"parent_station": "ST", "wheelchair_boarding": 1}
    places = [
        stop("ST", lat, LON, location_type=1),
        stop("E", lat + 100 * METRES_NORTH, LON, location_type=2, **wheels),
        stop("N", "", "", location_type=3, parent_station="ST"),
        stop("P1", lat, LON, **wheels),
        stop("P2", lat, LON, **wheels),
        *(stop(name, FIRST_LAT + i * STEP_DEG, LON, wheelchair_boarding=1) for i, name in ((0, "A"), (25, "Z"))),
    ]
    trains = [
        trip("T1", "A 07:05 | P1 07:10", wheelchair_accessible=1),
        trip("T2", "P2 07:14 | Z 07:20", wheelchair_accessible=1),
    ]
    text = feed_text(*trains, stops=places)
    return timetable_on(text.adding("pathways.txt", *ways) if ways else text)


def way(start: str, end: str, mode: int = 1, both: int = 1, **more: object) -> dict[str, object]:
    return {"from_stop_id": start, "to_stop_id": end, "pathway_mode": mode, "is_bidirectional": both, **more}


def changing_s(timetable: Timetable, wheelchair: bool = False) -> int | None:
    """Seconds from P1 to P2; None where there is no way."""
    legs = transfer_legs(timetable, None, Walk(max_s=1200, detour=1.0), wheelchair=wheelchair)
    one, other = (timetable.stops.index[timetable.stops["stop_id"] == name][0] for name in ("P1", "P2"))
    row = slice(legs.offset[one], legs.offset[one + 1])
    return dict(zip(legs.target[row].tolist(), legs.seconds[row].tolist(), strict=True)).get(other)


HALL = way("E", "N", traversal_time=30)


def test_ways_inside_stations_take_the_time_of_their_pathways() -> None:
    assert changing_s(station()) == 0  # nothing is said of the station: the platforms are one place
    slow = station(HALL, way("P1", "N", 2, stair_count=100), way("N", "P2", traversal_time=150))
    assert changing_s(slow) == 60 + 150  # 100 steps of 0.6 s
    assert seconds(slow, end="Z") == 20 * 60
    assert (
        seconds(slow, replace(AT_SEVEN, board_slack_s=60), end="Z") == UNREACHED
    )  # 07:10 + 210 s + 60 s is after 07:14
    by_length = station(HALL, way("P1", "N", length=80), way("N", "P2", length=40))
    assert changing_s(by_length) == 90  # 120 m at 4.8 km/h


def test_a_way_of_one_direction_is_not_walked_back_and_who_can_walk_outside_does() -> None:
    assert (
        changing_s(station(HALL, way("P1", "N", traversal_time=60), way("P2", "N", both=0, traversal_time=60))) is None
    )
    out_and_in = station(way("P1", "E", traversal_time=60), way("E", "P2", both=0, traversal_time=70))
    assert changing_s(out_and_in) == 130


def test_wheelchairs_take_lifts_and_neither_stairs_nor_escalators() -> None:
    levels = station(
        HALL,
        way("P1", "N", 2, stair_count=50),
        way("P1", "N", 5, traversal_time=100),
        way("N", "P2", 1, traversal_time=10),
    )
    assert (changing_s(levels), changing_s(levels, wheelchair=True)) == (30 + 10, 100 + 10)
    stairs = station(HALL, way("P1", "N", 2, stair_count=50), way("N", "P2", 4, traversal_time=10))
    assert changing_s(stairs, wheelchair=True) is None
    assert seconds(stairs, end="Z") == 20 * 60
    assert seconds(stairs, replace(AT_SEVEN, wheelchair="required"), end="Z") == UNREACHED


def test_people_come_to_a_platform_by_the_entrance_of_its_station() -> None:
    timetable = station(HALL, way("N", "P2", traversal_time=60), way("N", "P1", traversal_time=60))
    spec = replace(AT_SEVEN, window_start_s=SEVEN + 720, window_end_s=SEVEN + 721)
    at_entrance, at_z = at("C", north_m=100), at("Z")
    # At 07:12 at the entrance: 90 s to the platform, in time for the train of 07:14; at 07:12:31 no longer.
    assert times(timetable, spec, at_entrance, at_z).seconds_or_unreached[0, 0, 0] == 480
    late = replace(spec, window_start_s=SEVEN + 751, window_end_s=SEVEN + 752)
    assert times(timetable, late, at_entrance, at_z).seconds_or_unreached[0, 0, 0] == UNREACHED


# -- the window and its statistics --------------------------------------------------------------------------------------


def test_the_window_is_half_open() -> None:
    bus = one_bus("A 07:10 | B 07:20")
    spec = replace(AT_SEVEN, window_end_s=SEVEN + 600, step_s=300, percentiles=(1.0, 50.0, 100.0))
    # Departures at 07:00 and 07:05; not at 07:10, when the trip would take ten minutes.
    found = times(bus, spec, at("A"), at("B"))
    assert found.n_departures == 2
    assert found.seconds_or_unreached[:, 0, 0].tolist() == [900, 900, 1200]
    assert replace(spec, window_end_s=SEVEN + 601).n_departures == 3


def test_a_percentile_is_the_nearest_rank_over_all_departures_failures_counted_as_infinite() -> None:
    # Ten departures, 07:00 to 07:09; the last bus leaves at 07:04: five make it, in 10 to 6 minutes.
    spec = replace(AT_SEVEN, window_end_s=SEVEN + 600, percentiles=(10.0, 11.0, 50.0, 51.0))
    found = times(one_bus("A 07:04 | B 07:10"), spec, at("A"), at("B"))
    assert found.seconds_or_unreached[:, 0, 0].tolist() == [360, 420, 600, UNREACHED]


def test_the_reach_share_is_that_of_departures_within_the_cutoff_inclusive() -> None:
    spec = replace(AT_SEVEN, window_end_s=SEVEN + 600, cutoffs_s=(359, 360, 480))
    found = times(one_bus("A 07:04 | B 07:10"), spec, at("A"), at("B"))
    assert [found.share_within(cutoff_s)[0, 0] for cutoff_s in (359, 360, 480, 7200)] == [0, 0.1, 0.3, 0.5]


def test_the_longest_duration_is_allowed_and_not_a_second_more() -> None:
    bus = one_bus("A 07:10 | B 07:20")
    assert [seconds(bus, replace(AT_SEVEN, max_duration_s=most)) for most in (1200, 1199)] == [1200, UNREACHED]


def test_the_exact_integral_is_over_every_instant() -> None:
    # Buses at 07:00, 07:10, 07:20, 07:30 take 5 min. A trip of at most 10 min: ready within 5 min before a bus: half the
    # time. Departures on the minute say 6 in 10: the instant of the bus and that 5 min before are both in the sample.
    buses = one_bus(*(f"A 07:{m:02d} | B 07:{m + 5:02d}" for m in (0, 10, 20, 30)))
    spec = replace(AT_SEVEN, window_end_s=SEVEN + 1800, step_s=0, percentiles=(25.0, 50.0, 100.0))
    exact = times(buses, spec, at("A"), at("B"))
    assert exact.share_within(600)[0, 0] == 0.5
    assert exact.seconds_or_unreached[:, 0, 0].tolist() == [300 + 150, 300 + 300, 300 + 600]
    assert times(buses, replace(spec, step_s=60), at("A"), at("B")).share_within(600)[0, 0] == 0.6


def test_finer_and_finer_samples_come_to_the_exact_integral() -> None:
    buses = one_bus(*(f"A 07:{m:02d} | B 07:{m + 7:02d}" for m in (3, 10, 21, 36)))
    spec = replace(AT_SEVEN, window_end_s=SEVEN + 1800, cutoffs_s=(777,))
    shares = [
        float(times(buses, replace(spec, step_s=step_s), at("A"), at("B")).share_within(777)[0, 0])
        for step_s in (0, 1, 60)
    ]
    assert abs(shares[1] - shares[0]) <= 4 / 1800  # at most one second more for each of four buses
    assert shares[0] != shares[1]


def test_arriving_by_a_deadline_counts_from_leaving_as_late_as_possible_to_the_deadline() -> None:
    buses = one_bus("A 07:10 | B 07:20", "A 07:30 | B 07:40")
    by = replace(AT_SEVEN, arrive_by=True, window_start_s=SEVEN + 2400, window_end_s=SEVEN + 2401)
    assert seconds(buses, by) == 600  # by 07:40
    sooner = replace(by, window_start_s=SEVEN + 2399, window_end_s=SEVEN + 2400)
    assert seconds(buses, sooner) == 2399 - 600  # by 07:39:59 one must take the first, and be early
    assert seconds(buses, replace(sooner, max_duration_s=1798)) == UNREACHED
    # Over all instants from 07:20 to 07:40 the way takes 10 to 30 minutes, each as often.
    window = replace(by, window_start_s=SEVEN + 1200, step_s=0, window_end_s=SEVEN + 2400, cutoffs_s=(900,))
    assert times(buses, window, at("A"), at("B")).share_within(900)[0, 0] == 0.25


# -- headways -----------------------------------------------------------------------------------------------------------

EVERY_TEN = {"trip_id": "T1", "start_time": "06:00:00", "end_time": "10:00:00", "headway_secs": 600}
HOUR = replace(AT_SEVEN, window_end_s=SEVEN + 3600, percentiles=(10.0, 50.0, 90.0))


def by_headway(exact: str) -> Timetable:
    return timetable_on(
        feed_text(trip("T1", "A 06:00 | B 06:05")).adding("frequencies.txt", {**EVERY_TEN, "exact_times": exact})
    )


def test_exact_headways_are_trips_at_those_times_and_never_drawn() -> None:
    plain, drawn = (times(by_headway("1"), replace(HOUR, frequency_draws=draws), at("A"), at("B")) for draws in (0, 20))
    assert plain.seconds_or_unreached[:, 0, 0].tolist() == [300, 540, 780]  # waits of 0, 4, 8 of the waits 0-9 min
    assert drawn.seconds_or_unreached.tolist() == plain.seconds_or_unreached.tolist()
    assert drawn.n_departures == 60


def test_headways_without_times_run_from_the_start_time_unless_drawn() -> None:
    assumed = times(by_headway("0"), HOUR, at("A"), at("B"))
    assert assumed.seconds_or_unreached[:, 0, 0].tolist() == [300, 540, 780]


def test_drawn_offsets_spread_evenly_over_the_headway_and_pool_with_the_departures() -> None:
    drawn = times(by_headway("0"), replace(HOUR, frequency_draws=20), at("A"), at("B"))
    assert drawn.n_departures == 20 * 60
    # The wait is uniform over ten minutes, one draw in each half minute: percentiles within a half minute.
    assert drawn.seconds_or_unreached[:, 0, 0] == pytest.approx([300 + 60, 300 + 300, 300 + 540], abs=30)
    assert drawn.share_within(600)[0, 0] == pytest.approx(0.5, abs=0.05)


def test_draws_are_those_of_the_seed() -> None:
    def drawn(seed: int) -> list[int]:
        spec = replace(HOUR, window_end_s=SEVEN + 300, step_s=1, frequency_draws=3, seed=seed)
        return times(by_headway("0"), spec, at("A"), at("B")).seconds_or_unreached.ravel().tolist()

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_drawn_runs_end_with_the_period_of_their_headway() -> None:
    # One run at 07:00 + an offset below 10 min, before 07:05: only with an offset below 5 min, in half the draws.
    once = {**EVERY_TEN, "start_time": "07:00:00", "end_time": "07:05:00"}
    bus = timetable_on(feed_text(trip("T1", "A 06:00 | B 06:05")).adding("frequencies.txt", once))
    spec = replace(AT_SEVEN, window_end_s=SEVEN + 1, frequency_draws=10)
    assert times(bus, spec, at("A"), at("B")).share_within(7200)[0, 0] == 0.5


def test_a_network_prepared_for_draws_serves_draws_only() -> None:
    spec = replace(HOUR, frequency_draws=3)
    timetable, here, there = by_headway("0"), at("A"), at("B")
    drawn = travel_times(timetable, None, here, there, spec, prepare_search(timetable, None, spec))
    assert (
        drawn.seconds_or_unreached.tolist()
        == travel_times(timetable, None, here, there, spec).seconds_or_unreached.tolist()
    )
    with pytest.raises(SearchSpecError, match="another draw of the headways"):
        travel_times(timetable, None, here, there, spec, prepare_search(timetable, None, HOUR))


# -- who may use what ---------------------------------------------------------------------------------------------------


def wheelchair_feed(trip_says: str, stop_says: str) -> Timetable:
    stops = [
        stop(name, FIRST_LAT + i * STEP_DEG, LON, wheelchair_boarding=stop_says if name == "B" else "1")
        for i, name in enumerate("ABC")
    ]
    return timetable_on(
        feed_text(trip("T1", "A 07:05 | B 07:10 | C 07:15", wheelchair_accessible=trip_says), stops=stops)
    )


@pytest.mark.parametrize(
    ("trip_says", "stop_says", "required", "or_unknown"),
    [
        ("1", "1", 600, 600),
        ("1", "", UNREACHED, 600),
        ("", "1", UNREACHED, 600),
        ("1", "2", UNREACHED, UNREACHED),
        ("2", "1", UNREACHED, UNREACHED),
    ],
)
def test_wheelchairs_keep_unknown_apart_from_no(trip_says: str, stop_says: str, required: int, or_unknown: int) -> None:
    bus = wheelchair_feed(trip_says, stop_says)
    assert seconds(bus) == 600
    assert seconds(bus, replace(AT_SEVEN, wheelchair="required")) == required
    assert seconds(bus, replace(AT_SEVEN, wheelchair="required_or_unknown")) == or_unknown


def test_a_wheelchair_rides_past_a_stop_where_it_cant_get_out() -> None:
    assert seconds(wheelchair_feed("1", "2"), replace(AT_SEVEN, wheelchair="required"), end="C") == 900


def test_only_the_modes_asked_for_are_ridden() -> None:
    def call(name: str, calls: str, kind: str) -> Trip:
        return trip(name, calls, route=kind)

    both = timetable_on(
        feed_text(
            call("T1", "A 07:05 | B 07:10", "rail"),
            call("T2", "A 07:05 | B 07:20", "bus"),
            routes=[route("rail", 2), route("bus", 3)],
        )
    )
    asked = [None, frozenset({"rail"}), frozenset({"bus"}), frozenset({"tram"})]
    assert [seconds(both, replace(AT_SEVEN, modes=modes)) for modes in asked] == [600, 600, 1200, UNREACHED]


def test_a_prepared_network_answers_only_what_it_was_prepared_for() -> None:
    timetable = wheelchair_feed("1", "1")
    prepared = prepare_search(timetable, None, AT_SEVEN)
    for other in (
        replace(AT_SEVEN, wheelchair="required"),
        replace(AT_SEVEN, modes=frozenset({"bus"})),
        replace(AT_SEVEN, board_slack_s=1),
        replace(AT_SEVEN, transfer_max_s=60),
        replace(AT_SEVEN, frequency_draws=2),
        replace(AT_SEVEN, arrive_by=True),
        replace(AT_SEVEN, window_end_s=AT_SEVEN.window_end_s + 1),
    ):
        with pytest.raises(SearchSpecError):
            travel_times(timetable, None, at("A"), at("B"), other, prepared)


def test_what_cant_be_asked_is_said_all_at_once() -> None:
    with pytest.raises(SearchSpecError) as caught:
        SearchSpec(
            step_s=-1,
            transfer_max_s=-1,
            modes=frozenset({"zeppelin"}),
            wheelchair="maybe",
            frequency_draws=-1,  # type: ignore[arg-type]
        )
    for words in ("step", "walk between rides", "zeppelin", "maybe", "frequency_draws"):
        assert words in str(caught.value)
    with pytest.raises(SearchSpecError, match="frequency_draws need a step"):
        SearchSpec(step_s=0, frequency_draws=5)


# -- the day ------------------------------------------------------------------------------------------------------------


def test_last_nights_trips_and_tomorrows_are_part_of_the_day() -> None:
    night = replace(AT_SEVEN, window_start_s=600, window_end_s=601)
    assert seconds(one_bus("A 24:15 | B 24:25"), night) == 25 * 60 - 600
    late = replace(AT_SEVEN, window_start_s=86_400 - 600, window_end_s=86_400 - 599)
    assert seconds(one_bus("A 00:05 | B 00:15"), late) == 600 + 15 * 60
