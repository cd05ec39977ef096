"""Converts a timetable into a networkx graph of stops, rides and transfers, and the graph into a table of links.

The graph is for analysis (coordinates are attributes `x` and `y`, as in osmnx), the table for a map or a GIS.
"""

from collections.abc import Hashable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.errors import SearchSpecError
from accessibility.legs import Walk
from accessibility.search.links.walks import transfer_legs
from accessibility.streets.read import StreetNetwork
from accessibility.timetable.timetable import Timetable

MORNING_PEAK_S = (7 * 3600, 9 * 3600)
TRANSFER_WALK = Walk(max_s=300)  # transfers rarely take a longer walk
RIDE, TRANSFER = "ride", "transfer"
_RIDE_TYPES = {
    "from_stop": "int64",
    "to_stop": "int64",
    "mode": "str",
    "route_id": "str",
    "route": "str",
    "variant": "int64",
    "position": "int64",
    "median_ride_s": "float64",
    "median_dwell_s": "float64",
    "trips_per_hour": "float64",
    "boardings_per_hour": "float64",
    "can_alight": "bool",
}
LINK = ["from_stop", "to_stop", "mode"]  # the columns that identify a link


class _Edge(NamedTuple):
    """An edge as networkx takes it."""

    start: int
    end: int
    key: str
    attributes: dict[str, Any]


def to_networkx(
    timetable: Timetable,
    streets: StreetNetwork | None = None,
    window_s: tuple[int, int] = MORNING_PEAK_S,
    walk: Walk = TRANSFER_WALK,
) -> "nx.MultiDiGraph[int]":
    """A graph of the service in a departure window `window_s` (start, end excluded; seconds after midnight).

    - Nodes are stop numbers with `stop_id`, `name`, `x`, `y` (WGS84 degrees, as the graph's `crs` states).
    - There is one ride edge per pair of consecutive stops and variant of a route (its trips with one sequence of stops):
      `kind` "ride", `mode`, `route_id`, `route` (its name), `variant` and `position` (position 4 of a variant continues
      position 3), `median_ride_s` from departure to arrival, `median_dwell_s` at the first stop, `trips_per_hour`,
      `boardings_per_hour` (trips that may be boarded at the first stop), `can_alight` at the second.
    - There is one transfer edge per walk between stops of up to `walk.max_s` seconds: `kind` "transfer", `walk_s` along
      the streets (or along straight lines times the detour factor), under the feed's transfer rules.

    Raises `SearchSpecError` for a window that ends before it starts.
    """
    if window_s[1] <= window_s[0]:
        raise SearchSpecError(f"the departure window {window_s} ends before it starts")
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(
        crs="epsg:4326", date=timetable.date.isoformat(), window_start_s=window_s[0], window_end_s=window_s[1]
    )
    stops = timetable.stops[["stop_id", "name", "lon", "lat"]].rename(columns={"lon": "x", "lat": "y"})
    graph.add_nodes_from((number, _named(stop)) for number, stop in enumerate(stops.to_dict("records")))
    graph.add_edges_from(_ride_edges(timetable, window_s))  # type: ignore[arg-type]  # the stubs know no keyed edges
    graph.add_edges_from(_transfer_edges(timetable, streets, walk))  # type: ignore[arg-type]
    return graph


def link_table(graph: "nx.MultiDiGraph[int]") -> pd.DataFrame:
    """A table of links from a graph of `to_networkx`: one row per pair of consecutive stops and mode, over all routes.

    RangeIndex, sorted by from_stop, to_stop and mode. Columns: `from_stop`, `to_stop` (stop numbers), `mode`,
    `from_stop_id`, `to_stop_id`, `from_name`, `to_name`, `from_lon`, `from_lat`, `to_lon`, `to_lat` (WGS84 degrees),
    `median_ride_s` (of the route with the median trip), `trips_per_hour`, `routes` (names, comma-separated).
    """
    rides = ride_table(graph)
    links = rides.groupby(LINK).agg(trips_per_hour=("trips_per_hour", "sum"), routes=("route", _listed))
    half = rides.groupby(LINK)["trips_per_hour"].transform("sum") / 2
    upper = rides[rides.groupby(LINK)["trips_per_hour"].cumsum() >= half]
    links["median_ride_s"] = upper.drop_duplicates(LINK).set_index(LINK)["median_ride_s"]
    links = links.reset_index()
    for end in ("from", "to"):
        at_end = [graph.nodes[stop] for stop in links[f"{end}_stop"]]
        for column, attribute in {"stop_id": "stop_id", "name": "name", "lon": "x", "lat": "y"}.items():
            links[f"{end}_{column}"] = [stop[attribute] for stop in at_end]
    return links


