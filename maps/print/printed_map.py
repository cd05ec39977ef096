"""Printed maps, drawn with matplotlib: one indicator over the zones with lines, points and names on top."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from maps.print.base_painting import base_labels, paint_base
from maps.print.labels import Label, write_labels
from maps.print.legend import LEGEND_WIDTH, write_legend
from maps.print.scale_bar import draw_scale_bar_and_north
from maps.print.still_picture import SOFT_INK, Picture, Sheet, picture
from maps.styles import MapClass, Scale, as_numbers, value_words

OverlayKind = Literal["lines", "points", "outlines", "marks"]

HATCHES = {"no data": "////", "unreachable": "xxxx"}
OVERLAY_COLOUR = "#b3006e"
GROUND_COLOUR = "#f1efe9"
PAPER_COLOUR = "#fafbfc"
INSET_IN = (1.15, 0.85)  # width and height of an inset
NAME_POSITIONS = (0.5, 0.35, 0.65, 0.2, 0.8, 0.08, 0.92)  # shares of a line's length at which its name may stand
FLOW_COLOURS = ("#9ecae1", "#4292c6", "#08519c", "#08306b")
FLOW_WIDTHS = (0.5, 1.0, 1.9, 3.2)

Bounds = tuple[float, float, float, float]  # west, south, east, north in metres


@dataclass(frozen=True)
class Overlay:
    """Features drawn over the zones, in any CRS; `name_column` is the column of the names written on the map, "" for none.

    By `kind`: broad lines, thin outlines, points as dots, marks as small open squares.
    """

    features: gpd.GeoDataFrame
    title: str
    kind: OverlayKind
    colour: str = OVERLAY_COLOUR
    name_column: str = ""


@dataclass(frozen=True)
class Focus:
    """The part of a map that is shown, in metres of its CRS, and the polygons in which an inset shows where it lies, if any."""

    bounds: Bounds
    ground: gpd.GeoDataFrame | None = None


def choropleth(
    zones: gpd.GeoDataFrame,
    column: str,
    scale: Scale,
    sheet: Sheet,
    overlays: Sequence[Overlay] = (),
    focus: Focus | None = None,
) -> Picture:
    """Map of zones coloured by `column` in the classes of `scale` (see `maps.styles.scale_for`), overlays on top.

    Printed in the CRS of `zones`, which is in metres. `focus` shows a part of them, and where its ground is given an inset of
    where that part lies; the picture's words then count the zones of that part.
    """
    printed = zones
    if focus:
        printed = zones[shapely.intersects(printed.geometry.to_numpy(), shapely.box(*focus.bounds))]
    values, bounds = printed[column], focus.bounds if focus else tuple(printed.total_bounds)
    shapes = shapely.simplify(
        printed.geometry.to_numpy(), (bounds[2] - bounds[0]) / 2000
    )  # a quarter of a printed point

    def paint(figure: Figure) -> None:
        axes = _map_axes(figure, sheet, bounds, 0.0 if focus else 0.03)
        _paint_zones(axes, shapes, values, scale)
        ground = paint_base(axes, sheet.base_map, zones.crs) if sheet.base_map else ()
        for number, overlay in enumerate(overlays):
            _paint_overlay(axes, overlay, zones.crs, 4 + number)
        taken = _furniture(sheet, focus)
        _write_names(axes, overlays, zones.crs, base_labels(axes, sheet.base_map, zones.crs), taken)
        draw_scale_bar_and_north(axes, zones.crs)
        title = f"{(scale.unit or 'class').capitalize()}  (number of zones)"
        handles = _class_handles(values, scale) + [_handle(overlay) for overlay in overlays]
        write_legend(axes, handles, title, ground)
        if focus and focus.ground is not None:
            _inset(figure, sheet, focus.ground.to_crs(zones.crs), focus.bounds)

    return picture(sheet, choropleth_alt(values, scale, sheet.title), paint)


def flows(
    links: gpd.GeoDataFrame, column: str, unit: str, sheet: Sheet, ground: gpd.GeoDataFrame, overlays: Sequence[Overlay]
) -> Picture:
    """Map of links (lines), broader the more of `column` they carry, in four classes; those that carry nothing are left out.

    Printed in the CRS of `ground` (districts or zones), which is in metres; `links` in any CRS.
    """
    carrying = links[as_numbers(links[column]) > 0].to_crs(ground.crs)
    edges = _flow_edges(as_numbers(carrying[column]))
    class_of_link = np.searchsorted(edges[1:-1], as_numbers(carrying[column]), side="right")
    labels = [f"{low:,.0f} to under {high:,.0f}" for low, high in pairwise(edges[:-1])]
    labels.append(f"{edges[-2]:,.0f} or more")
    looks = [(FLOW_COLOURS[-len(labels) :][i], FLOW_WIDTHS[-len(labels) :][i], labels[i]) for i in range(len(labels))]

    def paint(figure: Figure) -> None:
        axes = _map_axes(figure, sheet, ground.total_bounds)
        _paint_ground(axes, ground)
        base = paint_base(axes, sheet.base_map, ground.crs) if sheet.base_map else ()
        for number, (colour, width, _) in enumerate(looks):
            lines = [shapely.get_coordinates(line) for line in carrying.geometry[class_of_link == number]]
            axes.add_collection(LineCollection(lines, colors=colour, linewidths=width, zorder=3 + number))
        for number, overlay in enumerate(overlays):
            _paint_overlay(axes, overlay, ground.crs, 10 + number)
        names = base_labels(axes, sheet.base_map, ground.crs)
        _write_names(axes, overlays, ground.crs, names, _furniture(sheet, None))
        draw_scale_bar_and_north(axes, ground.crs)
        handles = [Line2D([], [], color=colour, lw=width, label=label) for colour, width, label in looks]
        write_legend(axes, [*handles, *(_handle(overlay) for overlay in overlays)], unit.capitalize(), base)

    counted = "; ".join(f"{int((class_of_link == i).sum()):,} links carry {label}" for i, label in enumerate(labels))
    return picture(sheet, f"Map. {sheet.title}. In {unit}: {counted}.", paint)


def _inset(figure: Figure, sheet: Sheet, ground: gpd.GeoDataFrame, bounds: Bounds) -> None:
    """A small map of the ground in the lower right corner of the map, with a frame round the part that the map shows."""
    width, height = INSET_IN[0] / sheet.width_in, INSET_IN[1] / sheet.height_in
    right = 0.98 - LEGEND_WIDTH - 0.008  # the map's edge; see `_map_axes`
    axes = figure.add_axes(
        (right - width, sheet.foot + 0.012, width, height), xticks=[], yticks=[], facecolor=PAPER_COLOUR
    )
    for spine in axes.spines.values():
        spine.set(visible=True, color="#c9ced3")
    _paint_ground(axes, ground)
    west, south, east, north = bounds
    frame = Rectangle((west, south), east - west, north - south, fill=False, edgecolor=OVERLAY_COLOUR, lw=1.4, zorder=5)
    axes.add_patch(frame)
    least_x, least_y, most_x, most_y = ground.total_bounds
    left, low = min(least_x, west), min(least_y, south)
    wide, high = max(most_x, east) - left, max(most_y, north) - low
    scale = 1.1 * max(wide / INSET_IN[0], high / INSET_IN[1])  # metres to an inch of the sheet
    for limit, middle, inches in (
        (axes.set_xlim, left + wide / 2, INSET_IN[0]),
        (axes.set_ylim, low + high / 2, INSET_IN[1]),
    ):
        limit(middle - scale * inches / 2, middle + scale * inches / 2)


def _furniture(sheet: Sheet, focus: Focus | None) -> Sequence[Bounds]:
    """Where the scale bar, the arrow to the north and the inset stand, as shares of a map's width and height."""
    fixed = [(0.0, 0.0, 0.3, 0.09), (0.92, 0.84, 1.0, 1.0)]
    if focus is None or focus.ground is None:
        return fixed
    width = INSET_IN[0] / ((0.96 - LEGEND_WIDTH) * sheet.width_in)
    height = INSET_IN[1] / ((1 - sheet.foot - sheet.head) * sheet.height_in)
    return [*fixed, (1 - width - 0.03, 0.0, 1.0, height + 0.04)]


