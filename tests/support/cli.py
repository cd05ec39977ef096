"""The command line as a user has it: in this process, where that is enough, or as a process of its own."""

import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from corridors.cli import main
from corridors.outputs import csv_tables
from maps.print.still_picture import Picture

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def corridors(*words: object) -> Ran:
    """`corridors WORDS...` in this process; an exception that reaches the user as a traceback is raised here."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        with (
            mock.patch.object(sys, "argv", ["corridors", *map(str, words)]),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return Ran(code, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def no_pictures() -> Iterator[None]:
    """A run in this process puts one small picture for every picture, and writes no workbook: half of its time goes there."""
    blank = b"<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'></svg>"
    with (
        mock.patch.object(Picture, "svg", blank),
        mock.patch.object(csv_tables, "write_workbook", lambda *_: None),
    ):
        yield


def corridors_process(*words: object, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """`python -m corridors WORDS...` as a process of its own; `env` is added to the environment."""
    return subprocess.run(
        [sys.executable, "-m", "corridors", *map(str, words)],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
    )
