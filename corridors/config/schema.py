"""The JSON Schema of a configuration, by which editors complete and check a file while it is written."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from corridors.config.key_words import meaning_of
from corridors.config.run_config import RunConfig

Schema = dict[str, Any]
CONFIG_SCHEMA = "corridors.schema.json"  # its usual name, beside the configuration
FIRST_LINE = f"#:schema ./{CONFIG_SCHEMA}\n"  # of a configuration, by which editors find it
_OF_US = " of corridors"  # the end of a title
_DIALECT = "http://json-schema.org/draft-07/schema#"  # what editors of TOML read


def config_schema() -> Schema:
    """The schema of a run's configuration."""
    whole = schema_of(RunConfig, f"Configuration of a run{_OF_US}", meaning_of)
    observed = whole["properties"]["observed"]
    observed["items"] = {"anyOf": [observed["items"], {"type": "string", "format": "path"}]}  # a file alone is a day
    return whole


def schema_text(schema: Schema) -> str:
    """The text of a schema's file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def is_schema(file: Path) -> bool:
    """Whether a file is a schema that this tool wrote, in this version or another."""
    try:
        content = json.loads(file.read_bytes())
        return bool(content["$schema"] == _DIALECT and str(content["title"]).endswith(_OF_US))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False


def schema_of(model: type[BaseModel], title: str, words: Callable[[type[BaseModel], str], str]) -> Schema:
    """The schema of a model of a file and of the models in it, each key with `words(model, key)`.

    Raises KeyError for a key without words.
    """
    whole: Schema = _plain(model.model_json_schema(ref_template="#/definitions/{model}"))
    parts = whole.pop("$defs", {})
    for name, part in parts.items():
        _describe(part, models_in(model)[name], words)
    _describe(whole, model, words)
    return {"$schema": _DIALECT, **whole, "title": title, "definitions": parts}


def models_in(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """Name -> model, of a model and of all that stand in it."""
    found: dict[str, type[BaseModel]] = {}
    waiting: list[Any] = [model]
    while waiting:
        one = waiting.pop()
        if isinstance(one, type) and issubclass(one, BaseModel):
            if one.__name__ not in found:
                found[one.__name__] = one
                waiting += [field.annotation for field in one.model_fields.values()]
        else:
            waiting += getattr(one, "__args__", ())
    return found


def _describe(part: Schema, model: type[BaseModel], words: Callable[[type[BaseModel], str], str]) -> None:
    part["description"] = " ".join((model.__doc__ or "").split("\n\n")[0].split())
    for key, value in part.get("properties", {}).items():
        if "$ref" in value:  # beside a reference nothing else is read
            value["allOf"] = [{"$ref": value.pop("$ref")}]
        value["description"] = words(model, key)


def _plain(value: Any) -> Any:
    """The schema without titles made from names, and without null, which TOML does not have."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    kept = {key: _plain(one) for key, one in value.items() if not (key == "title" and isinstance(one, str))}
    if kept.get("default", 0) is None or isinstance(kept.get("default"), dict):
        del kept["default"]  # what a missing section means is said by its own keys
    some = [one for one in kept.get("anyOf", ()) if one != {"type": "null"}]
    if "anyOf" in kept and len(some) == 1:
        del kept["anyOf"]
        return {**some[0], **kept}
    return {**kept, "anyOf": some} if some else kept
