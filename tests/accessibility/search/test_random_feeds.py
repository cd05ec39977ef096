"""From the text of random feeds to travel times, against an oracle that reads the rows itself; and slices of real feeds."""

import datetime as dt
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.feed import read_feed
from accessibility.legs import Points, Walk, straight_line_legs
from accessibility.search.door_to_door import travel_times
from accessibility.search.links.walks import stop_points, transfer_legs
from accessibility.search.spec import UNREACHED, SearchSpec, TravelTimes
from accessibility.timetable.timetable import Timetable, build_timetable
from tests.support.feed_oracle import stops_of, trips_of_day, turned, with_rules
from tests.support.feeds import LON, TUESDAY, FeedText, Row, clock, feed_text, service, stop, trip
from tests.support.oracle import Call, Walks, all_durations, nearest_rank, trips_of
from tests.support.random_networks import networks_to_try

SHARED = Path("../shared/data")
SEVEN, DAY_S = 7 * 3600, 86_400
NAMES = "ABCDEF"
WALK = Walk(max_s=200, detour=1.0)
SPEC = SearchSpec(
    window_start_s=SEVEN,
    window_end_s=SEVEN + 1200,
    step_s=150,
    walk=WALK,
    max_duration_s=2400,
    percentiles=(1.0, 50.0, 100.0),
    cutoffs_s=(900,),
)


def place(number: int, north_deg: float = 0.0) -> tuple[float, float]:
    """Stops on a grid of two columns: 222 m (167 s) north and 270 m (too far) east of each other."""
    return round(52.4 + 0.002 * (number // 2) + north_deg, 6), round(LON + 0.004 * (number % 2), 6)


def hms(seconds: int) -> str:
    text = clock(seconds)
    return text if text.count(":") == 2 else f"{text}:00"


_HOPS_S, _DWELLS_S = (60, 60, 120, 300), (0, 0, 30)
_FLAGS = ("", "", "", "", " no-board", " no-alight")
_DAYS = ((0, "WK"), (0, "WK"), (0, "ALL"), (DAY_S, "MO"), (DAY_S, "WK"), (0, "SU"))  # shift of the clock, service


@st.composite
def feeds(draw: st.DrawFn, north_deg: float = 0.0) -> FeedText:
    """A feed round seven in the morning: loops, forbidden boarding, last night's trips past 24:00, headways, rules."""
    trips = [trip("T", f"A {hms(SEVEN + 60)} | B {hms(SEVEN + 120)}")]  # so that something runs on the day
    for number in range(draw(st.integers(1, 7))):
        shift, service_id = draw(st.sampled_from(_DAYS))
        seconds = SEVEN + shift + 30 * draw(st.integers(-20, 60))
        calls = []
        for name in draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5)):
            departs = seconds + draw(st.sampled_from(_DWELLS_S))
            calls.append(f"{name} {hms(seconds)}-{hms(departs)}{draw(st.sampled_from(_FLAGS))}")
            seconds = departs + draw(st.sampled_from(_HOPS_S))
        trips.append(trip(f"T{number}", " | ".join(calls), route=draw(st.sampled_from("PQ")), service=service_id))
    text = feed_text(
        *trips,
        stops=[stop(name, *place(i, north_deg)) for i, name in enumerate(NAMES)],  # those no trip calls at are isolated
        calendar=[
            service("WK", "1111100"),
            service("ALL", "1111111"),
            service("MO", "1000000"),
            service("SU", "0000001"),
        ],
    )
    rules = draw(st.lists(st.tuples(*[st.sampled_from(NAMES)] * 2, st.sampled_from([0, 2, 2, 3])), max_size=4))
    for start, end, kind in {(a, b): (a, b, kind) for a, b, kind in rules}.values():
        minimum = draw(st.sampled_from([0, 60, 240])) if kind == 2 else ""
        text = text.adding("transfers.txt", _rule(start, end, kind, minimum))
    if draw(st.booleans()):
        headway_s = draw(st.sampled_from([180, 400]))
        text = text.adding(
            "frequencies.txt",
            {
                "trip_id": "T0",
                "start_time": "06:50:00",
                "end_time": "07:20:00",
                "headway_secs": headway_s,
                "exact_times": 1,
            },
        )
    return text


def _rule(start: str, end: str, kind: int, minimum: object) -> Row:
    return {"from_stop_id": start, "to_stop_id": end, "transfer_type": kind, "min_transfer_time": minimum}


def built(texts: Mapping[str, FeedText]) -> Timetable:
    with tempfile.TemporaryDirectory() as folder:
        return build_timetable(
            read_feed([text.zip(Path(folder) / f"{name}.zip") for name, text in texts.items()]), TUESDAY
        )


def doors() -> Points:
    """A few metres from some stops, and from none."""
    lat, lon = zip(*(place(i) for i in (0, 3, 4, 20)), strict=True)
    return Points(np.array(["a", "d", "e", "nowhere"], object), np.array(lon) + 0.0003, np.array(lat))


