"""The JSON Schema of a scenario file: its head, and a table for each kind of edit."""

from pydantic import BaseModel

from corridors.config.key_words import meaning_of
from corridors.config.schema import Schema, schema_of
from corridors.scenarios.files.key_words import SCENARIO_WORDS
from corridors.scenarios.files.kinds import KINDS
from corridors.scenarios.files.read import HeadTable, TriedTable
from corridors.scenarios.files.values import BASES

SCENARIO_SCHEMA = "corridors.scenario.schema.json"  # its usual name, beside the scenario
_BASIS = {"enum": list(BASES), "description": "Where the number comes from."}


def scenario_words(model: type[BaseModel], key: str) -> str:
    """What a key of a scenario file means in a table or one of its bases. Raises KeyError for a key without words."""
    return meaning_of(model, key, SCENARIO_WORDS)


def scenario_schema() -> Schema:
    """The schema of a scenario file, as it is written: times and durations are texts, and any number may carry its basis."""
    head = schema_of(HeadTable, "[scenario]", scenario_words)
    parts = head.pop("definitions")
    kinds = []
    for kind, model in KINDS.items():
        table = schema_of(model, f"An edit of the kind {kind}", scenario_words)
        parts |= table.pop("definitions")
        table = _with_bases(_without_dialect(table))
        table["properties"]["kind"] = {"const": kind, "description": scenario_words(model, "kind")}
        parts[model.__name__] = table
        kinds.append({"$ref": f"#/definitions/{model.__name__}"})
    tried = schema_of(TriedTable, "[[tried]]", scenario_words)
    parts |= tried.pop("definitions", {})
    parts["HeadTable"], parts["TriedTable"] = _without_dialect(head), _without_dialect(tried)
    parts["ServiceTable"] = _with_bases(parts["ServiceTable"])
    parts["RangeTable"]["properties"]["basis"] = _BASIS
    parts["StopTable"] = {"anyOf": [{"type": "string", "minLength": 1}, parts["StopTable"]]}  # an id alone is a stop
    return {
        "$schema": head["$schema"],
        "title": "Scenario of corridors",
        "type": "object",
        "additionalProperties": False,
        "required": ["scenario"],
        "properties": {
            "scenario": {"allOf": [{"$ref": "#/definitions/HeadTable"}], "description": "What the scenario is."},
            "edit": {"type": "array", "items": {"anyOf": kinds}, "description": "What changes, in this order."},
            "tried": {
                "type": "array",
                "items": {"$ref": "#/definitions/TriedTable"},
                "description": "What was answered on the live page on the way to this file.",
            },
        },
        "definitions": parts,
    }


def _without_dialect(part: Schema) -> Schema:
    return {key: value for key, value in part.items() if key != "$schema"}


def _forms(part: Schema) -> list[Schema]:
    return [part, *part.get("anyOf", ()), *part.get("oneOf", ())]


def _with_bases(table: Schema) -> Schema:
    """A table whose numbers and durations may also be written `{ value = 27, basis = "claimed" }`."""
    return {**table, "properties": {key: _with_basis(one) for key, one in table["properties"].items()}}


def _with_basis(part: Schema) -> Schema:
    plain = {key: value for key, value in part.items() if key not in {"description", "default"}}
    if not any(one.get("type") in {"number", "integer"} or "examples" in one for one in _forms(plain)):
        return part
    valued = {"type": "object", "additionalProperties": False, "required": ["value"]}
    return {
        "anyOf": [plain, {**valued, "properties": {"value": plain, "basis": _BASIS}}],
        "description": part["description"],
        **_default(part),
    }


def _default(part: Schema) -> Schema:
    """The default as it would be written: a duration as a text."""
    given = part.get("default")
    if given is None:
        return {}
    return {"default": f"{given} s" if "examples" in part else given}
