"""Median travel times between all zones of a run, one byte a pair: the value that the map of a run reads."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maps import UNREACHED_STEPS

MOST_STEPS = UNREACHED_STEPS - 1
_STEPS_S = (60, 30, 20, 15, 12, 10)  # the first that suits a cutoff is taken


@dataclass(frozen=True, eq=False)
class ZoneTimes:
    """Times from every zone (row) to every zone (column), in the order of the zones.

    `steps` is (n_zones, n_zones) uint8: the median seconds in steps of `step_s`, rounded up, `UNREACHED_STEPS` where the search
    ends before; None where a run has more zones than `most_zones`, for whose pairs neither time nor file suffices.
    """

    steps: npt.NDArray[np.uint8] | None
    step_s: int
    most_zones: int


def step_for(cutoff_s: int, longest_s: int) -> int:
    """Seconds of a step: whole minutes where the cutoff is one, so that "within the cutoff" is exact, and else the
    longest part of a minute that it is a multiple of; longer where the longest journey would not fit into a byte."""
    exact = next((one for one in _STEPS_S if cutoff_s % one == 0), _STEPS_S[0])
    return exact if longest_s <= MOST_STEPS * exact else -(-longest_s // MOST_STEPS)


def in_steps(seconds: npt.NDArray[np.float64], step_s: int) -> npt.NDArray[np.uint8]:
    """Seconds (NaN = unreached) in steps, rounded up, so that a time is never shown shorter than it is."""
    steps = np.ceil(seconds / step_s)
    return np.where(np.isnan(steps), UNREACHED_STEPS, steps).astype(np.uint8)
