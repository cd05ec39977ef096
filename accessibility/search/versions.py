"""Searches several versions of a timetable: prepared and joined once, and per version only what differs from the base.

That a useful transfer leads to a pattern depends on that pattern and on the own trip alone (`kernels.transfers`), and so
does a useful boarding. The transfers of a version are therefore those of the whole between the patterns that it runs, and
a backward pass that leaves the other connections out gives its exact labels. An origin keeps the base's answer to a
destination for which none of its boardings in the window has another label.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accessibility.compressed_rows import offsets_of, ranges, row_numbers
from accessibility.errors import SearchSpecError
from accessibility.kernels import differences
from accessibility.kernels.arrays import Block, Bool, Candidates, Lanes, Summary
from accessibility.kernels.simd import LANES
from accessibility.legs import Int64
from accessibility.search.door_to_door import prepare_search
from accessibility.search.joining import JoinedNetwork
from accessibility.search.passes import rows_searched, search_block, search_block_after, search_window
from accessibility.search.percentiles import empty_summary, summary_kernel
from accessibility.search.preparation import PreparedNetwork
from accessibility.search.spec import SearchSpec, TravelTimes, require_few_departures
from accessibility.streets.read import StreetNetwork
from accessibility.threads import in_threads
from accessibility.timetable.versions import Versions

_ORIGINS_PER_TASK = 256


@dataclass(frozen=True, eq=False)
class PreparedVersions:
    """The network of all versions, and which of its connections run in each."""

    network: PreparedNetwork
    running: Bool  # (n_versions, n_connections)

    def with_runs(self, runs: Bool) -> "PreparedVersions":
        """Other versions of the same network: `runs` (n_versions, n_patterns), the base first."""
        return PreparedVersions(self.network, runs[:, self.network.calls.pattern[self.network.connections.position]])


def prepare_versions(versions: Versions, streets: StreetNetwork | None, spec: SearchSpec) -> PreparedVersions:
    """All versions prepared for `spec`, and for every search within its span with the same rides and transfers.

    Raises `SearchSpecError` where headways are to be drawn.
    """
    if spec.frequency_draws:
        raise SearchSpecError("versions of a timetable are searched as they are: leave out frequency_draws")
    (network,) = prepare_search(versions.timetable, streets, spec)
    return PreparedVersions(network, np.empty((0, 0), bool)).with_runs(versions.runs)


def times_of_versions(prepared: PreparedVersions, joined: JoinedNetwork, spec: SearchSpec) -> list[TravelTimes]:
    """Travel times of each version, the base first, as `travel_times` gives them for its timetable alone.

    `joined` is the network of `prepared` joined to points. Raises `SearchSpecError` for too many departures.
    """
    require_few_departures(spec)
    shape = joined.n_origins, joined.n_destinations
    summaries = [empty_summary(spec, spec.n_departures, shape) for _ in prepared.running]
    for column in range(0, joined.n_destinations, LANES):
        _fill(joined, column, spec, prepared.running, summaries)
    cutoffs_s = (*spec.cutoffs_s, spec.max_duration_s)
    return [
        TravelTimes(one.percentile_s, one.within, spec.n_departures, spec.percentiles, cutoffs_s) for one in summaries
    ]


def boarded_patterns(joined: JoinedNetwork) -> tuple[Int64, Int64]:
    """(origin, pattern) of every pair in which people can walk from the origin to board the pattern in the time searched."""
    (network,), (candidates,) = joined.networks, joined.candidates
    n_patterns = len(network.timetable.pattern_route)
    pairs = np.unique(row_numbers(candidates.offset) * n_patterns + network.calls.pattern[candidates.position])
    return pairs // max(n_patterns, 1), pairs % max(n_patterns, 1)


def _fill(joined: JoinedNetwork, column: int, spec: SearchSpec, running: Bool, summaries: Sequence[Summary]) -> None:
    """Fill the summaries of all versions for the block of destinations that starts at `column`."""
    base, boardings = search_block(joined, 0, column, spec, running[0]), joined.networks[0].boardings
    kernel, window, candidates = summary_kernel(spec), search_window(spec), joined.candidates[0]

    def of_origins(points: tuple[int, int]) -> None:
        kernel(points, base, boardings, candidates, window, summaries[0])

    in_threads(of_origins, joined.n_origins, _ORIGINS_PER_TASK)

    def of_version(bounds: tuple[int, int]) -> None:
        number = bounds[0] + 1
        columns = slice(column, min(column + LANES, joined.n_destinations))
        for filled, known in zip(summaries[number][2:], summaries[0][2:], strict=True):
            filled[..., columns] = known[..., columns]
        block = search_block_after(joined, base, running[0], spec, running[number])
        asked = _other_destinations(joined, spec, base, block)
        touched = np.flatnonzero(asked)
        if not len(touched):
            return
        found = summaries[number]._replace(
            percentile_s=summaries[number].percentile_s[:, touched], within=summaries[number].within[:, touched]
        )
        own = _of_origins(block._replace(asked=asked), candidates, touched)
        kernel((0, len(touched)), own[0], boardings, own[1], window, found)
        for filled, part in zip(summaries[number][2:], found[2:], strict=True):
            filled[:, touched] = part

    in_threads(of_version, len(running) - 1, 1)


def _other_destinations(joined: JoinedNetwork, spec: SearchSpec, base: Block, block: Block) -> Lanes:
    """(n_origins,) the destinations of the block to which an origin can have another answer than in the base."""
    network = joined.networks[0]
    rows, departure_s = rows_searched(network, spec), network.connections.departure_s
    other = differences.other_lanes(rows, departure_s, spec.max_duration_s, base.labels, block.labels)
    found: Lanes = differences.lanes_of_points(other, network.boardings, joined.candidates[0], search_window(spec))
    return found


def _of_origins(block: Block, candidates: Candidates, points: Int64) -> tuple[Block, Candidates]:
    """The block and the boarding positions of the origins `points` only, in this order."""
    length = np.diff(candidates.offset)[points]
    rows = ranges(candidates.offset[points], length)
    own = Candidates(offsets_of(length), candidates.position[rows], candidates.walk_s[rows])
    return block._replace(walk_s=block.walk_s[points], asked=block.asked[points]), own
