"""The part of JSON Schema (draft 7) that our schemas use, checked the slow way; no validator is part of the environment."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": (str, dt.date, dt.time), "boolean": bool, "integer": int, "number": (int, float),
}  # fmt: skip
_KNOWN = {
    "$ref", "$schema", "additionalProperties", "allOf", "anyOf", "const", "default", "definitions", "description", "enum",
    "examples", "exclusiveMaximum", "exclusiveMinimum", "format", "items", "maxItems", "maxLength", "maxProperties", "maximum",
    "minItems", "minLength", "minProperties", "minimum", "oneOf", "pattern", "prefixItems", "properties", "propertyNames",
    "required", "title", "type",
}  # fmt: skip


def problems(
    value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any] | None = None, at: str = ""
) -> Iterator[str]:
    """A line for each place of `value`, as TOML gives it, that is not as the schema says. Fails for a word it does not know."""
    whole = schema if whole is None else whole
    assert set(schema) <= _KNOWN, set(schema) - _KNOWN
    yield from _of_forms(value, schema, whole, at)
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: not one of {schema['enum']}"
    if "const" in schema and value != schema["const"]:
        yield f"{at}: not {schema['const']}"
    wanted = schema.get("type", ())
    kinds = [wanted] if isinstance(wanted, str) else wanted
    if kinds and not any(_is(value, kind) for kind in kinds):
        yield f"{at}: no {wanted}"
    elif isinstance(value, dict):
        yield from _of_table(value, schema, whole, at)
    elif isinstance(value, list):
        yield from _of_list(value, schema, whole, at)
    elif isinstance(value, str):
        yield from _sized(len(value), schema, "Length", at)
        if not re.search(schema.get("pattern", ""), value):
            yield f"{at}: not like {schema['pattern']}"
    elif isinstance(value, int | float):
        yield from _bounded(value, schema, at)


def _of_forms(value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    """Problems with the schemas that this one refers to: with all, or with each of several of which one has to fit."""
    if "$ref" in schema:
        yield from problems(value, whole["definitions"][schema["$ref"].rpartition("/")[2]], whole, at)
    for one in schema.get("allOf", ()):
        yield from problems(value, one, whole, at)
    for word in ("anyOf", "oneOf"):
        if word in schema and all(any(problems(value, one, whole, at)) for one in schema[word]):
            yield f"{at}: fits none of {len(schema[word])}"


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def _of_table(value: dict[str, Any], schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    yield from (f"{at}: lacks {key}" for key in schema.get("required", ()) if key not in value)
    yield from _sized(len(value), schema, "Properties", at)
    for key, one in value.items():
        if key in known:
            yield from problems(one, known[key], whole, f"{at}.{key}")
        elif others is False:
            yield f"{at}: unknown {key}"
        elif isinstance(others, dict):
            yield from problems(one, others, whole, f"{at}.{key}")
        yield from problems(key, schema.get("propertyNames", {}), whole, f"{at}.{key}")


def _of_list(value: Sequence[Any], schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    yield from _sized(len(value), schema, "Items", at)
    for number, one in enumerate(value):
        first = schema.get("prefixItems", ())
        part = first[number] if number < len(first) else schema.get("items", {})
        yield from problems(one, part, whole, f"{at}.{number}")


def _sized(size: int, schema: Mapping[str, Any], word: str, at: str) -> Iterator[str]:
    if not schema.get(f"min{word}", 0) <= size <= schema.get(f"max{word}", size):
        yield f"{at}: holds {size}"


def _bounded(value: float, schema: Mapping[str, Any], at: str) -> Iterator[str]:
    least, most = schema.get("minimum", value), schema.get("maximum", value)
    inside = least <= value <= most and value > schema.get("exclusiveMinimum", value - 1)
    if not inside or value >= schema.get("exclusiveMaximum", value + 1):
        yield f"{at}: {value} is out of bounds"
