"""A timetable made ready to be searched: its connections in order, and the changes worth making between them."""

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from accessibility.kernels import transfers as changes
from accessibility.kernels.arrays import Boardings, Bool, Calls, Candidates, Chains, Connections, Transfers
from accessibility.kernels.simd import NEVER
from accessibility.legs import Int32, Int64, LegTable
from accessibility.search.spec import Wheelchair
from accessibility.search.wheelchair import for_wheelchairs
from accessibility.threads import in_threads
from accessibility.timetable.timetable import Timetable

_POINTS_PER_TASK = 256
_TASKS_PER_PREPARATION = 16

Number = TypeVar("Number", np.int32, np.int64)


class PreparedNetwork(NamedTuple):
    """What every search inside a span of time shares; see `prepare`."""

    connections: Connections
    boardings: Boardings
    transfers: Transfers
    calls: Calls
    slack_s: int
    span_s: tuple[int, int]
    modes: frozenset[str] | None
    wheelchair: Wheelchair


def prepare(
    timetable: Timetable,
    transfers: LegTable,
    span_s: tuple[int, int],
    slack_s: int = 0,
    modes: frozenset[str] | None = None,
    wheelchair: Wheelchair = None,
) -> PreparedNetwork:
    """Settle once which connections are worth changing to, for every search inside `span_s`.

    `transfers` are walks from stop to stop (`transfer_legs`). The result serves any origins, destinations and window
    with `span_s[0] <= window start` and `window end + longest duration <= span_s[1]`; `modes` (None = all) are those
    people may use, `wheelchair` says whether they need stops and trips that are accessible.
    """
    timetable = for_wheelchairs(timetable, wheelchair)
    connections, chains = _connections(timetable, _patterns_of_modes(timetable, modes), span_s)
    boardings = _boardings(connections, timetable.position_can_board)
    calls = _calls(timetable, span_s)
    candidates = boarding_candidates(calls, boardings, transfers)
    same_stop_s = _same_stop_s(transfers, len(timetable.stops))
    linked = _transfers(connections, chains, boardings, candidates, calls.pattern, same_stop_s, slack_s)
    return PreparedNetwork(connections, boardings, linked, calls, slack_s, span_s, modes, wheelchair)


def _patterns_of_modes(timetable: Timetable, modes: frozenset[str] | None) -> Bool:
    if modes is None:
        return np.ones(len(timetable.pattern_route), bool)
    return timetable.routes["mode"].isin(modes).to_numpy()[timetable.pattern_route]


def _connections(timetable: Timetable, pattern_kept: Bool, span_s: tuple[int, int]) -> tuple[Connections, Chains]:
    """Connections in search order: by departure, hops of 0 s first, so that going backward they come last."""
    position, pattern, trip, departs, arrives, following = changes.cut_connections(
        timetable.pattern_position_offset,
        timetable.pattern_trip_offset,
        timetable.pattern_event_offset,
        timetable.arrival_s,
        timetable.departure_s,
        *span_s,
    )
    kept = np.flatnonzero(pattern_kept[pattern])
    zero = departs == arrives
    order = kept[np.lexsort((trip[kept], position[kept], ~zero[kept], departs[kept]))]
    n = len(order)
    rank = np.full(len(position) + 1, n, np.int32)  # cut row -> search order; its last entry answers for -1
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
    )
    # The cut lists each trip in riding order: a new trip starts where a row does not follow the one before it.
    starts = np.ones(len(position), bool)
    starts[1:] = following[:-1] != np.arange(1, len(position))
    heads = np.append(np.flatnonzero(starts[kept]), n).astype(np.int64)
    return connections, Chains(heads, rank[kept])


def _boardings(connections: Connections, can_board: Bool) -> Boardings:
    """Boardable connections grouped by position; inside a position, the order of trips is that of departures."""
    chosen = np.flatnonzero(can_board[connections.position])
    order = chosen[np.lexsort((connections.trip[chosen], connections.position[chosen]))].astype(np.int32)
    offset = np.zeros(len(can_board) + 1, np.int32)
    np.cumsum(np.bincount(connections.position[order], minlength=len(can_board)), out=offset[1:])
    return Boardings(offset, connections.departure_s[order], order)


