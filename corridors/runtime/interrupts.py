"""Signals that end a run (Ctrl-C, SIGTERM, a closed terminal): it stops at once and leaves nothing half-written.

The run ends inside the signal's handler. Raising an exception there instead is not safe: Python drops it
while a destructor runs, and compiled code that calls back into Python (kernels being loaded, Arrow) can crash on it.
"""

import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pyarrow as pa

EXIT_INTERRUPTED = 130
MARK = ".corridors"  # stands in every folder that may be cleared away when its process is gone
_MARK_TEXT = "An unfinished result of `corridors`: cleared away by the next command that writes here.\n"
_SHOW_CURSOR = "\r\x1b[K\x1b[?25h"  # a spinner hides it
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # the last is not there on Windows


class _Now:
    """State of the signal handler: folders to clean up, and whether it has to wait."""

    scratch: set[Path] = set()  # noqa: RUF012  # of the process, as the signal is
    busy = False
    asked = False


def listen() -> None:
    """Make Ctrl-C, SIGTERM and a closed terminal end this process with exit code 130 and one message."""
    pa.enable_signal_handlers(False)  # Arrow puts its own in while it reads, and loses what comes as it takes them out
    for name in _SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)


def mark(folder: Path) -> None:
    """Mark `folder` as an unfinished result of this program."""
    (folder / MARK).write_text(_MARK_TEXT, encoding="utf-8")


def is_marked(folder: Path) -> bool:
    """Whether `folder` carries the mark of `mark` and is no link to another place."""
    try:
        return not folder.is_symlink() and (folder / MARK).read_text(encoding="utf-8") == _MARK_TEXT
    except (OSError, ValueError):
        return False


def remove(folder: Path) -> None:
    """Remove a marked folder, its mark last: if the process is killed on the way, what is left is still marked."""
    for item in sorted(folder.iterdir()) if folder.is_dir() else ():
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item, ignore_errors=True)
        elif item.name != MARK:
            item.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """The folder, removed when the block ends, also after an error or Ctrl-C."""
    _Now.scratch.add(folder)
    try:
        yield folder
    finally:
        remove(folder)
        _Now.scratch.discard(folder)


@contextlib.contextmanager
def finishing() -> Iterator[None]:
    """Hold back an interruption until the block ends, while finished files are moved into place."""
    _Now.busy = True
    try:
        yield
    finally:
        _Now.busy = False
        if _Now.asked:
            _stop(signal.SIGINT, None)


@contextlib.contextmanager
def heard_by_server() -> Iterator[None]:
    """Let a server inside the block end by Ctrl-C and SIGTERM by itself; what follows the block is still done."""
    kept = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _stop(_number: int, _frame: FrameType | None) -> None:
    _Now.asked = True
    if _Now.busy:
        return
    for folder in _Now.scratch:
        with contextlib.suppress(OSError):
            remove(folder)
    words = "corridors: interrupted; nothing half-written is left\n"
    with contextlib.suppress(OSError):  # the terminal may be gone
        os.write(2, ((_SHOW_CURSOR if sys.stderr.isatty() else "") + words).encode())
    os._exit(EXIT_INTERRUPTED)
