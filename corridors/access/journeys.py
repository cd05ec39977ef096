"""Explanation of zones' access: the journey to the centre that decides the headline, and the part that takes too long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility import NOWHERE, UNREACHED, Itinerary, Timetable, clock_text, departures_taking, itineraries
from corridors.access.causes import (
    CAUSES,
    NO_SERVICE,
    PART_OF,
    PARTS,
    FastestRides,
    causes_of,
    ridden_km,
    seconds_by_part,
    usual_minutes,
)
from corridors.access.centre_access import Access, Int
from corridors.dates import time_words
from corridors.inputs.proximity import nearest_stop_km
from corridors.inputs.read import Network
from corridors.scoring.scores import Float

LEG_COLUMNS: tuple[str, ...] = (
    *("zone_id", "centre_id", "leg", "kind", "from_name", "to_name", "route", "mode", "departs", "arrives", "minutes"),
)
_ORDINALS = {1: "", 2: "second-", 3: "third-", 4: "fourth-", 5: "fifth-"}


@dataclass(frozen=True)
class Explanations:
    """The journey of each zone to the centre that decides the headline for it, and what is said of it.

    zones      index zone_id; needed_centre, journey_departs, journey_min, journey_<part>_min, journey_changes,
               loses_most_by (cause, "" where the test is met), explanation
    needed     (n_zones,) row of the centre
    journeys   row of the zone -> its journey; without zones that have none
    typical    minutes by part that are usual where the test is met
    """

    zones: pd.DataFrame
    needed: Int
    journeys: Mapping[int, Itinerary]
    typical: Mapping[str, float]


def explain_zones(access: Access, network: Network, people: pd.Series) -> Explanations:
    """The journey at the median departure from every zone to its needed centre, and the cause that it loses most time by.

    The needed centre is the `centres_at_least`-th nearest of the headline's set; `corridors.access.causes` says what the
    causes are. `people` are the residents by zone_id.
    """
    needed = needed_centres(access)
    departs_s = median_departures(access, needed)
    departures = [(zone, int(needed[zone]), int(s)) for zone, s in enumerate(departs_s) if s >= 0]
    journeys: dict[int, Itinerary] = {
        zone: journey for (zone, _, _), journey in zip(departures, itineraries(access.passes, departures), strict=True)
    }
    seconds = np.array([seconds_by_part(journeys.get(zone, ())) for zone in range(len(needed))], float)
    minutes = pd.DataFrame(seconds / 60, index=people.index, columns=list(PARTS))
    minutes[[zone not in journeys for zone in range(len(needed))]] = np.nan
    meets = access.centres_within() >= access.centres_at_least
    typical = usual_minutes(minutes, people, meets)
    fastest = FastestRides.of(network.timetable, access.spec)
    rides_km = ridden_km([journeys.get(zone, ()) for zone in range(len(needed))], network.timetable)
    quickest_min = np.array([fastest.seconds(of_zone) for of_zone in rides_km]) / 60
    causes = causes_of(
        minutes, typical, meets, (minutes["ride"] - quickest_min).clip(lower=0), access.kpi_cutoff_s / 60
    )
    equals = equal_centres(access, needed)
    undecided = equals.any(axis=1) & (departs_s < 0)
    zones = pd.DataFrame(
        {
            "needed_centre": np.where(undecided, "", np.array(access.centre_ids, object)[needed]),
            "journey_departs": [time_words(s) if s >= 0 else "" for s in departs_s],
            "journey_min": minutes.sum(axis=1, skipna=False),
            **{f"journey_{part}_min": minutes[part] for part in PARTS},
            "journey_changes": [
                _changes(journeys[zone]) if zone in journeys else np.nan for zone in range(len(needed))
            ],
            "loses_most_by": causes,
        },
        index=people.index,
    )
    sentences = _ZoneSentences(access, network.timetable, typical, needed, equals)
    zones["explanation"] = [
        sentences.sentence(number, row, journeys.get(number, ())) for number, row in enumerate(zones.itertuples())
    ]
    return Explanations(zones, needed, journeys, typical)


def needed_centres(access: Access) -> Int:
    """Row of the centre that decides the headline, (n_zones,): the `centres_at_least`-th nearest of the headline's set.

    Unreachable centres come last, in the order of the number of departures that reach them.
    """
    counted, seconds, reached = _nearness(access)
    order = np.lexsort((np.arange(len(counted))[None, :].repeat(len(seconds), axis=0), -reached, seconds), axis=-1)
    place = min(access.centres_at_least, len(counted)) - 1
    chosen: Int = counted[order[:, place]]
    return chosen


def _nearness(access: Access) -> tuple[Int, Int, Int]:
    """(rows of the headline's n centres, median seconds to them, departures that reach them); the last two (n_zones, n)."""
    counted = np.flatnonzero(access.centre_default)
    reached = access.centres.departures_within[-1][:, counted]
    return counted, _median_or_unreached_s(access)[:, counted].astype(np.int64), reached.astype(np.int64)


def _median_or_unreached_s(access: Access) -> npt.NDArray[np.int32]:
    """(n_zones, n_centres) median seconds, `UNREACHED` where there are none, so that these come last."""
    return np.nan_to_num(access.centres.percentile_s(50.0), nan=UNREACHED).astype(np.int32)


def equal_centres(access: Access, needed: Int) -> np.ndarray:
    """Whether a centre other than the needed one is equally near, or equally out of reach, (n_zones, n_centres)."""
    counted, seconds, reached = _nearness(access)
    at_needed = (np.arange(len(needed)), np.searchsorted(counted, needed))
    reachable = seconds[at_needed][:, None] != UNREACHED
    same = (seconds == seconds[at_needed][:, None]) & (reachable | (reached == reached[at_needed][:, None]))
    same[at_needed] = False
    equals = np.zeros((len(needed), len(access.centre_ids)), bool)
    equals[:, counted] = same
    return equals


def median_departures(access: Access, centres: Int) -> Int:
    """(n_zones,) the first departure that takes the median time to the zone's centre; -1 where that is unreachable.

    Where every instant departs, the median may lie just after a vehicle has left, and be taken by no whole second: then
    the first of the seconds that come nearest below it.
    """
    median_s = _median_or_unreached_s(access)[np.arange(len(centres)), centres]
    departures_s = departures_taking(access.profiles, access.spec, centres.astype(np.int32), median_s)
    return np.where(median_s == UNREACHED, -1, departures_s)


def _changes(journey: Itinerary) -> int:
    return max(0, sum(leg.kind == "ride" and not leg.aboard for leg in journey) - 1)


def whole_minutes(parts: Sequence[float]) -> list[int]:
    """The parts, in minutes, as whole minutes that add up to the rounded total (largest remainders get the rest)."""
    floors = [int(part) for part in parts]
    left = round(sum(parts)) - sum(floors)
    by_remainder = sorted(range(len(parts)), key=lambda i: floors[i] - parts[i])
    return [floor + (i in by_remainder[:left]) for i, floor in enumerate(floors)]


@dataclass(frozen=True)
class _ZoneSentences:
    """Writes the sentence that explains a zone's journey."""

    access: Access
    timetable: Timetable
    typical: Mapping[str, float]
    needed: Int
    equals: np.ndarray  # (n_zones, n_centres) centres as near as the needed one

    @cached_property
    def reaches_none(self) -> np.ndarray:
        """Whether the zone reaches no centre at all, (n_zones,)."""
        return self.access.reaches_none()

    @cached_property
    def stop_km(self) -> Float:
        """Kilometres from the zone's point to the nearest stop, (n_zones,)."""
        return nearest_stop_km(self.timetable, self.access.origins.lon, self.access.origins.lat)

    @cached_property
    def n_reached(self) -> Int:
        """Number of centres of the headline's set that the median departure reaches, (n_zones,)."""
        n_reached: Int = (_nearness(self.access)[1] != UNREACHED).sum(axis=1)
        return n_reached

    def sentence(self, number: int, zone: Any, journey: Itinerary) -> str:
        """The sentence of a zone; `zone` is its row of `Explanations.zones` as a named tuple, `number` the row's number."""
        centre, k = self.access.centre_names[self.needed[number]], self.access.centres_at_least
        nth = f"the {_ORDINALS.get(k, f'{k}th-')}nearest centre"
        if zone.loses_most_by == NO_SERVICE:
            return self._no_journey(number, f"{centre}, {nth}")
        equals = [name for name, same in zip(self.access.centre_names, self.equals[number], strict=True) if same]
        nth = f"{nth} (as near as {' and '.join(equals)})" if equals else nth
        parts = whole_minutes([getattr(zone, f"journey_{part}_min") for part in PARTS])
        split = "walk {}, first wait {}, ride {}, change {} min".format(*parts)
        whole = f"takes {zone.journey_min:.1f} min leaving at {zone.journey_departs}"
        text = f"{centre}, {nth}, {whole}: {split}{self._routes(journey)}."
        if not zone.loses_most_by:
            return text
        over = zone.journey_min - self.access.kpi_cutoff_s / 60
        part = PART_OF[zone.loses_most_by]
        beyond = getattr(zone, f"journey_{part}_min") - self.typical[part]
        cause_text = f"most is lost {CAUSES[zone.loses_most_by]}, {beyond:.0f} min more than usual"
        return f"{text} The journey is {over:.1f} min too long; {cause_text}."

    def _no_journey(self, number: int, centre: str) -> str:
        """The sentence on why a zone has no journey. A centre is named only where it is certain which one comes next."""
        longest = f"within {self.access.spec.max_duration_s / 60:g} minutes"
        if self.reaches_none[number]:
            return (
                f"No centre is reached {longest}; the zone's point lies {1000 * self.stop_km[number]:,.0f} m from the "
                "nearest stop."
            )
        if not self.equals[number].any():
            return f"Most departures find no journey to {centre}, {longest}."
        reached = int(self.n_reached[number])
        few = f"only {reached} centre{'s' if reached > 1 else ''}" if reached else "no centre"
        return (
            f"Most departures reach {few} {longest}, and {self.access.centres_at_least} would be needed; which of the "
            "others comes next is not known."
        )

    def _routes(self, journey: Itinerary) -> str:
        names = [self.route_names[leg.route] for leg in journey if leg.kind == "ride"]
        return f", by {' then '.join(names)}" if names else ""

    @cached_property
    def route_names(self) -> list[str]:
        """The name of each route: mode and short name, or long name where it has no short one."""
        columns = [self.timetable.routes[column].tolist() for column in ("mode", "short_name", "long_name")]
        return [f"{mode} {short or long}".strip() for mode, short, long in zip(*columns, strict=True)]


def legs_table(
    access: Access, timetable: Timetable, zones: pd.Index, needed: Int, journeys: Mapping[int, Itinerary]
) -> pd.DataFrame:
    """The legs of journeys from zones to their `needed` centres, one row a leg: `LEG_COLUMNS`."""
    names = timetable.stops["name"].to_numpy(object)
    short_names, modes = (timetable.routes[column].tolist() for column in ("short_name", "mode"))
    rows = [
        (
            zones[zone],
            access.centre_ids[needed[zone]],
            number,
            leg.kind,
            names[leg.from_stop] if leg.from_stop != NOWHERE else "the zone's point",
            names[leg.to_stop] if leg.to_stop != NOWHERE else access.centre_names[needed[zone]],
            short_names[leg.route] if leg.route != NOWHERE else "",
            modes[leg.route] if leg.route != NOWHERE else "",
            clock_text(int(leg.start_s)),
            clock_text(int(leg.end_s)),
            leg.seconds / 60,
        )
        for zone, journey in journeys.items()
        for number, leg in enumerate(journey, start=1)
        if leg.seconds
    ]
    return pd.DataFrame(rows, columns=list(LEG_COLUMNS))