def _flow_edges(numbers: npt.NDArray[np.float64]) -> list[float]:
    """Class breaks at the 50th, 80th and 95th percentile, in round numbers, as few links carry most."""
    if numbers.size == 0:
        return [0.0, 0.0]
    inner = {float(f"{value:.1g}") for value in np.quantile(numbers, [0.5, 0.8, 0.95])}
    return [0.0, *sorted(value for value in inner if 0 < value < numbers.max()), float(numbers.max())]


def _paint_ground(axes: Axes, ground: gpd.GeoDataFrame) -> None:
    shapes = ground.geometry.to_numpy()
    axes.add_artist(PathPatch(_outline(shapes), facecolor=GROUND_COLOUR, edgecolor="#9aa3ab", linewidth=0.5))


def choropleth_alt(values: pd.Series, scale: Scale, title: str) -> str:
    """The map in words: the number of zones in each class and without a value, and the range of the values."""
    counts = scale.counts(values)
    numbers = as_numbers(values)
    items = zip((*scale.classes, scale.missing), counts, strict=True)
    words = [f"{item.label} {count:,} zone{'' if count == 1 else 's'}" for item, count in items if count]
    spread = ""
    if scale.kind not in {"flag", "category"} and np.isfinite(numbers).any():
        low, high = (value_words(end, scale.kind, scale.unit) for end in (np.nanmin(numbers), np.nanmax(numbers)))
        spread = f" Values run from {low} to {high}."
    unit = f" by {scale.unit}" if scale.unit else ""
    return f"Map. {title}. {len(values):,} zones{unit}: {'; '.join(words)}.{spread}"


