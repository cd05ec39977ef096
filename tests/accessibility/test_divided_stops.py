"""Transfer rules for single routes and trips: followed as a plain search follows them, call by call."""

import math
import random
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pytest

from accessibility import UNREACHED, SearchSpec, Walk, build_timetable, points, travel_times
from accessibility.divided_stops import MOST_PARTS
from accessibility.feed import Feed
from accessibility.scenarios.places import Place, StopFinder, StopTable
from tests.support.feeds import (
    FIRST_LAT,
    LON,
    STEP_DEG,
    TUESDAY,
    FeedText,
    clock,
    feed_text,
    read,
    repairs_of,
    stop,
    trip,
)

START_S, N_DEPARTURES, SLACK_S = 8 * 3600, 20, 60
PERCENTILES = tuple(100 * (i + 1) / N_DEPARTURES for i in range(N_DEPARTURES))
STOPS = "ABCDE"
LAT_LON = ("stop_lat", "stop_lon")
STATION = {"B": "ST", "C": "ST"}  # of which they are stops, 1.1 km apart: nobody walks


class Rule(NamedTuple):
    """A row of transfers.txt; "" for what it leaves open."""

    from_stop: str
    to_stop: str
    kind: int
    seconds: int = 0
    from_route: str = ""
    to_route: str = ""
    from_trip: str = ""
    to_trip: str = ""

    def row(self) -> dict[str, object]:
        names = ("from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time")
        narrow = ("from_route_id", "to_route_id", "from_trip_id", "to_trip_id")
        return dict(zip((*names, *narrow), self, strict=True))


class Ride(NamedTuple):
    """A trip: route and calls (stop, minute)."""

    route: str
    calls: tuple[tuple[str, int], ...]


def text_of(rides: Mapping[str, Ride], rules: list[Rule]) -> FeedText:
    trips = [
        trip(ident, " | ".join(f"{place} {clock(60 * minute)}" for place, minute in ride.calls), route=ride.route)
        for ident, ride in rides.items()
    ]
    rows = [
        stop(name, round(FIRST_LAT + i * STEP_DEG, 6), LON, parent_station=STATION.get(name, ""), location_type=0)
        for i, name in enumerate(STOPS)
    ]
    station = stop("ST", FIRST_LAT, LON, parent_station="", location_type=1)
    return feed_text(*trips, stops=[*rows, station]).setting("transfers.txt", *(rule.row() for rule in rules))


def sorted_minutes(feed: Feed) -> dict[tuple[str, str], list[float]]:
    """(origin, destination) -> seconds of all departures, the fastest first."""
    at = points(list(STOPS), [LON] * len(STOPS), [round(FIRST_LAT + i * STEP_DEG, 6) for i in range(len(STOPS))])
    spec = SearchSpec(
        START_S,
        START_S + 60 * N_DEPARTURES,
        board_slack_s=SLACK_S,
        percentiles=PERCENTILES,
        walk=Walk(max_s=30),
        cutoffs_s=(),
    )
    times = travel_times(build_timetable(feed, TUESDAY), None, at, at, spec)
    seconds = times.seconds_or_unreached.astype(float)
    seconds[seconds == UNREACHED] = math.inf
    pairs = [(i, j) for i in range(len(STOPS)) for j in range(len(STOPS)) if i != j]
    return {(STOPS[i], STOPS[j]): seconds[:, i, j].tolist() for i, j in pairs}


# The plain search.


