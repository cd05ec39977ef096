"""A MapContent as one block of JSON: all a page knows, written so that no text can become markup or script."""

import json
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from maps.characters import printable
from maps.styles import MapClass, Scale, as_numbers, as_text
from maps.web.content import Indicator, MapContent
from maps.web.geometry import UNITS_PER_DEGREE, inside_points, light_shapes, origin_of
from maps.web.overlays import FREQUENCIES, LAYERS, MODE_COLOURS, OTHER_MODE_COLOUR, SECOND_RUN, Field, LayerStyle

DECIMALS = {"minutes": 1, "share": 5, "score": 1, "number": 2, "change": 3, "seconds": 0}

Held = Sequence[str | float | None] | dict[str, Any]  # one value for each entry, or words packed


def encode(content: MapContent) -> dict[str, Any]:
    """The page's data as plain lists and words: zones once, their values by indicator, then the layers."""
    origin = origin_of(content.zones.geometry)
    return {
        "title": content.title,
        "caution": content.caution,
        "date": content.date,
        "origin": origin,
        "units": UNITS_PER_DEGREE,
        "zones": _encode_zones(content, origin),
        "indicators": [_encode_indicator(content, indicator) for indicator in content.indicators],
        "layers": [_encode_layer(name, content, origin) for name in content.drawn_layers()],
        "tiles": content.tiles is not None,
        "runs": list(content.runs),
        "codes": content.codes,
    }


def script_safe_json(value: object) -> str:
    """JSON in ASCII without <, > or &: inert inside a script element, whatever the text in it says."""
    text = json.dumps(_printable(value), separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _printable(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(each) for key, each in value.items()}
    return [_printable(each) for each in value] if isinstance(value, list | tuple) else value


def packed(words: Sequence[str]) -> dict[str, Any]:
    """Repeated words once ("of"), and for each entry the number of its word ("at")."""
    codes, kept = pd.factorize(np.asarray(words, dtype=object))
    return {"of": [str(word) for word in kept], "at": codes.tolist()}


def words_of(values: pd.Series) -> Held:
    """The words of a column, packed where words repeat."""
    words = as_text(values).tolist()
    return packed(words) if len(set(words)) <= len(words) / 2 else words


def numbers_of(values: pd.Series, kind: str) -> Held:
    """Numbers rounded as far as anyone will read them; None where missing; whole numbers without a decimal point."""
    rounded = np.round(as_numbers(values), DECIMALS.get(kind, 0))
    return [
        None if not np.isfinite(value) else int(value) if value == int(value) else float(value) for value in rounded
    ]


def _encode_zones(content: MapContent, origin: tuple[int, int]) -> dict[str, Any]:
    zones = content.zones
    return {
        "ids": [str(zone) for zone in zones.index],
        "names": content.zone_text("name").tolist(),
        "districts": words_of(content.zone_text("district_name")),
        "shapes": light_shapes(zones.geometry, origin, simplify=True),
        "points": inside_points(zones.geometry, origin),
        "notes": [{"title": note.title, "words": words_of(content.zone_text(note.column))} for note in content.notes],
    }


def _encode_indicator(content: MapContent, indicator: Indicator) -> dict[str, Any]:
    values, scale = content.zones[indicator.column], content.scale_of(indicator)
    return {
        "column": indicator.column,
        "title": indicator.title,
        "kind": indicator.kind,
        "unit": indicator.unit or scale.unit,
        "group": indicator.group,
        "source": ", ".join(words for words in (indicator.source, indicator.vintage) if words),
        "note": indicator.note,
        "inTable": indicator.in_table,
        "pair": indicator.pair,
        "classes": [
            _encode_class(item, count) for item, count in zip(scale.classes, scale.counts(values), strict=False)
        ],
        "missing": _encode_class(scale.missing, scale.counts(values)[-1]) | {"pattern": scale.missing_means},
        "classOf": scale.class_of(values).tolist(),
        "values": _values(values, scale),
    }


def _values(values: pd.Series, scale: Scale) -> Held:
    return words_of(values) if scale.kind == "category" else numbers_of(values, scale.kind)


def _encode_class(item: MapClass, count: int) -> dict[str, Any]:
    return {"label": item.label, "colour": item.colour, "count": count, "hatched": item.hatched}


def _encode_layer(name: str, content: MapContent, origin: tuple[int, int]) -> dict[str, Any]:
    style, features = LAYERS[name], content.layers[name]
    fields = [field for field in style.fields if field.column in features]
    return {
        "id": name,
        "title": style.title,
        "one": style.one,
        "group": style.group,
        "drawing": style.drawing,
        "colour": style.colour,
        "shown": style.shown,
        "named": style.named,
        "background": style.background,
        "keys": _keys(style, features),
        "names": [words_of(features[column]) for column in style.name_columns if column in features],
        "joiner": style.joiner,
        "shapes": light_shapes(features.geometry, origin, simplify=style.drawing == "area"),
        "points": inside_points(features.geometry, origin) if style.named else [],
        "fields": [_encode_field(field, features, content.test.worded(field.title)) for field in fields],
        "hollow": _hollow(style, features),
        **_encode_modes(style, features),
        **_encode_frequencies(style, features),
    }


def _keys(style: LayerStyle, features: gpd.GeoDataFrame) -> Held:
    """What the address of a feature is made of; nothing where that is its name."""
    if style.key_column == "name":
        return []
    return words_of(features[style.key_column] if style.key_column in features else features.index.to_series())


def _encode_field(field: Field, features: gpd.GeoDataFrame, title: str) -> dict[str, Any]:
    """The field's values, and beside them the second run's ("second") where two runs are compared."""
    text = field.kind in {"text", "category"}
    columns = {"values": field.column, "second": f"{field.column}{SECOND_RUN}"}
    return {
        "title": title,
        "kind": field.kind,
        "unit": field.unit,
        "missing": field.missing,
    } | {
        key: words_of(features[column]) if text else numbers_of(features[column], field.kind)
        for key, column in columns.items()
        if column in features
    }


def _encode_modes(style: LayerStyle, features: gpd.GeoDataFrame) -> dict[str, Any]:
    """The mode of each feature with a colour for each mode, where the layer is coloured by mode."""
    if not style.by_mode or "mode" not in features:
        return {}
    modes = packed(as_text(features["mode"]).tolist())
    return {"modes": modes | {"colours": [MODE_COLOURS.get(mode, OTHER_MODE_COLOUR) for mode in modes["of"]]}}


def _hollow(style: LayerStyle, features: gpd.GeoDataFrame) -> list[int]:
    """Numbers of the features that are drawn hollow."""
    if style.solid_column not in features:
        return []
    return np.flatnonzero(as_numbers(features[style.solid_column]) == 0).tolist()


def _encode_frequencies(style: LayerStyle, features: gpd.GeoDataFrame) -> dict[str, Any]:
    """A class of FREQUENCIES for each feature, where the layer is drawn by trips an hour."""
    if style.frequency_column not in features:
        return {}
    trips = np.nan_to_num(as_numbers(features[style.frequency_column]))
    looks = [{"label": each.label, "colour": each.colour, "width": each.width_px} for each in FREQUENCIES]
    edges = [each.upper for each in FREQUENCIES[:-1]]
    return {"frequencies": {"of": looks, "at": np.searchsorted(edges, trips, side="right").tolist()}}
