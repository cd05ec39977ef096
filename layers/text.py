"""Replaces forbidden characters (control characters and code points that stand for no character) in all text that enters.

XML does not allow them, so no report could contain them, and they move the cursor of a terminal.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

import pandas as pd

from layers.findings import Finding, findings_of

REPLACEMENT = "�"
# C0 except tab and line ends, DEL and C1, halves of surrogate pairs, and the two code points that are not characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_COUNTED: ContextVar[dict[Finding, None] | None] = ContextVar("_COUNTED", default=None)

Frame = TypeVar("Frame", bound=pd.DataFrame)


def cleaned(text: str) -> str:
    """The text with U+FFFD in place of each forbidden character."""
    return _FORBIDDEN.sub(REPLACEMENT, text)


@contextmanager
def counting_cleaned() -> Iterator[dict[Finding, None]]:
    """A context that collects, as the ordered keys of a dict, a finding for every file whose text was cleaned in it."""
    findings: dict[Finding, None] = {}
    token = _COUNTED.set(findings)
    try:
        yield findings
    finally:
        _COUNTED.reset(token)


def cleaned_content(content: str, name: str) -> str:
    """The content of text file `name` without forbidden characters; the lines changed are counted."""
    if not _FORBIDDEN.search(content):
        return content
    lines = content.rstrip("\n").split("\n")
    _count([number for number, line in enumerate(lines, start=1) if _FORBIDDEN.search(line)], len(lines), name)
    return cleaned(content)


def cleaned_frame(frame: Frame, name: str) -> Frame:
    """The frame of file `name` without forbidden characters in column names and cells; the rows changed are counted."""
    changed: set[int] = set()
    columns: dict[str, pd.Series] = {}
    for column in map(str, frame.select_dtypes(["object", "string", "category"])):
        forbidden = [_has_forbidden(value) for value in frame[column]]
        if any(forbidden):
            columns[column] = frame[column].map(lambda value: cleaned(value) if isinstance(value, str) else value)
            changed |= {number for number, is_changed in enumerate(forbidden, start=1) if is_changed}
    _count(sorted(changed), len(frame), name)
    return frame.assign(**columns).rename(columns=lambda column: cleaned(str(column)))


def replaced_effect(where: str) -> str:
    """The sentence for the report on replaced characters in file or section `where`."""
    return f"{where}: control characters and the like, which no document can hold, were replaced by {REPLACEMENT}."


def _has_forbidden(value: object) -> bool:
    return isinstance(value, str) and _FORBIDDEN.search(value) is not None


def _count(rows: list[int], total: int, name: str) -> None:
    findings = _COUNTED.get()
    if findings is not None:
        findings.update(dict.fromkeys(findings_of("control_characters", rows, total, replaced_effect(cleaned(name)))))
