"""Every bad edit ends in one sentence that names the edit, says what is wrong and what to do."""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

from accessibility.errors import ScenarioError
from accessibility.feed import Feed
from accessibility.scenarios.applying import apply
from accessibility.scenarios.edits import (
    AddStop,
    AddTrips,
    ChangeTime,
    Divert,
    Dwell,
    Edit,
    Extend,
    Headway,
    Interchange,
    LandUse,
    NewLine,
    OpenStation,
    Period,
    Range,
    ReplaceFeed,
    RunTime,
    SkipStop,
    StreetClose,
    StreetLink,
    ThroughRun,
    Truncate,
    Withdraw,
)
from accessibility.scenarios.places import Place
from accessibility.scenarios.selection import Selection
from accessibility.streets.network import Segments, StreetNetwork, street_network
from tests.support.feeds import TUESDAY, feed_of, route, service, stop, trip

SEVEN = 7 * 3600


@cache
def network() -> Feed:
    """529 of two agencies; 51 along A-B-C-D, also short to C, and round a loop as 52; 9 by headway; 77 on Sundays."""
    return feed_of(
        trip("x", "A 07:00 | B 07:10", "529x", direction_id=0),
        trip("y", "A 07:00 | C 07:10", "529y", direction_id=0),
        trip("a1", "A 07:00 | B 07:05 | C 07:10 | D 07:15", "51", direction_id=0),
        trip("a2", "A 08:00 | B 08:05 | C 08:10", "51", direction_id=0, trip_headsign="C only"),
        trip("loop", "A 07:00 | B 07:05 | C 07:10 | A 07:20 | B 07:25", "52"),
        trip("h", "A 07:00 | D 07:20", "9"),
        trip("sunday", "A 07:00 | D 07:20", "77", "SU"),
        stops=[stop("ST", 52.4, -1.9, location_type=1), stop("P1", 52.4, -1.95), stop("P2", 52.44, -1.95)],
        routes=[
            route("529x", route_short_name="529", agency_id="X"),
            route("529y", route_short_name="529", agency_id="Y"),
        ],
        calendar=[service("WK", "1111100"), service("SU", "0000001")],
    )


A, B, C, D = (Place(name) for name in "ABCD")
L51, L52 = Selection("51"), Selection("52")
HOURLY = (Period(SEVEN, 12 * 3600, 3600),)
NEAR = Place("new", "New", (52.405, -1.905))


def line(id: str = "n", stops: Sequence[Place] = (A, B), **given: object) -> NewLine:
    fields: dict[str, object] = {"speed_kmh": 20, "service": HOURLY}
    return NewLine(id, "N1", tuple(stops), **{**fields, **given})


