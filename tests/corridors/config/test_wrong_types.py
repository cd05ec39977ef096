"""Every key of a configuration and of a scenario, with values of every wrong type: told in our words, with the key's name."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corridors.config.run_config import _validated
from corridors.config.schema import config_schema
from corridors.errors import ConfigError, CorridorsError, ScenarioFileError
from corridors.scenarios.files.kinds import KINDS
from corridors.scenarios.files.read import read_scenarios
from corridors.scenarios.files.schema import scenario_schema
from tests.support.agreement import FOREIGN
from tests.support.json_schema import problems
from tests.support.toml_text import toml_text

Keys = tuple[str | int, ...]
WRONG: tuple[object, ...] = (-7, 2.5, float("nan"), "wrong", "", True, [], [["x"]], {"odd": 1}, dt.date(2026, 3, 24))
CONFIG, SCENARIO = config_schema(), scenario_schema()


def whole(part: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A value of the right shape with every key that it may have; the first of several forms."""
    for word in ("allOf", "anyOf", "oneOf"):
        if word in part:
            return whole(part[word][0], schema)
    if "$ref" in part:
        return whole(schema["definitions"][part["$ref"].rpartition("/")[2]], schema)
    if "enum" in part or "const" in part:
        return part["enum"][0] if "enum" in part else part["const"]
    if part.get("type") == "object":
        return _table(part, schema)
    if part.get("type") == "array":
        return [whole(one, schema) for one in part.get("prefixItems") or [part["items"]]]
    texts = {"date": dt.date(2026, 3, 24), "path": "file.csv"}
    plain = {"boolean": True, "number": part.get("minimum", 1), "integer": part.get("minimum", 1)}
    return plain.get(str(part.get("type")), texts.get(part.get("format", ""), part.get("examples", ["a"])[0]))


def _table(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "properties" in part:
        return {key: whole(one, schema) for key, one in part["properties"].items()}
    key = part.get("propertyNames", {}).get("enum", ["a"])[0]
    return {key: whole(part["additionalProperties"], schema)}


def places(value: Any, keys: Keys = ()) -> Iterator[Keys]:
    if keys:
        yield keys
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*keys, key))


def changed(value: Any, keys: Keys, new: object) -> Any:
    if not keys:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[keys[0]] = changed(copy[keys[0]], keys[1:], new)  # type: ignore[index]
    return copy


def require_own_words(error: CorridorsError) -> None:
    said = str(error)
    assert not FOREIGN.search(said), said


def named(error: CorridorsError, keys: Keys) -> bool:
    return any(str(key) in str(error) for key in keys[-2:] if not str(key).isdigit())


@pytest.mark.parametrize("section", CONFIG["properties"])
def test_a_wrong_value_of_any_key_is_told_in_our_words(section: str) -> None:
    right = whole(CONFIG, CONFIG)
    for keys in places(right[section], (section,)):
        for wrong in WRONG:
            raw = changed(right, keys, wrong)
            try:
                _validated(Path("config.toml"), raw)
            except ConfigError as error:
                require_own_words(error)
                refused = named(error, keys)
            else:
                refused = False
            assert refused or not list(problems(raw, CONFIG)), (keys, wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_value_of_any_key_of_an_edit_is_told_in_our_words(tmp_path: Path, kind: str) -> None:
    head = dict.fromkeys(("id", "title", "status", "as_of", "source"), "a")
    right = whole(SCENARIO["definitions"][KINDS[kind].__name__], SCENARIO)
    file = tmp_path / "scenario.toml"
    for keys in places(right):
        for wrong in WRONG:
            file.write_text(toml_text({"scenario": head, "edit": [changed(right, keys, wrong)]}), encoding="utf-8")
            try:
                read_scenarios([file])
            except ScenarioFileError as error:
                require_own_words(error)


@pytest.mark.parametrize("section", ["scenario", "tried"])
def test_a_wrong_value_beside_the_edits_is_told_in_our_words(tmp_path: Path, section: str) -> None:
    right, file = (
        {name: whole(SCENARIO["properties"][name], SCENARIO) for name in ("scenario", "tried")},
        tmp_path / "s.toml",
    )
    for keys in places(right[section], (section,)):
        for wrong in WRONG:
            file.write_text(toml_text(changed(right, keys, wrong)), encoding="utf-8")
            try:
                read_scenarios([file])
            except ScenarioFileError as error:
                require_own_words(error)
