"""Search kernels: exact travel times from many origins to few destinations, by one backward pass over the timetable.

They take and return arrays of seconds and row numbers, and know no files or names.

The pass goes backward through the connections in order of departure. The label of a connection is the earliest arrival
at a destination for people aboard: they stay in, alight and walk to the destination, or alight and board another
connection. Labels of `LANES` destinations are computed at the same time. This is the profile variant of the Connection
Scan Algorithm (Dibbelt, Pajor, Strasser and Wagner, 2018) with the transfers of Trip-Based Routing (Witt, 2015). Both are
reversed in time here, because there are many origins and few destinations.

All kernels release the GIL and each call writes to its own rows, so the number of threads affects only the speed.
"""

import numpy as np

from accessibility.kernels.arrays import Bool, Egress, Network
from accessibility.kernels.jit import compiled, inlined
from accessibility.kernels.simd import LANES, NEVER, copy_row, lower_row, lower_row_by, lower_row_later
from accessibility.legs import Int32, Int64, LegTable


@inlined
def _alight(  # noqa: PLR0913, PLR0917  # kernel: compiled code takes its arrays one by one
    labels: Int32,
    c: int,
    stop: int,
    arrival_s: int,
    source: Int32,
    reaches: Bool,
    egress_s: Int32,
    transfers: Int32,
    first: int,
    last: int,
) -> None:
    """Lower the labels of connection `c` by alighting at `stop`: walk to the destinations, or board `transfers[first:last]`.

    `source` has the labels of the connections boarded. Where nobody may alight, people can only stay aboard the next trip.
    """
    if stop >= 0 and reaches[stop]:
        lower_row_later(labels, c, egress_s, stop, arrival_s)
    lower_row_by(labels, c, source, transfers, first, last)


@inlined
def _label_run(  # noqa: PLR0913, PLR0917  # kernel: compiled code takes its arrays one by one
    run: int,
    c: int,
    labels: Int32,
    running: Bool,
    following: Int32,
    stop: Int32,
    arrival_s: Int32,
    reaches: Bool,
    egress_s: Int32,
    offset: Int64,
    transfers: Int32,
    before: Int32,
) -> None:
    """Fill the labels of the connections of 0 s `run:c + 1`, which can lead to each other: repeated until none changes."""
    labels[run : c + 1] = NEVER
    changed = True
    while changed:
        changed = False
        for z in range(c, run - 1, -1):
            if not running[z]:
                continue
            copy_row(before, 0, labels, z)
            lower_row(labels, z, labels, following[z])
            _alight(labels, z, stop[z], arrival_s[z], labels, reaches, egress_s, transfers, offset[z], offset[z + 1])
            for lane in range(LANES):
                changed = changed or before[0, lane] != labels[z, lane]


@compiled
def backward_labels(first: int, last: int, network: Network, egress: Egress, labels: Int32) -> None:
    """Fill `labels` with the earliest arrivals from aboard each connection of `first:last`, with any number of rides.

    `labels` is (n + 1, LANES). A transfer leads to a connection that departs no earlier than this one arrives, so its
    labels are final already. Only connections of 0 s can lead to each other.
    """
    # Taken out of their tuples once: inside the loop, numba would count references to each array.
    following, zero_run = network.connections.following, network.connections.zero_run
    stop, arrival_s = network.connections.alight_stop, network.connections.arrival_s
    offset, transfers = network.transfers.offset, network.transfers.connection
    reaches, egress_s, running = egress.reaches, egress.seconds, network.running
    before = np.empty((1, LANES), np.int32)
    labels[last:] = NEVER
    c = last - 1
    while c >= first:
        run = zero_run[c]
        if not running[c] and run < 0:
            labels[c] = NEVER
            c -= 1
        elif run < 0:
            copy_row(labels, c, labels, following[c])
            _alight(labels, c, stop[c], arrival_s[c], labels, reaches, egress_s, transfers, offset[c], offset[c + 1])
            c -= 1
        else:
            run = max(run, first)
            _label_run(
                run, c, labels, running, following, stop, arrival_s, reaches, egress_s, offset, transfers, before
            )
            c = run - 1


