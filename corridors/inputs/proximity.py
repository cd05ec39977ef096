"""Whether a timetable and the places asked about lie in one part of the world."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from accessibility import Timetable
from corridors.errors import PlacesApartError

Float = npt.NDArray[np.float64]

FARTHEST_KM = 50.0
_EARTH_RADIUS_KM = 6_371.0


def require_near(timetable: Timetable, lon: pd.Series | Float, lat: pd.Series | Float, noun: str) -> None:
    """Raise `PlacesApartError` when every stop is far from every place: all answers would be "on foot" and look right.

    `lon`, `lat` (n,) WGS84 degrees of the places, which the message calls `noun`.
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
    """(n,) straight distance from each place (`lon`, `lat` in WGS84 degrees) to the nearest stop of the timetable."""
    distances, _ = cKDTree(_on_globe(*_stops(timetable))).query(
        _on_globe(np.asarray(lon, float), np.asarray(lat, float))
    )
    return np.asarray(distances, float)


def _stops(timetable: Timetable) -> tuple[Float, Float]:
    return timetable.stops["lon"].to_numpy(float), timetable.stops["lat"].to_numpy(float)


def _on_globe(lon: Float, lat: Float) -> Float:
    east, north = np.radians(lon), np.radians(lat)
    place = [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)]
    return np.column_stack(place) * _EARTH_RADIUS_KM


def _extent(lon: Float, lat: Float) -> str:
    return f"from {lat.min():.2f} to {lat.max():.2f} north and {lon.min():.2f} to {lon.max():.2f} east"
