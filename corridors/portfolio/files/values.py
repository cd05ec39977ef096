"""The tables of a portfolio file, [portfolio] and [[candidate]], and the types of their values."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field

from corridors.config.values import PlainId, Share, Text, window_s
from corridors.scenarios.files.problems import near
from corridors.scenarios.files.values import Table

NEAR_BEST = 0.05  # a set is near the best one where its gain is at most this share below
MOST_CANDIDATES = 200
MOST_BUDGETS = 20
MOST_WINDOWS = 10
MOST_GENERATED = 12  # candidates kept of each way to generate them, where the file does not say
_LONGEST_ID = 28  # letters: ids of scenario files are made of it
_FLOOR = re.compile(r"no (\w+)(?: (.+?))? loses")

Cost = Literal["vehicles", "vehicle_hours", "money"]
Way = Literal["halve_headways", "faster_10", "faster_20", "missing_links"]
# What a portfolio can be chosen for -> the unit of its gain.
GOALS: Mapping[str, str] = {
    "people": "people who meet the test",
    "gap_minutes": "person-minutes of the gap closed",
    "no_car_households": "households without a car that meet the test",
    "most_deprived_fifth": "people of the most deprived fifth who meet the test",
}
ONE_OF: Mapping[str, str] = {
    "people": "person who meets the test",
    "gap_minutes": "person-minute of the gap closed",
    "no_car_households": "household without a car that meets the test",
    "most_deprived_fifth": "person of the most deprived fifth who meets the test",
}


class Floor(NamedTuple):
    """A kind of places or groups of which none may lose, or one of them."""

    kind: str  # "district", "corridor", "group"
    ident: str  # "" for all of the kind


def _weights(value: object) -> object:
    """Goal -> weight. Raises ValueError for goals that there are not, and where nothing has a weight."""
    weights = {value: 1.0} if isinstance(value, str) else value
    if not isinstance(weights, dict) or not weights:
        raise ValueError("must be one of the goals, or goals with weights, such as { people = 1, gap_minutes = 0.01 }")
    for goal, weight in weights.items():
        if goal not in GOALS:
            raise ValueError(f"unknown goal {str(goal)!r}{near(str(goal), GOALS)}")
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight < float("inf"):
            raise ValueError(f"the weight of {goal} must be a number of at least 0")
    if not any(weights.values()):
        raise ValueError("no goal has a weight above 0: every set would be as good as every other")
    return weights


def _floor(text: object) -> object:
    match = _FLOOR.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match:
        raise ValueError(
            f'{str(text)!r} is no floor; write "no district loses", "no corridor <id> loses", "no group <id> loses"'
        )
    if match[1] not in {"district", "corridor", "group"}:
        raise ValueError(f"a floor for {match[1]!r} is not known{near(match[1], ['district', 'corridor', 'group'])}")
    return Floor(match[1], match[2] or "")


def _window(text: str) -> str:
    start, end = window_s(text)
    if end <= start:
        raise ValueError(f"the departure window {text!r} ends before it starts")
    return text


def _short(ident: str) -> str:
    if len(ident) > _LONGEST_ID:
        raise ValueError(
            f"{ident!r} has {len(ident)} letters; at most {_LONGEST_ID}: scenario files are named after it"
        )
    return ident


Budget = Annotated[float, Field(gt=0)]


class PortfolioTable(Table):
    """What is asked: the table [portfolio]."""

    id: Annotated[PlainId, AfterValidator(_short)]
    title: Text
    as_of: dt.date | Text
    source: Text
    note: str = ""
    scenarios: tuple[Path, ...] = ()  # files with the edits of the candidates
    cost: Cost = "vehicle_hours"
    unit: Text | None = None  # of money, such as "GBP a year"
    budgets: Annotated[list[Budget], Field(min_length=1, max_length=MOST_BUDGETS)]
    objective: Annotated[dict[str, float], BeforeValidator(_weights)]
    floors: tuple[Annotated[Floor, BeforeValidator(_floor)], ...] = ()
    excludes: tuple[Annotated[list[PlainId], Field(min_length=2)], ...] = ()
    requires: dict[PlainId, Annotated[list[PlainId], Field(min_length=1)]] = Field(default_factory=dict)
    own: tuple[PlainId, ...] = ()
    near_best: Share = NEAR_BEST
    judged_on: Annotated[tuple[Annotated[str, AfterValidator(_window)], ...], Field(max_length=MOST_WINDOWS)] = ()
    generate: tuple[Way, ...] = ()
    most_generated: Annotated[int, Field(ge=1, le=MOST_CANDIDATES)] = MOST_GENERATED  # of each way, the best alone


class CandidateTable(Table):
    """A change that can be chosen or not: one edit, or several that belong together."""

    id: PlainId
    title: Text
    edits: Annotated[list[Text], Field(min_length=1)]
    cost: float | None = None  # computed from the edits where it is not given; below 0 where something is freed
    note: str = ""


UNITS: Mapping[str, str] = {"vehicles": "vehicles", "vehicle_hours": "vehicle-hours a day"}


def all_required(requires: Mapping[str, Sequence[str]], ident: str) -> set[str]:
    """All candidates that one requires, directly or through others."""
    found: set[str] = set()
    new = set(requires.get(ident, ()))
    while new - found:
        found |= new
        new = {other for one in new for other in requires.get(one, ())}
    return found