def _calls(timetable: Timetable, span_s: tuple[int, int]) -> Calls:
    n_positions, n_stops = len(timetable.position_stop), len(timetable.stops)
    hops_s = changes.slowest_hops(
        timetable.pattern_position_offset,
        timetable.pattern_trip_offset,
        timetable.pattern_event_offset,
        timetable.departure_s,
        *span_s,
    )
    offset = np.zeros(n_stops + 1, np.int32)
    np.cumsum(np.bincount(timetable.position_stop, minlength=n_stops), out=offset[1:])
    lengths = np.diff(timetable.pattern_position_offset)
    total_s = np.cumsum(hops_s, dtype=np.int64) - hops_s
    before_s = np.repeat(total_s[timetable.pattern_position_offset[:-1]], lengths) if n_positions else total_s
    return Calls(
        offset=offset,
        position=np.argsort(timetable.position_stop, kind="stable").astype(np.int32),
        pattern=np.repeat(np.arange(len(lengths), dtype=np.int32), lengths),
        ride_s=(total_s - before_s).astype(np.int32),
    )


def boarding_candidates(calls: Calls, boardings: Boardings, legs: LegTable) -> Candidates:
    """Boarding positions worth walking to, for each point of `legs` (points -> stops)."""
    n_points = len(legs.offset) - 1

    def of_slice(bounds: tuple[int, int]) -> tuple[Int64, Int32, Int32]:
        found: tuple[Int64, Int32, Int32] = changes.boarding_candidates(*bounds, legs, calls, boardings.offset)
        return found

    parts = in_threads(of_slice, n_points, _POINTS_PER_TASK)
    counts = _joined((part[0] for part in parts), np.int64)
    position = _joined((part[1] for part in parts), np.int32)
    walk_s = _joined((part[2] for part in parts), np.int32)
    return Candidates(np.concatenate([[0], np.cumsum(counts)]), position, walk_s)


def _same_stop_s(legs: LegTable, n_stops: int) -> Int32:
    """Seconds to change at one and the same stop, NEVER where that is forbidden; (n_stops,)."""
    source = np.repeat(np.arange(n_stops), np.diff(legs.offset))
    same = source == legs.target
    seconds = np.full(n_stops, NEVER, np.int32)
    seconds[source[same]] = legs.seconds[same]
    return seconds


def _transfers(  # noqa: PLR0913, PLR0917  # the arrays that the kernel links
    connections: Connections,
    chains: Chains,
    boardings: Boardings,
    candidates: Candidates,
    position_pattern: Int32,
    same_stop_s: Int32,
    slack_s: int,
) -> Transfers:
    n, n_chains = len(connections.departure_s), len(chains.offset) - 1
    boardable = np.zeros(n + 1, bool)
    boardable[boardings.connection] = True

    def of_slice(bounds: tuple[int, int]) -> tuple[Int32, Int32, Int32]:
        linked: tuple[Int32, Int32, Int32] = changes.link_transfers(
            *bounds, chains, connections, boardings, candidates, position_pattern, boardable, same_stop_s, slack_s
        )
        return linked

    parts = in_threads(of_slice, n_chains, max(64, n_chains // _TASKS_PER_PREPARATION))
    rows = _joined((part[0] for part in parts), np.int32)
    row_counts = _joined((part[1] for part in parts), np.int32).astype(np.int64)
    linked = _joined((part[2] for part in parts), np.int32)
    counts = np.zeros(n, np.int64)
    counts[rows] = row_counts
    offset = np.concatenate([[0], np.cumsum(counts)])
    # The parts list the changes trip by trip; the search wants them connection by connection.
    shift = np.repeat(offset[rows] - (np.cumsum(row_counts) - row_counts), row_counts)
    by_connection = np.empty(len(linked), np.int32)
    by_connection[shift + np.arange(len(linked))] = linked
    return Transfers(offset, by_connection)


def _joined(columns: Iterable[npt.NDArray[Number]], dtype: type[Number]) -> npt.NDArray[Number]:
    return np.concatenate([np.empty(0, dtype), *columns])
