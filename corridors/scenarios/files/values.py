"""Types of single values of a scenario file: times of day, durations, ranges, stops, lines."""

import datetime as dt
import math
import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

from accessibility import Period, Place, Range, Selection
from corridors.config.limits import FIRST_YEAR, LAST_YEAR
from corridors.config.values import Text

BASES = ("stated", "proposed", "claimed", "computed", "recalled", "assumed")
Basis = Literal["stated", "proposed", "claimed", "computed", "recalled", "assumed"]
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?")
_DURATION = re.compile(r"(-?)(?:(\d+(?:\.\d+)?)\s*h)?\s*(?:(\d+(?:\.\d+)?)\s*min)?\s*(?:(\d+(?:\.\d+)?)\s*s)?")


def moment_s(text: object) -> int:
    """Seconds after midnight of "HH:MM" or "HH:MM:SS"; hours may pass 24. Raises ValueError for anything else."""
    if isinstance(text, dt.time):
        text = text.isoformat("seconds")
    match = _CLOCK.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match:
        raise ValueError(f'{_shown(text)} is not a time of day; write "06:00"')
    return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)


def duration_s(text: object) -> int:
    """Whole seconds of "6 min", "90 s", "1 h 30 min" or "-2 min". Raises ValueError for anything else."""
    match = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match or not any(match.groups()[1:]):
        raise ValueError(f'{_shown(text)} is not a duration; write it with its unit, such as "6 min" or "90 s"')
    hours, minutes, seconds = (float(part or 0) for part in match.groups()[1:])
    total = math.floor(hours * 3600 + minutes * 60 + seconds + 0.5)
    return -total if match[1] else total


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, (str, int, float)) else "this"


# As they are written in a file; the schema of a file says so.
_MOMENT = {"type": "string", "pattern": f"^{_CLOCK.pattern}$", "examples": ["06:00"]}
_TIME = {"type": "string", "examples": ["6 min", "90 s", "1 h 30 min"]}
Moment = Annotated[int, BeforeValidator(moment_s), WithJsonSchema(_MOMENT)]
Duration = Annotated[int, BeforeValidator(duration_s), WithJsonSchema(_TIME)]
Seconds = Annotated[int, Field(ge=0)]
LayoverMin = Annotated[float, Field(ge=0, le=240)]
Day = Annotated[dt.date, Field(ge=dt.date(FIRST_YEAR, 1, 1), le=dt.date(LAST_YEAR, 12, 31))]


class Table(BaseModel):
    """A table of a scenario file; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class RangeTable(Table):
    """A number that is not known: its low, central and high value."""

    low: float
    central: float
    high: float

    def value(self) -> Range:
        """As the engine takes it."""
        return Range(self.low, self.central, self.high)


def _shape(value: object) -> str:
    return "<range>" if isinstance(value, (dict, RangeTable)) else "<number>"


Number = Annotated[
    Annotated[float, Tag("<number>")] | Annotated[RangeTable, Tag("<range>")],
    Discriminator(_shape),
]


def number(value: "float | RangeTable | None") -> float | Range | None:
    """A number of a file as the engine takes it."""
    return value.value() if isinstance(value, RangeTable) else value


class StopTable(Table):
    """A stop by id, name, place or several of them; new where the feed has no such id and a place is given."""

    id: str = ""
    name: str = ""
    at: tuple[float, float] | None = None  # latitude, longitude
    visit: Annotated[int, Field(ge=1)] | None = None

    def place(self) -> Place:
        """As the engine takes it."""
        return Place(self.id, self.name, self.at, self.visit)


def _stop_table(value: object) -> object:
    return {"id": value} if isinstance(value, str) else value


Stop = Annotated[StopTable, BeforeValidator(_stop_table)]


class LineTable(Table):
    """The trips of a line that an edit changes."""

    number: Text
    operator: str = ""
    direction: Annotated[
        str | None,
        BeforeValidator(lambda value: str(value) if isinstance(value, int) else value),
        WithJsonSchema({"type": ["string", "integer"]}),
    ] = None
    variant: int | str | None = None
    from_s: Annotated[Moment | None, Field(alias="from")] = None
    to_s: Annotated[Moment | None, Field(alias="to")] = None
    expect_trips: Annotated[int, Field(ge=1)] | None = None

    def selection(self) -> Selection:
        """As the engine takes it."""
        return Selection(
            self.number, self.operator, self.direction, self.variant, self.from_s, self.to_s, self.expect_trips
        )


class LineName(Table):
    """The number and the operator of a line that an edit makes."""

    number: Text
    operator: str = ""


class ServiceTable(Table):
    """Departures by headway, or by the number of vehicles, between two times."""

    from_s: Annotated[Moment, Field(alias="from")]
    to_s: Annotated[Moment, Field(alias="to")]
    every_s: Annotated[Duration | None, Field(alias="every")] = None
    vehicles: int | None = None

    def period(self) -> Period:
        """As the engine takes it."""
        return Period(self.from_s, self.to_s, self.every_s, self.vehicles)
