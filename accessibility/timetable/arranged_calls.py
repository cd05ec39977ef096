"""Opens or closes calls by arrangement: those that are booked beforehand (type 2) or agreed with the driver (type 3)."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from accessibility.feed import Feed
from accessibility.gtfs.calls import ASKED, BOOKED
from accessibility.repair_log import RepairLog
from accessibility.timetable.service_calendar import service_days

Bool = npt.NDArray[np.bool_]
ArrangedCalls = Literal["open", "ask_driver", "closed"]

# Which of them passengers can't use, by choice: bits of `StopTimes.arranged`.
_CLOSED: Mapping[str, int] = {"open": 0, "ask_driver": sum(BOOKED), "closed": sum(BOOKED) + sum(ASKED)}
_EFFECTS: Mapping[str, str] = {
    "open": "these calls count as open",
    "ask_driver": "those to be booked count as closed, those to be agreed with the driver as open",
    "closed": "these calls count as closed",
}
CODE, _CODE_OF_READING = "arranged_calls", "arranged_boarding_allowed"


class ArrangedTrips(NamedTuple):
    """Trips of a day that board or set down somewhere only by arrangement; masks are (n_trips,) of the feed."""

    booked: Bool
    asked: Bool  # agreed with the driver
    running: int  # all trips of the day

    def choices(self) -> tuple[ArrangedCalls, ...]:
        """The choices that give different timetables, the most open first."""
        if not (self.booked | self.asked).any():
            return ("open",)
        return ("open", "ask_driver", "closed") if self.booked.any() and self.asked.any() else ("open", "closed")


def arranged_trips(feed: Feed, date: datetime.date) -> ArrangedTrips:
    """The trips that run on a date and have calls by arrangement."""
    services = service_days(feed)
    runs = services.running(np.array([date], dtype="datetime64[D]"))[0]
    running = runs[services.of_trip]
    times = feed.stop_times

    def with_any(bits: tuple[int, int]) -> Bool:
        rows = np.flatnonzero(times.arranged & np.uint8(sum(bits)))
        found = np.zeros(len(running), bool)
        found[times.trip[rows]] = True
        found &= running
        return found

    return ArrangedTrips(with_any(BOOKED), with_any(ASKED), int(running.sum()))


def with_arranged_calls(feed: Feed, date: datetime.date, choice: ArrangedCalls) -> Feed:
    """The feed with calls by arrangement open or closed to passengers; the trips of `date` that have any are told in `repairs`.

    `choice` is "open", "ask_driver" (those to be booked beforehand are closed) or "closed". The same feed where it has none.
    Services on demand alone (areas, spans of time) are in no feed, whatever the choice.
    """
    times = feed.stop_times
    if not times.arranged.any():
        return feed
    found = arranged_trips(feed, date)
    trips, closed = found.booked | found.asked, _CLOSED[choice]
    n = int(trips.sum())
    effect = (
        f"{n:,} of the day's {found.running:,} trips board or set down somewhere only by arrangement "
        f"({int(found.booked.sum()):,} where passengers book, {int(found.asked.sum()):,} where they ask the driver); "
        f"{_EFFECTS[choice]}"
    )
    log = RepairLog("", [one for one in feed.repairs if one.code not in {CODE, _CODE_OF_READING}])
    log.add_trips(CODE, n, found.running, feed.trips["trip_id"][trips], effect)
    board, alight = ((times.arranged & (closed & (BOOKED[side] | ASKED[side]))) == 0 for side in (0, 1))
    left = times._replace(
        can_board=times.can_board & board,
        can_alight=times.can_alight & alight,
        arranged=times.arranged & np.uint8(~closed & 0xFF),
    )
    return replace(feed, stop_times=left, repairs=log.repairs())
