"""Groups runs of trips into patterns: one route, one stop sequence, no trip overtaking another."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from accessibility.compressed_rows import offsets_of, ranges
from accessibility.kernels.overtaking import chains
from accessibility.threads import in_threads

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

_MIXING = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits well spread: equal keys of unequal runs are rare, and looked at


class RunCalls(NamedTuple):
    """The calls of runs, one run after the other: those of run `r` are `offset[r]:offset[r + 1]`."""

    offset: Int64  # (n_runs + 1,)
    stop: Int32  # (n_calls,), like all columns below
    arrival_s: Int32
    departure_s: Int32
    can_board: Bool
    can_alight: Bool

    def take(self, run: Int64) -> "RunCalls":
        """The calls of these runs, in this order."""
        length = np.diff(self.offset)[run]
        rows = ranges(self.offset[run], length)
        return RunCalls._make([offsets_of(length), *(column[rows] for column in self[1:])])


class Patterns(NamedTuple):
    """Runs grouped by pattern: those of pattern `p` are `run[run_offset[p]:run_offset[p + 1]]`."""

    run: Int64  # (n_runs,) run numbers, pattern by pattern, in order of departure
    run_offset: Int64  # (n_patterns + 1,)


def first_of_equal_runs(calls: RunCalls, route: Int32, stop: Int32, wheelchair: Int32) -> Bool:
    """(n_runs,) False for a run that repeats an earlier one: same route, stops, flags, wheelchair access and times.

    The arrival at the first stop and the departure from the last are nobody's, and may differ.
    `route` (n_runs,) and `stop` (n_calls,) have equal numbers for the same route or stop in different feeds;
    `wheelchair` is (n_runs,).
    """
    is_first = np.ones(len(route), dtype=bool)
    for runs, n_calls in _by_length(calls.offset, _may_be_equal(calls, route, stop)):
        rows = _rows(calls.offset, runs, n_calls)
        departure_s, arrival_s = _times(calls, rows)
        passengers = [
            route[runs],
            wheelchair[runs],
            stop[rows],
            _flags(calls, rows),
            departure_s[:, :-1],
            arrival_s[:, 1:],
        ]
        same = np.column_stack(passengers)
        order, is_new = _sorted_rows(same)
        is_first[runs[order[~is_new]]] = False
    return is_first


def _may_be_equal(calls: RunCalls, route: Int32, stop: Int32) -> Int64:
    """(n,) runs, ascending, of which another has the same route, ends and times at the ends, and some more."""
    first, last = calls.offset[:-1], calls.offset[1:] - 1
    ends = (route, last - first, stop[first], stop[last], calls.departure_s[first], calls.arrival_s[last])
    key = np.zeros(len(route), np.uint64)
    for values in ends:
        key = (key ^ values.astype(np.uint64)) * _MIXING
        key ^= key >> np.uint64(29)
    order = np.argsort(key)
    same = key[order[1:]] == key[order[:-1]]
    repeated = np.zeros(len(route), bool)
    repeated[order[1:][same]] = repeated[order[:-1][same]] = True
    return np.flatnonzero(repeated)


def patterns_of(calls: RunCalls, route: Int32) -> Patterns:
    """Runs grouped into `Patterns` by route, stops and flags, and split so that no run overtakes another of its pattern.

    `route` is (n_runs,). Patterns are sorted by route, number of stops and stops; the runs of a pattern by departures and
    then arrivals, stop by stop.
    """
    groups = _by_length(calls.offset, np.arange(len(route)))
    if not groups:
        return Patterns(np.empty(0, np.int64), np.zeros(1, np.int64))
    parts = in_threads(lambda one: _chained(calls, route, *groups[one[0]]), len(groups), 1)
    run, pattern_in_part, length = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((np.arange(len(run)), pattern_in_part, length, route[run]))
    run, pattern = run[order], _numbered(route[run][order], length[order], pattern_in_part[order])
    return Patterns(run, offsets_of(np.bincount(pattern)))


def _chained(calls: RunCalls, route: Int32, runs: Int64, n_calls: int) -> tuple[Int64, Int64, Int64]:
    """Runs of one length pattern by pattern, with the number of the pattern among these and the length."""
    rows = _rows(calls.offset, runs, n_calls)
    sequences = np.column_stack([route[runs], calls.stop[rows], _flags(calls, rows)])
    times = np.column_stack(_times(calls, rows))
    order, _ = _sorted_rows(np.column_stack([sequences, times]))
    sequences, times = sequences[order], times[order]
    is_new = np.concatenate([[True], (sequences[1:] != sequences[:-1]).any(axis=1)])
    group = np.cumsum(is_new) - 1
    chain = chains(times, group)
    in_chain = np.lexsort((np.arange(len(runs)), chain, group))
    return runs[order][in_chain], _numbered(group[in_chain], chain[in_chain]), np.full(len(runs), n_calls)


def _by_length(offset: Int64, runs: Int64) -> list[tuple[Int64, int]]:
    """The runs (n,) in groups of the same number of calls, fewest first, with that number."""
    length = np.diff(offset)[runs]
    by_length = np.argsort(length, kind="stable")
    counts = np.bincount(length)
    ends = np.cumsum(counts)
    return [(runs[by_length[ends[n] - counts[n] : ends[n]]], int(n)) for n in np.flatnonzero(counts)]


def _rows(offset: Int64, runs: Int64, n_calls: int) -> Int64:
    """(n, n_calls) rows of the calls of runs of one length."""
    return offset[runs][:, None] + np.arange(n_calls)


def _flags(calls: RunCalls, rows: Int64) -> Int32:
    flags: Int32 = calls.can_board[rows] * np.int32(2) + calls.can_alight[rows]
    return flags


def _times(calls: RunCalls, rows: Int64) -> tuple[Int32, Int32]:
    return calls.departure_s[rows], calls.arrival_s[rows]


def _sorted_rows(table: npt.NDArray[np.signedinteger]) -> tuple[Int64, Bool]:
    """(n,) stable lexicographic order of the rows of an int32 table, and (n,) whether a sorted row differs from the
    one before.

    Rows are compared as strings of big-endian bytes, which takes one comparison per pair for any number of columns.
    """
    biased = np.ascontiguousarray(table, np.int32).view(np.uint32) ^ np.uint32(2**31)
    keys = biased.astype(">u4").view(np.dtype((np.void, 4 * table.shape[1]))).reshape(-1)
    order = np.argsort(keys, kind="stable")
    table = table[order]
    return order, np.concatenate([[True], (table[1:] != table[:-1]).any(axis=1)])


def _numbered(*keys: Int64) -> Int64:
    """(n,) group numbers 0, 1, 2, ... of rows sorted by `keys` (n,): a new group starts where any key changes."""
    changes = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        changes[1:] |= key[1:] != key[:-1]
    return np.cumsum(changes)
