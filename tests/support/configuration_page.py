"""The page of every key of a configuration and of a scenario file, docs/configuration.md, made from the models.

`python -m tests.support.configuration_page` writes it anew; a test checks that it is up to date.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from corridors.catalogue.measures import MADE_BY_THE_RUN, MEASURES
from corridors.config.schema import config_schema
from corridors.config.table_columns import TABLE_COLUMNS
from corridors.scenarios.files.schema import scenario_schema

PAGE = Path(__file__).resolve().parents[2] / "docs" / "configuration.md"
Schema = Mapping[str, Any]

_HEAD = """\
# Every key of a configuration

Written from the models by `python -m tests.support.configuration_page`. `corridors init NAME --zones F --gtfs F` writes a
configuration to start from; `corridors check` reads all that one names. `corridors schema --out corridors.schema.json` writes the
JSON Schema of what stands here: editors that know it complete and check a file whose first line is
`#:schema ./corridors.schema.json`. Paths are relative to the configuration's folder; those of Windows are written with `/`, or
between single quotes. A key without a default is needed.
"""
_FIELDS = """
## Fields of layers

A layer gives fields under any name (letters, digits, `_`); all of them come into the zones' table and layers. The names below
are known: figures are made from them. `population` is needed. A share is made from two counts, so give the count.

| field | kind | what is made from it |
|---|---|---|
"""
_TABLES = """
## Columns of the tables

CSV in UTF-8 with a line of headings; other columns are kept. Instead of a CSV of places, a layer of points (of lines for
corridors) may be given, which then needs no lat and lon. `zones.points`, `zones.finer`, `layers`, their lookups and
`jobs_outside` name their columns themselves.
"""
_SCENARIO = """
# Every key of a scenario file

