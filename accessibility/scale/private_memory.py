"""Tells how much memory is a process's own: pages mapped from files are left out, for the system takes them back at need."""

import os
from pathlib import Path


def private_bytes(pid: int | None = None) -> int:
    """Bytes of memory held by a process (this one by default) that are not pages of files.

    On systems without /proc, where the two can't be told apart, it is all resident memory. Raises OSError where the
    process is gone.
    """
    statm = Path(f"/proc/{pid or os.getpid()}/statm")
    if not Path("/proc/self/statm").exists():
        return _resident_bytes(pid)
    resident, shared = (int(pages) for pages in statm.read_text(encoding="ascii").split()[1:3])
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE")


def _resident_bytes(pid: int | None) -> int:
    try:
        import psutil
    except ImportError:  # it comes with the extra `cluster`; the figure is only told
        return 0
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error as error:
        raise ProcessLookupError(str(error)) from error
