"""Divides stops so that transfer rules for single routes or trips become rules between stops, which a search follows.

At a stop that such a rule names, the calls of the trips it is for get a stop of their own at the same place. Between two stops
divided so, the most specific rule holds that applies to their calls, as the GTFS reference orders them: two trips, a trip and
a route, a trip, two routes, a route, the stops alone.
"""

from collections.abc import Iterable, Iterator
from itertools import permutations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from accessibility.gtfs.calls import StopTimes
from accessibility.gtfs.transfers import RULE_COLUMNS
from accessibility.repair_log import RepairLog

Int64 = npt.NDArray[np.int64]

PART = "~"  # in the id of a part, between that of its stop and its number
MOST_PARTS = 24  # of one stop; walks and rules between them grow with the square of their number
_MINIMUM, _FORBIDDEN = 2, 3  # transfer types
_ENDS = ("from", "to")
# Rank of a rule by what its two ends name (0 stop, 1 route, 2 trip), added up; the lowest wins.
_RANKS = {4: 0, 3: 1, 2: 2, 1: 4, 0: 5}
_TWO_ROUTES, _NO_RULE = 3, 9
# Ids hold none of these: what parts the route and the trip of an end, and several ends.
_OR, _AND = "\x1e", "\x1f"
_Applying = tuple[str, str, int, int, int, int]
# Of equally specific rules the strictest holds: no transfer (3), else the longest minimum time (2).
_FIRST_WINS = [True, True, True, True, False, False]
_APPLYING = ["from_stop_id", "to_stop_id", "rank", "by_station", "transfer_type", "min_transfer_s"]


class DividedFeed(NamedTuple):
    """Tables of a feed whose stops are divided."""

    stops: pd.DataFrame
    stop_times: StopTimes
    rules: pd.DataFrame
    pathways: pd.DataFrame


def divide_stops(tables: DividedFeed, trips: pd.DataFrame, narrow: pd.DataFrame, log: RepairLog) -> DividedFeed:
    """The tables with the rules `narrow` as rules between stops; the same tables where there are none that a trip meets.

    `narrow` are rows of `TransferTables.narrow`. Rules that would divide a stop into more than `MOST_PARTS` are left out and
    counted, those of trips first.
    """
    kept = narrow = _that_matter(narrow, tables)
    for named in ("trip", "route"):
        parts = _parts_of(tables, trips, kept)
        full = set(parts.index[parts["part"] > MOST_PARTS]) if len(parts) else set()
        if not full:
            break
        ends = _ends_of(kept, tables.stops)
        crowded = ends[ends["stop"].isin({stop for stop, _ in full}) & (ends[f"{named}_id"] != "")]
        kept = kept.drop(index=kept.index[kept.index.isin(crowded["rule"])])
    else:
        parts = _parts_of(tables, trips, kept)
    _note(narrow, kept, parts, log)
    return _divided(tables, kept, parts) if len(parts) else tables


def _that_matter(narrow: pd.DataFrame, tables: DividedFeed) -> pd.DataFrame:
    """The rules that change anything: recommended and timed transfers (0, 1) do where another rule is for the same two stops."""
    if narrow.empty:
        return narrow
    every = pd.concat([narrow, tables.rules.assign(**dict.fromkeys(RULE_COLUMNS, ""))], ignore_index=True)
    ends = _ends_of(every, tables.stops)
    start, end = (ends.loc[ends["side"] == side, ["rule", "stop"]] for side in _ENDS)
    pairs = start.merge(end, on="rule")
    strict = every["transfer_type"].isin([_MINIMUM, _FORBIDDEN]).to_numpy()
    ruled = pairs.loc[strict[pairs["rule"]], ["stop_x", "stop_y"]].drop_duplicates()
    met = set(pairs.merge(ruled, on=["stop_x", "stop_y"])["rule"])
    return narrow[[row in met for row in range(len(narrow))]].reset_index(drop=True)


def _ends_of(narrow: pd.DataFrame, stops: pd.DataFrame) -> pd.DataFrame:
    """rule, side, stop (row number), by_station, route_id, trip_id: both ends of each rule at each stop it names.

    A station means its stops. An end of a trip names no route.
    """
    places = pd.concat(
        [
            pd.DataFrame({"place": stops["stop_id"], "stop": stops.index, "by_station": 0}),
            pd.DataFrame({"place": stops["station"], "stop": stops.index, "by_station": 1})[stops["station"] != ""],
        ]
    )
    sides = [
        pd.DataFrame(
            {
                "rule": narrow.index,
                "side": side,
                "place": narrow[f"{side}_stop_id"],
                "route_id": narrow[f"{side}_route_id"].where(narrow[f"{side}_trip_id"] == "", ""),
                "trip_id": narrow[f"{side}_trip_id"],
            }
        )
        for side in _ENDS
    ]
    return pd.concat(sides, ignore_index=True).merge(places, on="place")


