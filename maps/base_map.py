"""The base map: roads, rail, water, green and built-up land and names of places, and how each is drawn on screens and paper."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

BaseShape = Literal["line", "area", "point"]

WATER_COLOUR, WATER_EDGE, GREEN_COLOUR, BUILT_UP_COLOUR = "#bcd3e2", "#7f9fb5", "#7d9a78", "#e3ded5"
ROAD_COLOUR, RAIL_COLOUR = "#6b645c", "#454545"


class Look(NamedTuple):
    """How one class is drawn. Tones are muted and pale beside those of the zones, and differ in grey as in colour."""

    title: str
    shape: BaseShape
    colour: str = ""
    width_px: float = 0.0  # of a line on a screen that shows a town
    width_pt: float = 0.0  # of a line on paper
    from_zoom: float = 0.0  # of the web map
    most_km: float = float("inf")  # width of the land on a printed map that still draws it
    dashes: tuple[float, ...] = ()  # a dash of a line and the gap after it: pixels on screens, line widths on paper
    number_zoom: float = float("inf")  # of the web map, from which the roads' numbers are written
    number_km: float = 0.0  # width of the land on a printed map that still has them


# (kind, class) -> look. The first are kept longest where a base map would be too large, and are named first.
LOOKS: Mapping[tuple[str, str], Look] = {
    ("place", "city"): Look("City", "point"),
    ("place", "town"): Look("Town", "point"),
    ("road", "motorway"): Look("Motorways", "line", ROAD_COLOUR, 2.6, 1.5, number_zoom=8, number_km=150),
    ("road", "trunk"): Look("Trunk roads", "line", ROAD_COLOUR, 2.1, 1.15, number_zoom=9, number_km=100),
    ("water", "water"): Look("Lakes and other open water", "area", WATER_COLOUR),
    ("water", "river"): Look("Rivers", "line", WATER_EDGE, 1.8, 1.0),
    ("rail", "rail"): Look("Railways", "line", RAIL_COLOUR, 1.2, 0.55, dashes=(7, 2)),
    ("road", "primary"): Look("Primary roads", "line", ROAD_COLOUR, 1.6, 0.85, 0.0, 60, (), 11, 60),
    ("place", "suburb"): Look("Suburb", "point", most_km=30),
    ("place", "village"): Look("Village", "point", most_km=30),
    ("road", "secondary"): Look("Secondary roads", "line", ROAD_COLOUR, 1.1, 0.6, 10.5, 40, (), 13.5, 9),
    ("green", "park"): Look("Parks and other green space", "area", GREEN_COLOUR),
    ("rail", "light_rail"): Look("Trams, light rail and metros", "line", RAIL_COLOUR, 1.0, 0.5, 11.0, 40, (4, 2.5)),
    ("water", "canal"): Look("Canals", "line", WATER_EDGE, 1.0, 0.6, 11.5, 25),
    ("road", "tertiary"): Look("Other through roads", "line", ROAD_COLOUR, 0.8, 0.4, 12.0, 20),
    ("green", "wood"): Look("Woods", "area", GREEN_COLOUR),
    ("built_up", "built_up"): Look("Built-up land", "area", BUILT_UP_COLOUR),
    ("road", "local"): Look("Local roads", "line", ROAD_COLOUR, 0.6, 0.25, 13.5, 9),
}


@dataclass(frozen=True, eq=False)
class BaseMap:
    """What lies under and between the zones.

    `frame` (any CRS) has the columns kind, class (a key of `LOOKS` together), name ("" where it has none) and geometry;
    `credit` names its makers, as licences ask for, and stands in every picture that draws it.
    """

    frame: gpd.GeoDataFrame
    credit: str

    def of_shape(self, shape: BaseShape) -> gpd.GeoDataFrame:
        """Its features of one shape: lines, areas or points."""
        keys = zip(self.frame["kind"], self.frame["class"], strict=True)
        return self.frame[np.array([LOOKS[key].shape == shape for key in keys], bool)]


_NUMBER = re.compile(r"[A-Z]{0,4}[ -]?\d{1,4}[A-Z]?(\([A-Z]\))?")  # M6, A4042, A1(M), BR-116, E 20
_WALK = 0.25  # of a cell's side: steps along a road at which it is looked at
_MOST_SPOTS = 400  # of one road


class RoadNumber(NamedTuple):
    """The number of a road, and places on it where it may be written."""

    number: str
    class_: str  # of its road, as in `LOOKS`
    spots: npt.NDArray[np.float64]  # (n, 2) x and y in the frame's CRS, about a cell apart


def road_number(name: str) -> str:
    """The number by which people call a road, of the name of a base map's road; the first of several, "" where it has none."""
    first = name.split(";", maxsplit=1)[0].strip()
    return first if _NUMBER.fullmatch(first) else ""


def road_numbers(frame: gpd.GeoDataFrame, cell: float) -> Iterator[RoadNumber]:
    """The numbered roads of a base map's frame, the most important first, each with a spot in every square of side `cell`.

    `cell` is in the units of the frame's CRS. Both lanes of a road, and roads that share a number, are one within a class.
    """
    names = frame["name"].astype(str).map(road_number)
    for (kind, class_), look in LOOKS.items():
        if kind != "road" or look.number_zoom == float("inf"):
            continue
        own = frame[(frame["kind"] == kind) & (frame["class"] == class_) & (names != "")]
        for number, lines in own.geometry.groupby(names[own.index]):
            spots = _spots(lines.to_numpy(), cell)
            if len(spots):
                yield RoadNumber(str(number), class_, spots)


def _spots(lines: npt.NDArray[np.object_], cell: float) -> npt.NDArray[np.float64]:
    """(n, 2) The middle one of the points of lines in each square of side `cell`."""
    dense = shapely.get_coordinates(shapely.segmentize(lines, _WALK * cell))
    if not len(dense):
        return dense
    squares = np.floor(dense / cell).astype(np.int64)
    apart = np.abs(dense / cell - squares - 0.5).max(axis=1)
    order = np.lexsort((apart, squares[:, 1], squares[:, 0]))
    first = np.r_[True, (np.diff(squares[order], axis=0) != 0).any(axis=1)]
    spots: npt.NDArray[np.float64] = dense[order[first]]
    return spots[:: -(-len(spots) // _MOST_SPOTS)]
