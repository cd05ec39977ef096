"""What is fetched for: the districts, the folder where their files go, and the day in question."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Region:
    """`day` is the user's, else today: the timetable's own good day is looked for near it."""

    folder: Path
    districts: tuple[str, ...]
    day: dt.date
