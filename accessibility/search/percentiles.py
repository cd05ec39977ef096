"""The search on legs already walked: prepared network and walks in, `TravelTimes` out, block by block, thread by thread."""

from collections.abc import Callable

import numpy as np

from accessibility.kernels import connection_scan, journey_profiles
from accessibility.kernels.arrays import Block, Candidates, Egress, Network, Window
from accessibility.kernels.simd import LANES, NEVER
from accessibility.legs import Int32, LegTable
from accessibility.search.preparation import PreparedNetwork
from accessibility.search.spec import SearchSpec, TravelTimes, require_few_departures
from accessibility.threads import cores, in_threads

_ORIGINS_PER_TASK = 256


def search(
    prepared: PreparedNetwork, candidates: Candidates, egress: LegTable, direct: LegTable, spec: SearchSpec
) -> TravelTimes:
    """The search on legs already walked: `egress` is destination -> stops, `direct` destination -> origins.

    Destinations go in blocks of `LANES`, as many blocks at a time as there are cores: first the backward pass of each,
    then the origins of all of them.
    """
    require_few_departures(spec)
    n_origins, n_destinations = len(candidates.offset) - 1, len(egress.offset) - 1
    cutoffs_s = (*spec.cutoffs_s, spec.max_duration_s)
    seconds = np.empty((len(spec.percentiles), n_origins, n_destinations), np.int32)
    within = np.empty((len(cutoffs_s), n_origins, n_destinations), np.int32)
    ranks, cutoffs = spec.ranks, np.array(cutoffs_s, np.int32)
    window, summarise_points = search_window(spec), _summary_kernel(spec)
    columns = range(0, n_destinations, LANES)
    for first in range(0, len(columns), cores()):
        group = columns[first : first + cores()]

        def backward(bounds: tuple[int, int], group: range = group) -> Block:
            return search_block(prepared, egress, direct, n_origins, group[bounds[0]], spec)

        blocks = in_threads(backward, len(group), 1)

        def summarise(origins: tuple[int, int], blocks: list[Block] = blocks) -> None:
            for block in blocks:
                summarise_points(
                    *origins, block, prepared.boardings, candidates, window, ranks, cutoffs, seconds, within
                )

        in_threads(summarise, n_origins, _ORIGINS_PER_TASK)
    return TravelTimes(seconds, within, spec.n_departures, spec.percentiles, cutoffs_s)


def search_block(
    prepared: PreparedNetwork, egress: LegTable, direct: LegTable, n_origins: int, column: int, spec: SearchSpec
) -> Block:
    """The block of destinations that starts at `column`, its backward pass done."""
    return Block(column, _labels(prepared, egress, column, spec), _lanes(direct, column, n_origins))


def search_window(spec: SearchSpec) -> Window:
    """The window as the kernels take it."""
    return Window(
        spec.window_start_s, spec.step_s, spec.n_departures, spec.board_slack_s, spec.max_duration_s, spec.arrive_by
    )


def _summary_kernel(spec: SearchSpec) -> Callable[..., None]:
    kernel: Callable[..., None] = connection_scan.summarise_points
    if spec.step_s == 0:
        kernel = journey_profiles.summarise_instants
    elif spec.arrive_by:
        kernel = journey_profiles.summarise_deadlines
    return kernel


def _lanes(legs: LegTable, column: int, n_points: int) -> Int32:
    """(n_points, LANES) walking seconds of one block of destinations, NEVER where there is no leg."""
    table = np.empty((n_points, LANES), np.int32)
    connection_scan.fill_lanes(column, legs, table)
    return table


def _labels(prepared: PreparedNetwork, legs: LegTable, column: int, spec: SearchSpec) -> Int32:
    """(n_connections + 1, LANES) earliest arrivals of the block of destinations that starts at `column`."""
    connections = prepared.connections
    n_stops = len(prepared.calls.offset) - 1
    first, last = np.searchsorted(connections.departure_s, spec.span_s)
    egress_s = _lanes(legs, column, n_stops)
    egress = Egress(np.any(egress_s < NEVER, axis=1), egress_s)
    network = Network(connections, prepared.transfers)
    labels = np.empty((len(connections.departure_s) + 1, LANES), np.int32)
    if spec.max_rides is None:
        connection_scan.backward_labels(int(first), int(last), network, egress, labels)
        return labels
    fewer = np.full_like(labels, NEVER)
    for _ in range(spec.max_rides):
        connection_scan.backward_labels_one_more_ride(int(first), int(last), network, egress, fewer, labels)
        fewer, labels = labels, fewer
        if np.array_equal(fewer[first:last], labels[first:last]):
            break  # one ride more changes nothing, nor will any further one
    return fewer