@compiled
def backward_labels_after(  # noqa: C901, PLR0913, PLR0917  # kernel: one loop
    first: int, last: int, network: Network, egress: Egress, base_running: Bool, base: Int32, labels: Int32
) -> None:
    """Fill `labels` as `backward_labels`, from the labels `base` (n + 1, LANES) with `base_running` in place of `running`.

    A label is computed anew only where the connection itself, its trip's next one or one of its transfers is other than in
    the base; all others are those of the base, because all that they are made of is.
    """
    following, zero_run = network.connections.following, network.connections.zero_run
    stop, arrival_s = network.connections.alight_stop, network.connections.arrival_s
    offset, transfers = network.transfers.offset, network.transfers.connection
    reaches, egress_s, running = egress.reaches, egress.seconds, network.running
    before = np.empty((1, LANES), np.int32)
    other = np.zeros(len(labels), np.bool_)
    labels[last:] = NEVER
    c = last - 1
    while c >= first:
        start = c if zero_run[c] < 0 else max(zero_run[c], first)
        anew = False
        for z in range(start, c + 1):
            anew = anew or running[z] != base_running[z] or (running[z] and other[following[z]])
            if running[z]:
                for t in range(offset[z], offset[z + 1]):
                    anew = anew or other[transfers[t]]
        if not anew:
            for z in range(start, c + 1):
                copy_row(labels, z, base, z)
        elif zero_run[c] >= 0:
            _label_run(
                start, c, labels, running, following, stop, arrival_s, reaches, egress_s, offset, transfers, before
            )
        elif running[c]:
            copy_row(labels, c, labels, following[c])
            _alight(labels, c, stop[c], arrival_s[c], labels, reaches, egress_s, transfers, offset[c], offset[c + 1])
        else:
            labels[c] = NEVER
        if anew:
            for z in range(start, c + 1):
                for lane in range(LANES):
                    other[z] = other[z] or labels[z, lane] != base[z, lane]
        c = start - 1


@compiled
def backward_labels_one_more_ride(
    first: int, last: int, network: Network, egress: Egress, fewer: Int32, labels: Int32
) -> None:
    """Fill `labels` as `backward_labels`, with at most one ride more than in the labels `fewer` (n + 1, LANES).

    To stay aboard while a trip becomes another is no ride more.
    """
    following = network.connections.following
    stays_row, stays_in = network.stays.row, network.stays.connection
    stay = len(stays_row) - 1
    stop, arrival_s = network.connections.alight_stop, network.connections.arrival_s
    offset, transfers = network.transfers.offset, network.transfers.connection
    reaches, egress_s, running = egress.reaches, egress.seconds, network.running
    labels[last:] = NEVER
    for c in range(last - 1, first - 1, -1):
        if not running[c]:
            labels[c] = NEVER
            continue
        copy_row(labels, c, labels, following[c])
        _alight(labels, c, stop[c], arrival_s[c], fewer, reaches, egress_s, transfers, offset[c], offset[c + 1])
        while stay >= 0 and stays_row[stay] > c:
            stay -= 1
        while stay >= 0 and stays_row[stay] == c:
            lower_row(labels, c, labels, stays_in[stay])
            stay -= 1


@compiled
def fill_lanes(column: int, legs: LegTable, table: Int32) -> None:
    """Fill `table` (n_points, LANES) with the legs of the destinations `column`, `column + 1`, ..., NEVER elsewhere."""
    table[:] = NEVER
    for destination in range(column, min(column + LANES, len(legs.offset) - 1)):
        for leg in range(legs.offset[destination], legs.offset[destination + 1]):
            table[legs.target[leg], destination - column] = legs.seconds[leg]
