"""One place of the live page: its journey before and after, and the minutes from everywhere to it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np

from accessibility import (
    NOWHERE,
    UNREACHED,
    Itinerary,
    Leg,
    Points,
    PreparedNetwork,
    StreetNetwork,
    Timetable,
    backward_passes,
    clock_text,
    itineraries,
    join_points,
    joined_after,
    joined_travel_times,
    journey_profiles,
    times_at,
    times_from,
    window_times,
)
from corridors.access.centre_access import Float, place_points
from corridors.errors import ScenarioFileError
from corridors.live.answers import Answer
from corridors.live.region import rounded
from corridors.scenarios.answers import headline_centres, headline_spec

_EVERY_S = 60
T = TypeVar("T")


def journeys_of(answer: Answer, zone: object) -> dict[str, Any]:
    """The journey of a zone to the last centre it needs, in the base and in the scenario, leaving at the same moment.

    The centre is the one needed in the scenario; the moment is the whole minute of the window at which the journey of the
    scenario takes most nearly its median. Raises `ScenarioFileError` for a zone that is not there.
    """
    context = answer.region.base.context
    ids = [str(one) for one in context.points.index]
    if zone not in ids:
        raise ScenarioFileError("there is no such zone")
    row = ids.index(str(zone))
    origin = place_points(context.points.iloc[[row]])
    base, scenario = answer.networks
    streets = (answer.region.base.network.streets, answer.draft.streets)
    found = [_Journeys(answer, one, of, origin) for one, of in zip((base, scenario), streets, strict=True)]
    centre = found[1].needed
    moment = found[1].usual_moment(centre)
    names = context.centres[context.centres["default"].to_numpy(bool)]["name"].tolist()
    return {
        "zone": str(zone),
        "centre": str(names[centre]),
        "before": found[0].legs(centre, moment),
        "after": found[1].legs(centre, moment),
    }


class _Journeys:
    """The journeys of one zone to the centres of the headline's set in one network."""

    def __init__(self, answer: Answer, network: PreparedNetwork, streets: StreetNetwork | None, origin: Points) -> None:
        config, context = answer.region.base.config, answer.region.base.context
        self.spec = headline_spec(config)
        joined = join_points([network], streets, origin, headline_centres(config, context), self.spec)
        self.timetable, self.passes = network.timetable, backward_passes(joined, self.spec)
        self.profiles = journey_profiles(self.passes)
        self.median_s = window_times(self.profiles, self.spec).seconds_or_unreached[0, 0]
        order = np.argsort(self.median_s, kind="stable")
        self.needed = int(order[min(config.kpi.centres_at_least, len(order)) - 1])

    def usual_moment(self, centre: int) -> int:
        """The whole minute at which the journey takes most nearly its median; of several the first."""
        departures = np.arange(self.spec.window_start_s, self.spec.window_end_s, _EVERY_S, dtype=np.int32)
        seconds = times_at(self.profiles, departures, self.spec.max_duration_s)[0, centre].astype(np.int64)
        median_s = min(int(self.median_s[centre]), self.spec.max_duration_s)
        return int(departures[np.abs(np.minimum(seconds, self.spec.max_duration_s) - median_s).argmin()])

    def legs(self, centre: int, moment: int) -> dict[str, Any]:
        """The median minutes to the centre, and the legs of the journey that begins at `moment`."""
        (journey,) = itineraries(self.passes, [(0, centre, moment)])
        median_s = int(self.median_s[centre])
        return {
            "median_min": None if median_s == UNREACHED else round(median_s / 60, 2),
            "legs": _worded(journey, self.timetable),
        }


def _worded(journey: Itinerary, timetable: Timetable) -> list[dict[str, Any]]:
    names, routes = timetable.stops["name"].tolist(), timetable.routes

    def place(stop: int) -> str:
        return "" if stop == NOWHERE else str(names[stop])

    def line(leg: Leg) -> str:
        return "" if leg.route == NOWHERE else str(routes["short_name"].iloc[leg.route])

    return [
        {
            "kind": leg.kind,
            "from": place(leg.from_stop),
            "to": place(leg.to_stop),
            "line": line(leg),
            "departs": clock_text(leg.start_s)[:5],
            "minutes": round(leg.seconds / 60, 1),
        }
        for leg in journey
    ]


def minutes_to(answer: Answer, lat: object, lon: object) -> dict[str, Any]:
    """Median minutes over the window from every zone to a place, in the base and in the scenario; null where too far.

    Raises `ScenarioFileError` for a place that is none.
    """
    base = answer.region.base
    place = _place(lat, lon)
    spec, origins, streets = headline_spec(base.config), place_points(base.context.points), base.network.streets
    before, after = answer.networks
    joined = join_points([before], streets, origins, place, spec)
    if answer.draft.streets is streets:
        changed = joined_after(joined, after, streets, origins, place, spec)
    else:
        changed = join_points([after], answer.draft.streets, origins, place, spec)
    return _both(lambda one: joined_travel_times(one, spec).percentile_s(50.0)[:, 0] / 60, joined, changed)


def minutes_from(answer: Answer, lat: object, lon: object) -> dict[str, Any]:
    """Median minutes over the window from a place to every zone, as `minutes_to` the other way round."""
    base, place = answer.region.base, _place(lat, lon)
    spec, zones = headline_spec(base.config), place_points(base.context.points)
    pairs = zip(answer.turned, (base.network.streets, answer.draft.streets), strict=True)
    return _both(lambda one: times_from(*one, place, zones, spec).percentile_s(50.0)[0] / 60, *pairs)


def _both(minutes: Callable[[T], Float], before: T, after: T) -> dict[str, Any]:
    """The minutes before and after, searched side by side."""
    with ThreadPoolExecutor(2) as threads:
        found = threads.map(minutes, (before, after))
        return dict(zip(("before", "after"), map(rounded, found), strict=True))


def _place(lat: object, lon: object) -> Points:
    if not (isinstance(lat, (int, float)) and isinstance(lon, (int, float)) and abs(lat) <= 90 and abs(lon) <= 180):
        raise ScenarioFileError("a place is a latitude and a longitude in degrees")
    return Points(np.array(["here"], object), np.array([float(lon)]), np.array([float(lat)]))
