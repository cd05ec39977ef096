"""Causes why zones miss the test: the part of their journeys that takes most more than usual, and what it is due to."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from accessibility import Itinerary, SearchSpec, Timetable, positions_in_space_m
from corridors.access.centre_access import Bool, Int
from corridors.places.places import Places
from corridors.scoring.scores import Float, weighted_quantile

PARTS = ("walk", "first_wait", "ride", "change")  # of a journey
CAUSES: Mapping[str, str] = {
    "walk": "walking to the first stop and from the last",
    "first_wait": "waiting for the first service",
    "distance": "riding far (too late even at the pace of the fastest rides over such distances)",
    "slow_service": "riding on slow services (in time at the pace of the fastest rides over such distances)",
    "change": "changing",
}
PART_OF: Mapping[str, str] = {**{part: part for part in PARTS}, "distance": "ride", "slow_service": "ride"}
NO_SERVICE = "no_service"
_CAUSE_WORDS = {**CAUSES, NO_SERVICE: "there being no journey at all within the longest duration searched"}
_ENOUGH_ZONES = 10  # to say what a usual journey is of zones that meet the test, or what zones that fail it lose by
_STEP_M = 500.0  # of the distances of rides


def seconds_by_part(journey: Itinerary) -> tuple[int, int, int, int]:
    """Seconds of a journey by part: walking at either end, the first wait, riding, changing (walks and waits between rides).

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
    """Median minutes by part over residents of zones that meet the test (`meets`); zeros where too few zones do."""
    known = pd.Series(meets, index=minutes.index) & minutes.notna().all(axis=1) & (people > 0)
    if known.sum() < _ENOUGH_ZONES:
        return dict.fromkeys(PARTS, 0.0)
    weights = people[known].to_numpy(float)
    return {part: weighted_quantile(minutes.loc[known, part].to_numpy(float), weights, 0.5) for part in PARTS}


def causes_of(
    minutes: pd.DataFrame, typical: Mapping[str, float], meets: Bool, slower_min: pd.Series, cutoff_min: float
) -> list[str]:
    """The cause by which each zone loses most time, (n_zones,); "" where it meets the test, `NO_SERVICE` without a journey.

    A zone loses most by the part that exceeds its usual minutes (`typical`) by most. Riding is slow where the journey would
    be within `cutoff_min` if its rides were as fast as the fastest service of the timetable over their distance, which
    saves `slower_min`; else the place is too far.
    """
    excess_min = (minutes - pd.Series(typical))[list(PARTS)].fillna(-np.inf).to_numpy()
    parts = np.array(list(PARTS), object)[excess_min.argmax(axis=1)]
    slow = (minutes.sum(axis=1) - slower_min <= cutoff_min).to_numpy()
    causes = np.where(parts == "ride", np.where(slow, "slow_service", "distance"), parts)
    causes = np.where(minutes.isna().any(axis=1), NO_SERVICE, causes)
    return list(np.where(meets, "", causes))


@dataclass(frozen=True)
class FastestRides:
    """Seconds of the fastest ride of a timetable over a straight distance or further, in steps of half a kilometre."""

    least_s: Float  # (n,) over n * 0.5 km or further, rising; infinite beyond the longest ride

    @classmethod
    def of(cls, timetable: Timetable, spec: SearchSpec) -> "FastestRides":
        """The fastest rides of trips that call anywhere while a journey of the window may last."""
        first_s, last_s = spec.window_start_s, spec.window_end_s + spec.max_duration_s
        stops = timetable.stops
        places_m = positions_in_space_m(stops["lon"].to_numpy(float), stops["lat"].to_numpy(float))
        steps, seconds = [np.zeros(1, np.int64)], [np.full(1, np.inf)]
        for pattern in range(len(timetable.pattern_route)):
            ride_s, board, alight, stop = _quickest_trip(timetable, pattern, first_s, last_s)
            if len(ride_s):
                metres = np.linalg.norm(places_m[stop[board]] - places_m[stop[alight]], axis=1)
                steps.append((metres / _STEP_M).astype(np.int64))
                seconds.append(ride_s)
        of_step = np.concatenate(steps)
        least_s = np.full(of_step.max() + 1, np.inf)
        np.minimum.at(least_s, of_step, np.concatenate(seconds))
        return cls(np.minimum.accumulate(least_s[::-1])[::-1])

    def seconds(self, rides_km: Sequence[float]) -> float:
        """Seconds of rides over these straight distances at the fastest service over each; infinite where there is none."""
        steps = [int(1000 * km / _STEP_M) for km in rides_km]
        return float(sum(self.least_s[step] if step < len(self.least_s) else np.inf for step in steps))


def _quickest_trip(timetable: Timetable, pattern: int, first_s: int, last_s: int) -> tuple[Float, Int, Int, Int]:
    """(seconds, position boarded, position alighted) of every ride of a pattern by its quickest trip, and the stops."""
    positions = slice(*timetable.pattern_position_offset[pattern : pattern + 2])
    stop = timetable.position_stop[positions].astype(np.int64)
    events = slice(*timetable.pattern_event_offset[pattern : pattern + 2])
    arrival_s, departure_s = (
        column[events].reshape(-1, len(stop)) for column in (timetable.arrival_s, timetable.departure_s)
    )
    running = np.flatnonzero((arrival_s[:, -1] >= first_s) & (departure_s[:, 0] <= last_s))
    if not len(running):
        return np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64), stop
    quickest = running[(arrival_s[running, -1] - departure_s[running, 0]).argmin()]
    board, alight = np.triu_indices(len(stop), 1)
    usable = timetable.position_can_board[positions][board] & timetable.position_can_alight[positions][alight]
    board, alight = board[usable], alight[usable]
    ride_s = arrival_s[quickest, alight] - departure_s[quickest, board]
    return ride_s.astype(float), board, alight, stop


def ridden_km(journeys: Iterable[Itinerary], timetable: Timetable) -> list[list[float]]:
    """Straight kilometres of each ride of each journey."""
    stops = timetable.stops
    places_m = positions_in_space_m(stops["lon"].to_numpy(float), stops["lat"].to_numpy(float))
    ends = [[(leg.from_stop, leg.to_stop) for leg in journey if leg.kind == "ride"] for journey in journeys]
    first, last = np.array([pair for of_journey in ends for pair in of_journey], np.int64).reshape(-1, 2).T
    km = iter((np.linalg.norm(places_m[first] - places_m[last], axis=1) / 1000).tolist())
    return [list(itertools.islice(km, len(of_journey))) for of_journey in ends]


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
        return (
            f"{share * 100:.0f} % of those out of reach have no journey to the centre they lack within the longest time "
            "searched, at the median departure."
        )
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
