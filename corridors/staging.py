"""A folder written all or not at all: everything goes to a hidden folder inside it first, then each part takes its place.

A failure on the way (disk full, killed, Ctrl-C) leaves what stood there as it was; what a killed run left behind is cleared
away by the next.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corridors.errors import OutputError
from corridors.interrupts import finishing, scratch
from corridors.locks import is_locked, locked
from layers.files import check_path

_PREFIX, _LOCK = ".partial-", ".lock"
_LEAST_FREE_BYTES = 2**20
_LONGEST_NAME = 90  # bytes of the longest path inside: a GeoPackage named after its region, while it is being written


def require_writable(folder: Path) -> None:
    """Raise `OutputError` now, before hours of work, where `folder` can't be written later; nothing is created."""
    check_path(folder, _LONGEST_NAME)
    there = folder.absolute()
    try:
        while not (there.exists() or there.is_symlink()):
            there = there.parent
    except OSError as error:
        raise OutputError(f"{folder} can't be written: {error.strerror}; choose another folder with --out") from error
    if not there.is_dir():
        raise OutputError(f"{folder} can't be written: {there} is not a folder; choose another folder with --out")
    if not os.access(there, os.W_OK | os.X_OK):
        raise OutputError(f"{folder} can't be written: no right to write in {there}; choose another folder with --out")
    _clear_abandoned(folder)


@contextmanager
def staged(folder: Path, last: str, optional: Sequence[str] = ()) -> Iterator[Path]:
    """A new folder whose content takes the place of the same names in `folder` when the block ends well.

    `last` names the file that is removed first and put in place last: where it stands, all the rest stands too.
    `optional` names what goes when there is no new one: beside new results an old one would be wrong. Raises
    `OutputError` where the folder can't be written, or another run is writing to it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(folder)
        stage = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
        with scratch(stage), locked(stage / _LOCK):
            yield stage
            with finishing():
                _put_in_place(stage, folder, last, optional)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(
            f"{folder} can't be written: {_reason(folder, error)}; free space or choose another folder with --out"
        ) from error


def _reason(folder: Path, error: OSError) -> str:
    """What is wrong in words; libraries that write layers call a full disk many things."""
    try:
        full = shutil.disk_usage(folder).free < _LEAST_FREE_BYTES
    except OSError:
        full = False
    return "the disk is full" if full else error.strerror or str(error)


def _clear_abandoned(folder: Path) -> None:
    for left in folder.glob(f"{_PREFIX}*"):
        if is_locked(left / _LOCK):
            raise OutputError(f"another run is writing to {folder}; wait for it or choose another folder with --out")
        shutil.rmtree(left, ignore_errors=True)


def _put_in_place(stage: Path, folder: Path, last: str, optional: Sequence[str]) -> None:
    for gone in (last, *(name for name in optional if not (stage / name).exists())):
        (folder / gone).unlink(missing_ok=True)
    names = sorted(item.name for item in stage.iterdir() if item.name != _LOCK)
    for name in sorted(names, key=lambda name: name == last):
        if (folder / name).is_symlink():
            (folder / name).unlink()  # replaced, never followed
        if (folder / name).is_dir():
            old = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
            (folder / name).replace(old / name)
            (stage / name).replace(folder / name)
            shutil.rmtree(old)
        else:
            (stage / name).replace(folder / name)
