"""Table of bank holidays of England and Wales, from GOV.UK's JSON list."""

import json
from pathlib import Path

import pandas as pd

from corridors.fetch.errors import FetchError
from layers import cleaned

DIVISION = "england-and-wales"


def holidays_table(path: Path) -> pd.DataFrame:
    """The holidays of GOV.UK's list: columns date (YYYY-MM-DD) and title, by date. Raises `FetchError` for other contents."""
    listed = json.loads(path.read_text(encoding="utf-8-sig"))
    try:
        days = sorted((cleaned(str(day["date"])), cleaned(str(day["title"]))) for day in listed[DIVISION]["events"])
    except (KeyError, TypeError) as error:
        raise FetchError(f"{path.name}: expected {DIVISION}, events, date and title in it") from error
    return pd.DataFrame(days, columns=["date", "title"])
