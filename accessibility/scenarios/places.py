"""Finds the stops that edits name, by id or by name and place, and makes the stops that are new."""

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.divided_stops import PART
from accessibility.globe import positions_in_space_m
from accessibility.scenarios.problems import Problem, listed, near_spellings
from accessibility.text import cleaned

Float = npt.NDArray[np.float64]

# A stop found by name or place lies within this of the place given; a stop farther from its namesake is another one.
FOUND_WITHIN_M = 400.0
# A new stop this far from every stop of the feed lies in the sea, or has its coordinates exchanged.
_ELSEWHERE_M = 30_000.0
_STOP, _STATION = 0, 1


class NewStop(NamedTuple):
    """A stop that the feed does not have."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Place:
    """A stop: by its id; by `name`, `at` (latitude, longitude) or both; or new, with an id that the feed does not have.

    A name means all stops so called near each other (both sides of a street, all platforms), the id of a station all its
    stops, the id of a stop that transfer rules divide all its parts: a trip calls at the place if it calls at any of them.
    Where one stop is needed, it is the first, or the nearest to `at`. `visit` (1, 2, ...) says which call is meant where a
    trip calls at the place more than once.
    """

    stop_id: str = ""
    name: str = ""
    at: tuple[float, float] | None = None
    visit: int | None = None

    def __str__(self) -> str:
        at = f"{self.at[0]}, {self.at[1]}" if self.at else ""
        return repr(self.stop_id or self.name or at)


class StopTable:
    """The stops of a feed as plain values, for looking up one by one."""

    def __init__(self, stops: pd.DataFrame) -> None:
        self.frame = stops
        self.ids: list[str] = stops["stop_id"].tolist()
        self.names: list[str] = stops["name"].tolist()
        self.stations: list[str] = stops["station"].tolist()
        self.kinds = stops["location_type"].to_numpy(np.int8)
        self.lon_lat = np.column_stack([stops["lon"].to_numpy(np.float64), stops["lat"].to_numpy(np.float64)])
        self.row = {stop_id: row for row, stop_id in enumerate(self.ids)}

    def parts_of(self, stop_id: str) -> list[str]:
        """The stops into which a stop was divided (`accessibility.divided_stops`); none of one that is new."""
        if stop_id not in self.row:
            return []
        place = self.lon_lat[self.row[stop_id]]
        after, start = bisect_right(self._ordered, stop_id + PART), len(stop_id + PART)
        found = []
        while after < len(self._ordered) and self._ordered[after].startswith(stop_id + PART):
            one = self._ordered[after]
            if one[start:].rstrip(PART).isdecimal() and (self.lon_lat[self.row[one]] == place).all():
                found.append(one)
            after += 1
        return found

    @cached_property
    def _ordered(self) -> list[str]:
        return sorted(self.ids)

    @cached_property
    def by_end(self) -> dict[str, list[str]]:
        """What stands after a ":" of an id -> the ids that end so."""
        found: dict[str, list[str]] = {}
        for one in self.ids:
            for end in (one[i + 1 :] for i, letter in enumerate(one) if letter == ":"):
                found.setdefault(end, []).append(one)
        return found

    @cached_property
    def spelled(self) -> list[str]:
        """(n_stops,) names without what spelling leaves open."""
        return [_spelled(name) for name in self.names]


@dataclass
class StopFinder:
    """Finds the stops of one feed, and collects the new ones; `made` are those of earlier edits, by the id written."""

    table: StopTable
    several_feeds: bool  # ids begin with the feed's name
    scope: str  # stands before the ids of new stops
    made: dict[str, str]
    new: dict[str, NewStop] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)  # which stops a place not given by its id means, a sentence each
    _metres: dict[tuple[str, str], float] = field(default_factory=dict)

    def stop(self, place: Place) -> str:
        """The id of one stop, which is made if the place has an id and coordinates and the feed no such id.

        Raises `Problem` for a place that is not found, for a station, and for a name that stands for stops far apart.
        """
        if self._is_station(place.stop_id):
            raise Problem(f"{place} is a station; name one of its stops")
        return self.group(place)[0]

    def group(self, place: Place) -> tuple[str, ...]:
        """The ids of all stops that the place means, the one for `stop` first. Raises `Problem` as `stop` does."""
        if self._is_station(place.stop_id):
            return self._of_station(place)
        if place.stop_id:
            known = self._by_id(place)
            return (known, *self.table.parts_of(known)) if known else (self._made(place),)
        if place.at is None and not place.name:
            raise Problem("a stop has neither id, name nor place; give one")
        found = self._near(place) if place.at else self._named(place)
        self.told[str(place)] = f"{place} is stop {listed(found)}"
        return found

    def _is_station(self, stop_id: str) -> bool:
        row = self.table.row.get(stop_id)
        return row is not None and self.table.kinds[row] == _STATION

    def _of_station(self, place: Place) -> tuple[str, ...]:
        found = [
            stop for stop, station in zip(self.table.ids, self.table.stations, strict=True) if station == place.stop_id
        ]
        stops = tuple(stop for stop in found if self.table.kinds[self.table.row[stop]] == _STOP)
        if not stops:
            raise Problem(f"station {place} has no stop; name stops")
        return stops

    def station_or_group(self, place: Place) -> tuple[str, ...]:
        """As `group`; a station stands for itself."""
        return (place.stop_id,) if self._is_station(place.stop_id) else self.group(place)

    def metres(self, start: str, end: str) -> float:
        """Metres in a straight line between two stops, which may be new."""
        if (start, end) not in self._metres:
            here = np.array([self._position(start)])
            self._metres[start, end] = float(_metres(here, *reversed(self._position(end)))[0])
        return self._metres[start, end]

    def name_of(self, stop_id: str) -> str:
        """The name of a stop, which may be new."""
        return self.new[stop_id].name if stop_id in self.new else self.table.names[self.table.row[stop_id]]

    def rows(self) -> list[tuple[object, ...]]:
        """The new stops as rows of `Feed.stops`."""
        plain = {"location_type": 0, "wheelchair": 0, "station": ""}
        columns = list(self.table.frame.columns)
        values = [{"stop_id": stop_id, **stop._asdict(), **plain} for stop_id, stop in self.new.items()]
        return [tuple(row[column] for column in columns) for row in values]

    def _position(self, stop_id: str) -> tuple[float, float]:
        """Longitude and latitude."""
        if stop_id in self.new:
            return self.new[stop_id].lon, self.new[stop_id].lat
        lon, lat = self.table.lon_lat[self.table.row[stop_id]]
        return float(lon), float(lat)

    def _by_id(self, place: Place) -> str:
        """The stop with this id, which may lack its feed's prefix; "" if there is none."""
        stop_id = self.made.get(place.stop_id, place.stop_id)
        if stop_id not in self.table.row and stop_id not in self.new:
            same = self.table.by_end.get(stop_id, []) if self.several_feeds else []
            if len(same) > 1:
                raise Problem(f"stop {place} is in several feeds: {listed(same)}; write the id with its feed's name")
            if not same:
                return ""
            stop_id = same[0]
        if place.at is not None:
            self._check_same(place, stop_id)
        return stop_id

    def _check_same(self, place: Place, stop_id: str) -> None:
        lat, lon = place.at or (0.0, 0.0)
        away = float(_metres(np.array([self._position(stop_id)]), lat, lon)[0])
        if away > FOUND_WITHIN_M:
            raise Problem(
                f"stop {place} exists, {away:,.0f} m from the place given; leave out the place to use it, or give the new "
                "stop another id"
            )

    def _made(self, place: Place) -> str:
        if place.at is None:
            near = near_spellings(place.stop_id, (one.rpartition(":")[2] for one in self.table.ids))
            raise Problem(f"the feed has no stop {place}{near}; a new stop needs a place", place.stop_id)
        lat, lon = place.at
        if not (abs(lat) <= 90 and abs(lon) <= 180):
            raise Problem(f"stop {place}: {lat}, {lon} is not a latitude and a longitude in degrees")
        away = _metres(self.table.lon_lat, lat, lon).min()
        if away > _ELSEWHERE_M:
            raise Problem(
                f"stop {place} lies {away / 1000:,.0f} km from every stop of the feed; check its coordinates (latitude first)"
            )
        stop_id = f"{self.scope}/{cleaned(place.stop_id)}"
        self.new[stop_id] = NewStop(cleaned(place.name or place.stop_id), lon, lat)
        self.made[place.stop_id] = stop_id
        self.told[str(place)] = f"{place} is a new stop, {stop_id!r}"
        return stop_id

    def _named(self, place: Place) -> tuple[str, ...]:
        """The stops of this name, which lie near each other."""
        rows = np.flatnonzero(self._is_called(place.name))
        if not len(rows):
            raise Problem(f"no stop is called {place}{near_spellings(place.name, self.table.names)}", place.name)
        lon, lat = self.table.lon_lat[rows[0]]
        apart_m = _metres(self.table.lon_lat[rows], lat, lon).max()
        found = tuple(self.table.ids[row] for row in rows)
        if apart_m > FOUND_WITHIN_M:
            raise Problem(
                f"{len(found):,} stops are called {place}, up to {apart_m:,.0f} m apart: {listed(found)}; give an id, or a "
                "place too"
            )
        return found

    def _near(self, place: Place) -> tuple[str, ...]:
        """The stops of a name near a place; without a name those called as the nearest one."""
        lat, lon = place.at or (0.0, 0.0)
        away = _metres(self.table.lon_lat, lat, lon)
        near = (away <= FOUND_WITHIN_M) & (self.table.kinds == _STOP)
        named = near & self._is_called(place.name) if place.name else near
        if not named.any():
            spelled = near_spellings(place.name, [self.table.names[row] for row in np.flatnonzero(near)])
            raise Problem(f"no stop {place} within {FOUND_WITHIN_M:g} m of {lat}, {lon}{spelled}", place.name)
        nearest = int(np.where(named, away, np.inf).argmin())
        rows = np.flatnonzero(near & self._is_called(self.table.names[nearest]))
        return tuple(self.table.ids[row] for row in rows[np.argsort(away[rows], kind="stable")])

    def _is_called(self, name: str) -> npt.NDArray[np.bool_]:
        wanted = _spelled(name)
        called = np.array([one == wanted for one in self.table.spelled], bool)
        called &= self.table.kinds == _STOP
        return called


def _spelled(name: str) -> str:
    """The name without what spelling leaves open."""
    return " ".join(name.casefold().split())


def _metres(lon_lat: Float, lat: float, lon: float) -> Float:
    """(n,) metres in a straight line of (n, 2) longitudes and latitudes from a place."""
    here = positions_in_space_m(np.array([lon]), np.array([lat]))
    away: Float = np.sqrt(((positions_in_space_m(lon_lat[:, 0], lon_lat[:, 1]) - here) ** 2).sum(axis=1))
    return away