BAD: dict[str, tuple[Sequence[Edit], str]] = {
    "unknown line, a near one offered": (
        [Withdraw("e", Selection("528"))],
        r"edit 'e': the feed has no line '528'; near it: .*'529'",
    ),
    "ambiguous line": ([Withdraw("e", Selection("529"))], r"several operators have a line '529': .*name the operator"),
    "unknown operator": (
        [Withdraw("e", Selection("51", "NXC"))],
        r"no line '51' of 'NXC'; line '51' is of 'The Agency'",
    ),
    "unknown direction": ([Withdraw("e", Selection("51", direction="1"))], r"has no direction '1', only '0'"),
    "unknown variant": ([Withdraw("e", Selection("51", variant=3))], r"has no variant 3, only '1', '2'"),
    "unknown headsign": (
        [Withdraw("e", Selection("51", variant="Dudley"))],
        r"has no variant 'Dudley', only '', 'C only'",
    ),
    "no trip in the window": (
        [Withdraw("e", Selection("51", from_s=36_000))],
        r"no trip of line '51' leaves its first stop in the times given; .* from 07:00:00 to 08:00:00",
    ),
    "no trip on the day": ([Withdraw("e", Selection("77"))], r"no trip of line '77' runs on 2026-03-24"),
    "times that end before they begin": ([Withdraw("e", Selection("51", from_s=5, to_s=5))], r"end before they begin"),
    "another number of trips than expected": (
        [Withdraw("e", Selection("51", expect_trips=92))],
        r"2 departures of line '51' match and 92 were expected: .* expect_trips",
    ),
    "stop in the sea": (
        [line(stops=[A, Place("s", at=(53.9, -4.5))])],
        r"stop 's' lies 2\d\d km from every stop .*check its coord",
    ),
    "coordinates in metres": (
        [line(stops=[A, Place("s", at=(298_000.0, 400_000.0))])],
        r"is not a latitude and a longitude",
    ),
    "unknown stop, with near ones": ([Extend("e", L51, D, (Place("P3"),), 20)], r"no stop 'P3'; near it: 'P."),
    "stop of another place": (
        [line(stops=[A, Place("B", at=(52.45, -1.9))])],
        r"stop 'B' exists, 4,\d+ m from the place given",
    ),
    "a station for a stop": ([line(stops=[A, Place("ST")])], r"'ST' is a station; name one of its stops"),
    "unknown name": ([line(stops=[A, Place(name="Stop Q")])], r"no stop is called 'Stop Q'; near it: 'Stop"),
    "no stop of the name near": (
        [line(stops=[A, Place(name="Stop D", at=(52.4, -1.9))])],
        r"no stop 'Stop D' within 400 m of 52.4, -1.9; near it: 'Stop A'",
    ),
    "a stop without anything": ([line(stops=[A, Place()])], r"neither id, name nor place"),
    "stop not served": ([SkipStop("e", L51, (Place("P1"),))], r"no trip of line '51' selected calls at 'P1'"),
    "end that no trip has": ([Extend("e", L51, B, (NEAR,), 20)], r"starts or ends at 'B'; they do at 'A', 'C', 'D'"),
    "stops that are no neighbours": ([AddStop("e", L51, NEAR, (A, C))], r"calls at 'A' and 'C' one after the other"),
    "same stop twice without visit": ([SkipStop("e", L52, (B,))], r"trip 'loop' calls at 'B' 2 times; say which"),
    "same hop twice without visit": ([AddStop("e", L52, NEAR, (A, B))], r"runs between the two stops 2 times"),
    "negative hop": (
        [SkipStop("e", L51, (B,), 700)],
        r"hop from 'A' to 'C' of trip 'a1' \(07:00:00\) would take -100 s",
    ),
    "more saved than there is": (
        [RunTime("e", L51, (A, B), saved_s=301)],
        r"trip 'a1' takes 300 s from 'A' to 'B'.*301 s can't",
    ),
    "headway 0": ([Headway("e", L51, every_s=0)], r"every_s is 0; a headway is 1 second or more"),
    "headway 0 of a new line": ([line(service=(Period(0, 3600, 0),))], r"every_s of a service is 0"),
    "headway longer than its period": (
        [line(service=(Period(0, 600, 900),))],
        r"from 00:00:00 to 00:10:00 is shorter than",
    ),
    "overlapping services": (
        [line(service=(Period(0, 7200, 600), Period(3600, 9000, 600)))],
        r"services from 00:00:00 and from 01:00:00 overlap",
    ),
    "exact times and headways at once": ([line(departures=(SEVEN,))], r"exact times and headways are two kinds"),
    "two ways at once": (
        [Headway("e", L51, every_s=600)],
        r"trips selected of direction '0' run 2 ways: .* by `variant`",
    ),
    "a line that never moves": ([line(stops=[A])], r"the line never moves: it has 1 stops"),
    "a line that stays where it is": ([line(stops=[A, A])], r"the line never moves"),
    "faster than light": (
        [line(run_s=(1,), speed_kmh=None)],
        r"hop from 'A' to 'B' .* would cover 1,113 m in 1 s, at over 300",
    ),
    "speed of a rocket": ([line(speed_kmh=1000)], r"speed_kmh is 1000; it must be above 0 and at most 300"),
    "a range out of order": ([line(speed_kmh=Range(30, 20, 25))], r"speed_kmh is not in order: low, central, high"),
    "no speed": ([line(speed_kmh=None)], r"give a speed \(speed_kmh\) or the seconds of each hop"),
    "hops that do not fit": (
        [line(speed_kmh=None, run_s=(60, 60))],
        r"run_s has 2 hops; there are 1 between the 2 stops",
    ),
    "unknown mode": ([line(mode="rocket")], r"unknown mode 'rocket'; expected one of aerial"),
    "unknown day": ([line(days=("mon",))], r"unknown days mon; expected some of monday"),
    "a line that is there": (
        [NewLine("e", "51", (A, B), "The Agency", speed_kmh=9, departures=(0,))],
        r"has a line '51' already",
    ),
    "an edit before the one it needs": (
        [Withdraw("e", Selection("N1")), line("later")],
        r"no line 'N1'.*\. Edit 'later', which stands later, makes it: put that one first",
    ),
    "a stop before the one that makes it": (
        [Extend("e", L51, D, (Place("new"),), 20), line("later", [A, NEAR])],
        r"no stop 'new'.*Edit 'later', which stands later, makes it",
    ),
    "duplicate ids": ([Withdraw("e", L51), Withdraw("e", L52)], r"edit 'e': 2 edits have this id"),
    "no id": ([Withdraw(" ", L51)], r"edit ' ': it has no id"),
    "an id with a slash": ([Withdraw("a/b", L51)], r"leave them out"),
    "ten thousand edits": ([Withdraw(f"e{i}", L51) for i in range(10_000)], r"has 10,000 edits; at most 1,000"),
    "an edit that changes nothing": ([RunTime("e", L51, factor=1.0)], r"edit 'e': it changes nothing"),
    "a dwell that is so already": ([Dwell("e", L51, 0)], r"it changes nothing"),
    "the same feed": ([ReplaceFeed("e", network())], r"edit 'e': it changes nothing: the feed is the one there is"),
    "a trip before midnight": ([ChangeTime("e", L51, -8 * 3600)], r"trip 'a1' would start before the midnight"),
    "a shift of nothing": ([ChangeTime("e", L51, 0)], r"shifts by 0 seconds"),
    "one call left": ([Truncate("e", L51, A, "before")], r"of trip 'a1' 1 call would be left; withdraw it"),
    "trips added at times and by headway": (
        [AddTrips("e", L51, (SEVEN,), HOURLY)],
        r"give either departures or service",
    ),
    "a departure named twice": ([AddTrips("e", L51, (SEVEN, SEVEN))], r"a departure is named twice"),
    "a diversion between stops not called at": (
        [Divert("e", L51, (A, Place("P1")), (), 20)],
        r"calls at both 'A' and 'P1'",
    ),
    "no trip to go on as": ([ThroughRun("e", L51, Selection("9"), D)], r"no trip of line '9' selected starts at 'D'"),
    "a wait too long": (
        [ThroughRun("e", L51, L52, C, A, 60)],
        r"no trip of line '52' leaves within 60 s of one of line '51'",
    ),
    "a station without a line": ([OpenStation("e", (), NEAR, (A, B))], r"names no line that calls there"),
    "a station named twice": ([OpenStation("e", (L51, L51), NEAR, (A, B))], r"two of the lines select the same trips"),
    "a change of hours": ([Interchange("e", (A, B), 7201)], r"7201 seconds to change"),
    "a change at a place named twice": ([Interchange("e", (A, A), 60)], r"named twice"),
    "a way that leads nowhere": ([StreetLink("e", (52.4, -1.9), (52.4, -1.9))], r"leads nowhere"),
    "a closure of no width": ([StreetClose("e", (52.4, -1.9), (52.41, -1.9), 0)], r"radius_m must be above 0"),
    "no homes": ([LandUse("e", "homes", (52.4, -1.9), 0)], r"it puts 0 there"),
    "homes off the earth": ([LandUse("e", "homes", (520.4, -1.9), 5)], r"520.4, -1.9 is not a latitude"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_edit_ends_in_one_clear_sentence(case: str) -> None:
    edits, expected = BAD[case]
    with pytest.raises(ScenarioError) as caught:
        apply(network(), edits, date=TUESDAY)
    assert len(caught.value.problems) == 1, caught.value.problems
    assert re.search(expected, caught.value.problems[0]), caught.value.problems[0]


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    edits = [
        Withdraw("one", Selection("528")),
        Withdraw("fine", L52),
        line("three", service=(Period(0, 3600, 0),), speed_kmh=1000, mode="rocket"),
        Headway("of three", Selection("N1"), factor=0.5),  # of a line that the faulty edit would have made: not told
        Withdraw("gone", L52),
    ]
    with pytest.raises(ScenarioError) as caught:
        apply(network(), edits, date=TUESDAY)
    assert [problem.split("'")[1] for problem in caught.value.problems] == ["one", "three", "three", "three", "gone"]
    assert str(caught.value) == "\n".join(caught.value.problems)


def street() -> StreetNetwork:
    """One street of 120 nodes northward from stop A."""
    lat = 52.4 + 0.0001 * np.arange(120)
    ends = np.arange(119)
    metres = np.full(119, 11.1)
    yes = np.ones(119, bool)
    return street_network(np.full(120, -1.9), lat, Segments(ends, ends + 1, yes, yes, metres, ~yes), ())


def test_a_new_stop_far_from_every_street_is_refused_where_streets_are_given() -> None:
    far = line("n", [A, Place("far", at=(52.405, -1.91))])
    near = line("n", [A, Place("near", at=(52.405, -1.901))])
    assert apply(network(), [far], date=TUESDAY).new_stops == {"far": "scenario/n/far"}
    assert apply(network(), [near], date=TUESDAY, streets=street()).new_stops == {"near": "scenario/n/near"}
    with pytest.raises(
        ScenarioError, match=r"edit 'n': the new stop 'scenario/n/far' is farther than 500 m from every street"
    ):
        apply(network(), [far], date=TUESDAY, streets=street())


def test_a_phase_outside_its_headway_is_refused() -> None:
    with pytest.raises(
        ScenarioError, match=r"the phase n:0 is 3600 s; it must be from 0 to before its headway, 3600 s"
    ):
        apply(network(), [line()], date=TUESDAY, phases={"n:0": 3600})
