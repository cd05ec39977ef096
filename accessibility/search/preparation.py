"""Prepares a timetable for searches: its connections in search order, and the useful transfers between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from accessibility.compressed_rows import offsets_of, ranges, row_numbers
from accessibility.errors import SearchSpecError
from accessibility.kernels import transfers as kernels
from accessibility.kernels.arrays import (
    Boardings,
    Bool,
    Calls,
    Candidates,
    Chains,
    Connections,
    Riding,
    Stays,
    Transfers,
)
from accessibility.kernels.simd import NEVER
from accessibility.legs import Int32, Int64, LegTable
from accessibility.search.links.staying import with_stays
from accessibility.search.spec import SearchSpec
from accessibility.search.usable_service import usable_timetable
from accessibility.threads import in_threads
from accessibility.timetable.timetable import Timetable

_POINTS_PER_TASK = 256
_TASKS_PER_PREPARATION = 16
_ROWS_AT_ONCE = (
    65_536  # connections whose transfers are put into place at a time: numbers of all take six times their memory
)

Number = TypeVar("Number", np.int32, np.int64)


@dataclass(frozen=True, eq=False)
class PreparedNetwork:
    """Arrays shared by all searches within the span of `spec` that have its rules of riding and transfers; see `prepare`."""

    spec: SearchSpec
    timetable: Timetable  # only the trips that people can use
    transfer_legs: LegTable  # stop -> stop
    connections: Connections
    boardings: Boardings
    transfers: Transfers
    calls: Calls
    chains: Chains
    stays: Stays

    @cached_property
    def needed_transfers(self) -> Transfers:
        """The transfers that give the same labels as all do, where all connections run: a third to a half of them.

        To find them takes as long as ten or twenty backward passes with all transfers.
        """
        riding, (offset, connection), members = self._riding(), self.transfers, self.chains.connection
        needed, n_trips = np.zeros(len(connection), bool), len(self.chains.offset) - 1

        def of_slice(trips: tuple[int, int]) -> None:
            kernels.needed_transfers(trips, riding, members, offset, connection, needed)

        in_threads(of_slice, n_trips, max(64, n_trips // _TASKS_PER_PREPARATION))
        return Transfers(offsets_of(needed)[offset], connection[needed])

    def _riding(self) -> Riding:
        members, connections, n_stops = self.chains.connection, self.connections, len(self.calls.offset) - 1
        place = np.empty(len(members), np.int32)
        place[members] = np.arange(len(members), dtype=np.int32)
        end = np.repeat(self.chains.offset[1:], np.diff(self.chains.offset))
        goes_on = np.zeros(len(members) + 1, bool)
        goes_on[place[self.stays.row] + 1] = True
        stop = connections.alight_stop[members]
        return Riding(
            n_stops=n_stops,
            offset=self.chains.offset,
            place=place,
            end=end.astype(np.int32),
            stop=np.where(stop < 0, n_stops, stop).astype(np.int32),
            arrival_s=connections.arrival_s[members],
            kept=goes_on[end] | connections.stayed[members],
        )


def prepare(timetable: Timetable, transfer_legs: LegTable, spec: SearchSpec) -> PreparedNetwork:
    """A `PreparedNetwork` for all searches within the span of `spec`, with the useful transfers between connections.

    `transfer_legs` are walks from stop to stop (`walks.transfer_legs`). The network serves any origins and destinations,
    and any `SearchSpec` that `require_covering` accepts.
    """
    usable = usable_timetable(timetable, spec.modes, spec.wheelchair)
    connections, chains, stays = with_stays(usable, *connections_of(usable, spec.span_s), transfer_legs, spec)
    boardings = boardings_of(connections, usable.position_can_board)
    calls = calls_of(usable, spec.span_s)
    candidates = boarding_candidates(calls, boardings, transfer_legs)
    linked = linked_transfers(connections, chains, boardings, candidates, calls.pattern, stays, transfer_legs, spec)
    transfers = _by_connection(len(connections.departure_s), linked, stays)
    return PreparedNetwork(spec, usable, transfer_legs, connections, boardings, transfers, calls, chains, stays)


def require_covering(networks: Sequence[PreparedNetwork], spec: SearchSpec) -> None:
    """Raises `SearchSpecError` if networks that were prepared together can't be searched with `spec`."""
    prepared = networks[0].spec
    first, last = prepared.span_s
    if not (first <= spec.span_s[0] and spec.span_s[1] <= last):
        raise SearchSpecError(
            f"the prepared network covers {prepared.span_s} s, which is less than the search asks for"
        )
    needed = _fixed_options(spec)
    differing = [name for name, option in _fixed_options(prepared).items() if option != needed[name]]
    if differing:
        raise SearchSpecError(f"the network was prepared for another {' and another '.join(differing)}")


