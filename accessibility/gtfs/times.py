"""Converts GTFS clock times from text to seconds after midnight of the service day and back, and dates to days."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Int32 = npt.NDArray[np.int32]

# A missing time. Neither 0 (00:00:00) nor -1 could mean that: times before midnight are negative.
NO_TIME = np.int32(np.iinfo(np.int32).min)
DAY_S = 86_400
_CLOCK = r"^(?P<hours>\d{1,3}):(?P<minutes>[0-5]?\d)(?::(?P<seconds>[0-5]?\d))?$"
_DATE = r"^\d{8}$"

# Of texts HH:MM:SS, read digit by digit: three times as fast as looking the texts up.
_WIDTH = 8
_BLANK = np.int32(-1)
_MOST_S = 100 * 3_600  # more than two digits of hours can say
_COLONS, _TENS_OF_SIXTY = [2, 5], [3, 6]
_COLON = np.uint8(ord(":") - ord("0"))
_WORTH_S = np.array([36_000, 3_600, 0, 600, 60, 0, 10, 1], np.int32)


def clock_seconds(texts: pd.Index) -> Int32:
    """(n,) seconds after midnight of the texts `H:MM:SS`, `HH:MM:SS` or `HH:MM`; hours may exceed 24 and 48.

    Blanks and texts that are not a time (24:60:00, noon) become `NO_TIME`.
    """
    if not len(texts):
        return np.empty(0, np.int32)
    parts = pc.extract_regex(pa.array(texts, pa.string()), _CLOCK)
    readable = ~parts.is_null().to_numpy(zero_copy_only=False)
    seconds = np.full(len(texts), NO_TIME, dtype=np.int32)
    times = parts.drop_null()
    hours, minutes, rest = (_whole_numbers(times.field(name)) for name in ("hours", "minutes", "seconds"))
    seconds[readable] = hours * 3600 + minutes * 60 + rest
    return seconds


def _whole_numbers(texts: pa.Array) -> Int32:
    padded = pc.if_else(pc.equal(texts, ""), "0", texts)
    return np.asarray(padded.cast(pa.int32()), dtype=np.int32)


def calendar_days(texts: pd.Series) -> pd.Series:
    """(n,) days (datetime64[s] at midnight) of the texts `YYYYMMDD`; NaT for other texts."""
    eight_digits = texts.astype(object).where(texts.astype(str).str.match(_DATE), None)
    return pd.to_datetime(eight_digits, format="%Y%m%d", errors="coerce").astype("datetime64[s]")


def clock_text(seconds: int) -> str:
    """The text `HH:MM:SS` of seconds after midnight; hours may exceed 24."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def clock_codes(column: pa.ChunkedArray) -> tuple[Int32, pd.Index] | None:
    """(n,) codes and the distinct texts that they stand for; None where a text is neither blank nor `HH:MM:SS`."""
    place, filled = np.empty(len(column), np.int32), 0  # seconds after the blank
    found = np.zeros(_MOST_S - _BLANK, bool)
    for chunk in column.chunks:
        seconds = _seconds_of(chunk)
        if seconds is None:
            return None
        found[seconds - _BLANK] = True
        place[filled : filled + len(seconds)] = seconds - _BLANK
        filled += len(seconds)
    codes = (np.cumsum(found, dtype=np.int32) - np.int32(1))[place]
    texts = ["" if second == _BLANK else clock_text(second) for second in (np.flatnonzero(found) + _BLANK).tolist()]
    return codes, pd.Index(texts, dtype=object)


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