def _map_axes(figure: Figure, sheet: Sheet, bounds: Bounds | npt.NDArray[np.float64], margin: float = 0.03) -> Axes:
    """Axes in metres beside the legend, centred on `bounds` (west, south, east, north)."""
    place = (0.02, sheet.foot, 0.96 - LEGEND_WIDTH, 1 - sheet.foot - sheet.head)
    axes = figure.add_axes(place, xticks=[], yticks=[], facecolor=PAPER_COLOUR)
    for spine in axes.spines.values():
        spine.set(visible=True, color="#c9ced3")
    west, south, east, north = bounds
    box_ratio = place[2] * sheet.width_in / (place[3] * sheet.height_in)
    half_height = (1 + 2 * margin) * max(north - south, (east - west) / box_ratio) / 2
    half_width = half_height * box_ratio
    axes.set_xlim((west + east) / 2 - half_width, (west + east) / 2 + half_width)
    axes.set_ylim((south + north) / 2 - half_height, (south + north) / 2 + half_height)
    return axes


def _paint_zones(axes: Axes, shapes: npt.NDArray[np.object_], values: pd.Series, scale: Scale) -> None:
    """Paint the zones as one path per class, which keeps the SVG small; thin white edges still separate zones."""
    class_of_zone = scale.class_of(values)
    for number in range(-1, len(scale.classes)):
        in_class = shapes[class_of_zone == number]
        if in_class.size:
            item = scale.missing if number < 0 else scale.classes[number]
            # The limits are set; add_patch would look for them in every corner again.
            axes.add_artist(PathPatch(_outline(in_class), linewidth=0.25, **_fill(item, scale)))


def _fill(item: MapClass, scale: Scale) -> dict[str, Any]:
    if item not in scale.classes:
        return {"facecolor": "#ffffff", "edgecolor": item.colour, "hatch": HATCHES[scale.missing_means]}
    return {"facecolor": item.colour, "edgecolor": "#ffffff"} | ({"hatch": "////"} if item.hatched else {})