def _matches(tables: DividedFeed, trips: pd.DataFrame, narrow: pd.DataFrame) -> pd.DataFrame:
    """call (row of the stop times), end (number of a distinct end: stop, route, trip): the calls that ends are for."""
    ends = _ends_of(narrow, tables.stops)
    ends = ends[(ends["route_id"] != "") | (ends["trip_id"] != "")]
    distinct = ends.drop_duplicates(["stop", "route_id", "trip_id"]).reset_index(drop=True)
    distinct = distinct[["stop", "route_id", "trip_id"]].assign(end=np.arange(len(distinct)))
    times = tables.stop_times
    rows = np.flatnonzero(np.isin(times.stop, distinct["stop"].to_numpy()))
    of_trip = trips[["route_id", "trip_id"]].iloc[times.trip[rows]]
    calls = pd.DataFrame({"call": rows, "stop": times.stop[rows].astype(np.int64)}).assign(
        route_id=of_trip["route_id"].to_numpy(object), trip_id=of_trip["trip_id"].to_numpy(object)
    )
    named = [
        calls.merge(distinct[distinct[f"{name}_id"] != ""], on=["stop", f"{name}_id"])[["call", "stop", "end"]]
        for name in ("route", "trip")
    ]
    return (
        pd.concat(named)
        .sort_values(["call", "end"], ignore_index=True)
        .merge(distinct[["end", "route_id", "trip_id"]], on="end")
    )


def _parts_of(tables: DividedFeed, trips: pd.DataFrame, narrow: pd.DataFrame) -> pd.DataFrame:
    """index (stop, ends: their keys as one text); part (from 1, by stop), calls (row numbers): those of the same ends."""
    found = _matches(tables, trips, narrow) if len(narrow) else pd.DataFrame()
    if found.empty:
        return pd.DataFrame({"part": np.empty(0, np.int64)})
    keys = (found["route_id"] + _OR + found["trip_id"]).groupby([found["call"], found["stop"]]).agg(_together)
    table = keys.rename("ends").reset_index()
    grouped = table.groupby(["stop", "ends"], sort=True).agg(calls=("call", list))
    return grouped.assign(part=grouped.groupby(level=0).cumcount() + 1)


def _together(keys: Iterable[str]) -> str:
    return _AND.join(sorted(set(keys)))


def _divided(tables: DividedFeed, narrow: pd.DataFrame, parts: pd.DataFrame) -> DividedFeed:
    stops = tables.stops
    of_part = parts.reset_index()
    known, ids = set(stops["stop_id"]), []
    for stop, part in zip(of_part["stop"], of_part["part"], strict=True):
        ident = f"{stops['stop_id'].iloc[stop]}{PART}{part}"
        while ident in known:
            ident += PART
        ids.append(ident)
    more = stops.iloc[of_part["stop"]].assign(stop_id=ids)
    number = tables.stop_times.stop.copy()
    for place, calls in enumerate(of_part["calls"]):
        number[calls] = len(stops) + place
    every = pd.concat([stops, more], ignore_index=True)
    order = np.argsort(every["stop_id"].to_numpy(object), kind="stable")
    row = np.empty(len(order), np.int32)
    row[order] = np.arange(len(order), dtype=np.int32)
    place_of = _places(stops, of_part.assign(id=ids))
    return DividedFeed(
        every.iloc[order].reset_index(drop=True),
        tables.stop_times._replace(stop=row[number]),
        _rules(tables, narrow, place_of),
        _pathways(tables.pathways, place_of),
    )


def _places(stops: pd.DataFrame, of_part: pd.DataFrame) -> pd.DataFrame:
    """stop (row number before), id, ends (of its calls): each divided stop itself, for the other calls, and its parts."""
    whole = np.unique(of_part["stop"].to_numpy(np.int64))
    own = pd.DataFrame({"stop": whole, "id": stops["stop_id"].to_numpy(object)[whole], "ends": ""})
    return pd.concat([own, of_part[["stop", "id", "ends"]]], ignore_index=True)


