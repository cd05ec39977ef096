"""The backward passes of a search: the earliest arrival at every destination, for somebody sitting in each connection."""

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
class Backward:
    """All backward passes of a search, kept: everything that does not depend on when people start."""

    joined: JoinedNetwork
    spec: SearchSpec  # its window is the widest that can be asked for
    # block of destinations -> tables (n_connections + 1, LANES): one, or with a limit on rides one for at most 1, 2, ... rides
    labels: list[tuple[Int32, ...]]

    @property
    def network(self) -> PreparedNetwork:
        """The only network of the search."""
        return self.joined.networks[0]

    @property
    def candidates(self) -> Candidates:
        """Where each origin can board."""
        return self.joined.candidates[0]

    def blocks(self) -> Iterator[Block]:
        """The destinations block by block."""
        for number, tables in enumerate(self.labels):
            column = number * LANES
            yield Block(column, tables[-1], lanes_of(self.joined.direct, column, self.joined.n_origins))


def backward(joined: JoinedNetwork, spec: SearchSpec) -> Backward:
    """The backward passes to every destination, for the window of `spec` and any inside it.

    Raises `SearchSpecError` where headways are drawn: a departure then has as many travel times as there are draws.
    """
    if len(joined.networks) > 1:
        raise SearchSpecError("departures can't be told one by one where headways are drawn: leave out frequency_draws")
    columns = range(0, joined.n_destinations, LANES)

    def of_block(bounds: tuple[int, int]) -> tuple[Int32, ...]:
        return tuple(_labels_by_rides(joined.networks[0], joined.egress, columns[bounds[0]], spec))

    return Backward(joined, spec, in_threads(of_block, len(columns), 1))


def search_block(joined: JoinedNetwork, number: int, column: int, spec: SearchSpec) -> Block:
    """The block of destinations that starts at `column`, its backward pass over network `number` done."""
    for labels in _labels_by_rides(joined.networks[number], joined.egress, column, spec):
        last = labels
    return Block(column, last, lanes_of(joined.direct, column, joined.n_origins))


def lanes_of(legs: LegTable, column: int, n_points: int) -> Int32:
    """(n_points, LANES) walking seconds of the destinations from `column` on, NEVER where there is no leg."""
    table = np.empty((n_points, LANES), np.int32)
    connection_scan.fill_lanes(column, legs, table)
    return table


def search_window(spec: SearchSpec) -> Window:
    """The window as the kernels take it."""
    return Window(
        spec.window_start_s, spec.step_s, spec.n_departures, spec.board_slack_s, spec.max_duration_s, spec.arrive_by
    )


def _labels_by_rides(prepared: PreparedNetwork, egress: LegTable, column: int, spec: SearchSpec) -> Iterator[Int32]:
    """(n_connections + 1, LANES) earliest arrivals at the block of destinations that starts at `column`.

    One table without a limit on rides; with one, a table for at most 1, 2, ... `max_rides` rides, as far as one ride more
    changes anything. Connections before the span of `spec` are left as they are.
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
            return  # one ride more changes nothing, nor will any further one
        yield labels
        fewer = labels
