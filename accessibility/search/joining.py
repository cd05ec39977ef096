"""Origins and destinations joined to a prepared network by walks: what every search starts from."""

from collections.abc import Sequence
from dataclasses import dataclass

from accessibility.kernels.arrays import Candidates
from accessibility.legs import LegTable, Points
from accessibility.memo import Recent
from accessibility.search.preparation import PreparedNetwork, boarding_candidates, require_covering
from accessibility.search.spec import SearchSpec
from accessibility.search.walks import arriving_legs, stop_points, walking_legs
from accessibility.streets.read import StreetNetwork

_RECENT: Recent[Candidates] = Recent(8)


@dataclass(frozen=True, eq=False)
class JoinedNetwork:
    """A network, once for each draw of the headways, with the walks of one set of origins and one of destinations."""

    networks: Sequence[PreparedNetwork]  # alike but for their times
    candidates: Sequence[Candidates]  # where each origin can board, network by network
    access: LegTable  # origin -> stops
    egress: LegTable  # destination -> stops
    direct: LegTable  # destination -> origins

    @property
    def n_origins(self) -> int:
        """Number of origins."""
        return len(self.access.offset) - 1

    @property
    def n_destinations(self) -> int:
        """Number of destinations."""
        return len(self.egress.offset) - 1

    def with_walks_within(self, longest_s: int) -> "JoinedNetwork":
        """The same with only the walks to, from and past the network that take at most `longest_s`."""
        return join(self.networks, *(legs.within(longest_s) for legs in (self.access, self.egress, self.direct)))


def join(networks: Sequence[PreparedNetwork], access: LegTable, egress: LegTable, direct: LegTable) -> JoinedNetwork:
    """Networks prepared together, and walks: origin -> stops, destination -> stops, destination -> origins."""
    return JoinedNetwork(networks, [_where_to_board(network, access) for network in networks], access, egress, direct)


def join_points(
    networks: Sequence[PreparedNetwork],
    streets: StreetNetwork | None,
    origins: Points,
    destinations: Points,
    spec: SearchSpec,
) -> JoinedNetwork:
    """Networks prepared together, and the walks of `spec` between them and points.

    Raises `SearchSpecError` if the networks were not prepared for `spec`.
    """
    require_covering(networks, spec)
    stops = stop_points(networks[0].timetable)
    return join(
        networks,
        walking_legs(streets, origins, stops, spec.walk),
        arriving_legs(streets, stops, destinations, spec.walk),
        arriving_legs(streets, origins, destinations, spec.walk),
    )


def _where_to_board(network: PreparedNetwork, access: LegTable) -> Candidates:
    """Boarding positions worth walking to along `access`; the last few are kept."""
    return _RECENT.get(
        "board", (network.boardings, access), lambda: boarding_candidates(network.calls, network.boardings, access)
    )
