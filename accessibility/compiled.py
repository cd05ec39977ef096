"""How kernels are compiled, and where the compiled code is kept: content-addressed, so that it can't be stale.

numba checks only the file a kernel stands in, not the files of what it calls or the constants it has read; a change there
would silently run old code. So the cache's folder is named after the content of all kernel modules. It is in the user's
cache, since an installed package may not be writable; NUMBA_CACHE_DIR overrides it. Deleting it is always safe.
"""

import hashlib
import os
from pathlib import Path
from typing import Any

import numba
from platformdirs import user_cache_path

KERNEL_MODULES = ("changes", "journeys", "lanes", "profiles", "search_arrays", "walk_search")


def _content_key() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    for module in KERNEL_MODULES:
        digest.update(Path(__file__).with_name(f"{module}.py").read_bytes())
    return digest.hexdigest()[:16]


def _keep_compiled_code() -> None:
    config: Any = numba.config
    if not config.CACHE_DIR:
        home = os.environ.get("CORRIDORS_CACHE")
        folder = Path(home) if home else user_cache_path("corridors")
        config.CACHE_DIR = str(folder / f"kernels-{_content_key()}")


_keep_compiled_code()
compiled = numba.njit(nogil=True, cache=True, boundscheck=False)
# For the inner step of a loop: as a call, handing over a dozen arrays costs more than the step itself (2.5 times the
# backward pass over the West Midlands).
inlined = numba.njit(nogil=True, boundscheck=False, inline="always")
