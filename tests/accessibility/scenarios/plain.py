"""Small networks as plain lists, edited by hand-written loops: the slow twin of `accessibility.scenarios`.

A network is a list of `Line` runs on numbered stops, laid out departure by departure. Nothing here uses the product but
the oracle's `Call`.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyproj

from accessibility.feed import Feed
from accessibility.gtfs.calls import StopTimes
from tests.support.oracle import Call

_ELLIPSOID = pyproj.Geod(ellps="WGS84")
TUESDAY = dt.date(2026, 3, 24)
SEVEN = 7 * 3600
FRAMES = ("stops", "routes", "trips", "calendar", "calendar_dates", "frequencies", "transfers", "stays")
N_STOPS = 8  # the last two are not served
APART_DEG = 0.02  # networks of one feed lie 1.3 km from each other: nobody walks between them


class Every(NamedTuple):
    """A trip's departures by headway."""

    start_s: int
    end_s: int
    headway_s: int
    exact: bool


class Plain(NamedTuple):
    """One trip of the feed."""

    id: str
    number: str
    direction: str
    calls: tuple[Call, ...]
    every: tuple[Every, ...] = ()


class Run(NamedTuple):
    """One departure, with the id of the trip it is of."""

    number: str
    direction: str
    calls: tuple[Call, ...]
    id: str = ""

    @property
    def start_s(self) -> int:
        return self.calls[0].departure_s

    @property
    def stops(self) -> tuple[int, ...]:
        return tuple(call.stop for call in self.calls)


def moved(calls: Sequence[Call], by_s: int) -> tuple[Call, ...]:
    return tuple(c._replace(arrival_s=c.arrival_s + by_s, departure_s=c.departure_s + by_s) for c in calls)


def runs_of(trips: Sequence[Plain]) -> list[Run]:
    found = []
    for trip in trips:
        starts = [s for e in trip.every for s in range(e.start_s, e.end_s, e.headway_s)] or [trip.calls[0].departure_s]
        for start in starts:
            found.append(
                Run(trip.number, trip.direction, moved(trip.calls, start - trip.calls[0].departure_s), trip.id)
            )
    return found


