"""Door-to-door travel times by public transport: points and a timetable in, `TravelTimes` out."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from accessibility.errors import SearchSpecError
from accessibility.kernels.arrays import Candidates
from accessibility.legs import (
    LegTable,
    Points,
    Walk,
    legs_from_triples,
    place_key,
    require_few_legs,
    straight_line_legs,
)
from accessibility.memo import Recent
from accessibility.search.percentiles import search
from accessibility.search.pooling import Walked, pooled_search
from accessibility.search.preparation import PreparedNetwork, boarding_candidates, prepare
from accessibility.search.spec import UNREACHED, SearchSpec, TravelTimes
from accessibility.streets.read import StreetNetwork, street_legs
from accessibility.timetable.headways import timetable_draws
from accessibility.timetable.timetable import Timetable

__all__ = [
    "UNREACHED",
    "SearchSpec",
    "TravelTimes",
    "prepare_draws",
    "prepare_search",
    "search",
    "stop_points",
    "transfer_legs",
    "travel_times",
    "walk_in_and_out",
    "walking_legs",
]

_TRANSFER_FORBIDDEN = 3
_TRANSFER_MINIMUM = 2


# Windows, percentiles and cutoffs change from question to question; where people walk from and to seldom does.
_RECENT_WALKS: Recent[LegTable] = Recent(16)
_RECENT_BOARDINGS: Recent[Candidates] = Recent(8)


def walking_legs(streets: StreetNetwork | None, start: Points, end: Points, walk: Walk) -> LegTable:
    """Legs along the streets, or straight lines times the detour factor where there are none.

    The last few are kept: treat their arrays as read-only.
    """

    def walked() -> LegTable:
        require_few_legs(start, end, walk)
        return straight_line_legs(start, end, walk) if streets is None else street_legs(streets, start, end, walk)

    return _RECENT_WALKS.get(("out", place_key(start), place_key(end), walk), (streets,), walked)


def stop_points(timetable: Timetable) -> Points:
    """The timetable's stops as points, in stop-number order."""
    stops = timetable.stops
    return Points(stops["stop_id"].to_numpy(object), stops["lon"].to_numpy(float), stops["lat"].to_numpy(float))


def transfer_legs(timetable: Timetable, streets: StreetNetwork | None, walk: Walk) -> LegTable:
    """Walks from stop to stop for changing, waiting at the same stop (0 s) included, under the feed's transfer rules.

    A minimum transfer time (GTFS type 2) replaces the walk between its two stops; a forbidden transfer (type 3)
    removes it; recommended and timed ones (0 and 1), and type 2 without a time, add nothing to what walking allows.
    """
    stops = stop_points(timetable)
    n = len(stops.ids)
    legs = walking_legs(streets, stops, stops, walk)
    source = np.concatenate([np.repeat(np.arange(n), np.diff(legs.offset)), np.arange(n)])
    target = np.concatenate([legs.target, np.arange(n)])
    seconds = np.concatenate([legs.seconds, np.zeros(n, np.int32)])
    rules = timetable.transfer_rules
    timed = rules[(rules["transfer_type"] == _TRANSFER_MINIMUM) & (rules["min_transfer_s"] >= 0)]
    rules = pd.concat([timed, rules[rules["transfer_type"] == _TRANSFER_FORBIDDEN]])
    free = ~np.isin(source * n + target, rules["from_stop"] * n + rules["to_stop"])
    return legs_from_triples(
        n,
        np.concatenate([source[free], timed["from_stop"]]),
        np.concatenate([target[free], timed["to_stop"]]),
        np.concatenate([seconds[free], timed["min_transfer_s"]]),
    )


def prepare_search(timetable: Timetable, streets: StreetNetwork | None, spec: SearchSpec) -> PreparedNetwork:
    """The network made ready for `spec` and every search with the same walking, slack and modes inside its span."""
    changes = transfer_legs(timetable, streets, spec.walk_between_rides)
    return prepare(timetable, changes, spec.span_s, spec.board_slack_s, spec.modes, spec.wheelchair)


