"""Reads columns of clock times that are all blank or `HH:MM:SS` digit by digit: three times as fast as looking their texts up."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from accessibility.gtfs.times import clock_text

Int32 = npt.NDArray[np.int32]

_WIDTH = 8
_BLANK = np.int32(-1)
_COLONS, _TENS_OF_SIXTY = [2, 5], [3, 6]
_COLON = np.uint8(ord(":") - ord("0"))
_WORTH_S = np.array([36_000, 3_600, 0, 600, 60, 0, 10, 1], np.int32)


def clock_codes(column: pa.ChunkedArray) -> tuple[Int32, pd.Index] | None:
    """(n,) codes and the texts that they stand for; None where a text is neither blank nor `HH:MM:SS`."""
    codes, filled = np.empty(len(column), np.int32), 0  # seconds, as long as no text is blank
    for chunk in column.chunks:
        seconds = _seconds_of(chunk)
        if seconds is None:
            return None
        codes[filled : filled + len(seconds)] = seconds
        filled += len(seconds)
    most = int(codes.max(initial=-1))
    codes[codes == _BLANK] = most + 1
    return codes, pd.Index([*map(clock_text, range(most + 1)), ""], dtype=object)


def _seconds_of(chunk: pa.Array) -> Int32 | None:
    """(n,) seconds after midnight, `_BLANK` where blank; None where a text is neither."""
    if not len(chunk):
        return np.empty(0, np.int32)
    _, offsets, letters = chunk.buffers()
    ends = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    length = np.diff(ends)
    given = length == _WIDTH
    if not (given | (length == 0)).all():
        return None
    seconds = np.full(len(chunk), _BLANK, np.int32)
    if given.any():
        digits = np.frombuffer(letters, np.uint8)[ends[0] : ends[-1]].reshape(-1, _WIDTH) - np.uint8(ord("0"))
        colons = (digits[:, _COLONS] == _COLON).all()
        if not (colons and (digits[:, [0, 1, 3, 4, 6, 7]] <= 9).all() and (digits[:, _TENS_OF_SIXTY] <= 5).all()):
            return None
        seconds[given] = digits @ _WORTH_S
    return seconds
