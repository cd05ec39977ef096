"""Compiles the kernels with numba, and caches the compiled code in a folder named by a hash of the kernels' source.

numba checks only the file of a kernel for changes, not the files of functions it calls or of constants it uses; after a
change there it would silently run old code. So the name of the cache's folder depends on the content of all kernel
modules. The folder is in the user's cache, because an installed package may not be writable; NUMBA_CACHE_DIR overrides
it. It is always safe to delete it.

numba does not check its cache files (pickles of machine code): damaged code would be run. So each file has a digest next
to it, and a file that does not match its digest is compiled again. The digest does not protect from people who can write
to the folder, so the folder must belong to this user and be writable by nobody else. Otherwise nothing is cached.
"""

import contextlib
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numba
from numba.core.caching import FunctionCache
from platformdirs import user_cache_path


def _content_key() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    for module in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(module.read_bytes())
    return digest.hexdigest()[:16]


def _set_cache_folder() -> None:
    config: Any = numba.config
    if not config.CACHE_DIR:
        cache = os.environ.get("CORRIDORS_CACHE")
        folder = Path(cache) if cache else user_cache_path("corridors")
        config.CACHE_DIR = str(folder / f"kernels-{_content_key()}")


def is_private(folder: Path) -> bool:
    """Whether only this user (and the administrator) can write to `folder`, or put another folder in its place.

    A missing folder is made with such rights. On Windows the answer is always yes: it has other rights, and its cache
    folder is in the user's profile.
    """
    if os.name == "nt":
        return True
    try:
        for path in (folder.parent, folder):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        status, parent = folder.stat(), folder.parent.stat()
    except OSError:
        return False
    others_write = stat.S_IWGRP | stat.S_IWOTH
    trusted = {os.getuid(), 0}
    parent_is_safe = not parent.st_mode & others_write or bool(parent.st_mode & stat.S_ISVTX)  # sticky, as /tmp is
    return {status.st_uid, parent.st_uid} <= trusted and not status.st_mode & others_write and parent_is_safe


class _CheckedCache(FunctionCache):
    """The cache on disk of the compiled code of one kernel; next to every file is its SHA-256."""

    def load_overload(self, signature: Any, target: Any) -> Any:
        for file in self._files():
            if not _is_whole(file):
                file.unlink(missing_ok=True)
        untyped: Any = super()
        return untyped.load_overload(signature, target)

    def save_overload(self, signature: Any, data: Any) -> None:
        with contextlib.suppress(OSError):  # with a full disk the code is compiled, but not cached
            untyped: Any = super()
            untyped.save_overload(signature, data)
            for file in self._files():
                _digest_file(file).write_text(_digest_of(file), encoding="ascii")

    def _files(self) -> Iterator[Path]:
        for pattern in ("nbi", "*.nbc"):
            yield from Path(self.cache_path).glob(f"{self._impl.filename_base}.{pattern}")


def _digest_file(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")


def _digest_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _is_whole(file: Path) -> bool:
    try:
        return _digest_file(file).read_text(encoding="ascii") == _digest_of(file)
    except (OSError, ValueError):
        return False


def compiled(function: Callable[..., Any]) -> Any:
    """A decorator that compiles a kernel at its first call, and caches the compiled code for later processes."""
    return _cached(function, numba.njit(nogil=True, boundscheck=False)(function))


def inner(function: Callable[..., Any]) -> Any:
    """As `compiled`, for a function that only kernels call: without the code by which Python calls it, which takes time too."""
    options: Any = {"nogil": True, "boundscheck": False, "no_cpython_wrapper": True}
    return _cached(function, numba.njit(**options)(function))


def _cached(function: Callable[..., Any], kernel: Any) -> Any:
    checked: Any = _CheckedCache
    config: Any = numba.config
    if not is_private(Path(config.CACHE_DIR)):
        return kernel
    with contextlib.suppress(RuntimeError):  # numba raises it if it finds no folder that it can write to
        cache = checked(function)
        if Path(cache.cache_path).is_relative_to(config.CACHE_DIR):  # else numba chose a folder next to the source
            kernel._cache = cache
    return kernel


_set_cache_folder()
# A decorator for the inner step of a loop: passing a dozen arrays in a call takes longer than the step itself (with calls,
# the backward pass over the West Midlands takes 2.5 times as long).
inlined = numba.njit(nogil=True, boundscheck=False, inline="always")
