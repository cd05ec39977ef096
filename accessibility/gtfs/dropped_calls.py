"""Calls of trips that were dropped while reading: they show which places lose service by it, and when."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.repair_log import RepairLog

Bool = npt.NDArray[np.bool_]
Int32 = npt.NDArray[np.int32]


class LostCalls(NamedTuple):
    """Calls of dropped trips at stops with coordinates; all columns (n,)."""

    trip_id: npt.NDArray[np.object_]
    service_id: npt.NDArray[np.object_]  # "" where not known: such a trip may run on any day
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    time_s: Int32  # after midnight of the service day, `NO_TIME` where not given

    def take(self, rows: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> "LostCalls":
        """The calls at `rows` (positions or mask)."""
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
    """`LostCalls` at `stop` (row numbers of `stops`), sorted by trip and time; calls at stops without coordinates are left
    out."""
    lon, lat = (stops[name].to_numpy(np.float64)[stop] for name in ("lon", "lat"))
    return sorted_calls(LostCalls(trip_id, service_id, lon, lat, time_s).take(~np.isnan(lon)))


def sorted_calls(calls: LostCalls) -> LostCalls:
    """The calls sorted by content, so that the result does not depend on the order of rows in the file."""
    if not len(calls.time_s):
        return calls
    order = pd.DataFrame(calls._asdict()).sort_values(["trip_id", "time_s", "lat", "lon"], kind="stable").index
    return calls.take(order.to_numpy())


def joined(parts: list[LostCalls]) -> LostCalls:
    """The calls of all parts in one table, in order."""
    return LostCalls._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


def prefixed(lost: LostCalls, name: str) -> LostCalls:
    """The calls with "<name>:" before every trip and service id, as in a feed merged from several; "" stays ""."""

    def with_prefix(ids: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        return np.array([f"{name}:{ident}" if ident else "" for ident in ids], dtype=object)

    return lost._replace(trip_id=with_prefix(lost.trip_id), service_id=with_prefix(lost.service_id))


def trips_only_on_demand(trip: Int32, on_demand: Int32, trips: pd.DataFrame, log: RepairLog) -> Bool:
    """(n_trips,) whether a trip is one of `on_demand`, which have calls on demand, and has fewer than two others (`trip`).

    These are counted in `log`, and the others of `on_demand`.
    """
    asked = np.zeros(len(trips), bool)
    if not len(on_demand):
        return asked
    asked[on_demand] = True
    only = asked & (np.bincount(trip, minlength=len(trips)) < 2)
    for code, rows, what in (
        ("trips_on_demand", only, "are services on demand (booked, in an area or a span of time); they were left out"),
        (
            "trips_partly_on_demand",
            asked & ~only,
            "also serve places on demand; they run between their fixed stops only",
        ),
    ):
        n = int(rows.sum())
        log.add_trips(code, n, len(trips), trips["trip_id"][rows], f"{n:,} trips {what}")
    return only


def trips_beyond(trip: Int32, stop: Int32, near: Bool | None, trips: pd.DataFrame, log: RepairLog) -> Bool:
    """(n_trips,) whether a trip calls, and nowhere `near`; no trip where that would be all that call."""
    none = np.zeros(len(trips), bool)
    if near is None or near.all():
        return none
    calling = np.bincount(trip, minlength=len(trips)) > 0
    beyond = calling & ~(np.bincount(trip[near[stop]], minlength=len(trips)) > 0)
    if beyond.sum() == calling.sum():
        return none
    effect = f"{int(beyond.sum()):,} trips that call nowhere near the region were not read"
    log.add("trips_beyond_region", int(beyond.sum()), len(trips), trips["trip_id"][beyond], effect)
    return beyond