def prepare_draws(timetable: Timetable, streets: StreetNetwork | None, spec: SearchSpec) -> list[PreparedNetwork]:
    """As `prepare_search`, once for each draw of where in their headways trips come (once if no trip is known by one)."""
    changes = transfer_legs(timetable, streets, spec.walk_between_rides)
    n = _n_draws(timetable, spec)
    drawn = timetable_draws(timetable, n, spec.seed, spec.span_s) if n else [timetable]
    return [prepare(one, changes, spec.span_s, spec.board_slack_s, spec.modes, spec.wheelchair) for one in drawn]


def _n_draws(timetable: Timetable, spec: SearchSpec) -> int:
    return spec.frequency_draws if len(timetable.headway_runs.trip) else 0


def travel_times(
    timetable: Timetable,
    streets: StreetNetwork | None,
    origins: Points,
    destinations: Points,
    spec: SearchSpec,
    prepared: PreparedNetwork | Sequence[PreparedNetwork] | None = None,
) -> TravelTimes:
    """Door-to-door seconds from every origin to every destination over all departures of the window.

    `prepared` (from `prepare_search`, or `prepare_draws` where headways are drawn) saves settling the changes again for
    further searches of the same network. Raises `SearchSpecError` if it does not cover `spec`.
    """
    walked = walk_in_and_out(timetable, streets, origins, destinations, spec, prepared)
    if len(walked.networks) > 1:
        return pooled_search(walked, spec)
    return search(*walked.networks[0], walked.egress, walked.direct, spec)


def walk_in_and_out(
    timetable: Timetable,
    streets: StreetNetwork | None,
    origins: Points,
    destinations: Points,
    spec: SearchSpec,
    prepared: PreparedNetwork | Sequence[PreparedNetwork] | None = None,
) -> Walked:
    """The network (one for each draw of the headways) and the walks of a search; see `travel_times`."""
    if prepared is None:
        networks: Sequence[PreparedNetwork] = prepare_draws(timetable, streets, spec)
    else:
        networks = [prepared] if isinstance(prepared, PreparedNetwork) else prepared
        _check_covering(networks, timetable, spec)
    stops = stop_points(timetable)
    access = walking_legs(streets, origins, stops, spec.walk)
    egress = _arriving_legs(streets, stops, destinations, spec.walk)
    direct = _arriving_legs(streets, origins, destinations, spec.walk)
    return Walked([(network, where_to_board(network, access)) for network in networks], egress, direct)


def where_to_board(network: PreparedNetwork, access: LegTable) -> Candidates:
    """Boarding positions worth walking to along `access` (points -> stops); the last few are kept."""
    return _RECENT_BOARDINGS.get(
        "board", (network.boardings, access), lambda: boarding_candidates(network.calls, network.boardings, access)
    )


def _check_covering(networks: Sequence[PreparedNetwork], timetable: Timetable, spec: SearchSpec) -> None:
    wanted = _n_draws(timetable, spec) or 1
    if len(networks) != wanted:
        raise SearchSpecError(f"{len(networks)} network(s) were prepared, but the search needs {wanted}: one a draw")
    prepared = networks[0]
    span_s = prepared.span_s
    if not (span_s[0] <= spec.span_s[0] and spec.span_s[1] <= span_s[1]):
        raise SearchSpecError(f"the prepared network covers {span_s} s, which is less than the search asks for")
    if prepared.slack_s != spec.board_slack_s:
        raise SearchSpecError(
            f"the network was prepared for a board slack of {prepared.slack_s} s, not {spec.board_slack_s} s"
        )
    if (prepared.modes, prepared.wheelchair) != (spec.modes, spec.wheelchair):
        raise SearchSpecError("the network was prepared for other modes or another need of accessible stops and trips")


def _arriving_legs(streets: StreetNetwork | None, start: Points, destinations: Points, walk: Walk) -> LegTable:
    """Walks from points to destinations, transposed: destination -> points."""

    def turned() -> LegTable:
        legs = walking_legs(streets, start, destinations, walk)
        source = np.repeat(np.arange(len(start.ids)), np.diff(legs.offset))
        return legs_from_triples(len(destinations.ids), legs.target, source, legs.seconds)

    return _RECENT_WALKS.get(("in", place_key(start), place_key(destinations), walk), (streets,), turned)
