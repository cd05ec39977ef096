"""What a run knows of days that ran: the days, what is made of trips that were not matched, and the measures of the zones."""

from collections.abc import Mapping
from dataclasses import dataclass

from corridors.catalogue.measure import Measure, OnMap
from corridors.catalogue.measures import OBSERVED

AS_TIMETABLED, CANCELLED, DROPPED = "as_timetabled", "cancelled", "dropped"
# What is made of trips that were not matched -> in words; the first is that of figures that give no other.
WAYS: Mapping[str, str] = {
    AS_TIMETABLED: "run as timetabled",
    CANCELLED: "did not run",
    DROPPED: "left out of both",
}
_BASE = "population"


@dataclass(frozen=True)
class ObservedDays:
    """The observed days of a run."""

    dates: tuple[str, ...]  # ISO, ascending
    synthetic: bool  # whether some were made by rule


def days_column(way: str, *, timetabled: bool = False) -> str:
    """The column of the zones with the share of observed days on which the test is met, with unmatched trips in this way."""
    side = "timetabled" if timetabled else "observed"
    return f"{side}_days_share" + ("" if way == AS_TIMETABLED else f"_{way}")


def observed_measures(asked: bool) -> tuple[Measure, ...]:
    """The measures of the zones on observed days; none where the configuration names none."""
    return _MEASURES if asked else ()


_MEASURES = (
    Measure(
        days_column(AS_TIMETABLED, timetabled=True), "Observed days on which the test is met, as timetabled", "share 0-1",
        meaning="Share of the observed days on which the headline's test is met by the timetables of these days",
        of_place="mean", base=_BASE, in_frames=True, on_map=OnMap(OBSERVED, "share", "of days"),
    ),
    Measure(
        days_column(AS_TIMETABLED), "Observed days on which the test is met, as observed", "share 0-1",
        meaning="Share of the observed days on which the headline's test is met by the times at which trips ran; trips that "
        "were not matched run as timetabled",
        of_place="mean", base=_BASE, in_frames=True, on_map=OnMap(OBSERVED, "share", "of days"),
    ),
    Measure(
        days_column(CANCELLED), "Observed days on which the test is met, unmatched trips cancelled", "share 0-1",
        meaning="Share of the observed days on which the headline's test is met by what was observed alone: trips that were "
        "not matched did not run",
        on_map=OnMap(OBSERVED, "share", "of days"),
    ),
    Measure(
        days_column(DROPPED, timetabled=True), "Observed days on which matched trips alone meet the test, as timetabled",
        "share 0-1",
        meaning="Share of the observed days on which the headline's test is met by the matched trips alone, at planned times",
    ),
    Measure(
        days_column(DROPPED), "Observed days on which matched trips alone meet the test, as observed", "share 0-1",
        meaning="Share of the observed days on which the headline's test is met by the matched trips alone, as observed",
    ),
)  # fmt: skip

# Titles and units of the columns of the tables about observed days.
OBSERVED_MEANINGS: Mapping[str, tuple[str, str]] = {
    "unmatched": ("What is made of trips that were not matched: as_timetabled, cancelled or dropped (from both)", "text"),
    "observation": ("Files of the observations", "text"),
    "synthetic": ("Observations made by rule", "true/false"),
    "trips": ("Trips of the timetable that run in the headline's hours, of modes that were observed", "count"),
    "trips_matched": ("Those of them that were observed", "count"),
    "trips_matched_share": ("Share of those trips that were observed", "share 0-1"),
    "calls_matched_share": ("Share of the calls of those trips that were observed", "share 0-1"),
    "trips_added": ("Observed trips in these hours that match none of the timetable", "count"),
    "median_delay_s": ("Delay of the matched calls, median; early below 0", "s"),
    "late_delay_s": ("Delay that a tenth of the matched calls exceeds", "s"),
    "people_within_timetabled": ("Residents of zones that meet the headline's test by the day's timetable", "people"),
    "people_within_observed": ("Residents of zones that meet it as observed", "people"),
    "share_timetabled": ("Share of residents of zones that meet the headline's test by the timetable", "share 0-1"),
    "share_observed": ("Share of residents of zones that meet it as observed", "share 0-1"),
    "people_only_timetabled": ("Residents of zones that meet the test by the timetable and not as observed", "people"),
    "people_only_observed": ("Residents of zones that meet the test as observed and not by the timetable", "people"),
    "observed_days": ("Observed days", "count"),
    "line": ("Line: what the public calls it", "text"),
    "operator": ("Operator", "text"),
    "share_observed_lowest": ("The same on the day with the lowest share", "share 0-1"),
    "share_observed_highest": ("The same on the day with the highest share", "share 0-1"),
}  # fmt: skip
