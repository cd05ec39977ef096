"""The one question that survival tests ask again and again: how long from A to F, and what did the command line say?"""

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tests.support.cli import Ran, corridors
from tests.support.feeds import csv_text
from tests.support.small_region import SmallRegion, position


@dataclass(frozen=True)
class Answer:
    """The median minutes from one stop to another (NaN: unreachable), and the warnings by code."""

    minutes: float
    warnings: dict[str, str]


def answer(region: SmallRegion, start: str = "A", end: str = "F", **options: object) -> Answer:
    """Median door-to-door minutes from stop to stop, 07:00-09:00, through `corridors matrix`."""
    ran, table = matrix(region, start, end, **options)
    assert ran.code == 0, ran.err
    seconds = pd.read_csv(table)["p50_s"][0]
    return Answer(float(seconds) / 60, warnings_of(ran))


def matrix(region: SmallRegion, start: str = "A", end: str = "F", **options: object) -> tuple[Ran, Path]:
    """How `corridors matrix` ended, and the table it should have written; `options` are added or replaced."""
    folder = region.folder.parent
    for name, stop in (("from.csv", start), ("to.csv", end)):
        lon, lat = position(stop)
        (folder / name).write_text(csv_text([{"id": stop, "lon": lon, "lat": lat}]), encoding="utf-8")
    words = {
        "gtfs": region.path("feed.zip"),
        "origins": folder / "from.csv",
        "destinations": folder / "to.csv",
        "date": "2026-03-24",
        "window": "07:00-09:00",
        "out": folder / "matrix.csv",
        **options,
    }
    ran = corridors("matrix", *[word for name, value in words.items() for word in (f"--{name}", value)], "--verbose")
    return ran, folder / "matrix.csv"


def refused(region: SmallRegion, **options: object) -> str:
    """The words with which `corridors matrix` refuses; nothing is written."""
    ran, table = matrix(region, **options)
    assert ran.code == 2, f"{ran.out}{ran.err}"
    assert not table.exists() and not list(table.parent.glob(".*partial*"))
    return ran.err[ran.err.index("corridors: ") :]


def warnings_of(ran: Ran) -> dict[str, str]:
    """The warnings that were printed: code -> count, share and effect."""
    found = re.findall(r"^\s*warning: (\w+): (.*)$", ran.err + ran.out, re.MULTILINE)
    return dict(found)
