"""One file written whole or not at all, first under a hidden name that nobody can have put a link at."""

import csv
import errno
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corridors.errors import OutputError
from corridors.runtime.interrupts import is_marked, mark, remove, scratch
from corridors.runtime.locks import is_locked, locked
from layers import LayerWriteError

_PREFIX, _LOCK = ".writing-", ".lock"


@contextmanager
def whole_file(path: Path, *, make_folder: bool = False, keep_existing: bool = False) -> Iterator[Path]:
    """A path in a hidden folder beside `path`; the file written to it becomes `path` when the block ends without an error.

    With `make_folder` a missing folder of `path` is made; with `keep_existing` an existing file is never replaced.
    Raises `OutputError` where the file can't be written, FileExistsError where it may not.
    """
    folder = path.parent
    try:
        if make_folder and not folder.is_dir():
            folder.mkdir(parents=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        _clear_abandoned(folder)
        hidden = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
        with scratch(hidden):
            mark(hidden)
            with locked(hidden / _LOCK):
                yield hidden / path.name
                _give_place(hidden / path.name, path, keep_existing)
    except OutputError:
        raise
    except FileExistsError as error:
        if keep_existing and path.exists():
            raise
        raise OutputError(f"{folder} can't be made: a file is there; choose another name with --out") from error
    except (OSError, LayerWriteError) as error:
        raise _not_written(path, error) from error


def require_room(path: Path) -> None:
    """Raise `OutputError` where `path` can't be written, before the work that it is for starts; leaves nothing behind."""
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        Path(tempfile.mkdtemp(prefix=_PREFIX, dir=path.parent)).rmdir()
    except OSError as error:
        raise _not_written(path, error) from error


def require_table(path: Path, columns: Sequence[str]) -> None:
    """Raise `OutputError` where `path` exists and is no CSV that begins with these columns, so that it must stay."""
    if not path.exists():
        return
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            head = next(csv.reader(stream), [])
    except (OSError, ValueError, csv.Error):
        head = []
    if head[: len(columns)] != list(columns):
        raise OutputError(
            f"{path} is there already and is no table of this tool; move it away, or choose another --out"
        )


def _not_written(path: Path, error: Exception) -> OutputError:
    return OutputError(f"{path} can't be written in {path.parent}: {_reason(error)}; choose another name with --out")


def _reason(error: BaseException) -> str:
    """The system's message, from under the errors that libraries wrap round it."""
    while error.__cause__ is not None:
        error = error.__cause__
    reason = error.strerror if isinstance(error, OSError) else None
    return reason or "the disk is full, or the folder can't be written"


def _clear_abandoned(folder: Path) -> None:
    """Remove the hidden folders of commands that were killed while they wrote."""
    for left in folder.glob(f"{_PREFIX}*"):
        if is_marked(left) and not is_locked(left / _LOCK):
            remove(left)


def _give_place(written: Path, path: Path, keep_existing: bool) -> None:
    if not keep_existing:
        written.replace(path)
        return
    try:
        path.hardlink_to(written)  # the one step that never replaces
    except FileExistsError:
        raise
    except OSError as error:  # a disk without hard links
        if path.exists():
            raise FileExistsError(errno.EEXIST, "it is there already", str(path)) from error
        written.replace(path)
