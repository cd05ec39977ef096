"""Places on the globe from longitudes and latitudes: points in space, and an order in which neighbours stand near each other."""

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

_EQUATOR_M, _FLATTENING = 6_378_137.0, 1 / 298.257223563  # of the ellipsoid WGS84
_SQUARED_ECCENTRICITY = _FLATTENING * (2 - _FLATTENING)
_BITS = 16  # of each coordinate in the order of places


def positions_in_space_m(lon: Float, lat: Float) -> Float:
    """(n, 3) metres from the earth's centre of places `lon`, `lat` (n,) in WGS84 degrees, on the ellipsoid (EPSG:4978).

    The distance between two points is straight through the earth: it depends on these two alone, is never longer than the
    way along the ellipsoid, and shorter by less than 0.1 mm up to 4 km, 2 mm up to 10 km and 0.2 m up to 50 km.
    """
    east, north = np.radians(lon), np.radians(lat)
    radius_m = _EQUATOR_M / np.sqrt(1 - _SQUARED_ECCENTRICITY * np.sin(north) ** 2)  # across the meridian
    level_m = radius_m * np.cos(north)
    up_m = radius_m * (1 - _SQUARED_ECCENTRICITY) * np.sin(north)
    return np.column_stack([level_m * np.cos(east), level_m * np.sin(east), up_m])


def order_by_place(lon: Float, lat: Float) -> Int64:
    """(n,) numbers of places in an order in which neighbours stand near each other (Morton's curve), from (n,) degrees."""
    code = np.zeros(len(lon), np.int64)
    for shift, degrees in enumerate((lon, lat)):
        span = float(np.ptp(degrees)) if len(degrees) else 0.0
        cell = ((degrees - degrees.min()) / span * (2**_BITS - 1)).astype(np.int64) if span else np.zeros_like(code)
        for bit in range(_BITS):
            code |= (cell >> bit & 1) << (2 * bit + shift)
    return np.argsort(code, kind="stable")
