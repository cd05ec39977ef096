"""The searching kernels: exact travel times from many origins to few destinations by one backward pass over the timetable.

Arrays in, arrays out; nothing here knows files, names or units other than seconds and row numbers.

Going backward through the connections (hops of trips) in order of departure, the label of a connection is the earliest
arrival at a destination for somebody sitting in it: stay in, get out and walk to the destination, or get out and change
to another connection. Labels of `LANES` destinations are computed side by side. This is the profile variant of the
Connection Scan Algorithm (Dibbelt, Pajor, Strasser and Wagner, 2018) on the changes of Trip-Based Routing (Witt, 2015),
both turned round, since our question has many origins and few destinations.

All kernels release the GIL and write to rows of their own, so the number of threads changes nothing but the speed.
"""

import numpy as np

from accessibility.kernels.arrays import Boardings, Bool, Candidates, Egress, Network, Window
from accessibility.kernels.jit import compiled, inlined
from accessibility.kernels.simd import LANES, NEVER, copy_row, lower_row, lower_row_later
from accessibility.kernels.transfers import first_boarding
from accessibility.legs import Int32, LegTable


@inlined
def _get_out(  # noqa: PLR0913, PLR0917  # kernel: compiled code takes its arrays one by one
    labels: Int32,
    c: int,
    stop: int,
    arrival_s: int,
    source: Int32,
    reaches: Bool,
    egress_s: Int32,
    changes: Int32,
    first: int,
    last: int,
) -> None:
    """Lower the labels of connection `c` by getting out at `stop`: to the destinations, or to one of `changes[first:last]`.

    Labels of what one changes to are in `source`.
    """
    if stop >= 0:
        if reaches[stop]:
            lower_row_later(labels, c, egress_s, stop, arrival_s)
        for t in range(first, last):
            lower_row(labels, c, source, changes[t])


@compiled
def backward_labels(first: int, last: int, network: Network, egress: Egress, labels: Int32) -> None:
    """Earliest arrivals for somebody sitting in each connection of `first:last`, any number of rides; fills `labels`.

    `labels` is (n + 1, LANES). A change always leads to a connection that departs no earlier than this one arrives, so it
    is done already; only hops of 0 s can lead to each other, and a run of them is repeated until nothing changes.
    """
    # Taken out of their tuples once: inside the loop each would be counted as used and released again.
    following, zero_run = network.connections.following, network.connections.zero_run
    stop, arrival_s = network.connections.alight_stop, network.connections.arrival_s
    offset, changes = network.transfers.offset, network.transfers.connection
    reaches, egress_s = egress.reaches, egress.seconds
    before = np.empty((1, LANES), np.int32)
    labels[last:] = NEVER
    c = last - 1
    while c >= first:
        run = zero_run[c]
        if run < 0:
            copy_row(labels, c, labels, following[c])
            _get_out(labels, c, stop[c], arrival_s[c], labels, reaches, egress_s, changes, offset[c], offset[c + 1])
            c -= 1
            continue
        run = max(run, first)
        labels[run : c + 1] = NEVER
        changed = True
        while changed:
            changed = False
            for z in range(c, run - 1, -1):
                copy_row(before, 0, labels, z)
                lower_row(labels, z, labels, following[z])
                _get_out(labels, z, stop[z], arrival_s[z], labels, reaches, egress_s, changes, offset[z], offset[z + 1])
                for lane in range(LANES):
                    changed = changed or before[0, lane] != labels[z, lane]
        c = run - 1


@compiled
def backward_labels_one_more_ride(
    first: int, last: int, network: Network, egress: Egress, fewer: Int32, labels: Int32
) -> None:
    """As `backward_labels`, with at most one ride more than the labels `fewer` (n + 1, LANES) allow."""
    following = network.connections.following
    stop, arrival_s = network.connections.alight_stop, network.connections.arrival_s
    offset, changes = network.transfers.offset, network.transfers.connection
    reaches, egress_s = egress.reaches, egress.seconds
    labels[last:] = NEVER
    for c in range(last - 1, first - 1, -1):
        copy_row(labels, c, labels, following[c])
        _get_out(labels, c, stop[c], arrival_s[c], fewer, reaches, egress_s, changes, offset[c], offset[c + 1])


@compiled
def earliest_arrivals(
    point: int, labels: Int32, boardings: Boardings, candidates: Candidates, window: Window, arrivals: Int32
) -> None:
    """Earliest arrivals from one point for every departure of the window, into `arrivals` (n_departures, LANES).

    A boarding serves every departure that still reaches it, so it is entered at the last of these, and the minimum is
    then swept backward over the window. Trips of a pattern do not overtake: the first boarding that serves the last
    departure ends the list.
    """
    last = window.n_departures - 1
    first_point, positions, walk_s = candidates.offset, candidates.position, candidates.walk_s
    offset, departs_s, connection = boardings.offset, boardings.departure_s, boardings.connection
    # Half a second keeps a whole number of steps from being rounded down; multiplying is ten times as fast as dividing.
    steps_per_s = 1.0 / window.step_s
    arrivals[:] = NEVER
    for i in range(first_point[point], first_point[point + 1]):
        position, lead_s = positions[i], window.start_s + walk_s[i] + window.slack_s
        high = offset[position + 1]
        b = first_boarding(departs_s, offset[position], high, lead_s)
        while b < high:
            k = min(int((departs_s[b] - lead_s + 0.5) * steps_per_s), last)
            lower_row(arrivals, k, labels, connection[b])
            if k == last:
                break
            b += 1
    for k in range(last - 1, -1, -1):
        lower_row(arrivals, k, arrivals, k + 1)


@compiled
def fill_lanes(column: int, legs: LegTable, table: Int32) -> None:
    """Legs of the destinations `column`, `column + 1`, ... into the lanes of `table` (n_points, LANES), NEVER elsewhere."""
    table[:] = NEVER
    for destination in range(column, min(column + LANES, len(legs.offset) - 1)):
        for leg in range(legs.offset[destination], legs.offset[destination + 1]):
            table[legs.target[leg], destination - column] = legs.seconds[leg]
