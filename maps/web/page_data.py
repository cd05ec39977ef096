"""Encoding of a MapContent as the page's block of JSON, in which no text can become markup or script."""

import json
from dataclasses import asdict
from typing import Any

import pandas as pd

from maps.characters import printable
from maps.styles import MapClass, Scale
from maps.web.any_zone import encode_zone_to_zone
from maps.web.content import Indicator, MapContent, Series
from maps.web.geometry import UNITS_PER_DEGREE, inside_points, light_shapes, origin_of
from maps.web.layer_data import encode_layer
from maps.web.page_values import ColumnValues, numbers_of, words_of

_WITHOUT_TEXT = {int, float, bool, type(None)}


def encode(content: MapContent, order: list[int] | None = None) -> dict[str, Any]:
    """The content as JSON values: the zones, their values by indicator, then the layers.

    `order` is that of the zones in the packed times between them, where the map has such.
    """
    origin = origin_of(content.zones.geometry)
    return {
        "title": content.title,
        "caution": content.caution,
        "date": content.date,
        "origin": origin,
        "units": UNITS_PER_DEGREE,
        "zones": _encode_zones(content, origin),
        "indicators": [_encode_indicator(content, indicator) for indicator in content.indicators],
        "layers": [encode_layer(layer, origin) for layer in content.drawn_layers()],
        "tiles": content.tiles is not None,
        "runs": list(content.runs),
        "runTable": content.run_table and asdict(content.run_table),
        "parts": content.parts and asdict(content.parts),
        "codes": content.codes,
        **_encode_any_zone(content, order),
        **({"series": [_encode_series(content, series) for series in content.series]} if content.series else {}),
    }


def _encode_any_zone(content: MapContent, order: list[int] | None) -> dict[str, Any]:
    held = content.zone_to_zone
    return {} if held is None or order is None else {"anyZone": encode_zone_to_zone(held, order, content.zones)}


def script_safe_json(value: object) -> str:
    """The value as JSON text in ASCII without <, > or &, so that no text in it can end or start a script."""
    text = json.dumps(_printable(value), separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _printable(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple) and not {*map(type, value)} <= _WITHOUT_TEXT:  # most lists are of numbers only
        return [_printable(item) for item in value]
    return value


def _encode_zones(content: MapContent, origin: tuple[int, int]) -> dict[str, Any]:
    zones = content.zones
    return {
        "ids": [str(zone) for zone in zones.index],
        "names": content.zone_text("name").tolist(),
        "near": words_of(content.zone_text("near_place")),
        "parts": words_of(content.zone_text(content.parts.column if content.parts else "")),
        "shapes": light_shapes(zones.geometry, origin, simplify=True),
        "points": inside_points(zones.geometry, origin),
        "notes": [{"title": note.title, "words": words_of(content.zone_text(note.column))} for note in content.notes],
    }


def _encode_indicator(content: MapContent, indicator: Indicator) -> dict[str, Any]:
    values, scale = content.zones[indicator.column], content.scale_of(indicator)
    counts = scale.counts(values)
    return {
        "column": indicator.column,
        "title": indicator.title,
        "kind": indicator.kind,
        "unit": "" if indicator.kind == "reached" else indicator.unit or scale.unit,  # a number of places needs no unit
        "group": indicator.group,
        "source": ", ".join(words for words in (indicator.source, indicator.vintage) if words),
        "note": indicator.note,
        "inTable": indicator.in_table,
        "pair": indicator.pair,
        "classes": [_encode_class(item, count) for item, count in zip(scale.classes, counts, strict=False)],
        "missing": _encode_class(scale.missing, counts[-1]) | {"pattern": scale.missing_means},
        "classOf": scale.class_of(values).tolist(),
        "values": _values(values, scale),
    }


def _encode_series(content: MapContent, series: Series) -> dict[str, Any]:
    """A series with the values of all its steps, in the classes of its indicator."""
    indicator = next(one for one in content.indicators if one.column == series.indicator)
    scale = content.scale_of(indicator)
    return {
        "indicator": series.indicator,
        "title": series.title,
        "label": series.label,
        "start": series.start,
        "steps": [
            {
                "key": step.key,
                "name": step.name,
                "words": step.words,
                "classOf": scale.class_of(content.zones[step.column]).tolist(),
                "counts": list(scale.counts(content.zones[step.column])),
                "values": numbers_of(content.zones[step.column], scale.kind),
            }
            for step in series.steps
        ],
    }


def _values(values: pd.Series, scale: Scale) -> ColumnValues:
    return words_of(values) if scale.kind == "category" else numbers_of(values, scale.kind)


def _encode_class(item: MapClass, count: int) -> dict[str, Any]:
    return {"label": item.label, "colour": item.colour, "count": count, "hatched": item.hatched}
