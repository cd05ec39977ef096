"""`sources.lock.json`: what was fetched, when, and its checksum; never an address, since those may be signed."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corridors.fetch.errors import FetchError

LOCK_FILE = "sources.lock.json"
_SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Entry:
    """One file in the data folder."""

    file: str
    sha256: str
    bytes: int
    rows: int | None
    retrieved_at: str  # UTC; for a file placed by hand, when it was accepted
    by_hand: bool = False
    service: str = ""  # the ArcGIS service that was the newest
    etag: str = ""
    last_modified: str = ""
    download_sha256: str = ""  # of the publisher's file, where ours is made from it
    day: str = ""  # a timetable's: the day it is asked about
    notes: tuple[str, ...] = ()


def read_lock(folder: Path) -> dict[str, Entry]:
    """Source id -> entry; empty where nothing was fetched yet. Raises `FetchError` for a lock that can't be read."""
    path = folder / LOCK_FILE
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return TypeAdapter(dict[str, Entry]).validate_python(raw["sources"])
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise FetchError(f"{path} is damaged: remove it, and the next fetch will check and list every file") from error


def write_lock(folder: Path, entries: Mapping[str, Entry]) -> None:
    """Replace the lock in one step, so that it is never half-written."""
    content = {
        "schema_version": _SCHEMA_VERSION,
        "region": "west_midlands",
        "sources": {key: asdict(entries[key]) for key in sorted(entries)},
    }
    write_whole(folder / LOCK_FILE, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def write_whole(path: Path, text: str) -> None:
    """Write a text file under a temporary name, then rename it."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)
