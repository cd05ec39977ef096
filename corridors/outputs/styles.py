"""Styles of the published layers in QGIS and other programs: the first is used by default, the others can be chosen."""

from collections.abc import Iterable, Mapping

import geopandas as gpd

from corridors.catalogue.measure import Measure
from corridors.catalogue.measures import MEASURES
from layers import Shape, Style, StyleClass
from maps import HeadlineTest, Scale, scale_for

_PLAIN: Mapping[str, Style] = {
    "districts": Style("Districts", "polygon", "#4a4a4a", filled=False, label="name"),
    "pilots": Style("Pilots", "polygon", "#7b3294", filled=False, label="name"),
    "corridors": Style("Corridors", "line", "#b3006e", size_mm=1.2, label="name"),
    "centres": Style("Centres", "point", "#111111", size_mm=3.0, label="name"),
    "sites": Style("Sites", "point", "#a6611a", label="name"),
    "stops": Style("Stops", "point", "#0072b2", size_mm=0.9),
}
_CATCHMENT_COLOUR, _CATCHMENT_MM, _OTHER_CATCHMENT_MM = "#b3006e", 0.5, 0.15
_ONE_METRE = 1.0  # a class of one width
_LINK_WIDTHS_MM = (0.1, 0.2, 0.4, 0.8, 1.4)
_LINK_COLOUR = "#6b6b6b"


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
    return (_PLAIN[layer],) if layer in _PLAIN else ()


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
