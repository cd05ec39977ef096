"""Where and when the trips would have called that could not be used: what a dropped record costs, and whom."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

Int32 = npt.NDArray[np.int32]


class LostCalls(NamedTuple):
    """Calls of dropped trips at stops that have a place; all columns (n,)."""

    trip_id: npt.NDArray[np.object_]
    service_id: npt.NDArray[np.object_]  # "" where not known: such a trip may run on any day
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    time_s: Int32  # after midnight of the service day, `NO_TIME` where not given

    def take(self, rows: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> "LostCalls":
        """These calls only (positions or mask)."""
        return LostCalls._make(column[rows] for column in self)


NOTHING_LOST = LostCalls(
    np.empty(0, object), np.empty(0, object), np.empty(0, np.float64), np.empty(0, np.float64), np.empty(0, np.int32)
)


def lost_calls(
    trip_id: npt.NDArray[np.object_],
    service_id: npt.NDArray[np.object_],
    stop: Int32,
    time_s: Int32,
    stops: pd.DataFrame,
) -> LostCalls:
    """Calls at `stop` (rows of `stops`), those at stops without a place left out."""
    lon, lat = (stops[name].to_numpy(np.float64)[stop] for name in ("lon", "lat"))
    calls = LostCalls(trip_id, service_id, lon, lat, time_s).take(~np.isnan(lon))
    in_order = pd.DataFrame(calls._asdict()).sort_values(["trip_id", "time_s", "lat", "lon"], kind="stable").index
    return calls.take(in_order.to_numpy())  # by content, whatever the order of rows in the file


def together(parts: list[LostCalls]) -> LostCalls:
    """All of them, one after the other."""
    return LostCalls._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


def prefixed(lost: LostCalls, name: str) -> LostCalls:
    """With the ids that trips and services have once several feeds are brought together."""

    def of_feed(ids: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        return np.array([f"{name}:{ident}" if ident else "" for ident in ids], dtype=object)

    return lost._replace(trip_id=of_feed(lost.trip_id), service_id=of_feed(lost.service_id))
