"""Layouts of the report's tables about observed days: by day, by way of treating unmatched trips, by place and by line."""

from corridors.report.blocks.tables import Column, Layout
from corridors.report.blocks.wording import count, number_of, percent, signed, signed_points, words


def _minutes_late(value_s: object) -> str:
    """Seconds as minutes with their sign; early is below 0."""
    number = number_of(value_s)
    return signed(None if number is None else number / 60)


_MATCHED = Column("trips_matched_share", "Trips matched", percent)
_TIMETABLED = Column("share_timetabled", "Timetabled: % of residents", percent, rate=True)
_OBSERVED = Column("share_observed", "Observed: % of residents", percent, bar=True, rate=True)
_LATE = Column("late_delay_s", "Minutes late that a tenth of calls exceeds", _minutes_late)
_MEDIAN = Column("median_delay_s", "Minutes late, median", _minutes_late)

DAYS = Layout(
    "The headline by day, timetabled and observed",
    (
        Column("day", "Day", words, text=True),
        _MATCHED,
        _TIMETABLED,
        _OBSERVED,
        Column("people_only_timetabled", "Residents who meet it by the timetable only", count),
        Column("people_only_observed", "Residents who meet it as observed only", count),
        _MEDIAN,
        _LATE,
    ),
    ("Trips that were not matched run as timetabled here. Delays are those of matched calls; early is below 0.",),
    dense=True,
)
WAYS_OF_UNMATCHED = Layout(
    "What the trips that were not matched change, means over the days",
    (
        Column("way", "Trips not matched", words, text=True),
        _MATCHED,
        _TIMETABLED,
        _OBSERVED,
        Column("difference", "Difference, percentage points", signed_points),
    ),
    (
        "Run as timetabled: nobody saw them late. Did not run: what ran is what was seen alone. Left out of both: only "
        "matched trips are compared, so both shares are lower than those of the whole service.",
    ),
)
LINES = Layout(
    "Lines with the most trips in the headline's hours, all days together",
    (
        Column("line", "Line", words, text=True),
        Column("operator", "Operator", words, text=True),
        Column("trips", "Trips", count),
        _MATCHED,
        _MEDIAN,
        _LATE,
    ),
    dense=True,
)


def by_place(noun: str) -> Layout:
    """The layout of places (`noun`, "corridors")."""
    return Layout(
        f"{noun.capitalize()}: % of residents who meet the test, timetabled and observed",
        (
            Column("place", "Place", words, text=True),
            _MATCHED,
            _TIMETABLED,
            _OBSERVED,
            Column("share_observed_lowest", "Observed, lowest day", percent, rate=True),
            Column("share_observed_highest", "Observed, highest day", percent, rate=True),
        ),
        ("Means over the days. Trips matched are those of the whole region.",),
        dense=True,
    )
