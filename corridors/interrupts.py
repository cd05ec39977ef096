"""Ctrl-C stops a run at once, wherever it is, and leaves nothing half-written.

The run ends inside the signal's handler. Raising an exception there instead is not safe in this company: Python drops it
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
_SHOW_CURSOR = "\r\x1b[K\x1b[?25h"  # a spinner hides it


class _Now:
    """What a Ctrl-C has to respect at this moment."""

    scratch: set[Path] = set()  # noqa: RUF012  # of the process, as the signal is
    busy = False
    asked = False


def listen() -> None:
    """From now on Ctrl-C ends the process with exit code 130 and a word."""
    pa.enable_signal_handlers(False)  # Arrow puts its own in while it reads, and loses what comes as it takes them out
    signal.signal(signal.SIGINT, _stop)


@contextlib.contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A folder that is gone when the block ends, however it ends: Ctrl-C included."""
    _Now.scratch.add(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _Now.scratch.discard(folder)


@contextlib.contextmanager
def finishing() -> Iterator[None]:
    """Ctrl-C waits until the block is through: for moving what is finished into place."""
    _Now.busy = True
    try:
        yield
    finally:
        _Now.busy = False
        if _Now.asked:
            _stop(signal.SIGINT, None)


def _stop(_number: int, _frame: FrameType | None) -> None:
    _Now.asked = True
    if _Now.busy:
        return
    for folder in _Now.scratch:
        shutil.rmtree(folder, ignore_errors=True)
    words = "corridors: interrupted; nothing half-written is left\n"
    os.write(2, ((_SHOW_CURSOR if sys.stderr.isatty() else "") + words).encode())
    os._exit(EXIT_INTERRUPTED)
