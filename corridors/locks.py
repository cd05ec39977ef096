"""Locks between processes that die with the process that holds them, so that a killed run never blocks the next."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if os.name == "nt":
    import msvcrt

    def _lock(stream: IO[bytes], wait: bool) -> None:
        msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
else:
    import fcntl

    def _lock(stream: IO[bytes], wait: bool) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Be the only process inside; others wait their turn. `file` is made if need be and stays."""
    with file.open("ab") as stream:
        _lock(stream, wait=True)
        yield


def is_locked(file: Path) -> bool:
    """Whether a living process holds the lock of `file`; one that does not exist is free."""
    if not file.exists():
        return False
    with file.open("ab") as stream:
        try:
            _lock(stream, wait=False)
        except OSError:
            return True
    return False
