"""An output folder written whole or not at all: results go to a hidden folder inside it first and are moved at the end.

A failure on the way (disk full, killed, Ctrl-C) leaves the earlier results as they were. The next run removes what a killed
run left behind, and finishes moving the results of one that was killed while it moved them. Only files that an earlier run
wrote and nobody changed are ever replaced.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from corridors.errors import OutputError
from corridors.runtime.cache import cache_home
from corridors.runtime.interrupts import finishing, is_marked, mark, remove, scratch
from corridors.runtime.locks import is_locked, locked
from corridors.runtime.own_files import MANIFEST, listed_files, require_no_input, require_ours
from layers import check_path

_PREFIX, _LOCK = ".partial-", ".lock"
_WHOLE, _EARLIER = ".whole", ".earlier"  # in the hidden folder: all is written; what stood there before
_LEAST_FREE_BYTES = 2**20
_LONGEST_NAME = 90  # bytes of the longest path inside: a GeoPackage named after its region, while it is being written


@dataclass(frozen=True)
class Claim:
    """A run's output folder, the hidden folder inside it that is filled first, and the names that results may have."""

    folder: Path
    stage: Path
    names: tuple[str, ...]
    manifest: str = MANIFEST

    def put_in_place(self) -> None:
        """Move the results out of the hidden folder; results of the earlier run that are not replaced are removed.

        Raises `OutputError`, and moves nothing, where a file that no run wrote is in the way.
        """
        with writing_to(self.folder), finishing():
            require_ours(self.folder, self.names, [listed_files(self.folder, self.manifest)])
            (self.stage / _WHOLE).touch()
            _give_places(self)


def require_writable(folder: Path) -> None:
    """Raise `OutputError` where `folder` can't be written, before the work starts; creates nothing."""
    check_path(folder, _LONGEST_NAME)
    existing = folder.absolute()
    try:
        while not (existing.exists() or existing.is_symlink()):
            existing = existing.parent
    except OSError as error:
        raise OutputError(f"{folder} can't be written: {error.strerror}; choose another folder with --out") from error
    if not existing.is_dir():
        raise OutputError(f"{folder} can't be written: {existing} is not a folder; choose another folder with --out")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise OutputError(
            f"{folder} can't be written: no right to write in {existing}; choose another folder with --out"
        )


@contextmanager
def claimed(
    folder: Path, names: Sequence[str], inputs: Sequence[Path] = (), manifest: str = MANIFEST
) -> Iterator[Claim]:
    """Reserve `folder` for this run; `names` are those of the results to come, `manifest` among them.

    Raises `OutputError` where the folder can't be written, another run is writing to it, one of `inputs` would be replaced
    or lies around it, or a file is in the way that is not an earlier run's.
    """
    require_writable(folder)
    _require_apart(folder, names, inputs)
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        with writing_to(folder):
            folder.mkdir(parents=True, exist_ok=True)
            _clear_abandoned(folder, tuple(names), manifest)
            require_ours(folder, names, [listed_files(folder, manifest)])
            stage = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
        with scratch(stage):
            with writing_to(folder):
                mark(stage)
                (stage / _LOCK).touch()
            with locked(stage / _LOCK):
                yield Claim(folder, stage, tuple(names), manifest)
    finally:
        for path in missing:  # those that hold nothing: the run has failed
            with suppress(OSError):
                path.rmdir()


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Turn an `OSError` in the block into an `OutputError` about `folder`."""
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(
            f"{folder} can't be written: {_reason(folder, error)}; free space or choose another folder with --out"
        ) from error


def _reason(folder: Path, error: OSError) -> str:
    """The error in words; a full disk is recognised by its free space, because libraries report it in different ways."""
    try:
        full = shutil.disk_usage(folder).free < _LEAST_FREE_BYTES
    except OSError:
        full = False
    return "the disk is full" if full else error.strerror or str(error)


def _require_apart(folder: Path, names: Sequence[str], inputs: Sequence[Path]) -> None:
    require_no_input([folder / name for name in names], inputs)
    home = folder.resolve()
    for path in inputs:
        if path.is_dir() and home.is_relative_to(path.resolve()):
            raise OutputError(f"--out {folder} lies in the input folder {path}; choose another folder")
    if home.is_relative_to(cache_home().resolve()):
        raise OutputError(
            f"--out {folder} lies in the cache ({cache_home()}), which may be cleared; choose another folder"
        )


def _clear_abandoned(folder: Path, names: tuple[str, ...], manifest: str) -> None:
    """Finish the moves that a killed run had begun, and remove the hidden folders that others left; nothing else."""
    for left in sorted(folder.glob(f"{_PREFIX}*")):
        if is_locked(left / _LOCK):
            raise OutputError(f"another run is writing to {folder}; wait for it or choose another folder with --out")
        if not is_marked(left):
            with suppress(OSError):  # killed before it could put its mark, or not ours: then it is not empty
                left.rmdir()
            continue
        if (left / _WHOLE).exists() and (left / manifest).exists():
            require_ours(folder, names, [listed_files(at, manifest) for at in (folder, left, left / _EARLIER)])
            _give_places(Claim(folder, left, names, manifest))
        remove(left)


def _give_places(claim: Claim) -> None:
    """Move results into place, the manifest last; can be repeated after a kill at any point."""
    folder, stage = claim.folder, claim.stage
    staying = {path.partition("/")[0] for path in listed_files(stage, claim.manifest)}
    _put_away(claim, claim.manifest)  # a folder with a manifest holds all of its results
    for name in sorted(claim.names, key=lambda name: name == claim.manifest):
        if (stage / name).exists():
            _put_away(claim, name)
            (stage / name).replace(folder / name)
        elif name not in staying:  # beside new results an old one would be wrong
            _put_away(claim, name)


def _put_away(claim: Claim, name: str) -> None:
    if (claim.folder / name).exists():
        earlier = claim.stage / _EARLIER
        earlier.mkdir(exist_ok=True)
        (claim.folder / name).replace(earlier / name)
