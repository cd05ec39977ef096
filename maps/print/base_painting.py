"""The base map on a printed map: water, green space, roads and rail over the zones, and names of places where there is room."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline
from pyproj import CRS

from maps.base_map import LOOKS, WATER_COLOUR, WATER_EDGE, BaseMap, Look, RoadNumber, road_numbers
from maps.print.labels import Label

KIND_TITLES = {"road": "Roads", "rail": "Railways", "water": "Water", "green": "Green space"}
GREEN_ALPHA = 0.32  # the zones' colours stay readable under it
CASING_PT, CASING_ALPHA = 0.8, 0.6  # a pale edge on both sides of lines, for dark zones
CASED_KM, FULL_WIDTH_KM = (
    30,
    15,
)  # width of the land up to which lines have that edge, and are as broad as their looks say
MOST_NUMBERS = 24  # of roads on one map, the most important first
NUMBER_CELLS = 14  # of a map's width: spots of a road's number are about so far apart
AGAIN = 0.6  # of a map's width: roads that are longer have their number twice
MOST_NAMES = 40  # of places that are tried, the most important first
_DETAIL = 2500  # of a map's width: a twentieth of a printed millimetre is lost
_SMALLEST = (
    250  # of a map's width: squares of a smaller side, half a printed millimetre, are left out, and shorter lines
)
_OVER_ZONES = 2.0  # in drawing order

Shapes = npt.NDArray[np.object_]


def paint_base(axes: Axes, base: BaseMap, crs: CRS) -> Sequence[Patch | Line2D]:
    """Draw the classes that a map of this width can show, each as one path: areas, then water's lines, roads and rail.

    Returns a handle for the legend for each kind that is there to be seen.
    Built-up land would colour the zones, so it is left to the web map and the layers. `crs` is that of the axes, in metres.
    """
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    frame = base.frame.to_crs(crs)
    keys = np.array([" ".join(key) for key in zip(frame["kind"], frame["class"], strict=True)], dtype=object)
    handles: dict[str, Patch | Line2D] = {}
    for level, (key, look) in enumerate(_drawn(east - west)):
        own = frame.geometry.to_numpy()[keys == " ".join(key)]
        seen = shapely.clip_by_rect(own, west, south, east, north)
        lines = _lines(shapely.simplify(seen, (east - west) / _DETAIL), look, (east - west) / _SMALLEST)
        if len(lines):
            _paint(axes, lines, key, look, _OVER_ZONES + 0.02 * level, (east - west) / 1000)
            handles[key[0]] = _handle(key[0], look)
    return [handles[kind] for kind in KIND_TITLES if kind in handles]


def base_labels(axes: Axes, base: BaseMap | None, crs: CRS) -> Sequence[Label]:
    """Names of places in the frame of a map, the most important first, then numbers of roads, for where there is room."""
    if base is None:
        return ()
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    places = base.of_shape("point").to_crs(crs).cx[west:east, south:north]
    shown = [LOOKS[key].most_km * 1000 >= east - west for key in zip(places["kind"], places["class"], strict=True)]
    named = places[np.array(shown, bool)].head(MOST_NAMES)
    spots = shapely.get_coordinates(named.geometry.to_numpy()).tolist()
    names = [Label(str(name), [(x, y)], quiet=True) for name, (x, y) in zip(named["name"], spots, strict=True)]
    return [*names, *list(_shields(axes, base, crs))[:MOST_NUMBERS]]


def _shields(axes: Axes, base: BaseMap, crs: CRS) -> Iterator[Label]:
    """Numbers of the roads that a map of this width numbers; those of long roads twice, in either half of them."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    width = east - west
    wanted = [name for (kind, name), look in LOOKS.items() if kind == "road" and look.number_km * 1000 >= width]
    roads = base.frame[(base.frame["kind"] == "road") & base.frame["class"].isin(wanted)].to_crs(crs)
    seen = roads.set_geometry(shapely.clip_by_rect(roads.geometry.to_numpy(), west, south, east, north), crs=crs)
    for road in road_numbers(seen, width / NUMBER_CELLS):
        for spots in _halves(road, AGAIN * width):
            middle_first = np.argsort(np.hypot(*(spots - spots.mean(axis=0)).T), kind="stable")
            shield: Literal["dark", "light"] = "dark" if road.class_ == "motorway" else "light"
            positions = [(float(x), float(y)) for x, y in spots[middle_first]]
            yield Label(road.number, positions, quiet=True, shield=shield)


