"""The small region with a whole week: its buses run later, thinner in the evening, and on Saturdays; none on Sundays."""

from collections.abc import Iterable

from tests.support.feeds import FeedText, Trip, clock, feed_text, service, trip
from tests.support.small_region import STOPS, SmallRegion, calls

# (service, first minute, end, minutes between departures): both ways at once, hours past 24:00 are those after midnight.
EVERY_DAY = (("WK", 5 * 60, 19 * 60, 10), ("WK", 19 * 60, 25 * 60, 60), ("SAT", 8 * 60, 18 * 60, 30))
CALENDAR = (service("WK", "1111100"), service("SAT", "0000010"))
PERIODS = """
[[periods]]
id = "early"
title = "Early"
days = "weekday"
from = "04:30"
to = "06:00"
[[periods]]
id = "peak"
title = "Peak"
days = "weekday"
from = "07:00"
to = "09:00"
[[periods]]
id = "evening"
title = "Evening"
days = "weekday"
from = "19:00"
to = "22:00"
[[periods]]
id = "night"
title = "Night"
days = "weekday"
from = "23:30"
to = "30:00"
[[periods]]
id = "saturday"
title = "Saturday"
days = "saturday"
from = "10:00"
to = "16:00"
[[periods]]
id = "one_saturday"
title = "A certain Saturday"
days = 2026-04-18
from = "08:00"
to = "08:45"
"""


def week_feed(more: Iterable[Trip] = ()) -> FeedText:
    """The line's timetable of a week, and `more` trips."""
    ways = {"north": STOPS, "south": STOPS[::-1]}
    trips = [
        trip(f"{name} {way} {clock(60 * start)}", calls(stops, start), route=way, service=name)
        for name, first, end, every in EVERY_DAY
        for way, stops in ways.items()
        for start in range(first, end, every)
    ]
    return feed_text(*trips, *more, calendar=CALENDAR)


def ask_for(region: SmallRegion, periods: str = PERIODS, feed: FeedText | None = None) -> None:
    """Give the region the week's timetable, and its configuration tables such as `[[periods]]`."""
    region.feed(feed or week_feed())
    region.config.write_text(region.config.read_text(encoding="utf-8") + periods, encoding="utf-8")
