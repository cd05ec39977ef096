"""Computes percentiles and shares over the departures of a window (`TravelTimes`) from a joined network."""

from collections.abc import Callable

import numpy as np

from accessibility.compressed_rows import offsets_of
from accessibility.kernels import summaries
from accessibility.kernels.arrays import (
    Block,
    Boardings,
    Bool,
    ByDeparture,
    Candidates,
    Leaving,
    Summary,
    Window,
)
from accessibility.kernels.journey_profiles import boardings_by_departure, leaving_points
from accessibility.kernels.simd import LANES
from accessibility.legs import Int32, Int64
from accessibility.search.duration_parts import Part, durations
from accessibility.search.joining import JoinedNetwork
from accessibility.search.passes import search_block, search_window
from accessibility.search.spec import SearchSpec, TravelTimes, nearest_ranks, require_few_departures
from accessibility.threads import cores, in_threads

_ORIGINS_PER_TASK = 256
_ORIGINS_KEPT = 65_536  # whose boardings are kept in order at a time: some 300 MB where each has 500


def joined_travel_times(joined: JoinedNetwork, spec: SearchSpec, running: Bool | None = None) -> TravelTimes:
    """`TravelTimes` over all departures of the window of `spec`; if headways are drawn, over all draws together.

    `running` (n_connections,) says which connections of the only network run; all of them by default.
    Raises `SearchSpecError` if the window has more than `MOST_DEPARTURES` departures.
    """
    require_few_departures(spec)
    n_departures = len(joined.networks) * spec.n_departures
    summary = empty_summary(spec, n_departures, (joined.n_origins, joined.n_destinations))
    if len(joined.networks) == 1:
        _summarise(joined, spec, summary, running)
    else:
        _summarise_pooled(joined, spec, summary)
    cutoffs_s = (*spec.cutoffs_s, spec.max_duration_s)
    return TravelTimes(summary.percentile_s, summary.within, n_departures, spec.percentiles, cutoffs_s)


def empty_summary(spec: SearchSpec, n_departures: int, shape: tuple[int, int]) -> Summary:
    """A `Summary` to be filled for `shape` (n_origins, n_destinations) pairs of `n_departures` departures each."""
    cutoffs_s = (*spec.cutoffs_s, spec.max_duration_s)
    return Summary(
        nearest_ranks(spec.percentiles, n_departures),
        np.array(cutoffs_s, np.int32),
        np.empty((len(spec.percentiles), *shape), np.int32),
        np.empty((len(cutoffs_s), *shape), np.int32),
    )


def _summarise(joined: JoinedNetwork, spec: SearchSpec, summary: Summary, running: Bool | None) -> None:
    """Fill `summary` from one network, for as many blocks of destinations at a time as there are cores.

    First the backward pass of each block runs, then the origins of all these blocks.
    """
    for start in range(0, joined.n_origins, _ORIGINS_KEPT):
        _summarise_origins((start, min(start + _ORIGINS_KEPT, joined.n_origins)), joined, spec, summary, running)


def _summarise_origins(
    points: tuple[int, int], joined: JoinedNetwork, spec: SearchSpec, summary: Summary, running: Bool | None
) -> None:
    summarise = summarising(joined.networks[0].boardings, joined.candidates[0], spec, points)
    columns = range(0, joined.n_destinations, LANES)
    for first in range(0, len(columns), cores()):
        group = columns[first : first + cores()]

        def backward(bounds: tuple[int, int], group: range = group) -> Block:
            return search_block(joined, 0, group[bounds[0]], spec, running)

        blocks = in_threads(backward, len(group), 1)

        def of_slice(rows: tuple[int, int], blocks: list[Block] = blocks) -> None:
            for block in blocks:
                summarise((points[0] + rows[0], points[0] + rows[1]), block, summary)

        in_threads(of_slice, points[1] - points[0], _ORIGINS_PER_TASK)


def summarising(
    boardings: Boardings,
    candidates: Candidates,
    spec: SearchSpec,
    points: tuple[int, int],
) -> Callable[[tuple[int, int], Block, Summary], None]:
    """What fills a `Summary` for some of the origins `points` and a block of destinations, for the kind of window of `spec`.

    What does not depend on the destinations is computed once.
    """
    window = search_window(spec)
    if spec.step_s == 0:
        leaving = _leaving(boardings, candidates, window, points)
        return lambda some, block, summary: summaries.summarise_instants(some, block, leaving, window, summary)
    if spec.arrive_by:
        return lambda some, block, summary: summaries.summarise_deadlines(
            some, block, boardings, candidates, window, summary
        )
    known: dict[tuple[int, int], ByDeparture] = {}

    def fill(some: tuple[int, int], block: Block, summary: Summary) -> None:
        if some not in known:
            known[some] = ByDeparture(some[0], *boardings_by_departure(some, boardings, candidates, window))
        summaries.summarise_departures(some, block, known[some], window, summary)

    return fill


def _leaving(boardings: Boardings, candidates: Candidates, window: Window, points: tuple[int, int]) -> Leaving:
    """The boardings by which the origins `points` can leave for the window, and the first after it of each position."""
    back_s = window.max_duration_s if window.arrive_by else 0
    span_s = window.start_s - back_s, window.start_s + window.n_departures

    def of_slice(rows: tuple[int, int]) -> tuple[Int64, Int32, Int32]:
        some = points[0] + rows[0], points[0] + rows[1]
        found: tuple[Int64, Int32, Int32] = leaving_points(some, *span_s, window.slack_s, boardings, candidates)
        return found

    parts = in_threads(of_slice, points[1] - points[0], _ORIGINS_PER_TASK) or [of_slice((0, 0))]
    counts, leave_s, connection = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Leaving(points[0], offsets_of(counts), leave_s, connection)


def _summarise_pooled(joined: JoinedNetwork, spec: SearchSpec, summary: Summary) -> None:
    """Fill `summary` from the departures of all networks together."""
    for column in range(0, joined.n_destinations, LANES):
        for part in durations(joined, column, spec):

            def of_slice(rows: tuple[int, int], part: Part = part) -> None:
                summaries.summarise_rows(rows, part.first_origin, part.column, part.seconds, summary)

            in_threads(of_slice, len(part.seconds), _ORIGINS_PER_TASK)
