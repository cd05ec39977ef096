"""Time and memory of this process; on its own, since peers run where the project is not installed."""

import resource
import sys
import time
from pathlib import Path
from typing import NamedTuple

_PER_MB = 1024 * 1024 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes on a Mac, in kilobytes elsewhere


class Spent(NamedTuple):
    """What something took: on the clock, and of processors (all threads). The second hardly depends on other work."""

    wall_s: float
    cpu_s: float


class Stopwatch:
    """Runs from when it is made."""

    def __init__(self) -> None:
        self._wall_s, self._cpu_s = time.perf_counter(), time.process_time()

    def spent(self) -> Spent:
        """What has been spent so far."""
        return Spent(time.perf_counter() - self._wall_s, time.process_time() - self._cpu_s)


def peak_mb() -> float:
    """Most megabytes of memory this process has held.

    On Linux from its own memory map: `ru_maxrss` of a child starts at what its parent held.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _PER_MB
