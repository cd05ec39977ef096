"""How kernels are compiled, and where the compiled code is kept: content-addressed, so that it can't be stale.

numba checks only the file a kernel stands in, not the files of what it calls or the constants it has read; a change there
would silently run old code. So the cache's folder is named after the content of all kernel modules. It is in the user's
cache, since an installed package may not be writable; NUMBA_CACHE_DIR overrides it. Deleting it is always safe.

numba's format is its own (a pickle of machine code) and not checked by it: a flipped bit would be run. So each file has
its digest beside it, and one that is not as it was written is compiled anew. The digest is no protection from somebody who
can write there, so the folder must be this user's, and writable by nobody else. Where nothing can be kept, nothing is.
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


def _keep_compiled_code() -> None:
    config: Any = numba.config
    if not config.CACHE_DIR:
        home = os.environ.get("CORRIDORS_CACHE")
        folder = Path(home) if home else user_cache_path("corridors")
        config.CACHE_DIR = str(folder / f"kernels-{_content_key()}")


def is_private(folder: Path) -> bool:
    """Whether nobody but this user (and the administrator) can put a file into `folder`, or another folder in its place.

    A folder that is not there is made so. Windows has other rights, and its cache folder is in the user's profile.
    """
    if os.name == "nt":
        return True
    try:
        for path in (folder.parent, folder):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        own, home = folder.stat(), folder.parent.stat()
    except OSError:
        return False
    others_write = stat.S_IWGRP | stat.S_IWOTH
    trusted = {os.getuid(), 0}
    home_is_safe = not home.st_mode & others_write or bool(home.st_mode & stat.S_ISVTX)  # sticky, as /tmp is
    return {own.st_uid, home.st_uid} <= trusted and not own.st_mode & others_write and home_is_safe


class _CheckedCache(FunctionCache):
    """The compiled code of one kernel on disk, every file with its SHA-256 beside it."""

    def load_overload(self, signature: Any, target: Any) -> Any:
        for file in self._files():
            if not _is_whole(file):
                file.unlink(missing_ok=True)
        untyped: Any = super()
        return untyped.load_overload(signature, target)

    def save_overload(self, signature: Any, data: Any) -> None:
        with contextlib.suppress(OSError):  # a full disk is no reason to stop: the code is compiled, only not kept
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
    """Compile a kernel at its first call, and keep what was compiled for the next process."""
    kernel: Any = numba.njit(nogil=True, boundscheck=False)(function)
    checked: Any = _CheckedCache
    config: Any = numba.config
    if not is_private(Path(config.CACHE_DIR)):
        return kernel
    with contextlib.suppress(RuntimeError):  # what numba raises where it finds no folder to write to
        cache = checked(function)
        if Path(cache.cache_path).is_relative_to(config.CACHE_DIR):  # else it found one beside the source: not ours
            kernel._cache = cache
    return kernel


_keep_compiled_code()
# For the inner step of a loop: as a call, handing over a dozen arrays costs more than the step itself (2.5 times the
# backward pass over the West Midlands).
inlined = numba.njit(nogil=True, boundscheck=False, inline="always")
