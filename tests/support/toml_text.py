"""Configurations and scenario files of tests as TOML text."""

from collections.abc import Mapping
from pathlib import Path

import tomli_w


def toml_text(sections: Mapping[str, object]) -> str:
    """A whole document; paths are written as texts."""
    return tomli_w.dumps({key: _plain(value) for key, value in sections.items()})


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value
