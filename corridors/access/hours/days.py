"""The journeys of one day to the centres: searched once, they answer every window and every moment of the day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from accessibility import (
    Int32,
    LegTable,
    Points,
    Profiles,
    SearchSpec,
    StreetNetwork,
    Timetable,
    TravelTimes,
    backward_passes,
    join_points,
    journey_profiles,
    prepare_search,
    times_at,
    window_times,
)
from corridors.access.centre_access import DAY_S

Window = tuple[int, int]  # seconds after midnight: first departure, end (excluded)


class _Part(NamedTuple):
    """The journeys of a span of the day."""

    spec: SearchSpec
    profiles: Profiles
    transfer_legs: LegTable

    def covers(self, window: Window) -> bool:
        return self.spec.window_start_s <= window[0] and window[1] <= self.spec.window_end_s


@dataclass(frozen=True)
class DayJourneys:
    """The journeys worth making from every zone to every centre on one day, in spans of at most 24 hours."""

    parts: tuple[_Part, ...]

    def times(self, window: Window) -> TravelTimes:
        """Times to centres over the departures of a window that the day was searched for."""
        part = self._part(window)
        return window_times(part.profiles, replace(part.spec, window_start_s=window[0], window_end_s=window[1]))

    def seconds_at(self, moment_s: int) -> Int32:
        """(n_zones, n_centres) seconds of the departure at one moment, UNREACHED where it takes too long."""
        part = self._part((moment_s, moment_s + 1))
        return times_at(part.profiles, np.array([moment_s], np.int32), part.spec.max_duration_s)[..., 0]

    @property
    def transfer_legs(self) -> LegTable:
        """The walks from stop to stop between two rides, as of the day's timetable."""
        return self.parts[0].transfer_legs

    def _part(self, window: Window) -> _Part:
        return next(part for part in self.parts if part.covers(window))


def day_journeys(
    timetable: Timetable,
    streets: StreetNetwork | None,
    ends: tuple[Points, Points],
    spec: SearchSpec,
    windows: Iterable[Window],
) -> DayJourneys:
    """The journeys of a day between `ends` (zones, centres) over all `windows`, which each last 24 hours at most.

    `spec` says how people travel; its own window does not matter.
    """

    def part(span: Window) -> _Part:
        own = replace(spec, window_start_s=span[0], window_end_s=span[1])
        networks = prepare_search(timetable, streets, own)
        kept = journey_profiles(backward_passes(join_points(networks, streets, *ends, own), own))
        return _Part(own, kept, networks[0].transfer_legs)

    return DayJourneys(tuple(map(part, spans_of(windows))))


def spans_of(windows: Iterable[Window]) -> Iterator[Window]:
    """Spans of at most 24 hours, as few as windows in order of their starts allow; each window lies inside one."""
    start, end = None, 0
    for first, last in sorted(windows):
        if start is not None and max(end, last) - start > DAY_S:
            yield start, end
            start = None
        start, end = (first, last) if start is None else (start, max(end, last))
    if start is not None:
        yield start, end
