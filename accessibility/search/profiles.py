"""Kept profiles: every journey worth making in a span of time, from which all windows and departures are answered.

Enters: the backward passes of a search. Leaves: `Profiles`, and from them, without another search, the times of any window
inside that of the passes (sampled at a step, or over all its instants), the share of it in which several destinations are
reached at once, and the time of any one departure.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from accessibility.kernels import kept_profiles
from accessibility.kernels.arrays import Block, Bool, Profiles, Summary, Window
from accessibility.kernels.simd import LANES
from accessibility.legs import Int32, Int64
from accessibility.search.joining import JoinedNetwork, side_by_side
from accessibility.search.passes import BackwardPasses, backward_passes, search_window
from accessibility.search.spec import SearchSpec, TravelTimes, nearest_ranks, require_few_departures
from accessibility.threads import cores, in_threads

_POINTS_PER_TASK = 64


def journey_profiles(passes: BackwardPasses) -> Profiles:
    """The journeys worth making from every origin to every destination, for departures in the window of `passes`."""
    joined, spec = passes.joined, passes.spec
    span = Window(
        spec.window_start_s, 1, spec.window_end_s - spec.window_start_s, spec.board_slack_s, spec.max_duration_s, False
    )
    shape = (joined.n_origins, joined.n_destinations)
    first, count, walk_s = np.empty(shape, np.int64), np.empty(shape, np.int32), np.empty(shape, np.int32)
    leaves_s, arrives_s, filled = [], [], 0
    for block in passes.blocks():
        columns = slice(block.column, min(block.column + LANES, joined.n_destinations))
        walk_s[:, columns] = block.walk_s[:, : columns.stop - columns.start]

        def of_slice(points: tuple[int, int], block: Block = block, columns: slice = columns) -> tuple[Int32, Int32]:
            counts = count[slice(*points), columns]
            rows: tuple[Int32, Int32] = kept_profiles.profiles_of_points(
                points, block, passes.network.boardings, passes.candidates, span, counts
            )
            return rows

        for leave_s, arrive_s in in_threads(of_slice, joined.n_origins, _POINTS_PER_TASK):
            leaves_s.append(leave_s)
            arrives_s.append(arrive_s)
        own = count[:, columns]
        first[:, columns] = filled + np.cumsum(own, dtype=np.int64).reshape(own.shape) - own
        filled += int(own.sum())
    return Profiles(first, count, _joined(leaves_s), _joined(arrives_s), walk_s)


def profiles_side_by_side(joined: Sequence[JoinedNetwork], spec: SearchSpec) -> Iterator[Profiles]:
    """`journey_profiles` of each of several joined networks: few of them searched as one fill the lanes and the cores.

    All have the same networks and origins (`joining.side_by_side`).
    """
    most = cores() * LANES  # destinations that one pass of every core takes
    while joined:
        widths = np.cumsum([one.n_destinations for one in joined])
        n = max(1, int(np.searchsorted(widths, most, side="right")))
        together = journey_profiles(backward_passes(side_by_side(joined[:n]), spec))
        for start, end in zip([0, *widths[: n - 1]], widths[:n], strict=True):
            columns = (slice(None), slice(start, end))
            yield together._replace(
                first=np.ascontiguousarray(together.first[columns]),
                n_journeys=np.ascontiguousarray(together.n_journeys[columns]),
                walk_s=np.ascontiguousarray(together.walk_s[columns]),
            )
        joined = joined[n:]


def _joined(parts: list[Int32]) -> Int32:
    return np.concatenate(parts) if parts else np.empty(0, np.int32)


def window_times(kept: Profiles, spec: SearchSpec, *, first_wait: bool = True) -> TravelTimes:
    """Travel times as `travel_times` gives them for `spec`, whose window lies inside that of the profiles.

    Without `first_wait`, a journey takes as long as from leaving for its first vehicle to arriving: what it takes those
    who know the timetable.
    """
    require_few_departures(spec)
    cutoffs_s, shape = (*spec.cutoffs_s, spec.max_duration_s), kept.n_journeys.shape
    summary = Summary(
        nearest_ranks(spec.percentiles, spec.n_departures),
        np.array(cutoffs_s, np.int32),
        np.empty((len(spec.percentiles), *shape), np.int32),
        np.empty((len(cutoffs_s), *shape), np.int32),
    )
    window = search_window(spec)
    _over_points(lambda points: kept_profiles.summarise_profiles(points, kept, window, first_wait, summary), kept)
    return TravelTimes(summary.percentile_s, summary.within, spec.n_departures, spec.percentiles, cutoffs_s)


def fastest_times(kept: Profiles, spec: SearchSpec) -> Int32:
    """(n_origins, n_destinations) seconds of the fastest departure of the window, UNREACHED where there is none."""
    fastest_s, window = np.empty(kept.n_journeys.shape, np.int32), search_window(spec)
    _over_points(lambda points: kept_profiles.fastest_of_points(points, kept, window, fastest_s), kept)
    return fastest_s


def shares_reaching(kept: Profiles, spec: SearchSpec, cutoff_s: int, counted: Bool) -> npt.NDArray[np.float64]:
    """(n_origins, n + 1) share of the window's departures that reach at least 0, 1, ... n of the n `counted` destinations.

    Each within `cutoff_s`, all from one and the same departure. `counted` is (n_destinations,).
    """
    moments, window = np.empty((kept.n_journeys.shape[0], int(counted.sum())), np.int32), search_window(spec)
    most_s = min(cutoff_s, spec.max_duration_s)
    _over_points(lambda points: kept_profiles.moments_reaching(points, kept, window, most_s, counted, moments), kept)
    return np.column_stack([np.ones(len(moments)), moments / spec.n_departures])


def times_at(kept: Profiles, departures_s: Int32, max_duration_s: int) -> Int32:
    """(n_origins, n_destinations, n) seconds of each departure `departures_s` (n,) ascending, UNREACHED where too long.

    Departures are seconds after midnight in the window of the profiles.
    """
    seconds = np.empty((*kept.n_journeys.shape, len(departures_s)), np.int32)
    _over_points(
        lambda points: kept_profiles.durations_at_moments(points, kept, departures_s, max_duration_s, seconds), kept
    )
    return seconds


def departures_taking(kept: Profiles, spec: SearchSpec, destinations: Int32, wanted_s: Int32) -> Int64:
    """(n_origins,) the first departure of the window, in whole seconds, that takes `wanted_s` to the origin's destination.

    Both are (n_origins,). Where none takes it to the second, the first of those that come nearest below; -1 where none does.
    """
    departures_s = np.empty(len(destinations), np.int64)
    kept_profiles.moments_taking(
        destinations.astype(np.int32), wanted_s.astype(np.int32), kept, search_window(spec), departures_s
    )
    return departures_s


def _over_points(task: Callable[[tuple[int, int]], object], kept: Profiles) -> None:
    in_threads(task, kept.n_journeys.shape[0], _POINTS_PER_TASK)
