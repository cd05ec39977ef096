"""Values as TOML text: the standard library only reads TOML."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path


def toml_text(sections: Mapping[str, object]) -> str:
    """A whole document: plain values first, then a table or an array of tables for each mapping or list of mappings."""
    lines = [f"{_key(name)} = {_value(value)}" for name, value in sections.items() if not _is_section(value)]
    for name, value in sections.items():
        if isinstance(value, Mapping):
            lines += [f"[{_key(name)}]", *_body(value)]
        elif _is_section(value):
            assert isinstance(value, Sequence)
            for one in value:
                lines += [f"[[{_key(name)}]]", *_body(one)]
    return "\n".join(lines) + "\n"


def _is_section(value: object) -> bool:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return len(value) > 0 and all(isinstance(one, Mapping) for one in value)
    return isinstance(value, Mapping)


def _body(table: Mapping[str, object]) -> list[str]:
    return [f"{_key(name)} = {_value(value)}" for name, value in table.items()]


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case str() | Path():
            return _text(str(value))
        case dt.date() | dt.time():
            return value.isoformat()
        case Mapping():
            return "{ " + ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items()) + " }"
        case Sequence():
            return "[" + ", ".join(map(_value, value)) + "]"
    raise TypeError(f"no TOML for {value!r}")


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").isalnum() else _text(name)


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c for c in escaped) + '"'
