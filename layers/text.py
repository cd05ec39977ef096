"""Characters that no name may hold: control characters and code points that are no letters, replaced wherever text enters.

They break every document written from them (XML allows none of them) and move the cursor of a terminal.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

import pandas as pd

from layers.findings import Finding, found

REPLACEMENT = "�"
# C0 but for tab and line ends, DEL and C1, halves of surrogate pairs, and the two that are never characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_COUNTED: ContextVar[dict[Finding, None] | None] = ContextVar("_COUNTED", default=None)

Frame = TypeVar("Frame", bound=pd.DataFrame)


def cleaned(text: str) -> str:
    """The text with U+FFFD for each character that no name may hold."""
    return _FORBIDDEN.sub(REPLACEMENT, text)


@contextmanager
def counting() -> Iterator[dict[Finding, None]]:
    """Gathers a finding (as the keys of a dict, in order) for every file read in the block whose text was cleaned."""
    findings: dict[Finding, None] = {}
    token = _COUNTED.set(findings)
    try:
        yield findings
    finally:
        _COUNTED.reset(token)


def cleaned_content(content: str, name: str) -> str:
    """The content of text file `name`, cleaned; the lines that change are counted."""
    if not _FORBIDDEN.search(content):
        return content
    lines = content.rstrip("\n").split("\n")
    _count([number for number, line in enumerate(lines, start=1) if _FORBIDDEN.search(line)], len(lines), name)
    return cleaned(content)


def cleaned_frame(frame: Frame, name: str) -> Frame:
    """The frame of file `name` with its column names and its text cells cleaned; the rows that change are counted."""
    changed: set[int] = set()
    columns: dict[str, pd.Series] = {}
    for column in map(str, frame.select_dtypes(["object", "string", "category"])):
        odd = [_is_odd(value) for value in frame[column]]
        if any(odd):
            columns[column] = frame[column].map(lambda value: cleaned(value) if isinstance(value, str) else value)
            changed |= {number for number, is_odd in enumerate(odd, start=1) if is_odd}
    _count(sorted(changed), len(frame), name)
    return frame.assign(**columns).rename(columns=lambda column: cleaned(str(column)))


def replaced_effect(where: str) -> str:
    """What a reader of the report should know of replaced characters in file or section `where`."""
    return f"{where}: control characters and the like, which no document can hold, were replaced by {REPLACEMENT}."


def _is_odd(value: object) -> bool:
    return isinstance(value, str) and _FORBIDDEN.search(value) is not None


def _count(places: list[int], total: int, name: str) -> None:
    counted = _COUNTED.get()
    if counted is not None:
        counted.update(dict.fromkeys(found("control_characters", places, total, replaced_effect(cleaned(name)))))