def place(stop: int) -> tuple[float, float]:
    """Latitude and longitude on a grid of two columns: 222 m (167 s) north and 270 m (too far to walk) east."""
    return round(52.4 + 0.002 * (stop // 2), 6), round(-1.9 + 0.004 * (stop % 2), 6)


def stop_id(network: str, stop: int) -> str:
    return f"{network}S{stop}"


def random_trips(rng: random.Random, network: str) -> list[Plain]:
    """One to three lines of one or two directions, each with one or two ways and one to four trips; no stop twice."""
    trips = []
    for number in [f"{network}.{i}" for i in range(rng.randint(1, 3))]:
        way = rng.sample(range(6), rng.randint(3, 5))
        for direction in ("0", "1")[: rng.randint(1, 2)]:
            stops = way if direction == "0" else way[::-1]
            for k in range(rng.randint(1, 4)):
                part = stops[1:] if rng.random() < 0.25 else stops
                clock, calls = SEVEN + 30 * rng.randint(-10, 40), []
                for stop in part:
                    dwell = rng.choice((0, 0, 30))
                    calls.append(Call(stop, clock, clock + dwell, True, True))
                    clock += dwell + rng.choice((60, 60, 90, 120, 300))
                every = ()
                if rng.random() < 0.2:
                    start, headway = calls[0].departure_s, rng.choice((180, 240, 400))
                    every = (Every(start, start + rng.choice((900, 1500)), headway, rng.random() < 0.5),)
                trips.append(Plain(f"{number}.{direction}{k}", number, direction, tuple(calls), every))
    return trips


def feed_of(networks: Mapping[str, Sequence[Plain]]) -> Feed:
    """Networks side by side as one feed, put together by hand; trips are in order of their ids."""
    trips = [trip for network in networks.values() for trip in network]
    ordered = sorted(trips, key=lambda trip: trip.id)
    numbers = sorted({trip.number for trip in trips})
    stops = sorted((stop_id(network, i), i, k) for k, network in enumerate(networks) for i in range(N_STOPS))
    row = {stop: i for i, (stop, _, _) in enumerate(stops)}
    calls = [
        (i, row[stop_id(network_of(trip.number), call.stop)], call)
        for i, trip in enumerate(ordered)
        for call in trip.calls
    ]
    every = sorted((trip.id, *line) for trip in ordered for line in trip.every)
    return Feed(
        stops=pd.DataFrame(
            {
                "stop_id": list(row),
                "name": [f"Stop {stop}" for stop in row],
                "lon": [place(i)[1] + k * APART_DEG for _, i, k in stops],
                "lat": [place(i)[0] for _, i, _ in stops],
                "location_type": np.zeros(len(row), np.int8),
                "wheelchair": np.zeros(len(row), np.int8),
                "station": [""] * len(row),
            }
        ),
        routes=pd.DataFrame(
            {
                "route_id": [f"R{number}" for number in numbers],
                "short_name": numbers,
                "long_name": [""] * len(numbers),
                "mode": ["bus"] * len(numbers),
                "agency": ["The Agency"] * len(numbers),
                "agency_id": ["TA"] * len(numbers),
                "agency_noc": [""] * len(numbers),
                "timezone": ["Europe/London"] * len(numbers),
            },
            dtype=object,
        ),
        trips=pd.DataFrame(
            {
                "trip_id": [trip.id for trip in ordered],
                "route_id": [f"R{trip.number}" for trip in ordered],
                "service_id": ["WK"] * len(ordered),
                "headsign": [""] * len(ordered),
                "direction": [trip.direction for trip in ordered],
                "wheelchair": np.zeros(len(ordered), np.int8),
                "block": np.full(len(ordered), "", object),
                "feed": np.zeros(len(ordered), np.int16),
            }
        ),
        stop_times=StopTimes(
            np.array([i for i, _, _ in calls], np.int32),
            np.array([stop for _, stop, _ in calls], np.int32),
            np.array([c.arrival_s for _, _, c in calls], np.int32),
            np.array([c.departure_s for _, _, c in calls], np.int32),
            np.array([c.can_board for _, _, c in calls], bool),
            np.array([c.can_alight for _, _, c in calls], bool),
            np.zeros(len(calls), np.uint8),
        ),
        calendar=pd.DataFrame(
            {
                "service_id": ["WK"],
                **{day: [True] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")},
                **{day: [False] for day in ("saturday", "sunday")},
                "start_date": pd.to_datetime(["2026-01-01"]).astype("datetime64[s]"),
                "end_date": pd.to_datetime(["2026-12-31"]).astype("datetime64[s]"),
            }
        ),
        calendar_dates=pd.DataFrame(
            {"service_id": np.empty(0, object), "date": np.empty(0, "datetime64[s]"), "added": np.empty(0, bool)}
        ),
        frequencies=pd.DataFrame(every, columns=["trip_id", "start_s", "end_s", "headway_s", "exact"]).astype(
            {"trip_id": object, "start_s": "int32", "end_s": "int32", "headway_s": "int32", "exact": bool}
        ),
        transfers=pd.DataFrame(
            {
                "from_stop_id": np.empty(0, object),
                "to_stop_id": np.empty(0, object),
                "transfer_type": np.empty(0, np.int8),
                "min_transfer_s": np.empty(0, np.int32),
            }
        ),
        names=("feed",),
        repairs=(),
    )


def network_of(number: str) -> str:
    """The network of a line."""
    return number.partition(".")[0]


def runs_in(feed: Feed) -> dict[str, list[Run]]:
    """Every departure of each network, read straight off the feed's tables."""
    calls: dict[int, list[Call]] = {}
    stops = [int(stop.partition("S")[2]) for stop in feed.stops["stop_id"]]
    for trip, stop, *times in zip(*(column.tolist() for column in feed.stop_times[:6]), strict=True):
        calls.setdefault(trip, []).append(Call(stops[stop], *times))
    route = dict(zip(feed.routes["route_id"], feed.routes["short_name"], strict=True))
    every: dict[str, list[Every]] = {}
    for trip_id, *row in feed.frequencies.itertuples(index=False, name=None):
        every.setdefault(trip_id, []).append(Every(*row))
    networks: dict[str, list[Plain]] = {}
    for i, row in enumerate(feed.trips.itertuples(index=False)):
        number = route[row.route_id]
        trip = Plain(row.trip_id, number, row.direction, tuple(calls[i]), tuple(every.get(row.trip_id, ())))
        networks.setdefault(network_of(number), []).append(trip)
    return {network: runs_of(trips) for network, trips in networks.items()}


def said(runs: Sequence[Run]) -> Counter[tuple[object, ...]]:
    """What the departures are, whatever their ids."""
    return Counter((run.number, run.direction, tuple(c[:3] for c in run.calls)) for run in runs)


def backward(runs: Sequence[Run]) -> bool:
    """Whether a departure arrives before it has left the stop before, or leaves before it arrives."""
    times = [[time for call in run.calls for time in call[1:3]] for run in runs]
    return any(row != sorted(row) for row in times)


# -- edits, by hand ------------------------------------------------------------------------------------------------------


def half_up(x: Fraction) -> int:
    return floor(x + Fraction(1, 2))


def edited(runs: list[Run], chosen: Callable[[Run], bool], change: Callable[[Run], Run | None]) -> list[Run] | None:
    """Every chosen run changed; None where the change concerns no run (it gives None for each), or none is chosen."""
    found, touched = [], False
    for run in runs:
        new = change(run) if chosen(run) else None
        touched |= new is not None
        found.append(new or run)
    return found if touched else None


def faster(run: Run, between: tuple[int, int] | None, factor: Fraction, anchor: int | None) -> Run | None:
    """Hops times a factor, the anchor's arrival kept."""
    first, last = 0, len(run.calls) - 1
    if between:
        if not set(between) <= set(run.stops):
            return None
        first, last = sorted(run.stops.index(stop) for stop in between)
    exact = [(Fraction(0), Fraction(run.calls[0].departure_s - run.calls[0].arrival_s))]
    for i in range(1, len(run.calls)):
        hop = Fraction(run.calls[i].arrival_s - run.calls[i - 1].departure_s)
        arrival = exact[-1][1] + (hop * factor if first < i <= last else hop)
        exact.append((arrival, arrival + run.calls[i].departure_s - run.calls[i].arrival_s))
    kept = run.stops.index(anchor) if anchor in run.stops else 0
    shift = run.calls[kept].arrival_s - exact[kept][0]
    calls = [
        call._replace(arrival_s=half_up(a + shift), departure_s=half_up(d + shift))
        for call, (a, d) in zip(run.calls, exact, strict=True)
    ]
    return run._replace(calls=tuple(calls))


def staying(run: Run, stops: Sequence[int], dwell_s: int) -> Run | None:
    """Another dwell at stops (all between the ends, if none is named); what follows shifts."""
    where = [i for i, stop in enumerate(run.stops) if stop in stops] if stops else list(range(1, len(run.calls) - 1))
    if not where:
        return None
    calls, later = [], 0
    for i, call in enumerate(run.calls):
        arrival = call.arrival_s + later
        if i in where:
            later += dwell_s - (call.departure_s - call.arrival_s)
        calls.append(call._replace(arrival_s=arrival, departure_s=call.departure_s + later))
    return run._replace(calls=tuple(calls))


def longer(run: Run, at: int, stops: Sequence[int], run_s: Sequence[int], dwell_s: int) -> Run | None:
    """On from its last stop, or come from elsewhere to its first."""
    if run.stops[-1] == at:
        end = run.calls[-1]
        clock = max(end.departure_s, end.arrival_s + dwell_s)
        calls = [*run.calls[:-1], end._replace(departure_s=clock)]
        for i, (stop, hop) in enumerate(zip(stops, run_s, strict=True)):
            stay = dwell_s if i < len(stops) - 1 else 0
            calls.append(Call(stop, clock + hop, clock + hop + stay, True, True))
            clock += hop + stay
        return run._replace(calls=tuple(calls))
    if run.stops[0] == at:
        first = run.calls[0]
        clock = min(first.arrival_s, first.departure_s - dwell_s)
        calls = [first._replace(arrival_s=clock), *run.calls[1:]]
        for i, (stop, hop) in enumerate(zip(stops, run_s, strict=True)):
            stay = dwell_s if i < len(stops) - 1 else 0
            calls.insert(0, Call(stop, clock - hop - stay, clock - hop, True, True))
            clock -= hop + stay
        return run._replace(calls=tuple(calls))
    return None


def along(run: Run, between: tuple[int, int], via: Sequence[int], run_s: Sequence[int], dwell_s: int) -> Run | None:
    """By other stops between two."""
    if not set(between) <= set(run.stops):
        return None
    i, j = (run.stops.index(stop) for stop in between)
    if i > j:
        i, j, via, run_s = j, i, via[::-1], run_s[::-1]
    clock, calls = run.calls[i].departure_s, list(run.calls[: i + 1])
    for stop, hop in zip(via, run_s[:-1], strict=True):
        calls.append(Call(stop, clock + hop, clock + hop + dwell_s, True, True))
        clock += hop + dwell_s
    return run._replace(calls=(*calls, *moved(run.calls[j:], clock + run_s[-1] - run.calls[j].arrival_s)))


def without(run: Run, stops: Sequence[int], saves_s: int) -> Run | None:
    """Some calls less, each saving time."""
    if not set(stops) & set(run.stops):
        return None
    calls: list[Call] = []
    for i, call in enumerate(run.calls):
        passed = sum(stop in stops for stop in run.stops[1:i]) * saves_s if i else 0
        if call.stop not in stops:
            calls += moved([call], -passed)
    return run._replace(calls=tuple(calls))


def calling(run: Run, stop: int, between: tuple[int, int], adds_s: int, dwell_s: int) -> Run | None:
    """One call more between neighbours that are equally far from it, or in proportion."""
    for i in range(len(run.calls) - 1):
        a, b = run.calls[i], run.calls[i + 1]
        if {a.stop, b.stop} == set(between):
            run_s = b.arrival_s - a.departure_s + adds_s
            there, onward = apart(a.stop, stop), apart(stop, b.stop)
            arrival = a.departure_s + floor(run_s * there / (there + onward) + 0.5 + 1e-6)
            call = Call(stop, arrival, arrival + dwell_s, True, True)
            return run._replace(calls=(*run.calls[: i + 1], call, *moved(run.calls[i + 1 :], adds_s + dwell_s)))
    return None


def apart(a: int, b: int) -> float:
    """Metres between two stops along the ellipsoid."""
    (lat1, lon1), (lat2, lon2) = place(a), place(b)
    return float(_ELLIPSOID.inv(lon1, lat1, lon2, lat2)[2])


def more_often(trips: list[Plain], chosen: Callable[[Plain], bool], ratio: Fraction) -> list[Run] | None:
    """Headways times a ratio: what stands at each multiple of it, variant by variant."""
    if not any(chosen(trip) for trip in trips):
        return None
    found = runs_of([trip for trip in trips if not chosen(trip)])
    groups: dict[tuple[object, ...], list[Plain]] = {}
    for trip in filter(chosen, trips):
        if trip.every:
            rows = tuple(e._replace(headway_s=half_up(e.headway_s * ratio)) for e in trip.every)
            found += runs_of([trip._replace(every=rows)])
        else:
            groups.setdefault((trip.direction, tuple(c.stop for c in trip.calls)), []).append(trip)
    for group in groups.values():
        group.sort(key=lambda trip: (trip.calls[0].departure_s, trip.id))
        at = Fraction(0)
        while at <= len(group) - 1:
            trip, rest = group[floor(at)], at - floor(at)
            by_s = 0
            if rest:
                gap = group[floor(at) + 1].calls[0].departure_s - trip.calls[0].departure_s
                by_s = half_up(rest * gap)
            found += runs_of([trip._replace(calls=moved(trip.calls, by_s))])
            at += ratio
    return found


def by_headway(number: str, direction: str, calls: Sequence[Call], every: Every) -> list[Run]:
    """A headway service that runs like `calls`."""
    return runs_of([Plain("", number, direction, tuple(calls), (every,))])
