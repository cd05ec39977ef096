"""Tells where one trip of a vehicle becomes the next, so that people may stay aboard (`block_id`, transfer types 4 and 5)."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from accessibility.compressed_rows import ranges
from accessibility.feed import Feed
from accessibility.globe import positions_in_space_m

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

NO_JOINT = 0
# A vehicle that stands for longer is left and boarded again, which takes nobody longer than the slack.
LONGEST_STAND_S = 3600
SAME_PLACE_M = 200.0  # OpenTripPlanner's distance for trips of one block


class Joints(NamedTuple):
    """Trips that begin or end where their vehicle goes on as another trip; all columns (n_joined,).

    A trip becomes any that begins with the key it ends with, if that leaves soon after it arrives. Keys of blocks are
    negative: there the two stops have to be one place. Positive ones are said trip by trip, wherever the stops are.
    """

    trip: Int32  # trip number of the timetable, ascending
    begins: Int64  # key, NO_JOINT where nobody is aboard before its first stop
    ends: Int64  # key, NO_JOINT where nobody stays aboard after its last

    def of_trips(self, rows: npt.NDArray[np.integer]) -> "Joints":
        """The joints of a timetable whose trip `i` is the trip `rows[i]` of this one."""
        place = np.full(max(int(rows.max(initial=-1)), int(self.trip.max(initial=-1))) + 1, -1, np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        number = place[self.trip]
        order = np.argsort(number, kind="stable")
        kept = order[number[order] >= 0]
        return Joints(number[kept], self.begins[kept], self.ends[kept])

    def turned(self) -> "Joints":
        """The joints where time is turned round."""
        return Joints(self.trip, self.ends, self.begins)


NO_JOINTS = Joints(np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int64))


class Ends(NamedTuple):
    """When and where the trips of a timetable begin and end; all columns (n_trips,)."""

    departs_s: Int32
    arrives_s: Int32
    first_stop: Int32
    last_stop: Int32


def continuations(joints: Joints, ends: Ends, stops: pd.DataFrame) -> tuple[Int64, Int64]:
    """(n_pairs,) trip numbers of trips, and of those that they become while people stay aboard; in order.

    `stops` are those of the timetable. Of two trips at one second that take no time, neither becomes the other, so that
    nobody goes round for ever.
    """
    after, before = (joints.trip[keys != NO_JOINT] for keys in (joints.ends, joints.begins))
    key = joints.ends[joints.ends != NO_JOINT]
    begins = joints.begins[joints.begins != NO_JOINT]
    order = np.argsort(begins, kind="stable")
    low, high = (np.searchsorted(begins[order], key, side) for side in ("left", "right"))
    one, other = np.repeat(after, high - low), before[order][ranges(low, high - low)]
    departs_s, arrives_s = ends.departs_s.astype(np.int64), ends.arrives_s.astype(np.int64)
    stand_s = departs_s[other] - arrives_s[one]
    at_once = (departs_s[one] == departs_s[other]) & (departs_s[other] == arrives_s[other])
    fits = (stand_s >= 0) & (stand_s <= LONGEST_STAND_S) & ~at_once
    one, other, key = one[fits], other[fits], np.repeat(key, high - low)[fits]
    meets = (key > 0) | _same_place(stops, ends.last_stop[one], ends.first_stop[other])
    one, other = one[meets], other[meets]
    order = np.lexsort((other, one))
    return one[order].astype(np.int64), other[order].astype(np.int64)


def _same_place(stops: pd.DataFrame, one: Int32, other: Int32) -> Bool:
    """(n,) whether two stops are one, stops of one station, or close to each other."""
    station = stops["station"].to_numpy(object)
    at_m = positions_in_space_m(stops["lon"].to_numpy(float), stops["lat"].to_numpy(float))
    close = np.linalg.norm(at_m[one] - at_m[other], axis=1) <= SAME_PLACE_M
    same: Bool = close | ((station[one] == station[other]) & (station[one] != "")).astype(bool)
    return same


def joints_of(feed: Feed, trip: Int32, timed: Bool) -> Joints:
    """The joints of a timetable whose trips are the rows `trip` of `Feed.trips`; only those `timed` have any.

    Trips of a block are joined, unless transfers.txt forbids it of two (type 5). What it joins (type 4) goes before blocks,
    as the GTFS reference says under "Linked trips". Where one trip becomes several, or several one, each can be stayed in.
    """
    blocks = -np.abs(_keys(feed.trips["block"].to_numpy(object)))
    begins, ends = blocks.copy(), blocks.copy()
    rows = pd.Index(feed.trips["trip_id"])
    for allowed, rules in feed.stays.groupby("allowed"):  # False first
        keys = np.abs(_keys(_linked(rules))) if allowed else np.full(len(rules), NO_JOINT, np.int64)
        for of_trips, column in ((ends, "from_trip_id"), (begins, "to_trip_id")):
            number = rows.get_indexer(rules[column])
            of_trips[number[number >= 0]] = keys[number >= 0]
    begins, ends = begins[trip], ends[trip]
    joined = np.flatnonzero(timed & ((begins != NO_JOINT) | (ends != NO_JOINT)))
    return Joints(joined.astype(np.int32), begins[joined], ends[joined])


def _keys(texts: npt.NDArray[np.object_]) -> Int64:
    """(n,) a number for each text, the same in every feed; NO_JOINT for ""."""
    numbers = np.asarray(pd.util.hash_array(texts, categorize=True)).astype(np.int64)
    return np.where(texts == "", NO_JOINT, numbers)


def _linked(rules: pd.DataFrame) -> npt.NDArray[np.object_]:
    """(n_rules,) a text for each rule, equal for rules that share a trip at the same end."""
    start, end = (pd.factorize(rules[column])[0] for column in ("from_trip_id", "to_trip_id"))
    n = int(start.max()) + 1
    graph = coo_array((np.ones(len(rules)), (start, n + end)), shape=(n + int(end.max()) + 1,) * 2)
    group = pd.Series(connected_components(graph, directed=False)[1][start], index=rules.index)
    return rules["from_trip_id"].groupby(group).transform("min").to_numpy(object)
