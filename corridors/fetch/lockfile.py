"""`sources.lock.json`: what was fetched, when, and its checksum; without addresses, which may hold signatures."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corridors.fetch.errors import FetchError
from corridors.fetch.registry import read_sources_registry

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
    day: str = ""  # of a timetable: its service day to use
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lock:
    """The lock's contents: source id -> entry, and name of our own file (configuration, places, NOTICE) -> digest as written."""

    entries: Mapping[str, Entry]
    own: Mapping[str, str]


def read_lock(folder: Path) -> dict[str, Entry]:
    """The lock's entries by source id; none where nothing was fetched yet. Raises `FetchError` as `read_whole_lock`."""
    return dict(read_whole_lock(folder).entries)


def read_whole_lock(folder: Path) -> Lock:
    """The lock; empty where nothing was fetched yet. Raises `FetchError` where it can't be read or is damaged."""
    path = folder / LOCK_FILE
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        entries = TypeAdapter(dict[str, Entry]).validate_python(raw["sources"])
        own = TypeAdapter(dict[str, str]).validate_python(raw.get("own_files", {}))
    except FileNotFoundError:
        return Lock({}, {})
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError, RecursionError) as error:
        raise _damaged(path, "it can't be read") from error
    except OSError as error:
        raise FetchError(f"{path} can't be read: {error.strerror}") from error
    files = {source.id: source.file for source in read_sources_registry()}
    for ident, entry in entries.items():
        if files.get(ident) != entry.file:
            raise _damaged(path, f"{ident!r} with the file {entry.file!r} is none of the sources")
        wrong = [name for name, holds in _well_formed(entry).items() if not holds]
        if wrong:
            raise _damaged(path, f"{', '.join(wrong)} of {ident} is not as this tool writes it")
    return Lock(entries, own)


def _damaged(path: Path, why: str) -> FetchError:
    return FetchError(f"{path} is damaged: remove it, and the next fetch will check and list every file ({why})")


def _well_formed(entry: Entry) -> dict[str, bool]:
    """Field -> whether its value has the form that this tool writes; values go into the configuration and to publishers."""
    texts = (entry.service, entry.etag, entry.last_modified, *entry.notes)
    return {
        "sha256": all(re.fullmatch(r"[0-9a-f]{64}|", text) for text in (entry.sha256, entry.download_sha256)),
        "bytes or rows": entry.bytes >= 0 and (entry.rows is None or entry.rows >= 0),
        "retrieved_at": _is_moment(entry.retrieved_at),
        "day": not entry.day or _is_day(entry.day),
        "service, etag, last_modified or notes": all(text.isprintable() for text in texts),
    }


def _is_moment(text: str) -> bool:
    try:
        return bool(dt.datetime.fromisoformat(text)) and _is_day(text[:10])
    except ValueError:
        return False


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def write_lock(folder: Path, entries: Mapping[str, Entry], own: Mapping[str, str] | None = None) -> None:
    """Write the lock, by renaming, so that it is never half-written; `own` stays as it was where it is not given."""
    kept = read_whole_lock(folder).own if own is None else own
    content = {
        "schema_version": _SCHEMA_VERSION,
        "region": "west_midlands",
        "sources": {key: asdict(entries[key]) for key in sorted(entries)},
        "own_files": {name: kept[name] for name in sorted(kept)},
    }
    write_whole(folder / LOCK_FILE, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def put_own_files(folder: Path, texts: Mapping[str, str]) -> list[str]:
    """Write our own files (name -> text) into the folder; returns the names of those that the user changed, which stay.

    A file is ours while its digest is that of the lock. A file with the right text is not written again, so that a run
    works with a read-only folder.
    """
    lock = read_whole_lock(folder)
    own, theirs = dict(lock.own), []
    for name, text in texts.items():
        path, digest = folder / name, hashlib.sha256(text.encode()).hexdigest()
        present = _digest_of(path)
        if present not in (None, digest, own.get(name)):
            theirs.append(name)
            continue
        own[name] = digest
        if present != digest:
            write_whole(path, text)
    if own != lock.own:
        write_lock(folder, lock.entries, own)
    return theirs


def _digest_of(path: Path) -> str | None:
    """Digest of an ordinary file; None where there is no file; "" for anything else, such as a link."""
    if not (path.exists() or path.is_symlink()):
        return None
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""


def write_whole(path: Path, text: str) -> None:
    """Write a text file under a temporary name, then rename it."""
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)  # left by a killed process, or a link that somebody put there
    with partial.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    partial.replace(path)
