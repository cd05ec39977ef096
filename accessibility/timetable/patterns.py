"""Groups runs of trips into patterns: one route, one stop sequence, no trip overtaking another; all by content."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from accessibility.compressed_rows import offsets_of, ranges

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


class RunCalls(NamedTuple):
    """The calls of runs, one run after the other: those of run r are `offset[r]:offset[r + 1]`."""

    offset: Int64  # (n_runs + 1,)
    stop: Int32  # (n_calls,) and all that follow
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
    """Runs in the order of their patterns."""

    run: Int64  # (n_runs,) runs, pattern by pattern, in order of departure
    run_offset: Int64  # (n_patterns + 1,) pattern -> its part of `run`


def first_of_equal_runs(calls: RunCalls, route: Int32, stop_place: Int32, wheelchair: Int32) -> Bool:
    """(n_runs,) False for every run that repeats an earlier one: same route, places, flags, wheelchair space and times.

    `route` (n_runs,) and `stop_place` (n_calls,) are numbers equal for what is the same route or place in any feed.
    """
    kept = np.ones(len(route), dtype=bool)
    for runs, rows in _by_length(calls.offset):
        same = np.column_stack(
            [route[runs], wheelchair[runs], stop_place[rows], _flags(calls, rows), *_times(calls, rows)]
        )
        order, is_new = _sorted_rows(same)
        kept[runs[order[~is_new]]] = False
    return kept


def patterns_of(calls: RunCalls, route: Int32) -> Patterns:
    """Runs grouped by route, stops and flags, each group split so that none overtakes another within a pattern.

    Patterns come by route, then number of stops, then stops; runs by departures, then arrivals, stop by stop.
    """
    parts: list[tuple[Int64, Int64, Int64]] = []  # runs, pattern within the part, sort keys below
    for runs, rows in _by_length(calls.offset):
        places = np.column_stack([route[runs], calls.stop[rows], _flags(calls, rows)])
        times = np.column_stack(_times(calls, rows))
        order, _ = _sorted_rows(np.column_stack([places, times]))
        places, times = places[order], times[order]
        changes = np.concatenate([[True], (places[1:] != places[:-1]).any(axis=1)])
        group = np.cumsum(changes) - 1
        chain = _chains(times, group)
        in_chain = np.lexsort((np.arange(len(runs)), chain, group))
        parts.append(
            (runs[order][in_chain], _numbered(group[in_chain], chain[in_chain]), np.full(len(runs), rows.shape[1]))
        )
    if not parts:
        return Patterns(np.empty(0, np.int64), np.zeros(1, np.int64))
    run, within, length = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((np.arange(len(run)), within, length, route[run]))
    run, pattern = run[order], _numbered(route[run][order], length[order], within[order])
    return Patterns(run, offsets_of(np.bincount(pattern)))


def _by_length(offset: Int64) -> list[tuple[Int64, Int64]]:
    """Runs with equally many calls together: `(runs (n,), their calls (n, length))`, shortest first."""
    length = np.diff(offset)
    groups = [np.flatnonzero(length == calls) for calls in np.unique(length)]
    return [(runs, offset[runs][:, None] + np.arange(length[runs[0]])) for runs in groups]


def _flags(calls: RunCalls, rows: Int64) -> Int32:
    flags: Int32 = calls.can_board[rows] * np.int32(2) + calls.can_alight[rows]
    return flags


def _times(calls: RunCalls, rows: Int64) -> tuple[Int32, Int32]:
    return calls.departure_s[rows], calls.arrival_s[rows]


def _sorted_rows(table: npt.NDArray[np.signedinteger]) -> tuple[Int64, Bool]:
    """Stable lexicographic order of an int32 table's rows, and which of the sorted rows differ from the one before.

    Rows are compared as strings of big-endian bytes: one comparison a pair, whatever the number of columns.
    """
    biased = (table.astype(np.int64) + 2**31).astype(">u4")
    keys = np.ascontiguousarray(biased).view(np.dtype((np.void, 4 * table.shape[1]))).reshape(-1)
    order = np.argsort(keys, kind="stable")
    in_order = table[order]
    return order, np.concatenate([[True], (in_order[1:] != in_order[:-1]).any(axis=1)])


def _numbered(*keys: Int64) -> Int64:
    """0, 1, 2, ... along sorted rows, one up whenever any key changes."""
    changes = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        changes[1:] |= key[1:] != key[:-1]
    return np.cumsum(changes)


def _chains(times: Int32, group: Int64) -> Int64:
    """(n,) which chain of its group each run belongs to, so that along a chain no time ever decreases.

    `times` (n, k) sorted within groups. Runs join the first chain that they don't overtake (first fit); only groups in
    which some run overtakes the one before it need looking at one by one.
    """
    chain = np.zeros(len(times), dtype=np.int64)
    overtakes = (times[1:] < times[:-1]).any(axis=1) & (group[1:] == group[:-1])
    for number in np.unique(group[1:][overtakes]):
        first, last = np.searchsorted(group, [number, number + 1])
        ends = np.empty((0, times.shape[1]), dtype=times.dtype)
        for run in range(first, last):
            fits = np.flatnonzero((ends <= times[run]).all(axis=1))
            chain[run] = fits[0] if len(fits) else len(ends)
            ends = ends if len(fits) else np.vstack([ends, times[run]])
            ends[chain[run]] = times[run]
    return chain
