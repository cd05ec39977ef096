"""Distance between a timetable's stops and places, and the check that they lie in the same part of the world."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from accessibility import Timetable, positions_in_space_m
from corridors.errors import PlacesApartError

Float = npt.NDArray[np.float64]

FARTHEST_KM = 50.0


def require_near(timetable: Timetable, lon: pd.Series | Float, lat: pd.Series | Float, noun: str) -> None:
    """Raise `PlacesApartError` where every stop is more than `FARTHEST_KM` from every place, as all journeys would be walks.

    `lon`, `lat` (n,) are WGS84 degrees of the places, which the message calls `noun`.
    """
    stops, places = _stops(timetable), (np.asarray(lon, float), np.asarray(lat, float))
    nearest_km = nearest_stop_km(timetable, lon, lat)
    if len(nearest_km) and nearest_km.min() > FARTHEST_KM:
        raise PlacesApartError(
            f"no stop of the timetable is within {FARTHEST_KM:g} km of any of the {noun}: stops lie {_extent(*stops)}, "
            f"{noun} {_extent(*places)}. Is it another region's timetable, or are latitude and longitude in each other's "
            "place?"
        )


def nearest_stop_km(timetable: Timetable, lon: pd.Series | Float, lat: pd.Series | Float) -> Float:
    """Straight-line kilometres from each place (`lon`, `lat`, (n,) WGS84 degrees) to the nearest stop with a call, (n,)."""
    places = positions_in_space_m(np.asarray(lon, float), np.asarray(lat, float))
    distances_m, _ = cKDTree(positions_in_space_m(*_stops(timetable))).query(places)
    return np.asarray(distances_m, float) / 1000


def _stops(timetable: Timetable) -> tuple[Float, Float]:
    called = timetable.stops.iloc[timetable.called_stops()]
    return called["lon"].to_numpy(float), called["lat"].to_numpy(float)


def _extent(lon: Float, lat: Float) -> str:
    return f"from {lat.min():.2f} to {lat.max():.2f} north and {lon.min():.2f} to {lon.max():.2f} east"
