"""A city whose travel times are known in closed form: lines along every row and column of a square grid of stops."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from accessibility.legs import Points
from accessibility.timetable.timetable import Timetable
from tests.support.networks import line, timetable_of

STEP_DEG = 0.01  # 1.1 km between stops: too far to walk in five minutes


def rows_and_columns(n: int) -> list[list[int]]:
    """The stops of every line: east along each row, then north along each column."""
    return [*([y * n + x for x in range(n)] for y in range(n)), *([y * n + x for y in range(n)] for x in range(n))]


def grid_city(n: int, lines: Sequence[Sequence[int]], headway_s: int, hop_s: int, last_s: int) -> Timetable:
    """`n` x `n` stops, stop (x, y) number `y * n + x`, and lines given by their stops.

    The k-th vehicle of every line leaves its first stop at k x headway, until `last_s`: a line is `hop_s` x (stops from its
    start) after a multiple of the headway at every stop.
    """
    trips = [
        line(*((stop, hop_s * i) for i, stop in enumerate(stops)), start_s=start_s)
        for stops in lines
        for start_s in range(0, last_s, headway_s)
    ]
    timetable = timetable_of(n * n, trips)
    x, y = np.arange(n * n) % n, np.arange(n * n) // n
    return replace(timetable, stops=timetable.stops.assign(lon=x * STEP_DEG, lat=y * STEP_DEG))


def places(n: int) -> Points:
    """A point at every stop."""
    number = np.arange(n * n)
    return Points(number.astype(str).astype(object), number % n * STEP_DEG, number // n * STEP_DEG)


def two_ride_seconds(start: tuple[int, int], end: tuple[int, int], ready_s: int, headway_s: int, hop_s: int) -> float:
    """How long it takes from a stop to another one north and east of it with at most one change, ready at `ready_s`."""
    (x0, y0), (x1, y1) = start, end
    if start == end:
        return 0
    riding_s = (x1 - x0 + y1 - y0) * hop_s
    east_wait_s, north_wait_s = (x0 * hop_s - ready_s) % headway_s, (y0 * hop_s - ready_s) % headway_s
    if y0 == y1:
        return east_wait_s + riding_s
    if x0 == x1:
        return north_wait_s + riding_s
    east_first = east_wait_s + (y0 - x1) * hop_s % headway_s
    north_first = north_wait_s + (x0 - y1) * hop_s % headway_s
    return min(east_first, north_first) + riding_s