def wait_s(rules: list[Rule], rides: Mapping[str, Ride], one: str, here: str, other: str, there: str) -> float:
    """Seconds from getting off trip `one` at `here` until `other` can be boarded at `there`, but for the slack."""

    def level(stop_id: str, named: str, route: str, trip_id: str, ident: str) -> tuple[int, int] | None:
        """(what the end of a rule names: 0 stop, 1 route, 2 trip; whether its station), None where it is for others."""
        if stop_id not in {named, STATION.get(named)}:
            return None
        if trip_id:
            return (2, stop_id != named) if trip_id == ident else None
        if route:
            return (1, stop_id != named) if route == rides[ident].route else None
        return 0, stop_id != named

    order = {(2, 2): 0, (2, 1): 1, (1, 2): 1, (2, 0): 2, (0, 2): 2, (1, 1): 3, (1, 0): 4, (0, 1): 4, (0, 0): 5}
    found = []
    for rule in rules:
        start = level(rule.from_stop, here, rule.from_route, rule.from_trip, one)
        end = level(rule.to_stop, there, rule.to_route, rule.to_trip, other)
        if start and end:
            seconds = rule.seconds if rule.kind == 2 else -1
            found.append((order[start[0], end[0]], start[1] + end[1], -rule.kind, -seconds))
    kind, seconds = (-one for one in min(found)[2:]) if found else (0, -1)
    if kind == 2:
        return seconds
    return math.inf if kind == 3 or here != there else 0


def boardings_of(rides: Mapping[str, Ride]) -> list[tuple[str, int, tuple[str, int]]]:
    """(trip, number of the call, the call) of every call but the last."""
    return [(ident, *call) for ident, ride in rides.items() for call in enumerate(ride.calls[:-1])]


def arrivals(rides: Mapping[str, Ride], rules: list[Rule], origin: str, departure_s: int) -> dict[str, float]:
    """stop -> earliest arrival by one ride or more."""
    aboard: dict[str, int] = {}  # trip -> the first call at which people can be on it

    def board(ident: str, place: int) -> None:
        aboard[ident] = min(place, aboard.get(ident, len(rides[ident].calls)))

    boardings = boardings_of(rides)
    for ident, place, (name, minute) in boardings:
        if name == origin and departure_s + SLACK_S <= 60 * minute:
            board(ident, place)
    before: dict[str, int] = {}
    while before != aboard:
        before = dict(aboard)
        for one, first in before.items():
            for here, minute in rides[one].calls[first + 1 :]:
                for other, place, (there, leaves) in boardings:
                    if 60 * minute + wait_s(rules, rides, one, here, other, there) + SLACK_S <= 60 * leaves:
                        board(other, place)
    alighted = [call for ident, first in aboard.items() for call in rides[ident].calls[first + 1 :]]
    return {name: 60 * min(minute for there, minute in alighted if there == name) for name, _ in alighted}


def plain_minutes(rides: Mapping[str, Ride], rules: list[Rule]) -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = {(o, d): [] for o in STOPS for d in STOPS if o != d}
    for origin in STOPS:
        for departure_s in range(START_S, START_S + 60 * N_DEPARTURES, 60):
            best = arrivals(rides, rules, origin, departure_s)
            for destination in STOPS:
                if destination != origin:
                    seconds = best.get(destination, math.inf) - departure_s
                    found[origin, destination].append(seconds if seconds <= 7200 else math.inf)
    return {pair: sorted(seconds) for pair, seconds in found.items()}


def random_case(seed: int) -> tuple[dict[str, Ride], list[Rule]]:
    """Ten trips of four routes over two to four stops, and a dozen rules of every kind, of stops and the station."""
    rng = random.Random(seed)
    rides = {}
    for number in range(10):
        minute, calls = 8 * 60 + rng.randint(0, 40), []
        for name in rng.sample(STOPS, rng.randint(2, 4)):
            calls.append((name, minute))
            minute += rng.randint(1, 6)
        rides[f"T{number}"] = Ride(f"R{number % 4}", tuple(calls))
    rules = []
    for _ in range(12):
        ends = [rng.choice([*STOPS, "ST"]) for _ in range(2)]
        if rng.random() < 0.6:
            ends[1] = ends[0]
        kind = rng.choice([0, 1, 2, 2, 3, 3])
        routes = [rng.choice(["", "", f"R{rng.randrange(4)}"]) for _ in range(2)]
        trips = [rng.choice(["", "", f"T{rng.randrange(10)}"]) for _ in range(2)]
        rules.append(Rule(*ends, kind, 60 * rng.randint(0, 8), *routes, *trips))
    return rides, rules


