"""The network as layers: stops with their service, links with what they carry."""

import geopandas as gpd
import numpy as np

from accessibility.timetable import Timetable
from corridors.access import Access
from corridors.inputs import Context, Network

_WGS84 = "EPSG:4326"


def stops_frame(context: Context, network: Network, access: Access) -> gpd.GeoDataFrame:
    """Index stop number; stop_id, name, mode, trips_per_hour in the departure window; stops without service left out."""
    timetable = network.timetable
    calls, modes = _calls_in_window(timetable, access.spec.window_start_s, access.spec.window_end_s)
    hours = (access.spec.window_end_s - access.spec.window_start_s) / 3600
    frame = timetable.stops[["stop_id", "name"]].assign(mode=modes, trips_per_hour=calls / hours)
    spots = gpd.points_from_xy(timetable.stops["lon"], timetable.stops["lat"], crs=_WGS84)
    return gpd.GeoDataFrame(frame, geometry=spots)[calls > 0].to_crs(context.zones.crs)


def _calls_in_window(timetable: Timetable, start_s: int, end_s: int) -> tuple[np.ndarray, np.ndarray]:
    """(calls that leave each stop inside the window, mode with the most of them)."""
    lengths = np.diff(timetable.pattern_position_offset)
    counts = np.diff(timetable.pattern_trip_offset)
    first = np.repeat(timetable.pattern_position_offset[:-1], lengths * counts)
    within = np.concatenate([np.tile(np.arange(n), k) for n, k in zip(lengths, counts, strict=True)])
    stop = timetable.position_stop[first + within]
    route = np.repeat(timetable.pattern_route, lengths * counts)
    leaving = (timetable.departure_s >= start_s) & (timetable.departure_s < end_s)
    names, code = np.unique(timetable.routes["mode"].to_numpy(str), return_inverse=True)
    table = np.zeros((len(timetable.stops), len(names)), np.int64)
    np.add.at(table, (stop[leaving], code[route[leaving]]), 1)
    return table.sum(axis=1), names[table.argmax(axis=1)]


def links_frame(context, network, access):
    return gpd.GeoDataFrame(
        {
            c: []
            for c in [
                "from_stop_id",
                "to_stop_id",
                "from_name",
                "to_name",
                "mode",
                "median_ride_s",
                "trips_per_hour",
                "routes",
                "centre_people",
            ]
        },
        geometry=[],
        crs=context.zones.crs,
    )
