"""Durations of every departure, a bounded part at a time; and percentiles over the departures of several timetables."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from accessibility.kernels import journey_profiles
from accessibility.kernels.arrays import Candidates
from accessibility.kernels.simd import LANES
from accessibility.legs import Int32, LegTable
from accessibility.search.percentiles import search_block, search_window
from accessibility.search.preparation import PreparedNetwork
from accessibility.search.spec import SearchSpec, TravelTimes, nearest_ranks
from accessibility.threads import in_threads

_MOST_BYTES = 256 * 2**20  # of durations held at a time
_ORIGINS_PER_TASK = 256


class Walked(NamedTuple):
    """A network and what it takes to walk in and out of it."""

    networks: Sequence[tuple[PreparedNetwork, Candidates]]  # alike but for their times
    egress: LegTable  # destination -> stops
    direct: LegTable  # destination -> origins

    @property
    def n_origins(self) -> int:
        """Number of origins."""
        return len(self.networks[0][1].offset) - 1

    @property
    def n_destinations(self) -> int:
        """Number of destinations."""
        return len(self.egress.offset) - 1


class Part(NamedTuple):
    """Durations of some origins to one block of destinations."""

    first_origin: int
    column: int  # number of the block's first destination
    seconds: Int32  # (n_origins of the part, n_networks x n_departures, LANES), UNREACHED where not in time


def durations(walked: Walked, column: int, spec: SearchSpec) -> Iterator[Part]:
    """Durations of every departure to one block of destinations, as many origins at a time as fit in some memory."""
    rows = len(walked.networks) * spec.n_departures
    size = max(1, _MOST_BYTES // (rows * LANES * np.dtype(np.int32).itemsize))
    for first in range(0, walked.n_origins, size):
        last = min(first + size, walked.n_origins)
        seconds = np.empty((last - first, rows, LANES), np.int32)
        yield Part(first, column, _filled(seconds, walked, first, column, spec))


def _filled(seconds: Int32, walked: Walked, first: int, column: int, spec: SearchSpec) -> Int32:
    window = search_window(spec)

    def fill(bounds: tuple[int, int]) -> None:
        number = bounds[0]
        prepared, candidates = walked.networks[number]
        block = search_block(prepared, walked.egress, walked.direct, walked.n_origins, column, spec)
        journey_profiles.durations_of_points(
            first,
            first + len(seconds),
            block,
            prepared.boardings,
            candidates,
            window,
            number * spec.n_departures,
            seconds,
        )

    in_threads(fill, len(walked.networks), 1)
    return seconds


def pooled_search(walked: Walked, spec: SearchSpec) -> TravelTimes:
    """Percentiles and counts over the departures of all networks together."""
    n_departures = len(walked.networks) * spec.n_departures
    ranks, cutoffs_s = nearest_ranks(spec.percentiles, n_departures), (*spec.cutoffs_s, spec.max_duration_s)
    shape = (walked.n_origins, walked.n_destinations)
    seconds = np.empty((len(ranks), *shape), np.int32)
    within = np.empty((len(cutoffs_s), *shape), np.int32)
    cutoffs = np.array(cutoffs_s, np.int32)
    for column in range(0, walked.n_destinations, LANES):
        for part in durations(walked, column, spec):

            def summarise(bounds: tuple[int, int], part: Part = part) -> None:
                journey_profiles.summarise_rows(
                    *bounds, part.first_origin, part.column, ranks, cutoffs, part.seconds, seconds, within
                )

            in_threads(summarise, len(part.seconds), _ORIGINS_PER_TASK)
    return TravelTimes(seconds, within, n_departures, spec.percentiles, cutoffs_s)
