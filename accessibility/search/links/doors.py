"""The doors of stops: where people on the streets come in, and how long it takes from there to the platform."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from accessibility.compressed_rows import least_of_pairs
from accessibility.legs import Float, Int32, Int64, Points, Walk
from accessibility.memo import Recent
from accessibility.timetable.timetable import Timetable

_RECENT: Recent["Doors | None"] = Recent(8)
# Of a way that takes no time: the search takes 0 for no way. It is far below what is rounded to a second.
_NO_TIME_S = 1e-9


class Doors(NamedTuple):
    """The doors of the stops of a timetable, and the ways inside stations from platform to platform.

    A stop that no pathway joins to an entrance is its own door.
    """

    points: Points  # (n_doors,)
    stop: Int64  # (n_doors,) stop number
    enter_s: Float  # (n_doors,) whole seconds from the door to the stop, infinite where there is no way
    leave_s: Float  # (n_doors,) from the stop to the door
    inside: tuple[Int64, Int64, Int32]  # (n_ways,) from stop, to stop, seconds


def doors_of(timetable: Timetable, walk: Walk, *, wheelchair: bool) -> Doors | None:
    """The doors of the stops; None where the feeds have no pathways. Wheelchairs use neither stairs nor escalators."""
    key = (walk.speed_m_s, wheelchair)
    return _RECENT.get(key, (timetable,), lambda: _doors(timetable, *key)) if len(timetable.pathways) else None


def _doors(timetable: Timetable, speed_m_s: float, wheelchair: bool) -> Doors:
    ways, stops, entrances = timetable.pathways, timetable.stops, timetable.entrances
    ids = np.unique(np.concatenate([ways["from_stop_id"].to_numpy(object), ways["to_stop_id"].to_numpy(object)]))
    number = {ident: place for place, ident in enumerate(ids.tolist())}
    start, end = (ways[name].map(number).to_numpy(np.int64) for name in ("from_stop_id", "to_stop_id"))
    seconds = (ways["fixed_s"] + ways["metres"] / speed_m_s).to_numpy(float) + _NO_TIME_S
    node_of_stop = np.array([number.get(ident, -1) for ident in stops["stop_id"]], np.int64)
    platforms = np.flatnonzero(node_of_stop >= 0)
    exits = entrances[entrances["stop_id"].isin(number)]
    gates = np.array([number[ident] for ident in exits["stop_id"]], np.int64)
    piece = connected_components(csr_array((seconds, (start, end)), shape=(len(ids),) * 2), directed=False)[1]
    used = ways["step_free"].to_numpy(bool) if wheelchair else np.ones(len(ways), bool)
    offset, column, least = least_of_pairs(len(ids), start[used], end[used], seconds[used])
    graph = csr_array((least, column, offset), shape=(len(ids),) * 2)
    rows: list[tuple[Int64, Int64, Float, Float]] = []
    inside: list[tuple[Int64, Int64, Float]] = []
    for one in np.unique(piece[node_of_stop[platforms]]):
        nodes = np.flatnonzero(piece == one)
        own, out = platforms[piece[node_of_stop[platforms]] == one], np.flatnonzero(piece[gates] == one)
        if not len(out):
            continue
        part = graph[nodes][:, nodes]
        at, door = np.searchsorted(nodes, node_of_stop[own]), np.searchsorted(nodes, gates[out])
        leave = dijkstra(part, indices=at)
        enter = dijkstra(part.T.tocsr(), indices=at)[:, door]
        pairs = np.repeat(own, len(out)), np.tile(out, len(own))
        rows.append((*pairs, enter.reshape(-1), leave[:, door].reshape(-1)))
        inside.append((np.repeat(own, len(own)), np.tile(own, len(own)), leave[:, at].reshape(-1)))
    return _as_doors(stops, exits, rows, inside)


def _as_doors(
    stops: pd.DataFrame,
    entrances: pd.DataFrame,
    rows: list[tuple[Int64, Int64, Float, Float]],
    inside: list[tuple[Int64, Int64, Float]],
) -> Doors:
    """`rows` are stops, entrances (row numbers), seconds in and out; `inside` are stops, stops and seconds."""
    nobody = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    stop, door, enter, leave = (np.concatenate(column) for column in zip((*nobody, np.empty(0)), *rows, strict=True))
    one, other, ride = (np.concatenate(column) for column in zip(nobody, *inside, strict=True))
    plain = np.setdiff1d(np.arange(len(stops)), stop)
    open_door = np.isfinite(enter) | np.isfinite(leave)
    stop, door, enter, leave = (column[open_door] for column in (stop, door, enter, leave))
    places = [
        np.concatenate([stops[name].to_numpy()[plain], entrances[name].to_numpy()[door]])
        for name in ("stop_id", "lon", "lat")
    ]
    none, walked = np.zeros(len(plain)), np.isfinite(ride) & (one != other)
    return Doors(
        Points(places[0], places[1].astype(float), places[2].astype(float)),
        np.concatenate([plain, stop]),
        np.concatenate([none, _up(enter)]),
        np.concatenate([none, _up(leave)]),
        (one[walked], other[walked], _up(ride[walked]).astype(np.int32)),
    )


def _up(seconds: Float) -> Float:
    """Whole seconds, rounded up as those of walks; infinite ones stay so."""
    whole: Float = np.maximum(np.ceil(seconds - 1e-6), 0.0)
    return whole
