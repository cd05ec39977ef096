"""Reduces a timetable to the service that people can use: chosen modes, and wheelchair access as stated in the feed."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from accessibility.repairs import Repair, sample
from accessibility.search.spec import Wheelchair
from accessibility.timetable.timetable import Timetable

Bool = npt.NDArray[np.bool_]

UNKNOWN, ACCESSIBLE = 0, 1  # as in Timetable.stops["wheelchair"] and Timetable.trip_wheelchair; 2 = not accessible


def usable_timetable(timetable: Timetable, modes: frozenset[str] | None, wheelchair: Wheelchair) -> Timetable:
    """The timetable with only the trips of `modes` (None = all), and boarding and alighting only where `wheelchair` allows.

    "required" keeps stops and trips stated as accessible, "required_or_unknown" also those without a statement; the true
    accessibility is between the two. Trips that can't be used are dropped; at stops that can't be used, trips only pass.
    Stops, patterns and routes keep their numbers.
    """
    if modes is not None:
        ridden = timetable.routes["mode"].isin(modes).to_numpy()[timetable.pattern_route]
        timetable = timetable.only_trips(ridden[timetable.trip_patterns()])
    if wheelchair is None:
        return timetable
    allowed = [ACCESSIBLE] if wheelchair == "required" else [ACCESSIBLE, UNKNOWN]
    usable = np.isin(timetable.stops["wheelchair"].to_numpy(), allowed)[timetable.position_stop]
    return replace(
        timetable.only_trips(np.isin(timetable.trip_wheelchair, allowed)),
        position_can_board=timetable.position_can_board & usable,
        position_can_alight=timetable.position_can_alight & usable,
    )


def service_repairs(timetable: Timetable, modes: frozenset[str] | None, wheelchair: Wheelchair) -> list[Repair]:
    """Repairs that count the `modes` without trips, and the stops and trips of unknown wheelchair accessibility."""
    return [*_unserved_modes(timetable, modes or frozenset()), *_unknown_access(timetable, wheelchair)]


def _unserved_modes(timetable: Timetable, modes: frozenset[str]) -> Iterator[Repair]:
    served = set(timetable.routes["mode"].to_numpy()[timetable.pattern_route])
    unserved = sorted(modes - served)
    if unserved:
        effect = f"no trip of the day is by {' or '.join(unserved)}; those that run are by {', '.join(sorted(served))}"
        yield Repair("modes_without_trips", len(unserved), len(modes), sample(unserved), effect)


def _unknown_access(timetable: Timetable, wheelchair: Wheelchair) -> Iterator[Repair]:
    unknown = timetable.stops["wheelchair"].to_numpy() == UNKNOWN
    trips = int((timetable.trip_wheelchair == UNKNOWN).sum())
    n = trips + int(unknown.sum())
    if wheelchair is not None and n:
        treatment = (
            "they are taken as not accessible"
            if wheelchair == "required"
            else 'they are taken as accessible, so that the true figure lies between this one and that of "required"'
        )
        effect = (
            f"the feed does not say of {trips:,} of {len(timetable.trip_id):,} trips and {int(unknown.sum()):,} of "
            f"{len(unknown):,} stops whether a wheelchair can use them: {treatment}"
        )
        ids = timetable.stops["stop_id"].to_numpy()[unknown] if unknown.any() else ()
        yield Repair("wheelchair_not_said", n, len(timetable.trip_id) + len(unknown), sample(ids), effect)
