"""Effects of a feed's repairs on corridors and centres: number and share of the departure window's trips that they touched."""

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from accessibility import NO_TIME, Timetable
from corridors.access.centre_access import Access
from corridors.config.run_config import RunConfig
from corridors.inputs.read import Context
from corridors.results import RunWarning
from layers import WGS84

Bool = npt.NDArray[np.bool_]
Place = tuple[str, str, str, shapely.Geometry]  # kind, id, name, area in the working CRS

# Stops within this distance of a centre's point belong to the centre, or within its own radius where that is larger.
CENTRE_STOPS_M = 800.0
COLUMNS = (
    "code",
    "place_kind",
    "place_id",
    "place",
    "trips_touched",
    "trips_in_window",
    "touched_share",
    "first",
    "cause",
)
_MOST_PLACES = 4  # that a sentence names
_FREQUENCY_START = r"@\d+:\d\d:\d\d$"


def input_effects(
    config: RunConfig, context: Context, timetable: Timetable, access: Access, areas: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Table of the repairs that touched trips, one row for each repair and place; columns `COLUMNS`.

    A trip belongs to a place when it calls in the departure window at a stop in the corridor's main catchment, or within
    `CENTRE_STOPS_M` of the centre. `trips_in_window` counts trips that run and trips that were dropped. A dropped trip
    without any time counts as in the window, and one whose days are not known counts as running. `cause` is the repair's
    effect.
    """
    window = access.spec.window_start_s, access.spec.window_end_s
    places = _places(config, context, areas)
    running = _running(timetable, places, window, context.zones.crs)
    dropped = _dropped(timetable, places, window, context.zones.crs)
    rows = []
    for repair in timetable.repairs:
        touched = set(repair.trips)
        for number, (kind, ident, name, _) in enumerate(places):
            in_place = running[number] | dropped[number]
            hit = in_place & touched
            if hit:
                n, share = len(in_place), len(hit) / len(in_place)
                rows.append((repair.code, kind, ident, name, len(hit), n, share, min(hit), repair.effect))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def with_places(warnings: Sequence[RunWarning], timetable: Timetable, effects: pd.DataFrame) -> tuple[RunWarning, ...]:
    """The warnings; those about trips also say which corridors and centres the trips serve (`effects` of `input_effects`)."""
    about_trips = {repair.effect for repair in timetable.repairs if repair.trips}
    return tuple(
        replace(warning, effect=f"{warning.effect}. {_sentence(effects[effects['cause'] == warning.effect])}")
        if warning.effect in about_trips
        else warning
        for warning in warnings
    )


def _sentence(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "In the departure window none of them calls at a corridor or centre."
    worst = rows.sort_values(["touched_share", "place_id"], ascending=[False, True])
    place_words = "; ".join(
        f"{row['place']} {row['trips_touched']:,} of {row['trips_in_window']:,} trips "
        f"({row['touched_share'] * 100:.1f} %), first {row['first']}"
        for row in worst.head(_MOST_PLACES).to_dict("records")
    )
    more = len(rows) - _MOST_PLACES
    return f"In the departure window: {place_words}" + (
        f"; {more:,} more places in tables/input_effects.csv." if more > 0 else "."
    )


def _places(config: RunConfig, context: Context, areas: gpd.GeoDataFrame) -> list[Place]:
    """The main catchments of the corridors, then the surroundings of the centres."""
    main = areas[areas["buffer_m"] == config.corridors.buffer_m].set_index("corridor_id").geometry
    near_m = max(CENTRE_STOPS_M, config.centres.radius_m)
    corridors = context.corridors["name"]
    return [
        *(("corridor", str(ident), str(corridors[ident]), main[ident]) for ident in corridors.index),
        *(
            ("centre", str(row.Index), str(row.name), row.geometry.buffer(near_m))
            for row in context.centres.itertuples(name="Centre")
        ),
    ]


def _inside(places: Sequence[Place], lon: npt.ArrayLike, lat: npt.ArrayLike, crs: object) -> list[Bool]:
    """For each place, whether each of the n points lies in it, (n,)."""
    positions = gpd.GeoSeries.from_xy(lon, lat, crs=WGS84).to_crs(crs)
    return [shapely.contains_xy(area, positions.x.to_numpy(), positions.y.to_numpy()) for *_, area in places]


def _running(timetable: Timetable, places: Sequence[Place], window: tuple[int, int], crs: object) -> list[set[str]]:
    """For each place, the ids (as in the feed) of the timetable's trips that leave one of its stops in the window."""
    leaving = (timetable.departure_s >= window[0]) & (timetable.departure_s < window[1])
    trip, _, position = (column[leaving] for column in timetable.calls())
    stop = timetable.position_stop[position]
    ids = pd.Series(timetable.trip_id, dtype=str).str.replace(_FREQUENCY_START, "", regex=True).to_numpy(object)
    inside = _inside(places, timetable.stops["lon"], timetable.stops["lat"], crs)
    return [set(ids[np.unique(trip[within[stop]])]) for within in inside]


def _dropped(timetable: Timetable, places: Sequence[Place], window: tuple[int, int], crs: object) -> list[set[str]]:
    """For each place, the ids of the dropped trips that would have called at one of its stops in the window."""
    dropped_calls = timetable.lost
    times = pd.Series(dropped_calls.time_s, dtype=float).where(dropped_calls.time_s != NO_TIME)
    of_trip = times.groupby(pd.Series(dropped_calls.trip_id, dtype=object))
    # A call without a time may be anywhere between the known times of its trip; without any, it may be in the window.
    earliest, latest = times.fillna(of_trip.transform("min")), times.fillna(of_trip.transform("max"))
    outside = (latest < window[0]) | (earliest >= window[1])
    calls = dropped_calls.take(~outside.to_numpy(bool))
    return [set(calls.trip_id[within]) for within in _inside(places, calls.lon, calls.lat, crs)]
