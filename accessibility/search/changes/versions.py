"""Searches several versions of a timetable: prepared and joined once, and per version only what differs from the base.

That a useful transfer leads to a pattern depends on that pattern and on the own trip alone (`kernels.transfers`), and so
does a useful boarding. The transfers of a version are therefore those of the whole between the patterns that it runs, and
a backward pass that leaves the other connections out gives its exact labels. An origin keeps the base's answer to a
destination for which none of its boardings in the window has another label.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from accessibility.compressed_rows import row_numbers
from accessibility.errors import SearchSpecError
from accessibility.kernels import differences
from accessibility.kernels.arrays import Block, Bool, Lanes, Summary
from accessibility.kernels.simd import LANES, NEVER
from accessibility.legs import Int32, Int64, Points
from accessibility.search.changes.extension import (
    extended,
    joined_after,
    legs_of_more_stops,
    only_patterns,
    stays_only_within,
)
from accessibility.search.door_to_door import prepare_search
from accessibility.search.joining import JoinedNetwork, join_points
from accessibility.search.passes import block_of, rows_searched, search_block, search_block_after, search_window
from accessibility.search.percentiles import empty_summary, summarising
from accessibility.search.preparation import PreparedNetwork, require_covering
from accessibility.search.spec import SearchSpec, TravelTimes, require_few_departures
from accessibility.streets.read import StreetNetwork
from accessibility.threads import in_threads
from accessibility.timetable.versions import Versions

_ORIGINS_PER_TASK = 1024


@dataclass(frozen=True, eq=False)
class PreparedVersions:
    """The network of all versions, and which of its connections run in each."""

    network: PreparedNetwork
    running: Bool  # (n_versions, n_connections)
    runs: Bool  # (n_versions, n_patterns)
    base: PreparedNetwork | None = None  # of the first version alone, from which the network was made
    row: Int32 | None = None  # (n_connections + 1,) where the network has the connections of `base`

    def with_runs(self, runs: Bool) -> "PreparedVersions":
        """Other versions of the same network: `runs` (n_versions, n_patterns), the base first."""
        of_connections = self.network.calls.pattern[self.network.connections.position]
        return replace(self, runs=runs, running=runs[:, of_connections])

    def version(self, number: int) -> PreparedNetwork:
        """The network of one version, as it is prepared alone."""
        return only_patterns(self.network, self.runs[number])


@dataclass(frozen=True, eq=False)
class Searched:
    """A search of a network to points, kept so that searches after it compute only what differs."""

    joined: JoinedNetwork
    origins: Points
    destinations: Points
    spec: SearchSpec
    labels: Sequence[Int32]  # of each block of destinations (n_connections + 1, LANES)
    times: TravelTimes


def prepare_versions(
    versions: Versions, streets: StreetNetwork | None, spec: SearchSpec, base: PreparedNetwork | None = None
) -> PreparedVersions:
    """All versions prepared for `spec`, and for every search within its span with the same rides and transfers.

    With `base`, the first version prepared alone with the same streets, only what the others add to it is computed, unless
    walks between its stops change, or people stay aboard from or into another trip. Raises `SearchSpecError` where headways
    are to be drawn, and if `base` was not prepared for `spec`.
    """
    if spec.frequency_draws:
        raise SearchSpecError("versions of a timetable are searched as they are: leave out frequency_draws")
    nothing = np.empty((0, 0), bool)
    if base is not None:
        require_covering([base], spec)
        legs = legs_of_more_stops(base, versions.timetable, streets)
        if legs is not None and stays_only_within(base, versions.timetable, legs):
            whole = extended(base, versions.timetable, legs)
            return PreparedVersions(whole.network, nothing, nothing, base, whole.row).with_runs(versions.runs)
    (network,) = prepare_search(versions.timetable, streets, spec)
    return PreparedVersions(network, nothing, nothing).with_runs(versions.runs)


def searched(
    network: PreparedNetwork, streets: StreetNetwork | None, origins: Points, destinations: Points, spec: SearchSpec
) -> Searched:
    """A search of one network, kept for `times_after`. Raises as `travel_times`."""
    require_few_departures(spec)
    joined = join_points([network], streets, origins, destinations, spec)
    summary = empty_summary(spec, spec.n_departures, (joined.n_origins, joined.n_destinations))
    fill, labels = _filling(joined, spec), []
    for column in range(0, joined.n_destinations, LANES):
        block = search_block(joined, 0, column, spec)
        fill(block, summary)
        labels.append(block.labels)
    return Searched(joined, origins, destinations, spec, labels, _times(summary, spec))


def times_after(before: Searched, prepared: PreparedVersions, streets: StreetNetwork | None) -> list[TravelTimes]:
    """Travel times of each version but the first, whose search is `before`, to the same points.

    `prepared` was made from the network of `before`, with the same streets.
    """
    joined = joined_after(before.joined, prepared.network, streets, before.origins, before.destinations, before.spec)
    summaries = _empty(joined, before.spec, len(prepared.running) - 1)
    known = empty_summary(before.spec, before.spec.n_departures, (0, 0))._replace(
        percentile_s=before.times.seconds_or_unreached, within=before.times.departures_within
    )
    fill = _filling(joined, before.spec)
    for number, column in enumerate(range(0, joined.n_destinations, LANES)):
        labels = np.full((len(prepared.network.connections.departure_s) + 1, LANES), NEVER, np.int32)
        labels[prepared.row] = before.labels[number]
        block = block_of(joined, column, labels)
        _fill_after(joined, block, before.spec, prepared.running, fill, [known, *summaries])
    return [_times(one, before.spec) for one in summaries]


def times_of_versions(prepared: PreparedVersions, joined: JoinedNetwork, spec: SearchSpec) -> list[TravelTimes]:
    """Travel times of each version, the base first, as `travel_times` gives them for its timetable alone.

    `joined` is the network of `prepared` joined to points. Raises `SearchSpecError` for too many departures.
    """
    require_few_departures(spec)
    summaries = _empty(joined, spec, len(prepared.running))
    fill = _filling(joined, spec)
    for column in range(0, joined.n_destinations, LANES):
        base = search_block(joined, 0, column, spec, prepared.running[0])
        fill(base, summaries[0])
        _fill_after(joined, base, spec, prepared.running, fill, summaries)
    return [_times(one, spec) for one in summaries]


def _empty(joined: JoinedNetwork, spec: SearchSpec, number: int) -> list[Summary]:
    shape = joined.n_origins, joined.n_destinations
    return [empty_summary(spec, spec.n_departures, shape) for _ in range(number)]


def _times(summary: Summary, spec: SearchSpec) -> TravelTimes:
    cutoffs_s = (*spec.cutoffs_s, spec.max_duration_s)
    return TravelTimes(summary.percentile_s, summary.within, spec.n_departures, spec.percentiles, cutoffs_s)


def boarded_patterns(joined: JoinedNetwork) -> tuple[Int64, Int64]:
    """(origin, pattern) of every pair in which people can walk from the origin to board the pattern in the time searched."""
    (network,), (candidates,) = joined.networks, joined.candidates
    n_patterns = len(network.timetable.pattern_route)
    pairs = np.unique(row_numbers(candidates.offset) * n_patterns + network.calls.pattern[candidates.position])
    return pairs // max(n_patterns, 1), pairs % max(n_patterns, 1)


def _filling(joined: JoinedNetwork, spec: SearchSpec) -> Callable[[Block, Summary], None]:
    """What fills a summary of the first network for a block of destinations, from the origins that it asks."""
    summarise = summarising(joined.networks[0].boardings, joined.candidates[0], spec, (0, joined.n_origins))

    def fill(block: Block, summary: Summary) -> None:
        in_threads(lambda points: summarise(points, block, summary), joined.n_origins, _ORIGINS_PER_TASK)

    return fill


def _fill_after(
    joined: JoinedNetwork,
    base: Block,
    spec: SearchSpec,
    running: Bool,
    fill: Callable[[Block, Summary], None],
    summaries: Sequence[Summary],
) -> None:
    """Fill the summaries of all versions but the first, which is full, for the destinations of the block `base`."""

    def of_version(bounds: tuple[int, int]) -> None:
        number = bounds[0] + 1
        columns = slice(base.column, min(base.column + LANES, joined.n_destinations))
        for filled, known in zip(summaries[number][2:], summaries[0][2:], strict=True):
            filled[..., columns] = known[..., columns]
        block = search_block_after(joined, base, running[0], spec, running[number])
        asked = _other_destinations(joined, spec, base, block)
        fill(block._replace(asked=asked), summaries[number])

    in_threads(of_version, len(running) - 1, 1)


def _other_destinations(joined: JoinedNetwork, spec: SearchSpec, base: Block, block: Block) -> Lanes:
    """(n_origins,) the destinations of the block to which an origin can have another answer than in the base."""
    network = joined.networks[0]
    rows, departure_s = rows_searched(network, spec), network.connections.departure_s
    other = differences.other_lanes(rows, departure_s, spec.max_duration_s, base.labels, block.labels)
    found: Lanes = differences.lanes_of_points(other, network.boardings, joined.candidates[0], search_window(spec))
    return found
