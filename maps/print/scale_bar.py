"""The scale bar of a printed map and its arrow to true north."""

from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from pyproj import CRS, Transformer

from maps.print.still_picture import INK

BAR_LENGTHS_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
ARROW = 0.0425  # half the length of the arrow to the north, as a share of the map's height


def scale_bar_km(width_m: float) -> float:
    """Length of the scale bar in kilometres: the longest round length of at most a quarter of the map's width."""
    return max((km for km in BAR_LENGTHS_KM if km * 1000 <= width_m / 4), default=BAR_LENGTHS_KM[0])


def north_of(x: float, y: float, crs: CRS) -> float:
    """Direction of true north at a point of a map, in degrees clockwise from the map's up."""
    to_degrees = _to_degrees(crs)
    lon, lat = to_degrees.transform(x, y)
    north_x, north_y = to_degrees.transform(lon, lat + 0.001, direction="INVERSE")
    return float(np.degrees(np.arctan2(north_x - x, north_y - y)))


@lru_cache(maxsize=4)
def _to_degrees(crs: CRS) -> Transformer:
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def draw_scale_bar_and_north(axes: Axes, crs: CRS) -> None:
    """Draw the scale bar, and an arrow to true north as it is at the middle of the map."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    length_km = scale_bar_km(east - west)
    share = length_km * 1000 / (east - west)
    at = axes.transAxes
    halo = [withStroke(linewidth=3, foreground="white")]
    axes.plot([0.03, 0.03 + share], [0.035] * 2, transform=at, color=INK, lw=2.4, path_effects=halo, zorder=50)
    axes.text(0.03, 0.05, f"{length_km:g} km", transform=at, fontsize=7, path_effects=halo, zorder=50)
    arrow = {"arrowstyle": "-|>", "color": INK, "lw": 1.2}
    angle = np.radians(north_of((west + east) / 2, (south + north) / 2, crs))
    dx, dy = ARROW * np.sin(angle) * axes.bbox.height / axes.bbox.width, ARROW * np.cos(angle)
    tip, foot = (0.955 + dx, 0.9325 + dy), (0.955 - dx, 0.9325 - dy)
    axes.annotate("", tip, foot, xycoords=at, textcoords=at, arrowprops=arrow, zorder=50)
    axes.text(0.955, 0.86, "N", transform=at, ha="center", fontsize=8, fontweight="bold", path_effects=halo, zorder=50)
