"""The part of a timetable that people in a wheelchair can use, as far as the feed says."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from accessibility.search.spec import Wheelchair
from accessibility.timetable.timetable import Timetable
from accessibility.timetable.trips import HeadwayRuns

UNKNOWN, ACCESSIBLE = 0, 1  # as in Timetable.stops["wheelchair"] and Timetable.trip_wheelchair; 2 = not accessible


def for_wheelchairs(timetable: Timetable, wheelchair: Wheelchair) -> Timetable:
    """The timetable with boarding and alighting only where `wheelchair` lets people, stops and trips alike.

    "required" keeps what is said to be accessible, "required_or_unknown" also what nothing is said of; the truth lies
    between the two. A trip that can't be used is dropped; at a stop that can't, it still passes. Stops keep their numbers.
    """
    if wheelchair is None:
        return timetable
    allowed = [ACCESSIBLE] if wheelchair == "required" else [ACCESSIBLE, UNKNOWN]
    usable = np.isin(timetable.stops["wheelchair"].to_numpy(), allowed)[timetable.position_stop]
    return replace(
        _only_trips(timetable, np.isin(timetable.trip_wheelchair, allowed)),
        position_can_board=timetable.position_can_board & usable,
        position_can_alight=timetable.position_can_alight & usable,
    )


def _only_trips(timetable: Timetable, kept: npt.NDArray[np.bool_]) -> Timetable:
    """These trips only; patterns stay, though some may be left with no trip."""
    n_trips, n_calls = np.diff(timetable.pattern_trip_offset), np.diff(timetable.pattern_position_offset)
    pattern = np.repeat(np.arange(len(n_trips)), n_trips)
    n_kept = np.bincount(pattern[kept], minlength=len(n_trips))
    events = np.repeat(kept, n_calls[pattern])
    number, by_headway = np.cumsum(kept) - 1, timetable.headway_runs
    still = HeadwayRuns(*(column[kept[by_headway.trip]] for column in by_headway))
    return replace(
        timetable,
        pattern_trip_offset=np.concatenate([[0], np.cumsum(n_kept)]).astype(np.int32),
        pattern_event_offset=np.concatenate([[0], np.cumsum(n_kept * n_calls)]).astype(np.int64),
        arrival_s=timetable.arrival_s[events],
        departure_s=timetable.departure_s[events],
        trip_id=timetable.trip_id[kept],
        trip_wheelchair=timetable.trip_wheelchair[kept],
        headway_runs=still._replace(trip=number[still.trip].astype(np.int32)),
    )
