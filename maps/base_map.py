"""The base map: roads, rail, water, green and built-up land and names of places, and how each is drawn on screens and paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import geopandas as gpd
import numpy as np

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


# (kind, class) -> look. The first are kept longest where a base map would be too large, and are named first.
LOOKS: Mapping[tuple[str, str], Look] = {
    ("place", "city"): Look("City", "point"),
    ("place", "town"): Look("Town", "point"),
    ("road", "motorway"): Look("Motorways", "line", ROAD_COLOUR, 2.6, 1.5),
    ("road", "trunk"): Look("Trunk roads", "line", ROAD_COLOUR, 2.1, 1.15),
    ("water", "water"): Look("Lakes and other open water", "area", WATER_COLOUR),
    ("water", "river"): Look("Rivers", "line", WATER_EDGE, 1.8, 1.0),
    ("rail", "rail"): Look("Railways", "line", RAIL_COLOUR, 1.2, 0.55, dashes=(7, 2)),
    ("road", "primary"): Look("Primary roads", "line", ROAD_COLOUR, 1.6, 0.85, 0.0, 60),
    ("place", "suburb"): Look("Suburb", "point", most_km=30),
    ("place", "village"): Look("Village", "point", most_km=30),
    ("road", "secondary"): Look("Secondary roads", "line", ROAD_COLOUR, 1.1, 0.6, 10.5, 40),
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
