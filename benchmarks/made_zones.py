"""A GeoPackage of zones as a national boundary file at full resolution has them: neighbours share every vertex of a border.

Zones tile a square of England and Wales in squares whose four borders are crooked lines; those of each district are next to
each other, and the first seven districts are the West Midlands', with 1,719 zones between them.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyogrio
import shapely

Float = npt.NDArray[np.float64]

DISTRICTS = {  # LSOAs of 2021
    "E08000025": 659, "E08000026": 201, "E08000027": 202, "E08000028": 193, "E08000029": 134, "E08000030": 172,
    "E08000031": 158,
}  # fmt: skip
LAYER = "LSOA_2021_EW_BFC"
_CELL_M, _SOUTH_WEST_M, _CROOKED_M = 2_900.0, (100_000.0, 5_000.0), 125.0
_ELSEWHERE = 110  # zones of each other district


def write_zones(path: Path, zones: int, vertices: int) -> int:
    """Write `zones` polygons of `vertices` each, a row of the square at a time; returns the vertices written."""
    side = int(np.ceil(np.sqrt(zones)))
    random, written = np.random.default_rng(1), 0
    below = _crooked(random, side, vertices // 4)
    for row in range(side):
        above = _crooked(random, side, vertices // 4)
        numbers = np.arange(row * side, min((row + 1) * side, zones))
        if len(numbers):
            rings = _rings(row, below, above, _crooked(random, side + 1, vertices // 4), len(numbers))
            _append(path, numbers, rings)
            written += rings.shape[0] * rings.shape[1]
        below = above
    return written


def _crooked(random: np.random.Generator, borders: int, steps: int) -> Float:
    """(borders, steps) how far each border strays from the straight line, in metres; nothing at its start."""
    along = np.arange(steps) / steps
    stray = random.normal(0, 1, (borders, 8)) / np.arange(1, 9) ** 2 @ np.sin(np.pi * np.outer(np.arange(1, 9), along))
    return np.asarray(_CROOKED_M * stray)


def _rings(row: int, below: Float, above: Float, upright: Float, n: int) -> Float:
    """(n, 4 * steps + 1, 2) closed rings against the clock, all from the lower left corner."""
    steps = below.shape[1]
    along: Float = np.linspace(0.0, _CELL_M, steps, endpoint=False)
    left = np.asarray(np.arange(n) * _CELL_M, float)
    low = row * _CELL_M
    lower = _points(left[:, None] + along, low + below[:n])
    upper = _points(left[:, None] + along, low + _CELL_M + above[:n])
    near = _points(left[:, None] + upright[:n], low + along)
    far = _points(left[:, None] + _CELL_M + upright[1 : n + 1], low + along)
    upper_right = _points(left[:, None] + _CELL_M, np.array([low + _CELL_M]))
    upper_left = _points(left[:, None], np.array([low + _CELL_M]))
    back = slice(None, 0, -1)  # against its direction, without its start
    parts = [lower, far, upper_right, upper[:, back], upper_left, near[:, back], lower[:, :1]]
    return np.asarray(np.concatenate(parts, axis=1) + _SOUTH_WEST_M)


def _points(x: Float, y: Float) -> Float:
    return np.stack(np.broadcast_arrays(x, y), axis=-1)


def _append(path: Path, numbers: npt.NDArray[np.int64], rings: Float) -> None:
    frame = gpd.GeoDataFrame(
        {
            "LSOA21CD": [f"E01{number:06d}" for number in numbers],
            "LSOA21NM": [f"Zone {number:05d}" for number in numbers],
            "LAD22CD": district_codes(numbers),
        },
        geometry=shapely.polygons(rings),
        crs="EPSG:27700",
    )
    pyogrio.write_dataframe(frame, path, layer=LAYER, driver="GPKG", append=path.exists())


def district_codes(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.str_]:
    """The district of each zone by its number."""
    ends = np.cumsum(list(DISTRICTS.values()))
    place = np.searchsorted(ends, numbers, side="right")
    elsewhere = [f"E07{number:06d}" for number in (numbers - ends[-1]) // _ELSEWHERE + 1]
    return np.where(place < len(ends), np.array([*DISTRICTS, ""])[place], elsewhere)