def _halves(road: RoadNumber, longest: float) -> Sequence[npt.NDArray[np.float64]]:
    """The spots of a road; in two halves where they lie farther apart than `longest` along an axis."""
    extent = np.ptp(road.spots, axis=0)
    axis = int(extent.argmax())
    if extent[axis] <= longest:
        return [road.spots]
    low = road.spots[:, axis] < road.spots[:, axis].min() + extent[axis] / 2
    return [road.spots[low], road.spots[~low]]


def _handle(kind: str, look: Look) -> Patch | Line2D:
    title = KIND_TITLES[kind]
    if kind == "water":
        return Patch(facecolor=WATER_COLOUR, edgecolor=WATER_EDGE, linewidth=0.5, label=title)
    if kind == "green":
        return Patch(facecolor=look.colour, alpha=GREEN_ALPHA, label=title)
    dashes: Any = (0, look.dashes) if look.dashes else "-"
    return Line2D([], [], color=look.colour, lw=look.width_pt, linestyle=dashes, label=title)


def _drawn(width_m: float) -> list[tuple[tuple[str, str], Look]]:
    """The classes that a map of this width shows, in drawing order: the most important of each kind last."""
    groups = (("area", ("green", "water")), ("line", ("water", "road", "rail")))
    looks = list(LOOKS.items())[::-1]
    return [
        (key, look)
        for shape, kinds in groups
        for kind in kinds
        for key, look in looks
        if key[0] == kind and look.shape == shape and look.most_km * 1000 >= width_m
    ]


def _lines(shapes: Shapes, look: Look, least_m: float) -> Shapes:
    """The lines, or rings of the polygons, that a class is drawn with."""
    parts = shapely.get_parts(shapes)
    if look.shape == "line":
        lines: Shapes = parts[shapely.get_dimensions(parts) == 1]
        long: Shapes = lines[shapely.length(lines) >= least_m]
        return long
    areas = parts[shapely.get_dimensions(parts) == 2]
    rings = shapely.get_rings(shapely.orient_polygons(areas[shapely.area(areas) >= least_m**2]))
    kept: Shapes = rings[shapely.area(shapely.polygons(rings)) >= least_m**2 / 4]
    return kept


def _paint(axes: Axes, lines: Shapes, key: tuple[str, str], look: Look, level: float, width_km: float) -> None:
    corners, line = shapely.get_coordinates(lines, return_index=True)
    codes = np.full(len(corners), Outline.LINETO, dtype=Outline.code_type)
    codes[np.flatnonzero(np.diff(line, prepend=-1))] = Outline.MOVETO
    path = Outline(corners, codes)
    if look.shape == "area":
        water = key[0] == "water"
        edge = {"edgecolor": WATER_EDGE, "linewidth": 0.4} if water else {"edgecolor": look.colour, "linewidth": 0.25}
        axes.add_artist(
            PathPatch(path, facecolor=look.colour, alpha=None if water else GREEN_ALPHA, zorder=level, **edge)
        )
        return
    ends = {"capstyle": "round", "joinstyle": "round", "fill": False}
    width = look.width_pt * float(np.clip(np.sqrt(FULL_WIDTH_KM / width_km), 0.5, 1))
    if width_km <= CASED_KM:
        casing = {"edgecolor": "#ffffff", "linewidth": width + CASING_PT, "alpha": CASING_ALPHA}
        axes.add_artist(PathPatch(path, zorder=level, **casing, **ends))
    core = PathPatch(path, edgecolor=look.colour, linewidth=width, zorder=level + 0.01, **ends)
    if look.dashes:
        core.set(linestyle=(0, look.dashes), capstyle="butt")
    axes.add_artist(core)
