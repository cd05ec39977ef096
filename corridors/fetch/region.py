"""The region that is fetched: its districts, the folder of its files, and the day."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Region:
    """The region that is fetched. `day` is the user's, else today; a timetable's service day is chosen near it.

    `neighbours` are the districts around it, of which the jobs near its boundary are fetched.
    """

    folder: Path
    districts: tuple[str, ...]
    neighbours: tuple[str, ...]
    day: dt.date
