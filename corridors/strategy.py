"""The strategy that a configuration names: its published figure, its conflicts and its framework, read from bundled data.

Enters: the name of a file in `data/strategy`. Leaves: a `Strategy` for the report, the manifest and the terminal to show.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from corridors.bundled import bundled_data


@dataclass(frozen=True)
class Published:
    """A figure that a strategy published, by another definition and of another year; for comparison only."""

    share: float  # 0-1 of residents
    source: str
    date: str  # "May 2019"


@dataclass(frozen=True)
class Conflict:
    """Two different figures that a strategy gives of one subject."""

    subject: str
    one: str
    other: str


@dataclass(frozen=True)
class Framework:
    """A framework for judgements by people: its lines, each with the names of the rules that give evidence."""

    title: str
    intro: str
    judgements: str  # the words to choose from
    region: str  # name of its sheet for the region; likewise `corridor`
    region_heading: str
    corridor: str
    corridor_heading: str
    of_region: Mapping[str, Sequence[str]]
    of_corridors: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Strategy:
    """A strategy for the region: its title, its words on corridors, its published figure, conflicts and framework."""

    title: str
    corridors: str  # "one of those the strategy says are being explored"
    limit: str  # in words, what it does not commit to
    published: Published
    conflicts: tuple[Conflict, ...]
    framework: Framework


def strategy_names() -> list[str]:
    """The names of strategies that a configuration may give."""
    return sorted(path.stem for path in (bundled_data() / "strategy").glob("*.toml"))


@cache
def read_strategy(name: str) -> Strategy:
    """The bundled strategy of a name of `strategy_names`."""
    content: dict[str, Any] = tomllib.loads((bundled_data() / "strategy" / f"{name}.toml").read_text(encoding="utf-8"))
    return Strategy(
        title=content["title"],
        corridors=content["corridors"],
        limit=content["limit"],
        published=Published(**content["published"]),
        conflicts=tuple(Conflict(**conflict) for conflict in content["conflicts"]),
        framework=Framework(**content["framework"]),
    )
