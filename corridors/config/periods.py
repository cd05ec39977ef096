"""The sections of a configuration that ask for the headline at other hours and on other days."""

import datetime as dt
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from accessibility import STARTS_BEFORE_S, SearchSpec, SearchSpecError, require_few_departures
from corridors.bundled import bundled_data
from corridors.catalogue.periods import DAY_KINDS, OtherHours, Period
from corridors.config.limits import FIRST_YEAR, LAST_YEAR, MOST_WAYS_BACK
from corridors.config.problem_words import quoted
from corridors.config.section import Section
from corridors.config.values import Name, PlainId, clock_s, window_s

_DAY_S = 86_400
_HOUR_S = 3600


def _clock(text: str) -> str:
    clock_s(text)
    return text.strip()


Clock = Annotated[str, AfterValidator(_clock)]


class PeriodSection(Section):
    """A part of a day, on one kind of day or one date, for which the headline is answered anew."""

    id: PlainId  # names columns: meets_kpi_<id>, needed_minutes_<id>
    title: Name
    days: Literal["weekday", "saturday", "sunday"] | dt.date
    start: Annotated[Clock, Field(alias="from")]
    end: Annotated[Clock, Field(alias="to")]

    @field_validator("days", mode="before")
    @classmethod
    def _days_are_known(cls, days: object) -> object:
        with suppress(ValueError):  # a date in quotes
            days = dt.date.fromisoformat(days) if isinstance(days, str) else days
        if isinstance(days, dt.datetime) or not (isinstance(days, dt.date) or days in list(DAY_KINDS)):
            raise ValueError(
                f"must be one of {', '.join(DAY_KINDS)}, or a date such as 2026-03-28, not {quoted(str(days))}"
            )
        if isinstance(days, dt.date) and not FIRST_YEAR <= days.year <= LAST_YEAR:
            raise ValueError(f"{days} is not a day of the years {FIRST_YEAR} to {LAST_YEAR}")
        return days

    @model_validator(mode="after")
    def _hours_are_a_window(self) -> Self:
        _require_window(self.start_s, self.end_s, f"from {self.start} to {self.end}")
        return self

    @property
    def start_s(self) -> int:
        """Seconds after midnight of the first departure."""
        return clock_s(self.start)

    @property
    def end_s(self) -> int:
        """Seconds after midnight before which the last departure is."""
        return clock_s(self.end)


class HoursSection(Section):
    """The headline through the day and on the way home."""

    usual_periods: bool = False  # whether the usual parts of the week (`data/periods.toml`) stand before one's own
    curve: str = "05:00-24:00"  # the hours of the working day, each asked about alone
    there_by: Clock = "09:00"
    home_after: Annotated[list[Clock], Field(min_length=1, max_length=MOST_WAYS_BACK)] = ["17:30", "22:00"]

    @field_validator("curve")
    @classmethod
    def _curve_has_whole_hours(cls, text: str) -> str:
        start, end = window_s(text)
        _require_window(start, end, text)
        if (end - start) % _HOUR_S:
            raise ValueError(f"{text} is not a number of whole hours")
        return text

    @field_validator("there_by")
    @classmethod
    def _work_begins_on_the_day(cls, text: str) -> str:
        if not 0 < clock_s(text) <= _DAY_S:
            raise ValueError(f"{text} is not a time after 00:00 and by 24:00")
        return text

    @model_validator(mode="after")
    def _home_is_after_work_began(self) -> Self:
        if early := [text for text in self.home_after if not self.there_by_s < clock_s(text) <= _DAY_S]:
            raise ValueError(f"home_after {', '.join(early)}: not after there_by {self.there_by} and by 24:00")
        if len({clock_s(text) for text in self.home_after}) < len(self.home_after):
            raise ValueError(f"home_after {', '.join(self.home_after)}: a time is given twice")
        return self

    @property
    def curve_hours_s(self) -> list[tuple[int, int]]:
        """(start, end) of every hour of the curve, in seconds after midnight."""
        start, end = window_s(self.curve)
        return [(hour, hour + _HOUR_S) for hour in range(start, end, _HOUR_S)]

    @property
    def there_by_s(self) -> int:
        """Seconds after midnight by which one has to be there."""
        return clock_s(self.there_by)

    @property
    def home_after_s(self) -> list[int]:
        """Seconds after midnight at which one may leave for home."""
        return [clock_s(text) for text in self.home_after]


def usual_periods(headline: str) -> list[PeriodSection]:
    """The usual parts of the week; `headline` is the headline's window, HH:MM-HH:MM."""
    first, _, last = headline.partition("-")
    rows = tomllib.loads((bundled_data() / "periods.toml").read_text(encoding="utf-8"))["periods"]
    return [PeriodSection.model_validate({"from": first, "to": last, **row}) for row in rows]


def other_hours(hours: HoursSection, periods: Sequence[PeriodSection]) -> OtherHours:
    """What is asked at other hours, as the catalogue's measures and the outputs name it."""
    named = (Period(one.id, one.title, str(one.days), one.start, one.end) for one in periods)
    return OtherHours(tuple(named), hours.there_by, tuple(hours.home_after))


def period_problems(periods: Sequence[PeriodSection], spec: SearchSpec) -> Iterator[str]:
    """What is wrong with the periods together, and with each under the search `spec` of the headline."""
    ids = [one.id for one in periods]
    yield from (f"two periods are called {one!r}" for one in sorted({i for i in ids if ids.count(i) > 1}))
    titles = [one.title for one in periods]
    yield from (f"two periods have the title {one!r}" for one in sorted({t for t in titles if titles.count(t) > 1}))
    for one in periods:
        try:
            require_few_departures(replace(spec, window_start_s=one.start_s, window_end_s=one.end_s))
        except SearchSpecError as error:
            yield f"periods.{one.id}: {error}"


def _require_window(start_s: int, end_s: int, words: str) -> None:
    if end_s <= start_s:
        raise ValueError(f"{words}: ends before it starts; write times after midnight past 24:00, such as 25:30")
    if end_s - start_s > _DAY_S:
        raise ValueError(f"{words}: is longer than a day")
    if start_s >= STARTS_BEFORE_S:
        raise ValueError(f"{words}: starts at 48:00 or later")


def without_unasked(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings without the tables of other hours and of observed days where the configuration has none."""
    return {name: value for name, value in settings.items() if value or name not in {"periods", "hours", "observed"}}