[Scenarios](scenarios.md) says how to write one. Times are written "06:00", durations "6 min" or "90 s". Any number or duration
may be `{ value = 27, basis = "claimed" }`; those marked "or range" may be `{ low = 24, central = 27, high = 30 }`.
"""


def page() -> str:
    """The whole page as Markdown."""
    return "".join((_HEAD, *_configuration(), _FIELDS, *_fields(), _TABLES, *_tables(), _SCENARIO, *_scenario()))


def _configuration() -> Iterator[str]:
    whole = config_schema()
    yield "\n## Before the first section\n"
    yield from _keys({"properties": {"scenarios": whole["properties"]["scenarios"]}})
    for name, value in whole["properties"].items():
        form = value.get("items", value)
        inner = _referred(form.get("anyOf", [form])[0])
        if inner:
            heading = f"[[{name}]]" if "items" in value else f"[{name}]"
            need = "" if name in whole["required"] else " May be left out."
            yield f"\n## `{heading}`\n\n{value['description']}{need}\n"
            yield from _keys(whole["definitions"][inner])
            yield from _inside(whole, inner)


def _inside(whole: Schema, name: str) -> Iterator[str]:
    """The tables that stand inside a table, each under the key that holds it."""
    for key, value in whole["definitions"][name]["properties"].items():
        held = (value.get("items", {}), value.get("additionalProperties", {}))
        for form in (value, *value.get("oneOf", ()), *value.get("anyOf", ()), *held):
            if inner := _referred(form):
                part = whole["definitions"][inner]
                yield f"\n### `{key}`\n\n{part['description']}\n"
                yield from _keys(part)
                yield from _inside(whole, inner)


def _keys(part: Schema) -> Iterator[str]:
    yield "\n| key | written | default | meaning |\n|---|---|---|---|\n"
    needed = part.get("required", ())
    for key, value in part["properties"].items():
        default = "" if key in needed else _default(value)
        yield f"| `{key}` | {_written(value)} | {default} | {value['description']} |\n"


def _default(value: Schema) -> str:
    given = value.get("default")
    if given is None or given in ("", [], ()):
        return "none"
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, list | tuple):
        return ", ".join(map(_plain, given))
    return _plain(given)


def _plain(value: object) -> str:
    return _number(value) if isinstance(value, int | float) else str(value)


def _written(value: Schema) -> str:
    """How a value is written, in words."""
    forms = [*value.get("anyOf", ()), *value.get("oneOf", ()), *value.get("allOf", ())]
    if forms:
        return " or ".join(dict.fromkeys(_written(one) for one in forms if "value" not in one.get("properties", {})))
    if name := _referred(value):
        return {"RangeTable": "range", "StopTable": "stop"}.get(name, "table")
    if "enum" in value or "const" in value:
        return " or ".join(f"`{one}`" for one in value["enum"]) if "enum" in value else str(value["const"])
    kind = value["type"]
    return _KINDS[kind](value) if isinstance(kind, str) else " or ".join(_KINDS[one]({}) for one in kind)


def _list(value: Schema) -> str:
    inside = value.get("items") or value["prefixItems"][0]
    many = "pair" if value.get("minItems") == value.get("maxItems") == 2 else "list"
    most = f", at most {value['maxItems']:,}" if many == "list" and "maxItems" in value else ""
    first, comma, rest = _written(inside).partition(",")
    return f"{many} of {first}{'' if ' or ' in first else 's'}{comma}{rest}{most}"


def _bounds(value: Schema) -> str:
    least, above, most = (value.get(key) for key in ("minimum", "exclusiveMinimum", "maximum"))
    start = f", {_number(least)}" if least is not None else f", above {_number(above)}" if above is not None else ""
    if most is None:
        return f"{start} or more" if start else ""
    return f"{start} to {_number(most)}"


def _number(value: float) -> str:
    return f"{value:,}".removesuffix(".0")


def _text(value: Schema) -> str:
    if "examples" in value:
        return "time" if "pattern" in value else "duration"
    return {"path": "path", "date": "date"}.get(value.get("format", ""), "text")


_KINDS: Mapping[str, Callable[[Schema], str]] = {
    "array": _list,
    "object": lambda value: f"table, each key = {_written(value['additionalProperties'])}",
    "number": lambda value: f"number{_bounds(value)}",
    "integer": lambda value: f"whole number{_bounds(value)}",
    "boolean": lambda _: "true or false",
    "string": _text,
}


def _referred(value: Schema) -> str:
    """The name of the table that a value is; "" for other values and for places with words of their own."""
    forms = value.get("allOf", [value])
    return str(forms[0].get("$ref", "")).rpartition("/")[2]


def _fields() -> Iterator[str]:
    kinds: dict[str, str] = {}
    titles: dict[str, list[str]] = {}
    whole_of: dict[str, list[str]] = {}
    for measure in MEASURES:
        if measure.column in MADE_BY_THE_RUN or measure.base == "decile_known":
            continue
        field = measure.field or measure.column
        kinds.setdefault(
            field, {"share": "count", "count": "count", "rate": "rate"}.get(measure.of_place or "", measure.unit)
        )
        titles.setdefault(field, []).append(measure.title)
        if measure.base and measure.of_place == "share":
            kinds.setdefault(measure.base, "count")
            whole_of.setdefault(measure.base, []).append(measure.field)
    for field, kind in kinds.items():
        of = (
            [f"the whole that {', '.join(f'`{one}`' for one in whole_of[field])} are a share of"]
            if field in whole_of
            else []
        )
        yield f"| `{field}` | {kind} | {'; '.join([*titles.get(field, []), *of])} |\n"


def _tables() -> Iterator[str]:
    for setting, columns in TABLE_COLUMNS.items():
        yield f"\n### `{setting}`\n\n| column | needed | meaning |\n|---|---|---|\n"
        for column in columns:
            yield f"| `{column.name}` | {'yes' if column.needed else 'no'} | {column.meaning} |\n"


def _scenario() -> Iterator[str]:
    whole = scenario_schema()
    parts = whole["definitions"]
    yield "\n## `[scenario]`\n"
    yield from _keys(parts["HeadTable"])
    yield from _inside(whole, "HeadTable")
    yield "\n## `[[edit]]`\n\nEvery edit has `id` and `kind`; each kind has its own keys beside them.\n"
    common = set(parts["WithdrawTable"]["properties"]) - {"line"}
    every = _only(parts["WithdrawTable"], common)
    kind = {**every["properties"]["kind"], "const": "one of those below"}
    yield from _keys({**every, "properties": {**every["properties"], "kind": kind}})
    for one in whole["properties"]["edit"]["items"]["anyOf"]:
        part = parts[_referred(one)]
        yield f'\n### `kind = "{part["properties"]["kind"]["const"]}"`\n\n{part["description"]}\n'
        yield from _keys(_only(part, set(part["properties"]) - common))
    yield f"\n## `[[tried]]`\n\n{whole['properties']['tried']['description']}\n"
    yield from _keys(parts["TriedTable"])
    yield "\n## Tables in edits\n"
    for name, title in (
        ("StopTable", "A stop"),
        ("LineTable", "A line"),
        ("ServiceTable", "A service"),
        ("RangeTable", "A range"),
    ):
        part = parts[name]["anyOf"][1] if name == "StopTable" else parts[name]
        yield f"\n### {title}\n\n{part['description']}\n"
        yield from _keys(part)


def _only(part: Schema, keys: set[str]) -> Schema:
    return {**part, "properties": {key: value for key, value in part["properties"].items() if key in keys}}


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
