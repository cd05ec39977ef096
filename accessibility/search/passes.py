"""Runs the backward passes of a search: the earliest arrival at every destination from aboard each connection."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from accessibility.errors import SearchSpecError
from accessibility.kernels import connection_scan
from accessibility.kernels.arrays import Block, Bool, Candidates, Egress, Network, Window
from accessibility.kernels.simd import LANES, NEVER
from accessibility.legs import Int32, LegTable
from accessibility.search.joining import JoinedNetwork
from accessibility.search.preparation import PreparedNetwork
from accessibility.search.spec import SearchSpec
from accessibility.threads import in_threads

# From so many on, it saves time to find first which transfers are needed at all.
_MANY_DESTINATIONS = 20 * LANES


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
            yield block_of(self.joined, column, tables[-1])


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


def search_block(
    joined: JoinedNetwork, number: int, column: int, spec: SearchSpec, running: Bool | None = None
) -> Block:
    """The block of destinations that starts at `column`, with the labels of the backward pass over network `number`.

    `running` (n_connections,) says which connections run; all of them by default.
    """
    for labels in _labels_by_rides(joined.networks[number], joined.egress, column, spec, running):
        last = labels
    return block_of(joined, column, last)


def search_block_after(
    joined: JoinedNetwork, base: Block, base_running: Bool, spec: SearchSpec, running: Bool
) -> Block:
    """As `search_block` of the first network, from the block `base` of a pass in which the connections `base_running` ran."""
    if spec.max_rides is not None:
        return search_block(joined, 0, base.column, spec, running)
    prepared = joined.networks[0]
    first, last = rows_searched(prepared, spec)
    network, egress = _pass_inputs(prepared, joined.egress, base.column, running)
    labels = np.empty_like(base.labels)
    connection_scan.backward_labels_after(first, last, network, egress, base_running, base.labels, labels)
    return base._replace(labels=labels)


def rows_searched(prepared: PreparedNetwork, spec: SearchSpec) -> tuple[int, int]:
    """The first connection of the span of `spec`, and the first after it."""
    first, last = (int(row) for row in np.searchsorted(prepared.connections.departure_s, spec.span_s))
    return first, last


def block_of(joined: JoinedNetwork, column: int, labels: Int32) -> Block:
    """The block of destinations that starts at `column`, all of which are asked of every origin."""
    every = np.full(joined.n_origins, 2**LANES - 1, np.uint16)
    return Block(column, labels, lanes_of(joined.direct, column, joined.n_origins), every)


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


def _labels_by_rides(
    prepared: PreparedNetwork, egress: LegTable, column: int, spec: SearchSpec, running: Bool | None = None
) -> Iterator[Int32]:
    """Tables (n_connections + 1, LANES) of earliest arrivals at the block of destinations that starts at `column`.

    Without a limit on rides there is one table. With a limit there is one for at most 1, 2, ... `max_rides` rides; they
    end early if one more ride changes nothing. Rows of connections before the span of `spec` are not filled.
    """
    first, last = rows_searched(prepared, spec)
    network, leaving = _pass_inputs(prepared, egress, column, running)
    shape = (len(prepared.connections.departure_s) + 1, LANES)
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


def _pass_inputs(
    prepared: PreparedNetwork, egress: LegTable, column: int, running: Bool | None
) -> tuple[Network, Egress]:
    """What a backward pass takes to the block of destinations that starts at `column`."""
    walks = lanes_of(egress, column, len(prepared.calls.offset) - 1)
    runs = np.ones(len(prepared.connections.departure_s), bool) if running is None else running
    many = running is None and len(egress.offset) > _MANY_DESTINATIONS
    transfers = prepared.needed_transfers if many else prepared.transfers
    return Network(prepared.connections, transfers, prepared.stays, runs), Egress(np.any(walks < NEVER, axis=1), walks)
