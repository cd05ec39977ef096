"""A simulated Great Britain at any size: towns by rule, buses in and between them, trains; the same bytes every time.

The sizes are those of the real one; the places are not, and nothing else is. Facts of size:

- 59.1 million stop times and 311,736 stops: a national timetable in GTFS, as published for Great Britain (recalled, to be checked
  before it is quoted);
- 33,755 LSOAs of England and 178,605 output areas (Office for National Statistics, Census 2021; the second recalled).

How it is made: towns follow Zipf's law (the town of rank r has stops in proportion to 1/r) and are spread by the golden ratio
over a square; a town is a grid of stops 330 m apart, in boroughs of at most 50 x 50. A bus of a borough comes along one half of
a row, calls at the centre, and leaves along the other half of the row opposite; between neighbouring boroughs runs a tram;
roads join the towns to one tree, and a bus stops along each; a train runs from each town to the nearest larger one and the
towns beyond. Trips leave all day long, slower in the peaks, on the six services of `made_feed`.
"""

import itertools
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import pdist, squareform

from accessibility.gtfs.times import clock_text
from benchmarks.made_feed import (
    ON_TUESDAYS,
    STOP_TIMES_HEADER,
    Held,
    agency_rows,
    calendar_rows,
    school_days,
    service_of,
    write_text,
)

Float = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

STOP_TIMES, STOPS, LSOAS, OUTPUT_AREAS, CENTRES = 59_100_000, 311_736, 33_755, 178_605, 1_000
SHARES = {"sixteenth": 1 / 16, "quarter": 1 / 4, "whole": 1.0}
_SOUTH, _WEST, _SIDE_KM = 50.6, -4.4, 480.0  # 230,000 km2, as Great Britain has
_KM_NORTH, _KM_EAST = 1 / 111.2, 1 / 67.0  # degrees of a kilometre, at 53 degrees north
_SPACING_KM, _BOROUGH = 0.33, 50
_FIRST_S, _LAST_S = 19_800, 84_600  # 05:30 to 23:30
_PEAKS_S = ((7 * 3600, 9 * 3600), (16 * 3600, 18 * 3600))
_RURAL_SHARE = 0.12  # of the stops
_BUS_KM_S, _TRAM_KM_S, _TRAIN_KM_S, _PEAK_SLOWER = 180, 130, 32, 1.3
_DWELL_S, _TRAIN_DWELL_S = 12, 60
_TRAIN_TRIPS, _TRAM_TRIPS, _COUNTRY_TRIPS = 60, 180, 40
_MOST_STATIONS = 14
BUS, TRAM, RAIL = 3, 0, 2
_CLOCK = [clock_text(seconds) for seconds in range(48 * 3600)]


class Line(NamedTuple):
    """Stops in order, seconds between them, the kind of vehicle, and trips on all services together."""

    stops: Int64
    hop_s: Int64
    kind: int
    trips: int


class Borough(NamedTuple):
    """A square of stops: its town, its middle (km), its side and its first stop."""

    town: int
    x_km: float
    y_km: float
    side: int
    first_stop: int