def _outline(shapes: npt.NDArray[np.object_]) -> Outline:
    """All rings of the polygons as one compound path."""
    corners, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shapes)), return_index=True)
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    codes = np.full(len(corners), Outline.LINETO, dtype=Outline.code_type)
    codes[starts] = Outline.MOVETO
    codes[[*(starts[1:] - 1), -1]] = Outline.CLOSEPOLY
    return Outline(corners, codes)


def _paint_overlay(axes: Axes, overlay: Overlay, crs: CRS, level: int) -> None:
    features = overlay.features.to_crs(crs)
    geometry = features.geometry.to_numpy()
    halo = [withStroke(linewidth=4 if overlay.kind == "lines" else 2.2, foreground="white")]
    if overlay.kind == "points":
        x, y = shapely.get_x(geometry), shapely.get_y(geometry)
        axes.scatter(x, y, s=26, c=overlay.colour, edgecolors="white", linewidths=0.9, zorder=level + 20)
    if overlay.kind == "marks":
        x, y = shapely.get_x(geometry), shapely.get_y(geometry)
        axes.scatter(x, y, s=9, marker="s", c="white", edgecolors=overlay.colour, linewidths=0.8, zorder=level + 10)
    for part in shapely.get_parts(geometry if overlay.kind == "lines" else shapely.boundary(geometry)):
        if overlay.kind in {"lines", "outlines"}:
            width = 2.2 if overlay.kind == "lines" else 0.9
            axes.plot(*shapely.get_coordinates(part).T, color=overlay.colour, lw=width, path_effects=halo, zorder=level)


def _write_names(
    axes: Axes,
    overlays: Sequence[Overlay],
    crs: CRS,
    others: Sequence[Label] = (),
    taken: Sequence[Bounds] = (),
) -> None:
    """Write the names of all overlays, on the lines and beside other features, then `others` where there is room.

    `taken` are parts of the map (shares of its width and height) on which something else stands.
    """
    placed = [replace(overlay, features=overlay.features.to_crs(crs)) for overlay in overlays]
    dots = [_middle(point) for overlay in placed if overlay.kind == "points" for point in overlay.features.geometry]
    labels = [
        Label(str(name), _name_positions(overlay, shape), overlay.colour if overlay.kind == "lines" else "")
        for overlay in placed
        if overlay.name_column
        for name, shape in zip(overlay.features[overlay.name_column], overlay.features.geometry, strict=True)
    ]
    shown = [label for label in [*labels, *others] if _in_frame(axes, label.positions[0])]
    write_labels(axes, shown, dots, taken)


def _name_positions(overlay: Overlay, shape: BaseGeometry) -> list[tuple[float, float]]:
    if overlay.kind != "lines":
        return [_middle(shape)]
    return [_middle(shape.interpolate(share, normalized=True)) for share in NAME_POSITIONS]


def _middle(shape: BaseGeometry) -> tuple[float, float]:
    point = shape.representative_point()
    return point.x, point.y


def _in_frame(axes: Axes, position: tuple[float, float]) -> bool:
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    return west <= position[0] <= east and south <= position[1] <= north


def _class_handles(values: pd.Series, scale: Scale) -> list[Patch | Line2D]:
    counts = scale.counts(values)
    items = [*scale.classes, scale.missing] if counts[-1] else list(scale.classes)
    return [
        Patch(label=f"{item.label}  ({count:,})", linewidth=0.5, **(_fill(item, scale) | {"edgecolor": SOFT_INK}))
        for item, count in zip(items, counts, strict=False)
    ]


def _handle(overlay: Overlay) -> Patch | Line2D:
    if overlay.kind == "points":
        return Line2D([], [], marker="o", linestyle="", color=overlay.colour, markersize=5, label=overlay.title)
    if overlay.kind == "marks":
        look: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": overlay.colour, "markersize": 3.5}
        return Line2D([], [], marker="s", linestyle="", label=overlay.title, **look)
    return Line2D([], [], color=overlay.colour, lw=2.2 if overlay.kind == "lines" else 0.9, label=overlay.title)


def _one_line(words: str) -> str:
    return " ".join(words.split())
