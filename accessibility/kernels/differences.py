"""Kernels that tell which answers can be others than in a search before: where a boarding in the window has another label."""

import numpy as np

from accessibility.kernels.arrays import Boardings, Candidates, Lanes, Window
from accessibility.kernels.jit import compiled
from accessibility.kernels.simd import LANES
from accessibility.kernels.transfers import first_boarding
from accessibility.legs import Int32


@compiled
def other_lanes(rows: tuple[int, int], departure_s: Int32, longest_s: int, labels: Int32, others: Int32) -> Lanes:
    """(n,) the lanes in which a row of `labels` (n, LANES) in `rows[0]:rows[1]` differs from that of `others`; 0 outside.

    Arrivals more than `longest_s` after the departure of the row's connection are all one: nobody travels so long.
    """
    found = np.zeros(len(labels), np.uint16)
    for row in range(rows[0], rows[1]):
        latest = departure_s[row] + longest_s + 1
        for lane in range(LANES):
            if min(labels[row, lane], latest) != min(others[row, lane], latest):
                found[row] |= np.uint16(1 << lane)
    return found


@compiled
def lanes_of_points(other: Lanes, boardings: Boardings, candidates: Candidates, window: Window) -> Lanes:
    """(n_points,) the lanes in which a boarding that departures of the window can use leads to a connection `other`.

    With deadlines, boardings count from as long before the window as a journey may last.
    """
    earliest_s = window.start_s - (window.max_duration_s if window.arrive_by else 0)
    latest_s = window.start_s + window.n_departures * max(1, window.step_s)
    n_points = len(candidates.offset) - 1
    found = np.zeros(n_points, np.uint16)
    for point in range(n_points):
        for i in range(candidates.offset[point], candidates.offset[point + 1]):
            position, lead_s = candidates.position[i], candidates.walk_s[i] + window.slack_s
            high = boardings.offset[position + 1]
            b = first_boarding(boardings.departure_s, boardings.offset[position], high, earliest_s + lead_s)
            while b < high:
                found[point] |= other[boardings.connection[b]]
                if boardings.departure_s[b] - lead_s >= latest_s:
                    break
                b += 1
    return found
