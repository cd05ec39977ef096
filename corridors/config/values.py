"""Types and checks of single values of a configuration: texts, names, times of day, names of fields."""

import re
from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
)

from corridors.catalogue.cutoff_names import inside_name
from corridors.catalogue.measures import MADE_BY_THE_RUN
from corridors.config.limits import (
    MOST_LETTERS,
    MOST_MINUTES,
)
from corridors.config.problem_words import quoted
from layers import MOST_NAME_LETTERS

CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")
NOT_STATED = "not stated"

Text = Annotated[str, Field(min_length=1, max_length=MOST_LETTERS)]
Name = Annotated[str, Field(min_length=1, max_length=MOST_NAME_LETTERS)]
Minutes = Annotated[float, Field(ge=1, le=MOST_MINUTES)]  # no search is shorter than a minute
Share = Annotated[float, Field(ge=0, le=1)]
BufferM = Annotated[float, Field(ge=1, le=20_000)]
Percentile = Annotated[float, Field(ge=0.1, le=100)]


def require_plain(text: str) -> str:
    """The text, where it can be part of names of files and columns; raises ValueError where it can't."""
    if not re.fullmatch(r"[a-z0-9_]{1,40}", text):
        raise ValueError(f"{quoted(repr(text))} must be 1 to 40 of a-z, 0-9 and _: it names files")
    return text


PlainId = Annotated[str, AfterValidator(require_plain)]

# Columns of the zones that no layer may give; those of centres, destinations and journeys are known by their prefixes.
OWN_COLUMNS = MADE_BY_THE_RUN | {
    *("zone_id", "id", "fid", "geom", "geometry", "name", "district_code", "district_name", "corridor_ids", "caution"),
    *("near_place", "explanation", "needed_centre", "access_cluster_z", "unemployment_share"),
}
_OWN_PREFIXES = ("minutes_to_", "reach_share_", "reaches_", "journey_")


def require_field_name(name: str) -> str:
    """The name, where a layer's field may have it; raises ValueError where it may not."""
    plain = inside_name(name.lower())  # `jobs_within_45` is ours at any cutoff
    if not re.fullmatch(r"\w{1,60}", name):
        raise ValueError(f"{quoted(repr(name))} must be 1 to 60 letters, digits or _: it names columns")
    if plain in OWN_COLUMNS or plain.startswith(_OWN_PREFIXES):
        raise ValueError(f"{name!r} is the name of a column that the run makes itself; choose another")
    return name


FieldName = Annotated[str, AfterValidator(require_field_name)]


def clock_s(text: str) -> int:
    """Seconds after midnight of "HH:MM" (hours may pass 24); raises ValueError for other texts."""
    match = CLOCK.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a time of day; write HH:MM, for example 07:00")
    return int(match[1]) * 3600 + int(match[2]) * 60


def window_s(text: str) -> tuple[int, int]:
    """(start, end) in seconds after midnight of "HH:MM-HH:MM"; raises ValueError for other texts."""
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f"{text!r} is not a departure window; write HH:MM-HH:MM, for example 07:00-09:00")
    return clock_s(start), clock_s(end)