def _fixed_options(spec: SearchSpec) -> dict[str, object]:
    """The options that a prepared network is fixed to, by their names in messages."""
    return {
        "board slack": spec.board_slack_s,
        "walk between rides": spec.walk_between_rides,
        "choice of modes": spec.modes,
        "need of accessible stops and trips": spec.wheelchair,
        "draw of the headways": (spec.frequency_draws, spec.seed if spec.frequency_draws else 0),
    }


def connections_of(timetable: Timetable, span_s: tuple[int, int], first_pattern: int = 0) -> tuple[Connections, Chains]:
    """Connections of the patterns from `first_pattern` on, sorted by departure, and the chains of their trips.

    Connections of 0 s stand first among those of a second, so that the backward pass reaches them last.
    """
    position, trip, departs, arrives, following = kernels.cut_connections(
        timetable.pattern_position_offset[first_pattern:],
        timetable.pattern_trip_offset[first_pattern:],
        timetable.pattern_event_offset[first_pattern:],
        timetable.arrival_s,
        timetable.departure_s,
        *span_s,
    )
    zero = departs == arrives
    order = np.lexsort((trip, position, ~zero, departs))
    n = len(order)
    rank = np.full(len(position) + 1, n, np.int32)  # cut row -> search order; the last entry is for row -1
    rank[order] = np.arange(n, dtype=np.int32)
    reached = position[order] + 1
    connections = Connections(
        departure_s=departs[order],
        arrival_s=arrives[order],
        following=rank[following[order]],
        alight_stop=np.where(timetable.position_can_alight[reached], timetable.position_stop[reached], -1).astype(
            np.int32
        ),
        trip=trip[order],
        position=position[order],
        zero_run=np.where(zero[order], np.searchsorted(departs[order], departs[order]), -1).astype(np.int32),
        stayed=np.zeros(n, bool),
    )
    # The cut rows of a trip are in riding order, so a new trip starts where a row does not follow the one before.
    starts = np.ones(len(position), bool)
    starts[1:] = following[:-1] != np.arange(1, len(position))
    heads = np.append(np.flatnonzero(starts), n).astype(np.int64)
    return connections, Chains(heads, rank[:n])


def boardings_of(connections: Connections, can_board: Bool) -> Boardings:
    """Boardable connections grouped by position; within a position the order of trips is that of departures."""
    chosen = np.flatnonzero(can_board[connections.position] & ~connections.stayed)
    order = chosen[np.lexsort((connections.trip[chosen], connections.position[chosen]))].astype(np.int32)
    offset = offsets_of(np.bincount(connections.position[order], minlength=len(can_board))).astype(np.int32)
    return Boardings(offset, connections.departure_s[order], order)


def calls_of(timetable: Timetable, span_s: tuple[int, int]) -> Calls:
    """Where patterns call, and how long their rides take at most."""
    n_positions, n_stops = len(timetable.position_stop), len(timetable.stops)
    hops_s = kernels.slowest_hops(
        timetable.pattern_position_offset,
        timetable.pattern_trip_offset,
        timetable.pattern_event_offset,
        timetable.departure_s,
        *span_s,
    )
    lengths = np.diff(timetable.pattern_position_offset)
    total_s = np.cumsum(hops_s, dtype=np.int64) - hops_s
    before_s = np.repeat(total_s[timetable.pattern_position_offset[:-1]], lengths) if n_positions else total_s
    return Calls(
        offset=offsets_of(np.bincount(timetable.position_stop, minlength=n_stops)).astype(np.int32),
        position=np.argsort(timetable.position_stop, kind="stable").astype(np.int32),
        pattern=row_numbers(timetable.pattern_position_offset).astype(np.int32),
        ride_s=(total_s - before_s).astype(np.int32),
    )


