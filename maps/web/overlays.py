"""A layer over the zones of a web map: its features, how they are drawn, named and searched, and the fields of their cards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd

from maps.styles import Kind

FieldKind = Kind | Literal["text", "seconds"]
NameLook = Literal["bold", "spaced", "small", "boxed"]
SECOND_RUN = "__second"  # suffix of the column with the second run's figure, where two runs are compared


@dataclass(frozen=True)
class Field:
    """One line of a feature's card. `missing` stands where there is no value."""

    column: str
    title: str
    kind: FieldKind
    unit: str = ""
    missing: str = "n/a"


@dataclass(frozen=True)
class Colours:
    """The colour of each word of a column; `other` is for words not listed."""

    column: str
    of: Mapping[str, str]
    other: str


@dataclass(frozen=True)
class Grade:
    """Colour and width of lines whose number is less than `upper`, and not less than the previous grade's `upper`."""

    label: str
    upper: float
    colour: str
    width_px: float


@dataclass(frozen=True)
class Grades:
    """Grades of the numbers in a column, the lowest first; the last has no upper end."""

    column: str
    of: tuple[Grade, ...]


@dataclass(frozen=True)
class Area:
    """Areas, drawn as outlines.

    The areas of a `boundary` make up the region, as districts do: they are the land of the map, are drawn as thin outlines
    under other layers, and are not listed among what lies around a zone.
    """

    colour: str
    outline: Literal["solid", "dashed", "dotted"] = "solid"
    boundary: bool = False


@dataclass(frozen=True)
class Line:
    """Lines of one colour and width, or of the colour and width of their grade."""

    colour: str
    grades: Grades | None = None


@dataclass(frozen=True)
class Dot:
    """Points, drawn as discs or squares, hollow where `solid_column` is false."""

    colour: str
    square: bool = False
    radii_px: tuple[float, float, float] = (6.0, 6.0, 6.0)  # the region in view, a town in view, nearer
    many: bool = False  # thin edges, under the lines
    colours: Colours | None = None
    solid_column: str = ""


@dataclass(frozen=True)
class NameOnly:
    """Points drawn as their names only."""

    colour: str = "#4a4a4a"


@dataclass(frozen=True)
class Ground:
    """A base map: features with the columns kind and class, drawn as `maps.base_map.LOOKS` says; none can be chosen or found."""

    colour: str = "#6b645c"


Drawing = Area | Line | Dot | NameOnly | Ground


@dataclass(frozen=True)
class Names:
    """Settings of features' names on the map; names of rank 1 are placed first, and names without room are left out."""

    rank: int
    look: NameLook = "bold"
    colour: str = "#111111"
    from_zoom: float = 0.0
    points_clear: bool = False  # no name lies over the layer's points


@dataclass(frozen=True)
class LayerStyle:
    """Title, drawing, names and fields of a layer. `name_columns` are joined by `joiner` into a feature's name.

    In the page's address a feature is called by its value in `key_column`, or by its index where that is "".
    """

    title: str
    group: str
    drawing: Drawing
    one: str  # what one feature is called: "Stop"
    shown: bool = False
    names: Names | None = None  # None: on the map without names
    name_columns: tuple[str, ...] = ("name",)
    joiner: str = " "
    fields: tuple[Field, ...] = ()
    background: bool = False  # for orientation only: a click goes through it to the zone
    key_column: str = ""
    search_rank: int = 0  # among names that match a search equally well, 1 comes first; 0: left out of the search


@dataclass(frozen=True)
class MapLayer:
    """The features of a layer, in any CRS, with their style. `ident` (letters, digits, _) stands in the page's address."""

    ident: str
    style: LayerStyle
    frame: gpd.GeoDataFrame
