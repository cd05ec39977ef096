"""One stop in place of those that stand in several feeds: for tables and maps, where a stop drawn twice has half its service."""

from dataclasses import replace

import numpy as np
import pandas as pd

from accessibility.timetable.timetable import Timetable


def with_shared_stops(timetable: Timetable) -> Timetable:
    """The timetable with each stop once: its calls, transfer rules and number are those of the first of its kind.

    Stops of several feeds are one where id (without the feed's name before the colon) and coordinates are equal, the rule by
    which trips that stand in two feeds are found. Where nothing is shared it is the same timetable. A search needs none of
    this: between two stops at one place the walk takes no time.
    """
    stops = timetable.stops
    plain = stops["stop_id"].str.partition(":")[2]
    keys = pd.DataFrame({"id": plain.where(plain != "", stops["stop_id"]), "lon": stops["lon"], "lat": stops["lat"]})
    first = keys.groupby(list(keys.columns), sort=False).cumcount() == 0
    if first.all():
        return timetable
    number = keys[first].reset_index(drop=True).reset_index(names="number")
    shared = keys.merge(number, how="left")["number"].to_numpy(np.int32)
    ends, rules = ["from_stop", "to_stop"], timetable.transfer_rules
    renumbered = rules.assign(**{end: shared[rules[end].to_numpy(int)] for end in ends})
    return replace(
        timetable,
        stops=stops[first].reset_index(drop=True),
        position_stop=shared[timetable.position_stop],
        transfer_rules=renumbered.drop_duplicates(ends, ignore_index=True),
    )
