"""Layers of the network: stops with their service, and links with their service and the best journeys that ride on them."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from accessibility import (
    Timetable,
    centre_link_load,
    link_table,
    points,
    stop_points,
    to_networkx,
    walking_legs,
    with_shared_stops,
)
from corridors.access.centre_access import Access
from corridors.inputs.read import Context, Network
from layers import WGS84


def stops_frame(context: Context, access: Access) -> gpd.GeoDataFrame:
    """Layer of the stops with service: stop_id, name, mode, trips_per_hour in the departure window; index stop number.

    Service is what people can use: the configuration's modes, and its accessible stops and trips where asked for.
    """
    timetable = with_shared_stops(access.passes.network.timetable)
    calls, modes = _calls_in_window(timetable, access.spec.window_start_s, access.spec.window_end_s)
    hours = (access.spec.window_end_s - access.spec.window_start_s) / 3600
    frame = timetable.stops[["stop_id", "name"]].assign(mode=modes, trips_per_hour=calls / hours)
    positions = gpd.points_from_xy(timetable.stops["lon"], timetable.stops["lat"], crs=WGS84)
    return gpd.GeoDataFrame(frame, geometry=positions)[calls > 0].to_crs(context.zones.crs)


def _calls_in_window(
    timetable: Timetable, start_s: int, end_s: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.str_]]:
    """(calls that leave each stop inside the window, the mode with the most of them), each (n_stops,)."""
    _, pattern, position = timetable.calls()
    calling = (timetable.position_can_board | timetable.position_can_alight)[position]
    leaving = calling & (timetable.departure_s >= start_s) & (timetable.departure_s < end_s)
    pattern, position = pattern[leaving], position[leaving]
    stop, route = timetable.position_stop[position], timetable.pattern_route[pattern]
    names, code = np.unique(timetable.routes["mode"].to_numpy(str), return_inverse=True)
    table = np.zeros((len(timetable.stops), len(names)), np.int64)
    np.add.at(table, (stop, code[route]), 1)
    return table.sum(axis=1), names[table.argmax(axis=1)]


def links_frame(context: Context, network: Network, access: Access) -> gpd.GeoDataFrame:
    """Layer of the links of the departure window: their service, and the people whose best average journeys to centres use them.

    RangeIndex; from_stop_id, to_stop_id, from_name, to_name, mode, median_ride_s, trips_per_hour, routes, centre_people,
    geometry lines. Service is what people can use, as for stops.
    People are counted once for every centre of the headline's set that they reach within its cutoff.
    """
    spec = access.spec
    timetable = with_shared_stops(access.passes.network.timetable)
    graph = to_networkx(timetable, network.streets, (spec.window_start_s, spec.window_end_s))
    links = link_table(graph)
    stops = stop_points(timetable)
    centres = context.centres[access.centre_default]
    centre_points = points(centres.index, centres["lon"], centres["lat"], access.radius_m)
    links["centre_people"] = centre_link_load(
        graph,
        walking_legs(network.streets, access.origins, stops, spec.walk),
        context.values["population"].fillna(0.0).to_numpy(float),
        walking_legs(network.streets, stops, centre_points, spec.walk),
        access.kpi_cutoff_s,
    )
    ends = links[["from_lon", "from_lat", "to_lon", "to_lat"]].to_numpy().reshape(-1, 2, 2)
    columns = [
        "from_stop_id",
        "to_stop_id",
        "from_name",
        "to_name",
        "mode",
        "median_ride_s",
        "trips_per_hour",
        "routes",
    ]
    lines = gpd.GeoSeries(shapely.linestrings(ends), crs=WGS84)
    return gpd.GeoDataFrame(links[[*columns, "centre_people"]], geometry=lines).to_crs(context.zones.crs)