def _rules(tables: DividedFeed, narrow: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """The rules there are, and those between divided stops, or one of them and another stop."""
    stops, ends = tables.stops, ["from_stop_id", "to_stop_id"]
    divided = stops.iloc[places["stop"].unique()]
    touched = set(divided["stop_id"]) | set(divided["station"]) - {""}
    general = tables.rules[tables.rules[ends].isin(touched).any(axis=1)]
    ruled = pd.concat([narrow, general.assign(**dict.fromkeys(RULE_COLUMNS, ""))], ignore_index=True)
    others = np.setdiff1d(_ends_of(ruled, stops)["stop"].to_numpy(np.int64), places["stop"].to_numpy(np.int64))
    rest = pd.DataFrame({"stop": others, "id": stops["stop_id"].to_numpy(object)[others], "ends": ""})
    every = pd.concat([places, rest], ignore_index=True)
    table = pd.DataFrame([*_applying(ruled, stops, every), *_at_once(places)], columns=_APPLYING)
    table = table[~table[ends].isin(set(stops["stop_id"])).all(axis=1)].sort_values(_APPLYING, ascending=_FIRST_WINS)
    table = table.drop_duplicates(ends)
    # Between parts of one stop people walk nowhere: where nothing forbids it or takes time, they change at once.
    stop_of = dict(zip(every["id"], every["stop"], strict=True))
    same = table["from_stop_id"].map(stop_of) == table["to_stop_id"].map(stop_of)
    at_once = same & ~table["transfer_type"].isin([_MINIMUM, _FORBIDDEN])
    table = table.assign(
        transfer_type=table["transfer_type"].where(~at_once, _MINIMUM),
        min_transfer_s=table["min_transfer_s"].where(~at_once, 0),
    )
    new = table[list(tables.rules.columns)].astype(tables.rules.dtypes.to_dict())
    return pd.concat([tables.rules, new]).sort_values(list(new.columns), ignore_index=True)


def _at_once(places: pd.DataFrame) -> Iterator[_Applying]:
    """What holds between the parts of one stop where no rule is."""
    for _, ids in places.groupby("stop")["id"]:
        for one, other in permutations(ids.tolist(), 2):
            yield one, other, _NO_RULE, 0, _MINIMUM, 0


def _applying(rules: pd.DataFrame, stops: pd.DataFrame, places: pd.DataFrame) -> Iterator[_Applying]:
    """Every rule for every two of the `places` that it is for; columns `_APPLYING`."""
    at: dict[int, list[tuple[str, set[str]]]] = {}
    for stop, ident, keys in places[["stop", "id", "ends"]].to_numpy(object).tolist():
        at.setdefault(stop, []).append((ident, set(keys.split(_AND))))
    found: dict[tuple[int, str], list[tuple[str, int]]] = {}
    columns = ["rule", "side", "stop", "by_station", "route_id", "trip_id"]
    for rule, side, stop, by_station, route, trip in _ends_of(rules, stops)[columns].to_numpy(object).tolist():
        key = f"{route}{_OR}{trip}"
        chosen = [(ident, by_station) for ident, keys in at.get(stop, ()) if key == _OR or key in keys]
        found.setdefault((rule, side), []).extend(chosen)
    values = rules[["transfer_type", "min_transfer_s", *RULE_COLUMNS]].to_numpy(object).tolist()
    for rule, (kind, seconds, from_route, to_route, from_trip, to_trip) in zip(rules.index, values, strict=True):
        rank = _rank((from_route, from_trip), (to_route, to_trip))
        for one, by_one in found.get((rule, "from"), ()):
            for other, by_other in found.get((rule, "to"), ()):
                yield one, other, rank, by_one + by_other, int(kind), int(seconds)


def _rank(start: tuple[str, str], end: tuple[str, str]) -> int:
    """How specific a rule is, 0 the most, by which route and which trip each end names ("" none)."""
    levels = [2 if trip else int(route != "") for route, trip in (start, end)]
    return _TWO_ROUTES if levels == [1, 1] else _RANKS[sum(levels)]


def _pathways(pathways: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """The pathways, those of a divided stop at each of its parts."""
    first = places.drop_duplicates("stop").set_index("stop")["id"]
    parts = pd.DataFrame({"whole": places["stop"].map(first), "id": places["id"]})
    for column in ("from_stop_id", "to_stop_id"):
        joined = pathways.merge(parts, how="left", left_on=column, right_on="whole")
        pathways = joined.assign(**{column: joined["id"].fillna(joined[column])}).drop(columns=["whole", "id"])
    return pathways


def _note(narrow: pd.DataFrame, kept: pd.DataFrame, parts: pd.DataFrame, log: RepairLog) -> None:
    stops = len(parts.index.get_level_values(0).unique()) if len(parts) else 0
    divided = f"{stops:,} stop{'s are' if stops > 1 else ' is'} divided into {stops + len(parts):,}"
    followed = (
        f"{len(kept):,} rules of transfers.txt for single routes or trips are followed: {divided}, by the trips that the rules "
        "are for; tables and maps show each"
    )
    if len(parts):
        log.add("transfers_of_single_trips", len(kept), len(narrow), kept["from_stop_id"], followed)
    left = narrow[~narrow.index.isin(kept.index)]
    effect = (
        f"{len(left):,} rules of transfers.txt for single routes or trips were not followed, because they would divide a stop "
        f"into more than {MOST_PARTS}: people change there as under the rules for all trips"
    )
    log.add("transfers_ignored", len(left), len(narrow), left["from_stop_id"], effect)
