"""Printed maps: one indicator over the zones with corridors, centres and names on top, drawn with matplotlib."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke

from maps.picture import INK, SOFT_INK, Picture, Sheet, drawing_style, finish, new_figure
from maps.styles import MapClass, Scale, as_numbers, value_words

OverlayKind = Literal["lines", "points", "outlines"]

HATCHES = {"no data": "////", "unreachable": "xxxx"}
CORRIDOR_COLOUR = "#b3006e"
GROUND_COLOUR = "#f1efe9"
PAPER_COLOUR = "#fafbfc"
PRINT_CRS = "EPSG:27700"
BAR_LENGTHS_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
LEGEND_WIDTH = 0.27  # share of the sheet


@dataclass(frozen=True)
class Overlay:
    """Something drawn over the zones. `features` in any CRS; `name_column` writes names beside them."""

    features: gpd.GeoDataFrame
    title: str
    kind: OverlayKind
    colour: str = CORRIDOR_COLOUR
    name_column: str = ""


def choropleth(
    zones: gpd.GeoDataFrame, column: str, scale: Scale, sheet: Sheet, overlays: Sequence[Overlay] = ()
) -> Picture:
    """Zones coloured by `column` in the classes of `scale` (see `maps.styles.scale_for`), overlays on top.

    `zones` in any CRS. Returns SVG, or PNG where there are so many zones that SVG would be heavy.
    """
    with drawing_style():
        figure = new_figure(sheet)
        printed = zones.to_crs(PRINT_CRS)
        axes = _map_axes(figure, sheet, printed.total_bounds)
        _paint_zones(axes, printed, column, scale)
        for number, overlay in enumerate(overlays):
            _paint_overlay(axes, overlay, 4 + number)
        _scale_bar_and_north(axes)
        _legend(axes, _class_handles(zones[column], scale) + [_handle(overlay) for overlay in overlays], scale)
        return finish(figure, choropleth_alt(zones[column], scale, sheet.title))


def locator(ground: gpd.GeoDataFrame, sheet: Sheet, overlays: Sequence[Overlay], focus: gpd.GeoDataFrame) -> Picture:
    """Where something lies: `ground` (districts or zones) plain, overlays on top, framed on `focus`."""
    with drawing_style():
        figure = new_figure(sheet)
        axes = _map_axes(figure, sheet, focus.to_crs(PRINT_CRS).total_bounds, margin=0.12)
        shapes = ground.to_crs(PRINT_CRS).geometry.to_numpy()
        axes.add_patch(PathPatch(_outline(shapes), facecolor=GROUND_COLOUR, edgecolor="#9aa3ab", linewidth=0.5))
        for number, overlay in enumerate(overlays):
            _paint_overlay(axes, overlay, 4 + number)
        _scale_bar_and_north(axes)
        _legend(axes, [_handle(overlay) for overlay in overlays], None)
        shown = "; ".join(f"{overlay.title} ({len(overlay.features)})" for overlay in overlays)
        return finish(figure, f"Map. {sheet.title}. Shown: {shown}.")


def choropleth_alt(values: pd.Series, scale: Scale, title: str) -> str:
    """The map in words: how many zones in each class, and how many without a value."""
    counts = scale.counts(values)
    numbers = as_numbers(values)
    words = [f"{count:,} zones {item.label}" for item, count in zip(scale.classes, counts[:-1], strict=True) if count]
    if counts[-1]:
        words.append(f"{counts[-1]:,} zones {scale.missing.label.lower()}")
    spread = ""
    if scale.kind not in {"flag", "category"} and np.isfinite(numbers).any():
        low, high = (value_words(end, scale.kind, scale.unit) for end in (np.nanmin(numbers), np.nanmax(numbers)))
        spread = f" Values run from {low} to {high}."
    return f"Map. {title}. {len(values):,} zones: {'; '.join(words)}.{spread}"


def _map_axes(figure: Figure, sheet: Sheet, bounds: npt.NDArray[np.float64], margin: float = 0.03) -> Axes:
    """Axes in metres that fill the sheet beside the legend, centred on `bounds` (west, south, east, north)."""
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


def _paint_zones(axes: Axes, zones: gpd.GeoDataFrame, column: str, scale: Scale) -> None:
    """One path for each class: small SVG, and zones still seen by their thin white edges."""
    width_m = zones.total_bounds[2] - zones.total_bounds[0]
    shapes = shapely.simplify(zones.geometry.to_numpy(), width_m / 2000)  # about a quarter of a printed point
    found = scale.class_of(zones[column])
    for number in range(-1, len(scale.classes)):
        chosen = shapes[found == number]
        if chosen.size:
            item = scale.missing if number < 0 else scale.classes[number]
            axes.add_patch(PathPatch(_outline(chosen), linewidth=0.25, **_fill(item, scale)))


def _fill(item: MapClass, scale: Scale) -> dict[str, Any]:
    if item not in scale.classes:
        return {"facecolor": "#ffffff", "edgecolor": item.colour, "hatch": HATCHES[scale.missing_means]}
    return {"facecolor": item.colour, "edgecolor": "#ffffff"}


def _outline(shapes: npt.NDArray[np.object_]) -> Outline:
    """All rings of all polygons as one compound path."""
    rings = shapely.get_rings(shapely.get_parts(shapes))
    paths = [Outline(shapely.get_coordinates(ring), closed=True) for ring in rings if not ring.is_empty]
    return Outline.make_compound_path(*paths)


def _paint_overlay(axes: Axes, overlay: Overlay, level: int) -> None:
    features = overlay.features.to_crs(PRINT_CRS)
    geometry = features.geometry.to_numpy()
    halo = [withStroke(linewidth=4, foreground="white")]
    if overlay.kind == "points":
        x, y = shapely.get_x(geometry), shapely.get_y(geometry)
        axes.scatter(x, y, s=26, c=overlay.colour, edgecolors="white", linewidths=0.9, zorder=level + 20)
    for part in shapely.get_parts(geometry if overlay.kind == "lines" else shapely.boundary(geometry)):
        if overlay.kind != "points":
            width = 2.2 if overlay.kind == "lines" else 0.9
            axes.plot(*shapely.get_coordinates(part).T, color=overlay.colour, lw=width, path_effects=halo, zorder=level)
    if overlay.name_column:
        _write_names(axes, features, overlay)


def _write_names(axes: Axes, features: gpd.GeoDataFrame, overlay: Overlay) -> None:
    """Names beside their features, on the left of those that lie near the right edge."""
    west, east = axes.get_xlim()
    halo = [withStroke(linewidth=2.2, foreground="white")]
    anchors = features.geometry.representative_point()
    for name, x, y in zip(features[overlay.name_column], anchors.x, anchors.y, strict=True):
        side, shift = ("right", -5) if x > west + 0.78 * (east - west) else ("left", 5)
        note = axes.annotate(str(name), (x, y), xytext=(shift, 4), textcoords="offset points", ha=side, fontsize=7)
        note.set(zorder=40, annotation_clip=True, path_effects=halo)


def scale_bar_km(width_m: float) -> float:
    """The longest round length that takes at most a quarter of a map `width_m` wide."""
    return max((km for km in BAR_LENGTHS_KM if km * 1000 <= width_m / 4), default=BAR_LENGTHS_KM[0])


def _scale_bar_and_north(axes: Axes) -> None:
    """A bar of a round length, and an arrow to grid north."""
    west, east = axes.get_xlim()
    length_km = scale_bar_km(east - west)
    share = length_km * 1000 / (east - west)
    at = axes.transAxes
    halo = [withStroke(linewidth=3, foreground="white")]
    axes.plot([0.03, 0.03 + share], [0.035] * 2, transform=at, color=INK, lw=2.4, path_effects=halo, zorder=50)
    axes.text(0.03, 0.05, f"{length_km:g} km", transform=at, fontsize=7, path_effects=halo, zorder=50)
    arrow = {"arrowstyle": "-|>", "color": INK, "lw": 1.2}
    axes.annotate("", (0.955, 0.975), (0.955, 0.89), xycoords=at, textcoords=at, arrowprops=arrow, zorder=50)
    axes.text(0.955, 0.86, "N", transform=at, ha="center", fontsize=8, fontweight="bold", path_effects=halo, zorder=50)


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
    return Line2D([], [], color=overlay.colour, lw=2.2 if overlay.kind == "lines" else 0.9, label=overlay.title)


def _legend(axes: Axes, handles: Sequence[Patch | Line2D], scale: Scale | None) -> None:
    title = "" if scale is None else f"{scale.unit or 'Class'}  (number of zones)"
    legend = axes.legend(
        handles=list(handles), title=title, loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False,
        fontsize=7.5, title_fontsize=8, handlelength=1.6, labelspacing=0.45, alignment="left", borderaxespad=0,
    )  # fmt: skip
    legend.set_zorder(60)
