"""From one place to everywhere: the backward search of a timetable that runs backward in time.

The search is made for many origins and few destinations. From one origin to many destinations it is the same search with time
turned round: trips run from their last stop to their first, and people who would arrive leave. A journey worth making is one in
both directions of time, and the time before each boarding stands between the same two rides; only that before the first ride is
counted after the last one, so that leaving and arriving both move by it.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from accessibility.compressed_rows import ranges
from accessibility.errors import SearchSpecError
from accessibility.kernels.arrays import Profiles
from accessibility.legs import LegTable, Points
from accessibility.search.joining import join
from accessibility.search.links.walks import arriving_legs, legs_from_stops, legs_to_stops, walking_legs
from accessibility.search.passes import backward_passes
from accessibility.search.preparation import PreparedNetwork, prepare
from accessibility.search.profiles import journey_profiles, window_times
from accessibility.search.spec import SearchSpec, TravelTimes
from accessibility.streets.read import StreetNetwork
from accessibility.timetable.timetable import Timetable
from accessibility.timetable.trips import NO_HEADWAY_RUNS


def turned_spec(spec: SearchSpec) -> SearchSpec:
    """The search of a turned network that covers the departures of `spec`. Raises `SearchSpecError` for deadlines and draws."""
    if spec.arrive_by or spec.frequency_draws:
        raise SearchSpecError("from one place to everywhere is searched for departures, without draws of headways")
    return replace(
        spec, window_start_s=0, window_end_s=_pivot_s(spec) - spec.window_start_s, percentiles=(), cutoffs_s=()
    )


def turned_network(timetable: Timetable, transfer_legs: LegTable, spec: SearchSpec) -> PreparedNetwork:
    """The network of a timetable with time turned round, prepared for `spec` of the network as it is.

    `transfer_legs` are those of the network as it is. Raises as `turned_spec`.
    """
    turned, legs = turned_spec(spec), transfer_legs.transposed(len(timetable.stops))
    # Nobody leaves before the window: what runs before it, which is last in turned time, is left out.
    span = replace(turned, window_end_s=turned.window_end_s - spec.max_duration_s)
    return prepare(turned_timetable(timetable, spec), legs, span)


def turned_timetable(timetable: Timetable, spec: SearchSpec) -> Timetable:
    """The timetable with time turned round: stops, patterns and routes keep their numbers, trips stand last first."""
    at_s = _pivot_s(spec)
    events, positions, trips = (
        _backward(offset)
        for offset in (timetable.pattern_event_offset, timetable.pattern_position_offset, timetable.pattern_trip_offset)
    )
    return replace(
        timetable,
        position_stop=timetable.position_stop[positions],
        position_can_board=timetable.position_can_alight[positions],
        position_can_alight=timetable.position_can_board[positions],
        arrival_s=(at_s - timetable.departure_s[events]).astype(np.int32),
        departure_s=(at_s - timetable.arrival_s[events]).astype(np.int32),
        trip_id=timetable.trip_id[trips],
        trip_wheelchair=timetable.trip_wheelchair[trips],
        headway_runs=NO_HEADWAY_RUNS,
        joints=timetable.joints.of_trips(trips).turned(),
    )


def times_from(
    turned: PreparedNetwork, streets: StreetNetwork | None, place: Points, destinations: Points, spec: SearchSpec
) -> TravelTimes:
    """Travel times from one place, or a few, to every destination (n_places, n_destinations), as `travel_times` gives them.

    `turned` is `turned_network` for `spec`. A place has its radius here, which origins of `travel_times` have not: people
    leave from wherever within it, and a walk out of it takes as long as the same walk into it.
    """
    return window_times(profiles_from(turned, streets, place, destinations, spec), spec)


def profiles_from(
    turned: PreparedNetwork, streets: StreetNetwork | None, places: Points, destinations: Points, spec: SearchSpec
) -> Profiles:
    """The journeys worth making from each place to every destination, for departures in the window of `spec`.

    They answer any window inside it. Otherwise as `times_from`.
    """
    timetable, walk, wheelchair = turned.timetable, spec.walk, spec.wheelchair is not None
    if places.radius_m:
        outward = legs_from_stops(streets, timetable, places, walk, wheelchair=wheelchair)
        direct = arriving_legs(streets, destinations, places, walk)
    else:
        outward = legs_to_stops(streets, places, timetable, walk, wheelchair=wheelchair)
        direct = walking_legs(streets, places, destinations, walk)
    arriving = legs_from_stops(streets, timetable, destinations, walk, wheelchair=wheelchair)
    joined = join([turned], arriving, outward, direct)
    return _turned_profiles(journey_profiles(backward_passes(joined, turned_spec(spec))), spec)


def _pivot_s(spec: SearchSpec) -> int:
    """The moment that is 0 when time is turned round: after every arrival of `spec`."""
    return spec.window_end_s + spec.max_duration_s + spec.board_slack_s


def _backward(offset: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """Rows of every block `offset[i]:offset[i + 1]`, the last first."""
    length = np.diff(offset)
    rows = ranges(offset[:-1], length)
    ends = np.repeat(offset[:-1] + offset[1:] - 1, length)
    return np.asarray(ends - rows, np.int64)


def _turned_profiles(kept: Profiles, spec: SearchSpec) -> Profiles:
    """Journeys from many points to a few places in turned time, as those from the places to the points in time as it is."""
    at_s = _pivot_s(spec) - spec.board_slack_s
    shape = kept.n_journeys.shape[::-1]
    start, count = kept.first.T.ravel(), kept.n_journeys.T.ravel().astype(np.int64)
    rows = ranges(start, count)
    backward = np.repeat(2 * start + count - 1, count) - rows
    return Profiles(
        (np.cumsum(count) - count).reshape(shape),
        np.ascontiguousarray(kept.n_journeys.T),
        (at_s - kept.arrive_s[backward]).astype(np.int32),
        (at_s - kept.leave_s[backward]).astype(np.int32),
        np.ascontiguousarray(kept.walk_s.T),
    )