@pytest.mark.parametrize("seed", range(25))
def test_the_most_specific_rule_holds_as_a_plain_search_has_it(seed: int) -> None:
    rides, rules = random_case(seed)
    assert sorted_minutes(read(text_of(rides, rules))) == plain_minutes(rides, rules)


# By hand: T1 comes to B at 08:10; from there T2 leaves at 08:12 and T3 at 08:20, both for C.

HUB = {
    "T1": Ride("R1", (("A", 490), ("B", 490 + 5))),
    "T2": Ride("R2", (("B", 497), ("D", 500))),
    "T3": Ride("R3", (("B", 505), ("D", 508))),
}


@pytest.mark.parametrize(
    ("rules", "arrives_min"),
    [
        ([], 500),
        ([Rule("B", "B", 3, to_route="R2")], 508),
        ([Rule("B", "B", 3, from_trip="T1")], None),
        ([Rule("B", "B", 3), Rule("B", "B", 0, from_route="R1", to_route="R2")], 500),
        ([Rule("B", "B", 3), Rule("ST", "ST", 1, to_trip="T3")], 508),
        ([Rule("B", "B", 2, 240, from_route="R1")], 508),
        ([Rule("B", "B", 2, 240, from_route="R1"), Rule("B", "B", 2, 60, from_trip="T1", to_trip="T2")], 500),
    ],
)
def test_rules_at_a_hub_are_followed(rules: list[Rule], arrives_min: int | None) -> None:
    found = min(sorted_minutes(read(text_of(HUB, rules)))["A", "D"])
    assert found == (60 * arrives_min - (START_S + 9 * 60) if arrives_min else math.inf)


def test_stops_are_divided_only_where_it_matters_and_rules_followed_are_counted() -> None:
    plain = read(text_of(HUB, [Rule("B", "B", 1, from_route="R1"), Rule("B", "B", 2, 120)]))
    assert len(plain.stops) == len(STOPS) + 1 + 1  # the recommended transfer takes no two minutes
    none = read(text_of(HUB, [Rule("B", "B", 1, from_route="R1")]))
    assert len(none.stops) == len(STOPS) + 1 and not none.repairs
    feed = read(text_of(HUB, [Rule("B", "B", 3, from_route="R1", to_route="R2")]))
    told = repairs_of(feed)["transfers_of_single_trips"]
    assert (told.count, told.sample) == (1, ("B",)) and "1 stop is divided into 3" in told.effect
    assert {"B", "B~1", "B~2"} <= set(feed.stops["stop_id"])
    assert feed.stops["stop_id"].is_monotonic_increasing


def test_a_stop_with_too_many_rules_is_left_whole_and_they_are_counted() -> None:
    rides = {f"T{i}": Ride("R1", (("A", 480 + i), ("B", 485 + i), ("C", 490 + i))) for i in range(MOST_PARTS + 1)} | {
        "X": Ride("R2", (("B", 520), ("D", 525)))
    }
    rules = [Rule("B", "B", 3, from_trip=f"T{i}", to_trip="X") for i in range(MOST_PARTS + 1)]
    rules.append(Rule("C", "C", 3, from_route="R1", to_trip="T0"))
    feed = read(text_of(rides, rules))
    told = repairs_of(feed)
    assert told["transfers_ignored"].count == MOST_PARTS + 1
    assert told["transfers_of_single_trips"].count == 1
    assert np.isfinite(sorted_minutes(feed)["A", "D"]).all()


def test_an_edit_that_names_a_divided_stop_means_its_parts_and_no_other_stop_of_a_like_id() -> None:
    rules = [Rule("B", "B", 3, from_route="R1", to_route="R2")]
    text = text_of(HUB, rules)
    text = text.adding(
        "stops.txt", stop("B~7", 52.9, LON), stop("B~x", *(text.tables["stops.txt"][1][name] for name in LAT_LON))
    )
    finder = StopFinder(StopTable(read(text).stops), several_feeds=False, scope="", made={})
    assert finder.group(Place("B")) == ("B", "B~1", "B~2")
    assert finder.group(Place("A")) == ("A",)