def assert_equal(times: TravelTimes, expected: list[list[list[float]]], spec: SearchSpec) -> None:
    seconds = np.where(times.seconds_or_unreached == UNREACHED, np.inf, times.seconds_or_unreached)
    for origin, row in enumerate(expected):
        for destination, durations in enumerate(row):
            ranks = [nearest_rank(durations, p) for p in spec.percentiles]
            assert seconds[:, origin, destination].tolist() == ranks
            counts = [sum(d <= cutoff for d in durations) for cutoff in (*spec.cutoffs_s, spec.max_duration_s)]
            assert times.departures_within[:, origin, destination].tolist() == counts


@networks_to_try(30)
@given(
    st.one_of(
        st.tuples(feeds()), st.tuples(feeds(), feeds(north_deg=0.0003))
    ),  # the second's stops 33 m off the first's
    st.sampled_from([0, 0, 45]),
    st.sampled_from([None, None, 1, 2]),
    st.sampled_from([False, False, False, True]),
)
def test_travel_times_from_random_feeds_equal_the_oracles(
    texts: tuple[FeedText, ...], slack_s: int, max_rides: int | None, arrive_by: bool
) -> None:
    named = {f"feed{i}": text for i, text in enumerate(texts)}
    timetable = built(named)
    spec = replace(SPEC, board_slack_s=slack_s, max_rides=max_rides)
    if arrive_by:
        spec = replace(spec, arrive_by=True, window_start_s=SEVEN + 900, max_duration_s=900)
    stops, here = stops_of(named), doors()
    number = {str(stop_id): i for i, stop_id in enumerate(stops.ids)}
    walks = Walks(
        straight_line_legs(here, stops, WALK),
        with_rules(straight_line_legs(stops, stops, WALK), named, number),
        turned(straight_line_legs(stops, here, WALK), len(here.ids)),
        turned(straight_line_legs(here, here, WALK), len(here.ids)),
    )
    trips = trips_of_day(named, number, TUESDAY)
    assert_equal(travel_times(timetable, None, here, here, spec), all_durations(trips, walks, spec), spec)


# -- slices of real feeds -----------------------------------------------------------------------------------------------


def near(timetable: Timetable, n: int, seed: int) -> Points:
    """Points a little off stops that trips call at, within some kilometres of the busiest."""
    stops = stop_points(timetable)
    n_trips = np.diff(timetable.pattern_trip_offset).repeat(np.diff(timetable.pattern_position_offset))
    calls = np.bincount(timetable.position_stop, n_trips, len(stops.ids))
    centre = calls.argmax()
    around = np.hypot(stops.lon - stops.lon[centre], stops.lat - stops.lat[centre]) < 0.05
    chosen = np.random.default_rng(seed).choice(np.flatnonzero(around), n, replace=False)
    return Points(stops.ids[chosen], stops.lon[chosen] + 0.0007, stops.lat[chosen] + 0.0004)


def running(timetable: Timetable, spec: SearchSpec) -> list[list[Call]]:
    """Trips that touch the search's span."""
    start_s, end_s = spec.span_s
    return [calls for calls in trips_of(timetable) if calls[0].departure_s <= end_s and calls[-1].arrival_s >= start_s]


SLICES = [
    ("newport/newport-20230613_gtfs.zip", dt.date(2023, 6, 13), 8, 60),
    ("porto_alegre/poa_eptc_filled.zip", dt.date(2019, 5, 13), 13, 0),
    ("sao_paulo/spo.zip", dt.date(2019, 5, 14), 8, 0),
]


@pytest.mark.parametrize(("file", "date", "hour", "slack_s"), SLICES, ids=["newport", "porto alegre", "sao paulo"])
def test_a_slice_of_a_real_feed_equals_the_oracle(file: str, date: dt.date, hour: int, slack_s: int) -> None:
    if not (SHARED / file).exists():
        pytest.skip(f"{SHARED / file} is not here")
    timetable = build_timetable(read_feed(SHARED / file), date)
    spec = SearchSpec(
        window_start_s=hour * 3600,
        window_end_s=hour * 3600 + 1800,
        step_s=600,
        walk=Walk(max_s=420),
        board_slack_s=slack_s,
        max_duration_s=2400,
        percentiles=(50.0, 100.0),
        cutoffs_s=(1200, 1800),
    )
    start, end, stops = near(timetable, 3, seed=1), near(timetable, 12, seed=2), stop_points(timetable)
    walks = Walks(
        straight_line_legs(start, stops, spec.walk),
        transfer_legs(timetable, None, spec.walk),
        turned(straight_line_legs(stops, end, spec.walk), len(end.ids)),
        turned(straight_line_legs(start, end, spec.walk), len(end.ids)),
    )
    times = travel_times(timetable, None, start, end, spec)
    assert (times.departures_within[-1] > 0).mean() > 0.2  # the slice is no desert
    assert_equal(times, all_durations(running(timetable, spec), walks, spec), spec)
