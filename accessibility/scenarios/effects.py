"""What each edit changed: departures, calls, time and distance of vehicles, and vehicles on the road at once."""

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from accessibility.scenarios.change import Change, Context, VehicleNeed
from accessibility.scenarios.trips import Trip


@dataclass(frozen=True)
class Effect:
    """What one edit changed on the scenario's date. Trips are departures: a headway service counts each of them.

    Vehicle figures are of the trips touched, before and after. Distances are straight lines between stops, which are
    shorter than the road. `peak_vehicles` are the most of them under way at one moment, without layovers: `needs` has the
    vehicles of a headway service with them.
    """

    edit_id: str
    trips_changed: int = 0
    trips_added: int = 0
    trips_withdrawn: int = 0
    calls_added: int = 0
    calls_removed: int = 0
    vehicle_minutes_before: float = 0.0
    vehicle_minutes_after: float = 0.0
    vehicle_km_before: float = 0.0
    vehicle_km_after: float = 0.0
    peak_vehicles_before: int = 0
    peak_vehicles_after: int = 0
    selected: tuple[str, ...] = ()  # what matched the edit's selections, a sentence for each variant
    stops: tuple[str, ...] = ()  # which stops are new, or were found by name or place, a sentence each
    needs: tuple[VehicleNeed, ...] = ()
    notes: tuple[str, ...] = ()


def effect_of(context: Context, change: Change) -> Effect:
    """The effect of a change."""
    metres = context.finder.metres
    before, after = list(change.before), list(change.after)
    old, new = _departures(before), _departures(after)
    common = old.keys() & new.keys()
    removed, added = _calls(before), _calls(after)
    return Effect(
        context.edit.id,
        trips_changed=sum(min(old[trip_id], new[trip_id]) for trip_id in common),
        trips_added=sum(max(0, count - old.get(trip_id, 0)) for trip_id, count in new.items()),
        trips_withdrawn=sum(max(0, count - new.get(trip_id, 0)) for trip_id, count in old.items()),
        calls_added=(added - removed).total(),
        calls_removed=(removed - added).total(),
        vehicle_minutes_before=_minutes(before),
        vehicle_minutes_after=_minutes(after),
        vehicle_km_before=_km(before, metres),
        vehicle_km_after=_km(after, metres),
        peak_vehicles_before=most_at_once(before),
        peak_vehicles_after=most_at_once(after),
        selected=context.selected,
        stops=tuple(context.finder.told.values()),
        needs=change.needs,
        notes=change.notes,
    )


def _departures(trips: Sequence[Trip]) -> dict[str, int]:
    return {trip.trip_id: len(trip.starts()) for trip in trips}


def _calls(trips: Sequence[Trip]) -> Counter[tuple[str, str]]:
    """Calls of each trip at each stop, departures counted."""
    calls: Counter[tuple[str, str]] = Counter()
    for trip in trips:
        for stop in trip.stop_ids:
            calls[trip.trip_id, stop] += len(trip.starts())
    return calls


def _minutes(trips: Sequence[Trip]) -> float:
    return sum(trip.duration_s * len(trip.starts()) for trip in trips) / 60


def _km(trips: Sequence[Trip], metres: Callable[[str, str], float]) -> float:
    hops: Counter[tuple[str, str]] = Counter()
    for trip in trips:
        for hop in itertools.pairwise(trip.stop_ids):
            hops[hop] += len(trip.starts())
    return sum(metres(*hop) * count for hop, count in hops.items()) / 1000


def most_at_once(trips: Sequence[Trip]) -> int:
    """The most departures under way at one moment; one that ends as another begins may be the same vehicle."""
    events = [
        event
        for trip in trips
        for start_s in trip.starts()
        for event in ((start_s, 1), (start_s + max(trip.duration_s, 1), -1))
    ]
    under_way = np.cumsum([step for _, step in sorted(events)])
    return int(under_way.max(initial=0))
