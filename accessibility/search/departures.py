"""Travel times departure by departure: what a window's percentiles are made of, and how much of each is the first wait.

Enters: a prepared network and legs already walked. Leaves: `DepartureTimes`, from which any percentile or share follows
without another search; and `Backward`, the backward passes themselves, for further windows and for journeys.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from accessibility.kernels import connection_scan, journey_profiles
from accessibility.kernels.arrays import Block, Boardings, Candidates, Egress, Network
from accessibility.kernels.simd import LANES, NEVER
from accessibility.legs import Int32, LegTable, Points, Walk, legs_from_triples
from accessibility.search.door_to_door import walking_legs
from accessibility.search.percentiles import search_window
from accessibility.search.preparation import PreparedNetwork
from accessibility.search.spec import UNREACHED, SearchSpec, TravelTimes, require_few_departures
from accessibility.streets.read import StreetNetwork
from accessibility.threads import in_threads

_POINTS_PER_TASK = 64


class Backward(NamedTuple):
    """The backward passes of a search: everything that does not depend on where people start."""

    spec: SearchSpec  # its window is the widest that can be asked for
    egress: LegTable  # destination -> stops
    labels: tuple[tuple[Int32, ...], ...]  # block of destinations -> tables (n_connections + 1, LANES), see `backward`
    boardings: Boardings

    @property
    def n_destinations(self) -> int:
        """Number of destinations over all blocks."""
        return len(self.egress.offset) - 1


class DepartureTimes(NamedTuple):
    """Door-to-door times of every departure of a window."""

    departures_s: Int32  # (n_departures,) seconds after midnight
    seconds: Int32  # (n_origins, n_destinations, n_departures), UNREACHED where not within the longest duration


def arriving_legs(streets: StreetNetwork | None, start: Points, destinations: Points, walk: Walk) -> LegTable:
    """Walks from points to destinations, listed by destination: destination -> points."""
    legs = walking_legs(streets, start, destinations, walk)
    source = np.repeat(np.arange(len(start.ids)), np.diff(legs.offset))
    return legs_from_triples(len(destinations.ids), legs.target, source, legs.seconds)


def lanes_of(legs: LegTable, column: int, n_points: int) -> Int32:
    """(n_points, LANES) walking seconds of the destinations from `column` on, NEVER where there is no leg."""
    table = np.empty((n_points, LANES), np.int32)
    connection_scan.fill_lanes(column, legs, table)
    return table


def backward(prepared: PreparedNetwork, egress: LegTable, spec: SearchSpec) -> Backward:
    """Earliest arrivals at every destination for somebody sitting in each connection, for departures of `spec`'s window.

    One table a block without a limit on rides; with one, a table for at most 1, 2, ... `max_rides` rides, as far as one
    ride more changes anything.
    """
    columns = range(0, len(egress.offset) - 1, LANES)
    labels = tuple(_labels_by_rides(prepared, egress, column, spec) for column in columns)
    return Backward(spec, egress, labels, prepared.boardings)


def _labels_by_rides(prepared: PreparedNetwork, egress: LegTable, column: int, spec: SearchSpec) -> tuple[Int32, ...]:
    connections = prepared.connections
    first, last = (int(row) for row in np.searchsorted(connections.departure_s, spec.span_s))
    walks = lanes_of(egress, column, len(prepared.calls.offset) - 1)
    leaving = Egress(np.any(walks < NEVER, axis=1), walks)
    network = Network(connections, prepared.transfers)
    shape = (len(connections.departure_s) + 1, LANES)
    if spec.max_rides is None:
        labels = np.full(shape, NEVER, np.int32)
        connection_scan.backward_labels(first, last, network, leaving, labels)
        return (labels,)
    tables = [np.full(shape, NEVER, np.int32)]
    for _ in range(spec.max_rides):
        tables.append(np.full(shape, NEVER, np.int32))
        connection_scan.backward_labels_one_more_ride(first, last, network, leaving, tables[-2], tables[-1])
        if len(tables) > 2 and np.array_equal(tables[-1], tables[-2]):
            tables.pop()
            break
    return tuple(tables[1:])


def departure_times(candidates: Candidates, passes: Backward, direct: LegTable, spec: SearchSpec) -> DepartureTimes:
    """Door-to-door seconds of every departure of `spec`, whose window lies inside that of `passes`.

    `direct` lists walks from destinations to origins, as `search` takes them.
    """
    require_few_departures(spec)
    window, departs_s = search_window(spec), _departures(spec)
    seconds = np.full((len(candidates.offset) - 1, passes.n_destinations, len(departs_s)), UNREACHED, np.int32)

    def of_slice(bounds: tuple[int, int], block: Block, lanes: int) -> None:
        arrivals = np.empty((len(departs_s), LANES), np.int32)
        for point in range(*bounds):
            connection_scan.earliest_arrivals(point, block.labels, passes.boardings, candidates, window, arrivals)
            took = np.minimum(arrivals[:, :lanes].T - departs_s, block.walk_s[point, :lanes, None])
            seconds[point, block.column : block.column + lanes] = np.where(took <= spec.max_duration_s, took, UNREACHED)

    _over_blocks(of_slice, passes, direct, len(seconds))
    return DepartureTimes(departs_s, seconds)


def first_waits(candidates: Candidates, passes: Backward, times: DepartureTimes, spec: SearchSpec) -> Int32:
    """How much later one could leave and still arrive as early, in seconds, for every departure of `times`.

    (n_origins, n_destinations, n_departures), exact to the second whatever the step between departures; 0 for walks that
    no ride beats, and where the destination is not reached. The duration less this is the time with the first wait not
    counted: what somebody needs who knows the timetable.
    """
    # Whoever waits longest leaves as late as anybody arrives.
    span_s = spec.window_start_s, spec.window_end_s + spec.max_duration_s
    waits = np.zeros_like(times.seconds)

    def of_slice(bounds: tuple[int, int], block: Block, lanes: int) -> None:
        for point in range(*bounds):
            leave_s, rides = journey_profiles.reachable_boardings(
                point, *span_s, spec.board_slack_s, passes.boardings, candidates
            )
            worth = np.empty((2, len(rides)), np.int32)  # when to leave, when one arrives; latest first
            for lane in range(lanes):
                n = journey_profiles.useful_journeys(leave_s, rides, block.labels, lane, *worth)
                took = times.seconds[point, block.column + lane]
                waits[point, block.column + lane] = _waits(worth[:, :n][:, ::-1], took, times.departures_s)

    _over_blocks(of_slice, passes, None, len(waits))
    return waits


def _departures(spec: SearchSpec) -> Int32:
    return np.arange(spec.window_start_s, spec.window_end_s, spec.step_s, dtype=np.int32)


def _over_blocks(
    of_slice: Callable[[tuple[int, int], Block, int], None], passes: Backward, direct: LegTable | None, n_origins: int
) -> None:
    no_walks = np.full((n_origins, LANES), NEVER, np.int32)
    for number, labels in enumerate(passes.labels):
        column = number * LANES
        walks = no_walks if direct is None else lanes_of(direct, column, n_origins)
        lanes = min(LANES, passes.n_destinations - column)
        block = Block(column, labels[-1], walks)

        def task(bounds: tuple[int, int], block: Block = block, lanes: int = lanes) -> None:
            of_slice(bounds, block, lanes)

        in_threads(task, n_origins, _POINTS_PER_TASK)


def _waits(worth: Int32, took_s: Int32, departs_s: Int32) -> Int32:
    """(n_departures,) waits on the way to one destination; `worth` is (when to leave, when one arrives) in order of time."""
    if not worth.shape[1]:
        return np.zeros_like(departs_s)
    taken = np.searchsorted(worth[0], departs_s)
    leave_s, arrive_s = worth[:, np.minimum(taken, worth.shape[1] - 1)]
    riding = (taken < worth.shape[1]) & (
        took_s == arrive_s - departs_s
    )  # else a walk is quicker, or nothing gets there
    return np.where(riding, leave_s - departs_s, 0)


def summarised(times: DepartureTimes, spec: SearchSpec) -> TravelTimes:
    """What `travel_times` gives for `spec`, taken from its departures already searched."""
    seconds = np.sort(times.seconds, axis=-1)
    cutoffs_s = (*spec.cutoffs_s, spec.max_duration_s)
    within = np.stack([(seconds <= cutoff).sum(axis=-1, dtype=np.int32) for cutoff in cutoffs_s])
    percentiles = np.moveaxis(seconds[..., spec.ranks - 1], -1, 0)
    return TravelTimes(np.ascontiguousarray(percentiles), within, spec.n_departures, spec.percentiles, cutoffs_s)
