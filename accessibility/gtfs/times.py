"""Converts GTFS clock times from text to seconds after midnight of the service day and back, and dates to days."""

from typing import NamedTuple

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

# Of texts HH:MM:SS, read as one number of eight bytes each: many times as fast as looking the texts up. Bytes are named
# from the first letter on, so the number has it in its lowest byte.
_WIDTH = 8
_DIGITS_FROM = np.uint64(int.from_bytes(b"00:00:00", "little"))
_MOST = bytes([9, 9, 0, 5, 9, 0, 5, 9])  # of each letter, once `_DIGITS_FROM` is taken off
_BEYOND = np.uint64(
    int.from_bytes(bytes(0x7F - most for most in _MOST), "little")
)  # added, sets the top bit of larger ones
_TOP_BITS = np.uint64(0x8080808080808080)
_BYTE, _ONE_LETTER, _MINUTES_AT, _SECONDS_AT = np.uint64(0xFF), np.uint64(8), np.uint64(24), np.uint64(48)


class Clocks(NamedTuple):
    """A column of clock times."""

    seconds: Int32  # (n,) after midnight of the service day, `NO_TIME` where blank or unreadable
    n_unreadable: int
    unreadable: tuple[str, ...]  # the distinct texts


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


def clocks_looked_up(words: pd.Index, codes: Int32) -> Clocks:
    """The clock times of texts `words[codes]`."""
    seconds = clock_seconds(words)
    unreadable = (seconds == NO_TIME) & np.asarray(words != "")
    return Clocks(seconds[codes], int(unreadable[codes].sum()), tuple(words[unreadable]))


def plain_clocks(texts: pa.Array) -> Clocks | None:
    """The clock times of texts that are all blank or `HH:MM:SS`; None where one is neither."""
    if not len(texts):
        return Clocks(np.empty(0, np.int32), 0, ())
    _, offsets, letters = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    length = np.diff(ends)
    given = length == _WIDTH
    if not (given | (length == 0)).all():
        return None
    seconds = np.full(len(texts), NO_TIME, np.int32)
    if given.any():
        digits = np.frombuffer(letters, "<u8", count=(ends[-1] - ends[0]) // _WIDTH, offset=ends[0]) ^ _DIGITS_FROM
        if ((digits | (digits + _BEYOND)) & _TOP_BITS).any():
            return None
        pairs = digits * np.uint64(10) + (digits >> _ONE_LETTER)  # the first byte of each pair of digits has its number
        hours, minutes, rest = (pairs >> place & _BYTE for place in (np.uint64(0), _MINUTES_AT, _SECONDS_AT))
        seconds[given] = hours * np.uint64(3600) + minutes * np.uint64(60) + rest
    return Clocks(seconds, 0, ())
