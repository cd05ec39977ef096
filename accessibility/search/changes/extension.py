"""Prepares a network that has more patterns than one prepared before: only what the new patterns touch is computed.

That a useful transfer leads to a pattern depends on that pattern and on the own trip alone (`kernels.transfers`). So the
transfers between the trips there are stay what they are, and those from and to the new trips are added. The result is that of
preparing afresh, array by array.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from accessibility.compressed_rows import offsets_of, ranges, row_numbers
from accessibility.kernels.arrays import Boardings, Bool, Calls, Chains, Connections, Stays, Transfers
from accessibility.kernels.transfers import merged_transfers
from accessibility.legs import Int32, LegTable, Points, legs_from_triples
from accessibility.search.joining import JoinedNetwork, join
from accessibility.search.links.staying import useful_stays
from accessibility.search.links.walks import arriving_legs, stop_points, walking_legs
from accessibility.search.preparation import (
    PreparedNetwork,
    boarding_candidates,
    boardings_of,
    calls_of,
    connections_of,
    linked_transfers,
)
from accessibility.search.spec import SearchSpec
from accessibility.search.usable_service import usable_timetable
from accessibility.streets.read import StreetNetwork
from accessibility.timetable.timetable import Timetable


@dataclass(frozen=True, eq=False)
class Extended:
    """A network of more patterns, and where it has the connections of the one it was made from."""

    network: PreparedNetwork
    row: Int32  # (n_connections + 1,) of the smaller network; the last entry is the row "none" of the larger


def extended(base: PreparedNetwork, whole: Timetable, legs: LegTable) -> Extended:
    """The network of the timetable `whole`, whose first stops and patterns are those of `base`.

    `legs` are walks from stop to stop; between the stops of `base` they are those that it was prepared with.
    """
    usable = usable_timetable(whole, base.spec.modes, base.spec.wheelchair)
    n_before = len(base.timetable.pattern_route)
    new, new_chains = connections_of(usable, base.spec.span_s, n_before)
    connections, row, new_row = _merged(base.connections, new)
    boardings = _with_more_boardings(base.boardings, row, boardings_of(new, usable.position_can_board), new_row)
    calls = calls_of(usable, base.spec.span_s)
    chains = Chains(
        np.concatenate([base.chains.offset, base.chains.offset[-1] + new_chains.offset[1:]]),
        np.concatenate([row[base.chains.connection], new_row[new_chains.connection]]),
    )
    stays = Stays(*(row[column] for column in base.stays))
    network = PreparedNetwork(base.spec, usable, legs, connections, boardings, base.transfers, calls, chains, stays)
    return Extended(replace(network, transfers=_with_more_transfers(base, row, n_before, network)), row)


def only_patterns(network: PreparedNetwork, kept: Bool) -> PreparedNetwork:
    """The network with the trips of the patterns `kept` (n_patterns,) only; patterns, positions and stops keep their numbers."""
    rows = kept[network.calls.pattern[network.connections.position]]
    n = int(rows.sum())
    number = np.append(np.where(rows, np.cumsum(rows) - 1, n), n).astype(np.int32)
    old = network.connections
    columns = {name: getattr(old, name)[rows] for name in old._fields if name not in {"following", "zero_run"}}
    zero, departs = columns["departure_s"] == columns["arrival_s"], columns["departure_s"]
    zero_run = np.where(zero, np.searchsorted(departs, departs), -1).astype(np.int32)
    connections = Connections(following=number[old.following[rows]], zero_run=zero_run, **columns)
    source, boarded = row_numbers(network.transfers.offset), network.transfers.connection
    used = rows[source] & rows[boarded]
    transfers = Transfers(offsets_of(np.bincount(number[source[used]], minlength=n)), number[boarded[used]])
    staying = np.all([rows[column] for column in network.stays], axis=0)
    stays = Stays(*(number[column[staying]] for column in network.stays))
    boards = rows[network.boardings.connection]
    boardings = Boardings(
        np.concatenate([[0], np.cumsum(boards)])[network.boardings.offset].astype(np.int32),
        network.boardings.departure_s[boards],
        number[network.boardings.connection[boards]],
    )
    members = rows[network.chains.connection]
    heads = np.unique(np.concatenate([[0], np.cumsum(members)])[network.chains.offset])
    chains = Chains(heads.astype(np.int64), number[network.chains.connection[members]])
    timetable = network.timetable.only_patterns(kept)
    return PreparedNetwork(
        network.spec, timetable, network.transfer_legs, connections, boardings, transfers, network.calls, chains, stays
    )


def stays_only_within(base: PreparedNetwork, whole: Timetable, legs: LegTable) -> bool:
    """Whether people gain by staying aboard only between trips of `base`, whose patterns are the first of `whole`."""
    usable = usable_timetable(whole, base.spec.modes, base.spec.wheelchair)
    n_trips = usable.pattern_trip_offset[len(base.timetable.pattern_route)]
    return all(bool((trips < n_trips).all()) for trips in useful_stays(usable, legs, base.spec))


def legs_of_more_stops(base: PreparedNetwork, whole: Timetable, streets: StreetNetwork | None) -> LegTable | None:
    """Walks from stop to stop of `whole`, whose first stops are those of `base`; None where those between them change.

    They may change with the feed's transfer rules and in its stations.
    """
    before, walk, n_before = base.timetable, base.spec.walk_between_rides, len(base.timetable.stops)
    if not whole.transfer_rules.equals(before.transfer_rules) or len(whole.pathways):
        return None
    n = len(whole.stops)
    if n == n_before:
        return base.transfer_legs
    every = stop_points(whole)
    new = _from(every, n_before)
    arriving, leaving = walking_legs(streets, every, new, walk), walking_legs(streets, new, every, walk)
    itself = np.arange(n_before, n)
    return legs_from_triples(
        n,
        np.concatenate([base.transfer_legs.sources(), arriving.sources(), n_before + leaving.sources(), itself]),
        np.concatenate([base.transfer_legs.target, n_before + arriving.target, leaving.target, itself]),
        np.concatenate(
            [base.transfer_legs.seconds, arriving.seconds, leaving.seconds, np.zeros(n - n_before, np.int32)]
        ),
    )


def joined_after(
    base: JoinedNetwork,
    network: PreparedNetwork,
    streets: StreetNetwork | None,
    origins: Points,
    destinations: Points,
    spec: SearchSpec,
) -> JoinedNetwork:
    """As `join_points` of an extended network, from the walks of the network it was made from, joined to the same points."""
    n_before, stops = len(base.networks[0].timetable.stops), stop_points(network.timetable)
    if len(stops.ids) == n_before:
        return join([network], base.access, base.egress, base.direct)
    new = _from(stops, n_before)
    return join(
        [network],
        _with_more_targets(base.access, walking_legs(streets, origins, new, spec.walk), n_before),
        _with_more_targets(base.egress, arriving_legs(streets, new, destinations, spec.walk), n_before),
        base.direct,
    )


def _from(places: Points, first: int) -> Points:
    return places._replace(ids=places.ids[first:], lon=places.lon[first:], lat=places.lat[first:])


def _with_more_targets(old: LegTable, more: LegTable, n_before: int) -> LegTable:
    return legs_from_triples(
        len(old.offset) - 1,
        np.concatenate([old.sources(), more.sources()]),
        np.concatenate([old.target, n_before + more.target]),
        np.concatenate([old.seconds, more.seconds]),
    )


def _merged(old: Connections, new: Connections) -> tuple[Connections, Int32, Int32]:
    """(all connections in search order, the row of each old one, the row of each new one); last rows are "none"."""
    keys = [2 * one.departure_s.astype(np.int64) + (one.departure_s != one.arrival_s) for one in (old, new)]
    n_old, n_new = len(keys[0]), len(keys[1])
    n = n_old + n_new
    at = np.searchsorted(keys[0], keys[1], side="right")  # new positions come after all old ones
    before = np.cumsum(np.bincount(at, minlength=n_old + 1))[:n_old]
    old_row = np.append(np.arange(n_old) + before, n).astype(np.int32)
    new_row = np.append(at + np.arange(n_new), n).astype(np.int32)

    def together(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> npt.NDArray[Any]:
        column = np.empty(n, one.dtype)
        column[old_row[:-1]], column[new_row[:-1]] = one, other
        return column

    columns = {
        name: together(getattr(old, name), getattr(new, name))
        for name in ("departure_s", "arrival_s", "alight_stop", "trip", "position", "stayed")
    }
    zero, departs = columns["departure_s"] == columns["arrival_s"], columns["departure_s"]
    zero_run = np.full(n, -1, np.int32)
    zero_run[zero] = np.searchsorted(departs, departs[zero])
    following = together(old_row[old.following], new_row[new.following])
    return Connections(following=following, zero_run=zero_run, **columns), old_row, new_row


def _with_more_boardings(old: Boardings, row: Int32, new: Boardings, new_row: Int32) -> Boardings:
    n_positions = len(old.offset) - 1
    return Boardings(
        np.concatenate([old.offset, old.offset[-1] + new.offset[n_positions + 1 :]]).astype(np.int32),
        np.concatenate([old.departure_s, new.departure_s]),
        np.concatenate([row[old.connection], new_row[new.connection]]),
    )


def _with_more_transfers(base: PreparedNetwork, row: Int32, n_before: int, network: PreparedNetwork) -> Transfers:
    """The transfers of `base` in new numbers, those from its trips to new patterns, and those from the new trips."""
    connections, boardings, calls = network.connections, network.boardings, network.calls
    n_old_chains = len(base.chains.offset) - 1
    of_old, of_new = _chains(network.chains, 0, n_old_chains), _chains(network.chains, n_old_chains, None)
    to_new = boarding_candidates(_only_patterns_from(calls, n_before), boardings, network.transfer_legs)
    met = np.diff(to_new.offset) > 0
    touched = _meeting(of_old, connections, met)
    alighted = np.zeros(len(met), bool)
    stops = connections.alight_stop[of_new.connection]
    alighted[stops[stops >= 0]] = True
    to_any = boarding_candidates(calls, boardings, _from_only(network.transfer_legs, alighted))
    parts = [
        linked_transfers(
            connections,
            of_old_or_new,
            boardings,
            candidates,
            calls.pattern,
            network.stays,
            network.transfer_legs,
            base.spec,
        )
        for of_old_or_new, candidates in ((touched, to_new), (of_new, to_any))
    ]
    rows, counts, linked = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Transfers(
        *merged_transfers(
            len(connections.departure_s),
            row,
            base.transfers.offset,
            base.transfers.connection,
            rows,
            offsets_of(counts),
            linked,
        )
    )


def _chains(chains: Chains, first: int, end: int | None) -> Chains:
    offset = chains.offset[first : None if end is None else end + 1]
    return Chains(offset - offset[0], chains.connection[offset[0] : offset[-1]])


def _meeting(chains: Chains, connections: Connections, met: Bool) -> Chains:
    """The chains that call at one of the stops `met` (n_stops,)."""
    stop = connections.alight_stop[chains.connection]
    calls = np.concatenate([[0], np.cumsum((stop >= 0) & met[stop])])
    kept = np.flatnonzero(np.diff(calls[chains.offset]))
    length = np.diff(chains.offset)[kept]
    return Chains(offsets_of(length), chains.connection[ranges(chains.offset[kept], length)])


def _only_patterns_from(calls: Calls, first: int) -> Calls:
    """The calls of the patterns from `first` on."""
    kept = calls.pattern[calls.position] >= first
    counts = np.concatenate([[0], np.cumsum(kept)])[calls.offset]
    return calls._replace(offset=counts.astype(np.int32), position=calls.position[kept])


def _from_only(legs: LegTable, stops: Bool) -> LegTable:
    """The legs from some of the stops; the others have none."""
    length = np.where(stops, np.diff(legs.offset), 0)
    rows = ranges(legs.offset[:-1], length)
    return LegTable(offsets_of(length), legs.target[rows], legs.seconds[rows])
