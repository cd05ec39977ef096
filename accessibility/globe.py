"""Places on the globe from longitudes and latitudes: points in space, and an order in which neighbours stand near each other."""

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

_EARTH_RADIUS_M = 6_371_000.0  # the mean radius: distances are right to 0.5 %
_BITS = 16  # of each coordinate in the order of places


def positions_in_space_m(lon: Float, lat: Float) -> Float:
    """(n, 3) metres from the earth's centre, on a sphere, of places `lon`, `lat` (n,) in WGS84 degrees.

    The distance between two points is straight through the earth: it is never longer than the great circle, and shorter
    by less than 1 m up to 50 km.
    """
    east, north = np.radians(lon), np.radians(lat)
    return (
        np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)]) * _EARTH_RADIUS_M
    )


def order_by_place(lon: Float, lat: Float) -> Int64:
    """(n,) numbers of places in an order in which neighbours stand near each other (Morton's curve), from (n,) degrees."""
    code = np.zeros(len(lon), np.int64)
    for shift, degrees in enumerate((lon, lat)):
        span = float(np.ptp(degrees)) if len(degrees) else 0.0
        cell = ((degrees - degrees.min()) / span * (2**_BITS - 1)).astype(np.int64) if span else np.zeros_like(code)
        for bit in range(_BITS):
            code |= (cell >> bit & 1) << (2 * bit + shift)
    return np.argsort(code, kind="stable")
