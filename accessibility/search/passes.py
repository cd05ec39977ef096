"""Runs the backward passes of a search: the earliest arrival at every destination from aboard each connection."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from accessibility.errors import SearchSpecError
from accessibility.kernels import connection_scan
from accessibility.kernels.arrays import Block, Candidates, Egress, Network, Window
from accessibility.kernels.simd import LANES, NEVER
from accessibility.legs import Int32, LegTable
from accessibility.search.joining import JoinedNetwork
from accessibility.search.preparation import PreparedNetwork
from accessibility.search.spec import SearchSpec
from accessibility.threads import in_threads


@dataclass(frozen=True, eq=False)
class BackwardPasses:
    """The labels of all backward passes of a search, which do not depend on the departure times of people."""

    joined: JoinedNetwork
    spec: SearchSpec  # later questions may have any window inside its window
    # block of destinations -> tables (n_connections + 1, LANES): one, or with a limit on rides one for at most 1, 2, ... rides
    labels: list[tuple[Int32, ...]]

    @property
    def network(self) -> PreparedNetwork:
        """The only network of the search."""
        return self.joined.networks[0]

    @property
    def candidates(self) -> Candidates:
        """The boarding positions of each origin."""
        return self.joined.candidates[0]

    def blocks(self) -> Iterator[Block]:
        """The blocks of destinations, with labels and direct walks."""
        for number, tables in enumerate(self.labels):
            column = number * LANES
            yield Block(column, tables[-1], lanes_of(self.joined.direct, column, self.joined.n_origins))


def backward_passes(joined: JoinedNetwork, spec: SearchSpec) -> BackwardPasses:
    """The backward passes to every destination, for the window of `spec` and any window inside it.

    Raises `SearchSpecError` if headways are drawn, because a departure then has one travel time per draw.
    """
    if len(joined.networks) > 1:
        raise SearchSpecError("departures can't be told one by one where headways are drawn: leave out frequency_draws")
    columns = range(0, joined.n_destinations, LANES)

    def of_block(bounds: tuple[int, int]) -> tuple[Int32, ...]:
        return tuple(_labels_by_rides(joined.networks[0], joined.egress, columns[bounds[0]], spec))

    return BackwardPasses(joined, spec, in_threads(of_block, len(columns), 1))


def search_block(joined: JoinedNetwork, number: int, column: int, spec: SearchSpec) -> Block:
    """The block of destinations that starts at `column`, with the labels of the backward pass over network `number`."""
    for labels in _labels_by_rides(joined.networks[number], joined.egress, column, spec):
        last = labels
    return Block(column, last, lanes_of(joined.direct, column, joined.n_origins))


def lanes_of(legs: LegTable, column: int, n_points: int) -> Int32:
    """(n_points, LANES) walking seconds to the destinations from `column` on, NEVER where there is no leg."""
    table = np.empty((n_points, LANES), np.int32)
    connection_scan.fill_lanes(column, legs, table)
    return table


def search_window(spec: SearchSpec) -> Window:
    """The window of `spec` in the form that the kernels take."""
    return Window(
        spec.window_start_s, spec.step_s, spec.n_departures, spec.board_slack_s, spec.max_duration_s, spec.arrive_by
    )


def _labels_by_rides(prepared: PreparedNetwork, egress: LegTable, column: int, spec: SearchSpec) -> Iterator[Int32]:
    """Tables (n_connections + 1, LANES) of earliest arrivals at the block of destinations that starts at `column`.

    Without a limit on rides there is one table. With a limit there is one for at most 1, 2, ... `max_rides` rides; they
    end early if one more ride changes nothing. Rows of connections before the span of `spec` are not filled.
    """
    connections = prepared.connections
    first, last = (int(row) for row in np.searchsorted(connections.departure_s, spec.span_s))
    walks = lanes_of(egress, column, len(prepared.calls.offset) - 1)
    leaving = Egress(np.any(walks < NEVER, axis=1), walks)
    network = Network(connections, prepared.transfers)
    shape = (len(connections.departure_s) + 1, LANES)
    if spec.max_rides is None:
        labels = np.empty(shape, np.int32)
        connection_scan.backward_labels(first, last, network, leaving, labels)
        yield labels
        return
    fewer = np.full(shape, NEVER, np.int32)
    for rides in range(spec.max_rides):
        labels = np.empty(shape, np.int32)
        connection_scan.backward_labels_one_more_ride(first, last, network, leaving, fewer, labels)
        if rides and np.array_equal(fewer[first:last], labels[first:last]):
            return  # if one more ride changes nothing, no further ride does
        yield labels
        fewer = labels
