"""The page of the Python interface, docs/api.md, made from each package's `__all__`.

`python -m tests.support.api_page` writes it anew; a test checks that it is up to date.
"""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
PACKAGES = ("accessibility", "layers", "maps", "corridors")

_HEAD = """\
# Python interface

Written from each package's `__all__` by `python -m tests.support.api_page`. What stands here is kept: it changes only with a
reason in the [changelog](../CHANGELOG.md). Everything else may move. Types stand in the code; shapes, units and errors in the
docstrings (`help(name)`).
"""


def page() -> str:
    """The whole page as Markdown."""
    return _HEAD + "".join(line for package in PACKAGES for line in _package(package))


def _package(name: str) -> Iterator[str]:
    package = importlib.import_module(name)
    yield f"\n## `{name}`\n\n{_summary(package)}\n"
    for exported in sorted(package.__all__, key=str.lower):
        thing = getattr(package, exported)
        yield f"\n### `{name}.{exported}`\n\n"
        signature = _signature(exported, thing)
        if signature:
            yield f"```text\n{signature}\n```\n\n"
        value = f"`{thing.name}` of the package's files" if isinstance(thing, Path) else f"`{thing!r}`"
        summary = _summary(thing) if callable(thing) else f"Constant: {value}."
        if summary:
            yield f"{summary}\n"


def _signature(name: str, thing: object) -> str:
    """`name(parameters)`, without types and without defaults that are not plain; empty for constants."""
    if not callable(thing):
        return ""
    try:
        parameters = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return ""
    shown = [
        parameter.name
        if parameter.default is inspect.Parameter.empty
        else f"{parameter.name}={_plain(parameter.default)}"
        for parameter in parameters
    ]
    return f"{name}({', '.join(shown)})"


def _plain(value: object) -> str:
    return repr(value) if isinstance(value, str | int | float | bool | None) else "..."


def _summary(thing: object) -> str:
    """The first paragraph of a docstring on one line; generated docstrings of named tuples and dataclasses are left out."""
    text = inspect.getdoc(thing) or ""
    paragraph = " ".join(text.split("\n\n")[0].split())
    return "" if paragraph.startswith(f"{getattr(thing, '__name__', '')}(") else paragraph


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
