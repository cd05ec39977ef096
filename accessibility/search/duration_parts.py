"""Computes durations of every departure to a block of destinations, for as many origins at a time as memory allows."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from accessibility.kernels import journey_profiles
from accessibility.kernels.simd import LANES
from accessibility.legs import Int32
from accessibility.search.joining import JoinedNetwork
from accessibility.search.passes import search_block, search_window
from accessibility.search.spec import SearchSpec
from accessibility.threads import in_threads

_MOST_BYTES = 256 * 2**20  # of durations in memory at a time


class Part(NamedTuple):
    """Durations of some origins to one block of destinations."""

    first_origin: int
    column: int  # number of the block's first destination
    seconds: Int32  # (n_origins of the part, n_networks x n_departures, LANES), UNREACHED if not in time


def durations(joined: JoinedNetwork, column: int, spec: SearchSpec) -> Iterator[Part]:
    """Parts with the durations of every departure to the block of destinations that starts at `column`."""
    rows = len(joined.networks) * spec.n_departures
    size = max(1, _MOST_BYTES // (rows * LANES * np.dtype(np.int32).itemsize))
    for first in range(0, joined.n_origins, size):
        points = first, min(first + size, joined.n_origins)
        yield Part(first, column, _part_seconds(joined, points, column, spec))


def _part_seconds(joined: JoinedNetwork, points: tuple[int, int], column: int, spec: SearchSpec) -> Int32:
    seconds = np.empty((points[1] - points[0], len(joined.networks) * spec.n_departures, LANES), np.int32)
    window = search_window(spec)

    def fill(bounds: tuple[int, int]) -> None:
        number = bounds[0]
        boardings, candidates = joined.networks[number].boardings, joined.candidates[number]
        block, first_row = search_block(joined, number, column, spec), number * spec.n_departures
        journey_profiles.durations_of_points(points, block, boardings, candidates, window, first_row, seconds)

    in_threads(fill, len(joined.networks), 1)
    return seconds
