"""The section of a configuration that names what ran on past days: corrected feeds, or a table of delays."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from accessibility import MODES
from corridors.config.limits import FIRST_YEAR, LAST_YEAR, MOST_FEEDS
from corridors.config.problem_words import quoted
from corridors.config.sections import PerhapsSourcedSection
from corridors.config.values import Text

TABLES = (".csv", ".parquet")  # endings of a table of delays
# Columns of a table of delays, under the names that they have unless the configuration gives others.
NEEDED_COLUMNS = ("line", "stop", "hour", "delay_s")
OTHER_COLUMNS = ("date", "operator")


class ObservedSection(PerhapsSourcedSection):
    """What ran on one day, as corrected feeds; or delays per line, stop and hour of one or several days.

    A text in place of the table is the file of one feed, or of one table of delays.
    """

    feeds: Annotated[list[Path], Field(max_length=MOST_FEEDS)] = []
    delays: Path | None = None
    date: dt.date | None = None  # of feeds: where they hold several days; of delays: where the table has no dates
    modes: list[str] = []  # that the observations cover; by default those that they hold
    columns: dict[str, Text] = {}  # of the table of delays, where they have other names
    synthetic: bool = False  # made by rule, not observed

    @model_validator(mode="before")
    @classmethod
    def _file_alone(cls, given: object) -> object:
        if isinstance(given, str | Path):
            return {"delays": given} if Path(given).suffix.lower() in TABLES else {"feeds": [given]}
        return given

    @field_validator("date", mode="before")
    @classmethod
    def _date_is_a_day(cls, date: object) -> object:
        if isinstance(date, int | float):
            raise ValueError(f"{date} is not a date; write it such as 2026-03-24")
        if isinstance(date, dt.date) and not FIRST_YEAR <= date.year <= LAST_YEAR:
            raise ValueError(f"{date} is not a day of the years {FIRST_YEAR} to {LAST_YEAR}")
        return date

    @field_validator("modes")
    @classmethod
    def _modes_are_known(cls, modes: list[str]) -> list[str]:
        unknown = [one for one in modes if one not in MODES]
        if unknown:
            known = ", ".join(MODES)
            raise ValueError(f"{quoted(repr(unknown[0]))} is not a mode; those known are {known}")
        return modes

    @field_validator("columns")
    @classmethod
    def _columns_are_known(cls, columns: Mapping[str, str]) -> Mapping[str, str]:
        known = (*NEEDED_COLUMNS, *OTHER_COLUMNS)
        if unknown := [name for name in columns if name not in known]:
            raise ValueError(f"{quoted(repr(unknown[0]))} is no column of delays; those are {', '.join(known)}")
        return columns

    @model_validator(mode="after")
    def _feeds_or_delays(self) -> Self:
        if bool(self.feeds) == (self.delays is not None):
            raise ValueError("give feeds (corrected feeds of one day) or delays (a table), one of the two")
        if self.delays is not None and self.delays.suffix.lower() not in TABLES:
            raise ValueError(f"delays: {quoted(self.delays.name)} is no table; give a .csv or .parquet file")
        if self.columns and self.feeds:
            raise ValueError("columns are those of a table of delays: leave them out beside feeds")
        return self

    def column(self, name: str) -> str:
        """What the table of delays calls one of `NEEDED_COLUMNS` or `OTHER_COLUMNS`."""
        return self.columns.get(name, name)

    @property
    def files(self) -> list[Path]:
        """The files that it names."""
        return [*self.feeds, *([self.delays] if self.delays else [])]


def observed_problems(observed: Sequence[ObservedSection]) -> Iterator[str]:
    """What is wrong with the entries of `observed` together."""
    dates = [one.date for one in observed if one.date]
    for date in sorted({one for one in dates if dates.count(one) > 1}):
        yield f"two entries of observed are of {date}: put their feeds into one, feeds = [...]"
    files = [file for one in observed for file in one.files]
    for file in sorted({one for one in files if files.count(one) > 1}):
        yield f"observed names {quoted(file.name)} twice"
