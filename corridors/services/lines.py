"""The lines of a day's timetable: each with its patterns, trips and vehicle-hours."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from accessibility import Timetable, clock_text
from corridors.access.centre_access import Bool

_DAY_S = 86_400


class Lines(NamedTuple):
    """The lines that run on a day."""

    # line (number), operator, mode, trips, first, last (clock times of departures from first stops), vehicle_hours
    table: pd.DataFrame
    patterns: Bool  # (n_lines, n_patterns) the patterns of each line


def lines_of(timetable: Timetable) -> Lines:
    """The lines of a timetable, by number and operator: trips that start on the day, none of which ends the day before it."""
    routes = timetable.routes
    number = routes["short_name"].where(routes["short_name"] != "", routes["long_name"])
    number = number.where(number != "", routes["route_id"])
    keys = pd.DataFrame({"line": number, "operator": routes["agency"], "mode": routes["mode"]})
    line_of_route = keys.groupby(list(keys.columns), sort=True).ngroup().to_numpy()
    named = keys.assign(n=line_of_route).drop_duplicates("n").sort_values("n").drop(columns="n").reset_index(drop=True)
    line_of_pattern = line_of_route[timetable.pattern_route]
    patterns = np.arange(len(named))[:, None] == line_of_pattern[None, :]
    trips = trips_of(timetable).assign(line=line_of_pattern[timetable.trip_patterns()])
    of_line = trips[trips["on_day"]].groupby("line")
    table = named.assign(
        trips=of_line.size().reindex(named.index, fill_value=0),
        first=_clock(of_line["starts_s"].min().reindex(named.index)),
        last=_clock(of_line["starts_s"].max().reindex(named.index)),
        vehicle_hours=(of_line["takes_s"].sum() / 3600).reindex(named.index, fill_value=0.0),
    )
    running = (table["trips"] > 0).to_numpy()
    return Lines(table[running].reset_index(drop=True), patterns[running])


def trips_of(timetable: Timetable) -> pd.DataFrame:
    """starts_s, takes_s, from_stop (number), on_day (whether it starts on the day) of every trip, in its order."""
    pattern = timetable.trip_patterns()
    lengths = np.diff(timetable.pattern_position_offset)[pattern].astype(np.int64)
    first = np.cumsum(lengths) - lengths
    starts = timetable.departure_s[first].astype(np.int64)
    return pd.DataFrame(
        {
            "starts_s": starts,
            "takes_s": timetable.arrival_s[first + lengths - 1] - starts,
            "from_stop": timetable.position_stop[timetable.pattern_position_offset[pattern]],
            "on_day": (starts >= 0) & (starts < _DAY_S),
        }
    )


def _clock(seconds: pd.Series) -> list[str]:
    return ["" if np.isnan(one) else clock_text(int(one))[:5] for one in seconds.astype(float)]
