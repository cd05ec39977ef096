"""Computes percentiles and shares over the departures of a window (`TravelTimes`) from a joined network."""

from collections.abc import Callable

import numpy as np

from accessibility.kernels import summaries
from accessibility.kernels.arrays import Block, Summary
from accessibility.kernels.simd import LANES
from accessibility.search.duration_parts import Part, durations
from accessibility.search.joining import JoinedNetwork
from accessibility.search.passes import search_block, search_window
from accessibility.search.spec import SearchSpec, TravelTimes, nearest_ranks, require_few_departures
from accessibility.threads import cores, in_threads

_ORIGINS_PER_TASK = 256


def joined_travel_times(joined: JoinedNetwork, spec: SearchSpec) -> TravelTimes:
    """`TravelTimes` over all departures of the window of `spec`; if headways are drawn, over all draws together.

    Raises `SearchSpecError` if the window has more than `MOST_DEPARTURES` departures.
    """
    require_few_departures(spec)
    n_departures = len(joined.networks) * spec.n_departures
    summary = empty_summary(spec, n_departures, (joined.n_origins, joined.n_destinations))
    summarise = _summarise if len(joined.networks) == 1 else _summarise_pooled
    summarise(joined, spec, summary)
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


def _summarise(joined: JoinedNetwork, spec: SearchSpec, summary: Summary) -> None:
    """Fill `summary` from one network, for as many blocks of destinations at a time as there are cores.

    First the backward pass of each block runs, then the origins of all these blocks.
    """
    boardings, candidates = joined.networks[0].boardings, joined.candidates[0]
    window, kernel = search_window(spec), summary_kernel(spec)
    columns = range(0, joined.n_destinations, LANES)
    for first in range(0, len(columns), cores()):
        group = columns[first : first + cores()]

        def backward(bounds: tuple[int, int], group: range = group) -> Block:
            return search_block(joined, 0, group[bounds[0]], spec)

        blocks = in_threads(backward, len(group), 1)

        def of_slice(points: tuple[int, int], blocks: list[Block] = blocks) -> None:
            for block in blocks:
                kernel(points, block, boardings, candidates, window, summary)

        in_threads(of_slice, joined.n_origins, _ORIGINS_PER_TASK)


def summary_kernel(spec: SearchSpec) -> Callable[..., None]:
    """The kernel that fills a `Summary` for the kind of window of `spec`."""
    kernel: Callable[..., None] = summaries.summarise_departures
    if spec.step_s == 0:
        kernel = summaries.summarise_instants
    elif spec.arrive_by:
        kernel = summaries.summarise_deadlines
    return kernel


def _summarise_pooled(joined: JoinedNetwork, spec: SearchSpec, summary: Summary) -> None:
    """Fill `summary` from the departures of all networks together."""
    for column in range(0, joined.n_destinations, LANES):
        for part in durations(joined, column, spec):

            def of_slice(rows: tuple[int, int], part: Part = part) -> None:
                summaries.summarise_rows(rows, part.first_origin, part.column, part.seconds, summary)

            in_threads(of_slice, len(part.seconds), _ORIGINS_PER_TASK)