def boarding_candidates(calls: Calls, boardings: Boardings, legs: LegTable) -> Candidates:
    """The useful boarding positions of each point, from `legs` (point -> stops)."""
    n_points = len(legs.offset) - 1

    def of_slice(bounds: tuple[int, int]) -> tuple[Int64, Int32, Int32]:
        part: tuple[Int64, Int32, Int32] = kernels.boarding_candidates(*bounds, legs, calls, boardings.offset)
        return part

    parts = in_threads(of_slice, n_points, _POINTS_PER_TASK)
    counts = _joined((part[0] for part in parts), np.int64)
    position = _joined((part[1] for part in parts), np.int32)
    walk_s = _joined((part[2] for part in parts), np.int32)
    return Candidates(offsets_of(counts), position, walk_s)


def _same_stop_s(legs: LegTable, n_stops: int) -> Int32:
    """(n_stops,) seconds for a transfer within one stop, NEVER where that is forbidden."""
    source = legs.sources()
    same = source == legs.target
    seconds = np.full(n_stops, NEVER, np.int32)
    seconds[source[same]] = legs.seconds[same]
    return seconds


class Linked(NamedTuple):
    """Useful transfers, trip by trip: those of each row follow those of the row before."""

    row: Int32  # (n_rows,) connection
    length: Int64  # (n_rows,) transfers after it
    connection: Int32  # (n_transfers,) boarded


def linked_transfers(  # noqa: PLR0913, PLR0917  # the arrays that the kernel links
    connections: Connections,
    chains: Chains,
    boardings: Boardings,
    candidates: Candidates,
    position_pattern: Int32,
    stays: Stays,
    legs: LegTable,
    spec: SearchSpec,
) -> Linked:
    """The useful transfers of the trips `chains`, to the positions that are `candidates` of the stops they call at."""
    n_chains = len(chains.offset) - 1
    boardable = np.zeros(len(connections.departure_s) + 1, bool)
    boardable[boardings.connection] = True
    goes_on = np.zeros(len(connections.departure_s), bool)
    goes_on[stays.row] = True
    same_stop_s = _same_stop_s(legs, len(candidates.offset) - 1)

    def of_slice(bounds: tuple[int, int]) -> tuple[Int32, Int32, Int32]:
        linked: tuple[Int32, Int32, Int32] = kernels.link_transfers(
            *bounds,
            chains,
            connections,
            boardings,
            candidates,
            position_pattern,
            boardable,
            goes_on,
            same_stop_s,
            spec.board_slack_s,
        )
        return linked

    parts = in_threads(of_slice, n_chains, max(64, n_chains // _TASKS_PER_PREPARATION))
    return Linked(
        _joined((part[0] for part in parts), np.int32),
        _joined((part[1] for part in parts), np.int32).astype(np.int64),
        _joined((part[2] for part in parts), np.int32),
    )


def _by_connection(n: int, linked: Linked, stays: Stays) -> Transfers:
    """The transfers listed connection by connection, as the search needs them, those who stay aboard last."""
    counts, staying = np.zeros(n, np.int64), np.bincount(stays.row, minlength=n)
    counts[linked.row] = linked.length
    offset = offsets_of(counts + staying)
    by_connection = np.empty(offset[-1], np.int32)
    before = offsets_of(linked.length)
    for first in range(0, len(linked.row), _ROWS_AT_ONCE):
        rows = slice(first, first + _ROWS_AT_ONCE)
        transfers = slice(before[first], before[min(first + _ROWS_AT_ONCE, len(linked.row))])
        by_connection[ranges(offset[linked.row[rows]], linked.length[rows])] = linked.connection[transfers]
    by_connection[ranges(offset[:-1] + counts, staying)] = stays.connection
    return Transfers(offset, by_connection)


def _joined(columns: Iterable[npt.NDArray[Number]], dtype: type[Number]) -> npt.NDArray[Number]:
    return np.concatenate([np.empty(0, dtype), *columns])
