"""Fills in the times of calls for which a feed gives none, between the timed calls before and after."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.gtfs.implausible_hops import Calls
from accessibility.gtfs.times import NO_TIME

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float = npt.NDArray[np.float64]

# Times are cut to whole seconds; without this, float noise just below a whole second would cut a second.
_FLOOR_TOLERANCE_S = 1e-6


def times_between(calls: Calls, stops: pd.DataFrame) -> tuple[Int64, Int32]:
    """(n,) rows of the calls without a time, and seconds for them, in proportion to great-circle distance along the stops.

    Times are spread evenly if all stops of a gap are at the same coordinates or one of them has none, and cut to whole
    seconds. The times of the public Porto Alegre feed follow the same rule (cut, not rounded). Every trip begins and ends
    with a timed call.
    """
    blank = np.flatnonzero(calls.arrival_s == NO_TIME)
    if not len(blank):
        return blank, np.empty(0, np.int32)
    timed = np.flatnonzero(calls.arrival_s != NO_TIME)
    after = np.searchsorted(timed, blank)
    before, after = timed[after - 1], timed[after]
    start, end = calls.departure_s[before].astype(np.int64), calls.arrival_s[after].astype(np.int64)
    share = _share_of_gap(calls, stops, before, blank, after)
    return blank, np.floor(start + share * (end - start) + _FLOOR_TOLERANCE_S).astype(np.int32)


def _share_of_gap(calls: Calls, stops: pd.DataFrame, before: Int64, blank: Int64, after: Int64) -> Float:
    """(n_blank,) share of the gap, 0-1, that lies before each blank call: from the timed call before to that after."""
    hop = _hop_angles(stops["lon"].to_numpy()[calls.stop], stops["lat"].to_numpy()[calls.stop])
    along, unknown = np.cumsum(np.nan_to_num(hop)), np.cumsum(np.isnan(hop))
    gap = along[after] - along[before]
    by_distance = (gap > 0) & (unknown[after] == unknown[before])
    evenly = (blank - before) / (after - before)
    return np.where(by_distance, (along[blank] - along[before]) / np.where(by_distance, gap, 1.0), evenly)


def _hop_angles(lon: Float, lat: Float) -> Float:
    """(n,) great-circle angle from the previous call (haversine; only proportions matter); the first is 0."""
    lon, lat = np.radians(lon), np.radians(lat)
    chord = np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[1:]) * np.cos(lat[:-1]) * np.sin(np.diff(lon) / 2) ** 2
    return np.concatenate([[0.0], 2 * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))])
