"""Operations on rows of lanes: the compiled ones do what numpy does."""

import numpy as np

from accessibility.kernels.csr import sort_first
from accessibility.kernels.jit import compiled
from accessibility.kernels.simd import LANES, NEVER, count_rows, lower_lanes, lower_row_by, ranked_row


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


@compiled
def lower_by(target: np.ndarray, i: int, source: np.ndarray, rows: np.ndarray, first: int, last: int) -> None:
    lower_row_by(target, i, source, rows, first, last)


@compiled
def count(target: np.ndarray, i: int, source: np.ndarray, most: int) -> None:
    count_rows(target, i, source, most)


@compiled
def rank(target: np.ndarray, i: int, source: np.ndarray, number: int, bits: int) -> None:
    ranked_row(target, i, source, number, bits)


def test_a_row_is_lowered_by_all_rows_that_are_listed() -> None:
    rng = np.random.default_rng(2)
    source, rows = rng.integers(-99, 99, (20, LANES)).astype(np.int32), rng.integers(0, 20, 30).astype(np.int32)
    for first, last in ((0, 30), (7, 9), (5, 5)):
        target = rng.integers(-99, 99, (3, LANES)).astype(np.int32)
        expected = target.copy()
        expected[1] = np.vstack([target[1:2], source[rows[first:last]]]).min(axis=0)
        lower_by(target, 1, source, rows, first, last)
        assert (target == expected).all()


def test_rows_are_counted_and_ranked_lane_by_lane() -> None:
    rng = np.random.default_rng(3)
    for n in (1, 2, 121):
        source = rng.integers(0, 1000, (n, LANES)).astype(np.int32)
        source[rng.random(source.shape) < 0.2] = NEVER
        found = np.zeros((2, LANES), np.int32)
        for most in (-1, 0, 500, int(NEVER)):
            count(found, 1, source, most)
            assert (found[1] == (source <= most).sum(axis=0)).all()
        for number in {1, n // 2 + 1, n}:
            rank(found, 1, source, number, 10)
            assert (found[1] == np.minimum(np.sort(source, axis=0)[number - 1], 1023)).all()
        assert not found[0].any()


@compiled
def sort(numbers: np.ndarray, n: int) -> None:
    sort_first(numbers, n)


def test_the_first_numbers_are_sorted_and_the_others_stay() -> None:
    rng = np.random.default_rng(4)
    for n in [*range(20), 500]:
        numbers = rng.integers(-50, 50, n + 3)
        expected = np.concatenate([np.sort(numbers[:n]), numbers[n:]])
        sort(numbers, n)
        assert (numbers == expected).all()
