"""Styles of the published layers in QGIS and other programs: the first is used by default, the others can be chosen."""

from collections.abc import Iterable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.catalogue.measure import Measure
from corridors.catalogue.measures import MEASURES
from corridors.scenario_results import LEAST_MIN
from layers import Shape, Style, StyleClass
from maps import LOOKS, BaseShape, HeadlineTest, Scale, scale_for

PLAIN: Mapping[str, Style] = {  # of layers that show one thing
    "districts": Style("Districts", "polygon", "#4a4a4a", filled=False, label="name"),
    "pilots": Style("Pilots", "polygon", "#7b3294", filled=False, label="name"),
    "corridors": Style("Corridors", "line", "#b3006e", size_mm=1.2, label="name"),
    "centres": Style("Centres", "point", "#111111", size_mm=3.0, label="name"),
    "sites": Style("Sites", "point", "#a6611a", label="name"),
    "stops": Style("Stops", "point", "#0072b2", size_mm=0.9),
    "scenario_lines": Style("Lines of the scenario", "line", "#d55e00", size_mm=1.0, label="number"),
    "scenario_stops": Style("Stops of the scenario", "point", "#d55e00", size_mm=2.0, label="name"),
}
_CATCHMENT_COLOUR, _CATCHMENT_MM, _OTHER_CATCHMENT_MM = "#b3006e", 0.5, 0.15
_ONE_METRE = 1.0  # a class of one width
_LINK_WIDTHS_MM = (0.1, 0.2, 0.4, 0.8, 1.4)
_LINK_COLOUR = "#6b6b6b"
_FARTHEST_MIN = 100_000.0  # in place of no end: programs for GIS read numbers
_BASE_NAME_COLOUR = "#4a4a4a"
_MM_PER_PT = 25.4 / 72
_JUST = 1e-9  # a loss of exactly the least change is one


def styles_of(
    layer: str,
    frame: gpd.GeoDataFrame,
    main_buffer_m: float,
    test: HeadlineTest,
    measures: Iterable[Measure] = MEASURES,
) -> tuple[Style, ...]:
    """The styles of a published layer: zones in the web map's classes, links by what they carry, catchments by their
    width (that of `main_buffer_m` broadest), the rest plainly. Columns are named as inside the product."""
    if layer == "zones":
        offered = [(one, one.on_map) for one in measures if one.gis_style and one.on_map]
        return tuple(
            in_classes(
                one.column,
                test.worded(one.title),
                "polygon",
                scale_for(frame[one.column], shown.kind, test=shown.test_of_colours(test)),
            )
            for one, shown in offered
            if one.column in frame and frame[one.column].notna().any()
        )
    if layer == "network_links":
        return _links(frame)
    if layer == "corridor_catchments":
        return (_catchments(frame, main_buffer_m),)
    return (PLAIN[layer],) if layer in PLAIN else ()


def base_style(shape: BaseShape, title: str, frame: gpd.GeoDataFrame) -> Style:
    """The style of a layer of the base map by `rank`, the number of its class in `LOOKS`; places have their names alone."""
    if shape == "point":
        return Style(title, "point", _BASE_NAME_COLOUR, size_mm=0.6, label="name")
    classes = tuple(
        StyleClass(rank, rank + 1.0, look.colour, look.title, look.width_pt * _MM_PER_PT)
        for rank, look in enumerate(LOOKS.values(), 1)
        if (frame["rank"] == rank).any()
    )
    return Style(title, "polygon" if shape == "area" else "line", column="rank", classes=classes)


def minutes_saved_styles(frame: gpd.GeoDataFrame, titles: Mapping[str, str]) -> tuple[Style, ...]:
    """A style for each column of minutes saved and lost (`titles`: column -> title), all in the same classes.

    Less than the least change is no change; the others are broken at the median size of changes.
    """
    saved = pd.concat([frame[column] for column in titles])
    sizes = saved.abs()[saved.abs() >= LEAST_MIN]
    middle = float(np.ceil(sizes.median())) if len(sizes) else LEAST_MIN
    middle = max(middle, LEAST_MIN + 1)
    edges = (-_FARTHEST_MIN, -middle, -LEAST_MIN + _JUST, LEAST_MIN, middle, _FARTHEST_MIN)
    labels = (
        f"Loss over {middle:g} min",
        f"Loss of {LEAST_MIN:g} to {middle:g} min",
        "No change",
        f"Gain of {LEAST_MIN:g} to {middle:g} min",
        f"Gain of {middle:g} min or more",
    )
    colours = [one.colour for one in scale_for(saved, "change", "min").classes]
    classes = tuple(StyleClass(*parts) for parts in zip(edges[:-1], edges[1:], colours, labels, strict=True))
    return tuple(Style(title, "polygon", column=column, classes=classes) for column, title in titles.items())


def in_classes(column: str, title: str, shape: Shape, scale: Scale) -> Style:
    """The style of a column in the classes of a scale."""
    classes = tuple(StyleClass(one.lower, one.upper, one.colour, one.label) for one in scale.classes)
    return Style(title, shape, column=column, classes=classes, missing=scale.missing.label)


def _catchments(frame: gpd.GeoDataFrame, main_m: float) -> Style:
    """Outlines, that of the catchment in which zones are counted broadest."""
    classes = tuple(
        StyleClass(
            width,
            width + _ONE_METRE,
            _CATCHMENT_COLOUR,
            f"{width / 1000:g} km{', the main one' if width == main_m else ''}",
            _CATCHMENT_MM if width == main_m else _OTHER_CATCHMENT_MM,
        )
        for width in sorted(frame["buffer_m"].unique())
    )
    return Style("Catchments", "polygon", filled=False, column="buffer_m", classes=classes)


def _links(frame: gpd.GeoDataFrame) -> tuple[Style, ...]:
    """Links the broader the more trips they have; plain where that is not known."""
    column = "trips_per_hour"
    if column not in frame or not frame[column].notna().any():
        return (Style("Links", "line", _LINK_COLOUR, size_mm=0.3),)
    scale = scale_for(frame[column], "number")
    widths = _LINK_WIDTHS_MM[-len(scale.classes) :]
    classes = tuple(
        StyleClass(one.lower, one.upper, _LINK_COLOUR, f"{one.label} trips an hour", width)
        for one, width in zip(scale.classes, widths, strict=False)
    )
    return (Style("Trips an hour", "line", column=column, classes=classes),)
