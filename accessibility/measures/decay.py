"""Decay functions: weights of opportunities by travel time, from 1 (no travel time) down to 0 (out of reach).

Every decay takes seconds of any shape (UNREACHED and NaN allowed) and returns float64 weights of that shape. Weights lie
in 0-1, never increase with time, and are 0 where unreached. Names and formulas follow R's `accessibility` (Pereira and
Herszenhut, 2022), with times in seconds.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from accessibility.errors import MeasureError
from accessibility.legs import Float, Int32
from accessibility.search.spec import UNREACHED

Seconds = Int32 | Float
_LOGISTIC_SCALE = math.pi / math.sqrt(3)  # of a logistic distribution with standard deviation 1
_MINUTE_S = 60.0


class Decay(Protocol):
    """Any of the decays below, or another function with these properties."""

    def __call__(self, seconds: Seconds, /) -> Float:
        """Weights 0-1 of travel times, in the same shape."""


@dataclass(frozen=True)
class Binary:
    """Weight 1 up to the cutoff (inclusive), 0 beyond it."""

    cutoff_s: float

    def __post_init__(self) -> None:
        _require_positive(self, "cutoff_s")

    def __call__(self, seconds: Seconds, /) -> Float:
        return _weights(seconds, (seconds <= self.cutoff_s).astype(float))


@dataclass(frozen=True)
class Linear:
    """Weight 1 - t / cutoff up to the cutoff, 0 beyond it."""

    cutoff_s: float

    def __post_init__(self) -> None:
        _require_positive(self, "cutoff_s")

    def __call__(self, seconds: Seconds, /) -> Float:
        return _weights(seconds, np.maximum(1 - seconds / self.cutoff_s, 0.0))


@dataclass(frozen=True)
class Exponential:
    """Weight exp(-t / scale): with a scale of 30 min, the weight at 30 min is 0.37."""

    scale_s: float

    def __post_init__(self) -> None:
        _require_positive(self, "scale_s")

    def __call__(self, seconds: Seconds, /) -> Float:
        return _weights(seconds, np.exp(-seconds / self.scale_s))


@dataclass(frozen=True)
class Logistic:
    """Weight by a falling logistic curve with its turning point at the cutoff, 1 at 0 s (Bauer and Groneberg, 2016)."""

    cutoff_s: float
    deviation_s: float  # standard deviation: the larger it is, the more slowly the curve falls

    def __post_init__(self) -> None:
        _require_positive(self, "cutoff_s", "deviation_s")

    def __call__(self, seconds: Seconds, /) -> Float:
        def falling(at_s: npt.NDArray[np.number] | float) -> Float:
            past = np.minimum(_LOGISTIC_SCALE * (np.asarray(at_s, float) - self.cutoff_s) / self.deviation_s, 700.0)
            return 1 / (1 + np.exp(past))

        return _weights(seconds, falling(seconds) / falling(0.0))


@dataclass(frozen=True)
class Power:
    """Weight t ** -exponent with t in minutes; 1 within the first minute, where the power would exceed 1."""

    exponent: float

    def __post_init__(self) -> None:
        _require_positive(self, "exponent")

    def __call__(self, seconds: Seconds, /) -> Float:
        return _weights(seconds, np.maximum(seconds / _MINUTE_S, 1.0) ** -self.exponent)


@dataclass(frozen=True)
class Stepped:
    """One weight up to each step (inclusive), 0 beyond the last: `Stepped((900, 1800, 2700), (1.0, 0.68, 0.22))`."""

    steps_s: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise MeasureError(f"Stepped: {'; '.join(problems)}")

    def _problems(self) -> Iterator[str]:
        if len(self.steps_s) != len(self.weights) or not self.steps_s:
            yield f"{len(self.steps_s)} steps and {len(self.weights)} weights; expected as many of each, at least one"
        if any(not 0 <= weight <= 1 for weight in self.weights):
            yield "weights must be between 0 and 1"
        if any(later <= sooner for sooner, later in zip(self.steps_s, self.steps_s[1:], strict=False)):
            yield "steps must rise"
        if any(later > sooner for sooner, later in zip(self.weights, self.weights[1:], strict=False)):
            yield "weights must not rise with time"

    def __call__(self, seconds: Seconds, /) -> Float:
        step = np.searchsorted(np.array(self.steps_s), seconds, side="left")
        return _weights(seconds, np.array([*self.weights, 0.0])[step])


def _weights(seconds: Seconds, weights: Float) -> Float:
    reached = np.less(seconds, UNREACHED)  # False for NaN
    return np.where(reached, weights, 0.0)


def _require_positive(decay: object, *names: str) -> None:
    for name in names:
        value = getattr(decay, name)
        if not (math.isfinite(value) and value > 0):
            raise MeasureError(f"{type(decay).__name__}: {name} must be a number above 0, not {value}")
