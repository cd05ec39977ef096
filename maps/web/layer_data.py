"""Encoding of a MapLayer as plain lists and words, for the page's data."""

from dataclasses import asdict
from typing import Any

import geopandas as gpd
import numpy as np

from maps.styles import as_numbers, as_text
from maps.web.base_data import encode_base
from maps.web.geometry import inside_points, light_shapes
from maps.web.overlays import SECOND_RUN, Area, Colours, Dot, Drawing, Field, Grades, Ground, LayerStyle, Line, MapLayer
from maps.web.page_values import ColumnValues, numbers_of, packed, words_of

_DRAWINGS = {Area: "area", Line: "line", Dot: "point", Ground: "ground"}


def encode_layer(layer: MapLayer, origin: tuple[int, int]) -> dict[str, Any]:
    """The layer as JSON values: its style, names, shapes (steps from `origin`, page units) and the fields that its frame has."""
    style, features = layer.style, layer.frame
    if isinstance(style.drawing, Ground):
        base = encode_base(features, origin)
        features = features.iloc[:0]
    else:
        base = {}
    return {
        "id": layer.ident,
        "title": style.title,
        "one": style.one,
        "group": style.group,
        "drawing": _DRAWINGS.get(type(style.drawing), "name"),
        "colour": style.drawing.colour,
        "shown": style.shown,
        "background": style.background,
        "searchRank": style.search_rank,
        "naming": style.names and asdict(style.names),
        "keys": _keys(style, features),
        "names": [words_of(features[column]) for column in style.name_columns if column in features],
        "joiner": style.joiner,
        "shapes": light_shapes(features.geometry, origin, simplify=isinstance(style.drawing, Area)),
        "points": inside_points(features.geometry, origin) if style.names else [],
        "fields": [_encode_field(field, features) for field in style.fields if field.column in features],
        **_encode_drawing(style.drawing, features),
        **base,
    }


def _keys(style: LayerStyle, features: gpd.GeoDataFrame) -> ColumnValues:
    """The values that stand for features in the page's address; none where their names do."""
    if style.key_column == "name":
        return []
    return words_of(features[style.key_column] if style.key_column in features else features.index.to_series())


def _encode_field(field: Field, features: gpd.GeoDataFrame) -> dict[str, Any]:
    """The field and its values, with those of the second run ("second") where two runs are compared."""
    text = field.kind in {"text", "category"}
    columns = {"values": field.column, "second": f"{field.column}{SECOND_RUN}"}
    return {
        "title": field.title,
        "kind": field.kind,
        "unit": field.unit,
        "missing": field.missing,
    } | {
        key: words_of(features[column]) if text else numbers_of(features[column], field.kind)
        for key, column in columns.items()
        if column in features
    }


def _encode_drawing(drawing: Drawing, features: gpd.GeoDataFrame) -> dict[str, Any]:
    match drawing:
        case Area():
            return {"outline": drawing.outline, "boundary": drawing.boundary}
        case Line():
            return _encode_grades(drawing.grades, features)
        case Dot():
            looks = {"square": drawing.square, "radii": list(drawing.radii_px), "many": drawing.many}
            return looks | {"hollow": _hollow(drawing, features)} | _encode_kinds(drawing.colours, features)
    return {}


def _hollow(drawing: Dot, features: gpd.GeoDataFrame) -> list[int]:
    """Row numbers of the features that are drawn hollow."""
    if drawing.solid_column not in features:
        return []
    return np.flatnonzero(as_numbers(features[drawing.solid_column]) == 0).tolist()


def _encode_kinds(colours: Colours | None, features: gpd.GeoDataFrame) -> dict[str, Any]:
    """Each feature's word and each word's colour, where the layer is coloured by a column."""
    if colours is None or colours.column not in features:
        return {}
    words = packed(as_text(features[colours.column]).tolist())
    return {"kinds": words | {"colours": [colours.of.get(word, colours.other) for word in words["of"]]}}


def _encode_grades(grades: Grades | None, features: gpd.GeoDataFrame) -> dict[str, Any]:
    """Each feature's grade, where a column's numbers decide how it is drawn; a missing number counts as 0."""
    if grades is None or grades.column not in features:
        return {}
    numbers = np.nan_to_num(as_numbers(features[grades.column]))
    looks = [{"label": grade.label, "colour": grade.colour, "width": grade.width_px} for grade in grades.of]
    edges = [grade.upper for grade in grades.of[:-1]]
    return {"grades": {"of": looks, "at": np.searchsorted(edges, numbers, side="right").tolist()}}
