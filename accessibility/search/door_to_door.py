"""Door-to-door travel times by public transport: points and a timetable in, `TravelTimes` out.

The way is the same for every question: `prepare_search` makes the network ready, `join_points` walks to it and from it, and
`joined_travel_times` sums departures up into percentiles, or `passes.backward` keeps what `departures` and `itinerary` tell
one by one.
"""

from collections.abc import Sequence

from accessibility.legs import Points
from accessibility.search.joining import join_points
from accessibility.search.percentiles import joined_travel_times
from accessibility.search.preparation import PreparedNetwork, prepare
from accessibility.search.spec import SearchSpec, TravelTimes
from accessibility.search.walks import transfer_legs
from accessibility.streets.read import StreetNetwork
from accessibility.timetable.headways import timetable_draws
from accessibility.timetable.timetable import Timetable


def prepare_search(timetable: Timetable, streets: StreetNetwork | None, spec: SearchSpec) -> list[PreparedNetwork]:
    """The network made ready for `spec`, and for every search inside its span that rides and changes alike.

    One network; with `spec.frequency_draws`, one for each draw of where in their headways trips come, if any trip is known
    only by a headway.
    """
    changes = transfer_legs(timetable, streets, spec.walk_between_rides)
    drawn = [timetable]
    if spec.frequency_draws and len(timetable.headway_runs.trip):
        drawn = timetable_draws(timetable, spec.frequency_draws, spec.seed, spec.span_s)
    return [prepare(one, changes, spec) for one in drawn]


def travel_times(
    timetable: Timetable,
    streets: StreetNetwork | None,
    origins: Points,
    destinations: Points,
    spec: SearchSpec,
    prepared: Sequence[PreparedNetwork] | None = None,
) -> TravelTimes:
    """Door-to-door seconds from every origin to every destination over all departures of the window.

    `prepared` (from `prepare_search`) saves settling the changes again for further searches of the same timetable. Raises
    `SearchSpecError` if it was not prepared for `spec`.
    """
    networks = prepare_search(timetable, streets, spec) if prepared is None else prepared
    return joined_travel_times(join_points(networks, streets, origins, destinations, spec), spec)
