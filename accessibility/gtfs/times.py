"""Reads GTFS clock times and dates: text to seconds after midnight of the service day, text to days."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Int32 = npt.NDArray[np.int32]

# A time that isn't given; a name of its own because 00:00:00 is a time and negative times are yesterday's.
NO_TIME = np.int32(np.iinfo(np.int32).min)
DAY_S = 86_400
_CLOCK = r"^(?P<hours>\d{1,3}):(?P<minutes>[0-5]?\d)(?::(?P<seconds>[0-5]?\d))?$"
_DATE = r"^\d{8}$"


def clock_seconds(texts: pd.Index) -> Int32:
    """Seconds after midnight of `H:MM:SS`, `HH:MM:SS` or `HH:MM`; hours may pass 24 and 48.

    `NO_TIME` for blanks and for what isn't a time (24:60:00, noon): tell them apart by the text.
    """
    if not len(texts):
        return np.empty(0, np.int32)
    parts = pc.extract_regex(pa.array(texts, pa.string()), _CLOCK)
    readable = ~parts.is_null().to_numpy(zero_copy_only=False)
    seconds = np.full(len(texts), NO_TIME, dtype=np.int32)
    found = parts.drop_null()
    hours, minutes, rest = (_whole_numbers(found.field(name)) for name in ("hours", "minutes", "seconds"))
    seconds[readable] = hours * 3600 + minutes * 60 + rest
    return seconds


def _whole_numbers(texts: pa.Array) -> Int32:
    padded = pc.if_else(pc.equal(texts, ""), "0", texts)
    return np.asarray(padded.cast(pa.int32()), dtype=np.int32)


def calendar_days(texts: pd.Series) -> pd.Series:
    """Days (datetime64[s] at midnight) of `YYYYMMDD`; NaT for anything else."""
    eight_digits = texts.astype(object).where(texts.astype(str).str.match(_DATE), None)
    return pd.to_datetime(eight_digits, format="%Y%m%d", errors="coerce").astype("datetime64[s]")


def clock_text(seconds: int) -> str:
    """`HH:MM:SS` of seconds after midnight; hours may pass 24."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
