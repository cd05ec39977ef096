"""Rate limit: at most one request a second to each host, on a clock that tests can replace."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """The clock and the sleep that fetching uses, both in seconds."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Pace:
    """Keeps the time of the last request to each host."""

    def __init__(self, clock: Clock, gap_s: float = 1.0) -> None:
        self._clock, self._gap_s = clock, gap_s
        self._last: dict[str, float] = {}

    def wait(self, host: str) -> None:
        """Wait until `host` may be asked again."""
        last = self._last.get(host)
        if last is not None and (pause := last + self._gap_s - self._clock.now()) > 0:
            self._clock.sleep(pause)
        self._last[host] = self._clock.now()
