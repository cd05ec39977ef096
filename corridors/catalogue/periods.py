"""What a run asks at other hours than the headline's: its periods and ways back, and the measures of the zones in each."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corridors.catalogue.measure import Measure, OnMap
from corridors.catalogue.measures import HOURS
from corridors.dates import day_words, moment_s

WEEKDAY = "weekday"
DAY_KINDS: Mapping[str, str] = {WEEKDAY: "working day", "saturday": "Saturday", "sunday": "Sunday"}
ONLY_THEN = "only_in_headline_hours"  # column of the zones


@dataclass(frozen=True)
class Period:
    """A part of a day, as the configuration gives it."""

    id: str
    title: str
    days: str  # a key of `DAY_KINDS`, or an ISO date
    start: str  # HH:MM, may pass 24:00
    end: str

    @property
    def meets(self) -> str:
        """The column of the zones that says whether the test is met."""
        return f"meets_kpi_{self.id}"

    @property
    def minutes(self) -> str:
        """The column of the zones with the minutes to the last centre needed."""
        return f"needed_minutes_{self.id}"

    @property
    def window_s(self) -> tuple[int, int]:
        """(start, end) in seconds after midnight."""
        return moment_s(self.start), moment_s(self.end)

    @property
    def when(self) -> str:
        """Day and hours in words: "working day, 19:00 to 22:00"."""
        return f"{DAY_KINDS[self.days] if self.days in DAY_KINDS else _day(self.days)}, {self.start} to {self.end}"


@dataclass(frozen=True)
class OtherHours:
    """The periods of a run, and the ways back: by when one has to be in the centres, and when one leaves for home."""

    periods: tuple[Period, ...]
    there_by: str  # HH:MM
    home_after: tuple[str, ...]  # HH:MM each


# Titles and units of the columns of the tables about other hours.
HOURS_MEANINGS: Mapping[str, tuple[str, str]] = {
    "period_id": ("Period", "text"),
    "period": ("Title of the period", "text"),
    "days": ("Kind of day, or the date, that the configuration asks for", "text"),
    "date": ("Day of the timetable", "date"),
    "start": ("First departure; hours past 24:00 are those after midnight", "HH:MM"),
    "end": ("End of the departures, excluded", "HH:MM"),
    "people_only_at_headline": ("Residents of zones that meet the test in the headline's hours and not then", "people"),
    "people_only_then": ("Residents of zones that meet the test then and not in the headline's hours", "people"),
    "there_by": ("Time by which one has to be in the centres", "HH:MM"),
    "home_after": ("Time after which one leaves for home", "HH:MM"),
    "people_there": ("Residents of zones that reach enough centres within the cutoff by that time", "people"),
    "people_home": (
        "Residents of zones that one reaches from enough centres within the cutoff, at the median departure of the hour "
        "after that time",
        "people",
    ),
    "people_both": ("Residents of zones for which both hold of enough centres", "people"),
}
HOUR_PREFIX = "needed_minutes_at_"


def back_column(home_after: str) -> str:
    """The column of the zones that says whether one gets there and back home after this time."""
    return f"there_and_back_{home_after.replace(':', '')}"


def hour_column(start: str) -> str:
    """The column of the minutes to the last centre needed in the hour that starts at HH:MM."""
    return f"{HOUR_PREFIX}{start.replace(':', '')}"


def hours_measures(asked: OtherHours | None) -> tuple[Measure, ...]:
    """The measures of the zones at other hours; none where none were asked for."""
    return () if asked is None else tuple(_measures(asked))


def _measures(asked: OtherHours) -> Iterator[Measure]:
    if asked.periods:
        yield Measure(
            ONLY_THEN, "Meets the headline's test only in the headline's hours", "true/false",
            meaning="Meets the headline's test, and in no period that lies at other hours or on another day",
            on_map=OnMap(HOURS, "flag"),
        )  # fmt: skip
    for period in asked.periods:
        yield from _of_period(period)
    for home in asked.home_after:
        yield Measure(
            back_column(home), f"There by {asked.there_by} and home after {home}", "true/false",
            meaning=f"Reaches enough strategic centres within the cutoff by {asked.there_by}, from each of which one is home "
            f"within the cutoff at the median departure of the hour after {home}",
            on_map=OnMap(HOURS, "flag"),
        )  # fmt: skip


def _of_period(period: Period) -> tuple[Measure, Measure]:
    named = f"{period.title} ({period.when})"
    meets = Measure(
        period.meets, f"Meets the headline's test: {period.title}", "true/false",
        meaning=f"Reaches enough strategic centres within the cutoff: {named}",
        of_place="rate", base="population", place_column=f"kpi_share_{period.id}",
        place_title=f"Residents who meet the headline's test: {named}", in_frames=True,
    )  # fmt: skip
    minutes = Measure(
        period.minutes, f"Minutes to the last centre needed: {period.title}", "min",
        meaning=f"Minutes to the centre that decides the headline (the last one needed), median departure; empty = "
        f"unreachable: {named}",
    )  # fmt: skip
    return meets, minutes


def _day(date: str) -> str:
    return day_words(dt.date.fromisoformat(date))
