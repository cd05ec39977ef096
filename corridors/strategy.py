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
    """A figure that a strategy published: for comparison only, by another definition and of another year."""

    share: float  # 0-1 of residents
    source: str
    date: str  # "May 2019"


@dataclass(frozen=True)
class Conflict:
    """A subject of which a strategy gives two different figures."""

    subject: str
    one: str
    other: str


@dataclass(frozen=True)
class Framework:
    """A framework whose judgements people make: its lines, each with the names of the rules that give evidence."""

    title: str
    intro: str
    judgements: str  # the words to choose from
    region: str  # what its lines for the region are called, and for a corridor
    region_heading: str
    corridor: str
    corridor_heading: str
    of_region: Mapping[str, Sequence[str]]
    of_corridors: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Strategy:
    """What one strategy says of a region's corridors."""

    title: str
    corridors: str  # "one of those the strategy says are being explored"
    limit: str  # what it does not commit to
    published: Published
    conflicts: tuple[Conflict, ...]
    framework: Framework


def strategy_names() -> list[str]:
    """The names that a configuration may give."""
    return sorted(path.stem for path in (bundled_data() / "strategy").glob("*.toml"))


@cache
def read_strategy(name: str) -> Strategy:
    """The bundled strategy of that name, one of `strategy_names`."""
    told: dict[str, Any] = tomllib.loads((bundled_data() / "strategy" / f"{name}.toml").read_text(encoding="utf-8"))
    return Strategy(
        title=told["title"],
        corridors=told["corridors"],
        limit=told["limit"],
        published=Published(**told["published"]),
        conflicts=tuple(Conflict(**conflict) for conflict in told["conflicts"]),
        framework=Framework(**told["framework"]),
    )
