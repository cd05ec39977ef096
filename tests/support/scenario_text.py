"""Scenario files written inside tests."""

from pathlib import Path

HEAD = """\
[scenario]
id = "{ident}"
title = "A test"
status = "invented"
as_of = 2026-03-24
source = "made for a test"
{more}
"""


def scenario_text(edits: str = "", ident: str = "test", more: str = "") -> str:
    """A whole file with these `[[edit]]` tables."""
    return HEAD.format(ident=ident, more=more) + edits


def write_scenario(path: Path, edits: str = "", ident: str = "test", more: str = "") -> Path:
    """The file, written."""
    path.write_text(scenario_text(edits, ident, more), encoding="utf-8")
    return path
