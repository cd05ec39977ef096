"""Operations on rows of lanes: the compiled ones do what numpy does."""

import numpy as np

from accessibility.kernels.jit import compiled
from accessibility.kernels.simd import LANES, NEVER, lower_lanes


@compiled
def lower(source: np.ndarray, j: int, than: np.ndarray, i: int, most: int) -> int:
    return lower_lanes(source, j, than, i, most)


def test_lanes_that_are_lower_are_told_bit_by_bit() -> None:
    rng = np.random.default_rng(1)
    source = rng.integers(-3, 4, (50, LANES)).astype(np.int32)
    source[rng.random(source.shape) < 0.2] = NEVER
    than = rng.integers(-3, 4, (20, LANES)).astype(np.int32)
    than[rng.random(than.shape) < 0.2] = -NEVER
    for j in range(len(source)):
        for i in range(len(than)):
            for most in (-1, 2, int(NEVER)):
                lanes = lower(source, j, than, i, most)
                expected = [source[j, k] < than[i, k] and source[j, k] <= most for k in range(LANES)]
                assert [lanes >> k & 1 for k in range(LANES)] == expected
                assert 0 <= lanes < 2**LANES
