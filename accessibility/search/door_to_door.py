"""Computes door-to-door travel times by public transport, from points and a timetable.

Every search has the same steps. `prepare_search` prepares the network, and `join_points` adds the walks to and from it.
Then `joined_travel_times` computes percentiles over departures, or `passes.backward_passes` computes the passes from which
`departures` and `itinerary` give single departures and journeys.
"""

from collections.abc import Sequence

from accessibility.legs import LegTable, Points
from accessibility.search.joining import join_points
from accessibility.search.links.walks import transfer_legs
from accessibility.search.percentiles import joined_travel_times
from accessibility.search.preparation import PreparedNetwork, prepare
from accessibility.search.spec import SearchSpec, TravelTimes
from accessibility.streets.read import StreetNetwork
from accessibility.timetable.headways import timetable_draws
from accessibility.timetable.timetable import Timetable


def prepare_search(timetable: Timetable, streets: StreetNetwork | None, spec: SearchSpec) -> list[PreparedNetwork]:
    """The prepared network for `spec`, and for every search within its span with the same rides and transfers.

    Usually a list of one network. With `spec.frequency_draws`, if any trip is known only by its headway, it has one network
    per draw of the offsets within headways.
    """
    return prepare_with_walks(timetable, walks_between_rides(timetable, streets, spec), spec)


def walks_between_rides(timetable: Timetable, streets: StreetNetwork | None, spec: SearchSpec) -> LegTable:
    """The legs from stop to stop for the transfers of `spec`."""
    return transfer_legs(timetable, streets, spec.walk_between_rides, wheelchair=spec.wheelchair is not None)


def prepare_with_walks(timetable: Timetable, transfers: LegTable, spec: SearchSpec) -> list[PreparedNetwork]:
    """As `prepare_search`, from the legs of `walks_between_rides`."""
    timetables = [timetable]
    if spec.frequency_draws and len(timetable.headway_runs.trip):
        timetables = timetable_draws(timetable, spec.frequency_draws, spec.seed, spec.span_s)
    return [prepare(one, transfers, spec) for one in timetables]


def travel_times(
    timetable: Timetable,
    streets: StreetNetwork | None,
    origins: Points,
    destinations: Points,
    spec: SearchSpec,
    prepared: Sequence[PreparedNetwork] | None = None,
) -> TravelTimes:
    """Travel times in seconds from every origin to every destination, as percentiles over all departures of the window.

    Without `streets`, walks are straight lines times the detour factor. `prepared` (from `prepare_search`) saves the
    preparation in further searches of the same timetable. Raises `SearchSpecError` if it was not prepared for `spec`.
    """
    networks = prepare_search(timetable, streets, spec) if prepared is None else prepared
    times = joined_travel_times(join_points(networks, streets, origins, destinations, spec), spec)
    return times._replace(origin_ids=origins.ids, destination_ids=destinations.ids)
