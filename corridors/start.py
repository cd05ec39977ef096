"""Start of the command: check the memory limits before large libraries are loaded."""

import gc
import sys
from pathlib import Path

from corridors.runtime.quiet import own_words_only

EXIT_USER_ERROR = 2
# Measured: the demonstration run holds 0.7 GB and maps 2.9 GB; below these limits libraries abort, each in its own way.
LEAST_ADDRESS_SPACE, LEAST_MEMORY = 3 * 2**30, 2**30
# Python looks for rings of objects after so many new ones; at its own 700, loading the libraries took a sixth longer.
NEW_OBJECTS = 50_000
_CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")


def main() -> None:
    """Run the command line. Too little memory ends with one message and exit code 2."""
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
    problem = _too_little(_address_space(), LEAST_ADDRESS_SPACE, "the limit on address space (ulimit -v)")
    problem = problem or _too_little(_container_memory(), LEAST_MEMORY, "the memory limit of this container")
    try:
        if not problem:
            with own_words_only():
                from corridors.cli import main as command

                command()
    except MemoryError:
        problem = "out of memory; close other programs, or run where there is more of it"
    if problem:
        print(f"corridors: {problem}; nothing was written", file=sys.stderr)
        sys.exit(EXIT_USER_ERROR)


def _too_little(limit: int | None, least: int, what: str) -> str:
    if limit is None or limit >= least:
        return ""
    return f"{what} is {limit / 2**30:.1f} GB; a run needs {least / 2**30:g} GB or more: raise it or take it away"


def _address_space() -> int | None:
    """Limit of this process's address space in bytes; None without a limit."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit


def _container_memory() -> int | None:
    """Memory limit of this process's container in bytes; None without a limit."""
    try:
        text = _CONTAINER_LIMIT.read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(text) if text.isascii() and text.isdigit() else None