@dataclass(frozen=True)
class Nation:
    """A share of the simulated nation: as dense as the whole, on a smaller square."""

    share: float

    @property
    def n_stops(self) -> int:
        """The number of stops, those of boroughs, roads and railways together."""
        return round(STOPS * self.share)

    @property
    def n_towns(self) -> int:
        """The number of towns; each has one centre."""
        return round(CENTRES * self.share)

    @cached_property
    def towns_km(self) -> Float:
        """(n_towns, 2) kilometres east and north, spread evenly (the R2 sequence), largest town first."""
        golden = 1.324717957244746
        number = np.arange(1, self.n_towns + 1)[:, None]
        spread: Float = (0.5 + number * np.array([1 / golden, 1 / golden**2])) % 1 * _SIDE_KM * np.sqrt(self.share)
        return spread

    @cached_property
    def larger(self) -> Int64:
        """(n_towns,) the nearest larger town of each; -1 for the largest."""
        found = np.full(self.n_towns, -1)
        for town in range(1, self.n_towns):
            found[town] = np.argmin(((self.towns_km[:town] - self.towns_km[town]) ** 2).sum(axis=1))
        return found

    @cached_property
    def boroughs(self) -> list[Borough]:
        """All boroughs, town by town; the first of each is in its middle."""
        weights = 1 / np.arange(1, self.n_towns + 1)
        sides = np.sqrt(weights / weights.sum() * self.n_stops * (1 - _RURAL_SHARE))
        found, first = list[Borough](), 0
        for town, side in enumerate(sides):
            across = int(np.ceil(side / _BOROUGH))
            own = max(2, int(side / across))
            steps = [(row - across // 2, column - across // 2) for row, column in np.ndindex(across, across)]
            for row, column in sorted(steps, key=_from_the_middle):
                x, y = self.towns_km[town] + np.array([column, row]) * own * _SPACING_KM
                found.append(Borough(town, float(x), float(y), own, first))
                first += own * own
        return found

    @cached_property
    def of_town(self) -> dict[int, list[Borough]]:
        """The boroughs of each town."""
        found: dict[int, list[Borough]] = {town: [] for town in range(self.n_towns)}
        for borough in self.boroughs:
            found[borough.town].append(borough)
        return found

    @cached_property
    def n_urban(self) -> int:
        """Stops of boroughs; stations follow, one for each town, and then the stops of roads."""
        return self.boroughs[-1].first_stop + self.boroughs[-1].side ** 2

    @cached_property
    def roads(self) -> list[tuple[int, int, Int64]]:
        """The shortest tree of roads that joins all towns: two towns, and the stops between them in order."""
        tree = minimum_spanning_tree(squareform(pdist(self.towns_km))).tocoo()
        left = self.n_stops - self.n_urban - self.n_towns
        counts = np.rint(np.cumsum(tree.data) / tree.data.sum() * left).astype(int)
        first = self.n_urban + self.n_towns
        between = [first + np.arange(start, end) for start, end in zip([0, *counts[:-1]], counts, strict=True)]
        return list(zip(tree.row.tolist(), tree.col.tolist(), between, strict=True))

    @cached_property
    def stops_km(self) -> Float:
        """(n_stops, 2) kilometres east and north of every stop."""
        parts = [_grid_km(borough) for borough in self.boroughs]
        parts.append(self.towns_km + 0.06)
        for one, other, stops in self.roads:
            along = (np.arange(len(stops)) + 1)[:, None] / (len(stops) + 1)
            parts.append(self.towns_km[one] + along * (self.towns_km[other] - self.towns_km[one]))
        return np.concatenate(parts)

    @cached_property
    def lines(self) -> list[Line]:
        """All lines, in both directions. Buses in towns have as many trips as make up the stop times."""
        others = [*self._trams(), *self._country_buses(), *self._trains()]
        buses = [line for borough in self.boroughs for line in self._town_buses(borough)]
        left = round(STOP_TIMES * self.share) - sum(line.trips * len(line.stops) for line in others)
        positions = np.cumsum([len(line.stops) for line in buses])
        trips = left // int(positions[-1])
        more = int(np.searchsorted(positions, left - trips * int(positions[-1])))
        return others + [line._replace(trips=trips + int(number < more)) for number, line in enumerate(buses)]

    def _line(self, stops: Int64, km_s: int, kind: int, trips: int) -> Iterator[Line]:
        for way in (stops, stops[::-1]):
            km = np.hypot(*np.diff(self.stops_km[way], axis=0).T)
            yield Line(way, np.maximum(20, np.rint(km * km_s / 5) * 5).astype(np.int64), kind, trips)

    def _town_buses(self, borough: Borough) -> Iterator[Line]:
        """Along the left half of each row, by the middle column past the centre, and along the right half of the row opposite."""
        side, middle = borough.side, borough.side // 2
        at = borough.first_stop + np.arange(side * side).reshape(side, side)
        for row in range(side):
            opposite = side - 1 - row
            column = np.arange(row, opposite + 1) if row <= opposite else np.arange(row, opposite - 1, -1)
            way = [at[row, :middle], at[column, middle], at[opposite, middle + 1 :]]
            yield from self._line(np.concatenate(way), _BUS_KM_S, BUS, 0)

    def _trams(self) -> Iterator[Line]:
        for boroughs in self.of_town.values():
            for one, other in itertools.pairwise(boroughs):
                yield from self._line(np.array([_centre(other), _centre(one)]), _TRAM_KM_S, TRAM, _TRAM_TRIPS)

    def _country_buses(self) -> Iterator[Line]:
        for one, other, stops in self.roads:
            ends = [_centre(self.of_town[town][0]) for town in (one, other)]
            yield from self._line(np.array([ends[0], *stops, ends[1]]), _BUS_KM_S // 2, BUS, _COUNTRY_TRIPS)

    def _trains(self) -> Iterator[Line]:
        for town in range(1, self.n_towns):
            way = [town]
            while self.larger[way[-1]] >= 0 and len(way) < _MOST_STATIONS:
                way.append(int(self.larger[way[-1]]))
            yield from self._line(self.n_urban + np.array(way), _TRAIN_KM_S, RAIL, _TRAIN_TRIPS)

    def centres(self) -> tuple[Float, Float]:
        """(n_towns,) longitudes and latitudes of the centres, of the largest town first."""
        return degrees(self.towns_km)

    def zones(self, n: int) -> tuple[Float, Float]:
        """(n,) longitudes and latitudes of zones, spread over the stops as evenly as they go, 120 m from a stop."""
        chosen = np.linspace(0, len(self.stops_km) - 1, n).round().astype(int)
        return degrees(self.stops_km[chosen] + 0.085)


def degrees(km: Float) -> tuple[Float, Float]:
    """(n,) longitudes and latitudes of (n, 2) kilometres east and north."""
    return _WEST + km[:, 0] * _KM_EAST, _SOUTH + km[:, 1] * _KM_NORTH


def _from_the_middle(step: tuple[int, int]) -> tuple[int, tuple[int, int]]:
    return abs(step[0]) + abs(step[1]), step


def _centre(borough: Borough) -> int:
    return borough.first_stop + borough.side // 2 * borough.side + borough.side // 2


def _grid_km(borough: Borough) -> Float:
    row, column = np.divmod(np.arange(borough.side**2), borough.side)
    middle = borough.side // 2
    return np.column_stack(
        [borough.x_km + (column - middle) * _SPACING_KM, borough.y_km + (row - middle) * _SPACING_KM]
    )


def write_nation(path: Path, share: float) -> Held:
    """Write the feed of a share of the nation; never holds more than one line's trips as text."""
    nation = Nation(share)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        write_text(archive, "agency.txt", agency_rows())
        write_text(archive, "stops.txt", _stops(nation))
        write_text(archive, "routes.txt", _routes(nation))
        write_text(archive, "calendar.txt", calendar_rows())
        write_text(archive, "calendar_dates.txt", school_days())
        write_text(archive, "trips.txt", _trips(nation))
        write_text(archive, "stop_times.txt", _stop_times(nation))
    lines = nation.lines
    of_day = [sum(service_of(trip) in ON_TUESDAYS for trip in range(line.trips)) for line in lines]
    return Held(
        len(lines),
        sum(line.trips for line in lines),
        sum(line.trips * len(line.stops) for line in lines),
        sum(of_day),
        sum(n * len(line.stops) for n, line in zip(of_day, lines, strict=True)),
    )


def _stops(nation: Nation) -> Iterator[str]:
    yield "stop_id,stop_code,stop_name,stop_lat,stop_lon,wheelchair_boarding,location_type,parent_station,platform_code\n"
    for number, (lon, lat) in enumerate(zip(*degrees(nation.stops_km), strict=True)):
        yield f"{_stop_id(number)},,Stop {number},{lat:.6f},{lon:.6f},0,0,,\n"


def _stop_id(number: int) -> str:
    return f"{number % 430:04d}GB{number:07d}"


def _routes(nation: Nation) -> Iterator[str]:
    yield "route_id,agency_id,route_short_name,route_long_name,route_type\n"
    for number, line in enumerate(nation.lines):
        yield f"R{number},OP{number % 200},{number % 999},,{line.kind}\n"


def _trip_id(line: int, trip: int) -> str:
    return f"VJ{(line * 256 + trip) * 2654435761 % 2**32:08x}{line:06x}{trip:03x}"


def _trips(nation: Nation) -> Iterator[str]:
    yield "route_id,service_id,trip_id,trip_headsign,direction_id,block_id,shape_id,wheelchair_accessible\n"
    for number, line in enumerate(nation.lines):
        yield "".join(
            f"R{number},{service_of(trip)},{_trip_id(number, trip)},Town {number % 300},0,,,1\n"
            for trip in range(line.trips)
        )


def _stop_times(nation: Nation) -> Iterator[str]:
    yield STOP_TIMES_HEADER
    for number, line in enumerate(nation.lines):
        last = len(line.stops) - 1
        # Nobody gets off at the first stop or on at the last.
        ends = [
            f"{_stop_id(stop)},{place},,{int(place == last)},{int(place == 0)},,{int(place % 8 == 0)}\n"
            for place, stop in enumerate(line.stops)
        ]
        dwell_s = _TRAIN_DWELL_S if line.kind == RAIL else _DWELL_S
        for trip in range(line.trips):
            start = _FIRST_S + (_LAST_S - _FIRST_S) * trip // line.trips + number * 97 % 900
            slower = _PEAK_SLOWER if line.kind == BUS and any(a <= start < b for a, b in _PEAKS_S) else 1.0
            arrive = start + np.concatenate([[0], np.cumsum(np.rint(line.hop_s * slower).astype(int) + dwell_s)])
            name = _trip_id(number, trip)
            yield "".join(
                f"{name},{_CLOCK[at]},{_CLOCK[at + dwell_s]},{end}"
                for at, end in zip(arrive.tolist(), ends, strict=True)
            )
