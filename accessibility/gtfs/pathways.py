"""Reads pathways.txt and levels.txt of a GTFS feed: the ways inside stations, each in the directions in which it is walked."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.globe import positions_in_space_m
from accessibility.gtfs.archive import Archive
from accessibility.gtfs.tables import TableSpec, read_text_table
from accessibility.gtfs.transfers import nothing_of
from accessibility.repair_log import RepairLog

Float = npt.NDArray[np.float64]

PATHWAYS = TableSpec(
    "pathways.txt",
    ("from_stop_id", "to_stop_id"),
    ("pathway_mode", "is_bidirectional", "length", "traversal_time", "stair_count"),
    mandatory=False,
    whole_numbers=("pathway_mode", "is_bidirectional"),
)
LEVELS = TableSpec("levels.txt", ("level_id", "level_index"), mandatory=False)
_NODES = TableSpec(
    "stops.txt", ("stop_id",), ("parent_station", "level_id", "location_type"), whole_numbers=("location_type",)
)
_TYPES = {
    "from_stop_id": "object", "to_stop_id": "object", "fixed_s": "float64", "metres": "float64", "step_free": "bool",
}  # fmt: skip
_STEPS, _ESCALATOR, _LIFT = "2", "4", "5"
_BOARDING_AREA = "4"  # the location type of a part of a platform
# Where a feed gives no time: seconds a step (about the pace measured by Fruin, 1971), steps a floor, and a lift's times.
_STEP_S, _STEPS_A_FLOOR, _LIFT_WAIT_S, _LIFT_FLOOR_S = 0.6, 20, 30.0, 5.0


def no_pathways() -> pd.DataFrame:
    """`Feed.pathways` of a feed without any."""
    return nothing_of(_TYPES)


def read_pathways(archive: Archive, stops: pd.DataFrame, log: RepairLog) -> pd.DataFrame:
    """The ways inside stations, one row for each direction: from_stop_id, to_stop_id, fixed_s, metres, step_free.

    A way takes `fixed_s` and what `metres` take to walk. Its time is traversal_time where given, else its length, else that
    of its steps or floors, else the straight line; those without time and length are counted. A boarding area is its platform.
    """
    texts = read_text_table(archive, PATHWAYS, log)
    nodes = read_text_table(archive, _NODES, log).drop_duplicates("stop_id") if len(texts) else pd.DataFrame()
    if not len(texts):
        return no_pathways()
    known = texts[["from_stop_id", "to_stop_id"]].isin(set(nodes["stop_id"])).all(axis=1)
    _note(log, "pathways_to_unknown_stops", texts, ~known, "name a stop that is not in stops.txt; they were dropped")
    rows = _timed(texts[known].reset_index(drop=True), nodes, stops, read_text_table(archive, LEVELS, log), log)
    both = texts["is_bidirectional"][known].to_numpy() == "1"
    back = rows[both].rename(columns={"from_stop_id": "to_stop_id", "to_stop_id": "from_stop_id"})
    parts = nodes[(nodes["location_type"] == _BOARDING_AREA) & (nodes["parent_station"] != "")]
    ends = pd.DataFrame({"from_stop_id": parts["stop_id"], "to_stop_id": parts["parent_station"]})
    swapped = ends.rename(columns={"from_stop_id": "to_stop_id", "to_stop_id": "from_stop_id"})
    areas = pd.concat([ends, swapped]).assign(fixed_s=0.0, metres=0.0, step_free=True)
    every = pd.concat([rows, back, areas], ignore_index=True)[list(_TYPES)].astype({"step_free": bool})
    return pd.DataFrame(every.sort_values(list(_TYPES), ignore_index=True))


def _timed(
    texts: pd.DataFrame, nodes: pd.DataFrame, stops: pd.DataFrame, levels: pd.DataFrame, log: RepairLog
) -> pd.DataFrame:
    mode = texts["pathway_mode"].to_numpy(object)
    time_s, length_m, steps = (_positive(texts[name]) for name in ("traversal_time", "length", "stair_count"))
    floors = np.abs(_level(texts["from_stop_id"], nodes, levels) - _level(texts["to_stop_id"], nodes, levels))
    known_floors = np.nan_to_num(floors)
    steps = np.where(np.isnan(steps), known_floors * _STEPS_A_FLOOR, steps)
    own_s = np.select(
        [mode == _LIFT, np.isin(mode, [_STEPS, _ESCALATOR])],
        [_LIFT_WAIT_S + known_floors * _LIFT_FLOOR_S, steps * _STEP_S],
        0.0,
    )
    untimed = np.isnan(time_s) & np.isnan(length_m)
    what = "have neither a time nor a length; it was taken from steps, floors or the straight line"
    _note(log, "pathways_without_time", texts, pd.Series(untimed), what)
    fixed_s = np.where(np.isnan(time_s), np.where(untimed, own_s, 0.0), time_s)
    straight_m = np.where(own_s > 0, 0.0, _straight_m(texts, stops))
    metres = np.where(np.isnan(time_s), np.where(untimed, straight_m, length_m), 0.0)
    return texts[["from_stop_id", "to_stop_id"]].assign(
        fixed_s=fixed_s, metres=metres, step_free=~np.isin(mode, [_STEPS, _ESCALATOR])
    )


def _positive(texts: pd.Series) -> Float:
    """(n,) absolute values (a stair that leads down has a count below 0); NaN where blank or 0."""
    numbers = np.abs(pd.to_numeric(texts, errors="coerce").to_numpy(np.float64))
    return np.where(numbers > 0, numbers, np.nan)


def _level(ids: pd.Series, nodes: pd.DataFrame, levels: pd.DataFrame) -> Float:
    """(n,) index of the level of each stop; NaN where not known."""
    index = dict(zip(levels["level_id"], pd.to_numeric(levels["level_index"], errors="coerce"), strict=True))
    level_of = {stop: index.get(level, np.nan) for stop, level in zip(nodes["stop_id"], nodes["level_id"], strict=True)}
    return ids.map(level_of).to_numpy(np.float64)


def _straight_m(texts: pd.DataFrame, stops: pd.DataFrame) -> Float:
    """(n,) metres between the two ends, 0 where one has no place."""
    rows = [pd.Index(stops["stop_id"]).get_indexer(texts[name]) for name in ("from_stop_id", "to_stop_id")]
    at_m = positions_in_space_m(stops["lon"].to_numpy(float), stops["lat"].to_numpy(float))
    apart = np.linalg.norm(at_m[rows[0]] - at_m[rows[1]], axis=1)
    return np.where((rows[0] >= 0) & (rows[1] >= 0), np.nan_to_num(apart), 0.0)


def _note(log: RepairLog, code: str, texts: pd.DataFrame, rows: pd.Series, what: str) -> None:
    n = int(rows.sum())
    log.add(code, n, len(texts), texts["from_stop_id"][rows.to_numpy(bool)], f"{n:,} rows of {PATHWAYS.name} {what}")
