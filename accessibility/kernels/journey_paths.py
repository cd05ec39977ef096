"""Search kernel that follows the labels of a backward pass: which connections lead to an arrival."""

import numpy as np

from accessibility.kernels.arrays import Connections, Stays, Transfers
from accessibility.kernels.jit import compiled, inner
from accessibility.legs import Int32, Int64

UNSEEN, FIRST = -2, -1  # what stands before a step: nothing yet; nothing, because the journey begins with it


@compiled
def path_of_fewest_rides(  # noqa: C901, PLR0912, PLR0913, PLR0917  # kernel: one loop over the steps, arrays one by one
    boardings: Int32,
    lane: int,
    arrival_s: int,
    tables: Int32,
    limited: bool,
    connections: Connections,
    transfers: Transfers,
    stays: Stays,
    egress_s: Int32,
    before: Int64,
) -> Int64:
    """(n,) connections of fewest rides from one of the `boardings` to one from which people walk to the destination `lane`.

    `tables` is (n_tables, n_connections + 1, LANES), with the label `arrival_s` at every boarding in the last of them. If
    rides are `limited`, a transfer leads to the table before. Of equally many rides, those from the boarding that stands
    first; to stay aboard while a trip becomes another is no ride more. Rides are tried one more at a time (breadth first),
    so that no step is taken twice, though connections of 0 s can form a cycle. `before` (n_tables x rows,) is UNSEEN
    everywhere, before and after. Empty if no path leads there.
    """
    rows = tables.shape[1]
    starts, n_starts = boardings.astype(np.int64) + (tables.shape[0] - 1) * rows, len(boardings)
    came_from = np.full(n_starts, FIRST, np.int64)
    seen, n_seen, last = np.empty(256, np.int64), 0, UNSEEN
    while last == UNSEEN and n_starts:
        changes, changed_from, n, i = np.empty(256, np.int64), np.empty(256, np.int64), 0, 0
        while i < n_starts:
            step, earlier, i = starts[i], came_from[i], i + 1
            while before[step] == UNSEEN:
                before[step] = earlier
                if n_seen == len(seen):
                    seen = _longer(seen)
                seen[n_seen] = step
                n_seen += 1
                table, row = step // rows, step % rows
                stop = connections.alight_stop[row]
                if stop >= 0 and connections.arrival_s[row] + egress_s[stop, lane] == arrival_s:
                    last = step
                    break
                fewer = table - 1 if limited else table
                if stop >= 0 and fewer >= 0:
                    for t in range(transfers.offset[row], transfers.offset[row + 1]):
                        if tables[fewer, transfers.connection[t], lane] == arrival_s:
                            if n == len(changes):
                                changes, changed_from = _longer(changes), _longer(changed_from)
                            changes[n], changed_from[n] = fewer * rows + transfers.connection[t], step
                            n += 1
                for stay in range(np.searchsorted(stays.row, row), np.searchsorted(stays.row, row + 1)):
                    if tables[table, stays.connection[stay], lane] == arrival_s:
                        if n_starts == len(starts):
                            starts, came_from = _longer(starts), _longer(came_from)
                        starts[n_starts], came_from[n_starts] = table * rows + stays.connection[stay], step
                        n_starts += 1
                following = connections.following[row]
                if tables[table, following, lane] != arrival_s:
                    break
                step, earlier = table * rows + following, step
            if last != UNSEEN:
                break
        starts, came_from, n_starts = changes, changed_from, n
    path: Int64 = _steps_to(last, before) % rows
    for i in range(n_seen):
        before[seen[i]] = UNSEEN
    return path


@inner
def _longer(rows: Int64) -> Int64:
    """The rows, with as much room again behind them."""
    longer: Int64 = np.concatenate((rows, np.empty_like(rows)))
    return longer


@inner
def _steps_to(last: int, before: Int64) -> Int64:
    """(n,) the steps that end with `last`, in order."""
    length, step = 0, last
    while step >= 0:
        length, step = length + 1, before[step]
    path, step = np.empty(length, np.int64), last
    for place in range(length - 1, -1, -1):
        path[place], step = step, before[step]
    return path
