"""Joins origins and destinations to a prepared network by walks; every search starts from the result."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accessibility.compressed_rows import offsets_of
from accessibility.kernels.arrays import Candidates
from accessibility.legs import Int64, LegTable, Points
from accessibility.memo import Recent
from accessibility.search.links.walks import arriving_legs, legs_from_stops, legs_to_stops
from accessibility.search.preparation import PreparedNetwork, boarding_candidates, require_covering
from accessibility.search.spec import SearchSpec
from accessibility.streets.read import StreetNetwork
from accessibility.timetable.timetable import Timetable

_RECENT: Recent[Candidates] = Recent(8)


@dataclass(frozen=True, eq=False)
class JoinedNetwork:
    """A network, once for each draw of the headways, with the walks of one set of origins and one of destinations."""

    networks: Sequence[PreparedNetwork]  # they differ only in their times
    candidates: Sequence[Candidates]  # boarding positions of each origin, network by network
    access: LegTable  # origin -> stops
    egress: LegTable  # destination -> stops
    direct: LegTable  # destination -> origins

    @property
    def n_origins(self) -> int:
        """The number of origins."""
        return len(self.access.offset) - 1

    @property
    def n_destinations(self) -> int:
        """The number of destinations."""
        return len(self.egress.offset) - 1

    def with_walks_within(self, longest_s: int) -> "JoinedNetwork":
        """The joined network with only the access, egress and direct walks of at most `longest_s` seconds."""
        return join(self.networks, *(legs.within(longest_s) for legs in (self.access, self.egress, self.direct)))

    def of_origins(self, rows: Int64) -> "JoinedNetwork":
        """The joined network from the origins `rows` only, in this order."""
        direct = self.direct.transposed(self.n_origins).of_sources(rows).transposed(self.n_destinations)
        return join(self.networks, self.access.of_sources(rows), self.egress, direct)


def join(networks: Sequence[PreparedNetwork], access: LegTable, egress: LegTable, direct: LegTable) -> JoinedNetwork:
    """A `JoinedNetwork` from networks prepared together and walks.

    `access` leads from origins to stops; `egress` lists stops by destination, `direct` lists origins by destination.
    """
    return JoinedNetwork(
        networks, [_cached_candidates(network, access) for network in networks], access, egress, direct
    )


def join_points(
    networks: Sequence[PreparedNetwork],
    streets: StreetNetwork | None,
    origins: Points,
    destinations: Points,
    spec: SearchSpec,
) -> JoinedNetwork:
    """A `JoinedNetwork` from networks prepared together and points, with walks as in `spec`.

    Raises `SearchSpecError` if the networks were not prepared for `spec`.
    """
    require_covering(networks, spec)
    return join(networks, *walks_of_points(networks[0].timetable, streets, origins, destinations, spec))


def walks_of_points(
    timetable: Timetable, streets: StreetNetwork | None, origins: Points, destinations: Points, spec: SearchSpec
) -> tuple[LegTable, LegTable, LegTable]:
    """The walks of `spec` from origins to stops, from stops to destinations, and from origins to destinations.

    The last two are listed by destination.
    """
    wheelchair = spec.wheelchair is not None
    return (
        legs_to_stops(streets, origins, timetable, spec.walk, wheelchair=wheelchair),
        legs_from_stops(streets, timetable, destinations, spec.walk, wheelchair=wheelchair),
        arriving_legs(streets, origins, destinations, spec.walk),
    )


def side_by_side(joined: Sequence[JoinedNetwork]) -> JoinedNetwork:
    """The destinations of several joined networks, one after the other, as those of one.

    All have the same networks and the same walks from origins to stops, as `join_points` gives them for the same origins.
    """
    first = joined[0]
    egress, direct = (_one_after_another([getattr(one, legs) for one in joined]) for legs in ("egress", "direct"))
    return JoinedNetwork(first.networks, first.candidates, first.access, egress, direct)


def _one_after_another(tables: Sequence[LegTable]) -> LegTable:
    counts = np.concatenate([np.diff(legs.offset) for legs in tables])
    return LegTable(
        offsets_of(counts),
        np.concatenate([legs.target for legs in tables]),
        np.concatenate([legs.seconds for legs in tables]),
    )


def _cached_candidates(network: PreparedNetwork, access: LegTable) -> Candidates:
    return _RECENT.get(
        "board", (network.boardings, access), lambda: boarding_candidates(network.calls, network.boardings, access)
    )
