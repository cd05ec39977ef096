"""Explanation of zones' access: the journey to the centre that decides the headline, and the part that takes too long."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from accessibility import NOWHERE, UNREACHED, Itinerary, Timetable, clock_text, departures_taking, itineraries
from corridors.access.centre_access import Access, Int
from corridors.dates import time_words
from corridors.inputs.proximity import nearest_stop_km
from corridors.inputs.read import Network
from corridors.places.places import Places
from corridors.scoring.scores import Float

CAUSES: Mapping[str, str] = {
    "walk": "walking to the first stop and from the last",
    "first_wait": "waiting for the first service",
    "ride": "riding (distance or slow services)",
    "change": "changing",
}
NO_SERVICE = "no_service"
_CAUSE_WORDS = {**CAUSES, NO_SERVICE: "there being no journey at all within the longest duration searched"}
_ORDINALS = {1: "", 2: "second-", 3: "third-", 4: "fourth-", 5: "fifth-"}
_ENOUGH_ZONES = 10  # to say what a usual journey is of zones that meet the test, or what zones that fail it lose by


@dataclass(frozen=True)
class Explanations:
    """The journey of each zone to the centre that decides the headline for it, and what is said of it.

    zones      index zone_id; needed_centre, journey_departs, journey_min, journey_<cause>_min, journey_changes,
               loses_most_by (cause, "" where the test is met), explanation
    journeys   one row a leg: zone_id, centre_id, leg, kind, from_name, to_name, route, mode, departs, arrives, minutes
    typical    minutes by cause that are usual where the test is met
    """

    zones: pd.DataFrame
    journeys: pd.DataFrame
    typical: Mapping[str, float]


def explain_zones(access: Access, network: Network, people: pd.Series) -> Explanations:
    """The journey at the median departure from every zone to its needed centre, and the cause that it loses most time by.

    The needed centre is the `centres_at_least`-th nearest of the headline's set. Of the causes (walking, the first wait,
    riding, changing) a zone loses most by the one that exceeds its usual minutes by most; usual is the median over
    residents of zones that meet the test. `people` are the residents by zone_id.
    """
    needed = needed_centres(access)
    departs_s = median_departures(access, needed)
    departures = [(zone, int(needed[zone]), int(s)) for zone, s in enumerate(departs_s) if s >= 0]
    journeys: dict[int, Itinerary] = {
        zone: journey for (zone, _, _), journey in zip(departures, itineraries(access.passes, departures), strict=True)
    }
    seconds = np.array([seconds_by_cause(journeys.get(zone, ())) for zone in range(len(needed))], float)
    minutes = pd.DataFrame(seconds / 60, index=people.index, columns=list(CAUSES))
    minutes[[zone not in journeys for zone in range(len(needed))]] = np.nan
    meets = access.centres_within() >= access.centres_at_least
    typical = usual_minutes(minutes, people, meets)
    causes = _causes(minutes, typical, meets)
    equals = equal_centres(access, needed)
    undecided = equals.any(axis=1) & (departs_s < 0)
    zones = pd.DataFrame(
        {
            "needed_centre": np.where(undecided, "", np.array(access.centre_ids, object)[needed]),
            "journey_departs": [time_words(s) if s >= 0 else "" for s in departs_s],
            "journey_min": minutes.sum(axis=1, skipna=False),
            **{f"journey_{cause}_min": minutes[cause] for cause in CAUSES},
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
    return Explanations(zones, _legs_table(access, network.timetable, people.index, needed, journeys), typical)


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
    seconds = access.centres.percentile_or_unreached_s(50.0)[:, counted]
    reached = access.centres.departures_within[-1][:, counted]
    return counted, seconds.astype(np.int64), reached.astype(np.int64)


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
    median_s = access.centres.percentile_or_unreached_s(50.0)[np.arange(len(centres)), centres]
    departures_s = departures_taking(access.profiles, access.spec, centres.astype(np.int32), median_s)
    return np.where(median_s == UNREACHED, -1, departures_s)


def seconds_by_cause(journey: Itinerary) -> tuple[int, int, int, int]:
    """Seconds of a journey by cause: walking at either end, the first wait, riding, changing (walks and waits between rides).

    They add up to the whole journey.
    """
    rides = [number for number, leg in enumerate(journey) if leg.kind == "ride"]
    if not rides:
        return sum(leg.seconds for leg in journey), 0, 0, 0
    before, between, after = journey[: rides[0]], journey[rides[0] : rides[-1]], journey[rides[-1] + 1 :]
    walk = sum(leg.seconds for leg in (*before, *after) if leg.kind == "walk")
    first_wait = sum(leg.seconds for leg in before if leg.kind == "wait")
    ride = sum(journey[number].seconds for number in rides)
    return walk, first_wait, ride, sum(leg.seconds for leg in between if leg.kind != "ride")


def usual_minutes(minutes: pd.DataFrame, people: pd.Series, meets: np.ndarray) -> dict[str, float]:
    """Median minutes by cause over residents of zones that meet the test (`meets`); zeros where too few zones do."""
    known = pd.Series(meets, index=minutes.index) & minutes.notna().all(axis=1) & (people > 0)
    if known.sum() < _ENOUGH_ZONES:
        return dict.fromkeys(CAUSES, 0.0)
    return {cause: weighted_median(minutes.loc[known, cause], people[known]) for cause in CAUSES}


def weighted_median(values: pd.Series, weights: pd.Series) -> float:
    """The smallest value such that values up to it have at least half of the weight; index of `weights` as of `values`."""
    ordered = values.sort_values(kind="stable")
    reached = weights[ordered.index].cumsum() >= weights.sum() / 2
    return float(ordered[reached].iloc[0])


def _causes(minutes: pd.DataFrame, typical: Mapping[str, float], meets: np.ndarray) -> Sequence[str]:
    excess_min = (minutes - pd.Series(typical))[list(CAUSES)].fillna(-np.inf).to_numpy()
    causes = np.array(list(CAUSES), object)[excess_min.argmax(axis=1)]
    causes = np.where(minutes.isna().any(axis=1), NO_SERVICE, causes)
    return list(np.where(meets, "", causes))


def _changes(journey: Itinerary) -> int:
    return max(0, sum(leg.kind == "ride" for leg in journey) - 1)


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
        parts = whole_minutes([getattr(zone, f"journey_{cause}_min") for cause in CAUSES])
        split = "walk {}, first wait {}, ride {}, change {} min".format(*parts)
        text = f"{centre}, {nth}, takes {sum(parts)} min leaving at {zone.journey_departs}: {split}{self._routes(journey)}."
        if not zone.loses_most_by:
            return text
        over = zone.journey_min - self.access.kpi_cutoff_s / 60
        beyond = getattr(zone, f"journey_{zone.loses_most_by}_min") - self.typical[zone.loses_most_by]
        cause_text = f"most is lost {CAUSES[zone.loses_most_by]}, {beyond:.0f} min more than usual"
        return f"{text} It is {over:.1f} min too long; {cause_text}."

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
        names = [route_name(self.timetable, leg.route) for leg in journey if leg.kind == "ride"]
        return f", by {' then '.join(names)}" if names else ""


def route_name(timetable: Timetable, route: int) -> str:
    """The name of a route (number of its row): mode and short name, or long name where it has no short one."""
    row = timetable.routes.iloc[route]
    return f"{row['mode']} {row['short_name'] or row['long_name']}".strip()


def _legs_table(
    access: Access, timetable: Timetable, zones: pd.Index, needed: Int, journeys: Mapping[int, Itinerary]
) -> pd.DataFrame:
    names = timetable.stops["name"].to_numpy(object)
    routes = timetable.routes
    rows = [
        (
            zones[zone],
            access.centre_ids[needed[zone]],
            number,
            leg.kind,
            names[leg.from_stop] if leg.from_stop != NOWHERE else "the zone's point",
            names[leg.to_stop] if leg.to_stop != NOWHERE else access.centre_names[needed[zone]],
            routes["short_name"].iat[leg.route] if leg.route != NOWHERE else "",
            routes["mode"].iat[leg.route] if leg.route != NOWHERE else "",
            clock_text(int(leg.start_s)),
            clock_text(int(leg.end_s)),
            leg.seconds / 60,
        )
        for zone, journey in journeys.items()
        for number, leg in enumerate(journey, start=1)
        if leg.seconds
    ]
    columns = [
        "zone_id",
        "centre_id",
        "leg",
        "kind",
        "from_name",
        "to_name",
        "route",
        "mode",
        "departs",
        "arrives",
        "minutes",
    ]
    return pd.DataFrame(rows, columns=columns)


FAILING_COLUMNS = (
    *("place_kind", "place_id", "place", "people_out_of_reach", "cause", "people", "share", "mean_min", "sentence"),
)


def failing_causes(zones: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Residents out of reach by the cause that they lose most time by, one row for each place and cause.

    Columns `FAILING_COLUMNS`: `people` are those out of reach by the cause, `share` their share of all out of reach,
    `mean_min` the mean minutes of their journeys, `sentence` the most frequent cause in words and empty for the others.
    Places in which nobody is out of reach are left out. Shares and sentences are withheld where a place is suppressed, and
    where fewer than ten zones with people in them are out of reach.
    """
    people = zones["population"].fillna(0.0).to_numpy(float)
    failing = ~zones["meets_kpi"].to_numpy(bool)
    rows = []
    for place, shares in zip(places.frame.itertuples(), places.shares, strict=True):
        out = people * shares * failing
        if not out.sum():
            continue
        withheld = place.suppressed or np.count_nonzero(out) < _ENOUGH_ZONES
        counts = {cause: float(out[(zones["loses_most_by"] == cause).to_numpy()].sum()) for cause in _CAUSE_WORDS}
        most = max(counts, key=lambda cause: counts[cause])
        for cause, count in counts.items():
            inside = out * (zones["loses_most_by"] == cause).to_numpy()
            rows.append(
                {
                    "place_kind": place.place_kind,
                    "place_id": place.place_id,
                    "place": place.place,
                    "people_out_of_reach": out.sum(),
                    "cause": cause,
                    "people": count,
                    "share": np.nan if withheld else count / out.sum(),
                    "mean_min": _mean(zones["journey_min"].to_numpy(float), inside),
                    "sentence": cause_sentence(count / out.sum(), cause) if cause == most and not withheld else "",
                }
            )
    return pd.DataFrame(rows, columns=list(FAILING_COLUMNS))


def cause_sentence(share: float, cause: str) -> str:
    """ "62 % of those out of reach lose most time waiting for the first service." """
    if cause == NO_SERVICE:
        return f"{share * 100:.0f} % of those out of reach have no journey to the centre they lack at the median departure."
    return f"{share * 100:.0f} % of those out of reach lose most time {CAUSES[cause]}."


def _mean(values: Float, weights: Float) -> float:
    known = ~np.isnan(values) & (weights > 0)
    return float(np.average(values[known], weights=weights[known])) if known.any() else float("nan")


def sentences_by_place(table: pd.DataFrame, kind: str) -> dict[str, str]:
    """Place id -> sentence of its most frequent cause (of `failing_causes`), for the places of one kind."""
    sentences: Iterable[tuple[str, str]] = (
        (str(row.place_id), str(row.sentence)) for row in table.itertuples() if row.place_kind == kind and row.sentence
    )
    return dict(sentences)
