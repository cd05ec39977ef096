"""Locks on files between processes; the system releases them when the holder ends, so a killed run never blocks the next."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if os.name == "nt":
    import msvcrt

    def _lock(stream: IO[bytes], wait: bool = True, shared: bool = False) -> None:
        # Windows shares no locks: of several users the first holds it, and that is enough to say "in use".
        msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK if wait and not shared else msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
else:
    import fcntl

    def _lock(stream: IO[bytes], wait: bool = True, shared: bool = False) -> None:
        fcntl.flock(stream, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))


_HELD: dict[Path, IO[bytes]] = {}  # open until the process ends


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the lock of `file` in the block; other processes that ask for it wait. `file` is made if it is missing, and stays."""
    while True:
        with file.open("ab") as stream:
            _lock(stream)
            if _is_still(file, stream):
                yield
                return


@contextmanager
def perhaps_locked(file: Path) -> Iterator[bool]:
    """Hold the lock of `file` in the block if it is free, without waiting; gives whether it is held. Makes a missing `file`."""
    with file.open("ab") as stream:
        try:
            _lock(stream, wait=False)
        except OSError:
            yield False
            return
        yield True


def hold(file: Path) -> None:
    """Hold a shared lock of `file` until this process ends: others may share it, none can hold it alone."""
    if file in _HELD:
        return
    stream = file.open("ab")
    try:
        _lock(stream, wait=False, shared=True)
    except OSError:  # another process holds it alone for a moment, or no lock can be had here: no reason not to run
        stream.close()
    else:
        _HELD[file] = stream


def release(file: Path) -> None:
    """Release the shared lock of `file` that `hold` took, if this process has one."""
    stream = _HELD.pop(file, None)
    if stream is not None:
        stream.close()


def is_locked(file: Path) -> bool:
    """Whether a running process holds the lock of `file`; False where there is no such file."""
    if not file.exists():
        return False
    with perhaps_locked(file) as free:
        return not free


def _is_still(file: Path, stream: IO[bytes]) -> bool:
    """Whether `file` is still the one that was opened: its former holder may have removed it."""
    try:
        return os.path.samestat(file.stat(), os.fstat(stream.fileno()))
    except FileNotFoundError:
        return False
