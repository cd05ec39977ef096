"""Folders in the user's cache that keep what is expensive to make, named by a digest of what it is made from.

An entry is a folder `<kind>-<key>`; its key covers all that it is made from, so it can't be stale. It is written under
another name and renamed, holds the SHA-256 of each of its files, and is checked at every use: a damaged one is made again.
Nothing in it is ever unpickled. Deleting any of it is always safe.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from corridors.errors import OutputError
from corridors.runtime.interrupts import scratch
from corridors.runtime.locks import hold, locked, perhaps_locked, release
from corridors.runtime.own_files import sha256_of

KINDS = {
    "demo": "the demonstration region",
    "streets": "streets read from a file",
    "base_map": "base maps read from streets",
    "kernels": "compiled code, kept and checked file by file",
}
_DIGESTS, _LOCK, _USED, _BUILDING = "digests.json", ".lock", ".used", ".building-"


@dataclass(frozen=True)
class Entry:
    """One folder of the cache."""

    kind: str
    path: Path
    n_bytes: int
    whole: bool


@dataclass(frozen=True)
class Cleared:
    """The result of clearing the cache: bytes freed, and entries left because they are in use."""

    n_bytes: int
    in_use: int  # entries that stay


def cache_home() -> Path:
    """The folder named by CORRIDORS_CACHE, else the user's cache folder of this system."""
    return Path(os.environ.get("CORRIDORS_CACHE") or user_cache_path("corridors"))


def digest_of_files(files: Iterable[Path], *more: str) -> str:
    """The key of an entry: a digest of the files' names and bytes, in the order given, and of the texts `more`."""
    digest = hashlib.sha256("\0".join(more).encode())
    for file in files:
        digest.update(b"\0" + file.name.encode() + b"\0" + sha256_of(file).encode())
    return digest.hexdigest()[:16]


def cached_folder(kind: str, key: str, build: Callable[[Path], object]) -> Path:
    """The folder of an entry; `build` fills a new one where there is none, or where it is damaged.

    Of two processes that ask at once one builds and the other waits. Until this process ends the entry is not cleared.
    Raises `OutputError` where the cache can't be written.
    """
    home = cache_home()
    entry = home / f"{kind}-{key}"
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(home / f"{entry.name}{_LOCK}"):
            if not _is_whole(entry):
                _clear_abandoned(home, entry)
                _build(entry, build)
            hold(home / f"{entry.name}{_USED}")
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(
            f"{home} can't be written: {error.strerror or error}; free space or name another folder in CORRIDORS_CACHE"
        ) from error
    return entry


def entries() -> list[Entry]:
    """The entries of the cache, sorted by name; other files in its folder are left out."""
    listed = []
    for path in sorted(cache_home().glob("*-*")):
        kind = path.name.partition("-")[0]
        if path.is_dir() and kind in KINDS:
            n_bytes = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
            listed.append(Entry(kind, path, n_bytes, kind == "kernels" or _is_whole(path)))
    return listed


def clear() -> Cleared:
    """Delete all entries but those that another process is building or using."""
    home, freed, in_use = cache_home(), 0, 0
    for entry in entries():
        locks = [home / f"{entry.path.name}{suffix}" for suffix in (_LOCK, _USED)]
        release(locks[1])  # this process has no more use for it
        with perhaps_locked(locks[0]) as alone, perhaps_locked(locks[1]) as unused:
            if alone and unused:
                shutil.rmtree(entry.path, ignore_errors=True)
                freed += entry.n_bytes
                for lock in locks:
                    lock.unlink(missing_ok=True)
            else:
                in_use += 1
    return Cleared(freed, in_use)


def _build(entry: Path, build: Callable[[Path], object]) -> None:
    with scratch(Path(tempfile.mkdtemp(prefix=f"{_BUILDING}{entry.name}-", dir=entry.parent))) as building:
        build(building)
        digests = {str(file.relative_to(building)): sha256_of(file) for file in _files(building)}
        (building / _DIGESTS).write_text(json.dumps(digests), encoding="utf-8")
        building.replace(entry)


def _clear_abandoned(home: Path, entry: Path) -> None:
    for left in (entry, *home.glob(f"{_BUILDING}{entry.name}-*")):
        shutil.rmtree(left, ignore_errors=True)


def _is_whole(entry: Path) -> bool:
    """Whether the entry holds exactly the files that were written, unchanged."""
    try:
        digests = json.loads((entry / _DIGESTS).read_bytes())
        return bool(digests == {str(file.relative_to(entry)): sha256_of(file) for file in _files(entry)})
    except (OSError, ValueError):
        return False


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.name != _DIGESTS)