def ride_table(graph: "nx.MultiDiGraph[int]") -> pd.DataFrame:
    """A table of the ride edges of a graph of `to_networkx`, sorted by link and then by ride time."""
    edges = [{"from_stop": u, "to_stop": v, **edge} for u, v, edge in graph.edges(data=True) if edge["kind"] == RIDE]
    rides = pd.DataFrame(edges, columns=list(_RIDE_TYPES)).astype(_RIDE_TYPES)
    return rides.sort_values([*LINK, "median_ride_s", "variant", "position"], ignore_index=True)


def _listed(names: "pd.Series[Any]") -> str:
    """Route names joined by commas: those that begin with a number, sorted by it, then the others."""
    return ", ".join(sorted(set(names), key=_by_number))


def _by_number(name: str) -> tuple[float, str]:
    number = name[: len(name) - len(name.lstrip("0123456789"))]
    return (float(number) if number else float("inf"), name)


def _named(record: dict[Hashable, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in record.items()}


def _ride_edges(timetable: Timetable, window_s: tuple[int, int]) -> Iterator[_Edge]:
    edges = (
        _rides(timetable, window_s)
        .groupby(["variant", "position"], as_index=False)
        .agg(
            from_stop=("from_stop", "first"),
            to_stop=("to_stop", "first"),
            route=("route", "first"),
            median_ride_s=("ride_s", "median"),
            median_dwell_s=("dwell_s", "median"),
            trips_per_hour=("ride_s", "size"),
            boardings_per_hour=("can_board", "sum"),
            can_alight=("can_alight", "any"),
        )
    )
    edges[["trips_per_hour", "boardings_per_hour"]] /= (window_s[1] - window_s[0]) / 3600
    routes = timetable.routes.loc[edges["route"], ["route_id", "short_name", "long_name", "mode"]].reset_index(
        drop=True
    )
    name = routes["short_name"].where(routes["short_name"] != "", routes["long_name"])
    edges = edges.assign(kind=RIDE, mode=routes["mode"], route_id=routes["route_id"])
    edges["route"] = name.where(name != "", routes["route_id"])
    for record in edges.to_dict("records"):
        ride = _named(record)
        key = f"{RIDE}:{ride['variant']}:{ride['position']}"
        yield _Edge(ride.pop("from_stop"), ride.pop("to_stop"), key, ride)


def _rides(timetable: Timetable, window_s: tuple[int, int]) -> pd.DataFrame:
    """One row per call that departs inside the window, with the ride to the next stop."""
    _, pattern, position = timetable.calls()
    leaving = (timetable.departure_s >= window_s[0]) & (timetable.departure_s < window_s[1])
    event = np.flatnonzero(leaving & (position + 1 < timetable.pattern_position_offset[pattern + 1]))
    pattern, position = pattern[event], position[event]
    return pd.DataFrame(
        {
            "variant": _variants(timetable)[pattern],
            "position": position - timetable.pattern_position_offset[pattern],
            "from_stop": timetable.position_stop[position],
            "to_stop": timetable.position_stop[position + 1],
            "route": timetable.pattern_route[pattern],
            "ride_s": timetable.arrival_s[event + 1] - timetable.departure_s[event],
            "dwell_s": timetable.departure_s[event] - timetable.arrival_s[event],
            "can_board": timetable.position_can_board[position],
            "can_alight": timetable.position_can_alight[position + 1],
        }
    )


def _variants(timetable: Timetable) -> npt.NDArray[np.int64]:
    """(n_patterns,) variant number of each pattern: equal for patterns of one route with the same stops."""
    offset, numbers = timetable.pattern_position_offset, dict[tuple[int, bytes], int]()
    stops = (timetable.position_stop[a:b].tobytes() for a, b in pairwise(offset))
    keys = zip(timetable.pattern_route.tolist(), stops, strict=True)
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def _transfer_edges(timetable: Timetable, streets: StreetNetwork | None, walk: Walk) -> Iterator[_Edge]:
    legs = transfer_legs(timetable, streets, walk)
    rows = zip(legs.sources().tolist(), legs.target.tolist(), legs.seconds.tolist(), strict=True)
    return (_Edge(a, b, TRANSFER, {"kind": TRANSFER, "walk_s": seconds}) for a, b, seconds in rows if a != b)
