"""Lets people stay aboard where a trip becomes another: in a prepared network that trip stands twice."""

from typing import NamedTuple

import numpy as np

from accessibility.compressed_rows import offsets_of, ranges, row_numbers
from accessibility.kernels.arrays import Bool, Chains, Connections, Stays
from accessibility.legs import Int32, Int64, LegTable
from accessibility.search.spec import SearchSpec
from accessibility.timetable.timetable import Timetable

_NOBODY_STAYS = Stays(*(np.empty(0, np.int32) for _ in Stays._fields))


class _Rows(NamedTuple):
    """The trips of a timetable as rows of connections; all columns (n_chains,)."""

    first: Int32  # connection
    last: Int32
    pattern: Int32
    trip: Int32  # of the timetable
    is_first: Bool  # whether that is the trip's first connection, and not cut off by the span
    is_last: Bool


def useful_stays(timetable: Timetable, legs: LegTable, spec: SearchSpec) -> tuple[Int64, Int64]:
    """(n_stays,) trips, and the trips that they become, where people who stay aboard gain something.

    Without a limit on rides they gain nothing where they can alight and board again in time, by the transfer `legs`.
    """
    one, other = timetable.continuations()
    if spec.max_rides is not None or not len(one):
        return one, other
    ends, positions = timetable.trip_ends(), timetable.end_positions()
    alights, boards = (
        timetable.position_can_alight[positions[1][one]],
        timetable.position_can_board[positions[0][other]],
    )
    n = len(timetable.stops)
    asked = ends.last_stop[one].astype(np.int64) * n + ends.first_stop[other]
    walks = np.append(legs.sources() * n + legs.target, n * n)  # the last is nobody's
    at = np.searchsorted(walks, asked)
    ready_s = ends.arrives_s[one] + np.append(legs.seconds, 0)[at].astype(np.int64) + spec.board_slack_s
    as_good = alights & boards & (walks[at] == asked) & (ready_s <= ends.departs_s[other])
    return one[~as_good], other[~as_good]


def with_stays(
    timetable: Timetable, connections: Connections, chains: Chains, legs: LegTable, spec: SearchSpec
) -> tuple[Connections, Chains, Stays]:
    """The connections and chains with those that people are in who stayed aboard from another trip, and where they stay.

    Such a connection stands twice: for those who boarded it, and for those who stayed. Whoever boards may as well wait for
    a later trip of the pattern, and stay aboard there; whoever stayed can't.
    """
    one, other = useful_stays(timetable, legs, spec)
    if not len(one) or not len(connections.departure_s):
        return connections, chains, _NOBODY_STAYS
    rows = _rows(timetable, connections, chains)
    chain_of = np.full(len(timetable.trip_id), -1)
    chain_of[rows.trip] = np.arange(len(rows.trip))
    one, other = chain_of[one], chain_of[other]
    there = (one >= 0) & (other >= 0) & rows.is_last[one] & rows.is_first[other]
    return _with_copies(connections, chains, rows, one[there], other[there])


def _rows(timetable: Timetable, connections: Connections, chains: Chains) -> _Rows:
    first, last = chains.connection[chains.offset[:-1]], chains.connection[chains.offset[1:] - 1]
    offset = timetable.pattern_position_offset
    pattern = row_numbers(offset)[connections.position[first]].astype(np.int32)
    return _Rows(
        first,
        last,
        pattern,
        timetable.pattern_trip_offset[pattern] + connections.trip[first],
        connections.position[first] == offset[pattern],
        connections.position[last] == offset[pattern + 1] - 2,
    )


def _with_copies(
    connections: Connections, chains: Chains, rows: _Rows, one: Int64, other: Int64
) -> tuple[Connections, Chains, Stays]:
    """As `with_stays`, where the chain `one[i]` becomes `other[i]`."""
    copied, n = np.unique(other), len(connections.departure_s)
    length = np.diff(chains.offset)[copied]
    members = chains.connection[ranges(chains.offset[copied], length)]
    first_copy = np.full(len(rows.first), -1, np.int64)
    first_copy[copied] = n + offsets_of(length)[:-1]
    last_copy = first_copy + np.diff(chains.offset) - 1
    early, source, later = _of_earlier_trips(rows, one, other)
    again = first_copy[one] >= 0
    row = np.concatenate([rows.last[early], last_copy[one[again]]])
    into = first_copy[np.concatenate([later, other[again]])]
    by = np.concatenate([rows.last[source], last_copy[one[again]]])
    depth = np.repeat(_depths(len(rows.first), one, other)[copied], length)
    every, rank = _merged(connections, members, offsets_of(length), depth)
    order = np.lexsort((rank[into], rank[row]))
    both = Chains(
        np.concatenate([chains.offset, chains.offset[-1] + offsets_of(length)[1:]]),
        rank[np.concatenate([chains.connection, np.arange(n, n + len(members))])],
    )
    return every, both, Stays(rank[row][order], rank[into][order], rank[by][order])


def _of_earlier_trips(rows: _Rows, one: Int64, other: Int64) -> tuple[Int64, Int64, Int64]:
    """(n,) chains, the same or a later trip of their pattern that becomes another, and that other, of all pairs of chains."""
    whole = np.flatnonzero(rows.is_last)
    order = whole[np.argsort(rows.trip[whole], kind="stable")]  # trips are numbered pattern by pattern
    start = np.searchsorted(rows.pattern[order], rows.pattern[one])
    count = np.searchsorted(rows.trip[order], rows.trip[one], side="right") - start
    return order[ranges(start, count)], np.repeat(one, count), np.repeat(other, count)


def _depths(n_chains: int, one: Int64, other: Int64) -> Int64:
    """(n_chains,) how often people have stayed aboard at most before a trip, from the pairs of trips that become others."""
    depth = np.zeros(n_chains, np.int64)
    while True:
        deeper = depth.copy()
        np.maximum.at(deeper, other, depth[one] + 1)
        if (deeper == depth).all():
            return depth
        depth = deeper


def _merged(connections: Connections, members: Int32, offset: Int64, depth: Int64) -> tuple[Connections, Int32]:
    """The connections and the copies of `members` (those of trip `i` are `offset[i]:offset[i + 1]`), and the new row of each.

    Connections of 0 s that people pass by staying aboard stand in the order of passing: by `depth` (n_members,).
    """
    n, n_copies = len(connections.departure_s), len(members)
    taken = Connections._make(np.concatenate([column, column[members]]) for column in connections)
    following = np.arange(n + 1, n + n_copies + 1)
    following[offset[1:] - 1] = n + n_copies
    after = np.concatenate([np.where(connections.following == n, n + n_copies, connections.following), following])
    zero, level = taken.departure_s == taken.arrival_s, np.concatenate([np.zeros(n, np.int64), depth])
    order = np.lexsort((taken.trip, taken.position, level, ~zero, taken.departure_s))
    rank = np.full(n + n_copies + 1, n + n_copies, np.int32)
    rank[order] = np.arange(n + n_copies, dtype=np.int32)
    departs = taken.departure_s[order]
    found = Connections._make(column[order] for column in taken)._replace(
        following=rank[after[order]],
        zero_run=np.where(zero[order], np.searchsorted(departs, departs), -1).astype(np.int32),
        stayed=order >= n,
    )
    return found, rank
